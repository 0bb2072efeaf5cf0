"""Many voices read from their waves in one go: phases that wrap by themselves, and waves that cross-fade."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from plugin_host.audio import Audio, Wide
from plugin_host.wavetable import SIZE, Tables

__all__ = ["TURN", "Course", "Desk", "Phase", "WaveReader", "fixed"]

Phase = NDArray[np.uint32]
"""Phases in turns: all 32 bits are one turn, so that it wraps by itself."""

Sides = NDArray[np.uint32]
"""Where the waves of voices lie; each has two, one that it has and one that it comes to."""

Places = NDArray[np.intp]
"""Which voices, by their places in the bank, in order."""

Number = TypeVar("Number", np.uint32, np.int64, np.float32, np.float64)

TURN: Final = 2.0**32
_PART: Final = 20
"""Bits of a phase below the frame of the wave; the 12 above count its 4096 frames."""
_SPAN: Final = SIZE + 16
"""From one wave to the next; more than needed, so that not all of them begin in one line of a cache."""
_CHUNK: Final = 1 << 14
"""Frames that are read together: what they need (600 kB) stays in a processor's second cache."""
_LONG: Final = 512
"""Frames up to which a step that is rounded to 2^-32 turns is exact enough: they go astray by 6e-8 turns."""


def fixed(turns: Wide) -> Phase:
    """Turns as a phase, to the nearest 2^-32.

    >>> fixed(np.array([0.25, 1.5, 0.99999999999])).tolist()
    [1073741824, 2147483648, 0]
    """
    return np.rint(turns * TURN).astype(np.int64).astype(np.uint32)


class Desk:
    """What a block is computed on; new arrays for each would have to be cleared by the system first."""

    __slots__ = ("frame", "index", "part", "phase", "rise", "sound", "wide")

    def __init__(self, size: int) -> None:
        self.phase = np.empty(size, np.uint32)
        self.frame = np.empty(size, np.uint32)
        self.index = np.empty(size, np.int64)
        self.wide = np.empty(size, np.float64)
        self.part = np.empty(size, np.float32)
        self.rise = np.empty(size, np.float32)
        self.sound = np.empty(size, np.float32)


_desk: ContextVar[Desk] = ContextVar("_desk")
# One for all banks of a thread, for it is to stay in the cache; each thread has a context of its own.


def _room_for(size: int) -> Desk:
    desk = _desk.get(None)
    if desk is None or desk.phase.size < size:
        desk = Desk(size)
        _desk.set(desk)
    return desk


class Course:
    """The phases of a bank's voices in a block.

    Args:
        phases: Where they are, in turns, shape (voices, waves).
        turns: How fast each wave is beside the first, of the same shape.
        speeds: Turns a frame of each voice.
        waits: Frames until each begins; 0 for those that have.
        frames: Length of the block.
        moving: Which voices have other speeds from frame to frame, in order.
        runs: How far those have gone, in turns, shape (moving, frames).
    """

    def __init__(
        self,
        phases: Wide,
        turns: Wide,
        speeds: Wide,
        waits: Wide,
        frames: int,
        moving: Places,
        runs: Wide,
    ) -> None:
        self._begin = fixed(phases)[..., None]
        if frames > _LONG:
            every = speeds[:, None] * np.maximum(np.arange(1, frames + 1) - waits[:, None], 0)
            every[moving] = runs
            moving, runs = np.arange(len(speeds)), every
        self._moving, self._runs = moving, runs
        self._step = fixed(turns * speeds[:, None])[..., None]
        self._numbers = np.arange(1, frames + 1, dtype=np.uint32)
        self._late = {
            place: np.maximum(np.arange(1, frames + 1) - waits[place], 0).astype(np.uint32)
            for place in np.flatnonzero(waits).tolist()
        }
        if moving.size:
            self._turns = (turns * TURN)[..., None]

    def fill(self, desk: Desk, places: Places, phase: Phase) -> None:
        """Write the phases of some voices.

        Args:
            desk: Where it is done.
            places: Which, in order.
            phase: Takes them, shape (voices, waves, frames).
        """
        last = len(self._moving)
        if last < len(self._begin):
            np.multiply(self._step[places], self._numbers, out=phase)
        for place, since in self._late.items():
            for late in np.flatnonzero(places == place).tolist():
                np.multiply(self._step[place], since, out=phase[late])
        if last:
            first = np.minimum(np.searchsorted(self._moving, places), last - 1)
            here = np.flatnonzero(self._moving[first] == places)
            shape = (len(here), *phase.shape[1:])
            wide, whole = _shaped(desk.wide, shape), _shaped(desk.index, shape)
            np.multiply(self._turns[places[here]], self._runs[first[here], None], out=wide)
            # By way of whole numbers of 64 bits, of which what is below a turn stays.
            np.copyto(whole, wide, casting="unsafe")
            if len(here) == len(phase):
                np.copyto(phase, whole, casting="unsafe")
            else:
                phase[here] = whole
        phase += self._begin[places]


