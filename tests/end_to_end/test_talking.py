"""Editors and a session, by the lines that they exchange."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from bridge.worker import pause, start_thread

pytestmark = pytest.mark.timeout(120)
SEMPRE = "import sys; from repl.cli import main; sys.exit(main())"
PATIENCE = 30.0
PIECE = 'drums = play(s("bd*4, ~ cp"), on=osc(9))\n'

Message = dict[str, Any]


class Editor:
    """`sempre talk`, as an editor starts it."""

    begun: ClassVar[list[Editor]] = []

    def __init__(self, folder: Path, *files: str) -> None:
        own = {"XDG_RUNTIME_DIR": str(folder / "run"), "JACK_DEFAULT_SERVER": "none-for-this-test"}
        with (folder / "errors.txt").open("ab") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SEMPRE, "talk", *files],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=folder,
                env=os.environ | own | {"JACK_NO_START_SERVER": "1"},
            )
        self._messages: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._count = 0
        self.begun.append(self)
        start_thread("editor", self._read)

    def _read(self) -> None:
        if self.process.stdout is not None:
            with self.process.stdout as lines:
                for line in lines:
                    self._messages.put(json.loads(line))

    def line(self, text: str) -> None:
        """Say a line, whatever it is."""
        if self.process.stdin is not None:
            self.process.stdin.write(text.encode() + b"\n")
            self.process.stdin.flush()

    def tell(self, **message: object) -> None:
        """Say something."""
        self.line(json.dumps(message))

    def wait(self, true: Callable[[Message], object]) -> Message:
        """The next message of which something is true; the others before it are dropped."""
        deadline = time.monotonic() + PATIENCE
        seen: list[Message] = []
        while (left := deadline - time.monotonic()) > 0:
            try:
                message = self._messages.get(timeout=left)
            except queue.Empty:
                break
            if true(message):
                return message
            seen.append(message)
        raise AssertionError(f"never said: {str(seen)[-2000:]}")

    def ask(self, **message: object) -> Message:
        """Say something and wait for its answer."""
        self._count += 1
        number = self._count
        self.tell(**message, id=number)
        return self.wait(lambda one: one.get("id") == number)

    def leave(self) -> int:
        """Close its input, as an editor does that ends."""
        if self.process.stdin is not None:
            with contextlib.suppress(BrokenPipeError):
                self.process.stdin.close()
        return self.process.wait(PATIENCE)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A piece, and a session that is ended after the test."""
    (tmp_path / "run").mkdir()
    (tmp_path / "evening.py").write_text(PIECE)
    yield tmp_path
    for editor in Editor.begun:
        editor.leave()
    ending = Editor(tmp_path)
    with contextlib.suppress(BrokenPipeError):  # it has found no session
        ending.tell(op="stop")
    ending.leave()
    Editor.begun.clear()


def lit(row: Message, folder: Path) -> set[str]:
    """The texts at which the places of a row point."""
    lines = (folder / "evening.py").read_text().splitlines()
    return {lines[line - 1][at - 1 : at - 1 + size] for _, line, at, size in row["where"]}


def loud(meters: Message) -> bool:
    """Whether anything is heard."""
    return bool(meters["levels"]["master"]["peak"] > -60)


