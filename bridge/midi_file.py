"""MIDI files read: their tracks as patterns that can be printed, edited and played."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.errors import BridgeError
from bridge.midi_notes import DRUM_NOTES
from bridge.tempo import BEATS_PER_CYCLE
from patterns.builders import stack
from patterns.written import Struck, Turns, Voice, write_down, write_turns

if TYPE_CHECKING:
    import mido

    from patterns.core import Pattern

DRUMS = 9
"""The channel of percussion, counted from 0."""
MOST_CYCLES = 10_000

_NAMES = {key: name for name, key in reversed(DRUM_NOTES.items())}


@dataclass(frozen=True, slots=True)
class Song(Mapping[str, "Pattern"]):
    """The tracks of a file by name, each a pattern; printed, it is the code that makes them.

    Args:
        bpm: The tempo that the file begins with.
        cycles: How many cycles it is long.
        voices: What each track plays.
    """

    bpm: float
    cycles: int
    voices: Mapping[str, list[Voice | Turns]]

    def __getitem__(self, name: str) -> Pattern:
        """The pattern of a track."""
        found = self.voices.get(name)
        if found is None:
            raise KeyError(f"no track is called {name!r} (there: {', '.join(self.voices)})")
        patterns = [voice.pattern for voice in found]
        return patterns[0] if len(patterns) == 1 else stack(*patterns)

    def __iter__(self) -> Iterator[str]:
        """The names of the tracks."""
        return iter(self.voices)

    def __len__(self) -> int:
        """How many tracks say anything."""
        return len(self.voices)

    def code(self, name: str) -> str:
        """What makes a track's pattern, as it is written in a piece."""
        found = [voice.code for voice in self.voices[name]]
        return found[0] if len(found) == 1 else "stack(\n    " + ",\n    ".join(found) + ",\n)"

    def __repr__(self) -> str:
        """All of it as a piece would have it."""
        lines = [f"tempo({self.bpm:.6g})"]
        return "\n".join([*lines, *(f"{name} = {self.code(name)}" for name in self.voices)])


def from_midi(file: str | Path, grid: int | None = None, *, beats_per_cycle: float = BEATS_PER_CYCLE) -> Song:
    """Read a MIDI file: `song["bass"]` is a track's pattern, and `song` prints as mini-notation.

    Args:
        file: Its name; looked for in the folder where Sempre was started.
        grid: Steps in a cycle to which notes go, such as 16; without it every note stays where it is.
        beats_per_cycle: Quarter notes that make a cycle.

    Raises:
        BridgeError: It is not there, is no MIDI file, or has no notes.
    """
    if grid is not None and (isinstance(grid, bool) or not 1 <= grid <= 9_600):
        raise BridgeError(f"from_midi: grid is a number of steps in a cycle, such as 16 (got {grid!r})")
    if not 0.25 <= beats_per_cycle <= 1024:
        raise BridgeError(f"from_midi: beats_per_cycle must be 0.25 to 1024 (got {beats_per_cycle!r})")
    document = _opened(Path(str(file)).expanduser())
    per_cycle = document.ticks_per_beat * Fraction(beats_per_cycle).limit_denominator(1000)
    tracks: dict[str, tuple[list[Struck], bool, mido.MidiTrack]] = {}
    bpm, longest = 120.0, Fraction(0)
    tempos = [message.tempo for track in document.tracks for message in track if message.type == "set_tempo"]
    if tempos:
        bpm = 60e6 / tempos[0]
    for number, track in enumerate(document.tracks):
        notes, drums, ticks = _notes(track, per_cycle)
        longest = max(longest, ticks / per_cycle)
        if notes or _turns(track, per_cycle):
            name = _name(track.name or f"track{number}", tracks)
            tracks[name] = (notes, drums, track)
    if not tracks:
        raise BridgeError(f"from_midi: there is neither a note nor a controller in {file}")
    cycles = max(1, -int(-longest // 1))
    if cycles > MOST_CYCLES:
        raise BridgeError(f"from_midi: {file} is {cycles} cycles long; {MOST_CYCLES} are the most")
    voices: dict[str, list[Voice | Turns]] = {}
    for name, (notes, drums, track) in tracks.items():
        voices[name] = [*write_down(notes, cycles, grid=grid, drums=_NAMES if drums else None)]
        for control, changes in sorted(_turns(track, per_cycle).items()):
            voices[name].append(write_turns(control, changes, cycles, grid=grid))
    return Song(bpm, cycles, voices)


def _opened(path: Path) -> mido.MidiFile:
    import mido

    try:
        found = mido.MidiFile(path, clip=True)
    except OSError as error:
        why = "there is no such file" if isinstance(error, FileNotFoundError) else str(error)
        raise BridgeError(f"from_midi: {path}: {why}") from None
    except (EOFError, ValueError, KeyError, IndexError, TypeError) as error:
        # What mido meets in a file that only looks like one.
        raise BridgeError(f"from_midi: {path} is no MIDI file ({error})") from None
    if found.ticks_per_beat <= 0 or found.ticks_per_beat >= 0x8000:
        raise BridgeError(f"from_midi: {path} counts in film frames, not in beats")
    return found


def _notes(track: mido.MidiTrack, per_cycle: Fraction) -> tuple[list[Struck], bool, Fraction]:
    """The notes of a track, whether all are percussion, and where it ends."""
    sounding: dict[tuple[int, int], tuple[int, int]] = {}
    found: list[Struck] = []
    channels: set[int] = set()
    here = 0
    for message in track:
        here += message.time
        if message.type not in ("note_on", "note_off"):
            continue
        place = (message.channel, message.note)
        begun = sounding.pop(place, None)
        if begun is not None:
            found.append(Struck(begun[0] / per_cycle, here / per_cycle, message.note, begun[1]))
        if message.type == "note_on" and message.velocity:
            sounding[place] = (here, message.velocity)
            channels.add(message.channel)
    found += [
        Struck(at / per_cycle, max(here, at + 1) / per_cycle, key, velocity)
        for (_, key), (at, velocity) in sounding.items()
    ]
    return found, channels == {DRUMS}, Fraction(here)


def _turns(track: mido.MidiTrack, per_cycle: Fraction) -> dict[int, list[tuple[Fraction, int]]]:
    """What each controller does; those from 120 on are commands."""
    found: dict[int, list[tuple[Fraction, int]]] = {}
    here = 0
    for message in track:
        here += message.time
        if message.type == "control_change" and message.control < 120:
            found.setdefault(message.control, []).append((here / per_cycle, message.value))
    return found


def _name(text: str, taken: Mapping[str, object]) -> str:
    """A track's name as a name in a piece."""
    plain = re.sub(r"\W+", "_", text.strip().lower()).strip("_") or "track"
    if not plain.isidentifier() or keyword.iskeyword(plain):
        plain = f"track_{plain}"
    name, number = plain, 2
    while name in taken:
        name, number = f"{plain}{number}", number + 1
    return name
