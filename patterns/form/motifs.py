"""Motifs: a few degrees of a scale in a rhythm, and what composers have always made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from math import gcd, lcm
from typing import Any, NamedTuple

from patterns.arguments import number, told, whole
from patterns.arguments import time as cycles_of
from patterns.combine import fmap
from patterns.core import Flat, Pattern
from patterns.errors import PatternError
from patterns.harmony import scale
from patterns.kinds import is_controls
from patterns.reading import reify
from patterns.registry import function, nearest
from patterns.state import Walk
from patterns.ticks import TICKS, Time, settle, to_cycles, to_ticks

__all__ = ["GROUP", "ORNAMENTS", "Motif", "Tone", "motif", "read_motif", "tones_as_haps"]

GROUP = "Motifs and phrases"

_MOST = 4096  # tones, and cycles
_FARTHEST = 1000  # degrees from the tonic
_HALF, _QUARTER, _EIGHTH = Fraction(1, 2), Fraction(1, 4), Fraction(1, 8)

ORNAMENTS: dict[str, tuple[tuple[Fraction, int], ...]] = {
    "neighbour": ((_HALF, 0), (_QUARTER, 1), (_QUARTER, 0)),
    "lower": ((_HALF, 0), (_QUARTER, -1), (_QUARTER, 0)),
    "turn": ((_QUARTER, 1), (_QUARTER, 0), (_QUARTER, -1), (_QUARTER, 0)),
    "mordent": ((_EIGHTH, 0), (_EIGHTH, -1), (Fraction(3, 4), 0)),
    "appoggiatura": ((_HALF, 1), (_HALF, 0)),
    "trill": tuple((_EIGHTH, step % 2) for step in range(8)),
}
"""Name → shares of the tone's length, and degrees above it."""
_PASSING = "passing"


class Tone(NamedTuple):
    """One tone of a motif.

    Attributes:
        begin: When, in cycles from the motif's begin.
        length: How long, in cycles.
        degree: Of the scale, 0 the tonic.
    """

    begin: Fraction
    length: Fraction
    degree: int


