"""Sounds as they lie in memory: read from files of any kind, checked, at the rack's rate, with loops."""

import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from plugin_host.audio import Audio
from plugin_host.effects import read_sound
from plugin_host.flac_sum import is_damaged

__all__ = ["Cut", "Facts", "Loop", "Recording", "Wanted", "facts", "read_recording", "resampled"]

SHORTEST: Final = 8
"""Frames below which there is nothing to hear, and nothing to read between."""
LOUDEST: Final = 16.0
"""Amplitude that a file may have: 24 dB over full scale. What is louder was not written by ±1."""
EXTRA: Final = 8
"""Frames of a loop's beginning that are kept behind its end, so that a reader may look ahead there."""
LATER: Final = 2
"""Frames behind its end at which a loop is left for its beginning: what is around both is then alike."""
LONG: Final = 3.0
"""Seconds beyond which a sound that is mostly bent stays at its own rate: to bring half a minute of it to
another takes a quarter of a second, in which the first notes of a piano would be lost, and it is read between
its frames in any case."""
LARGEST_CHUNK: Final = 1 << 16
"""Bytes of a chunk that says something of a file; more is not read."""
UNKNOWN: Final = 0x7FFF_0000
"""Bytes of sound from which on a head says that it did not know: they are as many as its number can tell."""

Report = Callable[[str], None]


class Loop(NamedTuple):
    """Where a sound goes round.

    Args:
        begin: Its first frame.
        end: The frame after its last one; 0 is the end of the sound.
    """

    begin: int
    end: int


class Cut(NamedTuple):
    """A part of a file that holds many sounds, as whole numbers of 16 bits, mono.

    Args:
        at: Its first byte.
        frames: How many there are.
        rate: Frames a second.
    """

    at: int
    frames: int
    rate: int


