"""What is laid out when a pattern is built says the same as what is worked out in each query."""

from __future__ import annotations

import gc
import sys
from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns import meeting
from patterns.combine import SILENCE, fast, fmap, pure, round_and_round, sequence, slowcat, stack
from patterns.core import Flat, Pattern, RawHap
from patterns.errors import OutOfFuel
from patterns.joining import app_left
from patterns.registry import namespace
from patterns.slots import MOST_SLOTS
from patterns.state import Walk
from patterns.ticks import TICKS, Time, to_ticks

N: dict[str, Any] = dict(namespace())

LEAVES = st.sampled_from([pure("a"), pure("b"), pure(3), SILENCE, N["mini"]("x*3").late(Fraction(1, 5))])
WEIGHTS = st.sampled_from([Fraction(1), Fraction(2), Fraction(3, 2)])


def combined(inner: st.SearchStrategy[Pattern]) -> st.SearchStrategy[Pattern]:
    """Draw a combination of patterns."""
    some = st.lists(inner, min_size=1, max_size=4)
    return st.one_of(
        st.lists(st.tuples(WEIGHTS, inner), min_size=1, max_size=4).map(sequence),
        some.map(slowcat),
        some.map(stack),
        st.tuples(some, st.sampled_from([Fraction(3), Fraction(5, 2), Fraction(8)])).map(
            lambda drawn: round_and_round(*drawn)
        ),
        st.tuples(inner, st.sampled_from([Fraction(2), Fraction(3), Fraction(7), Fraction(3, 2)])).map(
            lambda drawn: fast(*drawn)
        ),
    )


BUILT = st.recursive(LEAVES, combined, max_leaves=12)
POINTS = st.fractions(0, 7, max_denominator=60)


def closed(pattern: Pattern) -> Pattern:
    """Hide how a pattern was built: only its answers are left."""
    return Pattern(pattern.run, pattern.steps, pattern.period, pattern.reads)


def joined(haps: list[RawHap]) -> dict[Any, Any]:
    """Join the fragments of each hap."""
    total: dict[Any, Any] = {}
    for hap in haps:
        key = (hap.begin, hap.end, repr(hap.value), hap.where)
        total[key] = total.get(key, 0) + hap.part_end - hap.part_begin
    return {key: length for key, length in total.items() if length}


def same(one: Pattern, other: Pattern, begin: Fraction, end: Fraction) -> None:
    """Compare two patterns between two cycles."""
    first, last = sorted([to_ticks(begin), to_ticks(end)])
    assert joined(one.answer(first, last).haps) == joined(other.answer(first, last).haps)


@given(BUILT, POINTS, POINTS)
def test_slots_of_a_sequence(inner: Pattern, begin: Fraction, end: Fraction) -> None:
    """A sequence of open patterns is that of the same patterns closed."""
    parts = [(Fraction(1), inner), (Fraction(2), pure("z")), (Fraction(1), inner)]
    hidden = sequence([(weight, closed(child)) for weight, child in parts])
    same(sequence(parts), hidden, begin, end)
    same(fast(sequence(parts), Fraction(3)), fast(hidden, Fraction(3)), begin, end)
    same(slowcat([inner, pure("z")]), slowcat([closed(inner), closed(pure("z"))]), begin, end)


@given(st.lists(BUILT, min_size=1, max_size=4), POINTS, POINTS)
def test_steps_round_and_round(children: list[Pattern], begin: Fraction, end: Fraction) -> None:
    """`{a b c}%n` is the sequence, sped up."""
    count = len(children)
    for pace in (Fraction(4), Fraction(7, 2), Fraction(1), Fraction(1, 3)):
        line = sequence([(Fraction(1), child) for child in children])
        same(round_and_round(children, pace), fast(line, pace / count), begin, end)


@given(BUILT, POINTS, POINTS)
def test_values_changed_where_they_are_written(inner: Pattern, begin: Fraction, end: Fraction) -> None:
    """Changing values when the pattern is built is changing those of each query."""

    def change(value: Any) -> Any:
        return f"<{value}>"

    same(fmap(inner, change), fmap(closed(inner), change), begin, end)
    assert fmap(inner, change).steps == inner.steps
    assert fmap(inner, change).period == inner.period


@given(BUILT, POINTS, POINTS)
def test_a_value_that_does_not_suit_is_told_in_the_query(
    inner: Pattern, begin: Fraction, end: Fraction
) -> None:
    """One bad value among those that are written drops its haps, whichever way they are changed."""
    first, last = sorted([to_ticks(begin), to_ticks(end)])
    both = [fmap(each, lambda value: value + "!").answer(first, last) for each in (inner, closed(inner))]
    assert joined(both[0].haps) == joined(both[1].haps)
    assert set(both[0].problems) == set(both[1].problems)


