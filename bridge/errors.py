"""What can go wrong on the way between cycles and the outside world."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from patterns.errors import SempreError

if TYPE_CHECKING:
    from collections.abc import Sequence


class BridgeError(SempreError):
    """Anything that goes wrong between the patterns and a port, a socket or a clock."""


class PortNotFound(BridgeError):
    """No port carries the asked name; never replaced silently by another.

    Args:
        name: The part of a name that was asked for.
        candidates: The ports that are there.
    """

    def __init__(self, name: str, candidates: Sequence[str]) -> None:
        self.name = name
        self.candidates = tuple(candidates)
        near = get_close_matches(name, candidates, n=1, cutoff=0.4)
        there = ", ".join(repr(c) for c in candidates) or "none at all"
        hint = f"; did you mean {near[0]!r}?" if near else ""
        super().__init__(f"no MIDI port has {name!r} in its name{hint} (there: {there})")


class ClockLost(BridgeError):
    """The source of the clock is gone; time goes on from the monotonic clock."""


class OscError(BridgeError):
    """A packet, or a stream, that is no OSC."""


class PeerGone(BridgeError):
    """The process at the other end of a connection closed it."""


class BondError(BridgeError):
    """An instance of the plugin inside a DAW that cannot be talked to."""
