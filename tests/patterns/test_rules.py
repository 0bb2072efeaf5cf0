"""Composing by rules: a pure function of seed and bar, that goes on whatever the rules are."""

from __future__ import annotations

import gc
from collections.abc import Callable
from itertools import pairwise
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.core import Pattern
from patterns.dice import Dice
from patterns.errors import OutOfFuel, PatternError
from patterns.memory import Memory
from patterns.registry import namespace
from patterns.rules.barwise import opening
from patterns.rules.composed import composed, key_of
from patterns.rules.context import Bar, Moment, Note, Place, chord_of
from patterns.rules.declaring import Ruleset, part, ruleset
from patterns.state import DEFAULT_FUEL
from patterns.ticks import TICKS

rule = cast("Any", namespace()["rule"])


def line(*rules: Any, onsets: Any = 4, **options: Any) -> Ruleset:
    """Rules of one part."""
    return ruleset([part("line", "c4", "c5", onsets=onsets)], rules, **options)


def played(pattern: Pattern, begin: int, end: int, memory: Memory | None = None) -> list[Any]:
    """When what sounds, and for how long."""
    answer = pattern.answer(begin * TICKS, end * TICKS, fuel=10 * DEFAULT_FUEL, memory=memory)
    return [(hap.begin, hap.end, hap.part_begin, hap.part_end, hap.value) for hap in answer.haps]


def told(rules: Ruleset, bars: int = 1) -> list[str]:
    """What is said while it plays."""
    return [problem.message for problem in composed(rules).answer(0, bars * TICKS).problems]


def pitches(rules: Ruleset, bars: int = 4, seed: int = 0) -> list[Any]:
    """The notes of one part."""
    return [hap.value["note"] for hap in composed(rules, seed=seed).haps(0, bars)]


def never_so(_asked: object) -> bool:
    """Nothing can keep it."""
    return False


TIED = [2, (4, 3)]


@settings(max_examples=25)
@given(st.integers(-20, 40), st.integers(1, 6), st.integers(0, 23))
def test_any_cycle_can_be_asked_at_any_time(bar: int, count: int, cut: int) -> None:
    """Far ahead, backwards and in pieces, with a memory or none; notes may be tied over bars."""
    rules = line(rule.leaps(4), rule.repeats(1), onsets=TIED, phrase=5)
    whole = played(composed(rules), bar, bar + count)
    fresh = composed(line(rule.leaps(4), rule.repeats(1), onsets=TIED, phrase=5))
    middle = bar * TICKS + cut * count * TICKS // 24
    memory = Memory()
    late = fresh.answer(middle, (bar + count) * TICKS, memory=memory, fuel=10 * DEFAULT_FUEL).haps
    early = fresh.answer(bar * TICKS, middle, memory=memory, fuel=10 * DEFAULT_FUEL).haps if cut else []
    joined: dict[Any, tuple[Any, Any]] = {}
    for hap in [*early, *late]:
        key = (hap.begin, hap.end, str(hap.value))
        begin, _ = joined.get(key, (hap.part_begin, 0))
        joined[key] = (begin, hap.part_end)
    assert [(row[0], row[1], str(row[4]), row[2], row[3]) for row in whole] == [
        (*key, *parts) for key, parts in joined.items()
    ]


def test_the_same_seed_gives_the_same_bars() -> None:
    """And another seed others; the seed of the layer has no say, for parts play on several."""
    one = line(rule.leaps(4))
    assert pitches(one) == pitches(line(rule.leaps(4)))
    assert pitches(one) != pitches(one, seed=1)
    heard = composed(one).haps(0, 4, seed=5)
    assert [hap.value["note"] for hap in heard] == pitches(one)


def test_no_two_phrases_are_alike() -> None:
    """Each is composed anew."""
    rules = line(phrase=4)
    notes = pitches(rules, 32)
    assert len({tuple(notes[at : at + 16]) for at in range(0, 128, 16)}) == 8


