"""Patterns whose values are lists: random numbers, binary digits."""

from __future__ import annotations

import math
from typing import Any

from patterns.arguments import number, over, whole
from patterns.chance import noises
from patterns.combine import fmap, signal
from patterns.core import Pattern
from patterns.joining import app_left
from patterns.reading import reify
from patterns.registry import function
from patterns.seams import in_cycles
from patterns.state import Walk
from patterns.ticks import Time

_MOST = 1024
_MOST_BITS = 53  # a float keeps no more


@function("Chance", name="rand_l")
def rand_list(count: Any) -> Pattern:
    """Give a list of random numbers, anew at every moment; a signal.

    >>> len(rand_l(8).segment(1).haps(0, 1)[0].value)
    8

    Args:
        count: How many numbers, 0 to 1024.
    """

    def read(value: Any) -> int:
        return whole("rand_l", math.ceil(number("rand_l", value)), 0, _MOST)

    def each(time: Time, walk: Walk, size: int) -> tuple[float, ...]:
        walk.spend(size)
        return tuple(map(abs, noises(time, walk, size, streamed=False)))

    def build(value: Any) -> Pattern:
        size = read(value)
        return in_cycles(signal(lambda time, walk: each(time, walk, size)))

    return over([count], build)


def bits(name: str, value: Any, digits: int) -> list[int]:
    """Give the last digits of a number in binary; of a negative one, as two's complement."""
    found = math.floor(number(name, value))
    return [(found >> place) & 1 for place in range(digits - 1, -1, -1)]


@function("Making patterns")
def binary_l(value: Any) -> Pattern:
    """Give the binary digits of a number as one list, as `partials` takes it.

    >>> binary_l(5).haps(0, 1)[0].value
    (1, 0, 1)

    Args:
        value: The number, 0 and more.
    """

    def each(found: Any) -> tuple[int, ...]:
        return tuple(bits("binary_l", found, whole("binary_l", found, 0, 2**_MOST_BITS).bit_length()))

    return fmap(reify(value), each)


@function("Making patterns", name="binary_nl", strudel="binaryNL")
def binary_list(value: Any, digits: Any = 16) -> Pattern:
    """Give so many binary digits of a number as one list.

    >>> binary_nl(5, 4).haps(0, 1)[0].value
    (0, 1, 0, 1)

    Args:
        value: The number.
        digits: How many digits, 1 to 53.
    """

    def each(found: Any, size: Any) -> tuple[int, ...]:
        return tuple(bits("binary_nl", found, whole("binary_nl", size, 1, _MOST_BITS)))

    return app_left(reify(value), reify(digits), each)
