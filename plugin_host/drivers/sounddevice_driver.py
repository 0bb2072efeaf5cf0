"""The system's own audio through PortAudio: the usual way on macOS, Windows and a plain Linux."""

from __future__ import annotations

import contextlib
from functools import partial
from typing import TYPE_CHECKING

from plugin_host.drivers.capture import Capture, NoInput, fewer, names_of, no_input
from plugin_host.drivers.driver import NoDevice, Pull
from plugin_host.errors import nearest
from plugin_host.intake import Intake

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    import numpy.typing as npt
    from sounddevice import CallbackFlags, InputStream, OutputStream

    from bridge.event import Seconds
    from plugin_host.drivers.capture import Close, Hear

__all__ = ["SounddeviceDriver"]


class SounddeviceDriver:
    """An output of PortAudio.

    Args:
        rate: Frames per second that are asked for; the device's own where it cannot.
        block: Frames a callback.
        device: Part of a device's name; None for the system's usual one.
        channels: How many; two, where the device has fewer.
        cue: How many of them, the last, are for the cue.
        inputs: How many channels come in; fewer, where the input has fewer.
        input_device: Part of the name of the input; None for the system's usual one.

    Raises:
        NoDevice: PortAudio is missing, or there is no such output.
    """

    name = "sounddevice"
    exact = False
    retry = 1.0
    intake: Intake | None = None
    deaf = ""

    def __init__(
        self,
        rate: int,
        block: int,
        device: str | None = None,
        channels: int = 2,
        cue: int = 0,
        inputs: int = 0,
        input_device: str | None = None,
    ) -> None:
        try:
            import sounddevice
        except (ImportError, OSError) as error:
            raise NoDevice(
                "PortAudio is missing: apt-get install libportaudio2 (or brew install portaudio)"
            ) from error
        self._library = sounddevice
        # PortAudio lists devices once: look again, or a device that came back would not be seen.
        sounddevice._terminate()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - nothing public looks again
        sounddevice._initialize()  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - as above
        index, label, own_rate, most = self._choose(device)
        self.channels = channels if most >= channels else 2
        self.cue = cue if most >= channels else 0
        try:
            sounddevice.check_output_settings(
                device=index, channels=self.channels, dtype="float32", samplerate=rate
            )
        except sounddevice.PortAudioError:
            rate = int(own_rate)
        self.rate = rate
        self.block = block
        self.lost = False
        self.skipped = 0
        self._position = 0
        self._pull: Pull | None = None
        try:
            self._stream = sounddevice.OutputStream(
                samplerate=rate,
                blocksize=block,
                device=index,
                channels=self.channels,
                dtype="float32",
                latency="low",
                callback=self._fill,
                finished_callback=self._finished,
            )
        except (sounddevice.PortAudioError, ValueError) as error:
            raise NoDevice(f"the output {label!r} does not open: {error}") from error
        self.text = f"audio: {label} through PortAudio, {rate} Hz, blocks of {block}"
        self._capture = self._find_input(inputs, input_device) if inputs else None
        self.intake = self._capture.intake if self._capture is not None else None

    def start(self, pull: Pull) -> None:
        """Begin to ask for sound."""
        self._pull = pull
        try:
            self._stream.start()
        except self._library.PortAudioError as error:
            raise NoDevice(f"the audio output does not start: {error}") from error
        if self._capture is not None:
            self.deaf = self._capture.start() or self.deaf

    def tend(self, now: Seconds) -> str:
        """Look after the input."""
        return self._capture.tend(now) if self._capture is not None else ""

    def stop(self) -> None:
        """Close the streams."""
        self._pull = None
        if self._capture is not None:
            self._capture.stop()
        self._let_go(self._stream)

    def _choose(self, device: str | None) -> tuple[int, str, float, int]:
        """The index, name, usual rate and channels of the output that was asked for."""
        outputs = [one for one in self._library.query_devices() if one["max_output_channels"] >= 2]
        if not outputs:
            raise NoDevice("there is no audio output")
        if device is None:
            usual = self._library.default.device[1]
            chosen = next((one for one in outputs if one["index"] == usual), outputs[0])
        else:
            matching = [one for one in outputs if device.lower() in one["name"].lower()]
            if not matching:
                names = [one["name"] for one in outputs]
                raise NoDevice(f"no audio output has {device!r} in its name; {nearest(device, names)}")
            chosen = matching[0]
        most = chosen["max_output_channels"]
        return chosen["index"], chosen["name"], chosen["default_samplerate"], most

    def _find_input(self, inputs: int, device: str | None) -> Capture | None:
        """The input that was asked for, with as many channels as it has; None if there is none."""
        found = [one for one in self._library.query_devices() if one["max_input_channels"]]
        usual = self._library.default.device[0]
        if device is None:
            chosen = next((one for one in found if one["index"] == usual), found[0] if found else None)
        else:
            chosen = next((one for one in found if device.lower() in one["name"].lower()), None)
        if chosen is None:
            self.deaf = no_input(device, [one["name"] for one in found])
            return None
        many, label = min(inputs, chosen["max_input_channels"]), chosen["name"]
        if many < inputs:
            self.deaf = fewer(label, many, inputs)
        return Capture(names_of(label, many), self.block, partial(self._open, chosen["index"], many), label)

    def _open(self, index: int, many: int, hear: Hear, broken: Callable[[], None]) -> Close:
        library = self._library

        def take(sound: npt.NDArray[np.float32], _frames: int, _time: object, _status: CallbackFlags) -> None:
            hear(sound.T)

        try:
            stream = library.InputStream(
                samplerate=self.rate,
                blocksize=self.block,
                device=index,
                channels=many,
                dtype="float32",
                latency="low",
                callback=take,
                finished_callback=broken,
            )
            stream.start()
        except (library.PortAudioError, ValueError) as error:
            raise NoInput(f"the input does not open: {error}") from error
        if self._capture is not None:
            self._capture.way = round((self._stream.latency + stream.latency) * self.rate)

        return partial(self._let_go, stream)

    def _let_go(self, stream: OutputStream | InputStream) -> None:
        for end in (stream.abort, stream.close):  # one whose device is gone refuses the first
            with contextlib.suppress(self._library.PortAudioError):
                end()

    def _fill(self, out: npt.NDArray[np.float32], frames: int, _time: object, status: CallbackFlags) -> None:
        if status:
            self.skipped += 1
        pull = self._pull
        if pull is None:
            out[:] = 0
            return
        out[:] = pull(self._position, frames).T
        self._position += frames
        if self._capture is not None:
            self._capture.played(self._position)

    def _finished(self) -> None:
        if self._pull is not None:
            self.lost = True
