"""What the folds of a playing place have reached, version by version, and how they go on in the next."""

from __future__ import annotations

import contextlib
import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from bridge.watchman import Overtime
from patterns.carrying import Held, read_position, states_at, take_over
from patterns.errors import OutOfFuel
from patterns.memory import Memory, pack, unpack
from patterns.ticks import to_cycles, to_ticks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from contextlib import AbstractContextManager

    from bridge.layer import Layer
    from patterns.state import Walk

    Version = tuple[Fraction, Layer | None]
    Ask = Callable[[Layer, Fraction, Memory], Walk]
    """Makes a query of a layer at a cycle that uses a memory."""
    Whereabouts = Callable[[Fraction], Fraction]
    """Which cycle of the piece is played at a cycle that passes."""

QUERY_LIMIT = 0.08
"""Seconds of computing that one query may take before it is interrupted."""
WRITTEN = 2
"""Checkpoints of a fold that are handed over: one to go on from, one from before it."""
LENT = 4
"""Memories of somebody else's that are looked at."""
STRIDE = 1000
"""Cycles between two queries of a fold that has to be computed from afar: 16,000 steps of 16 a cycle."""
PAUSE = 3
"""Cycles before the present at which a handed-over checkpoint lies: whoever takes over looks two back."""


class Base(NamedTuple):
    """What was taken over from the version before.

    Attributes:
        cycle: Where in the piece.
        held: The states by the folds' names.
    """

    cycle: Fraction
    held: Mapping[str, Held]


