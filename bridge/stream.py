"""Signals between onsets: where a continuous layer is sampled, and which of the values are worth sending.

The places are multiples of a step that depends on the tempo alone, and a value is worth sending where MIDI's
rounding of it differs from that of the place before. So the events are the same from whatever engine, and in
whatever windows it asks.

Our own instruments and effects move evenly from value to value: what they are told at a place is where they
are to be at the next one.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from bridge.adm import AIMED, PLACED, is_adm
from bridge.midi_controllers import CHANNEL_NAMES, say_one, streamed
from bridge.targets import MidiTarget
from bridge.values import number
from patterns.parameter_names import OVER, moved_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from bridge.layer import Target
    from patterns.core import RawHap

RATE = 100.0
"""Samples a second, about: a step of 10 ms is not heard as a step."""
EVEN = 192
"""Samples in a cycle, times a power of two: onsets on thirds and quarters then have a sample of their own."""
FINEST, COARSEST = 6, -6
"""Powers of two: 12,288 samples in a cycle, or 3."""

CARRIED = (*CHANNEL_NAMES, "nudge")
"""What is said with each value: where it goes, and how much later."""

NOT_HERE = (
    "only MIDI follows a controller between onsets, only our instruments a param, adm_osc a place: "
    "add .segment(n)"
)

NO_ONSET = "a continuous signal has no onsets: add .segment(n)"

Row = tuple[str, str]
"""A target's key, and channel and nudge as they were said."""
Sample = dict[Row, tuple["Target", dict[str, object]]]
"""What streams at one place, by where it goes."""


def follows(target: Target, name: str) -> bool:
    """Whether a target follows a control between onsets."""
    if isinstance(target, MidiTarget):
        return streamed(name)
    if is_adm(target):
        return name in PLACED
    return target.kind == "audio" and moved_by(name) is not None


def grain_of(cps: float, rate: float = RATE) -> int:
    """Samples in a cycle: a whole number of ticks lies between two of them.

    >>> grain_of(0.5)
    192
    """
    power = max(COARSEST, min(FINEST, round(math.log2(rate / cps / EVEN))))
    return EVEN << power if power >= 0 else EVEN >> -power


def places(begin: Fraction, end: Fraction, grain: int) -> range:
    """The samples in [begin, end), counted from the first of cycle 0."""
    return range(math.ceil(begin * grain), math.ceil(end * grain))


def stretches(begin: Fraction, end: Fraction) -> Iterator[tuple[Fraction, Fraction]]:
    """A span cut where the cycle's twelfths are.

    >>> [str(right) for _, right in stretches(Fraction(0), Fraction(1, 5))]
    ['1/12', '1/6', '1/5']
    """
    left = begin
    while left < end:
        right = min(end, Fraction(math.floor(left * 12) + 1, 12))
        yield left, right
        left = right


def refusal(hap: RawHap, target_of: Callable[[Mapping[str, object]], Target]) -> str | None:
    """Why a continuous hap cannot stream; None if it can."""
    value: object = hap.value
    if not isinstance(value, dict):
        return NO_ONSET
    controls = cast("dict[str, object]", value)
    if not any(streamed(name) or moved_by(name) is not None or name in AIMED for name in controls):
        return NO_ONSET
    target = target_of(controls)
    return None if any(follows(target, name) for name in controls) else NOT_HERE


def sampled(haps: Iterable[RawHap], target_of: Callable[[Mapping[str, object]], Target]) -> Sample:
    """What streams at a place, of the haps that were found there."""
    out: Sample = {}
    for hap in haps:
        if hap.begin is None and refusal(hap, target_of) is None:
            controls = cast("dict[str, object]", hap.value)
            target = target_of(controls)
            place = {name: controls[name] for name in CARRIED if name in controls}
            row = out.setdefault((target.key, repr(place)), (target, place))
            row[1].update((name, value) for name, value in controls.items() if follows(target, name))
    return out


def changed(now: Sample, before: Sample) -> list[tuple[Target, dict[str, object]]]:
    """What is worth sending over MIDI: controls whose bytes differ from those of the place before.

    Raises:
        ValueError: A value is out of range.
    """
    out: list[tuple[Target, dict[str, object]]] = []
    for row, (target, controls) in now.items():
        if not isinstance(target, MidiTarget):
            continue
        old = before[row][1] if row in before else {}
        fresh = {
            name: value
            for name, value in controls.items()
            if name in CARRIED or name not in old or say_one(name, value) != say_one(name, old[name])
        }
        if any(name not in CARRIED for name in fresh):
            out.append((target, fresh))
    return out


def flow(
    sample: Callable[[int], Sample], place: int, *, fresh: bool, live: bool
) -> list[tuple[Target, dict[str, object], int]]:
    """What is to be told at a place: where, what, and how many places it takes on its way.

    Args:
        sample: What streams at a place.
        place: The place, by its number.
        fresh: Whether nobody was told of the place before.
        live: Whether it follows inputs: nobody knows what they will be at the next place, so that parameters
            arrive there where they were to be a step before.

    Raises:
        ValueError: A value is out of range, or no number.
    """
    now = sample(place)
    out = [(target, told, 0) for target, told in changed(now, {} if fresh else sample(place - 1))]
    if any(not isinstance(target, MidiTarget) for target, _ in now.values()):
        before, then = (now if fresh else sample(place - 1), now) if live else (now, sample(place + 1))
        out += [(target, told, 1) for target, told in _ways(before, then, fresh=fresh)]
    return out


def _ways(now: Sample, then: Sample, *, fresh: bool) -> list[tuple[Target, dict[str, object]]]:
    """What is worth telling our own instruments: where parameters are to be; `fresh`: also what stays."""
    out: list[tuple[Target, dict[str, object]]] = []
    for row, (target, controls) in then.items():
        if isinstance(target, MidiTarget):
            continue
        old = now[row][1] if row in now else {}
        told: dict[str, object] = {
            name: number(name, value)
            for name, value in controls.items()
            if name not in CARRIED and (fresh or old.get(name) != value)
        }
        if told:
            carried = {name: value for name, value in controls.items() if name in CARRIED}
            out.append((target, {**carried, **told, OVER: 1}))
    return out
