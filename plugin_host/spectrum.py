"""What a sound is made of: its strength in bands of equal width to the ear."""

import math
from typing import Final

import numpy as np

from plugin_host.audio import Audio, Wide, count

__all__ = ["BANDS", "HIGHEST", "LOWEST", "Spectrum", "edges"]

BANDS: Final = 64
LOWEST, HIGHEST = 20.0, 20_000.0
"""Hz."""
WINDOW: Final = 0.17
"""Seconds that are looked at, about: enough for tones that are 12 Hz apart, and still quick for drums."""
SILENCE: Final = 1e-20


def edges() -> Wide:
    """Where the bands begin, in Hz, and where the last one ends.

    >>> edges()[[0, 32, 64]].round(1).tolist()
    [20.0, 632.5, 20000.0]
    """
    return LOWEST * (HIGHEST / LOWEST) ** (count(BANDS + 1) / BANDS)


class Spectrum:
    """Keeps the last sixth of a second of a sound, and tells its strength in 64 bands from 20 Hz to 20 kHz.

    Args:
        rate: Frames a second, 8000 to 192000; above half of that there is nothing.
        channels: How many; their powers are averaged, so that what differs between them does not cancel.

    >>> spectrum = Spectrum(48000)
    >>> tone = np.sin(2 * np.pi * 1000 / 48000 * np.arange(48000)).astype(np.float32)
    >>> spectrum.hear(np.stack([tone, tone]))
    >>> bands = spectrum.read()
    >>> band = int(np.argmax(bands))
    >>> edges()[band : band + 2].round().tolist(), round(float(bands[band]), 1)
    ([974.0, 1085.0], -0.0)
    """

    def __init__(self, rate: int, channels: int = 2) -> None:
        size = 1 << round(math.log2(WINDOW * rate))
        self._line: Wide = np.zeros((channels, size))
        self._window = np.hanning(size + 1)[:-1]
        self._scale = 4 / (size * channels * float((self._window**2).sum()))
        # Each line of the transform stands for what lies around it, so that no band falls between two.
        self._between = (count(size // 2 + 2) - 0.5) * rate / size
        self._edges = edges()

    def hear(self, sound: Audio) -> None:
        """Take the next part in: shape (channels, frames)."""
        size = self._line.shape[1]
        new = sound[:, -size:]
        rest = size - new.shape[1]
        self._line[:, :rest] = self._line[:, size - rest :]
        self._line[:, rest:] = new

    def read(self) -> Wide:
        """The strength of each band in dB; 0 is a tone of full scale in all channels, -200 nothing."""
        lines = np.fft.rfft(self._line * self._window)
        power = (lines.real**2 + lines.imag**2).sum(axis=0) * self._scale
        power[0] = 0.0  # what only shifts the whole is no sound
        below = np.interp(self._edges, self._between, np.concatenate([[0.0], np.cumsum(power)]))
        return 10 * np.log10(np.maximum(np.diff(below), SILENCE))
