"""Records what is played: blocks from the rendering thread, written by a thread that may take its time."""

import contextlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from plugin_host.audio import Audio
from plugin_host.take import JUMP, SETTLE, Take
from plugin_host.take_file import LONGEST, TakeFile, open_take

__all__ = ["Recorder"]

Open = Callable[[Path, int, int], TakeFile]


class Recorder(Take[tuple[int, Audio]]):
    """One take: a file, or several where one would grow too long.

    `hear` only puts blocks into a list that is bounded; it waits for nobody. Where the disk does not follow,
    what finds no room becomes silence in the file, of which is told; never does the sound itself break off.

    Args:
        path: Where to, `.wav` or `.flac`; a file there is kept, and the take gets a number.
        rate: Frames a second.
        notice: Takes a line for the musician.
        channels: How many.
        opened: Opens the file; another one for tests.
        longest: Bytes of a WAV file.

    Attributes:
        path: Where it goes.
        lost: Frames that found no room.
        over: Whether everything is written, or nothing more will be.

    Raises:
        HostError: No file of that name can be written.
    """

    def __init__(
        self,
        path: Path,
        rate: int,
        notice: Callable[[str], None],
        *,
        channels: int = 2,
        opened: Open = open_take,
        longest: int = LONGEST,
    ) -> None:
        super().__init__(path, rate)
        self.path = self._name = path
        self._channels = channels
        self._notice, self._open = notice, opened
        self._longest = longest // (4 * channels) if path.suffix.lower() == ".wav" else 0
        self._told = 0
        self._base: int | None = None
        self._at = 0
        self._settled = 0
        self._file: TakeFile | None = None

    def hear(self, position: int, audio: Audio) -> None:
        """Take the next block; on the rendering thread.

        Args:
            position: The device's frame that comes first.
            audio: Shape (channels, frames).
        """
        if self._has_room(audio.shape[1]):
            self._blocks.append((position, audio.copy()))

    # What follows is done by the writing thread; a disk may hold it up for as long as it likes.

    def begin(self) -> None:
        """Make the file.

        Raises:
            OSError: It cannot be written.
        """
        self.path = _free(self._name)
        self._file = self._open(self.path, self._channels, self._rate)
        self._notice(f"recording to {self.path}")

    def step(self) -> None:
        """Write what is there.

        Raises:
            OSError: It cannot be written.
        """
        parts: list[Audio] = []
        while self._blocks:
            position, audio = self._blocks.popleft()
            parts += self._silence_before(position)
            parts.append(audio)
            self._at += audio.shape[1]
            self._taken += audio.shape[1]
        if parts:
            self._write(np.concatenate(parts, axis=1))
        if self._file is not None and self._at - self._settled >= SETTLE * self._rate:
            self._file.settle()
            self._settled = self._at
        if self.lost - self._told >= self._rate or (self.lost > self._told == 0):
            self._told = self.lost
            silent = f"{self.lost / self._rate:.1f} s of {self.path.name}"
            self._notice(f"the disk does not follow: {silent} are silent; the music goes on")

    def finish(self) -> None:
        """Let the file be whole, and say where it is.

        Raises:
            OSError: It cannot be written.
        """
        if self._file is not None:
            self._file.close()
        lost = f", of which {self.lost / self._rate:.1f} s are silent: the disk did not follow"
        self._notice(f"recorded: {self.path}, {self._at / self._rate:.1f} s{lost if self.lost else ''}")
        self.over = True

    def give_up(self, error: Exception) -> None:
        """End it, and say what there is of it.

        Args:
            error: Why.
        """
        self._stopping = True
        self._blocks.clear()
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        if self._file is None:
            self._notice(f"cannot record to {self.path}: {why}; the music goes on")
        else:
            with contextlib.suppress(OSError):  # then the header tells of the last whole second
                self._file.close()
            seconds = self._file.frames / self._rate
            self._notice(
                f"the take ended, the music goes on: {why}; {self.path} has {seconds:.1f} s and can be read"
            )
        self.over = True

    def _silence_before(self, position: int) -> list[Audio]:
        """What is missing before a block, so that all that follows lies at its time."""
        if self._base is None:
            self._base = position
        gap = position - self._base - self._at
        if not 0 <= gap <= JUMP * self._rate + self.lost:
            self._base, gap = position - self._at, 0
        if not gap:
            return []
        self._at += gap
        return [np.zeros((self._channels, gap), np.float32)]

    def _write(self, audio: Audio) -> None:
        file = self._file
        while file is not None and self._longest and file.frames + audio.shape[1] > self._longest:
            room = self._longest - file.frames
            file.write(audio[:, :room])
            audio = audio[:, room:]
            file.close()
            former, self.path = self.path, _free(self._name)
            file = self._file = self._open(self.path, self._channels, self._rate)
            self._notice(f"{former.name} is as long as such a file may be; the take goes on in {self.path}")
        if file is not None:
            file.write(audio)


def _free(path: Path) -> Path:
    """A name that is not taken, such as `take.wav`, `take-2.wav` or `take-3.wav`."""
    stem = path.stem
    number = 1
    while path.exists():
        number += 1
        path = path.with_name(f"{stem}-{number}{path.suffix}")
    return path
