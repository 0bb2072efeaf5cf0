"""A chain that is changed while it plays: nothing clicks, held notes sound on, what rings rings out."""

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from bridge.event import SinkEvent
from patterns.parameter_names import SUCCEEDS
from plugin_host.audio import Audio
from plugin_host.bends import click
from plugin_host.desk import Desk
from plugin_host.kinship import differences, same_shape
from plugin_host.passage import PASSAGE
from plugin_host.rack import Rack
from plugin_host.routes import Routes
from plugin_host.specs import Chain, bus, fx, instrument, sampler
from plugin_host.stream_time import Place

RATE, BLOCK = 48_000, 256
OLD, NEW, THIRD = 11, 22, 33
MINE, OTHER = 1, 2
CHANGE = 100 * BLOCK / RATE
CHORD = (48, 55, 60, 64, 67)


class Evening:
    """A desk with a rack that plays without a device; each event is told as the engine tells it."""

    def __init__(self, chains: Mapping[int, Chain]) -> None:
        self.said: list[str] = []
        self.rack = Rack(RATE, BLOCK)
        self.desk = Desk(self.rack, self.said.append)
        self.desk.set_chains(chains)
        self._ident = 0
        self._block = 0

    def add(self, at: float, long: float, controls: object, route: int = OLD, layer: int = MINE) -> int:
        """An event."""
        self._ident += 1
        on = json.dumps(controls).encode()
        self.desk.add([SinkEvent(self._ident, at, at + long, route, on, b"", layer)])
        return self._ident

    def chord(self, at: float, long: float, route: int = OLD, layer: int = MINE) -> list[int]:
        """Five notes."""
        return [self.add(at, long, {"note": note, "velocity": 0.7}, route, layer) for note in CHORD]

    def change(self, at: float = CHANGE, former: int = OLD, route: int = NEW, layer: int = MINE) -> None:
        """Say that a layer changes its instrument."""
        self.add(at, 0.0, {SUCCEEDS: former, "cps": 0.5}, route, layer)

    def play(self, blocks: int) -> Audio:
        """What is heard."""
        found: list[Audio] = []
        for _ in range(blocks):
            found.append(self.desk.play(Place(self._block * BLOCK - self.rack.latency, RATE)))
            self._block += 1
        assert self.said == []
        return np.concatenate(found, axis=1)


PAIRS = {
    "parameters": (
        instrument("pad") | fx.delay(0.2, feedback=0.6) | fx.reverb(0.5),
        instrument("pad", cutoff=2500, gain=0.8, pan=0.3) | fx.delay(0.25, mix=0.4) | fx.reverb(0.8),
    ),
    "another wave": (instrument("lead", attack=0.01), instrument("lead", wave="square", attack=0.01)),
    "another instrument": (instrument("pad") | fx.reverb(), instrument("strings")),
    "an effect more": (instrument("keys") | fx.chorus(), instrument("keys") | fx.chorus() | fx.lowpass()),
    "an effect less": (
        instrument("keys") | fx.chorus() | fx.distortion(12),
        instrument("keys") | fx.chorus(),
    ),
    "the effects turned round": (
        instrument("pad") | fx.distortion(18) | fx.lowpass(900),
        instrument("pad") | fx.lowpass(900) | fx.distortion(18),
    ),
    "another place": (instrument("pad", azim=-60), instrument("pad", azim=80, distance=2)),
    "into a bus": (instrument("pad"), instrument("pad") | (bus("group") | fx.distortion(12))),
    "out of a bus": (instrument("strings") | (bus("group") | fx.delay(0.1, mix=0.5)), instrument("strings")),
    "another bus": (
        instrument("lead", attack=0.01) | (bus("group", gain=0.3) | fx.distortion(12)),
        instrument("lead", attack=0.01) | (bus("other") | fx.lowpass(800)),
    ),
    "a bus that is built otherwise": (
        instrument("pad") | (bus("group") | fx.distortion(12)),
        instrument("pad") | (bus("group") | fx.lowpass(800)),
    ),
    "samples of no pitch": (instrument("strings"), instrument("texture")),
}


@pytest.mark.parametrize("name", PAIRS)
def test_five_held_notes_pass_without_a_click(name: str) -> None:
    """Nothing bends more than the sound of either does by itself, but for -60 dB of the loudest."""
    before, after = PAIRS[name]
    evening = Evening({OLD: before, NEW: after})
    evening.chord(0.0, 3.0)
    evening.change()
    sound = evening.play(300)
    assert click(sound[:, 40 * BLOCK : 296 * BLOCK], 59 * BLOCK, 72 * BLOCK) <= -60
    # And there is no hole: a third of the loudness of what is before and after, at the least, in each 21 ms.
    loud = np.sqrt((sound[:, : 296 * BLOCK].reshape(2, -1, 4 * BLOCK) ** 2).mean(axis=(0, 2)))
    assert loud[20:40].min() > min(loud[15:24].mean(), loud[40:55].mean()) / 3


