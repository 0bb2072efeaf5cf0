"""What the output process knows of MIDI's routes: ports, zones, slow lines, and what sets an instrument up.

The same for each way to MIDI. Routes come from any thread; all else is touched by the sending one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from bridge.midi_bytes import occupied
from bridge.midi_line import Line
from bridge.mpe import Zone
from bridge.voices import Voices

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from bridge.event import SinkEvent
    from bridge.outlet import Route

Part = str | None
"""What a piece calls a port: a part of its name; None is our own virtual port."""


class MidiRoutes:
    """The routes of one outlet.

    Args:
        port_of: The port that a part of a name leads to: two parts may lead to one.
    """

    def __init__(self, port_of: Callable[[Part], Hashable] = lambda part: part) -> None:
        # Replaced, never changed in place: the sending thread reads them at any time.
        self.parts: dict[int, Part] = {}
        self._zones: dict[int, Zone] = {}
        self._setups: dict[Part, dict[bytes, None]] = {}
        self._lines: dict[Part, Line] = {}
        self._voices: dict[tuple[Hashable, Zone], Voices] = {}
        self._seats: dict[int, Voices] = {}
        self._port_of = port_of

    def learn(self, routes: dict[int, Route]) -> dict[Part, bytes]:
        """Take routes; gives for each port what is to be sent there now to set an instrument up."""
        fresh: dict[Part, bytes] = {}
        for number, route in routes.items():
            place = cast("dict[str, object]", route["midi"])
            part = cast("Part", place["port"])
            if "zone" in place:
                zone = Zone.from_json(cast("dict[str, int]", place["zone"]))
                self._zones = self._zones | {number: zone}
            rate = cast("int | None", place.get("rate"))
            if rate is not None and (part not in self._lines or self._lines[part].rate != rate):
                self._lines = self._lines | {part: Line(rate)}
            setup = bytes.fromhex(str(place.get("setup", "")))
            known = self._setups.get(part, {})
            if setup and setup not in known:
                self._setups = self._setups | {part: known | {setup: None}}
                fresh[part] = fresh.get(part, b"") + setup
            self.parts = self.parts | {number: part}
        return fresh

    def wanted(self) -> set[str]:
        """The parts of names of ports that are not ours."""
        return {part for part in self.parts.values() if part is not None}

    def setups(self) -> list[tuple[Part, bytes]]:
        """The same for every port that has an instrument to be set up."""
        return [(part, self.setup(part)) for part in self._setups]

    def setup(self, part: Part) -> bytes:
        """Everything that sets up the instruments on a port: for each new connection."""
        return b"".join(self._setups.get(part, ()))

    def key(self, event: SinkEvent) -> Hashable:
        """What a note occupies: its port, channel and key; in MPE the channel is all its own."""
        part = self.parts.get(event.route)
        port = self._port_of(part) if event.route in self.parts else event.route
        if event.off and event.route in self._zones:
            return (port, event.off[0] & 15)
        return occupied(event, port)

    def seat(self, event: SinkEvent) -> SinkEvent:
        """The event as it begins: in MPE a note gets its channel."""
        zone = self._zones.get(event.route)
        if zone is None or not event.off:
            return event
        place = (self._port_of(self.parts.get(event.route)), zone)
        voices = self._voices.get(place)
        if voices is None:
            voices = self._voices[place] = Voices(zone)
        self._seats[event.id] = voices
        return voices.take(event)

    def left(self, event: SinkEvent) -> None:
        """The event has ended: its channel is free."""
        voices = self._seats.pop(event.id, None)
        if voices is not None:
            voices.leave(event)

    def route_of(self, part: Part) -> int:
        """A route that leads to a port; 0 if there is none."""
        return next((number for number, known in self.parts.items() if known == part), 0)

    def line(self, route: int) -> Line | None:
        """The slow line that a route goes by, if it does."""
        return self._lines.get(self.parts.get(route)) if self._lines else None

    def lines(self) -> Iterable[tuple[Part, Line]]:
        """All slow lines, by port."""
        return self._lines.items()
