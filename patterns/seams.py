"""Where haps are cut: what meets a value that fills each cycle has a seam at each cycle's end."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from patterns.core import Flat, Pattern, Run
from patterns.slots import Change, Remake
from patterns.state import Walk
from patterns.ticks import TICKS, Time, scale


class Seams(NamedTuple):
    """The times at which a signal is cut.

    Args:
        length: From one to the next, in ticks.
        first: Where one of them is.
        anew: Whether the value is a new one after each; otherwise it goes on, and only the haps are cut.
    """

    length: Time
    first: Time
    anew: bool

    def moved(self, gap: Time) -> Seams:
        """Move them later by a time."""
        return self._replace(first=(self.first + gap) % self.length)

    def stretched(self, up: int, down: int) -> Seams:
        """Stretch their distances by up/down."""
        return self._replace(length=scale(self.length, up, down), first=scale(self.first, up, down))


EACH_CYCLE = Seams(TICKS, 0, anew=False)


def cut(found: list[Flat], length: Time = TICKS, first: Time = 0) -> list[Flat]:
    """Cut haps at the multiples of a length, counted from a first time; their values stay."""
    kept: list[Flat] = []
    for hap in found:
        b, e, pb, pe, v, w = hap
        stop = ((pb - first) // length + 1) * length + first
        if pe <= stop:
            kept.append(hap)
            continue
        while pb < pe:
            kept.append((b, e, pb, stop if stop < pe else pe, v, w))
            pb = stop
            stop += length
    return kept


def _run_in_cycles(inner: Run) -> Run:
    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        found = inner(begin, end, walk)
        return cut(found) if found and begin % TICKS + end - begin > TICKS else found

    return run


def in_cycles(pattern: Pattern) -> Pattern:
    """Cut the haps of a pattern where they go on over the end of a cycle.

    That is how Strudel answers where a pattern meets a plain value, which it takes for one in each cycle.
    """
    remake = pattern.remake
    if pattern.atom is not None or (remake is not None and not remake.crosses):
        return pattern
    sample, seams = pattern.sample, None
    if sample is not None:
        seams = _both(pattern.seams)
        if seams is None:
            sample = None
    again = None
    if remake is not None:
        make = remake.make

        def made(change: Change) -> Pattern | None:
            other = make(change)
            return None if other is None else in_cycles(other)

        again = Remake(made, remake.values)
    return replace(
        pattern, run=_run_in_cycles(pattern.run), sample=sample, seams=seams, slots=None, remake=again
    )


def asked_in_cycles(pattern: Pattern) -> Pattern:
    """Ask a pattern for each cycle on its own, as what is chosen by a text is: signals begin anew in each."""
    if pattern.discrete:
        return in_cycles(pattern)
    inner, seams = pattern.run, pattern.seams
    fits = seams is None or (seams.anew and not seams.first and TICKS % seams.length == 0)
    sample = pattern.sample if fits else None

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        stop = (begin // TICKS + 1) * TICKS
        if end <= stop:
            return inner(begin, end, walk)
        found: list[Flat] = []
        while begin < end:
            found += inner(begin, min(stop, end), walk)
            begin = stop
            stop += TICKS
        return found

    anew = None if sample is None else seams or EACH_CYCLE._replace(anew=True)
    return replace(pattern, run=run, sample=sample, seams=anew, slots=None, remake=None)


def _both(seams: Seams | None) -> Seams | None:
    """Give the seams of a signal that is cut in cycles besides; None if one row of them cannot say it."""
    if seams is None:
        return EACH_CYCLE
    if not seams.first and (Fraction(TICKS) / seams.length).denominator == 1:
        return seams
    if not seams.anew and not seams.first and (Fraction(seams.length) / TICKS).denominator == 1:
        return EACH_CYCLE
    return None
