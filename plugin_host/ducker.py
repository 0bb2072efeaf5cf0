"""An effect that gives way to another sound: a side-chain."""

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from plugin_host.audio import Audio, Wide, single

__all__ = ["Ducker"]

PART: Final = 128
"""Frames that are computed together: the shortest attack's power of so many is still a number."""
KNEE: Final = 12.0
"""dB around the threshold within which it gives way in part."""


class Ducker:
    """Turns a sound down while another is loud.

    Args:
        rate: Frames a second.

    Attributes:
        key: What the other gives to the present block, shape (2, frames); None if it is silent.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.key: Audio | None = None
        self._depth = self._held = 0.0

    def follow(self, frames: int, values: "Mapping[str, Audio | float]") -> Audio | None:
        """How far it gives way in the next block, 0 to 1, shape (frames,); None for not at all.

        Args:
            frames: How many.
            values: Its parameters.
        """
        if self.key is None and self._depth < 1e-5 and self._held < 1e-5:
            self._depth = self._held = 0.0
            return None
        wanted = np.zeros(frames)
        if self.key is not None:
            loud = 20 * np.log10(np.maximum(np.abs(self.key[:, :frames]).max(axis=0), 1e-10))
            wanted = np.clip((loud - _mean(values["threshold_db"])) / KNEE + 0.5, 0, 1)
        fall, rise = (
            math.exp(-1000 / (_mean(values[name]) * self.rate)) for name in ("release_ms", "attack_ms")
        )
        parts = [self._step(wanted[first : first + PART], fall, rise) for first in range(0, frames, PART)]
        return single(np.concatenate(parts))

    def _step(self, wanted: Wide, fall: float, rise: float) -> Wide:
        """Some frames: what is wanted is held while it falls, and that is followed; frame by frame.

        Both are recursions, written as running maximum and running sum of what is scaled by a power.
        """
        place = np.arange(1, len(wanted) + 1)
        down = fall**place
        held = down * np.maximum(np.maximum.accumulate(wanted / down), self._held)
        power = rise**place
        depth = power * (self._depth + (1 - rise) * np.cumsum(held / power))
        self._held, self._depth = float(held[-1]), float(depth[-1])
        return depth

    def process(self, sound: Audio, values: "Mapping[str, Audio | float]") -> Audio:
        """The next block."""
        depth = self.follow(sound.shape[1], values)
        return sound if depth is None else single(sound * (1 - single(values["amount"]) * depth))

    def renew(self) -> None:
        """Forget what it heard."""
        self.key, self._depth, self._held = None, 0.0, 0.0


def _mean(value: "Audio | float") -> float:
    return float(np.mean(value))
