"""A sound file that grows while it is written, and can be read at any moment: WAV or FLAC."""

import io
import struct
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, Protocol

import numpy as np

from plugin_host.audio import Audio
from plugin_host.errors import HostError
from plugin_host.wav import form_chunk

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["KINDS", "LONGEST", "FlacTake", "TakeFile", "WavTake", "check_take", "open_take"]

KINDS: Final = (".wav", ".flac")
LONGEST: Final = 2**32 - 2**16
"""Bytes of a WAV file, whose header counts them in 32 bits."""
PART: Final = 4096
"""Frames that are written at once."""
FLAC_CHANNELS: Final = 8
FLAC_BLOCK: Final = 4096
"""Frames that the encoder keeps together; those of one that is not whole are not in the file yet."""


class TakeFile(Protocol):
    """A file that takes sound."""

    frames: int

    def write(self, audio: Audio) -> None:
        """Write the next frames; raises OSError if that cannot be."""
        ...

    def settle(self) -> None:
        """Let the header tell of all that is there, and hand everything to the system."""
        ...

    def close(self) -> None:
        """That was all."""
        ...


class WavTake:
    """A WAV file of 32-bit floating point: every frame as it was played.

    Args:
        path: Where to; a file there is replaced.
        channels: How many.
        rate: Frames a second.
        mask: Where the channels sound, if there are more than two.

    Raises:
        OSError: It cannot be written.
    """

    def __init__(self, path: Path, channels: int, rate: int, mask: int = 0) -> None:
        self.frames = 0
        self._channels, self._rate, self._mask = channels, rate, mask
        self._file = _opened(path)
        try:
            self.settle()
            self._file.seek(0, io.SEEK_END)
        except OSError:
            self._file.close()
            raise

    def write(self, audio: Audio) -> None:
        """Write the next frames, in parts: of one that fails the header tells nothing."""
        for first in range(0, audio.shape[1], PART):
            part = audio[:, first : first + PART]
            _write(self._file, part.T.astype("<f4").tobytes())
            self.frames += part.shape[1]

    def settle(self) -> None:
        """Let the header tell of all that is there."""
        self._file.seek(0)
        _write(self._file, _head(self._channels, self.frames, self._rate, self._mask))
        self._file.seek(0, io.SEEK_END)

    def close(self) -> None:
        """That was all; after an error, the header tells of what could be written."""
        with self._file:
            self.settle()


class FlacTake:
    """A FLAC file of 24 bits; what lies outside ±1 is cut off.

    Args:
        path: Where to; a file there is replaced.
        channels: How many.
        rate: Frames a second.

    Raises:
        OSError: It cannot be written.
    """

    def __init__(self, path: Path, channels: int, rate: int) -> None:
        from plugin_host.pedals import encoder

        self.frames = 0
        self._file = _opened(path)
        self._gate = _Gate(self._file)
        self._encoder = encoder(self._gate, channels, rate)

    def write(self, audio: Audio) -> None:
        """Write the next frames."""
        sound = np.clip(audio, -1, 1)
        for first in range(0, sound.shape[1], FLAC_BLOCK):
            part = sound[:, first : first + FLAC_BLOCK]
            self._encoder.write(part)
            self._gate.check()
            self.frames += part.shape[1]

    def settle(self) -> None:
        """Let the header tell of the blocks that are whole by now."""
        self._gate.check()
        self._count(max(0, self.frames // FLAC_BLOCK - 1) * FLAC_BLOCK)

    def close(self) -> None:
        """That was all; after an error, the header tells of the blocks that are whole."""
        with self._file:
            self._encoder.close()
            if self._gate.error is not None:
                self._mend()

    def _mend(self) -> None:
        """Write the number of frames that are there for certain.

        Source: RFC 9639, section 8.2: it is the last 36 of the 64 bits that follow the sizes.
        """
        self.frames = max(0, self.frames // FLAC_BLOCK - 1) * FLAC_BLOCK
        self._count(self.frames)

    def _count(self, frames: int) -> None:
        here = self._file.tell()
        self._file.seek(18)
        word = int.from_bytes(self._file.read(8), "big")
        self._file.seek(18)
        _write(self._file, (word >> 36 << 36 | frames).to_bytes(8, "big"))
        self._file.seek(here)


class _Gate(io.RawIOBase):
    """Stands between the encoder, which is told of no error, and the file."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self.error: OSError | None = None
        self._file = file

    def check(self) -> None:
        """Raise what went wrong."""
        if self.error is not None:
            raise self.error

    def writable(self) -> bool:
        """It is."""
        return True

    def seekable(self) -> bool:
        """It is."""
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go somewhere in the file."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Where we are in it."""
        return self._file.tell()

    def write(self, data: "Buffer") -> int:
        """Write; an error is kept for later, and nothing more is written."""
        given = bytes(data)
        if self.error is None:
            try:
                _write(self._file, given)
            except OSError as error:
                self.error = error
        return len(given)


def check_take(path: Path, channels: int) -> None:
    """See that such a file can hold so many channels.

    Raises:
        HostError: It cannot.
    """
    if path.suffix.lower() == ".flac" and channels > FLAC_CHANNELS:
        raise HostError(f"a FLAC file has {FLAC_CHANNELS} channels at most, not {channels}: take .wav")


def open_take(path: Path, channels: int, rate: int, mask: int = 0) -> TakeFile:
    """Begin a file for a take; its ending says which kind it is.

    Args:
        path: Where to; a file there is replaced.
        channels: How many.
        rate: Frames a second.
        mask: Where the channels sound, if there are more than two; FLAC tells by their number.

    Raises:
        HostError: No file of that name is written.
        OSError: It cannot be written.
    """
    kind = path.suffix.lower()
    if kind == ".wav":
        return WavTake(path, channels, rate, mask)
    if kind == ".flac":
        check_take(path, channels)
        return FlacTake(path, channels, rate)
    raise HostError(f"a take is a .wav or a .flac file (got {path})")


def _opened(path: Path) -> BinaryIO:
    # Without a buffer of ours: what was written is the system's, also when we are killed.
    return path.open("w+b", buffering=0)


def _write(file: BinaryIO, data: bytes) -> None:
    """Write all of it: a disk that is nearly full takes a part, and refuses the rest."""
    done = 0
    while done < len(data):
        done += file.write(data[done:])


def _head(channels: int, frames: int, rate: int, mask: int) -> bytes:
    size = 4 * channels
    body = b"WAVE" + form_chunk(channels, rate, 32, mask) + b"fact" + struct.pack("<II", 4, frames)
    body += b"data" + struct.pack("<I", frames * size)
    return b"RIFF" + struct.pack("<I", len(body) + frames * size) + body
