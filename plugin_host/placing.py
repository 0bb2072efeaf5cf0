"""Where one route stands in the room: as a whole, and each of its notes that says so."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from plugin_host.audio import Audio, single
from plugin_host.errors import nearest
from plugin_host.places import PLACE
from plugin_host.seat import Seat

if TYPE_CHECKING:
    from plugin_host.bank import Voicing
    from plugin_host.specs import Chain

__all__ = ["Places", "Placing"]


class Places(Protocol):
    """The part of `plugin_host.stage.Stage` that a note needs."""

    zones: frozenset[str]

    def voice(self, place: Sequence[float], zone: str = "") -> Audio:
        """What left and right of a place are in each channel."""
        ...


class Placing:
    """The place of a route; it has none before somebody says so, and then costs nothing.

    Args:
        chain: What plays there.
        rate: Frames a second.

    Attributes:
        seat: The place; None while nobody has said any.
        zone: The room of the layout in which it is.
        stage: Tells what a note's own place comes to; None where there is no room.
    """

    def __init__(self, chain: "Chain", rate: int) -> None:
        self._rate = rate
        names = {one.name for one in PLACE} if chain.instrument.kind != "vst3" else set[str]()
        said = {name: float(value) for name, value in chain.instrument.values if name in names}
        self.zone = (
            "" if chain.instrument.kind == "vst3" else str(dict(chain.instrument.values).get("zone", ""))
        )
        self.seat = Seat(said, rate, self.zone) if said or self.zone else None
        self.stage: Places | None = None
        self._later: list[tuple[int, Mapping[str, float], int]] = []
        self._rest: Audio | None = None
        self._apart: list[tuple[Audio, Audio]] = []
        self._scale: Audio | None = None

    def enter(self, stage: Places, report: Callable[[str], None]) -> None:
        """Be in a room from now on; one that has no such zone is said, and the main one takes its place.

        Args:
            stage: The room.
            report: Takes one line.
        """
        self.stage = stage
        if self.zone and self.zone not in stage.zones:
            known = nearest(self.zone, stage.zones) if stage.zones else "it has none"
            report(f"the layout has no zone {self.zone!r}, it is heard in the main one; {known}")

    def begin(self, voicing: "Voicing", offset: int, *, apart: bool, wait: int = 0) -> None:
        """Take in what an event says of its place.

        Args:
            voicing: The note; it gets its levels, if it has a place of its own.
            offset: Frames into the next block.
            apart: Whether it may have one; else all that plays here goes there.
            wait: Blocks until that block is heard.
        """
        own = {name: value for name, value in voicing.own.items() if name.startswith("place.")}
        if not own and not voicing.controls.place:
            return
        voicing.own = {name: value for name, value in voicing.own.items() if name not in own}
        place = {name.removeprefix("place."): value for name, value in own.items()}
        place |= voicing.controls.place
        if not apart or self.stage is None:
            self._later.append((wait, place, offset))
        else:
            voicing.levels = self.stage.voice(self._seated().now(place), self.zone)

    def move(self, name: str, value: float, offset: int, frames: int) -> None:
        """Let everything that plays here be somewhere else.

        Args:
            name: One of `plugin_host.places.PLACE`.
            value: In its own unit.
            offset: Frames into the next block.
            frames: How many it takes.
        """
        self._seated().move(name, value, offset, frames)

    def block(self, frames: int) -> None:
        """Get on by a block."""
        self._rest = self._scale = None
        self._apart.clear()
        if self._later:
            for wait, place, offset in self._later:
                if wait <= 0:
                    self._seated().go(place, offset)
            self._later = [(wait - 1, place, offset) for wait, place, offset in self._later if wait > 0]
        if self.seat is not None:
            self.seat.block(frames)

    def rest(self) -> None:
        """Be silent for a block."""
        if self.seat is not None:
            self.seat.rest()

    def set_apart(self, lanes: Audio, apart: Sequence[tuple[Audio, Audio]]) -> Audio:
        """Remember which part of the present block has places of its own; gives the whole.

        Args:
            lanes: What has not.
            apart: What has, with its levels in the room.
        """
        self._rest, self._apart = lanes[:2], [*apart]
        return single(sum((one for _, one in apart), start=lanes))

    def scale(self, by: Audio) -> None:
        """Have the present block louder or softer, frame by frame, as the whole is."""
        self._scale = by if self._scale is None else self._scale * by

    def seated(self, sound: Audio) -> Audio:
        """What of the present block stands where the route as a whole does; the notes' own are with the seat.

        Args:
            sound: The whole.
        """
        if self._rest is None or self.seat is None:
            return sound
        total: Audio | None = None
        for levels, lanes in self._apart:
            heard = levels.T @ (lanes[:2] if self._scale is None else single(lanes[:2] * self._scale))
            total = heard if total is None else single(total + heard)
        self.seat.apart = total
        return self._rest if self._scale is None else single(self._rest * self._scale)

    def _seated(self) -> Seat:
        if self.seat is None:
            self.seat = Seat({}, self._rate, self.zone)
        return self.seat
