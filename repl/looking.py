"""What a layer plays at a cycle, for whoever looks at it: the version, its chance, what its folds reached."""

from __future__ import annotations

import contextlib
import math
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from bridge.recall import reach
from patterns.errors import PatternError
from patterns.piano_roll import piano_roll
from patterns.state import DEFAULT_FUEL, Walk

if TYPE_CHECKING:
    from bridge.layer import Layer
    from bridge.place import Place
    from patterns.core import Pattern
    from patterns.memory import Memory
    from repl.session import Session

USUAL = 0.5
"""Cycles a second in drawings of what plays nowhere."""


@dataclass(frozen=True, slots=True)
class Look:
    """One version of a layer, ready to be asked.

    Args:
        pattern: What it plays.
        begin: The first cycle to look at.
        memory: What its folds have reached.
        seed: Of the layer.
        rng: Where its chance comes from.
        session: With the tempo, and the inputs as they are.
    """

    pattern: Pattern
    begin: int
    memory: Memory
    seed: int
    rng: str
    session: Session

    def walk(self) -> Walk:
        """A new query of it."""
        return _walk(self.session, self.seed, self.rng, Fraction(self.begin), self.memory)


def drawn(session: Session, pattern: Pattern) -> str:
    """Draw the first cycle of a pattern that follows inputs, with those as they stand now.

    Args:
        session: Whose inputs.
        pattern: What is drawn.
    """
    standing = _Standing(session)
    return piano_roll(pattern, ask=partial(Walk, USUAL, session.seed, standing, "hash", DEFAULT_FUEL))


class _Standing:
    """The inputs of a session as they stand now, at every cycle."""

    def __init__(self, session: Session) -> None:
        self._inputs = session.controls

    def at(self, name: str, cycle: Fraction) -> object:
        """Where an input stands; what nobody has touched rests."""
        del cycle
        found = self._inputs.newest(name)
        if found is None:
            raise KeyError(name)
        return found


def look(session: Session, name: str, now: float, begin: int | None = None) -> Look | None:
    """Take a layer as it is heard; None if it is ending.

    Args:
        session: What has been accepted.
        name: The layer's place.
        now: The cycle in which the music is.
        begin: The first cycle; else the present one, or that in which its newest version begins.
    """
    place = next((one for one in session.as_places() if one.name == name), None)
    if place is None or place.versions[-1][1] is None:
        return None
    if begin is None:
        begin = max(0, math.floor(max(now, float(place.versions[-1][0]))))
    version, layer = _version(place, begin)
    ask = partial(_ask, session, place)
    cycle = max(version, Fraction(begin))
    memory = place.recall.memory(place.versions, cycle, ask)
    with contextlib.suppress(PatternError):  # whoever asks it is told
        reach(layer, memory, cycle, ask)
    return Look(layer.pattern, begin, memory, place.seed_for(layer), layer.rng, session)


def _version(place: Place, cycle: int) -> tuple[Fraction, Layer]:
    """The version that plays at a cycle or begins in it; the first one for all that lies before it."""
    there = [(begin, layer) for begin, layer in place.versions if layer is not None]
    return next((one for one in reversed(there) if one[0] < cycle + 1), there[0])


def _ask(session: Session, place: Place, layer: Layer, cycle: Fraction, memory: Memory) -> Walk:
    return _walk(session, place.seed_for(layer), layer.rng, cycle, memory)


def _walk(session: Session, seed: int, rng: str, cycle: Fraction, memory: Memory) -> Walk:
    cps = session.tempo.cps_at(session.tempo.time_at(cycle))
    return Walk(cps, seed, session.controls, rng or "hash", DEFAULT_FUEL, memory)
