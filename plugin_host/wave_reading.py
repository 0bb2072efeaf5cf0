"""Many voices read from their waves in one go: phases that wrap by themselves, and waves that cross-fade."""

from collections.abc import Callable
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from plugin_host.audio import Audio, Wide
from plugin_host.wavetable import SIZE, Tables

__all__ = ["OTHER", "TURN", "Course", "Phase", "WaveReader", "fixed"]

Phase = NDArray[np.uint32]
"""Phases in turns: all 32 bits are one turn, so that it wraps by itself."""

Number = TypeVar("Number", np.uint32, np.int64, np.float32)

TURN: Final = 2.0**32
_PART: Final = 20
"""Bits of a phase below the frame of the wave; the 12 above count its 4096 frames."""
_ROOM: Final = 4 * SIZE
"""What a voice has: twice a wave, and how much it rises from each frame to the next."""
OTHER: Final = 2 * SIZE
"""A voice's other side: the place of the one, with this bit turned."""
_CHUNK: Final = 1 << 14
"""Frames that are read together: what they need (500 kB) stays in a processor's second cache."""


_LONG: Final = 512
"""Frames up to which a step that is rounded to 2^-32 turns is exact enough: they go astray by 6e-8 turns."""


def fixed(turns: Wide) -> Phase:
    """Turns as a phase, to the nearest 2^-32.

    >>> fixed(np.array([0.25, 1.5, 0.99999999999])).tolist()
    [1073741824, 2147483648, 0]
    """
    return np.rint(turns * TURN).astype(np.int64).astype(np.uint32)


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
        moving: "NDArray[np.intp]",
        runs: Wide,
    ) -> None:
        self._begin = fixed(phases)[..., None]
        self._turns = (turns * TURN)[..., None]
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

    def fill(self, part: slice, phase: Phase) -> None:
        """Write the phases of some voices, shape (voices, waves, frames)."""
        first, last = np.searchsorted(self._moving, (part.start, part.stop)).tolist()
        if last - first < len(phase):
            np.multiply(self._step[part], self._numbers, out=phase)
            for place, since in self._late.items():
                if part.start <= place < part.stop:
                    np.multiply(self._step[place], since, out=phase[place - part.start])
        if last > first:
            places = self._moving[first:last]
            # By way of whole numbers of 64 bits, of which what is below a turn stays.
            wide = (self._turns[places] * self._runs[first:last, None]).astype(np.int64)
            phase[places - part.start] = wide.astype(np.uint32)
        phase += self._begin[part]


class WaveReader:
    """The waves that a bank's voices have now, and the reading of them.

    Args:
        weights: How loud each wave of a voice is in each of its channels, shape (channels, waves).
        rooms: Voices to have room for at first; 64 kB each, which the system gives when they are used.

    Source: linear interpolation; Moore, "Table Lookup Noise for Sinusoidal Digital Oscillators", 1977.
    """

    def __init__(self, weights: Audio, rooms: int) -> None:
        self.weights = weights
        self._plain = weights.shape == (1, 1) and weights[0, 0] == 1
        self._pool: Audio = np.zeros(rooms * _ROOM, np.float32)
        self._free = list(range(rooms))[::-1]
        self._share: Audio = np.zeros(0, np.float32)
        self._make_room(0)

    def _make_room(self, size: int) -> None:
        """Have arrays to compute in; new ones in each block would have to be cleared by the system."""
        self._size = size
        self._frame = np.empty(size, np.uint32)
        self._phase = np.empty(size, np.uint32)
        self._index = np.empty(size, np.int64)
        self._part = np.empty(size, np.float32)
        self._rise = np.empty(size, np.float32)
        self._sound = np.empty(size, np.float32)

    def take(self) -> int:
        """Room for a voice."""
        if not self._free:
            rooms = self._pool.size // _ROOM
            self._pool = np.concatenate((self._pool, np.zeros_like(self._pool)))
            self._free = list(range(rooms, 2 * rooms))[::-1]
        return self._free.pop() * _ROOM

    def give(self, room: int) -> None:
        """Have a voice's room back; each of a voice's two sides is the same to it."""
        self._free.append(room // _ROOM)

    def lay(self, side: int, source: Tables, octaves: float) -> None:
        """Write a wave.

        Args:
            side: Where: the room of a voice, or that plus twice SIZE.
            source: The waves.
            octaves: From the root to the filter.
        """
        pool = self._pool
        source.write(octaves, pool[side : side + SIZE], pool[side + SIZE : side + 2 * SIZE], _PART)

    def read(
        self,
        sides: "NDArray[np.uint32]",
        fresh: "NDArray[np.bool_]",
        course: Course,
        out: Audio,
        sub: "Callable[[slice, Phase, Audio], None] | None" = None,
    ) -> None:
        """Read all voices, some at a time.

        Args:
            sides: Where the wave of each lies that it has had until now.
            fresh: Which of them come to their other wave in this block.
            course: Their phases.
            out: Takes the sound, shape (voices, channels, frames).
            sub: Told the same, with the phases of the first waves, adds to the sound.
        """
        voices, _, frames = out.shape
        waves = self.weights.shape[1]
        if len(self._share) != frames:
            self._share = np.arange(1, frames + 1, dtype=np.float32)
            self._share /= np.float32(frames)
        some = max(1, _CHUNK // (waves * frames))
        if some * waves * frames > self._size:
            self._make_room(some * waves * frames)
        for first in range(0, voices, some):
            part = slice(first, min(first + some, voices))
            shape = (part.stop - first, waves, frames)
            phase = _shaped(self._phase, shape)
            course.fill(part, phase)
            sound = self._waves(phase, sides[part, None, None], np.flatnonzero(fresh[part]))
            if self._plain:
                out[part] = sound
            else:
                np.matmul(self.weights, sound, out=out[part])
            if sub is not None:
                sub(part, phase[:, 0], out[part])

    def _waves(self, phase: Phase, sides: "NDArray[np.uint32]", fresh: "NDArray[np.intp]") -> Audio:
        """What the waves are at their phases."""
        shape = phase.shape
        frame, index = _shaped(self._frame, shape), _shaped(self._index, shape)
        part, rise = _shaped(self._part, shape), _shaped(self._rise, shape)
        sound = _shaped(self._sound, shape)
        np.bitwise_and(phase, (1 << _PART) - 1, out=frame)
        np.copyto(part, frame.view(np.int32), casting="unsafe")
        np.right_shift(phase, _PART, out=frame)
        frame += sides
        np.copyto(index, frame)
        self._at(index, part, rise, sound)
        if fresh.size:
            there = (frame[fresh] ^ np.uint32(OTHER)).astype(np.int64)
            after = np.empty(there.shape, np.float32)
            self._at(there, part[fresh], rise[: len(fresh)], after)
            before = sound[fresh]
            after -= before
            after *= self._share
            after += before
            sound[fresh] = after
        return sound

    def _at(self, index: "NDArray[np.int64]", part: Audio, rise: Audio, sound: Audio) -> None:
        # "clip" reads without a copy of the result; no index is ever outside.
        self._pool.take(index, mode="clip", out=sound)
        self._pool[SIZE:].take(index, mode="clip", out=rise)
        rise *= part
        sound += rise


def _shaped(room: NDArray[Number], shape: tuple[int, ...]) -> NDArray[Number]:
    return room[: shape[0] * shape[1] * shape[2]].reshape(shape)
