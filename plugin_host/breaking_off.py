"""How a sound that breaks off goes on until it has faded, and how it comes back: nothing bends in between."""

from typing import Final

import numpy as np

from plugin_host.audio import Audio, single

__all__ = ["FADE", "PAST", "RISE", "gone_on"]

FADE: Final = 240
"""Frames in which a gap fades out and sound comes back: 5 ms; in half of that the fade itself is a click."""
PAST: Final = 1024
"""Frames of what was heard in which a place is sought to go on from: a period of 47 Hz at 48 kHz."""
_SHARE = np.arange(1, FADE + 1, dtype=np.float32) / np.float32(FADE)
RISE: Final[Audio] = single(_SHARE * _SHARE * (3 - 2 * _SHARE))
"""How much of it is there while it comes back, frame by frame: level at both ends."""
_FALL = single(1 - RISE)
_WEIGHT: Final = 64
"""Frames for which a wrong slope is worth a wrong level: putting a slope right is what is heard."""
_STRAIGHT: Final = 64
"""Frames within which what is wrong of a slope is taken back: what is sharp would else go far astray."""
_ALONG = np.arange(1, _STRAIGHT + 1, dtype=np.float32)
_TURN: Final[Audio] = single(_ALONG * (1 - _ALONG / np.float32(_STRAIGHT)) ** 2)


def gone_on(past: Audio) -> Audio:
    """What follows when a sound breaks off: it goes on as it did before where it was most alike, and fades.

    What still differs there in level and slope is made up for, and fades too.

    Args:
        past: What was heard last, shape (channels, frames); silence lies before it.

    Returns:
        Shape (channels, FADE).
    """
    known = np.zeros((len(past), PAST), dtype=np.float32)
    size = min(PAST, past.shape[1])
    if size:
        known[:, -size:] = past[:, -size:]
    last, slope = known[:, -1:], known[:, -1:] - known[:, -2:-1]
    level = last - known[:, : PAST - FADE]
    steep = slope - np.diff(known[:, : PAST - FADE + 1], axis=1)
    at = int((np.abs(level) + _WEIGHT * np.abs(steep)).sum(axis=0).argmin())
    out = known[:, at + 1 : at + 1 + FADE] + level[:, at : at + 1]
    out[:, :_STRAIGHT] += steep[:, at : at + 1] * _TURN
    return single(out * _FALL)
