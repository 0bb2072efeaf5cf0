"""MIDI through the system's own ports: python-rtmidi, or rtmidi2 where that has no wheels (Python 3.13).

Nothing is imported before a port is opened.
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Protocol, cast

from bridge.errors import BridgeError, PortNotFound
from bridge.midi_bytes import all_sound_off, messages
from bridge.midi_routes import MidiRoutes
from bridge.outlet import Lookout, TimedOutlet
from bridge.port_names import find
from bridge.system_ear import SystemEar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable

    import rtmidi
    import rtmidi2

    from bridge.clock import SharedClock
    from bridge.clock_out import Course
    from bridge.event import Due, Seconds
    from bridge.midi_in_system import Poll
    from bridge.midi_routes import Part
    from bridge.outlet import Route

SEEK = 0.7
"""Seconds between two looks for a port that is not there; listing ports takes up to 47 ms."""


class Port(Protocol):
    """A MIDI output, by whichever binding; all of it raises `BridgeError` when the system fails."""

    def send(self, data: bytes) -> None:
        """Send one message now."""
        ...

    def close(self) -> None:
        """Let go of the port."""
        ...


class Binding(Protocol):
    """What we ask of a MIDI binding; all of it raises `BridgeError` when the system fails."""

    def names(self) -> list[str]:
        """The outputs that exist."""
        ...

    def open(self, index: int) -> Port:
        """Open the output at `index` of `names`."""
        ...

    def virtual(self, name: str) -> Port:
        """Make an output of our own that others can connect to; NotImplementedError where there are none."""
        ...


class _RtMidiPort:
    def __init__(self, out: rtmidi.MidiOut, error: type[Exception]) -> None:
        self._out = out
        self._error = error

    def send(self, data: bytes) -> None:
        try:  # `named` would cost as much as the sending
            self._out.send_message(data)
        except self._error as reason:
            raise BridgeError(f"{_FAILED}: {reason}") from reason

    def close(self) -> None:
        with named(self._error):
            self._out.close_port()


class _RtMidi2Port:
    def __init__(self, out: rtmidi2.MidiOut) -> None:
        self._out = out

    def send(self, data: bytes) -> None:
        with named(RuntimeError):
            self._out.send_raw(*data)

    def close(self) -> None:
        with named(RuntimeError):
            self._out.close_port()


class _RtMidi:
    """python-rtmidi."""

    def __init__(self, api: str, client: str) -> None:
        import rtmidi

        self._error = rtmidi.RtMidiError
        self._make: Callable[[str], rtmidi.MidiOut] = lambda suffix: rtmidi.MidiOut(
            api_number(rtmidi, api), client + suffix
        )
        with named(self._error, _ABSENT):
            # Not under our own name: on JACK the virtual port's client would have to take another.
            self._look = self._make(" looks")
            self._look.get_ports()

    def names(self) -> list[str]:
        with named(self._error):
            return list(self._look.get_ports())

    def open(self, index: int) -> Port:
        with named(self._error):
            out = self._make(" to port")
            out.open_port(index)
        return _RtMidiPort(out, self._error)

    def virtual(self, name: str) -> Port:
        with named(self._error):
            out = self._make("")
            out.open_virtual_port(name)
        return _RtMidiPort(out, self._error)


class _RtMidi2:
    """rtmidi2."""

    def __init__(self, api: str, client: str) -> None:
        import rtmidi2

        self._make: Callable[[str], rtmidi2.MidiOut] = lambda suffix: rtmidi2.MidiOut(
            client + suffix, api_number(rtmidi2, api)
        )
        with named(RuntimeError, _ABSENT):
            self._look = self._make(" looks")

    def names(self) -> list[str]:
        with named(RuntimeError):
            return list(self._look.ports)

    def open(self, index: int) -> Port:
        with named(RuntimeError):
            out = self._make(" to port")
            out.open_port(index)
        return _RtMidi2Port(out)

    def virtual(self, name: str) -> Port:
        with named(RuntimeError):
            out = self._make("")
            out.open_virtual_port(name)
        return _RtMidi2Port(out)


_FAILED = "the system's MIDI"
_ABSENT = (
    "no ALSA sequencer (sudo modprobe snd-seq) and no JACK server runs"
    if sys.platform == "linux"
    else "the system's MIDI does not answer"
)


@contextlib.contextmanager
def named(error: type[Exception], what: str = _FAILED) -> Generator[None]:
    """Turn a binding's own error into ours."""
    try:
        yield
    except NotImplementedError:  # a RuntimeError, and no failure: WinMM has no virtual ports
        raise
    except error as reason:
        raise BridgeError(what if what == _ABSENT else f"{what}: {reason}") from reason


