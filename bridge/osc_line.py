"""What the output has for OSC beside datagrams: streams, and a call to SuperDirt that it may answer."""

from __future__ import annotations

import contextlib
import queue
import socket
from typing import TYPE_CHECKING

from bridge.osc_read import OscError, read_message
from bridge.osc_stream import framed
from bridge.osc_write import write_message
from bridge.worker import pause, start_thread

if TYPE_CHECKING:
    from collections.abc import Callable

AGAIN = 1.0
"""Seconds between two attempts to reach a stream's other end."""
BEHIND = 512
"""Packets that may wait for a stream; more are lost, as datagrams are."""


class StreamLine:
    """A stream to one place; its thread connects, sends, and comes back by itself.

    What cannot be sent at once is dropped: it would come in a burst when nobody wants it any more.

    Args:
        host: Where to.
        port: Where to.
        framing: "length" or "slip".
        notice: Takes one line for the musician.
    """

    def __init__(self, host: str, port: int, framing: str, notice: Callable[[str], None]) -> None:
        self._where = (host, port)
        self._framing = framing
        self._notice = notice
        self._packets: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._socket: socket.socket | None = None
        start_thread(f"OSC to {host}:{port}", self._run)

    def send(self, packet: bytes) -> None:
        """Send a packet if the other end is there."""
        if self._socket is not None and self._packets.qsize() < BEHIND:
            self._packets.put(packet)

    def _run(self) -> None:
        missed = False
        while True:
            try:
                one = socket.create_connection(self._where, timeout=AGAIN)
            except OSError as error:
                if not missed:
                    self._notice(
                        f"OSC: nobody takes a stream at {self} ({error.strerror or error}); it is tried on"
                    )
                missed = True
                pause(AGAIN)
                continue
            if missed:
                self._notice(f"OSC: {self} is there")
            missed = False
            with one:
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._forget()
                self._socket = one
                self._serve(one)
                self._socket = None

    def _serve(self, one: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                try:
                    one.sendall(framed(self._packets.get(timeout=AGAIN), self._framing))
                except queue.Empty:
                    # Is it still there? A closed end is readable, and gives nothing.
                    one.setblocking(False)
                    with contextlib.suppress(BlockingIOError):
                        if not one.recv(4096):
                            return
                    one.settimeout(AGAIN)

    def _forget(self) -> None:
        with contextlib.suppress(queue.Empty):
            while True:
                self._packets.get_nowait()

    def __str__(self) -> str:
        """The place."""
        return f"{self._where[0]}:{self._where[1]}"


CALL = 2.0
"""Seconds between two calls while SuperDirt does not answer; five times as many when it has."""
SILENT = 2
"""Calls without an answer after which that is said."""


class DirtCall:
    """Calls SuperDirt, so that a musician knows whether it hears.

    Args:
        where: Its address.
        send: Sends a datagram from the socket that hears the answers.
        notice: Takes one line for the musician.
    """

    def __init__(
        self, where: tuple[str, int], send: Callable[[bytes], object], notice: Callable[[str], None]
    ) -> None:
        self.where = where
        self._send = send
        self._notice = notice
        self._next = 0.0
        self._open = 0
        self._there = False
        self._said = False

    def turn(self, now: float) -> None:
        """Call if it is time."""
        if now < self._next:
            return
        place = f"{self.where[0]}:{self.where[1]}"
        if self._open >= SILENT and (self._there or not self._said):
            gone = "does not answer any more" if self._there else "does not answer: is it started?"
            self._notice(f"SuperDirt at {place} {gone} (SuperDirt.start in SuperCollider); notes are sent on")
            self._there, self._said = False, True
        self._open += 1
        self._next = now + (5 * CALL if self._there else CALL)
        for address in ("/dirt/hello", "/dirt/handshake"):
            self._send(write_message(address))

    def hear(self, data: bytes) -> None:
        """Take an answer; anything else is passed over."""
        try:
            message = read_message(data)
        except OscError:
            return
        if message.address not in ("/dirt/hello/reply", "/dirt/handshake/reply"):
            return
        self._open = 0
        if not self._there:
            self._there, self._said = True, True
            self._notice(f"SuperDirt answers at {self.where[0]}:{self.where[1]}")
