"""How long before its boundary a change has to be decided, so that all of it is there in time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.clock import Clock
    from bridge.event import Seconds

__all__ = ["Margin"]

SPARE = 1.5
"""Times what the last change took: the next one may take longer."""
EASE = 0.7
"""What is left of the margin after each change that took less."""
MOST: Seconds = 1.0
"""Beyond it a change may come late: an engine that takes longer for one is in trouble."""


class Margin:
    """Chooses boundaries as much later as the changes before took from their choice to their being planned.

    On a machine that has little else to do that is a few ms. Beside eight plugins, endless evaluations and
    other programs it was 0.2 to 0.6 s: a layer that was to change at the next cycle changed in the midst of
    it, or its first note came late.

    Where sound is made far ahead of being heard, boundaries are as much later, too: in the profile "safe"
    that is 43 of the 50 ms by which a change is decided before its boundary at least.

    Args:
        clock: What time it is.
        ahead: Seconds of sound that are made before they are heard.
    """

    def __init__(self, clock: Clock, ahead: Callable[[], Seconds] = lambda: 0.0) -> None:
        self._clock, self._ahead = clock, ahead
        self._asked = 0.0
        self._took = 0.0

    def moment(self) -> Seconds:
        """The time from which on a change that is decided now may take hold."""
        self._asked = self._clock.now()
        return self._asked + SPARE * self._took + self._ahead()

    def planned(self) -> None:
        """Note that the change which was decided last has been planned; called in the scheduler's thread."""
        self._took = min(MOST, max(self._clock.now() - self._asked, EASE * self._took))
