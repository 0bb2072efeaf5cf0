"""Play each style for hours in virtual time: whether four bars come back, what it measures, if it drifts.

Usage: python tests/bench/bench_styles.py [HOURS] [--energy X] [--mood X] [--twice] [STYLE …]

HOURS is 1 unless given; `--twice` plays each a second time and compares every byte of what was written
down. A bar is a cycle. The exit code is 1 when four bars equal four others, ostinato layers left out, when a
measure of some 32 bars leaves the ranges that the style declares, when one has drifted in the last third (of
two hours or so, for less says nothing), when something went wrong, or when two runs differ.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import blake2b
from pathlib import Path
from typing import Any, cast

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bridge.clock import ManualClock
from bridge.scheduler import Scheduler, Trouble
from bridge.sink import Recorder, Sink
from bridge.tempo import Tempo
from patterns.measures.heard import Heard
from patterns.measures.keys import pitch_class_entropy
from patterns.measures.similarity import frames_of, repetition, self_similarity
from patterns.tonality import note_number
from plugin_host.specs import Chain
from repl.loader import Loaded, load_piece
from repl.session import place_name
from repl.sinks import default_target

FOLDER = Path(__file__).resolve().parents[2] / "examples" / "styles"
STYLES = sorted(file.stem for file in FOLDER.glob("*.py"))
SPAN = 4
"""Bars of which none may come back."""
WINDOW = 32
"""Bars over which a style is measured."""
FAR = 1.0
"""How far the last third may be off the first, in standard deviations of what single stretches measure."""
ENOUGH = 20
"""Stretches in a third of which that is asked: the mean of fewer is too much chance's."""
_GRID = 96  # places of a bar that count as different
_NEAR = 0.02  # of a beat or of a sixteenth: what is no farther off begins on it


@dataclass(frozen=True, slots=True)
class Event:
    """What is heard of an event: when in bars, for how long, by which layer, what."""

    at: float
    lasts: float
    layer: str
    what: str
    note: Heard


@dataclass(frozen=True, slots=True)
class Played:
    """A style as it was played.

    Args:
        events: In order.
        bars: How many.
        beats: Of a bar.
        troubles: What went wrong.
        text: Everything that was sent, written down.
        declared: What the style says of itself.
    """

    events: Sequence[Event]
    bars: int
    beats: int
    troubles: Sequence[str]
    text: bytes
    declared: Mapping[str, Any]


def load(style: str) -> Loaded:
    """Read a style as the session does."""
    file = FOLDER / f"{style}.py"
    return load_piece(file.read_text(encoding="utf-8"), str(file))


def play(style: str, bars: int, knobs: Mapping[str, float] | None = None, seed: int | None = None) -> Played:
    """Play some bars of a style in virtual time, its knobs at these positions."""
    piece = load(style)
    assert piece.tempo is not None
    cps = float(piece.tempo.cps)
    troubles: list[Trouble] = []
    recorder, clock = Recorder(), ManualClock()
    sinks: dict[str, Sink] = {"audio": recorder, "midi": recorder, "osc": recorder}
    chosen = (piece.seed or 0) if seed is None else seed
    scheduler = Scheduler(
        clock, sinks, Tempo.steady(cps), default_target, on_trouble=troubles.append, seed=chosen
    )
    for name, position in (knobs or {}).items():
        scheduler.controls.set(name, Fraction(0), position)
    for name, layer in piece.layers.items():
        scheduler.set_layer(place_name(style, name), layer, Fraction(0))
    while clock.now() < bars / cps + 1:
        scheduler.step()
        recorder.log.clear()
        clock.advance(0.5)
    found = sorted(recorder.held.values(), key=lambda pair: (pair[1].at, pair[1].layer, pair[1].id))
    events: list[Event] = []
    rows: list[str] = []
    for target, event in found:
        at = event.at * cps
        if at >= bars - 1 / (2 * _GRID):
            break
        rows.append(f"{event.at!r} {event.duration!r} {event.layer} {sorted(event.controls.items())!r}\n")
        noise = isinstance(target, Chain) and target.instrument.name == "noise"
        sound = "noise" if noise else event.controls.get("s")
        pitch = event.controls.get("note") if sound is None else None
        number = None if pitch is None else float(note_number(cast("str | float", pitch)))
        strength = float(cast("float", event.controls.get("velocity", 1.0)))
        if strength <= 0:
            continue
        lasts = event.duration * cps
        owner = event.layer.rpartition(":")[2]
        heard = Heard(at, lasts, number, strength)
        what = f"{sound or number}:{event.controls.get('n', '')}"
        events.append(Event(at, lasts, owner, what, heard))
    declared = {name: piece.names[name] for name in ("TEMPO", "OSTINATO", "RANGES")}
    beats = int(piece.tempo.beats_per_cycle)
    return Played(
        events, bars, beats, [str(one.problem) for one in troubles], "".join(rows).encode(), declared
    )


