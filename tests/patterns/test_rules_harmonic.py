"""Chords by rules: chosen before the notes, and judged by their names and by what sounds."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, cast

import pytest

from patterns.errors import PatternError
from patterns.registry import namespace
from patterns.rules.barwise import chords_in, opening
from patterns.rules.changes import Change
from patterns.rules.composed import composed, key_of
from patterns.rules.declaring import Ruleset, part, ruleset
from patterns.ticks import TICKS
from tests.patterns.rules_checked import lines

rule = cast("Any", namespace()["rule"])
FREE = "C,F,G,Am,Dm"
GOES = {"C": "F G Am Dm", "F": "C G Dm", "G": "C Am", "Am": "F Dm", "Dm": "G"}


def harmony(*rules: Any, chords: Any = FREE, **options: Any) -> Ruleset:
    """Chords with one part over them."""
    return ruleset([part("low", "c3", "b3", notes="chord")], rules, chords=chords, **options)


def names(rules: Ruleset, bars: int = 32, seed: int = 0) -> list[str]:
    """The chords in a row."""
    return [chord.name for bar in range(bars) for chord in chords_in(rules, bar, key_of(seed))]


def told(rules: Ruleset, bars: int = 8) -> list[str]:
    """What is said while it plays."""
    return [problem.message for problem in composed(rules).answer(0, bars * TICKS).problems]


def test_of_alternatives_one_is_chosen() -> None:
    """Each comes, phrases differ, and another seed gives other chords; what is no choice stays."""
    rules = harmony(chords="C | C,F,Am Dm | G")
    found = names(rules, 8)
    assert (found[::4], found[2::4], found[3::4]) == (["C"] * 3, ["Dm"] * 3, ["G"] * 2)
    assert {name for seed in range(8) for name in names(rules, 8, seed)[1::4]} == {"C", "F", "Am"}
    assert len({tuple(names(rules, 8, seed)) for seed in range(8)}) > 4
    assert set(names(harmony())) == {"C", "F", "G", "Am", "Dm"}
    phrases = names(harmony(), 64)
    assert len({tuple(phrases[at : at + 8]) for at in range(0, 64, 8)}) == 8


def test_cadences_and_what_follows_what() -> None:
    """Over a hundred phrases of three seeds; without the rules it is otherwise."""

    def faults(rules: Ruleset, seed: int) -> int:
        found = names(rules, 96, seed)
        phrases = [found[at : at + 8] for at in range(0, 96, 8)]
        closes = sum(one[2:4] != ["F", "G"] or one[-2:] != ["G", "C"] for one in phrases)
        steps = sum(two not in GOES[one].split() for phrase in phrases for one, two in pairwise(phrase))
        return closes + steps

    rules = harmony(rule.cadence("V I"), rule.cadence("F V", 4, 40), rule.goes(GOES))
    for seed in range(3):
        assert faults(rules, seed) == 0
        assert faults(harmony(), seed) > 12
    assert told(rules) == []


def test_the_notes_are_of_the_chords_that_were_chosen() -> None:
    """And the cadence is heard: each fourth bar is on the tonic, the one before on the fifth."""
    rules = harmony(rule.cadence("V I", 4, 8), rule.lowest("low"))
    heard = [pitch % 12 for _, _, pitch in lines(rules, 32)["low"]]
    assert heard[3::4] == [0] * 8
    assert heard[2::4] == [7] * 8
    roots = {"C": 0, "Dm": 2, "F": 5, "G": 7, "Am": 9}
    assert heard == [roots[name] for name in names(rules)]
    assert len(set(heard)) == 5


@pytest.mark.parametrize(
    ("cadence", "scale", "chords", "last"),
    [
        ("ii V I", "C:major", FREE, ["Dm", "G", "C"]),
        ("Dm G Am", "C:major", FREE, ["Dm", "G", "Am"]),
        ("bII I", "C:major", "C,Db,G", ["Db", "C"]),
        ("VII III", "A:minor", "Am,G,C,E", ["G", "C"]),
        ("IV IV IV I", "C:major", FREE, ["F", "F", "F", "C"]),
    ],
)
def test_degrees_and_names(cadence: str, scale: str, chords: str, last: list[str]) -> None:
    """Degrees are of the scale; more than two chords may be asked for."""
    rules = harmony(rule.cadence(cadence), chords=chords, scale=scale)
    for seed in range(6):
        assert names(rules, 8, seed)[-len(last) :] == last
    assert told(rules) == []


def test_weighted_rules_choose_the_cheapest_chords() -> None:
    """Without chance the best there is: here a rule wants motion, and another two kinds of chords."""

    def it_moves(change: Change) -> bool:
        return change.before is None or change.before.chord is not change.chord

    def plain(change: Change) -> bool:
        return change.chord.name in {"C", "G"}

    weighted = [rule(it_moves, each="chord", weight=3), rule(plain, each="chord", weight=1)]
    found = names(harmony(*weighted, rule.cadence("IV I"), variety=0), 8)
    assert found[-2:] == ["F", "C"]
    assert set(found[:-2]) == {"C", "G"}
    assert all(one != two for one, two in pairwise(found))


def test_chords_that_are_given_are_judged_too() -> None:
    """What they break is named once in a phrase and left out; so is a rule that fails."""
    fixed = harmony(
        rule.goes({"C": "G F"}), rule.cadence("V I"), rule.cadence("IV I"), chords="C | F | G | C", phrase=4
    )
    assert told(fixed, 4) == [
        "these rules: no chords were found that keep 'a cadence IV I'; 'a cadence IV I' is left out"
    ]
    both = harmony(rule.cadence("V I"), rule.goes({"G": "F"}), phrase=4)
    said = "these rules: no chords were found that keep 'a cadence V I' and 'where chords go'; {} is left out"
    assert told(both, 4) == [said.format("'where chords go'")]
    assert names(both, 4)[-2:] == ["G", "C"]
    short = harmony(rule.cadence("II V I"), phrase=2)
    assert "'a cadence II V I' is left out" in told(short, 2)[0]

    def fails(change: Change) -> bool:
        return change.bars / (change.left * 0) > 1

    broken = harmony(rule(fails, each="chord"))
    assert "fails and is left out" in opening(broken, 0, key_of(0)).problems[0][0]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: rule.cadence(""), "degrees or names of chords"),
        (lambda: rule.cadence(3), "degrees or names of chords"),
        (lambda: rule.cadence("V H"), "no chord"),
        (lambda: rule.cadence("V I", 0), "a bar"),
        (lambda: rule.goes({}), "a table"),
        (lambda: rule.goes({"V": ""}), "degrees or names of chords"),
        (lambda: harmony(chords="C,H"), "no chord"),
        (lambda: harmony(chords="C,"), "no chord"),
    ],
)
def test_what_is_wrong_is_told(make: Any, said: str) -> None:
    """With what to write instead."""
    with pytest.raises(PatternError, match=said):
        make()
