"""Waves that were filtered before they are played: no partial ever lies above half the rate."""

from functools import lru_cache
from typing import Final

import numpy as np

from plugin_host.audio import Audio, Wide, count, single

__all__ = ["RESONANCES", "SIZE", "Tables", "tables"]

SIZE: Final = 4096
"""Frames of one turn of a wave."""

PER_OCTAVE: Final = 3
"""Cutoffs in an octave; between them two tables are mixed."""

_FLOOR: Final = -2.0
"""Octaves from the root to the lowest cutoff."""

RESONANCES: Final = (0.0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.88, 1.0)
"""Resonances that tables are made for; others take the nearest."""


def _partials(wave: str, most: int) -> Wide:
    """How strong the partials 1 to `most` of a wave are; negative turns the phase round."""
    k = count(most) + 1
    odd = np.mod(k, 2)
    if wave == "saw":
        return (2 / np.pi) / k
    if wave == "square":
        return (4 / np.pi) * odd / k
    if wave == "triangle":
        return (8 / np.pi**2) * odd * np.cos((k - 1) * np.pi / 2) / (k * k)
    return np.where(k == 1, 1.0, 0.0)


def _ladder(ratio: Wide, resonance: float) -> Wide:
    """Gain of a four-pole ladder filter at a frequency that is `ratio` times its cutoff.

    Source: Stilson and Smith, "Analyzing the Moog VCF with Considerations for Digital Implementation",
        1996: H = 1 / ((1 + js)^4 + k), here with its loss of bass made up.
    """
    k = 3.6 * resonance
    return (1 + k) / np.abs((1 + 1j * ratio) ** 4 + k)


class Tables:
    """A wave through a resonant low-pass filter, for each height of cutoff, with so many partials.

    Args:
        wave: "saw", "square", "triangle" or "sine".
        resonance: How much the filter sings, 0 to 1.
        most: Partials at most.
    """

    def __init__(self, wave: str, resonance: float, most: int) -> None:
        top = np.log2(2 * most) + 1
        self.cutoffs = int(np.ceil((top - _FLOOR) * PER_OCTAVE)) + 1
        k = count(most) + 1
        corner = 2.0 ** (_FLOOR + count(self.cutoffs) / PER_OCTAVE)
        levels = _partials(wave, most) * _ladder(k / corner[:, None], resonance)
        # Soften the last third of the partials, so that the edge of the spectrum does not ring.
        levels *= np.minimum(1.0, (most + 1 - k) / (most / 3 + 1))
        lines = np.zeros((self.cutoffs, SIZE // 2 + 1), dtype=np.complex128)
        lines[:, 1 : most + 1] = levels * (-0.5j * SIZE)
        waves = np.fft.irfft(lines, SIZE, axis=1)
        self.waves: Audio = single(np.concatenate((waves, waves[:, :1]), axis=1))

    def write(self, octaves: float, wave: Audio) -> None:
        """Write the wave with its filter so many octaves above the root.

        Args:
            octaves: How many.
            wave: Takes it, shape (SIZE + 1,).
        """
        place = min(max((octaves - _FLOOR) * PER_OCTAVE, 0.0), self.cutoffs - 1.001)
        low = int(place)
        share = place - low
        # As a product of matrices it is one pass, not three.
        np.dot(np.array((1 - share, share), np.float32), self.waves[low : low + 2], out=wave)


@lru_cache(maxsize=256)
def tables(wave: str, resonance: float, step: int) -> Tables:
    """The tables for notes that have room for 2^(step / 2) partials.

    Args:
        wave: "saw", "square", "triangle" or "sine".
        resonance: One of RESONANCES.
        step: Half octaves from the root to the highest partial, 0 to 20.

    Those used last are kept, about half a megabyte each.
    """
    return Tables(wave, resonance, min(int(2.0 ** (step / 2)), SIZE // 4))
