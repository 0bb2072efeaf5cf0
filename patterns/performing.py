"""Functions that change how samples and drums are played: ghosts, pans, cuts."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from patterns import combine
from patterns.alignment import Operation
from patterns.arguments import apply, listed, number, over, ticks, time, whole
from patterns.combine import explain, fastcat, fmap, slowcat, stack, with_steps
from patterns.conditions import off
from patterns.core import BAD_VALUE, Flat, Pattern
from patterns.joining import opener
from patterns.kinds import controls_of
from patterns.reading import reify
from patterns.registry import transform
from patterns.sampling import chop, striate
from patterns.spans import zoomed
from patterns.state import Walk
from patterns.ticks import TICKS, Time, settle, to_cycles
from patterns.timing import slower

GROUP = "Samples"


def _setting(name: str, pattern: Pattern, **controls: Any) -> Pattern:
    return fmap(pattern, lambda value: {**controls_of(name, value), **controls})


@transform("Applying functions")
def ghost_with(pattern: Pattern, cycles: Any, change: Any) -> Pattern:
    """Add changed copies one and a half, two and a half and four times a length later, as ghost notes.

    >>> [str(hap.whole.begin) for hap in mini("0 ~ ~ ~").ghost_with(1/8, add(1)).haps(0, 1)]
    ['0', '3/16', '5/16', '1/2']

    Args:
        pattern: The pattern.
        cycles: The length, in cycles: 1/8 is usual.
        change: The function; the last copy goes through it twice.
    """

    def build(value: Any) -> Pattern:
        length = ticks("ghost_with", value)
        first = apply("ghost_with", change, pattern)
        near = stack([pattern, combine.late(first, settle(length * Fraction(3, 2)))])
        far = apply("ghost_with", change, near)
        return stack([near, combine.late(far, settle(length * Fraction(5, 2)))])

    return over([cycles], build, pattern, probe=lambda: apply("ghost_with", change, pattern))


@transform("Applying functions")
def ghost(pattern: Pattern) -> Pattern:
    """Add quieter, shorter, higher copies of each event, as a drummer's ghost notes.

    >>> [round(hap.value.get("gain", 1), 2) for hap in s("sn ~ ~ ~").ghost().haps(0, 1)]
    [1, 0.7, 0.7, 0.49]
    """

    def quieter(value: Any) -> Any:
        found = controls_of("ghost", value)
        return {
            **found,
            "gain": found.get("gain", 1) * 0.7,
            "end": 0.2,
            "speed": found.get("speed", 1) * 1.25,
        }

    def softer(copy: Pattern) -> Pattern:
        return fmap(copy, quieter)

    return ghost_with(pattern, Fraction(1, 8), softer)


@transform("Applying functions")
def jux4(pattern: Pattern, change: Any) -> Pattern:
    """Play the pattern on one side and a changed copy opposite, on a ring of four speakers.

    >>> [hap.value["pan"] for hap in s("bd").jux4(rev).haps(0, 1)]
    [0.125, 0.625]

    Args:
        pattern: The pattern.
        change: The function for the copy.
    """
    return stack(
        [_setting("jux4", pattern, pan=0.125), apply("jux4", change, _setting("jux4", pattern, pan=0.625))]
    )


@transform("Applying functions")
def juxcut(pattern: Pattern, change: Any) -> Pattern:
    """Play the pattern left and a changed copy right, where each sound ends the one before on its side.

    >>> [(hap.value["pan"], hap.value["cut"]) for hap in s("bd").juxcut(rev).haps(0, 1)]
    [(0, -1), (1, -2)]

    Args:
        pattern: The pattern.
        change: The function for the right side.
    """
    left, right = (_setting("juxcut", pattern, pan=side, cut=-1 - side) for side in (0, 1))
    return stack([left, apply("juxcut", change, right)])


@transform("Applying functions")
def spin(pattern: Pattern, copies: Any) -> Pattern:
    """Play copies at once, each a part of the cycle earlier and further to the right.

    >>> [(hap.value["s"], hap.value["pan"]) for hap in s("a b").spin(2).haps(0, 1/2)]
    [('a', 0.0), ('b', 0.5)]

    Args:
        pattern: The pattern.
        copies: How many, 1 to 64.
    """

    def build(value: Any) -> Pattern:
        count = whole("spin", value, 1, 64)
        return stack(
            [
                _setting(
                    "spin", combine.late(pattern, -ticks("spin", Fraction(place, count))), pan=place / count
                )
                for place in range(count)
            ]
        )

    return over([copies], build, pattern, ahead=True)


@transform("Applying functions", tidal="offadd")
def offadd(pattern: Pattern, cycles: Any, amount: Any) -> Pattern:
    """Play a copy later and higher, together with the original: `off` with `add`.

    >>> [hap.value for hap in mini("0 1").offadd(1/4, 7).haps(0, 1) if hap.has_onset]
    [0, 7, 1, 8]

    Args:
        pattern: The pattern.
        cycles: How much later, in cycles.
        amount: What is added.
    """

    def higher(copy: Pattern) -> Pattern:
        return Operation(copy, "add")(amount)

    return off(pattern, cycles, higher)


def _smashed(
    name: str, cut: Callable[[Pattern, Any], Pattern], pattern: Pattern, parts: Any, by: Any
) -> Pattern:
    factors = listed(name, f"a list of factors, such as {name}(3, [2, 3, 4])", by)
    pieces = cut(pattern, parts)
    return slowcat([slower(pieces, time(name, factor)) for factor in factors])


@transform(GROUP)
def smash(pattern: Pattern, parts: Any, factors: Any) -> Pattern:
    """Cut samples as `striate`, and play them slower by the next of some factors in each cycle.

    >>> len(s("ho hc").smash(2, [1, 2]).haps(0, 1)), len(s("ho hc").smash(2, [1, 2]).haps(1, 2))
    (4, 2)

    Args:
        pattern: Samples.
        parts: Number of parts, 1 to 4096.
        factors: A list of factors.
    """
    return _smashed("smash", striate, pattern, parts, factors)


@transform(GROUP, tidal="smash'")
def smash_chop(pattern: Pattern, parts: Any, factors: Any) -> Pattern:
    """Cut samples as `chop`, and play them slower by the next of some factors in each cycle.

    >>> len(s("ho hc").smash_chop(2, [1, 2]).haps(1, 2))
    2

    Args:
        pattern: Samples.
        parts: Number of parts, 1 to 4096.
        factors: A list of factors.
    """
    return _smashed("smash_chop", chop, pattern, parts, factors)


@transform(GROUP)
def striate_by(pattern: Pattern, parts: Any, share: Any) -> Pattern:
    """Cut samples in parts as `striate`, each of the same given length, so that they may overlap.

    >>> [hap.value["begin"] for hap in s("break").striate_by(3, .5).haps(0, 1)]
    [0.0, 0.25, 0.5]

    Args:
        pattern: Samples.
        parts: Number of parts, 1 to 4096.
        share: Length of each part, 0 to 1 of the sample.
    """

    def build(count: Any, length: Any) -> Pattern:
        n, size = whole("striate_by", count), float(number("striate_by", length))
        step = (1 - size) / (n - 1) if n > 1 else 0.0
        cuts = [_setting("striate_by", pattern, begin=step * i, end=step * i + size) for i in range(n)]
        return with_steps(fastcat(cuts), pattern.steps and pattern.steps * n)

    return over([parts, share], build, pattern)


@transform(GROUP)
def chew(pattern: Pattern, parts: Any, indices: Any) -> Pattern:
    """Play parts of the cycle as `bite`, with samples as much faster or slower as their part.

    >>> [hap.value["speed"] for hap in s("a b").chew(2, "0 [1 1]").haps(0, 1)]
    [1, 2, 2]

    Args:
        pattern: Samples.
        parts: Number of parts, 1 to 4096.
        indices: Which part when, from 0.
    """
    which = reify(indices)

    def build(count: Any) -> Pattern:
        n = whole("chew", count)

        def part(key: tuple[Any, Fraction]) -> Pattern:
            index, length = key
            begin = time("chew", index) / n % 1
            factor = Fraction(1, n) / length
            rate = int(factor) if factor.denominator == 1 else float(factor)

            def hastened(value: Any) -> Any:
                found = controls_of("chew", value)
                return {**found, "speed": found.get("speed", 1) * rate}

            return fmap(zoomed(pattern, begin, begin + Fraction(1, n)), hastened)

        made = opener(part)

        def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
            kept: list[Flat] = []
            for b, e, pb, pe, v, w in which.run(begin, end, walk):
                walk.spend(1)
                if b is None:
                    continue
                length = to_cycles(e - b)
                try:
                    inner = made((v, length))
                except BAD_VALUE as error:
                    walk.report(explain(error), w)
                    continue
                base = b // TICKS * TICKS
                quick = combine.late(combine.fast(combine.late(inner, -base), 1 / length), b)
                for ib, ie, ipb, ipe, u, x in quick.run(pb, pe, walk):
                    if ib is not None and max(ib, b) < min(ie, e):
                        kept.append((max(ib, b), min(ie, e), ipb, ipe, u, x + w))
            return kept

        return Pattern(run, None, None, pattern.reads | which.reads)

    return over([parts], build, pattern, which)
