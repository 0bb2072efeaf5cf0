"""Ardour without its window: sessions made by scripts, takes of what our ports send, and OSC."""

import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import pytest

from tests.end_to_end.conftest import Session

ATTEMPTS = 5
"""The server drops a client in one of eight starts of Ardour, with or without us: then all of it anew."""
PATIENCE = 15.0
"""Seconds for a step of Ardour's that takes four."""
HALTED = "JACK HALTED"
BROKEN = "engine may now behave abnormally"
"""What a server says for every period from then on, each of which takes it 0.1 s, whatever its length."""
T = TypeVar("T")


class Dropped(Exception):
    """The server has dropped a client, or answers one no more, while Ardour was there.

    Two threads of Ardour's write requests to one socket: the server reads a mixture, and is no use any more.
    """


class Running:
    """A process of Ardour's.

    Args:
        process: It.
        log: What it says.
    """

    def __init__(self, process: subprocess.Popen[bytes], log: Path) -> None:
        self.process = process
        self._log = log

    def said(self) -> str:
        """What it has said so far, without its complaints about plugins of the machine."""
        lines = self._log.read_text(errors="replace").splitlines()
        return "\n".join(line for line in lines if not re.search("lilv|manifest|functor", line))

    def check(self) -> None:
        """That its server has not dropped it."""
        if HALTED in self.said():
            raise Dropped(self.said())

    def wait_for(self, test: Callable[[], bool], what: str) -> None:
        """Wait until something is true."""
        deadline = time.monotonic() + PATIENCE
        while not test():
            self.check()
            assert self.process.poll() is None, f"it ended before {what}: {self.said()}"
            if time.monotonic() > deadline:
                raise Dropped(f"not within {PATIENCE} s: {what}\n{self.said()}")
            time.sleep(0.02)

    def finish(self) -> str:
        """Wait for its own end; gives what it said."""
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            raise Dropped(f"no end within {PATIENCE} s: {self.said()}") from None
        self.check()
        return self.said()

    def end(self) -> None:
        """End it, by force if need be: without its server it may not hear SIGTERM."""
        _end(self.process)


