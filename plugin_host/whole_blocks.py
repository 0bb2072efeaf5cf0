"""Whole blocks of what an effect gives, which may be late."""

import numpy as np

from plugin_host.audio import Audio

__all__ = ["WholeBlocks"]


class WholeBlocks:
    """Makes whole blocks of what an effect gives, which may be less than it took.

    pedalboard's effects and plugins with a latency give short or empty blocks at first. What they give is
    kept in a queue, filled up with silence in front, so that every block comes out whole and nothing is
    lost; from then on the effect is late by `latency` frames. (Its PitchShift is late by 51905 frames at
    48 kHz, more than a second: it is not among our effects.)
    """

    __slots__ = ("_queue", "latency")

    def __init__(self) -> None:
        self.latency = 0
        self._queue: Audio | None = None

    def fill(self, given: Audio, frames: int) -> Audio:
        """Take in what an effect gave and hand out the next block.

        Args:
            given: Shape (2, any number of frames).
            frames: How many are wanted.

        Returns:
            Shape (2, frames).
        """
        if self._queue is None and given.shape[1] == frames:
            return given
        queue = given if self._queue is None else np.concatenate((self._queue, given), axis=1)
        short = frames - queue.shape[1]
        if short > 0:
            self.latency += short
            queue = np.concatenate((np.zeros((2, short), dtype=np.float32), queue), axis=1)
        self._queue = queue[:, frames:]
        return queue[:, :frames]
