"""Filters that answer a whole block at once: what a recursion would do frame by frame, as one product."""

import math

import numpy as np

from plugin_host.audio import Audio, Wide, single

__all__ = ["BlockFilter", "Rows", "butterworth", "one_pole"]

LONGEST = 256
"""Frames that are answered at once; longer blocks are divided, or the matrices would grow too large."""

Rows = list[tuple[Wide, Wide]]
"""A cascade: of each part the numerator and the denominator, in powers of 1/z, the latter from 1 on."""


class BlockFilter:
    """A recursive filter for blocks, for any number of channels.

    A filter is linear: a block of its output is one matrix times the block that comes in, and another times
    what it remembers. For a block of 256 frames that takes some 10 microseconds a channel.

    Args:
        parts: What it is made of.
        frames: Length of the blocks, or more.
        channels: How many at most; each has its memory.

    >>> BlockFilter(one_pole(4000, 48000), 256, 2).process(np.ones((2, 256), np.float32)).round(2)[0, -1]
    np.float32(1.0)
    """

    def __init__(self, parts: Rows, frames: int, channels: int) -> None:
        order = sum(len(below) - 1 for _, below in parts)
        self._size = size = min(frames, LONGEST)
        # What one frame makes of each thing that may be remembered, and what a frame of 1 leaves behind.
        step = np.array([_run(parts, np.zeros(1), state)[1] for state in np.eye(order)])
        left = _run(parts, np.ones(1), np.zeros(order))[1]
        response = _run(parts, np.eye(1, size)[0], np.zeros(order))[0]
        delay = np.arange(size)[None, :] - np.arange(size)[:, None]
        self._through = single(np.where(delay >= 0, response[np.maximum(delay, 0)], 0.0))
        self._recalled = np.array([_run(parts, np.zeros(size), state)[0] for state in np.eye(order)])
        stored, kept = [left], [np.eye(order), step]
        for _ in range(size - 1):
            stored.append(stored[-1] @ step)
            kept.append(kept[-1] @ step)
        self._stored, self._kept = np.array(stored[::-1]), np.array(kept)
        self.state: Wide = np.zeros((channels, order))

    def process(self, sound: Audio) -> Audio:
        """Filter the next block: shape (channels, frames)."""
        whole = sound.shape[1]
        if whole <= self._size:
            return self._part(sound)
        parts = range(0, whole, self._size)
        return np.concatenate([self._part(sound[:, one : one + self._size]) for one in parts], axis=1)

    def _part(self, sound: Audio) -> Audio:
        size = sound.shape[1]
        out = sound @ self._through[:size, :size] + single(self.state @ self._recalled[:, :size])
        self.state = sound @ self._stored[len(self._stored) - size :] + self.state @ self._kept[size]
        return out

    def renew(self) -> None:
        """Forget what was."""
        self.state[:] = 0


def _run(parts: Rows, sound: Wide, state: Wide) -> tuple[Wide, Wide]:
    """The same frame by frame: what comes out, and what is remembered then."""
    left: list[Wide] = []
    at = 0
    for above, below in parts:
        size = len(below) - 1
        memory = state[at : at + size].copy()
        at += size
        out = np.empty_like(sound)
        for place, value in enumerate(sound):
            heard = above[0] * value + memory[0]
            memory = np.append(memory[1:], 0.0) + above[1:] * value - below[1:] * heard
            out[place] = heard
        left.append(memory)
        sound = out
    return sound, np.concatenate(left)


def one_pole(cutoff: float, rate: int) -> Rows:
    """A low-pass of 6 dB an octave.

    Args:
        cutoff: Hz.
        rate: Frames a second.
    """
    pole = math.exp(-2 * math.pi * cutoff / rate)
    return [(np.array([1 - pole, 0.0]), np.array([1.0, -pole]))]


def butterworth(cutoff: float, rate: int) -> Rows:
    """A low-pass of 24 dB an octave, as flat below as can be.

    Args:
        cutoff: Hz, where it is 3 dB down.
        rate: Frames a second.

    Source: Butterworth's polynomials, by the bilinear transform, exact at the cutoff.
    """
    warped = math.tan(math.pi * cutoff / rate)
    rows: Rows = []
    for angle in (math.pi / 8, 3 * math.pi / 8):
        damping = 2 * math.cos(angle) * warped
        whole = 1 + damping + warped * warped
        above = np.array([1.0, 2.0, 1.0]) * (warped * warped / whole)
        below = np.array([1.0, 2 * (warped * warped - 1) / whole, (1 - damping + warped * warped) / whole])
        rows.append((above, below))
    return rows
