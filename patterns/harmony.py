"""Scales, intervals, chords, voicings and arpeggios as functions of patterns."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from patterns.arguments import number, over
from patterns.chord_names import parse_chord
from patterns.combine import fmap, spread
from patterns.core import Flat, Pattern
from patterns.errors import PatternError
from patterns.joining import focus
from patterns.kinds import is_controls
from patterns.reading import reify
from patterns.registry import transform
from patterns.scales import ScaleNote, at_degree, degree_of, nearest_in_scale, read_degree, read_scale
from patterns.state import Walk
from patterns.ticks import Time
from patterns.tonality import note_number

GROUP = "Notes and chords"
_INTERVAL = re.compile(r"(-?)(\d+)([PMmdA]+)|([PMmdA]+)(-?)(\d+)")
_SIZES = {1: 0, 2: 2, 3: 4, 4: 5, 5: 7, 6: 9, 7: 11}
_PERFECT = {1, 4, 5}


def _on_note(change: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Apply a function to a plain value or to the note among controls."""

    def each(value: Any) -> Any:
        if is_controls(value):
            controls = value
            if "note" in controls:
                return {**controls, "note": change(controls["note"])}
            return controls
        return change(value)

    return each


@transform(GROUP)
def scale(pattern: Pattern, name: Any) -> Pattern:
    """Read numbers as degrees of a scale; move notes to the nearest note of it.

    >>> n("0 2 4").scale("C:minor").haps(0, 1)[1].value
    {'note': 51}

    Args:
        pattern: Degrees (0 is the tonic, `4#` is raised), or notes.
        name: Tonic and scale, `C:minor`, `D4:dorian`, `A:minor:pentatonic`.
    """

    def build(value: Any) -> Pattern:
        which = read_scale(value)

        def degree(found: Any) -> Any:
            read = read_degree(found)
            return nearest_in_scale(which, note_number(found)) if read is None else at_degree(which, *read)

        def each(found: Any) -> Any:
            if not is_controls(found):
                return degree(found)
            controls = found
            if "note" in controls:
                return {**controls, "note": nearest_in_scale(which, note_number(controls["note"]))}
            if "n" in controls:
                rest = {key: part for key, part in controls.items() if key != "n"}
                return {**rest, "note": degree(controls["n"])}
            return controls

        return fmap(pattern, each)

    return over("scale", [name], build, pattern, steps=pattern.steps)


@transform(GROUP)
def scale_transpose(pattern: Pattern, degrees: Any) -> Pattern:
    """Move notes by degrees of the scale that they come from.

    >>> n("0 2").scale("C:major").scale_transpose(1).haps(0, 1)[0].value
    {'note': 50}

    Args:
        pattern: Notes made by `scale`.
        degrees: How far up; negative is down.
    """

    def build(value: Any) -> Pattern:
        steps = math.floor(number("scale_transpose", value))

        def move(note: Any) -> Any:
            if not isinstance(note, ScaleNote):
                raise PatternError(
                    f"scale_transpose wants notes made by scale, found {note!r}; put .scale(…) before it"
                )
            return at_degree(note.scale, degree_of(note) + steps)

        return fmap(pattern, _on_note(move))

    return over("scale_transpose", [degrees], build, pattern, steps=pattern.steps)


def semitones(value: Any) -> float:
    """Read an interval: semitones, or a name such as `3M`, `5P`, `-2m`."""
    if not isinstance(value, str):
        return float(number("transpose", value))
    found = _INTERVAL.fullmatch(value)
    if not found:
        raise PatternError(f"transpose wants semitones or an interval such as 3M, 5P or -2m, found {value!r}")
    sign, size, quality = (found[1], found[2], found[3]) if found[2] else (found[5], found[6], found[4])
    octaves, step = divmod(int(size) - 1, 7)
    perfect = step + 1 in _PERFECT
    shift = quality.count("A") - quality.count("d") - (0 if perfect else quality.count("m"))
    if not perfect and "d" in quality:
        shift -= 1
    total = octaves * 12 + _SIZES[step + 1] + shift
    return float(-total if sign else total)


@transform(GROUP)
def transpose(pattern: Pattern, interval: Any) -> Pattern:
    """Move notes by semitones or by a named interval.

    >>> note("c3").transpose("3M").haps(0, 1)[0].value
    {'note': 52}

    Args:
        pattern: Notes.
        interval: Semitones, or a name such as `3M`, `5P`, `-2m`.
    """

    def build(value: Any) -> Pattern:
        up = semitones(value)

        def move(note: Any) -> Any:
            moved = note_number(note) + up
            return int(moved) if moved.is_integer() else moved

        return fmap(pattern, _on_note(move))

    return over("transpose", [interval], build, pattern, steps=pattern.steps)


def voiced(name: str, anchor: float, mode: str) -> list[int]:
    """Choose the notes of a chord near an anchor.

    Args:
        name: The chord, such as `Am7` or `C/G`.
        anchor: Number of the note to keep near.
        mode: "below": the top note is the anchor or the nearest below; "duck": as below, but not
            the anchor itself; "above": the lowest note is the anchor or the nearest above;
            "root": the root is the lowest note, the anchor or the nearest below.
    """
    root, steps, bass = parse_chord(name)
    if mode == "root":
        lowest = root + 12 * math.floor((anchor - root) / 12)
        return _with_bass([int(lowest) + step for step in steps], bass)
    classes = sorted({(root + step) % 12 for step in steps})
    close = [
        [classes[(turn + i) % len(classes)] for i in range(len(classes))] for turn in range(len(classes))
    ]
    candidates: list[list[int]] = []
    for order in close:
        stacked: list[int] = [order[0]]
        for pitch in order[1:]:
            stacked.append(stacked[-1] + (pitch - stacked[-1]) % 12)
        candidates.append(stacked)
    if mode == "above":
        placed = [[n + 12 * math.ceil((anchor - c[0]) / 12) for n in c] for c in candidates]
        return _with_bass(min(placed, key=lambda notes: notes[0]), bass)
    if mode in {"below", "duck"}:
        limit = anchor - 1 if mode == "duck" else anchor
        placed = [[n + 12 * math.floor((limit - c[-1]) / 12) for n in c] for c in candidates]
        return _with_bass(max(placed, key=lambda notes: notes[-1]), bass)
    raise PatternError(f"the mode of a voicing is below, duck, above or root, found {mode!r}")


