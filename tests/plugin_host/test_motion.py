"""Parameters that patterns move: on time, evenly, without clicks, and as far as they may."""

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.event import TimedEvent
from patterns.registry import namespace
from plugin_host.addresses import fault
from plugin_host.audio import Audio
from plugin_host.effect_table import EFFECTS
from plugin_host.instrument_table import INSTRUMENTS
from plugin_host.motion import Moving
from plugin_host.offline import render
from plugin_host.parameters import Parameter
from plugin_host.rack import Rack
from plugin_host.specs import Chain, Effect, fx, instrument, vst3

RATE = 48000
WORDS: Any = namespace()
SINE = WORDS["sine"]
TONE = instrument("sine", attack=0.05)
ROUGH = {"bitcrush", "clipping", "distortion", "delay", "resample"}
"""Effects that add something to a moving sine by what they are: noise, partials, another pitch."""
ELSEWHERE = {"beats", "freeze_mode", "target_sample_rate"}
"""What keeps something of before: an echo, a room, a sample. `test_own_effects` has it."""


def effect(name: str, **values: object) -> Effect:
    """An effect by its name."""
    made = getattr(fx, name)(**values)
    assert isinstance(made, Effect)
    return made


def heard(chain: Chain, moves: dict[int, list[tuple[int, dict[str, object]]]], blocks: int = 200) -> Audio:
    """A long note, and what is told in which block, by offset."""
    rack = Rack(RATE, 256)
    rack.set_chains({0: chain})
    rack.begin(0, 1, {"note": 57}, 0)
    out: list[Audio] = []
    for block in range(blocks):
        for offset, controls in moves.get(block, []):
            rack.begin(0, 1000 + block, controls, offset)
        out.append(rack.render_open())
    assert rack.problems == []
    return np.concatenate(out, axis=1)


