"""The JACK port by which another's MIDI clock is heard, at exact frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.clock_in import ClockIn
from bridge.errors import PortNotFound
from bridge.port_names import find

if TYPE_CHECKING:
    from collections.abc import Callable

    from jack import Client, OwnMidiPort

    from bridge.event import Seconds


class JackEar:
    """Hears one clock: the port thread connects it, the process callback reads it.

    Args:
        notice: Takes one line for the musician.
    """

    def __init__(self, notice: Callable[[str], None]) -> None:
        self._notice = notice
        self._part: str | None = None
        self._clock = ClockIn()
        self._port: OwnMidiPort | None = None
        self._name: str | None = None
        self._missed = False
        # Replaced as a whole by the callback, so that whoever reads it finds what belongs together.
        self._said: dict[str, object] | None = None

    def listen(self, part: str | None) -> None:
        """Follow the port that has this in its name, or none."""
        if part != self._part:
            self._part, self._clock, self._said = part, ClockIn(), None
            self._missed = False

    def forget(self) -> None:
        """The server is gone, and our port with it."""
        self._port = self._name = None

    def seek(self, client: Client) -> None:
        """Connect what is wanted and there; called by the port thread.

        Raises:
            jack.JackError: The server is about to go.
        """
        if self._part is None and self._port is None:
            return
        outputs = client.get_ports(is_midi=True, is_output=True)
        names = [port.name for port in outputs if not client.owns(port)]
        match = None if self._part is None else find(self._part, names)
        if self._port is None:
            self._port = client.midi_inports.register("clock in")
        if self._name is not None and self._name != match:
            if self._name in names:
                client.disconnect(self._name, self._port)
            self._name = None
        if self._part is None:
            return
        if match is None:
            if not self._missed:
                self._missed = True
                self._notice(
                    f"{PortNotFound(self._part, names)}; its clock is followed as soon as it is there"
                )
        elif self._name is None:
            client.connect(match, self._port)
            self._name, self._missed = match, False
            self._notice(f"MIDI clock: {match} is followed")

    def hear(self, first: int, rate: float) -> None:
        """Read this period's messages, the first frame of which is `first`."""
        port, clock = self._port, self._clock
        if port is None or self._part is None:
            return
        heard = False
        for offset, data in port.incoming_midi_events():
            message = bytes(data)
            if message[:1] >= b"\xf2":
                clock.feed((first + offset) / rate, message)
                heard = True
        if heard:
            self._said = clock.report(first / rate)

    def said(self, now: Seconds) -> dict[str, object] | None:
        """What is known of the clock that is followed; None if none is."""
        said, part = self._said, self._part
        if part is None:
            return None
        if said is None:
            return {"port": part, "state": "silent", "at": 0.0, "period": 0.0, "tick": None}
        return {**said, "port": part, "state": self._clock.state(now)}
