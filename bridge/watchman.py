"""Interrupts Python code that runs away: what a watched block may take, and what ends it."""

from __future__ import annotations

import ctypes
import queue
import sys
import threading
import time
import weakref
from typing import TYPE_CHECKING

from bridge.worker import start_thread

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager


class Overtime(BaseException):
    """Raised inside code that ran longer than it may; no `except Exception` catches it."""


class Watchman:
    """Interrupts Python code that runs away in the calling thread.

    Args:
        name: Of the thread that watches.
        again: Seconds after which an interruption is repeated, should the code swallow it.
        poke: Called with the thread after an interruption, to end a wait.
    Use: `with watchman.limit(0.08): query()`, from one thread. A C call that never returns is out of reach.
    """

    def __init__(
        self, name: str = "watchman", again: float = 0.05, poke: Callable[[int], object] = lambda _: None
    ) -> None:
        self.again = again
        self._poke = poke
        self._blocks: queue.SimpleQueue[weakref.ref[_Block]] = queue.SimpleQueue()
        self._current: weakref.ref[_Block] | None = None
        self._wake = threading.Event()
        self._asleep_until = 0.0
        start_thread(name, self._watch)

    def limit(self, seconds: float) -> AbstractContextManager[None]:
        """Raise `Overtime` in this thread when the block computes longer than `seconds`.

        Where the machine tells a thread's own computing time that is what counts, so that a stall of the
        machine is not blamed on the code; waiting is cut off at five times `seconds`.
        """
        return _Block(self, seconds)

    def expire(self) -> None:
        """Interrupt what is being guarded at this moment, if anything is, as if its time were over."""
        block = self._current() if self._current is not None else None
        if block is not None:
            block.expired = True
            self._wake.set()

    def guard(self, block: _Block, until: float) -> None:
        """Begin to watch a block that was just entered."""
        self._current = weakref.ref(block)
        self._blocks.put(self._current)
        if until < self._asleep_until:
            self._wake.set()

    def _watch(self) -> None:
        while True:
            block = self._blocks.get()
            while (left := self._look(block)) is not None:
                left = min(left, 60.0)
                self._asleep_until = time.monotonic() + left
                self._wake.wait(left)
                self._wake.clear()

    def _look(self, reference: weakref.ref[_Block]) -> float | None:
        """Interrupt a block if it is time; how long to wait for the next look, None when it has ended."""
        block = reference()
        if block is None or not block.open:
            return None
        left = block.left(time.monotonic())
        if left > 0:
            return left
        block.interrupt(time.monotonic() + self.again)
        self._poke(block.ident)
        return self.again


WAITING = 5
"""How many times its limit a block may last by the wall clock, computing or not."""


class _Block:
    """One guarded block.

    The interruption is raised between any two instructions of the thread, also in `__exit__`. So that it
    never hits what comes after the block, leaving is one single store (`open = False`), and the watching
    thread tests that flag and interrupts without giving way in between. Should the interruption hit the
    very first instruction of `__exit__`, before that store, then the exception ends the block, nobody
    holds the block any more, and the watching thread, which has only a weak reference, lets it go.
    """

    __slots__ = (
        "__weakref__", "_again", "_begun", "_clock", "_seconds", "_spent", "_thread", "_watchman",
        "expired", "fired", "ident", "open",
    )  # fmt: skip

    def __init__(self, watchman: Watchman, seconds: float) -> None:
        self._watchman = watchman
        self._seconds = seconds
        self.open = self.expired = self.fired = False

    def __enter__(self) -> None:
        self.ident = threading.get_ident()
        self._thread = ctypes.c_ulong(self.ident)
        self._clock = computing_clock(self.ident)
        self._spent = computed(self._clock) if self._clock is not None else 0.0
        self._begun = time.monotonic()
        self._again = 0.0
        self.open = True
        self._watchman.guard(self, self._begun + self._seconds)

    def __exit__(self, *_: object) -> None:
        self.open = False
        if self.fired:
            _set_error(self._thread, None)

    def left(self, now: float) -> float:
        """Seconds until the next look is worth while; 0 or less when its time is over."""
        if self.fired:
            return self._again - now
        passed = now - self._begun
        if self.expired or passed >= self._seconds * WAITING:
            return 0.0
        if passed < self._seconds or self._clock is None:
            return self._seconds - passed
        try:
            spent = computed(self._clock) - self._spent
        except OSError:  # the thread is gone
            return 60.0
        if spent >= self._seconds:
            return 0.0
        return max(0.002, min(self._seconds - spent, self._seconds * WAITING - passed))

    def interrupt(self, again: float) -> None:
        """Raise `Overtime` in the block, if it is still open."""
        self.fired = True
        self._again = again
        thread = self._thread
        # CPython lets another thread in only after a call or at a jump back: not between these two lines.
        if self.open:
            _set_error(thread, _OVERTIME)


def computing_clock(ident: int) -> int | None:
    """The clock that counts a thread's own computing time, where the system has one."""
    if sys.platform == "win32" or sys.platform == "darwin":
        return None
    return time.pthread_getcpuclockid(ident)


def computed(clock: int) -> float:
    """Seconds that a thread has computed, by the clock that counts them."""
    return time.clock_gettime(clock)


_set_error = ctypes.pythonapi.PyThreadState_SetAsyncExc
_OVERTIME = ctypes.py_object(Overtime)
