"""What can go wrong where the parts meet."""

from __future__ import annotations

from patterns.errors import SempreError


class ReplError(SempreError):
    """A command, a file or a session that is not as it should be."""


class LoadError(ReplError):
    """A piece that cannot be loaded; its text is the whole block that the musician reads.

    Args:
        block: See `repl.report.block`.
    """

    def __init__(self, block: str) -> None:
        super().__init__(block)
        self.block = block


class SessionError(ReplError):
    """There is no session to talk to, or it cannot be started."""
