"""Functions of the values of a pattern as a line: turned, smoothed, rounded, written down."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from patterns import combine
from patterns.arguments import listed, number, over, whole
from patterns.combine import explain, fmap
from patterns.control_table import KEYS
from patterns.core import BAD_VALUE, Flat, Pattern, sounding
from patterns.errors import PatternError
from patterns.kinds import is_controls, is_list
from patterns.reading import reify
from patterns.registry import function, transform
from patterns.state import Walk
from patterns.ticks import TICKS, Time, to_cycles, whole_cycles

GROUP = "Values"


def _onsets(haps: list[Flat]) -> list[Flat]:
    return sorted(haps, key=lambda hap: hap[2])


@transform(GROUP)
def rot(pattern: Pattern, steps: Any) -> Pattern:
    """Move the values of each cycle to the left, from event to event; the rhythm stays.

    >>> [hap.value for hap in mini("a ~ b c").rot(1).haps(0, 1)]
    ['b', 'c', 'a']

    Args:
        pattern: The pattern.
        steps: By how many events; negative is to the right.
    """

    def build(value: Any) -> Pattern:
        turn = whole("rot", value, -4096)

        def run(cycle: int, begin: Time, end: Time, walk: Walk) -> list[Flat]:
            base = cycle * TICKS
            found = _onsets(pattern.run(base, base + TICKS, walk))
            kept: list[Flat] = []
            for place, (b, e, pb, pe, _, _) in enumerate(found):
                if pb < end and pe > begin:
                    v, w = found[(place + turn) % len(found)][4:]
                    kept.append((b, e, max(pb, begin), min(pe, end), v, w))
            return kept

        return combine.split(pattern, run, steps=pattern.steps, period=whole_cycles(pattern.period))

    return over([steps], build, pattern, steps=pattern.steps, ahead=True)


@transform(GROUP)
def smooth(pattern: Pattern) -> Pattern:
    """Glide in straight lines from the value of each event to the next one's: a signal.

    >>> [hap.value for hap in mini("0 8").smooth().segment(4).haps(0, 1)]
    [0.0, 4.0, 8.0, 4.0]
    """

    def level(hap: Flat, moment: Time, walk: Walk) -> Any:
        first = number("smooth", hap[4])
        if hap[0] is None:
            return first
        after = sounding(pattern, hap[1], walk)
        if not after:
            return first
        share = float(Fraction(moment - hap[0]) / (hap[1] - hap[0]))
        return first + (number("smooth", after[0][4]) - first) * share

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for hap in sounding(pattern, begin, walk)[:1]:
            try:
                kept.append((None, None, begin, end, level(hap, begin, walk), hap[5]))
            except BAD_VALUE as error:
                walk.report(explain(error), hap[5])
        return kept

    return Pattern(run, None, pattern.period, pattern.reads)


@transform(GROUP)
def quantise(pattern: Pattern, parts: Any) -> Pattern:
    """Round numbers to the nearest of so many parts of one.

    >>> [hap.value for hap in mini("1.3 2.6 3.2 4.7").quantise(5).haps(0, 1)]
    [1.2, 2.6, 3.2, 4.8]

    Args:
        pattern: Numbers.
        parts: How many parts a whole one has; .5 rounds to even numbers.
    """

    def build(value: Any) -> Pattern:
        n = float(number("quantise", value))
        if n <= 0:
            raise PatternError(f"quantise wants more than 0 parts, found {value}")
        return fmap(pattern, lambda found: round(float(number("quantise", found)) * n) / n)

    return over([parts], build, pattern, steps=pattern.steps, ahead=True)


@transform("Notes and chords")
def to_scale(pattern: Pattern, steps: Any, octave: Any = 12) -> Pattern:
    """Read numbers as degrees of a scale that is given as a list.

    >>> [hap.value for hap in mini("0 1 2 3 -1").to_scale([0, 2, 7]).haps(0, 1)]
    [0, 2, 7, 12, -5]

    Args:
        pattern: Degrees from 0.
        steps: The scale: a list of semitones above its first note.
        octave: Semitones after which it begins anew.
    """
    wanted = "a list of semitones, such as [0, 2, 7]"
    tones = [number("to_scale", step) for step in listed("to_scale", wanted, steps)]
    size = number("to_scale", octave)

    def note(value: Any) -> Any:
        turn, degree = divmod(math.floor(number("to_scale", value)), len(tones))
        return tones[degree] + size * turn

    return fmap(pattern, note)


@transform(GROUP, tidal="fit")
def fit_list(pattern: Pattern, step: Any, values: Any) -> Pattern:
    """Read numbers as places in a list, which moves on by some places in each cycle.

    >>> [hap.value for hap in mini("0 1").fit_list(1, ["a", "b", "c"]).haps(0, 2)]
    ['a', 'b', 'b', 'c']

    Args:
        pattern: Places in the list from 0; past its end it begins anew.
        step: By how many places it moves on in each cycle.
        values: The list.
    """
    known = listed("fit_list", "a list of values", values)

    def build(value: Any) -> Pattern:
        places = whole("fit_list", value, -4096)

        def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
            kept: list[Flat] = []
            for b, e, pb, pe, v, w in pattern.run(begin, end, walk):
                cycle = math.floor((pb if b is None else b) / TICKS)
                try:
                    place = math.floor(number("fit_list", v)) + places * cycle
                    kept.append((b, e, pb, pe, known[place % len(known)], w))
                except BAD_VALUE as error:
                    walk.report(explain(error), w)
            return kept

        return Pattern(run, pattern.steps, None, pattern.reads)

    return over([step], build, pattern, steps=pattern.steps)


@function("Controls")
def grp(names: Any, values: Any) -> Pattern:
    """Set several controls from values joined by colons.

    >>> grp(["s", "n", "speed"], "bd:3:2").haps(0, 1)[0].value
    {'s': 'bd', 'n': 3, 'speed': 2}

    Args:
        names: A list of names of controls.
        values: A pattern of values such as `bd:3`; those that are not given are not set.
    """
    wanted = "a list of names of controls, such as ['s', 'n']"
    known = [str(name) for name in listed("grp", wanted, names, empty=True)]
    keys = [KEYS.get(name, name) for name in known]

    def split(value: Any) -> dict[str, Any]:
        parts = value if is_list(value) else (value,)
        if len(parts) > len(keys):
            raise PatternError(f"grp sets {len(keys)} controls ({':'.join(keys)}), found {len(parts)} values")
        return dict(zip(keys, parts, strict=False))

    return fmap(reify(values), split)


def _written(value: Any) -> str:
    if is_controls(value):
        known = [str(value[name]) for name in ("s", "note", "n") if name in value]
        return ":".join(known) or ":".join(str(part) for part in value.values())
    if is_list(value):
        return ":".join(str(part) for part in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


@transform(GROUP)
def deconstruct(pattern: Pattern, steps: int) -> str:
    """Write the first cycle as mini-notation, as a row of so many steps.

    >>> mini("bd [sn cp] ~ hh").deconstruct(4)
    'bd [sn cp] ~ hh'

    Args:
        pattern: The pattern.
        steps: Number of steps, 1 to 64. What begins within a step stands in brackets; `_` holds on.
    """
    count = whole("deconstruct", steps, 1, 64)
    onsets: list[dict[Fraction, list[str]]] = [{} for _ in range(count)]
    held: set[int] = set()
    for hap in pattern.answer(0, TICKS).haps:
        if hap.begin is None:
            continue
        start, end = to_cycles(hap.part_begin) * count, to_cycles(hap.part_end) * count
        held.update(range(math.floor(start) + 1, math.ceil(end)))
        if hap.has_onset:
            onsets[math.floor(start)].setdefault(start, []).append(_written(hap.value))
    shown: list[str] = []
    for step, begun in enumerate(onsets):
        words = ["[" + ",".join(chord) + "]" if len(chord) > 1 else chord[0] for chord in begun.values()]
        if words:
            shown.append(words[0] if len(words) == 1 else f"[{' '.join(words)}]")
        else:
            shown.append("_" if step in held and shown and shown[-1] != "~" else "~")
    return " ".join(shown)
