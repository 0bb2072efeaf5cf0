"""Choosing patterns and functions by a pattern of numbers or names."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from patterns.alignment import Operation
from patterns.arguments import apply, number, told
from patterns.combine import reads_of
from patterns.core import Pattern
from patterns.errors import PatternError
from patterns.joining import inner_join, outer_join, squeeze_join, trigger_join
from patterns.kinds import is_controls, is_sequence
from patterns.reading import reify
from patterns.registry import nearest, transform

GROUP = "Choosing patterns"

Join = Callable[..., Pattern]


def _table(name: str, lookup: Any, *, wrap: bool) -> tuple[Callable[[Any], Pattern], frozenset[str]]:
    """Make the function from a number or name to a pattern."""
    if is_controls(lookup):
        named = {key: reify(value) for key, value in lookup.items()}

        def by_name(key: Any) -> Pattern:
            if not isinstance(key, (str, int, float)) or key not in named:
                known = list(map(str, named))
                hint = nearest(str(key), known) or f"; there is {', '.join(known[:8]) or 'nothing'}"
                raise PatternError(f"{name} has nothing called {told(key)}{hint}")
            return named[key]

        return by_name, reads_of(list(named.values()))
    if not is_sequence(lookup) or not lookup:
        raise TypeError(f"{name} wants a list or a dict of patterns, found {told(lookup)}")
    listed = [reify(value) for value in lookup]

    def by_number(value: Any) -> Pattern:
        index = math.floor(number(name, value) + 0.5)
        return listed[index % len(listed) if wrap else max(0, min(index, len(listed) - 1))]

    return by_number, reads_of(listed)


_restarting = partial(trigger_join, restart=True)
_resetting = partial(trigger_join, restart=False)


def _picked(name: str, join: Join, pattern: Pattern, lookup: Any, *, wrap: bool) -> Pattern:
    build, reads = _table(name, lookup, wrap=wrap)
    return join(pattern, build, reads=reads, ahead=True)


def _either_order(call: Callable[..., Pattern], name: str) -> Callable[..., Any]:
    """Make the function form, which takes numbers and list in either order, as Strudel's does."""

    @wraps(call)
    def form(*arguments: Any) -> Any:
        if len(arguments) == 1:

            def later(pattern: Any) -> Pattern:
                return call(reify(pattern), arguments[0])

            return later
        if len(arguments) != 2:
            raise TypeError(f"{name} wants a list or a dict of patterns, and numbers or names")
        first, second = arguments
        if is_controls(second) or (is_sequence(second) and not is_sequence(first) and not is_controls(first)):
            first, second = second, first
        return call(reify(second), first)

    return form


_FIRST = "Choose patterns from a list by number, or from a dict by name; too large a number is the last."
_ANEW = "; numbers past the last begin anew."
_SQUEEZED = "As `pick`; a cycle of each choice is squeezed into "

_WAYS: tuple[tuple[str, Join, bool, str, str, list[str], list[str]], ...] = (
    ("pick", inner_join, False, _FIRST, "<0 1>", ["a b", "c"], ["a", "b", "c"]),
    ("pickmod", inner_join, True, f"As `pick`{_ANEW}", "<0 2>", ["a", "b"], ["a", "a"]),
    ("pick_out", outer_join, False, "As `pick`; the rhythm is that of the numbers.", "0 <1 ~>", ["a", "b*2"],
     ["a", "b", "a"]),
    ("pickmod_out", outer_join, True, f"As `pick_out`{_ANEW}", "<1 2>", ["a", "b"], ["b", "a"]),
    ("pick_restart", _restarting, False, "As `pick`; each choice begins with its first cycle.", "<0 1>",
     ["a", "<c d>"], ["a", "c"]),
    ("pickmod_restart", _restarting, True, f"As `pick_restart`{_ANEW}", "<0 3>", ["a", "<c d>"], ["a", "c"]),
    ("pick_reset", _resetting, False, "As `pick`; each choice begins with the begin of a cycle.", "<0 1>/2",
     ["a b", "c d"], ["a", "b", "a", "b"]),
    ("pickmod_reset", _resetting, True, f"As `pick_reset`{_ANEW}", "<0 3>", ["a b", "c d"],
     ["a", "b", "c", "d"]),
    ("inhabit", squeeze_join, False, f"{_SQUEEZED}the event that chose it.", "<0 [0 1]>", ["a b", "c"],
     ["a", "b", "a", "b", "c"]),
    ("pick_squeeze", squeeze_join, False, f"{_SQUEEZED}its event, as `inhabit`.", "<0 [0 1]>", ["a b", "c"],
     ["a", "b", "a", "b", "c"]),
    ("inhabitmod", squeeze_join, True, f"As `inhabit`{_ANEW}", "<0 [0 3]>", ["a b", "c"],
     ["a", "b", "a", "b", "c"]),
    ("pickmod_squeeze", squeeze_join, True, f"As `pick_squeeze`{_ANEW}", "<0 [0 3]>", ["a b", "c"],
     ["a", "b", "a", "b", "c"]),
)  # fmt: skip
"""Name, whose rhythm counts, whether numbers past the last begin anew, what it does; and an example: numbers,
patterns, and what is heard in two cycles."""


