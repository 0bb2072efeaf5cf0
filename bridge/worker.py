"""Threads, processes and the doors between them: the only place that sleeps or starts a thread."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener, answer_challenge, deliver_challenge
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import IO, cast

from bridge.errors import PeerGone

LONGEST = 64 << 20
"""Bytes that a message may have; nobody is made to keep more by somebody who says that it comes."""
MOST = 64
"""Clients that are behind a door at the same time, those that have not shown their key included."""
KNOCKING = 5.0
"""Seconds that a client has for showing its key."""

Line = dict[str, object]
"""What a supervisor and its children say to each other: one JSON object a line."""


def start_thread(name: str, run: Callable[[], object]) -> threading.Thread:
    """Run a function in a daemon thread of this name."""
    thread = threading.Thread(target=run, name=name, daemon=True)
    thread.start()
    return thread


def pause(seconds: float) -> None:
    """Sleep; nothing else in the product may."""
    time.sleep(max(0.0, seconds))  # noqa: TID251 - this is the one place


def realtime(priority: int, thread: int = 0, *, heirs: bool = True) -> bool:
    """Ask for SCHED_FIFO; False where it is not permitted.

    Args:
        priority: 1 to 99; the audio server commonly has 70, so stay below it.
        thread: The system's number of a thread of ours; 0 is the calling one.
        heirs: Whether the threads and processes that it starts have it, too.
    """
    try:
        policy = os.SCHED_FIFO if heirs else os.SCHED_FIFO | os.SCHED_RESET_ON_FORK
        os.sched_setscheduler(thread, policy, os.sched_param(priority))
    except (AttributeError, OSError):
        return False
    return True


def ordinary(thread: int = 0) -> None:
    """Let a thread have its turns like any other program's again; 0 is the calling one."""
    with contextlib.suppress(AttributeError, OSError):
        # Who has the right to raise a thread may still not have that to give heirs back what they lack.
        kept = os.sched_getscheduler(thread) & os.SCHED_RESET_ON_FORK
        os.sched_setscheduler(thread, os.SCHED_OTHER | kept, os.sched_param(0))


def settle_memory() -> None:
    """Collect once, then keep the collector off: a sending process must not stop to clean up."""
    gc.collect()
    gc.freeze()
    gc.disable()


class Connection:
    """Messages of a kind (one byte) and a body, both ways, between two processes of one user.

    Args:
        pipe: What carries them.
        longest: Bytes that one may have; the line of whoever sends a longer one is cut.
    """

    def __init__(self, pipe: Pipe, longest: int = LONGEST) -> None:
        self._pipe = pipe
        self._longest = longest
        self._lock = threading.Lock()

    def send(self, kind: bytes, body: bytes = b"") -> None:
        """Send one message.

        Raises:
            PeerGone: The other end is closed.
        """
        try:
            with self._lock:
                self._pipe.send_bytes(kind + body)
        except (OSError, ValueError) as error:
            raise PeerGone(f"the other end is gone ({error})") from error

    def send_json(self, kind: bytes, message: object) -> None:
        """Send one message with a JSON body."""
        self.send(kind, json.dumps(message).encode())

    def receive(self) -> tuple[bytes, bytes]:
        """Wait for one message.

        Raises:
            PeerGone: The other end is closed.
        """
        try:
            data = self._pipe.recv_bytes(self._longest)
        except (EOFError, OSError, TypeError, ValueError) as error:
            raise PeerGone(f"the other end is gone ({error})") from error
        return data[:1], data[1:]

    def be_patient(self, seconds: float) -> None:
        """Give the other end so long for each part of what it says; 0 is for ever. No bound on Windows."""
        if os.name == "posix":
            import socket

            pair = struct.pack("ll", int(seconds), int(seconds % 1 * 1_000_000))
            with socket.socket(fileno=os.dup(self._pipe.fileno())) as twin:
                for way in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
                    twin.setsockopt(socket.SOL_SOCKET, way, pair)

    def close(self) -> None:
        """Close this end; the other one reads that we are gone."""
        # Shut down first: a thread that waits in `receive` keeps the socket open behind a mere close.
        with contextlib.suppress(OSError, ValueError):
            if os.name == "posix":
                import socket

                with socket.socket(fileno=os.dup(self._pipe.fileno())) as twin:
                    twin.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            self._pipe.close()


def address(runtime: Path, name: str) -> str:
    """Where the door `name` of a session is: a socket file, or a named pipe on Windows."""
    if os.name == "nt":
        return rf"\\.\pipe\{runtime.name}-{name}"
    return str(runtime / f"{name}.sock")


