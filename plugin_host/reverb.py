"""The one long reverb that all instruments share."""

from typing import Final

import numpy as np

from plugin_host.audio import Audio, Wide, count, single
from plugin_host.effects import Effects
from plugin_host.specs import fx

__all__ = ["Reverb"]

LINES: Final = 16
SECONDS: Final = 2.6
"""How long it takes to fade by 60 dB."""

_DELAYS: Final = (
    0.0311, 0.0337, 0.0379, 0.0403, 0.0443, 0.0479, 0.0521, 0.0557,
    0.0601, 0.0643, 0.0683, 0.0727, 0.0773, 0.0821, 0.0887, 0.0941,
)  # fmt: skip
_PREDELAY: Final = 0.012
_TAPS: Final = 2
_DAMPING: Final = 0.17
_SWAY: Final = 0.00018
"""Seconds by which the lines' lengths sway, so that nothing rings metallically."""


class _Desk:
    """What a block is computed on; new arrays for each would have to be cleared by the system first."""

    __slots__ = ("first", "heard", "index", "numbers", "part", "place", "second", "share", "soft", "whole")

    def __init__(self, frames: int) -> None:
        shape = (LINES, frames)
        self.numbers = count(frames)
        self.share = self.numbers / frames
        self.place, self.whole = np.empty(shape), np.empty(shape)
        self.index = np.empty(shape, np.int64)
        self.part, self.first, self.second, self.soft = np.empty((4, *shape), np.float32)
        self.heard = np.empty((LINES, frames + 1), np.float32)


