"""Windows cut from whole cycles."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from patterns.core import RawHap
from patterns.cycle_cache import CycleCache
from patterns.registry import namespace
from patterns.ticks import TICKS, to_ticks

N: dict[str, Any] = dict(namespace())

PATTERNS = [
    N["mini"]("a [b c] d*3 <e f>/3"),
    N["mini"]("a*7 b*11").late(Fraction(1, 7)),
    N["s"]("bd(3,8)").off(Fraction(1, 8), N["rev"]).degrade_by(0.4),
    N["mini"]("<a b c>/1.5"),
    N["mini"]("a b").slow(5).press(),
]


def asking(pattern: Any, asked: list[int]) -> Any:
    """Ask a pattern for cycles, and note which."""

    def ask(cycle: int) -> Sequence[RawHap]:
        asked.append(cycle)
        return pattern.answer(cycle * TICKS, (cycle + 1) * TICKS).haps

    return ask


@given(
    st.sampled_from(PATTERNS),
    st.lists(st.fractions(0, 6, max_denominator=48), min_size=2, max_size=8, unique=True),
)
def test_windows_hold_every_onset_once(pattern: Any, points: list[Fraction]) -> None:
    """Whatever the windows, they hold the onsets of the stretch, in order, none lost and none doubled."""
    bounds = [to_ticks(point) for point in sorted(points)]
    cache, asked = CycleCache(), list[int]()
    ask = asking(pattern, asked)
    found: list[RawHap] = []
    for begin, end in pairwise(bounds):
        found += cache.onsets(pattern, begin, end, ask) or []
    whole = [hap for hap in pattern.answer(bounds[0], bounds[-1]).haps if hap.has_onset]
    assert sorted((h.begin, h.end, repr(h.value)) for h in found) == sorted(
        (h.begin, h.end, repr(h.value)) for h in whole
    )
    assert [h.part_begin for h in found] == sorted(h.part_begin for h in found)
    assert len(asked) == len(set(asked))


def test_a_new_version_is_asked_anew() -> None:
    """What another version said is not taken for this one's."""
    cache, asked = CycleCache(), list[int]()
    old, new = N["mini"]("a"), N["mini"]("b")
    for version, value in [(old, "a"), (new, "b"), (new, "b"), (old, "a")]:
        found = cache.onsets(version, 0, TICKS, asking(version, asked))
        assert [hap.value for hap in found or []] == [value]
    assert asked == [0, 0, 0]


def test_what_failed_is_not_kept() -> None:
    """No answer is no answer, and is asked for again."""
    cache = CycleCache()
    pattern = N["mini"]("a b")
    assert cache.onsets(pattern, 0, 2 * TICKS, lambda _: None) is None
    assert len(cache) == 0
    assert len(cache.onsets(pattern, 0, 2 * TICKS, asking(pattern, [])) or []) == 4


def test_it_is_bounded_and_forgets() -> None:
    """It keeps so many cycles and no more, and those that are over can be forgotten."""
    cache = CycleCache(4)
    pattern = N["mini"]("a b")
    for cycle in range(100):
        cache.onsets(pattern, cycle * TICKS, (cycle + 1) * TICKS, asking(pattern, []))
        assert len(cache) <= 4
    cache.forget_before(98)
    assert len(cache) == 2
    cache.clear()
    assert len(cache) == 0


def test_a_signal_is_told_once() -> None:
    """Something continuous, which has no onset, stands in one window of its cycle."""
    cache = CycleCache()
    ask = asking(N["sine"], [])
    found = [cache.onsets(N["sine"], k * TICKS // 4, (k + 1) * TICKS // 4, ask) or [] for k in range(4)]
    assert [len(each) for each in found] == [1, 0, 0, 0]


def test_a_cycle_can_be_prepared() -> None:
    """A cycle that was prepared is not asked for again."""
    cache, asked = CycleCache(), list[int]()
    pattern = N["mini"]("a b")
    ask = asking(pattern, asked)
    assert cache.prepare(pattern, 3, ask)
    assert not cache.prepare(pattern, 3, ask)
    assert len(cache.onsets(pattern, 3 * TICKS, 4 * TICKS, ask) or []) == 2
    assert asked == [3]


def test_a_failure_is_met_once() -> None:
    """A cycle that failed when it was prepared is not asked for twice, and then is not remembered."""
    cache, asked = CycleCache(), list[int]()
    pattern = N["mini"]("a b")

    def fail(cycle: int) -> None:
        asked.append(cycle)

    assert cache.prepare(pattern, 3, fail)
    assert not cache.prepare(pattern, 3, fail)
    assert cache.onsets(pattern, 3 * TICKS, 4 * TICKS, fail) is None
    assert asked == [3]
    assert len(cache.onsets(pattern, 3 * TICKS, 4 * TICKS, asking(pattern, asked)) or []) == 2
