"""What folds keep between queries: passed in by whoever plays, never kept here."""

from __future__ import annotations

__all__ = ["Memory"]


class Memory:
    """The states that the folds of one layer have reached."""

    __slots__ = ()
