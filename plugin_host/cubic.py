"""Sounds read between their frames, many at once."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from plugin_host.audio import Audio, Wide

__all__ = ["Cubic"]

_AROUND: Final = np.arange(-1, 3)[:, None]
"""The frames that are read, counted from the one before a place."""

_SHARES: Final = np.float32(0.5) * np.array(
    [[0, -1, 2, -1], [2, 0, -5, 3], [0, 1, 4, -3], [0, 0, -1, 1]], np.float32
)
"""How much of each of these is heard: a row for each, in powers of how far a place lies behind the second."""


class Cubic:
    """A cubic through the four frames around each place, for some voices in blocks of one length.

    What it is computed in is kept; new arrays for each block would have to be cleared by the system first.

    Args:
        voices: How many at most.
        frames: Length of a block.
        channels: Of what is read; a sound of one channel is heard in all.

    Source: Catmull and Rom, "A Class of Local Interpolating Splines", 1974.
    """

    def __init__(self, voices: int, frames: int, channels: int) -> None:
        self.voices, self.frames, self.channels = voices, frames, channels
        self._at: Wide = np.empty((voices, frames))
        self._whole = np.empty((voices, frames), np.int64)
        self._around = np.empty((voices, 4, frames), np.int64)
        self._read: Audio = np.empty((voices, channels, 4, frames), np.float32)
        self._powers: Audio = np.empty(4 * voices * frames, np.float32)
        self._weights: Audio = np.empty(4 * voices * frames, np.float32)

    def places(self, voices: int) -> Wide:
        """Where to write the places of so many voices, shape (voices, frames); `weigh` uses them up."""
        return self._at[:voices]

    def weigh(self, voices: int) -> Audio:
        """How much of the four frames around each place is heard, shape (4, voices, frames)."""
        at, whole = self._at[:voices], self._whole[:voices]
        np.copyto(whole, at, casting="unsafe")
        at -= whole
        powers = self._powers[: 4 * at.size].reshape(4, *at.shape)
        weights = self._weights[: 4 * at.size].reshape(4, *at.shape)
        powers[0] = 1
        np.copyto(powers[1], at, casting="same_kind")
        np.multiply(powers[1], powers[1], out=powers[2])
        np.multiply(powers[1], powers[2], out=powers[3])
        # All in one product: a quarter of the time that it takes power by power.
        np.matmul(_SHARES, powers.reshape(4, -1), out=weights.reshape(4, -1))
        return weights

    def read(self, sources: Sequence[Audio], weights: Audio, out: Audio) -> None:
        """Write what is heard of sounds.

        Args:
            sources: For each voice its sound, shape (1 or channels, any number of frames).
            weights: From `weigh`.
            out: Takes it, shape (voices, channels, frames).
        """
        around = np.add(self._whole[: len(sources), None], _AROUND, out=self._around[: len(sources)])
        read = self._read[: len(sources)]
        for number, source in enumerate(sources):
            # "clip" reads without a copy of the result; no place is outside.
            source.take(around[number], axis=1, mode="clip", out=read[number, : len(source)])
            if len(source) < self.channels:
                read[number, 1:] = read[number, :1]
        np.einsum("nckf,knf->ncf", read, weights, out=out)
