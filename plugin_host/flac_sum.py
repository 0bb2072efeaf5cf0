"""Whether a FLAC file is whole: it holds a sum of its sound, and is read with silence where it is damaged."""

import hashlib
from pathlib import Path
from typing import Final

import numpy as np

from plugin_host.audio import Audio

__all__ = ["is_damaged"]

_EXACT: Final = (8, 16, 24)
"""Bits of a sample for which float32 holds every value, and a file whole bytes."""


def is_damaged(path: Path, sound: Audio) -> bool:
    """Whether what was read of a FLAC file is not what was written into it; False where that is not known.

    Args:
        path: Any sound file.
        sound: All that was read of it, shape (channels, frames).

    Source: RFC 9639, section 8.2: the stream's numbers, and the MD5 sum of its samples.
    """
    with path.open("rb") as file:
        head = file.read(42)
    if len(head) < 42 or head[:4] != b"fLaC" or head[4] & 0x7F:
        return False
    numbers = int.from_bytes(head[18:26], "big")  # rate, 20 bits; channels, 3; bits, 5; frames, 36
    bits, frames, total = (numbers >> 36 & 31) + 1, numbers & (1 << 36) - 1, head[26:42]
    if bits not in _EXACT or not any(total):
        return False
    if frames != sound.shape[1]:
        return True
    # What reads it takes now this number, now that for full scale; rounded, each is exact.
    return all(_sum_of(sound, 2.0 ** (bits - 1) - less, bits // 8) != total for less in (0, 1))


def _sum_of(sound: Audio, scale: float, size: int) -> bytes:
    whole = np.rint(sound.T.astype(np.float64) * scale)
    data = np.ascontiguousarray(whole).astype("<i4").view("u1").reshape(-1, 4)[:, :size]
    return hashlib.md5(data.tobytes(), usedforsecurity=False).digest()