def test_a_part_may_be_silent() -> None:
    """It has no onsets, in some bars or in all."""

    def odd_ones_rest(place: Place, _: Dice) -> list[int]:
        return [] if place.bar % 2 else [1]

    odd = ruleset([part("line", onsets=odd_ones_rest)], [rule.leaps(7)])
    assert [hap.whole.begin for hap in composed(odd).haps(0, 4) if hap.whole is not None] == [0, 2]
    assert pitches(line(rule.leaps(7), onsets=[])) == []


def test_weights_are_weighed() -> None:
    """What is dear comes seldom; without chance it does not come where it need not."""

    @rule(weight=5)
    def low(note: Note) -> float:
        return note.pitch - 60

    assert set(pitches(line(low, variety=0))) == {60}
    assert sum(pitches(line(low))) < sum(pitches(line()))


def test_a_hard_rule_is_never_broken_for_weighted_ones() -> None:
    """However heavy they are."""

    @rule(weight=1000)
    def stay(note: Note) -> bool:
        return not note.leap

    found = pitches(line(rule.repeats(1), stay))
    assert all(one != two for one, two in pairwise(found))


def test_contradictory_rules_are_named_and_the_last_one_goes() -> None:
    """The smallest set, without those that have nothing to do with it; and the music goes on."""

    @rule
    def high(note: Note) -> bool:
        return note.pitch > 66

    @rule
    def deep(note: Note) -> bool:
        return note.pitch < 66

    rules = line(rule.leaps(7), high, rule.in_scale(), deep, rule.no_interval(6))
    assert told(rules) == [
        "these rules: the rules 'high' and 'deep' contradict one another; 'deep' is left out"
    ]
    assert min(pitches(rules)) > 66
    assert "'high'" in told(line(deep, high))[0].rpartition("one another")[2]


def test_three_of_which_each_two_can_be_kept() -> None:
    """All three are named."""

    def outside(*tones: int) -> Callable[[Note], bool]:
        return lambda note: note.pitch % 12 not in tones

    three = [rule(outside(0, 2, 4)), rule(outside(5, 7, 4)), rule(outside(9, 11, 2))]
    names = ["one", "two", "three"]
    rules = [type(law)(name, law.test) for name, law in zip(names, three, strict=True)]
    assert told(line(*rules)) == [
        "these rules: the rules 'one', 'two' and 'three' contradict one another; 'three' is left out"
    ]
    assert told(line(*rules[:2])) == told(line(*rules[1:])) == []


def test_a_rule_that_nothing_can_keep() -> None:
    """It goes, and is named alone."""
    never = rule(never_so)
    assert told(line(rule.leaps(5), never))[0].endswith("cannot be kept by any note, and is left out")
    assert len(pitches(line(never), 1)) == 4


def test_a_rule_that_fails_is_left_out() -> None:
    """With what it raised; the others are kept."""

    @rule
    def broken(note: Note) -> bool:
        return note.nothing_of_the_kind > 3  # type: ignore[attr-defined, no-any-return]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType] - a musician's mistake

    said = told(line(broken, rule.within("c4", "e4")))
    assert len(said) == 1
    assert "the rule 'broken' fails" in said[0]
    assert max(pitches(line(broken, rule.within("c4", "e4")))) <= 64


def test_the_best_so_far_where_the_search_ends() -> None:
    """By number of notes, never by the clock; it says so."""
    rules = line(rule.within("c4", "g4"), rule(never_so, each="bar"), limit=30)
    assert told(rules)
    assert len(pitches(rules, 1)) == 4
    assert max(pitches(rules, 1)) <= 67


def test_ways_that_are_not_followed_leave_nothing_behind() -> None:
    """What holds itself in circles has to be collected, and that took longer than the bar."""
    parts = [part(name, notes=[0, 1], onsets=16, sound="bd") for name in ("one", "two", "three")]
    rules = ruleset(parts, [rule.density("one", 2, 5), rule.apart("two", "three")])
    gc.collect()
    gc.disable()
    try:
        made = opening(rules, 0, key_of(0))
        assert gc.collect() < made.nodes
    finally:
        gc.enable()


def test_a_far_bar_costs_its_phrase_and_no_more() -> None:
    """Or the query ends with a word on how to go on."""
    heard = composed(line(phrase=8)).answer(100_007 * TICKS, 100_008 * TICKS)
    assert len(heard.haps) == 4
    with pytest.raises(OutOfFuel):
        composed(line(phrase=64)).answer(63 * TICKS, 64 * TICKS, fuel=500)


