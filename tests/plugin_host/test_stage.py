"""Sounds in a room of many loudspeakers: where they are heard, how loud, and how they move."""

import json
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.event import SinkEvent, TimedEvent
from plugin_host.audio import Audio, decibels
from plugin_host.block_filter import BlockFilter, butterworth, one_pole
from plugin_host.desk import Desk
from plugin_host.layouts import LAYOUTS, Layout, Speaker
from plugin_host.master import Master
from plugin_host.offline import render
from plugin_host.places import place_of
from plugin_host.rack import Rack
from plugin_host.seat import Seat
from plugin_host.specs import Chain, bus, fx, instrument
from plugin_host.stage import Stage
from plugin_host.stream_time import Place

RATE, BLOCK = 48000, 256
SEVEN = LAYOUTS["7.1.4"]
NAMES = [one.name for one in SEVEN.speakers]
Event = tuple[int, Mapping[str, object]]


def played(
    chain: Chain,
    events: Sequence[Event],
    blocks: int = 40,
    layout: Layout = SEVEN,
    meanwhile: Mapping[int, Mapping[str, object]] | None = None,
    block: int = BLOCK,
) -> Audio:
    """Events at frames of the first block, others at the beginning of later blocks; without the master."""
    rack = Rack(RATE, block, layout=layout)
    rack.set_chains({0: chain})
    out: list[Audio] = []
    for number, (offset, controls) in enumerate(events):
        rack.begin(0, number, controls, offset)
    for number in range(blocks):
        if meanwhile and number in meanwhile:
            rack.begin(0, 1000 + number, meanwhile[number], 0)
        out.append(rack.render_open())
    assert not rack.problems
    rack.close()
    return np.concatenate(out, axis=1)


def dry(name: str = "sine", **params: object) -> Chain:
    """An instrument without reverb and echo."""
    return instrument(name, **({"room": 0, "delay": 0, "duck": 0} | params))


def loud(sound: Audio) -> dict[str, float]:
    """The power of each channel that is heard, by its name."""
    power = (sound.astype(np.float64) ** 2).mean(axis=1)
    return {name: float(one) for name, one in zip(NAMES, power, strict=True) if one > 1e-12}


NOTE: Event = (10, {"note": 60})


def test_what_says_no_place_is_a_pair_in_front() -> None:
    """The left and right loudspeakers have what a stereo mix has, sample by sample."""
    chain = dry("keys")
    pair, room = (played(chain, [NOTE], layout=one) for one in (LAYOUTS["stereo"], SEVEN))
    assert np.array_equal(room[:2], pair)
    assert not room[2:].any()


def test_a_point_on_a_loudspeaker_is_heard_from_it_alone() -> None:
    """As loud as the pair was, in power."""
    pair, side = played(dry(), [NOTE]), played(dry(azim=90, spread=0), [NOTE])
    assert loud(side).keys() == {"Lss"}
    assert loud(side)["Lss"] == pytest.approx(sum(loud(pair).values()), rel=1e-4)


@given(st.floats(-180, 180), st.floats(-90, 90), st.floats(0, 1))
def test_the_power_of_a_sound_stays_wherever_it_is(azimuth: float, elevation: float, spread: float) -> None:
    """Of what is alike left and right."""
    stage = STAGE
    found = stage.levels([[azimuth, elevation, 1, spread, 0]])[0]
    assert float((found.sum(axis=0) ** 2).sum()) == pytest.approx(2, rel=1e-4)


STAGE = Stage(SEVEN, RATE, BLOCK)


def test_each_note_may_have_its_own_place() -> None:
    """Two at once are the sum of each alone, and neither takes the other along."""
    left, above = {"note": 60, "azim": 90, "spread": 0}, {"note": 67, "azim": 45, "elev": 45, "spread": 0}
    one, other = played(dry(), [(10, left)]), played(dry(), [(77, above)])
    both = played(dry(), [(10, left), (77, above)])
    assert loud(one).keys() == {"Lss"}
    assert loud(other).keys() == {"Ltf"}
    assert np.allclose(both, one + other, atol=1e-6)


def test_the_onset_of_a_note_with_a_place_lies_at_its_frame() -> None:
    """The same as without."""
    for offset in (0, 77, 255):
        sound = played(dry(attack=0.001), [(offset, {"note": 60, "azim": -90})], 2)
        assert np.flatnonzero(np.abs(sound).sum(axis=0) > 0)[0] in {offset, offset + 1}


