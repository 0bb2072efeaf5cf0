"""Rhythms of true and false, and Euclid's with their gaps filled."""

from __future__ import annotations

from typing import Any

from patterns.alignment import Operation
from patterns.arguments import listed, over, time, told, whole
from patterns.combine import fastcat, pure, stack
from patterns.core import Pattern
from patterns.errors import PatternError
from patterns.euclidean import MOST_STEPS, euclidean
from patterns.joining import squeeze_join
from patterns.reading import reify
from patterns.registry import function, transform
from patterns.rhythm import on_hits
from patterns.timing import slower

GROUP = "Rhythm"


def _beats(name: str, hits: Any, steps: Any, rotation: Any, *, inverse: bool) -> tuple[bool, ...]:
    count = whole(name, steps, 0)
    turn = whole(name, rotation, -MOST_STEPS) % max(1, count)
    beats = euclidean(whole(name, hits, -MOST_STEPS), count, turn)
    return tuple(hit is not inverse for hit in beats)


def _spread(name: str, pattern: Pattern, numbers: tuple[Any, Any, Any], *, inverse: bool) -> Pattern:
    def build(hits: Any, steps: Any, rotation: Any) -> Pattern:
        return on_hits(pattern, _beats(name, hits, steps, rotation, inverse=inverse))

    return over(numbers, build, pattern, ahead=True)


def _filled(name: str, pattern: Pattern, numbers: tuple[Any, Any, Any], other: Any) -> Pattern:
    hits = _spread(name, pattern, numbers, inverse=False)
    return stack([hits, _spread(name, reify(other), numbers, inverse=True)])


@transform(GROUP)
def euclid_inv(pattern: Pattern, hits: Any, steps: Any) -> Pattern:
    """Play the steps between the hits of a Euclidean rhythm.

    >>> [str(hap.whole.begin) for hap in mini("a").euclid_inv(3, 8).haps(0, 1)]
    ['1/8', '1/4', '1/2', '5/8', '7/8']

    Args:
        pattern: The pattern.
        hits: Number of hits that are left out.
        steps: Number of steps, up to 4096.
    """
    return _spread("euclid_inv", pattern, (hits, steps, 0), inverse=True)


@transform(GROUP)
def euclid_full(pattern: Pattern, hits: Any, steps: Any, other: Any) -> Pattern:
    """Play a Euclidean rhythm, and another pattern on the steps between its hits.

    >>> [hap.value for hap in mini("a").euclid_full(3, 8, "b").haps(0, 1)]
    ['a', 'b', 'b', 'a', 'b', 'b', 'a', 'b']

    Args:
        pattern: What the hits play.
        hits: Number of hits.
        steps: Number of steps, up to 4096.
        other: What the other steps play.
    """
    return _filled("euclid_full", pattern, (hits, steps, 0), other)


@transform(GROUP)
def euclid_off(pattern: Pattern, hits: Any, steps: Any, rotation: Any) -> Pattern:
    """As `euclid`, with all hits some steps later, as `euclid_rot`; Tidal's number counts the other way.

    >>> [str(hap.whole.begin) for hap in mini("a").euclid_off(3, 8, 2).haps(0, 1)]
    ['0', '1/4', '5/8']

    Args:
        pattern: The pattern.
        hits: Number of hits.
        steps: Number of steps, up to 4096.
        rotation: Steps by which the hits come later; negative is earlier.
    """
    return _spread("euclid_off", pattern, (hits, steps, rotation), inverse=False)


@transform(GROUP)
def euclid_off_inv(pattern: Pattern, hits: Any, steps: Any, rotation: Any) -> Pattern:
    """Play the steps between the hits of a Euclidean rhythm, all of them some steps later.

    >>> [str(hap.whole.begin) for hap in mini("a").euclid_off_inv(3, 8, 2).haps(0, 1)]
    ['1/8', '3/8', '1/2', '3/4', '7/8']

    Args:
        pattern: The pattern.
        hits: Number of hits that are left out.
        steps: Number of steps, up to 4096.
        rotation: Steps by which all come later; negative is earlier.
    """
    return _spread("euclid_off_inv", pattern, (hits, steps, rotation), inverse=True)


@transform(GROUP)
def euclid_off_full(pattern: Pattern, hits: Any, steps: Any, rotation: Any, other: Any) -> Pattern:
    """As `euclid_full`, with all hits some steps later.

    >>> [hap.value for hap in mini("a").euclid_off_full(1, 4, 1, "b").haps(0, 1)]
    ['b', 'a', 'b', 'b']

    Args:
        pattern: What the hits play.
        hits: Number of hits.
        steps: Number of steps, up to 4096.
        rotation: Steps by which the hits come later; negative is earlier.
        other: What the other steps play.
    """
    return _filled("euclid_off_full", pattern, (hits, steps, rotation), other)


