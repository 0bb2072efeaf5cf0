"""Whose turn it is while the music is planned: that of who plans it."""

from __future__ import annotations

import os
import signal
import threading

from bridge.watchman import computed, computing_clock
from bridge.worker import ordinary, realtime

__all__ = ["LENT", "LONGEST", "PRIORITY", "Precedence", "come_first"]

PRIORITY = 20
"""Below all that sends and sounds (40 and more), above other programs."""
LENT = PRIORITY - 1
"""What who holds the interpreter has meanwhile: with the same as who plans it would keep a processor that the
two share, and who plans, kept from it, could not even ask for the interpreter. So two engines that were busy
on two processors stopped each other for good."""
LONGEST = 0.25
"""Seconds for which what is evaluated is stopped at most: it may hold a lock that who plans waits for, and
what is typed must be heard even where planning has no end."""
IDLE = 1e-4
"""Seconds of computing since the last turn below which the evaluating thread is taken to wait for something:
it is not woken then."""


def come_first() -> bool:
    """Let the calling thread come before other programs, but after all that sounds; say whether it may.

    For who plans, and for who hands on what was planned: one of an ordinary priority handed on the first beat
    of eight plugins up to 0.25 s later, for the rest of it was being planned meanwhile.
    """
    return (os.cpu_count() or 1) > 1 and realtime(PRIORITY, heirs=False)


class Precedence:
    """Lets one thread plan without waiting for another that evaluates, as a context for each turn of it.

    What a musician types is evaluated by the main thread, and only one of the two can have the interpreter.
    Python gives it to both alike, for 5 ms at a time and for as long as a call in C takes: beside endless
    evaluations whoever plans got a quarter of the time that it worked, and with eight plugins with moving
    parameters needed all of that. So the evaluating thread stops while a turn lasts, between two of its
    instructions, by a signal whose handler waits.

    Were it kept from its turn of a processor by other programs while it still holds the interpreter, who
    plans would wait with it; so it is lent nearly the same priority, for as long as a turn takes, and not
    where it goes on beside one. Eight plugins with moving parameters, beside endless evaluations and some ten
    other busy programs on two processors: 25,000 and 35,000 events late in a minute each, with this none.

    Nothing is asked for where the system does not permit it; no priority where there is one processor only,
    which other programs need, too.

    It is made by the thread that evaluates, which has to be the main one to be stopped, and entered always by
    the same other.
    """

    def __init__(self) -> None:
        self._other = threading.get_native_id()
        self._ident = threading.get_ident()
        self._turn = threading.Lock()
        self._granted: bool | None = None
        self._clock = computing_clock(self._ident)
        self._computed = 0.0
        here = threading.current_thread() is threading.main_thread()
        self._stops = here and hasattr(signal, "pthread_kill")
        if self._stops:
            signal.signal(signal.SIGUSR2, self._give_way)
            # A wait in a library's C is not to be broken off by it.
            signal.siginterrupt(signal.SIGUSR2, False)

    def __enter__(self) -> None:
        """Begin a turn."""
        if self._granted is None:
            self._granted = come_first()
        if self._granted:
            realtime(LENT, self._other, heirs=False)
        # One for this turn alone: should an interruption hit whoever waits for it, the next turn has another.
        turn = threading.Lock()
        turn.acquire()
        self._turn = turn
        if self._stops and not self._idle():
            signal.pthread_kill(self._ident, signal.SIGUSR2)

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._turn.release()
        if self._granted:
            ordinary(self._other)

    def _give_way(self, *_: object) -> None:
        """Wait until the turn is over; called in the evaluating thread."""
        turn = self._turn
        if turn.acquire(timeout=LONGEST):
            turn.release()
        elif self._granted:
            ordinary()

    def _idle(self) -> bool:
        """Whether it has hardly computed since it was asked last; never, where that is not known."""
        if self._clock is None:
            return False
        before, self._computed = self._computed, computed(self._clock)
        return self._computed - before < IDLE