def test_drums_may_stand_all_around() -> None:
    """Each hit has its place, driven as ever."""
    sound = played(
        dry("drums"), [(0, {"s": "bd", "azim": 30, "spread": 0}), (0, {"s": "hh", "azim": -90, "spread": 0})]
    )
    assert loud(sound).keys() == {"L", "Rss"}


def test_effects_keep_the_voices_together() -> None:
    """There the newest note takes all of them to its place."""
    chain = dry() | fx.gain(0)
    sound = played(chain, [(0, {"note": 60, "azim": 90, "spread": 0})], 60)
    assert loud(sound[:, -BLOCK:]).keys() == {"Lss"}


def test_a_bus_has_a_place_for_all_that_plays_into_it() -> None:
    """What its members say of theirs counts nothing."""
    side = bus("side", azim=-90, spread=0)
    sound = played(dry() | side, [(0, {"note": 60, "azim": 90})])
    assert loud(sound).keys() == {"Rss"}


def test_a_place_can_be_said_in_three_directions() -> None:
    """To the right, to the front, up."""
    for said, name in (({"x": 1}, "Rss"), ({"y": 1}, "C"), ({"x": -1, "y": -1}, "Lrs"), ({"x": -1}, "Lss")):
        sound = played(dry(), [(0, {"note": 60, "spread": 0, "distance": 1, **said})])
        assert loud(sound).keys() == {name}
    assert place_of({"z": 3.0}) == {"azim": 0.0, "elev": 90.0, "distance": 3.0}
    assert place_of({"spread": 1.0}) == {}


def test_a_sound_goes_around_evenly() -> None:
    """By a signal: its power stays the same within half a dB, and it comes by every side."""
    steps = {n: {"param.azim": (n / 200) % 1, "over": BLOCK / RATE} for n in range(200)}
    sound = played(dry(spread=0), [(0, {"note": 72})], 200, meanwhile=steps)[:, 4 * BLOCK :]
    power = (sound.astype(np.float64) ** 2).sum(axis=0)
    smooth = np.convolve(power, np.ones(960) / 960, mode="valid")
    assert 10 * np.log10(smooth.max() / smooth.min()) < 0.5
    assert {"L", "R", "C", "Lss", "Rss", "Lrs", "Rrs"} <= loud(sound).keys()


def test_moving_does_not_click() -> None:
    """A jump to the other side: what lies above 9 kHz stays 70 dB below the tone."""
    steps: dict[int, dict[str, object]] = {
        n: {"note": 60, "azim": 90 * (-1) ** n, "spread": 0, "gain": 0} for n in range(20, 200, 20)
    }
    sound = played(dry("sine", spread=0) | fx.gain(0), [(0, {"note": 60, "azim": 90})], 200, meanwhile=steps)
    channel = sound[NAMES.index("Lss"), 8 * BLOCK :].astype(np.float64)
    spectrum = np.abs(np.fft.rfft(channel * np.blackman(len(channel)))) ** 2
    hertz = np.fft.rfftfreq(len(channel), 1 / RATE)
    assert 10 * np.log10(spectrum[hertz > 9000].sum() / spectrum.sum()) < -70


def test_the_shorter_way_around_is_taken() -> None:
    """From 170 to -170 degrees behind, not through the front."""
    seat = Seat({"azim": 170.0}, RATE)
    seat.move("azim", -170.0, 0, 100)
    passed: list[float] = []
    for _ in range(10):
        seat.block(10)
        passed.append(seat.now()[0])
    assert passed == pytest.approx([170 + 2 * n for n in range(1, 11)])


def test_what_is_far_is_softer_and_duller() -> None:
    """6 dB each time the distance doubles; far up a dB more for each 1, up to 12."""

    def level(note: int, distance: float) -> float:
        sound = played(dry(azim=0, spread=0, distance=distance), [(0, {"note": note})], 60)
        return decibels(float(np.sqrt((sound[2, 20 * BLOCK :] ** 2).mean())))

    assert level(48, 1) - level(48, 2) == pytest.approx(6.02, abs=0.05)
    assert level(48, 4) - level(48, 8) == pytest.approx(6.02, abs=0.1)
    high = 129  # 14 kHz
    assert level(high, 1) - level(high, 5) == pytest.approx(13.98 + 4, abs=0.7)
    assert level(high, 1) - level(high, 60) == pytest.approx(35.56 + 12, abs=1)


