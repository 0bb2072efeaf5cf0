"""The sounds themselves: in tune, clean, on time, without clicks."""

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin_host.audio import Audio, hertz
from plugin_host.controls import RANGES
from plugin_host.drum_table import NAMES
from plugin_host.instrument_table import INSTRUMENTS, PLAIN_WAVES
from plugin_host.kit import KITS, LAYERS, ROUNDS, drum_kit
from plugin_host.rack import Rack
from plugin_host.specs import Chain, instrument

RATE = 48000
BLOCK = 256

PLAIN = {
    "bass": instrument("bass", drive=0),
    "keys": instrument("keys", tremolo=0, tine=0, room=0, delay=0),
    "pad": instrument("pad", detune=0, motion=0, attack=0.01, room=0, delay=0),
    "lead": instrument("lead", detune=0, vibrato=0, room=0, delay=0),
    "pluck": instrument("pluck", room=0, delay=0),
    "bells": instrument("bells", beating=0, room=0, delay=0, release=0.1),
    "strings": instrument("strings", players=2, motion=0, attack=0.01, room=0),
    "texture": instrument("texture", blur=2, motion=0, attack=0.01, room=0, delay=0),
    **{name: instrument(name) for name in PLAIN_WAVES},
}


def heard(chain: Chain, seconds: float, *notes: Mapping[str, object], end: float | None = None) -> Audio:
    """Notes that all begin at once, as the rack gives them, its look-ahead taken off."""
    rack = Rack(RATE, BLOCK)
    rack.set_chains({0: chain})
    for number, controls in enumerate(notes):
        rack.begin(0, number, controls, 0)
    out: list[Audio] = []
    for first in range(0, int(seconds * RATE) + rack.latency, BLOCK):
        if end is not None and first <= int(end * RATE) < first + BLOCK:
            for number in range(len(notes)):
                rack.end(number, int(end * RATE) - first)
        out.append(rack.render())
    assert rack.problems == []
    return np.concatenate(out, axis=1)[:, rack.latency :]


def pitch(sound: Audio, near: float) -> float:
    """The frequency of the strongest partial within a semitone of `near`, in Hz."""
    part = sound[0, 4096 : 4096 + 65536] * np.hanning(min(65536, sound.shape[1] - 4096))
    lines = np.abs(np.fft.rfft(part, 1 << 19))
    low, high = (int(near * ratio * (1 << 19) / RATE) for ratio in (2 ** (-1 / 12), 2 ** (1 / 12)))
    top = low + int(np.argmax(lines[low:high]))
    before, here, after = np.log(lines[top - 1 : top + 2])
    return float((top + 0.5 * (before - after) / (before - 2 * here + after)) * RATE / (1 << 19))


@pytest.mark.parametrize("name", sorted(PLAIN))
@pytest.mark.parametrize("note", [33, 48, 60.5, 71.25, 84])
def test_voices_are_in_tune(name: str, note: float) -> None:
    """Within 3 cents, quarter tones and eighth tones included."""
    sound = heard(PLAIN[name], 1.5, {"note": note})
    cents = 1200 * np.log2(pitch(sound, hertz(note)) / hertz(note))
    assert abs(cents) < 3


@pytest.mark.parametrize("name", ["bass", "lead", "pad", *PLAIN_WAVES])
@pytest.mark.parametrize("note", [40, 76, 97])
def test_waves_have_no_partials_that_are_not_theirs(name: str, note: int) -> None:
    """What lies between the partials, aliases above all, is 60 dB below the sound."""
    chain = instrument(name, detune=0, motion=0, attack=0.01) if name == "pad" else PLAIN[name]
    sound = heard(chain, 1.4, {"note": note, "cutoff": 20000, "room": 0, "delay": 0})[0, 12000:]
    size = 1 << 15
    power = np.abs(np.fft.rfft(sound[:size] * np.blackman(size))) ** 2
    lines = np.arange(len(power)) * RATE / size
    away = np.abs(lines / hertz(note) - np.rint(lines / hertz(note))) * hertz(note)
    strange = power[(away > min(25.0, hertz(note) / 3)) & (lines > 25)].sum()
    assert 10 * np.log10(strange / power.sum()) < -60


@pytest.mark.parametrize("level", [0.0, 0.25, 0.6])
@pytest.mark.parametrize("name", ["bass", "pad", "lead"])
def test_a_decay_falls_to_the_level_that_is_held(name: str, level: float) -> None:
    """So many times as loud as the same note without a decay; 0 is silence, and the voice is free again."""
    held = heard(PLAIN[name], 1.0, {"note": 60, "cutoff": 600, "attack": 0.001})[:, -8192:]
    fallen = heard(
        PLAIN[name], 1.0, {"note": 60, "cutoff": 600, "attack": 0.001, "decay": 0.2, "sustain": level}
    )[:, -8192:]
    ratio = np.sqrt(np.mean(fallen**2) / np.mean(held**2))
    assert ratio == pytest.approx(level, abs=0.01)


