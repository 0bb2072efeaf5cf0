"""Windows without length, windows the wrong way round, and functions that fail where nobody catches them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from patterns.core import Pattern
from patterns.errors import PatternError
from patterns.registry import namespace
from patterns.ticks import TICKS, to_ticks
from patterns.where import Literal, Where

N: dict[str, Any] = dict(namespace())
QUARTER = Fraction(1, 4)


def play(code: str) -> Any:
    """Build a pattern as a piece would."""
    return eval(code, dict(N))


@pytest.mark.parametrize(
    ("code", "heard"),
    [
        ('mini("a b c d")', ["b"]),
        ('mini("a b c d").rev()', ["c"]),
        ('mini("a b c d").revv()', ["c"]),
        ('mini("a b c d").every(2, rev)', ["c"]),
        ('mini("a b c d").rot(1)', ["c"]),
        ('mini("a b").ply(2)', ["a"]),
        ('mini("a ~ b ~").legato_to_next()', ["a"]),
        ('mini("a ~").fill("x")', []),
        ('mini("~ a").fill("x")', ["x"]),
        ("morph([1, 1, 0, 0], [1, 0, 1, 0], 0)", [True]),
        ('mini("a b").compress(0, 1/4)', []),
        ('mini("a b").late(1/4)', ["a"]),
        ("saw", [0.25]),
        ("silence", []),
    ],
)
def test_what_sounds_at_one_moment(code: str, heard: list[Any]) -> None:
    """A window without length holds what sounds then, not what has just ended, and keeps no length."""
    found = play(code).haps(QUARTER, QUARTER)
    assert [hap.value for hap in found] == heard
    assert all(hap.part.begin == hap.part.end == QUARTER for hap in found)


@pytest.mark.parametrize(
    "code", ['mini("a b c")', "sine", 's("bd*4").rev()', 'note("c").slow(4)', "rand.segment(8)"]
)
def test_a_window_the_wrong_way_round_holds_nothing(code: str) -> None:
    """Between a time and an earlier one nothing happens."""
    assert play(code).haps(1, 0) == []
    assert play(code).haps(-1, -3) == []


@pytest.mark.parametrize(
    ("code", "heard"),
    [
        ('mini("a b c d").degrade_by_with(mini("0 1").rev(), .5)', ["a", "b"]),
        ('mini("a b c d").degrade_by_with(mini("0 1").ply(2), .5)', ["c", "d"]),
        ('choose(mini("0 1 2 3").rev()).segment(4)', [3, 2, 1, 0]),
        ('wchoose(("a", mini("1 0").rev()), ("b", mini("0 1").rev())).segment(2)', ["b", "a"]),
    ],
)
def test_what_is_looked_at_moment_by_moment(code: str, heard: list[Any]) -> None:
    """Functions that ask another pattern what it says at an onset hear the same as a listener."""
    assert [hap.value for hap in play(code).haps(0, 1)] == heard


def failing(_: object) -> float:
    """A musician's function with a mistake in it."""
    raise ValueError("no such place")


@pytest.mark.parametrize(
    "code",
    [
        "p",
        "p.fast(2)",
        "p.rev()",
        "note(p)",
        'stack("a", p)',
        'cat(p, "a")',
        'mini("1 2").add.mix(p)',
        'mini("a").fast(p)',
        "p.off(.25, add(1))",
    ],
)
def test_a_signal_that_fails_is_silent_and_told(code: str) -> None:
    """A mistake in the function of a signal costs that signal, wherever it stands; the query goes on."""
    made: Pattern = eval(code, {**N, "p": N["signal"](failing)})
    answer = made.answer(0, 2 * TICKS)
    assert "no such place" in answer.problems[0].message
    assert all(isinstance(hap.value, str) for hap in answer.haps)


def test_a_signal_that_fails_leaves_the_stream_of_others_alone() -> None:
    """After a failure within `seed` all others draw from their own stream again, however it is asked."""

    def sometimes(time: float) -> float:
        if time < 0.25:
            raise ValueError("too early")
        return 0

    pattern = N["stack"](N["mini"]("0*4").add(N["signal"](sometimes).seed(3)), N["rand"].segment(4))
    whole = pattern.answer(0, TICKS).haps
    late = pattern.answer(to_ticks(0.5), TICKS).haps
    assert [hap for hap in whole if hap.part_begin >= to_ticks(0.5)] == late


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ('wchoose_cycles(("a", "<1 x>"), ("b", 1))', "wchoose_cycles wants a number, found 'x'"),
        ('wchoose(("a b", "<1 x>"), ("b", 1)).segment(4)', "wchoose wants a number, found 'x'"),
        ('wchoose(("a", "<1 -2>"), ("b", 1)).segment(4)', "wchoose wants weights of 0 and more, found -2"),
        ('note("c e").arp("0 1:2")', "arp wants a number, found (1, 2)"),
        ('note("c e").arp([0, pure(None)])', "arp wants a number, found None"),
    ],
)
def test_a_wrong_value_never_ends_the_query(code: str, message: str) -> None:
    """It is a problem beside the haps."""
    answer = play(code).answer(0, 2 * TICKS)
    assert answer.haps
    assert message in [problem.message for problem in answer.problems]


@pytest.mark.parametrize(
    "code",
    [
        'mini("a").with_value(fast(2, "b c"))',
        'mini("a").filter(mini("b"))',
        'mini("a").pick(mini("b"))',
        'mini("0").ifp(mini("a"), rev, rev)',
        'mini("a").every(2, mini("b"))',
        'weave(4, pan(saw), s("a"))',
        'note("c").arp_with(mini("a"))',
        'mini("a").slowspread(mini("a"), [1, 2])',
        "fold(mini('a'), 1)",
        'when_t(1, rev, "a")',
    ],
)
def test_a_message_is_one_line(code: str) -> None:
    """A pattern where a function is wanted is called a pattern: its drawing would hide the message."""
    with pytest.raises(TypeError) as caught:
        play(code)
    assert "\n" not in str(caught.value)


def test_a_scale_without_a_name() -> None:
    """An empty name is refused in words."""
    with pytest.raises(Exception, match="a scale is written like C:minor"):
        play('n("0").scale(pure(""))')


@pytest.mark.parametrize(
    "verb", ["take", "drop", "expand", "contract", "extend", "shrink", "grow", "replicate", "fast"]
)
def test_a_wrong_text_is_underlined_where_it_is_written(verb: str) -> None:
    """Not the whole call: the word inside the quotes."""
    with pytest.raises(PatternError, match=f"{verb} wants a number") as caught:
        getattr(N["mini"]("a b"), verb)(Literal("x", "evening.py", 3, 9))
    assert caught.value.where == Where("evening.py", 3, 9, 0, 1)


def test_what_there_is_to_choose_from_is_named() -> None:
    """A name that nothing comes near to is answered by those that there are."""
    (problem,) = play('mini("a x").pick({"a": "bd", "full": "sn"})').answer(0, TICKS).problems
    assert problem.message == "pick has nothing called 'x'; there is a, full"
    (problem,) = play('mini("fulll").pick({"a": "bd", "full": "sn"})').answer(0, TICKS).problems
    assert problem.message == "pick has nothing called 'fulll'; did you mean full?"
