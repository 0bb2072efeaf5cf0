"""Where events go, seen from the scheduler; and the sinks of tests, rehearsals and renders."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from bridge.event import Agenda, SinkEvent
from bridge.layer import route_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bridge.event import Due, Seconds, TimedEvent
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


@dataclass(slots=True)
class Sound:
    """What was heard of one event.

    Attributes:
        event: As it was when it began.
        begin: When it began.
        end: When it ended; None while it sounds.
    """

    event: TimedEvent
    begin: Seconds
    end: Seconds | None = None


@dataclass(slots=True)
class Player:
    """A sink that does in virtual time what a sending process does in real time.

    Args:
        latency: As a real sink's.

    Attributes:
        sounds: What was heard, in order of beginning.
    """

    latency: Seconds = 0.0
    sounds: list[Sound] = field(default_factory=list[Sound])
    agenda: Agenda = field(default_factory=Agenda)
    _reached: Seconds = -math.inf
    _events: dict[int, TimedEvent] = field(default_factory=dict[int, "TimedEvent"])
    _sounding: dict[int, Sound] = field(default_factory=dict[int, Sound])

    def send(self, target: Target, events: Sequence[TimedEvent], cps: float) -> None:
        """Hold the events until they are due."""
        del cps
        route = route_of(target.key)
        for event in events:
            self._events[event.id] = event
            self.agenda.add(SinkEvent(event.id, event.at, event.at + event.duration, route, b"on", b"off"))

    def cancel(self, ids: Iterable[int]) -> None:
        """Take back what has not begun."""
        self.agenda.cancel(ids)

    def panic(self) -> None:
        """End all sound."""
        self._hear(self.agenda.silence())

    def play(self, now: Seconds) -> None:
        """Let be heard what is due before `now`; late is what came only after its time had been played."""
        self._hear(self.agenda.due(now, self._reached))
        self._reached = now
        if len(self._events) > 2 * self.agenda.remembered + 1000:
            held = dict(self.agenda.held())
            self._events = {i: e for i, e in self._events.items() if i in held or i in self._sounding}

    def _hear(self, dues: Sequence[Due]) -> None:
        for due in dues:
            if due.on:
                sound = Sound(self._events[due.event.id], due.at)
                self._sounding[due.event.id] = sound
                self.sounds.append(sound)
            else:
                self._sounding.pop(due.event.id).end = due.at
