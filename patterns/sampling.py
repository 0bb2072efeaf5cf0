"""Functions that cut samples and fit them to the cycle, and a few that ask how long things last."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, cast

from patterns.arguments import number, over, time, whole
from patterns.combine import SILENCE, explain, fastcat, fmap, pure, with_steps
from patterns.core import BAD_VALUE, Flat, Pattern
from patterns.errors import PatternError
from patterns.joining import app_left, app_right
from patterns.kinds import as_controls, controls_of, is_controls, is_sequence
from patterns.reading import reify
from patterns.registry import constant, transform
from patterns.rhythm import ply
from patterns.seams import in_cycles
from patterns.state import Walk
from patterns.ticks import Time, to_cycles
from patterns.timing import faster, slower

GROUP = "Samples"


@transform(GROUP)
def chop(pattern: Pattern, parts: Any) -> Pattern:
    """Cut each sample in parts, played one after the other; or what lies between its `begin` and `end`.

    >>> [hap.value["begin"] for hap in s("break").chop(2).haps(0, 1)]
    [0.0, 0.5]

    Args:
        pattern: Samples.
        parts: Number of parts, up to 4096; 0 is silence.
    """

    def build(count: Any) -> Pattern:
        n, share = whole("chop", count, 0), 1 / float(number("chop", count) or 1)
        if not n:
            return SILENCE

        def cut(begin: Time, end: Time, walk: Walk) -> list[Flat]:
            kept: list[Flat] = []
            for b, e, pb, pe, v, w in repeated.run(begin, end, walk):
                first, length, _ = v[0]
                index = int((b - first) * n // length) if length else 0
                try:
                    kept.append((b, e, pb, pe, piece(controls_of("chop", v[1]), index), w))
                except BAD_VALUE as error:
                    walk.report(explain(error), w)
            return kept

        def piece(controls: dict[str, Any], index: int) -> dict[str, Any]:
            low, high = controls.get("begin"), controls.get("end")
            given = low is not None and high is not None
            low, high = (number("chop", low), number("chop", high)) if given else (0, 1)
            size = (high - low) * share
            return {**controls, "begin": low + size * index, "end": low + size * (index + 1)}

        def stamp(begin: Time, end: Time, walk: Walk) -> list[Flat]:
            kept: list[Flat] = []
            for b, e, pb, pe, v, w in pattern.run(begin, end, walk):
                if b is None or not is_controls(v):
                    walk.report("chop wants events with controls, such as s('break')", w)
                else:
                    kept.append((b, e, pb, pe, ((b, e - b, 0), v), w))
            return kept

        stamped = Pattern(stamp, pattern.steps, pattern.period, pattern.reads)
        repeated = ply(stamped, n)
        steps = pattern.steps and pattern.steps * time("chop", count)
        return Pattern(cut, steps, pattern.period, pattern.reads)

    return over([parts], build, pattern, ahead=True)


@transform(GROUP)
def striate(pattern: Pattern, parts: Any) -> Pattern:
    """Cut samples in parts and play the first parts of all, then the second parts, and so on.

    >>> [(hap.value["s"], hap.value["begin"]) for hap in s("a b").striate(2).haps(0, 1)]
    [('a', 0.0), ('b', 0.0), ('a', 0.5), ('b', 0.5)]

    Args:
        pattern: Samples.
        parts: Number of parts, up to 4096; 0 is silence.
    """

    def build(count: Any) -> Pattern:
        n = whole("striate", count, 0)
        if not n:
            return SILENCE

        cuts = fastcat([pure({"begin": place / n, "end": (place + 1) / n}) for place in range(n)])

        def cut(value: Any, part: Any) -> Any:
            return {**controls_of("striate", value), **part}

        steps = pattern.steps and pattern.steps * n
        return with_steps(app_left(faster(pattern, Fraction(n)), cuts, cut), steps)

    return over([parts], build, pattern, ahead=True)


def _borders(name: str, parts: Any) -> list[float | None]:
    """Read the borders of slices from their number, or from a list of where they begin: its end is open."""
    if not is_sequence(parts):
        n = whole(name, parts)
        return [place / n for place in range(n + 1)]
    begins = [float(number(name, place)) for place in parts]
    if not begins or any(not 0 <= place <= 1 for place in begins) or begins != sorted(begins):
        raise PatternError(f"{name} wants slices that begin from 0 to 1, in order, found {parts!r}")
    return [*begins, None]


def _sliced(name: str, pattern: Pattern, parts: Any, indices: Any) -> Pattern:
    def build(count: Any) -> Pattern:
        borders = _borders(name, count)
        n = len(borders) - 1
        even = not is_sequence(count)

        def cut(value: Any, index: Any) -> Any:
            place = number(name, index)
            if even:
                return {"begin": place / n, "end": (place + 1) / n, **controls_of(name, value)}
            which = math.floor(place) % n
            return {"begin": borders[which], "end": borders[which + 1], **controls_of(name, value)}

        return app_right(pattern, reify(indices), cut)

    return (
        build(cast("list[Any]", parts))
        if isinstance(parts, list)
        else over([parts], build, pattern, steps=reify(indices).steps)
    )


@transform(GROUP, name="slice")
def slice_sample(pattern: Pattern, parts: Any, indices: Any) -> Pattern:
    """Cut samples in parts and play them in the order and rhythm of a pattern of numbers.

    >>> [hap.value["begin"] for hap in s("break").slice(4, "2 0").haps(0, 1)]
    [0.5, 0.0]

    Args:
        pattern: Samples.
        parts: Number of parts, or a list of where they begin, 0 to 1.
        indices: Which part when, from 0; what the sample says of its `begin` and `end` itself stays.
    """
    return _sliced("slice", pattern, parts, indices)


def _timed(
    name: str, pattern: Pattern, change: Callable[[dict[str, Any], float, float], dict[str, Any]]
) -> Pattern:
    """Change values knowing how long the event is, in cycles, and the cycles per second."""

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for b, e, pb, pe, v, w in pattern.run(begin, end, walk):
            length = float(to_cycles(e - b)) if b is not None else 1.0
            try:
                kept.append((b, e, pb, pe, change(controls_of(name, v), length, walk.cps), w))
            except BAD_VALUE as error:
                walk.report(explain(error), w)
        return kept

    return Pattern(run, pattern.steps, pattern.period, pattern.reads)


@transform(GROUP)
def splice(pattern: Pattern, parts: Any, indices: Any) -> Pattern:
    """As `slice`, at the speed at which each part fills its time, unless another speed was said.

    >>> s("break").splice(4, "0 1").haps(0, 1, cps=1)[0].value["speed"]
    0.5

    Args:
        pattern: Samples.
        parts: Number of parts, or a list of where they begin, 0 to 1.
        indices: Which part when, from 0.
    """

    def build(count: Any) -> Pattern:
        share = None if is_sequence(count) else 1 / whole("splice", count)

        def fit_part(value: dict[str, Any], length: float, cps: float) -> dict[str, Any]:
            part = share or (1.0 if value["end"] is None else value["end"]) - value["begin"]
            return {"speed": cps * part / length, "unit": "c", **value}

        return _timed("splice", _sliced("splice", pattern, count, indices), fit_part)

    return (
        build(cast("list[Any]", parts))
        if isinstance(parts, list)
        else over([parts], build, pattern, steps=reify(indices).steps)
    )


@transform(GROUP)
def fit(pattern: Pattern) -> Pattern:
    """Change the speed of each sample so that it fills its event.

    >>> s("break/2").fit().haps(0, 1, cps=1)[0].value["speed"]
    0.5
    """

    def fitted(value: dict[str, Any], length: float, cps: float) -> dict[str, Any]:
        end = value.get("end", 1)
        share = (1 if end is None else number("fit", end)) - number("fit", value.get("begin", 0))
        return {**value, "speed": cps / length * share, "unit": "c"}

    return _timed("fit", pattern, fitted)


@transform(GROUP)
def loop_at(pattern: Pattern, cycles: Any) -> Pattern:
    """Change the speed of samples so that they last so many cycles.

    >>> s("break").loop_at(2).haps(0, 2, cps=1)[0].value["speed"]
    0.5

    Args:
        pattern: Samples.
        cycles: How many cycles.
    """

    def build(value: Any) -> Pattern:
        n = time("loop_at", value)
        if n <= 0:
            raise PatternError(f"loop_at wants more than 0 cycles, found {value}")

        def fitted(controls: dict[str, Any], length: float, cps: float) -> dict[str, Any]:
            return {**controls, "speed": cps / float(n), "unit": "c"}

        made = _timed("loop_at", slower(in_cycles(pattern), n), fitted)
        return with_steps(made, pattern.steps and pattern.steps / n)

    return over([cycles], build, pattern, ahead=True)


@transform(GROUP)
def loop_at_cps(pattern: Pattern, cycles: Any, cps: Any) -> Pattern:
    """As `loop_at`, at a tempo that you say.

    >>> s("break").loop_at_cps(2, 1).haps(0, 2)[0].value["speed"]
    0.5

    Args:
        pattern: Samples.
        cycles: How many cycles.
        cps: Cycles a second.
    """

    def build(value: Any, tempo: Any) -> Pattern:
        n, pace = time("loop_at_cps", value), float(number("loop_at_cps", tempo))
        if n <= 0:
            raise PatternError(f"loop_at_cps wants more than 0 cycles, found {value}")
        return fmap(
            slower(pattern, n),
            lambda v: {**controls_of("loop_at_cps", v), "speed": pace / float(n), "unit": "c"},
        )

    return over([cycles, cps], build, pattern, steps=pattern.steps)


@transform(GROUP)
def scrub(pattern: Pattern, places: Any) -> Pattern:
    """Play samples from places of your own, in their rhythm; a second number is the speed.

    >>> [hap.value["begin"] for hap in s("break").scrub("0 .5 .25:-1").haps(0, 1)]
    [0, 0.5, 0.25]

    Args:
        pattern: Samples.
        places: Where in the sample, 0 to 1; `.25:2` is at twice the speed.
    """

    def cut(value: Any, place: Any) -> Any:
        begin, *speeds = place if is_sequence(place) else (place,)
        controls = controls_of("scrub", value)
        speed = number("scrub", speeds[0]) if speeds else 1
        return {
            **controls,
            "begin": number("scrub", begin),
            "clip": 1,
            "speed": speed * controls.get("speed", 1),
        }

    return app_right(pattern, reify(places), cut)


@transform(GROUP)
def hurry(pattern: Pattern, factor: Any) -> Pattern:
    """Play a pattern faster, and its samples as well.

    >>> s("bd").hurry(2).haps(0, 1)[1].value["speed"]
    2

    Args:
        pattern: Samples.
        factor: How many times as fast.
    """

    def build(value: Any) -> Pattern:
        n = number("hurry", value)
        quick = faster(pattern, time("hurry", value))
        return in_cycles(
            fmap(quick, lambda v: {**as_controls(v), "speed": as_controls(v).get("speed", 1) * n})
        )

    return over([factor], build, pattern, steps=pattern.steps, ahead=True)


def _asked(change: Callable[[Fraction], Any]) -> Pattern:
    """Make a signal of the length of whatever looks at it, in cycles."""

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        walk.spend(1)
        length = to_cycles(end - begin)
        return [(None, None, begin, end, change(length), ())] if length else []

    return Pattern(run)


def _octaves_above(length: Fraction) -> float:
    return 1 - math.log2(length)


constant(
    "cycles_per",
    _asked(lambda length: length),
    "Give the length of the event that asks, in cycles.",
    "Signals",
)
constant(
    "per_cycle", _asked(lambda length: 1 / length), "Give how many such events fit in a cycle.", "Signals"
)
constant(
    "per",
    _asked(lambda length: 1 / length),
    "Give how many such events fit in a cycle, as `per_cycle`.",
    "Signals",
)
constant(
    "perx",
    _asked(_octaves_above),
    "Give 1 for an event of a cycle, 2 for one of half of it, 3 for a quarter.",
    "Signals",
)
