"""What a session did, line by line on the disk: enough to play it again.

A journal is a file of JSON lines that only grows: a header, then each accepted change with the time at which
the scheduler did it, each position of an input, each version that failed, and what was refused. The engine
writes it, in a thread of its own; the engine after it goes on in the same file.
"""

from __future__ import annotations

import contextlib
import json
import os
import platform
import queue
from typing import TYPE_CHECKING, cast

from bridge.worker import start_thread
from repl.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from bridge.event import Seconds
    from bridge.trouble import Fall
    from repl.commits import Commit
    from repl.journal_settings import JournalSettings
    from repl.session import Session

FORMAT = 1
"""Of the lines; another number is another way to read them."""
PARTS = 10
"""Parts into which what all journals may take is divided: so much of a long session goes at once."""
WAITING = 100_000
"""Rows that may wait for a disk that does not answer; a tablet under ten fingers makes 600 in a second."""
MARK = "journal"
"""The file in a session's folder that tells the next engine where to go on."""
SUFFIX = ".jsonl"
GOODBYE = 0.5
"""Seconds that the end of a session waits for the last rows."""


class Journal:
    """Writes one session down.

    Args:
        settings: Where, and how much is kept.
        runtime: The session's folder, in which the next engine finds the journal.
        name: What the file is called.
        header: The first row of each part, from the engine.
        state: Gives the commits that make the session again; asked in the thread of `later`.
        later: Has work done in the main thread.
        say: Told once when nothing can be written, and when it goes on.
    """

    def __init__(
        self,
        settings: JournalSettings,
        runtime: Path,
        name: str,
        header: Commit,
        state: Callable[[], Commit],
        later: Callable[[Callable[[], object]], None],
        say: Callable[[str], None],
    ) -> None:
        self._settings = settings
        self._header = header
        self._state = state
        self._later = later
        self._say = say
        self._mark = runtime / MARK
        self._largest = settings.megabytes * 1e6 / PARTS
        self._rows: queue.Queue[Commit | None] = queue.Queue(WAITING)
        self._lost = 0
        self._torn = self._turning = False
        self._size = 0
        self._file: int | None = None
        self._path = settings.place / f"{name}{SUFFIX}"
        self._thread = start_thread("journal", self._run) if settings.on else None

    def note(self, row: Commit) -> None:
        """Have a row written; never waits, called in any thread."""
        if self._settings.on:
            try:
                self._rows.put_nowait(row)
            except queue.Full:
                self._lost += 1

    def close(self, row: Commit) -> None:
        """Write the last row, and wait a moment until all are on the disk."""
        self.note(row)
        with contextlib.suppress(queue.Full):
            self._rows.put_nowait(None)
        if self._thread is not None:
            self._thread.join(GOODBYE)

    # In its own thread.

    def _run(self) -> None:
        while (row := self._rows.get()) is not None:
            self._take(row)

    def _take(self, row: Commit) -> None:
        try:
            if self._file is None:
                self._open()
            elif row["kind"] == "state":
                self._turn_over()
            if self._lost:
                self._write({"kind": "lost", "rows": self._lost})
                self._say(f"the journal goes on; {self._lost} rows of it are lost")
                self._lost = 0
            self._write(row)
        except OSError as error:
            if not self._lost:
                where = self._settings.place
                self._say(f"the journal cannot be written in {where} ({error.strerror}); the music plays on")
            self._lost += 1
        if self._size > self._largest and not self._turning:
            self._turning = True
            self._later(lambda: self.note(self._state()))

    def _write(self, row: Commit) -> None:
        if self._file is None:
            return
        line = json.dumps(row, ensure_ascii=False, default=repr).encode(errors="replace") + b"\n"
        data = b"\n" + line if self._torn else line
        # A disk that is full takes a part of a line, if any: the next one then begins a line of its own.
        self._torn = True
        written = os.write(self._file, data)
        self._size += written
        if written < len(data):
            raise OSError(28, "the disk is full")
        self._torn = False

    def _open(self) -> None:
        """Go on where another engine stopped, or begin."""
        with contextlib.suppress(OSError):
            self._path = self._path.with_name(self._mark.read_text(encoding="utf-8"))
        self._settings.place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self._path.exists():
            repair(self._path)
        self._begin_part()

    def _begin_part(self) -> None:
        # For nobody else: it holds the musician's pieces.
        file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        if self._file is not None:
            os.close(self._file)
        self._file, self._torn = file, False
        self._size = self._path.stat().st_size
        if self._size == 0:
            self._write(self._header)
        self._mark.write_text(self._path.name, encoding="utf-8")
        clear_away(self._settings, self._path)

    def _turn_over(self) -> None:
        """Go on in another file, which begins with all that still matters."""
        stem, part = stem_of(self._path), part_of(self._path)
        self._path = self._path.with_name(f"{stem}.{part + 1}{SUFFIX}")
        self._begin_part()
        self._turning = False


