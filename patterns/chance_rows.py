"""Functions of chance: what is dropped, what is changed, what is chosen."""

from __future__ import annotations

from typing import Any

from patterns.arguments import apply, over, probability
from patterns.chance import degrade, degrade_cycles
from patterns.core import Flat, Pattern
from patterns.registry import transform
from patterns.seams import asked_in_cycles, cut
from patterns.state import Walk
from patterns.ticks import TICKS, Time, common

GROUP = "Chance"


def _beside(one: Pattern, other: Pattern) -> Pattern:
    """Stack two patterns and cut them in cycles, in one step; signals are asked anew in each."""
    first, second = one.run, other.run

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        found = first(begin, end, walk) + second(begin, end, walk)
        return cut(found) if found and begin % TICKS + end - begin > TICKS else found

    made = Pattern(
        run,
        None,
        common(one.period, other.period),
        one.reads | other.reads,
        discrete=one.discrete and other.discrete,
    )
    return made if made.discrete else asked_in_cycles(made)


@transform(GROUP)
def sometimes_by(pattern: Pattern, chance: Any, change: Any) -> Pattern:
    """Apply a function to random events.

    >>> sorted({hap.value for hap in mini("0*8").sometimes_by(.5, add(7)).haps(0, 4)})
    [0, 7]

    Args:
        pattern: The pattern.
        chance: Probability for each event, 0 to 1.
        change: The function.
    """

    def build(value: Any) -> Pattern:
        share = probability("sometimes_by", value)
        changed = apply("sometimes_by", change, degrade(pattern, 1 - share, inverse=True))
        return _beside(degrade(pattern, share), changed)

    return over([chance], build, pattern, probe=lambda: apply("sometimes_by", change, pattern))


@transform(GROUP)
def some_cycles_by(pattern: Pattern, chance: Any, change: Any) -> Pattern:
    """Apply a function to random cycles.

    >>> sorted({hap.value for hap in mini("0").some_cycles_by(.5, add(1)).haps(0, 32)})
    [0, 1]

    Args:
        pattern: The pattern.
        chance: Probability for each cycle, 0 to 1.
        change: The function.
    """

    def build(value: Any) -> Pattern:
        share = probability("some_cycles_by", value)
        changed = apply("some_cycles_by", change, degrade_cycles(pattern, 1 - share, inverse=True))
        return _beside(degrade_cycles(pattern, share), changed)

    return over([chance], build, pattern, probe=lambda: apply("some_cycles_by", change, pattern))


_SHARES = {
    "sometimes": (0.5, "half of the events"),
    "often": (0.75, "three of four events"),
    "rarely": (0.25, "one of four events"),
    "almost_always": (0.9, "nine of ten events"),
    "almost_never": (0.1, "one of ten events"),
}


def _share(name: str, share: float, words: str) -> None:
    def call(pattern: Pattern, change: Any) -> Pattern:
        return sometimes_by(pattern, share, change)

    call.__name__ = name
    call.__doc__ = f"""Apply a function to {words}, by chance.

    >>> 8 <= len(mini("a*8").{name}(ply(2)).haps(0, 1)) <= 16
    True
    """
    transform(GROUP)(call)


for _name, (_part, _words) in _SHARES.items():
    _share(_name, _part, _words)


@transform(GROUP)
def some_cycles(pattern: Pattern, change: Any) -> Pattern:
    """Apply a function to half of the cycles, by chance.

    >>> len(mini("a b").some_cycles(rev).haps(0, 4))
    8
    """
    return some_cycles_by(pattern, 0.5, change)


@transform(GROUP)
def degrade_by(pattern: Pattern, chance: Any) -> Pattern:
    """Drop random events.

    >>> 0 < len(mini("a*8").degrade_by(.5).haps(0, 4)) < 32
    True

    Args:
        pattern: The pattern.
        chance: Probability of dropping each, 0 to 1.
    """
    return over(
        [chance],
        lambda c: degrade(pattern, probability("degrade_by", c)),
        pattern,
        steps=pattern.steps,
    )


@transform(GROUP)
def undegrade_by(pattern: Pattern, chance: Any) -> Pattern:
    """Keep what `degrade_by` with one minus that probability drops.

    >>> one, other = mini("a*8").degrade_by(.25), mini("a*8").undegrade_by(.75)
    >>> len(one.haps(0, 4)) + len(other.haps(0, 4))
    32

    Args:
        pattern: The pattern.
        chance: Probability of dropping each, 0 to 1.
    """
    return over(
        [chance],
        lambda c: degrade(pattern, probability("undegrade_by", c), inverse=True),
        pattern,
        steps=pattern.steps,
    )


@transform(GROUP, name="degrade")
def degrade_half(pattern: Pattern) -> Pattern:
    """Drop half of the events, by chance.

    >>> 0 < len(mini("a*8").degrade().haps(0, 4)) < 32
    True
    """
    return degrade(pattern, 0.5)


@transform(GROUP, name="undegrade")
def undegrade_half(pattern: Pattern) -> Pattern:
    """Keep what `degrade` drops.

    >>> len(mini("a*8").undegrade().haps(0, 4)) + len(mini("a*8").degrade().haps(0, 4))
    32
    """
    return degrade(pattern, 0.5, inverse=True)
