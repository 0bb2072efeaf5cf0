"""The log of what was sent: each message with the time at which it was due and the one at which it left.

The sending threads only append to a queue in memory; another thread writes it to files, which are bounded.
"""

from __future__ import annotations

import struct
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from bridge.event import Seconds

NAME, AUDIO = LOGS = "sent.log", "sent-audio.log"
"""The files in a session's folder, one a process; the one before each has ".old" after it."""
SIZE = 8 << 20
"""Bytes after which a file is full; two are kept. Two hours of fifteen notes a second fill one."""
MOST = 20_000
"""Rows that may wait for being written; beyond, they are counted and lost."""
PIECE = 128
"""Rows taken at one go: about 0.03 ms, so that the thread that sends never waits for the one that writes."""
LONGEST = 60_000
"""Bytes of a message that are kept."""

ON, OFF, LOOSE, DROPPED, NOWHERE, LAYER, ROUTE, RATE = range(1, 9)
"""What a row tells: a beginning; an end; a message of no event, such as a reset; an event that was too late
to be sent; one whose port is not there. Then names: of a layer, of a route; and the frames of a second."""
KINDS = {ON: "on", OFF: "off", LOOSE: "loose", DROPPED: "dropped", NOWHERE: "no port"}

_ROW = struct.Struct("<HBIIddq")


@dataclass(frozen=True, slots=True)
class Sent:
    """One thing that was sent, or was not.

    Args:
        kind: One of `KINDS`.
        layer: Whose it was; empty for what belongs to no layer.
        to: The port or address.
        due: When it was due, in seconds of the timeline.
        at: When it left.
        frame: The frame of the audio server at which it left; -1 where none is the clock.
        data: The bytes.
    """

    kind: str
    layer: str
    to: str
    due: Seconds
    at: Seconds
    frame: int
    data: bytes

    @property
    def late(self) -> Seconds:
        """Seconds after its time."""
        return self.at - self.due


@dataclass(frozen=True, slots=True)
class Account:
    """What a log holds.

    Args:
        rows: In the order in which they were sent.
        rate: Frames per second of the server that was the clock last; 0 if there was none.
    """

    rows: list[Sent] = field(default_factory=list[Sent])
    rate: int = 0


class SentLog:
    """Takes rows from any thread, in no time; `drain` writes them.

    Args:
        path: The file.
        size: Bytes after which another is begun.
    """

    def __init__(self, path: Path, size: int = SIZE) -> None:
        self.lost = 0
        self._path = path
        self._size = size
        self._rows: deque[bytes] = deque()
        self._names: dict[tuple[int, int], bytes] = {}
        self._used = 0
        self._file: BinaryIO | None = None
        self._begin()

    def row(
        self, kind: int, layer: int, route: int, due: Seconds, at: Seconds, frame: int, data: bytes
    ) -> None:
        """Note one thing that was sent; measured, 0.4 microseconds."""
        if len(self._rows) >= MOST:
            self.lost += 1
            return
        data = data[:LONGEST]
        self._rows.append(_ROW.pack(_ROW.size + len(data), kind, layer, route, due, at, frame) + data)

    def name(self, kind: int, number: int, text: str) -> None:
        """Note what a number of a layer or of a route means, or the rate."""
        data = text.encode()[:LONGEST]
        row = _ROW.pack(_ROW.size + len(data), kind, number, 0, 0.0, 0.0, -1) + data
        # Replaced, never changed in place: the writing thread reads it.
        self._names = self._names | {(kind, number): row}
        self._rows.append(row)

    def drain(self) -> None:
        """Write what has come; called by one thread, and once more at the end by another."""
        while piece := b"".join(self._take()):
            if self._used + len(piece) > self._size:
                self._turn()
            self._write(piece)

    def close(self) -> None:
        """Write the rest."""
        self.drain()
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None

    def _take(self) -> Iterator[bytes]:
        for _ in range(PIECE):
            try:
                yield self._rows.popleft()
            except IndexError:
                return

    def _write(self, data: bytes) -> None:
        if self._file is None:
            return
        try:
            self._file.write(data)
        except OSError:  # a full disk must not cost a note
            self.lost += 1
            return
        self._used += len(data)

    def _turn(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
        with suppress(OSError):  # Windows, while somebody reads the old one: then the new one is lost instead
            self._path.replace(_older(self._path))
        self._begin()
        self._write(b"".join(self._names.values()))

    def _begin(self) -> None:
        self._used = 0
        try:
            self._file = self._path.open("wb", buffering=0)
        except OSError:
            self._file = None


def read_logs(paths: Iterable[Path]) -> Account:
    """What several logs hold, by time."""
    accounts = [read_log(path) for path in paths]
    rows = sorted((row for account in accounts for row in account.rows), key=lambda row: row.at)
    return Account(rows, next((account.rate for account in accounts if account.rate), 0))


def read_log(path: Path) -> Account:
    """What a log holds, also while it is being written.

    Args:
        path: The newer of its files.
    """
    names: dict[tuple[int, int], str] = {}
    rows: list[Sent] = []
    # The older one last: what turns meanwhile is then read twice rather than not at all.
    newer, older = (_content(one) for one in (path, _older(path)))
    pieces = [older, newer] if older != newer else [newer]
    for kind, layer, route, due, at, frame, data in (row for piece in pieces for row in _unpack(piece)):
        if kind in KINDS:
            to = names.get((ROUTE, route), "")
            rows.append(Sent(KINDS[kind], names.get((LAYER, layer), ""), to, due, at, frame, data))
        else:
            names[kind, layer] = data.decode(errors="replace")
    return Account(sorted(rows, key=lambda row: row.at), int(names.get((RATE, 0), "0")))


def of_layer(rows: Iterable[Sent], name: str) -> list[Sent]:
    """The rows of a layer, by its name with or without its file."""
    return [row for row in rows if name in (row.layer, row.layer.rpartition(":")[2])]


def files_of(folder: Path) -> list[Path]:
    """All files that the logs of a session may be in."""
    return [one for name in LOGS for one in (_older(folder / name), folder / name)]


def _older(path: Path) -> Path:
    return path.with_name(f"{path.name}.old")


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def _unpack(data: bytes) -> Iterator[tuple[int, int, int, float, float, int, bytes]]:
    position = 0
    while position + _ROW.size <= len(data):
        size, kind, layer, route, due, at, frame = _ROW.unpack_from(data, position)
        if size < _ROW.size or position + size > len(data):  # its end is not yet written
            return
        yield kind, layer, route, due, at, frame, data[position + _ROW.size : position + size]
        position += size
