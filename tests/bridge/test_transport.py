"""Jumps, loops and standing still, in virtual time: what is heard is what the piece says there."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.layer import Layer, seed_of
from bridge.scheduler import LEAD
from bridge.targets import midi
from bridge.transport import Transport
from patterns.inputs import knob
from tests.bridge.test_scheduler import BASS, CHANCE, CPS, DRUMS, NAMES, Row, Studio

if TYPE_CHECKING:
    from patterns.core import Pattern

note, fold = NAMES["note"], NAMES["fold"]


def strolled(last: int, dice: Any) -> int:
    """A step of a random walk."""
    return last + int(dice.choose([-2, -1, 1, 2]))


def counted(last: int) -> int:
    """The next number."""
    return last + 1


WALK: Any = fold(strolled, 60, per_cycle=4)

HALVES = st.integers(0, 40).map(lambda n: Fraction(n, 2))
SECTIONS = st.tuples(HALVES, st.sampled_from([Fraction(1, 2), Fraction(1), Fraction(3, 2), Fraction(4)]))
MOVES = st.lists(
    st.tuples(
        st.sampled_from([Fraction(1, 4), Fraction(1), Fraction(5, 2)]),
        st.one_of(
            st.tuples(st.just("jump"), HALVES),
            st.tuples(st.just("loop"), st.one_of(st.none(), SECTIONS.map(lambda s: (s[0], s[0] + s[1])))),
            st.tuples(st.just("stop"), st.none()),
            st.tuples(st.just("resume"), st.one_of(st.none(), HALVES)),
        ),
    ),
    max_size=8,
)


def changed(transport: Transport, at: Fraction, what: str, argument: Any) -> Transport:
    """One move, done."""
    if what == "jump":
        return transport.jumped(at, argument)
    if what == "loop":
        return transport.looped(at, argument)
    return transport.stopped(at) if what == "stop" else transport.resumed(at, argument)


@given(MOVES)
def test_every_cycle_that_passes_has_one_position(moves: list[tuple[Fraction, tuple[str, Any]]]) -> None:
    """Stretches follow one another without a gap; within each the position runs beside; JSON keeps all."""
    transport, at = Transport(), Fraction(0)
    for gap, (what, argument) in moves:
        at += gap
        before = transport
        transport = changed(transport, at, what, argument)
        for past in range(int(at * 4)):
            assert transport.position(Fraction(past, 4)) == before.position(Fraction(past, 4))
    end = at + 20
    bounds = [Fraction(-1), *transport.cuts(Fraction(-1), end), end]
    assert bounds == sorted(set(bounds))
    for left, right in pairwise(bounds):
        stretch = transport.stretch(left)
        assert stretch.end is None or stretch.end >= right
        for place in (left, (left + right) / 2):
            same = transport.stretch(place)
            assert (same.end, same.shift) == (stretch.end, stretch.shift)
            position = transport.position(place)
            if stretch.shift is not None:
                assert position == place + stretch.shift
            section = transport.section(place)
            if section is not None and stretch.shift is not None and place > at:
                assert section[0] <= position < section[1]
    assert Transport.from_json(transport.to_json()) == transport


def test_a_loop_that_goes_on_is_no_jump() -> None:
    """What lies within it plays on; outside it its begin is played."""
    inside = Transport().looped(Fraction(3), (Fraction(2), Fraction(6)))
    assert [int(inside.position(Fraction(n))) for n in range(2, 13)] == [2, 3, 4, 5, 2, 3, 4, 5, 2, 3, 4]
    assert inside.stretch(Fraction(4)).begin is None
    assert inside.stretch(Fraction(7)).begin == 6
    left = inside.looped(Fraction(9), None)
    assert [int(left.position(Fraction(n))) for n in range(8, 14)] == [4, 5, 6, 7, 8, 9]
    assert left.stretch(Fraction(12)).begin == 6
    outside = Transport().looped(Fraction(3), (Fraction(16), Fraction(18)))
    assert [int(outside.position(Fraction(n))) for n in range(2, 8)] == [2, 16, 17, 16, 17, 16]


def test_a_jump_keeps_a_loop_that_it_lands_in_and_leaves_any_other() -> None:
    """So does going on from another position."""
    looped = Transport().looped(Fraction(0), (Fraction(0), Fraction(4)))
    assert looped.jumped(Fraction(1), Fraction(3)).position(Fraction(2)) == 0
    assert looped.jumped(Fraction(1), Fraction(7)).position(Fraction(9)) == 15
    stopped = looped.stopped(Fraction(1))
    assert stopped.position(Fraction(100)) == 1
    assert stopped.resumed(Fraction(100)).position(Fraction(103)) == 0
    assert stopped.resumed(Fraction(100), Fraction(8)).position(Fraction(103)) == 11


def test_boundaries_are_counted_in_the_piece() -> None:
    """After a jump to a half they lie at halves; a jump is one; what stands waits for nothing."""
    transport = Transport().jumped(Fraction(9, 2), Fraction(8))
    assert transport.boundary(Fraction(4), Fraction(1)) == 4
    assert transport.boundary(Fraction(17, 4), Fraction(1)) == Fraction(9, 2)
    assert transport.boundary(Fraction(5), Fraction(1)) == Fraction(11, 2)
    assert transport.boundary(Fraction(5), Fraction(4)) == Fraction(17, 2)
    assert transport.boundary(Fraction(5), Fraction(0)) == 5
    assert transport.stopped(Fraction(5)).boundary(Fraction(21, 4), Fraction(4)) == Fraction(21, 4)
    looped = Transport().looped(Fraction(0), (Fraction(2), Fraction(4)))
    assert looped.boundary(Fraction(1, 2), Fraction(16)) == 2


def test_many_jumps_leave_nothing_behind() -> None:
    """The last ones are kept."""
    transport = Transport()
    for n in range(1, 500):
        transport = transport.jumped(Fraction(n), Fraction(n * 7 % 31))
    assert len(transport.passages) <= 64
    assert transport.position(Fraction(499)) == 499 * 7 % 31


def expected(name: str, pattern: Pattern, transport: Transport, cycles: Fraction) -> list[Row]:
    """What a layer is to be heard with: the haps of each stretch, until it stands."""
    rows: list[Row] = []
    bounds = [Fraction(0), *transport.cuts(Fraction(0), cycles), cycles]
    for left, right in pairwise(bounds):
        shift = transport.stretch(left).shift
        if shift is None or left == right:
            continue
        stops = [c for c in (*bounds, cycles) if c > left and not transport.rolls(c)]
        for hap in pattern.haps(left + shift, right + shift, seed=seed_of(0, name), cps=CPS):
            if hap.has_onset and hap.whole is not None:
                begin, end = hap.whole.begin - shift, hap.whole.end - shift
                until = min([end, *stops])
                if end <= cycles:
                    at = round(float(begin) / CPS, 6), round(float(until) / CPS, 6)
                    rows.append((name, *at, repr(sorted(hap.value.items()))))
    return sorted(rows)


LAYERS = {"drums": DRUMS, "bass": BASS, "chance": CHANCE, "walk": Layer(note(WALK), midi(channel=5))}


@settings(max_examples=40, deadline=None)
@given(MOVES, st.lists(st.floats(0.01, 0.9), min_size=1, max_size=6))
def test_what_is_heard_is_what_the_piece_says_there(
    moves: list[tuple[Fraction, tuple[str, Any]]], ticks: list[float]
) -> None:
    """Nothing lost, doubled, late or hanging, however the ticks fall; folds are as played from cycle 0."""
    studio = Studio()
    studio.set(0, **LAYERS)
    scheduler, at, count = studio.scheduler, Fraction(0), 0

    def pass_until(until: float) -> None:
        nonlocal count
        while studio.clock.now() < until - 1e-9:
            studio.tick(min(max(ticks[count % len(ticks)], 0.01), until - studio.clock.now()))
            count += 1

    for gap, (what, argument) in moves:
        at += gap
        pass_until(float(at) / CPS)
        soon = scheduler.next_boundary(Fraction(1) if gap > 1 else Fraction(0))
        scheduler.set_transport(changed(scheduler.transport, soon, what, argument), soon)
        scheduler.step()
    end = at + 6
    pass_until(float(end) / CPS + 0.2)
    for name, layer in LAYERS.items():
        heard = [row for row in studio.rows(name) if row[2] <= float(end) / CPS + 1e-6]
        wanted = expected(name, layer.pattern, scheduler.transport, end)
        assert [row for row in wanted if row[2] < float(end) / CPS - 1e-6] == [
            row for row in heard if row[2] < float(end) / CPS - 1e-6
        ]
    assert studio.player.agenda.late == 0


def test_a_place_that_is_played_once_is_moved_by_nothing() -> None:
    """It has no cycle of the piece."""
    studio = Studio()
    studio.scheduler.once(Layer(note("c3*4"), midi()))
    studio.run(0.5)
    soon = studio.scheduler.next_boundary(Fraction(0))
    studio.scheduler.set_transport(Transport().jumped(soon, Fraction(7)).stopped(soon + 1), soon)
    studio.run(4)
    assert len(studio.player.sounds) == 4


def test_a_knob_is_where_it_is_after_a_jump() -> None:
    """Its positions are those of the time that passes, not of the cycle that is played."""
    studio = Studio()
    studio.set(live=Layer(note("c3*2").gain(knob("level", default=0.5)), midi()))
    studio.run(8.1)
    studio.scheduler.set_control("level", 0.9)
    studio.run(8.6)
    studio.scheduler.set_transport(Transport().jumped(Fraction(5), Fraction(1)), Fraction(5))
    studio.run(12.5)
    gains = [x.event.controls["gain"] for x in studio.player.sounds]
    assert gains == [0.5] * 9 + [0.9] * 4


def test_named_folds_go_on_where_the_piece_is() -> None:
    """A jump back gives what they are there; a version that begins after one takes over what is there."""

    def walk(step: int) -> Layer:
        def stepped(last: int) -> int:
            return last + step

        return Layer(note(fold(stepped, 40, name="walk")), midi())

    studio = Studio()
    studio.set(walk=walk(1))
    studio.run(8.5)
    studio.scheduler.set_transport(Transport().jumped(Fraction(5), Fraction(2)), Fraction(5))
    studio.run(12.5)
    studio.set(7, walk=walk(10))  # where the piece is at 4
    studio.run(16.5)
    studio.scheduler.set_transport(studio.scheduler.transport.jumped(Fraction(9), Fraction(4)), Fraction(9))
    studio.run(21.9)
    heard = [x.event.controls["note"] for x in studio.player.sounds]
    assert heard == [40, 41, 42, 43, 44, 42, 43, 44, 54, 44, 54]


@pytest.mark.parametrize("far", [1_000, 60_000])
def test_a_fold_is_right_after_a_far_jump(far: int) -> None:
    """Also where one query would take too many steps; what is known already is not computed again."""
    studio = Studio()
    count: Any = fold(counted, 0, per_cycle=4)
    studio.set(walk=Layer(note(count.mod(100)), midi()))
    studio.run(4.5)
    boundary = studio.scheduler.next_boundary()
    moved = Transport().jumped(boundary, Fraction(far))
    studio.scheduler.set_transport(moved, boundary)
    studio.run(10.1)
    heard = [x.event.controls["note"] for x in studio.player.sounds]
    assert heard == [*range(12), *(n % 100 for n in range(4 * far, 4 * far + 9))][: len(heard)]
    assert len(heard) >= 20


def test_what_sounds_ends_where_the_piece_stands() -> None:
    """And not before; what lies behind it is taken back."""
    studio = Studio()
    studio.set(pad=Layer(note("c3").slow(4), midi()), hats=DRUMS)
    studio.run(3.1)
    boundary = studio.scheduler.next_boundary(Fraction(0))
    studio.scheduler.set_transport(Transport().stopped(boundary), boundary)
    studio.run(6)
    (pad,) = [x for x in studio.player.sounds if x.event.layer == "pad"]
    assert pad.end == pytest.approx(3.1 + LEAD, abs=1e-5)
    assert max(x.begin for x in studio.player.sounds) < 3.1 + LEAD
    studio.scheduler.set_transport(studio.scheduler.transport.resumed(Fraction(3)), Fraction(3))
    studio.run(7.9)
    assert [round(x.begin, 3) for x in studio.player.sounds if x.begin > 4][:2] == [6.1, 6.35]
