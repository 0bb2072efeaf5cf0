"""Functions of only those events whose controls match."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from patterns.arguments import apply, called
from patterns.combine import explain, stack, with_steps
from patterns.core import BAD_VALUE, Flat, Pattern, sounding
from patterns.errors import PatternError
from patterns.kinds import is_controls
from patterns.reading import reify
from patterns.registry import transform
from patterns.state import Walk
from patterns.ticks import Time, common
from patterns.tonality import note_number

GROUP = "Applying functions"
Test = Callable[[Any, Any], Any]


def _comparable(name: str, value: Any) -> Any:
    """Read the name of a note as its number, so that c3 and 48 are the same."""
    if name == "note" and isinstance(value, str):
        try:
            return note_number(value)
        except PatternError:
            return value
    return value


def _matches(wanted: Any, found: Any, test: Test) -> bool:
    if not is_controls(wanted):
        raise PatternError(f"fix and contrast want controls to look for, such as s('bd'), found {wanted!r}")
    if not is_controls(found):
        return False
    return all(
        name in found and bool(test(_comparable(name, value), _comparable(name, found[name])))
        for name, value in wanted.items()
    )


def _sifted(pattern: Pattern, controls: Pattern, test: Test, *, matching: bool) -> Pattern:
    """Keep the haps that match, or those that do not; what is looked for is read at each onset."""

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for hap in pattern.run(begin, end, walk):
            looked_for = sounding(controls, hap[2] if hap[0] is None else hap[0], walk)
            try:
                if any(_matches(each[4], hap[4], test) for each in looked_for) == matching:
                    kept.append(hap)
            except BAD_VALUE as error:
                walk.report(explain(error), hap[5])
        return kept

    period = common(pattern.period, controls.period)
    return Pattern(run, pattern.steps, period, pattern.reads | controls.reads)


def _contrasted(name: str, pattern: Pattern, test: Test, changes: tuple[Any, Any], controls: Any) -> Pattern:
    wanted = reify(controls)
    same, other = changes
    hit = _sifted(pattern, wanted, test, matching=True)
    rest = _sifted(pattern, wanted, test, matching=False)
    parts = [
        hit if same is None else apply(name, same, hit),
        rest if other is None else apply(name, other, rest),
    ]
    return with_steps(stack(parts), pattern.steps)


@transform(GROUP)
def fix(pattern: Pattern, change: Any, controls: Any) -> Pattern:
    """Apply a function to the events whose controls match.

    >>> [hap.value for hap in s("bd sn").fix(lambda p: p.speed(2), s("sn")).haps(0, 1)]
    [{'s': 'bd'}, {'s': 'sn', 'speed': 2}]

    Args:
        pattern: Events with controls.
        change: The function.
        controls: What to look for, such as `s("bd")` or `s("bd") | n(1)`; all of it must match.
    """
    return _contrasted("fix", pattern, operator.eq, (change, None), controls)


@transform(GROUP)
def unfix(pattern: Pattern, change: Any, controls: Any) -> Pattern:
    """Apply a function to the events whose controls do not match.

    >>> [hap.value for hap in s("bd sn").unfix(lambda p: p.speed(2), s("sn")).haps(0, 1)]
    [{'s': 'bd', 'speed': 2}, {'s': 'sn'}]

    Args:
        pattern: Events with controls.
        change: The function.
        controls: What to look for.
    """
    return _contrasted("unfix", pattern, operator.eq, (None, change), controls)


@transform(GROUP)
def contrast(pattern: Pattern, change: Any, other: Any, controls: Any) -> Pattern:
    """Apply one function to the events whose controls match, and another to the rest.

    >>> [hap.value for hap in n("0 1").contrast(add(12), add(24), n(0)).haps(0, 1)]
    [{'n': 12}, {'n': 25}]

    Args:
        pattern: Events with controls.
        change: The function for those that match.
        other: The function for those that do not.
        controls: What to look for.
    """
    return _contrasted("contrast", pattern, operator.eq, (change, other), controls)


@transform(GROUP)
def contrast_by(pattern: Pattern, test: Any, change: Any, other: Any, controls: Any) -> Pattern:
    """As `contrast`, with a test of what is looked for and what is there.

    >>> sides = n("0 1 2 3").contrast_by(lambda wanted, found: found >= wanted, add(10), add(20), n(2))
    >>> [hap.value["n"] for hap in sides.haps(0, 1)]
    [20, 21, 12, 13]

    Args:
        pattern: Events with controls.
        test: A function of two values.
        change: The function for those that pass.
        other: The function for those that do not.
        controls: What to look for.
    """
    passes = called("contrast_by", "a test of two values", test)
    return _contrasted("contrast_by", pattern, passes, (change, other), controls)
