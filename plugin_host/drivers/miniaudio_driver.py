"""Audio without anything to install: miniaudio brings its own way to every system."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from plugin_host.drivers.capture import Capture, NoInput, fewer, names_of, no_input
from plugin_host.drivers.driver import NoDevice, Pull
from plugin_host.errors import nearest
from plugin_host.intake import Intake

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import miniaudio

    from bridge.event import Seconds
    from plugin_host.audio import Audio
    from plugin_host.drivers.capture import Close, Hear

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
        inputs: How many channels come in; fewer, where the input says that it has fewer.
        input_device: Part of the name of the input; None for the system's usual one.

    Raises:
        NoDevice: There is no such output.
    """

    name = "miniaudio"
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
            import miniaudio
        except ImportError as error:
            raise NoDevice("miniaudio is not installed: pip install miniaudio") from error
        # JACK is left to our own driver, which keeps its exact time.
        useless = {miniaudio.Backend.NULL, miniaudio.Backend.CUSTOM, miniaudio.Backend.JACK}
        backends = [one for one in miniaudio.Backend if one not in useless]
        try:
            devices = miniaudio.Devices(backends)
            chosen, label, most = self._choose(devices, device)
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
        self._library, self._backends, self._milliseconds = miniaudio, backends, milliseconds
        self._capture = self._find_input(devices, inputs, input_device) if inputs else None
        self.intake = self._capture.intake if self._capture is not None else None

    def start(self, pull: Pull) -> None:
        """Begin to ask for sound."""
        feed = self._feed(pull)
        next(feed)
        try:
            self._device.start(feed)
        except self._error as error:
            raise NoDevice(f"the audio output does not start: {_words(error)}") from error
        if self._capture is not None:
            self.deaf = self._capture.start() or self.deaf

    def tend(self, now: Seconds) -> str:
        """Look after the input."""
        return self._capture.tend(now) if self._capture is not None else ""

    def stop(self) -> None:
        """Close the devices."""
        if self._capture is not None:
            self._capture.stop()
        self._device.close()

    def _find_input(self, devices: miniaudio.Devices, inputs: int, device: str | None) -> Capture | None:
        """The input that was asked for, with as many channels as it has; None if there is none."""
        try:
            found = devices.get_captures()
        except self._error:
            found = []
        part = (device or "").lower()
        chosen = next((one for one in found if part in one["name"].lower()), None)
        if chosen is None:
            self.deaf = no_input(device, [one["name"] for one in found])
            return None
        many, label = min(inputs, _most(chosen)), chosen["name"]
        if many < inputs:
            self.deaf = fewer(label, many, inputs)
        ident = None if device is None else chosen["id"]
        return Capture(names_of(label, many), self.block, partial(self._open, ident, many), label)

    def _open(
        self, ident: miniaudio.DeviceId | None, many: int, hear: Hear, _broken: Callable[[], None]
    ) -> Close:
        def take() -> Generator[None, bytes]:
            while True:
                sound = np.frombuffer((yield), np.float32)
                hear(sound.reshape(-1, many).T)

        try:
            device = self._library.CaptureDevice(
                input_format=self._library.SampleFormat.FLOAT32,
                nchannels=many,
                sample_rate=self.rate,
                buffersize_msec=self._milliseconds,
                device_id=ident,
                backends=self._backends,
                app_name="Sempre",
            )
            taking = take()
            next(taking)
            device.start(taking)
        except self._error as error:
            raise NoInput(f"the input does not open: {_words(error)}") from error
        return device.close

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
            if self._capture is not None:
                self._capture.played(self._position)
            frames = yield audio.T


def _most(device: miniaudio.PlaybackInfo) -> int:
    """How many channels a device has; it says 0 where it takes any number."""
    told = [one["channels"] or ANY for one in device.get("formats", [])]
    return max(told, default=2)


def _words(error: Exception) -> str:
    """What the library says, without its number."""
    return str(error.args[0]) if error.args else "no reason given"
