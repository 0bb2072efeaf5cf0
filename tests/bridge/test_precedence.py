"""Whose turn it is while the music is planned."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue

import pytest

from bridge import precedence
from bridge.precedence import LENT, LONGEST, PRIORITY, Precedence
from bridge.worker import ordinary, realtime, start_thread

linux = pytest.mark.skipif(not hasattr(os, "SCHED_RESET_ON_FORK"), reason="priorities of threads are Linux's")
POLICY = "import os; print(os.sched_getscheduler(0))"


def in_a_thread(run: Callable[[], list[int]]) -> list[int]:
    """What a function says that is called in a thread of its own, which may change as it likes."""
    answers: SimpleQueue[list[int]] = SimpleQueue()
    start_thread("planning", lambda: answers.put(run()))
    return answers.get(timeout=10)


@linux
def test_who_holds_the_interpreter_has_the_priority_of_who_plans() -> None:
    """For as long as a turn lasts; where it is not permitted, nothing happens."""
    allowed = in_a_thread(lambda: [realtime(1)])[0] and (os.cpu_count() or 1) > 1
    done = threading.Event()
    made: SimpleQueue[Precedence] = SimpleQueue()
    numbers: SimpleQueue[int] = SimpleQueue()

    def evaluate() -> None:
        made.put(Precedence())
        numbers.put(threading.get_native_id())
        done.wait(10)

    start_thread("evaluating", evaluate)
    first, other = made.get(timeout=10), numbers.get(timeout=10)

    def plan() -> list[int]:
        with first:
            during = [os.sched_getparam(0).sched_priority, os.sched_getparam(other).sched_priority]
        return [*during, os.sched_getparam(other).sched_priority]

    assert in_a_thread(plan) == ([PRIORITY, LENT, 0] if allowed else [0, 0, 0])
    done.set()


@linux
def test_what_is_started_meanwhile_is_ordinary() -> None:
    """A program that a piece starts would otherwise come before all others of the machine."""

    def start() -> list[int]:
        realtime(1, heirs=False)
        heir = subprocess.run([sys.executable, "-c", POLICY], stdout=subprocess.PIPE, check=True)
        ordinary()
        return [int(heir.stdout), os.sched_getscheduler(0) & ~os.SCHED_RESET_ON_FORK]

    assert in_a_thread(start) == [os.SCHED_OTHER, os.SCHED_OTHER]


@linux
def test_a_single_processor_is_everybodys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then nothing is asked for."""
    monkeypatch.setattr(precedence.os, "cpu_count", lambda: 1)

    def plan() -> list[int]:
        with Precedence():
            return [os.sched_getscheduler(0)]

    assert in_a_thread(plan) == [os.SCHED_OTHER]


WORKING = """
import sys, time
from bridge.precedence import Precedence
from bridge.worker import start_thread
{evaluate}
turns = []
def plan():
    while not begun: time.sleep(.001)
    for turn in range(3):
        with first:
            time.sleep(.02)
            before = counted[0]
            time.sleep({length})
            turns.append(counted[0] - before)
        time.sleep(.02)
    between = counted[0]
    time.sleep(.05)
    print(*turns, counted[0] > between, flush=True)
    over.append(True)
begun, over, counted = [], [], [0]
first = Precedence()
start_thread("plan", plan)
evaluate()
"""
COUNTING = """
def evaluate():
    begun.append(True)
    while not over:
        counted[0] += 1
"""
INTERRUPTED = """
import signal
signal.signal(signal.SIGALRM, signal.default_int_handler)
def evaluate():
    begun.append(True)
    for _ in range(60):
        try:
            signal.setitimer(signal.ITIMER_REAL, .002)
            while True:
                counted[0] += 1
        except KeyboardInterrupt:
            pass
    while not over:
        counted[0] += 1
"""
"""Interrupted every 2 ms of the wall clock, wherever it is then: also where it waits."""

stoppable = pytest.mark.skipif(not hasattr(signal, "pthread_kill"), reason="it takes signals to a thread")


def turns_of(evaluate: str, length: float, before: str = "") -> list[str]:
    """How far a busy main thread gets in each of three turns, and whether it goes on after them."""
    program = f"{before}\n" + WORKING.format(evaluate=evaluate, length=length)
    run = subprocess.run(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, check=True, text=True, timeout=30
    )
    return run.stdout.split()


@stoppable
def test_what_is_evaluated_stops_while_who_plans_has_its_turn() -> None:
    """And goes on between two turns."""
    assert turns_of(COUNTING, 0.1) == ["0", "0", "0", "True"]


@stoppable
def test_it_is_not_stopped_for_ever() -> None:
    """Where a turn has no end it goes on beside it: somebody may want to end that."""
    *turns, last = turns_of(COUNTING, 2 * LONGEST)
    assert last == "True"
    assert all(int(turn) > 0 for turn in turns)


@linux
def test_who_plans_gets_the_processor_from_what_is_evaluated() -> None:
    """Also where the two have but one, since others of their priority hold the rest.

    With the same priority whoever holds it keeps it: who plans could not even ask for the interpreter.
    """
    alone = "import os; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})"
    assert turns_of(COUNTING, 2 * LONGEST, alone)[-1] == "True"


@stoppable
def test_interrupting_it_while_it_is_stopped_leaves_the_turns_in_order() -> None:
    """Ctrl-C, or code that took too long, may hit the wait itself."""
    assert turns_of(INTERRUPTED, 0.05)[-1] == "True"
