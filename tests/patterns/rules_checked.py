"""Checks of composed music that know nothing of rules and solver: they see pitches and times only."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any, cast

from patterns.dice import Dice
from patterns.registry import namespace
from patterns.rules.barwise import Written
from patterns.rules.composed import composed, key_of
from patterns.rules.declaring import Ruleset

ROOT = Path(__file__).resolve().parents[2]

Line = list[tuple[Fraction, Fraction, float]]
"""Onset and end in cycles, and pitch."""

Check = Callable[[dict[str, Line], int, int], list[str]]
"""Finds fault with lines of so many bars of a seed."""

RANGES = {"soprano": (60, 79), "alto": (55, 74), "tenor": (48, 67), "bass": (40, 60)}
UPWARDS = ("bass", "tenor", "alto", "soprano")
CHORD_TONES = {
    "C": {0, 4, 7}, "Dm": {2, 5, 9}, "F": {5, 9, 0}, "G": {7, 11, 2}, "G7": {7, 11, 2, 5}, "Am": {9, 0, 4},
}  # fmt: skip


def shipped(file: str) -> Ruleset:
    """The rules of one of our rule files."""
    space: dict[str, Any] = dict(namespace())
    source = (ROOT / "examples" / "rules" / file).read_text(encoding="utf-8")
    exec(compile(source, file, "exec"), space)
    found = [value for value in space.values() if isinstance(value, Ruleset)]
    return found[0]


def written_lines(rules: Ruleset, bars: Sequence[Written]) -> dict[str, Line]:
    """What each part plays, out of bars as they are kept."""
    found: dict[str, Line] = {part.name: [] for part in rules.parts}
    for number, bar in enumerate(bars):
        for part, rows in zip(rules.parts, bar, strict=True):
            for beat, length, pitch in rows:
                if pitch is not None and not (part.sound and not pitch):
                    begin = number + beat / rules.beats
                    found[part.name].append((begin, begin + length / rules.beats, pitch))
    return found


def lines(rules: Ruleset, bars: int, seed: int = 0) -> dict[str, Line]:
    """What each part plays."""
    found: dict[str, Line] = {}
    for part in rules.parts:
        haps = composed(rules, part.name, seed=seed).haps(0, bars)
        found[part.name] = [
            (hap.whole.begin, hap.whole.end, cast("Mapping[str, float]", hap.value).get("note", 0))
            for hap in haps
            if hap.whole is not None and hap.has_onset
        ]
    return found


def names_of_chords(rules: Ruleset, bars: int, seed: int = 0) -> list[list[str]]:
    """The chords that a rule file asks for, bar by bar."""
    key = key_of(seed)
    assert callable(rules.chords)
    rows: list[list[str]] = []
    for phrase in range(-(-bars // rules.phrase)):
        rows += cast("list[list[str]]", rules.chords(phrase, Dice(key ^ 0x9E3779B97F4A7C15, phrase)))
    return rows[:bars]


def at(line: Line, time: Fraction) -> float | None:
    """What sounds in a part at a time."""
    return next((pitch for begin, end, pitch in line if begin <= time < end), None)


def columns(voices: Mapping[str, Line], order: Sequence[str]) -> list[tuple[Fraction, list[float | None]]]:
    """What sounds at each moment at which something begins."""
    times = sorted({begin for line in voices.values() for begin, _, _ in line})
    places = dict.fromkeys(order, 0)
    found: list[tuple[Fraction, list[float | None]]] = []
    for time in times:
        row: list[float | None] = []
        for name in order:
            line = voices[name]
            while places[name] + 1 < len(line) and line[places[name] + 1][0] <= time:
                places[name] += 1
            begin, end, pitch = line[places[name]]
            row.append(pitch if begin <= time < end else None)
        found.append((time, row))
    return found


def chorale_faults(voices: Mapping[str, Line], chords: Sequence[Sequence[str]]) -> list[str]:
    """All that a teacher would mark red in a chorale."""
    faults: list[str] = []
    for name, (low, high) in RANGES.items():
        faults += [f"{name} at {time}: range" for time, _, pitch in voices[name] if not low <= pitch <= high]
        for (_, _, one), (time, _, two) in pairwise(voices[name]):
            leap = abs(two - one)
            if leap > (12 if name == "bass" else 7) or leap in {6, 10, 11}:
                faults.append(f"{name} at {time}: leap of {leap}")
    before: tuple[list[float], str] | None = None
    for time, row in columns(voices, UPWARDS):
        full = [pitch for pitch in row if pitch is not None]
        bar = int(time)
        chord = chords[bar][int((time - bar) * 4)]
        symbol, _, bass = chord.partition("/")
        tones = CHORD_TONES[symbol]
        names = [pitch % 12 for pitch in full]
        root = {"C": 0, "Dm": 2, "F": 5, "G": 7, "G7": 7, "Am": 9}[symbol]
        lowest = {"": root, "E": 4, "B": 11, "F": 5}[bass]
        third = next(tone for tone in tones if (tone - root) % 12 in {3, 4})
        if len(full) != 4:
            faults.append(f"{time}: a part rests")
            continue
        if not set(names) <= tones:
            faults.append(f"{time}: not of {chord}")
        if names[0] != lowest:
            faults.append(f"{time}: wrong bass")
        if root not in names or third not in names or (symbol == "G7" and 5 not in names):
            faults.append(f"{time}: {chord} is not complete")
        if names.count(11) > 1:
            faults.append(f"{time}: two leading tones")
        if full != sorted(full):
            faults.append(f"{time}: crossing")
        if any(two - one > 12 for one, two in pairwise(full[1:])):
            faults.append(f"{time}: spacing")
        if before is not None:
            faults += [f"{time}: {fault}" for fault in _motion(before, (full, chord))]
        before = full, chord
    return faults


def _motion(before: tuple[list[float], str], now: tuple[list[float], str]) -> list[str]:
    """What is wrong on the way from one chord to the next."""
    (old, was), (new, chord) = before, now
    faults: list[str] = []
    for one, two in combinations(range(4), 2):
        moved = old[one] != new[one] and old[two] != new[two]
        distances = (old[two] - old[one]) % 12, (new[two] - new[one]) % 12
        if moved and distances[0] == distances[1] and distances[1] in {0, 7}:
            faults.append(f"parallels of {distances[1]} in {UPWARDS[one]} and {UPWARDS[two]}")
    rise, leap = new[0] - old[0], new[3] - old[3]
    if rise * leap > 0 and abs(leap) > 2 and (new[3] - new[0]) % 12 in {0, 7}:
        faults.append("hidden fifth or octave")
    for one, two in zip(old, new, strict=True):
        if was != chord and one % 12 == 11 and chord.partition("/")[0] in {"C", "F", "Am"} and two - one != 1:
            faults.append("the leading tone does not rise")
        if was == "G7" and one % 12 == 5 and not -2 <= two - one <= 0:
            faults.append("a seventh does not fall")
    return faults


def _chorale() -> list[tuple[Ruleset, Check]]:
    rules = shipped("chorale.py")
    return [(rules, lambda voices, bars, seed: chorale_faults(voices, names_of_chords(rules, bars, seed)))]


CHECKS: dict[str, Callable[[], list[tuple[Ruleset, Check]]]] = {"chorale.py": _chorale}
"""For each rule file its rules, each with what finds fault in some bars of it."""
