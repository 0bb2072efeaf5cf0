"""What is wrong is named where it is written, and the rest plays on."""

from __future__ import annotations

from typing import Any

import pytest

from patterns.errors import OutOfFuel, PatternError
from patterns.registry import namespace
from patterns.ticks import TICKS
from patterns.where import Literal, Where

N: dict[str, Any] = dict(namespace())


def play(code: str) -> Any:
    """Build a pattern as a piece would."""
    return eval(code, dict(N))


def test_a_bad_note_is_named_and_dropped() -> None:
    """One wrong name costs one hap, and its place in the file is known."""
    answer = N["note"](Literal("c e h2", "evening.py", 3, 12)).answer(0, TICKS)
    assert [hap.value["note"] for hap in answer.haps] == ["c", "e"]
    (problem,) = answer.problems
    assert problem.message == "no note is called 'h2'; the nearest is g2 or f2"
    assert problem.where == (Where("evening.py", 3, 16, 4, 6),)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ('s("bd").gain("loud")', "gain wants a number, found 'loud'"),
        ('mini("1 2").div("<0>")', "cannot divide 1 by 0"),
        ('s("bd").gain(1).pan(0).add(2)', "add with a plain number works on note or n"),
        ('mini("bd").add(1)', "add wants a number, found 'bd'"),
        ('s("bd:1:2:3")', "s takes at most 3 values"),
        ('n("0").scale("<C:minro C:major>")', "no scale is called 'minro'; the nearest are minor"),
        ('chord("Cfoo").voicing()', "no chord is called 'foo'"),
        ('mini("a").fast("<x 2>")', "fast wants a number of cycles, found 'x'"),
        ('mini("a").chop(2)', "chop wants events with controls"),
        ('mini("a").with_value(lambda v: v.nothing)', "has no attribute 'nothing'"),
        ('note("c\'foo")', "no chord is called 'foo'"),
        ('n("0").scale_transpose(1)', None),
        ('note("c").scale_transpose(1)', "put .scale"),
    ],
)
def test_problems_of_values(code: str, message: str | None) -> None:
    """A value that does not suit is a problem beside the haps, not a crash; it is told once."""
    problems = play(code).answer(0, TICKS).problems
    if message is None:
        assert problems == []
    else:
        assert message in problems[0].message
        assert len({problem.message for problem in problems}) == len(problems)


@pytest.mark.parametrize(
    ("code", "kind", "message"),
    [
        ('mini("a").every(3, "fast")', TypeError, "every wants a function of a pattern, such as rev"),
        ('mini("a").every(0, rev)', PatternError, "every wants a whole number from 1 to 4096, found 0"),
        ('mini("a").every(3, lambda p: None)', TypeError, "returned nothing; does it lack a return"),
        ('mini("a").fast("x")', PatternError, "fast wants a number of cycles, found 'x'"),
        ('mini("a").fast(None)', PatternError, "fast wants a number, found None"),
        ("every(3)", TypeError, r"every\(count, change\) wants at least 2 arguments, found 1"),
        ("stack(1, lambda p: p)", PatternError, "found the function '<lambda>'"),
        ('n("0").scale("C")', PatternError, "a scale is written like C:minor"),
        ('mini("a").compress(.5, .25)', PatternError, "compress wants 0 <= begin < end <= 1"),
        ('mini("a").degrade_by(2)', PatternError, "a probability from 0 to 1, found 2"),
        ('mini("a").pick(3)', TypeError, "pick wants a list or a dict of patterns"),
        ('mini("a").jux("rev")', TypeError, "jux wants a function of a pattern"),
        ('arrange("a", 3)', None, None),
        ('stepcat((1, "a", 3))', TypeError, "wants pairs"),
        ("choose()", TypeError, "at least one value"),
        ("s()", TypeError, "s wants a value, text or a pattern"),
        ('mini("a").late("inf")', PatternError, "late wants"),
        ("knob", NameError, "knob"),
    ],
)
def test_misuse_raises_where_it_is_written(
    code: str, kind: type[Exception] | None, message: str | None
) -> None:
    """What can be known when the pattern is built is said then."""
    if kind is None:
        assert play(code).answer(0, TICKS).problems == []
        return
    with pytest.raises(kind, match=message):
        play(code)


def test_too_deep_a_nesting_of_functions() -> None:
    """Thousands of functions around one another are an error, not a crash."""
    pattern = N["mini"]("a")
    for _ in range(3000):
        pattern = pattern.late(0.1)
    with pytest.raises(OutOfFuel, match="nested too deeply"):
        pattern.answer(0, TICKS)


def test_fuel_is_counted_not_timed() -> None:
    """The same fuel reaches as far in every run."""
    pattern = N["mini"]("a*64")
    assert len(pattern.answer(0, TICKS, fuel=64).haps) == 64
    with pytest.raises(OutOfFuel):
        pattern.answer(0, TICKS, fuel=63)


def test_the_piano_roll() -> None:
    """A pattern draws itself, high notes above low ones, with its problems below."""
    assert repr(N["silence"]) == "(silence in cycle 0)"
    assert repr(N["saw"]) == "0…0.9688 │▁▁▁▁▂▂▂▂▃▃▃▃▄▄▄▄▅▅▅▅▆▆▆▆▇▇▇▇████│"
    drawn = repr(N["note"]("c3 e3 h"))
    assert [line.split()[0] for line in drawn.splitlines()] == ["e3", "c3", "!"]
    assert repr(N["s"]("bd*100000000")).startswith("(this pattern is too dense")
    two = N["s"]("bd ~").draw(2)
    assert two.count("■") == 2