def swept(
    address: str, hertz: float = 0.7, blocks: int = 200
) -> dict[int, list[tuple[int, dict[str, object]]]]:
    """A slow sine for a parameter, in steps of 10 ms as the scheduler sends it; from block 40 on."""
    moves: dict[int, list[tuple[int, dict[str, object]]]] = {}
    for frame in range(40 * 256, blocks * 256, 480):
        goal = 0.5 + 0.35 * np.sin(2 * np.pi * hertz * (frame + 480 - 40 * 256) / RATE)
        told: dict[str, object] = {f"param.{address}": float(goal), "over": 0.01}
        moves.setdefault(frame // 256, []).append((frame % 256, told))
    return moves


def crackle(sound: Audio) -> float:
    """The strongest moment above 9 kHz, in dB below the strongest moment of all: a click is heard there."""
    size = 1024
    shape = np.lib.stride_tricks.sliding_window_view(sound[0].astype(np.float64), size)[:: size // 2]
    power = np.abs(np.fft.rfft(shape * np.hanning(size), axis=1)) ** 2
    high = np.fft.rfftfreq(size, 1 / RATE) > 9000
    return float(10 * np.log10(power[:, high].sum(axis=1).max() / power.sum(axis=1).max() + 1e-20))


@given(
    st.lists(st.tuples(st.integers(0, 999), st.floats(0, 1), st.integers(1, 300), st.booleans()), max_size=6),
    st.lists(st.integers(1, 400), min_size=1, max_size=8),
)
def test_a_way_does_not_depend_on_blocks(steps: list[tuple[int, float, int, bool]], cuts: list[int]) -> None:
    """In one piece or in many: the same values, each frame."""
    whole, parts = Moving(0.25), Moving(0.25)
    for offset, goal, frames, smooth in steps:
        whole.move(goal, offset, frames, smooth=smooth)
    straight = whole.block(1000)
    first, out = 0, list[Audio]()
    while first < 1000:
        size = min(cuts[len(out) % len(cuts)], 1000 - first)
        for offset, goal, frames, smooth in steps:
            if first <= offset < first + size:
                parts.move(goal, offset - first, frames, smooth=smooth)
        values = parts.block(size)
        out.append(np.full(size, parts.value, np.float32) if values is None else values)
        first += size
    assert np.allclose(np.concatenate(out), 0.25 if straight is None else straight, atol=1e-6)


@pytest.mark.parametrize(
    "name", sorted(EFFECTS.keys() - {"chorus", "convolution"})
)  # one sways, one has a file
def test_every_parameter_of_an_effect_arrives(name: str) -> None:
    """Moved to a value, an effect sounds as one that was made with it."""
    for one in EFFECTS[name]:
        # Of what sways, where its wave stands is another matter.
        if one.fixed or one.name in ELSEWHERE or one.name.endswith("rate_hz"):
            continue
        begun, there = (
            TONE | effect(name, **{one.name: one.at(0.4)}),
            TONE | effect(name, **{one.name: one.at(0.6)}),
        )
        moved = heard(begun, {40: [(100, {f"param.{name}.{one.name}": 0.6})]})[:, -60 * 256 :]
        still = heard(there, {})[:, -60 * 256 :]
        apart = np.sqrt(np.mean((moved - still) ** 2)) / np.sqrt(np.mean(still**2))
        # Half a second of reverb is not all of it, and an echo may come round later than that.
        slow = name in {"reverb", "delay", "echo", "compressor", "limiter"}
        assert apart < (0.06 if slow else 1e-3), one.name


@pytest.mark.parametrize(
    "address",
    [
        f"{name}.{one.name}"
        for name in sorted(EFFECTS.keys() - {"convolution"})
        for one in EFFECTS[name]
        if not one.fixed
    ],
)
def test_moving_an_effect_does_not_click(address: str) -> None:
    """A tone through a sweep of any parameter, over most of its range, stays 60 dB above what crackles."""
    name, _, parameter = address.partition(".")
    one = next(one for one in EFFECTS[name] if one.name == parameter)
    chain = TONE | effect(name, **{parameter: one.at(0.5)})
    if name not in ROUGH:
        loudest = crackle(heard(chain, swept(address, blocks=130), 130))
        assert loudest < -60 or loudest < crackle(heard(chain, {}, 130)) + 3
    else:
        assert np.isfinite(heard(chain, swept(address, blocks=130), 130)).all()


@pytest.mark.parametrize("name", ["gain", "pan", "room"])
def test_the_fader_moves_frame_by_frame(name: str) -> None:
    """Gain, pan and sends follow each frame of the way, and not each block."""
    moved = heard(TONE, swept(name))
    assert crackle(moved) < -60
    assert not np.allclose(moved, heard(TONE, {}), atol=1e-2)


def test_a_gain_is_exact() -> None:
    """A tone whose gain falls to a half in 2048 frames is the tone times that line."""
    plain = heard(TONE, {})
    one = Parameter("gain", 1.0, 0, 2)
    moved = heard(TONE, {50: [(64, {"param.gain": one.position(0.5), "over": 2048 / RATE})]})
    line = np.ones(plain.shape[1], np.float32)
    first = 50 * 256 + 64
    line[first : first + 2048] = 1 - 0.5 * np.arange(1, 2049) / 2048
    line[first + 2048 :] = 0.5
    assert np.allclose(moved, plain * line, atol=2e-6)


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        (name, one.name)
        for name in INSTRUMENTS
        if name != "drums"
        for one in INSTRUMENTS[name]
        if not one.fixed
    ],
)
def test_every_parameter_of_an_instrument_moves(name: str, parameter: str) -> None:
    """Told before a note, a parameter is as if the instrument had been made with it."""
    one = next(one for one in INSTRUMENTS[name] if one.name == parameter)
    sounds: list[Audio] = []
    for chain, moves in (
        (instrument(name, **{parameter: one.at(0.3)}), True),
        (instrument(name, **{parameter: one.at(0.7)}), False),
        (instrument(name, **{parameter: one.at(0.3)}), False),
    ):
        rack = Rack(RATE, 256)
        rack.set_chains({0: chain, 1: instrument("drums")})
        if moves:
            rack.begin(0, 7, {f"param.{parameter}": 0.7}, 0)
        rack.render_open()
        rack.render_open()
        rack.begin(1, 5, {"s": "bd"}, 0)  # for what ducks
        rack.begin(0, 1, {"note": 60}, 0)
        rack.begin(0, 2, {"note": 64}, 90)
        out = [rack.render_open() for _ in range(40)]
        rack.end(1, 0)
        rack.end(2, 0)
        sounds.append(np.concatenate([*out, *(rack.render_open() for _ in range(20))], axis=1))
    moved, asked, other = sounds
    if parameter in {"decay", "glide", "duck"} and np.allclose(asked, other, atol=1e-4):
        return  # what cannot be heard here: a glide of chords, a duck of nothing
    assert np.abs(moved - asked).max() < 0.2 * np.abs(other - asked).max() + 1e-4 or parameter in {
        "rate",
        "motion",
    }


