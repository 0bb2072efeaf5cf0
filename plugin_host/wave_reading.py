"""Many voices read from their waves in one go: phases that wrap by themselves, and waves that cross-fade."""

from collections.abc import Callable
from contextvars import ContextVar
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from plugin_host.audio import Audio, Wide
from plugin_host.wavetable import SIZE, Tables

__all__ = ["LONG", "SPAN", "TURN", "Course", "Desk", "Phase", "Sides", "WaveReader", "fixed"]

Phase = NDArray[np.uint32]
"""Phases in turns: all 32 bits are one turn, so that it wraps by itself."""

Sides = NDArray[np.uint32]
"""Where the waves of voices lie; each has two, one that it has and one that it comes to."""

TURN: Final = 2.0**32
_PART: Final = 20
"""Bits of a phase below the frame of the wave; the 12 above count its 4096 frames."""
SPAN: Final = SIZE + 16
"""From one wave to the next; more than needed, so that not all of them begin in one line of a cache."""
_CHUNK: Final = 1 << 15
"""Frames that are read together: what they need (650 kB) stays in a processor's second cache."""
LONG: Final = 512
"""Frames up to which a step that is rounded to 2^-32 turns is exact enough: they go astray by 6e-8 turns."""
_FINE: Final = 8
"""Bits of a phase that are left out where waves run apart, so that single precision is enough and 128 turns
have room: they go astray by 6e-8 turns."""


def fixed(turns: Wide) -> Phase:
    """Turns as a phase, to the nearest 2^-32.

    >>> fixed(np.array([0.25, 1.5, 0.99999999999])).tolist()
    [1073741824, 2147483648, 0]
    """
    return np.rint(turns * TURN).astype(np.int64).astype(np.uint32)


def _floored(turns: Wide) -> Phase:
    """The same, to the next below: what is but a part of a frame off in many is not worth two passes."""
    return (turns * TURN).astype(np.int64).astype(np.uint32)


@lru_cache(maxsize=16)
def _numbers(frames: int) -> Phase:
    return np.arange(1, frames + 1, dtype=np.uint32)


class Desk:
    """What some voices are computed on; the system would have to clear new arrays for each block first.

    Args:
        room: What it is laid out on.
        shape: Voices, waves of each, frames.
    """

    __slots__ = ("frame", "index", "part", "phase", "rise", "sound")

    def __init__(self, room: "_Room", shape: tuple[int, int, int]) -> None:
        size = shape[0] * shape[1] * shape[2]
        self.index = room.index[:size].reshape(shape)
        self.part: Audio = room.parts[0, :size].reshape(shape)
        # What is read lies where phases and frames were, which are of no use any more then: so more of it
        # stays in the cache.
        self.sound: Audio = room.parts[1, :size].reshape(shape)
        self.rise: Audio = room.parts[2, :size].reshape(shape)
        self.phase: Phase = self.sound.view(np.uint32)
        self.frame: Phase = self.rise.view(np.uint32)


