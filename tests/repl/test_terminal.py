"""The real `sempre` on a pseudo-terminal: typed at, read from, on a machine without sound or MIDI."""

import codecs
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
ROWS = 30
COLUMNS = 120
PATIENCE = 10.0
ENTER = "\r"
PIECES = re.compile(
    r"\x1b\[\??(?P<number>\d*)[\d;]*(?P<code>[A-Za-z])|\x1b\[[\d;? ]*[A-Za-z]|\x1b.|(?P<text>[^\x1b]+)"
)
BEGUN = re.compile(r"\x1b(\[[\d;? ]*)?$")
ASK_CURSOR = "\x1b[6n"


def environment(runtime: Path) -> dict[str, str]:
    """What `sempre` sees of the machine: sessions of its own, and no JACK server to start."""
    return os.environ | {
        "XDG_RUNTIME_DIR": str(runtime),
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm-256color",
        "JACK_NO_START_SERVER": "1",
    }


class Screen:
    """As much of a terminal as the prompt uses: what stands where, and all that has scrolled away."""

    def __init__(self) -> None:
        self._lines: list[list[str]] = [[]]
        self._row = 0
        self._column = 0

    @property
    def lines(self) -> list[str]:
        """The lines from the first to the last that is written on."""
        return ["".join(line).rstrip() for line in self._lines]

    def feed(self, text: str) -> None:
        """Obey what is written."""
        for found in PIECES.finditer(text):
            if found["code"]:
                self._obey(found["code"], int(found["number"] or 0))
            elif found["text"]:
                for character in found["text"]:
                    self._put(character)

    def _put(self, character: str) -> None:
        if character == "\r":
            self._column = 0
        elif character == "\n":
            self._row += 1
        elif character == "\b":
            self._column = max(0, self._column - 1)
        elif character.isprintable():
            line = self._line()
            line += [" "] * (self._column + 1 - len(line))
            line[self._column] = character
            self._column += 1

    def _obey(self, code: str, number: int) -> None:
        if code == "A":
            self._row = max(0, self._row - (number or 1))
        elif code == "B":
            self._row += number or 1
        elif code == "C":
            self._column += number or 1
        elif code == "D":
            self._column = max(0, self._column - (number or 1))
        elif code in "JK":
            del self._line()[self._column :]
            if code == "J":
                del self._lines[self._row + 1 :]

    def _line(self) -> list[str]:
        while len(self._lines) <= self._row:
            self._lines.append([])
        return self._lines[self._row]


