"""Buses: what plays into one is heard through its effects, its fader and its sends, and nowhere else."""

import json
from typing import cast

import numpy as np
import pytest

from bridge.event import SinkEvent
from patterns.core import Pattern
from patterns.parameter_names import SUCCEEDS
from patterns.registry import namespace
from plugin_host.addresses import find, moves_of
from plugin_host.audio import Audio
from plugin_host.desk import Desk
from plugin_host.effects import Effects
from plugin_host.errors import HostError
from plugin_host.rack import Rack
from plugin_host.specs import Chain, bus, fx, instrument
from plugin_host.stems import StemRack
from plugin_host.stream_time import Place

RATE, BLOCK = 48000, 256
DRUMS = instrument("drums", room=0)
BASS = instrument("bass", room=0, duck=0)


def played(chains: dict[int, Chain], blocks: int, **more: object) -> Audio:
    """A kick, a snare and a bass note on routes 0 and 1, before the master."""
    rack = Rack(RATE, BLOCK)
    rack.set_chains(chains)
    rack.begin(0, 1, {"s": "bd", **more}, 17)
    rack.begin(1, 2, {"note": 40, **more}, 40)
    return np.concatenate([rack.render_open() for _ in range(blocks)], axis=1)


def test_a_bus_without_anything_changes_nothing() -> None:
    """The same bits as without it, with ducking and sends of its members."""
    plain = bus("group")
    kit, bass = instrument("drums"), instrument("bass", delay=0.3)
    direct = played({0: kit, 1: bass}, 60)
    assert np.array_equal(direct, played({0: kit | plain, 1: bass | plain}, 60))
    assert np.abs(direct).max() > 0.05


def test_the_sum_goes_through_the_effects() -> None:
    """Bit for bit what the same effects make of the sum; and not what they make of each alone."""
    row = (fx.compressor(-36, 8), fx.distortion(9))
    group = bus("group") | row[0] | row[1]
    dry = played({0: DRUMS, 1: BASS}, 40)
    through = Effects(row, RATE)
    wanted = np.concatenate(
        [through.process(dry[:, first : first + BLOCK]) for first in range(0, dry.shape[1], BLOCK)], axis=1
    )
    assert np.array_equal(played({0: DRUMS | group, 1: BASS | group}, 40), wanted)
    alone = played({0: DRUMS | row[0] | row[1], 1: BASS | row[0] | row[1]}, 40)
    assert np.abs(alone - wanted).max() > 0.01


def test_the_fader_comes_after_the_effects() -> None:
    """Half as loud is half of the same; pan and sends are the bus's own."""
    loud = bus("group") | fx.distortion(20)
    soft = bus("group", gain=0.5) | fx.distortion(20)
    full = played({0: DRUMS | loud, 1: BASS | loud}, 30)
    assert np.allclose(played({0: DRUMS | soft, 1: BASS | soft}, 30), full * np.float32(0.5), atol=1e-6)
    left = bus("group", pan=0)
    sound = played({0: DRUMS | left, 1: BASS | left}, 30)
    assert np.abs(sound[1]).max() < 1e-6 < 0.05 < np.abs(sound[0]).max()
    wet = bus("group", room=0.5)
    tail = played({0: DRUMS | wet, 1: BASS | wet}, 400)[:, -5000:]
    dry = played({0: DRUMS, 1: BASS}, 400)[:, -5000:]
    assert np.abs(tail - dry).max() > 1e-4


def test_a_bus_that_is_down_holds_back_what_its_members_send() -> None:
    """Nothing of a drum's reverb is left where the fader of its bus is."""
    gone = bus("group", gain=0)
    assert not played({0: instrument("drums") | gone, 1: BASS | gone}, 60, room=0.8).any()