class Reverb:
    """Sixteen delay lines that feed each other.

    Args:
        rate: Frames a second.

    Source: feedback delay networks after Jot and Chaigne, "Digital Delay Networks for Designing
        Artificial Reverberators", 1991; the lines are mixed by a Hadamard matrix.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._length = np.array([round(one * rate) for one in _DELAYS], dtype=np.float64)
        self._chunk = int(self._length[0] - _SWAY * rate) - 4
        random = np.random.default_rng(1961)
        spread = np.sort(random.uniform(_PREDELAY, 0.055, (LINES, _TAPS)), axis=1)
        early = np.rint(spread * rate).astype(int)
        self._signs = single(np.where(random.random((LINES, _TAPS)) < 0.5, -1, 1))
        self._speed = random.uniform(0.31, 0.83, LINES)
        self.turn: Wide = random.random(LINES)
        hadamard = np.ones((1, 1))
        while len(hadamard) < LINES:
            hadamard = np.block([[hadamard, hadamard], [hadamard, -hadamard]])
        # The gain of a line: 60 dB in SECONDS, however often one has to pass through it.
        fade = 10.0 ** (-3 * self._length / (SECONDS * rate))
        self._feedback = single(hadamard / np.sqrt(LINES) * fade[None, :])
        left = np.where(np.arange(LINES) % 2 == 0, 1.0, 0.0) * np.where(random.random(LINES) < 0.5, -1, 1)
        right = np.where(np.arange(LINES) % 2 == 1, 1.0, 0.0) * np.where(random.random(LINES) < 0.5, -1, 1)
        self._out = single(np.stack((left, right)) * 0.29)
        self._size = 1 << int(np.ceil(np.log2(self._length[-1] + _SWAY * rate + self._chunk + 8)))
        self._past = int(np.ceil(0.056 * rate))
        sides = np.arange(LINES) % 2
        self._reach = [(sides, self._past - early[:, tap]) for tap in range(_TAPS)]
        # One frame more than a line has: behind the last comes the first once more.
        self._rows = (np.arange(LINES) * (self._size + 1))[:, None]
        self._desks: dict[int, _Desk] = {}
        self._cut = Effects((fx.highpass(180), fx.highshelf(7000, -3)), rate)
        self.renew()

    def renew(self) -> None:
        """Fall silent."""
        self._lines: Audio = np.zeros((LINES, self._size + 1), dtype=np.float32)
        self._input: Audio = np.zeros((2, self._past), dtype=np.float32)
        self._before: Audio = np.zeros((LINES, 1), dtype=np.float32)
        self._at = 0
        self._quiet = 1 << 30
        self._cut.renew()

    def sway_with(self, other: "Reverb") -> None:
        """Take on how far another has swayed: then the reverbs of two sounds add up to that of their sum."""
        self.turn = other.turn

    def process(self, sound: Audio | None) -> Audio | None:
        """The reverb of the next block.

        Args:
            sound: What is sent to it, shape (2, frames); None for nothing.

        Returns:
            The same shape; None if it has faded.
        """
        if sound is None or not sound.any():
            if sound is None or self._quiet > 1.5 * SECONDS * self.rate:
                return None
            self._quiet += sound.shape[1]
        else:
            self._quiet = 0
        frames = sound.shape[1]
        line = np.concatenate((self._input, self._cut.process(sound)), axis=1)
        self._input = line[:, frames:]
        fresh = self._reflections(line, frames)
        parts = [fresh[:, first : first + self._chunk] for first in range(0, frames, self._chunk)]
        return np.concatenate([self._step(part) for part in parts], axis=1)

    def _reflections(self, line: Audio, frames: int) -> Audio:
        """What enters the lines: each hears the sound a few times, early, from one side."""
        # A view in which each frame begins a block; numpy's own function for that takes as long as all this.
        shape, strides = (2, line.shape[1] - frames + 1, frames), (*line.strides, line.strides[1])
        windows: Audio = np.ndarray(shape, np.float32, line, strides=strides)
        out: Audio = np.zeros((LINES, frames), dtype=np.float32)
        for reach, signs in zip(self._reach, self._signs.T, strict=True):
            heard = windows[reach]
            heard *= signs[:, None]
            out += heard
        return out

    def _step(self, fresh: Audio) -> Audio:
        frames = fresh.shape[1]
        # Lengths sway in a straight line within a block, in a circle over many.
        start = self._length + _SWAY * self.rate * np.sin(2 * np.pi * self.turn)
        self.turn = np.mod(self.turn + self._speed * frames / self.rate, 1.0)
        stop = self._length + _SWAY * self.rate * np.sin(2 * np.pi * self.turn)
        desk = self._desks.get(frames)
        if desk is None:
            desk = self._desks[frames] = _Desk(frames)
        place, whole, index, part = desk.place, desk.whole, desk.index, desk.part
        np.multiply((stop - start)[:, None], desk.share, out=place)
        place += start[:, None]
        np.subtract(self._at + desk.numbers, place, out=place)
        np.floor(place, out=whole)
        place -= whole
        np.copyto(part, place, casting="unsafe")
        np.copyto(index, whole, casting="unsafe")
        index &= self._size - 1
        index += self._rows
        flat, low, high = self._lines.ravel(), desk.first, desk.second
        # "clip" reads without a copy of the result; no index is ever outside.
        flat.take(index, mode="clip", out=low)
        flat[1:].take(index, mode="clip", out=high)
        high -= low
        high *= part
        joined = desk.heard
        joined[:, :1] = self._before
        np.add(low, high, out=joined[:, 1:])
        self._before = joined[:, -1:].copy()
        # Each pass takes a little of the highs: two neighbours' mean has none at half the rate.
        soft = np.subtract(joined[:, :-1], joined[:, 1:], out=desk.soft)
        soft *= np.float32(_DAMPING)
        soft += joined[:, 1:]
        into = self._feedback @ soft + fresh
        first = self._at & (self._size - 1)
        room = min(frames, self._size - first)
        self._lines[:, first : first + room] = into[:, :room]
        self._lines[:, : frames - room] = into[:, room:]
        self._lines[:, -1] = self._lines[:, 0]
        self._at += frames
        return single(self._out @ soft)