def test_an_editor_plays_a_piece_and_sees_it(folder: Path) -> None:
    """From nothing: what sounds is shown where it is written, and errors where they are."""
    editor = Editor(folder, "evening.py")
    editor.tell(op="watch", topics=["haps", "messages", "status"])
    rows = editor.wait(lambda one: one["op"] == "haps" and one["rows"])["rows"]
    assert {row["layer"] for row in rows} == {"drums"}
    assert all(row["where"][0][0] == str(folder / "evening.py") for row in rows)
    assert set().union(*(lit(row, folder) for row in rows)) <= {"bd", "cp"}
    # By the time of day, from now to seconds ahead.
    assert all(-2 < row["at"] - time.time() < 6 for row in rows)

    text = '    bass = play(note("c2 [e2 g2]"), on=osc(9))'
    (folder / "evening.py").write_text(PIECE + "\nif True:\n" + text + "\n")
    # What is played from here on is not to be overtaken by this save.
    editor.wait(lambda one: one["op"] == "message" and "evening.py: drums, bass" in one["text"])
    place = {"file": str(folder / "evening.py"), "line": 4}
    assert editor.ask(op="evaluate", text=text, **place)["ok"] is True
    found = editor.wait(lambda one: one["op"] == "haps" and any(r["layer"] == "bass" for r in one["rows"]))
    bass = [row for row in found["rows"] if row["layer"] == "bass"]
    assert set().union(*(lit(row, folder) for row in bass)) <= {"c2", "e2", "g2"}

    wrong = editor.ask(op="evaluate", text='lead = play(note("c2 h2"))', file=place["file"], line=9)
    assert wrong["ok"] is False
    told = wrong["at"].pop("text")
    assert "no note is called 'h2'" in told
    assert wrong["at"] == {"file": place["file"], "line": 9, "column": 22, "length": 2}

    # All of a text, unsaved: what is not in it any more ends, also after the engine has died.
    whole = {"file": place["file"], "whole": True}
    assert editor.ask(op="evaluate", text='lead = play(note("c2 h2"))', **whole)["at"]["column"] == 22
    assert editor.ask(op="evaluate", text='lead = play(note("c4 g4"), on=osc(9))', **whole)["ok"] is True
    editor.wait(lambda one: one["op"] == "status" and [row["name"] for row in one["layers"]] == ["lead"])
    assert editor.ask(op="evaluate", text="import os; os.kill(os.getpid(), 9)")["ok"] is False
    assert editor.wait(lambda one: one["op"] == "engine" and one["here"])
    for _ in range(6):
        status = editor.wait(lambda one: one["op"] == "status")
        assert [row["name"] for row in status["layers"]] == ["lead"]
    assert "lead" not in (folder / "evening.py").read_text()

    assert editor.ask(op="files")["files"] == [str(folder / "evening.py")]
    assert "fast" in {row["name"] for row in editor.ask(op="list")["names"]}
    assert editor.ask(op="command", name="hush", arguments=[])["ok"] is True
    gone = editor.wait(lambda one: one["op"] == "haps" and one["gone"])
    assert gone["gone"]
    assert editor.wait(lambda one: one["op"] == "status" and not one["layers"])
    assert editor.leave() == 0


def test_knobs_meters_an_interruption_and_panic(folder: Path) -> None:
    """What an editor turns is heard and told to others; what does not end is ended; sound off is off."""
    (folder / "sempre.toml").write_text('[midi]\nbackend = "none"\n[audio]\ndriver = "null"\n')
    (folder / "evening.py").write_text('a = play(s("bd*8").gain(knob("swell", 0, 1, default=.5)))\n')
    editor = Editor(folder, "evening.py")
    editor.tell(op="watch", topics=["meters", "status", "haps"])
    editor.wait(lambda one: one["op"] == "meters" and loud(one) and "a" in one["levels"]["layers"])

    (swell,) = editor.ask(op="knobs")["inputs"]
    assert (swell["name"], swell["low"], swell["high"]) == ("swell", 0, 1)
    other = Editor(folder)
    other.tell(op="watch", topics=["knobs"])
    other.ask(op="files")  # it is there, and watches
    editor.tell(op="turn", name="swell", position=0.25)
    assert other.wait(lambda one: one["op"] == "turned") == {
        "op": "turned",
        "name": "swell",
        "position": 0.25,
    }
    assert editor.ask(op="knobs")["positions"] == {"swell": 0.25}
    # As it was turned it is heard: of a layer that follows a knob, 0.1 s ahead.
    editor.wait(lambda one: one["op"] == "haps" and any(row["strength"] < 0.3 for row in one["rows"]))

    editor.tell(op="evaluate", text="print('begun')\nimport time; time.sleep(60)", id="long")
    pause(0.3)  # taken up by then
    editor.tell(op="interrupt")
    ended = editor.wait(lambda one: one.get("id") == "long")
    assert ended["ok"] is False
    assert "interrupted" in ended["text"]
    assert editor.ask(op="evaluate", text="1 + 1")["text"] == "2"

    assert editor.wait(lambda one: one["op"] == "status")["layers"]
    editor.tell(op="panic")
    editor.wait(lambda one: one["op"] == "status" and not one["layers"])
    editor.wait(lambda one: one["op"] == "meters" and not loud(one))
    assert editor.ask(op="evaluate", text="2 + 2")["text"] == "4"