def test_buses_play_into_buses() -> None:
    """In whatever order the routes are; one fader after the other."""
    outer = bus("outer", gain=0.5)
    inner = bus("inner", gain=0.5) | outer
    quarter = played({0: DRUMS | inner, 1: BASS | inner}, 20)
    assert np.allclose(quarter, played({0: DRUMS, 1: BASS}, 20) * np.float32(0.25), atol=1e-7)
    mixed = played({0: DRUMS | outer, 1: BASS | inner}, 20)
    assert np.abs(mixed).max() > 0


def test_a_ring_is_named() -> None:
    """All of it, so that one sees where to cut."""
    inner = bus("b") | bus("c")
    with pytest.raises(HostError, match=r"buses in a ring: 'c' -> 'b' -> 'c'"):
        _ = bus("c") | inner
    with pytest.raises(HostError, match="'a' -> 'a'"):
        _ = bus("a") | bus("a")


def test_an_effect_behind_a_bus_is_refused() -> None:
    """It would belong to the instrument or to the bus; the message says how to write each."""
    with pytest.raises(TypeError, match="stands behind bus 'group'"):
        _ = DRUMS | bus("group") | fx.chorus()
    with pytest.raises(TypeError, match="plays into bus 'group' already"):
        _ = DRUMS | bus("group") | bus("other")
    with pytest.raises(ValueError, match="takes a name, a word"):
        bus("drum bus")
    with pytest.raises(HostError, match="no parameter 'cutoff'"):
        bus("group", cutoff=3)


def test_a_bus_is_data() -> None:
    """It goes to other processes whole, with the buses behind it."""
    chain = DRUMS | (bus("inner", gain=0.7, space="own") | fx.chorus() | bus("outer"))
    assert Chain.from_json(chain.to_json()) == chain
    assert "to" not in DRUMS.to_json()
    assert chain.key != DRUMS.key


def test_patterns_move_a_bus() -> None:
    """By its name, from any layer that plays into it, frame by frame; a chain's own effect goes first."""
    group = bus("group") | fx.lowpass(8000)
    rack = Rack(RATE, BLOCK)
    rack.set_chains({0: DRUMS | group, 1: instrument("sine") | group})
    rack.begin(1, 1, {"note": 60}, 0)
    before = np.concatenate([rack.render_open() for _ in range(20)], axis=1)[:, -1024:]
    rack.begin(0, 2, {"param.group.gain": 0.0, "param.over": 0.02}, 0)
    way = np.concatenate([rack.render_open() for _ in range(5)], axis=1)
    assert np.abs(before).max() > 0.05
    assert not way[:, -BLOCK:].any()
    assert np.abs(np.diff(way[0], 2)).max() < 1.5 * np.abs(np.diff(before[0], 2)).max() + 1e-4
    assert find(DRUMS | group, "group.lowpass.cutoff_frequency_hz") is not None
    own = find(DRUMS | fx.lowpass(300) | group, "cutoff_frequency_hz")
    assert own is not None
    assert own.bus == ""


def test_signals_in_a_bus_have_addresses() -> None:
    """Through each bus on the way."""
    sine = cast("Pattern", namespace()["sine"])
    inner = bus("inner", gain=sine) | fx.lowpass(sine.range(200, 900)) | bus("outer", pan=sine)
    found = [address for address, _ in moves_of(DRUMS | inner)]
    assert found == ["inner.gain", "inner.lowpass.cutoff_frequency_hz", "outer.pan"]
    assert all(find(DRUMS | inner, address) is not None for address in found)


def test_a_bus_rings_out_when_nobody_plays_into_it() -> None:
    """Its echo goes on after its last member has left; then it is forgotten."""
    echoes = bus("group") | fx.delay(0.1, 0.5, 0.5)
    rack = Rack(RATE, BLOCK)
    rack.set_chains({0: DRUMS | echoes})
    rack.begin(0, 1, {"s": "rs"}, 0)
    rack.render_open()
    rack.set_chains({0: DRUMS})
    later = np.concatenate([rack.render_open() for _ in range(150)], axis=1)
    assert np.abs(later[:, 18000:]).max() > 1e-3
    assert "bus group" in rack.meters()
    for _ in range(800):
        rack.render_open()
    assert "bus group" not in rack.meters()


