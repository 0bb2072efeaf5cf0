"""Notices that a file was saved, by whatever editor, and says so once."""

from __future__ import annotations

import contextlib
import hashlib
import os
import queue
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from bridge.clock import monotonic
from bridge.worker import start_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

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
        on_save: Called with the files whose content has changed, or which are gone, in a thread of ours.
            What is saved at one go, as by `git checkout`, comes together.
        folders: Where every file of Python counts, also those that come later.
    """

    def __init__(
        self, files: Iterable[Path], on_save: Callable[[Sequence[Path]], object], folders: Iterable[Path] = ()
    ) -> None:
        self._on_save = on_save
        self._events: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._observer = Observer()
        self._observer.daemon = True
        self._folders = {os.path.realpath(folder): folder for folder in folders}
        self._handler = _Handler(self._events, self._folders)
        self._watched: set[str] = set()
        self._files: list[_File] = []
        self._unsettled: set[_File] = set()
        for folder in self._folders:
            self._look_into(folder)
        for file in [*files, *self._strangers()]:
            self._add(_File(file))
        with contextlib.suppress(OSError):
            self._observer.start()
        start_thread("saves", self._run)

    def also(self, texts: Mapping[Path, str | None]) -> None:
        """Watch more files; called in any thread.

        Args:
            texts: What was read of each, None where it was not there; another text by now is a change.
        """
        for path, text in texts.items():
            file = _File(path)
            if not file.names & self._handler.names:
                self._add(file)
                if _text(path) != text:
                    file.doubt()
                    self._events.put(next(iter(file.names)))

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
                new = self._strangers()
                touched = [file for file in self._files if file.stirred()]
            else:
                names = self._gather(name)
                if names is None:
                    return
                new = [self._stranger(each) for each in names - self._handler.names]
                touched = [file for file in self._files if names & file.names or file in self._unsettled]
            found = [self._add(_File(path, new=True)) for path in new]
            changed = [file for file in [*touched, *found] if file.changed()]
            settled = self._settled(changed)
            if settled:
                self._on_save([file.path for file in settled])

    def _add(self, file: _File) -> _File:
        """Have a file among those that are watched."""
        self._files.append(file)
        self._handler.names |= file.names
        for name in file.names:
            self._look_into(os.path.dirname(name))  # noqa: PTH120 - names as the system writes them
        return file

    def _look_into(self, folder: str) -> None:
        if folder not in self._watched:
            # No such folder, or no more watches to be had: then the round finds out.
            with contextlib.suppress(OSError):
                self._observer.schedule(self._handler, folder)
                self._watched.add(folder)

    def _stranger(self, name: str) -> Path:
        """A file of one of our folders by its name, called as the folder is."""
        folder, base = os.path.split(name)
        return self._folders[folder] / base

    def _strangers(self) -> list[Path]:
        """The files in our folders that are not watched yet."""
        return [
            self._folders[folder] / path.name
            for folder in self._folders
            for path in sorted(Path(folder).glob("[!.]*.py"))
            if str(path) not in self._handler.names
        ]

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

    def _settled(self, changed: list[_File]) -> list[_File]:
        """Those that are still changed after a little grace, should they be empty or away."""
        self._unsettled = {file for file in changed if not file.full}
        if not self._unsettled:
            return changed
        with contextlib.suppress(queue.Empty):
            again = self._events.get(timeout=GRACE)
            # It goes on: look at these once more in the next turn.
            self._events.put(again)
            for file in self._unsettled:
                file.forget()
            return [file for file in changed if file not in self._unsettled]
        for file in self._unsettled:
            file.changed()
        self._unsettled = set()
        return changed


class _State(NamedTuple):
    """What is cheap to know of a file."""

    node: int
    size: int
    time: int


class _File:
    """One file, and what we have seen of it; nothing yet if it is new."""

    def __init__(self, path: Path, *, new: bool = False) -> None:
        self.path = path
        # Where it is, and where the file is that it may be a link to: either may be what is saved.
        # (Not by `resolve`, which raises where links lead in a circle.)
        self.names = {os.path.join(os.path.realpath(path.parent), path.name), os.path.realpath(path)}  # noqa: PTH118 - Path has no `realpath`
        self._state = self._look()
        self._content = self._before = None if new else self._digest()

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

    def doubt(self) -> None:
        """Let the next look find it changed."""
        self._content = b""

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


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None


_EMPTY = hashlib.blake2b(b"").digest()


class _Handler(FileSystemEventHandler):
    """Passes on which files of ours were touched; an atomic save is a move, with the file as destination.

    Others are let go here: a recording that grows in the same folder must not keep us from looking.
    """

    def __init__(self, events: queue.SimpleQueue[str | None], folders: Collection[str]) -> None:
        self._queue = events
        self._folders = folders
        self.names: set[str] = set()

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in {"opened", "closed_no_write"}:
            return
        for name in (event.src_path, event.dest_path):
            path = os.fsdecode(name)
            if path in self.names or self._is_new(path):
                self._queue.put(path)

    def _is_new(self, path: str) -> bool:
        folder, name = os.path.split(path)
        return folder in self._folders and name.endswith(".py") and not name.startswith(".")
