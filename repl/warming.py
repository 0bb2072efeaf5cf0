"""What an understudy computes in advance: the states of folds, so that taking over is quick."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from bridge.layer import layer_seed
from bridge.recall import STRIDE, Recall, reach
from bridge.watchman import Overtime
from patterns.core import BAD_VALUE
from patterns.memory import Memory
from patterns.state import DEFAULT_FUEL, Walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from bridge.clock import Clock
    from bridge.layer import Layer
    from repl.session import Session

BEHIND = 1
"""Cycles before the present, never ahead: a query that kills its process must kill the engine first."""
AT_ONCE = 4
"""Strides of one fold between two looks at what else is to be done."""


@dataclass(slots=True)
class _Kept:
    """What has been computed of one version."""

    layer: Layer
    seed: int
    memory: Memory
    reached: int = 0
    done: bool = False


class Warming:
    """Follows a session and lends it what it has computed.

    Args:
        session: Of this process.
        clock: The session's.
        limit: Guards each query.
    """

    def __init__(
        self,
        session: Session,
        clock: Clock,
        limit: Callable[[float], AbstractContextManager[None]] | None = None,
    ) -> None:
        self._session = session
        self._clock = clock
        self._limit = limit
        self._kept: dict[str, _Kept] = {}

    def go_on(self) -> None:
        """Compute a little more, up to the present."""
        session = self._session
        if not session.begun:
            return
        here = math.floor(session.tempo.cycle_at(self._clock.now())) - BEHIND
        playing = session.playing()
        self._kept = {place: kept for place, kept in self._kept.items() if place in playing}
        session.lent = {place: lent for place, lent in session.lent.items() if place in playing}
        where = session.transport.position
        for place in playing:
            versions = session.places[place]
            begun = [(begin, layer) for begin, layer in versions if begin <= here and layer is not None]
            if here >= 0 and begun:
                self._warm(place, begun[-1][1], Fraction(here), max(0, math.floor(where(Fraction(here)))))

    def _warm(self, place: str, layer: Layer, passed: Fraction, here: int) -> None:
        session = self._session
        seed = layer_seed(session.seed, place, layer)

        def ask(asked: Layer, cycle: Fraction, memory: Memory) -> Walk:
            cps = session.tempo.cps_at(session.tempo.time_at(cycle))
            return Walk(cps, seed, session.controls, asked.rng or "hash", DEFAULT_FUEL, memory)

        kept = self._kept.get(place)
        try:
            if kept is None or kept.layer is not layer or kept.seed != seed:
                versions = session.places[place]
                recall = Recall.from_json(session.memories.get(place, {}), versions)
                kept = _Kept(layer, seed, recall.memory(versions, passed, ask, session.transport.position))
                self._kept[place] = kept
            if kept.done:
                return
            for _ in range(AT_ONCE):
                cycle = min(here, kept.reached + STRIDE)
                reach(layer, kept.memory, Fraction(cycle), ask, self._limit)
                kept.reached = cycle
                if not kept.memory.used:
                    kept.done = True
                    return
                if cycle == here:
                    break
            session.lent[place] = (layer, kept.memory)
        except (*BAD_VALUE, RuntimeError, Overtime):
            # The engine meets the same, and tells of it.
            self._kept[place] = _Kept(layer, seed, Memory(), done=True)
