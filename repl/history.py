"""What was typed before, kept in the project's folder."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from prompt_toolkit.history import FileHistory

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FOLDER = ".sempre"
"""The folder inside a project in which Sempre keeps what only this machine needs."""


class ProjectHistory(FileHistory):
    """The lines typed in one folder; where they cannot be kept, they last as long as the prompt.

    Args:
        project: The folder; `.sempre/history` in it is made with the first line.
    """

    def __init__(self, project: Path) -> None:
        self._path = project / FOLDER / "history"
        super().__init__(str(self._path))

    def load_history_strings(self) -> Iterable[str]:
        """Give the lines, newest first."""
        try:
            return super().load_history_strings()
        except OSError:
            return []

    def store_string(self, string: str) -> None:
        """Keep a line, if the folder lets us: a full disk must not stop anybody from playing."""
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(exist_ok=True)
            super().store_string(string)