def test_two_editors_and_an_engine_that_dies(folder: Path) -> None:
    """Both go on; what one evaluates the other is told; the music outlives them."""
    one = Editor(folder, "evening.py")
    one.tell(op="watch", topics=["haps"])
    one.wait(lambda message: message["op"] == "haps" and message["rows"])
    two = Editor(folder)
    two.tell(op="hello", protocol=1, client="Ada")
    assert two.wait(lambda message: message["op"] == "hello")["files"] == [str(folder / "evening.py")]
    one.tell(op="watch", topics=["haps", "typed", "status"])
    assert two.ask(op="evaluate", text="1 + 1")["text"] == "2"
    assert one.wait(lambda message: message["op"] == "typed")["who"] == "Ada"

    assert two.ask(op="evaluate", text="import os; os.kill(os.getpid(), 9)")["ok"] is False
    assert one.wait(lambda message: message["op"] == "engine")["here"] is False
    assert one.wait(lambda message: message["op"] == "engine")["here"] is True
    assert one.wait(lambda message: message["op"] == "haps" and message["rows"])["whole"] is True
    two.process.send_signal(signal.SIGKILL)
    two.process.wait(PATIENCE)
    assert one.leave() == 0
    three = Editor(folder)
    three.tell(op="watch", topics=["status"])
    assert three.wait(lambda message: message["op"] == "status")["playing"] is True
    assert three.leave() == 0


def test_nonsense_is_answered_and_harms_nobody(folder: Path) -> None:
    """Whatever an editor says, the next thing that it says is heard."""
    editor = Editor(folder, "evening.py")
    nonsense = [
        "rubbish",
        "[1]",
        '{"op": 7}',
        '{"op": "evaluate"}',
        '{"op": "evaluate", "text": "1", "file": "a.py", "line": 0}',
        '{"op": "turn", "name": "x", "position": 2}',
        '{"op": "watch", "topics": "haps"}',
        '{"op": "watch", "topics": ["everything"]}',
        '{"op": "hello", "protocol": 2}',
        "[" * 100_000,
        '{"op": "command", "name": "hush", "arguments": 3}',
    ]
    for line in nonsense:
        editor.line(line)
        assert editor.wait(lambda one: one["op"] == "error")["text"], line
    answer = editor.ask(op="command", name="no such command", arguments=[])
    assert answer["ok"] is False
    assert editor.ask(op="evaluate", text="1 + 1")["text"] == "2"
    editor.tell(op="stop")
    assert editor.wait(lambda one: one["op"] == "bye")["text"] == "the session has ended"
    assert editor.process.wait(PATIENCE) == 0
    alone = Editor(folder)
    assert alone.process.wait(PATIENCE) == 1
    assert "no session runs" in (folder / "errors.txt").read_text()
    Editor(folder, "evening.py").wait(lambda one: one["op"] == "engine")


def test_a_session_is_ended_by_the_first_line(folder: Path) -> None:
    """Said at once, before any door is open."""
    Editor(folder, "evening.py").wait(lambda one: one["op"] == "engine")
    ending = Editor(folder)
    ending.tell(op="stop")
    assert ending.wait(lambda one: one["op"] == "bye")["text"] == "the session has ended"
    assert ending.leave() == 0
