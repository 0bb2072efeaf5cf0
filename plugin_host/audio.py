"""The kinds of array that audio is kept in."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["Audio", "Wide", "broadcast_directly", "count", "decibels", "hertz", "single"]

Audio = NDArray[np.float32]
"""Samples: float32, shape (frames,) or (channels, frames), nominally ±1."""

Wide = NDArray[np.float64]
"""Numbers in double precision: phases, times, parameters."""


_GATHERED: Final = 256
"""Numbers that numpy may gather."""


def broadcast_directly() -> None:
    """Let numpy, on this thread, not gather numbers before it lays a row or a column over an array.

    As it comes it copies up to 8192 of both first, which takes as long as the work itself where rows are as
    long as a block; it tells by this size whether that is worth its while.
    """
    if np.getbufsize() != _GATHERED:
        np.setbufsize(_GATHERED)


def count(frames: int) -> Wide:
    """0, 1, 2… in double precision."""
    return np.arange(frames, dtype=np.float64)


def single(numbers: object) -> Audio:
    """The same numbers in single precision; free of charge if they are already."""
    return np.asarray(numbers, dtype=np.float32)


def hertz(note: float) -> float:
    """The frequency of a note number; 69 is a4, 440 Hz, and fractions are microtones.

    >>> round(hertz(60), 2)
    261.63
    """
    return 440.0 * 2.0 ** ((note - 69.0) / 12.0)


def decibels(amount: float) -> float:
    """An amplitude in dB; silence is -200.

    >>> decibels(0.5)
    -6.02
    """
    return round(float(20.0 * np.log10(max(amount, 1e-10))), 2)
