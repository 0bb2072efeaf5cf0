"""Whose turn it is while the music is planned."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from queue import SimpleQueue

import pytest

from bridge import precedence
from bridge.precedence import PRIORITY, Precedence
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
    evaluating, done = threading.Event(), threading.Event()
    numbers: SimpleQueue[int] = SimpleQueue()

    def evaluate() -> None:
        numbers.put(threading.get_native_id())
        evaluating.set()
        done.wait(10)

    start_thread("evaluating", evaluate)
    other = numbers.get(timeout=10)

    def plan() -> list[int]:
        first = Precedence(other)
        with first:
            during = [os.sched_getparam(0).sched_priority, os.sched_getparam(other).sched_priority]
        return [*during, os.sched_getparam(other).sched_priority]

    assert in_a_thread(plan) == ([PRIORITY, PRIORITY, 0] if allowed else [0, 0, 0])
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
        with Precedence(0):
            return [os.sched_getscheduler(0)]

    assert in_a_thread(plan) == [os.SCHED_OTHER]
