"""The memory that an engine shares with one instance of the plugin inside a DAW.

The plugin's side is daw_plugin/Bond.hpp, which says what each number is for; both have the same offsets.
The plugin makes the file, an engine binds itself to it. Nobody waits for anybody, and either may die.
"""

from __future__ import annotations

import mmap
import os
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from bridge.errors import BondError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SUFFIX = ".bond"
"""What the names of the files end with."""
MAGIC, VERSION = 0x42706D53, 2
PAGES, EVENTS, MACROS, TEXT = 512, 256, 8, 64
CUES, FRAMES = 4096, 32768
NUMBER = 7
"""Bytes of what stands for a sound, and is no message."""
MESSAGE = -1.0
"""The length of what ends nothing."""

_HEAD = struct.Struct(f"<IIIIQ{TEXT}s{TEXT}sII{TEXT}s{2 * TEXT}s{2 * TEXT}sQ")
_NOW_AT = 512
_NOW = struct.Struct(f"<IIddddqqqIIIf{MACROS}f")
_OURS_AT = 640
_OURS = struct.Struct("<QIIII")
_COUNTS_AT = 704
_COUNTS = struct.Struct("<QQQQ")
ASKED_AT, MADE_AT = 768, 832
"""Where the plugin says what it asks of who makes its sound, and where that answers: `plugin_host.daw_memory`
reads the one and writes the other."""
_PAGES_AT = 896
_PAGE = struct.Struct("<qIIQ")
_EVENT = struct.Struct("<ddQ")
_PAGE_SIZE = _PAGE.size + EVENTS * _EVENT.size
CUES_AT = _PAGES_AT + PAGES * _PAGE_SIZE
SOUND_AT = CUES_AT + CUES * 16
SIZE = SOUND_AT + 2 * FRAMES * 4

_NAME_AT = struct.calcsize(f"<IIIIQ{TEXT}s{TEXT}sII")
_SET_AT = _NAME_AT + TEXT
_SEED_AT = _SET_AT + 4 * TEXT
_PRIME, _START, _WORD = 0x100000001B3, 0xCBF29CE484222325, (1 << 64) - 1


class Who(NamedTuple):
    """An instance of the plugin.

    Attributes:
        id: Its number, new each time that it is loaded.
        process: That of the host's process.
        format: As which plugin it was loaded: "LV2", "VST3", "VST2", "CLAP".
        host: The program that loaded it.
        name: As in `plugin("Bass")`; empty as long as nobody has given it one.
        set: The piece that it was saved with; empty for any.
        layers: Which layers it plays, as names with `*`, by commas; empty for all that are sent to it.
        seed: That of what it plays; 0 for the piece's.
        told: Counts what the host has said of these.
    """

    id: int
    process: int
    format: str
    host: str
    name: str
    set: str
    layers: str
    seed: int
    told: int


class Now(NamedTuple):
    """Where the host is, at the first frame of a block.

    Attributes:
        rolls: Whether its transport rolls.
        beat: Quarter notes from the begin of its song.
        bpm: Quarter notes a minute.
        rate: Frames a second.
        beats_per_bar: Quarter notes.
        frame: From the begin of its song.
        ran: Frames since the plugin was loaded.
        clock: Seconds of the system's monotonic clock.
        jumps: How often it was elsewhere than expected, or began or ended to roll.
        offline: Whether it renders faster than in real time.
        muted: Whether the host has muted the instance.
        quantum: Cycles, as the host's parameter has it; 0 leaves it to the piece.
        macros: The eight, 0 to 1.
    """

    rolls: bool
    beat: float
    bpm: float
    rate: float
    beats_per_bar: float
    frame: int
    ran: int
    clock: float
    jumps: int
    offline: bool
    muted: bool
    quantum: float
    macros: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Planned:
    """A message or a sound in the plan.

    Args:
        beat: When it begins, in quarter notes of the host's song.
        length: In quarter notes; `MESSAGE` for what ends nothing.
        data: One MIDI message, of 1 to 3 bytes; or the number of a sound, of `NUMBER` bytes.
    """

    beat: float
    length: float
    data: bytes

    def pack(self) -> bytes:
        """As the plugin reads it."""
        word = int.from_bytes(self.data, "little") | len(self.data) << 56
        return _EVENT.pack(self.beat, self.length, word)


class Counts(NamedTuple):
    """What the plugin counts.

    Attributes:
        played: Messages and notes that it began.
        late: Of these, how many came after their time.
        missing: Blocks for which nothing was planned yet.
        waited: Offline: seconds that it waited for us.
    """

    played: int
    late: int
    missing: int
    waited: float


