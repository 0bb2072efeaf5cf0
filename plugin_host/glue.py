"""The glue of many channels: one compressor that all of them follow, so that nothing moves in the room."""

from typing import Final

import numpy as np

from plugin_host.audio import Audio, count, single

__all__ = ["Glue"]

STEP: Final = 32
"""Frames of which the level is one number: 0.7 ms, of an attack of many."""


class Glue:
    """A compressor on the loudest of all channels.

    Args:
        rate: Frames a second.
        threshold: dB above which it holds back.
        ratio: By how much.
        attack: Seconds in which it follows what gets louder.
        release: Seconds in which it follows what gets softer.
    """

    def __init__(
        self,
        rate: int,
        threshold: float = -14.0,
        ratio: float = 2.0,
        attack: float = 0.018,
        release: float = 0.16,
    ) -> None:
        self._threshold = 10 ** (threshold / 20)
        self._power = 1 / ratio - 1
        self._up, self._down = (float(np.exp(-STEP / (rate * one))) for one in (attack, release))
        self._level = 0.0
        self._gain = 1.0

    def process(self, sound: Audio) -> Audio:
        """Hold the next block back: shape (channels, frames)."""
        frames = sound.shape[1]
        if not frames:
            return sound
        peaks: Audio = np.abs(sound).max(axis=0)
        loud = [float(peaks[first : first + STEP].max()) for first in range(0, frames, STEP)]
        level, gains = self._level, [self._gain]
        for each in loud:
            keep = self._up if each > level else self._down
            level = keep * level + (1 - keep) * each
            gains.append((level / self._threshold) ** self._power if level > self._threshold else 1.0)
        self._level, self._gain = level, gains[-1]
        if all(one == 1.0 for one in gains):
            return sound
        places = [0, *(min(STEP * number, frames) for number in range(1, len(gains)))]
        return single(sound * single(np.interp(count(len(sound[0])) + 1, places, gains)))

    def renew(self) -> None:
        """Forget what was."""
        self._level, self._gain = 0.0, 1.0
