"""Patterns as models read them, and what models give as patterns."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from patterns.arguments import number, told
from patterns.core import Flat, Pattern
from patterns.errors import PatternError
from patterns.kinds import is_controls, is_list
from patterns.models.composing import Tokens
from patterns.models.scores import HOLD, REST, Note, line_of, part_out, voiced
from patterns.state import Walk
from patterns.ticks import TICKS, Time, settle
from patterns.tonality import note_number
from patterns.where import Where

__all__ = ["bars", "frames_in", "highest", "key_in_text", "many_in", "notes_in", "struck"]

_MINORS = ("min", "m", "aeolian")


def key_in_text(value: Any) -> tuple[int, bool]:
    """Read a key: `C`, `A:minor`, "Eb major".

    >>> key_in_text("A:minor"), key_in_text("eb")
    ((9, True), (3, False))

    Raises:
        PatternError: It is none.
    """
    parts = value if is_list(value) else tuple(str(value).replace(":", " ").split())
    names = [str(part) for part in parts]
    mode = names[1].lower() if len(names) > 1 else "major"
    minor = mode.startswith(_MINORS) and not mode.startswith("maj")
    if not names or len(names) > 2 or not (minor or mode.startswith("maj")):
        raise PatternError(f"a key is written like C or A:minor, found {told(value)}")
    return int(note_number(names[0])) % 12, minor


def notes_in(haps: Sequence[Flat], cycle: int, bar: int) -> list[Note]:
    """The notes that sound in a cycle, on a grid; what lies beyond its ends is cut off.

    Args:
        haps: Of that cycle.
        cycle: Which.
        bar: Frames that it has.

    Raises:
        PatternError: A value has no note.
    """
    zero = cycle * TICKS
    found: list[Note] = []
    for b, e, *_, value, _ in haps:
        if b is None:
            continue
        pitch = _pitch(value)
        if pitch is None:
            continue
        begin = max(0, _frame(b - zero, bar))
        end = min(bar, max(begin + 1, _frame(e - zero, bar)))
        if begin < bar and e > zero:
            found.append(Note(begin, end, pitch))
    return found


def frames_in(notes: Sequence[Note], voices: int, bar: int) -> tuple[Tokens, ...]:
    """The frames of a cycle, its notes divided among some voices."""
    lines = [list(notes)] if voices == 1 else part_out(notes, voices)
    return tuple(voiced(lines, bar)) or ((REST,) * voices,) * bar


def highest(notes: Sequence[Note]) -> list[Note]:
    """The notes that begin while none above them sounds: the melody of a cycle."""
    return [
        note
        for note in notes
        if not any(one.begin <= note.begin < one.end and one.pitch > note.pitch for one in notes)
    ]


def many_in(notes: Sequence[Note]) -> int:
    """How many notes sound at a time, at most."""
    return max((sum(n.begin <= note.begin < n.end for n in notes) for note in notes), default=0)


def struck(frames: Sequence[Tokens]) -> tuple[Tokens, ...]:
    """The frames with nothing held into the first one."""
    first = tuple(REST if token == HOLD else token for token in frames[0])
    return (first, *frames[1:])


def bars(pattern: Pattern, where: tuple[Where, ...], keep: Sequence[int] | None = None) -> Pattern:
    """Let frames sound: a pattern that gives the frames of each cycle as one value becomes notes.

    Args:
        pattern: One value in each cycle, with its "frames", with "controls" that all its notes have, and with
            the "problems" that are to be told.
        where: Of the call that asks for it.
        keep: The voices that sound; all, if None.
    """

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        first, last = int(begin // TICKS), int(-(-end // TICKS))
        found: list[Flat] = []
        for b, _, _, _, value, _ in pattern.run(first * TICKS, max(last, first + 1) * TICKS, walk):
            frames, controls = value["frames"], value.get("controls", {})
            for message in value.get("problems", ()):
                walk.report(message, where)
            for voice in range(len(frames[0]) if frames else 0):
                if keep is not None and voice not in keep:
                    continue
                for note in line_of([frame[voice] for frame in frames]):
                    onset = b + _time(note.begin, len(frames))
                    stop = b + _time(note.end, len(frames))
                    low, high = max(onset, begin), min(stop, end)
                    if low < high or (begin == end == low and high > onset):
                        found.append((onset, stop, low, high, {"note": note.pitch, **controls}, where))
        walk.spend(len(found))
        return found

    return Pattern(run, None, None, pattern.reads, discrete=True)


def _pitch(value: Any) -> int | None:
    """The note of a value, None if it is silent or has none that a key plays."""
    if is_controls(value):
        value = value.get("note", value.get("n", value.get("value")))
    if value is None:
        return None
    try:
        found = round(float(note_number(value) if isinstance(value, str) else number("a model", value)))
    except (PatternError, OverflowError):
        raise PatternError(f"a model reads notes, as in note('c4 e4'), found {told(value)}") from None
    return found if 0 <= found <= 127 else None


def _frame(time: Time, bar: int) -> int:
    """The nearest frame of a time in a cycle."""
    return int((2 * time * bar + TICKS) // (2 * TICKS))


def _time(frame: int, bar: int) -> Time:
    ticks = frame * TICKS
    return ticks // bar if not ticks % bar else settle(Fraction(ticks, bar))
