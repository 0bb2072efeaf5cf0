"""What MIDI that comes in means: for each input that a piece follows, where it is now. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from bridge.midi_bytes import (
    BEND,
    CONTROL,
    KEY_PRESSURE,
    NOTE_OFF,
    NOTE_ON,
    NOTES_OFF,
    PRESSURE,
    SOUND_OFF,
    SYSEX,
)
from bridge.midi_in_fine import FineControllers, Value
from patterns.inputs import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from bridge.controls import Position

CENTRE = 8192
"""Of a pitch wheel, of 16384."""


class Move(NamedTuple):
    """An input that has moved.

    Attributes:
        name: Of the input.
        position: Where it is now.
        exact: Whether it matters when: a stroke is heard with its own time, a controller as soon as can be.
    """

    name: str
    position: Position
    exact: bool


class Key(NamedTuple):
    """A key that is held: of which port and channel, and how hard it was struck."""

    port: str
    channel: int
    key: int
    velocity: int


def bend_position(low: int, high: int) -> float:
    """The two data bytes of a pitch wheel as a position; its centre is the middle exactly.

    >>> bend_position(0, 64), bend_position(0, 0), bend_position(127, 127)
    (0.5, 0.0, 1.0)
    """
    found = low + 128 * high - CENTRE
    return 0.5 + found / (2 * CENTRE if found < 0 else 2 * (CENTRE - 1))


def fits(port: str, part: str | None) -> bool:
    """Whether a port is meant by a part of its name, in any case."""
    return part is None or part.lower() in port.lower()


@dataclass(slots=True)
class _Tap:
    """One input that is followed, and what it remembers."""

    source: Source
    held: list[Key] = field(default_factory=list[Key])
    chord: list[Key] = field(default_factory=list[Key])
    on: float = 0.0

    @property
    def name(self) -> str:
        return self.source.name

    def fits(self, port: str, channel: int) -> bool:
        own = self.source
        return own.channel in (None, channel + 1) and fits(port, own.port)

    def hears(self, key: int) -> bool:
        return self.source.number in (None, key)


_PLACES = frozenset({"cc", "cc14", "nrpn", "bend", "pressure"})
"""Inputs that are where something stands: it does not matter exactly when."""
_WHEELS = {CONTROL: "cc", BEND: "bend", PRESSURE: "pressure", KEY_PRESSURE: "pressure"}


def _share(status: int, message: bytes) -> float:
    """The position that a message of a wheel, a pressure or a controller gives."""
    return bend_position(message[1], message[2]) if status == BEND else message[-1] / 127


class MidiState:
    """Where the inputs are that a piece follows.

    Attributes:
        positions: By name, of those that have moved.
    """

    def __init__(self) -> None:
        self.positions: dict[str, Position] = {}
        self._taps: dict[str, _Tap] = {}
        self._seen: dict[tuple[str, int, str, int | None], float] = {}
        self._fine = FineControllers()

    @property
    def ports(self) -> set[str]:
        """The parts of names of ports that inputs name."""
        return {tap.source.port for tap in self._taps.values() if tap.source.port is not None}

    def declare(self, names: Iterable[str], positions: Mapping[str, Position]) -> list[Move]:
        """Take which inputs are followed now.

        Args:
            names: Those of other kinds among them are passed over.
            positions: Where the session has them.

        Returns:
            The inputs that are elsewhere than the session has them: nothing that it holds is held any more,
            say, or what was moved while there was no engine.
        """
        found = {name: source for name in names if (source := Source.parse(name)) is not None}
        self._taps = {name: self._taps.get(name) or _Tap(source) for name, source in found.items()}
        self.positions = {name: place for name, place in self.positions.items() if name in found}
        moves: list[Move] = []
        for name, tap in self._taps.items():
            there = positions.get(name)
            if name not in self.positions:
                # What was moved before anybody asked for it: the wheel stands where it stands.
                self.positions.update((name, seen) for seen in self._seen_by(tap))
            if name not in self.positions and there is not None:
                if tap.source.what in ("keys", "gate"):
                    moves += self._set(tap, () if tap.source.what == "keys" else 0.0)
                    continue
                self.positions[name] = there
                tap.on = there if isinstance(there, float) else 0.0
            elif name in self.positions and self.positions[name] != there and tap.source.what != "hit":
                moves.append(Move(name, self.positions[name], exact=False))
        return moves

    def feed(self, port: str, message: bytes) -> list[Move]:
        """Take a message; gives the inputs that it moves."""
        if len(message) < 2 or message[0] >= SYSEX:
            return []
        status, channel = message[0] & 0xF0, message[0] & 15
        key = Key(port, channel, message[1], message[2]) if len(message) > 2 else None
        self._see(port, channel, status, message)
        fine = (
            list(self._fine.feed(port, channel, key.key, key.velocity)) if key and status == CONTROL else []
        )
        for value in fine:
            self._remember((port, channel, value.what, value.number), value.position)
        taps = [tap for tap in self._taps.values() if tap.fits(port, channel)]
        moves = [move for tap in taps for move in self._feed(tap, key, status, message)]
        return [*moves, *(move for tap in taps for value in fine for move in self._feed_fine(tap, value))]

    def lose(self, port: str) -> list[Move]:
        """A port is gone: nothing of it is held any more; gives the inputs that this moves."""
        self._fine.lose(port)
        return [
            move
            for tap in self._taps.values()
            for key in [key for key in tap.held if key.port == port]
            for move in self._release(tap, key)
        ]

    def _feed(self, tap: _Tap, key: Key | None, status: int, message: bytes) -> list[Move]:
        what, number = tap.source.what, tap.source.number
        if what in ("cc", "bend", "pressure"):
            meant = _WHEELS.get(status) == what and (what != "cc" or message[1] == number)
            return self._set(tap, _share(status, message)) if meant else []
        if status == CONTROL and message[1] in (SOUND_OFF, NOTES_OFF) and key is not None:
            ended = [held for held in tap.held if held[:2] == key[:2]]
            return [move for held in ended for move in self._release(tap, held)]
        if key is not None and tap.hears(key.key):
            if status == NOTE_ON and key.velocity:
                return self._strike(tap, key)
            if status in (NOTE_ON, NOTE_OFF):
                return self._release(tap, key)
        return []

    def _feed_fine(self, tap: _Tap, value: Value) -> list[Move]:
        meant = (tap.source.what, tap.source.number) == (value.what, value.number)
        return self._set(tap, value.position) if meant else []

    def _see(self, port: str, channel: int, status: int, message: bytes) -> None:
        """Remember where controllers are, the newest last."""
        what = _WHEELS.get(status)
        if what is not None:
            row = (port, channel, what, message[1] if what == "cc" else None)
            self._remember(row, _share(status, message))

    def _remember(self, row: tuple[str, int, str, int | None], position: float) -> None:
        self._seen.pop(row, None)
        self._seen[row] = position

    def _seen_by(self, tap: _Tap) -> list[float]:
        """Where what an input follows is, if that is known."""
        own = tap.source
        return [
            place
            for (port, channel, what, number), place in self._seen.items()
            if (what, number) == (own.what, own.number) and tap.fits(port, channel)
        ][-1:]

    def _strike(self, tap: _Tap, key: Key) -> list[Move]:
        what = tap.source.what
        if what == "hit":
            return self._set(tap, key.velocity / 127)
        if what == "flip":
            tap.on = 1.0 - tap.on
            return self._set(tap, tap.on)
        if not tap.held:
            tap.chord = []
        tap.held = [*(held for held in tap.held if held[:3] != key[:3]), key]
        tap.chord = [*(held for held in tap.chord if held.key != key.key), key]
        return self._say(tap)

    def _release(self, tap: _Tap, key: Key) -> list[Move]:
        before = len(tap.held)
        tap.held = [held for held in tap.held if held[:3] != key[:3]]
        return self._say(tap) if len(tap.held) != before else []

    def _say(self, tap: _Tap) -> list[Move]:
        """Say what is held; what stays when it is let go is not said again."""
        what = tap.source.what
        if what == "gate":
            return self._set(tap, 1.0 if tap.held else 0.0)
        if what == "key":
            return self._set(tap, float(tap.held[-1].key)) if tap.held else []
        shown = tap.chord if what == "latch" else tap.held
        return self._set(tap, tuple((key.key, key.velocity) for key in shown))

    def _set(self, tap: _Tap, position: Position) -> list[Move]:
        what = tap.source.what
        if what != "hit" and self.positions.get(tap.name) == position:
            return []
        self.positions[tap.name] = position
        return [Move(tap.name, position, exact=what not in _PLACES)]
