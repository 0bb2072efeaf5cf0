"""Grooves: where the steps of a bar really lie, and how strong they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from patterns.arguments import number, over, told, whole
from patterns.combine import pure
from patterns.core import Flat, Pattern
from patterns.errors import PatternError
from patterns.form.players import stronger
from patterns.kinds import is_controls
from patterns.reading import reify
from patterns.registry import function, nearest, transform
from patterns.state import Walk
from patterns.ticks import TICKS, Time, exact, settle, to_ticks

__all__ = ["GROOVES", "Groove", "groove", "groove_of"]

GROUP = "Rhythm"

_MOST = 256  # steps of a template
_FARTHEST = Fraction(1, 2)  # of a step, that one is moved
_SWING = re.compile(r"mpc (\d{2}(?:\.\d)?)")


@dataclass(frozen=True, slots=True)
class Groove:
    """A template: for each step of a bar when and how strong.

    Args:
        steps: Steps in a cycle.
        shifts: How much later each of some steps is, in steps, -0.5 to 0.5; over and over again.
        strengths: How strong each is, 0 to 2; over and over again.
    """

    steps: int
    shifts: tuple[Fraction, ...]
    strengths: tuple[float, ...] = (1.0,)


def _groove(steps: int, shifts: str, strengths: str = "100") -> Groove:
    """Read a template from percents of a step, and percents of strength."""
    return Groove(
        steps,
        tuple(Fraction(int(each), 100) for each in shifts.split()),
        tuple(int(each) / 100 for each in strengths.split()),
    )


GROOVES: dict[str, Groove] = {
    "shuffle": _groove(8, "0 33", "100 80"),
    "laid back": _groove(16, "0 8 6 10 14 8 6 10", "100 75 88 75 104 75 88 72"),
    "pushed": _groove(16, "0 -4 -8 -6 -4 -4 -8 -8", "100 78 92 82 106 78 92 86"),
    "drunk": _groove(16, "0 14 -6 22 8 12 -9 25", "100 70 95 66 102 74 90 62"),
    "samba": _groove(16, "0 -12 -6 -14", "92 62 70 104"),
    "lilt": _groove(12, "0 6 -10", "106 70 86"),
}
"""Name → template; beside them "mpc 50" to "mpc 75" say what share of a pair of sixteenths the first has."""


@transform(GROUP, strudel="")
def groove(pattern: Pattern, template: Any = "mpc 58", amount: Any = 1) -> Pattern:
    """Move events to where a groove has its steps, and make them as strong as it has them.

    >>> [str(hap.whole.begin) for hap in s("hh*4").groove("shuffle").haps(0, 1)]
    ['0', '1/4', '1/2', '3/4']
    >>> [float(hap.whole.begin) for hap in s("hh*16").groove("mpc 75").haps(0, 1/4) if hap.has_onset]
    [0.0, 0.09375, 0.125, 0.21875]

    Args:
        pattern: What is played.
        template: "mpc 50" (straight) to "mpc 75", the share in percent that the first of two sixteenths has;
            "shuffle", "laid back", "pushed", "drunk", "samba", "lilt"; or what `groove_of` has found.
        amount: How much of it, 0 to 1.

    Each event goes with the step that is nearest to it. Strength is put on velocity where it is said, else on
    gain.
    """
    if isinstance(template, Groove):
        return over([amount], lambda share: _played(pattern, template, share), pattern)
    named = pure(template) if isinstance(template, str) else template  # a name may have a space
    return over([named, amount], lambda name, share: _played(pattern, _named(name), share), pattern)


def _named(name: Any) -> Groove:
    if isinstance(name, Groove):
        return name
    found = GROOVES.get(name) if isinstance(name, str) else None
    swung = _SWING.fullmatch(name) if isinstance(name, str) else None
    if swung is not None:
        share = exact(swung[1])
        if not 50 <= share <= 75:
            raise PatternError(f"groove knows mpc 50 to mpc 75, found {told(name)}")
        return Groove(16, (Fraction(0), share / 50 - 1))
    if found is None:
        known = [*GROOVES, "mpc 58"]
        hint = nearest(str(name), known) or f"; there is {', '.join(known)}"
        raise PatternError(f"no groove is called {told(name)}{hint}")
    return found


def _played(pattern: Pattern, template: Groove, amount: Any) -> Pattern:
    share = exact(number("groove: amount", amount))
    if not 0 <= share <= 1:
        raise PatternError(f"groove: amount wants 0 to 1, found {told(amount)}")
    inner = pattern.run
    shifts = [to_ticks(shift * share / template.steps) for shift in template.shifts]
    strengths = [1 + (strength - 1) * float(share) for strength in template.strengths]
    reach: Time = 0
    for shift in shifts:
        reach = max(reach, shift, -shift)

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        found: list[Flat] = []
        for b, e, pb, pe, v, w in inner(begin - reach, end + reach, walk):
            if b is None:  # a signal has no onset to be moved
                first, last = max(pb, begin), min(pe, end)
                found += [(b, e, first, last, v, w)] if first < last else []
                continue
            step = int((2 * b * template.steps + TICKS) // (2 * TICKS))
            gap: Time = shifts[step % len(shifts)]
            first, last = max(settle(pb + gap), begin), min(settle(pe + gap), end)
            if first < last:
                value = stronger(v, strengths[step % len(strengths)])
                found.append((settle(b + gap), settle(e + gap), first, last, value, w))
        return found

    return Pattern(run, pattern.steps, None, pattern.reads, discrete=pattern.discrete)


@function(GROUP, strudel="")
def groove_of(pattern: Any, steps: Any = 16, cycles: Any = 1) -> Groove:
    """Take the groove of a pattern, such as a track of a MIDI file that somebody played.

    >>> played = s("hh*16").late("[0 .01]*8")
    >>> [float(shift) for shift in groove_of(played).shifts[:3]]
    [0.0, 0.16, 0.0]

    `drums.groove(groove_of(from_midi("take.mid")["drums"]))` plays like it.

    Args:
        pattern: What is listened to.
        steps: Steps in a cycle, 1 to 256: each event belongs to the nearest.
        cycles: How many cycles, 1 to 16; where several events belong to one step, their mean counts.
    """
    count, long = whole("groove_of: steps", steps, 1, _MOST), whole("groove_of: cycles", cycles, 1, 16)
    later: list[list[Fraction]] = [[] for _ in range(count * long)]
    strong: list[list[float]] = [[] for _ in range(count * long)]
    # From half a step before, so that what comes early is heard too.
    half = TICKS // (2 * count)
    for hap in reify(pattern).answer(-half, long * TICKS - half).haps:
        if hap.begin is not None and hap.has_onset:
            place = Fraction(hap.begin) * count / TICKS
            step = int(place + _FARTHEST) if place >= -_FARTHEST else 0
            later[step % len(later)].append(place - step)
            strong[step % len(strong)].append(_strength(hap.value))
    if not any(later):
        raise PatternError("groove_of has heard nothing in that pattern")
    means = [sum(row) / len(row) for row in strong if row]
    usual = sum(means) / len(means) or 1.0
    return Groove(
        count,
        tuple(sum(row, Fraction(0)) / len(row) if row else Fraction(0) for row in later),
        tuple(min(2.0, sum(row) / len(row) / usual) if row else 1.0 for row in strong),
    )


def _strength(value: Any) -> float:
    if not is_controls(value):
        return 1.0
    found = 1.0
    for name in ("velocity", "gain"):
        said = value.get(name)
        found *= float(said) if isinstance(said, (int, float)) else 1.0
    return found
