"""All sounds that samplers play, in one bounded memory: read beside the sound, let go when unused."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from bridge.worker import start_thread
from plugin_host.recordings import Recording, Wanted, read_recording

__all__ = ["MEMORY", "SoundSetup", "SoundStore"]

MEMORY: Final = 512
"""Megabytes of sounds that are kept, unless the settings say otherwise."""

Read = Callable[[Wanted, int, int, Callable[[str], None]], Recording]


@dataclass(frozen=True, slots=True)
class SoundSetup:
    """How sounds are kept.

    Args:
        memory: Megabytes of them.
        beside: Whether they are read in a thread of their own, and never waited for: where time counts.
        read: Reads one; another one for tests.
    """

    memory: float = MEMORY
    beside: bool = False
    read: Read = read_recording


@dataclass(slots=True)
class _Kept:
    recording: Recording
    used: int


class SoundStore:
    """The sounds of one rack.

    Where time counts, `fetch` gives what is there and never waits; reading is done in a thread of its own,
    in the order in which sounds are foreseen. Else a sound is read when it is asked for.

    Args:
        rate: Frames a second of the rack.
        setup: How much is kept, and how it is read.
        report: Takes one line about what cannot be played; from any thread.
    """

    def __init__(self, rate: int, setup: SoundSetup, report: Callable[[str], None]) -> None:
        self.rate = rate
        self.limit = int(setup.memory * 1_000_000)
        self._setup = setup
        self._report = report
        self._kept: dict[Wanted, _Kept] = {}
        self._refused: dict[Wanted, tuple[int, int]] = {}
        self._let_go: set[Wanted] = set()
        self._asked: set[Wanted] = set()
        self._bytes = 0
        self._uses = count()
        self._orders: SimpleQueue[Callable[[], object] | None] = SimpleQueue()
        self._started = False

    @property
    def bytes(self) -> int:
        """The memory that all of them take."""
        return self._bytes

    def __contains__(self, wanted: Wanted) -> bool:
        """Whether a sound is there."""
        return wanted in self._kept

    def fetch(self, wanted: Wanted) -> Recording | None:
        """A sound that is to be played now; None if it cannot be had, of which is told.

        Args:
            wanted: Which.
        """
        if not self._setup.beside:
            self._read(wanted)
        kept = self._kept.get(wanted)
        if kept is not None:
            kept.used = next(self._uses)
            return kept.recording
        if wanted in self._let_go:
            self._report(
                f"{wanted.path.name} was let go before its note was due: more is played at a time than the"
                f" {self._setup.memory:g} MB that sounds may take; set memory under [samples] in sempre.toml"
            )
        elif wanted not in self._refused:
            self._report(f"{wanted.path.name} was still being read when its note was due; the note is lost")
        self.foresee((wanted,))
        return None

    def read_now(self, wanted: Wanted, else_: str) -> Recording | None:
        """Read a sound that is not kept here, and wait for it; None if it cannot be had, of which is told.

        Args:
            wanted: Which.
            else_: What happens without it, for the message.
        """
        try:
            return self._setup.read(wanted, self.rate, self.limit, self._report)
        except (MemoryError, OSError, RuntimeError, ValueError) as error:
            self._report(f"{wanted.path.name} cannot be read: {error or repr(error)}; {else_}")
            return None

    def foresee(self, several: Iterable[Wanted]) -> None:
        """Have sounds read that will be played soon; from any thread.

        Args:
            several: Which, the first ones first.
        """
        for wanted in several:
            kept = self._kept.get(wanted)
            if kept is not None:
                kept.used = next(self._uses)
            elif not self._setup.beside:
                self._read(wanted)
            elif wanted not in self._asked:
                self._asked.add(wanted)
                self.soon(lambda wanted=wanted: self._answer(wanted))

    def soon(self, work: Callable[[], object]) -> None:
        """Have something done that may take long: beside the sound, or now where time does not count."""
        if not self._setup.beside:
            work()
            return
        if not self._started:
            self._started = True
            start_thread("sounds", self._run)
        self._orders.put(work)

    def close(self) -> None:
        """End the thread; what is kept stays."""
        self._orders.put(None)

    def _run(self) -> None:
        while (work := self._orders.get()) is not None:
            work()

    def _answer(self, wanted: Wanted) -> None:
        self._read(wanted)
        self._asked.discard(wanted)

    def _read(self, wanted: Wanted) -> None:
        """Have a sound in memory, unless it cannot be had."""
        if wanted in self._kept:
            return
        stamp = _stamp(wanted.path)
        if self._refused.get(wanted) == stamp:
            return
        try:
            recording = self._setup.read(wanted, self.rate, self.limit, self._report)
        except (MemoryError, OSError, RuntimeError, ValueError) as error:
            self._refused[wanted] = stamp
            self._report(f"{wanted.path.name} cannot be played: {error or repr(error)}")
            return
        self._refused.pop(wanted, None)
        self._let_go.discard(wanted)
        self._make_room(recording.bytes)
        self._kept[wanted] = _Kept(recording, next(self._uses))
        self._bytes += recording.bytes

    def _make_room(self, wanted: int) -> None:
        """Let go of what was not used for longest; voices that play it still hold it."""
        if self._bytes + wanted <= self.limit:
            return
        for one in sorted(self._kept, key=lambda one: self._kept[one].used):
            self._bytes -= self._kept.pop(one).recording.bytes
            self._let_go.add(one)
            if self._bytes + wanted <= self.limit:
                return


def _stamp(path: Path) -> tuple[int, int]:
    """What changes when a file is written anew."""
    try:
        status = path.stat()
    except OSError:
        return 0, -1
    return status.st_mtime_ns, status.st_size
