"""The part of miniaudio that Sempre uses; its own types are only partly known to a checker."""

from collections.abc import Generator
from enum import Enum
from typing import TypedDict

import numpy as np
import numpy.typing as npt

class MiniaudioError(Exception): ...

class SampleFormat(Enum):
    FLOAT32 = ...

class Backend(Enum):
    NULL = ...
    JACK = ...
    CUSTOM = ...

class DeviceId: ...

class FormatInfo(TypedDict):
    format: str
    samplerate: int
    channels: int

class PlaybackInfo(TypedDict):
    name: str
    id: DeviceId
    formats: list[FormatInfo]

class Devices:
    backend: str
    def __init__(self, backends: list[Backend] | None = ...) -> None: ...
    def get_playbacks(self) -> list[PlaybackInfo]: ...
    def get_captures(self) -> list[PlaybackInfo]: ...

class PlaybackDevice:
    backend: str
    sample_rate: int
    running: bool
    def __init__(
        self,
        output_format: SampleFormat = ...,
        nchannels: int = ...,
        sample_rate: int = ...,
        buffersize_msec: int = ...,
        device_id: DeviceId | None = ...,
        callback_periods: int = ...,
        backends: list[Backend] | None = ...,
        app_name: str = ...,
    ) -> None: ...
    def start(self, callback_generator: Generator[npt.NDArray[np.float32] | bytes, int]) -> None: ...
    def stop(self) -> None: ...
    def close(self) -> None: ...

class CaptureDevice:
    backend: str
    def __init__(
        self,
        input_format: SampleFormat = ...,
        nchannels: int = ...,
        sample_rate: int = ...,
        buffersize_msec: int = ...,
        device_id: DeviceId | None = ...,
        callback_periods: int = ...,
        backends: list[Backend] | None = ...,
        app_name: str = ...,
    ) -> None: ...
    def start(self, callback_generator: Generator[None, bytes]) -> None: ...
    def close(self) -> None: ...
