"""MIDI files as material for training: whatever is in them that can be learnt, and what was left out."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from patterns.models.scores import Note, Score, frames_of, part_out

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import mido

DRUMS = 9
"""The channel of percussion, counted from 0."""
MOST_FRAMES = 16_384
"""Sixteenths that are learnt of one file: 34 minutes at 120 beats a minute."""
HANGING = 16
"""Sixteenths that a note lasts which nothing ends."""
SUFFIXES = (".mid", ".midi")


@dataclass(frozen=True, slots=True)
class Heard:
    """What a file has to be learnt.

    Args:
        name: Of the file, below its folder.
        digest: SHA-256 of its bytes.
        lines: The notes of each track and channel, on a grid of sixteenths.
        changes: From which sixteenth on a bar has how many of them.
        upbeat: Sixteenths before the first whole bar.
        remarks: What was left out, and why.
    """

    name: str
    digest: str
    lines: tuple[tuple[Note, ...], ...] = ()
    changes: tuple[tuple[int, int], ...] = ()
    upbeat: int = 0
    remarks: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "name": self.name, "digest": self.digest, "upbeat": self.upbeat, "remarks": self.remarks,
            "lines": [[part for note in line for part in note] for line in self.lines],
            "changes": self.changes,
        }  # fmt: skip

    @staticmethod
    def from_json(table: Mapping[str, Any]) -> Heard:
        """What `to_json` wrote."""
        lines = tuple(
            tuple(Note(*flat[at : at + 3]) for at in range(0, len(flat), 3)) for flat in table["lines"]
        )
        changes = tuple((begin, long) for begin, long in table["changes"])
        return Heard(table["name"], table["digest"], lines, changes, table["upbeat"], tuple(table["remarks"]))

    @property
    def many(self) -> int:
        """How many voices it seems to have: its lines, or what mostly sounds at once."""
        if len(self.lines) != 1:
            return len(self.lines)
        starts = Counter(note.begin for note in self.lines[0])
        return Counter(starts.values()).most_common(1)[0][0] if starts else 0

    def score(self, voices: int) -> Score:
        """Its music in so many voices."""
        if len(self.lines) == voices:
            lines = [list(line) for line in sorted(self.lines, key=_height, reverse=True)]
        else:
            lines = part_out([note for line in self.lines for note in line], voices)
        return frames_of(self.name, lines, self.changes, self.upbeat)

    def top(self) -> Score:
        """Its highest line alone, in the key of the whole."""
        whole = self.score(max(1, min(len(self.lines), 8)))
        frames = tuple((frame[0],) for frame in whole.frames)
        return Score(whole.name, frames, whole.bars, whole.tonic, whole.minor)


def _height(line: Sequence[Note]) -> float:
    return sum(note.pitch for note in line) / max(1, len(line))


def midi_files(folder: Path) -> list[Path]:
    """The MIDI files in a folder and below it, in order."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())


def hear_midi(path: Path, name: str) -> Heard:
    """Read a MIDI file; whatever is wrong with it becomes a remark.

    Args:
        path: The file.
        name: What it is called in messages.
    """
    import mido

    try:
        data = path.read_bytes()
    except OSError as error:
        return Heard(name, "", remarks=(f"cannot be read ({error.strerror or error})",))
    digest = hashlib.sha256(data).hexdigest()
    try:
        document = mido.MidiFile(path, clip=True)
    except (OSError, EOFError, ValueError, KeyError, IndexError, TypeError) as error:
        # What mido meets in a file that only looks like one.
        return Heard(
            name, digest, remarks=(f"is no MIDI file, or a broken one ({error or 'it ends early'})",)
        )
    beat = document.ticks_per_beat
    if not 0 < beat < 0x8000:
        return Heard(name, digest, remarks=("counts in film frames, not in beats",))
    return _heard(document, name, digest, beat)


def _heard(document: mido.MidiFile, name: str, digest: str, beat: int) -> Heard:
    lines: list[tuple[Note, ...]] = []
    changes: dict[int, int] = {}
    remarks: list[str] = []
    loose = hanging = drums = 0
    for track in document.tracks:
        reader = _Reader(beat)
        for message in track:
            reader.take(message)
        reader.end()
        lines += [tuple(sorted(notes)) for _, notes in sorted(reader.lines.items()) if notes]
        for at, bar in reader.changes:
            changes.setdefault(at, bar)
        loose, hanging, drums = loose + reader.loose, hanging + reader.hanging, drums + reader.drums
        remarks += reader.remarks
    if loose:
        remarks.append(f"{loose} note-offs without a note: passed over")
    if hanging:
        remarks.append(f"{hanging} notes without an end: they last a bar")
    if not lines:
        remarks.append("only drums: nothing to learn" if drums else "no notes: nothing to learn")
    elif drums:
        remarks.append(f"{drums} strokes of drums: passed over")
    length = max((note.end for line in lines for note in line), default=0)
    if length > MOST_FRAMES:
        remarks.append(f"{length // 16} bars long: the first {MOST_FRAMES // 16} are learnt")
        lines = [tuple(n for n in line if n.end <= MOST_FRAMES) for line in lines]
    kept = tuple(line for line in lines if line)
    return Heard(name, digest, kept, tuple(sorted(changes.items())), 0, tuple(dict.fromkeys(remarks)))


class _Reader:
    """Takes the messages of one track."""

    def __init__(self, beat: int) -> None:
        self.beat = beat
        self.tick = 0
        self.lines: dict[int, list[Note]] = {}
        self.changes: list[tuple[int, int]] = []
        self.remarks: list[str] = []
        self.loose = self.hanging = self.drums = 0
        self._sounding: dict[tuple[int, int], int] = {}

    def take(self, message: Any) -> None:
        """The next message."""
        self.tick += message.time
        if message.type == "time_signature":
            self._metre(message.numerator, message.denominator)
        elif message.type in ("note_on", "note_off"):
            if message.channel == DRUMS:
                self.drums += message.type == "note_on" and message.velocity > 0
                return
            key = (message.channel, message.note)
            begun = self._sounding.pop(key, None)
            if begun is not None:
                self._note(key, begun, self.tick)
            if message.type == "note_on" and message.velocity:
                self._sounding[key] = self.tick
            elif begun is None:
                self.loose += 1

    def end(self) -> None:
        """What still sounds is ended."""
        for key, begun in self._sounding.items():
            self.hanging += 1
            self._note(key, begun, begun + HANGING * self.beat // 4)

    def _note(self, key: tuple[int, int], begun: int, ended: int) -> None:
        begin = self._frame(begun)
        self.lines.setdefault(key[0], []).append(Note(begin, max(begin + 1, self._frame(ended)), key[1]))

    def _metre(self, numerator: int, denominator: int) -> None:
        frames = round(16 * numerator / denominator) if denominator else 0
        if not 1 <= frames <= 64:
            self.remarks.append(f"a bar of {numerator}/{denominator}: read as 4/4")
            frames = 16
        elif 16 * numerator % denominator:
            self.remarks.append(f"a bar of {numerator}/{denominator}: read as {frames} sixteenths")
        self.changes.append((self._frame(self.tick), frames))

    def _frame(self, tick: int) -> int:
        """The nearest sixteenth."""
        return (8 * tick + self.beat) // (2 * self.beat)