def test_rules_see_what_is_there() -> None:
    """Places, chords, what is beside and before, bars back."""
    seen: list[str] = []

    @rule
    def notes(note: Note) -> bool:
        place = note.place
        assert note.chord is place.chord
        assert (note.before is None) == (note.leap == 0 and note.before is None)
        beside = note.against("low")
        assert note.part != "high" or beside is not None
        assert [one.part for one in note.others] in (["low"], ["high"], [])
        return place.count in {1, 2, 3, 4}

    @rule(each="moment")
    def moments(moment: Moment) -> bool:
        assert len(list(moment.pairs())) == 1
        assert len(moment.pitches) == len(moment.sounding) == 2
        assert moment["low"] in moment.sounding
        return moment.chord is not None

    @rule(each="bar")
    def bars(bar: Bar) -> bool:
        seen.append(
            f"{bar.place.bar} {len(bar.values('high'))} {len(bar.notes('low'))} {bar.back(1) is None}"
        )
        return bar.place.last_bar == (bar.place.bar_of_phrase == 3)

    two = [part("low", "c3", "g3", notes="chord"), part("high", "c4", "c5", onsets=2)]
    rules = ruleset(two, [notes, moments, bars], chords="C | F | G7 | C", phrase=4)
    assert told(rules, 4) == []
    assert {"0 2 1 True", "1 2 1 False", "3 2 1 False"} <= set(seen)


def test_an_explanation_names_what_was_forbidden_and_by_which_rule() -> None:
    """And what might have been, with what it would have cost."""
    rules = line(rule.within("c4", "e4"), rule.repeats(1), rule.smooth(1, weight=2), onsets=2)
    text = rules.why(3)
    assert text.startswith("these rules, bar 3: bar 4 of 8 in its phrase")
    assert "within c4 and e4: forbade f4, g4, a4, b4, c5" in text
    assert "a note at most 1 times in a row: forbade" in text
    assert "might have been" in text
    note = pitches(rules)[6]
    assert f"line {['c', 'c#', 'd', 'eb', 'e'][int(note) - 60]}4" in text
    with pytest.raises(PatternError, match="number of a bar"):
        rules.why(cast("int", "three"))


def test_an_explanation_tells_of_contradictions() -> None:
    """Those of that bar."""
    never = rule(never_so)
    assert "is left out" in line(never).why(0)


def test_chords_as_rules_see_them() -> None:
    """Their tones by what they are, and whether a note is of them."""
    found = chord_of("Bm7b5/D")
    assert (found.root, found.bass, found.third, found.fifth, found.seventh) == (11, 2, 2, 5, 9)
    assert 62 in found
    assert 60 not in found
    assert chord_of("C5").third is None


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: part("two words"), "one word"),
        (lambda: part("p", "c5", "c4"), "the lower one first"),
        (lambda: part("p", notes="tones"), "a function of the place"),
        (lambda: part("p", onsets=[5]), "beats count from 1"),
        (lambda: part("p", onsets=[1, 1]), "each of them once"),
        (lambda: part("p", onsets=[(1, 0)]), "beats above 0"),
        (lambda: ruleset([], []), "parts"),
        (lambda: ruleset([part("p"), part("p")], []), "one name"),
        (lambda: ruleset([part("p")], cast("Any", [3])), "wants rules"),
        (lambda: ruleset([part("p")], [rule.leaps(3, of="q")]), "is about 'q'"),
        (lambda: ruleset([part("p")], [], chords="H7"), "no chord"),
        (lambda: ruleset([part("p")], [], scale="C:mayor"), "major"),
        (lambda: rule(never_so, each="beat"), "each="),
        (lambda: rule(never_so, weight=-1), "weight="),
        (lambda: composed(ruleset([part("high")], []), "hihg"), "did you mean high"),
    ],
)
def test_what_is_wrong_is_told(make: Callable[[], Any], said: str) -> None:
    """With what to write instead."""
    with pytest.raises((PatternError, TypeError), match=said):
        make()
