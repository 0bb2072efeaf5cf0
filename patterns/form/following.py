"""Levels that follow a signal: read in the piece's own time, alike for all layers."""

from __future__ import annotations

from patterns.arguments import number
from patterns.core import Pattern
from patterns.memory import Memory
from patterns.state import Walk
from patterns.ticks import Time

__all__ = ["followed"]

_NOTHING = 0.5
"""Of a signal that says nothing just then, as of a section that says nothing."""


def followed(pattern: Pattern, at: Time, seed: int, walk: Walk) -> float:
    """Read a level off a signal; what lies beyond 0 or 1 is cut.

    However time is bent around the layer that asks, and whatever it draws by chance, the signal is that of
    the piece: it has the time of the piece, and the form's seed.

    Args:
        pattern: The signal.
        at: When, in ticks of the piece.
        seed: Of the form: a layer that is played with the same one draws the same.
        walk: The query.

    Raises:
        PatternError: It is no number.
    """
    before = walk.frames, walk.seed, walk.stream, walk.key, walk.drawn
    outer = walk.memory = walk.memory or Memory()
    shift = walk.shift
    # Inputs know the cycles that pass: without what a jump of the session has added.
    walk.frames = [lambda time: time - shift] if shift else []
    walk.seed, walk.stream, walk.key, walk.drawn = seed, 0.0, {}, {}
    # A fold goes other ways by another seed, and the layer may play the same one: each has its own memory.
    walk.memory = outer.track((followed, seed), Memory()).fold
    walk.memory.sights = None if outer.sights is None else {}
    try:
        if pattern.sample is not None:
            found = pattern.sample(at, walk)
        else:
            haps = pattern.run(at, at + 1, walk)
            found = haps[-1][4] if haps else _NOTHING
    finally:
        walk.frames, walk.seed, walk.stream, walk.key, walk.drawn = before
        walk.memory = outer
    return min(1.0, max(0.0, float(number("section: a level", found))))
