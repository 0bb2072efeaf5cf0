"""MPE: a zone of channels, one for each note, and what tells an instrument of it.

Source: MIDI Polyphonic Expression, version 1.1 (MMA RP-053).
"""

from __future__ import annotations

from dataclasses import dataclass

from bridge.midi_bytes import CONTROL, DATA, DATA_LOW, RPN, RPN_LOW

CONFIGURE = 6
"""The registered parameter that makes a zone: its value is the number of member channels."""
BEND_RANGE = 0
"""The registered parameter for how far a whole bend goes, in semitones."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A master channel, and the member channels that carry one note each.

    Args:
        upper: Whether the master is channel 16 and its members lie below; else it is channel 1.
        voices: Number of member channels, 1 to 15.
        bend_range: Semitones of a whole bend, 1 to 96.
    """

    upper: bool = False
    voices: int = 15
    bend_range: int = 48

    @property
    def master(self) -> int:
        """The channel for what concerns all notes, counted from 0."""
        return 15 if self.upper else 0

    @property
    def members(self) -> tuple[int, ...]:
        """The channels of the notes, counted from 0, nearest to the master first.

        >>> Zone(voices=3).members, Zone(upper=True, voices=2).members
        ((1, 2, 3), (14, 13))
        """
        step = -1 if self.upper else 1
        return tuple(self.master + step * n for n in range(1, self.voices + 1))

    def set_up(self) -> bytes:
        """What makes the zone: the configuration on the master, then the range of bends on every channel."""
        out = _registered(self.master, CONFIGURE, self.voices)
        return out + b"".join(bend_range_of(c, self.bend_range) for c in (self.master, *self.members))

    def to_json(self) -> dict[str, object]:
        """As the output process reads it; `from_json` is the reverse."""
        return {"upper": self.upper, "voices": self.voices, "bend_range": self.bend_range}

    @staticmethod
    def from_json(data: dict[str, int]) -> Zone:
        """What `to_json` wrote."""
        return Zone(bool(data["upper"]), data["voices"], data["bend_range"])


def bend_range_of(channel: int, semitones: int) -> bytes:
    """What tells a channel how far a whole bend goes."""
    return _registered(channel, BEND_RANGE, semitones)


def _registered(channel: int, number: int, value: int) -> bytes:
    """A registered parameter, closed behind it: a stray data entry must not change it."""
    pairs = ((RPN, 0), (RPN_LOW, number), (DATA, value), (DATA_LOW, 0), (RPN, 127), (RPN_LOW, 127))
    return b"".join(bytes((CONTROL | channel, which, what)) for which, what in pairs)
