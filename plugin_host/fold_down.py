"""Many channels on a device that has two outputs: folded into a pair that does not clip."""

from typing import Final

import numpy as np

from plugin_host.ambisonics import decoder
from plugin_host.audio import Audio, Wide, single
from plugin_host.layouts import STEREO, Layout
from plugin_host.limiter import Limiter
from plugin_host.vbap import Vbap, directions

__all__ = ["FoldDown", "pair_of"]

FRONT: Final = 45.0
"""Degrees to either side, and at most RAISED up, up to which a loudspeaker counts in full."""
RAISED: Final = 30.0
AROUND: Final = 0.7071
"""What the others count, 3 dB less."""


def pair_of(layout: Layout) -> Wide:
    """What each channel is in a pair: shape (channels, 2). The LFE is left out.

    The middle is in both, 3 dB softer; what is beside and behind goes to its side.

    Args:
        layout: Of the channels.

    Source: after ITU-R BS.775, annex 4, whose levels for 5.1 differ by less than 1 dB on the nearer side.
    """
    if layout.kind == "ambisonics":
        return decoder(STEREO)
    out = np.zeros((layout.channels, 2))
    panner = Vbap(STEREO)
    for place in layout.heard:
        one = layout.speakers[place]
        full = abs(one.azimuth) <= FRONT and abs(one.elevation) < RAISED
        out[place] = panner.gains(directions([one.azimuth], [0.0]))[0] * (1.0 if full else AROUND)
    return out


class FoldDown:
    """Folds block by block; what would clip then is limited, which takes `latency` frames.

    Args:
        matrix: What each channel is left and right, shape (channels, 2).
        rate: Frames a second.
    """

    def __init__(self, matrix: Wide, rate: int) -> None:
        self._matrix = single(matrix.T)
        self._limiter = Limiter(rate)
        self.latency = self._limiter.latency

    def process(self, sound: Audio) -> Audio:
        """The next block: shape (channels, frames) becomes (2, frames)."""
        return self._limiter.process(self._matrix @ sound)
