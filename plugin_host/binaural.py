"""Headphones: sixteen ambisonic channels as two ears hear them."""

from pathlib import Path
from typing import Final

import numpy as np

from plugin_host.ambisonics import CHANNELS
from plugin_host.audio import Audio, single
from plugin_host.recordings import resampled

__all__ = ["Binaural", "ears"]

FILE: Final = Path(__file__).with_name("head.npy")
MEASURED_AT: Final = 44_100
"""Frames a second of the filters."""
ODD: Final = np.isin(np.arange(CHANNELS), (1, 4, 5, 9, 10, 11))
"""The channels that turn their sign from the left to the right."""


def ears(rate: int) -> Audio:
    """What the left ear hears of each channel: shape (16, frames); the right one hears it in the mirror.

    Args:
        rate: Frames a second.

    Source: made by tools/make_head.py of what W. G. Gardner and K. D. Martin measured, "HRTF measurements of
        a KEMAR", 1995; the magnitudes as in Schörkhuber, Zaunschirm and Höldrich, "Binaural rendering of
        ambisonic signals via magnitude least squares", 2018.
    """
    taps = single(np.load(FILE))
    return single(resampled(taps, MEASURED_AT, rate) * (MEASURED_AT / rate))


class Binaural:
    """Filters block by block: shape (16, frames) in, (2, frames) out.

    Args:
        rate: Frames a second.
        block: Frames in a block.
    """

    def __init__(self, rate: int, block: int) -> None:
        taps = ears(rate)
        self._block = block
        self._before = taps.shape[1] - 1
        self._size = 1 << (block + self._before - 1).bit_length()
        self._filters = np.fft.rfft(taps, self._size).astype(np.complex64)
        self._line = np.zeros((CHANNELS, self._before), dtype=np.float32)

    def process(self, sound: Audio) -> Audio:
        """The next block."""
        line = np.concatenate((self._line, sound), axis=1)
        self._line = line[:, self._block :]
        heard = np.fft.rfft(line, self._size).astype(np.complex64) * self._filters
        # What is alike for both ears, and what is opposite.
        both = np.fft.irfft(np.stack([heard[~ODD].sum(axis=0), heard[ODD].sum(axis=0)]), self._size)
        alike, opposite = both[:, self._before : self._before + self._block]
        return single(np.stack([alike + opposite, alike - opposite]))

    def renew(self) -> None:
        """Forget what still rings."""
        self._line = np.zeros_like(self._line)
