"""The system's own audio through PortAudio: the usual way on macOS, Windows and a plain Linux."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from plugin_host.drivers.driver import NoDevice, Pull
from plugin_host.errors import nearest
from plugin_host.intake import Intake

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from sounddevice import CallbackFlags

__all__ = ["SounddeviceDriver"]


class SounddeviceDriver:
    """An output of PortAudio.

    Args:
        rate: Frames per second that are asked for; the device's own where it cannot.
        block: Frames a callback.
        device: Part of a device's name; None for the system's usual one.
        channels: How many; two, where the device has fewer.
        cue: How many of them, the last, are for the cue.

    Raises:
        NoDevice: PortAudio is missing, or there is no such output.
    """

    name = "sounddevice"
    exact = False
    retry = 1.0
    intake: Intake | None = None

    def __init__(
        self, rate: int, block: int, device: str | None = None, channels: int = 2, cue: int = 0
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

    def start(self, pull: Pull) -> None:
        """Begin to ask for sound."""
        self._pull = pull
        try:
            self._stream.start()
        except self._library.PortAudioError as error:
            raise NoDevice(f"the audio output does not start: {error}") from error

    def stop(self) -> None:
        """Close the stream."""
        self._pull = None
        with contextlib.suppress(self._library.PortAudioError):
            self._stream.abort()
            self._stream.close()

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

    def _fill(self, out: npt.NDArray[np.float32], frames: int, _time: object, status: CallbackFlags) -> None:
        if status:
            self.skipped += 1
        pull = self._pull
        if pull is None:
            out[:] = 0
            return
        out[:] = pull(self._position, frames).T
        self._position += frames

    def _finished(self) -> None:
        if self._pull is not None:
            self.lost = True
