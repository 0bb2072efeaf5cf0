"""Whose rhythm counts, without an operator: the short forms of `set`, `keep` and `keepif`."""

from __future__ import annotations

from typing import Any

from patterns.alignment import Operation
from patterns.combine import fmap
from patterns.core import Pattern
from patterns.registry import transform
from patterns.truths import booleans, truth

GROUP = "Combining values"


@transform(GROUP, method_only=True)
def out(pattern: Pattern, *others: Any) -> Pattern:
    """Put other values and controls in; the rhythm is theirs, as `set.out`.

    >>> len(s("bd").out(n("0 1 2")).haps(0, 1))
    3
    """
    return Operation(pattern, "set").out(*others)


@transform(GROUP, method_only=True)
def mix(pattern: Pattern, *others: Any) -> Pattern:
    """Put other values and controls in; the rhythm is what both share, as `set.mix`.

    >>> len(s("bd sd").mix(n("0 1 2")).haps(0, 1))
    4
    """
    return Operation(pattern, "set").mix(*others)


@transform(GROUP, method_only=True)
def squeezeout(pattern: Pattern, *others: Any) -> Pattern:
    """Fit a cycle of the pattern into each event of another, whose values count, as `set.squeezeout`.

    >>> [hap.value["n"] for hap in s("bd sd").squeezeout(n("0 1")).haps(0, 1)]
    [0, 0, 1, 1]
    """
    return Operation(pattern, "set").squeezeout(*others)


@transform(GROUP, method_only=True)
def poly(pattern: Pattern, *others: Any) -> Pattern:
    """Put other values and controls in step by step, as `set.poly`.

    >>> [hap.value["n"] for hap in s("bd sd").poly(n("0 1 2")).haps(0, 2)]
    [0, 1, 2, 0]
    """
    return Operation(pattern, "set").poly(*others)


@transform(GROUP)
def reset_all(pattern: Pattern, *triggers: Any) -> Pattern:
    """Start the cycle anew at each event of another pattern, true or false.

    >>> [hap.value for hap in mini("a b").reset_all("0 0").haps(0, 1)]
    ['a', 'a']
    """
    return Operation(pattern, "keep").reset(*triggers)


@transform(GROUP)
def restart_all(pattern: Pattern, *triggers: Any) -> Pattern:
    """Start from the first cycle at each event of another pattern, true or false.

    >>> [hap.value for hap in mini("<a b>").restart_all("0").haps(0, 2)]
    ['a', 'a']
    """
    return Operation(pattern, "keep").restart(*triggers)


@transform(GROUP)
def struct_all(pattern: Pattern, *rhythm: Any) -> Pattern:
    """Take the rhythm of another pattern, its events true or false.

    >>> len(mini("a").struct_all("0 1 0").haps(0, 1))
    3
    """
    return Operation(pattern, "keep").out(*rhythm)


@transform(GROUP)
def mask_all(pattern: Pattern, *truths: Any) -> Pattern:
    """Keep what sounds while another pattern has events, true or false.

    >>> [hap.value for hap in mini("a b c d").mask_all("0 ~").haps(0, 1)]
    ['a', 'b']
    """
    return Operation(pattern, "keep")(*truths)


def _not(value: Any) -> bool:
    return not truth(value)


@transform(GROUP)
def invert(pattern: Pattern) -> Pattern:
    """Turn true into false and false into true, as for `struct` and `mask`.

    >>> [hap.value for hap in mini("1 0 1").invert().haps(0, 1)]
    [False, True, False]
    """
    return fmap(booleans(pattern), _not)


@transform(GROUP)
def inv(pattern: Pattern) -> Pattern:
    """Turn true into false and false into true, as `invert`.

    >>> [hap.value for hap in mini("t f").inv().haps(0, 1)]
    [False, True]
    """
    return invert(pattern)
