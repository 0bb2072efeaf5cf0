"""The memory through which a process that only looks sees what is played: written, never waited for."""

import contextlib
import mmap
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from plugin_host.audio import Audio

__all__ = ["CAPACITY", "ViewRing"]

CAPACITY: Final = 1 << 15
"""Frames of room: 0.7 s at 48 kHz. Whoever looks less often than that misses what was between."""
_HEAD: Final = 64
_WRITTEN: Final = 0


class ViewRing:
    """The last frames of some channels, in a file that two processes have in memory.

    One writes and never looks whether anybody reads. The count of frames is written after what it stands for;
    a reader looks at it again after it has copied, and throws away what was overwritten meanwhile.

    Args:
        path: A file, made by `create`.
        channels: How many it has room for.
    """

    def __init__(self, path: Path, channels: int) -> None:
        self.path, self.channels = path, channels
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _size(channels))
        self._head: NDArray[np.int64] = np.frombuffer(self._memory, np.int64, _HEAD // 8)
        frames = np.frombuffer(self._memory, np.float32, channels * CAPACITY, _HEAD)
        self._frames: Audio = frames.reshape(channels, CAPACITY)

    @staticmethod
    def create(path: Path, channels: int) -> "ViewRing":
        """Make the file and open it."""
        path.write_bytes(bytes(_size(channels)))
        ring = ViewRing(path, channels)
        ring._frames[:] = 0  # whoever writes first is not to wait for memory
        return ring

    def forget_file(self) -> None:
        """Take the file away; who has it open goes on."""
        with contextlib.suppress(OSError):  # Windows keeps a file that is in use
            self.path.unlink()

    @property
    def written(self) -> int:
        """Frames that were written since it was made."""
        return int(self._head[_WRITTEN])

    # The mixer's side.

    def put(self, first: int, sound: Audio | None, channels: int, frames: int) -> None:
        """Put the next frames of some channels in, before `advance` shows them.

        Args:
            first: The first of the channels.
            sound: Shape (channels, frames); None for silence.
            channels: How many.
            frames: How many, at most 32768.
        """
        rows = self._frames[first : first + channels]
        at = self.written % CAPACITY
        size = min(frames, CAPACITY - at)
        if sound is None:
            rows[:, at : at + size] = 0
            rows[:, : frames - size] = 0
        else:
            rows[:, at : at + size] = sound[:, :size]
            rows[:, : frames - size] = sound[:, size:]

    def advance(self, frames: int) -> None:
        """Show the frames that were put in."""
        self._head[_WRITTEN] += frames

    # The reader's side.

    def read(self, since: int) -> tuple[int, Audio]:
        """Copy what came since a frame, or what is left of that.

        Args:
            since: The first frame that is wanted; from 0, the first that was ever written.

        Returns:
            The first frame that there is, and the sound, shape (channels, frames).
        """
        end = self.written
        # A block may be written at this moment, over what is oldest.
        first = max(since, end - CAPACITY // 2, 0)
        places = np.arange(first, end) % CAPACITY
        sound = self._frames[:, places]
        gone = max(0, self.written + CAPACITY // 4 - CAPACITY - first)
        return first + gone, sound[:, gone:]


def _size(channels: int) -> int:
    return _HEAD + channels * CAPACITY * 4
