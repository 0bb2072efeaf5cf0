"""What a musician writes to play an instrument on a keyboard: `keyboard`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.layer import Target


@dataclass(frozen=True, slots=True)
class Keyboard:
    """Keys that play an instrument directly.

    Args:
        target: What is played.
        channel: 1 to 16 of the keys that are meant; None is any.
        port: A part of the name of the port that they come from; None is any.
        low: The lowest key that is meant.
        high: The highest.
        transpose: Semitones by which it sounds higher.
    """

    target: Target
    channel: int | None = None
    port: str | None = None
    low: int = 0
    high: int = 127
    transpose: int = 0

    def __repr__(self) -> str:
        """It is what its name is bound to."""
        return "keyboard(…): bind it to a name, as in piano = keyboard(…), and it is played"


@dataclass(frozen=True, slots=True)
class Row:
    """The same as the process in which MIDI comes in knows it.

    Args:
        sender: Which process sounds it: "mixer" or "output".
        route: The number of its route.
        place: What that process has to know of the route.
        out: The channel on which it is sent, 0 to 15.
        drums: Whether keys are drums, by their names.
    """

    sender: str
    route: int
    place: dict[str, object] = field(hash=False)
    channel: int | None
    port: str | None
    low: int
    high: int
    transpose: int
    out: int
    drums: bool

    @staticmethod
    def from_json(row: Mapping[str, object]) -> Row:
        """From what `vars` of one would be."""
        return Row(
            str(row["sender"]),
            cast("int", row["route"]),
            cast("dict[str, object]", row["place"]),
            cast("int | None", row["channel"]),
            cast("str | None", row["port"]),
            cast("int", row["low"]),
            cast("int", row["high"]),
            cast("int", row["transpose"]),
            cast("int", row["out"]),
            bool(row["drums"]),
        )

    def hears(self, port: str, channel: int) -> bool:
        """Whether messages of a port and a channel (0 to 15) are meant."""
        if self.channel not in (None, channel + 1):
            return False
        return self.port is None or self.port.lower() in port.lower()