def api_number(module: object, name: str) -> int:
    """The number of a way to MIDI in a binding, by our name for it."""
    wanted = {"jack": "API_UNIX_JACK"}.get(name, "API_UNSPECIFIED")
    if wanted == "API_UNSPECIFIED" and sys.platform == "linux":
        # Left to itself the library would try JACK too, by a way that hangs when the server dies.
        wanted = "API_LINUX_ALSA"
    return cast("int", getattr(module, wanted))


def load_binding(api: str = "system", client: str = "Sempre") -> Binding:
    """The binding that is installed.

    Args:
        api: "system" (ALSA, CoreMIDI or WinMM), or "jack".
        client: Name under which others see us.

    Raises:
        BridgeError: None is installed, a system library is missing, or the system has no MIDI.
    """
    reasons: list[str] = []
    for make in (_RtMidi, _RtMidi2):
        try:
            return make(api, client)
        except ModuleNotFoundError:
            continue
        except ImportError as error:
            missing = " (sudo apt install libasound2)" if "libasound" in str(error) else ""
            reasons.append(f"{error}{missing}")
    raise BridgeError("; ".join(reasons) or "no MIDI library is installed (pip install python-rtmidi)")


def input_names(api: str = "system") -> list[str]:
    """The ports of the system that can be listened to, by whichever binding is installed.

    Args:
        api: See `load_binding`.

    Raises:
        BridgeError: The system's MIDI does not answer.
    """
    try:
        import rtmidi
    except ImportError:
        import rtmidi2

        with named(RuntimeError, _ABSENT):
            return list(rtmidi2.MidiIn("Sempre looks", 1024, api_number(rtmidi2, api)).ports)
    with named(rtmidi.RtMidiError, _ABSENT):
        return list(rtmidi.MidiIn(api_number(rtmidi, api), "Sempre looks").get_ports())


def _open_clock(api: str, client: str, index: int) -> Poll:
    from bridge.midi_in_system import open_poll  # which imports this module

    return open_poll(api, client, index, clock=True)


