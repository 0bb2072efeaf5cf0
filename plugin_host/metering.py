"""How loud something was since one last looked."""

from math import isfinite

import numpy as np

from plugin_host.audio import Audio, decibels

__all__ = ["Meter"]


class Meter:
    """Peak and mean level of the blocks since it was last read."""

    __slots__ = ("_blocks", "_peak", "_power", "last")

    def __init__(self) -> None:
        self._peak = self._power = self.last = 0.0
        self._blocks = 0

    def hear(self, sound: Audio) -> bool:
        """Take a block in, if it is one that can be heard; whether all its numbers are finite."""
        power = float(np.vdot(sound, sound))
        if not isfinite(power):
            return False
        self.last = float(max(sound.max(), -sound.min()))  # half the time of np.abs, which makes an array
        self._peak = max(self._peak, self.last)
        self._power += power / sound.size
        self._blocks += 1
        return True

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