@pytest.mark.parametrize("name", ["parameters", "another instrument", "another bus"])
def test_changing_ones_mind_at_once_does_not_click(name: str) -> None:
    """Back and there again while the one still passes to the other."""
    before, after = PAIRS[name]
    evening = Evening({OLD: before, NEW: after})
    evening.chord(0.0, 3.0)
    for count, (here, there) in enumerate(((OLD, NEW), (NEW, OLD), (OLD, NEW))):
        evening.change(CHANGE + 0.01 * count, here, there)
    sound = evening.play(300)
    assert click(sound[:, 40 * BLOCK : 296 * BLOCK], 59 * BLOCK, 76 * BLOCK) <= -60


def test_other_numbers_are_no_other_voices() -> None:
    """The same voices sound on, and no other; their parameters have gone where the new chain has them."""
    before, after = PAIRS["parameters"]
    evening = Evening({OLD: before, NEW: after})
    notes = evening.chord(0.0, 3.0)
    evening.change()
    evening.play(99)
    assert sorted(evening.rack.voices(OLD)) == notes
    evening.play(4)
    assert sorted(evening.rack.voices(NEW)) == notes
    assert evening.rack.voices(OLD) == []
    assert evening.rack.sounding == len(notes)


def test_before_the_change_not_a_bit_is_other() -> None:
    """What is to follow is there and says nothing."""
    before, after = PAIRS["parameters"]
    alone, both = Evening({OLD: before}), Evening({OLD: before, NEW: after})
    for evening in (alone, both):
        evening.chord(0.0, 3.0)
    both.change()
    assert alone.play(99).tobytes() == both.play(99).tobytes()


def test_an_echo_goes_on_through_other_numbers() -> None:
    """A note that has ended before still comes back after, as often as the echo says."""
    plain = instrument("pluck")
    evening = Evening({OLD: plain | fx.delay(0.3, feedback=0.8), NEW: plain | fx.delay(0.3, feedback=0.79)})
    evening.add(0.3, 0.02, {"note": 60})
    evening.change(0.5)
    sound = evening.play(400)
    assert np.abs(sound[:, int(0.9 * RATE) : int(1.3 * RATE)]).max() > 0.01


def test_what_rings_in_the_old_chain_rings_out_after_another_follows() -> None:
    """Its echoes come as if nothing had been changed; the new one knows nothing of them."""
    before = instrument("pluck") | fx.delay(0.3, feedback=0.8)
    changed, same = Evening({OLD: before, NEW: instrument("bass")}), Evening({OLD: before})
    changed.change(0.5)
    for evening in (changed, same):
        evening.add(0.3, 0.02, {"note": 60})
    assert np.array_equal(changed.play(400), same.play(400))


def test_held_notes_keep_their_ends() -> None:
    """On the new instrument, too; and one that ends within the change is left where it is."""
    evening = Evening({OLD: instrument("sine", release=0.005), NEW: instrument("square", release=0.005)})
    long = evening.add(0.0, 1.0, {"note": 60})
    short = evening.add(0.0, CHANGE + PASSAGE / 2, {"note": 67})
    evening.change()
    evening.play(102)
    assert evening.rack.voices(NEW) == [long]
    assert short in evening.rack.voices(OLD)
    sound = evening.play(120)
    last = np.flatnonzero(np.abs(sound).max(axis=0) > 1e-4).max() / RATE + 102 * BLOCK / RATE
    assert last == pytest.approx(1.0 + 0.005 + 2 * evening.rack.latency / RATE, abs=0.01)
    assert evening.rack.sounding == 0


def test_a_neighbour_on_the_same_instrument_stays_there() -> None:
    """Only the notes of the layer that goes go."""
    evening = Evening({OLD: instrument("keys"), NEW: instrument("keys", brightness=0.9)})
    mine = evening.chord(0.0, 3.0)
    its = evening.chord(0.1, 3.0, layer=OTHER)
    evening.change()
    evening.play(120)
    assert sorted(evening.rack.voices(NEW)) == mine
    assert sorted(evening.rack.voices(OLD)) == its


def test_two_layers_that_leave_together_are_one_change() -> None:
    """Other numbers for an instrument on which two play: the voices of both sound on."""
    evening = Evening({OLD: instrument("keys"), NEW: instrument("keys", brightness=0.9)})
    notes = evening.chord(0.0, 3.0) + evening.chord(0.1, 3.0, layer=OTHER)
    evening.change()
    evening.change(layer=OTHER)
    evening.play(102)
    assert sorted(evening.rack.voices(NEW)) == notes
    assert evening.rack.sounding == len(notes)


