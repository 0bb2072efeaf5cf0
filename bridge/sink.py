"""Where events go, seen from the scheduler; and the sink that only writes down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bridge.event import Seconds, TimedEvent
    from bridge.layer import Target


class Sink(Protocol):
    """Takes events ahead of time, and takes them back by id until they have begun."""

    @property
    def latency(self) -> Seconds:
        """How early it wants the events of a layer that follows live input."""
        ...

    def send(self, target: Target, events: Sequence[TimedEvent], cps: float) -> None:
        """Take events; one whose id is known is moved, not doubled."""
        ...

    def cancel(self, ids: Iterable[int]) -> None:
        """Take back what has not begun."""
        ...

    def panic(self) -> None:
        """Sound off, now."""
        ...


@dataclass(slots=True)
class Recorder:
    """A sink that keeps what it was told: the sink of tests, rehearsals and renders.

    Args:
        latency: As a real sink's.

    Attributes:
        held: The events by id as they would sound, with all moves and cancellations done.
        log: Each call as it came.
    """

    latency: Seconds = 0.0
    held: dict[int, tuple[Target, TimedEvent]] = field(default_factory=dict[int, "tuple[Target, TimedEvent]"])
    log: list[tuple[str, object]] = field(default_factory=list[tuple[str, object]])

    def send(self, target: Target, events: Sequence[TimedEvent], cps: float) -> None:
        """Keep the events."""
        del cps
        for event in events:
            self.held[event.id] = (target, event)
            self.log.append(("send", event))

    def cancel(self, ids: Iterable[int]) -> None:
        """Drop the events."""
        for ident in ids:
            self.held.pop(ident, None)
            self.log.append(("cancel", ident))

    def panic(self) -> None:
        """Note that it was asked for."""
        self.log.append(("panic", None))

    def events(self) -> list[TimedEvent]:
        """What would sound, by time."""
        return sorted((e for _, e in self.held.values()), key=lambda e: (e.at, e.layer, e.id))
