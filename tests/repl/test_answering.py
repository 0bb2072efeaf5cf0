"""Typing: what is printed, what is worth showing, what fails, and Ctrl-C at every moment."""

from __future__ import annotations

import io
import sys
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bridge.clock import monotonic
from bridge.worker import pause, start_thread
from patterns.registry import namespace
from repl import answering as module
from repl.answering import LONGEST_ANSWER, Answering, Printed, hear_pokes
from repl.commands import Commands

if TYPE_CHECKING:
    from repl.commits import Commit
    from tests.repl.conftest import Desk


@pytest.fixture
def answering(desk: Desk) -> Answering:
    """What answers at the prompt."""
    return Answering(desk.music, Commands(desk.music).table())


ANSWERS = {
    "": "",
    "1 + 1": "2",
    "x = 1": "",
    "None": "",
    "print('a'); 'b'": "a\n'b'",
    "print('a', end='')": "a",
    "print('\\ud800')": "?",
    "'é鼓'": "'é鼓'",
    "import sys; sys.stdout.write('a'); sys.stdout.flush()": "a",
    "import sys; sys.stdout.close(); print('still')": "still",
    "import sys; sys.stdout = None; 5": "5",
    "for k in range(3): print(k)": "0\n1\n2",
    "play": None,
    "1 / 0": "ZeroDivisionError",
    "input()": "EOFError",
    "raise KeyboardInterrupt": "interrupted; the music went on",
    "raise BaseException('no')": "BaseException: no",
    "exit()": "SystemExit",
    "class A:\n  def __repr__(self): raise ValueError('no')\n\nA()": "ValueError: no",
    "class A:\n  def __repr__(self): return 5\n\nA()": "TypeError",
    "x = [0] * 10**15": "MemoryError",
}