def test_back_and_forth_is_the_same_instrument_all_the_time() -> None:
    """An undo comes as fast as the change, and no voice is lost or doubled."""
    evening = Evening({OLD: instrument("pad"), NEW: instrument("pad", cutoff=900)})
    notes = evening.chord(0.0, 3.0)
    for count in range(6):
        here, there = (OLD, NEW) if count % 2 == 0 else (NEW, OLD)
        evening.change(0.4 + 0.1 * count, here, there)
    evening.play(300)
    assert sorted(evening.rack.voices(OLD)) == notes
    assert evening.rack.sounding == len(notes)


def test_one_that_is_not_there_lets_the_old_play_on() -> None:
    """Held notes and new ones; when it is built at last it follows, and so does the one after a good save."""
    old, new = instrument("sine"), instrument("square")
    evening = Evening({OLD: old})
    held = evening.chord(0.0, 3.0)
    evening.change()
    evening.add(CHANGE, 2.0, {"note": 72}, NEW)
    evening.play(120)
    assert sorted(evening.rack.voices(OLD)) == [*held, held[-1] + 2]
    evening.desk.set_chains({OLD: old, NEW: new})
    evening.play(20)
    assert sorted(evening.rack.voices(NEW)) == [*held, held[-1] + 2]
    assert evening.rack.voices(OLD) == []


def test_one_that_cannot_be_built_is_followed_by_the_next_that_can() -> None:
    """The notes that the old one held for it go over."""
    old, good = instrument("sine"), instrument("triangle")
    evening = Evening({OLD: old, THIRD: good})
    evening.desk.refused.add(NEW)
    held = evening.chord(0.0, 3.0)
    evening.change()
    evening.add(CHANGE + 0.1, 2.0, {"note": 72}, NEW)
    evening.change(CHANGE + 0.3, NEW, THIRD)
    evening.play(200)
    assert sorted(evening.rack.voices(THIRD)) == [*held, held[-1] + 2]
    assert evening.rack.voices(OLD) == []


@pytest.mark.parametrize("name", ["nowhere", "empty", "broken.sf2", "broken.sfz"])
def test_samples_that_cannot_be_played_change_nothing(tmp_path: Path, name: str) -> None:
    """The chain is refused where it is built, in a line that names it; so the one before it plays on."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.sf2").write_bytes(b"\xff" * 100)
    (tmp_path / "broken.sfz").write_text("<group> volume=-6")
    evening = Evening({OLD: instrument("sine")})
    routes = Routes(
        evening.rack.prepare, evening.desk.set_chains, evening.said.append, refuse=evening.desk.refused.add
    )
    routes.learn({str(NEW): {"chain": sampler(tmp_path / name).to_json()}})
    routes.settle()
    assert name in evening.said.pop()
    held = evening.chord(0.0, 3.0)
    evening.change()
    evening.add(CHANGE, 2.0, {"note": 72}, NEW)
    evening.play(150)
    assert sorted(evening.rack.voices(OLD)) == [*held, held[-1] + 2]


def test_a_change_that_comes_late_is_a_change_all_the_same() -> None:
    """Notes that are so late are left out; who plays is not."""
    evening = Evening({OLD: instrument("sine")})
    evening.play(200)
    evening.change(0.2)
    evening.add(1.2, 1.0, {"note": 60}, NEW)
    evening.play(50)
    assert len(evening.rack.voices(OLD)) == 1


def test_panic_forgets_what_was_to_come() -> None:
    """Nothing follows afterwards, and nothing sounds."""
    evening = Evening({OLD: instrument("pad"), NEW: instrument("pad", cutoff=900)})
    evening.chord(0.0, 3.0)
    evening.change()
    evening.play(20)
    evening.desk.panic()
    evening.play(120)
    assert evening.rack.sounding == 0


def test_shapes() -> None:
    """Numbers that can be moved make no other shape; words, and what is built, do."""
    bass = instrument("bass")
    assert same_shape(bass, instrument("bass", cutoff=900, gain=0.5))
    assert same_shape(bass | fx.delay(0.2), bass | fx.delay(0.4))
    assert bass.key != instrument("bass", cutoff=900).key
    assert same_shape(bass, instrument("bass", cutoff=900)), "also where a key has been made of one"
    for other in (
        instrument("bass", wave="square"),
        instrument("bass", voices=4),
        instrument("keys"),
        bass | fx.delay(0.2),
    ):
        assert not same_shape(bass, other)
    assert not same_shape(bass | fx.ladder(mode="LPF12"), bass | fx.ladder(mode="HPF12"))
    found = [
        (one.found.owner, one.found.name, one.new)
        for one in differences(bass | fx.delay(0.2), instrument("bass", cutoff=900, gain=0.5) | fx.delay(0.4))
    ]
    assert found == [(-1, "cutoff", 900.0), (-2, "gain", 0.5), (0, "delay_seconds", 0.4)]
