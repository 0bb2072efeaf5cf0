"""How loud something was since one last looked."""

from itertools import accumulate
from math import isfinite

import numpy as np

from plugin_host.audio import Audio, decibels

__all__ = ["Meter", "Shares"]


class Shares:
    """How often something took which share of its time, from 0 to 2, in steps of a thousandth.

    >>> shares = Shares()
    >>> for each in (0.01, 0.02, 0.02, 0.5):
    ...     shares.take(each)
    >>> shares.below(0.75), shares.below(1.0)
    (0.02, 0.5)
    """

    __slots__ = ("_counts",)

    def __init__(self) -> None:
        self._counts = [0] * 2000

    def take(self, share: float) -> None:
        """Count one."""
        self._counts[min(max(round(share * 1000), 0), 1999)] += 1

    def below(self, part: float) -> float:
        """The share below which such a part of all has stayed, 0 to 1; 0 if there was none."""
        wanted = part * sum(self._counts)
        for place, passed in enumerate(accumulate(self._counts)):
            if passed and passed >= wanted:
                return place / 1000
        return 0.0


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
        peak = float(max(sound.max(), -sound.min()))  # half the time of np.abs, which makes an array
        self.note(peak, power / sound.size)
        return True

    def note(self, peak: float, power: float) -> None:
        """Take a block in of which the peak and the mean power are known."""
        self.last = peak
        self._peak = max(self._peak, peak)
        self._power += power
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