def _with_bass(notes: list[int], bass: int | None) -> list[int]:
    if bass is None:
        return notes
    lowest = min(notes)
    return [lowest - ((lowest - bass) % 12 or 12), *notes]


@transform(GROUP)
def voicing(pattern: Pattern) -> Pattern:
    """Turn the names of chords into notes near an anchor.

    >>> [hap.value["note"] for hap in chord("C").voicing().haps(0, 1)]
    [64, 67, 72]

    The controls `anchor` (c5 if not given) and `mode` (below) say where; with `n` only that note of
    the chord sounds, counted from its lowest and on into the next octaves.
    """

    def notes(value: Any) -> list[Any]:
        controls: dict[str, Any] = value if is_controls(value) else {"chord": value}
        if "chord" not in controls:
            raise PatternError(f"voicing wants chords, as in chord('<C Am7>').voicing(), found {value!r}")
        kept = {key: part for key, part in controls.items() if key not in _VOICING}
        anchor = note_number(controls.get("anchor", "c5"))
        found = voiced(str(controls["chord"]), anchor, str(controls.get("mode", "below")))
        if "n" in controls:
            octave, index = divmod(math.floor(number("n", controls["n"])), len(found))
            return [{**kept, "note": found[index] + 12 * octave}]
        return [{**kept, "note": note} for note in found]

    return spread(pattern, notes)


_VOICING = {"chord", "anchor", "mode", "dictionary", "n"}


@transform(GROUP)
def root_notes(pattern: Pattern, octave: Any = 2) -> Pattern:
    """Turn the names of chords into their roots.

    >>> mini("<C^7 Dm7>").root_notes(2).haps(1, 2)[0].value
    38

    Args:
        pattern: Names of chords, or controls with a chord.
        octave: Octave of the roots, 3 is the one of middle C.
    """

    def build(value: Any) -> Pattern:
        base = 12 * (math.floor(number("root_notes", value)) + 1)

        def root(found: Any) -> Any:
            if not is_controls(found):
                return parse_chord(str(found))[0] + base
            controls = found
            rest = {key: part for key, part in controls.items() if key not in _VOICING}
            return {**rest, "note": parse_chord(str(controls.get("chord")))[0] + base}

        return fmap(pattern, root)

    return over("root_notes", [octave], build, pattern, steps=pattern.steps)


_MODES: dict[str, Callable[[int], list[int]]] = {
    "up": lambda n: list(range(n)),
    "down": lambda n: list(range(n))[::-1],
    "updown": lambda n: [*range(n), *range(n - 2, 0, -1)],
    "downup": lambda n: [*range(n - 1, -1, -1), *range(1, n - 1)],
    "converge": lambda n: [i // 2 if i % 2 == 0 else n - 1 - i // 2 for i in range(n)],
    "diverge": lambda n: [i // 2 if i % 2 == 0 else n - 1 - i // 2 for i in range(n)][::-1],
}


@transform(GROUP)
def arp(pattern: Pattern, indices: Any) -> Pattern:
    """Play the notes of a chord one after the other.

    >>> [hap.value["note"] for hap in note("[c,e,g]").arp("0 1 2 1").haps(0, 1)]
    ['c', 'e', 'g', 'e']

    Args:
        pattern: Events that sound together.
        indices: Which note when, from 0; or a word: up, down, updown, downup, converge, diverge.
    """
    which = reify(indices)

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        chords: dict[tuple[Any, Any], list[Flat]] = {}
        for hap in pattern.run(begin, end, walk):
            if hap[0] is not None:
                chords.setdefault((hap[0], hap[1]), []).append(hap)
        kept: list[Flat] = []
        for (start, stop), notes in chords.items():
            first, last = min(hap[2] for hap in notes), max(hap[3] for hap in notes)
            for ib, ie, pb, pe, index, where in which.run(first, last, walk):
                walk.spend(1)
                if isinstance(index, str):
                    kept += _by_mode(index, notes, (start, stop, pb, pe), walk, where)
                    continue
                chosen = notes[math.floor(number("arp", index)) % len(notes)]
                kept.append((ib, ie, pb, pe, chosen[4], chosen[5] + where))
        return kept

    return Pattern(run, None, None, pattern.reads | which.reads)


def _by_mode(
    mode: str, notes: list[Flat], times: tuple[Time, Time, Time, Time], walk: Walk, where: Any
) -> list[Flat]:
    order = _MODES.get(mode)
    if order is None:
        walk.report(f"arp knows {', '.join(_MODES)}, found {mode!r}", where)
        return []
    from patterns.combine import fastcat, pure

    start, stop, begin, end = times
    ordered = sorted(notes, key=_pitch)
    line = fastcat([pure(ordered[place][4], ordered[place][5] + where) for place in order(len(ordered))])
    return focus(line, start, stop).run(begin, end, walk)


def _pitch(hap: Flat) -> float:
    value: Any = hap[4]
    note: Any = value.get("note", 0) if is_controls(value) else value
    try:
        return note_number(note)
    except PatternError:
        return 0.0
