"""MIDI through JACK at exact frames, and JACK's frame counter as the session's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.clock import Mapping, Tracker, monotonic, unwrap
from bridge.errors import BridgeError, PortNotFound
from bridge.jack_ear import JackEar
from bridge.jack_open import open_client
from bridge.midi_bytes import all_sound_off, messages
from bridge.midi_routes import MidiRoutes
from bridge.outlet import Lookout, Outlet
from bridge.port_names import find
from bridge.sent import RATE
from bridge.transport_jack import JackTransport

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from jack import OwnMidiPort

    from bridge.clock import SharedClock
    from bridge.clock_out import Course
    from bridge.event import Due
    from bridge.midi_routes import Part
    from bridge.outlet import Route
    from bridge.sent import SentLog

    _Row = tuple[float, Part, bytes, Due | None]

LOOK = 0.05
"""Seconds between two looks at the frame counter."""
SURE = 0.0002
"""Seconds within which a look must be done; else another thread came in between, and it is repeated."""
SEEK = 0.25
"""Seconds between two looks at the ports that are there."""
BURST = 64
"""Batches taken in within one period, so that a long one cannot make the callback late."""


class JackMidi(Outlet):
    """Our MIDI ports on a JACK server: the virtual port, and one more for each port that is asked for.

    Everything that touches the agenda happens in the process callback; everything that registers or
    connects ports happens in one other thread, as JACK demands.

    Args:
        clock: The session's clock, which follows the server's frames from now on.
        notice: Takes one line for the musician.
        name: Of the client; a second instance gets another one from the server.

    Raises:
        BridgeError: There is no JACK library or no server.
    """

    drop_after_standstill = 0.0  # at its frame or not at all: a late one would crowd the next

    def __init__(self, clock: SharedClock, notice: Callable[[str], None], name: str = "Sempre") -> None:
        self._midi = MidiRoutes(self._port_of)
        super().__init__("JACK", self._midi.key, notice)
        self.agenda.seat, self.agenda.left = self._midi.seat, self._midi.left
        self._clock = clock
        self._transport = JackTransport(notice, lambda: self.news())  # noqa: PLW0108 - it is set later
        self._ear = JackEar(notice, lambda: self.news())  # noqa: PLW0108 - it is set later
        self._name = name
        self._alive = False
        self._open = True
        self._pending: list[tuple[Part, bytes, Due | None]] = []
        self._period = 0
        # Replaced by one thread each, never changed in place: the callback reads them.
        self._named: dict[str, OwnMidiPort] = {}
        self._listeners: set[str] = set()
        self._goals: dict[str, _Goal] = {}
        self._missed: set[str] = set()
        self._lost: set[str] = set()
        self._sought_at = 0.0
        self._flush = False
        self._connect_server()
        self._lookout = Lookout("JACK ports", LOOK, self._look)

    @property
    def text(self) -> str:
        """Where the virtual port is to be found, or that the server is gone."""
        return self._text if self._alive else "MIDI: JACK is gone, waiting for it"

    def set_routes(self, routes: dict[int, Route]) -> None:
        """Note which ports are wanted; they are opened by the port thread at once."""
        for part, setup in self._midi.learn(routes).items():
            self._set_up(part, setup)
        super().set_routes(routes)
        self._sought_at = 0.0
        self._lookout.now()

    def follow(self, course: Course) -> None:
        """Send MIDI clock by another line of time."""
        self._transport.use(course)
        self._post(lambda: self._write_soon(self.clocks.follow(course, self._clock.now())))

    def listen(self, part: str | None) -> None:
        """Follow the MIDI clock of a port that has this in its name, or none."""
        self._post(lambda: self._ear.listen(part))
        self._sought_at = 0.0

    def heard(self) -> dict[str, object] | None:
        """What is known of the clock that is followed; None if none is."""
        return self._transport.said() if self._transport.on else self._ear.said(self._clock.now())

    def follow_transport(self, *, on: bool, leads: bool) -> None:
        """Follow the server's transport or no more; `leads` tells everybody our tempo and beat."""
        self._transport.follow(on=on, leads=leads)
        self._sought_at = 0.0

    def move_transport(self, what: str, frame: int) -> None:
        """Let the server's transport start, stop, or go to a frame."""
        self._transport.command(what, frame)

    def close(self) -> None:
        """Silence everything within two periods, then leave the server."""
        self._open = False
        if self._alive:
            done = _Flag()
            self._post(lambda: (self.silence(), done.set()))
            done.wait(0.3)
            # One more period, so that what was written has left.
            done.wait_more(2 * self._client.blocksize / self._client.samplerate)
        self._lookout.close()
        if self._alive:
            self._client.deactivate(ignore_errors=True)
            self._client.close(ignore_errors=True)

    def panic(self) -> None:
        """Silence everything, then set instruments up anew: some were not there when it was done."""
        super().panic()
        for part, setup in self._midi.setups():
            self._set_up(part, setup)

    def keep_log(self, log: SentLog) -> None:
        """Write down what is sent, with the server's frames."""
        super().keep_log(log)
        log.name(RATE, 0, f"{self._rate:.0f}")

    def silence(self) -> None:
        """End what sounds, stop what follows our clock, and reset the channels of every port."""
        super().silence()
        self._write_soon(self.clocks.stop())
        for _, line in self._midi.lines():
            line.clear()
        self._flush = True

    def transmit(self, due: Due) -> None:
        """Keep it for this period's end: it is written at offset 0."""
        data = due.event.on if due.on else due.event.off
        self._pending.append((self._midi.parts.get(due.event.route, ""), data, due))

    def _set_up(self, part: Part, setup: bytes) -> None:
        """Send what sets an instrument up, before whatever is sent next."""
        if setup:
            self._post(lambda: self._pending.append((part, setup, None)))

    def _connect_server(self) -> None:
        client = self._client = open_client(self._name)

        import jack

        self._jack = jack
        try:
            self._out = client.midi_outports.register("out")
            # Asked for by this name again: after the server's death a second session may come back first.
            self._name = client.name
            # Kept as text: nothing may be asked of a client whose server has died.
            self._text = f'MIDI: JACK, virtual port "{client.name}:out"'
            self._named = {}
            self._lost |= {part for part, goal in self._goals.items() if goal.name is not None}
            self._goals = {}
            self._listeners = set()
            self._ear.forget()
            self._transport.settle(None)
            self._base: int | None = None
            self.live_lag = 2.5 * client.blocksize / client.samplerate
            client.set_process_callback(self._process)
            client.set_shutdown_callback(self._server_gone)
            self._anchor()
            client.activate()
        except jack.JackError as error:
            raise BridgeError(f"the JACK server went while we set up our client ({error})") from error
        self._alive = True

    def _anchor(self) -> None:
        """Let the timeline run on from what it shows now, counted in the server's frames."""
        rate = float(self._client.samplerate)
        frame, now = self._pair()
        time = self._clock.at(now)
        self._offset = round(time * rate) - frame
        self._rate = rate
        self._looked = now
        mapping = Mapping(now, (frame + self._offset) / rate, 1.0, rate, self._offset)
        self._tracker = Tracker(mapping)
        self._clock.publish(mapping)

    def _pair(self) -> tuple[int, float]:
        """The frame counter and the moment at which it showed that."""
        frame, before, after = 0, 0.0, 1.0
        for _ in range(4):
            before, frame, after = monotonic(), self._client.frame_time, monotonic()
            if after - before < SURE:
                break
        return frame, (before + after) / 2

    def _look(self, now: float) -> None:
        """Follow the frame counter, open what is sought, come back to a server that was gone."""
        if not self._open:
            return
        if not self._alive:
            self._idle()
            self._retry(now)
            return
        frame, now = self._pair()
        mapping = self._clock.mapping()
        near = mapping.at(now) * self._rate - self._offset
        true = (unwrap(frame, near) + self._offset) / self._rate
        self._looked = now
        self._clock.publish(self._tracker.look(mapping, now, true))
        if now - self._sought_at >= SEEK:
            self._sought_at = now
            try:
                self._seek()
            except self._jack.JackError as error:  # the server is about to go, or a port just went
                self.say_once(f"JACK: {error}")

    def _seek(self) -> None:
        """Connect what is wanted and there; note what has gone; set up who listens anew."""
        if self._midi.setup(None):
            listeners = {port.name for port in self._client.get_all_connections(self._out)}
            if listeners - self._listeners:
                self._set_up(None, self._midi.setup(None))
            self._listeners = listeners
        self._transport.settle(self._client)
        self._ear.seek(self._client)
        wanted = self._midi.wanted()
        if not wanted:
            return
        inputs = self._client.get_ports(is_midi=True, is_input=True)
        names = [p.name for p in inputs if not self._client.owns(p)]
        for part in sorted(wanted):
            goal = self._goals.get(part)
            if goal is None:
                goal = self._goals[part] = _Goal(self._client.midi_outports.register(f"to {part}"))
            if goal.name is not None and goal.name not in names:
                self.notice(f"MIDI: {goal.name} is gone; it is used again as soon as it is back")
                goal.name = None
                self._lost.add(part)
                self._missed.add(part)
            if goal.name is None:
                self._reach(part, goal, names)

    def _reach(self, part: str, goal: _Goal, names: list[str]) -> None:
        match = find(part, names)
        if match is not None:
            self._client.connect(goal.port, match)
            self._named = self._named | {part: goal.port}
            goal.name = match
            self._missed.discard(part)
            # What sounded there when it went was never ended.
            ended = b"".join(all_sound_off()) if part in self._lost else b""
            self._lost.discard(part)
            self._set_up(part, ended + self._midi.setup(part))
            self._post(lambda: self.clocks.tell_again(part))
            self.notice(f"MIDI: {part!r} is {match}")
        elif part not in self._missed:
            self._missed.add(part)
            self.notice(f"{PortNotFound(part, names)}; it is used as soon as it is there")

    def _port_of(self, part: Part) -> Part:
        """The port that a part of a name leads to; two parts may lead to the same."""
        goal = self._goals.get(part or "")
        return part if goal is None or goal.name is None else goal.name

    def _process(self, frames: int) -> None:
        try:
            self._send_period(frames)
        except Exception as error:  # noqa: BLE001 - seam two: an error in the callback would end MIDI until a restart
            self.say_once(f"JACK: {type(error).__name__}: {error}")

    def _send_period(self, frames: int) -> None:
        last = self._client.last_frame_time
        if self._base is None:
            near = self._clock.now() * self._rate - self._offset
            self._base = unwrap(last, near)
        else:
            # Signed: under load the counter has been seen to step back by some frames.
            base = unwrap(last, self._base)
            if base == self._base:
                # Seen: a server that was late runs its clients twice in a period. What they were given the
                # first time may not have been read yet, and cleared now it was lost.
                return
            self._base = base
        base, rate = self._base, self._rate
        first = base + self._offset
        for port in self._client.midi_outports:
            port.clear_buffer()
        self.drain(BURST)
        self._period = base
        self._write_pending()
        self._ear.hear(first, rate)
        self._transport.hear(self._client, first, rate, frames, self._jack.ROLLING)
        until, now = (first + frames - 0.5) / rate, (first - 0.5) / rate
        rows: list[_Row] = [(at, part, data, None) for at, part, data in self.clocks.due(until, now)]
        for due in self.due(until, now):
            data = due.event.on if due.on else due.event.off
            if data:
                line = self._midi.line(due.event.route)
                if line is None or line.offer(due.at, data):
                    rows.append((due.at, self._midi.parts.get(due.event.route, ""), data, due))
        for part, line in self._midi.lines():
            rows += [(at, part, data, None) for at, data in line.ready(until)]
        # By time: a port takes nothing that lies before what it was given. Of one time, the clock is first.
        for at, part, data, whose in sorted(rows, key=_time_of):
            self._write(part, min(frames - 1, max(0, round(at * rate) - first)), data, whose)

    def _write_soon(self, rows: Iterable[tuple[Part, bytes]]) -> None:
        self._pending += [(part, data, None) for part, data in rows]

    def _write_pending(self) -> None:
        pending, self._pending = self._pending, []
        for part, data, due in pending:
            if data:
                self._write(part, 0, data, due)
        if self._flush:
            self._flush = False
            for part, port in ((None, self._out), *self._named.items()):
                for message in all_sound_off():
                    port.write_midi_event(0, message)
                self._note(part, 0, b"".join(all_sound_off()), None)

    def _note(self, part: Part, offset: int, data: bytes, due: Due | None, *, there: bool = True) -> None:
        frame = self._period + offset
        route = self._midi.route_of(part) if due is None else due.event.route
        self.note(due, data, (frame + self._offset) / self._rate, route, frame, there=there)

    def _write(self, part: Part, offset: int, data: bytes, due: Due | None = None) -> None:
        port = self._out if part is None else self._named.get(part)
        if port is None:
            self._note(part, offset, data, due, there=False)
            return
        if self._pending:  # something did not fit: what follows must not overtake it
            self._pending.append((part, data, due))
            return
        written = 0
        try:
            for message in messages(data):
                port.write_midi_event(offset, message)
                written += len(message)
        except self._jack.JackError:
            # A period takes about a thousand messages; what does not fit goes with the next one.
            self._pending.append((part, data[written:], due))
        if written:
            self._note(part, offset, data[:written], due)

    def _server_gone(self, *_: object) -> None:
        """Go on from the monotonic clock, without a jump; the port thread waits for the server."""
        self._alive = False

    def _idle(self) -> None:
        """While there is no server: let time pass, so that nothing bursts when it is back."""
        mapping = self._clock.mapping()
        if mapping.frame_rate:
            now = monotonic()
            self._clock.publish(Mapping(now, mapping.at(now), 1.0))
            self.notice("JACK is gone: MIDI waits for it; time and all else go on")
        self.drain()
        now = self._clock.now()
        self.agenda.due(now, now)
        self.clocks.due(now, now)
        self._pending.clear()

    def _retry(self, now: float) -> None:
        if now - self._looked < 0.3:
            return
        self._looked = now
        try:
            self._connect_server()
        except BridgeError:
            return
        if self.log is not None:
            self.keep_log(self.log)
        self._post(lambda: self.clocks.tell_again(None))
        self.notice("JACK is back: " + self.text)


def _time_of(row: _Row) -> float:
    return row[0]


class _Goal:
    """A port of ours, and the name of the foreign one that it is connected to."""

    def __init__(self, port: OwnMidiPort) -> None:
        self.port = port
        self.name: str | None = None


class _Flag:
    """A flag that another thread sets."""

    def __init__(self) -> None:
        import threading

        self._event = threading.Event()

    def set(self) -> None:
        self._event.set()

    def wait(self, seconds: float) -> None:
        self._event.wait(seconds)

    def wait_more(self, seconds: float) -> None:
        self._event.clear()
        self._event.wait(seconds)