def returns(played: Played, span: int = SPAN) -> list[tuple[int, int]]:
    """Pairs of bars from which on all is the same, but for ostinato layers and how hard it is struck."""
    bars: list[list[tuple[int, int, str, str]]] = [[] for _ in range(played.bars)]
    ostinato = set(played.declared["OSTINATO"])
    for event in played.events:
        if event.layer in ostinato:
            continue
        place = round(event.at * _GRID)
        if 0 <= place // _GRID < played.bars:
            row = (place % _GRID, round(event.lasts * _GRID), event.layer, event.what)
            bars[place // _GRID].append(row)
    marks = [blake2b(repr(sorted(bar)).encode(), digest_size=16).digest() for bar in bars]
    first: dict[bytes, int] = {}
    found: list[tuple[int, int]] = []
    for bar in range(played.bars - span + 1):
        mark = b"".join(marks[bar : bar + span])
        if first.setdefault(mark, bar) != bar:
            found.append((first[mark], bar))
    return found


def measures(notes: Sequence[Heard], bars: int, beats: int = 4, begin: float = 0) -> dict[str, float]:
    """What some bars measure, as a style declares it.

    Args:
        notes: What begins in them.
        bars: How many.
        beats: Of a bar.
        begin: Of the first, in cycles.

    Returns:
        Notes in a bar; how evenly pitch classes are used, in bits; the mean pitch; the shares of what has no
        pitch, begins on a beat, begins on a sixteenth; how much of a bar has been there before.
    """
    pitched = [note for note in notes if note.pitch is not None]
    pitches = [note.pitch for note in notes if note.pitch is not None]
    count = max(1, len(notes))

    def falls_on(parts: int) -> float:
        places = [note.onset * parts for note in notes]
        return sum(abs(place - round(place)) < _NEAR for place in places) / count

    return {
        "density": len(notes) / bars,
        "entropy": pitch_class_entropy(pitched),
        "pitch": sum(pitches) / len(pitches) if pitches else 0.0,
        "drums": (len(notes) - len(pitched)) / count,
        "beats": falls_on(beats),
        "sixteenths": falls_on(4 * beats),
        "repetition": repetition(self_similarity(frames_of(notes, begin, begin + bars))),
    }


def windows(played: Played, window: int = WINDOW) -> list[dict[str, float]]:
    """The measures of each stretch of so many bars, one after the other."""
    found: list[list[Heard]] = [[] for _ in range(played.bars // window)]
    for event in played.events:
        place = int((event.at + 1 / (2 * _GRID)) // window)
        if place < len(found):
            found[place].append(event.note)
    return [measures(notes, window, played.beats, place * window) for place, notes in enumerate(found)]


def outside(rows: Sequence[Mapping[str, float]], declared: Mapping[str, Any]) -> list[str]:
    """Where a measure leaves what a style declares."""
    return [
        f"stretch {place}: {name} {row[name]:.2f} is not in {low} to {high}"
        for place, row in enumerate(rows)
        for name, (low, high) in declared["RANGES"].items()
        if not low <= row[name] <= high
    ]


def drifts(rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    """How far each measure of the last third is off that of the first, in standard deviations."""
    third = len(rows) // 3
    found: dict[str, float] = {}
    for name in rows[0] if rows else ():
        values = [row[name] for row in rows]
        mean = sum(values) / len(values)
        spread = (sum((value - mean) ** 2 for value in values) / len(values)) ** 0.5
        ends = sum(values[-third:]) / third - sum(values[:third]) / third if third else 0.0
        found[name] = ends / spread if spread else 0.0
    return found


def main() -> int:
    """Play each style and say what was found."""
    parser = argparse.ArgumentParser(description="See the beginning of this file.")
    parser.add_argument("hours", nargs="?", type=float, default=1.0)
    parser.add_argument("styles", nargs="*", default=STYLES)
    parser.add_argument("--energy", type=float)
    parser.add_argument("--mood", type=float)
    parser.add_argument("--twice", action="store_true")
    given = parser.parse_intermixed_args()
    knobs = {name: getattr(given, name) for name in ("energy", "mood") if getattr(given, name) is not None}
    wrong = 0
    for style in given.styles:
        tempo = load(style).tempo
        assert tempo is not None
        begun = time.process_time()
        played = play(style, int(given.hours * 3600 * float(tempo.cps)), knobs)
        took = time.process_time() - begun
        rows = windows(played)
        again, left, off = returns(played), outside(rows, played.declared), drifts(rows)
        if len(rows) >= 3 * ENOUGH:
            left += [f"{name} drifts" for name, far in off.items() if abs(far) > FAR]
        same = not given.twice or play(style, played.bars, knobs).text == played.text
        print(f"{style}: {played.bars} bars, {len(played.events)} events, {took:.1f} s of processor time")
        print(f"  {len(again)} spans of {SPAN} bars came back {again[:3]}; {len(played.troubles)} troubles")
        for name, far in off.items():
            values = sorted(row[name] for row in rows)
            middle = values[len(values) // 2]
            low, high = played.declared["RANGES"][name]
            span = f"{values[0]:6.2f} … {middle:6.2f} … {values[-1]:6.2f}"
            print(f"  {name:11} {span} in {low} to {high}   drift {far:+.2f} sd")
        for line in [*left[:5], *sorted(set(played.troubles))[:5]]:
            print(f"  {line}")
        if given.twice:
            print("  the same bytes again" if same else "  another run differs")
        wrong += bool(again or left or played.troubles or not same)
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
