"""What is played, written down while it is played: a line for each message, and it is on the disk."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING

from bridge.midi_bytes import SYSEX

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import IO

    from bridge.event import Seconds
    from bridge.tempo import Tempo

FINE = 1_000_000
"""Parts of a cycle to which the clock is written: 2 microseconds in a cycle of 2 s."""
KEPT = 200
"""Files that are kept in the folder; the oldest go."""


class Takes:
    """One file for each session, made when the first key is touched.

    Args:
        path: Of this session's.
        notice: Takes one line for the musician.
    """

    def __init__(self, path: Path, notice: Callable[[str], object]) -> None:
        self.tempo: Tempo | None = None
        self.path = path
        self._notice = notice
        self._file: IO[str] | None = None
        self._failed = False

    def write(self, port: str, at: Seconds, message: bytes) -> None:
        """Write a message down, with its cycle by the clock as it is known."""
        if message[0] >= SYSEX or self._failed:
            return
        cycle = None if self.tempo is None else str(Fraction(round(self.tempo.cycle_at(at) * FINE), FINE))
        self._put({"at": round(at, 6), "cycle": cycle, "port": port, "bytes": message.hex()})

    def mark(self, cycle: str) -> None:
        """Write down where a take begins."""
        if not self._failed:
            self._put({"mark": cycle})

    def _put(self, row: dict[str, object]) -> None:
        try:
            if self._file is None:
                self._file = self._open()
            # Line by line, and each goes to the system at once: whoever dies, it is there.
            self._file.write(json.dumps(row) + "\n")
            self._file.flush()
        except OSError as error:
            self._failed = True
            self._notice(f"takes: {self.path} cannot be written ({error.strerror or error})")

    def close(self) -> None:
        """The session ends."""
        if self._file is not None:
            self._file.close()

    def _open(self) -> IO[str]:
        folder = self.path.parent
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for old in sorted(folder.glob("*.jsonl"))[: -KEPT + 1]:
            if old != self.path:
                old.unlink(missing_ok=True)
        return self.path.open("a", encoding="utf-8")
