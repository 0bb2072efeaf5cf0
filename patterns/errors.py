"""The root of the one tree of errors, and those of the pattern language."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from patterns.where import Where


_LONGEST = 500  # letters of a message; it may hold what a musician wrote, and that may be a whole text


class SempreError(Exception):
    """Anything that Sempre itself reports; its text says what, where and what to try."""


class PatternError(SempreError):
    """A pattern that cannot be built or queried.

    Args:
        message: What is wrong and what to try, without the place; of a very long one both ends are kept.
        where: The atom or call at fault, if it is known.
    """

    def __init__(self, message: str, where: Where | None = None) -> None:
        if len(message) > _LONGEST:
            message = f"{message[: _LONGEST // 2]} … {message[-_LONGEST // 2 :]}"
        super().__init__(message)
        self.message = message
        self.where = where

    def at(self, places: tuple[Where, ...]) -> PatternError:
        """Give the same error, at the first of some places unless it has one of its own."""
        return PatternError(self.message, self.where or (places[0] if places else None))


class MiniSyntaxError(PatternError):
    """A mini-notation string that cannot be read; names what was found and what could stand there."""


class OutOfFuel(PatternError):
    """A query that spent its whole allowance of steps; see `patterns.core.DEFAULT_FUEL`."""
