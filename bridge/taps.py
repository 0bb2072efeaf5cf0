"""Tap tempo: how fast somebody beats."""

from __future__ import annotations

from collections import deque
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.event import Seconds

PAUSE = 2.0
"""Seconds without a tap after which the next is the first of another tempo: 30 beats a minute."""
SHORTEST = 0.06
"""Seconds between two taps at the least: 1,000 beats a minute."""
KEPT = 8
"""Gaps that count: two bars, so that a change of tempo is followed within one."""


class Taps:
    """The last taps. One that came much too late or too early moves the median little.

    >>> taps = Taps()
    >>> [taps.tap(at) for at in (10.0, 10.5, 11.0, 11.62)]
    [None, 120.0, 120.0, 120.0]
    """

    def __init__(self) -> None:
        self._last: Seconds | None = None
        self._gaps: deque[Seconds] = deque(maxlen=KEPT)

    def tap(self, when: Seconds) -> float | None:
        """Take a tap; gives beats per minute, or None at the first."""
        gap = PAUSE if self._last is None else when - self._last
        if gap < SHORTEST:
            return self._bpm()
        self._last = when
        if gap >= PAUSE:
            self._gaps.clear()
        else:
            self._gaps.append(gap)
        return self._bpm()

    def _bpm(self) -> float | None:
        return 60 / median(self._gaps) if self._gaps else None
