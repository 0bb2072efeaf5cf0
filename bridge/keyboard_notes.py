"""Notes that are played now, in the process that sounds them: when they sound, and who ends them."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from bridge.event import SinkEvent, decode_events

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.event import Agenda, Seconds
    from bridge.worker import Connection

FOR_EVER = 86_400.0
"""Seconds that a note lasts whose key is held; its end is told when it is let go."""
SHORTEST = 0.005
"""Seconds that a note lasts at least."""
MOST = 0.1
"""Seconds by which the lag may grow; a note that needs more came from a machine that stood still."""
NEEDS = 32
"""Notes that the lag is made of."""
LATE = 2
"""Of those, how many may have needed more than the lag: one hiccup is one late note. Were the lag the most
that any needed, a player would feel 100 ms for 32 notes after each."""


class Lag:
    """How long after its key a note sounds: always the same, so that a rhythm stays a rhythm.

    Args:
        least: Seconds; more where some of the last notes needed more, up to `MOST`.
    """

    def __init__(self, least: Seconds) -> None:
        self._needs = deque([least] * NEEDS, NEEDS)
        self._least = least

    def of(self, need: Seconds) -> Seconds:
        """The lag of a note that needs at least so much."""
        self._needs.append(max(self._least, min(MOST, need)))
        return sorted(self._needs)[-1 - LATE]


class Played:
    """The notes of one keyboard process, put into the agenda of whoever sounds them; one thread uses it.

    Args:
        agenda: Of the process; it owns the ends.
        lag: When they sound.
    """

    def __init__(self, agenda: Agenda, lag: Lag) -> None:
        self._agenda = agenda
        self._lag = lag
        self._held: dict[int, SinkEvent] = {}

    def take(self, event: SinkEvent) -> None:
        """Take a note whose key was struck, or the same again with its end."""
        reached = self._agenda.reached
        begun = self._held.get(event.id)
        if begun is not None:
            until = max(event.until + (begun.at - event.at), reached, begun.at + SHORTEST)
            del self._held[event.id]
            self._agenda.add(begun._replace(until=until))
            return
        at = max(event.at + self._lag.of(reached - event.at), reached)
        note = event._replace(at=at, until=at + (event.until - event.at))
        if note.until - note.at >= FOR_EVER:
            self._held[event.id] = note
        self._agenda.add(note)

    def end(self) -> None:
        """Whoever played is gone: end all that is held."""
        reached = self._agenda.reached
        for note in self._held.values():
            self._agenda.add(note._replace(until=max(reached, note.at + SHORTEST)))
        self._held.clear()


def serve_keys(
    connection: Connection,
    agenda: Callable[[SinkEvent], Agenda],
    lag: Lag,
    order: Callable[[Callable[[], object]], object],
    other: Callable[[bytes, bytes], object],
) -> None:
    """Read the process in which MIDI comes in, until it goes; then end what its keys hold.

    Args:
        connection: To it.
        agenda: Where an event belongs.
        lag: When notes sound.
        order: Has work done in the thread that owns the agendas.
        other: Takes every message that is no note: its kind and its body.

    Raises:
        PeerGone: It has gone.
    """
    found: dict[int, Played] = {}

    def take(events: list[SinkEvent]) -> None:
        for event in events:
            own = agenda(event)
            found.setdefault(id(own), Played(own, lag)).take(event)

    try:
        while True:
            kind, body = connection.receive()
            if kind == b"E":
                events = decode_events(body)
                order(lambda events=events: take(events))
            other(kind, body)
    finally:
        order(lambda: [played.end() for played in found.values()])
