"""What a session played, handed to the sinks once more, as long before it is due as an engine hands it."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Protocol

from bridge.horizon import FAR
from bridge.scheduler import Scheduler
from bridge.sink import Sink
from bridge.tempo import Tempo
from bridge.transport import Transport
from repl.clockwork import BEAT, PAST
from repl.commands import CUE
from repl.session import layer_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bridge.clock import Clock
    from bridge.event import Seconds
    from bridge.layer import Target
    from repl.replay import Replayed, Script, Sent

AHEAD = 10.0
"""Seconds before its first event in which the mixer builds an instrument; a kit takes 0.7."""
TAIL = 2.0
"""Seconds after the end in which the last notes ring out."""


class Sender(Sink, Protocol):
    """A sending process."""

    def prepare(self, targets: Iterable[Target]) -> None:
        """Get targets ready before their first events."""
        ...

    def stand(self, kind: bytes, body: bytes) -> None:
        """Say what holds until it is said anew."""
        ...


class Aloud:
    """Plays again what was played; asked again and again by the one thread that owns it.

    Args:
        played: What, in the times of that session.
        script: What else was done in it: sound was cut off, layers were heard beforehand.
        output: Sends MIDI and OSC.
        mixer: Sounds the rest.
        clock: The time now.
        start: When, by that clock, the beginning is heard.
        anew: Whether nothing was played of it yet; else another process did so up to now, and what the
            sinks do not hold they are sent once they say so.

    Attributes:
        sent: What the sinks were handed and what is not over, by id.
    """

    def __init__(
        self,
        played: Replayed,
        script: Script,
        output: Sender,
        mixer: Sender,
        clock: Clock,
        start: Seconds,
        *,
        anew: bool,
    ) -> None:
        self._played = played
        self._mixer = mixer
        self._sinks: Mapping[str, Sender] = {"midi": output, "osc": output, "audio": mixer}
        self._clock = clock
        self._shift = start - played.beginning
        self._next = self._near = 0
        self.sent: dict[int, Sent] = {}
        self._line: Tempo | None = None
        since = played.beginning if anew else self.here
        cuts = [at for at, deed in script.deeds if deed is Scheduler.panic]
        self._cuts = [at for at in cuts if since < at < played.end]
        self._cues = list(script.cues)
        if not anew:
            self._hand_on(send=False)

    @property
    def here(self) -> Seconds:
        """The time now, in that session."""
        return self._clock.now() - self._shift

    @property
    def over(self) -> bool:
        """Whether all of it has been played, and has rung out."""
        return self.here >= self._played.end + TAIL

    def targets(self, within: Seconds) -> list[Target]:
        """Where the events go that come within so many seconds."""
        found = self._played.events[self._next :]
        until = self.here + within
        return list({one.target.key: one.target for one in found if one.event.at < until}.values())

    def layers(self) -> list[str]:
        """The layers that were just heard, or are about to be."""
        return list(dict.fromkeys(layer_name(one.event.layer) for one in self.sent.values()))

    def tempo_at(self) -> tuple[float, float]:
        """The cycle that passes, and cycles per second."""
        tempo, here = self._played.tempo, max(self.here, self._played.beginning)
        return tempo.cycle_at(here), tempo.cps_at(here)

    def step(self) -> None:
        """Send what has come within reach, and do what was done."""
        here = self.here
        while self._cuts and self._cuts[0] <= here:
            self._cuts.pop(0)
            for sink in {id(one): one for one in self._sinks.values()}.values():
                sink.panic()
        while self._cues and self._cues[0][0] <= here:
            self._mixer.stand(CUE, json.dumps(sorted(self._cues.pop(0)[1])).encode())
        self._tell_tempo(here)
        self._hand_on()

    def reconcile(self, sink: Sink, held: Sequence[int]) -> None:
        """Bring a sink in step that has just come, or come back.

        Args:
            sink: Which.
            held: The ids of what it holds already.
        """
        mine = [one for one in self.sent.values() if self._sinks.get(one.target.kind) is sink]
        self._send([one for one in mine if one.event.at >= self.here])
        sink.cancel(sorted(set(held) - {one.event.id for one in mine}))

    def silence(self) -> None:
        """Play nothing more: somebody has cut the sound off."""
        self._next = self._near = len(self._played.events)
        for sink in {id(one): one for one in self._sinks.values()}.values():
            sink.cancel([one.event.id for one in self.sent.values() if self._sinks[one.target.kind] is sink])
        self.sent.clear()

    def _hand_on(self, *, send: bool = True) -> None:
        here, events = self.here, self._played.events
        # What comes after sound was cut off is sent when it has been: the sinks drop all that they hold.
        until = min([here + FAR, *self._cuts[:1]])
        first = self._next
        while self._next < len(events) and events[self._next].event.at < until:
            self._next += 1
        fresh = events[first : self._next]
        self.sent = {i: one for i, one in self.sent.items() if _end(one) > here - 1}
        self.sent |= {one.event.id: one for one in fresh if _end(one) > here - 1}
        near = max(self._near, self._next)
        while near < len(events) and events[near].event.at < here + AHEAD:
            near += 1
        self._mixer.prepare([o.target for o in events[self._near : near] if o.target.kind == "audio"])
        self._near = near
        if send:
            self._send(fresh)

    def _send(self, events: Sequence[Sent]) -> None:
        for (_, cps), found in groupby(
            sorted(events, key=lambda one: (one.target.key, one.cps)), lambda one: (one.target.key, one.cps)
        ):
            rows = list(found)
            sink = self._sinks.get(rows[0].target.kind)
            if sink is not None:
                moved = [replace(one.event, at=one.event.at + self._shift) for one in rows]
                sink.send(rows[0].target, sorted(moved, key=lambda event: event.at), cps)

    def _tell_tempo(self, here: Seconds) -> None:
        """Let plugins know the tempo: as much of the line as matters, for one that was bent is long."""
        line = self._played.tempo.since(here - PAST)
        line = Tempo(line.segments[:1] + tuple(s for s in line.segments[1:] if s.begin < here + AHEAD))
        if line != self._line:
            self._line = line
            moved = Tempo(tuple(replace(s, begin=s.begin + self._shift) for s in line.segments))
            self._mixer.stand(BEAT, json.dumps([moved.to_json(), Transport().to_json()]).encode())


def _end(one: Sent) -> Seconds:
    return one.event.at + one.event.duration
