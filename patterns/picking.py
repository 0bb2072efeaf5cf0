"""Choosing patterns by a pattern of numbers or names."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from patterns.arguments import number
from patterns.combine import reads_of
from patterns.core import Pattern
from patterns.errors import PatternError
from patterns.joining import inner_join, outer_join, squeeze_join, trigger_join
from patterns.kinds import is_controls, is_sequence
from patterns.reading import reify
from patterns.registry import nearest, transform

GROUP = "Choosing patterns"


def _table(name: str, lookup: Any, *, wrap: bool) -> tuple[Callable[[Any], Pattern], frozenset[str]]:
    """Make the function from a number or name to a pattern."""
    if is_controls(lookup):
        named = {key: reify(value) for key, value in lookup.items()}

        def by_name(key: Any) -> Pattern:
            if key not in named:
                raise PatternError(
                    f"{name} has nothing called {key!r}{nearest(str(key), list(map(str, named)))}"
                )
            return named[key]

        return by_name, reads_of(list(named.values()))
    if not is_sequence(lookup) or not lookup:
        raise TypeError(f"{name} wants a list or a dict of patterns, found {lookup!r}")
    listed = [reify(value) for value in lookup]

    def by_number(value: Any) -> Pattern:
        index = math.floor(number(name, value))
        return listed[index % len(listed) if wrap else max(0, min(index, len(listed) - 1))]

    return by_number, reads_of(listed)


@transform(GROUP)
def pick(pattern: Pattern, lookup: Any) -> Pattern:
    """Choose patterns from a list by number, or from a dict by name; too large a number is the last.

    >>> [hap.value for hap in mini("<0 1>").pick(["a b", "c"]).haps(0, 2)]
    ['a', 'b', 'c']

    Args:
        pattern: Numbers from 0, or names.
        lookup: A list or a dict of patterns.
    """
    return inner_join(pattern, *_table("pick", lookup, wrap=False))


@transform(GROUP)
def pickmod(pattern: Pattern, lookup: Any) -> Pattern:
    """As `pick`; numbers past the last begin anew.

    >>> mini("2").pickmod(["a", "b"]).haps(0, 1)[0].value
    'a'
    """
    return inner_join(pattern, *_table("pickmod", lookup, wrap=True))


@transform(GROUP)
def pick_out(pattern: Pattern, lookup: Any) -> Pattern:
    """As `pick`; the rhythm is that of the numbers.

    >>> len(mini("0 1").pick_out(["a", "b"]).haps(0, 1))
    2
    """
    return outer_join(pattern, *_table("pick_out", lookup, wrap=False))


@transform(GROUP)
def pick_restart(pattern: Pattern, lookup: Any) -> Pattern:
    """As `pick`; each choice begins with its first cycle.

    >>> [hap.value for hap in mini("<0 1>").pick_restart(["a", "<c d>"]).haps(0, 2)]
    ['a', 'c']
    """
    build, reads = _table("pick_restart", lookup, wrap=False)
    return trigger_join(pattern, build, restart=True, reads=reads)


@transform(GROUP)
def pick_reset(pattern: Pattern, lookup: Any) -> Pattern:
    """As `pick`; each choice begins with the begin of a cycle.

    >>> [hap.value for hap in mini("0 1").pick_reset(["a b", "c d"]).haps(0, 1)]
    ['a', 'c']
    """
    build, reads = _table("pick_reset", lookup, wrap=False)
    return trigger_join(pattern, build, restart=False, reads=reads)


@transform(GROUP)
def inhabit(pattern: Pattern, lookup: Any) -> Pattern:
    """As `pick`; a cycle of each choice is squeezed into the event that chose it.

    >>> [hap.value for hap in mini("0 1").inhabit(["a b", "c"]).haps(0, 1)]
    ['a', 'b', 'c']
    """
    return squeeze_join(pattern, *_table("inhabit", lookup, wrap=False))


@transform(GROUP)
def squeeze(pattern: Pattern, lookup: Any) -> Pattern:
    """As `inhabit`; numbers past the last begin anew.

    >>> [hap.value for hap in mini("0 3").squeeze(["a b", "c"]).haps(0, 1)]
    ['a', 'b', 'c']
    """
    return squeeze_join(pattern, *_table("squeeze", lookup, wrap=True))
