"""Mini-notation: places of atoms, errors, and texts that nobody should write."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.errors import MiniSyntaxError, OutOfFuel, PatternError
from patterns.mini_parser import DEPTH
from patterns.registry import namespace
from patterns.ticks import TICKS
from patterns.where import Literal, Where

N: dict[str, Any] = dict(namespace())
mini, note, s = N["mini"], N["note"], N["s"]


def values(text: str, cycles: int = 1) -> list[Any]:
    """List the values of a text."""
    return [hap.value for hap in mini(text).haps(0, cycles)]


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("[a b", 5, "a bracket is not closed by ']'; found the end of the text"),
        ("a ]", 3, "this bracket closes none that is open; found ']'"),
        ("<a b]", 5, "found ']', expected .* '>'"),
        ("a(3)", 4, "wants at least two numbers"),
        ("a(3,)", 5, "wants a number here"),
        ("a(3,8,1,2)", 8, "at most three numbers"),
        ("a*", 3, "found the end of the text, expected a number, or a pattern of numbers in brackets"),
        ("a b . ", 7, "found the end of the text"),
        ("_ a", 1, "'_' makes the step before it longer, and there is none"),
        ("! a", 1, "'!' repeats the step before it, and there is none"),
        ("a | b, c", 6, "cannot be mixed without brackets; found ','"),
        ("a%2", 2, "found '%'"),
        ("a!1.5", 3, "whole number"),
        ("a!100000000", 3, "more than 4096 steps"),
        ("a &", 3, "found '&'"),
    ],
)
def test_errors_name_the_column(text: str, column: int, words: str) -> None:
    """An error names the column, what was found and what could stand there."""
    with pytest.raises(MiniSyntaxError, match=rf"column {column}: .*{words}") as caught:
        mini(text)
    assert caught.value.where is not None
    assert caught.value.where.column == column


def test_errors_name_the_place_in_the_file() -> None:
    """In a musician's file the error has the line and column of the file."""
    with pytest.raises(MiniSyntaxError, match="line 2, column 8") as caught:
        s(Literal("bd sd\n cp [hh", "evening.py", 3, 12))
    assert caught.value.where == Where("evening.py", 4, 8, 13, 13)


NUMBERS = "expected a number, or a pattern of numbers in brackets"
STEP = "expected a word, a number, a rest ~ or an opening bracket"


@pytest.mark.parametrize(
    ("text", "line", "column", "found", "expected"),
    [
        ("<a", 1, 3, "the end of the text", "the closing '>'"),
        ("{a", 1, 3, "the end of the text", "the closing '}'"),
        ("[[a]", 1, 5, "the end of the text", "the closing ']'"),
        ("<[a>]", 1, 4, "'>'", "or ']'"),
        ("{a]%2", 1, 3, "']'", "or '}'"),
        ("a)", 1, 2, "')'", "or the end"),
        ("{a}%", 1, 5, "the end of the text", NUMBERS),
        ("{a}%%2", 1, 5, "'%'", NUMBERS),
        ("{a}%<", 1, 6, "the end of the text", "the closing '>'"),
        ("a(", 1, 3, "the end of the text", "the closing ')'"),
        ("a(3,8", 1, 6, "the end of the text", "the closing ')'"),
        ("a(,8)", 1, 3, "','", "a number or a pattern of numbers"),
        ("a(3 8)", 1, 6, "')'", "','"),
        ("a()", 1, 3, "')'", "a number or a pattern of numbers"),
        ("a(<3,8)", 1, 7, "')'", "or '>'"),
        ("a* 2", 1, 3, "' '", NUMBERS),
        ("a/", 1, 3, "the end of the text", NUMBERS),
        ("a**2", 1, 3, "'*'", NUMBERS),
        ("a*[", 1, 4, "the end of the text", "the closing ']'"),
        ("a:", 1, 3, "the end of the text", "expected a word, a number or an opening bracket"),
        ("a: b", 1, 3, "' '", "expected a word, a number or an opening bracket"),
        ("@2", 1, 1, "'@'", STEP),
        ("*2", 1, 1, "'*'", STEP),
        ("?", 1, 1, "'?'", STEP),
        (" . a", 1, 2, "'.'", STEP),
        ("a . . b", 1, 5, "'.'", STEP),
        ("a , b . c", 1, 7, "'.'", "expected ','"),
        (".. 3", 1, 1, "'.'", STEP),
        ("0 .. ", 1, 6, "the end of the text", NUMBERS),
        ("a;b", 1, 2, "';'", STEP),
        ("a \\ b", 1, 3, "'", STEP),
        ("[a b\nc d", 2, 4, "the end of the text", "the closing ']'"),
        ("a b\n  c ]\nd", 2, 5, "']'", "or the end"),
        ("a\n\n  b*", 3, 5, "the end of the text", NUMBERS),
        ("é [ж\n漢 *", 2, 3, "'*'", STEP),
    ],
)
def test_every_broken_rule_says_where_and_what(
    text: str, line: int, column: int, found: str, expected: str
) -> None:
    """For each rule of the grammar: where it is broken, what stands there, what could."""
    with pytest.raises(MiniSyntaxError) as caught:
        mini(Literal(text, "evening.py", 10, 5))
    where, message = caught.value.where, str(caught.value)
    assert where is not None
    assert where.file == "evening.py"
    assert (where.line, where.column) == (9 + line, column + (4 if line == 1 else 0))
    assert f"found {found}" in message
    assert expected in message


