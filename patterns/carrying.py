"""From one version of a pattern to the next: the states of its named folds go on where they were."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from patterns.core import BAD_VALUE, Pattern
from patterns.memory import Memory, Sight, pack, unpack
from patterns.state import DEFAULT_FUEL, Walk
from patterns.ticks import TICKS, Time, settle, to_cycles, to_ticks

FAR = 16
"""Cycles in which a named fold must be asked once to be found: it may sound in one of several cycles only."""
ROWS = 4
"""Checkpoints from before the change that go along, for functions that look back: `off`, `late`, `rev`."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a named fold had reached when its pattern was changed.

    Args:
        first: Its state where its own time had got to.
        time: That time, in ticks.
        here: Its state at the very time of the change, where its own time is that of the music.
        runs_here: Whether it is.
        unit: What positions count; they mean the same only in folds with the same unit.
        rows: A few states from before.
    """

    first: Any
    time: Time
    here: Any
    runs_here: bool
    unit: tuple[Any, ...]
    rows: tuple[tuple[Time, Any], ...]

    def to_json(self) -> dict[str, Any]:
        """For another process; `from_json` is the reverse."""
        rows = [[_written(position), pack(state)] for position, state in self.rows]
        return {
            "first": pack(self.first), "time": _written(self.time), "here": pack(self.here),
            "runs_here": self.runs_here, "unit": list(self.unit), "rows": rows,
        }  # fmt: skip

    @staticmethod
    def from_json(data: dict[str, Any]) -> Held:
        """What `to_json` wrote."""
        rows = tuple((read_position(position), unpack(state)) for position, state in data["rows"])
        return Held(
            unpack(data["first"]), read_position(data["time"]), unpack(data["here"]),
            data["runs_here"], tuple(data["unit"]), rows,
        )  # fmt: skip


def states_at(pattern: Pattern, time: Time, walk: Walk) -> dict[str, Held]:
    """Say what each named fold of a pattern has reached at a time.

    Args:
        pattern: The version that ends.
        time: Where, in ticks.
        walk: A query of that version, with its memory.
    """
    memory = cast("Memory", walk.memory)
    names = set(memory.named())
    if not names:
        return {}
    found: dict[str, Held] = {}
    for key, sight in _sighted(pattern, time, walk, names).items():
        fold = sight.fold
        walk.stream = sight.stream
        walk.fuel = DEFAULT_FUEL
        try:
            first = fold.state_at(sight.begin, walk)
            runs_here = sight.begin <= time < sight.end
            here = fold.state_at(time, walk) if runs_here else None
        except (*BAD_VALUE, RecursionError):
            continue  # a version that cannot say what it has reached leaves nothing behind
        track = memory.named().get(key)
        until = fold.position(min(time, sight.begin) if runs_here else sight.begin)
        rows = tuple(track.rows(ROWS, until)) if track is not None else ()
        found[key] = Held(first, sight.begin, here, runs_here, fold.unit, rows)
    walk.stream = 0.0
    return found


def take_over(pattern: Pattern, time: Time, held: dict[str, Held], walk: Walk) -> None:
    """Let the named folds of a pattern begin at a time with what the version before had reached.

    Args:
        pattern: The version that begins.
        time: Where, in ticks.
        held: From `states_at`.
        walk: A query of the new version; its memory is filled.
    """
    memory = cast("Memory", walk.memory)
    if not held:
        return
    for key, sight in _sighted(pattern, time, walk, set(held)).items():
        left = held.get(key)
        if left is None:
            continue
        here = left.runs_here and sight.begin <= time < sight.end
        begin, state = (time, left.here) if here else (sight.begin, left.first)
        track = memory.track(key, sight.fold)
        if left.unit == sight.fold.unit and (here or left.time == begin):
            for position, former in left.rows:
                track.note(position, former)
        track.begin_at(sight.fold.position(begin), state)


def _sighted(pattern: Pattern, time: Time, walk: Walk, wanted: set[str]) -> dict[str, Sight]:
    """Which named folds a pattern asks from a time on, and for which stretch of their own time."""
    memory = cast("Memory", walk.memory)
    sights: dict[str, Sight] = {}
    memory.sights = sights
    try:
        for cycle in range(FAR):
            walk.fuel = DEFAULT_FUEL
            begin = time + cycle * TICKS
            # Up to the end of the cycle: what begins in mid-cycle is asked so by the player, too.
            pattern.run(begin, (begin // TICKS + 1) * TICKS, walk)
            if wanted <= sights.keys():
                break
    finally:
        memory.sights = None
        walk.problems.clear()
    return sights


def _written(position: Time) -> int | str:
    return position if isinstance(position, int) else str(to_cycles(position))


def read_position(written: int | str) -> Time:
    """A position of a fold that was written down."""
    return written if isinstance(written, int) else settle(to_ticks(written))
