"""The real `sempre` on a pseudo-terminal: typed at, read from, on a machine without sound or MIDI."""

import contextlib
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
from collections.abc import Iterator
from fcntl import ioctl
from pathlib import Path

import pytest

from bridge.clock import monotonic

ROOT = Path(__file__).parents[2]
START = "import sys; from repl.cli import main; sys.exit(main(sys.argv[1:]))"
COLUMNS = 120
PATIENCE = 10.0
ENTER = "\r"
ESCAPES = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z ]|\][^\x07]*\x07|.)")
ASK_CURSOR = b"\x1b[6n"


class Desk:
    """A terminal with `sempre` in it."""

    def __init__(self, project: Path, runtime: Path, *arguments: str) -> None:
        self._master, slave = pty.openpty()
        ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, COLUMNS, 0, 0))
        environment = os.environ | {
            "XDG_RUNTIME_DIR": str(runtime),
            "PYTHONPATH": str(ROOT),
            "TERM": "xterm-256color",
            "JACK_NO_START_SERVER": "1",
        }
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=project,
            env=environment,
            start_new_session=True,
        )
        os.close(slave)
        self._raw = b""
        self._read_to = 0

    @property
    def text(self) -> str:
        """What was written since `type` was last called, without escapes."""
        text = self._raw[self._read_to :].decode(errors="replace")
        return re.sub(r"[ \r\n]+", " ", ESCAPES.sub("", text))

    def type(self, keys: str) -> None:
        """Press keys; what was written before is done with."""
        self.look(0.0)
        self._read_to = len(self._raw)
        os.write(self._master, keys.encode())

    def look(self, seconds: float) -> bool:
        """Read what is there, or comes within so long; False if there is nothing."""
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self._raw += data
        for _ in range(data.count(ASK_CURSOR)):
            os.write(self._master, b"\x1b[3;1R")
        return True

    def shows(self, text: str) -> None:
        """Read until a text is there."""
        deadline = monotonic() + PATIENCE
        while text not in self.text:
            assert monotonic() < deadline, f"never: {text!r} in {self.text[-1500:]!r}"
            self.look(0.05)

    def enter(self, line: str, shows: str) -> None:
        """Type a line and read until its answer is there."""
        self.type(line + ENTER)
        self.shows(shows)

    def code(self) -> int:
        """Wait for the end; the exit code."""
        deadline = monotonic() + PATIENCE
        while self.process.poll() is None:
            assert monotonic() < deadline, f"it does not end: {self.text[-1500:]!r}"
            self.look(0.02)
        while self.look(0.0):
            pass
        return self.process.returncode

    def close(self) -> None:
        """End what still runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._master)


@pytest.fixture
def runtime() -> Iterator[Path]:
    """A folder for sessions with a short name, as sockets need it; no session outlives it."""
    folder = Path(tempfile.mkdtemp(prefix="sempre-"))
    yield folder
    for session in (folder / "sempre").glob("[0-9]*"):
        with contextlib.suppress(ProcessLookupError):
            os.kill(int(session.name), signal.SIGTERM)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with a piece and settings that need no device."""
    (tmp_path / "sempre.toml").write_text(
        '[midi]\nbackend = "none"\n[audio]\ndriver = "null"\n[session]\nbpm = 96\n', encoding="utf-8"
    )
    (tmp_path / "evening.py").write_text('hats = play(s("hh*4"))\n', encoding="utf-8")
    return tmp_path


@pytest.fixture
def desk(project: Path, runtime: Path) -> Iterator[Desk]:
    """`sempre evening.py`."""
    found = Desk(project, runtime, "evening.py")
    yield found
    found.close()


def test_an_evening_at_the_prompt(desk: Desk, project: Path, runtime: Path) -> None:
    """From the first line to Ctrl-D, through everything that goes wrong on stage."""
    desk.shows("midi.backend, audio.driver, session.bpm")
    desk.shows("sempre>")
    desk.enter("1+1", " 2 ")
    desk.shows("hats")  # the piece plays, and the bar shows it

    desk.enter('drums = play(s("bd*4"))', "sempre>")
    desk.shows("drums")
    desk.enter('mute("drums")', "drums[mute]")
    desk.enter('mute("dums")', "did you mean 'drums'?")

    desk.enter("play(s('bd'", "...")
    desk.type("\x03")
    desk.enter("1 +* 2", "<prompt>:1:4: syntax error")
    desk.shows("^")
    desk.enter("nothere", "nothing is called 'nothere'")

    desk.enter("while True: pass" + ENTER, "evaluating; Ctrl-C interrupts")
    desk.enter("panic", "panic: sound off")
    desk.type("\x03")
    desk.shows("interrupted; the music went on")
    desk.enter('"still" + " here"', "'still here'")

    (project / "evening.py").write_text('hats = play(s("hh*4")\n', encoding="utf-8")
    desk.type("40 + ")
    desk.shows("evening.py:1")
    desk.enter("2", " 42 ")

    desk.type("\x04")
    assert desk.code() == 0
    assert "stopping" in desk.text
    assert list((runtime / "sempre").glob("[0-9]*")) == []
    assert "+1+1" in (project / ".sempre" / "history").read_text(encoding="utf-8")


def test_a_pipe_plays(project: Path, runtime: Path) -> None:
    """The same without a terminal: statements in, plain lines out."""
    script = 'drums = play(s("bd*4"))\nlayers()\n1 +* 2\ndef f():\n    return "fine"\nf()\n'
    done = subprocess.run(
        [sys.executable, "-c", START],
        input=script,
        capture_output=True,
        text=True,
        cwd=project,
        env=os.environ | {"XDG_RUNTIME_DIR": str(runtime), "PYTHONPATH": str(ROOT)},
        timeout=15,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for text in ("['drums']", "<prompt>:1:4: syntax error", "'fine'", "stopping"):
        assert text in done.stdout
    assert "\x1b" not in done.stdout
