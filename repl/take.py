"""What was played on a keyboard, as mini-notation that can be pasted and edited."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from patterns.written import Struck, Turns, Voice, write_down, write_turns
from repl.errors import ReplError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

SILENCE = 2
"""Cycles without a note after which another phrase begins."""
RAW = 960
"""Steps in a cycle of a take that is not put on a grid: 2 ms in a cycle of 2 s. The file has it exactly."""
TURNS = 48
"""Steps in a cycle for controllers, unless there is a grid."""
STRAY = Fraction(1, 8)
"""Cycles by which the last note may reach into another cycle without making the take longer, and by which a
first note may come before the beat that it means."""
MOST = 64
"""Cycles of a take."""


class Played(NamedTuple):
    """A message that came in.

    Attributes:
        cycle: When, by the clock.
        port: From where.
        message: Its bytes.
    """

    cycle: Fraction
    port: str
    message: bytes


def read_takes(path: Path) -> tuple[list[Played], Fraction | None]:
    """Read what was played, and where the last take was said to begin.

    What has no cycle, or was cut off, is passed over.

    Raises:
        ReplError: Nothing was.
    """
    found: list[Played] = []
    since: Fraction | None = None
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        raise ReplError("nothing was played yet on a MIDI keyboard") from None
    for line in lines:
        try:
            row = cast("dict[str, Any]", json.loads(line))
            if "mark" in row:
                since = Fraction(row["mark"])
            elif row["cycle"] is not None:
                found.append(Played(Fraction(row["cycle"]), str(row["port"]), bytes.fromhex(row["bytes"])))
        except (ValueError, KeyError, TypeError):
            continue
    return found, since


def notes_of(rows: Iterable[Played], now: Fraction) -> list[Struck]:
    """The notes among messages; one whose key is still held ends now."""
    sounding: dict[tuple[str, int, int], tuple[Fraction, int]] = {}
    notes: list[Struck] = []
    for cycle, port, message in rows:
        kind, channel = message[0] & 0xF0, message[0] & 15
        if kind not in (0x80, 0x90):
            continue
        place = (port, channel, message[1])
        begun = sounding.pop(place, None)
        if begun is not None:
            notes.append(Struck(begun[0], cycle, message[1], begun[1]))
        if kind == 0x90 and message[2]:
            sounding[place] = (cycle, message[2])
    notes += [Struck(at, max(now, at), place[2], velocity) for place, (at, velocity) in sounding.items()]
    return sorted(notes)


def phrase(
    notes: list[Struck], now: Fraction, cycles: int | None, since: Fraction | None
) -> tuple[int, int, list[Struck]]:
    """The part of what was played that is meant: its first cycle, its length in cycles, and its notes.

    Args:
        notes: All, in order.
        now: Where the music is.
        cycles: The last so many whole cycles in which anything was played; None is the last phrase.
        since: The cycle from which on it was recorded; None if nobody has said so.

    Raises:
        ReplError: There is nothing in it.
    """
    if not notes:
        raise ReplError("no note was played yet")
    last = notes[-1].begin
    if cycles is not None:
        first = max(0, math.floor(last) + 1 - cycles)
    elif since is not None and since <= last:
        first = math.floor(since)
    else:
        begin = last
        for note in reversed(notes):
            if begin - note.end > SILENCE:
                break
            begin = min(begin, note.begin)
        first = math.floor(begin + STRAY)
    found = [note for note in notes if note.begin + STRAY >= first]
    end = max(note.end for note in found)
    length = cycles or max(1, math.ceil(min(end, now + 1) - STRAY - first), math.floor(last) + 1 - first)
    return first, min(length, MOST), found


def written(
    rows: list[Played],
    now: Fraction,
    *,
    name: str,
    cycles: int | None = None,
    grid: int | None = None,
    since: Fraction | None = None,
) -> str:
    """The code of a take.

    Args:
        rows: What was played.
        now: Where the music is.
        name: What it is to be bound to.
        cycles: See `phrase`.
        grid: Steps in a cycle to which it goes; None leaves it as it was played.
        since: See `phrase`.
    """
    first, length, found = phrase(notes_of(rows, now), now, cycles, since)
    steps = grid or RAW
    shifted = [
        Struck(max(Fraction(0), note.begin - first), note.end - first, note.key, note.velocity)
        for note in found
    ]
    # Of a key that was struck twice within a step the longer note is meant.
    once = {(round(note.begin * steps), note.key): note for note in sorted(shifted, key=_length)}
    parts: list[Voice | Turns] = [*write_down(once.values(), length, grid=steps)]
    for number, changes in sorted(_turns(rows, first, length).items()):
        parts.append(write_turns(number, changes, length, grid=grid or TURNS))
    codes = [part.code for part in parts]
    body = codes[0] if len(codes) == 1 else "stack(\n" + "".join(f"    {code},\n" for code in codes) + ")"
    long = f"{length} cycle{'s' if length > 1 else ''} from cycle {first}"
    on = f"on a grid of {grid}" if grid else f"as it was played, to 1/{RAW}"
    return f"# {long}, {on}\n{name} = {body}"


def _length(note: Struck) -> Fraction:
    return note.end - note.begin


def _turns(rows: Iterable[Played], first: int, length: int) -> dict[int, list[tuple[Fraction, int]]]:
    found: dict[int, list[tuple[Fraction, int]]] = {}
    for cycle, _, message in rows:
        if message[0] & 0xF0 == 0xB0 and message[1] < 120 and first <= cycle < first + length:
            found.setdefault(message[1], []).append((cycle - first, message[2]))
    return found
