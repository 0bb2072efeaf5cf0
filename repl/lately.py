"""What went wrong in the last minute, from counts of all that ever went wrong."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

MINUTE = 60.0
"""Seconds for which the bar shows what went wrong; `sempre status` and `sempre log` have all of it."""
COUNTED = ("late", "dropped")

Counts = dict[tuple[str, str], int]
"""By the name of a count and, where it is of one layer, the layer."""


class Lately:
    """Puts the counts of the last minute in the place of those of the whole session.

    What a prompt finds when it comes is shown for a minute, too. A process that was started again
    counts from nothing.
    """

    def __init__(self) -> None:
        self._last: Counts = {}
        self._total: Counts = {}
        self._was: deque[tuple[float, Counts]] = deque()

    def __call__(self, report: Mapping[str, object], now: float) -> dict[str, object]:
        """The report of an engine with the counts of the last minute.

        Args:
            report: As it came.
            now: Seconds.
        """
        found = _counts(report)
        total = dict(self._total)
        for key, count in found.items():
            before = self._last.get(key, 0)
            total[key] = total.get(key, 0) + (count - before if count >= before else count)
        self._last = found
        if total != self._total:
            self._was.append((now, self._total))  # until now it was so
            self._total = total
        while self._was and self._was[0][0] <= now - MINUTE:
            self._was.popleft()
        base = self._was[0][1] if self._was else total
        fresh = {key: count - base.get(key, 0) for key, count in total.items() if count > base.get(key, 0)}
        lately: dict[str, object] = {name: fresh.get((name, ""), 0) for name in COUNTED}
        late_of = {layer: count for (name, layer), count in fresh.items() if name == "late_of"}
        return {**report, **lately, "late_of": late_of}


def _counts(report: Mapping[str, object]) -> Counts:
    found = {(name, ""): _count(report.get(name)) for name in COUNTED}
    layers = report.get("late_of")
    if isinstance(layers, dict):
        rows = cast("dict[str, object]", layers)
        found |= {("late_of", layer): _count(count) for layer, count in rows.items()}
    return found


def _count(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0
