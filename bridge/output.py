"""The output process: sends MIDI and OSC at their times, whatever becomes of the engine.

It runs no user code and imports little. Engines come and go through its door; what they have sent
stays held here, with the ledger of what sounds. Started as `python -m bridge.output CONFIG`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bridge.clock import SharedClock
from bridge.clock_out import Course
from bridge.errors import BridgeError
from bridge.event import decode_events, decode_ids, encode_held
from bridge.keyboard_notes import Lag, serve_keys
from bridge.outlet import Lookout, NullOutlet, OscOutlet, Outlet, Route, TimedOutlet
from bridge.sent import LAYER, NAME, ROUTE, SentLog
from bridge.worker import Connection, Door, Parent, realtime, settle_memory

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bridge.event import SinkEvent

STATUS = 0.25
"""Seconds between two reports."""
WRITE = 0.2
"""Seconds between two writes of the log."""
PRIORITY = 40
"""Of the threads of this process that do not send; the one that does has 60."""
SWITCH = 0.002
"""Seconds after which a thread that computes gives the interpreter to one that waits (5 ms is Python's): more
than the millisecond that the one which sends spins, so that nobody breaks into that; measured beside 0.1 and
0.5 ms, p99 of the lateness is a quarter less."""


def open_midi(settings: dict[str, object], clock: SharedClock, notice: Callable[[str], None]) -> Outlet:
    """The best way to MIDI that this machine has: JACK if a server runs, else the system's ports.

    Args:
        settings: `backend`: "auto", "jack", "system", "rtmidi-jack" or "none"; `name`: of our port.
        clock: The session's timeline.
        notice: Takes one line for the musician.
    """
    backend = str(settings.get("backend", "auto"))
    name = str(settings.get("name", "Sempre"))
    reasons: list[str] = []
    if backend == "none":
        return NullOutlet("switched off in the settings", notice, clock)
    if backend in ("auto", "jack"):
        from bridge.jack_midi import JackMidi

        try:
            return JackMidi(clock, notice, name)
        except BridgeError as error:
            reasons.append(str(error))
    if backend in ("auto", "system", "rtmidi-jack"):
        from bridge.rt_midi import RtMidi

        try:
            return RtMidi(clock, notice, "jack" if backend == "rtmidi-jack" else "system", name)
        except BridgeError as error:
            reasons.append(str(error))
    return NullOutlet(reasons[-1] if reasons else f"there is no backend {backend!r}", notice, clock)


class Output:
    """Takes events from the engine of the highest term and hands them to the outlets.

    Args:
        outlets: By the kind of route that each serves: "midi" and "osc".
        say: Tells the supervisor.
        log: Takes down what is sent.
    """

    def __init__(self, outlets: dict[str, Outlet], say: Callable[[object], None], log: SentLog) -> None:
        self.outlets = outlets
        self._log = log
        self._say = say
        self._lock = threading.Lock()
        self._term = -1
        self._engine: Connection | None = None
        self._kinds: dict[int, str] = {}
        self._notices: list[str] = []

    def notice(self, text: str) -> None:
        """Pass a line on to the musician."""
        self._say({"op": "notice", "text": text})

    def serve(self, connection: Connection) -> None:
        """Read one engine until it goes; a newer one closes the older. Or a keyboard, beside any engine."""
        kind, body = connection.receive()
        if kind == b"K":
            midi = self.outlets["midi"]
            serve_keys(connection, lambda _: midi.agenda, Lag(midi.live_lag), midi.order, self._handle_keys)
        if kind != b"H" or not self._admit(connection, int(json.loads(body)["term"])):
            return
        held = [pair for outlet in self.outlets.values() for pair in outlet.held()]
        connection.send(b"h", encode_held(held))
        while True:
            kind, body = connection.receive()
            if self._engine is not connection:
                return
            self._handle(kind, body)

    def panic(self) -> None:
        """Sound off, now."""
        for outlet in self.outlets.values():
            outlet.panic()

    def report(self) -> None:
        """Tell the engine how things are."""
        engine = self._engine
        if engine is None:
            return
        agendas = [outlet.agenda for outlet in self.outlets.values()]
        status = {
            "late": sum(a.late for a in agendas),
            "dropped": sum(a.dropped for a in agendas),
            "worst": max(a.worst for a in agendas),
            "late_of": added(a.late_of for a in agendas),
            "dropped_of": added(a.dropped_of for a in agendas),
            "sounding": sum(a.sounding for a in agendas),
            "driver": self.outlets["midi"].text,
            "clock": self.outlets["midi"].heard(),
        }
        try:
            engine.send_json(b"s", status)
        except BridgeError:
            with self._lock:
                if self._engine is engine:
                    self._engine = None

    def close(self) -> None:
        """Silence everything, then close the ports."""
        for outlet in self.outlets.values():
            outlet.close()

    def _admit(self, connection: Connection, term: int) -> bool:
        with self._lock:
            if term < self._term:
                return False
            former, self._engine, self._term = self._engine, connection, term
        if former is not None:
            former.close()
        return True

    def _handle_keys(self, kind: bytes, body: bytes) -> None:
        if kind == b"R":
            self._set_routes(cast("dict[str, Route]", json.loads(body)))
        elif kind == b"L":
            self._handle(kind, body)

    def _handle(self, kind: bytes, body: bytes) -> None:
        if kind == b"E":
            by_kind: dict[str, list[SinkEvent]] = {}
            for event in decode_events(body):
                by_kind.setdefault(self._kinds.get(event.route, "midi"), []).append(event)
            for name, events in by_kind.items():
                self.outlets[name].add(events)
        elif kind == b"X":
            ids = decode_ids(body)
            for outlet in self.outlets.values():
                outlet.cancel(ids)
        elif kind == b"R":
            self._set_routes(cast("dict[str, Route]", json.loads(body)))
        elif kind == b"L":
            for number, name in cast("dict[str, str]", json.loads(body)).items():
                self._log.name(LAYER, int(number), name)
        elif kind == b"T":
            self.outlets["midi"].follow(Course.from_json(cast("dict[str, object]", json.loads(body))))
        elif kind == b"F":
            self.outlets["midi"].listen(cast("str | None", json.loads(body)))
        elif kind == b"J":
            said = cast("dict[str, bool]", json.loads(body))
            self.outlets["midi"].follow_transport(on=said["on"], leads=said["leads"])
        elif kind == b"K":
            what, frame = cast("tuple[str, int]", json.loads(body))
            self.outlets["midi"].move_transport(what, frame)
        elif kind == b"P":
            self.panic()

    def _set_routes(self, table: dict[str, Route]) -> None:
        by_kind: dict[str, dict[int, Route]] = {}
        for number, route in table.items():
            kind = next((k for k in self.outlets if k in route), None)
            if kind is not None:
                if int(number) not in self._kinds:
                    self._log.name(ROUTE, int(number), place_text(route))
                self._kinds[int(number)] = kind
                by_kind.setdefault(kind, {})[int(number)] = route
        for kind, routes in by_kind.items():
            self.outlets[kind].set_routes(routes)


def added(counts: Iterable[dict[int, int]]) -> dict[int, int]:
    """Counts of several kinds by one thing.

    >>> added([{1: 2}, {1: 1, 5: 1}])
    {1: 3, 5: 1}
    """
    total: dict[int, int] = {}
    for one in counts:
        # A copy, made in one go: the sending thread counts on.
        for key, count in dict(one).items():
            total[key] = total.get(key, 0) + count
    return total


def place_text(route: Route) -> str:
    """Where a route leads, in a few words.

    >>> place_text({"midi": {"port": "Volca"}}), place_text({"osc": {"host": "127.0.0.1", "port": 57120}})
    ('Volca', '127.0.0.1:57120')
    """
    place = cast("dict[str, object]", route.get("midi") or route.get("osc") or {})
    if "host" in place:
        return f"{place['host']}:{place['port']}"
    return str(place.get("port") or "our port")


def main(arguments: list[str]) -> None:
    """Run the process until the supervisor says stop or is gone."""
    config = json.loads(arguments[0])
    runtime = Path(config["runtime"])
    over = threading.Event()

    def on_message(message: dict[str, object]) -> None:
        if message.get("op") == "panic":
            output.panic()
        elif message.get("op") == "stop":
            over.set()

    def leave(*_: object) -> None:
        over.set()

    # Ctrl-C and a closed terminal reach every process in it; only the supervisor decides who ends, and
    # whoever ends us all the same must not leave a note hanging.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for ending in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, ending):
            signal.signal(getattr(signal, ending), leave)
    # All threads of ours, before the first is started: one that holds the interpreter and is kept from its
    # turn by another program would keep the one that sends waiting. And it holds it no longer than that.
    realtime(PRIORITY)
    sys.setswitchinterval(SWITCH)
    parent = Parent(on_message, over.set, Path(config["log"]) if config.get("log") else None)
    clock = SharedClock(runtime / "clock")
    outlets: dict[str, Outlet] = {}
    log = SentLog(runtime / NAME)
    output = Output(outlets, parent.say, log)
    outlets["midi"] = open_midi(config["settings"].get("midi", {}), clock, output.notice)
    outlets["osc"] = OscOutlet(output.notice, clock)
    for outlet in outlets.values():
        outlet.keep_log(log)
        if isinstance(outlet, TimedOutlet):
            outlet.start()
    parent.listen()
    door = Door(config["door"], (runtime / "key").read_bytes(), output.serve)
    settle_memory()
    parent.say({"op": "ready", "driver": outlets["midi"].name, "text": outlets["midi"].text})

    def beat(_now: float) -> None:
        parent.say({"op": "beat"})
        output.report()

    lookout = Lookout("report", STATUS, beat)
    outlets["midi"].news = lookout.now
    writing = Lookout("log", WRITE, lambda _: log.drain())
    over.wait()
    door.close()
    lookout.close()
    output.close()
    writing.close()
    log.drain()
    # Libraries' own threads must not keep us: everything that sounds has been ended above.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
