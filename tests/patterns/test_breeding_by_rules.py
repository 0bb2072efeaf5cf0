"""Phrases that breed by rules: the cheapest is the best, and what breaks a hard rule dies out."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.combine import stack
from patterns.core import Pattern
from patterns.engines.breeding import evolve
from patterns.errors import PatternError
from patterns.registry import namespace
from patterns.rules.composed import composed
from patterns.rules.context import Note
from patterns.rules.declaring import Ruleset, part, ruleset
from patterns.rules.judging import judge_of
from patterns.ticks import TICKS

rule = cast("Any", namespace()["rule"])
ONSETS = [1, 2, 2.5, 3, (4, 0.5)]


def tune(*laws: Any, onsets: Any = 8, **options: Any) -> Ruleset:
    """A line in dorian."""
    return ruleset([part("tune", "d4", "d5", onsets=onsets)], laws, scale="D:dorian", **options)


def pitches(pattern: Pattern, cycle: int, seed: int = 0) -> list[Any]:
    """What is played in a cycle."""
    return [hap.value for hap in pattern.haps(cycle, cycle + 1, seed=seed)]


def breaches(line: list[int]) -> int:
    """Where a line leaps by more than a fourth, stands still, or ends away from home."""
    wrong = sum(abs(two - one) > 5 or one == two for one, two in pairwise(line))
    return wrong + (line[-1] % 12 != 2)


def alike(line: list[str]) -> int:
    """The fewer notes the better."""
    return -len(set(line))


LAWS = (rule.leaps(5), rule.repeats(1), rule.ends_on(0))


def test_a_set_breeds_a_line_that_keeps_it() -> None:
    """Of what its part may have, without anything else said; it begins as chance has it."""
    bred = evolve(tune(*LAWS), generations=4)
    first, late = ([pitches(bred, cycle, seed) for seed in range(4)] for cycle in (0, 10))
    assert sum(map(breaches, first)) > 4
    assert sum(map(breaches, late)) == 0
    assert {pitch % 12 for line in late for pitch in line} <= {2, 4, 5, 7, 9, 11, 0}


def test_rules_stand_beside_functions_and_are_weighed() -> None:
    """The heavier wins; a hard one goes before any function."""
    low, high = rule.within("c3", "c3", weight=1), rule.within("c5", "c5", weight=1)
    values = ["c3", "g3", "c4", "g4", "c5"]
    weighed: list[Any] = [(low, 3), high]
    assert set(pitches(evolve(weighed, values, generations=8), 12)) == {"c3"}
    weighed = [low, (high, 3)]
    assert set(pitches(evolve(weighed, values, generations=8), 12)) == {"c5"}
    still: list[Any] = [(alike, 100), rule.repeats(1)]
    line = pitches(evolve(still, ["c4", "d4"], generations=8), 12)
    assert line in (["c4", "d4"] * 4, ["d4", "c4"] * 4)


def test_its_part_gives_the_rhythm_and_its_chords_the_tones() -> None:
    """A bar a cycle, with rests as they are; steps= makes them even."""
    rules = tune(rule.in_chord(), rule.leaps(7), onsets=ONSETS, chords="Dm G7")
    bred = evolve(rules, generations=8)
    spans = [hap.whole for hap in bred.haps(12, 13) if hap.whole is not None]
    begins = [0, Fraction(1, 4), Fraction(3, 8), Fraction(1, 2), Fraction(3, 4)]
    assert [one.begin - 12 for one in spans] == begins
    assert [one.end - 12 for one in spans] == [*begins[1:], Fraction(7, 8)]
    line = pitches(bred, 12)
    assert all(pitch % 12 in {2, 5, 9} for pitch in line[:3])
    assert all(pitch % 12 in {7, 11, 2, 5} for pitch in line[3:])
    assert len(pitches(evolve(rules, steps=6), 3)) == 6
    rests = evolve(rules, [62, None, "~"], generations=0)
    assert len(pitches(rests, 3)) < len(ONSETS)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1 << 30), st.lists(st.integers(62, 74), min_size=5, max_size=5))
def test_what_is_composed_costs_no_breach_and_what_breaks_rules_does(seed: int, line: list[int]) -> None:
    """The search and the judge ask the same rules of the same places; a checker of its own agrees."""
    rules = tune(*LAWS, onsets=ONSETS, phrase=1)
    judge = judge_of(rules)
    notes = [cast("dict[str, int]", hap.value)["note"] for hap in composed(rules, seed=seed).haps(0, 1)]
    assert judge.cost(notes) == breaches(notes) == 0
    assert judge.cost(line) == 1000 * breaches(line)


def test_a_rule_that_fails_is_named() -> None:
    """The music goes on; nothing is played, for nothing is known of any phrase."""

    @rule
    def broken(note: Note) -> bool:
        return note.nothing_of_the_kind > 3  # type: ignore[attr-defined, no-any-return]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType] - a musician's mistake

    answer = evolve(broken, range(60, 68)).answer(0, TICKS)
    assert "the rule 'broken' fails" in answer.problems[0].message
    assert not answer.haps


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: evolve(ruleset([part("low"), part("high")], [])), "several parts (low, high)"),
        (lambda: evolve([tune(), tune()]), "one ruleset"),
        (lambda: evolve(rule.leaps(2, of="alto"), range(8)), "is about 'alto'; parts: line"),
        (lambda: evolve(rule.leaps(2)), "list of values"),
        (lambda: evolve((rule.smooth(2), -1), range(8)), "from 0 on"),
        (lambda: evolve(tune(onsets=[])), "found 0"),
        (lambda: evolve([3], range(8)), "or a rule"),
    ],
)
def test_what_is_wrong_is_told(make: Callable[[], Any], said: str) -> None:
    """With what to write instead."""
    with pytest.raises((PatternError, TypeError)) as refusal:
        make()
    assert said in str(refusal.value)


def test_under_a_name_two_of_the_same_rules_are_one() -> None:
    """Written twice in a piece; with other rules they are two, and that is told."""
    five, again, seven = (evolve(tune(rule.leaps(most)), name="x") for most in (5, 5, 7))
    assert not stack([five, again]).answer(0, TICKS).problems
    with pytest.raises(PatternError, match="are called 'x'"):
        stack([five, seven]).answer(0, TICKS)
