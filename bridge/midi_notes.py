"""What an event says of a note, in MIDI's numbers: key, rest of the pitch, how hard it is struck and left."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from bridge.midi_bytes import NOTE_OFF, NOTE_ON
from bridge.midi_values import named, unit, whole
from bridge.values import loudness, number, pitch

if TYPE_CHECKING:
    from collections.abc import Mapping

DRUM_NOTES = {
    "bd": 36, "kick": 36, "rim": 37, "rs": 37, "sd": 38, "sn": 38, "snare": 38, "cp": 39, "clap": 39,
    "lt": 41, "hh": 42, "ch": 42, "mt": 45, "oh": 46, "ht": 48, "cr": 49, "cy": 49, "rd": 51,
    "tb": 54, "cb": 56, "perc": 75, "sh": 70, "ma": 70, "cl": 75,
}  # fmt: skip
"""Where an event that only names a drum sound goes: the keys of General MIDI's percussion map."""

LEFT = 64 / 127
"""How fast a key is left unless the event says so: what MIDI 1.0 has for those that do not measure it."""


class Note(NamedTuple):
    """A note as MIDI has it.

    Attributes:
        key: 0 to 127.
        rest: What the pitch is above the key, -0.5 to 0.5 semitones.
        velocity: 1 to 127; 0 is a rest.
        release: How fast the key is left, 0 to 127.
    """

    key: int
    rest: float
    velocity: int
    release: int

    def on(self, channel: int) -> bytes:
        """The beginning, on a channel counted from 0."""
        return bytes((NOTE_ON | channel, self.key, self.velocity))

    def off(self, channel: int) -> bytes:
        """The end."""
        return bytes((NOTE_OFF | channel, self.key, self.release))


def note_of(controls: Mapping[str, object]) -> Note | None:
    """The note that an event asks for, or None.

    Args:
        controls: `note`, else `freq` in Hz, else the name of a drum in `s`; `velocity` and `gain`;
            `releaseVelocity` (0 to 1).

    Raises:
        ValueError: A value is no number or out of range.
        PatternError: The note's name does not exist.
    """
    exact = _pitch(controls)
    if exact is None:
        return None
    key = whole("note", math.floor(exact + 0.5), 0, 127)
    _, said = named(controls, "releaseVelocity", "release_velocity")
    release = LEFT if said is None else unit("release_velocity", said)
    return Note(key, exact - key, round(loudness(controls) * 127), round(release * 127))


def _pitch(controls: Mapping[str, object]) -> float | None:
    """As a MIDI number with its fraction."""
    note = pitch(controls)
    if note is not None:
        return number("note", note)
    if "freq" in controls:
        hertz = number("freq", controls["freq"])
        if hertz <= 0:
            raise ValueError(f"freq must be above 0 Hz (got {hertz:g})")
        return 69 + 12 * math.log2(hertz / 440)
    sound = controls.get("s")
    return DRUM_NOTES.get(sound) if isinstance(sound, str) else None
