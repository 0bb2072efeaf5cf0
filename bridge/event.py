"""A due thing in seconds, how it travels to a sending process, and what such a process holds."""

from __future__ import annotations

import heapq
import math
import struct
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping

    from patterns.where import Where

Seconds = float
"""A time on the session's timeline; on JACK it is exactly `(frame + offset) / rate`."""

BY_HAND = 0x6B657973
"""The number of the layer of what is played on a keyboard: it sounds as soon as it can, and is never late."""
KEEP = 30.0
"""Seconds for which an ended event is remembered, so that another engine may send it again in vain."""

_HEAD = struct.Struct("<QddIIHH")
_ID = struct.Struct("<Q")
_HELD = struct.Struct("<Qd")


@dataclass(frozen=True, slots=True)
class TimedEvent:
    """One occurrence of a layer's pattern, due at a time.

    Args:
        at: When it begins.
        duration: How long it lasts, in seconds; 0 for what has no end.
        controls: What it says to the instrument: `note`, `velocity`, `pan` and the like.
        layer: The place that plays it.
        id: 64 bits, the same in every process for the same layer, whole and value.
        where: The places in the musician's files that it comes from; None if it is no occurrence, but a step
            of a signal, say.
    """

    at: Seconds
    duration: Seconds
    controls: Mapping[str, object]
    layer: str
    id: int
    # No part of what is played: of what a save leaves as it is, the line may be another by now.
    where: tuple[Where, ...] | None = field(default=None, compare=False)


class SinkEvent(NamedTuple):
    """What travels to a sending process: bytes and the times at which they are due.

    Attributes:
        id: 64 bits; sending the same id again moves the event, it never doubles it.
        at: When `on` is due.
        until: When `off` is due; equal to `at` for what has no end.
        route: The port, address or instrument: 32 bits, as the table of routes names it.
        on: What to send at the onset.
        off: What to send at the end; empty when there is nothing to end.
        layer: Whose it is, as a number: 32 bits, as the table of layers names it; 0 is nobody's.
    """

    id: int
    at: Seconds
    until: Seconds
    route: int
    on: bytes
    off: bytes
    layer: int = 0


def encode_events(events: Iterable[SinkEvent]) -> bytes:
    """Pack events for the way to a sending process; `decode_events` is the reverse.

    >>> event = SinkEvent(7, 1.5, 2.0, 0, bytes([0x90, 60, 100]), bytes([0x80, 60, 0]))
    >>> decode_events(encode_events([event])) == [event]
    True
    """
    parts: list[bytes] = []
    for event in events:
        on, off = event.on, event.off
        parts += (_HEAD.pack(*event[:4], event.layer, len(on), len(off)), on, off)
    return b"".join(parts)


def decode_events(data: bytes) -> list[SinkEvent]:
    """Unpack what `encode_events` packed.

    Raises:
        ValueError: The bytes end in the middle of an event.
    """
    events: list[SinkEvent] = []
    position, size = 0, len(data)
    try:
        while position < size:
            ident, at, until, route, layer, on_size, off_size = _HEAD.unpack_from(data, position)
            begin = position + _HEAD.size
            middle = begin + on_size
            position = middle + off_size
            on, off = data[begin:middle], data[middle:position]
            events.append(SinkEvent(ident, at, until, route, on, off, layer))
    except struct.error as error:
        raise ValueError(f"event data is cut off after {len(events)} events") from error
    if position != size:
        raise ValueError(f"event data is cut off after {len(events) - 1} events")
    return events


def encode_ids(ids: Iterable[int]) -> bytes:
    """Pack event ids; `decode_ids` is the reverse."""
    return b"".join(_ID.pack(i) for i in ids)


def decode_ids(data: bytes) -> list[int]:
    """Unpack what `encode_ids` packed."""
    return [row[0] for row in _ID.iter_unpack(data)]


def encode_held(held: Iterable[tuple[int, Seconds]]) -> bytes:
    """Pack ids with their times; `decode_held` is the reverse."""
    return b"".join(_HELD.pack(ident, at) for ident, at in held)


def decode_held(data: bytes) -> list[tuple[int, Seconds]]:
    """Unpack what `encode_held` packed."""
    return [(row[0], row[1]) for row in _HELD.iter_unpack(data)]


class Due(NamedTuple):
    """Something to send now: the `on` of an event, or its `off`."""

    at: Seconds
    on: bool
    event: SinkEvent


def by_id(event: SinkEvent) -> Hashable:
    """The key of an instrument whose voices are told apart by event: nothing retriggers."""
    return event.id