class Recall:
    """Makes and keeps the memories of a place's versions; touched by one thread."""

    def __init__(self) -> None:
        self._bases: dict[Fraction, Base] = {}
        self._made: dict[tuple[Fraction, int], tuple[Layer, Memory]] = {}
        self._lent: list[tuple[Layer, Memory]] = []
        self._written: dict[Fraction, Mapping[str, Any]] = {}

    def memory(
        self, versions: Sequence[Version], cycle: Fraction, ask: Ask, where: Whereabouts | None = None
    ) -> Memory:
        """The memory of the version that plays at a cycle.

        Args:
            versions: All of the place, each with the cycle that it begins at.
            cycle: When.
            ask: For what has to be asked of this version and of those before it.
            where: Which cycle of the piece is played when; the same unless given.
        """
        index = max((i for i, (begin, _) in enumerate(versions) if begin <= cycle), default=0)
        return self._memory(versions, index, ask, where or _as_it_passes)

    def lend(self, layer: Layer, memory: Memory) -> None:
        """Take over what somebody else has computed of a layer, as if no version had been before it."""
        self._lent = [(layer, memory), *self._lent][:LENT]

    def learn(self, layer: Layer, memory: Memory) -> None:
        """Take over what somebody else has computed of a layer that plays here too."""
        for known, mine in self._made.values():
            if known is layer:
                mine.enrich(memory)

    def changed(self, boundary: Fraction) -> None:
        """Forget what was made for versions that begin at a cycle or after it: others are there now."""
        self._bases = {b: base for b, base in self._bases.items() if b < boundary}
        self._made = {key: made for key, made in self._made.items() if key[0] < boundary}
        self._written = {b: rows for b, rows in self._written.items() if b < boundary}

    def fell_back(self, boundary: Fraction) -> None:
        """Forget what a version that failed has made; what it had taken over goes to the one in its stead."""
        self._bases = {b: base for b, base in self._bases.items() if b <= boundary}
        self._made = {key: made for key, made in self._made.items() if key[0] <= boundary}
        self._written.clear()

    def keep(self, versions: Sequence[Version], *also: Layer | None) -> None:
        """Drop what belongs to versions that are over, except those that may come back."""
        first = versions[0][0] if versions else Fraction(0)
        self._bases = {b: base for b, base in self._bases.items() if b >= first}
        self._made = {key: made for key, made in self._made.items() if key[0] >= first or made[0] in also}

    def take(self, versions: Sequence[Version], boundary: Fraction, ask: Ask, where: Whereabouts) -> None:
        """Take down what the version that plays at a cycle has reached there, for one that begins there."""
        base = Base(where(boundary), self._left(versions, boundary, ask, where))
        self.changed(boundary)
        self._bases[boundary] = base

    # Handing over.

    def to_json(self, versions: Sequence[Version], cycle: Fraction) -> dict[str, Any]:
        """What another process needs to go on with the same values; empty if nothing is remembered.

        Args:
            versions: All of the place.
            cycle: Where in the piece the music is.
        """
        out: dict[str, Any] = {}
        for boundary, layer in versions:
            made = self._made.get((boundary, id(layer)))
            if made is None:
                continue
            base = self._bases.get(boundary)
            until = to_ticks(cycle - PAUSE)
            tracks = {
                key: [[_written(p), pack(state)] for p, state in rows]
                for key, track in made[1].named().items()
                if (rows := track.rows(WRITTEN, track.fold and track.fold.position(until)))
            }
            held = {key: one.to_json() for key, one in base.held.items()} if base is not None else {}
            if held or tracks:
                # Without one nothing was taken over, and nobody will ask where.
                at = str(base.cycle if base is not None else boundary)
                out[str(boundary)] = {"at": at, "held": held, "tracks": tracks}
        return out

    @staticmethod
    def from_json(data: Mapping[str, Any], versions: Sequence[Version]) -> Recall:
        """What `to_json` wrote, for the same versions; their boundaries may have come a little later."""
        recall = Recall()
        ends = [begin for begin, _ in versions[1:]]
        rows = sorted((Fraction(boundary), found) for boundary, found in data.items())
        for index, (begin, _) in enumerate(versions):
            fitting = [r for b, r in rows if b >= begin and (index >= len(ends) or b < ends[index])]
            if fitting:
                held = {key: Held.from_json(one) for key, one in fitting[-1]["held"].items()}
                recall._bases[begin] = Base(Fraction(fitting[-1]["at"]), held)
                recall._written[begin] = fitting[-1]["tracks"]
        return recall

    # Inside.

    def _memory(self, versions: Sequence[Version], index: int, ask: Ask, where: Whereabouts) -> Memory:
        boundary, layer = versions[index]
        if layer is None:
            return Memory()
        found = self._made.get((boundary, id(layer)))
        if found is not None:
            return found[1]
        memory = Memory()
        for known, other in self._made.values():
            if known is layer:
                memory.learn(other)
        base = self._bases.get(boundary)
        if base is None:
            base = Base(where(boundary), self._left(versions[:index], boundary, ask, where))
            self._bases[boundary] = base
        if base.held:
            take_over(layer.pattern, to_ticks(base.cycle), dict(base.held), ask(layer, boundary, memory))
        for known, other in self._lent:
            if known is layer:
                memory.learn(other, named=boundary not in self._written)
        for key, rows in self._written.pop(boundary, {}).items():
            for position, state in cast("list[tuple[int | str, Any]]", rows):
                memory.track(key, None).note(read_position(position), unpack(state))
        self._made[boundary, id(layer)] = (layer, memory)
        return memory

    def _left(
        self, versions: Sequence[Version], boundary: Fraction, ask: Ask, where: Whereabouts
    ) -> dict[str, Held]:
        """What the last of these versions has reached at a cycle."""
        index = max((i for i, (begin, _) in enumerate(versions) if begin <= boundary), default=-1)
        layer = versions[index][1] if index >= 0 else None
        if layer is None:
            return {}
        memory = self._memory(versions, index, ask, where)
        return states_at(layer.pattern, to_ticks(where(boundary)), ask(layer, boundary, memory))


def _as_it_passes(cycle: Fraction) -> Fraction:
    return cycle


def reach(
    layer: Layer,
    memory: Memory,
    cycle: Fraction,
    ask: Ask,
    limit: Callable[[float], AbstractContextManager[None]] | None = None,
    where: Whereabouts | None = None,
) -> None:
    """Compute what the folds of a layer are at a cycle, in several queries if it is too far for one.

    Args:
        layer: The version.
        memory: Takes what was reached.
        cycle: Where it is to be asked.
        ask: Makes a query.
        limit: Guards each query.
        where: Which cycle of the piece is played when; the same unless given.

    Raises:
        OutOfFuel: It is too dense.
        Overtime: It takes too long, wherever it is asked.
    """
    position = cycle if where is None else where(cycle)

    def query(begin: Fraction) -> None:
        with limit(QUERY_LIMIT) if limit is not None else contextlib.nullcontext():
            at = begin if position == cycle else cycle
            layer.pattern.walked(to_ticks(begin), to_ticks(begin + 1), ask(layer, at, memory))

    try:
        query(position)
    except (OutOfFuel, Overtime):
        if not memory.used:
            raise
        for far in range(0, math.floor(position), STRIDE):
            query(Fraction(far))
        query(position)


def _written(position: Any) -> int | str:
    return position if isinstance(position, int) else str(to_cycles(position))
