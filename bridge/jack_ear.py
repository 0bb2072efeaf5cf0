"""The JACK port by which another's MIDI clock is heard, at exact frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.clock_ear import ClockEar
from bridge.errors import PortNotFound
from bridge.port_names import find

if TYPE_CHECKING:
    from collections.abc import Callable

    from jack import Client, OwnMidiPort


class JackEar(ClockEar):
    """Hears one clock: the port thread connects it, the process callback reads it."""

    def __init__(self, notice: Callable[[str], None], news: Callable[[], object] = lambda: None) -> None:
        super().__init__(notice, news)
        self._port: OwnMidiPort | None = None
        self._name: str | None = None
        self._missed = False

    def listen(self, part: str | None) -> None:
        """Follow the port that has this in its name, or none."""
        if part != self.part:
            self._missed = False
        super().listen(part)

    def forget(self) -> None:
        """The server is gone, and our port with it."""
        self._port = self._name = None

    def seek(self, client: Client) -> None:
        """Connect what is wanted and there; called by the port thread.

        Raises:
            jack.JackError: The server is about to go.
        """
        if self.part is None and self._port is None:
            return
        outputs = client.get_ports(is_midi=True, is_output=True)
        names = [port.name for port in outputs if not client.owns(port)]
        match = None if self.part is None else find(self.part, names)
        if self._port is None:
            self._port = client.midi_inports.register("clock in")
        if self._name is not None and self._name != match:
            if self._name in names:
                client.disconnect(self._name, self._port)
            self._name = None
        if self.part is None:
            return
        if match is None:
            if not self._missed:
                self._missed = True
                self.notice(f"{PortNotFound(self.part, names)}; its clock is followed as soon as it is there")
        elif self._name is None:
            client.connect(match, self._port)
            self._name, self._missed = match, False
            self.notice(f"MIDI clock: {match} is followed")

    def hear(self, first: int, rate: float) -> None:
        """Read this period's messages, the first frame of which is `first`."""
        port = self._port
        if port is None or self.part is None:
            return
        heard = False
        for offset, data in port.incoming_midi_events():
            heard = self.take((first + offset) / rate, bytes(data)) or heard
        if heard:
            self.sum_up(first / rate)