def test_a_bus_has_an_own_space() -> None:
    """Its reverb comes after its fader and belongs to its sound; that of all hears nothing."""
    rack = Rack(RATE, BLOCK)
    hall = bus("hall", space="own")
    rack.set_chains({0: DRUMS | hall})
    rack.parts = {}
    rack.begin(0, 1, {"s": "rs", "room": 0.8, "delay": 0.5}, 0)
    for _ in range(200):
        rack.render_open()
    assert np.abs(rack.parts["hall"]).max() > 1e-4
    assert not rack.parts["space"].any()


def test_stems_have_the_bus_in_the_place_of_its_members() -> None:
    """And add up to the mix all the same."""
    group = bus("group") | fx.compressor(-30, 8)
    chains = {0: DRUMS | group, 1: BASS | group, 2: instrument("keys")}
    rack, stems = Rack(RATE, BLOCK), StemRack(RATE, BLOCK)
    for each in (rack, stems):
        each.set_chains(chains)
        each.begin(0, 1, {"s": "bd", "room": 0.3}, 0)
        each.begin(1, 2, {"note": 40}, 0)
        each.begin(2, 3, {"note": 60}, 0)
    names: set[int | str] = set()
    for _ in range(60):
        parts = stems.render_stems()
        names |= parts.keys()
        assert np.allclose(np.sum([*parts.values()], axis=0), rack.render_open(), atol=1e-5)
    assert names == {group.key, 2}


def test_panic_silences_buses() -> None:
    """With their echoes, within a block."""
    rack = Rack(RATE, BLOCK)
    rack.set_chains({0: DRUMS | (bus("group", space="own", room=0.5) | fx.delay(0.1))})
    rack.begin(0, 1, {"s": "cr", "room": 0.5}, 0)
    for _ in range(30):
        rack.render_open()
    rack.silence()
    rack.render()
    assert not np.concatenate([rack.render_open() for _ in range(100)], axis=1).any()


def test_a_note_on_a_bus_is_told() -> None:
    """A bus makes no sound itself."""
    rack = Rack(RATE, BLOCK)
    rack.set_chains({0: bus("group")})
    rack.begin(0, 1, {"note": 60}, 0)
    rack.render()
    assert rack.problems == ["bus 'group' plays no notes itself: let an instrument play into it, with |"]


def test_an_orbit_is_a_bus_with_its_own_space() -> None:
    """Orbit 0 is the chain itself; another one has its own strip, echo and reverb."""
    assert DRUMS.aimed({"orbit": 0}) is DRUMS
    first, second = DRUMS.aimed({"orbit": 1}), DRUMS.aimed({"orbit": 2.0})
    assert [one.path[-1].instrument.name for one in (first, second)] == ["orbit1", "orbit2"]
    group = bus("group") | fx.chorus()
    assert [one.instrument.name for one in (DRUMS | group).aimed({"orbit": 1}).path] == ["group", "orbit1"]
    for wrong in (-1, 65, "far", True, 1.5, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="whole number, 0 to 64"):
            DRUMS.aimed({"orbit": wrong})


def test_what_moves_a_chain_moves_its_copies_on_other_orbits() -> None:
    """But not the other way round."""
    rack = Rack(RATE, BLOCK)
    rack.set_chains({0: BASS, 1: BASS.aimed({"orbit": 1}), 2: BASS.aimed({"orbit": 2})})
    for route in (0, 1, 2):
        rack.begin(route, route, {"note": 40, "orbit": route}, 0)
    rack.begin(0, 9, {"param.gain": 0.0, "param.over": 0.01}, 0)
    for _ in range(4):
        rack.render_open()
    assert not rack.render_open().any()
    rack.begin(1, 10, {"param.gain": 0.5, "param.over": 0.01}, 0)
    rack.parts = {}
    rack.render_open()
    assert [*rack.parts] == ["orbit1", "space"] or float(np.abs(rack.parts["bass"]).max()) == 0
    assert np.abs(rack.parts["orbit1"]).max() > 0.001


