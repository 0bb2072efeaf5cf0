"""What an engine had accepted, read from its journal by one that takes over and was told nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from repl.journal import MARK, rows_of

if TYPE_CHECKING:
    from pathlib import Path

    from repl.commits import Commit
    from repl.journal_settings import JournalSettings

__all__ = ["accepted"]

_ASIDE = frozenset({"journal", "engine", "lost", "once", "done", "here", "over", "refused"})
"""Rows that make no part of a session."""


def accepted(runtime: Path, settings: JournalSettings) -> list[Commit]:
    """Read what makes the session again.

    An understudy that is promoted in its first second has not been told of it yet.

    Args:
        runtime: The session's folder.
        settings: Where journals lie.

    Returns:
        In order; nothing if no journal is written, or it cannot be read.
    """
    try:
        name = (runtime / MARK).read_text(encoding="utf-8")
        rows, _ = rows_of((settings.place / name).read_bytes())
    except OSError:
        return []
    found: list[Commit] = []
    for row in rows:
        if row["kind"] == "state":
            found = list(cast("list[Commit]", row["commits"]))
        elif row["kind"] == "fell":
            found.append({"kind": "fallback", "place": row["place"]})
        elif row["kind"] not in _ASIDE:
            found.append(row)
    return found