class Ardour:
    """Ardour of this machine, with a home of its own.

    Args:
        folder: Where its home, its logs and its sessions are.
        serve: Starts a JACK server under a name; the environment is to say which.
    """

    def __init__(self, folder: Path, serve: Callable[[str], subprocess.Popen[bytes]]) -> None:
        self.folder = folder
        self._serve = serve
        self._server: subprocess.Popen[bytes] | None = None
        (folder / "home").mkdir(exist_ok=True)
        self.lua = shutil.which("ardour7-lua")
        self.library = Path("/usr/lib/ardour7")
        self.engine = next(iter(sorted(self.library.glob("hardour-*"))), None)
        self._running: list[Running] = []

    def configure(self, **options: str) -> None:
        """Set options of its own configuration, such as `send_midi_clock="1"`."""
        place = self.folder / "home" / ".config" / "ardour7" / "config"
        place.parent.mkdir(parents=True, exist_ok=True)
        rows = (f'<Option name="{n.replace("_", "-")}" value="{v}"/>' for n, v in options.items())
        place.write_text(f"<Ardour><Config>{''.join(rows)}</Config></Ardour>\n")

    def start(self, command: Sequence[str], more: Mapping[str, str] | None = None) -> Running:
        """Start a program of Ardour's."""
        log = self.folder / f"ardour-{len(self._running)}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=os.environ | {"HOME": str(self.folder / "home")} | dict(more or {}),
                cwd=self.folder,
            )
        self._running.append(Running(process, log))
        return self._running[-1]

    def script(self, file: Path, *arguments: str) -> Running:
        """Start a script of Ardour's language; `-X` lets it end where JACK drops it."""
        assert self.lua is not None
        return self.start([self.lua, "-X", str(file), *arguments])

    def run(self, file: Path, *arguments: str, clear: Path | None = None) -> str:
        """Run a script to its end, anew where JACK drops Ardour; gives what it said.

        Args:
            file: The script.
            *arguments: For it.
            clear: A folder that each attempt finds removed.
        """

        def attempt() -> str:
            if clear is not None:
                shutil.rmtree(clear, ignore_errors=True)
            return self.script(file, *arguments).finish()

        return self.again(attempt)

    def take(
        self, session: Path, play: Callable[[], object], connections: Sequence[str], seconds: float = 40
    ) -> str:
        """Record while something plays, anew where JACK drops Ardour; gives what Ardour said.

        Args:
            session: The folder of a session, whose tracks all record.
            play: What is to be done while it rolls; done again in each attempt.
            connections: TRACK=NUMBER:PORT, made as soon as the port is there.
            seconds: The longest that it rolls.
        """
        kept = session.with_name(session.name + ".kept")
        shutil.copytree(session, kept)

        def attempt() -> str:
            shutil.rmtree(session)
            shutil.copytree(kept, session)
            recorder = Path(__file__).with_name("record.lua")
            running = self.script(recorder, str(session), session.name, str(seconds), *connections)
            running.wait_for((session / "ROLLING").exists, "it rolls")
            play()
            (session / "STOP").touch()
            said = running.finish()
            assert "SAVED" in said, said
            return said

        return self.again(attempt)

    def play_session(self, session: Path) -> Running:
        """Let a session run without a window, as `hardour` does."""
        assert self.engine is not None
        library = str(self.library)
        places = {
            "LD_LIBRARY_PATH": library,
            "ARDOUR_DATA_PATH": "/usr/share/ardour7",
            "ARDOUR_CONFIG_PATH": "/etc/ardour7",
            "ARDOUR_DLL_PATH": library,
            "ARDOUR_SURFACES_PATH": f"{library}/surfaces",
            "ARDOUR_BACKEND_PATH": f"{library}/backends",
            "ARDOUR_PANNER_PATH": f"{library}/panners",
        }
        return self.start([str(self.engine), str(session), session.name], places)

    def again(self, attempt: Callable[[], T]) -> T:
        """Do something with Ardour, and do it again beside another server where one drops a client."""
        for number in range(ATTEMPTS):
            try:
                try:
                    found = attempt()
                finally:
                    self._check_server()
            except Dropped:
                if number == ATTEMPTS - 1:
                    raise
                self.serve()
            else:
                return found
        raise AssertionError

    def _check_server(self) -> None:
        """That the server is sound; what was heard through one that is not says nothing of anybody else."""
        assert self._server is not None
        log = Path(f"/proc/{self._server.pid}/fd/1").resolve()
        if self._server.poll() is not None or BROKEN in log.read_text(errors="replace"):
            raise Dropped("the server is broken")

    def serve(self) -> None:
        """Start a JACK server, in place of the one before; what runs on that ends."""
        self.end()
        # One name for all: JACK's list has eight places, and gives a dead server's only to its namesake.
        name = f"sempre-daw-{os.getpid()}"
        os.environ["JACK_DEFAULT_SERVER"] = name
        self._server = self._serve(name)

    def end(self) -> None:
        """End all that runs."""
        for running in self._running:
            if running.process.poll() is None:
                running.end()
        if self._server is not None:
            _end(self._server)
            self._server = None


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture
def ardour(
    start_jack: Callable[[str], subprocess.Popen[bytes]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Ardour]:
    """Ardour beside a server of its own; skipped where there is none, which fails where `CI` is set."""
    found = Ardour(tmp_path, start_jack)
    if found.lua is None or found.engine is None:
        pytest.skip("Ardour 7 is not installed (apt-get install --no-install-recommends ardour)")
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "")
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    monkeypatch.setenv("JACK_NO_AUDIO_RESERVATION", "1")
    found.serve()
    yield found
    found.end()


@pytest.fixture
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str, float], Session]]:
    """Start sessions of ours as a user starts them; they end with the test.

    Each has a folder with a short name, for those of sockets may not be long.
    """
    sessions: list[Session] = []

    def begin(source: str, seconds: float) -> Session:
        sessions.append(Session(tmp_path_factory.mktemp("s"), source, seconds))
        return sessions[-1]

    yield begin
    for session in sessions:
        if session.process.poll() is None:
            session.process.send_signal(signal.SIGTERM)
            try:
                session.process.wait(5)
            except subprocess.TimeoutExpired:
                session.process.kill()
                session.process.wait()
