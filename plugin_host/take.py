"""What all takes have in common: a bounded list, filled while it sounds, and a thread that empties it."""

from abc import ABC, abstractmethod
from collections import deque
from pathlib import Path
from typing import Final, Generic, TypeVar

from bridge.worker import pause, start_thread
from plugin_host.errors import HostError
from plugin_host.take_file import KINDS

__all__ = ["JUMP", "PATIENCE", "SETTLE", "Take"]

PATIENCE: Final = 15.0
"""Seconds of sound that are kept while a disk stands still."""
LOOK: Final = 0.05
"""Seconds between two looks whether there is something to write."""
SETTLE: Final = 1.0
"""Seconds of sound between two headers."""
JUMP: Final = 5.0
"""Seconds that a device may leave out and that become silence; beyond that it has begun anew."""
CLOSING: Final = 3.0
"""Seconds that the end of a session waits for a take to be whole."""

Row = TypeVar("Row")


class Take(ABC, Generic[Row]):
    """One take. Who plays only puts rows into a list that is bounded, and waits for nobody.

    Args:
        path: Where to, `.wav` or `.flac`.
        rate: Frames a second.

    Attributes:
        lost: Frames that found no room.
        over: Whether everything is written, or nothing more will be.

    Raises:
        HostError: No file of that name can be written.
    """

    def __init__(self, path: Path, rate: int) -> None:
        if path.suffix.lower() not in KINDS:
            raise HostError(f"a take is a .wav or a .flac file (got {path})")
        self.lost = 0
        self.over = False
        self._rate = rate
        self._blocks: deque[Row] = deque()
        self._kept = 0  # frames put in: only the rendering thread changes this
        self._taken = 0  # frames taken out: only the writing thread changes this
        self._most = int(PATIENCE * rate)
        self._stopping = False

    def start(self) -> None:
        """Begin to write."""
        start_thread("take", self._run)

    def stop(self) -> None:
        """That was all: what was heard until now is still written."""
        self._stopping = True

    def leave(self) -> None:
        """Stop, and wait a moment until all is whole."""
        self.stop()
        for _ in range(int(CLOSING / LOOK)):
            if self.over:
                return
            pause(LOOK)

    def _has_room(self, frames: int) -> bool:
        """Whether so many frames are still taken; what is refused counts as lost. On the rendering thread."""
        if self._stopping or self.over:
            return False
        if self._kept - self._taken + frames > self._most:
            self.lost += frames
            return False
        self._kept += frames
        return True

    def _run(self) -> None:
        try:
            self.begin()
            while not (self._stopping and not self._blocks):
                self.step()
                pause(LOOK)
            self.finish()
        except (OSError, HostError) as error:
            self.give_up(error)

    # What follows is done by the writing thread; a disk may hold it up for as long as it likes.

    @abstractmethod
    def begin(self) -> None:
        """Make what is written to.

        Raises:
            OSError: It cannot be made.
        """

    @abstractmethod
    def step(self) -> None:
        """Write what is there.

        Raises:
            OSError: It cannot be written.
        """

    @abstractmethod
    def finish(self) -> None:
        """Let all be whole, and say where it is.

        Raises:
            OSError: It cannot be written.
        """

    @abstractmethod
    def give_up(self, error: Exception) -> None:
        """End it, and say what there is of it.

        Args:
            error: Why.
        """
