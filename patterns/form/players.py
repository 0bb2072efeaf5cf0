"""How players play: timing, dynamics and articulation that come of what is played around a note."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any, NamedTuple

from patterns.arguments import number, over, told, whole
from patterns.chance import noise
from patterns.core import Flat, Pattern
from patterns.errors import PatternError
from patterns.kinds import is_controls
from patterns.registry import transform
from patterns.state import Walk
from patterns.ticks import TICKS, Time
from patterns.tonality import note_number

__all__ = ["Context", "articulate", "humanise", "stronger"]

GROUP = "Rhythm"

_WEIGHTS = {1: 1.0, 2: 0.75, 4: 0.5, 8: 0.3, 16: 0.15}
"""Denominator of a place in the cycle → how strong a beat it is; others are weaker."""
_WEAKEST = 0.1
_LOOSE = 0.012  # seconds that an onset between the beats is off, either way, on average
_LATE = 0.006  # seconds by which a leap of an octave comes later
_BROAD = 0.03  # seconds by which the end of a phrase comes later
_USUAL = 8  # onsets in a cycle; where there are more, each is placed more closely
_TIMING, _DYNAMICS = 0x20001, 0x20101  # numbers of these random things


class Context(NamedTuple):
    """What is around an onset.

    Attributes:
        weight: How strong its beat is, 0.1 to 1.
        rise: Semitones from the note before; None if either has no pitch.
        ahead: Semitones to the note after; None if either has no pitch.
        gap: Cycles up to the next onset.
        crowd: Onsets in its cycle.
        share: How much of the phrase is over, 0 to 1.
        ends: Whether it is the last of its phrase, or silence comes after it.
    """

    weight: float
    rise: float | None
    ahead: float | None
    gap: float
    crowd: int
    share: float
    ends: bool


_Onset = tuple[Time, Time, float | None]
"""Begin, end and the highest pitch of what begins together."""


def stronger(value: Any, factor: float) -> Any:
    """Make a value stronger by a factor: its velocity where it is said, else its gain.

    >>> stronger({"note": 60, "velocity": 0.5}, 1.2), stronger("bd", 2)
    ({'note': 60, 'velocity': 0.6}, 'bd')
    """
    if not is_controls(value) or factor == 1:
        return value
    name = "velocity" if "velocity" in value else "gain"
    before = value.get(name, 1)
    if not isinstance(before, (int, float)):
        return value
    made = before * factor
    return {**value, name: min(1.0, max(0.0, made)) if name == "velocity" else max(0.0, made)}


def _onsets(pattern: Pattern, cycle: int, walk: Walk) -> list[_Onset]:
    problems, walk.problems = walk.problems, {}  # they are told where the notes are played
    try:
        found = pattern.run(cycle * TICKS, (cycle + 1) * TICKS, walk)
    finally:
        walk.problems = problems
    rows: dict[Time, _Onset] = {}
    for b, e, pb, _, value, _ in found:
        if b is None or b != pb:
            continue
        _, last, highest = rows.get(b, (b, e, None))
        pitches = [one for one in (highest, _pitch(value)) if one is not None]
        rows[b] = (b, max(last, e), max(pitches, default=None))
    return [rows[begin] for begin in sorted(rows)]


def _pitch(value: Any) -> float | None:
    note = value.get("note") if is_controls(value) else None
    if note is None:
        return None
    try:
        return note_number(note)
    except PatternError:
        return None


def _contexts(rows: Sequence[_Onset], cycle: int, phrase: int) -> dict[Time, Context]:
    """What is around each onset of a cycle, seen with those of the cycles beside it."""
    within = [row for row in rows if row[0] // TICKS == cycle]
    far: _Onset = ((cycle + 2) * TICKS, (cycle + 2) * TICKS, None)
    none: _Onset = ((cycle - 1) * TICKS, (cycle - 1) * TICKS, None)
    found: dict[Time, Context] = {}
    line = [none, *rows, far]
    for (before, here), (_, after) in pairwise(pairwise(line)):
        begin, end, pitch = here
        if begin // TICKS != cycle:
            continue
        place = Fraction(begin) / TICKS
        share = float((place % phrase) / phrase)
        gap = float(Fraction(after[0] - begin) / TICKS)
        last = place // phrase != Fraction(after[0]) / TICKS // phrase
        found[begin] = Context(
            _WEIGHTS.get((place % 1).denominator, _WEAKEST),
            None if pitch is None or before[2] is None else pitch - before[2],
            None if pitch is None or after[2] is None else after[2] - pitch,
            gap,
            len(within),
            share,
            last or after[0] - end > TICKS // 8,
        )
    return found


def _in_context(pattern: Pattern, phrase: int, change: Callable[[Any, Context, Time, Walk], Any]) -> Pattern:
    """Change the values of a pattern by what is around them; signals stay as they are."""
    inner = pattern.run

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        rows: dict[int, list[_Onset]] = {}
        known: dict[int, dict[Time, Context]] = {}

        def context(onset: Time) -> Context | None:
            cycle = int(onset // TICKS)
            if cycle not in known:
                for one in (cycle - 1, cycle, cycle + 1):
                    if one not in rows:
                        rows[one] = _onsets(pattern, one, walk)
                around = [*rows[cycle - 1], *rows[cycle], *rows[cycle + 1]]
                known[cycle] = _contexts(around, cycle, phrase)
            return known[cycle].get(onset)

        found: list[Flat] = []
        for b, e, pb, pe, value, w in inner(begin, end, walk):
            onset: Time | None = b
            seen = context(onset) if onset is not None and is_controls(value) else None
            if onset is not None and seen is not None:
                found.append((b, e, pb, pe, change(value, seen, onset, walk), w))
            else:
                found.append((b, e, pb, pe, value, w))
        return found

    return Pattern(run, pattern.steps, None, pattern.reads, discrete=pattern.discrete)


@transform(GROUP, strudel="")
def humanise(pattern: Pattern, amount: Any = 1, phrase: Any = 4) -> Pattern:
    """Play as people do: a little early or late, stronger and softer, by what is played around each note.

    >>> line = n("0 1 2 7").scale("C:major").humanise().haps(0, 1)
    >>> all(abs(hap.value["nudge"]) < 0.1 and 0.5 < hap.value["gain"] < 1.5 for hap in line)
    True

    Strong beats are firm and on time, what lies between them is looser; many notes are placed more closely
    than few. A line grows stronger as it rises; a wide leap comes a little late. A phrase swells towards its
    middle and broadens at its end. Chance does the rest, and falls the same at each replay.

    Args:
        pattern: What is played: notes or sounds.
        amount: How much, 0 to 4: 0 is a machine, 1 a good player.
        phrase: Cycles of a phrase, 1 to 64.

    Timing goes to `nudge`, in seconds, whatever the tempo; strength to `velocity` where it is said, else to
    `gain`.

    Source: A. Friberg, R. Bresin, J. Sundberg, Overview of the KTH rule system for musical performance
    (2006), for what depends on what; the numbers are ours.
    """

    def build(share: Any, cycles: Any) -> Pattern:
        much, long = _share("humanise", share), whole("humanise: phrase", cycles, 1, 64)

        def change(value: Any, seen: Context, onset: Time, walk: Walk) -> Any:
            spread = sum(noise(onset, walk, _TIMING + place) for place in range(12)) - 6  # nearly normal
            close = min(1.0, _USUAL / max(1, seen.crowd))
            wide = min(12.0, abs(seen.rise or 0)) / 12
            late = _LOOSE * spread * (1.1 - seen.weight) * (0.4 + 0.6 * close)
            late += _LATE * wide + _BROAD * max(0.0, seen.share - 0.75) ** 2 * 16
            strong = 0.2 * (seen.weight - 0.5) + 0.015 * max(-6.0, min(6.0, seen.rise or 0))
            strong += 0.1 * (math.sin(math.pi * seen.share) - 0.5)
            strong += 0.12 * (noise(onset, walk, _DYNAMICS) - 0.5) - (0.08 if seen.ends else 0.0)
            before = value.get("nudge", 0)
            moved = (before if isinstance(before, (int, float)) else 0) + much * late
            return {**stronger(value, max(0.1, 1 + much * strong)), "nudge": round(moved, 6)}

        return _in_context(pattern, long, change)

    return over([amount, phrase], build, pattern)


@transform(GROUP, strudel="")
def articulate(pattern: Pattern, amount: Any = 1, phrase: Any = 4) -> Pattern:
    """Bind and part notes by where they go: steps are bound, leaps and repeated notes parted, ends let go.

    >>> line = n("0 1 7 7").scale("C:major").articulate().haps(0, 1)
    >>> [round(hap.value["clip"], 2) for hap in line]
    [1.03, 0.85, 0.7, 0.85]

    What comes after a wide leap on a strong beat is accented.

    Args:
        pattern: Notes.
        amount: How much, 0 to 1.
        phrase: Cycles of a phrase, 1 to 64.

    It is put on `legato`, times what is said there already.
    """

    def build(share: Any, cycles: Any) -> Pattern:
        much, long = _share("articulate", share, 1), whole("articulate: phrase", cycles, 1, 64)

        def change(value: Any, seen: Context, _onset: Time, _walk: Walk) -> Any:
            bound = 1 + (_bound(seen) - 1) * much
            before = value.get("clip", value.get("legato", 1))
            leapt = seen.rise is not None and abs(seen.rise) >= 7 and seen.weight >= 0.5
            louder = stronger(value, 1 + 0.15 * much) if leapt else value
            return {**louder, "clip": (before if isinstance(before, (int, float)) else 1) * bound}

        return _in_context(pattern, long, change)

    return over([amount, phrase], build, pattern)


def _bound(seen: Context) -> float:
    """How much of its time a note sounds."""
    if seen.ahead is None:
        return 0.9
    if seen.ends:
        return 0.8
    way = abs(seen.ahead)
    if way == 0:
        return 0.7
    return 1.03 if way <= 2 else 0.95 if way <= 5 else 0.85


def _share(name: str, given: Any, most: int = 4) -> float:
    found = float(number(f"{name}: amount", given))
    if not 0 <= found <= most:
        raise PatternError(f"{name}: amount wants 0 to {most}, found {told(given)}")
    return found
