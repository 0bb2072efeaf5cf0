"""Where a sound is in the room, on its way from one place to the next."""

from collections.abc import Mapping
from typing import Final

from plugin_host.audio import Audio
from plugin_host.places import PLACE

__all__ = ["Seat"]

_PLACES: Final = {one.name: number for number, one in enumerate(PLACE)}
JUMP: Final = 0.01
"""Seconds in which a sound gets where an event wants it."""


class _Glide:
    """A number on its way; only where it is at the end of each block is asked."""

    __slots__ = ("_goal", "_left", "_steps", "value")

    def __init__(self, value: float) -> None:
        self.value = self._goal = value
        self._left = 0
        self._steps: list[tuple[int, float, int]] = []

    def move(self, goal: float, offset: int, frames: int, turn: float = 0.0) -> None:
        """Be somewhere else, `offset` frames into the next block, within so many frames.

        Where `turn` is all the way round, it goes the shorter way.
        """
        last = self._steps[-1][1] if self._steps else self._goal
        if turn:
            goal += turn * round((last - goal) / turn)
        self._steps.append((offset, goal, max(1, frames)))

    def block(self, frames: int) -> bool:
        """Get on by a block; whether it moved."""
        if not self._steps and not self._left:
            return False
        at = 0
        for offset, goal, long in sorted(self._steps, key=lambda step: step[0]):
            here = min(max(offset, at), frames)
            self._run(here - at)
            at, self._goal, self._left = here, goal, long
        self._steps.clear()
        self._run(frames - at)
        return True

    def _run(self, frames: int) -> None:
        if frames >= self._left:
            self.value, self._left = self._goal, 0
        else:
            self.value += (self._goal - self.value) * frames / self._left
            self._left -= frames


class Seat:
    """The place of everything that plays on one route.

    Args:
        begins: Where it begins, by the names of `PLACE`.
        rate: Frames a second.
        zone: The room of the layout.

    Attributes:
        levels: What left and right are in each channel now; None before the first block. Kept by the stage.
        dulled: How far the air takes the brilliance from it now, 0 to 1. Likewise.
        moved: Whether it is somewhere else than when the stage last looked.
        apart: What notes with places of their own gave to the present block, in the channels of the room.

    >>> seat = Seat({"azim": 170.0}, 48000)
    >>> seat.move("azim", -170.0, 0, 100)
    >>> seat.block(50)
    >>> seat.now()[0]
    180.0
    """

    def __init__(self, begins: Mapping[str, float], rate: int, zone: str = "") -> None:
        self.zone = zone
        self._rate = rate
        self._glides = [_Glide(begins.get(one.name, float(one.default))) for one in PLACE]
        self.levels: Audio | None = None
        self.dulled = 0.0
        self.moved = True
        self.apart: Audio | None = None

    def move(self, name: str, value: float, offset: int, frames: int) -> None:
        """Be somewhere else.

        Args:
            name: Which of `PLACE`.
            value: In its own unit.
            offset: Frames into the next block.
            frames: How many it takes.
        """
        self._glides[_PLACES[name]].move(value, offset, frames, 360.0 if name == "azim" else 0.0)

    def go(self, place: Mapping[str, float], offset: int) -> None:
        """Be where an event says, as soon as that does not click."""
        for name, value in place.items():
            self.move(name, value, offset, round(JUMP * self._rate))

    def block(self, frames: int) -> None:
        """Get on by a block."""
        self.apart = None
        for glide in self._glides:
            self.moved = glide.block(frames) or self.moved

    def rest(self) -> None:
        """Be silent for a block: what sounds next sounds where it is then."""
        self.levels = None
        self.dulled = 0.0
        self.moved = True

    def now(self, place: Mapping[str, float] | None = None) -> list[float]:
        """Where it is, in the order of `PLACE`; where a note says it is, as far as that says so."""
        if not place:
            return [glide.value for glide in self._glides]
        return [place.get(one.name, glide.value) for one, glide in zip(PLACE, self._glides, strict=True)]
