"""Randomness as a pure function of time, stream and seed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from patterns.combine import all_discrete, reads_of
from patterns.core import Flat, Pattern
from patterns.seams import cut
from patterns.state import Walk
from patterns.ticks import TICKS, Time

_M64 = 2**64 - 1
_TO_FLOAT = 2.0**-53
_LEGACY_SHIFT = 0.0003  # by which Strudel moves the time for each random thing in a string
_LEGACY_PERIOD = 300
_LEGACY_SIZE = 2**29


def _mix(word: int) -> int:
    """Scatter 64 bits.

    Source: G. Steele, D. Lea, C. Flood, Fast splittable pseudorandom number generators (2014).
    """
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _M64
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _M64
    return word ^ (word >> 31)


def _key(walk: Walk, index: int) -> int:
    """The part of the hash that does not depend on time: seed, stream, number of the random thing."""
    name = (walk.stream, index)
    key = walk.key.get(name)
    if key is None:
        key = walk.key[name] = _scattered(walk.seed, walk.stream, index)
    return key


@lru_cache(maxsize=4096)
def _scattered(seed: int, stream: float, index: int) -> int:
    key = _mix((seed * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) & _M64)
    key = _mix((key ^ hash_number(stream)) & _M64)
    return _mix((key + index * 0xD1B54A32D192ED03) & _M64)


def hash_number(value: float) -> int:
    """Turn a number into 64 bits, the same on every machine."""
    top, bottom = value.as_integer_ratio()
    return _mix((top * 0x9E3779B97F4A7C15 + bottom * 0xC2B2AE3D27D4EB4F) & _M64)


def _signed(word: int) -> int:
    word &= 0xFFFFFFFF
    return word - 0x100000000 if word & 0x80000000 else word


def _xorshift(word: int) -> int:
    word ^= _signed(word << 13)
    word ^= word >> 17
    return _signed(word ^ (word << 5))


def _legacy(time: float) -> int:
    turn = time / _LEGACY_PERIOD
    return _xorshift(math.trunc((turn - math.trunc(turn)) * _LEGACY_SIZE))


def _legacy_value(word: int) -> float:
    return math.fmod(word, _LEGACY_SIZE) / _LEGACY_SIZE


def _imul(a: int, b: int) -> int:
    return (a * b) & 0xFFFFFFFF


def _precise(time: float, index: int, seed: float) -> float:
    turn = math.floor(time * _LEGACY_SIZE)
    low, high = turn & 0xFFFFFFFF, (turn >> 32) & 0xFFFFFFFF
    word = low ^ _imul(high ^ 0x85EBCA6B, 0xC2B2AE35)
    word ^= _imul(index ^ 0x7F4A7C15, 0x9E3779B9) ^ _imul(int(seed) ^ 0x165667B1, 0x27D4EB2D)
    word = _imul(word ^ (word >> 16), 0x85EBCA6B)
    word = _imul(word ^ (word >> 13), 0xC2B2AE35)
    return (word ^ (word >> 16)) / 2**32


def noise(time: Time, walk: Walk, index: int = 0) -> float:
    """Give the random number of a time: 0 up to but not 1.

    Args:
        time: Time in ticks.
        walk: The query, for its seed and stream.
        index: Number of the random thing, where one text or function has several.
    """
    if walk.rng == "hash":
        if not index:  # functions of one pattern often ask for the same moment: twice as fast with a memory
            drawn = walk.drawn.get(time)
            if drawn is not None:
                return drawn
        if type(time) is not int:
            word = _mix((time.numerator + time.denominator * 0x9E3779B97F4A7C15) & _M64)
        else:
            word = time
        word = (word * 0x9E3779B97F4A7C15 + _key(walk, index)) & _M64
        word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _M64
        word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _M64
        value = ((word ^ (word >> 31)) >> 11) * _TO_FLOAT
        if not index:
            walk.drawn[time] = value
        return value
    cycles = float(time / TICKS) + _LEGACY_SHIFT * max(index - 1, 0)
    if walk.rng == "precise":
        return _precise(cycles, 0, walk.stream + walk.seed)
    return abs(_legacy_value(_legacy(cycles + walk.stream + walk.seed)))


def noises(time: Time, walk: Walk, count: int, *, streamed: bool = True) -> list[float]:
    """Give some random numbers of one time; Strudel's own come from no stream where `streamed` is false."""
    if walk.rng == "hash":
        return [noise(time, walk, 0x10000 + index) for index in range(count)]
    cycles = float(time / TICKS)
    stream = walk.stream if streamed else 0
    if walk.rng == "precise":
        return [_precise(cycles, index, stream + walk.seed) for index in range(count)]
    word = _legacy(cycles + stream + walk.seed)
    values: list[float] = []
    for _ in range(count):
        values.append(_legacy_value(word))
        word = _xorshift(word)
    return values if count > 1 else [abs(values[0])] if values else []


def degrade(pattern: Pattern, chance: float, index: int = 0, *, inverse: bool = False) -> Pattern:
    """Drop random haps.

    Args:
        pattern: The pattern.
        chance: Probability of dropping a hap, 0 to 1.
        index: Number of the random thing.
        inverse: Keep what would be dropped with the probability 1 - chance.
    """
    inner = pattern.run

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        found = inner(begin, end, walk)
        known = {} if index or walk.rng != "hash" else walk.drawn  # most moments were asked for before
        kept: list[Flat] = []
        for hap in found:
            time = hap[2] if hap[0] is None else hap[0]
            drawn = known.get(time)
            if drawn is None:
                drawn = noise(time, walk, index)
            if (1 - drawn > chance) if inverse else drawn > chance:
                kept.append(hap)
        return kept

    return Pattern(run, pattern.steps, None, pattern.reads, discrete=pattern.discrete)


def degrade_cycles(pattern: Pattern, chance: float, *, inverse: bool = False) -> Pattern:
    """Drop random cycles; the arguments are those of `degrade`."""
    inner = pattern.run

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for hap in cut(inner(begin, end, walk)):
            drawn = noise(hap[2] // TICKS * TICKS, walk)
            if (1 - drawn > chance) if inverse else drawn > chance:
                kept.append(hap)
        return kept

    return Pattern(run, pattern.steps, None, pattern.reads, discrete=pattern.discrete)


def choose_cycles(patterns: Sequence[Pattern], index: int = 0) -> Pattern:
    """Play one of some patterns in each cycle, by chance."""
    count = len(patterns)

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        haps: list[Flat] = []
        while True:
            cycle = begin // TICKS * TICKS
            stop = cycle + TICKS
            chosen = patterns[min(int(noise(cycle, walk, index) * count), count - 1)]
            haps += chosen.run(begin, min(stop, end), walk)
            if end <= stop:
                return haps
            begin = stop

    return Pattern(run, None, None, reads_of(patterns), discrete=all_discrete(patterns))
