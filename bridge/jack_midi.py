"""MIDI through JACK at exact frames, and JACK's frame counter as the session's clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from bridge.clock import Mapping, monotonic, unwrap
from bridge.errors import BridgeError, PortNotFound
from bridge.midi import all_sound_off, occupied
from bridge.outlet import AWAY, Lookout, Outlet

if TYPE_CHECKING:
    from collections.abc import Callable

    from jack import OwnMidiPort

    from bridge.clock import SharedClock
    from bridge.event import Due
    from bridge.outlet import Route

LOCK_BANDWIDTH, CALM_BANDWIDTH = 2.0, 0.05
"""Hz of the loop that lays the frame counter on the monotonic clock: wide for the first seconds."""
LOOK = 0.05
"""Seconds between two looks at the frame counter."""
LOCKING = 3.0
"""Seconds for which the loop stays wide."""
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

    def __init__(self, clock: SharedClock, notice: Callable[[str], None], name: str = "Sempre") -> None:
        super().__init__("JACK", occupied, notice)
        self._clock = clock
        self._name = name
        self._alive = False
        self._open = True
        self._pending: list[tuple[int, bytes]] = []
        self._ports: dict[int, OwnMidiPort] = {}
        self._sought: dict[int, str] = {}
        self._virtual: set[int] = set()
        self._flush = False
        self._connect_server()
        self._lookout = Lookout("JACK ports", LOOK, self._look)

    @property
    def text(self) -> str:
        """Where the virtual port is to be found."""
        return f'MIDI: JACK, virtual port "{self._client.name}:out"'

    def set_routes(self, routes: dict[int, Route]) -> None:
        """Note which ports are wanted; they are opened by the port thread at once."""
        for number, route in routes.items():
            part = cast("dict[str, str | None]", route["midi"])["port"]
            if part is None:
                self._virtual.add(number)
                self._ports[number] = self._out
            elif number not in self._ports:
                self._sought[number] = part
        super().set_routes(routes)
        self._lookout.now()

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

    def silence(self) -> None:
        """End what sounds and reset the channels of every port."""
        super().silence()
        self._flush = True

    def transmit(self, due: Due) -> None:
        """Keep it for this period's end: it is written at offset 0."""
        self._pending.append((due.event.route, due.event.on if due.on else due.event.off))

    def _connect_server(self) -> None:
        try:
            import jack
        except OSError as error:
            raise BridgeError(
                "the JACK library is not installed (sudo apt install libjack-jackd2-0)"
            ) from error
        self._jack = jack
        try:
            client = jack.Client(self._name, no_start_server=True)
        except jack.JackError as error:
            raise BridgeError("no JACK server runs (start one, for example with qjackctl)") from error
        self._client = client
        self._out = client.midi_outports.register("out")
        self._ports = dict.fromkeys(self._virtual, self._out)
        self._base: int | None = None
        client.set_process_callback(self._process)
        client.set_shutdown_callback(self._server_gone)
        self._anchor()
        client.activate()
        self._alive = True

    def _anchor(self) -> None:
        """Let the timeline run on from what it shows now, counted in the server's frames."""
        rate = float(self._client.samplerate)
        frame, now = self._client.frame_time, monotonic()
        time = self._clock.at(now)
        self._offset = round(time * rate) - frame
        self._rate = rate
        self._since = self._looked = now
        self._clock.publish(Mapping(now, (frame + self._offset) / rate, 1.0, rate, self._offset))

    def _look(self, now: float) -> None:
        """Follow the frame counter, open what is sought, come back to a server that was gone."""
        if not self._open:
            return
        if not self._alive:
            self._idle()
            self._retry(now)
            return
        frame, now = self._client.frame_time, monotonic()
        mapping = self._clock.mapping()
        near = mapping.at(now) * self._rate - self._offset
        true = (unwrap(frame, near) + self._offset) / self._rate
        bandwidth = LOCK_BANDWIDTH if now - self._since < LOCKING else CALM_BANDWIDTH
        error = true - mapping.at(now)
        period = min(0.2, max(0.001, now - self._looked))
        self._looked = now
        self._clock.publish(mapping.moved(now, error, bandwidth, period))
        for number, part in list(self._sought.items()):
            self._seek(number, part)

    def _seek(self, number: int, part: str) -> None:
        client = self._client
        inputs = client.get_ports(is_midi=True, is_input=True)
        names = [p.name for p in inputs if not client.owns(p)]
        match = next((n for n in names if part.lower() in n.lower()), None)
        if match is None:
            self.say_once(f"{PortNotFound(part, names)}; it is used as soon as it is there")
            return
        port = client.midi_outports.register(f"to {part}")
        client.connect(port, match)
        self._ports = {**self._ports, number: port}
        del self._sought[number]
        self.notice(f"MIDI: {part!r} is {match}")

    def _process(self, frames: int) -> None:
        last = self._client.last_frame_time
        if self._base is None:
            near = self._clock.now() * self._rate - self._offset
            self._base = unwrap(last, near)
        else:
            # Signed: under load the counter has been seen to step back by some frames.
            self._base = unwrap(last, self._base)
        base, rate = self._base, self._rate
        first = base + self._offset
        for port in self._client.midi_outports:
            port.clear_buffer()
        self.drain(BURST)
        self._write_pending()
        for due in self.agenda.due((first + frames - 0.5) / rate, (first - 0.5) / rate):
            data = due.event.on if due.on else due.event.off
            if data:
                offset = min(frames - 1, max(0, round(due.at * rate) - first))
                self._write(due.event.route, offset, data)

    def _write_pending(self) -> None:
        for route, data in self._pending:
            if data:
                self._write(route, 0, data)
        self._pending.clear()
        if self._flush:
            self._flush = False
            for port in self._client.midi_outports:
                for message in all_sound_off():
                    port.write_midi_event(0, message)

    def _write(self, route: int, offset: int, data: bytes) -> None:
        port = self._ports.get(route)
        if port is not None:
            port.write_midi_event(offset, data)

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
        self.agenda.due(now, now - AWAY)
        self._pending.clear()

    def _retry(self, now: float) -> None:
        if now - self._looked < 0.3:
            return
        self._looked = now
        for number, route in self.routes.items():
            part = cast("dict[str, str | None]", route["midi"])["port"]
            if part is not None:
                self._sought[number] = part
        try:
            self._connect_server()
        except BridgeError:
            return
        self.notice("JACK is back: " + self.text)


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