@dataclass(frozen=True, slots=True)
class Wanted:
    """A sound that somebody wants.

    Args:
        path: Its file.
        loop: Where it goes round, in the file's frames; True: where the file itself says; False: nowhere.
        whole: Whether it goes round as a whole where the file says nothing.
        bent: Whether it is mostly played at other pitches than its own.
        cut: Where in the file it is; None is the whole.
    """

    path: Path
    loop: Loop | bool = False
    whole: bool = False
    bent: bool = False
    cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class Recording:
    """A sound in memory.

    Args:
        audio: Shape (1 or 2, frames); of one that goes round, what is behind the loop's end is its beginning.
        whole: The same with what the file has behind the loop's end.
        scale: How many of its frames are one of the file's.
        step: How many of its frames pass in one of the rack's, at its own pitch.
        turn: The place at which a loop is left for its beginning; 0 is never.
        size: The frames that it goes back there.
    """

    audio: Audio
    whole: Audio
    scale: float = 1.0
    step: float = 1.0
    turn: int = 0
    size: int = 0

    @property
    def bytes(self) -> int:
        """The memory it takes."""
        return self.audio.nbytes + (self.whole.nbytes if self.whole is not self.audio else 0)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a WAV file says beside its samples.

    Args:
        frames: How many are really there, whatever its head says.
        root: The key at which it sounds as it was recorded; None if it says none.
        loop: Its first loop.
        lost: Frames of which its head tells, and which are not there.
    """

    frames: int
    root: int | None = None
    loop: Loop | None = None
    lost: int = 0


def facts(path: Path) -> Facts | None:
    """Read what a WAV file says of itself; None if it is no WAV file, or says nothing that makes sense.

    Raises:
        OSError: It cannot be read.

    Source: Microsoft, "New Multimedia Data Types and Data Techniques", 1994: the chunk `smpl`, whose loops
        name their last frame.
    """
    frames, root, loop, per_frame, lost = -1, None, None, 0, 0
    with path.open("rb") as file:
        size = path.stat().st_size
        if file.read(4) != b"RIFF" or file.read(8)[4:] != b"WAVE":
            return None
        while len(head := file.read(8)) == 8:
            kind, length = head[:4], int.from_bytes(head[4:], "little")
            here = file.tell()
            data = file.read(min(length, LARGEST_CHUNK)) if kind in (b"fmt ", b"smpl") else b""
            if kind == b"fmt " and len(data) >= 16:
                per_frame = int.from_bytes(data[12:14], "little")
            elif kind == b"data" and per_frame:
                frames = min(length, size - here) // per_frame
                # Who writes into a pipe cannot know how much it will be.
                lost = length // per_frame - frames if length < UNKNOWN else 0
            elif kind == b"smpl" and len(data) >= 36:
                root = int.from_bytes(data[12:16], "little")
                if int.from_bytes(data[28:32], "little") and len(data) >= 60:
                    _, way, begin, end = struct.unpack_from("<4I", data, 36)
                    # One that goes to and fro, or backwards, is left out: nearly no file has it.
                    loop = Loop(begin, end + 1) if way == 0 else None
            file.seek(here + length + length % 2)
    if frames < 0:
        return None
    root = root if root is not None and 0 <= root <= 127 else None
    return Facts(frames, root, loop, lost)


def read_recording(wanted: Wanted, rate: int, most: int, report: Report) -> Recording:
    """Read a sound; takes as long as a disk takes.

    Args:
        wanted: Which.
        rate: Frames a second of the rack.
        most: Bytes that it may take in memory.
        report: Takes one line about what is not as it should be.

    Raises:
        OSError: There is no such file, or it cannot be read.
        ValueError: It is no sound, is too short, or takes more memory than it may.
    """
    path = wanted.path
    if not path.exists():
        raise FileNotFoundError("it is not there")
    said = None
    if wanted.cut is not None:
        sound, own = _cut_out(path, wanted.cut, most)
    else:
        said = facts(path)
        sound, own = read_sound(path, most, None if said is None else said.frames)
    if sound.shape[1] < SHORTEST:
        raise ValueError(f"it is empty: {sound.shape[1]} frames")
    if said is not None and said.lost:
        report(f"{path.name} breaks off: {said.lost / own:.3g} s at its end are not there")
    elif said is None and wanted.cut is None and is_damaged(path, sound):
        report(f"{path.name} is damaged: what can be read of it is played")
    sound = _sane(sound[:2], path.name, report)
    loop = (said.loop if said is not None else None) if wanted.loop is True else (wanted.loop or None)
    if loop is None and wanted.whole:
        loop = Loop(0, 0)
    if loop is not None and loop.end == 0:
        loop = Loop(loop.begin, sound.shape[1])
    if loop is not None and not 0 <= loop.begin < loop.end <= sound.shape[1]:
        where = f"{loop.begin}…{loop.end - 1}"
        report(f"{path.name}: its loop {where} lies outside its {sound.shape[1]} frames, and is left out")
        loop = None
    if loop is not None:
        return _looped(sound, loop, own / rate)
    if wanted.bent and sound.shape[1] > LONG * own:
        kept = np.ascontiguousarray(sound)
        return Recording(kept, kept, 1.0, own / rate)
    if sound.shape[1] * sound.shape[0] * 4 * max(1.0, rate / own) > most:
        raise ValueError("at the device's rate it takes more memory than sounds may have")
    made = np.ascontiguousarray(resampled(sound, own, rate))
    return Recording(made, made, rate / own)


def _cut_out(path: Path, cut: Cut, most: int) -> tuple[Audio, int]:
    if 4 * cut.frames > most:
        raise ValueError(f"it takes {4 * cut.frames / 1e6:.0f} MB in memory, more than sounds may have")
    with path.open("rb") as file:
        file.seek(cut.at)
        data = file.read(2 * cut.frames)
    whole = np.frombuffer(data[: len(data) // 2 * 2], "<i2")
    return whole.astype(np.float32)[None] / np.float32(32768), cut.rate


def _sane(sound: Audio, name: str, report: Report) -> Audio:
    """The same without what is no number, and within the range of a sound."""
    peak = float(np.abs(sound).max())
    if not np.isfinite(peak):
        report(f"{name} has samples that are no numbers; they are silent")
        sound = np.nan_to_num(sound, nan=0.0, posinf=0.0, neginf=0.0)
        peak = float(np.abs(sound).max())
    if peak > LOUDEST:
        report(f"{name} is {20 * np.log10(peak):.0f} dB over full scale; it is turned down to it")
        sound = sound / np.float32(peak)
    return sound


def _looped(sound: Audio, loop: Loop, step: float) -> Recording:
    # At its own rate: at another one the loop's length would be no whole number of frames, and its ends
    # would not meet.
    size = loop.end - loop.begin
    again = loop.begin + np.arange(EXTRA) % size
    turned = np.ascontiguousarray(np.concatenate((sound[:, : loop.end], sound[:, again]), axis=1))
    whole = turned if loop.end >= sound.shape[1] - EXTRA else np.ascontiguousarray(sound)
    return Recording(turned, whole, 1.0, step, loop.end + LATER, size)


def resampled(sound: Audio, rate: int, wanted: int) -> Audio:
    """The same sound at another rate, through its spectrum: exact for what both rates can hold.

    Args:
        sound: Shape (channels, frames).
        rate: Its frames a second.
        wanted: The frames a second to have.
    """
    if rate == wanted:
        return sound.astype(np.float32)
    frames = sound.shape[1]
    # A tail of silence keeps the end from running round into the beginning; a size of small factors is fast.
    size = _smooth(frames + rate // 20, rate, wanted)
    spectrum = np.fft.rfft(sound, size, axis=1)
    out = np.fft.irfft(spectrum[:, : size * wanted // rate // 2 + 1], size * wanted // rate, axis=1)
    kept = -(-frames * wanted // rate)
    return (out[:, :kept] * (wanted / rate)).astype(np.float32)


def _smooth(least: int, rate: int, wanted: int) -> int:
    """The least size from `least` on at which both lengths are whole and even."""
    common = int(np.gcd(rate, wanted))
    step = 2 * (rate // common)
    return -(-least // step) * step