def test_a_note_may_have_its_own() -> None:
    """Two notes at once, each with a cutoff: what each would be in an instrument of that cutoff."""
    bass: Any = instrument
    one = next(one for one in INSTRUMENTS["lead"] if one.name == "cutoff")
    both = Rack(RATE, 256)
    both.set_chains({0: bass("lead", room=0, delay=0)})
    both.begin(0, 1, {"note": 48, "param.cutoff": 0.3}, 0)
    both.begin(0, 2, {"note": 55, "param.cutoff": 0.8}, 0)
    alone: list[Rack] = []
    for number, (note, place) in enumerate(((48, 0.3), (55, 0.8)), 1):
        rack = Rack(RATE, 256)
        rack.set_chains({0: bass("lead", room=0, delay=0, cutoff=one.at(place))})
        rack.begin(0, number, {"note": note}, 0)
        alone.append(rack)
    for _ in range(40):
        assert np.allclose(both.render_open(), alone[0].render_open() + alone[1].render_open(), atol=1e-5)


def test_what_a_note_says_is_not_moved_by_what_moves_the_instrument() -> None:
    """A signal beside it moves all the others."""
    chain = instrument("lead", room=0, delay=0)
    rack, still = Rack(RATE, 256), Rack(RATE, 256)
    for one in (rack, still):
        one.set_chains({0: chain})
        one.begin(0, 1, {"note": 48, "param.cutoff": 0.3}, 0)
    rack.begin(0, 9, {"param.cutoff": 0.9, "over": 0.01}, 10)
    for _ in range(20):
        assert np.array_equal(rack.render_open(), still.render_open())


def test_a_signal_in_a_chain() -> None:
    """It is known by what it gives, begins where it begins, and survives JSON without itself."""
    chain = instrument("bass", cutoff=SINE.range(200, 400)) | fx.reverb(room_size=SINE.slow(2))
    assert chain.instrument["cutoff"] == 300
    assert [one.name for one in chain.instrument.moves] == ["cutoff"]
    again = Chain.from_json(json.loads(json.dumps(chain.to_json())))
    assert again == chain
    assert again.key == chain.key
    assert again.effects[0].moves[0].pattern is None
    other = instrument("bass", cutoff=SINE.range(200, 401)) | fx.reverb(room_size=SINE.slow(2))
    assert other.key != chain.key
    assert vst3("X", cutoff=SINE).instrument.moves[0].name == "cutoff"


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"cutoff": SINE.range(0, 400)}, "out of range: 40…16000 Hz"),
        ({"voices": SINE.range(1, 3)}, "cannot be moved"),
        ({"wave": SINE}, "cannot be moved"),
        ({"cutoff": WORDS["note"]("c e")}, "numbers"),
    ],
)
def test_a_wrong_signal_in_a_chain_is_an_error_of_its_line(values: dict[str, Any], told: str) -> None:
    """It is looked at where it is written."""
    with pytest.raises((TypeError, ValueError), match=told):
        instrument("bass", **values)


def test_faults_are_told_in_words() -> None:
    """A name that is not there, one that is built in, a value beyond the range."""
    chain = instrument("bass") | fx.delay()
    assert fault(chain, "param.cutoff", 0.5) is None
    assert fault(chain, "param.delay.mix", 1.0) is None
    assert fault(chain, "mix.gain", 9) is None
    assert "did you mean 'cutoff'" in str(fault(chain, "param.cutof", 0.5))
    assert "how it is built" in str(fault(chain, "param.voices", 0.5))
    assert "from 0, its lowest" in str(fault(chain, "param.cutoff", 400))
    assert "40…16000 Hz" in str(fault(chain, "own.cutoff", 20))


def test_the_same_offline_whatever_the_blocks() -> None:
    """What moves frame by frame does so wherever the blocks lie."""
    told = [TimedEvent(0.0, 1.0, {"note": 57.0}, "a", 1)]
    for frame in range(0, 24000, 480):
        value = 0.5 + 0.4 * np.sin(frame / 5000)
        told.append(
            TimedEvent(frame / RATE, 0.01, {"param.gain": float(value), "over": 0.01}, "a", 100 + frame)
        )
    sounds = [render(told, {"a": TONE}, 0.5, RATE, block, master=False) for block in (64, 256)]
    assert np.allclose(*sounds, atol=1e-5)
    assert np.array_equal(sounds[1], render(told, {"a": TONE}, 0.5, RATE, 256, master=False))