def test_what_is_near_comes_from_everywhere() -> None:
    """In the very middle all loudspeakers have the same of it."""
    sound = played(dry(azim=90, distance=0), [NOTE])
    power = loud(sound)
    assert len(power) == 11
    assert min(power.values()) == pytest.approx(max(power.values()), rel=1e-3)


def test_the_lfe_has_the_lowest_only() -> None:
    """As much as is sent; never by its place."""
    low, high = (played(dry(azim=90, spread=0, lfe=1), [(0, {"note": note})], 60) for note in (24, 84))
    lfe = NAMES.index("LFE")
    plain = played(dry(azim=90, spread=0), [(0, {"note": 24})], 60)
    assert not plain[lfe].any()
    tail = 30 * BLOCK
    assert np.abs(low[lfe, tail:]).max() == pytest.approx(
        np.abs(low[NAMES.index("Lss"), tail:]).max() / 2**0.5, rel=0.05
    )
    assert decibels(float(np.abs(high[lfe, tail:]).max())) < -70


def test_a_sound_that_was_silent_begins_where_it_is_then() -> None:
    """Nothing of its first block comes from where it was before."""
    rack = Rack(RATE, BLOCK, layout=SEVEN)
    rack.set_chains({0: dry(azim=90, spread=0, release=0.005)})
    rack.begin(0, 1, {"note": 60}, 0)
    rack.render_open()
    rack.end(1, 0)
    for _ in range(20):
        rack.render_open()
    rack.begin(0, 2, {"own.azim": -90.0, "over": 0.001}, 0)
    rack.render_open()
    rack.begin(0, 3, {"note": 60}, 0)
    assert loud(rack.render_open()).keys() == {"Rss"}


def test_the_room_answers_from_all_around() -> None:
    """The reverb of a sound in one place is in every loudspeaker, alike in both sides within 3 dB."""
    sound = played(instrument("keys", room=1, delay=0, azim=90, spread=0), [NOTE], 200)
    power = loud(sound)
    assert len(power) == 11
    left, right = (
        10 * np.log10(sum(power[name] for name in names)) for names in (("Lrs", "Ltf"), ("Rrs", "Rtf"))
    )
    assert abs(left - right) < 3


