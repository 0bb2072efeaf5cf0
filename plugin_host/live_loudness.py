"""How loud something is at this moment, in the last seconds, and since one looks: a broadcaster's meter."""

from array import array
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from plugin_host.audio import Audio, Wide, decibels
from plugin_host.loudness import SILENCE, Weighing, gated, to_lufs

__all__ = ["LiveLoudness", "LoudnessNow"]

STEP: Final = 0.1
"""Seconds after which it is measured again."""
MOMENT, SHORT = 4, 30
"""Steps of the two sliding windows: 0.4 and 3 s."""


class LoudnessNow(NamedTuple):
    """What a meter shows.

    Attributes:
        momentary: LUFS of the last 0.4 s.
        short: LUFS of the last 3 s.
        integrated: LUFS since it began, without what is far quieter than the rest.
        peak: The true peak since it began, in dB relative to full scale.
    """

    momentary: float
    short: float
    integrated: float
    peak: float


class LiveLoudness:
    """Measures a sound while it is played; ten times a second there is something new.

    Args:
        rate: Frames a second, 8000 to 192000.
        weights: How much each channel counts: 1 for those in front, 1.41 for those around, 0 for the lowest.

    Source: ITU-R BS.1770-4; the windows of EBU Tech 3341.

    >>> meter = LiveLoudness(48000)
    >>> tone = np.sin(2 * np.pi * 997 / 48000 * np.arange(48000)).astype(np.float32)
    >>> meter.hear(np.stack([tone, 0 * tone]))
    >>> meter.read()
    LoudnessNow(momentary=-3.01, short=-3.01, integrated=-3.01, peak=0.0)
    """

    def __init__(self, rate: int, weights: Sequence[float] = (1.0, 1.0)) -> None:
        self._step = round(STEP * rate)
        self._weighing = Weighing(rate, weights, self._step)
        self._waiting: Wide = np.zeros((len(weights), self._step))
        self._many = 0
        self._powers = array("d")  # of the last steps
        self._stretches = array("d")  # of 0.4 s, since it began
        self._steps = 0  # since it began
        self._peak = 0.0

    def hear(self, sound: Audio) -> None:
        """Take the next part in: shape (channels, frames)."""
        at = 0
        while at < sound.shape[1]:
            size = min(self._step - self._many, sound.shape[1] - at)
            self._waiting[:, self._many : self._many + size] = sound[:, at : at + size]
            self._many, at = self._many + size, at + size
            if self._many == self._step:
                self._many = 0
                self._measure()

    def begin(self) -> None:
        """Count the integrated loudness and the true peak from here on."""
        self._stretches = array("d")
        self._steps = 0
        self._peak = 0.0

    def read(self) -> LoudnessNow:
        """What it shows now; where there is less than a window, what there is."""
        whole = gated(np.array(self._stretches))
        return LoudnessNow(self._mean(MOMENT), self._mean(SHORT), whole, decibels(self._peak))

    def _mean(self, steps: int) -> float:
        last = self._powers[-steps:]
        return to_lufs(sum(last) / len(last)) if last else SILENCE

    def _measure(self) -> None:
        power, between = self._weighing.process(self._waiting)
        self._peak = max(self._peak, between, float(np.abs(self._waiting).max()))
        self._powers.append(float(power.mean()))
        del self._powers[:-SHORT]
        self._steps += 1
        if self._steps >= MOMENT:
            self._stretches.append(sum(self._powers[-MOMENT:]) / MOMENT)
