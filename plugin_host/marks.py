"""What a sound file tells a DAW beside its sound: title, tempo, and named places."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["Mark", "Tags", "into_flac", "into_mp3", "into_ogg", "wav_chunks"]

SERIAL: Final = int.from_bytes(b"semp", "little")
"""What the stream in an OGG file is called. Encoders throw dice for it; then no two files are equal."""
_TOC: Final = b"marks"
_MIRRORED: Final = bytes(int(f"{number:08b}"[::-1], 2) for number in range(256))


@dataclass(frozen=True, slots=True)
class Mark:
    """A named place.

    Args:
        frame: Where it is.
        text: Its name.
    """

    frame: int
    text: str


@dataclass(frozen=True, slots=True)
class Tags:
    """What is written beside the sound.

    Args:
        title: Of the piece.
        bpm: Beats a minute at the beginning; 0 says nothing about it.
        beats: How many beats the sound is long.
        bar: Beats in a bar: what we call a cycle.
        marks: By time.
    """

    title: str = ""
    bpm: float = 0.0
    beats: int = 0
    bar: int = 4
    marks: tuple[Mark, ...] = ()


def wav_chunks(tags: Tags) -> bytes:
    """Tempo and marks as parts of a WAV file.

    Args:
        tags: What to tell.

    Source: `cue `, `LIST` with `adtl` and `INFO`: Microsoft and IBM, "Multimedia Programming Interface and
        Data Specifications 1.0", 1991. `acid`, which loops carry and most DAWs read, was never published by
        its makers: flags (1 would be a single stroke, without a tempo), root note, two fields that nobody
        knows, beats, the metre's two numbers, tempo.
    """
    out = b""
    if tags.bpm > 0:
        out += _chunk(b"acid", struct.pack("<IHHfIHHf", 0, 60, 0x8000, 0, tags.beats, 4, tags.bar, tags.bpm))
    if tags.marks:
        points = b"".join(
            struct.pack("<II4sIII", number, mark.frame, b"data", 0, 0, mark.frame)
            for number, mark in enumerate(tags.marks, 1)
        )
        labels = b"".join(
            _chunk(b"labl", struct.pack("<I", number) + mark.text.encode() + b"\0")
            for number, mark in enumerate(tags.marks, 1)
        )
        out += _chunk(b"cue ", struct.pack("<I", len(tags.marks)) + points)
        out += _chunk(b"LIST", b"adtl" + labels)
    if tags.title:
        out += _chunk(b"LIST", b"INFO" + _chunk(b"INAM", tags.title.encode() + b"\0"))
    return out


def into_flac(data: bytes, tags: Tags, rate: int) -> bytes:
    """A FLAC file with tags instead of those that it has.

    Args:
        data: The whole file.
        tags: What to tell.
        rate: Frames a second.

    Source: RFC 9639, section 8.
    """
    at, kept, last = 4, b"", False
    while not last:
        head = data[at]
        size = int.from_bytes(data[at + 1 : at + 4], "big")
        last = bool(head & 0x80)
        if head & 0x7F != 4:
            kept += bytes([head & 0x7F]) + data[at + 1 : at + 4 + size]
        at += 4 + size
    comment = _comment(tags, rate)
    return b"fLaC" + kept + b"\x84" + len(comment).to_bytes(3, "big") + comment + data[at:]


def into_ogg(data: bytes, tags: Tags, rate: int) -> bytes:
    """An OGG file of Vorbis with tags, and with a serial number that is always the same.

    Args:
        data: The whole file.
        tags: What to tell.
        rate: Frames a second.

    Source: RFC 3533; Xiph, "Vorbis I specification", section 5.
    """
    pages = _pages(data)
    first, at, packets, carried = pages[0], 1, list[bytes](), b""
    while len(packets) < 2:
        _, _, lacing, body = pages[at]
        place = 0
        for size in lacing:
            carried += body[place : place + size]
            place += size
            if size < 255:
                packets.append(carried)
                carried = b""
        at += 1
    packets[0] = b"\x03vorbis" + _comment(tags, rate) + b"\x01"
    header = [first, *_laid_out(packets), *pages[at:]]
    return b"".join(_page(number, *page) for number, page in enumerate(header))


def into_mp3(data: bytes, tags: Tags, rate: int) -> bytes:
    """An MP3 file with tags.

    Args:
        data: The whole file, without tags.
        tags: What to tell.
        rate: Frames a second.

    Source: ID3v2.3.0 and "ID3v2 Chapter Frame Addendum 1.0", id3.org.
    """
    frames = _text_frame(b"TIT2", tags.title) if tags.title else b""
    if tags.bpm > 0:
        # Whole numbers only, by the standard.
        frames += _text_frame(b"TBPM", str(round(tags.bpm)))
    names = [b"mark%d\0" % number for number in range(1, len(tags.marks) + 1)]
    if names:
        listed = _TOC + b"\0" + bytes([3, len(names[:255])]) + b"".join(names[:255])
        frames += _frame(b"CTOC", listed)
    ends = [mark.frame for mark in tags.marks[1:]] + [mark.frame for mark in tags.marks[-1:]]
    for name, mark, end in zip(names, tags.marks, ends, strict=True):
        times = struct.pack(
            ">IIII", round(mark.frame * 1000 / rate), round(end * 1000 / rate), 0xFFFFFFFF, 0xFFFFFFFF
        )
        frames += _frame(b"CHAP", name + times + _text_frame(b"TIT2", mark.text))
    size = len(frames)
    sevens = bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + sevens + frames + data


def _chunk(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)


def _frame(name: bytes, body: bytes) -> bytes:
    return name + struct.pack(">IH", len(body), 0) + body


def _text_frame(name: bytes, text: str) -> bytes:
    return _frame(name, b"\x01" + text.encode("utf-16"))


def _comment(tags: Tags, rate: int) -> bytes:
    """Tags as Vorbis and FLAC write them; the chapters after Xiph's "Chapter Extension"."""
    lines = [f"TITLE={tags.title}"] if tags.title else []
    if tags.bpm > 0:
        lines.append(f"BPM={tags.bpm:.6g}")
    for number, mark in enumerate(tags.marks[:1000]):
        thousandths = round(mark.frame * 1000 / rate)
        minutes, rest = divmod(thousandths, 60_000)
        hours, minutes = divmod(minutes, 60)
        lines.append(f"CHAPTER{number:03}={hours:02}:{minutes:02}:{rest // 1000:02}.{rest % 1000:03}")
        lines.append(f"CHAPTER{number:03}NAME={mark.text}")
    texts = [b"Sempre", *(line.encode() for line in lines)]
    sized = [struct.pack("<I", len(text)) + text for text in texts]
    return sized[0] + struct.pack("<I", len(lines)) + b"".join(sized[1:])