def connect(where: str, key: bytes, *, patience: float = 0.0) -> Connection:
    """Knock at a door.

    Args:
        where: From `address`.
        key: The session's key; whoever cannot show it is turned away.
        patience: Seconds during which a door that is not yet there is tried again.

    Raises:
        PeerGone: Nobody answered.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            return Connection(Client(where, authkey=key))
        except (AuthenticationError, AssertionError) as error:
            raise PeerGone(f"{where} does not take our key ({error})") from error
        except (OSError, EOFError) as error:
            if time.monotonic() >= deadline:
                raise PeerGone(f"nobody answers at {where} ({error})") from error
            pause(0.01)


class Door:
    """Lets processes of the same user in: one thread that listens, one a client that reads.

    Args:
        where: From `address`; lies in a folder that only this user can enter.
        key: The session's key.
        on_client: Called with each connection in a thread of its own; it reads until `PeerGone`.
        longest: Bytes that a message of a client may have.
        most: Clients that are let in at a time; who comes then is turned away.
    """

    def __init__(
        self,
        where: str,
        key: bytes,
        on_client: Callable[[Connection], None],
        *,
        longest: int = LONGEST,
        most: int = MOST,
    ) -> None:
        if os.name == "posix":
            Path(where).unlink(missing_ok=True)
        self._listener = Listener(where, backlog=16)
        self._key = key
        self._on_client = on_client
        self._longest = longest
        self._places = threading.BoundedSemaphore(most)
        self._full = False
        self._open = True
        start_thread(f"door {Path(where).name}", self._listen)

    def _listen(self) -> None:
        while self._open:
            try:
                pipe = self._listener.accept()
            except OSError as error:
                if self._open:
                    _log(f"a client was lost at the door: {error!r}")
                    pause(0.01)
                continue
            if not self._places.acquire(blocking=False):
                pipe.close()
                if not self._full:
                    _log("turned a client away: there are too many")
                self._full = True
                continue
            self._full = False
            start_thread("client", lambda p=pipe: self._serve(p))

    def _serve(self, pipe: Pipe) -> None:
        """Ask for the key here, not where we listen: a client that stalls must not block the door."""
        connection = Connection(pipe, self._longest)
        try:
            connection.be_patient(KNOCKING)
            deliver_challenge(pipe, self._key)
            answer_challenge(pipe, self._key)
            connection.be_patient(0.0)
            self._on_client(connection)
        except (AuthenticationError, AssertionError) as error:
            _log(f"turned a client away: {error!r}")
        except (PeerGone, EOFError, OSError):
            pass
        finally:
            connection.close()
            self._places.release()

    def close(self) -> None:
        """Stop listening; clients that are in stay."""
        self._open = False
        with contextlib.suppress(OSError):
            self._listener.close()


def _log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - stderr is the log


class Parent:
    """The child's side of the supervisor: JSON lines on stdin and stdout.

    On construction the real stdout is kept for `say`, and both stdout and stderr go to the log, so that
    a library or a plugin that prints cannot disturb anyone.

    Args:
        on_message: Called with each line, in the reading thread.
        on_gone: Called once when the supervisor is gone; silence and leave.
        log: Where prints go; None keeps them where they are (for tests).
    """

    def __init__(
        self,
        on_message: Callable[[Line], object] = bool,
        on_gone: Callable[[], object] = bool,
        log: Path | None = None,
    ) -> None:
        self._out: IO[bytes] = os.fdopen(os.dup(1), "wb", buffering=0)
        self._in: IO[bytes] = os.fdopen(os.dup(0), "rb")
        self._lock = threading.Lock()
        self._on_message = on_message
        self._on_gone = on_gone
        if log is not None:
            sink = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(sink, 1)
            os.dup2(sink, 2)
            os.close(sink)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)

    def listen(self) -> None:
        """Begin to read; call it once everything that the callbacks touch exists."""
        start_thread("supervisor", self._read)

    def lines(self) -> Iterator[bytes]:
        """What the supervisor says, in the calling thread instead of `listen`; it ends when that is gone."""
        return iter(self._in)

    def _read(self) -> None:
        for line in self.lines():
            with contextlib.suppress(ValueError):
                self._on_message(cast("Line", json.loads(line)))
        self._on_gone()

    def say(self, message: object, *, wait: bool = True) -> None:
        """Tell the supervisor; a supervisor that is gone is noticed elsewhere.

        Args:
            message: What.
            wait: Whether it may take until another thread has said something; else it is left out then.
        """
        data = json.dumps(message).encode() + b"\n"
        if self._lock.acquire(blocking=wait):
            try:
                with contextlib.suppress(OSError):
                    self._out.write(data)
            finally:
                self._lock.release()


class Child:
    """The supervisor's side of a process that it started.

    Args:
        name: For messages and the log's name.
        command: What to run, for example `[sys.executable, "-m", "bridge.output", config]`.
        on_message: Called with each line that it says, in a thread of its own.
        on_end: Called once with the exit code when it has ended.
        log: The file that takes what it prints before it redirects by itself.
    """

    def __init__(
        self,
        name: str,
        command: list[str],
        on_message: Callable[[Child, Line], None],
        on_end: Callable[[Child, int], None],
        log: Path,
    ) -> None:
        self.name = name
        self._on_message = on_message
        self._on_end = on_end
        self._lock = threading.Lock()
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors
            )
        start_thread(f"{name} says", self._read)

    def _read(self) -> None:
        stdout = self.process.stdout
        if stdout is not None:
            with stdout:
                for line in stdout:
                    with contextlib.suppress(ValueError):
                        self._on_message(self, cast("Line", json.loads(line)))
        self._on_end(self, self.process.wait())

    def say(self, message: object) -> None:
        """Send a line; a child that is gone reports itself by `on_end`."""
        stdin = self.process.stdin
        if stdin is None:
            return
        data = json.dumps(message).encode() + b"\n"
        with contextlib.suppress(OSError, ValueError), self._lock:
            stdin.write(data)
            stdin.flush()

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()

    def leave(self, patience: float) -> None:
        """Close its stdin, wait up to `patience` seconds, then kill it."""
        with contextlib.suppress(OSError):
            if self.process.stdin is not None:
                self.process.stdin.close()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
