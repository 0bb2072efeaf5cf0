"""The part of the memory shared with an instance of the plugin inside a DAW through which sound goes.

daw_plugin/Bond.hpp says what each number is for, and has the same offsets.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

from bridge.bond_memory import ASKED_AT, CUES, CUES_AT, FRAMES, MADE_AT, SOUND_AT, Bond

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugin_host.audio import Audio

__all__ = ["CUES", "ENDS", "FRAMES", "Asked", "SoundBond"]

ENDS = 1 << 63
"""In what a cue says: it begins no sound, but ends the one that began with the cue of this number."""

_ASKED = struct.Struct("<QqII")
_MADE = struct.Struct("<qqII")
_CUE = struct.Struct("<qQ")
_FLOAT = 4


class Asked(NamedTuple):
    """How far the plugin is.

    Attributes:
        cued: How many cues it has given since it was loaded.
        told: The frame up to which all of them are given.
        block: Frames in its longest block so far.
        hollow: Blocks for which not all of the sound was there.
    """

    cued: int
    told: int
    block: int
    hollow: int


class SoundBond(Bond):
    """An instance of the plugin, as who makes its sound sees it."""

    def asked(self) -> Asked:
        """How far the plugin is."""
        return Asked(*_ASKED.unpack_from(self._memory, ASKED_AT))

    def cues(self, first: int, last: int) -> Iterator[tuple[int, int]]:
        """The frames of cues, and what they say.

        Args:
            first: The first one's number.
            last: The number of the first that is not asked for; not more than `CUES` later.
        """
        for number in range(first, last):
            yield _CUE.unpack_from(self._memory, CUES_AT + number % CUES * _CUE.size)

    @property
    def latency(self) -> int:
        """Frames by which sound is heard later than it was cued; 0 as long as nobody makes any."""
        return int(_MADE.unpack_from(self._memory, MADE_AT)[2])

    def begin(self, frame: int, latency: int) -> None:
        """Make sound from a frame on.

        Args:
            frame: The first one.
            latency: Frames by which it will be heard later, at most half of `FRAMES`.
        """
        _MADE.pack_into(self._memory, MADE_AT, frame, frame, latency, 0)

    def end(self) -> None:
        """Make none any more, and let the latency go."""
        _MADE.pack_into(self._memory, MADE_AT, 0, 0, 0, 0)

    def give(self, frame: int, sound: Audio) -> None:
        """Give the next frames.

        Args:
            frame: The first one.
            sound: Shape (2, frames), at most half of `FRAMES` of them.
        """
        place, count = frame % FRAMES, sound.shape[1]
        before = min(count, FRAMES - place)
        for channel in range(2):
            line = SOUND_AT + channel * FRAMES * _FLOAT
            for at, part in ((place, sound[channel, :before]), (0, sound[channel, before:])):
                data = part.astype("<f4", copy=False).tobytes()
                self._memory[line + at * _FLOAT : line + at * _FLOAT + len(data)] = data
        struct.pack_into("<q", self._memory, MADE_AT, frame + count)
