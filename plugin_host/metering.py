"""How loud something was since one last looked."""

import numpy as np

from plugin_host.audio import Audio, decibels

__all__ = ["Meter"]


class Meter:
    """Peak and mean level of the blocks since it was last read."""

    __slots__ = ("_blocks", "_peak", "_power", "last")

    def __init__(self) -> None:
        self._peak = self._power = self.last = 0.0
        self._blocks = 0

    def hear(self, sound: Audio) -> None:
        """Take a block in."""
        self.last = float(np.abs(sound).max())
        self._peak = max(self._peak, self.last)
        self._power += float(np.vdot(sound, sound)) / sound.size
        self._blocks += 1

    def pass_over(self) -> None:
        """Take a silent block in."""
        self.last = 0.0
        self._blocks += 1

    def read(self) -> dict[str, float]:
        """Peak and rms in dB, -200 for silence; begins anew."""
        mean = (self._power / max(self._blocks, 1)) ** 0.5
        told = {"peak": decibels(self._peak), "rms": decibels(mean)}
        self._peak = self._power = 0.0
        self._blocks = 0
        return told