def test_with_escapes_the_place_is_the_literal() -> None:
    """Where the source has escapes the error is placed at the beginning of the literal."""
    with pytest.raises(MiniSyntaxError, match="line 2, column 3") as caught:
        mini(Literal("a\nb ]", "evening.py", 7, 9, exact=False))
    assert caught.value.where is not None
    assert (caught.value.where.line, caught.value.where.column) == (7, 9)


@pytest.mark.parametrize(
    ("text", "midi"),
    [
        ("c'maj", [48, 52, 55]),
        ("c'major'i", [52, 55, 60]),
        ("c'maj'ii", [55, 60, 64]),
        ("e'min7'i'o", None),
        ("c'maj'5", [48, 52, 55, 60, 64]),
        ("c'maj'2", [48, 52]),
        ("c'maj7'd1", [47, 48, 52, 55]),
        ("c'", [48, 52, 55]),
    ],
)
def test_chords_are_read_in_notes(text: str, midi: list[int] | None) -> None:
    """Tidal's chords: a name, then in order how many notes, inversions, open, dropped."""
    found = note(text).answer(0, TICKS)
    assert found.problems == []
    if midi is not None:
        assert sorted(hap.value["note"] for hap in found.haps) == midi
    assert len({hap.where for hap in found.haps}) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a*x", "the number after \\* must be a number, found 'x'"),
        ("a/b", "the number after / must be a number, found 'b'"),
        ("a*1e400", "found inf"),
        ("a(x,8)", "the number of hits must be a number, found 'x'"),
        ("a(3,100000000)", "at most 4096 steps"),
        ("0 .. 100000000", "counts more than 4096 steps"),
        ("{a b}%x", "the number after % must be a number"),
    ],
)
def test_wrong_numbers_are_found_when_the_text_is_read(text: str, message: str) -> None:
    """A number that cannot be used raises at once, with its place."""
    with pytest.raises(PatternError, match=message) as caught:
        mini(text)
    assert caught.value.where is not None


def test_atoms_know_their_place() -> None:
    """Every hap carries the places of what it comes from, in file and in text."""
    text = Literal("bd [sd cp]", "evening.py", 7, 20)
    found = s(text).gain("1 .5").haps(0, 1)
    assert found[1].where == (Where("evening.py", 7, 24, 4, 6), Where("", 1, 3, 2, 4)) or found[1].where[
        0
    ] == Where("evening.py", 7, 24, 4, 6)
    assert [hap.where[0].column for hap in found] == [20, 24, 27]


def test_atoms_of_longer_texts_know_their_line() -> None:
    """A line break inside a literal moves to the next line, whose columns count from one."""
    found = mini(Literal("a\n  b", "evening.py", 7, 20)).haps(0, 1)
    assert found[1].where == (Where("evening.py", 8, 3, 4, 5),)


def test_places_that_cannot_be_mapped_are_the_start_of_the_literal() -> None:
    """With escapes in the source all places are where the literal begins."""
    found = mini(Literal("a b", "evening.py", 7, 20, exact=False)).haps(0, 1)
    assert found[1].where == (Where("evening.py", 7, 20, 2, 3),)


def test_plain_text_and_literals_mean_the_same() -> None:
    """A literal plays as the text that it is."""
    text = "a <b c>*2 [d,e](3,8)"
    plain = [(hap.whole, hap.value) for hap in mini(text).haps(0, 4)]
    assert [(hap.whole, hap.value) for hap in mini(Literal(text, "f.py", 2, 2)).haps(0, 4)] == plain


@pytest.mark.parametrize("text", ["", " ", "[]", "<>", "{}", "{}%4", "~", "[~ -]", "a@0"])
def test_silence(text: str) -> None:
    """Nothing written is nothing heard."""
    assert values(text) == []


def test_our_own_answers() -> None:
    """Where others disagree, these are our answers."""
    assert values("a@0 b") == ["b"]
    assert len(values("a(9,8)")) == 8
    assert [str(hap.whole.end) for hap in mini("a@3!2 b").haps(0, 1) if hap.whole] == ["3/7", "6/7", "1"]
    assert [hap.value["note"] for hap in note("c'maj e'min7'i").haps(0, 1)] == [48, 52, 55, 55, 59, 62, 64]


@pytest.mark.parametrize("opened", ["[", "<", "{", "[a "])
def test_ten_thousand_brackets(opened: str) -> None:
    """Too deep a nesting is an error, not a crash."""
    with pytest.raises(MiniSyntaxError, match=f"more than {DEPTH} deep"):
        mini(opened * 10_000)


def test_the_deepest_nesting_plays() -> None:
    """What may be written can be played."""
    deepest = "[" * DEPTH + "a*2" + " b]" * DEPTH
    assert len(mini(deepest).answer(0, TICKS).haps) == DEPTH + 2


@pytest.mark.parametrize(
    "text", ["bd*100000000", "bd*1e300", "{a b}%100000000", "[[a*10000]*10000]*10000", "a(3,8)*99999999"]
)
def test_far_too_many_events(text: str) -> None:
    """A slip of the finger runs out of fuel at once."""
    with pytest.raises(OutOfFuel, match="too dense"):
        mini(text).answer(0, TICKS)


@given(st.text(st.sampled_from(list("ab01 ~[]<>{}(),.|*/!@_?:%^-'#")), max_size=24))
def test_any_text_is_read_or_refused(text: str) -> None:
    """Whatever is written gives a pattern or an error with a place."""
    try:
        pattern = mini(text)
    except PatternError as error:
        refused = error.where
    else:
        refused = Where("", 1, 1, 0, 0)
        with suppress(OutOfFuel):
            pattern.answer(0, TICKS)
    assert refused is not None
