"""Functions that spread the notes of a chord in time."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from patterns.arguments import over, time
from patterns.core import Flat, Pattern
from patterns.errors import PatternError
from patterns.registry import transform
from patterns.state import Walk
from patterns.ticks import Time, scale

GROUP = "Notes and chords"


def chords(pattern: Pattern, begin: Time, end: Time, walk: Walk) -> list[list[Flat]]:
    """Gather the haps that begin and end together, in the order in which they stand.

    A chord that the query sees in part is asked for as a whole: how many notes it has must not depend
    on the query. Continuous haps are left out.
    """
    found: dict[tuple[Time, Time], list[Flat]] = {}
    for hap in pattern.run(begin, end, walk):
        if hap[0] is not None:
            found.setdefault((hap[0], hap[1]), []).append(hap)
    for (start, stop), notes in found.items():
        if start < begin or stop > end:
            notes[:] = [hap for hap in pattern.run(start, stop, walk) if (hap[0], hap[1]) == (start, stop)]
    return list(found.values())


def cut(notes: list[Flat], begin: Time, end: Time) -> list[Flat]:
    """Cut haps to a query and to their wholes, and drop those that lie outside."""
    kept: list[Flat] = []
    for b, e, pb, pe, v, w in notes:
        first, last = max(b, pb, begin), min(e, pe, end)
        if first < last or (first == last and begin == end):
            kept.append((b, e, first, last, v, w))
    return kept


@transform(GROUP)
def rolled_by(pattern: Pattern, share: Any) -> Pattern:
    """Strum chords: each note begins a little later than the one before, and all end together.

    >>> [str(hap.whole.begin) for hap in note("[c,e,g,b]").rolled_by(1/2).haps(0, 1)]
    ['0', '1/8', '1/4', '3/8']

    Args:
        pattern: Events that sound together.
        share: Part of the event that the strum takes, -1 to 1; negative begins with the last note.
    """

    def build(value: Any) -> Pattern:
        part = time("rolled_by", value)
        if not -1 <= part <= 1:
            raise PatternError(f"rolled_by wants a part of the event from -1 to 1, found {value}")
        if not part:
            return pattern
        up, down = abs(part).numerator, abs(part).denominator

        def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
            kept: list[Flat] = []
            for notes in chords(pattern, begin, end, walk):
                count = len(notes)
                for place, (b, e, pb, pe, v, w) in enumerate(notes if part > 0 else notes[::-1]):
                    start = b + scale((e - b) * up * place, 1, down * count)
                    kept.append((start, e, pb, pe, v, w))
            return cut(kept, begin, end)

        return Pattern(run, pattern.steps, pattern.period, pattern.reads)

    return over([share], build, pattern, steps=pattern.steps, ahead=True)


@transform(GROUP)
def rolled(pattern: Pattern) -> Pattern:
    """Strum chords within the first quarter of each event.

    >>> [str(hap.whole.begin) for hap in note("[c,e]").rolled().haps(0, 1)]
    ['0', '1/8']
    """
    return rolled_by(pattern, Fraction(1, 4))


@transform(GROUP)
def arpeggiate(pattern: Pattern) -> Pattern:
    """Play the notes of each chord one after the other within its time, in the order written.

    >>> [str(hap.whole.begin) for hap in note("[c,e,g]").arpeggiate().haps(0, 1)]
    ['0', '1/3', '2/3']

    `arp` plays them in other orders: `arp("updown")`.
    """

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for notes in chords(pattern, begin, end, walk):
            count = len(notes)
            for place, (b, e, pb, pe, v, w) in enumerate(notes):
                start = b + scale((e - b) * place, 1, count)
                stop = b + scale((e - b) * (place + 1), 1, count)
                kept.append((start, stop, pb, pe, v, w))
        return cut(kept, begin, end)

    return Pattern(run, None, pattern.period, pattern.reads)
