"""Sound files of our own writing: the same samples give the same bytes, with no date and no serial."""

import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from plugin_host.audio import Audio
from plugin_host.whole_file import written_whole

__all__ = ["WavWriter", "form_chunk", "whole_numbers", "write_wav"]

SEED = 16
"""Of the noise below 16 bits."""
_MEDIA = bytes.fromhex("000000001000800000aa00389b71")
"""What follows the kind of samples where that stands at the end."""


def write_wav(
    path: str | Path, audio: Audio, rate: int, bits: int = 24, chunks: bytes = b"", mask: int = 0
) -> None:
    """Write a WAV file.

    Args:
        path: Where to; a file there is replaced when all is written.
        audio: float32, shape (channels, frames); what lies outside ±1 is cut off with 16 and 24 bits.
        rate: Frames a second.
        bits: 16 or 24 for whole numbers, 32 for floating point, which keeps every bit.
        chunks: What else the file tells, from `plugin_host.marks.wav_chunks`.
        mask: Where the channels sound, if there are more than two; see `plugin_host.layouts.Layout`.

    Raises:
        OSError: It cannot be written; a file that was there is as it was.
        ValueError: Another number of bits.

    Source: the RIFF WAVE form, Microsoft and IBM, "Multimedia Programming Interface and Data
        Specifications 1.0", 1991.
    """
    channels, frames = audio.shape
    if bits in (16, 24):
        # Little-endian: the lowest bytes come first.
        whole = whole_numbers(audio, bits).T.astype("<i4")
        data = (whole.reshape(-1, 1).view(np.uint8)[:, : bits // 8]).tobytes()
        extra = b""
    elif bits == 32:
        data = audio.T.astype("<f4").tobytes()
        extra = b"fact" + struct.pack("<II", 4, frames)
    else:
        raise ValueError(f"bits={bits}: 16, 24 or 32")
    pad = b"\0" * (len(data) % 2)
    head = _head(channels, len(data), rate, bits, extra, len(chunks), mask)
    with written_whole(Path(path)) as unseen:
        unseen.write_bytes(head + data + pad + chunks)


def whole_numbers(audio: Audio, bits: int) -> NDArray[np.int32]:
    """Samples as whole numbers of so many bits; what lies outside ±1 is cut off.

    Of 16 bits the rounding would be heard in what fades out: noise of a step either way is added first, the
    same each time, so that it is a faint hiss instead.

    Args:
        audio: float32, shape (channels, frames).
        bits: 16 or 24.
    """
    top = 2 ** (bits - 1) - 1
    scaled = np.clip(audio.astype(np.float64), -1, 1) * top
    if bits == 16:
        chance = np.random.Generator(np.random.PCG64(SEED))
        scaled += chance.random(audio.shape) - chance.random(audio.shape)
    return np.clip(np.rint(scaled), -top, top).astype(np.int32)


class WavWriter:
    """A WAV file of 32-bit floating point that is written block by block; its length is known before.

    Args:
        path: Where to; a file there is replaced.
        channels: How many.
        frames: How many there will be in all.
        rate: Frames a second.
        chunks: What else the file tells, from `plugin_host.marks.wav_chunks`.
        mask: Where the channels sound, if there are more than two; see `plugin_host.layouts.Layout`.

    Raises:
        OSError: It cannot be written.
    """

    def __init__(
        self, path: str | Path, channels: int, frames: int, rate: int, chunks: bytes = b"", mask: int = 0
    ) -> None:
        self._file = Path(path).open("wb")  # noqa: SIM115 - closed by `close`
        self._chunks = chunks
        extra = b"fact" + struct.pack("<II", 4, frames)
        self._file.write(_head(channels, frames * channels * 4, rate, 32, extra, len(chunks), mask))

    def write(self, audio: Audio) -> None:
        """Write the next frames: float32, shape (channels, frames)."""
        self._file.write(audio.T.astype("<f4").tobytes())

    def close(self) -> None:
        """That was all."""
        with self._file:
            self._file.write(self._chunks)


def form_chunk(channels: int, rate: int, bits: int, mask: int = 0) -> bytes:
    """What a WAV file says about its samples.

    Args:
        channels: How many; with more than two it also says where they sound.
        rate: Frames a second.
        bits: 16 or 24 for whole numbers, 32 for floating point.
        mask: Where they sound; 0 says nothing.

    Source: Microsoft, "Multiple channel audio data and WAVE files", 2001.
    """
    size, kind = channels * bits // 8, 3 if bits == 32 else 1
    tag = kind if channels <= 2 else 0xFFFE
    form = struct.pack("<HHIIHH", tag, channels, rate, rate * size, size, bits)
    if channels > 2:
        form += struct.pack("<HHIH", 22, bits, mask, kind) + _MEDIA
    return b"fmt " + struct.pack("<I", len(form)) + form


def _head(
    channels: int, length: int, rate: int, bits: int, extra: bytes, after: int = 0, mask: int = 0
) -> bytes:
    """All that comes before the samples, which take so many bytes, and so many come after them."""
    form = form_chunk(channels, rate, bits, mask)
    body = b"WAVE" + form + extra + b"data" + struct.pack("<I", length)
    return b"RIFF" + struct.pack("<I", len(body) + length + length % 2 + after) + body
