"""What the rules of grammars and of growth may become: alternatives, each with its weight."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from patterns.arguments import number, told
from patterns.core import Pattern, sounding
from patterns.dice import Dice
from patterns.errors import PatternError
from patterns.reading import reify
from patterns.state import Walk
from patterns.ticks import Time

Weigh = Callable[[Any], float]
"""Says what a weight is at the moment that counts."""


class Alternative(NamedTuple):
    """One of the things that a sign may become, and how often it does: a number or a pattern."""

    parts: str
    weight: Any


def alternatives(title: str, given: Any) -> list[Alternative]:
    """Read what a sign may become.

    >>> alternatives("grammar", "a b | c")
    [Alternative(parts='a b', weight=1), Alternative(parts='c', weight=1)]

    Args:
        title: The function that asks, for messages.
        given: Texts with `|` between them, a list of texts, or weights by text.
    """
    if isinstance(given, Mapping):
        found = [
            Alternative(_text(title, parts), _weight(title, weight))
            for parts, weight in cast("Mapping[Any, Any]", given).items()
        ]
    elif isinstance(given, (list, tuple)):
        found = [Alternative(_text(title, parts), 1) for parts in cast("Sequence[Any]", given)]
    else:
        found = [Alternative(parts.strip(), 1) for parts in _text(title, given).split("|")]
    if not found:
        raise PatternError(f"{title}: a rule wants at least one thing to become")
    return found


def drawn_among(found: Sequence[Alternative], weigh: Weigh, dice: Dice) -> Alternative:
    """Draw one of some alternatives."""
    if len(found) == 1:
        return found[0]
    return dice.weighted([(each, weigh(each.weight)) for each in found])


def weighing(title: str, time: Time, walk: Walk) -> Weigh:
    """Read weights at a time."""

    def weigh(weight: Any) -> float:
        if isinstance(weight, Pattern):
            heard = sounding(weight, time, walk)
            weight = heard[0][4] if heard else 0
        size = float(number(f"{title}: a weight", weight))
        if size < 0:
            raise PatternError(f"{title}: a weight is 0 or more, found {told(weight)}")
        return size

    return weigh


def reads(found: Sequence[Alternative]) -> frozenset[str]:
    """The live inputs that weights read."""
    return frozenset[str]().union(*(one.weight.reads for one in found if isinstance(one.weight, Pattern)))


def _text(title: str, parts: Any) -> str:
    if not isinstance(parts, (str, int, float)):
        raise TypeError(f"{title}: a rule becomes text, found {told(parts)}")
    return str(parts)


def _weight(title: str, weight: Any) -> Any:
    if isinstance(weight, (str, Pattern)):
        return reify(weight)
    if float(number(f"{title}: a weight", weight)) < 0:
        raise PatternError(f"{title}: a weight is 0 or more, found {told(weight)}")
    return weight