@pytest.mark.parametrize("name", ["bass", "pad", "lead", "sawtooth"])
def test_a_decay_begins_when_the_attack_is_over(name: str) -> None:
    """A slow attack comes to its full height, and only then falls."""
    given = {"note": 60, "cutoff": 600, "attack": 0.5}
    held = heard(PLAIN[name], 1.2, given)
    fallen = heard(PLAIN[name], 1.2, {**given, "decay": 0.3, "sustain": 0.2})
    rise = int(0.5 * RATE) - 512
    assert np.allclose(fallen[:, :rise], held[:, :rise], atol=1e-6)
    ratio = np.sqrt(np.mean(fallen[:, -8192:] ** 2) / np.mean(held[:, -8192:] ** 2))
    assert ratio == pytest.approx(0.2, abs=0.01)


@pytest.mark.parametrize("name", sorted(PLAIN))
def test_a_released_note_fades_without_a_click(name: str) -> None:
    """The second difference while it fades is no greater than while it sounds."""
    sound = heard(PLAIN[name], 1.2, {"note": 60, "cutoff": 600, "release": 0.01}, end=0.7)
    bend = np.abs(np.diff(sound[0], 2))
    at = int(0.7 * RATE)
    assert bend[at - 50 : at + 2000].max() <= 1.3 * bend[at - 8000 : at - 50].max() + 1e-5
    assert np.abs(sound[:, at + 4000 :]).max() < 1e-4


@pytest.mark.parametrize("name", ["keys", "pad", "lead", "pluck", "bells", "strings"])
def test_all_notes_of_a_chord_sound(name: str) -> None:
    """Each note of a chord has its own partial."""
    chord = [60, 64, 67, 70]
    sound = heard(PLAIN[name], 1.5, *[{"note": note} for note in chord])
    for note in chord:
        assert abs(1200 * np.log2(pitch(sound, hertz(note)) / hertz(note))) < 5


def test_the_bass_glides_between_notes_that_overlap() -> None:
    """The second note begins where the first is, and reaches its own pitch."""
    chain = instrument("bass", glide=0.2, drive=0, wave="sine", sub=0)
    rack = Rack(RATE, BLOCK)
    rack.set_chains({0: chain})
    rack.begin(0, 1, {"note": 48}, 0)
    out = [rack.render() for _ in range(150)]
    rack.begin(0, 2, {"note": 60}, 0)
    rack.end(1, 10)
    out += [rack.render() for _ in range(400)]
    assert rack.sounding == 1
    sound = np.concatenate(out, axis=1)
    assert abs(1200 * np.log2(pitch(sound[:, 60000:], hertz(60)) / hertz(60))) < 3
    bend = np.abs(np.diff(sound[0], 2))
    assert bend[150 * BLOCK : 160 * BLOCK].max() <= 1.5 * bend[-20000:].max()


def test_louder_playing_is_brighter() -> None:
    """Velocity changes the colour, not only the level."""

    def brightness(velocity: float) -> float:
        power = np.abs(np.fft.rfft(heard(PLAIN["keys"], 0.6, {"note": 52, "velocity": velocity})[0])) ** 2
        return float((power * np.arange(len(power))).sum() / power.sum())

    assert brightness(1.0) > 1.2 * brightness(0.3)


@pytest.mark.parametrize("which", KITS)
def test_a_whole_kit_is_there(which: str) -> None:
    """Tidal's names, three layers each, takes that differ, nothing beyond full scale."""
    kit = drum_kit(RATE, which)
    assert {"bd", "sd", "rs", "cp", "hh", "oh", "lt", "mt", "ht", "cr", "rd", "sh", "cb"} <= set(NAMES)
    assert tuple(kit) == NAMES
    for name, sound in kit.items():
        for layers in sound.variants:
            assert len(layers) == LAYERS
            for takes in layers:
                assert len(takes) == ROUNDS
                assert not np.array_equal(takes[0], takes[1]), name
                for take in takes:
                    assert np.isfinite(take).all()
                    assert np.abs(take).max() <= 1
                    assert abs(float(take[-1])) < 1e-3
                    assert abs(float(take[0])) < 1e-3


