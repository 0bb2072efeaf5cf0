"""The desk plays events at their frames, and survives whatever a rack or an event does."""

import json
from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from bridge.event import SinkEvent
from plugin_host.audio import Audio
from plugin_host.clicks import Clicks
from plugin_host.desk import Desk, preparer
from plugin_host.problems import Failure
from plugin_host.specs import Chain, instrument
from plugin_host.stream_time import Place

RATE, BLOCK = 48_000, 128


class Broken(Clicks):
    """A rack in which everything fails."""

    def begin(self, route: int, ident: int, controls: Mapping[str, object], offset: int) -> None:
        """Fail."""
        raise RuntimeError("no voice")

    def render(self) -> Audio:
        """Fail."""
        raise ZeroDivisionError("division by zero")

    def set_chains(self, chains: Mapping[int, Chain]) -> None:
        """Fail."""
        raise KeyError("chain")

    def meters(self) -> dict[str, object]:
        """Fail."""
        raise ValueError("meters")


def event(ident: int, at: float, until: float | None = None, on: bytes = b"{}") -> SinkEvent:
    """An event of an instrument on route 3."""
    return SinkEvent(ident, at, at if until is None else until, 3, on, b"")


def desk(notices: list[str] | None = None, rack: Clicks | None = None) -> tuple[Desk, Clicks]:
    """A desk with clicks."""
    clicks = rack or Clicks(RATE, BLOCK)
    said: list[str] = [] if notices is None else notices
    return Desk(clicks, said.append), clicks


@given(st.lists(st.integers(0, 40 * BLOCK), max_size=30, unique=True), st.integers(0, 10**9))
def test_each_event_sounds_once_at_its_frame(frames: list[int], first: int) -> None:
    """For every set of onsets and any place of the timeline: the nearest frame, no more, no less."""
    player, _ = desk()
    player.add(event(n, (first + f + 0.3) / RATE) for n, f in enumerate(frames))
    blocks = [player.play(Place(first + n * BLOCK, RATE)) for n in range(41)]
    heard = np.flatnonzero(np.concatenate(blocks, axis=1)[0])
    assert heard.tolist() == sorted(frames)
    assert player.agenda.late == 0


@given(st.lists(st.floats(-2e-5, 2e-5), min_size=20, max_size=20), st.floats(1e-4, 1e-2))
def test_places_that_waver_lose_and_double_nothing(wobble: list[float], start: float) -> None:
    """Where the clock is fitted, blocks overlap or part by a hair: each event sounds once, none is late."""
    player, clicks = desk()
    player.add(event(n, start + n * 0.001) for n in range(60))
    for n, aside in enumerate(wobble):
        player.play(Place(n * BLOCK + aside * RATE, RATE))
    idents = [click.ident for click in clicks.played]
    assert idents == list(range(len(idents)))
    assert len(idents) >= (20 * BLOCK / RATE - start) / 0.001 - 1
    assert player.agenda.late == 0


def test_an_end_is_exact_too_and_comes_before_a_begin_of_the_same_frame() -> None:
    """The off of one event and the on of the next meet at one frame, in this order."""
    player, clicks = desk()
    player.add([event(1, 100 / RATE, 300 / RATE), event(2, 300 / RATE)])
    for n in range(4):
        player.play(Place(n * BLOCK, RATE))
    assert [(c.frame, c.ident, c.begins) for c in clicks.played] == [
        (100, 1, True),
        (300, 1, False),
        (300, 2, True),
    ]


def test_what_comes_late_sounds_at_once_and_is_counted() -> None:
    """A little late is better than never; very late is dropped."""
    player, clicks = desk()
    player.play(Place(RATE, RATE))
    player.add([event(1, 0.99), event(2, 0.5)])
    player.play(Place(RATE + BLOCK, RATE))
    assert [c.frame for c in clicks.played] == [BLOCK]
    assert (player.agenda.late, player.agenda.dropped) == (2, 1)