@pytest.mark.parametrize("block", [64, 512])
def test_other_blocks_sound_the_same(block: int) -> None:
    """Where nothing moves but the sound: to the last bits."""
    chain = dry(azim=70, elev=30, lfe=0.5)
    one = played(chain, [NOTE], 40)
    other = played(chain, [NOTE], 40 * BLOCK // block, block=block)
    assert np.allclose(one, other, atol=2e-4)


def test_the_master_holds_all_channels_together_and_the_lfe_apart() -> None:
    """A loud low note takes nothing from the others; a loud note elsewhere turns all of them down alike."""
    master = Master(RATE, print, SEVEN)
    lfe, side = NAMES.index("LFE"), NAMES.index("Lss")

    def after(**loud_ones: float) -> Audio:
        sound = np.full((12, BLOCK), 0.05, np.float32)
        for name, level in loud_ones.items():
            sound[NAMES.index(name)] = level
        return np.concatenate([master.process(sound) for _ in range(8)], axis=1)[:, -BLOCK:]

    plain, low, all_of_them = after(), after(LFE=3.0), after(LFE=3.0, L=3.0)
    assert np.allclose(low[side], plain[side], rtol=1e-3)
    assert np.abs(low[lfe]).max() <= 10 ** (-1 / 20)
    assert all_of_them[side, -1] < 0.5 * plain[side, -1]
    assert np.abs(all_of_them).max() <= 10 ** (-1 / 20)


def test_filters_answer_blocks_as_they_would_frames() -> None:
    """In blocks of any length, also longer than what is answered at once."""
    sound = np.random.default_rng(1).standard_normal((2, 3000)).astype(np.float32)
    for parts in (butterworth(120, RATE), one_pole(4000, RATE)):
        whole = BlockFilter(parts, 3000, 2).process(sound)
        for size in (1, 100, 256, 700):
            each = BlockFilter(parts, size, 2)
            cut = np.concatenate(
                [each.process(sound[:, at : at + size]) for at in range(0, 3000, size)], axis=1
            )
            assert np.allclose(cut, whole, atol=1e-5)


ROOMS = Layout(
    "rooms",
    (
        *(Speaker(one.name, one.azimuth) for one in LAYOUTS["quad"].speakers),
        *(Speaker(f"lobby {one.name}", one.azimuth, zone="lobby") for one in LAYOUTS["stereo"].speakers),
        Speaker("cellar", zone="cellar"),
    ),
)


def heard_in(chain: Chain, controls: Mapping[str, object]) -> set[int]:
    """The channels in which a note is heard."""
    sound = played(chain, [(0, controls)], layout=ROOMS)
    return {place for place, one in enumerate(sound) if np.abs(one).max() > 1e-6}


def test_a_zone_is_a_room_of_its_own() -> None:
    """With places of its own; what names none is in the main room only."""
    note = {"note": 60}
    assert heard_in(dry(), note) == {0, 1}
    assert heard_in(dry(zone="lobby"), note) == {4, 5}
    assert heard_in(dry(zone="lobby", azim=30, spread=0), note) == {4}
    assert heard_in(dry(zone="lobby"), {"note": 60, "azim": -30, "spread": 0}) == {5}
    assert heard_in(dry(zone="cellar", azim=120), note) == {6}
    assert heard_in(dry() | bus("foyer", zone="lobby"), note) == {4, 5}


def test_the_room_of_a_zone_is_not_in_the_others() -> None:
    """The shared reverb is that of the main room; a bus may have its own where it is heard."""
    wet = instrument("sine", room=1, delay=0, zone="lobby")
    assert heard_in(wet, {"note": 60}) == {0, 1, 2, 3, 4, 5}
    assert heard_in(wet | bus("foyer", zone="lobby", space="own"), {"note": 60}) == {4, 5}


def test_a_zone_that_is_not_there_is_said() -> None:
    """And heard in the main room all the same."""
    rack = Rack(RATE, BLOCK, layout=ROOMS)
    rack.set_chains({0: dry(zone="loby")})
    rack.begin(0, 1, {"note": 60}, 0)
    assert {place for place, one in enumerate(rack.render_open()) if one.any()} == {0, 1}
    assert rack.problems == [
        "the layout has no zone 'loby', it is heard in the main one; did you mean 'lobby'?"
    ]


def test_a_saved_place_is_gone_to() -> None:
    """A chain whose place alone was changed moves there while it sounds."""
    rack = Rack(RATE, BLOCK, layout=SEVEN)
    rack.set_chains({0: dry(azim=90, spread=0)})
    rack.begin(0, 1, {"note": 60}, 0)
    for _ in range(4):
        rack.render_open()
    rack.set_chains({0: dry(azim=90, spread=0), 1: dry(azim=-90, spread=0)})
    rack.succeed(0, 1, [], alone=True)
    out = [rack.render_open() for _ in range(40)]
    assert loud(out[-1]).keys() == {"Rss"}


def test_a_session_hears_what_a_render_has() -> None:
    """Notes with places of their own, and one that a signal moves: all twelve channels, sample by sample."""
    chain, seconds = instrument("keys", azim=10), 0.5
    said: list[tuple[float, float, dict[str, object]]] = [
        (0.0, 0.3, {"note": 60, "azim": 100.0, "spread": 0.0}),
        (0.05, 0.2, {"note": 67, "lfe": 0.5}),
        (0.11, 0.3, {"note": 72}),
        *((0.01 * n, 0.0, {"param.azim": n / 50, "over": 0.01}) for n in range(40)),
    ]
    timed = [TimedEvent(at, long, one, "x", number) for number, (at, long, one) in enumerate(said)]
    whole = render(timed, {"x": chain}, seconds, RATE, BLOCK, layout=SEVEN)
    rack = Rack(RATE, BLOCK, layout=SEVEN)
    rack.set_chains({0: chain})
    rack.set_tempo(0.5)
    desk = Desk(rack, print, channels=12)
    desk.add(
        SinkEvent(one.id, one.at, one.at + one.duration, 0, json.dumps(one.controls).encode(), b"")
        for one in timed
    )
    late = rack.latency
    blocks = [desk.play(Place(n * BLOCK - late, float(RATE))) for n in range(100)]
    heard = np.concatenate(blocks, axis=1)[:, late : late + whole.shape[1]]
    assert len({float(np.abs(one).max()) for one in heard}) > 8
    assert np.array_equal(heard, whole)