def _as_truths(name: str, *numbers: Any) -> Pattern:
    def build(hits: Any, steps: Any, rotation: Any) -> Pattern:
        return _truths(_beats(name, hits, steps, rotation, inverse=False))

    return over(numbers, build, ahead=True)


@function(GROUP)
def euclid_bool(hits: Any, steps: Any) -> Pattern:
    """Give a Euclidean rhythm as true and false, for `sew`, `while_` and `struct`.

    >>> [hap.value for hap in euclid_bool(1, 3).haps(0, 1)]
    [True, False, False]

    Args:
        hits: Number of hits.
        steps: Number of steps, up to 4096.
    """
    return _as_truths("euclid_bool", hits, steps, 0)


@function(GROUP)
def euclid_off_bool(hits: Any, steps: Any, rotation: Any) -> Pattern:
    """As `euclid_bool`, with all hits some steps later.

    >>> [hap.value for hap in euclid_off_bool(1, 3, 1).haps(0, 1)]
    [False, True, False]

    Args:
        hits: Number of hits.
        steps: Number of steps, up to 4096.
        rotation: Steps by which the hits come later; negative is earlier.
    """
    return _as_truths("euclid_off_bool", hits, steps, rotation)


def _truths(beats: tuple[bool, ...] | list[bool]) -> Pattern:
    return fastcat([pure(hit) for hit in beats])


@function(GROUP)
def necklace(steps: Any, lengths: Any) -> Pattern:
    """Give true at the begin of each of some lengths in steps, round and round, for `struct`.

    >>> [str(hap.whole.begin) for hap in mini("a").struct(necklace(8, [3, 2])).haps(0, 1)]
    ['0', '3/8', '5/8']

    Args:
        steps: Steps in a cycle.
        lengths: A list of lengths in steps; the whole begins anew when it is through.
    """
    wanted = "a list of lengths in steps"
    counts = [whole("necklace", length, 0) for length in listed("necklace", wanted, lengths)]
    total = sum(counts)
    if not 0 < total <= MOST_STEPS:
        raise PatternError(
            f"necklace wants lengths of 1 to {MOST_STEPS} steps together, found {told(lengths)}"
        )
    line = _truths([place == 0 for count in counts for place in range(count)])

    def build(value: Any) -> Pattern:
        per_cycle = time("necklace", value)
        if per_cycle <= 0:
            raise PatternError(f"necklace wants more than 0 steps in a cycle, found {value}")
        return slower(line, total / per_cycle)

    return over([steps], build, ahead=True)


@transform(GROUP)
def distrib(pattern: Pattern, counts: Any) -> Pattern:
    """Spread hits evenly over the hits of a rhythm that is itself spread evenly, and so on.

    >>> [str(hap.whole.begin) for hap in mini("a").distrib([3, 5, 8]).haps(0, 1)]
    ['0', '3/8', '3/4']

    Args:
        pattern: The pattern.
        counts: A list of numbers: hits, over so many hits, over so many steps.
    """
    wanted = "a list of numbers such as [3, 5, 8]"
    numbers = [whole("distrib", count, 0, MOST_STEPS) for count in listed("distrib", wanted, counts)]
    rhythm = [True] * numbers[-1]
    for hits, steps in zip(numbers[-2::-1], numbers[:0:-1], strict=True):
        chosen = iter(euclidean(hits, steps))
        rhythm = [hit and next(chosen, False) for hit in rhythm]
    return Operation(pattern, "keepif").out(_truths(rhythm))


@function(GROUP, tidal="ascii")
def ascii_bits(text: Any) -> Pattern:
    """Give the bits of a text's letters as true and false, eight a letter, for `struct`.

    >>> [int(hap.value) for hap in ascii_bits("a").haps(0, 1)]
    [0, 1, 1, 0, 0, 0, 0, 1]

    Args:
        text: The text, up to 512 letters; a letter beyond ASCII counts as a question mark.
    """

    def bits(value: Any) -> Pattern:
        letters = str(value).encode("ascii", errors="replace")
        if len(letters) > MOST_STEPS // 8:
            raise PatternError(f"ascii_bits takes up to {MOST_STEPS // 8} letters, found {len(letters)}")
        return _truths([bool(letter >> place & 1) for letter in letters for place in range(7, -1, -1)])

    return squeeze_join(reify(text), bits)