def test_panic_silences_and_forgets() -> None:
    """The rack is silent, and nothing that was held comes after."""
    player, clicks = desk()
    player.add([event(1, 0.0, 5.0), event(2, 0.01)])
    player.play(Place(0, RATE))
    player.panic()
    for n in range(1, 10):
        assert not player.play(Place(n * BLOCK, RATE)).any()
    assert clicks.silenced == 1
    assert player.agenda.held() == []
    assert player.agenda.sounding == 0


def test_bad_events_are_dropped_and_named_once() -> None:
    """Bytes that are no table, and controls that a rack refuses, do not touch the others."""
    notices: list[str] = []
    player, clicks = desk(notices)
    player.add(
        event(n, n / RATE, on=on) for n, on in enumerate([b"\xff", b"3", b'{"velocity": "f"}', b"{}"] * 3)
    )
    player.play(Place(0, RATE))
    assert [c.ident for c in clicks.played] == [3, 7, 11]
    assert len(notices) == len(set(notices)) == 3
    assert all(text.startswith("an event could not be played: ") for text in notices)
    assert "velocity must be a number, not 'f'" in notices[2]


def test_a_broken_rack_gives_silence_and_one_notice_each() -> None:
    """Whatever fails inside, there is a block for the device."""
    notices: list[str] = []
    player, _ = desk(notices, Broken(RATE, BLOCK))
    player.set_chains({3: instrument("bass")})
    player.add([event(1, 0.0), event(2, 0.001)])
    for n in range(3):
        audio = player.play(Place(n * BLOCK, RATE))
        assert audio.shape == (2, BLOCK)
        assert not audio.any()
    assert player.meters() == {}
    assert sorted(notices) == [
        "an event could not be played: no voice",
        "the instruments could not be changed: 'chain'",
        "the meters do not work: meters",
        "the mixer lost a block: division by zero",
    ]


def test_what_a_rack_reports_is_passed_on_once() -> None:
    """Problems are read off the rack after each block."""
    notices: list[str] = []
    player, clicks = desk(notices)
    for n in range(3):
        clicks.problems.append(f"problem {n // 2}")
        player.play(Place(n * BLOCK, RATE))
    assert notices == ["problem 0", "problem 1"]
    for n in range(2):
        clicks.problems.append(Failure("a plugin crashed"))
        player.play(Place((3 + n) * BLOCK, RATE))
    assert notices[2:] == 2 * ["a plugin crashed"]  # each failure is news


def test_another_rack_takes_over() -> None:
    """Events go on, on the new instruments; their problems are read from the start."""
    notices: list[str] = []
    player, old = desk(notices)
    old.problems += ["a", "b"]
    player.add([event(1, 0.0), event(2, 2 * BLOCK / RATE, on=json.dumps({"velocity": 0.5}).encode())])
    player.play(Place(0, RATE))
    fresh = Clicks(RATE, BLOCK)
    fresh.problems.append("c")
    player.replace_rack(fresh)
    heard = [player.play(Place(n * BLOCK, RATE)).max() for n in range(1, 4)]
    assert heard == [0, 0.5, 0]
    assert notices == ["a", "b", "c"]


def test_a_rack_that_cannot_prepare_builds_at_once() -> None:
    """The clicks have nothing to prepare; a rack that can is asked to."""
    asked: list[Chain] = []

    class Slow(Clicks):
        def prepare(self, chain: Chain) -> None:
            asked.append(chain)

    chain = instrument("keys")
    preparer(Clicks(RATE, BLOCK))(chain)
    assert asked == []
    preparer(Slow(RATE, BLOCK))(chain)
    assert asked == [chain]


def test_blocks_follow_each_other() -> None:
    """A click on each block's first frame: none is taken into the block before."""
    player, clicks = desk()
    player.add(event(n, n * BLOCK / RATE) for n in range(1, 50))
    for n in range(50):
        player.play(Place(n * BLOCK, RATE))
    assert {b.frame - a.frame for a, b in pairwise(clicks.played)} == {BLOCK}
