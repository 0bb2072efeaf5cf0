"""Notices that a file was saved, by whatever editor, and says so once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import queue
from typing import TYPE_CHECKING, NamedTuple

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from bridge.clock import monotonic
from bridge.worker import start_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable
    from pathlib import Path

DEBOUNCE = 0.015
"""Seconds of quiet after the last event of a file: an editor's save is several events."""
LONGEST_SAVE = 0.25
"""Seconds after the first event of a save at which we look, quiet or not."""
GRACE = 0.06
"""Seconds for which a file may be empty or away: between two steps of a save it is."""
ROUND = 1.0
"""Seconds between two looks at files for which no event came: network drives may send none, and a folder
that was removed and made again sends none either."""


class Watch:
    """Watches some files.

    Args:
        files: Which; also where a file or its folder is not there yet.
        on_save: Called with the file when its content has changed, or when it is gone, in a thread of ours.
    """

    def __init__(self, files: Iterable[Path], on_save: Callable[[Path], None]) -> None:
        self._files = [_File(file) for file in files]
        self._on_save = on_save
        self._events: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        names = {name for file in self._files for name in file.names}
        self._observer = Observer()
        self._observer.daemon = True
        for folder in {os.path.dirname(name) for name in names}:  # noqa: PTH120 - names as the system writes them
            # No such folder, or no more watches to be had: then the round finds out.
            with contextlib.suppress(OSError):
                self._observer.schedule(_Handler(self._events, names), folder)
        with contextlib.suppress(OSError):
            self._observer.start()
        start_thread("saves", self._run)

    def close(self) -> None:
        """Stop watching."""
        if self._observer.is_alive():
            self._observer.stop()
        self._events.put(None)

    def _run(self) -> None:
        while True:
            try:
                name = self._events.get(timeout=ROUND)
            except queue.Empty:
                touched = [file for file in self._files if file.stirred()]
            else:
                names = self._gather(name)
                if names is None:
                    return
                touched = [file for file in self._files if names & file.names]
            for file in touched:
                if file.changed() and self._settled(file):
                    self._on_save(file.path)

    def _gather(self, first: str | None) -> set[str] | None:
        """The names that one save touches; None when it is time to go."""
        names: set[str] = set()
        name = first
        until = monotonic() + LONGEST_SAVE
        while name is not None:
            names.add(name)
            if monotonic() > until:
                return names
            try:
                name = self._events.get(timeout=DEBOUNCE)
            except queue.Empty:
                return names
        return None

    def _settled(self, file: _File) -> bool:
        """Whether it is still changed after a little grace, should it be empty or away."""
        if file.full:
            return True
        with contextlib.suppress(queue.Empty):
            again = self._events.get(timeout=GRACE)
            # It goes on: look at all of it in the next turn.
            self._events.put(again)
            file.forget()
            return False
        file.changed()
        return True


class _State(NamedTuple):
    """What is cheap to know of a file."""

    node: int
    size: int
    time: int


class _File:
    """One file, and what we have seen of it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        # Where it is, and where the file is that it may be a link to: either may be what is saved.
        # (Not by `resolve`, which raises where links lead in a circle.)
        self.names = {os.path.join(os.path.realpath(path.parent), path.name), os.path.realpath(path)}  # noqa: PTH118 - Path has no `realpath`
        self._state = self._look()
        self._content = self._before = self._digest()

    @property
    def full(self) -> bool:
        """Whether there was anything in it when we looked last."""
        return self._content not in {None, _EMPTY}

    def stirred(self) -> bool:
        """Whether it has been touched since we looked last."""
        return self._look() != self._state

    def changed(self) -> bool:
        """Whether its content is another than when we looked last."""
        self._before, self._state = self._content, self._look()
        self._content = self._digest()
        return self._content != self._before

    def forget(self) -> None:
        """Take back the last look."""
        self._content = self._before

    def _look(self) -> _State | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return _State(found.st_ino, found.st_size, found.st_mtime_ns)

    def _digest(self) -> bytes | None:
        try:
            return hashlib.blake2b(self.path.read_bytes()).digest()
        except OSError:
            return None


_EMPTY = hashlib.blake2b(b"").digest()


class _Handler(FileSystemEventHandler):
    """Passes on which files of ours were touched; an atomic save is a move, with the file as destination.

    Others are let go here: a recording that grows in the same folder must not keep us from looking.
    """

    def __init__(self, events: queue.SimpleQueue[str | None], names: Collection[str]) -> None:
        self._queue = events
        self._names = names

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in {"opened", "closed_no_write"}:
            return
        for name in (event.src_path, event.dest_path):
            path = os.fsdecode(name)
            if path in self._names:
                self._queue.put(path)
