from collections.abc import Iterable
from os import PathLike
from typing import Literal

class Message:
    type: str
    time: int
    channel: int
    note: int
    velocity: int
    control: int
    value: int
    pitch: int
    is_meta: bool
    tempo: int
    name: str
    @staticmethod
    def from_bytes(data: bytes | list[int], time: int = 0) -> Message: ...
    def bytes(self) -> list[int]: ...

class MetaMessage(Message):
    numerator: int
    denominator: int
    def __init__(
        self,
        type: Literal["track_name", "time_signature", "set_tempo", "end_of_track"],
        *,
        time: int = 0,
        name: str = ...,
        numerator: int = ...,
        denominator: int = ...,
        tempo: int = ...,
    ) -> None: ...

class MidiTrack(list[Message]):
    name: str
    def __init__(self, messages: Iterable[Message] = ...) -> None: ...

class MidiFile:
    type: int
    ticks_per_beat: int
    tracks: list[MidiTrack]
    length: float
    def __init__(
        self,
        filename: str | PathLike[str] | None = None,
        *,
        type: int = 1,
        ticks_per_beat: int = 480,
        charset: str = "latin1",
        clip: bool = False,
    ) -> None: ...
    def save(self, filename: str | PathLike[str]) -> None: ...
