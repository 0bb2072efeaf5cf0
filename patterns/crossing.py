"""What transitions are made of: stretches of a pattern by where its haps begin, and levels."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from patterns.arguments import ticks, time
from patterns.chance import noise
from patterns.combine import explain
from patterns.core import BAD_VALUE, Flat, Pattern
from patterns.errors import PatternError
from patterns.kinds import controls_of
from patterns.state import Walk
from patterns.ticks import TICKS, Time

RINGS = 64 * TICKS
"""How long after the end of a stretch its last haps are still looked for: nothing rings for 64 cycles,
and a pattern that is long over need not be asked for ever."""


def onset_of(hap: Flat) -> Time:
    """Say where a hap begins; a continuous one begins with its part."""
    return hap[2] if hap[0] is None else hap[0]


def during(pattern: Pattern, first: Time | None, last: Time | None) -> Pattern:
    """Keep the haps that begin in a stretch of time; continuous ones are cut to it."""

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        if (first is not None and end <= first) or (last is not None and begin >= last + RINGS):
            return []
        kept: list[Flat] = []
        signals = False
        for hap in pattern.run(begin, end, walk):
            if hap[0] is None:
                signals = True
            elif (first is None or hap[0] >= first) and (last is None or hap[0] < last):
                kept.append(hap)
        if signals:
            low = begin if first is None else max(begin, first)
            high = end if last is None else min(end, last)
            if low < high:
                kept += [hap for hap in pattern.run(low, high, walk) if hap[0] is None]
        return kept

    return Pattern(run, None, None, pattern.reads)


def multiplied(
    pattern: Pattern,
    name: str,
    level: Callable[[Time], float],
    first: Time = 0,
    last: Time = 0,
    *,
    always: bool = False,
) -> Pattern:
    """Multiply the gain of the haps that begin in a stretch of time by a level of their onset.

    Args:
        pattern: The pattern.
        name: Name of the function, for messages.
        level: The level at a time in ticks.
        first: Where the stretch begins, in ticks.
        last: Where it ends.
        always: Whether all of time is meant instead.
    """

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for hap in pattern.run(begin, end, walk):
            b, e, pb, pe, v, w = hap
            moment = onset_of(hap)
            if not (always or first <= moment < last):
                kept.append(hap)
                continue
            try:
                controls = controls_of(name, v)
                louder = {**controls, "gain": controls.get("gain", 1) * level(moment)}
                kept.append((b, e, pb, pe, louder, w))
            except BAD_VALUE as error:
                walk.report(explain(error), w)
        return kept

    return Pattern(run, pattern.steps, None, pattern.reads)


def span(name: str, at: Any, cycles: Any) -> tuple[Time, Time]:
    """Read where a transition begins and ends, in ticks."""
    begin, length = ticks(name, at), time(name, cycles)
    if length < 0:
        raise PatternError(f"{name} wants 0 cycles or more, found {cycles}")
    return begin, begin + ticks(name, length)


def share(moment: Time, begin: Time, end: Time) -> float:
    """Say how far a time has come from begin to end: 0 to 1."""
    return float(Fraction(moment - begin) / (end - begin)) if end > begin else 1.0


def multiple(name: str, at: Any, count: Any) -> Fraction:
    """Find the first multiple of a number of cycles from a time on."""
    n = time(name, count)
    if n <= 0:
        raise PatternError(f"{name} wants more than 0 cycles, found {count}")
    return math.ceil(time(name, at) / n) * n


def thinned(pattern: Pattern, begin: Time, end: Time, *, coming: bool) -> Pattern:
    """Drop ever more haps from begin to end, or ever fewer."""

    def run(first: Time, last: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for hap in pattern.run(first, last, walk):
            moment = onset_of(hap)
            if begin <= moment < end:
                level = share(moment, begin, end)
                if noise(moment, walk) >= (1 - level if coming else level):
                    kept.append(hap)
            else:
                kept.append(hap)
        return kept

    return Pattern(run, None, None, pattern.reads)
