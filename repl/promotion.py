"""What a process is told that becomes the engine."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Promotion:
    """What the supervisor says when it makes a process the engine.

    Args:
        term: Which engine of the session it is, counted from 1.
        files: The pieces to play and to watch.
        folders: Those whose pieces are played, also the ones that come later.
        suspect: The place whose query took the former engine down, if one did.
    """

    term: int
    files: tuple[str, ...]
    folders: tuple[str, ...] = ()
    suspect: str = ""

    @property
    def pieces(self) -> tuple[str, ...]:
        """All that was named to be played."""
        return (*self.files, *self.folders)
