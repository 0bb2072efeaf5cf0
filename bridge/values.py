"""Reading what an event says, as numbers that a sink can use."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from patterns.tonality import note_number

if TYPE_CHECKING:
    from collections.abc import Mapping


def number(name: str, value: object) -> float:
    """A control's value as a finite number.

    >>> number("gain", "0.5")
    0.5

    Raises:
        ValueError: It is no number; says the control and the value.
    """
    try:
        found = float(value)  # pyright: ignore[reportArgumentType] - whatever has a float value will do
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name} must be a number (got {value!r})") from None
    if not math.isfinite(found):
        raise ValueError(f"{name} must be a finite number (got {found})")
    return found


def pitch(controls: Mapping[str, object]) -> float | None:
    """The note that an event asks for, as a MIDI number with fraction; None if it asks for none.

    >>> pitch({"note": "c3"})
    48.0

    Raises:
        PatternError: The note's name does not exist.
    """
    value = controls.get("note")
    if value is None:
        return None
    if isinstance(value, int | float | str):
        return note_number(value)
    return number("note", value)


def held_for(controls: Mapping[str, object]) -> float | None:
    """The seconds for which an event asks to sound; None if its place in the pattern says how long.

    `sustain` is that length, as in Tidal, unless `decay` stands beside it: then it is the level that the
    envelope holds, as in Strudel.

    >>> held_for({"sustain": 0.5}), held_for({"decay": 0.1, "sustain": 0.5})
    (0.5, None)
    """
    sustain = controls.get("sustain")
    return None if sustain is None or "decay" in controls else number("sustain", sustain)


def loudness(controls: Mapping[str, object]) -> float:
    """How hard the note is struck, 0 to 1: velocity (0.8 unless given) times gain, clipped."""
    velocity = number("velocity", controls.get("velocity", 0.8))
    return min(1.0, max(0.0, velocity * number("gain", controls.get("gain", 1.0))))
