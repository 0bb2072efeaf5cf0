"""Ways from one pattern to another in which the first comes ever closer to the second."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from patterns.combine import explain, stack
from patterns.core import BAD_VALUE, Flat, Pattern, sounding
from patterns.crossing import RINGS, during, onset_of, share, span
from patterns.errors import PatternError
from patterns.kinds import is_controls
from patterns.reading import reify
from patterns.registry import transition
from patterns.state import Walk
from patterns.ticks import TICKS, Time
from patterns.tonality import note_number

GROUP = "Transitions"

ECHOES = 8
"""Events that `anticipate` makes of one, itself included; each is a tenth quieter than the one before."""


def _gathering(pattern: Pattern, begin: Time, end: Time) -> Pattern:
    """Echo each hap at times that grow from a cycle down to nothing, between begin and end."""

    def run(first: Time, last: Time, walk: Walk) -> list[Flat]:
        if last <= begin:
            return []
        kept: list[Flat] = []
        # What begins before this is over: its last echo comes at most 7 cycles later.
        earliest = max(begin, first // TICKS * TICKS - (ECHOES - 1) * TICKS - RINGS)
        for b, e, pb, _, v, w in pattern.run(earliest, min(last, end), walk):
            if b is None or b != pb:
                continue
            if not is_controls(v):
                walk.report(
                    f"anticipate wants a pattern of controls such as s or note, found the value {v!r}", w
                )
                continue
            walk.spend(ECHOES)
            gap = Fraction(end - b) / (end - begin) * TICKS
            for index in range(ECHOES):
                start, stop = b + index * gap, e + index * gap
                if start < end and start < last and stop > first:
                    quieter = {**v, "gain": v.get("gain", 1) * (1 - index / 10)} if index else v
                    kept.append((start, stop, max(start, first), min(stop, last), quieter, w))
        return kept

    return Pattern(run, None, None, pattern.reads)


@transition(GROUP)
def anticipate(old: Any, new: Any, at: Any) -> Pattern:
    """Build up tension with ever closer echoes and drop into the new pattern after eight cycles.

    >>> [hap.value for hap in anticipate(s("a"), s("b"), 1).haps(9, 10) if hap.has_onset]
    [{'s': 'b'}]
    """
    return anticipate_in(old, new, at, 8)


@transition(GROUP)
def anticipate_in(old: Any, new: Any, at: Any, cycles: Any) -> Pattern:
    """Build up tension with ever closer echoes of the old pattern and drop into the new one.

    >>> tense = anticipate_in(s("~ a"), s("b"), 0, 2)
    >>> [str(hap.whole.begin) for hap in tense.haps(0, 2) if hap.has_onset]
    ['1/2', '5/4', '3/2', '7/4']

    Args:
        old: The pattern before.
        new: The pattern after.
        at: The cycle at which the echoes begin, a cycle apart.
        cycles: Cycles until they meet and the new pattern begins.
    """
    begin, end = span("anticipate_in", at, cycles)
    source = reify(old)
    parts = [during(source, None, begin), during(reify(new), end, None)]
    return stack([*parts, during(_gathering(source, begin, end), begin, end)] if begin < end else parts)


def _between(name: str, old: Any, new: Any, part: float) -> Any:
    """Give the value a part of the way from one to another; what is no number is the new one's."""
    if is_controls(old) and is_controls(new):
        return {
            key: _between(key, old[key], value, part) if key in old else value for key, value in new.items()
        }
    first, last = (_pitch(old), _pitch(new)) if name == "note" else (old, new)
    plain = (int, float, Fraction)
    if isinstance(first, plain) and isinstance(last, plain) and first != last:
        return first + (last - first) * part
    return new


def _pitch(value: Any) -> Any:
    try:
        return note_number(value)
    except PatternError:
        return value


@transition(GROUP)
def interpolate(old: Any, new: Any, at: Any) -> Pattern:
    """Let the numbers of one pattern glide into those of another over four cycles: `interpolate_in` 4.

    >>> [hap.value["cutoff"] for hap in interpolate(cutoff(100), cutoff(500), 0).haps(0, 6)]
    [100.0, 200.0, 300.0, 400.0, 500, 500]
    """
    return interpolate_in(old, new, at, 4)


@transition(GROUP)
def interpolate_in(old: Any, new: Any, at: Any, cycles: Any) -> Pattern:
    """Take the rhythm of the new pattern at once, and let its numbers come from the old one's.

    >>> [hap.value["pan"] for hap in interpolate_in(pan(0), pan("1 1"), 0, 1).haps(0, 1)]
    [0.0, 0.5]

    Args:
        old: The pattern before.
        new: The pattern after; where the old one rests it is heard as it is.
        at: The cycle at which the glide begins.
        cycles: How many cycles it lasts.
    """
    begin, end = span("interpolate_in", at, cycles)
    source, target = reify(old), reify(new)

    def run(first: Time, last: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for hap in target.run(first, last, walk):
            moment = onset_of(hap)
            if hap[0] is None or not begin <= moment < end:
                kept.append(hap)
                continue
            b, e, pb, pe, v, w = hap
            known = sounding(source, b, walk)
            try:
                met = [_between("", each[4], v, share(b, begin, end)) for each in known] or [v]
            except BAD_VALUE as error:
                walk.report(explain(error), w)
                continue
            kept += [(b, e, pb, pe, value, w) for value in met]
        return kept

    gliding = Pattern(run, None, None, source.reads | target.reads)
    return stack([during(source, None, begin), during(gliding, begin, None)])
