"""Patterns made cycle by cycle, and what some patterns have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from patterns.core import BAD_VALUE, Flat, Pattern
from patterns.state import Walk
from patterns.ticks import TICKS, Time, common
from patterns.where import explain


def reads_of(patterns: Sequence[Pattern]) -> frozenset[str]:
    """Gather the inputs that any of some patterns reads."""
    return frozenset[str]().union(*[pattern.reads for pattern in patterns if pattern.reads])


def all_discrete(patterns: Sequence[Pattern]) -> bool:
    """Say whether nothing continuous is in some patterns."""
    return all(pattern.discrete for pattern in patterns)


def shared_steps(patterns: Sequence[Pattern]) -> Fraction | None:
    """Find how many steps patterns have in common; those whose steps are not known do not count."""
    known = [pattern.steps for pattern in patterns if pattern.steps is not None]
    return common(*known) if known else None


def by_cycle(
    choose: Callable[[int], Pattern],
    patterns: Sequence[Pattern],
    *,
    steps: Fraction | None = None,
    period: Fraction | None = None,
) -> Pattern:
    """Make a pattern that is, in each cycle, the one that a function of the cycle's number names.

    Where the function fails it is the first of the patterns, and the failure is reported.
    """

    def run_cycle(cycle: int, begin: Time, end: Time, walk: Walk) -> list[Flat]:
        try:
            chosen = choose(cycle)
        except BAD_VALUE as error:
            walk.report(explain(error), ())
            chosen = patterns[0]
        return chosen.run(begin, end, walk)

    return Pattern(split(patterns[0], run_cycle).run, steps, period, reads_of(patterns))


def split(
    pattern: Pattern,
    run_cycle: Callable[[int, Time, Time, Walk], list[Flat]],
    *,
    steps: Fraction | None = None,
    period: Fraction | None = None,
) -> Pattern:
    """Make a pattern from what happens within one cycle, given the cycle's number."""

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        cycle = begin // TICKS
        stop = (cycle + 1) * TICKS
        if end <= stop:
            return run_cycle(cycle, begin, end, walk)
        haps: list[Flat] = []
        while begin < end:
            walk.spend(1)
            haps += run_cycle(cycle, begin, min(stop, end), walk)
            begin = stop
            stop += TICKS
            cycle += 1
        return haps

    return Pattern(run, steps, period, pattern.reads)
