"""OSC packets written: messages, and bundles with a timetag."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from bridge.osc_read import NTP

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

BUNDLE = b"#bundle\0"
AT_ONCE = b"\0\0\0\0\0\0\0\1"
"""The timetag of what is meant as soon as it comes."""

_TAG = struct.Struct(">II")
_INT, _LONG, _FLOAT = struct.Struct(">i"), struct.Struct(">q"), struct.Struct(">f")


def write_message(address: str, arguments: Sequence[object] = ()) -> bytes:
    r"""Write one message.

    Args:
        address: Beginning with a slash.
        arguments: Texts, bytes, floats (32 bits on the way), ints (64 bits where 32 are not enough), bools
            and None, which have types without data.

    >>> write_message("/ctl/cutoff", [0.5])
    b'/ctl/cutoff\x00,f\x00\x00?\x00\x00\x00'

    Raises:
        ValueError: A value is too large, or a text contains a zero character.

    Source: OSC 1.0 specification.
    """
    tags, data = [","], [b""]
    for value in arguments:
        tag, part = _argument(value)
        tags.append(tag)
        data.append(part)
    return b"".join((text(address), text("".join(tags)), *data))


def write_bundle(messages: Sequence[bytes], wall: float | None) -> bytes:
    """Write a bundle.

    Args:
        messages: As `write_message` gives them.
        wall: When it is meant, in seconds since 1970; None for at once.

    Source: OSC 1.0 specification; timetags as in NTP, from 1900.
    """
    tag = AT_ONCE if wall is None else _tag(wall)
    return b"".join((BUNDLE, tag, *(_INT.pack(len(one)) + one for one in messages)))


def stamped(packet: bytes, wall_at: Callable[[float], float]) -> bytes:
    """A packet whose timetag says when it is meant by the wall clock.

    Args:
        packet: A bundle whose timetag counts on another clock; anything else is left as it is.
        wall_at: Gives the wall clock's time, in seconds since 1970, for a time of that clock.
    """
    if packet[:8] != BUNDLE or packet[8:16] == AT_ONCE:
        return packet
    whole, part = _TAG.unpack_from(packet, 8)
    return b"".join((BUNDLE, _tag(wall_at(whole - NTP + part / 4294967296)), packet[16:]))


def _tag(when: float) -> bytes:
    ntp = when + NTP
    whole = int(ntp)
    return _TAG.pack(whole, int((ntp - whole) * 4294967296))


def text(value: str) -> bytes:
    """A text with its end and what fills it up to a multiple of four bytes.

    Raises:
        ValueError: It contains a zero character.
    """
    data = value.encode()
    if 0 in data:
        raise ValueError(f"a text for OSC must not contain a zero character (got {value!r})")
    return data + bytes(4 - len(data) % 4)


def _argument(value: object) -> tuple[str, bytes]:
    if isinstance(value, str):
        return "s", text(value)
    if isinstance(value, bool):
        return ("T" if value else "F"), b""
    if isinstance(value, int):
        if -(2**31) <= value < 2**31:
            return "i", _INT.pack(value)
        if -(2**63) <= value < 2**63:
            return "h", _LONG.pack(value)
    elif isinstance(value, float):
        try:
            return "f", _FLOAT.pack(value)
        except OverflowError:
            pass
    elif isinstance(value, bytes):
        return "b", _INT.pack(len(value)) + value + bytes(-len(value) % 4)
    elif value is None:
        return "N", b""
    raise ValueError(f"{value!r} is nothing that OSC can carry")
