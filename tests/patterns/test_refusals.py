"""What does not suit is refused in words, where it is written; what is long is refused before it is made."""

from __future__ import annotations

import gc
import time
from contextlib import suppress
from typing import Any

import pytest

from patterns.core import Pattern
from patterns.errors import PatternError
from patterns.registry import namespace
from patterns.ticks import TICKS

N: dict[str, Any] = dict(namespace())


def made(code: str) -> Any:
    """Evaluate a line of a piece."""
    return eval(code, dict(N))


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ('stack_by({"a": 1}, "a b", "c")', "stack_by knows left, right"),
        ('mini("a").as_controls({})', "no control is called {}"),
        ('note("c").transpose("9" * 5000 + "P")', "no interval is called"),
        ('n("0").scale("dorain")', "written like C:minor .* found 'dorain'; the nearest are dorian"),
        ('n("0").scale("nan:minor")', "no note is called 'nan'"),
        ('mini("0*8").sometimes_by_first("x", add(1))', "sometimes_by_first wants a number, found 'x'"),
        ('lindenmayer(2, {"ab": "x"}, "ab")', "for one sign, found 'ab'"),
        ('s("a*4").echo(60, .1, 1e200)', "echo wants a smaller feedback"),
    ],
)
def test_a_wrong_argument_is_an_error_of_the_language(code: str, message: str) -> None:
    """No error of Python's own comes out of a line of a piece."""
    with pytest.raises(PatternError, match=message):
        made(code)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("from_list(5)", "from_list wants a list of values, found 5"),
        ("list_to_pat(5)", "list_to_pat wants a list of values, found 5"),
        ("from_maybes(None)", "from_maybes wants a list of values, found None"),
        ('mini("a").filter_when(5)', "filter_when wants a function of a time in cycles, found 5"),
        ('s("a").jux_by(.5, 5)', "^jux_by wants a function"),
        ('s("a").jux(5)', "^jux wants a function"),
    ],
)
def test_what_is_no_list_or_function_is_called_so(code: str, message: str) -> None:
    """The message names the function that was called, and what it wants."""
    with pytest.raises(TypeError, match=message):
        made(code)


@pytest.mark.parametrize(
    ("code", "problem", "heard"),
    [
        ('mini("a b").take("<1 x>")', "take wants a number of cycles, found 'x' (line 1:4)", ["a"]),
        ('mini("a b").take("1 x")', "take wants a number of cycles, found 'x' (line 1:3)", ["a", "a"]),
        ('mini("x").as_controls("end").fit()', "fit wants a number, found 'x' (line 1:1)", []),
        ('mini("x:y").as_controls("begin:end").chop(2)', "chop wants a number, found 'x' (line 1:1)", []),
        ('pure({"a": 1}).pick({"a": "b"})', "pick has nothing called {'a': 1}; there is a", []),
        ('note("nan")', "no note is called 'nan'; the nearest is a (line 1:1)", []),
        ('chord("Cm7").voicing({"m7": []})', "a list of voicings for each chord, found [] (line 1:1)", []),
        ('chord("Cm7").voicing({"m7": [""]})', "such as '0 4 7', found '' (line 1:1)", []),
    ],
)
def test_a_wrong_value_costs_itself_alone(code: str, problem: str, heard: list[Any]) -> None:
    """The rest is heard, and the problem says where the value is written."""
    answer = made(code).answer(0, 2 * TICKS)
    assert [hap.value for hap in answer.haps] == heard
    assert any(str(found).endswith(problem) for found in answer.problems)


def test_names_of_a_group_are_those_of_the_controls() -> None:
    """A control has one key in an event, whichever of its names a musician writes."""
    assert made('grp(["s", "legato"], "bd:.5")').haps(0, 1)[0].value == {"s": "bd", "clip": 0.5}


@pytest.mark.parametrize(
    "code",
    [
        "from_list(range(10**7))",
        'mini("a").tour(*["b"] * 300)',
        'ascii_bits(pure("x" * 100_000))',
        "rand_l(1024).segment(4000)",
        'note("[" + ",".join(map(str, range(1000))) + "]").arp("up*512")',
        'lindenmayer(2, {"a": "a" * 65536}, "a")',
        'mini("a*50000").deconstruct(64)',
        'note("c\'" + "x" * 100_000)',
        'mini("2").pow(64).pow(64).pow(64).pow(64)',
        'anticipate_in(s("a*16"), s("b"), -10**6, 10**7)',
    ],
)
def test_no_line_takes_long(code: str) -> None:
    """What would take minutes, or fill the memory, is refused, or answered in bounded time.

    Beside other work of the same moment: it may take as long as fifty million additions, usually 2.5 s.
    """
    # What thousands of other tests have left is not looked through again and again, nor is it in a session.
    gc.freeze()
    begun = time.process_time()
    with suppress(PatternError):
        found = made(code)
        if isinstance(found, Pattern):
            assert all(len(str(problem)) < 600 for problem in found.answer(0, 2 * TICKS).problems)
    taken = time.process_time() - begun
    gc.unfreeze()
    begun = time.process_time()
    assert sum(number * number for number in range(10**6)) > 0
    assert taken < 50 * (time.process_time() - begun)


def test_echoes_are_the_same_however_long_they_have_been_coming() -> None:
    """Before a change far ahead the echoes of the last cycles are there, in any window."""
    tense = made('anticipate_in(s("a b"), s("c"), 0, 5000)')
    whole = tense.haps(4000, 4001)
    assert len([hap for hap in whole if hap.has_onset]) == 16
    halves = [*tense.haps(4000, 4000.5), *tense.haps(4000.5, 4001)]
    heard = [[(hap.whole, hap.value) for hap in haps if hap.has_onset] for haps in (whole, halves)]
    assert heard[0] == heard[1]


def test_what_is_found_is_told_shortly() -> None:
    """A message does not hold a list of thousands."""
    with pytest.raises(PatternError, match=r"…$") as caught:
        made("necklace(8, [1] * 5000)")
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    ("code", "heard"),
    [
        ('note("0 .5 1").range(40, 60)', [{"note": 40}, {"note": 50}, {"note": 60}]),
        ('gain("0 1").range(.25, .75)', [{"gain": 0.25}, {"gain": 0.75}]),
        ('s("a b").n("0 1").range2(0, 4)', [{"s": "a", "n": 2}, {"s": "b", "n": 4}]),
        ('n("0 1").rangex(1, 4).round()', [{"n": 1}, {"n": 4}]),
    ],
)
def test_what_is_meant_is_done(code: str, heard: list[Any]) -> None:
    """Of controls the one is stretched that `add` would move."""
    assert [hap.value for hap in made(code).haps(0, 1)] == heard
