"""The one echo that all instruments share, in time with the tempo."""

from typing import Final

import numpy as np

from plugin_host.audio import Audio, single
from plugin_host.effects import Effects
from plugin_host.specs import fx

__all__ = ["BEATS", "Echo"]

BEATS: Final = 0.75
"""Beats from echo to echo: a dotted eighth."""

_FEEDBACK: Final = 0.45
_LONGEST: Final = 4.0
_SHORTEST: Final = 0.03


class Echo:
    """An echo that goes from side to side.

    Args:
        rate: Frames a second.
        block: Frames in a block.
    """

    def __init__(self, rate: int, block: int) -> None:
        self.rate = rate
        self._size = 1 << int(np.ceil(np.log2(_LONGEST * rate + 2 * block)))
        self._least = max(int(_SHORTEST * rate), block)
        self._filters = Effects((fx.highpass(160), fx.lowpass(5200)), rate)
        self._behind = self._goal = max(int(0.375 * rate), self._least)
        self.renew()

    def renew(self) -> None:
        """Fall silent."""
        self._line: Audio = np.zeros((2, self._size), dtype=np.float32)
        self._at = 0
        self._quiet = 1 << 30
        self._filters.renew()

    def set_tempo(self, cps: float, beats: float = 4.0) -> None:
        """Keep time.

        Args:
            cps: Cycles a second.
            beats: Beats in a cycle.
        """
        seconds = min(max(BEATS / (cps * beats), _SHORTEST), _LONGEST)
        self._goal = max(round(seconds * self.rate), self._least)

    def process(self, sound: Audio | None) -> Audio | None:
        """The echoes in the next block.

        Args:
            sound: What is sent to it, shape (2, frames); None for nothing.

        Returns:
            The same shape; None if it has faded.
        """
        if sound is None or not sound.any():
            # -60 dB after nine passes at a feedback of 0.45.
            if sound is None or self._quiet > 10 * self._behind:
                self._behind = self._goal
                return None
            self._quiet += sound.shape[1]
        else:
            self._quiet = 0
        frames = sound.shape[1]
        heard = self._read(self._behind, frames)
        if self._goal != self._behind:
            share = np.arange(1, frames + 1, dtype=np.float32) / np.float32(frames)
            heard = single(heard + share * (self._read(self._goal, frames) - heard))
            self._behind = self._goal
        back = self._filters.process(heard)
        # The sound enters on the left, and changes sides each time round.
        into = np.empty_like(back)
        into[0] = 0.5 * (sound[0] + sound[1]) + _FEEDBACK * back[1]
        into[1] = back[0]
        first = self._at & (self._size - 1)
        room = min(frames, self._size - first)
        self._line[:, first : first + room] = into[:, :room]
        self._line[:, : frames - room] = into[:, room:]
        self._at += frames
        return single(back * np.float32(1.0))

    def _read(self, behind: int, frames: int) -> Audio:
        first = (self._at - behind) & (self._size - 1)
        room = min(frames, self._size - first)
        return np.concatenate((self._line[:, first : first + room], self._line[:, : frames - room]), axis=1)
