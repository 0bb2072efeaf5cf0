"""What keeps a session small and found for months: logs within bounds, and files that no tidying takes."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from bridge.sent import LOGS

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

FULL = 1 << 20
"""Bytes after which a log is cut: what a plugin prints at each block fills a disk within a night."""
KEPT = 1 << 18
"""Bytes of its end that are kept beside it, as `.old`."""
OFTEN = 60.0
"""Seconds between two looks."""
OF_A_PROCESS = ("mark-", "stack-")
"""What the files of an engine begin with; each engine that is replaced leaves two."""


def look_after(folder: Path, living: Collection[int], others: Collection[Path] = ()) -> None:
    """Cut the logs that are full, clear away what dead engines left, and touch what must stay.

    Systems tidy their folders for what passes: systemd takes from `/tmp` what nobody touched for ten days,
    macOS for three.

    Args:
        folder: The session's.
        living: Process ids whose files are left.
        others: Logs elsewhere.
    """
    for path in (*others, *folder.glob("*.log")):
        if path.name not in LOGS and not path.name.startswith(OF_A_PROCESS):
            with contextlib.suppress(OSError):
                cut(path)
    ids = {str(pid) for pid in living}
    for path in folder.iterdir():
        start, _, rest = path.name.partition("-")
        with contextlib.suppress(OSError):
            if f"{start}-" in OF_A_PROCESS and rest.removesuffix(".log") not in ids:
                path.unlink()
            else:
                _touch(path)
    with contextlib.suppress(OSError):
        _touch(folder)


def _touch(path: Path) -> None:
    """Be looked at, but not changed: when the key was made tells which session is the newest."""
    changed = path.stat().st_mtime_ns
    os.utime(path)
    os.utime(path, ns=(path.stat().st_atime_ns, changed))


def cut(path: Path, full: int = FULL, kept: int = KEPT) -> bool:
    """Empty a log that is full, and keep its end beside it; whether it was.

    It is emptied in place, for those who write to it hold it open; they append, so they go on at its
    beginning.

    Args:
        path: The log.
        full: Bytes that it may have.
        kept: Bytes of its end that are kept.
    """
    if path.stat().st_size <= full:
        return False
    with path.open("r+b") as log:
        log.seek(-min(kept, full), os.SEEK_END)
        end = log.read()
        path.with_name(f"{path.name}.old").write_bytes(end)
        log.truncate(0)
    return True
