"""The part of sounddevice that Sempre uses; the library ships no types."""

from collections.abc import Callable
from typing import TypedDict

import numpy as np
import numpy.typing as npt

class PortAudioError(Exception): ...

class CallbackFlags:
    output_underflow: bool
    def __bool__(self) -> bool: ...

class DeviceInfo(TypedDict):
    name: str
    index: int
    hostapi: int
    max_input_channels: int
    max_output_channels: int
    default_samplerate: float

class _Stream:
    def __init__(
        self,
        *,
        samplerate: float | None = ...,
        blocksize: int | None = ...,
        device: int | str | None = ...,
        channels: int | None = ...,
        dtype: str | None = ...,
        latency: float | str | None = ...,
        callback: Callable[[npt.NDArray[np.float32], int, object, CallbackFlags], None] | None = ...,
        finished_callback: Callable[[], None] | None = ...,
    ) -> None: ...
    @property
    def samplerate(self) -> float: ...
    @property
    def latency(self) -> float: ...
    def start(self) -> None: ...
    def stop(self, ignore_errors: bool = ...) -> None: ...
    def abort(self, ignore_errors: bool = ...) -> None: ...
    def close(self, ignore_errors: bool = ...) -> None: ...

class OutputStream(_Stream): ...
class InputStream(_Stream): ...
class DeviceList(tuple[DeviceInfo, ...]): ...

class _Defaults:
    device: tuple[int, int]

default: _Defaults

def query_devices() -> DeviceList: ...
def check_output_settings(
    device: int | str | None = ...,
    channels: int | None = ...,
    dtype: str | None = ...,
    samplerate: float | None = ...,
) -> None: ...
def _initialize() -> None: ...
def _terminate() -> None: ...
