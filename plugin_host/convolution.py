"""A sound in a recorded room: convolution with an impulse response, without any delay of its own."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from plugin_host.audio import Audio, single

__all__ = ["LONGEST", "Convolution"]

LONGEST: Final = 6.0
"""Seconds of an impulse response that are used; the last tenth of what is cut fades out."""

Spectra = NDArray[np.complex64]


class Convolution:
    """Convolves block by block; until an impulse response is there, a sound goes through as it is.

    Args:
        rate: Frames a second.

    Source: uniformly partitioned overlap-save, after T. G. Stockham, "High-speed convolution and
        correlation", 1966: a block is transformed once, and met with each part of the response in turn.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._response: Audio | None = None
        self._block = 0
        self._parts: Spectra = np.zeros((0, 2, 1), np.complex64)
        self._heard = self._parts
        self._before: Audio = np.zeros((2, 0), np.float32)
        self._newest = 0
        self._silent = 0

    def load(self, response: Audio, block: int) -> None:
        """Take an impulse response; beside the sound, for it takes a millisecond and more.

        Args:
            response: Shape (1 or 2, frames). It is brought to the loudness at which noise stays as loud.
            block: Frames in the blocks that will come.
        """
        most = int(LONGEST * self.rate)
        both = np.array(np.broadcast_to(response, (2, response.shape[1]))[:, :most])
        if response.shape[1] > most:
            fade = most // 10
            both[:, -fade:] *= np.linspace(1, 0, fade, dtype=np.float32)
        energy = float(np.square(both, dtype=np.float64).sum(axis=1).max())
        self._response = single(both / max(energy, 1e-12) ** 0.5)
        self._divide(block)

    def _divide(self, block: int) -> None:
        response = self._response
        if response is None:
            return
        count = -(-response.shape[1] // block)
        padded = np.zeros((2, count * block), np.float32)
        padded[:, : response.shape[1]] = response
        parts = padded.reshape(2, count, block).transpose(1, 0, 2)
        self._block = block
        self._parts = np.fft.rfft(parts, 2 * block, axis=2).astype(np.complex64)
        self.renew()

    def process(self, sound: Audio, values: "Mapping[str, Audio | float]") -> Audio:
        """The next block."""
        frames = sound.shape[1]
        if self._response is None:
            return sound
        if frames != self._block:
            self._divide(frames)
        count = len(self._parts)
        self._silent = 0 if sound.any() else self._silent + 1
        mix = single(values["mix"])
        if self._silent > count + 1:
            return single(sound * (1 - mix))
        whole = np.concatenate((self._before, sound), axis=1)
        self._before = whole[:, frames:]
        self._newest = (self._newest - 1) % count
        self._heard[self._newest] = np.fft.rfft(whole, axis=1)
        first = count - self._newest
        met = np.einsum("pck,pck->ck", self._parts[:first], self._heard[self._newest :])
        if self._newest:
            met += np.einsum("pck,pck->ck", self._parts[first:], self._heard[: self._newest])
        wet = single(np.fft.irfft(met, 2 * frames, axis=1)[:, frames:])
        return single(sound + mix * (wet - sound))

    def renew(self) -> None:
        """Forget everything that still rings."""
        self._heard = np.zeros_like(self._parts)
        self._before = np.zeros((2, self._block), np.float32)
        self._newest = 0
        self._silent = len(self._parts) + 1
