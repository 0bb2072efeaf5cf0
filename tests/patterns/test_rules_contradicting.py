"""Rules that contradict in the files that come with Sempre: named exactly, and all others are kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, cast
from zlib import crc32

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.registry import namespace
from patterns.rules.barwise import Written, bar_after, chain, opening, rows_after
from patterns.rules.composed import composed, key_of
from patterns.rules.context import Bar, Moment, Note, Place
from patterns.rules.contradicting import judged
from patterns.rules.declaring import Rule, Ruleset, part, ruleset
from patterns.rules.search import searched
from patterns.ticks import TICKS
from tests.patterns.rules_checked import CHECKS, Line, lines

rule = cast("Any", namespace()["rule"])
BARS = 8


def on_two(of: str, up: int) -> Rule:
    """The second note of a bar lies above the first one, or below it."""
    name = f"{of} {'rises' if up > 0 else 'falls'} on two"

    def moves(note: Note) -> bool:
        return note.place.beat != 2 or note.leap * up > 0

    return Rule(name, moves, of=(of,))


def middle(of: str, bar: int, low: int, high: int, name: str) -> Rule:
    """In one bar of the phrase a part stays between two notes."""

    def stays(note: Note) -> bool:
        return note.place.bar_of_phrase != bar or low <= note.pitch <= high

    return Rule(name, stays, of=(of,))


def on_second_beats(line: Line) -> list[float]:
    """How far the second note of each bar lies above the first one."""
    return [now[2] - old[2] for old, now in zip(line[::4], line[1::4], strict=True)]


RISES = [on_two("soprano", 1), on_two("soprano", -1)]
WALKS = [on_two("bass", 1), on_two("bass", -1)]
PIANOS = [middle("first", 0, 62, 66, "low there"), middle("first", 0, 69, 74, "high there")]
COUNTER = [middle("counter", 5, 60, 71, "low there"), middle("counter", 5, 72, 88, "high there")]
GROOVE = ["snare on 2, 4", "not together: kick, snare", "kick on 2"]


def below(line: Line, bar: int, high: int) -> bool:
    """Whether a line stays below a note in a bar."""
    return all(pitch <= high for time, _, pitch in line if int(time) == bar)


Case = tuple[str, int, list[Rule], list[str], Sequence[int], Callable[[dict[str, Line]], bool]]
CASES: list[Case] = [
    ("chorale.py", 0, RISES, ["soprano rises on two", "soprano falls on two"], range(BARS),
     lambda voices: min(on_second_beats(voices["soprano"])) > 0),
    ("walking.py", 0, WALKS, ["bass rises on two", "bass falls on two"], range(BARS),
     lambda voices: min(on_second_beats(voices["bass"])) > 0),
    ("groove.py", 0, [rule.on("kick", 2)], GROOVE, range(BARS),
     lambda voices: all(time % 1 != 0.25 for time, _, _ in voices["kick"])),
    ("process.py", 0, PIANOS, ["low there", "high there"], [0],
     lambda voices: below(voices["first"], 0, 66)),
    ("counterpoint.py", 4, COUNTER, ["low there", "high there"], [5],
     lambda voices: below(voices["counter"], 5, 71)),
]  # fmt: skip


def told(rules: Ruleset) -> list[list[str]]:
    """What is said about each bar of a phrase."""
    past: tuple[Written, ...] = ()
    said: list[list[str]] = []
    for bar in range(BARS):
        made = bar_after(rules, past, bar, key_of(0)) if past else opening(rules, bar, key_of(0))
        said.append([message for message, _ in made.problems])
        past = (*past, made.written)[-rules.recall :]
    return said


@pytest.mark.parametrize(("file", "index", "planted", "named", "bars", "kept"), CASES)
def test_what_is_planted_is_named_and_all_else_is_kept(
    file: str,
    index: int,
    planted: list[Rule],
    named: list[str],
    bars: Sequence[int],
    kept: Callable[[dict[str, Line]], bool],
) -> None:
    """Nothing but that; the last one goes, and a checker that knows no rules finds no fault."""
    shipped, check = CHECKS[file]()[index]
    rules = replace(shipped, rules=(*shipped.rules, *planted), kept={})
    listed = f"{', '.join(map(repr, named[:-1]))} and {named[-1]!r}"
    message = f"{rules.name}: the rules {listed} contradict one another; {named[-1]!r} is left out"
    assert told(rules) == [[message] if bar in bars else [] for bar in range(BARS)]
    voices = lines(rules, BARS)
    assert check(voices, BARS, 0) == []
    assert kept(voices)


def test_two_contradictions_are_told_one_after_the_other() -> None:
    """In one bar; without both all is kept again."""
    shipped, check = CHECKS["chorale.py"]()[0]
    tenors = [middle("tenor", 0, 48, 57, "low tenor"), middle("tenor", 0, 59, 67, "high tenor")]
    rules = replace(shipped, rules=(*shipped.rules, *tenors, *RISES), kept={})
    said = [message for message, _ in opening(rules, 0, key_of(0)).problems]
    assert sorted(said) == [
        f"chorale: the rules {one!r} and {two!r} contradict one another; {two!r} is left out"
        for one, two in (("low tenor", "high tenor"), ("soprano rises on two", "soprano falls on two"))
    ]
    assert check(lines(rules, 1), 1, 0) == []


def test_of_two_contradictions_the_smaller_one_is_named_first() -> None:
    """Although three others are found before it: what is left when each single one is taken away tells."""

    def outside(name: str, *tones: int) -> Rule:
        return Rule(name, lambda note: note.pitch % 12 not in tones)

    three = [outside("one", 0, 2, 4), outside("two", 5, 7, 4), outside("three", 9, 11, 2)]
    for first in (0, 3):
        pair = [outside("low", 0, 2, 4, 5), outside("high", 7, 9, 11)]
        rules = ruleset([part("line", "c4", "c5", onsets=4)], [*three[:first], *pair, *three[first:]])
        made = opening(rules, 0, key_of(0))
        assert "'low' and 'high' contradict one another; 'high' is left out" in made.problems[0][0]
        assert [message.count("contradict") for message, _ in made.problems] == [1, 1]


def test_what_cannot_be_proved_is_named_as_what_it_is() -> None:
    """Two ways to count that no note alone breaks; what it takes is bounded by notes."""
    shipped, check = CHECKS["groove.py"]()[0]
    rules = replace(shipped, rules=(*shipped.rules, rule.density("hat", 12, 16)), kept={})
    made = opening(rules, 0, key_of(0))
    told_so = (
        "groove: no way was found that keeps the rules 'hat sounds 6 to 11 times a bar' and "
        "'hat sounds 12 to 16 times a bar' together; 'hat sounds 12 to 16 times a bar' is left out"
    )
    assert [message for message, _ in made.problems] == [told_so]
    assert made.nodes < 2 * rules.limit
    assert check(lines(rules, 1), 1, 0) == []
    assert composed(rules).answer(7 * TICKS, 8 * TICKS).haps  # with the fuel of one query


def test_a_bar_that_the_search_misses_is_kept_all_the_same() -> None:
    """Few notes may be tried here: then any way that keeps the hard rules is better than none."""
    rules = ruleset(
        [part("line", "c4", "c6", notes="any", onsets=8)],
        [rule.repeats(1), rule.leaps(3), rule.recovered(2), rule.no_interval(1)],
        limit=3,
    )
    past: tuple[Written, ...] = ()
    line: list[float] = []
    for bar in range(8):
        made = bar_after(rules, past, bar, key_of(0)) if past else opening(rules, bar, key_of(0))
        assert all("next phrase" in message for message, _ in made.problems)
        past = (*past, made.written)[-2:]
        line += [pitch for _, _, pitch in made.written[0]]
    steps = [two - one for one, two in pairwise(line)]
    assert {abs(step) for step in steps} <= {2, 3}
    assert all(abs(old) < 3 or (abs(new) == 2 and old * new < 0) for old, new in pairwise(steps))


def test_a_part_that_has_no_notes_rests() -> None:
    """It is told, and the others play."""

    def nothing(_: Place) -> list[int]:
        return []

    parts = [part("one", notes=nothing), part("two", "c4", "g4", onsets=2)]
    rules = ruleset(parts, [rule.leaps(7)])
    made = opening(rules, 0, key_of(0))
    assert [message for message, _ in made.problems] == [
        "these rules: a part has no note that it may have, and rests"
    ]
    assert made.written[0][0][2] is None
    assert None not in [pitch for _, _, pitch in made.written[1]]


def seen_by_note(note: Note, how: int) -> object:
    """Something of what a note can ask."""
    match how:
        case 0:
            return note.pitch, note.leap
        case 1:
            return note.before and (note.before.pitch, note.before.leap)
        case 2:
            other = note.against("high" if note.part == "low" else "low")
            return note.pitch, other and other.pitch
        case 3:
            return [one.pitch for one in note.others], note.place.count
        case 4:
            return [one and one.pitch for one in note.moment.latest]
        case _:
            earlier = note.moment.before
            return note.pitch, earlier and [one.pitch for one in earlier.struck]


def seen_by_moment(moment: Moment, how: int) -> object:
    """Something of what a moment can ask."""
    match how:
        case 0:
            return moment.pitches
        case 1:
            return moment.bar.values("low")
        case 2:
            return [(one.pitch, two.leap) for one, two in moment.pairs()]
        case 3:
            return [one and one.pitch for one in reversed(moment.notes)], None in moment.notes
        case 4:
            return [one and one.pitch for one in moment.latest + moment.notes.copy()]
        case _:
            return moment["high"] and moment.bar.notes("low") and moment.bar.notes("low")[0].pitch


def seen_by_bar(bar: Bar, how: int) -> object:
    """Something of what a bar can ask."""
    return bar.values(("low", "high")[how % 2])


SEEN: dict[str, Callable[[Any, int], object]] = {
    "note": seen_by_note,
    "moment": seen_by_moment,
    "bar": seen_by_bar,
}


@st.composite
def laws(draw: st.DrawFn) -> list[Rule]:
    """Rules that forbid without sense, by a hash of what they look at."""
    made: list[Rule] = []
    for number in range(draw(st.integers(1, 5))):
        each = draw(st.sampled_from(["note", "note", "moment", "bar"]))
        how, salt, share = draw(st.integers(0, 5)), draw(st.integers(0, 99)), draw(st.integers(2, 6))

        def kept(asked: Any, each: str = each, how: int = how, salt: int = salt, share: int = share) -> bool:
            return crc32(repr((salt, SEEN[each](asked, how))).encode()) % 7 >= share

        made.append(Rule(f"law {number}", kept, None, each))
    return made


def tried(rules: Ruleset, some: list[Rule], bar: int, limit: int) -> tuple[bool, Any]:
    """Whether there is a way by the search that tries all there is, and the verdict."""
    free = replace(rules, rules=(), kept={})
    past = (opening(free, 0, 0).written,) if bar else ()
    start, ends = chain(free, past, bar, 0)
    rows, _ = rows_after(rules, some, bar, ends, 0)
    found = searched(rows, start, 2, 64, 1_000_000)
    return found.moment is not None, judged(rows, start, 2, set(some), limit)


@settings(max_examples=120)
@given(laws(), st.integers(0, 1))
def test_a_verdict_is_that_of_trying_all(some: list[Rule], bar: int) -> None:
    """Whatever rules look at, rests and ties too; and the rules that are blamed are enough for it."""
    parts = [
        part("low", notes=[48, 50, None], onsets=[1, 2, (4, 3)]),
        part("high", notes=[60, 61, None], onsets=[(2, 1.5), 4]),
    ]
    rules = ruleset(parts, [])
    there, verdict = tried(rules, some, bar, 1_000_000)
    assert (verdict.moment is not None) == there
    assert verdict.proved != there
    if not there:
        again, blamed = tried(rules, [one for one in some if one in verdict.blamed], bar, 1_000_000)
        assert not again
        assert blamed.proved
    assert tried(rules, some, bar, 3)[1].nodes <= 3
