"""True and false: which values count as true, and Tidal's way of writing them in a text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from patterns.combine import changed, fastcat, fmap
from patterns.core import Pattern
from patterns.mini_parser import parse
from patterns.mini_tree import Atom, Chain, Count, Euclid, Group, Line, Maybe, Node, Pace
from patterns.reading import reify
from patterns.where import Literal, Where

TIDALS = {"t", "f"}
"""Tidal's words for true and false: where a text has no others, `f` is false."""


def truth(value: Any) -> bool:
    """Say whether a value counts as true: not 0, `False`, `None` or an empty text.

    >>> truth(0), truth("0"), truth("f")
    (False, True, True)
    """
    return bool(value) or isinstance(value, (tuple, dict))


def booleans(value: Any) -> Pattern:
    """Make a pattern of true and false of anything that a pattern can be made of.

    In a text of `t`, `f` and rests alone, as Tidal writes them, `f` is false; any other word is true.

    >>> [hap.value for hap in booleans("t f").haps(0, 1)], [hap.value for hap in booleans("1 f").haps(0, 1)]
    ([True, False], [1, 'f'])
    """
    if isinstance(value, list):
        return fastcat([booleans(item) for item in cast("list[Any]", value)])
    pattern = reify(value)
    if isinstance(value, str):
        said = "f" in value and set(_words(parse(Literal(value, "", 1, 1, exact=False)))) <= TIDALS
    else:
        said = _of_tidal(pattern)
    return fmap(pattern, "t".__eq__) if said else pattern


def _words(node: Node) -> Iterator[Any]:
    """Give the values that a text plays; numbers that change it, as in `t*2`, are none."""
    match node:
        case Atom(value, _, _):
            yield value
        case Line():
            for _, child in node.steps:
                yield from _words(child)
        case Group():
            for line in node.lines:
                yield from _words(line)
        case Pace() | Euclid() | Maybe():
            yield from _words(node.node)
        case Chain() | Count():
            yield None
        case _:
            pass


class _OtherError(ValueError):
    """A value that is neither `t` nor `f`."""


def _of_tidal(pattern: Pattern) -> bool:
    """Say whether the values of a pattern are known to be `t` and `f`."""
    found: set[str] = set()

    def note(value: Any, places: tuple[Where, ...]) -> tuple[Any, tuple[Where, ...]]:
        if value.__class__ is not str or value not in TIDALS:
            raise _OtherError
        found.add(value)
        return value, places

    try:
        return changed(pattern, note) is not None and "f" in found
    except _OtherError:
        return False
