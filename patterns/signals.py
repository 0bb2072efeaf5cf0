"""Continuous signals, and the functions that scale them."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any

from patterns import combine
from patterns.arguments import called, number, over
from patterns.chance import noise
from patterns.combine import split
from patterns.core import Flat, Pattern, Sample
from patterns.registry import constant, function
from patterns.seams import Seams
from patterns.state import Walk
from patterns.ticks import TICKS, Time, to_cycles

GROUP = "Signals"


_FULL = math.pi * 2
_QUARTER = TICKS // 4
Shape = Callable[[Time, Walk], float]


def _phase(time: Time, walk: Walk) -> float:
    """How much of its cycle has gone, from 0 to below 1.

    With Strudel's random numbers a wave is Strudel's as well: float arithmetic of all of the time, which
    lies below 0 before cycle 0 and whose last digits differ from cycle to cycle.
    """
    if walk.rng == "hash":
        return float(time % TICKS / TICKS)
    return math.fmod(time / TICKS, 1.0)


def _saw(time: Time, walk: Walk) -> float:
    return _phase(time, walk)


def _isaw(time: Time, walk: Walk) -> float:
    return 1 - _phase(time, walk)


def _halves(one: Shape, other: Shape) -> Shape:
    """Play the cycle of one wave in the first half, and that of another in the second."""

    def shape(time: Time, walk: Walk) -> float:
        base = time // TICKS * TICKS
        phase = (time - base) * 2
        return one(base + phase, walk) if phase < TICKS else other(base + phase - TICKS, walk)

    return shape


def _sine2(time: Time, walk: Walk) -> float:
    return math.sin(_FULL * (_phase(time, walk) if walk.rng == "hash" else time / TICKS))


def _sine(time: Time, walk: Walk) -> float:
    return (_sine2(time, walk) + 1) / 2


def _square(time: Time, walk: Walk) -> float:
    return math.floor(_phase(time, walk) * 2)


_WAVES: dict[str, tuple[Shape, str]] = {
    "saw": (_saw, "Rise from 0 to 1 in each cycle."),
    "isaw": (_isaw, "Fall from 1 to 0 in each cycle."),
    "tri": (_halves(_saw, _isaw), "Rise from 0 to 1 and fall back in each cycle."),
    "itri": (_halves(_isaw, _saw), "Fall from 1 to 0 and rise back in each cycle."),
    "sine": (_sine, "Swing between 0 and 1 as a sine, from the middle upwards."),
    "cosine": (
        lambda time, walk: _sine(time + _QUARTER, walk),
        "Swing between 0 and 1 as a sine, from the top.",
    ),
    "square": (_square, "Be 0 in the first half of the cycle and 1 in the second."),
}
_SWINGS: dict[str, Shape] = {
    "sine": _sine2,
    "cosine": lambda time, walk: _sine2(time + _QUARTER, walk),
}
"""Waves that come from those between -1 and 1, not the other way round: to the last digit."""


def _wave(name: str, shape: Shape) -> Pattern:
    """Make a signal from its value at a time; the two halves of a triangle are two signals."""
    made = combine.signal(shape, period=Fraction(1))
    if not name.endswith("tri"):
        return made
    seams = Seams(TICKS // 2, 0, anew=True)
    inner = made.run

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        found: list[Flat] = []
        while True:
            stop = (begin // seams.length + 1) * seams.length
            found += inner(begin, min(end, stop), walk)
            if end <= stop:
                return found
            begin = stop

    return Pattern(run, Fraction(2), made.period, sample=made.sample, seams=seams)


def _install(name: str) -> None:
    shape, doc = _WAVES[name]
    constant(name, _wave(name, shape), doc, GROUP)
    both = doc.replace("from 0 to 1", "from -1 to 1").replace("from 1 to 0", "from 1 to -1")
    both = both.replace("between 0 and 1", "between -1 and 1").replace("Be 0", "Be -1")
    swing = _SWINGS.get(name, lambda time, walk: shape(time, walk) * 2 - 1)
    constant(f"{name}2", _wave(name, swing), both, GROUP)


for _name in _WAVES:
    _install(_name)

constant(
    "time",
    combine.signal(lambda time, _: to_cycles(time)),
    "Give the time itself, in cycles.",
    GROUP,
    strudel="time",
)


def eased(phase: float) -> float:
    """Go from 0 to 1 with a slow begin and end."""
    return phase**3 * (phase * (phase * 6 - 15) + 10)


def _perlin(time: Time, walk: Walk) -> float:
    base = time // TICKS * TICKS
    first = noise(base, walk)
    return first + eased(float((time - base) / TICKS)) * (noise(base + TICKS, walk) - first)


def _berlin(time: Time, walk: Walk) -> float:
    base = time // TICKS * TICKS
    return (noise(base, walk) + float((time - base) / TICKS) * noise(base + TICKS, walk)) / 2


constant("rand", combine.signal(noise), "Give random numbers from 0 to 1, anew at every moment.", GROUP)
constant(
    "rand2", combine.signal(lambda t, w: noise(t, w) * 2 - 1), "Give random numbers from -1 to 1.", GROUP
)
constant(
    "perlin",
    combine.signal(_perlin),
    "Wander smoothly between random numbers from 0 to 1, one a cycle.",
    GROUP,
)
constant(
    "berlin",
    combine.signal(_berlin),
    "Wander in straight, sawing lines between random numbers from 0 to 1.",
    GROUP,
)
constant("brand", combine.signal(lambda t, w: noise(t, w) < 0.5), "Be true or false by chance.", GROUP)


def signal_with(argument: Any, read: Callable[[Any], Any], shape: Callable[[Any], Sample]) -> Pattern:
    """Make a signal of the time and an argument that may be a pattern; it is asked anew in each cycle.

    Args:
        argument: A plain value, text or a pattern.
        read: Checks a value of the argument, once.
        shape: Makes, of what was read, the function that gives the value at a time in ticks.
    """

    def build(found: Any) -> Pattern:
        sample = shape(read(found))
        whole = combine.signal(sample)
        by_cycle = split(whole, lambda _cycle, begin, end, walk: whole.run(begin, end, walk))
        return Pattern(by_cycle.run, None, None, sample=sample, seams=Seams(TICKS, 0, anew=True))

    return over([argument], build)


@function(GROUP)
def brand_by(chance: Any) -> Pattern:
    """Be true by chance, else false.

    >>> len(brand_by(.25).segment(8).haps(0, 1))
    8

    Args:
        chance: Probability of true, 0 to 1.
    """
    return signal_with(
        chance,
        lambda p: number("brand_by", p),
        lambda p: lambda time, walk: noise(time, walk) < p,
    )


@function(GROUP)
def irand(count: Any) -> Pattern:
    """Give random whole numbers from 0 up to but not the given one.

    >>> all(0 <= hap.value < 8 for hap in irand(8).segment(16).haps(0, 4))
    True

    Args:
        count: How many different numbers there are.
    """
    return signal_with(
        count,
        lambda size: number("irand", size),
        lambda size: lambda time, walk: math.trunc(noise(time, walk) * size),
    )


@function(GROUP)
def steady(value: Any) -> Pattern:
    """Give a value at every moment: a signal that stands still.

    >>> [hap.value for hap in steady(3).segment(2).haps(0, 1)]
    [3, 3]
    """
    return over([value], lambda found: combine.signal(lambda _time, _walk: found, period=Fraction(1)))


@function(GROUP)
def signal(shape: Callable[[float], Any]) -> Pattern:
    """Make a signal from a function of the time in cycles.

    >>> signal(lambda t: t * 2).segment(2).haps(0, 1)[1].value
    1.0
    """
    at = called("signal", "a function of the time in cycles", shape)
    return combine.signal(lambda time, _: at(float(time / TICKS)))
