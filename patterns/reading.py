"""Reading whatever a musician writes where a pattern is expected."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any, cast

from patterns.combine import fastcat, pure, with_steps
from patterns.control_table import with_keys
from patterns.core import Pattern
from patterns.errors import PatternError
from patterns.joining import app_left, inner_join, known_values
from patterns.mini_build import build
from patterns.seams import asked_in_cycles


def reify(value: Any) -> Pattern:
    """Make a pattern of anything: text is mini-notation, a list is a sequence, the rest is a value.

    >>> reify([1, 2]).haps(0, 1)[1].value
    2
    """
    if isinstance(value, Pattern):
        return value
    if isinstance(value, str):
        return build(value)
    if isinstance(value, list):
        return fastcat([reify(item) for item in cast("list[Any]", value)])
    if callable(value):
        raise PatternError(
            f"expected a pattern, text or a number, found the function "
            f"{getattr(value, '__name__', value)!r}; "
            "does it want its arguments first?"
        )
    if isinstance(value, dict):
        return pure(with_keys(cast("dict[str, Any]", value)))
    return pure(value)


def patterned(
    arguments: Sequence[Any],
    build_with: Callable[..., Pattern],
    *,
    reads: frozenset[str] = frozenset(),
    steps: Fraction | None = None,
    ahead: bool = False,
    probe: Callable[[], Pattern] | None = None,
) -> Pattern:
    """Build a pattern from arguments that may be patterns themselves.

    Plain values build it at once, so that a wrong one raises where it is written; patterns of
    values build it anew whenever a value changes, and a wrong one is a problem of the query.
    A single word or number in a text stands for one value in each cycle.

    Args:
        arguments: Plain values, text or patterns.
        build_with: Makes the pattern from plain values.
        reads: Live inputs that the built patterns read, beside those of the arguments.
        steps: Steps of the outcome, where the arguments are patterns.
        ahead: Build for all values that are written, see `patterns.joining.inner_join`.
        probe: Makes, where the arguments are patterns, one whose live inputs the outcome reads, too.
    """
    if not any(isinstance(argument, (Pattern, str, list)) for argument in arguments):
        return build_with(*arguments)
    patterns = [reify(argument) for argument in arguments]
    atoms = [pattern.atom for pattern in patterns]
    if None not in atoms:
        places = tuple(where for pattern in patterns for where in pattern.places)
        try:
            made = build_with(*(atom[0] for atom in atoms if atom is not None))
            return with_steps(asked_in_cycles(made), steps) if places else made
        except PatternError as error:
            raise error.at(places) from None
    if probe is not None:
        reads |= probe().reads
    if len(patterns) == 1:
        return with_steps(inner_join(patterns[0], build_with, reads, ahead=ahead), steps)
    joined = app_left(patterns[0], patterns[1], lambda a, b: (a, b))
    for pattern in patterns[2:]:
        joined = app_left(joined, pattern, lambda values, b: (*values, b))
    found = [known_values(pattern) for pattern in patterns] if ahead else []
    # All combinations, whether or not they meet: what holds for more of them holds for those.
    values = [*product(*(each or () for each in found))]
    made = inner_join(
        joined,
        lambda values: build_with(*values),
        reads,
        ahead=ahead and None not in found,
        values=values,
    )
    return with_steps(made, steps)
