"""Answers of whole cycles, kept so that whoever asks window by window only cuts them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence

from patterns.core import RawHap
from patterns.ticks import TICKS, Time

MOST = 64  # cycles: four minutes at the usual tempo


Kept = tuple[object, list[Time], "list[RawHap] | None"]
"""Whose answer it is, where its haps begin, and the haps; None for no answer."""


class CycleCache:
    """The answers for some cycles, without the fragments that do not sound.

    Only a pattern that reads no live input may be kept: what it said of a cycle is what it will say.

    >>> from patterns.registry import namespace
    >>> pattern = namespace()["mini"]("a b c d")
    >>> cache = CycleCache()
    >>> ask = lambda cycle: pattern.answer(cycle * TICKS, (cycle + 1) * TICKS).haps
    >>> [hap.value for hap in cache.onsets(pattern, TICKS // 4, TICKS, ask)]
    ['b', 'c', 'd']
    >>> len(cache)
    1

    Args:
        most: Cycles that are kept; beyond it the ones asked for first are forgotten.
    """

    __slots__ = ("_kept", "_most")

    def __init__(self, most: int = MOST) -> None:
        self._kept: dict[int, Kept] = {}
        self._most = max(1, most)

    def __len__(self) -> int:
        """Count the cycles that are kept."""
        return len(self._kept)

    def onsets(
        self,
        source: object,
        begin: Time,
        end: Time,
        ask: Callable[[int], Sequence[RawHap] | None],
    ) -> list[RawHap] | None:
        """List what begins in a window, in order; of something continuous, what is continuous from there.

        Args:
            source: Whose answers they are; those of another one are forgotten.
            begin: Begin of the window, in ticks.
            end: End of it, not included.
            ask: Gives the haps of one whole cycle in order of their parts; None if there is no answer,
                which then is this one's too and is not kept.
        """
        cycle = int(begin // TICKS)
        found: list[RawHap] = []
        while True:
            kept = self._kept.get(cycle)
            if kept is None or kept[0] is not source:
                kept = self._fill(source, cycle, ask)
            _, starts, haps = kept
            if haps is None:
                self._kept.pop(cycle, None)
                return None
            first = bisect_left(starts, begin)
            last = bisect_left(starts, end, first)
            if first < last:
                found += haps[first:last]
            cycle += 1
            if end <= cycle * TICKS:
                return found

    def prepare(self, source: object, cycle: int, ask: Callable[[int], Sequence[RawHap] | None]) -> bool:
        """Ask for a cycle before it is needed; say whether there was something to ask.

        That there was no answer is remembered too, for the next one who needs the cycle.

        Args:
            source: Whose answer it is.
            cycle: Number of the cycle.
            ask: As in `onsets`.
        """
        kept = self._kept.get(cycle)
        if kept is not None and kept[0] is source:
            return False
        self._fill(source, cycle, ask)
        return True

    def _fill(self, source: object, cycle: int, ask: Callable[[int], Sequence[RawHap] | None]) -> Kept:
        haps = ask(cycle)
        sounding = None if haps is None else [hap for hap in haps if hap[0] is None or hap[0] == hap[2]]
        self._kept.pop(cycle, None)  # the newest stands last
        kept = self._kept[cycle] = (source, [hap[2] for hap in sounding or ()], sounding)
        while len(self._kept) > self._most:
            del self._kept[next(iter(self._kept))]
        return kept

    def forget_before(self, cycle: int) -> None:
        """Forget cycles that are over."""
        for past in [each for each in self._kept if each < cycle]:
            del self._kept[past]

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
