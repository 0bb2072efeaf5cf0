"""What can go wrong with a layer while it plays, and how it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from patterns.core import Problem
from patterns.errors import PatternError
from patterns.where import Where, raised_at

if TYPE_CHECKING:
    from fractions import Fraction

    from bridge.layer import Layer

__all__ = ["BARE", "Fall", "Trouble", "play_of", "problem_of"]

BARE = "says nothing to an instrument: add .note() or .s()"
"""What is said of a value that is no control."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What went wrong in one layer while it played.

    Args:
        layer: Its name.
        problem: What and where.
        fallen_back: Whether the layer went back to its last good version.
    """

    layer: str
    problem: Problem
    fallen_back: bool

    @property
    def kind(self) -> str:
        """What all troubles of its kind have in common, where one of them is enough; else nothing."""
        return BARE if self.problem.message.endswith(BARE) else ""


@dataclass(frozen=True, slots=True)
class Fall:
    """A version of a place that could not be asked.

    Args:
        place: Its name.
        version: The cycle from which that version plays.
        cycle: The cycle from which the one before it plays in its stead.
    """

    place: str
    version: Fraction
    cycle: Fraction


def problem_of(error: BaseException) -> Problem:
    """An exception as a problem, with the place in the musician's file if it has one."""
    places = raised_at(error)
    if isinstance(error, PatternError):
        return Problem(error.message, (error.where, *places) if error.where is not None else places)
    return Problem(f"{type(error).__name__}: {error}", places)


def play_of(place: str, layer: Layer) -> tuple[Where, ...]:
    """Where a layer's `play` is written: its line in the file of its place; nothing at the prompt."""
    file = place.rpartition(":")[0]
    return (Where(file, layer.where, 0, 0, 0),) if file and layer.where else ()
