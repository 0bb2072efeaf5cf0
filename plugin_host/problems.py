"""What the musician is told of the instruments: each thing once, but a failure as often as it happens."""

import re
from typing import Final

__all__ = ["Failure", "Problems"]

_OUT_OF_RANGE: Final = re.compile(r"(?<==)[-+.e\d]+ lies outside.*")
_REMEMBERED: Final = 200
"""How many different problems are told at most."""


class Failure(str):
    """A line about something that failed, told each time; who writes it knows when to stop."""

    __slots__ = ()


class Problems:
    """Takes lines, and keeps those that are to be told.

    Attributes:
        lines: Those, in their order.

    >>> problems = Problems()
    >>> for text in ("gain=9 lies outside 0…4", "gain=8 lies outside 0…4", Failure("it crashed")):
    ...     problems(text)
    >>> problems(Failure("it crashed"))
    >>> problems.lines
    ['gain=9 lies outside 0…4', 'it crashed', 'it crashed']
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._told: set[str] = set()

    def __call__(self, text: str) -> None:
        """Take a line, on any thread."""
        if isinstance(text, Failure):
            self.lines.append(text)
            return
        # A tune that has left its range would else tell of each of its notes.
        kind = _OUT_OF_RANGE.sub("", text)
        if kind not in self._told and len(self._told) < _REMEMBERED:
            self._told.add(kind)
            self.lines.append(text)