@pytest.mark.parametrize("name", ["bd", "sd", "hh"])
def test_a_drum_keeps_its_stroke(name: str) -> None:
    """Its first frames are those of the kit: nothing fades them in."""
    take = drum_kit(RATE)[name].variants[0][LAYERS - 1][0]
    sound = heard(instrument("drums", room=0, drive=0, variation=0), 0.1, {"s": name, "velocity": 1.0})[0]
    first, last = sound[:48], take[:48]
    assert float(np.dot(first, last) / (np.linalg.norm(first) * np.linalg.norm(last))) > 0.999


@pytest.mark.parametrize("kit", KITS)
@pytest.mark.parametrize("name", NAMES)
def test_a_drum_is_heard_at_once(name: str, kit: str) -> None:
    """A tenth of its peak within 3 ms; the shaker swells and has 30."""
    sound = np.abs(heard(instrument("drums", kit=kit, room=0), 0.4, {"s": name})).max(axis=0)
    first = int(np.argmax(sound > 0.1 * sound.max()))
    assert first < (0.03 if name == "sh" else 0.003) * RATE


def test_the_closed_hat_ends_the_open_one() -> None:
    """As one foot does."""
    rack = Rack(RATE, BLOCK)
    rack.set_chains({0: instrument("drums", room=0)})
    rack.begin(0, 1, {"s": "oh"}, 0)
    for _ in range(20):
        rack.render()
    assert rack.sounding == 1
    rack.begin(0, 2, {"s": "hh"}, 0)
    for _ in range(3):
        rack.render()
    assert rack.sounding == 1


def test_cut_groups_end_the_older_sound() -> None:
    """`cut` makes one sound end another."""
    rack = Rack(RATE, BLOCK)
    rack.set_chains({0: instrument("drums", room=0)})
    rack.begin(0, 1, {"s": "cr", "cut": 1}, 0)
    rack.render()
    rack.begin(0, 2, {"s": "rd", "cut": 1}, 0)
    rack.begin(0, 3, {"s": "cb", "cut": 2}, 0)
    for _ in range(3):
        rack.render()
    assert rack.sounding == 2


@pytest.mark.parametrize(
    ("controls", "louder"),
    [({"cutoff": 500}, "low"), ({"hpf": 4000}, "high"), ({"speed": 0.5}, "low"), ({"speed": 2}, "high")],
)
def test_filters_and_speed_act_on_drums(controls: dict[str, object], louder: str) -> None:
    """Low-pass and half speed darken, high-pass and double speed brighten."""

    def share(more: dict[str, object]) -> float:
        power = np.abs(np.fft.rfft(heard(instrument("drums", room=0), 0.5, {"s": "sd"} | more)[0])) ** 2
        return float(power[int(len(power) * 2000 / 24000) :].sum() / power.sum())

    assert (share(controls) > share({})) == (louder == "high")


def test_backwards_is_the_sound_reversed() -> None:
    """`speed=-1`."""
    chain = instrument("drums", room=0, drive=0, variation=0)
    forward, back = (heard(chain, 0.6, {"s": "mt", "speed": speed, "velocity": 0.5}) for speed in (1, -1))
    loud = [int(np.argmax(np.abs(sound[0]))) for sound in (forward, back)]
    assert loud[0] < 0.05 * RATE
    assert loud[1] > 0.3 * RATE


def test_begin_and_end_cut_a_piece_out() -> None:
    """The second half of a crash is softer and half as long."""
    chain = instrument("drums", room=0)
    whole, half = heard(chain, 2.5, {"s": "cr"}), heard(chain, 2.5, {"s": "cr", "begin": 0.5})
    assert np.abs(half).max() < 0.5 * np.abs(whole).max()
    assert np.abs(half[:, int(1.3 * RATE) :]).max() < 1e-4


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(sorted(INSTRUMENTS)),
    st.dictionaries(
        st.sampled_from([*RANGES, "legato", "s", "unheard"]),
        st.one_of(st.floats(allow_nan=True), st.integers(-200, 200), st.floats(0, 1), st.text(max_size=4)),
        max_size=8,
    ),
)
def test_no_event_breaks_the_sound(name: str, controls: dict[str, object]) -> None:
    """Whatever an event says, the sound stays finite and within full scale, and nothing is raised."""
    rack = Rack(RATE, BLOCK)
    rack.set_chains({0: instrument(name)})
    rack.begin(0, 1, controls, 17)
    rack.begin(0, 2, {"s": "bd", "note": 40}, 200)
    for turn in range(12):
        out = rack.render()
        assert np.isfinite(out).all()
        assert np.abs(out).max() <= 0.892
        if turn == 6:
            rack.end(1, 3)
