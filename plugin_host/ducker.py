"""An effect that gives way to another sound: a side-chain."""

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from plugin_host.audio import Audio, single

__all__ = ["Ducker"]

HOP: Final = 16
"""Frames in which the other sound's level is taken as one: a third of a millisecond."""
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
        self._depth = 0.0

    def follow(self, frames: int, values: "Mapping[str, Audio | float]") -> Audio | None:
        """How far it gives way in the next block, 0 to 1, shape (frames,); None for not at all.

        Args:
            frames: How many.
            values: Its parameters.
        """
        if self.key is None and self._depth < 1e-5:
            self._depth = 0.0
            return None
        starts = np.arange(0, frames, HOP)
        if self.key is None:
            wanted = np.zeros(len(starts))
        else:
            peaks = np.maximum.reduceat(np.abs(self.key[:, :frames]).max(axis=0), starts)
            loud = 20 * np.log10(np.maximum(peaks, 1e-10))
            wanted = np.clip((loud - _mean(values["threshold_db"])) / KNEE + 0.5, 0, 1)
        ends = np.minimum(starts + HOP, frames)
        down, back = (_mean(values[name]) * self.rate / 1000 for name in ("attack_ms", "release_ms"))
        depth, ways = self._depth, [self._depth]
        for goal, long in zip(wanted.tolist(), (ends - starts).tolist(), strict=True):
            depth += (goal - depth) * (1 - math.exp(-long / (down if goal > depth else back)))
            ways.append(depth)
        self._depth = depth
        return single(np.interp(np.arange(1, frames + 1), [0, *ends.tolist()], ways))

    def process(self, sound: Audio, values: "Mapping[str, Audio | float]") -> Audio:
        """The next block."""
        depth = self.follow(sound.shape[1], values)
        return sound if depth is None else single(sound * (1 - single(values["amount"]) * depth))

    def renew(self) -> None:
        """Forget what it heard."""
        self.key, self._depth = None, 0.0


def _mean(value: "Audio | float") -> float:
    return float(np.mean(value))
