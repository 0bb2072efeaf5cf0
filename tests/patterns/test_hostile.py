"""What nobody should write: numbers beyond all bounds, endless texts, functions that call themselves."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from typing import Any

import pytest

from patterns.core import Answer, Pattern
from patterns.errors import MiniSyntaxError, OutOfFuel, PatternError, SempreError
from patterns.mini_parser import CHANGES, DEPTH, PARTS, STEPS
from patterns.registry import Entry, entries, namespace
from patterns.ticks import TICKS
from patterns.where import PIECE

N: dict[str, Any] = dict(namespace())
mini, rev = N["mini"], N["rev"]

HOSTILE = [float("nan"), float("inf"), -1, 0, 1e12, 10**30, "1e999", "", "<0 -1 1e12>", None]
REFUSALS = (SempreError, TypeError, ValueError)
HOWS = ("__call__", "out", "mix", "squeeze", "squeezeout", "reset", "restart", "poly")
MANY = 200_000  # haps of one query: as many as its fuel


def plain(parameter: inspect.Parameter) -> Any:
    """Give an argument that suits a parameter."""
    if "change" in parameter.name:
        return rev
    return ["a", "b"] if parameter.name == "lookup" else 2


def calls(entry: Entry) -> Iterator[Callable[[], Any]]:
    """Call a word of the language with each hostile value in each place, and with it everywhere."""
    source = mini("0 1")
    if entry.kind == "operation":
        for how in HOWS:
            operation = getattr(getattr(source, entry.name), how)
            yield from (lambda v=value, call=operation: call(v) for value in HOSTILE)
        return
    parameters = list(inspect.signature(entry.call).parameters.values())
    called = entry.call
    if entry.kind == "transform":
        parameters = parameters[1:]
        called = getattr(source, entry.name)
    places = [p for p in parameters if p.kind in {p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD}]
    count = len(places) or int(bool(parameters))
    for value in HOSTILE:
        yield lambda v=value: called(*[v] * count)
        for place in range(len(places)):
            arguments = [plain(parameter) for parameter in places]
            arguments[place] = value
            yield lambda given=tuple(arguments): called(*given)


def heard(made: Any) -> Answer | None:
    """Query what a call gave."""
    if callable(made) and not isinstance(made, Pattern):
        made = made(mini("0 1"))
    return made.answer(0, TICKS) if isinstance(made, Pattern) else None


CALLED = [e for e in entries() if e.kind in {"operation", "transform", "function"}]


@pytest.mark.parametrize("entry", CALLED, ids=lambda entry: entry.name)
def test_hostile_arguments_are_answered_or_refused(entry: Entry) -> None:
    """Whatever number is given, the answer is bounded, or the error says what is wrong."""
    for call in calls(entry):
        begun = time.process_time()
        with suppress(*REFUSALS):
            answer = heard(call())
            assert answer is None or len(answer.haps) <= MANY
        assert time.process_time() - begun < 5


TOO_DEEP = f"more than {DEPTH} deep"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("(" * 10_000, "found '\\('"),
        ("a(" * 10_000, TOO_DEEP),
        ("a(" * 10_000 + "1" + ",2)" * 10_000, TOO_DEEP),
        ("a*<" * 10_000, TOO_DEEP),
        ("a:[" * 10_000, TOO_DEEP),
        ("{a}%{" * 10_000, TOO_DEEP),
        ("[" * 10_000 + "a" + "]" * 10_000, TOO_DEEP),
        ("<" * 10_000 + "a" + ">" * 10_000, TOO_DEEP),
        ("{" * 10_000 + "a" + "}" * 10_000, TOO_DEEP),
        ("a" + "*2" * 10_000, f"more than {CHANGES} changes"),
        ("a" + "/2" * 10_000, f"more than {CHANGES} changes"),
        ("a" + "?" * 10_000, f"more than {CHANGES} changes"),
        ("a" + ":b" * 10_000, f"more than {CHANGES} changes"),
        ("a" + "(3,8)" * 10_000, f"more than {CHANGES} changes"),
        ("0" + " .. 1" * 10_000, f"more than {CHANGES} '..' in a row"),
        ("a" + "!" * 10_000, f"more than {STEPS} steps"),
        ("a " * 500_000, f"more than {STEPS} steps"),
        ("a , " * 10_000 + "b", f"more than {STEPS} parts"),
        ("a | " * 10_000 + "b", f"more than {STEPS} parts"),
        ("a . " * 10_000 + "b", f"more than {STEPS} parts"),
        ("[[a!100]!100]!100", f"more than {PARTS} steps"),
        ("[[[a!4000]!4000]!4000]!4000", f"more than {PARTS} steps"),
        ("1e999 a", "too large"),
        ("a@" + "9" * 5000, "too large"),
        ("a!" + "9" * 5000, "too large"),
        ("a@1e308", "too large"),
        ("a" * 1_000_000 + "]", "closes none that is open"),
    ],
    ids=lambda value: str(value)[:16],
)
def test_endless_texts_are_refused_at_once(text: str, message: str) -> None:
    """A text without measure is an error with a place, in bounded time."""
    begun = time.process_time()
    with pytest.raises(MiniSyntaxError, match=message.replace("'..'", "'\\.\\.'")) as caught:
        mini(text)
    assert caught.value.where is not None
    assert len(str(caught.value)) < 400
    assert time.process_time() - begun < 4


@pytest.mark.parametrize(
    "text",
    [
        "bd*1e308", "{a}%1e308", "{a}%100000000", "{a}%" + "9" * 300, "bd/1e308", "bd*1e-308", "bd?1e9",
        "bd(3,8,1e308)", "bd(100000000,8)", "bd(-100000000,8)", "{a b}%<1 100000000>", "0 .. <1 100000000>",
        "nan", "inf", "a*0", "a/0", "{a}%0", "{a}%-1", "9" * 10_000, "a" * 1_000_000, "~" * 10_000,
        "[[a*10000]*10000]*10000", "<a!4096>!4", "\x00", "a\u2028b",
    ],
    ids=lambda text: text[:16],
)  # fmt: skip
def test_odd_texts_have_a_bounded_answer(text: str) -> None:
    """A text with odd numbers plays, is silent, or runs out of fuel, in bounded time."""
    begun = time.process_time()
    with suppress(PatternError):
        assert len(mini(text).answer(0, TICKS).haps) <= MANY
    assert time.process_time() - begun < 5


def test_euclidean_rhythms_and_ranges_are_bounded() -> None:
    """A rhythm or a range of a hundred million steps is refused where it stands."""
    for text in ("bd(100000000,100000000)", "bd(3,100000000)", "0 .. 100000000", "0 .. 1e18"):
        with pytest.raises(PatternError, match="4096 steps") as caught:
            mini(text)
        assert caught.value.where is not None


@pytest.mark.parametrize("count", [0, -1, float("nan"), float("inf"), 1e12])
def test_every_wants_a_sensible_count(count: float) -> None:
    """`every(0, ...)` says what it wants."""
    with pytest.raises(PatternError, match="every wants a"):
        mini("a").every(count, rev)


def test_a_function_that_calls_itself() -> None:
    """A change without end is an error that names the function it was given to."""

    def again(pattern: Pattern) -> Pattern:
        return pattern.every(2, again)

    with pytest.raises(PatternError, match="the function given to every calls itself without end"):
        again(mini("a"))


def test_a_function_that_calls_itself_has_its_place() -> None:
    """In a piece the error has the line of the function."""
    source = "def again(p):\n    return p.every(2, again)\n"
    piece: dict[str, Any] = {**N, "__name__": PIECE}

    exec(compile(source, "evening.py", "exec"), piece)
    with pytest.raises(PatternError) as caught:
        mini("a").every(2, piece["again"])
    assert caught.value.where is not None
    assert (caught.value.where.file, caught.value.where.line) == ("evening.py", 2)


def test_hundreds_of_functions_around_one_another() -> None:
    """Too deep a nesting of functions is an error of the query, not a crash."""
    pattern = mini("a b")
    for _ in range(2000):
        pattern = pattern.late("<0 .25>")
    with pytest.raises(OutOfFuel, match="nested too deeply"):
        pattern.answer(0, TICKS)


def test_a_hundred_thousand_patterns_at_once() -> None:
    """A stack without measure has an answer, or none for want of fuel."""
    crowd = N["stack"](*[mini("a")] * 100_000)
    assert len(crowd.answer(0, TICKS).haps) == 100_000
    with pytest.raises(OutOfFuel):
        N["stack"](*[mini("a*4")] * 100_000).answer(0, TICKS)


def test_times_before_the_beginning_and_far_ahead() -> None:
    """Cycles are counted exactly in both directions."""
    for cycle in (-(10**12), 10**12):
        found = mini("<a b> c*3").answer(cycle * TICKS, (cycle + 1) * TICKS).haps
        assert [hap.value for hap in found] == ["a", "c", "c", "c"]
        assert all(isinstance(each, (int, Fraction)) for hap in found for each in hap[:4])
