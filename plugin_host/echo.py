"""The one echo that all instruments share, in time with the tempo."""

import math
from typing import Final

import numpy as np

from plugin_host.audio import Audio, count, single
from plugin_host.effects import Effects
from plugin_host.specs import fx

__all__ = ["BEATS", "Echo"]

BEATS: Final = 0.75
"""Beats from echo to echo: a dotted eighth."""

_ROUNDS: Final = (0.45, 1.0)
"""What comes round to the left, and to the right, until an event says otherwise."""
_PASSES: Final = 10
"""After which it has fallen by 60 dB."""
_LONGEST: Final = 4.0
_SHORTEST: Final = 0.03


class Echo:
    """An echo that goes from side to side.

    Args:
        rate: Frames a second.
        block: Frames in a block.

    Attributes:
        led: Others that are told what this one is told.
    """

    def __init__(self, rate: int, block: int) -> None:
        self.rate = rate
        self._size = 1 << int(np.ceil(np.log2(_LONGEST * rate + 2 * block)))
        self._least = max(int(_SHORTEST * rate), block)
        self._filters = Effects((fx.highpass(160), fx.lowpass(5200)), rate)
        self._behind = self._goal = max(int(0.375 * rate), self._least)
        self._cps = 0.5
        self._seconds: float | None = None
        self._cycles, self._said = BEATS / 4, False
        self._rounds = self._were = _ROUNDS
        self._passes = _PASSES
        self.led: list[Echo] = []
        self.renew()

    def renew(self) -> None:
        """Fall silent."""
        self._line: Audio = np.zeros((2, self._size), dtype=np.float32)
        self._at = 0
        self._quiet = 1 << 30
        self._filters.renew()

    def set_tempo(self, cps: float, beats: float = 4.0) -> None:
        """Keep time, unless an event has said how many seconds it takes.

        Args:
            cps: Cycles a second.
            beats: Beats in a cycle.
        """
        self._cps, self._cycles = cps, self._cycles if self._said else BEATS / beats
        self._set_out()

    def tell(
        self, seconds: float | None = None, cycles: float | None = None, feedback: float | None = None
    ) -> None:
        """Let it be as an event says, until another one says otherwise.

        Args:
            seconds: From echo to echo.
            cycles: The same, in time with the tempo.
            feedback: How much of it comes round again, 0 to 0.98.
        """
        for one in self.led:
            one.tell(seconds, cycles, feedback)
        if cycles is not None:
            self._seconds, self._cycles, self._said = None, cycles, True
        if seconds is not None:
            self._seconds = seconds
        if feedback is not None:
            self._rounds = (feedback, feedback)
            self._passes = 1 + math.ceil(6.9 / -math.log(max(feedback, 0.01)))
        self._set_out()

    def _set_out(self) -> None:
        seconds = self._cycles / self._cps if self._seconds is None else self._seconds
        while seconds > _LONGEST:
            seconds /= 2
        self._goal = max(round(max(seconds, _SHORTEST) * self.rate), self._least)

    def process(self, sound: Audio | None) -> Audio | None:
        """The echoes in the next block.

        Args:
            sound: What is sent to it, shape (2, frames); None for nothing.

        Returns:
            The same shape; None if it has faded.
        """
        if sound is None or not sound.any():
            if sound is None or self._quiet > self._passes * self._behind:
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
        left, right = self._levels(frames)
        into[0] = 0.5 * (sound[0] + sound[1]) + left * back[1]
        into[1] = right * back[0]
        first = self._at & (self._size - 1)
        room = min(frames, self._size - first)
        self._line[:, first : first + room] = into[:, :room]
        self._line[:, : frames - room] = into[:, room:]
        self._at += frames
        return single(back * np.float32(1.0))

    def _levels(self, frames: int) -> Audio:
        """How much comes round to the left and to the right; what has changed goes there within the block."""
        if self._were is self._rounds:
            return single(self._rounds)[:, None]
        was, self._were = single(self._were)[:, None], self._rounds
        return single(was + (single(self._rounds)[:, None] - was) * (single(count(frames) + 1) / frames))

    def _read(self, behind: int, frames: int) -> Audio:
        first = (self._at - behind) & (self._size - 1)
        room = min(frames, self._size - first)
        return np.concatenate((self._line[:, first : first + room], self._line[:, : frames - room]), axis=1)
