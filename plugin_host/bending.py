"""How far voices get whose pitch moves while they sound."""

import numpy as np

from plugin_host.audio import Wide, count

__all__ = ["RANGE", "travelled"]

RANGE = 24.0
"""Semitones up and down by which an instrument may be moved."""


def travelled(ages: Wide, steps: Wide, begins: Wide, octaves: Wide) -> tuple[Wide, Wide]:
    """Where voices are, frame by frame, whose speed moves, and where they are after the last of them.

    Args:
        ages: Frames since each began; negative before.
        steps: How far each gets in a frame, before the speed moves.
        begins: Where each was at its beginning, as its step of now has it.
        octaves: How much faster each is in each frame, shape (voices, frames).

    >>> places, ends = travelled(np.array([2.0]), np.array([0.5]), np.array([0.0]), np.ones((1, 3)))
    >>> places.tolist(), ends.tolist()
    ([[1.0, 2.0, 3.0]], [4.0])
    """
    speeds = steps[:, None] * np.exp2(octaves)
    if (ages < 0).any():
        speeds[ages[:, None] + count(octaves.shape[1]) < 0] = 0
    places = np.cumsum(speeds, axis=1)
    places += (begins + np.maximum(ages, 0) * steps)[:, None]
    ends = places[:, -1].copy()
    places -= speeds
    return places, ends
