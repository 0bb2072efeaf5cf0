from io import RawIOBase
from types import TracebackType
from typing import BinaryIO, overload

import numpy as np
from numpy.typing import NDArray

class ReadableAudioFile:
    frames: int
    samplerate: float
    num_channels: int
    def read(self, num_frames: float = ...) -> NDArray[np.float32]: ...
    def __enter__(self) -> ReadableAudioFile: ...
    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None: ...

class WriteableAudioFile:
    def write(self, samples: NDArray[np.float32]) -> None: ...
    def flush(self) -> None: ...
    def close(self) -> None: ...
    def __enter__(self) -> WriteableAudioFile: ...
    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None: ...

class AudioFile:
    @overload
    def __new__(cls, filename: str) -> ReadableAudioFile: ...  # type: ignore[misc] # it gives another class, as pedalboard does
    @overload
    def __new__(  # type: ignore[misc] # the same
        cls,
        file_like: BinaryIO | RawIOBase,
        mode: str,
        *,
        samplerate: float,
        num_channels: int,
        bit_depth: int = ...,
        quality: str | None = ...,
        format: str,
    ) -> WriteableAudioFile: ...