def _install(
    name: str, join: Join, wrap: bool, doc: str, numbers: str, lookup: list[str], heard: list[str]
) -> Callable[[Pattern, Any], Pattern]:
    def call(pattern: Pattern, lookup: Any) -> Pattern:
        return _picked(name, join, pattern, lookup, wrap=wrap)

    shown = str(lookup).replace("'", '"')
    call.__name__ = name
    call.__doc__ = f"""{doc}

    >>> [hap.value for hap in mini("{numbers}").{name}({shown}).haps(0, 2)]
    {heard}

    Args:
        pattern: Numbers from 0, rounded, or names.
        lookup: A list or a dict of patterns.
    """
    return transform(GROUP, form=_either_order)(call)


_CALLS = {row[0]: _install(*row) for row in _WAYS}


def _squeezing(call: Callable[..., Pattern], name: str) -> Callable[..., Any]:
    """Make the function form, which picks: `squeeze("0 1", ["a b", "c"])`."""
    del call
    return _either_order(_CALLS["pickmod_squeeze"], name)


@transform(GROUP, form=_squeezing)
def squeeze(pattern: Pattern, *others: Any) -> Pattern:
    """Squeeze a cycle of another pattern into each event, as `set.squeeze`.

    >>> [hap.value for hap in mini("0 1").squeeze("a b").haps(0, 1)]
    ['a', 'b', 'a', 'b']

    As in Strudel, the function picks: `squeeze("0 3", ["a b", "c"])`.

    Args:
        pattern: The pattern that gives the rhythm.
        others: The pattern whose values replace those of the events; several values are a sequence.
    """
    return Operation(pattern, "set").squeeze(*others)


def _changed(name: str, pattern: Pattern, numbers: Any, changes: Any, *, wrap: bool) -> Pattern:
    if not is_sequence(changes) and not is_controls(changes):
        raise TypeError(f"{name} wants a list or a dict of functions, found {told(changes)}")
    if is_controls(changes):
        named: dict[str, Any] = changes
        made: Any = {key: apply(name, change, pattern) for key, change in named.items()}
    else:
        made = [apply(name, change, pattern) for change in changes]
    return _picked(name, inner_join, reify(numbers), made, wrap=wrap)


@transform(GROUP)
def pick_f(pattern: Pattern, numbers: Any, changes: Any) -> Pattern:
    """Apply the function that a pattern of numbers or names chooses from a list or dict.

    >>> [hap.value for hap in mini("a b").pick_f("<0 1>", [rev, fast(2)]).haps(0, 2)]
    ['b', 'a', 'a', 'b', 'a', 'b']

    Args:
        pattern: The pattern.
        numbers: Which function when, from 0; too large a number is the last.
        changes: A list or a dict of functions.
    """
    return _changed("pick_f", pattern, numbers, changes, wrap=False)


@transform(GROUP)
def pickmod_f(pattern: Pattern, numbers: Any, changes: Any) -> Pattern:
    """As `pick_f`; numbers past the last begin anew.

    >>> [hap.value for hap in mini("a b").pickmod_f("2", [rev, fast(2)]).haps(0, 1)]
    ['b', 'a']

    Args:
        pattern: The pattern.
        numbers: Which function when, from 0.
        changes: A list or a dict of functions.
    """
    return _changed("pickmod_f", pattern, numbers, changes, wrap=True)
