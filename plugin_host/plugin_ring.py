"""The memory that the mixer and one plugin's process share: what is to be played, and what came of it."""

import contextlib
import mmap
import struct
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from plugin_host.audio import Audio

__all__ = ["SLOTS", "Message", "PluginRing", "Tempo", "Turn"]

SLOTS = 32
"""Blocks that have room: far more than are ever rendered ahead."""
MESSAGES = 2048
"""Messages that have room: more than a plugin gets in the half second after which it counts as hung."""

_RECORD = struct.Struct("<qB7s")
_HEAD = 64
_WANTED, _DONE, _WRITTEN, _READ = 0, 1, 2, 3


class Message(NamedTuple):
    """A MIDI message, or the value of a parameter, with its frame, counted from the first block."""

    frame: int
    data: bytes


_TURN = struct.Struct("<BHf")


class Turn(NamedTuple):
    """The value of a parameter, as a message: its first byte is none of MIDI's.

    Attributes:
        number: Of the parameter, in the order in which the plugin tells them.
        value: Where it is to be.
        is_position: Whether that is a position from 0 to 1, or in the parameter's own unit.

    >>> Turn.read(Turn(3, 0.5, True).data)
    Turn(number=3, value=0.5, is_position=True)
    """

    number: int
    value: float
    is_position: bool

    @property
    def data(self) -> bytes:
        """As a message has it."""
        return _TURN.pack(int(self.is_position), self.number, self.value)

    @staticmethod
    def read(data: bytes) -> "Turn | None":
        """What a message says; None if it is something else."""
        if data[0] >= 2:
            return None
        kind, number, value = _TURN.unpack(data)
        return Turn(number, value, bool(kind))


_TEMPO = struct.Struct("<Bf")


class Tempo(NamedTuple):
    """How fast the music goes, as a message: its first byte is neither one of MIDI's nor one of `Turn`'s.

    Attributes:
        cps: Cycles a second.

    >>> Tempo.read(Tempo(0.5).data)
    Tempo(cps=0.5)
    """

    cps: float

    @property
    def data(self) -> bytes:
        """As a message has it."""
        return _TEMPO.pack(2, self.cps)

    @staticmethod
    def read(data: bytes) -> "Tempo | None":
        """What a message says; None if it is something else."""
        return Tempo(_TEMPO.unpack(data)[1]) if data[0] == 2 else None


class PluginRing:
    """Blocks of sound one way, MIDI messages the other; nobody ever waits for anybody in here.

    Each number in its head has one writer. It is written after what it stands for, and read before.

    Args:
        path: A file, made by `create`.
        block: Frames in a block.
    """

    def __init__(self, path: Path, block: int) -> None:
        self.path, self.block = path, block
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _size(block))
        self._head: NDArray[np.int64] = np.frombuffer(self._memory, np.int64, _HEAD // 8)
        first = _HEAD + MESSAGES * _RECORD.size
        audio = np.frombuffer(self._memory, np.float32, SLOTS * 2 * block, first)
        self._audio: Audio = audio.reshape(SLOTS, 2, block)
        fed = np.frombuffer(self._memory, np.float32, SLOTS * 2 * block, first + audio.nbytes)
        self._fed: Audio = fed.reshape(SLOTS, 2, block)

    @staticmethod
    def create(path: Path, block: int) -> "PluginRing":
        """Make the file and open it."""
        path.write_bytes(bytes(_size(block)))
        return PluginRing(path, block)

    # The mixer's side.

    def forget_file(self) -> None:
        """Take the file away; who has it open goes on, and nothing is left behind should all be killed."""
        with contextlib.suppress(OSError):  # Windows keeps a file that is in use
            self.path.unlink()

    def begin(self, block: int) -> None:
        """Say that nothing before this block is owed; before the first is wanted."""
        self._head[_DONE] = block

    def want(self, block: int) -> int:
        """Ask for all blocks up to this one, without it; how many of those are not there yet."""
        self._head[_WANTED] = block
        return block - int(self._head[_DONE])

    @property
    def done(self) -> int:
        """The first block that is not there yet."""
        return int(self._head[_DONE])

    def take(self, block: int) -> Audio | None:
        """A block, shape (2, frames), or None if it is not there; to be copied before it is overwritten."""
        done = int(self._head[_DONE])
        return self._audio[block % SLOTS] if done - SLOTS < block < done else None

    def take_several(self, block: int, most: int) -> Audio:
        """A copy of the blocks from this one on that are there, shape (blocks, 2, frames).

        Args:
            block: The first, not too old.
            most: How many at most.
        """
        last = min(int(self._head[_DONE]), block + most)
        return self._audio[np.arange(block, last) % SLOTS]

    def feed(self, block: int, audio: Audio) -> None:
        """Put in what an effect is to shape; before the block is wanted."""
        self._fed[block % SLOTS] = audio

    def post(self, message: Message) -> bool:
        """Put a message in; frames must not fall. False if there is no room."""
        written = int(self._head[_WRITTEN])
        if written - int(self._head[_READ]) >= MESSAGES:
            return False
        place = _HEAD + written % MESSAGES * _RECORD.size
        _RECORD.pack_into(self._memory, place, message.frame, len(message.data), message.data)
        self._head[_WRITTEN] = written + 1
        return True

    # The plugin's side.

    @property
    def wanted(self) -> int:
        """The block up to which all are asked for."""
        return int(self._head[_WANTED])

    def fetch(self, before: int) -> list[Message]:
        """The messages of all frames before this one."""
        found: list[Message] = []
        read, written = int(self._head[_READ]), int(self._head[_WRITTEN])
        while read < written:
            place = _HEAD + read % MESSAGES * _RECORD.size
            frame, size, data = _RECORD.unpack_from(self._memory, place)
            if frame >= before:
                break
            found.append(Message(frame, data[:size]))
            read += 1
        self._head[_READ] = read
        return found

    def fed(self, block: int) -> Audio:
        """What an effect is to shape in a block that is wanted, shape (2, frames)."""
        return self._fed[block % SLOTS]

    def give(self, block: int, audio: Audio) -> None:
        """Put a block in."""
        self._audio[block % SLOTS] = audio
        self._head[_DONE] = block + 1


def _size(block: int) -> int:
    return _HEAD + MESSAGES * _RECORD.size + 2 * SLOTS * 2 * block * 4
