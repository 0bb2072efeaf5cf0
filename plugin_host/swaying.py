"""Vibrato: how far the pitches of voices sway, and how far voices get whose speeds do."""

from functools import lru_cache
from typing import Final

import numpy as np

from plugin_host.audio import Wide, count

__all__ = ["is_smooth", "looks", "sway", "ways"]

_SPEED: Final = 2 * np.pi * 5.3
"""Radians a second."""

_CORNERS: Final = (0.0, 0.25, 0.75)
"""Seconds into a note at which something begins: the note, its vibrato, and vibrato as far as it goes."""

_LOOKS: Final = 8
"""Times in a block at which what moves smoothly is looked at: between them it is right to 1e-9 of a turn."""


def sway(ages: Wide, phases: Wide, rate: int) -> Wide:
    """How far voices sway, as parts of a semitone or of whatever else vibrato is told in.

    Args:
        ages: Frames since they began.
        phases: Where each is in its vibrato when it begins, in radians.
        rate: Frames a second.

    >>> sway(np.array([0.0, 12000.0, 48000.0]), np.array([0.0]), 48000).round(3).tolist()
    [0.0, 0.0, 0.951]
    """
    seconds = ages * (1 / rate)
    sway = np.sin(seconds * _SPEED + phases)
    sway *= np.minimum(np.maximum(2 * seconds - 2 * _CORNERS[1], 0), 1)
    return sway


def is_smooth(ages: Wide, frames: int, rate: int) -> bool:
    """Whether nothing begins in a block that begins at these ages of its voices."""
    if ages.min() >= _CORNERS[2] * rate:
        return True
    corners = np.array(_CORNERS) * rate
    return bool((np.searchsorted(corners, ages, "right") == np.searchsorted(corners, ages + frames)).all())


@lru_cache(maxsize=16)
def looks(frames: int) -> Wide:
    """Frames of a block at which what moves smoothly is looked at; closer together at both ends."""
    return 0.5 * frames * (1 - np.cos(np.pi * count(_LOOKS) / (_LOOKS - 1)))


@lru_cache(maxsize=16)
def ways(frames: int) -> Wide:
    """What speeds at `looks` are worth in way, up to and with each frame: shape (looks, frames).

    A speed of one turn a frame goes as many turns as there are frames:

    >>> (np.ones(8) @ ways(4)).round(9).tolist()
    [1.0, 2.0, 3.0, 4.0]

    Source: interpolation by polynomials at Chebyshev's extrema; Trefethen, "Approximation Theory and
        Approximation Practice", 2013.
    """
    nodes, at = looks(frames), count(frames)
    out = np.ones((_LOOKS, frames))
    for one, node in enumerate(nodes):
        for other in np.delete(nodes, one):
            out[one] *= (at - other) / (node - other)
    return np.cumsum(out, axis=1)
