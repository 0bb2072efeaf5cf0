"""Records each instrument for itself while it plays: files of one length, which lie together in a DAW."""

import contextlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

import numpy as np

from plugin_host.audio import Audio
from plugin_host.take import JUMP, SETTLE, Take
from plugin_host.take_file import TakeFile, open_take

__all__ = ["Parted", "StemRecorder"]

MANY: Final = 24
"""Instruments that one take holds; a session has fewer."""


@runtime_checkable
class Parted(Protocol):
    """Instruments that tell what each of them gave to a block; see `plugin_host.rack.Rack`."""

    parts: dict[str, Audio] | None


Parts = Mapping[str, Audio]
Open = Callable[[Path, int, int], TakeFile]


class StemRecorder(Take[tuple[int, int, dict[str, Audio]]]):
    """One take, as a folder with a file for each instrument; `plugin_host.recorder` takes the whole.

    Args:
        path: As of the take of the whole: `take.wav` has its stems in `take stems`.
        rate: Frames a second.
        notice: Takes a line for the musician.
        late: Frames by which the whole comes later than its parts; so much silence begins each file.
        opened: Opens a file; another one for tests.

    Attributes:
        folder: Where they go.
        lost: Frames that found no room.
        over: Whether everything is written, or nothing more will be.

    Raises:
        HostError: No files of that name can be written.
    """

    def __init__(
        self, path: Path, rate: int, notice: Callable[[str], None], late: int = 0, *, opened: Open = open_take
    ) -> None:
        super().__init__(path, rate)
        self.folder = path.with_name(f"{path.stem} stems")
        self._path, self._kind, self._late = path, path.suffix, late
        self._notice, self._open = notice, opened
        self._base: int | None = None
        self._files: dict[str, TakeFile] = {}
        self._refused: set[str] = set()
        self._length = 0
        self._settled = 0

    def hear(self, position: int, frames: int, parts: Parts) -> None:
        """Take what each instrument gave in the next block; on the rendering thread.

        Args:
            position: The device's frame that comes first.
            frames: How long the block is.
            parts: By name, shape (2, frames); what is silent is left out.
        """
        if self._has_room(frames):
            self._blocks.append((position, frames, {name: sound.copy() for name, sound in parts.items()}))

    # What follows is done by the writing thread.

    def begin(self) -> None:
        """Make the folder.

        Raises:
            OSError: It cannot be made.
        """
        number = 1
        while self.folder.exists():
            number += 1
            self.folder = self._path.with_name(f"{self._path.stem} stems-{number}")
        self.folder.mkdir()
        self._length = self._late

    def step(self) -> None:
        """Write what is there.

        Raises:
            OSError: It cannot be written.
        """
        rows: list[tuple[int, int, dict[str, Audio]]] = []
        end = self._length
        while self._blocks:
            position, frames, parts = self._blocks.popleft()
            at = self._place(position, end)
            rows.append((at, frames, parts))
            end = at + frames
            self._taken += frames
        if not rows:
            return
        names = dict.fromkeys([*self._files, *(name for _, _, parts in rows for name in parts)])
        for name in names:
            sound = np.zeros((2, end - self._length), np.float32)
            for at, frames, parts in rows:
                if name in parts:
                    first = at - self._length
                    sound[:, first : first + frames] = parts[name]
            file = self._file(name)
            if file is not None:
                file.write(sound)
        self._length = end
        if end - self._settled >= SETTLE * self._rate:
            self._settled = end
            for file in self._files.values():
                file.settle()

    def finish(self) -> None:
        """Let the files be whole, and say where they are.

        Raises:
            OSError: They cannot be written.
        """
        for file in self._files.values():
            file.close()
        lost = f", of which {self.lost / self._rate:.1f} s are silent: the disk did not follow"
        names = ", ".join(self._files) or "nothing sounded"
        seconds = f"{self._length / self._rate:.1f} s"
        self._notice(f"recorded: {self.folder}, {seconds}: {names}{lost if self.lost else ''}")
        self.over = True

    def give_up(self, error: Exception) -> None:
        """End it, and say so.

        Args:
            error: Why.
        """
        self._stopping = True
        self._blocks.clear()
        for file in self._files.values():
            with contextlib.suppress(OSError):
                file.close()
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        self._notice(f"the stems ended, the music goes on: {why}; what is in {self.folder} can be read")
        self.over = True

    def _place(self, position: int, end: int) -> int:
        """Where a block lies in the files, of which so much is there."""
        if self._base is None:
            self._base = position - end
        at = position - self._base
        if not 0 <= at - end <= JUMP * self._rate + self.lost:
            self._base, at = position - end, end
        return at

    def _file(self, name: str) -> TakeFile | None:
        """The file of an instrument, with silence up to now if it is new."""
        file = self._files.get(name)
        if file is None and name not in self._refused:
            if len(self._files) >= MANY:
                self._refused.add(name)
                self._notice(f"a take holds {MANY} instruments: {name} has no stem")
                return None
            plain = re.sub(r"[^\w.-]+", "_", name).strip("._") or "stem"
            file = self._open(self.folder / f"{plain}{self._kind}", 2, self._rate)
            self._files[name] = file
            for first in range(0, self._length, self._rate):
                file.write(np.zeros((2, min(self._rate, self._length - first)), np.float32))
        return file
