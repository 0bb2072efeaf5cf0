from types import TracebackType

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

class AudioFile:
    def __new__(cls, filename: str) -> ReadableAudioFile: ...  # type: ignore[misc] # it gives another class, as pedalboard does
