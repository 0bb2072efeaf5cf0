"""What sounds, for whoever draws it: editors, a page in a browser, a piano roll.

A screen is told of events as a sending process is, seconds ahead and with the places in the pieces that they
come from; what is moved comes again under the same id, what is taken back is named. So it draws by its own
clock, smoothly, and few messages are sent. Nothing is made while nobody looks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from patterns.lanes import label_of, pitch_of, strength_of
from repl.session import layer_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bridge.event import Seconds, TimedEvent
    from bridge.scheduler import Scheduler
    from repl.clients import Client, Clients, Message

HAPS = "haps"
"""The topic under which clients ask for what sounds."""
SHORTEST: Seconds = 0.001
"""Seconds: an event without an end is shown for a moment."""


class Screens:
    """Keeps those who look in step with what is sent; only the scheduler's thread calls it.

    Args:
        clients: Those who may look; asked when there is something to show.
        wall: The time of day, in seconds since 1970, at a time of the session.
    """

    def __init__(self, clients: Callable[[], Clients], wall: Callable[[Seconds], float]) -> None:
        self._clients = clients
        self._wall = wall
        self._rows: dict[int, TimedEvent] = {}
        self._gone: dict[int, None] = {}
        self._all_gone = False

    def show(self, events: Sequence[TimedEvent]) -> None:
        """Take events; one that is known is moved."""
        for event in events:
            if event.where is not None:
                self._rows[event.id] = event
                self._gone.pop(event.id, None)

    def take_back(self, ids: Sequence[int]) -> None:
        """Forget events that do not come after all."""
        for ident in ids:
            self._rows.pop(ident, None)
            self._gone[ident] = None

    def clear(self) -> None:
        """Forget all of them."""
        self._rows.clear()
        self._gone.clear()
        self._all_gone = True

    def flush(self) -> None:
        """Tell those who look what has changed since the last time."""
        if not (self._rows or self._gone or self._all_gone):
            return
        clients = self._clients()
        if clients.wanted(HAPS):
            clients.broadcast(self._message(self._rows.values(), whole=self._all_gone), topic=HAPS)
        self._rows.clear()
        self._gone.clear()
        self._all_gone = False

    def hear(self, client: Client, message: Message, scheduler: Scheduler) -> None:
        """A client wants to look, or with `on` false no longer."""
        if message.get("on") is False:
            client.topics -= {HAPS}
        else:
            self.begin(client, scheduler)

    def begin(self, client: Client, scheduler: Scheduler) -> None:
        """Let a client look: it is told of all that was sent and still sounds, or is to come.

        Args:
            client: Who.
            scheduler: Knows what that is.
        """
        self.flush()
        client.topics |= {HAPS}
        now, tempo = scheduler.clock.now(), scheduler.tempo
        places = scheduler.places.values()
        sent = (one.timed(place.name, tempo) for place in places for one in place.sent.values())
        there = [one for one in sent if one.where is not None and one.at + one.duration > now]
        client.send(self._message(there, whole=True))

    def _message(self, events: Iterable[TimedEvent], *, whole: bool) -> Message:
        several = list(events)
        # One look at the clocks: they part by less than a millisecond within what is sent ahead.
        zero = self._wall(several[0].at) - several[0].at if several else 0.0
        rows = [_row(event, zero) for event in several]
        return {"op": HAPS, "whole": whole, "rows": rows, "gone": [_name(one) for one in self._gone]}


def _row(event: TimedEvent, zero: float) -> Message:
    """What is told of one event.

    Args:
        event: Which.
        zero: The time of day when the session's time was 0.
    """
    begin = zero + event.at
    return {
        "id": _name(event.id),
        "layer": layer_name(event.layer),
        "at": round(begin, 4),
        "until": round(begin + max(SHORTEST, event.duration), 4),
        "label": label_of(event.controls),
        "pitch": pitch_of(event.controls),
        "strength": round(strength_of(event.controls), 3),
        "where": [[one.file, one.line, one.column, one.end - one.begin] for one in event.where or ()],
    }


def _name(ident: int) -> str:
    # As text: JavaScript's numbers have 53 bits.
    return f"{ident:x}"