@pytest.mark.parametrize("text", ANSWERS)
def test_answers(answering: Answering, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is printed and the value, or what is wrong; standard output is ours again afterwards."""
    monkeypatch.setattr("sys.stdin", io.StringIO())
    before = sys.stdout
    answer, ok = answering.answer(text)
    assert sys.stdout is before
    wanted = ANSWERS[text]
    if wanted is not None:
        assert answer == wanted if ok else wanted in answer


def test_what_fails_is_written_down(desk: Desk) -> None:
    """Whatever the way in which it does, once and with whose it was; what works is not."""
    rows: list[Commit] = []
    desk.surround(replace(desk.around, note=rows.append))
    answering = Answering(desk.music, Commands(desk.music).table())
    for text in ("1 / 0", "play(noote(1))", "raise KeyboardInterrupt", "1 + 1", 'mute("nobody")'):
        answering.answer(text, "Ada")
    refused = [row for row in rows if row["kind"] == "refused"]
    assert [row["source"] for row in refused] == [
        "1 / 0",
        "play(noote(1))",
        "raise KeyboardInterrupt",
        'mute("nobody")',
    ]
    assert {row["by"] for row in refused} == {"Ada"}
    assert "ZeroDivisionError" in str(refused[0]["error"])
    assert not any("\n" in str(row["error"]) for row in refused)


def test_a_bare_pattern_is_drawn(answering: Answering) -> None:
    """As a small piano roll, in more than one line."""
    assert len(answering.answer('note("c3 e3")')[0].splitlines()) > 1


def test_a_knob_is_drawn_where_it_stands(answering: Answering, desk: Desk) -> None:
    """Not where it rests while nobody has touched it; what depends on it follows."""
    answering.answer('cut = knob("cut", 0, 100, default=20)')
    assert answering.answer("lead = play(note('c*4').velocity(cut.mul(.01)))") == ("", True)
    desk.play(1)
    rests = answering.answer("cut")[0]
    assert "20" in rests
    assert answering.answer('turn("cut", .75)') == ("", True)
    desk.play(1)
    desk.work()
    stands = answering.answer("cut")[0]
    assert "75" in stands
    assert "20" not in stands
    assert answering.answer("cut.add(5)")[0] == stands.replace("75", "80")
    assert answering.answer("sine")[0] == repr(namespace()["sine"])


def test_megabytes_are_cut(answering: Answering) -> None:
    """And counted; what fails after them is still said."""
    answer, ok = answering.answer("for k in range(10**4): print('x' * 1000)")
    assert ok
    assert len(answer) < LONGEST_ANSWER + 100
    assert answer.endswith(f"… ({10**4 * 1001 - LONGEST_ANSWER} more characters)")
    answer, ok = answering.answer("print('x' * 10**6)\n1 / 0")
    assert not ok
    assert "more characters)\n<prompt>:2:1: ZeroDivisionError" in answer
    answer, ok = answering.answer("'y' * 10**6")
    assert ok
    assert len(answer) < LONGEST_ANSWER + 100


def test_what_fails_binds_nothing_and_plays_nothing(answering: Answering, desk: Desk) -> None:
    """Also where only its rehearsal fails, or its value cannot be shown."""
    assert answering.answer("x = 1") == ("", True)
    assert not answering.answer('x = 2\na = play(note("hx3"))')[1]
    assert not answering.answer('x = 3\na = play(s("bd"))\n1 / 0')[1]
    assert not answering.answer(
        'x = 4\na = play(s("bd"))\nclass A:\n  def __repr__(self): raise ValueError\n\nA()'
    )[1]
    assert answering.answer("x") == ("1", True)
    assert desk.session.playing() == []
    assert answering.answer('a = play(s("bd"))')[1]
    assert desk.session.playing() == [":a"]


def interrupt_after(answering: Answering, seconds: float) -> None:
    """Press Ctrl-C a little later."""
    start_thread("finger", lambda: (pause(seconds), answering.interrupt()))


@pytest.mark.parametrize(
    "text",
    [
        "while True: pass",
        "while True: print('x' * 1000)",
        "class A:\n  def __repr__(self):\n    while True: pass\n\nA()",
        "def f():\n  try:\n    while True: pass\n  except Exception: f()\n\nf()",
        "a = play(note(signal(lambda t: [0 for _ in iter(int, 1)])))",
    ],
)
def test_ctrl_c_ends_what_does_not_end(answering: Answering, text: str) -> None:
    """Loops, floods, endless representations, code that catches what it can."""
    begun = monotonic()
    interrupt_after(answering, 0.1)
    answer, ok = answering.answer(text)
    assert not ok
    assert answer.endswith("interrupted; the music went on") or "took longer" in answer
    assert len(answer) < LONGEST_ANSWER + 200
    assert monotonic() - begun < 3
    assert answering.answer("1 + 1") == ("2", True)


@pytest.mark.parametrize(
    "text",
    [
        "import time; time.sleep(60)",
        "import threading; threading.Event().wait(60)",
        "import select; select.select([], [], [], 60)",
        "import subprocess; subprocess.run(['sleep', '60'])",
    ],
)
@pytest.mark.skipif(not hasattr(__import__("signal"), "pthread_kill"), reason="no signals to a thread here")
def test_ctrl_c_ends_waits(answering: Answering, text: str) -> None:
    """A sleep, a lock, a socket, a program: the main thread is woken."""
    hear_pokes()
    begun = monotonic()
    interrupt_after(answering, 0.1)
    assert answering.answer(text) == ("interrupted; the music went on", False)
    assert monotonic() - begun < 3


# An interruption that falls into a library's garbage-collection callback is swallowed there, and repeated.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_ctrl_c_at_any_moment_hits_nothing_else(answering: Answering, desk: Desk) -> None:
    """Again and again, around the end of short statements: each ends well or is interrupted, never more."""
    stop = False

    def fingers() -> None:
        while not stop:
            answering.interrupt()
            pause(0.0003)

    start_thread("fingers", fingers)
    before = sys.stdout
    answers: set[str] = set()
    until = monotonic() + 1.5
    count = 0
    while monotonic() < until:
        count += 1
        answers.add(answering.answer(f"x = {count}\nsum(range(200))")[0])
        assert sys.stdout is before
    stop = True
    pause(0.1)
    interrupted = "interrupted; the music went on"
    assert answers <= {"19900", interrupted, f"19900\n{interrupted}"}
    assert answering.answer("x > 0") == ("True", True)
    assert desk.troubles == []


def test_ctrl_c_when_nothing_runs(answering: Answering) -> None:
    """Nothing happens, now or in the next statement."""
    answering.interrupt()
    pause(0.02)
    assert answering.answer("sum(range(100000))") == ("4999950000", True)


def test_what_a_thread_prints_later_does_no_harm(answering: Answering) -> None:
    """It goes nowhere or to the log; the next answer is not disturbed."""
    later = "threading.Timer(.05, lambda: print('late', file=out)).start()"
    assert answering.answer(f"import threading, sys\nout = sys.stdout\n{later}") == ("", True)
    pause(0.1)
    assert answering.answer("1") == ("1", True)


def test_printed_is_a_file_like_others() -> None:
    """For code that asks."""
    printed = Printed()
    assert printed.writable()
    assert printed.write("ab") == 2
    with printed:
        pass
    printed.writelines(["c", "\n"])
    assert printed.text("last") == "abc\nlast"
    assert module.PROMPT == "<prompt>"