@dataclass(frozen=True, slots=True)
class Motif:
    """Some tones one after the other, without a scale as yet; each method makes another motif of it.

    >>> theme = motif("0 2 4 [3 1]")
    >>> theme.invert()
    motif("0@2 -2@2 -4@2 -3 -1")
    >>> (theme.fragment(0, 2) + theme.transpose(1).retrograde()).degrees
    (0, 2, 2, 4, 5, 3, 1)

    Args:
        tones: In order, none sounding into the next.
        length: Of all, with the rests around them, in cycles.
    """

    tones: tuple[Tone, ...]
    length: Fraction

    @property
    def degrees(self) -> tuple[int, ...]:
        """What sounds, without its rhythm."""
        return tuple(tone.degree for tone in self.tones)

    @property
    def pattern(self) -> Pattern:
        """The degrees as a pattern, over and over again."""
        return Pattern(self._run, None, self.length, discrete=True)

    def scale(self, name: Any) -> Pattern:
        """Its notes in a scale, over and over again.

        >>> [hap.value["note"] for hap in motif("0 2 4").scale("C:minor").haps(0, 1)]
        [48, 51, 55]

        Args:
            name: Tonic and scale, such as `C:minor`; a pattern of them, too.
        """
        return scale(fmap(self.pattern, lambda degree: {"n": degree}), name)

    def transpose(self, degrees: int) -> Motif:
        """Move it up by degrees of the scale; negative is down.

        >>> motif("0 2 4").transpose(-1)
        motif("-1 1 3")
        """
        by = _degrees("transpose", degrees)
        return self._changed(lambda degree: degree + by)

    def invert(self, axis: int | None = None) -> Motif:
        """Turn it upside down: what rose by a degree falls by one.

        >>> motif("0 2 4").invert(2)
        motif("4 2 0")

        Args:
            axis: The degree that stays where it is; the first one unless given.
        """
        at = _degrees("invert", axis) if axis is not None else self.degrees[0] if self.tones else 0
        return self._changed(lambda degree: 2 * at - degree)

    def retrograde(self) -> Motif:
        """Turn it round: the last tone first, each as long as it was.

        >>> motif("0 2 [4 5]").retrograde()
        motif("5 4 2@2 0@2")
        """
        turned = (t._replace(begin=self.length - t.begin - t.length) for t in reversed(self.tones))
        return replace(self, tones=tuple(turned))

    def augment(self, factor: float | Fraction = 2) -> Motif:
        """Make it so many times as long.

        >>> motif("0 2").augment(3).length
        Fraction(3, 1)
        """
        by = cycles_of("augment", factor)
        if not 0 < by <= _MOST:
            raise PatternError(f"augment wants a factor above 0, up to {_MOST}, found {factor!r}")
        tones = tuple(Tone(t.begin * by, t.length * by, t.degree) for t in self.tones)
        return _bounded(tones, self.length * by)

    def diminish(self, factor: float | Fraction = 2) -> Motif:
        """Make it so many times as short.

        >>> motif("0 2").diminish().length
        Fraction(1, 2)
        """
        by = cycles_of("diminish", factor)
        if not 0 < by <= _MOST:
            raise PatternError(f"diminish wants a factor above 0, up to {_MOST}, found {factor!r}")
        return self.augment(1 / by)

    def fragment(self, first: int, count: int = 1) -> Motif:
        """Take some of its tones, as long as they last up to the tone that comes next.

        >>> motif("0 2 4 5").fragment(1, 2)
        motif("2 4").diminish(2)

        Args:
            first: The first one, from 0; negative counts from the end.
            count: How many, 1 to 4096; what is not there is left out.
        """
        begin = whole("fragment", first, -_MOST, _MOST)
        taken = whole("fragment", count)
        begin = max(0, begin + len(self.tones)) if begin < 0 else begin
        tones = self.tones[begin : begin + taken]
        if not tones:
            raise PatternError(f"fragment begins at tone {first}, and the motif has {len(self.tones)}")
        after = self.tones[begin + taken : begin + taken + 1]
        start, end = tones[0].begin, after[0].begin if after else self.length
        return Motif(tuple(t._replace(begin=t.begin - start) for t in tones), end - start)

    def sequence(self, times: int, step: int = -1) -> Motif:
        """Repeat it, each time some degrees higher or lower than before.

        >>> motif("0 2").diminish().sequence(4, 1).degrees
        (0, 2, 1, 3, 2, 4, 3, 5)

        Args:
            times: How often it is heard, 1 to 64.
            step: Degrees from one to the next; negative is down.
        """
        by = _degrees("sequence", step)
        made = self
        for turn in range(1, whole("sequence", times, 1, 64)):
            made += self.transpose(by * turn)
        return made

    def ornament(self, kind: str = "turn", every: int = 1) -> Motif:
        """Adorn its tones, within the time that each has.

        >>> motif("0 4").ornament("neighbour", 2)
        motif("0@2 1 0 4@4")
        >>> motif("0 4").ornament("passing").degrees
        (0, 1, 2, 3, 4)

        Args:
            kind: "neighbour", "lower", "turn", "mordent", "appoggiatura", "trill"; "passing" fills the way
                to the next tone, where that is a leap.
            every: Only each so many-th tone, from the first on.
        """
        gap = whole("ornament: every=", every)
        shape = ORNAMENTS.get(kind) if isinstance(kind, str) else None  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
        if shape is None and kind != _PASSING:
            known = [*ORNAMENTS, _PASSING]
            hint = nearest(str(kind), known) or f"; there is {', '.join(known)}"
            raise PatternError(f"no ornament is called {told(kind)}{hint}")
        tones: list[Tone] = []
        for place, tone in enumerate(self.tones):
            following = self.tones[place + 1 : place + 2]
            if place % gap:
                tones.append(tone)
            elif shape is None:
                tones += _filled(tone, following[0].degree if following else tone.degree)
            else:
                tones += _adorned(tone, shape)
        return _bounded(tuple(tones), self.length)

    def then(self, *others: Motif) -> Motif:
        """Let others follow it, as `+` does."""
        made = self
        for other in others:
            made += other
        return made

    def fitted(self, cycles: float | Fraction) -> Motif:
        """Repeat it or cut it, so that it is as long as is wanted.

        >>> motif("0 2 4 5").fitted(1.5).degrees
        (0, 2, 4, 5, 0, 2)

        Args:
            cycles: How long, in cycles.
        """
        length = cycles_of("fitted", cycles)
        if not 0 < length <= _MOST or length > self.length * _MOST:
            raise PatternError(f"fitted wants a length above 0, up to {_MOST} cycles, found {cycles!r}")
        made = self
        while made.length < length:
            made += self
        kept = [t._replace(length=min(t.length, length - t.begin)) for t in made.tones if t.begin < length]
        return _bounded(tuple(kept), length)

    def __add__(self, other: Motif) -> Motif:
        """One after the other."""
        if not isinstance(other, Motif):  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
            return NotImplemented
        later = (t._replace(begin=t.begin + self.length) for t in other.tones)
        return _bounded((*self.tones, *later), self.length + other.length)

    def __repr__(self) -> str:
        """Write it as it would be given."""
        text = f'motif("{_text(self.tones, self.length)}")'
        if self.length == 1:
            return text
        if self.length.numerator == 1:
            return f"{text}.diminish({self.length.denominator})"
        return f"{text}.augment({_factor(self.length)})"

    def _changed(self, change: Callable[[int], int]) -> Motif:
        return _bounded(tuple(t._replace(degree=change(t.degree)) for t in self.tones), self.length)

    def _run(self, begin: Time, end: Time, walk: Walk) -> list[Flat]:
        long = to_ticks(self.length)
        found: list[Flat] = []
        for turn in range(int(begin // long), int(-(-end // long))):
            found += tones_as_haps(self.tones, turn * long, begin, end, walk)
        return found


def tones_as_haps(tones: tuple[Tone, ...], start: Time, begin: Time, end: Time, walk: Walk) -> list[Flat]:
    """Give the tones that lie between two times as haps.

    Args:
        tones: In order.
        start: When the first cycle of them begins, in ticks.
        begin: From when, in ticks.
        end: Up to when.
        walk: The query, which pays for them.
    """
    walk.spend(len(tones))
    found: list[Flat] = []
    for tone in tones:
        first = settle(start + to_ticks(tone.begin))
        last = settle(first + to_ticks(tone.length))
        if first < end and last > begin:
            found.append((first, last, max(first, begin), min(last, end), tone.degree, ()))
    return found


@function(GROUP, strudel="")
def motif(degrees: Any, cycles: Any = 1) -> Motif:
    """Take a few degrees of a scale in their rhythm as a motif, to be turned, stretched, cut and adorned.

    >>> motif("0 2 4 ~").invert().retrograde()
    motif("~ -4 -2 0")

    Args:
        degrees: Mini-notation of whole numbers, 0 the tonic, one at a time; also a pattern.
        cycles: How many cycles of it are meant, 1 to 64.

    `.scale("C:minor")` makes notes of it, `.pattern` a pattern of degrees. Its methods are `transpose`,
    `invert`, `retrograde`, `augment`, `diminish`, `fragment`, `sequence`, `ornament`, `fitted` and `then`,
    or `+`.
    """
    count = whole("motif: cycles=", cycles, 1, 64)
    answer = reify(degrees).answer(0, count * TICKS)
    if answer.problems:
        raise PatternError(f"motif: {answer.problems[0].message}")
    tones: list[Tone] = []
    for hap in answer.haps:
        if hap.begin is None or hap.end is None:
            raise PatternError("motif wants tones that begin and end, found a signal: add .segment(n)")
        if hap.has_onset:
            begin, end = to_cycles(hap.begin), min(to_cycles(hap.end), Fraction(count))
            tones.append(Tone(begin, end - begin, _degree(hap.value)))
    tones.sort(key=lambda tone: tone.begin)
    for one, other in pairwise(tones):
        if one.begin + one.length > other.begin:
            both = f"{one.degree} and {other.degree}"
            raise PatternError(f"motif wants one tone at a time, found {both} at once")
    return _bounded(tuple(tones), Fraction(count))


def read_motif(name: str, given: Any) -> Motif:
    """Take a motif, or read one.

    Raises:
        PatternError: It has no tones.
    """
    found = given if isinstance(given, Motif) else motif(given)
    if not found.tones:
        raise PatternError(f"{name} wants a motif with tones, as in motif('0 2 4 [3 1]'), found a silent one")
    return found


def _degree(value: Any) -> int:
    if is_controls(value):
        value = value.get("n", value.get("value", value.get("note")))
    return _degrees("motif", value)


def _degrees(name: str, value: Any) -> int:
    found = number(f"{name}: a degree", value)
    if found != int(found) or not -_FARTHEST <= found <= _FARTHEST:
        raise PatternError(
            f"{name} counts whole degrees of a scale, -{_FARTHEST} to {_FARTHEST}, found {told(value)}"
        )
    return int(found)


def _bounded(tones: tuple[Tone, ...], length: Fraction) -> Motif:
    if len(tones) > _MOST or not Fraction(1, _MOST) <= length <= _MOST:
        raise PatternError(
            f"a motif has up to {_MOST} tones and is 1/{_MOST} to {_MOST} cycles long, "
            f"found {len(tones)} tones in {float(length):g} cycles"
        )
    return Motif(tones, length)


def _adorned(tone: Tone, shape: tuple[tuple[Fraction, int], ...]) -> list[Tone]:
    made: list[Tone] = []
    at = tone.begin
    for share, above in shape:
        made.append(Tone(at, tone.length * share, tone.degree + above))
        at += tone.length * share
    return made


def _filled(tone: Tone, goal: int) -> list[Tone]:
    """Fill a leap: the tone keeps the first half, the steps to the next share the second."""
    way = 1 if goal > tone.degree else -1
    steps = list(range(tone.degree + way, goal, way))[:16]
    if not steps:
        return [tone]
    half = tone.length / 2
    each = half / len(steps)
    run = [Tone(tone.begin + half + each * place, each, degree) for place, degree in enumerate(steps)]
    return [tone._replace(length=half), *run]


def _text(tones: tuple[Tone, ...], length: Fraction) -> str:
    """Write tones as steps of which each is a whole number of the smallest unit long."""
    cuts = sorted({Fraction(0), length, *(t.begin for t in tones), *(t.begin + t.length for t in tones)})
    gaps = [last - first for first, last in pairwise(cuts)]
    unit = Fraction(reduce(gcd, (g.numerator for g in gaps)), reduce(lcm, (g.denominator for g in gaps)))
    unit = next(one for one in (max(gaps), min(gaps), unit) if all((g / one).denominator == 1 for g in gaps))
    named = {t.begin: str(t.degree) for t in tones}
    parts: list[str] = []
    for first, gap in zip(cuts, gaps, strict=False):
        parts.append(named.get(first, "~") + (f"@{gap / unit}" if gap != unit else ""))
    return " ".join(parts)


def _factor(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else f"Fraction({value.numerator}, {value.denominator})"
