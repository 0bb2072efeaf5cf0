"""Notices that a file was saved, by whatever editor, and says so once."""

from __future__ import annotations

import hashlib
import queue
from pathlib import Path
from typing import TYPE_CHECKING

from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers import Observer

from bridge.worker import start_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

DEBOUNCE = 0.015
"""Seconds of quiet after the last event of a file: an editor's save is several events."""


class Watch:
    """Watches the folders of some files.

    Args:
        files: Which.
        on_save: Called with the file when its content has changed, or when it is gone, in a thread of ours.
    """

    def __init__(self, files: Iterable[Path], on_save: Callable[[Path], None]) -> None:
        self._files = {file.resolve(): file for file in files}
        self._contents = {path: _digest(path) for path in self._files}
        self._on_save = on_save
        self._events: queue.Queue[Path] = queue.Queue()
        self._observer = Observer()
        for folder in {path.parent for path in self._files}:
            self._observer.schedule(_Handler(self._events), str(folder))
        self._observer.daemon = True
        self._observer.start()
        start_thread("saves", self._run)

    def close(self) -> None:
        """Stop watching."""
        self._observer.stop()

    def _run(self) -> None:
        while True:
            touched = {self._events.get()}
            while True:
                try:
                    touched.add(self._events.get(timeout=DEBOUNCE))
                except queue.Empty:
                    break
            for path in sorted(touched & self._files.keys()):
                content = _digest(path)
                if content != self._contents[path]:
                    self._contents[path] = content
                    self._on_save(self._files[path])


class _Handler(FileSystemEventHandler):
    """Passes on which paths were touched; an atomic save is a move, with the file as destination."""

    def __init__(self, events: queue.Queue[Path]) -> None:
        self._queue = events

    def on_any_event(self, event: FileSystemEvent) -> None:
        if event.event_type in {"opened", "closed_no_write"}:
            return
        for name in (event.src_path, event.dest_path):
            if name:
                path = Path(name if isinstance(name, str) else name.decode())
                self._queue.put(path.parent.resolve() / path.name)


def _digest(path: Path) -> bytes | None:
    """A hash of a file's content; None when it is not there."""
    try:
        return hashlib.blake2b(path.read_bytes()).digest()
    except OSError:
        return None
