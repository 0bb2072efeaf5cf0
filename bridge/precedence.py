"""Whose turn it is while the music is planned: that of who plans it."""

from __future__ import annotations

import os

from bridge.worker import ordinary, realtime

__all__ = ["PRIORITY", "Precedence"]

PRIORITY = 20
"""Below all that sends and sounds (40 and more), above other programs."""


class Precedence:
    """Lets the calling thread plan without waiting for other programs, as a context for each turn of it.

    What a musician types is evaluated by another thread, and only one of the two can have the interpreter.
    Were that one kept from its turn by other programs while it holds it, who plans would wait with it; so it
    is lent the same priority, for no longer than a turn takes. Eight plugins with moving parameters, beside
    endless evaluations and some ten other busy programs on two processors: 25,000 and 35,000 events late in
    a minute each, with this none.

    Nothing is asked for where the system does not permit it, or where there is one processor only, which
    other programs need, too.

    Args:
        other: The system's number of the thread that evaluates; that of the main thread, if none is given.
    """

    def __init__(self, other: int | None = None) -> None:
        # The process's number is its main thread's, where threads have priorities of their own.
        self._other = os.getpid() if other is None else other
        self._granted = (os.cpu_count() or 1) > 1 and realtime(PRIORITY, heirs=False)

    def __enter__(self) -> None:
        """Begin a turn."""
        if self._granted:
            realtime(PRIORITY, self._other, heirs=False)

    def __exit__(self, *_: object) -> None:
        """End it."""
        if self._granted:
            ordinary(self._other)
