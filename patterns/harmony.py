"""Scales, intervals, chords, voicings and arpeggios as functions of patterns."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from patterns.arguments import called, number, over
from patterns.arpeggios import MODES
from patterns.chord_names import parse_chord
from patterns.combine import fastcat, fmap, pure, spread
from patterns.core import BAD_VALUE, Flat, Pattern
from patterns.errors import PatternError
from patterns.intervals import respelled, semitones
from patterns.joining import focus
from patterns.kinds import is_controls
from patterns.reading import reify
from patterns.registry import transform
from patterns.scales import ScaleNote, at_degree, degree_of, nearest_in_scale, read_degree, read_scale
from patterns.state import Walk
from patterns.ticks import Time
from patterns.tonality import OCTAVE, note_number
from patterns.voicings import voiced
from patterns.where import raised_at

GROUP = "Notes and chords"


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
        pattern: Degrees (0 is the tonic, `4#` is raised), or names of notes; a number is a degree.
        name: Tonic and scale, `C:minor`, `D4:dorian`, `A:minor:pentatonic`.
    """

    def build(value: Any) -> Pattern:
        which = read_scale(value)

        def degree(found: Any) -> Any:
            read = None if isinstance(found, ScaleNote) else read_degree(found)
            return nearest_in_scale(which, note_number(found)) if read is None else at_degree(which, *read)

        def each(found: Any) -> Any:
            if not is_controls(found):
                return degree(found)
            for key in ("note", "n", "value"):
                if key in found:
                    rest = {name: part for name, part in found.items() if name not in ("n", "value")}
                    return {**rest, "note": degree(found[key])}
            return found

        return fmap(pattern, each)

    return over([name], build, pattern, steps=pattern.steps, ahead=True)


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
        found = number("scale_transpose", value)
        steps = math.ceil(found) if found > 0 else math.floor(found)

        def move(note: Any) -> Any:
            if not isinstance(note, ScaleNote):
                # The same of each note: it is told once.
                raise PatternError("scale_transpose wants notes made by scale; put .scale(…) before it")
            return at_degree(note.scale, degree_of(note) + steps)

        return fmap(pattern, _on_note(move))

    return over([degrees], build, pattern, steps=pattern.steps, ahead=True)


def _same_as_scale_transpose(name: str, strudel: str) -> None:
    def call(pattern: Pattern, degrees: Any) -> Pattern:
        return scale_transpose(pattern, degrees)

    call.__name__ = name
    call.__doc__ = f"""Move notes by degrees of the scale that they come from, as `scale_transpose`.

    >>> n("0 2").scale("C:major").{name}(1).haps(0, 1)[0].value
    {{'note': 50}}

    Args:
        pattern: Notes made by `scale`.
        degrees: How far up; negative is down.
    """
    transform(GROUP, strudel=strudel)(call)


_same_as_scale_transpose("scale_trans", "scaleTrans")
_same_as_scale_transpose("strans", "strans")


@transform(GROUP)
def transpose(pattern: Pattern, interval: Any) -> Pattern:
    """Move notes by semitones or by a named interval.

    >>> [hap.value["note"] for hap in note("f3").transpose("<3M 4>").haps(0, 2)]
    ['A3', 57]

    A name moved by a named interval stays a name, spelled as the interval says. A name without an octave
    stays without one: it is heard in octave 3, as all such names are.

    Args:
        pattern: Notes.
        interval: Semitones, or a name such as `3M`, `5P`, `-2m`.
    """

    def build(value: Any) -> Pattern:
        up = semitones(value)

        def move(note: Any) -> Any:
            if isinstance(value, str) and isinstance(note, str):
                spelled = respelled(note, value)
                if spelled is not None:
                    return spelled
            moved = note_number(note) + up
            if isinstance(note, str) and not note[-1:].isdigit():
                moved = moved % 12 + 12 * (OCTAVE + 1)
            return int(moved) if moved.is_integer() else moved

        return fmap(pattern, _on_note(move))

    return over([interval], build, pattern, steps=pattern.steps, ahead=True)


@transform(GROUP)
def trans(pattern: Pattern, interval: Any) -> Pattern:
    """Move notes by semitones or by a named interval, as `transpose`.

    >>> note("60").trans(2).haps(0, 1)[0].value
    {'note': 62}

    Args:
        pattern: Notes.
        interval: Semitones, or a name such as `3M`, `5P`, `-2m`.
    """
    return transpose(pattern, interval)


def _voicings(dictionary: Any) -> Callable[[Any], list[Any]]:
    def notes(value: Any) -> list[Any]:
        controls: dict[str, Any] = value if is_controls(value) else {"chord": value}
        if "chord" not in controls:
            raise PatternError(f"voicing wants chords, as in chord('<C Am7>').voicing(), found {value!r}")
        kept = {key: part for key, part in controls.items() if key not in _VOICING}
        found = voiced(
            str(controls["chord"]),
            note_number(controls.get("anchor", "c5")),
            str(controls.get("mode", "below")),
            controls.get("dictionary", "default") if dictionary is None else dictionary,
            math.floor(number("offset", controls.get("offset", 0))),
        )
        if "n" not in controls:
            return [{**kept, "note": note} for note in found]
        turns, index = divmod(math.floor(number("n", controls["n"])), len(found))
        octaves = math.floor(number("octaves", controls.get("octaves", 1)))
        return [{**kept, "note": found[index] + 12 * octaves * turns}]

    return notes