@dataclass(slots=True)
class _Entry:
    event: SinkEvent
    key: Hashable = None
    begun: bool = False
    stamp: int = 0


_OFF, _SIMPLE, _ON = 0, 1, 2
"""What comes first of what is due at one time: ends, then what has no end (controllers), then notes."""


@dataclass(slots=True)
class Agenda:
    """What a sending process holds: the queue of what is to come, and the ledger of what sounds.

    It is the one owner of note-offs. Whatever happens to the engine, each `on` that was handed out is
    followed by exactly one `off` with the same key.

    Args:
        key: What an event occupies while it sounds, for example a port, channel and pitch; an event
            that begins on an occupied key ends the older one first. None: nothing is occupied.
        drop_after: Seconds of lateness beyond which an onset is dropped instead of sent late.
            An `off` is never dropped.
        seat: What an event becomes when it begins, for example on the channel that it gets. The key is
            that of what it becomes; its end too.
        left: Told of each event that has ended, as it was when it began.
        missed: Told of each event that is dropped, and by how many seconds it was late.

    Attributes:
        late_of: How many events of a layer came late, dropped ones among them.
        dropped_of: How many of a layer were dropped.
    """

    key: Callable[[SinkEvent], Hashable] = by_id
    drop_after: float = 0.25
    seat: Callable[[SinkEvent], SinkEvent] | None = None
    left: Callable[[SinkEvent], None] | None = None
    missed: Callable[[SinkEvent, Seconds], None] | None = None
    late_of: dict[int, int] = field(default_factory=dict[int, int])
    dropped_of: dict[int, int] = field(default_factory=dict[int, int])
    late: int = 0
    dropped: int = 0
    worst: float = 0.0
    # To come, or sounding. What has ended is only a number: `held` is asked beside the sound, and in 30 s
    # moving parameters leave more behind than what is to come.
    _entries: dict[int, _Entry] = field(default_factory=dict[int, _Entry])
    _ended: set[int] = field(default_factory=set[int])
    _heap: list[tuple[float, int, int, int]] = field(default_factory=list[tuple[float, int, int, int]])
    _owner: dict[Hashable, int] = field(default_factory=dict["Hashable", int])
    _done: deque[tuple[float, int]] = field(default_factory=deque[tuple[float, int]])
    _stamps: int = 0
    _reached: Seconds = -math.inf

    def add(self, event: SinkEvent) -> None:
        """Take a new event, or move one that is known by its id.

        A held event is replaced; a sounding one gets the new end; one that has ended is left alone, so
        that an engine that takes over may send everything again.
        """
        if event.id in self._ended:
            return
        entry = self._entries.get(event.id)
        if entry is None:
            entry = self._entries[event.id] = _Entry(event)
            self._push(event.at, _ON if event.off else _SIMPLE, entry)
        elif not entry.begun:
            if event != entry.event:
                entry.event = event
                self._push(event.at, _ON if event.off else _SIMPLE, entry)
        elif event.until != entry.event.until:
            entry.event = entry.event._replace(until=event.until)
            self._push(max(event.until, entry.event.at), _OFF, entry)

    def cancel(self, ids: Iterable[int]) -> None:
        """Forget what has not begun; what sounds keeps its end."""
        for ident in ids:
            entry = self._entries.get(ident)
            if entry is not None and not entry.begun:
                del self._entries[ident]

    def due(self, until: Seconds, now: Seconds | None = None) -> list[Due]:
        """Hand out everything due before `until`, sorted by time; a key's older event ends first.

        Args:
            until: The first time that is not yet due.
            now: The present; an onset before it counts as late, or is dropped (`drop_after`).
                The times handed out are the events' own.
        """
        out: list[Due] = []
        heap = self._heap
        self._reached = max(self._reached, until)
        while heap and heap[0][0] < until:
            at, order, stamp, ident = heapq.heappop(heap)
            entry = self._entries.get(ident)
            if entry is None or entry.stamp != stamp:
                continue
            if order == _OFF:
                self._end(entry, at, out)
            else:
                self._begin(entry, at, now, out)
        if now is not None and self._done and self._done[0][0] < now - KEEP:
            self._forget(now - KEEP)
        return out

    def silence(self) -> list[Due]:
        """End everything that sounds and forget all that is held."""
        out: list[Due] = []
        for ident in list(self._owner.values()):
            self._end_early(self._entries[ident], out)
        self.release()
        return out

    def release(self) -> None:
        """Forget all that is held; what sounds keeps its own end."""
        self._entries = {i: entry for i, entry in self._entries.items() if entry.begun}

    def drop_routes(self, routes: Iterable[int]) -> list[Due]:
        """End and forget everything on these routes, for a port that went away."""
        gone = frozenset(routes)
        out: list[Due] = []
        for ident, entry in list(self._entries.items()):
            if entry.event.route in gone:
                if entry.begun:
                    self._end_early(entry, out)
                else:
                    del self._entries[ident]
        return out

    def held(self) -> list[tuple[int, Seconds]]:
        """The ids and times of what has not begun."""
        return [(i, entry.event.at) for i, entry in self._entries.items() if not entry.begun]

    def to_come(self) -> list[SinkEvent]:
        """What has not begun."""
        return [entry.event for entry in self._entries.values() if not entry.begun]

    def begun(self) -> list[SinkEvent]:
        """What has begun and not ended."""
        return [self._entries[ident].event for ident in self._owner.values()]

    def take(self, route: int) -> list[SinkEvent]:
        """Give away what has not begun on a route: it is held elsewhere from now on."""
        taken = [event for event in self.to_come() if event.route == route]
        self.cancel(event.id for event in taken)
        return taken

    def ends_of(self, dues: Iterable[Due]) -> list[Due]:
        """The ends among what was handed out, but for keys that sound again: to be said once more."""
        return [due for due in dues if not due.on and self.key(due.event) not in self._owner]

    @property
    def waiting(self) -> int:
        """How many events have not begun."""
        return len(self._entries) - len(self._owner)

    @property
    def reached(self) -> Seconds:
        """The time up to which everything has been handed out."""
        return self._reached

    @property
    def next_at(self) -> Seconds | None:
        """The time of the next thing that may be due, or None when nothing is held."""
        heap = self._heap
        while heap:
            _, _, stamp, ident = heap[0]
            entry = self._entries.get(ident)
            if entry is not None and entry.stamp == stamp:
                return heap[0][0]
            heapq.heappop(heap)
        return None

    @property
    def sounding(self) -> int:
        """How many events have begun and not yet ended."""
        return len(self._owner)

    @property
    def remembered(self) -> int:
        """How many events it knows: to come, sounding, or ended less than `KEEP` ago."""
        return max(len(self._entries) + len(self._ended), len(self._heap), len(self._done))

    def _push(self, at: Seconds, order: int, entry: _Entry) -> None:
        self._stamps += 1
        entry.stamp = self._stamps
        heapq.heappush(self._heap, (at, order, self._stamps, entry.event.id))

    def _begin(self, entry: _Entry, at: Seconds, now: Seconds | None, out: list[Due]) -> None:
        event = entry.event
        entry.begun = True
        if now is not None and at < now and event.layer != BY_HAND:
            self.late += 1
            self.late_of[event.layer] = self.late_of.get(event.layer, 0) + 1
            self.worst = max(self.worst, now - at)
            if now - at > self.drop_after:
                self.dropped += 1
                self.dropped_of[event.layer] = self.dropped_of.get(event.layer, 0) + 1
                if self.missed is not None:
                    self.missed(event, now - at)
                self._leave(event.id, at)
                return
        if not event.off and event.until <= event.at:
            self._leave(event.id, at)
        else:
            # Kept with the entry: the end must find the same key and seat, even if routes change meanwhile.
            if self.seat is not None:
                event = entry.event = self.seat(event)
            entry.key = self.key(event)
            older = self._owner.get(entry.key)
            if older is not None:
                self._end(self._entries[older], at, out)
            self._owner[entry.key] = event.id
            self._push(max(event.until, at), _OFF, entry)
        out.append(Due(at, True, event))

    def _end(self, entry: _Entry, at: Seconds, out: list[Due]) -> None:
        self._owner.pop(entry.key, None)
        self._leave(entry.event.id, at)
        out.append(Due(at, False, entry.event))
        if self.left is not None:
            self.left(entry.event)

    def _leave(self, ident: int, at: Seconds) -> None:
        del self._entries[ident]
        self._ended.add(ident)
        self._done.append((at, ident))

    def _end_early(self, entry: _Entry, out: list[Due]) -> None:
        """End before its time: the end is dated by what was reached, so that it is forgotten as others."""
        self._end(entry, min(entry.event.until, max(entry.event.at, self._reached)), out)

    def _forget(self, before: Seconds) -> None:
        while self._done and self._done[0][0] < before:
            self._ended.discard(self._done.popleft()[1])