def header(
    session: Session,
    files: Sequence[str],
    started: str,
    settings: Mapping[str, object],
    home: Path,
    at: Seconds = 0.0,
) -> Commit:
    """The first row of each part.

    Args:
        session: As it is at its beginning.
        files: The names of the pieces, and of the folders of pieces.
        started: The date.
        settings: The musician's, as the engine has them.
        home: The folder that the names start from.
        at: When it began, by the session's clock.
    """
    return {
        "kind": "journal",
        "format": FORMAT,
        "sempre": VERSION,
        "python": platform.python_version(),
        "platform": platform.platform(),
        "start": started,
        "at": at,
        "pieces": list(files),
        "folder": str(home),
        "seed": session.seed,
        "rng": "hash",
        "settings": dict(settings),
    }


def row_of_fall(fall: Fall) -> Commit:
    """The row of a version that failed."""
    return {"kind": "fell", "place": fall.place, "version": str(fall.version), "cycle": str(fall.cycle)}


def repair(path: Path) -> None:
    """Take away a last line that was torn when its writer died."""
    with path.open("r+b") as file:
        data = file.read()
        whole, _, rest = data.rpartition(b"\n")
        if not rest:
            return
        try:
            json.loads(rest)
        except ValueError:
            file.truncate(len(whole) + 1 if whole else 0)
        else:
            file.write(b"\n")


def clear_away(settings: JournalSettings, current: Path) -> None:
    """Remove the oldest parts, until no more is kept than the settings allow."""
    found: list[tuple[float, int, Path]] = []
    for path in settings.place.glob(f"*{SUFFIX}"):
        with contextlib.suppress(OSError):
            status = path.stat()
            found.append((status.st_mtime, status.st_size, path))
    # The one that is written now is not counted as it is, but as it may become.
    room = settings.megabytes * 1e6 * (1 - 1 / PARTS)
    stems = [stem_of(current)]
    for _, size, path in sorted(found, reverse=True):
        stem = stem_of(path)
        if stem not in stems:
            stems.append(stem)
        if path == current:
            continue
        room -= size
        if room < 0 or stems.index(stem) >= settings.sessions:
            with contextlib.suppress(OSError):
                path.unlink()


def stem_of(path: Path) -> str:
    """The name that all parts of a journal share.

    >>> from pathlib import Path
    >>> stem_of(Path("2026-11-21_20-15-00_42.2.jsonl"))
    '2026-11-21_20-15-00_42'
    """
    return path.name.partition(".")[0]


def part_of(path: Path) -> int:
    """Which part of a journal a file is, counted from 1.

    >>> from pathlib import Path
    >>> part_of(Path("2026-11-21_20-15-00_42.2.jsonl"))
    2
    """
    middle = path.name.split(".")[1]
    return int(middle) if middle.isdecimal() else 1


def rows_of(data: bytes) -> tuple[list[Commit], int]:
    """The rows in some lines, and how many lines cannot be read."""
    rows: list[Commit] = []
    torn = 0
    for line in data.split(b"\n"):
        if not line.strip():
            continue
        try:
            row: object = json.loads(line)
        except ValueError:
            torn += 1
            continue
        if isinstance(row, dict) and isinstance(cast("Commit", row).get("kind"), str):
            rows.append(cast("Commit", row))
        else:
            torn += 1
    return rows, torn


def parts(path: Path) -> Sequence[Path]:
    """All kept parts of the journal that a file belongs to, up to that file and without a gap, in order."""
    last = part_of(path)
    known = {
        part_of(p): p for p in path.parent.glob(f"{stem_of(path)}*{SUFFIX}") if stem_of(p) == stem_of(path)
    }
    first = last
    while first - 1 in known:
        first -= 1
    return [*(known[k] for k in range(first, last)), path]
