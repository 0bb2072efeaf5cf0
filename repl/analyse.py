"""`sempre analyse`: what a piece or a MIDI file plays, in numbers."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from patterns.errors import PatternError
from patterns.measures.heard import Heard, between, heard_in
from patterns.measures.keys import KeyFound, key_of, pitch_class_entropy
from patterns.measures.similarity import frames_of, note_density, repetition, self_similarity
from patterns.measures.tension import strain_of, tension_of
from patterns.measures.voices import Fault, voice_leading
from patterns.ticks import TICKS
from patterns.tonality import note_number
from repl.errors import ReplError
from repl.export import MOST_CYCLES
from repl.opened import open_pieces
from repl.session import layer_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bridge.event import TimedEvent
    from bridge.tempo import Tempo

CYCLES = 32
"""Cycles of a piece that are measured unless said."""
MOST_FRAMES = 256
"""Stretches that are compared with one another; more would not be seen in a picture."""
KEY_WINDOW = 4
"""Cycles, or frames if they are longer, in which a key is looked for: about two phrases' worth of notes."""


class Moment(NamedTuple):
    """What is measured at a frame.

    Attributes:
        at: Its begin, in cycles.
        density: Notes in a cycle.
        entropy: Of pitch classes, in bits, in the window of the key.
        key: That the window speaks for.
        tension: 0 to 1; None while nothing with a pitch sounds.
    """

    at: float
    density: float
    entropy: float
    key: KeyFound | None
    tension: float | None


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known of some cycles.

    Args:
        name: Of what was measured.
        cycles: How many.
        layers: What each played.
        key: Of the whole.
        entropy: Of its pitch classes, in bits.
        moments: The curves.
        frame: Cycles of a moment, and of what is compared.
        matrix: How alike the frames are.
        faults: What a teacher would mark.
        troubles: What went wrong while it was played.
    """

    name: str
    cycles: int
    layers: Mapping[str, Sequence[Heard]]
    key: KeyFound | None
    entropy: float
    moments: Sequence[Moment]
    frame: float
    matrix: Sequence[Sequence[float]]
    faults: Sequence[Fault]
    troubles: Sequence[str]

    @property
    def notes(self) -> list[Heard]:
        """What all layers played, in order."""
        return _in_order(self.layers)

    @property
    def density(self) -> float:
        """Notes in a cycle."""
        return note_density(self.notes, 0, self.cycles)

    @property
    def repetition(self) -> float:
        """How much of it had been there before, 0 to 1."""
        return repetition(self.matrix)


def analysis_of(files: Sequence[Path], cycles: int | None = None, *, seed: int | None = None) -> Analysis:
    """Play pieces in virtual time, or read a MIDI file, and measure them.

    Args:
        files: Pieces that are played together, or one MIDI file.
        cycles: How many, from cycle 0.
        seed: Another seed than the pieces' own.

    Raises:
        SempreError: A file is not there or cannot be read, or nothing is played.
    """
    if cycles is not None and not 1 <= cycles <= MOST_CYCLES:
        raise ReplError(f"analyse: --cycles must be 1 to {MOST_CYCLES} (got {cycles})")
    troubles: list[str] = []
    if any(file.suffix.lower() in {".mid", ".midi"} for file in files):
        if len(files) > 1:
            raise ReplError("analyse: one MIDI file at a time")
        layers, long = _of_midi(files[0], cycles)
    else:
        long = cycles or CYCLES
        layers = _of_pieces(files, long, seed, troubles)
    layers = {name: row for name, row in layers.items() if row}
    if not layers:
        raise ReplError("\n".join([*dict.fromkeys(troubles), f"nothing is played in {long} cycles"]))
    return _measured(", ".join(file.name for file in files), long, layers, tuple(dict.fromkeys(troubles)))


def _of_midi(file: Path, cycles: int | None) -> tuple[dict[str, list[Heard]], int]:
    from bridge.midi_file import from_midi

    song = from_midi(file)
    long = min(song.cycles, cycles or song.cycles)
    found: dict[str, list[Heard]] = {}
    for name in song:
        rows: list[Heard] = []
        for cycle in range(long):  # one by one: each has the fuel of a query
            rows += heard_in(song[name].answer(cycle * TICKS, (cycle + 1) * TICKS).haps)
        found[name] = rows
    return found, long


def _of_pieces(
    files: Sequence[Path], cycles: int, seed: int | None, troubles: list[str]
) -> dict[str, list[Heard]]:
    opened = open_pieces(files, seed)
    played = opened.play(opened.seconds(cycles), troubles)
    found: dict[str, list[Heard]] = {}
    for place, rows in played.items():
        heard = [_heard(event, opened.tempo) for _, event in rows]
        found.setdefault(layer_name(place), []).extend(note for note in heard if note is not None)
    return found


def _heard(event: TimedEvent, tempo: Tempo) -> Heard | None:
    """An event as a note; None for one that only turns a controller."""
    controls = event.controls
    if "note" not in controls and "s" not in controls:
        return None
    pitch: float | None
    try:
        pitch = note_number(_plain(controls["note"])) if "note" in controls else None
    except PatternError:
        pitch = None
    onset = tempo.cycle_at(event.at)
    length = tempo.cycle_at(event.at + event.duration) - onset
    strength = _share(controls.get("velocity")) * _share(controls.get("gain"))
    return Heard(round(onset, 9), length, pitch, min(1.0, strength))


def _plain(value: object) -> str | float:
    return value if isinstance(value, (str, int, float)) else str(value)


def _share(value: object) -> float:
    return max(0.0, float(value)) if isinstance(value, (int, float)) else 1.0


def _measured(
    name: str, cycles: int, layers: Mapping[str, Sequence[Heard]], troubles: Sequence[str]
) -> Analysis:
    notes = _in_order(layers)
    pitched = [note for note in notes if note.pitch is not None]
    frame = _frame(cycles)
    whole = key_of(pitched)
    moments: list[Moment] = []
    for place in range(math.ceil(cycles / frame)):
        first, last = place * frame, (place + 1) * frame
        around = max(KEY_WINDOW, frame) / 2
        near = between(pitched, first + frame / 2 - around, first + frame / 2 + around)
        key = key_of(near) or whole
        strain = strain_of(between(pitched, first, last), key) if key is not None else None
        tension = tension_of(strain, key) if strain is not None and key is not None else None
        moments.append(
            Moment(first, note_density(notes, first, last), pitch_class_entropy(near), key, tension)
        )
    matrix = self_similarity(frames_of(notes, 0, cycles, frame))
    return Analysis(
        name, cycles, layers, whole, pitch_class_entropy(pitched), moments, frame, matrix,
        voice_leading(pitched, parts=False), troubles,
    )  # fmt: skip


def _in_order(layers: Mapping[str, Sequence[Heard]]) -> list[Heard]:
    return sorted((note for row in layers.values() for note in row), key=lambda n: (n.onset, n.pitch or 0))


def _frame(cycles: int) -> float:
    """How long a frame is: a quarter of a cycle where that gives few enough, else more."""
    frame = 0.25
    while cycles / frame > MOST_FRAMES:
        frame *= 2
    return frame


def told(found: Analysis) -> str:
    """Say it to people."""
    counts = ", ".join(f"{name} {len(row)}" for name, row in found.layers.items())
    rows = [f"{found.name}: {found.cycles} cycles, {len(found.notes)} notes ({counts})"]
    if found.key is not None:
        rows.append(f"{'key':16}{found.key.name}, fits by {found.key.fit:.2f}, {_keys_told(found)}")
        rows.append(f"{'pitch classes':16}{found.entropy:.2f} bits of 3.58")
    rows.append(f"{'density':16}{found.density:.4g} notes a cycle, {_most(found)}")
    rows.append(f"{'repetition':16}{found.repetition:.2f}, by stretches of {found.frame:g} cycles")
    tense = [(moment.tension, moment.at) for moment in found.moments if moment.tension is not None]
    if tense:
        highest, at = max(tense, key=lambda row: row[0])
        mean = sum(level for level, _ in tense) / len(tense)
        rows.append(f"{'tension':16}{mean:.2f} on average, at most {highest:.2f}, in cycle {at:g}")
    kinds = Counter(fault.kind for fault in found.faults)
    if kinds:
        said = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
        rows.append(f"{'voice-leading':16}{said}; the first in cycle {found.faults[0].at:.4g}")
    elif found.key is not None:
        rows.append(f"{'voice-leading':16}nothing to mark")
    return "\n".join([*found.troubles, *rows])


def _keys_told(found: Analysis) -> str:
    names = [moment.key.name for moment in found.moments if moment.key is not None]
    shares = Counter(names).most_common(3)
    return "on its way " + ", ".join(f"{name} {count / len(names):.0%}" for name, count in shares)


def _most(found: Analysis) -> str:
    moment = max(found.moments, key=lambda each: each.density)
    return f"at most {moment.density:g}, in cycle {moment.at:g}"


def as_json(found: Analysis) -> dict[str, Any]:
    """Say it to programs."""
    key = found.key
    return {
        "name": found.name,
        "cycles": found.cycles,
        "layers": {name: len(row) for name, row in found.layers.items()},
        "key": None if key is None else {"name": key.name, "fit": key.fit, "margin": key.margin},
        "entropy": found.entropy,
        "density": found.density,
        "repetition": found.repetition,
        "frame": found.frame,
        "moments": [
            {
                "cycle": moment.at,
                "density": moment.density,
                "entropy": moment.entropy,
                "key": None if moment.key is None else moment.key.name,
                "tension": moment.tension,
            }
            for moment in found.moments
        ],
        "similarity": [[round(value, 4) for value in row] for row in found.matrix],
        "faults": [{"cycle": one.at, "kind": one.kind, "voices": one.voices} for one in found.faults],
        "troubles": list(found.troubles),
    }
