"""What folds have reached: passed in by whoever plays, never kept by the language itself."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Hashable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

from patterns.errors import PatternError
from patterns.state import Walk
from patterns.ticks import Time

__all__ = ["Memory", "Sight", "Track", "pack", "plain", "unpack"]

ATOMS = frozenset({int, float, bool, str, type(None), Fraction})
"""What a state is made of; nothing of it can be changed in place."""
LARGEST = 65_536
"""Parts and characters of one state: a list that grows by a note a second takes 18 hours to get there."""
LARGEST_NUMBER = 2**4096
DEEPEST = 32
"""Lists in lists; one that holds itself has no end."""
NEWEST = 16
"""Checkpoints that are kept one by one, the newest; the older ones get sparser."""
CHECKPOINTS = 48
"""Checkpoints of one fold. 32 older ones, sparser as they get older, reach back for years."""
TRACKS = 256
"""Unnamed folds that are remembered: a function that is applied again and again may make new ones."""


def plain(state: Any, walk: Walk | None = None) -> Any:
    """Copy a state, so that whoever has one of the two cannot change the other.

    >>> plain([60, {"held": (1, 2)}])
    [60, {'held': (1, 2)}]

    Args:
        state: Numbers, text, None, and tuples, lists and dicts of them.
        walk: The query that pays for it, one step for 64 parts.

    Raises:
        PatternError: It is something else, or too large.
    """
    kind = cast("type[Any]", type(state))
    if kind in ATOMS and kind is not int and kind is not str:
        return state
    room = [LARGEST]
    copy = _copied(state, room, DEEPEST)
    if walk is not None and room[0] < LARGEST - 64:
        walk.spend((LARGEST - room[0]) // 64)
    return copy


def _copied(state: Any, room: list[int], depth: int) -> Any:
    kind = cast("type[Any]", type(state))
    room[0] -= 1
    if kind is str:
        room[0] -= len(state)
    if room[0] < 0 or depth < 0 or (kind is int and not -LARGEST_NUMBER < state < LARGEST_NUMBER):
        raise PatternError(
            f"the state of a fold has grown too large ({LARGEST} parts or characters at most): "
            "let it forget what is old"
        )
    if kind in ATOMS:
        return state
    if kind is list:
        return [_copied(part, room, depth - 1) for part in state]
    if kind is tuple:
        return tuple(_copied(part, room, depth - 1) for part in state)
    if kind is dict:
        parts = cast("dict[Any, Any]", state)
        return {_copied(k, room, depth - 1): _copied(v, room, depth - 1) for k, v in parts.items()}
    for base in (int, float, str):  # a Literal, a Flag: what it says counts
        if isinstance(state, base):
            return base(state)
    raise PatternError(
        "the state of a fold is made of numbers, text, tuples, lists and dicts, "
        f"found something of type {kind.__name__}"
    )


def pack(state: Any) -> Any:
    """Write a state as JSON has it, without losing what kind each part is.

    >>> unpack(pack((1, [Fraction(1, 3)], {2: "b"})))
    (1, [Fraction(1, 3)], {2: 'b'})
    """
    if isinstance(state, Fraction):
        return {"fraction": str(state)}
    if isinstance(state, tuple):
        return {"tuple": [pack(part) for part in cast("tuple[Any, ...]", state)]}
    if isinstance(state, list):
        return [pack(part) for part in cast("list[Any]", state)]
    if isinstance(state, dict):
        return {"dict": [[pack(k), pack(v)] for k, v in cast("dict[Any, Any]", state).items()]}
    return state


def unpack(packed: Any) -> Any:
    """Read what `pack` wrote."""
    if isinstance(packed, list):
        return [unpack(part) for part in cast("list[Any]", packed)]
    if isinstance(packed, dict):
        ((kind, parts),) = cast("dict[str, Any]", packed).items()
        if kind == "fraction":
            return Fraction(parts)
        if kind == "tuple":
            return tuple(unpack(part) for part in parts)
        return {unpack(key): unpack(value) for key, value in parts}
    return packed


@dataclass(slots=True)
class Track:
    """What one fold has reached: its states at some of its positions.

    Attributes:
        fold: Whose it is.
        latest: The position asked for last with its state, for whoever goes on from there.
        pin: Where the state of a former version was taken over; never dropped.
        cycles: The newest whole cycles that were computed, for folds over another pattern.
        agreed: Other folds of this name that were found to go over the same events.
    """

    fold: Any
    latest: tuple[Time, Any] | None = None
    pin: tuple[Time, Any] | None = None
    cycles: dict[int, Any] = field(default_factory=dict[int, Any])
    agreed: list[Any] = field(default_factory=list[Any])
    _positions: list[Time] = field(default_factory=list["Time"])
    _states: dict[Time, Any] = field(default_factory=dict["Time", Any])

    def note(self, position: Time, state: Any) -> None:
        """Keep the state at a position; of the older ones the sparser half stays."""
        if position in self._states:
            return
        insort(self._positions, position)
        self._states[position] = state
        if len(self._positions) > CHECKPOINTS:
            self._thin()

    def begin_at(self, position: Time, state: Any) -> None:
        """Let the state at a position be what a former version had reached."""
        self.pin = (position, state)
        self.note(position, state)

    def before(self, position: Time) -> tuple[Time, Any] | None:
        """The nearest position that is not after one, with its state."""
        index = bisect_right(self._positions, position) - 1
        found = None
        if index >= 0:
            nearest = self._positions[index]
            found = (nearest, self._states[nearest])
        latest = self.latest
        if latest is not None and latest[0] <= position and (found is None or latest[0] > found[0]):
            return latest
        return found

    def rows(self, last: int = CHECKPOINTS, until: Time | None = None) -> list[tuple[Time, Any]]:
        """The newest checkpoints, oldest first.

        Args:
            last: How many.
            until: Only those not after this position.
        """
        end = len(self._positions) if until is None else bisect_right(self._positions, until)
        return [(position, self._states[position]) for position in self._positions[max(0, end - last) : end]]

    def _thin(self) -> None:
        """Drop the old checkpoint that is missed least: whose gap is smallest for its age."""
        positions = self._positions
        newest = positions[-1]
        pinned = self.pin[0] if self.pin is not None else None
        old = [i for i in range(1, len(positions) - NEWEST) if positions[i] != pinned]
        index = min(old, key=lambda i: (positions[i + 1] - positions[i - 1]) / (newest - positions[i]))
        del self._states[positions.pop(index)]


@dataclass(slots=True)
class Sight:
    """That a fold was asked, and for which stretch, in its own time."""

    fold: Any
    stream: float
    begin: Time
    end: Time


class Memory:
    """The states that the folds of one layer have reached.

    Attributes:
        sights: Set while a layer is only asked which folds it has: then none of them takes a step.
    """

    __slots__ = ("_tracks", "sights")

    def __init__(self) -> None:
        self.sights: dict[str, Sight] | None = None
        self._tracks: dict[Hashable, Track] = {}

    def track(self, key: Hashable, fold: Any) -> Track:
        """The track of a fold; of more unnamed ones than `TRACKS` the oldest is dropped."""
        found = self._tracks.get(key)
        if found is None:
            if len(self._tracks) >= TRACKS:
                oldest = next((k for k in self._tracks if not isinstance(k, str)), None)
                if oldest is not None:
                    del self._tracks[oldest]
            found = self._tracks[key] = Track(fold)
        return found

    def named(self) -> dict[str, Track]:
        """The tracks of the folds that have a name."""
        return {key: track for key, track in self._tracks.items() if isinstance(key, str)}

    def learn(self, other: Memory, *, named: bool = False) -> None:
        """Take over what another memory of the same version knows and this one does not.

        Args:
            other: The other memory.
            named: Also of the folds that have a name: what they would be had no version been before.
        """
        for key, track in other._tracks.items():
            if named or not isinstance(key, str):
                self._tracks.setdefault(key, track)

    def enrich(self, other: Memory) -> None:
        """Take over all that another memory of the same version has computed, beside what this one knows."""
        for key, track in other._tracks.items():
            mine = self._tracks.setdefault(key, track)
            if mine is not track:
                for position, state in track.rows():
                    mine.note(position, state)

    @property
    def used(self) -> bool:
        """Whether any fold has been asked."""
        return bool(self._tracks)

    def see(self, key: str, fold: Any, stream: float, begin: Time, end: Time) -> None:
        """Note that a fold was asked, while `sights` is set."""
        if self.sights is None:
            return
        sight = self.sights.setdefault(key, Sight(fold, stream, begin, end))
        sight.begin, sight.end = min(sight.begin, begin), max(sight.end, end)
