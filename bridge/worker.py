"""Threads, processes and the doors between them: the only place that sleeps or starts a thread."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import queue
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from contextlib import AbstractContextManager
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client, Listener, answer_challenge, deliver_challenge
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import IO, cast

from bridge.errors import PeerGone

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


def realtime(priority: int) -> bool:
    """Ask for SCHED_FIFO for the calling thread; False where it is not permitted.

    Args:
        priority: 1 to 99; the audio server commonly has 70, so stay below it.
    """
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(priority))
    except (AttributeError, OSError):
        return False
    return True


def settle_memory() -> None:
    """Collect once, then keep the collector off: a sending process must not stop to clean up."""
    gc.collect()
    gc.freeze()
    gc.disable()


class Connection:
    """Messages of a kind (one byte) and a body, both ways, between two processes of one user."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
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
            data = self._pipe.recv_bytes()
        except (EOFError, OSError, TypeError, ValueError) as error:
            raise PeerGone(f"the other end is gone ({error})") from error
        return data[:1], data[1:]

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
    """

    def __init__(self, where: str, key: bytes, on_client: Callable[[Connection], None]) -> None:
        if os.name == "posix":
            Path(where).unlink(missing_ok=True)
        self._listener = Listener(where, backlog=16)
        self._key = key
        self._on_client = on_client
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
            start_thread("client", lambda p=pipe: self._serve(p))

    def _serve(self, pipe: Pipe) -> None:
        """Ask for the key here, not where we listen: a client that stalls must not block the door."""
        connection = Connection(pipe)
        try:
            deliver_challenge(pipe, self._key)
            answer_challenge(pipe, self._key)
            self._on_client(connection)
        except (AuthenticationError, AssertionError) as error:
            _log(f"turned a client away: {error!r}")
        except (PeerGone, EOFError, OSError):
            pass
        finally:
            connection.close()

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
        on_message: Callable[[Line], None],
        on_gone: Callable[[], None],
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

    def _read(self) -> None:
        for line in self._in:
            with contextlib.suppress(ValueError):
                self._on_message(cast("Line", json.loads(line)))
        self._on_gone()

    def say(self, message: object) -> None:
        """Tell the supervisor; a supervisor that is gone is noticed elsewhere."""
        data = json.dumps(message).encode() + b"\n"
        with contextlib.suppress(OSError), self._lock:
            self._out.write(data)


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


class Overtime(BaseException):
    """Raised inside code that ran longer than it may; no `except Exception` catches it."""


class Watchman:
    """Interrupts Python code that runs away in the calling thread.

    Args:
        name: Of the thread that watches.
        again: Seconds after which an interruption is repeated, should the code swallow it.
        poke: Called with the thread after an interruption, to end a wait.
    Use: `with watchman.limit(0.08): query()`, from one thread. A C call that never returns is out of reach.
    """

    def __init__(
        self, name: str = "watchman", again: float = 0.05, poke: Callable[[int], object] = lambda _: None
    ) -> None:
        self.again = again
        self._poke = poke
        self._blocks: queue.SimpleQueue[weakref.ref[_Block]] = queue.SimpleQueue()
        self._current: weakref.ref[_Block] | None = None
        self._wake = threading.Event()
        self._asleep_until = 0.0
        start_thread(name, self._watch)

    def limit(self, seconds: float) -> AbstractContextManager[None]:
        """Raise `Overtime` in this thread when the block computes longer than `seconds`.

        Where the machine tells a thread's own computing time that is what counts, so that a stall of the
        machine is not blamed on the code; waiting is cut off at five times `seconds`.
        """
        return _Block(self, seconds)

    def expire(self) -> None:
        """Interrupt what is being guarded at this moment, if anything is, as if its time were over."""
        block = self._current() if self._current is not None else None
        if block is not None:
            block.expired = True
            self._wake.set()

    def guard(self, block: _Block, until: float) -> None:
        """Begin to watch a block that was just entered."""
        self._current = weakref.ref(block)
        self._blocks.put(self._current)
        if until < self._asleep_until:
            self._wake.set()

    def _watch(self) -> None:
        while True:
            block = self._blocks.get()
            while (left := self._look(block)) is not None:
                left = min(left, 60.0)
                self._asleep_until = time.monotonic() + left
                self._wake.wait(left)
                self._wake.clear()

    def _look(self, reference: weakref.ref[_Block]) -> float | None:
        """Interrupt a block if it is time; how long to wait for the next look, None when it has ended."""
        block = reference()
        if block is None or not block.open:
            return None
        left = block.left(time.monotonic())
        if left > 0:
            return left
        block.interrupt(time.monotonic() + self.again)
        self._poke(block.ident)
        return self.again


WAITING = 5
"""How many times its limit a block may last by the wall clock, computing or not."""


class _Block:
    """One guarded block.

    The interruption is raised between any two instructions of the thread, also in `__exit__`. So that it
    never hits what comes after the block, leaving is one single store (`open = False`), and the watching
    thread tests that flag and interrupts without giving way in between. Should the interruption hit the
    very first instruction of `__exit__`, before that store, then the exception ends the block, nobody
    holds the block any more, and the watching thread, which has only a weak reference, lets it go.
    """

    __slots__ = (
        "__weakref__", "_again", "_begun", "_clock", "_seconds", "_spent", "_thread", "_watchman",
        "expired", "fired", "ident", "open",
    )  # fmt: skip

    def __init__(self, watchman: Watchman, seconds: float) -> None:
        self._watchman = watchman
        self._seconds = seconds
        self.open = self.expired = self.fired = False

    def __enter__(self) -> None:
        self.ident = threading.get_ident()
        self._thread = ctypes.c_ulong(self.ident)
        self._clock = _computing_clock(self.ident)
        self._spent = time.clock_gettime(self._clock) if self._clock is not None else 0.0
        self._begun = time.monotonic()
        self._again = 0.0
        self.open = True
        self._watchman.guard(self, self._begun + self._seconds)

    def __exit__(self, *_: object) -> None:
        self.open = False
        if self.fired:
            _set_error(self._thread, None)

    def left(self, now: float) -> float:
        """Seconds until the next look is worth while; 0 or less when its time is over."""
        if self.fired:
            return self._again - now
        passed = now - self._begun
        if self.expired or passed >= self._seconds * WAITING:
            return 0.0
        if passed < self._seconds or self._clock is None:
            return self._seconds - passed
        try:
            computed = time.clock_gettime(self._clock) - self._spent
        except OSError:  # the thread is gone
            return 60.0
        if computed >= self._seconds:
            return 0.0
        return max(0.002, min(self._seconds - computed, self._seconds * WAITING - passed))

    def interrupt(self, again: float) -> None:
        """Raise `Overtime` in the block, if it is still open."""
        self.fired = True
        self._again = again
        thread = self._thread
        # CPython lets another thread in only after a call or at a jump back: not between these two lines.
        if self.open:
            _set_error(thread, _OVERTIME)


def _computing_clock(ident: int) -> int | None:
    """The clock that counts a thread's own computing time, where the system has one."""
    if sys.platform == "win32" or sys.platform == "darwin":
        return None
    return time.pthread_getcpuclockid(ident)


_set_error = ctypes.pythonapi.PyThreadState_SetAsyncExc
_OVERTIME = ctypes.py_object(Overtime)
