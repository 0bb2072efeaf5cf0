"""Moving haps in time, and telling live inputs what time it is outside."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from patterns.core import Flat, Pattern, Run, Sample
from patterns.state import Walk
from patterns.ticks import Time, scale


def shift(haps: list[Flat], gap: Time) -> list[Flat]:
    """Move haps later by a time."""
    return [
        (b + gap, e + gap, pb + gap, pe + gap, v, w)
        if b is not None
        else (None, None, pb + gap, pe + gap, v, w)
        for b, e, pb, pe, v, w in haps
    ]


def rescale(haps: list[Flat], origin: Time, target: Time, up: int, down: int) -> list[Flat]:
    """Move haps from around `origin` to around `target`, stretched by up/down."""
    moved: list[Flat] = []
    for b, e, pb, pe, v, w in haps:
        x = (pb - origin) * up
        q, r = divmod(x, down)
        npb: Any = target + (q if not r else Fraction(x, down))
        x = (pe - origin) * up
        q, r = divmod(x, down)
        npe: Any = target + (q if not r else Fraction(x, down))
        if b is None:
            moved.append((None, None, npb, npe, v, w))
            continue
        if b == pb:
            nb = npb
        else:
            x = (b - origin) * up
            q, r = divmod(x, down)
            nb = target + (q if not r else Fraction(x, down))
        if e == pe:
            ne = npe
        else:
            x = (e - origin) * up
            q, r = divmod(x, down)
            ne = target + (q if not r else Fraction(x, down))
        moved.append((nb, ne, npb, npe, v, w))
    return moved


def moved(pattern: Pattern, outward: Callable[[Time], Time]) -> Run:
    """Query a pattern at moved times, telling live inputs (if it reads any) what time it is outside."""
    inner = pattern.run
    if not pattern.reads:
        return inner

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        walk.frames.append(outward)
        found = inner(begin, end, walk)
        walk.frames.pop()
        return found

    return run


def moved_sample(
    pattern: Pattern, outward: Callable[[Time], Time], inward: Callable[[Time], Time]
) -> Sample | None:
    """As `moved`, for the value of a continuous pattern."""
    inner = pattern.sample
    if inner is None:
        return None
    if not pattern.reads:
        return lambda time, walk: inner(inward(time), walk)

    def sample(time: Time, walk: Walk) -> Any:
        walk.frames.append(outward)
        try:
            return inner(inward(time), walk)
        finally:
            walk.frames.pop()

    return sample


def visit(pattern: Pattern, begin: Time, end: Time, walk: Walk, gap: Time) -> list[Flat]:
    """Query a pattern whose answer will be moved later by `gap`."""
    if not (gap and pattern.reads):
        return pattern.run(begin, end, walk)
    walk.frames.append(lambda time: time + gap)
    found = pattern.run(begin, end, walk)
    walk.frames.pop()
    return found


def outward_of(origin: Time, target: Time, up: int, down: int) -> Callable[[Time], Time]:
    """Make the way from times around `origin` to times around `target`, stretched by up/down."""
    return lambda time: target + scale(time - origin, up, down)
