"""Rules that listen back: every window of what is composed is measured here anew, from what sounds."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

import patterns.models
from patterns.errors import PatternError
from patterns.measures.heard import Heard
from patterns.models.artifact import read_learnt
from patterns.models.playing import Improviser
from patterns.rules.composed import composed
from patterns.rules.declaring import Rule, Ruleset, part, ruleset
from patterns.rules.judging import judge_of
from patterns.rules.ready import rule
from patterns.ticks import TICKS

BARS = 17
"""Two and a half phrases: with seams."""


def line(*laws: Rule, **more: Any) -> Ruleset:
    """Eight notes a bar by some rules."""
    return ruleset([part("line", "c4", "c5", onsets=8)], [rule.leaps(7), *laws], width=2, **more)


def heard(rules: Ruleset, bars: int = BARS, seed: int = 0) -> list[tuple[float, float, Any]]:
    """When, how long, what: of the haps."""
    answer = composed(rules, seed=seed).answer(0, bars * TICKS, fuel=10**7)
    assert not answer.problems
    return sorted(
        (
            float(hap.begin / TICKS),
            float((hap.end - hap.begin) / TICKS),
            hap.value.get("note", hap.value.get("s")),
        )
        for hap in answer.haps
        if hap.begin is not None and hap.end is not None
    )


def bits(rows: list[tuple[float, float, Any]]) -> float:
    """The entropy of pitch classes by how long they sound, by the books."""
    sums: defaultdict[int, float] = defaultdict(float)
    for _, length, pitch in rows:
        sums[pitch % 12] += length
    whole = sum(sums.values())
    return sum(length / whole * math.log2(whole / length) for length in sums.values())


def windows(
    rows: list[tuple[float, float, Any]], bars: int, of: Callable[[list[tuple[float, float, Any]]], float]
) -> list[float]:
    """A measure of as many bars up to each onset, that counted, where so many lie behind in the phrase."""
    onsets = sorted({onset for onset, _, _ in rows if onset % 8 >= bars})
    return [of([row for row in rows if at - bars < row[0] <= at]) for at in onsets]


@pytest.mark.parametrize(("low", "high", "bars"), [(0, 1.6, 1), (2.3, 3, 1), (0, 2, 2), (2.5, 2.81, 3)])
def test_the_entropy_of_the_last_bars_is_kept(low: float, high: float, bars: int) -> None:
    """In each window of many bars, where without the rule it is not."""
    free = windows(heard(line()), bars, bits)
    assert not all(low <= found <= high for found in free)
    kept = windows(heard(line(rule.measured("entropy", low, high, bars=bars), recall=3)), bars, bits)
    assert len(kept) > 70
    assert all(low <= found <= high for found in kept)


def test_at_the_begin_of_a_phrase_each_bar_is_asked() -> None:
    """About the bars that are there: the first alone, the second with it."""
    for seed in range(4):
        rows = heard(line(rule.measured("entropy", 0, 2.2, bars=3), recall=3), 2, seed)
        assert bits([row for row in rows if row[0] < 1]) <= 2.2
        assert bits(rows) <= 2.2


def test_weighted_it_pulls() -> None:
    """Most windows are in the range that few are in without."""
    free = windows(heard(line()), 1, bits)
    drawn = windows(heard(line(rule.measured("entropy", 0, 1.6, bars=1, weight=3))), 1, bits)

    def share(found: list[float]) -> float:
        return sum(one <= 1.6 for one in found) / len(found)

    assert share(free) < 0.3
    assert share(drawn) > 0.85


def test_the_density_of_one_part_is_kept() -> None:
    """Of drums that may be silent; the other part does what it likes."""
    parts = [
        part("kick", sound="bd", notes=[0, 1], onsets=8),
        part("hat", sound="hh", notes=[0, 0.5], onsets=8),
    ]

    def strokes(rows: list[tuple[float, float, Any]]) -> float:
        return sum(sound == "bd" for _, _, sound in rows) / 2

    ruled = ruleset(parts, [rule.measured("density", 2, 3, bars=2, part="kick")])
    times = [at for at, _, sound in heard(ruled) if sound == "bd"]
    for step in range(BARS * 8):
        at = step / 8
        if at % 8 >= 2:
            assert 4 <= sum(at - 2 < time <= at for time in times) <= 6, at
    assert {strokes([row for row in heard(ruled) if bar <= row[0] < bar + 2]) for bar in range(8)} != {2.5}
    assert not all(2 <= found <= 3 for found in windows(heard(ruleset(parts, [])), 2, strokes))


def test_the_same_from_any_bar_on() -> None:
    """It is as seekable as all rules are."""
    ruled = line(rule.measured("entropy", 0, 1.6, bars=1))
    whole = [hap.value for hap in composed(ruled).haps(0, 12)]
    fresh = line(rule.measured("entropy", 0, 1.6, bars=1))
    assert [hap.value for hap in composed(fresh).haps(10, 12)] == whole[10 * 8 :]


def test_a_rule_of_ones_own_reads_the_bars_before() -> None:
    """Each measure, as it is of the haps: of this bar, of several, of one part, of drums."""

    def one_of(*values: Any) -> Callable[[Any], list[Any]]:
        """Another value at each onset, and only that."""
        return lambda place: [values[int(place.bar * 3 + place.count * 7) % len(values)]]

    parts = [
        part("high", "c4", "c5", notes=one_of(60, 64, None, 67, 71), onsets=4),
        part("low", "c3", "c4", notes=one_of(48, 52, 53), onsets=[1, (3, 3)]),
        part("kick", sound="bd", notes=one_of(0, 1, 0.5), onsets=4),
    ]
    measures = ("density", "entropy", "tension", "repetition", "errors", "key")
    asked = ((1, ""), (2, ""), (2, "high"), (1, "kick"))
    seen: dict[tuple[int, str, int, str], Any] = {}

    def spy(bar: Any) -> None:
        for what in measures:
            for bars, name in asked:
                seen[bar.place.bar, what, bars, name] = bar.measure(what, bars, name)
        if bar.before is not None:
            seen[bar.place.bar, "density", 0, ""] = bar.before.measure("density")

    ruled = ruleset(parts, [rule(spy, each="bar")])
    assert not composed(ruled).answer(0, 6 * TICKS).problems
    for bar in range(1, 6):
        for what in measures:
            for bars, name in asked:
                source = composed(ruled, name).measured(what, bars)
                told = source.segment(1).haps(bar + 1, bar + 2)[0].value
                found = seen[bar, what, bars, name]
                assert found == (told if what == "key" else pytest.approx(told)), (bar, what, bars, name)
        sounding = [hap for hap in composed(ruled).haps(bar - 1, bar) if hap.has_onset]
        assert seen[bar, "density", 0, ""] == len(sounding)


def test_what_is_not_there_is_told() -> None:
    """With what there is."""
    with pytest.raises(PatternError, match="did you mean density"):
        rule.measured("densitiy", 0, 1)
    with pytest.raises(PatternError, match="knows no 'repetition'"):
        rule.measured("repetition", 0, 1)
    with pytest.raises(PatternError, match="lower end first"):
        rule.measured("entropy", 2, 1)
    with pytest.raises(PatternError, match="1 to 16"):
        rule.measured("entropy", 0, 1, bars=0)
    ruled = line(rule(lambda bar: bar.measure("loudness") < 3, each="bar"))
    assert "bar.measure knows no 'loudness'" in composed(ruled).answer(0, TICKS).problems[0].message
    assert repr(rule.measured("entropy", 0, 2, bars=1, part="line")) == "line entropy 0 to 2 in 1 bar (hard)"


def test_voices_and_tension_are_heard() -> None:
    """Two parts, told to make no faults of voice-leading, make none in any two bars."""
    parts = [part("low", notes=[48, 50, 52], onsets=2), part("high", notes=[55, 57, 59, 60, 62], onsets=2)]

    def perfect(rows: list[tuple[float, float, Any]]) -> float:
        chords = [
            sorted(pitch for at, _, pitch in rows if at == time) for time in sorted({at for at, _, _ in rows})
        ]
        return sum(
            len(one) == len(other) == 2
            and one != other
            and (one[1] - one[0]) % 12 == (other[1] - other[0]) % 12
            and (one[1] - one[0]) % 12 in {0, 7}
            for one, other in pairwise(chords)
        )

    def total(laws: list[Rule]) -> float:
        return sum(windows(heard(ruleset(parts, laws)), 2, perfect))

    assert total([]) > 0
    assert total([rule.measured("errors", 0, 0, bars=2)]) == 0
    calm = heard(ruleset(parts, [rule.measured("tension", 0, 0.2, bars=1, weight=20)], width=1), 8)
    wild = heard(ruleset(parts, [rule.measured("tension", 0.4, 1, bars=1, weight=20)], width=1), 8)

    def apart(rows: list[tuple[float, float, Any]]) -> float:
        """How many notes within half a bar of one another clash: a second, a seventh, a tritone."""
        near = [
            (a[2] - b[2]) % 12 in {1, 2, 6, 10, 11} for a, b in combinations(rows, 2) if b[0] - a[0] <= 0.5
        ]
        return sum(near) / len(near)

    assert apart(calm) < apart(wild)


def test_a_line_that_breeds_is_asked_at_its_end() -> None:
    """One bar is all that there is of it."""
    judge = judge_of(line(rule.measured("density", 2, 3, bars=2, weight=4)))
    assert judge.cost([60, None, None, None, 62, None, 64, None]) == 0
    assert judge.cost([60, None, None, None, 62, 62, 64, 62]) == 4 * 2
    assert judge.cost([60, *[None] * 7]) == 4 * 1


def test_a_model_is_drawn_to_it() -> None:
    """When its voices move it says, where they go is asked: fewer pitch classes in a cycle."""
    learnt = read_learnt((Path(patterns.models.__file__).parent / "chorale.model").read_bytes(), "chorale")
    chorale = Improviser(learnt, "chorale")

    def mean(laws: Any) -> float:
        made = chorale.continue_(key="C", rules=laws).answer(TICKS, 8 * TICKS, fuel=10**7)
        rows = [
            (float(hap.begin / TICKS), float((hap.end - hap.begin) / TICKS), hap.value["note"])
            for hap in made.haps
            if hap.begin is not None and hap.end is not None
        ]
        return sum(bits([row for row in rows if bar <= row[0] < bar + 1]) for bar in range(1, 8)) / 7

    assert mean([rule.measured("entropy", 0, 1.8, bars=1)]) < mean([]) - 0.4


def test_a_note_is_heard_once() -> None:
    """Where it begins, with its whole length; one that is held is not heard again, a rest never."""
    rows: list[list[Heard]] = []

    def spy(moment: Any) -> None:
        rows.append(moment.played())

    parts = [part("long", "c4", "c4", onsets=[1], notes=[60]), part("short", notes=[62, 62], onsets=[1, 3])]
    composed(ruleset(parts, [rule(spy, each="moment")], ahead=0)).haps(0, 1)
    assert [Heard(0, 1, 60), Heard(0, 0.5, 62)] in rows
    assert [Heard(0.5, 0.5, 62)] in rows