class RtMidi(TimedOutlet):
    """The virtual port, and one more output for each port that is asked for.

    Args:
        clock: The session's timeline.
        notice: Takes one line for the musician.
        api: See `load_binding`.
        name: Of our client and virtual port.

    Raises:
        BridgeError: The system has no MIDI; says what is missing.
    """

    def __init__(
        self,
        clock: SharedClock,
        notice: Callable[[str], None],
        api: str = "system",
        name: str = "Sempre",
    ) -> None:
        self._midi = MidiRoutes(self._port_of)
        super().__init__("MIDI", self._midi.key, notice, clock, spin=True)
        self.agenda.seat, self.agenda.left = self._midi.seat, self._midi.left
        self._binding = load_binding(api, name)
        # Replaced, never changed in place: the sending thread reads them while the port thread opens ports.
        self._opened: dict[str | None, Port] = {}
        self._reached: dict[str, str] = {}
        self._missed: set[str] = set()
        self._lost: set[str] = set()
        try:
            self._opened = {None: self._binding.virtual(name)}
            self._text = f'MIDI: virtual port "{name}"'
        except (NotImplementedError, BridgeError):
            # WinMM has no virtual ports; a loopback driver gives named ones.
            self._text = "MIDI: no virtual ports on this system; name a loopback port with midi(...)"
        self._ear = SystemEar(
            notice,
            lambda: input_names(api),
            lambda index: _open_clock(api, f"{name} clock", index),
            lambda: self.news(),  # noqa: PLW0108 - it is set later
        )
        self._lookout = Lookout("MIDI ports", SEEK, self._look)

    @property
    def text(self) -> str:
        """Where the virtual port is to be found."""
        return self._text

    def set_routes(self, routes: dict[int, Route]) -> None:
        """Note which ports are wanted; a thread of its own opens them."""
        for part, setup in self._midi.learn(routes).items():
            self._set_up(part, setup)
        super().set_routes(routes)
        self._lookout.now()

    def follow(self, course: Course) -> None:
        """Send MIDI clock by another line of time."""
        self._post(lambda: self._send_all(self.clocks.follow(course, self._clock.now())))

    def listen(self, part: str | None) -> None:
        """Follow the MIDI clock of a port that has this in its name, or none."""
        self._post(lambda: self._ear.listen(part))
        self._lookout.now()

    def heard(self) -> dict[str, object] | None:
        """What is known of the clock that is followed; None if none is."""
        return self._ear.said(self._clock.now())

    def transmit(self, due: Due) -> None:
        """Send it, or let it wait until its line is free."""
        data = due.event.on if due.on else due.event.off
        if data:
            line = self._midi.line(due.event.route)
            if line is None or line.offer(due.at, data):
                self._send(self._midi.parts.get(due.event.route, ""), data, due)

    @property
    def next_at(self) -> Seconds | None:
        """When something may have to be sent next: also the clock, and what waits for a slow line."""
        times = [super().next_at, self.clocks.next_at, *(line.next_at for _, line in self._midi.lines())]
        times.append(self._ear.next_at)
        return min((at for at in times if at is not None), default=None)

    def beat(self) -> None:
        """Send the clock, and what has waited for a slow line; hear another's clock."""
        now = self._clock.now()
        self._ear.hear(now)
        self._send_all((part, data) for _, part, data in self.clocks.due(now, now))
        for part, line in self._midi.lines():
            for _, data in line.ready(self._clock.now()):
                self._send(part, data)

    def _send_all(self, rows: Iterable[tuple[Part, bytes]]) -> None:
        for part, data in rows:
            self._send(part, data)

    def _send(self, part: Part, data: bytes, due: Due | None = None) -> None:
        port = self._opened.get(part)
        route = self._midi.route_of(part) if due is None else due.event.route
        if port is not None:
            try:
                for message in messages(data):
                    port.send(message)
            except BridgeError as error:
                self.say_once(f"{self.name}: {error}")
        # After the system took it, as the page on the log says: what sending costs counts as late.
        self.note(due, data, self._clock.now(), route, there=port is not None)

    def _set_up(self, part: Part, setup: bytes) -> None:
        """Send what sets an instrument up, before whatever is sent next."""
        if setup:
            self._post(lambda: self._send(part, setup))

    def panic(self) -> None:
        """Silence everything, then set instruments up anew: some were not there when it was done."""
        super().panic()
        for part, setup in self._midi.setups():
            self._set_up(part, setup)

    def silence(self) -> None:
        """End what sounds, stop what follows our clock, and reset the channels of every port."""
        for _, line in self._midi.lines():
            line.clear()
        super().silence()
        self._send_all(self.clocks.stop())
        for part, port in self._opened.items():
            self.note(None, b"".join(all_sound_off()), self._clock.now(), self._midi.route_of(part))
            try:
                for message in all_sound_off():
                    port.send(message)
            except BridgeError as error:
                self.say_once(str(error))

    def close(self) -> None:
        """Silence, then close the ports."""
        super().close()
        self._lookout.close()
        self._ear.close()
        for port in self._opened.values():
            with contextlib.suppress(BridgeError):
                port.close()

    def _port_of(self, part: Part) -> Part:
        """The port that a part of a name leads to; two parts may lead to the same."""
        return self._reached.get(part or "", part)

    def _look(self, _now: float) -> None:
        try:
            self._ear.seek()
        except BridgeError as error:
            self.say_once(str(error))
        wanted = self._midi.wanted()
        if not wanted:
            return
        try:
            names = self._binding.names()
        except BridgeError as error:
            self.say_once(str(error))
            return
        for part in sorted(wanted):
            if part in self._reached and self._reached[part] not in names:
                self._lose(part)
            if part not in self._reached:
                self._reach(part, names)

    def _lose(self, part: str) -> None:
        """Let go of a port that was unplugged; its notes cannot be ended any more."""
        port = self._opened[part]
        self._opened = {p: one for p, one in self._opened.items() if p != part}
        self._missed.add(part)
        self._lost.add(part)
        self.notice(f"MIDI: {self._reached.pop(part)} is gone; it is used again as soon as it is back")
        with contextlib.suppress(BridgeError):
            port.close()

    def _reach(self, part: str, names: list[str]) -> None:
        found = find(part, names)
        if found is None:
            if part not in self._missed:
                self._missed.add(part)
                self.notice(f"{PortNotFound(part, names)}; it is used as soon as it is there")
            return
        try:
            self._opened = self._opened | {part: self._binding.open(names.index(found))}
        except BridgeError as error:
            self.say_once(str(error))
            return
        self._reached[part] = found
        self._missed.discard(part)
        # What sounded there when it went was never ended.
        ended = b"".join(all_sound_off()) if part in self._lost else b""
        self._lost.discard(part)
        self._set_up(part, ended + self._midi.setup(part))
        self._post(lambda: self.clocks.tell_again(part))
        self.notice(f"MIDI: {part!r} is {found}")
