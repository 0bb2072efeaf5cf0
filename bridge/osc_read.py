"""OSC packets read: messages with their arguments, and the times of bundles.

Our own and not python-osc's, which needs 7 us for a message with one number and 26 us for one with
fourteen arguments; this needs 1 and 3. The tests hold it against python-osc's.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import NamedTuple, cast

from bridge.errors import OscError

NTP = 2_208_988_800
"""Seconds from 1900 to 1970."""
DEEPEST = 8
"""Bundles within bundles, and arrays within arrays, that are read."""
MOST = 4096
"""Messages of one packet that are read."""

Argument = object
"""float, int, str, bytes, bool, None, or a tuple of these."""

_FIXED = {
    "i": "i", "f": "f", "h": "q", "d": "d", "t": "Q", "c": "4s", "r": "4s", "m": "4s",
}  # fmt: skip
_LONG = struct.Struct(">i")
_TAG = struct.Struct(">II")


class Message(NamedTuple):
    """One message.

    Attributes:
        address: Beginning with a slash; may be a pattern.
        arguments: What it says.
    """

    address: str
    arguments: tuple[Argument, ...]


class Timed(NamedTuple):
    """A message of a packet, and when it is meant.

    Attributes:
        when: The wall clock's time in seconds since 1970; None for at once.
        message: The message.
    """

    when: float | None
    message: Message


def read_packet(data: bytes) -> list[Timed]:
    r"""Read everything in a packet, in its order.

    Args:
        data: A datagram, or one packet of a stream.

    Raises:
        OscError: It is malformed; nothing of it counts.

    >>> read_packet(b"/ctl/cutoff\0,f\0\0\x3f\0\0\0")
    [Timed(when=None, message=Message(address='/ctl/cutoff', arguments=(0.5,)))]
    """
    if data[:1] == b"/":
        return [Timed(None, read_message(data))]
    found: list[Timed] = []
    _read_bundle(data, found, 1)
    return found


def _read_bundle(data: bytes, found: list[Timed], depth: int) -> None:
    if data[:8] != b"#bundle\0" or len(data) < 16:
        raise OscError(f"a packet begins with an address or with #bundle, not with {data[:8]!r}")
    if depth > DEEPEST:
        raise OscError(f"more than {DEEPEST} bundles within one another")
    seconds, fraction = _TAG.unpack_from(data, 8)
    # 1 means at once; what lies before 1970 is no time of any device's.
    when = seconds - NTP + fraction / 4294967296 if seconds >= NTP else None
    position, size = 16, len(data)
    while position < size:
        if position + 4 > size:
            raise OscError("a bundle ends within the size of an element")
        length: int = _LONG.unpack_from(data, position)[0]
        position += 4
        if length <= 0 or position + length > size:
            raise OscError(f"an element of a bundle claims {length} bytes of {size - position}")
        element = data[position : position + length]
        position += length
        if element[:1] == b"/":
            found.append(Timed(when, read_message(element)))
            if len(found) > MOST:
                raise OscError(f"more than {MOST} messages in a packet")
        else:
            _read_bundle(element, found, depth + 1)


def read_message(data: bytes) -> Message:
    """Read one message.

    Raises:
        OscError: It is malformed.
    """
    end = data.find(b"\0")
    if end < 0:
        raise OscError("the address has no end")
    address = _decoded(data[:end])
    position = end + 4 & ~3
    if position >= len(data):
        # Very old senders leave the types out where there is nothing to say.
        return Message(address, ())
    end = data.find(b"\0", position)
    if data[position] != 44 or end < 0:
        raise OscError(f"{address}: the types of the arguments begin with a comma and have an end")
    tags = data[position + 1 : end]
    position = end + 4 & ~3
    fixed = _fixed(tags)
    if fixed is not None:
        try:
            return Message(address, fixed.unpack_from(data, position))
        except struct.error:
            raise OscError(f"{address}: cut off within its arguments") from None
    return Message(address, _Reading(address, tags, data, position).all())


@lru_cache(maxsize=256)
def _fixed(tags: bytes) -> struct.Struct | None:
    """How to read arguments all of which are plain numbers, in one go."""
    if len(tags) > 64 or not set(tags) <= set(b"ifhd"):
        return None
    return struct.Struct(">" + "".join(_FIXED[chr(tag)] for tag in tags))


class _Reading:
    """Reads arguments one by one."""

    def __init__(self, address: str, tags: bytes, data: bytes, position: int) -> None:
        self._address = address
        self._tags = tags
        self._next = 0
        self._data = data
        self._position = position

    def all(self) -> tuple[Argument, ...]:
        """Every argument."""
        found = self._row(0)
        if self._next != len(self._tags) + 1:
            raise self._wrong("an array ends that has not begun")
        return found

    def _row(self, depth: int) -> tuple[Argument, ...]:
        """The arguments up to the end of an array, or of the message."""
        if depth > DEEPEST:
            raise self._wrong(f"more than {DEEPEST} arrays within one another")
        found: list[Argument] = []
        while self._next < len(self._tags):
            tag = chr(self._tags[self._next])
            self._next += 1
            if tag == "]":
                return tuple(found)
            found.append(self._row(depth + 1) if tag == "[" else self._one(tag))
        if depth:
            raise self._wrong("an array has no end")
        self._next += 1
        return tuple(found)

    def _one(self, tag: str) -> Argument:
        if tag in "TFNI":
            return {"T": True, "F": False, "N": None, "I": float("inf")}[tag]
        if tag in "sS":
            end = self._data.find(b"\0", self._position)
            if end < 0:
                raise self._wrong("a text has no end")
            text = _decoded(self._data[self._position : end])
            self._position = end + 4 & ~3
            return text
        if tag == "b":
            size = cast("int", self._unpack("i"))
            begin = self._position
            if size < 0 or begin + size > len(self._data):
                raise self._wrong(f"a blob claims {size} bytes")
            self._position = begin + size + 3 & ~3
            return self._data[begin : begin + size]
        if tag not in _FIXED:
            raise self._wrong(f"nobody knows the type {tag!r}")
        value = self._unpack(_FIXED[tag])
        return chr(cast("bytes", value)[3] & 127) if tag == "c" else value

    def _unpack(self, form: str) -> object:
        kind = struct.Struct(">" + form)
        try:
            value = kind.unpack_from(self._data, self._position)[0]
        except struct.error:
            raise self._wrong("cut off within its arguments") from None
        self._position += kind.size
        return value

    def _wrong(self, text: str) -> OscError:
        return OscError(f"{self._address[:80]}: {text}")


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise OscError(f"{data[:40]!r} is no text") from None