@transform(GROUP)
def voicing(pattern: Pattern, dictionary: Mapping[str, Any] | None = None) -> Pattern:
    """Turn the names of chords into notes near an anchor.

    >>> [hap.value["note"] for hap in chord("C").voicing().haps(0, 1)]
    [52, 60, 64, 67, 72]

    The controls `anchor` (c5 if not given) and `mode` (below) say where, `dictionary` which voicings
    there are: ireal (a bass under a close chord; the one that is used), close, open, triads,
    guidetones, lefthand, legacy; `offset` moves up by so many of them. With `n` only that note of the
    chord sounds, counted from its lowest and on into the next octaves, or by `octaves` of them.

    Args:
        pattern: Names of chords, or controls with a chord.
        dictionary: A table of your own, from qualities to lists of voicings in semitones above the
            root, such as `{"m7": ["0 3 7 10", "7 10 12 15"]}`.
    """
    return spread(pattern, _voicings(dictionary))


@transform(GROUP)
def voicings(pattern: Pattern, dictionary: Any = "default") -> Pattern:
    """Turn the names of chords into notes, with a dictionary of voicings.

    >>> [hap.value["note"] for hap in mini("C^7").voicings("lefthand").haps(0, 1)]
    [59, 62, 64, 67]

    Args:
        pattern: Names of chords, or controls with a chord.
        dictionary: Name of a dictionary: ireal, close, open, triads, guidetones, lefthand, legacy.
    """
    return over([dictionary], lambda name: spread(pattern, _voicings(name)), pattern)


_VOICING = {"chord", "anchor", "mode", "dictionary", "offset", "octaves", "n"}


@transform(GROUP)
def root_notes(pattern: Pattern, octave: Any = 2) -> Pattern:
    """Turn the names of chords into their roots; other controls come after it.

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
            return {"note": parse_chord(str(found.get("chord")))[0] + base}

        return fmap(pattern, root)

    return over([octave], build, pattern, steps=pattern.steps, ahead=True)


@transform(GROUP)
def arp(pattern: Pattern, indices: Any) -> Pattern:
    """Play the notes of a chord one after the other.

    >>> [hap.value["note"] for hap in note("[c,e,g]").arp("0 1 2 1").haps(0, 1)]
    ['c', 'e', 'g', 'e']

    Args:
        pattern: Events that sound together.
        indices: Which note when, from 0; or a word: up, down, updown, downup, up-down, down-up, converge,
            diverge, disconverge, pinkyup, pinkyupdown, thumbup, thumbupdown.
    """
    which = reify(indices)

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for notes in _chords(pattern, begin, end, walk):
            start, stop, first, last = notes[0][:4]
            lines: dict[Any, Pattern | None] = {}  # a mode that comes again has the same line
            for ib, ie, pb, pe, index, where in which.run(first, last, walk):
                walk.spend(1)
                if isinstance(index, str):
                    said = (index, where)
                    if said not in lines:
                        line = _by_mode(index, notes, walk, where)
                        lines[said] = None if line is None else focus(line, start, stop)
                    known = lines[said]
                    kept += known.run(pb, pe, walk) if known is not None else ()
                    continue
                try:
                    chosen = notes[math.floor(number("arp", index)) % len(notes)]
                except PatternError as error:
                    walk.report(error.message, where)
                    continue
                kept.append((ib, ie, pb, pe, chosen[4], chosen[5] + where))
        return kept

    return Pattern(run, None, None, pattern.reads | which.reads)


@transform(GROUP)
def arp_with(pattern: Pattern, change: Callable[[list[Any]], Any]) -> Pattern:
    """Make of the values that sound together whatever a function makes of their list.

    >>> [hap.value["note"] for hap in note("[c,e,g]").arp_with(lambda notes: seq(*notes[::-1])).haps(0, 1)]
    ['g', 'e', 'c']

    Args:
        pattern: Events that sound together.
        change: A function of the list of their values that returns one of them, or a pattern of them.
    """
    made_of = called("arp_with", "a function of a list of values", change)

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for notes in _chords(pattern, begin, end, walk):
            first, last = notes[0][2], notes[0][3]
            places = tuple(dict.fromkeys(where for hap in notes for where in hap[5]))
            try:
                made = reify(made_of([hap[4] for hap in notes]))
            except BAD_VALUE as error:
                walk.report(f"arp_with: {error}", (*raised_at(error), *places))
                continue
            kept += [(a, b, c, d, value, w + places) for a, b, c, d, value, w in made.run(first, last, walk)]
        return kept

    return Pattern(run, None, None, pattern.reads)


def _chords(pattern: Pattern, begin: Time, end: Time, walk: Walk) -> list[list[Flat]]:
    """Gather the events that begin and end together; of fragments, those of the same time."""
    chords: dict[tuple[Any, ...], list[Flat]] = {}
    for hap in pattern.run(begin, end, walk):
        if hap[0] is not None:
            chords.setdefault(hap[:4], []).append(hap)
    return list(chords.values())


def _by_mode(mode: str, notes: list[Flat], walk: Walk, where: Any) -> Pattern | None:
    """The notes of a chord one after the other, in one cycle; None if there is no such mode."""
    order = MODES.get(mode)
    if order is None:
        walk.report(f"arp knows {', '.join(MODES)}, found {mode!r}", where)
        return None
    walk.spend(len(notes))
    ordered = sorted(notes, key=_pitch)
    return fastcat([pure(ordered[place][4], ordered[place][5] + where) for place in order(len(ordered))])


def _pitch(hap: Flat) -> float:
    value: Any = hap[4]
    note: Any = value.get("note", 0) if is_controls(value) else value
    try:
        return note_number(note)
    except PatternError:
        return 0.0