class Desk:
    """A terminal with `sempre` in it."""

    def __init__(self, project: Path, runtime: Path, *arguments: str) -> None:
        self._master, slave = pty.openpty()
        ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.process = subprocess.Popen(
            [sys.executable, "-c", START, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=project,
            env=environment(runtime),
            start_new_session=True,
        )
        os.close(slave)
        self._screen = Screen()
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""  # the beginning of an escape sequence
        self._done_with = 0

    @property
    def text(self) -> str:
        """What stands on the screen, from the line on which `type` was last called."""
        return "\n".join(self._screen.lines[self._done_with :])

    def type(self, keys: str) -> None:
        """Press keys; what stands above the line that is typed is done with."""
        while self.look(0.0):
            pass
        prompts = [n for n, line in enumerate(self._screen.lines) if line.startswith("sempre>")]
        self._done_with = prompts[-1] if prompts else 0
        os.write(self._master, keys.encode())

    def look(self, seconds: float) -> bool:
        """Read what is there, or comes within so long; False if there is nothing."""
        if not select.select([self._master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        written = self._rest + self._decoder.decode(data)
        begun = BEGUN.search(written)
        self._rest = begun.group() if begun else ""
        whole = written.removesuffix(self._rest)
        self._screen.feed(whole)
        for _ in range(whole.count(ASK_CURSOR)):
            os.write(self._master, b"\x1b[3;1R")
        return True

    def shows(self, pattern: str) -> None:
        """Read until a text that this regular expression finds is there."""
        deadline = monotonic() + PATIENCE
        while not re.search(pattern, self.text, re.MULTILINE):
            assert monotonic() < deadline, f"never {pattern!r} in:\n{self.text}"
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

    def hang_up(self) -> None:
        """Close the terminal, as a window is closed: nobody can read or write there any more."""
        os.close(self._master)
        self._master = -1

    def close(self) -> None:
        """End what still runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        if self._master >= 0:
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
    desk.shows(r"settings: .*sempre.toml: midi.backend, audio.driver, session.bpm")
    desk.shows("^sempre>")
    desk.enter("1+1", "^2$")
    desk.shows("cycle .* bpm 96 .*hats")  # the piece plays, and the bar shows it

    desk.enter('drums = play(s("bd*4"))', "drums  late 0")
    desk.enter('mute("drums")', r"drums\[mute\]")
    desk.enter('mute("dums")', "did you mean 'drums'?")

    desk.enter("play(s('bd'", r"^ +\.\.\.")
    desk.type("\x03")
    desk.enter("1 +* 2", r"^<prompt>:1:4: syntax error.*\n.*1 \+\* 2\n.*\^")
    desk.enter("nothere", "nothing is called 'nothere'")

    desk.enter("while True: pass" + ENTER, "^evaluating; Ctrl-C interrupts")
    desk.enter("panic", "^panic: sound off$")
    desk.type("\x03")
    desk.shows("^interrupted; the music went on$")
    desk.enter('"still" + " here"', "^'still here'$")

    desk.type("40 + ")
    desk.shows(r"^sempre> 40 \+")
    (project / "evening.py").write_text('hats = play(s("hh*4")\n', encoding="utf-8")
    desk.shows(r"^.*evening.py:1:.*\n(.*\n)+sempre> 40 \+")
    desk.enter("2", r"^sempre> 40 \+ 2\n42$")

    desk.enter('bass = play(note("c2"))', "^ cycle .*bass")  # panic had ended all layers
    desk.type("\x04")
    desk.shows("leave, and the music")
    desk.type("s")
    assert desk.code() == 0
    assert "stopping" in desk.text
    assert list((runtime / "sempre").glob("[0-9]*")) == []
    assert "+1+1" in (project / ".sempre" / "history").read_text(encoding="utf-8")


def test_the_music_outlives_its_prompts(project: Path, runtime: Path) -> None:
    """One is killed, one loses its terminal, one is left: `sempre attach` comes back, and others see it."""

    def attached(*arguments: str) -> Desk:
        found = Desk(project, runtime, "attach", *arguments)
        found.shows("^sempre>.*(\\n.*)* bpm 96 .*hats")
        return found

    first = Desk(project, runtime, "evening.py")
    first.shows("cycle .* bpm 96 .*hats")
    first.type("x = 1  # half a li")
    first.process.kill()
    first.close()

    second, third = attached(), attached("--name", "Ada")
    third.enter('mute("hats")', r"hats\[mute\]")
    second.shows(r'^Ada: mute\("hats"\)$')
    second.type("2 *")
    third.enter("for _ in range(3): print(7)" + ENTER, r"^7\n7\n7$")
    second.shows(r"^Ada: for _ in range\(3\): print\(7\)\n+sempre> 2 \*$")
    second.hang_up()
    second.process.wait(PATIENCE)
    second.close()

    third.type("detach" + ENTER)
    assert third.code() == 0
    assert "the music plays on" in third.text
    third.close()

    last = attached()
    last.shows(r"hats\[mute\]")
    last.enter("exit", "leave, and the music")
    last.type("s")
    assert last.code() == 0
    assert list((runtime / "sempre").glob("[0-9]*")) == []
    last.close()


def test_a_pipe_plays(project: Path, runtime: Path) -> None:
    """The same without a terminal: statements in, plain lines out."""
    script = 'drums = play(s("bd*4"))\nlayers()\n1 +* 2\ndef f():\n    return "fine"\nf()\n'
    done = subprocess.run(
        [sys.executable, "-c", START],
        input=script,
        capture_output=True,
        text=True,
        cwd=project,
        env=environment(runtime),
        timeout=15,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for text in ("['drums']", "<prompt>:1:4: syntax error", "'fine'", "stopping"):
        assert text in done.stdout
    assert "\x1b" not in done.stdout
