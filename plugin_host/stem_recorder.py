"""Records each instrument for itself while it plays: files of one length, which lie together in a DAW."""

import contextlib
import re
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

import numpy as np

from bridge.worker import pause, start_thread
from plugin_host.audio import Audio
from plugin_host.errors import HostError
from plugin_host.recorder import CLOSING, JUMP, LOOK, PATIENCE, SETTLE
from plugin_host.take_file import KINDS, TakeFile, open_take

__all__ = ["Parted", "StemRecorder"]

MANY: Final = 24
"""Instruments that one take holds; a session has fewer."""


@runtime_checkable
class Parted(Protocol):
    """Instruments that tell what each of them gave to a block; see `plugin_host.rack.Rack`."""

    parts: dict[str, Audio] | None


Parts = Mapping[str, Audio]
Open = Callable[[Path, int, int], TakeFile]


class StemRecorder:
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
        if path.suffix.lower() not in KINDS:
            raise HostError(f"a take is a .wav or a .flac file (got {path})")
        self.folder = path.with_name(f"{path.stem} stems")
        self.lost = 0
        self.over = False
        self._path, self._kind, self._rate, self._late = path, path.suffix, rate, late
        self._notice, self._open = notice, opened
        self._blocks: deque[tuple[int, int, dict[str, Audio]]] = deque()
        self._kept = self._taken = 0
        self._stopping = False
        self._base: int | None = None
        self._files: dict[str, TakeFile] = {}
        self._refused: set[str] = set()
        self._length = 0
        self._settled = 0

    def start(self) -> None:
        """Begin to write."""
        start_thread("stems", self._run)

    def hear(self, position: int, frames: int, parts: Parts) -> None:
        """Take what each instrument gave in the next block; on the rendering thread.

        Args:
            position: The device's frame that comes first.
            frames: How long the block is.
            parts: By name, shape (2, frames); what is silent is left out.
        """
        if self._stopping or self.over:
            return
        if self._kept - self._taken + frames > PATIENCE * self._rate:
            self.lost += frames
            return
        self._kept += frames
        self._blocks.append((position, frames, {name: sound.copy() for name, sound in parts.items()}))

    def stop(self) -> None:
        """That was all: what was heard until now is still written."""
        self._stopping = True

    def leave(self) -> None:
        """Stop, and wait a moment until the files are whole."""
        self.stop()
        for _ in range(int(CLOSING / LOOK)):
            if self.over:
                return
            pause(LOOK)

    def _run(self) -> None:
        try:
            self.begin()
            while not (self._stopping and not self._blocks):
                self.step()
                pause(LOOK)
            self.finish()
        except (OSError, HostError) as error:
            self.give_up(error)

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
