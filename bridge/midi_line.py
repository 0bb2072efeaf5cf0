"""A slow line: what it may be sent when, so that notes do not wait behind controllers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bridge.midi_bytes import (
    BANK,
    BANK_LOW,
    CONTROL,
    DATA,
    DATA_LOW,
    NRPN,
    NRPN_LOW,
    PROGRAM,
    RPN,
    RPN_LOW,
    SYSEX,
    messages,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bridge.event import Seconds

BITS = 10
"""Bits that a byte takes on a serial line: eight, and one before and after."""

_HEADS = frozenset({NRPN, NRPN_LOW, RPN, RPN_LOW})
_SERIES = _HEADS | {DATA, DATA_LOW, BANK, BANK_LOW}


class Line:
    """A line of so many bits per second, as a DIN plug's 31,250: about one message in a millisecond.

    A run of messages with a note in it goes at its time. Others wait until the line is free; one that waits
    is replaced by the next value of the same controller, so the newest value always arrives.

    Args:
        rate: Bits per second.

    Attributes:
        rate: The same.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._byte = BITS / rate
        self._free_at: Seconds = -math.inf
        self._waiting: dict[bytes, tuple[Seconds, bytes]] = {}

    def offer(self, at: Seconds, data: bytes) -> bool:
        """Whether this run of messages is to be sent now; if not it waits here, see `ready`."""
        if any(message[0] < 0xA0 for message in messages(data)):
            self._take(at, data)
            return True
        for key, unit in _units(data):
            since, _ = self._waiting.get(key, (at, b""))
            self._waiting[key] = (since, unit)
        return False

    def ready(self, until: Seconds) -> list[tuple[Seconds, bytes]]:
        """What waits and can begin before a time, with its time; it counts as sent."""
        out: list[tuple[Seconds, bytes]] = []
        while self._waiting:
            key, (since, unit) = next(iter(self._waiting.items()))
            at = max(since, self._free_at)
            if at >= until:
                break
            del self._waiting[key]
            self._take(at, unit)
            out.append((at, unit))
        return out

    @property
    def next_at(self) -> Seconds | None:
        """When the next of what waits can go, or None."""
        for since, _ in self._waiting.values():
            return max(since, self._free_at)
        return None

    def clear(self) -> None:
        """Forget what waits."""
        self._waiting.clear()

    def _take(self, at: Seconds, data: bytes) -> None:
        self._free_at = max(self._free_at, at) + len(data) * self._byte


def _units(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """What must stay together, each with a key that is equal for a newer value of the same thing.

    A bank and its program, a parameter's number and its value, and both halves of 14 bits belong together.
    """
    key = unit = last = b""
    for message in messages(data):
        joined = bool(unit) and _belongs(last, message)
        if not joined and unit:
            yield key, unit
        key, unit = (key, unit) if joined else (b"", b"")
        key, unit, last = key + _key(message), unit + message, message
    if unit:
        yield key, unit


def _key(message: bytes) -> bytes:
    status = message[0]
    if status >= SYSEX:
        return message
    if status & 0xF0 == CONTROL:
        # A parameter's number is a value of these controllers: it tells one parameter from another.
        return message if message[1] in _HEADS else message[:2]
    return message[:2] if status & 0xF0 == 0xA0 else message[:1]


def _belongs(last: bytes, message: bytes) -> bool:
    if last[0] & 0xF0 != CONTROL or last[0] & 15 != message[0] & 15:
        return False
    if message[0] & 0xF0 == PROGRAM:
        return last[1] in (BANK, BANK_LOW)
    if message[0] & 0xF0 != CONTROL:
        return False
    before, number = last[1], message[1]
    if number in _SERIES:
        return before in _SERIES and number not in (NRPN, BANK) and not (number == RPN and message[2] != 127)
    return before < 32 and number == before + 32
