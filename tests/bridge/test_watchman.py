"""The watchman: it ends what runs away, whatever that swallows, and never hits what comes after."""

import contextlib
import time

import pytest

from bridge.watchman import Overtime, Watchman
from bridge.worker import pause


def forever() -> None:
    """Never end."""
    while True:
        pass


def idle() -> None:
    """Wait, a millisecond at a time."""
    for _ in range(1000):
        pause(0.001)


def stubborn() -> None:
    """Swallow every `Exception`, as careless code does."""
    while True:
        with contextlib.suppress(Exception):
            while True:
                sum(range(100))


def spin(ends_at: float) -> None:
    """Compute for a while.

    A function of its own: since Python 3.12 the jump at a loop's end stands outside of a `try` or `with`
    around the loop, so that an interruption there would pass them by.
    """
    while time.thread_time() < ends_at:
        pass


def deaf(ends_at: float) -> int:
    """Swallow even what is no `Exception`, for a while."""
    swallowed = 0
    while time.thread_time() < ends_at:
        with contextlib.suppress(BaseException):
            spin(ends_at)
            return swallowed
        swallowed += 1
    return swallowed


@pytest.mark.parametrize("endless", [forever, stubborn])
def test_an_endless_loop_ends_soon(endless: object) -> None:
    """The limit of a query is 80 ms; 150 ms of computing later the scheduler has its thread back."""
    assert callable(endless)
    watchman = Watchman()
    begun = time.thread_time()
    with pytest.raises(Overtime), watchman.limit(0.08):
        endless()
    assert 0.079 <= time.thread_time() - begun < 0.15


def test_code_that_swallows_everything_is_interrupted_again() -> None:
    """A bare `except` in a loop eats the first interruption; the next ones follow."""
    watchman = Watchman(again=0.01)
    swallowed = 0
    with contextlib.suppress(Overtime), watchman.limit(0.02):
        swallowed = deaf(time.thread_time() + 0.15)
    assert swallowed >= 2


def test_waiting_is_no_computing() -> None:
    """A stall is not blamed on the code until it has lasted five times the limit."""
    watchman = Watchman()
    with watchman.limit(0.03):
        pause(0.08)
    begun = time.monotonic()
    with pytest.raises(Overtime), watchman.limit(0.03):
        idle()
    assert 0.149 <= time.monotonic() - begun < 1.0


def test_expire_ends_the_block_at_once() -> None:
    """Ctrl-C need not wait for the limit."""
    from bridge.worker import start_thread

    watchman = Watchman()
    start_thread("finger", lambda: (pause(0.05), watchman.expire()))
    begun = time.monotonic()
    with pytest.raises(Overtime), watchman.limit(3600):
        forever()
    assert time.monotonic() - begun < 2.0
    watchman.expire()  # nothing is guarded now: nothing happens
    pause(0.01)


def test_a_shorter_block_is_watched_although_a_longer_one_came_before() -> None:
    """The watching thread does not sleep through to the end of a block that has long ended."""
    watchman = Watchman()
    with watchman.limit(60):
        pause(0.02)
    begun = time.thread_time()
    with pytest.raises(Overtime), watchman.limit(0.03):
        forever()
    assert time.thread_time() - begun < 0.15


def test_no_interruption_comes_after_the_block() -> None:
    """Blocks that last just as long as they may: each ends by itself or by `Overtime`, nothing later."""
    watchman = Watchman(again=0.0005)
    limit = 0.0005
    ended = interrupted = 0
    until = time.monotonic() + 0.8
    while time.monotonic() < until:
        try:
            with watchman.limit(limit):
                spin(time.thread_time() + limit)
            ended += 1
        except Overtime:
            interrupted += 1
        # Here an interruption that comes too late would end the test.
        for _ in range(30):
            time.monotonic()
    assert ended + interrupted > 100


def test_an_interruption_that_is_pending_when_the_block_raises_is_taken_back() -> None:
    """One C call that lasts too long and then fails: its own error arrives, and only that."""
    watchman = Watchman(again=0.005)

    class Slow:
        def __index__(self) -> int:
            raise ValueError("mine")

    data = list(range(2_000_000, 0, -1))
    for _ in range(2):
        try:
            with watchman.limit(0.0001):
                sorted(data, key=float)
                range(Slow())
        except (ValueError, Overtime):
            sum(range(1000))
        for _ in range(1000):
            time.monotonic()