class _Room:
    """Where desks are laid out, one at a time."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.index = np.empty(size, np.int64)
        self.parts = np.empty((3, size), np.float32)
        self.desks: dict[tuple[int, int, int], Desk] = {}


_rooms: ContextVar[tuple[_Room, _Room]] = ContextVar("_rooms")
# Two for all banks of a thread, for they are to stay in the cache; each thread has a context of its own.


def _desk(place: int, shape: tuple[int, int, int]) -> Desk:
    """One of two desks of that shape; it holds until the next is asked for."""
    rooms = _rooms.get(None)
    size = shape[0] * shape[1] * shape[2]
    if rooms is None or rooms[0].size < size:
        rooms = (_Room(size), _Room(size))
        _rooms.set(rooms)
    desks = rooms[place].desks
    desk = desks.get(shape)
    if desk is None:
        desk = desks[shape] = Desk(rooms[place], shape)
    return desk


class Course:
    """The phases of a bank's voices in a block.

    Args:
        phases: Where they are, in turns, shape (voices, waves).
        turns: How fast each wave is beside the first, of the same shape.
        steps: Turns a frame of each wave, as phases, of the same shape.
        frames: Length of the block.
        waits: Frames until each voice begins; 0 for those that have.
        runs: How far each has gone, in turns, shape (voices, frames), where speeds move within the block.
    """

    def __init__(
        self, phases: Wide, turns: Wide, steps: Phase, frames: int, waits: Wide | None, runs: Wide | None
    ) -> None:
        self._begin = fixed(phases)[..., None]
        self._step = steps[..., None]
        self._numbers = _numbers(frames)
        self._late: list[tuple[int, Phase]] = []
        self._base: Phase | None = None
        if runs is not None:
            self._base = _floored(runs)[:, None]
            if turns.shape[1] > 1:
                # What the others run ahead of the first is little: single precision has room for it.
                self._runs = runs.astype(np.float32)[:, None]
                self._apart = ((turns - 1) * (TURN / (1 << _FINE))).astype(np.float32)[..., None]
        elif waits is not None:
            numbers = np.arange(1, frames + 1)
            self._late = [
                (place, np.maximum(numbers - waits[place], 0).astype(np.uint32))
                for place in np.flatnonzero(waits).tolist()
            ]

    def fill(self, first: int, desk: Desk) -> None:
        """Write the phases of the voices from some place on, as many as there is room for."""
        phase = desk.phase
        last = first + len(phase)
        if self._base is None:
            np.multiply(self._step[first:last], self._numbers, out=phase)
            for place, since in self._late:
                if first <= place < last:
                    np.multiply(self._step[place], since, out=phase[place - first])
            phase += self._begin[first:last]
            return
        if phase.shape[1] == 1:
            np.add(self._base[first:last], self._begin[first:last], out=phase)
            return
        np.multiply(self._apart[first:last], self._runs[first:last], out=desk.part)
        np.copyto(phase.view(np.int32), desk.part, casting="unsafe")
        np.left_shift(phase, _FINE, out=phase)
        phase += self._begin[first:last]
        phase += self._base[first:last]


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
        self._pool: Audio = np.zeros(rooms * 2 * SPAN, np.float32)
        self._free = list(range(0, self._pool.size, 2 * SPAN))[::-1]
        self._share: Audio = np.zeros(0, np.float32)

    def take(self) -> int:
        """Room for a voice: where the first of its two waves lies; the other is SPAN further on."""
        if not self._free:
            size = self._pool.size
            self._pool = np.concatenate((self._pool, np.zeros_like(self._pool)))
            self._free = list(range(size, 2 * size, 2 * SPAN))[::-1]
        return self._free.pop()

    def give(self, room: int) -> None:
        """Have a voice's room back."""
        self._free.append(room)

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
        after: Sides,
        course: Course,
        out: Audio,
        sub: "Callable[[int, Phase], Audio] | None" = None,
    ) -> None:
        """Read all voices, some at a time.

        Args:
            sides: Where the wave of each lies that it has had until now.
            after: Where that lies that it comes to in this block; the same array if none comes to another.
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
        for first in range(0, voices, some):
            into = out[first : first + some]
            desk = _desk(0, (len(into), waves, frames))
            course.fill(first, desk)
            here = sides[first : first + some]
            beneath = None if sub is None else sub(first, desk.phase[:, 0])
            self._find(desk, here)
            self._hear(desk, into)
            if after is not sides:
                self._cross(desk, here, after[first : first + some], into)
            if beneath is not None:
                into += beneath[:, None]

    @staticmethod
    def _find(desk: Desk, sides: Sides) -> None:
        """Where the phases lie in the waves: behind which frame, and how far behind it."""
        frame, part = desk.frame, desk.part
        np.bitwise_and(desk.phase, (1 << _PART) - 1, out=frame)
        np.copyto(part, frame.view(np.int32), casting="unsafe")
        part *= np.float32(2.0**-_PART)
        np.right_shift(desk.phase, _PART, out=frame)
        frame += sides[:, None, None]
        np.copyto(desk.index, frame)

    def _hear(self, desk: Desk, into: Audio) -> None:
        """What the waves are there, between two frames of theirs, as loud as each is."""
        index, rise, sound = desk.index, desk.rise, desk.sound
        # "wrap" reads without a copy of the result, and sooner than "clip"; no index is ever outside.
        self._pool.take(index, mode="wrap", out=sound)
        self._pool[1:].take(index, mode="wrap", out=rise)
        rise -= sound
        rise *= desk.part
        if self._plain:
            np.add(sound, rise, out=into)
            return
        sound += rise
        np.matmul(self.weights, sound, out=into)

    def _cross(self, desk: Desk, sides: Sides, after: Sides, into: Audio) -> None:
        """Let some voices come to their other waves, which are read at the same places."""
        (coming,) = (after != sides).nonzero()
        if not coming.size:
            return
        aside = _desk(1, (len(coming), *desk.index.shape[1:]))
        desk.index.take(coming, axis=0, mode="clip", out=aside.index)
        desk.part.take(coming, axis=0, mode="clip", out=aside.part)
        aside.index += (after[coming].astype(np.int64) - sides[coming])[:, None, None]
        old, new = into[coming], np.empty((len(coming), *into.shape[1:]), np.float32)
        self._hear(aside, new)
        new -= old
        new *= self._share
        old += new
        into[coming] = old
