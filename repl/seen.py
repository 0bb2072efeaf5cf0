"""What a screen has been told of what sounds and how loud it is, for drawing it by the time of day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

SILENT = -200.0
"""dB of nothing."""
FALL = 30.0
"""dB a second by which a meter falls: a drum that is over is still seen."""
PAST = 12.0
"""Seconds for which it is kept what has sounded."""
LANE = 20.0
"""Seconds for which a layer keeps the lane of a note that does not come again."""
LARGEST = 1e12
"""Numbers from which on an engine makes no sense; not a number is none of those below either."""
MOST = 20_000
"""Notes that are kept: a piece that has more of them at a time cannot be drawn anyway."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that sounds.

    Args:
        layer: Whose it is.
        at: When it begins, in seconds since 1970.
        until: When it ends.
        label: What a musician would call it.
        pitch: MIDI note number, if it is a note.
        strength: Velocity and gain together, 0 to 1.
    """

    layer: str
    at: float
    until: float
    label: str
    pitch: float | None
    strength: float

    @staticmethod
    def read(row: Mapping[str, object]) -> Note:
        """Read a row of an engine's message."""
        pitch = row.get("pitch")
        return Note(
            str(row.get("layer", "")),
            _number(row.get("at")),
            _number(row.get("until")),
            str(row.get("label", "")),
            None if pitch is None else _number(pitch),
            _number(row.get("strength"), 1.0),
        )


class Seen:
    """Keeps notes by their id, levels by name, and where the music was when."""

    def __init__(self) -> None:
        self.loudness = SILENT
        """Of the whole in the last three seconds, in LUFS; -200 while it is not measured."""
        self._notes: dict[str, Note] = {}
        self._lanes: dict[str, dict[str, tuple[float | None, float]]] = {}
        self._levels: dict[str, tuple[float, float]] = {}
        self._cycle, self._cps, self._beats, self._told = 0.0, 0.0, 4.0, 0.0

    def take(self, message: Mapping[str, object], now: float) -> None:
        """Take what an engine says: `haps`, `meters` or `status`.

        Args:
            message: As it came.
            now: Seconds since 1970.
        """
        op = message.get("op")
        if op == "haps":
            self._haps(message, now)
        elif op == "meters":
            loudness = _table(_table(message.get("loudness")).get("master"))
            self.loudness = _number(loudness.get("short"), SILENT)
            self._take_levels(message.get("levels"), now)
        elif op == "status":
            self._cycle, self._told = _number(message.get("cycle")), _number(message.get("at"), now)
            self._cps = 0.0 if message.get("stands") is True else _number(message.get("cps"))
            self._beats = _number(message.get("beats"), 4.0)
            self._take_levels(message.get("levels"), now)

    def forget(self) -> None:
        """Forget what sounds: whoever told of it has gone."""
        self._notes.clear()
        self._lanes.clear()

    def notes(self, begin: float, end: float) -> dict[str, list[Note]]:
        """What each layer sounds within a stretch of time, in order."""
        found: dict[str, list[Note]] = {}
        for note in self._notes.values():
            if note.at < end and note.until > begin:
                found.setdefault(note.layer, []).append(note)
        for notes in found.values():
            notes.sort(key=lambda note: note.at)
        return found

    def lanes(self, layer: str) -> list[str]:
        """The labels of what a layer has sounded lately: high notes first, then the others as they came."""
        found = self._lanes.get(layer, {})
        pitched = {label: pitch for label, (pitch, _) in found.items() if pitch is not None}
        high = sorted(pitched, key=lambda label: -pitched[label])
        return [*high, *(label for label in found if label not in pitched)]

    def level(self, name: str, now: float) -> float | None:
        """How loud a layer is, or the `master`: its peak in dB, falling; None if nobody has said."""
        told = self._levels.get(name)
        return None if told is None else max(SILENT, told[0] - FALL * max(0.0, now - told[1]))

    def cycle(self, when: float) -> float:
        """Where the music is at a time, going on as it was last told."""
        return self._cycle + (when - self._told) * self._cps

    def when(self, cycle: float) -> float | None:
        """The time at which it is there; None while it stands."""
        return self._told + (cycle - self._cycle) / self._cps if self._cps > 0 else None

    @property
    def beats(self) -> float:
        """How many beats a cycle has."""
        return self._beats

    def _haps(self, message: Mapping[str, object], now: float) -> None:
        if message.get("whole") is True:
            self._notes.clear()
        for ident in _rows(message.get("gone")):
            self._notes.pop(str(ident), None)
        for row in map(_table, _rows(message.get("rows"))):
            note = Note.read(row)
            self._notes[str(row.get("id"))] = note
            self._lanes.setdefault(note.layer, {})[note.label] = (note.pitch, note.until)
        over = [ident for ident, note in self._notes.items() if note.until < now - PAST]
        for ident in over + [*self._notes][: max(0, len(self._notes) - len(over) - MOST)]:
            self._notes.pop(ident, None)
        for layer, lanes in [*self._lanes.items()]:
            kept = {label: lane for label, lane in lanes.items() if lane[1] > now - LANE}
            if kept:
                self._lanes[layer] = kept
            else:
                del self._lanes[layer]

    def _take_levels(self, levels: object, now: float) -> None:
        told = _table(levels)
        found = {"master": told.get("master"), **_table(told.get("layers"))}
        self._levels = {name: self._levels[name] for name in found if name in self._levels}
        for name, row in found.items():
            if isinstance(row, dict):
                peak = _number(_table(cast("object", row)).get("peak"), SILENT)
                before = self.level(name, now)
                self._levels[name] = (peak if before is None else max(peak, before), now)


def _number(value: object, otherwise: float = 0.0) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -LARGEST < value < LARGEST:
        return otherwise
    return float(value)


def _rows(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _table(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}
