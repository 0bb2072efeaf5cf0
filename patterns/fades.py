"""Ways from one pattern to another, and to and from silence, that drop events by chance."""

from __future__ import annotations

from typing import Any

from patterns.arguments import ticks
from patterns.combine import stack
from patterns.core import Pattern
from patterns.crossing import during, multiple, span, thinned
from patterns.reading import reify
from patterns.registry import transform, transition

GROUP = "Transitions"


@transition(GROUP)
def clutch(old: Any, new: Any, at: Any) -> Pattern:
    """Drop ever more events of one pattern and ever fewer of another, over two cycles: `clutch_in` 2.

    >>> [hap.value for hap in clutch("a*8", "b", 1).haps(3, 4)]
    ['b']
    """
    return clutch_in(old, new, at, 2)


@transition(GROUP)
def clutch_in(old: Any, new: Any, at: Any, cycles: Any) -> Pattern:
    """Drop ever more events of one pattern, by chance, and ever fewer of another.

    >>> {hap.value for hap in clutch_in("a*8", "b*8", 1, 4).haps(2, 4)} == {"a", "b"}
    True

    Args:
        old: The pattern before.
        new: The pattern after.
        at: The cycle at which the change begins.
        cycles: How many cycles it lasts.
    """
    begin, end = span("clutch_in", at, cycles)
    leaving = thinned(reify(old), begin, end, coming=False)
    coming = thinned(reify(new), begin, end, coming=True)
    return stack([during(leaving, None, end), during(coming, begin, None)])


@transition(GROUP)
def mortal(old: Any, new: Any, at: Any, lifespan: Any, release: Any) -> Pattern:
    """Change at once; after some cycles the new pattern drops ever more of its events until it is silent.

    >>> len(mortal("a", "b*8", 1, 2, 1).haps(1, 3)), len(mortal("a", "b*8", 1, 2, 1).haps(4, 9))
    (16, 0)

    Args:
        old: The pattern before.
        new: The pattern after.
        at: The cycle of the change.
        lifespan: Cycles for which the new pattern is whole.
        release: Cycles in which it dies.
    """
    begin, falling = span("mortal", at, lifespan)
    silent = falling + span("mortal", 0, release)[1]
    dying = thinned(reify(new), falling, silent, coming=False)
    return stack([during(reify(old), None, begin), during(dying, begin, silent)])


@transition(GROUP)
def mortal_overlay(old: Any, new: Any, at: Any, cycles: Any) -> Pattern:
    """Add the new pattern for some cycles from the next multiple of them; the old one goes on.

    >>> [hap.value for hap in mortal_overlay("a", "b", 1, 2).haps(3, 5)]
    ['a', 'b', 'a']
    """
    begin = ticks("mortal_overlay", multiple("mortal_overlay", at, cycles))
    return stack([reify(old), during(reify(new), begin, begin + ticks("mortal_overlay", cycles))])


def _fade(name: str, pattern: Pattern, at: Any, cycles: Any, *, coming: bool) -> Pattern:
    begin, end = span(name, at, cycles)
    part = thinned(pattern, begin, end, coming=coming)
    return during(part, begin, None) if coming else during(part, None, end)


@transform(GROUP)
def fade_out(pattern: Pattern, cycles: Any) -> Pattern:
    """Drop ever more events, by chance, over the first cycles until it is silent.

    >>> len(mini("a*8").fade_out(4).haps(4, 8))
    0

    Args:
        pattern: The pattern.
        cycles: How many cycles it takes.
    """
    return _fade("fade_out", pattern, 0, cycles, coming=False)


@transform(GROUP)
def fade_out_from(pattern: Pattern, at: Any, cycles: Any) -> Pattern:
    """Drop ever more events, by chance, from a cycle on until it is silent.

    >>> len(mini("a*8").fade_out_from(2, 4).haps(0, 2))
    16

    Args:
        pattern: The pattern.
        at: The cycle at which it begins.
        cycles: How many cycles it takes.
    """
    return _fade("fade_out_from", pattern, at, cycles, coming=False)


@transform(GROUP)
def fade_in(pattern: Pattern, cycles: Any) -> Pattern:
    """Drop ever fewer events, by chance, over the first cycles until all are there.

    >>> len(mini("a*8").fade_in(4).haps(4, 5))
    8

    Args:
        pattern: The pattern.
        cycles: How many cycles it takes.
    """
    return _fade("fade_in", pattern, 0, cycles, coming=True)


@transform(GROUP)
def fade_in_from(pattern: Pattern, at: Any, cycles: Any) -> Pattern:
    """Be silent until a cycle, and from there drop ever fewer events until all are there.

    >>> len(mini("a*8").fade_in_from(2, 4).haps(0, 2))
    0

    Args:
        pattern: The pattern.
        at: The cycle at which it begins.
        cycles: How many cycles it takes.
    """
    return _fade("fade_in_from", pattern, at, cycles, coming=True)
