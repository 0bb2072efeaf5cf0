"""Patterns that remember: each value comes from the one before, and any cycle can be asked at any time."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from patterns.arguments import called, number, told, whole
from patterns.core import Pattern
from patterns.errors import PatternError
from patterns.folds import OnsetFold, SlotFold
from patterns.memory import plain
from patterns.registry import function, transform
from patterns.where import Where, written_at

GROUP = "Memory"


def _read(
    title: str, step: Any, start: Any, name: Any, show: Any, since: Any, values: int
) -> tuple[Callable[..., Any], bool, Any, int, str, Callable[[Any], Any] | None, tuple[Where, ...]]:
    """Check what was given to a fold."""
    example = "lambda value: value + 1" if values == 1 else "lambda before, value: before + value"
    called(title, f"a function first, such as {example}", step)
    if show is not None:
        called(f"{title}: show=", "a function of the state", show)
    if not isinstance(name, str) or not (name.isprintable() and len(name) <= 200):
        raise TypeError(f"{title}: name= wants a short text, found {told(name)}")
    if isinstance(start, Pattern) or callable(start):
        raise TypeError(f"{title}: the start must be a plain value, found {type(start).__name__}")
    cycle = number(f"{title}: since=", since)
    if cycle != int(cycle):
        raise PatternError(f"{title}: since= wants the number of a cycle, found {since!r}")
    return step, _wants_dice(step, values), plain(start), int(cycle), str(name), show, written_at(step)


def _wants_dice(step: Callable[..., Any], values: int) -> bool:
    """Whether a step has one more parameter: required, or called `dice`; `n=n` is the musician's own."""
    try:
        parameters = list(inspect.signature(step).parameters.values())
    except (TypeError, ValueError):  # a few builtins do not say
        return False
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    more = [p for p in parameters if p.kind in kinds][values : values + 1]
    return any(p.default is p.empty or p.name == "dice" for p in more)


@function(GROUP, strudel="")
def fold(
    step: Callable[[Any], Any] | Callable[[Any, Any], Any],
    start: Any,
    *,
    per_cycle: int = 1,
    name: str = "",
    show: Callable[[Any], Any] | None = None,
    since: int = 0,
) -> Pattern:
    """Let each value come from the one before.

    >>> [hap.value for hap in fold(lambda v: v * 2, 1).haps(0, 5)]
    [1, 2, 4, 8, 16]
    >>> walk = fold(lambda v, dice: v + dice.choose([-1, 1]), 60, per_cycle=4, name="walk")
    >>> walk.haps(1000, 1001) == walk.haps(999, 1001)[4:]
    True

    The first slot of cycle 0 has `start`; each later slot has `step` of the one before; all slots before
    cycle 0 have `start`. Any cycle can be asked at any time, with the same answer.

    Args:
        step: Makes the next value of a value: `step(value)`, or `step(value, dice)` for chance:
            `dice.random()`, `dice.whole(n)`, `dice.choose(list)`, `dice.weighted({value: weight})`.
        start: The first value: numbers, text, tuples, lists, dicts of them.
        per_cycle: Values a cycle, 1 to 4096.
        name: With a name the value goes on through a change of the piece, in its layer.
        show: Makes what sounds of a value, such as `lambda v: v["note"]`.
        since: The cycle of the first slot, if it is not 0.

    Raises:
        OutOfFuel: It is asked for a cycle too far from any that it has been computed for.
    """
    given = _read("fold", step, start, name, show, since, 1)
    return SlotFold(*given, whole("fold: per_cycle=", per_cycle)).pattern()


@transform(GROUP, strudel="", name="accumulate")
def accumulate_onsets(
    pattern: Pattern,
    step: Callable[[Any, Any], Any] | Callable[[Any, Any, Any], Any],
    start: Any,
    name: str = "",
    *,
    show: Callable[[Any], Any] | None = None,
    since: int = 0,
) -> Pattern:
    """Let each event's value come from the one before and its own: the next note from the last.

    >>> [hap.value for hap in mini("1 2 3").accumulate(lambda last, v: last + v, 0).haps(0, 2)]
    [1, 3, 6, 7, 9, 12]

    Events that begin together have their turn in the order in which the pattern gives them. Before cycle 0
    every event has `start`.

    Args:
        pattern: Gives the rhythm and the values.
        step: Makes the next value: `step(last, value)`, or `step(last, value, dice)`, see `fold`.
        start: What counts as the last value before the first event.
        name: With a name the value goes on through a change of the piece, in its layer.
        show: Makes what sounds of a value.
        since: The cycle in which it begins, if it is not 0.
    """
    given = _read("accumulate", step, start, name, show, since, 2)
    return OnsetFold(*given, pattern).pattern()


@transform(GROUP, strudel="")
def count(pattern: Pattern, name: str = "", *, since: int = 0) -> Pattern:
    """Count events: 0 for the first, then 1, 2, 3 and so on, for ever.

    >>> [hap.value for hap in mini("a [b c]").count().haps(0, 2)]
    [0, 1, 2, 3, 4, 5]
    >>> [hap.value for hap in s("bd hh").n(s("bd hh").count().mod(3)).haps(0, 2)]
    [{'s': 'bd', 'n': 0}, {'s': 'hh', 'n': 1}, {'s': 'bd', 'n': 2}, {'s': 'hh', 'n': 0}]

    Args:
        pattern: What to count.
        name: With a name it goes on counting through a change of the piece, in its layer.
        since: The cycle in which it begins, if it is not 0.
    """
    given = _read("count", _counted, 0, name, None, since, 2)
    return OnsetFold(*given, pattern, counting=True).pattern()


def _counted(last: int, _value: Any) -> int:
    return last + 1