_OggPage = tuple[int, bytes, bytes, bytes]
"""Flags, the place in the sound, how long the parts of packets are, and these."""


def _pages(data: bytes) -> list[_OggPage]:
    found: list[_OggPage] = []
    at = 0
    while at < len(data):
        many = data[at + 26]
        lacing = data[at + 27 : at + 27 + many]
        body = at + 27 + many
        found.append((data[at + 5], data[at + 6 : at + 14], lacing, data[body : body + sum(lacing)]))
        at = body + sum(lacing)
    return found


def _laid_out(packets: Sequence[bytes]) -> list[_OggPage]:
    """Packets on pages of their own, none of which is a place in the sound."""
    lacing = b"".join(b"\xff" * (len(one) // 255) + bytes([len(one) % 255]) for one in packets)
    body, found, goes_on = b"".join(packets), list[_OggPage](), False
    for first in range(0, len(lacing), 255):
        part = lacing[first : first + 255]
        ends = any(size < 255 for size in part)
        found.append((int(goes_on), bytes(8) if ends else b"\xff" * 8, part, body[: sum(part)]))
        body = body[sum(part) :]
        goes_on = part[-1] == 255
    return found


def _page(number: int, flags: int, place: bytes, lacing: bytes, body: bytes) -> bytes:
    head = b"OggS\0" + bytes([flags]) + place + struct.pack("<II", SERIAL, number)
    tail = bytes([len(lacing)]) + lacing + body
    return head + struct.pack("<I", _checksum(head + bytes(4) + tail)) + tail


def _checksum(data: bytes) -> int:
    """OGG's sum: zip's polynomial, its bits the other way round, from 0 and not turned at the end."""
    turned = zlib.crc32(data.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{turned:032b}"[::-1], 2)
