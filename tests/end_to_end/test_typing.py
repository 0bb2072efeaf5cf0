"""What is typed at a running session, by the door that prompts and editors use."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from bridge.worker import Connection, connect
from repl.runtime import door, key_of

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Session

pytestmark = pytest.mark.timeout(60)
PATIENCE = 10.0
PIECE = 'a = play(note("c3*8"), on=osc(9))\n'


class Prompt:
    """A prompt without a terminal."""

    def __init__(self, runtime: Path) -> None:
        self._runtime = runtime
        self._number = 0
        self._connection = self._connect()

    def _connect(self) -> Connection:
        return connect(door(self._runtime, "engine"), key_of(self._runtime), patience=PATIENCE)

    def again(self) -> None:
        """Connect to the engine that took over."""
        self._connection.close()
        self._connection = self._connect()

    def send(self, text: str) -> None:
        """Type something."""
        self._number += 1
        self._connection.send_json(b"J", {"op": "eval", "id": self._number, "text": text})

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self._connection.send_json(b"J", {"op": "interrupt"})

    def message(self, op: str) -> dict[str, object]:
        """Wait for a message of a kind."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            message = cast("dict[str, object]", json.loads(self._connection.receive()[1]))
            if message["op"] == op and message.get("id", self._number) == self._number:
                return message
        raise AssertionError(f"no {op}")

    def type(self, text: str) -> str:
        """Type something and wait for the answer."""
        self.send(text)
        return str(self.message("result")["text"])

    def names(self) -> dict[str, object]:
        """Ask what can be completed."""
        self._connection.send_json(b"J", {"op": "names"})
        return self.message("names")

    def layers(self) -> list[str]:
        """What the newest report says that plays; what came before it was asked for may be old."""
        self.names()
        self.message("status")
        rows = cast("list[dict[str, object]]", self.message("status")["layers"])
        return sorted(str(row["name"]) for row in rows)


Both = tuple["Session", Prompt]


@pytest.fixture
def both(start: Callable[[str, float], Session], tmp_path: Path) -> Both:
    """A session that plays, and a prompt on it."""
    session = start(PIECE, 60)
    session.wait_for("from cycle 0")
    number = session.processes()["supervisor"]
    return session, Prompt(tmp_path / "run" / "sempre" / str(number))


def test_ctrl_c_ends_what_does_not_end(both: Both) -> None:
    """A loop, a sleep, a program: the engine stays, and answers what comes next."""
    session, prompt = both
    engine = session.processes()["engine"]
    for text in (
        "while True: pass",
        "import time; time.sleep(100)",
        "import subprocess; subprocess.run(['sleep', '100'])",
        "class A:\n  def __repr__(self):\n    while True: pass\n\nA()",
    ):
        prompt.send(text)
        time.sleep(0.3)
        prompt.interrupt()
        assert str(prompt.message("result")["text"]).endswith("interrupted; the music went on")
    for text, answer in (
        ("raise KeyboardInterrupt", "interrupted"),
        ("raise BaseException('no')", "BaseException: no"),
        ("import sys; sys.exit()", "SystemExit"),
        ("print('x' * 10**7)", "more characters)"),
        ("tempo('fast')", "bpm must be a number"),
        ("import builtins; builtins.len = None", "Python's own 'len'"),
        ("1 + 1", "2"),
    ):
        assert answer in prompt.type(text)
    assert session.processes()["engine"] == engine
    assert prompt.layers() == ["a"]


def test_a_piece_that_goes_elsewhere(both: Both) -> None:
    """Another current folder, threads that print, prompts that are closed: saves are still found."""
    session, prompt = both
    assert prompt.type("import os; os.chdir('/')") == ""
    session.save(
        f"import os, threading\nos.chdir('/')\nthreading.Timer(.1, print, ['late']).start()\n{PIECE}"
    )
    session.wait_for("from cycle", after=session.said())
    before = session.said()
    session.save(PIECE + 'b = play(note("e3"), on=osc(9))\n')
    session.wait_for("a, b from cycle", after=before)
    assert prompt.layers() == ["a", "b"]


def test_whoever_takes_over_knows_what_was_typed(both: Both) -> None:
    """Names, layers, what was overridden and muted; and finds what was saved while nobody looked."""
    session, prompt = both
    assert prompt.type("kick = 'c3*4'") == ""
    assert prompt.type("b = play(note(kick), on=osc(9))") == ""
    assert prompt.type("a = play(note('g3*4'), on=osc(9))") == ""
    assert prompt.type("mute('b')") == ""
    session.kill("engine")
    session.piece.write_text(PIECE + 'c = play(note("e3"), on=osc(9))\n')
    session.wait_for("engine was replaced")
    prompt.again()
    session.wait_for("a, c from cycle")
    assert prompt.layers() == ["a", "b", "c"]
    assert prompt.type("kick") == "'c3*4'"
    rows = cast("list[dict[str, object]]", prompt.message("status")["layers"])
    assert [row["name"] for row in rows if row["muted"]] == ["b"]
    assert "g3" in prompt.type("str(a.layer.pattern.haps(0, 1))")


def test_a_save_waits_for_an_understudy_that_catches_up(both: Both) -> None:
    """What was typed takes it longer than a rehearsal may: it is no fault of what is saved meanwhile."""
    session, prompt = both
    prompt.type("import time")
    for seconds in (1.0, 1.7):
        prompt.type(
            f"over = time.thread_time() + {seconds}\nwhile time.thread_time() < over: pass\nslow = {seconds}"
        )
    session.kill("engine")
    session.wait_for("engine was replaced")
    before = session.said()
    session.save(PIECE + 'b = play(note("e3"), on=osc(9))\n')
    understudy = session.processes()["understudy"]
    session.wait_for("a, b from cycle", after=before)
    assert "does not come to an end" not in session.said()
    assert session.processes()["understudy"] == understudy
    session.kill("engine")
    prompt.again()
    assert prompt.layers() == ["a", "b"]
    assert prompt.type("slow") == "1.7"


def test_what_an_instrument_does_not_play_is_said_once(both: Both) -> None:
    """By the layer, with what it does play; not at each event, and not at each save."""
    session, prompt = both
    vowel = 'a = play(note("c3*8").vowel("a"), on=instrument("bass"))\n'
    session.save(vowel)
    session.wait_for("a: bass does not play vowel; it plays velocity")
    before = session.said()
    session.save(vowel + 'b = play(s("bd*4").lpenv(2))\n')
    session.wait_for("b: drums does not play lpenv; it plays lpf")
    prompt.type('c = play(s("hh*4").lpenv(2), on=superdirt())')
    prompt.type('once(note("c").vowel("a"))')
    session.wait_for("once: keys does not play vowel")
    told = session.said()[len(before) :]
    assert "bass" not in told
    assert told.count("does not play") == 2


def test_names_and_what_can_stand_in_texts_are_told(both: Both) -> None:
    """For completion."""
    found = both[1].names()
    texts = cast("dict[str, list[str]]", found["texts"])
    assert "a" in {row["name"] for row in cast("list[dict[str, str]]", found["names"])}
    assert "hirajoshi" in texts["scale"]
    assert "cowbell" in texts["sound"]