def test_what_a_bus_holds_is_let_go_with_the_last_who_plays_into_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not before, though a layer that only moved it has left; and at the end of the rack."""
    closed: list[Effects] = []

    def close(effects: Effects) -> None:
        closed.append(effects)

    monkeypatch.setattr(Effects, "close", close)
    group = bus("group") | fx.gain(-1)
    rack = Rack(RATE, BLOCK)
    rack.set_chains({0: DRUMS | group, 1: BASS | group, 2: group})
    rack.render_open()
    rack.set_chains({0: DRUMS | group})
    for _ in range(300):
        rack.render_open()
    assert len(closed) == 1  # the bass's own
    rack.set_chains({0: DRUMS})
    for _ in range(300):
        rack.render_open()
    assert len(closed) == 3
    rack.set_chains({0: DRUMS | group})
    rack.render_open()
    rack.close()
    assert len(closed) == 6


class Open(Rack):
    """A rack without its master."""

    def render(self) -> Audio:
        """The next block, as loud as it is."""
        return self.render_open()


class Evening:
    """A desk that plays two layers into a bus, and then into the same with other numbers."""

    def __init__(self, before: Chain, after: Chain) -> None:
        self.rack = Open(RATE, BLOCK)
        self.desk = Desk(self.rack, pytest.fail)
        keys, bass = instrument("sine", room=0, release=0.005), instrument("triangle", room=0, duck=0)
        self.desk.set_chains({1: keys | before, 2: bass | before, 11: keys | after, 12: bass | after})
        self._ident = self._block = 0

    def add(self, at: float, long: float, route: int, controls: object, layer: int = 0) -> None:
        """An event of the layer that plays there, unless another is named."""
        self._ident += 1
        on = json.dumps(controls).encode()
        self.desk.add([SinkEvent(self._ident, at, at + long, route, on, b"", layer or route % 10)])

    def change(self, at: float, former: int, route: int) -> None:
        """A layer changes its instrument."""
        self.add(at, 0.0, route, {SUCCEEDS: former, "cps": 0.5})

    def play(self, blocks: int) -> Audio:
        """What is heard."""
        found: list[Audio] = []
        for _ in range(blocks):
            found.append(self.desk.play(Place(self._block * BLOCK - self.rack.latency, RATE)))
            self._block += 1
        return np.concatenate(found, axis=1)


CHANGE = 50.3 * BLOCK / RATE
NUMBERS = bus("group") | fx.gain(0) | fx.delay(0.2, feedback=0.5, mix=0.5)


def loud(sound: Audio, at: float) -> float:
    """The highest peak in 40 ms."""
    return float(np.abs(sound[:, int(at * RATE) : int((at + 0.04) * RATE)]).max())


def test_a_bus_that_changes_in_numbers_glides() -> None:
    """It keeps its echoes, no voice begins anew, and nothing bends more than in 50 ms of a softer fader."""
    evening = Evening(NUMBERS, bus("group", gain=0.25) | fx.gain(0) | fx.delay(0.2, feedback=0.5, mix=0.5))
    evening.add(0.0, 3.0, 1, {"note": 48})
    evening.add(0.0, 3.0, 2, {"note": 36})
    for former in (1, 2):
        evening.change(CHANGE, former, 10 + former)
    plain = Evening(NUMBERS, NUMBERS)
    for route, note in ((1, 48), (2, 36)):
        plain.add(0.0, 3.0, route, {"note": note})
    sound, straight = evening.play(120), plain.play(120)
    assert [len(evening.rack.voices(route)) for route in (1, 2, 11, 12)] == [0, 0, 1, 1]
    edge, over = 50 * BLOCK, 62 * BLOCK
    assert np.array_equal(sound[:, :edge], straight[:, :edge])
    assert np.allclose(sound[:, over:], straight[:, over:] / 4, atol=1e-6)
    bend, own = (np.abs(np.diff(one[0], 2)) for one in (sound, straight))
    assert bend[edge - 2 : over].max() <= 1.05 * own[edge - 2 : over].max()


def test_what_a_bus_holds_goes_on_through_other_numbers() -> None:
    """An echo of before is heard after, as soft as the new fader has it."""
    evening = Evening(NUMBERS, bus("group", gain=0.5) | fx.gain(0) | fx.delay(0.2, feedback=0.5, mix=0.5))
    plain = Evening(NUMBERS, NUMBERS)
    for one in (evening, plain):
        one.add(0.1, 0.02, 1, {"note": 60})
        one.add(0.1, 0.02, 2, {"note": 60})
    evening.change(0.15, 1, 11)
    evening.change(0.15, 2, 12)
    through, straight = evening.play(200), plain.play(200)
    start = int(0.28 * RATE)
    assert np.abs(straight[:, start:]).max() > 0.01
    assert np.allclose(through[:, start:], straight[:, start:] / 2, atol=1e-6)


def test_a_bus_that_somebody_stays_in_does_not_move() -> None:
    """Only one of two layers leaves: the other sounds as if nothing had happened."""
    other = bus("group", gain=0.25) | fx.gain(0) | fx.delay(0.2, feedback=0.5, mix=0.5)
    evening, alone = Evening(NUMBERS, other), Evening(NUMBERS, other)
    for one in (evening, alone):
        one.add(0.0, 3.0, 2, {"note": 36})
    evening.add(0.0, 0.5, 1, {"note": 48})
    evening.change(0.3, 1, 11)
    sound, its = evening.play(450), alone.play(450)
    assert len(evening.rack.voices(2)) == 1
    assert loud(its, 2.3) > 0.01
    assert loud(sound, 2.3) == pytest.approx(loud(its, 2.3), rel=0.01)


def test_a_bus_goes_back_and_forth() -> None:
    """An undo is the same bus again, at the level that it had, with one sounding of each note."""
    other = bus("group", gain=0.25) | fx.gain(-3) | fx.delay(0.2, feedback=0.5, mix=0.5)
    evening, plain = Evening(NUMBERS, other), Evening(NUMBERS, other)
    for one in (evening, plain):
        one.add(0.0, 9.0, 1, {"note": 48})
        one.add(0.0, 9.0, 2, {"note": 36})
    for count in range(4):
        for layer in (1, 2):
            here, there = (layer, 10 + layer) if count % 2 == 0 else (10 + layer, layer)
            evening.change(0.5 + 0.3 * count, here, there)
    sound, straight = evening.play(700), plain.play(700)
    assert [len(evening.rack.voices(route)) for route in (1, 2, 11, 12)] == [1, 1, 0, 0]
    assert loud(sound, 3.6) == pytest.approx(loud(straight, 3.6), rel=0.01)
    assert loud(sound, 0.75) < 0.6 * loud(straight, 0.75)


def test_buses_in_buses_glide_together() -> None:
    """Where the outer one changes, so does the inner one, which is none the less the same."""
    outer, softer = bus("all") | fx.delay(0.2, mix=0.5), bus("all", gain=0.5) | fx.delay(0.2, mix=0.5)
    inner = bus("group") | fx.gain(0)
    evening = Evening(inner | outer, inner | softer)
    evening.add(0.0, 3.0, 1, {"note": 48})
    evening.add(0.0, 3.0, 2, {"note": 36})
    evening.change(0.5, 1, 11)
    evening.change(0.5, 2, 12)
    sound = evening.play(250)
    assert [len(evening.rack.voices(route)) for route in (1, 2, 11, 12)] == [0, 0, 1, 1]
    assert loud(sound, 1.0) == pytest.approx(0.5 * loud(sound, 0.4), rel=0.02)