class WaveReader:
    """The waves that a bank's voices have now, and the reading of them.

    Args:
        weights: How loud each wave of a voice is in each of its channels, shape (channels, waves).
        rooms: Voices to have room for at first; 32 kB each, which the system gives when they are used.

    Source: linear interpolation; Moore, "Table Lookup Noise for Sinusoidal Digital Oscillators", 1977.
    """

    def __init__(self, weights: Audio, rooms: int) -> None:
        self.weights = weights
        self._plain = weights.shape == (1, 1) and weights[0, 0] == 1
        self._pool: Audio = np.zeros(rooms * 2 * _SPAN, np.float32)
        self._free = list(range(0, self._pool.size, 2 * _SPAN))[::-1]
        self._share: Audio = np.zeros(0, np.float32)

    def take(self) -> int:
        """Room for a voice: where the first of its two waves lies."""
        if not self._free:
            size = self._pool.size
            self._pool = np.concatenate((self._pool, np.zeros_like(self._pool)))
            self._free = list(range(size, 2 * size, 2 * _SPAN))[::-1]
        return self._free.pop()

    def give(self, room: int) -> None:
        """Have a voice's room back."""
        self._free.append(room)

    @staticmethod
    def others(sides: Sides) -> Sides:
        """Where the other waves of some voices lie."""
        return np.where(sides // _SPAN % 2, sides - _SPAN, sides + _SPAN).astype(np.uint32)

    def lay(self, side: int, source: Tables, octaves: float) -> None:
        """Write a wave.

        Args:
            side: Where.
            source: The waves.
            octaves: From the root to the filter.
        """
        source.write(octaves, self._pool[side : side + SIZE + 1])

    def read(
        self,
        sides: Sides,
        fresh: "NDArray[np.bool_]",
        course: Course,
        out: Audio,
        sub: "Callable[[int, Phase], Audio] | None" = None,
    ) -> None:
        """Read all voices, some at a time.

        Args:
            sides: Where the wave of each lies that it has had until now.
            fresh: Which of them come to their other wave in this block.
            course: Their phases.
            out: Takes the sound, shape (voices, channels, frames).
            sub: Told the first of some voices and the phases of their first waves: what is to be added.
        """
        voices, _, frames = out.shape
        waves = self.weights.shape[1]
        if len(self._share) != frames:
            self._share = np.arange(1, frames + 1, dtype=np.float32)
            self._share /= np.float32(frames)
        some = max(1, _CHUNK // (waves * frames))
        desk = _room_for(some * waves * frames)
        every: Places = np.arange(voices, dtype=np.intp)
        coming: Places = np.flatnonzero(fresh)
        beneath: Audio = np.empty((voices if sub else 0, frames), np.float32)
        for first in range(0, voices, some):
            places = every[first : first + some]
            phase, sound = self._waves(desk, course, places, sides[places])
            into = out[first : first + some]
            if self._plain:
                into[:] = sound
            else:
                np.matmul(self.weights, sound, out=into)
            if sub is not None:
                beneath[first : first + some] = sub(first, phase[:, 0])
        for first in range(0, len(coming), some):
            places = coming[first : first + some]
            _, sound = self._waves(desk, course, places, self.others(sides[places]))
            after = sound if self._plain else np.matmul(self.weights, sound)
            before = out[places]
            after -= before
            after *= self._share
            before += after
            out[places] = before
        if sub is not None:
            out += beneath[:, None]

    def _waves(self, desk: Desk, course: Course, places: Places, sides: Sides) -> tuple[Phase, Audio]:
        """Where some voices are in this block, and what their waves are there."""
        shape = (len(places), self.weights.shape[1], len(self._share))
        phase, frame = _shaped(desk.phase, shape), _shaped(desk.frame, shape)
        index, part = _shaped(desk.index, shape), _shaped(desk.part, shape)
        rise, sound = _shaped(desk.rise, shape), _shaped(desk.sound, shape)
        course.fill(desk, places, phase)
        np.bitwise_and(phase, (1 << _PART) - 1, out=frame)
        np.copyto(part, frame.view(np.int32), casting="unsafe")
        part *= np.float32(2.0**-_PART)
        np.right_shift(phase, _PART, out=frame)
        frame += sides[:, None, None]
        np.copyto(index, frame)
        # "clip" reads without a copy of the result; no index is ever outside.
        self._pool.take(index, mode="clip", out=sound)
        self._pool[1:].take(index, mode="clip", out=rise)
        rise -= sound
        rise *= part
        sound += rise
        return phase, sound


def _shaped(room: NDArray[Number], shape: tuple[int, ...]) -> NDArray[Number]:
    return room[: shape[0] * shape[1] * shape[2]].reshape(shape)
