"""MIDI through the system's own ports: python-rtmidi, or rtmidi2 where that has no wheels (Python 3.13).

Nothing is imported before a port is opened.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Protocol, cast

from bridge.errors import BridgeError, PortNotFound
from bridge.midi import all_sound_off, occupied
from bridge.outlet import Lookout, TimedOutlet

if TYPE_CHECKING:
    from collections.abc import Callable

    import rtmidi
    import rtmidi2

    from bridge.clock import SharedClock
    from bridge.event import Due
    from bridge.outlet import Route

SEEK = 0.7
"""Seconds between two looks for a port that is not there; listing ports takes up to 47 ms."""


class Port(Protocol):
    """A MIDI output, by whichever binding."""

    def send(self, data: bytes) -> None:
        """Send one message now."""
        ...

    def close(self) -> None:
        """Let go of the port."""
        ...


class Binding(Protocol):
    """What we ask of a MIDI binding."""

    def names(self) -> list[str]:
        """The outputs that exist."""
        ...

    def open(self, index: int) -> Port:
        """Open the output at `index` of `names`."""
        ...

    def virtual(self, name: str) -> Port:
        """Make an output of our own that others can connect to."""
        ...


class _RtMidiPort:
    def __init__(self, out: rtmidi.MidiOut) -> None:
        self._out = out

    def send(self, data: bytes) -> None:
        self._out.send_message(data)

    def close(self) -> None:
        self._out.close_port()


class _RtMidi2Port:
    def __init__(self, out: rtmidi2.MidiOut) -> None:
        self._out = out

    def send(self, data: bytes) -> None:
        self._out.send_raw(*data)

    def close(self) -> None:
        self._out.close_port()


class _RtMidi:
    """python-rtmidi."""

    def __init__(self, api: str, client: str) -> None:
        import rtmidi

        self._make = lambda: rtmidi.MidiOut(_api(rtmidi, api), client)
        try:
            self._look = self._make()
        except rtmidi.RtMidiError as error:
            raise BridgeError(_absent(str(error))) from error

    def names(self) -> list[str]:
        return list(self._look.get_ports())

    def open(self, index: int) -> Port:
        out = self._make()
        out.open_port(index)
        return _RtMidiPort(out)

    def virtual(self, name: str) -> Port:
        out = self._make()
        out.open_virtual_port(name)
        return _RtMidiPort(out)


class _RtMidi2:
    """rtmidi2."""

    def __init__(self, api: str, client: str) -> None:
        import rtmidi2

        self._make = lambda: rtmidi2.MidiOut(client, _api(rtmidi2, api))
        try:
            self._look = self._make()
        except RuntimeError as error:
            raise BridgeError(_absent(str(error))) from error

    def names(self) -> list[str]:
        return list(self._look.ports)

    def open(self, index: int) -> Port:
        out = self._make()
        out.open_port(index)
        return _RtMidi2Port(out)

    def virtual(self, name: str) -> Port:
        out = self._make()
        out.open_virtual_port(name)
        return _RtMidi2Port(out)


def _api(module: object, name: str) -> int:
    wanted = {"jack": "API_UNIX_JACK"}.get(name, "API_UNSPECIFIED")
    if wanted == "API_UNSPECIFIED" and sys.platform == "linux":
        # Left to itself the library would try JACK too, by a way that hangs when the server dies.
        wanted = "API_LINUX_ALSA"
    return cast("int", getattr(module, wanted))


def _absent(reason: str) -> str:
    if sys.platform == "linux":
        return "no ALSA sequencer (sudo modprobe snd-seq) and no JACK server"
    return f"the system's MIDI does not answer: {reason}"


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
        super().__init__("MIDI", occupied, notice, clock, spin=True)
        self._binding = load_binding(api, name)
        self._opened: dict[str | None, Port] = {}
        self._ports: dict[int, Port] = {}
        self._sought: dict[int, str | None] = {}
        try:
            self._opened[None] = self._binding.virtual(name)
            self._text = f'MIDI: virtual port "{name}"'
        except (NotImplementedError, RuntimeError, OSError):
            # WinMM has no virtual ports; a loopback driver gives named ones.
            self._text = "MIDI: no virtual ports on this system; name a loopback port with midi(...)"
        self._lookout = Lookout("MIDI ports", SEEK, self._look)

    @property
    def text(self) -> str:
        """Where the virtual port is to be found."""
        return self._text

    def set_routes(self, routes: dict[int, Route]) -> None:
        """Note which ports are wanted; a thread of its own opens them."""
        for number, route in routes.items():
            if number not in self.routes:
                self._sought[number] = cast("dict[str, str | None]", route["midi"])["port"]
        super().set_routes(routes)
        self._lookout.now()

    def transmit(self, due: Due) -> None:
        """Send it."""
        port = self._ports.get(due.event.route)
        data = due.event.on if due.on else due.event.off
        if port is not None and data:
            port.send(data)

    def silence(self) -> None:
        """End what sounds and reset the channels of every port."""
        super().silence()
        for port in self._opened.values():
            for message in all_sound_off():
                port.send(message)

    def close(self) -> None:
        """Silence, then close the ports."""
        super().close()
        self._lookout.close()
        for port in self._opened.values():
            port.close()

    def _look(self, _now: float) -> None:
        for number, part in list(self._sought.items()):
            port = self._opened.get(part)
            if port is None and part is not None:
                port = self._find(part)
            if port is not None:
                self._ports = {**self._ports, number: port}
                del self._sought[number]

    def _find(self, part: str) -> Port | None:
        names = self._binding.names()
        index = next((i for i, n in enumerate(names) if part.lower() in n.lower()), None)
        if index is None:
            self.say_once(f"{PortNotFound(part, names)}; it is used as soon as it is there")
            return None
        port = self._opened[part] = self._binding.open(index)
        self.notice(f"MIDI: {part!r} is {names[index]}")
        return port
