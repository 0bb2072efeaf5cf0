"""Audio without anything to install: miniaudio brings its own way to every system."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from plugin_host.drivers.driver import NoDevice, Pull
from plugin_host.errors import nearest
from plugin_host.intake import Intake

if TYPE_CHECKING:
    from collections.abc import Generator

    import miniaudio

    from plugin_host.audio import Audio

__all__ = ["MiniaudioDriver"]

ANY = 64
"""Channels of a device that takes any number."""


class MiniaudioDriver:
    """An output of miniaudio; its null device does not count as one.

    Args:
        rate: Frames per second; miniaudio converts where the device has another.
        block: Frames a period, about: miniaudio counts in whole milliseconds.
        device: Part of a device's name; None for the system's usual one.
        channels: How many; two, where the device says that it has fewer.
        cue: How many of them, the last, are for the cue.

    Raises:
        NoDevice: There is no such output.
    """

    name = "miniaudio"
    exact = False
    retry = 1.0
    intake: Intake | None = None

    def __init__(
        self, rate: int, block: int, device: str | None = None, channels: int = 2, cue: int = 0
    ) -> None:
        try:
            import miniaudio
        except ImportError as error:
            raise NoDevice("miniaudio is not installed: pip install miniaudio") from error
        # JACK is left to our own driver, which keeps its exact time.
        useless = {miniaudio.Backend.NULL, miniaudio.Backend.CUSTOM, miniaudio.Backend.JACK}
        backends = [one for one in miniaudio.Backend if one not in useless]
        try:
            chosen, label, most = self._choose(miniaudio.Devices(backends), device)
            self.channels = channels if most >= channels else 2
            self.cue = cue if most >= channels else 0
            milliseconds = max(1, math.ceil(1000 * block / rate))
            self._device = miniaudio.PlaybackDevice(
                output_format=miniaudio.SampleFormat.FLOAT32,
                nchannels=self.channels,
                sample_rate=rate,
                buffersize_msec=milliseconds,
                device_id=chosen,
                backends=backends,
                app_name="Sempre",
            )
        except miniaudio.MiniaudioError as error:
            raise NoDevice(f"miniaudio finds no audio output: {_words(error)}") from error
        self._error = miniaudio.MiniaudioError
        self.rate = rate
        self.block = math.ceil(milliseconds * rate / 1000)
        self.text = f"audio: {label} through miniaudio ({self._device.backend}), {rate} Hz"
        self.lost = False
        self.skipped = 0
        self._position = 0

    def start(self, pull: Pull) -> None:
        """Begin to ask for sound."""
        feed = self._feed(pull)
        next(feed)
        try:
            self._device.start(feed)
        except self._error as error:
            raise NoDevice(f"the audio output does not start: {_words(error)}") from error

    def stop(self) -> None:
        """Close the device."""
        self._device.close()

    @staticmethod
    def _choose(devices: miniaudio.Devices, device: str | None) -> tuple[miniaudio.DeviceId | None, str, int]:
        outputs = devices.get_playbacks()
        if not outputs:
            raise NoDevice("there is no audio output")
        if device is None:
            return None, outputs[0]["name"], _most(outputs[0])
        for one in outputs:
            if device.lower() in one["name"].lower():
                return one["id"], one["name"], _most(one)
        names = [one["name"] for one in outputs]
        raise NoDevice(f"no audio output has {device!r} in its name; {nearest(device, names)}")

    def _feed(self, pull: Pull) -> Generator[Audio | bytes, int]:
        frames = yield b""
        while True:
            audio = pull(self._position, frames)
            self._position += frames
            frames = yield audio.T


def _most(device: miniaudio.PlaybackInfo) -> int:
    """How many channels a device has; it says 0 where it takes any number."""
    told = [one["channels"] or ANY for one in device.get("formats", [])]
    return max(told, default=2)


def _words(error: Exception) -> str:
    """What the library says, without its number."""
    return str(error.args[0]) if error.args else "no reason given"
