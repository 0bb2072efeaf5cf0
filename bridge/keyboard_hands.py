"""Keys that play instruments: from what comes in to notes for the process that sounds them. Pure."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING

from bridge.event import BY_HAND, SinkEvent
from bridge.keyboard_notes import FOR_EVER
from bridge.midi_bytes import CONTROL, NOTE_OFF, NOTE_ON, NOTES_OFF, PEDAL, SOUND_OFF, SYSEX
from bridge.midi_notes import DRUM_NOTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bridge.event import Seconds
    from bridge.keyboard import Row

    Send = Callable[[str, list[SinkEvent]], object]
    """Sends notes to a process by its name."""

DOWN = 64
"""From where on a pedal is down."""

_DRUMS = {key: name for name, key in reversed(DRUM_NOTES.items())}
_Place = tuple["Row", str, int, int]
"""The row, port, channel and key that hold a note."""


class Hands:
    """What the keyboards play at the moment.

    Args:
        send: Sends notes.
        name: Makes the numbers of notes differ from those of any other process.
    """

    def __init__(self, send: Send, name: str = "") -> None:
        self.rows: tuple[Row, ...] = ()
        self._send = send
        self._name = name
        self._count = 0
        self._held: dict[_Place, SinkEvent] = {}
        self._kept: dict[_Place, SinkEvent] = {}
        self._pedals: set[tuple[str, int]] = set()

    def set_rows(self, rows: Iterable[Row], now: Seconds) -> None:
        """Have these keyboards from now on; what is held on one that is gone ends."""
        self.rows = tuple(rows)
        self._end(lambda place: place[0] not in self.rows, now)

    def feed(self, port: str, at: Seconds, message: bytes) -> None:
        """Take a message."""
        if len(message) < 2 or message[0] >= SYSEX:
            return
        status, channel = message[0] & 0xF0, message[0] & 15
        for row in self.rows:
            if row.hears(port, channel):
                if status in (NOTE_ON, NOTE_OFF):
                    self._key(row, port, channel, at, message, struck=status == NOTE_ON and message[2] > 0)
                elif row.sender == "output":
                    self._pass(row, at, message)
        if status == CONTROL and message[1] == PEDAL:
            self._pedal(port, channel, at, down=message[2] >= DOWN)
        elif status == CONTROL and message[1] in (SOUND_OFF, NOTES_OFF):
            self._end(lambda place: place[1:3] == (port, channel), at)

    def lose(self, port: str, now: Seconds) -> None:
        """A port is gone: end what is held on it."""
        self._pedals = {pedal for pedal in self._pedals if pedal[0] != port}
        self._end(lambda place: place[1] == port, now)

    def _key(self, row: Row, port: str, channel: int, at: Seconds, message: bytes, *, struck: bool) -> None:
        key = message[1]
        place = (row, port, channel, key)
        before = self._held.pop(place, None)
        if not struck:
            if before is not None and (port, channel) in self._pedals and row.sender == "mixer":
                self._kept[place] = before
            elif before is not None:
                self._let_go(row, before, at)
            return
        for other in (before, self._kept.pop(place, None)):
            if other is not None:
                self._let_go(row, other, at)
        note = key + row.transpose
        if not row.low <= key <= row.high or not 0 <= note <= 127:
            return
        event = self._note(row, note, message[2], at)
        if event is not None:
            self._held[place] = event
            self._send(row.sender, [event])

    def _note(self, row: Row, note: int, velocity: int, at: Seconds) -> SinkEvent | None:
        ident = self._number()
        if row.sender == "output":
            on = bytes((NOTE_ON | row.out, note, velocity))
            off = bytes((NOTE_OFF | row.out, note, 64))
            return SinkEvent(ident, at, at + FOR_EVER, row.route, on, off, BY_HAND)
        controls: dict[str, object] = {"velocity": velocity / 127}
        if row.drums:
            if note not in _DRUMS:
                return None
            controls["s"] = _DRUMS[note]
        else:
            controls["note"] = note
        return SinkEvent(ident, at, at + FOR_EVER, row.route, json.dumps(controls).encode(), b"", BY_HAND)

    def _number(self) -> int:
        self._count += 1
        text = f"{self._name} key {self._count}".encode()
        return int.from_bytes(blake2b(text, digest_size=8).digest(), "little")

    def _pass(self, row: Row, at: Seconds, message: bytes) -> None:
        """Hand on a wheel, a pedal or a pressure, on the channel of the instrument."""
        ident = self._number()
        moved = bytes((message[0] & 0xF0 | row.out,)) + message[1:]
        self._send(row.sender, [SinkEvent(ident, at, at, row.route, moved, b"", BY_HAND)])

    def _pedal(self, port: str, channel: int, at: Seconds, *, down: bool) -> None:
        if down:
            self._pedals.add((port, channel))
            return
        self._pedals.discard((port, channel))
        for place in [place for place in self._kept if place[1:3] == (port, channel)]:
            self._let_go(place[0], self._kept.pop(place), at)

    def _end(self, which: Callable[[_Place], bool], at: Seconds) -> None:
        for notes in (self._held, self._kept):
            for place in [place for place in notes if which(place)]:
                self._let_go(place[0], notes.pop(place), at)

    def _let_go(self, row: Row, note: SinkEvent, at: Seconds) -> None:
        self._send(row.sender, [note._replace(until=max(at, note.at))])
