"""Sound files of our own writing: the same samples give the same bytes, with no date and no serial."""

import struct
from pathlib import Path

import numpy as np

from plugin_host.audio import Audio

__all__ = ["WavWriter", "write_wav"]


def write_wav(path: str | Path, audio: Audio, rate: int, bits: int = 24) -> None:
    """Write a WAV file.

    Args:
        path: Where to; a file there is replaced.
        audio: float32, shape (channels, frames); what lies outside ±1 is cut off with 24 bits.
        rate: Frames a second.
        bits: 24 for whole numbers, 32 for floating point, which keeps every bit.

    Raises:
        ValueError: Neither 24 nor 32 bits.

    Source: the RIFF WAVE form, Microsoft and IBM, "Multimedia Programming Interface and Data
        Specifications 1.0", 1991.
    """
    channels, frames = audio.shape
    if bits == 24:
        # 32-bit numbers whose lowest byte is left out; little-endian, so it comes first.
        whole = np.rint(np.clip(audio.T.astype(np.float64), -1, 1) * (2**23 - 1)).astype("<i4")
        data = (whole.reshape(-1, 1).view(np.uint8)[:, :3]).tobytes()
        extra = b""
    elif bits == 32:
        data = audio.T.astype("<f4").tobytes()
        extra = b"fact" + struct.pack("<II", 4, frames)
    else:
        raise ValueError(f"bits={bits}: 24 or 32")
    pad = b"\0" * (len(data) % 2)
    Path(path).write_bytes(_head(channels, len(data), rate, bits, extra) + data + pad)


class WavWriter:
    """A WAV file of 32-bit floating point that is written block by block; its length is known before.

    Args:
        path: Where to; a file there is replaced.
        channels: How many.
        frames: How many there will be in all.
        rate: Frames a second.

    Raises:
        OSError: It cannot be written.
    """

    def __init__(self, path: str | Path, channels: int, frames: int, rate: int) -> None:
        self._file = Path(path).open("wb")  # noqa: SIM115 - closed by `close`
        extra = b"fact" + struct.pack("<II", 4, frames)
        self._file.write(_head(channels, frames * channels * 4, rate, 32, extra))

    def write(self, audio: Audio) -> None:
        """Write the next frames: float32, shape (channels, frames)."""
        self._file.write(audio.T.astype("<f4").tobytes())

    def close(self) -> None:
        """That was all."""
        self._file.close()


def _head(channels: int, length: int, rate: int, bits: int, extra: bytes) -> bytes:
    """All that comes before the samples, which take so many bytes."""
    size = channels * bits // 8
    form = struct.pack("<HHIIHH", 1 if bits == 24 else 3, channels, rate, rate * size, size, bits)
    body = b"WAVEfmt " + struct.pack("<I", len(form)) + form + extra + b"data" + struct.pack("<I", length)
    return b"RIFF" + struct.pack("<I", len(body) + length + length % 2) + body