class Bond:
    """An instance of the plugin, as an engine sees it.

    Args:
        path: Its file.

    Raises:
        BondError: It is none, or of another version, or gone.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            with path.open("r+b") as file:
                if os.fstat(file.fileno()).st_size != SIZE:
                    raise BondError(
                        f"{path} was made by another version of the plugin: sempre plugin install"
                    )
                self._memory = mmap.mmap(file.fileno(), SIZE)
        except OSError as error:
            raise BondError(f"{path} cannot be opened ({error.strerror})") from error
        magic, version, size, *_ = _HEAD.unpack_from(self._memory)
        if (magic, version, size) != (MAGIC, VERSION, SIZE):
            self._memory.close()
            raise BondError(f"{path} was made by another version of the plugin: sempre plugin install")

    def close(self) -> None:
        """Let go of it; whoever is bound stays it."""
        self._memory.close()

    # What the plugin says.

    @property
    def lives(self) -> bool:
        """Whether the instance is loaded; one whose host was killed is found out by its process."""
        return _HEAD.unpack_from(self._memory)[0] == MAGIC

    def who(self) -> Who:
        """Who it is."""
        _, _, _, process, ident, kind, host, told, _, name, piece, layers, seed = _HEAD.unpack_from(
            self._memory
        )
        texts = (part.split(b"\0")[0].decode(errors="replace") for part in (kind, host, name, piece, layers))
        kind_, host_, name_, piece_, layers_ = texts
        return Who(ident, process, kind_, host_, name_, piece_, layers_, seed, told)

    def now(self) -> Now | None:
        """Where the host is; None if it was just being written each time, or never."""
        for _ in range(8):
            (before,) = struct.unpack_from("<I", self._memory, _NOW_AT)
            row = _NOW.unpack_from(self._memory, _NOW_AT)
            (after,) = struct.unpack_from("<I", self._memory, _NOW_AT)
            if before == after == row[0] and before and not before & 1:
                _, rolls, beat, bpm, rate, bar, frame, ran, clock, jumps, offline, muted, quantum, *macros = (
                    row
                )
                return Now(
                    bool(rolls), beat, bpm, rate, bar, frame, ran, clock * 1e-9, jumps,
                    bool(offline), bool(muted), quantum, tuple(macros),
                )  # fmt: skip
        return None

    def counts(self) -> Counts:
        """What it has counted since it was loaded."""
        played, late, missing, waited = _COUNTS.unpack_from(self._memory, _COUNTS_AT)
        return Counts(played, late, missing, waited * 1e-6)

    # What we say.

    @property
    def owner(self) -> int:
        """The process of the engine that is bound; 0 if none ever was."""
        return int(_OURS.unpack_from(self._memory, _OURS_AT)[0])

    @property
    def beats(self) -> int:
        """What the engine that is bound counts on while it lives."""
        return int(_OURS.unpack_from(self._memory, _OURS_AT)[1])

    @property
    def generation(self) -> int:
        """The oldest plan of which pages are played."""
        return int(_OURS.unpack_from(self._memory, _OURS_AT)[2])

    def bind(self, process: int, *, name: str, piece: str, seed: int) -> None:
        """Become the engine that plans for it; what another has planned is played until it is replaced.

        Args:
            process: Our number.
            name: What the instance is called from now on, up to 63 bytes.
            piece: What it plays, as it is saved in the host's session.
            seed: That of what it plays.
        """
        for at, text, room in ((_NAME_AT, name, TEXT), (_SET_AT, piece, 2 * TEXT)):
            data = text.encode()[: room - 1]
            self._memory[at : at + room] = data + bytes(room - len(data))
        struct.pack_into("<Q", self._memory, _SEED_AT, seed)
        struct.pack_into("<Q", self._memory, _OURS_AT, process)

    def leave(self) -> None:
        """Be bound no longer: what sounds ends at the next block."""
        struct.pack_into("<Q", self._memory, _OURS_AT, 0)

    def beat(self) -> None:
        """Give a sign of life; at least ten times a second."""
        self._count(8)

    def void(self, generation: int) -> None:
        """Let nothing be played any more that belongs to an older plan."""
        struct.pack_into("<I", self._memory, _OURS_AT + 12, generation & 0xFFFFFFFF)

    def flush(self) -> None:
        """End all that sounds, at the next block."""
        self._count(16)

    def write(self, beat: int, generation: int, planned: Sequence[Planned]) -> int:
        """Say all that begins within one beat.

        Args:
            beat: Which, as a whole number of quarter notes.
            generation: Of which plan it is.
            planned: In order of their beats.

        Returns:
            How many were left out, because a beat has no more room.
        """
        kept = planned[:EVENTS]
        at = _PAGES_AT + (beat & (PAGES - 1)) * _PAGE_SIZE
        body = b"".join(one.pack() for one in kept)
        total = page_sum(beat, generation, len(kept), body)
        # Its sum comes last: until then the page agrees with none, and is passed over.
        _PAGE.pack_into(self._memory, at, beat, len(kept), generation & 0xFFFFFFFF, 0)
        self._memory[at + _PAGE.size : at + _PAGE.size + len(body)] = body
        struct.pack_into("<Q", self._memory, at + 16, total)
        return len(planned) - len(kept)

    def _count(self, offset: int) -> None:
        (count,) = struct.unpack_from("<I", self._memory, _OURS_AT + offset)
        struct.pack_into("<I", self._memory, _OURS_AT + offset, (count + 1) & 0xFFFFFFFF)


def page_sum(beat: int, generation: int, count: int, body: bytes) -> int:
    """The sum of a page: 64 bits, by words.

    Args:
        beat: Which beat it is.
        generation: Of its plan.
        count: How many events it has.
        body: These, as they are packed.

    >>> page_sum(0, 0, 0, b"") != page_sum(1, 0, 0, b"")
    True
    """
    total = _START
    for word in (beat & _WORD, generation & 0xFFFFFFFF, count, *struct.unpack(f"<{len(body) // 8}Q", body)):
        total = (total ^ word) * _PRIME & _WORD
    return total
