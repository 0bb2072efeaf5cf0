"""Chance for the steps of a fold: the same index, the same draws, whenever it is asked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from itertools import accumulate
from typing import Any

from patterns.chance import hash_number
from patterns.errors import PatternError
from patterns.state import Walk

_TO_FLOAT = 2.0**-53
_ODD = 0x9E3779B97F4A7C15


def dice_key(walk: Walk, name: str) -> int:
    """The part of the hash that is the same for all steps of a fold: seed, stream, name."""
    text = int.from_bytes(blake2b(name.encode(errors="replace"), digest_size=8).digest(), "little")
    return hash_number(hash_number(walk.seed) ^ hash_number(walk.stream) ^ text)


class Dice:
    """What a step can draw: a pure function of the layer's seed, the fold's name and the index.

    Args:
        key: Of the fold, see `dice_key`.
        index: Of the step: the number of its slot, or the time of its onset.
        rank: Which of several onsets at one time.
    """

    __slots__ = ("_key",)

    def __init__(self, key: int, index: float, rank: int = 0) -> None:
        self._key = hash_number(key ^ hash_number(index) ^ (rank * _ODD))

    def random(self) -> float:
        """Draw a number: 0 up to but not 1."""
        self._key += _ODD
        return (hash_number(self._key) >> 11) * _TO_FLOAT

    def whole(self, count: int) -> int:
        """Draw a whole number: 0 up to but not `count`."""
        if not isinstance(count, int) or count < 1:  # pyright: ignore[reportUnnecessaryIsInstance] - a piece is not type-checked
            raise PatternError(f"dice.whole wants a whole number from 1 on, found {count!r}")
        return min(int(self.random() * count), count - 1)

    def choose(self, among: Sequence[Any]) -> Any:
        """Draw one of a list."""
        if isinstance(among, str) or not hasattr(among, "__getitem__") or not len(among):
            raise PatternError(f"dice.choose wants a list of at least one value, found {among!r}")
        return among[self.whole(len(among))]

    def weighted(self, among: Mapping[Any, float] | Sequence[tuple[Any, float]]) -> Any:
        """Draw one of some values, each as likely as its weight says.

        Args:
            among: Weights by value, as in `{0: 3, 7: 1}`, or pairs of value and weight.
        """
        pairs = list(among.items() if isinstance(among, Mapping) else among)
        weights = [weight for _, weight in pairs]
        total = sum(weights)
        if not pairs or min(weights) < 0 or not 0 < total < float("inf"):
            raise PatternError(f"dice.weighted wants weights of 0 and more, not all 0, found {among!r}")
        index = bisect_right(list(accumulate(weights)), self.random() * total)
        return pairs[min(index, len(pairs) - 1)][0]