@given(BUILT, BUILT, POINTS, POINTS)
def test_asking_the_right_side_once(left: Pattern, right: Pattern, begin: Fraction, end: Fraction) -> None:
    """A discrete right side may be asked for the whole query instead of for each hap."""
    assert right.discrete

    def meet(one: Any, other: Any) -> Any:
        return (one, other)

    same(app_left(left, right, meet), app_left(closed(left), closed(right), meet), begin, end)


@given(st.integers(2, 6), st.integers(5, 40), POINTS, POINTS)
def test_many_voices_on_the_right(voices: int, speed: int, begin: Fraction, end: Fraction) -> None:
    """More overlapping haps than are simply looked through are found all the same."""
    right = stack([fast(pure(voice), Fraction(speed + voice, 3)) for voice in range(voices)])
    left = N["mini"]("a [b c]*3 d@3")

    def meet(one: Any, other: Any) -> Any:
        return (one, other)

    same(app_left(left, right, meet), app_left(left, closed(right), meet), begin, end)


@pytest.mark.parametrize("crowd", [0, 1000])
def test_both_ways_through_a_crowd_keep_the_order(crowd: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of haps at the same time those of the first voice come first."""
    monkeypatch.setattr(meeting, "CROWD", crowd)
    found = N["mini"]("a*2").set(N["stack"]("0 1 2 3", "4 5", "6")).haps(0, 1)
    assert [hap.value for hap in found] == [0, 4, 6, 1, 2, 5, 6, 3]


def test_a_continuous_right_side_is_asked_for_each_hap() -> None:
    """Signals hidden in a combination are still taken at the onset of each hap."""

    def ramp(_: Pattern) -> Pattern:
        return N["saw"]

    mixed = N["mini"]("<0 1>").when("<0 1>", ramp)
    assert not mixed.discrete
    found = N["mini"]("a*4").set(mixed).haps(1, 2)
    assert [hap.value for hap in found] == [0.0, 0.25, 0.5, 0.75]


def test_nothing_continuous_is_called_discrete() -> None:
    """Signals and what is made of them are not discrete."""
    for pattern in (N["saw"], N["stack"]("a", N["saw"]), N["saw"].fast(2), N["fastcat"]("a", N["rand"])):
        assert not pattern.discrete


def test_slots_cost_fuel() -> None:
    """A table is no way around the fuel."""
    assert len(N["mini"]("[a b]*32").answer(0, TICKS, fuel=64).haps) == 64
    for text in ("[a b]*32", "{a b c}%64", "<a b>*64"):
        with pytest.raises(OutOfFuel):
            N["mini"](text).answer(0, 4 * TICKS, fuel=100)


def test_what_is_written_often_is_not_laid_out() -> None:
    """A table has an end: very many repeats are worked out when they are asked for."""
    assert N["mini"]("a*100000000").slots is None
    assert N["mini"]("[a b c]*1000000").slots is None
    assert len(N["mini"]("[a b c]*1000000").answer(0, TICKS // 1_000_000).haps) == 3


def test_many_cycles_leave_nothing_behind() -> None:
    """A pattern keeps nothing of the cycles that it was asked for; one that does is found out."""
    deep = N["s"]("a(3,8)").n("0 <1 2> [3 4]").every(3, N["rev"])
    deep = deep.off(0.125, N["add"](N["n"](7))).jux(N["fast"](2))
    kept: list[Flat] = []

    def hoarding(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept.extend(deep.run(begin, end, walk))
        return []

    def growth(pattern: Pattern) -> int:
        for cycle in range(40):
            pattern.answer(cycle * TICKS, (cycle + 1) * TICKS)
        gc.collect()  # what other tests have left behind is not of this pattern
        before = sys.getallocatedblocks()
        for cycle in range(40, 400):
            pattern.answer(cycle * TICKS, (cycle + 1) * TICKS)
        gc.collect()
        return sys.getallocatedblocks() - before

    assert growth(deep) < 100
    assert growth(replace(deep, run=hoarding)) > 1000


def test_doubling_a_pattern_again_and_again_stays_cheap() -> None:
    """A pattern that holds itself twice, twenty times over, is no million values to be built."""
    for double in ("fastcat", "stack", "cat", "stepcat"):
        pattern = N["s"]("a b")
        for _ in range(20):
            pattern = N[double](pattern, pattern)
        louder = pattern.gain(0.5).add(N["n"](1))
        assert louder.remake is None
        if double == "stack":
            with pytest.raises(OutOfFuel):
                louder.answer(0, TICKS, fuel=1000)
        else:
            assert louder.answer(0, TICKS // 1_048_576).haps


def test_a_sequence_of_sequences_has_an_end() -> None:
    """A text can be short and say very much: its table stays small, and its answer is the same."""
    pattern = N["mini"]("[a*200]!4000")
    assert pattern.slots is not None
    assert len(pattern.slots) <= 2 * MOST_SLOTS
    stretch = TICKS // 1000
    for begin in (0, TICKS // 2, TICKS - stretch):
        assert len(pattern.answer(begin, begin + stretch).haps) == 800
