"""The sockets at which OSC comes in, by UDP and by TCP; one thread, and no packet can hurt it."""

from __future__ import annotations

import contextlib
import socket
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from bridge.errors import BridgeError
from bridge.hub import READ, WRITE
from bridge.osc_read import OscError, Timed, read_packet
from bridge.osc_stream import Unframer, framed

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.hub import Hub

AT_A_GO = 256
"""Datagrams that are read before anything else has its turn."""
RECEIVE_BUFFER = 1 << 22
"""Bytes that the system is asked to keep for us; it gives less, 200 kB on a common Linux."""
CLIENTS = 32
"""Streams that may be open at once."""
UNSENT = 1 << 18
"""Bytes that a stream may be behind; one that takes nothing is closed."""
PIECE = 1 << 16


class Peer(NamedTuple):
    """Who sent something, and where an answer goes.

    Attributes:
        way: "udp" or "tcp".
        host: Its address, in numbers.
        port: Its port.
    """

    way: str
    host: str
    port: int

    @property
    def here(self) -> bool:
        """Whether it is on this machine."""
        return self.host.startswith("127.") or self.host == "::1"

    def __str__(self) -> str:
        """As it is written in a message."""
        return f"{self.host}:{self.port}"


@dataclass(slots=True)
class _Stream:
    peer: Peer
    socket: socket.socket
    unframer: Unframer = field(default_factory=Unframer)
    unsent: bytearray = field(default_factory=bytearray)


class OscServer:
    """Takes packets on one port, by UDP and TCP alike, and sends answers.

    Args:
        hub: Waits for the sockets.
        port: 1 to 65535; 0 takes a free one.
        host: The address to listen at: "127.0.0.1", or "0.0.0.0" for all.
        on_packet: Called with everything that was in a packet, and who sent it.
        on_gone: Called when a stream ends.

    Attributes:
        port: The port.
        packets: How many came.
        malformed: How many of them were no OSC.
        last_error: What was wrong with the last of these.

    Raises:
        BridgeError: The port belongs to somebody else.
    """

    def __init__(
        self,
        hub: Hub,
        port: int,
        host: str,
        on_packet: Callable[[list[Timed], Peer], None],
        on_gone: Callable[[Peer], None] = lambda _: None,
    ) -> None:
        self.packets = 0
        self.malformed = 0
        self.last_error = ""
        self._hub = hub
        self._on_packet = on_packet
        self._on_gone = on_gone
        self._streams: dict[Peer, _Stream] = {}
        # A free port for datagrams may be taken for streams: then another one is looked for.
        for left in reversed(range(8 if port == 0 else 1)):
            self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self._tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            try:
                self._open(host, port)
                break
            except OSError as error:
                self._udp.close()
                self._tcp.close()
                if not left:
                    why = error.strerror or error
                    raise BridgeError(f"port {port} cannot be had for OSC ({why})") from None
        self.port: int = self._udp.getsockname()[1]
        hub.add(self._udp, READ, self._read_datagrams)
        hub.add(self._tcp, READ, self._accept)

    def _open(self, host: str, port: int) -> None:
        with contextlib.suppress(OSError):
            self._udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
        if exclusive is not None:
            # Windows would let two programs have one port, and tell neither.
            self._udp.setsockopt(socket.SOL_SOCKET, cast("int", exclusive), 1)
        else:
            self._tcp.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._udp.bind((host, port))
        self._tcp.bind((host, self._udp.getsockname()[1]))
        self._tcp.listen(8)
        self._udp.setblocking(False)
        self._tcp.setblocking(False)

    def send(self, peer: Peer, packet: bytes) -> None:
        """Send a packet; one that nobody takes is lost, as everywhere in OSC."""
        if peer.way == "udp":
            with contextlib.suppress(OSError):
                self._udp.sendto(packet, (peer.host, peer.port))
            return
        stream = self._streams.get(peer)
        if stream is not None and stream.unframer.framing:
            stream.unsent += framed(packet, stream.unframer.framing)
            self._flush(stream)

    def close(self) -> None:
        """Let go of the port."""
        for stream in list(self._streams.values()):
            self._end(stream)
        for one in (self._udp, self._tcp):
            self._hub.remove(one)
            one.close()

    # Inside.

    def _take(self, data: bytes, peer: Peer) -> None:
        self.packets += 1
        try:
            found = read_packet(data)
        except OscError as error:
            self.malformed += 1
            self.last_error = f"{peer}: {error}"
        else:
            self._on_packet(found, peer)

    def _read_datagrams(self, _events: int) -> None:
        for _ in range(AT_A_GO):
            try:
                data, (host, port) = self._udp.recvfrom(PIECE)
            except BlockingIOError:
                return
            except OSError:
                continue  # Windows tells here that an earlier answer reached nobody
            self._take(data, Peer("udp", host, port))

    def _accept(self, _events: int) -> None:
        try:
            one, (host, port) = self._tcp.accept()
        except OSError:
            return
        if len(self._streams) >= CLIENTS:
            one.close()
            return
        one.setblocking(False)
        stream = _Stream(Peer("tcp", host, port), one)
        self._streams[stream.peer] = stream
        self._hub.add(one, READ, partial(self._serve, stream))

    def _serve(self, stream: _Stream, events: int) -> None:
        if events & WRITE:
            self._flush(stream)
        if not events & READ or stream.peer not in self._streams:
            return
        try:
            data = stream.socket.recv(PIECE)
            packets = stream.unframer.feed(data)
        except BlockingIOError:
            return
        except OSError:
            data, packets = b"", []
        except OscError as error:
            self.malformed += 1
            self.last_error = f"{stream.peer}: {error}"
            data, packets = b"", []
        for packet in packets:
            self._take(packet, stream.peer)
        if not data:
            self._end(stream)

    def _flush(self, stream: _Stream) -> None:
        try:
            sent = stream.socket.send(stream.unsent) if stream.unsent else 0
        except BlockingIOError:
            sent = 0
        except OSError:
            self._end(stream)
            return
        del stream.unsent[:sent]
        if len(stream.unsent) > UNSENT:
            self._end(stream)
            return
        self._hub.change(stream.socket, READ | WRITE if stream.unsent else READ)

    def _end(self, stream: _Stream) -> None:
        if self._streams.pop(stream.peer, None) is None:
            return
        self._hub.remove(stream.socket)
        stream.socket.close()
        self._on_gone(stream.peer)
