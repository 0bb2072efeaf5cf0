"""The audio server JACK (and PipeWire in its place): its frame counter is the session's clock."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import numpy as np

from bridge.worker import start_thread
from plugin_host.audio import Audio
from plugin_host.drivers.driver import NoDevice, Pull
from plugin_host.drivers.jack_latency import way_round
from plugin_host.intake import Intake

if TYPE_CHECKING:
    from jack import Port

__all__ = ["CLIENT", "JackDriver"]

CLIENT = "Sempre audio"
"""The client's name. "Sempre" is that of the MIDI ports, which another process opens: were both called
so, the server would rename the later one, and a musician's saved connections would break by chance."""

_COUNTER = 0xFFFFFFFF
_HALF = 0x80000000


class JackDriver:
    """Output ports on a running server; it never starts one.

    Args:
        device: Part of the names of the ports to connect to; None for the first physical ones.
        channels: How many ports; two, where there are fewer of these, and some.
        cue: How many of them are called so, and come last; they are there in any case.
        inputs: How many ports hear.
        input_device: Part of the names of the ports that they hear; None for the first physical ones.

    Raises:
        NoDevice: There is no JACK library or no server.
    """

    name = "jack"
    exact = True
    retry = 0.5

    deaf = ""

    def __init__(
        self,
        device: str | None = None,
        channels: int = 2,
        cue: int = 0,
        inputs: int = 0,
        input_device: str | None = None,
    ) -> None:
        try:
            import jack
        except (ImportError, OSError) as error:
            raise NoDevice(
                "the JACK library is missing: apt-get install libjack-jackd2-0 (or brew install jack)"
            ) from error
        # A server that is not there is no news: the library would write four lines at every try.
        jack.set_error_function(_ignore)
        jack.set_info_function(_ignore)
        try:
            self._client = jack.Client(CLIENT, no_start_server=True)
        except jack.JackError as error:
            raise NoDevice("no JACK server runs: start one with jackd, qjackctl or PipeWire") from error
        self._error = jack.JackError
        self.rate = self._client.samplerate
        self.block = self._client.blocksize
        self.text = f"audio: JACK, {self.rate} Hz, periods of {self.block}, client {self._client.name!r}"
        self._device, self._input_device = device, input_device
        self.lost = False
        self.skipped = 0
        self._position = 0
        self._next: int | None = None
        there = len(self._targets())
        # Where nothing is there to be connected, the musician will do that.
        heard = channels - cue if there >= channels - cue or not there else 2
        self.channels, self.cue = heard + cue, cue
        names = [f"out_{number + 1}" for number in range(heard)]
        names += [f"cue_{number + 1}" for number in range(cue)]
        self._inputs = [self._client.inports.register(f"in_{number + 1}") for number in range(inputs)]
        sources = [port.name for port in self._sources()] + [""] * inputs
        # Beside their own names they have those of what is connected to them from the start.
        names_in = [f"in_{number + 1} {sources[number]}".strip() for number in range(inputs)]
        self.intake = Intake(tuple(names_in)) if inputs else None
        self._heard: Audio = np.zeros((inputs, self.block), np.float32)
        self._ports = [self._client.outports.register(name) for name in names]

    def start(self, pull: Pull) -> None:
        """Begin to ask for sound and connect the ports."""
        client = self._client
        client.set_process_callback(lambda frames: self._process(pull, frames))
        client.set_shutdown_callback(self._shut_down)
        # PipeWire changes the rate while we are connected; JACK's own server only when it starts.
        client.set_samplerate_callback(self._set_rate)
        # Whatever is connected later may be another device.
        client.set_graph_order_callback(self._measure)
        try:
            client.activate()
        except self._error as error:
            raise NoDevice(f"the JACK server does not take us: {error}") from error
        for ours, theirs in zip(self._ports, self._targets(), strict=False):
            # A port that vanished meanwhile only leaves us unconnected; the musician can connect another.
            with contextlib.suppress(self._error):
                client.connect(ours, theirs)

        for theirs, ours in zip(self._sources(), self._inputs, strict=False):
            with contextlib.suppress(self._error):
                client.connect(theirs, ours)
        self._measure()

    def _measure(self) -> None:
        """Know how long it is from what goes out to what comes in of it."""
        if self.intake is not None:
            self.intake.late = way_round(self._ports, self._inputs)

    def _sources(self) -> list[Port]:
        """The ports whose sound comes in."""
        part = (self._input_device or "").lower()
        found = self._client.get_ports(is_audio=True, is_output=True, is_physical=self._input_device is None)
        return [port for port in found if part in port.name.lower()]

    def _targets(self) -> list[Port]:
        """The ports to connect to."""
        part = (self._device or "").lower()
        found = self._client.get_ports(is_audio=True, is_input=True, is_physical=self._device is None)
        return [port for port in found if part in port.name.lower()]

    def stop(self) -> None:
        """Leave the server, in a thread of its own: a dead server may not answer."""
        client = self._client

        def leave() -> None:
            client.deactivate()
            client.close()

        thread = start_thread("leave JACK", leave)
        thread.join(0.5)

    def _process(self, pull: Pull, frames: int) -> None:
        counter = self._client.last_frame_time
        if self._next is None:
            self._position = counter
        else:
            # Signed: after a late period the counter may also step back by some frames. Read as a step
            # ahead, that would be one of 24.8 hours.
            step = ((counter - self._next + _HALF) & _COUNTER) - _HALF
            self.skipped += step != 0
            if step == -frames:
                return  # a server that was late runs us twice in a period: what it was given stays
            self._position = self._next + step
        self._next = self._position + frames
        if self.intake is not None:
            if frames != self._heard.shape[1]:
                self._heard = np.zeros((len(self._inputs), frames), np.float32)
            for row, port in zip(self._heard, self._inputs, strict=True):
                row[:] = port.get_array()
            self.intake.write(self._position, self._heard)
        audio = pull(self._position, frames)
        for port, channel in zip(self._ports, audio, strict=True):
            port.get_array()[:] = channel

    def _set_rate(self, rate: int) -> None:
        # Another rate is another device: what looks for one opens us anew.
        self.lost = self.lost or rate != self.rate

    def _shut_down(self, _status: object, _reason: str) -> None:
        self.lost = True


def _ignore(_message: str) -> None:
    """Take a line of the library and drop it."""
