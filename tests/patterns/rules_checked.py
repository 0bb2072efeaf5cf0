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


def shipped(file: str, name: str = "") -> Ruleset:
    """The rules of one of our rule files; the only ones unless a name is given."""
    space: dict[str, Any] = dict(namespace())
    source = (ROOT / "examples" / "rules" / file).read_text(encoding="utf-8")
    exec(compile(source, file, "exec"), space)
    return next(
        value for bound, value in space.items() if isinstance(value, Ruleset) and (not name or bound == name)
    )


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
    """What each part plays, by way of the pattern that a musician has."""
    found: dict[str, Line] = {}
    for part in rules.parts:
        haps = composed(rules, part.name, seed=seed).haps(0, bars)
        values = [cast("Mapping[str, float]", hap.value) for hap in haps]
        found[part.name] = [
            (hap.whole.begin, hap.whole.end, value["velocity"] if part.sound else value["note"])
            for hap, value in zip(haps, values, strict=True)
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


CONSONANT = {0, 3, 4, 7, 8, 9}


def counterpoint_faults(voices: Mapping[str, Line], species: int) -> list[str]:
    """What a teacher would mark red in two-part counterpoint over eight bars at a time."""
    faults: list[str] = []
    low, high = voices["cantus"], voices["counter"]

    def apart(time: Fraction, pitch: float) -> float:
        under = at(low, time)
        assert under is not None
        return pitch - under

    for index, (time, end, pitch) in enumerate(high):
        bar, beat = int(time), time % 1
        before = high[index - 1] if index else None
        after = high[index + 1] if index + 1 < len(high) else None
        distance = apart(time, pitch)
        bad = distance % 12 not in CONSONANT
        if not 0 <= distance <= 16:
            faults.append(f"{time}: crossing, or too far apart")
        if distance == 0 and 0 < bar % 8 < 7:
            faults.append(f"{time}: a unison within")
        if not beat and bad:
            faults.append(f"{time}: a dissonance on the first beat")
        if bar % 8 == 7 and pitch % 12:
            faults.append(f"{time}: the end is not at home")
        if bar % 8 == 0 and (before is None or int(before[0]) != bar) and distance % 12 not in {0, 7}:
            faults.append(f"{time}: the beginning is not perfect")
        if bar % 8 == 6 and end >= bar + 1 and pitch % 12 != 11:
            faults.append(f"{time}: no leading tone before the end")
        if end > bar + 1:  # it is tied into the next bar
            faults += [f"{time}: a tie is not prepared"] if bad else []
            under = apart(Fraction(bar + 1), pitch)
            if under < 0:
                faults.append(f"{time}: crossing in a tie")
            if after is not None and under % 12 not in CONSONANT:
                resolved = after[2] - pitch in {-1, -2} and apart(after[0], after[2]) % 12 in CONSONANT
                faults += [] if resolved else [f"{after[0]}: a suspension does not resolve"]
        elif bad:
            near = [other[2] - pitch for other in (before, after) if other is not None]
            if len(near) < 2 or any(not 0 < abs(step) <= 2 for step in near):
                faults.append(f"{time}: a dissonance that is not passed by step")
        if before is not None:
            leap, widest = abs(pitch - before[2]), 8 if bar % 8 else 12
            if leap > widest or leap == 6:
                faults.append(f"{time}: leap of {leap}")
            if species > 1 and not leap and bar % 8:
                faults.append(f"{time}: struck twice")
    for (_, old), (time, new) in pairwise(columns(voices, ("cantus", "counter"))):
        if None in old or None in new:
            continue
        one, two = [(cast("float", b) - cast("float", a)) for a, b in zip(old, new, strict=True)]
        now = (cast("float", new[1]) - cast("float", new[0])) % 12
        if one * two > 0 and now in {0, 7}:
            faults.append(f"{time}: a perfect interval in the same direction")
    return faults


TONES = {
    "Dm7": {2, 5, 9, 0}, "G7": {7, 11, 2, 5}, "C^7": {0, 4, 7, 11}, "A7": {9, 1, 4, 7}, "Em7": {4, 7, 11, 2},
}  # fmt: skip
ROOTS = {"Dm7": 2, "G7": 7, "C^7": 0, "A7": 9, "Em7": 4}
CHANGES = [["Dm7"], ["G7"], ["C^7"], ["A7"], ["Dm7"], ["G7"], ["Em7", "A7"], ["Dm7", "G7"]]


def walking_faults(voices: Mapping[str, Line], bars: int) -> list[str]:
    """What a band would hear as wrong in a bass."""
    line = voices["bass"]
    faults = [] if len(line) == 4 * bars else ["not a note a beat"]

    def chord(time: Fraction) -> str:
        row = CHANGES[int(time) % 8]
        return row[int(time % 1 * len(row))]

    for before, (time, _, pitch) in zip([None, *line], line, strict=False):
        here = chord(time)
        new = not time % 1 or chord(time - Fraction(1, 4)) != here
        if not 28 <= pitch <= 43:
            faults.append(f"{time}: range")
        if new and pitch % 12 != ROOTS[here] and (before is None or chord(before[0]) != here):
            faults.append(f"{time}: no root under {here}")
        if time % 1 in {0, Fraction(1, 2)} and pitch % 12 not in TONES[here]:
            faults.append(f"{time}: a strong beat without a tone of {here}")
        if before is None:
            continue
        leap = abs(pitch - before[2])
        if not leap or leap > 9 or leap == 6 or (new and leap not in {1, 2, 5, 7}):
            faults.append(f"{time}: leap of {leap}")
        if before[2] % 12 not in TONES[chord(before[0])] and leap > 2:
            faults.append(f"{time}: a foreign tone is not passed by step")
    return faults


def groove_faults(voices: Mapping[str, Line], bars: int) -> list[str]:
    """What would not be a groove of this kind."""
    faults: list[str] = []
    hits = {name: {time: value for time, _, value in line} for name, line in voices.items()}
    faults += [f"{time}: kick and snare" for time in hits["kick"].keys() & hits["snare"].keys()]
    for bar in range(bars):
        kick, snare, hat = (
            sorted(time - bar for time in hits[name] if int(time) == bar) for name in ("kick", "snare", "hat")
        )
        if 0 not in kick or not 2 <= len(kick) <= 5 or sum(time % Fraction(1, 4) > 0 for time in kick) > 3:
            faults.append(f"bar {bar}: kick")
        if not {Fraction(1, 4), Fraction(3, 4)} <= set(snare) or not 2 <= len(snare) <= 10:
            faults.append(f"bar {bar}: snare")
        fill = sum(time >= Fraction(1, 2) for time in snare)
        if bar % 8 == 7 and fill < 4:
            faults.append(f"bar {bar}: no fill")
        for time in snare:
            loud = hits["snare"][time + bar] == 1
            if not (bar % 8 == 7 and time >= Fraction(1, 2)) and loud != (
                time in {Fraction(1, 4), Fraction(3, 4)}
            ):
                faults.append(f"bar {bar}: a loud ghost")
        if not 6 <= len(hat) <= 11:
            faults.append(f"bar {bar}: hat")
    return faults


def process_faults(voices: Mapping[str, Line], bars: int) -> list[str]:
    """Where the process does not go by ones, or the canon is broken."""
    faults: list[str] = []
    rows = {
        name: [[pitch for time, _, pitch in line if int(time) == bar] for bar in range(bars)]
        for name, line in voices.items()
    }
    last: set[int] = set()
    for bar in range(bars):
        if bar % 16 == 0:
            last = set()
            continue
        now, before = rows["first"][bar], rows["first"][bar - 1]
        changed = {place for place in range(8) if now[place] != before[place]}
        if len(changed) != 1:
            faults.append(f"bar {bar}: {len(changed)} notes have changed")
        if changed & last:
            faults.append(f"bar {bar}: the same place again")
        if rows["second"][bar] != [pitch - 12 for pitch in before]:
            faults.append(f"bar {bar}: the second is no bar behind")
        last = changed
    return faults


def _chorale() -> list[tuple[Ruleset, Check]]:
    rules = shipped("chorale.py")
    return [(rules, lambda voices, bars, seed: chorale_faults(voices, names_of_chords(rules, bars, seed)))]


def _counterpoint() -> list[tuple[Ruleset, Check]]:
    names = ("first", "second", "third", "fourth", "fifth")
    return [
        (shipped("counterpoint.py", name), lambda voices, bars, seed, k=k: counterpoint_faults(voices, k))
        for k, name in enumerate(names, 1)
    ]


CHECKS: dict[str, Callable[[], list[tuple[Ruleset, Check]]]] = {
    "chorale.py": _chorale,
    "counterpoint.py": _counterpoint,
    "groove.py": lambda: [(shipped("groove.py"), lambda voices, bars, seed: groove_faults(voices, bars))],
    "process.py": lambda: [(shipped("process.py"), lambda voices, bars, seed: process_faults(voices, bars))],
    "walking.py": lambda: [(shipped("walking.py"), lambda voices, bars, seed: walking_faults(voices, bars))],
}
"""For each rule file its rules, each with what finds fault in some bars of it."""
