"""What the plugin plays is the plan, at the host's beats, and every note that it begins it ends."""

import ctypes
import math
import random
import struct

import pytest

from bridge.bond_memory import MESSAGE, SIZE, Bond, Planned
from tests.daw_plugin.conftest import Host, Message

pytestmark = pytest.mark.plugin
RATE = 48_000


def note(beat: float, length: float, key: int) -> Planned:
    """A note of the plan."""
    return Planned(beat, length, bytes((0x90, key, 100)))


def tell(host: Host, planned: list[Planned], beats: range, generation: int = 1) -> None:
    """Plan so many beats."""
    host.bond.bind(1, name="Bass", piece="", seed=0)
    host.bond.beat()
    for beat in beats:
        inside = sorted((p for p in planned if math.floor(p.beat) == beat), key=lambda p: p.beat)
        host.bond.write(beat, generation, inside)


class Song:
    """The time of a host: rolls on, jumps, changes its tempo.

    Args:
        host: Whom it runs.
        bpm: Quarter notes a minute.
        beat: Where it is.
    """

    def __init__(self, host: Host, bpm: float = 120.0, beat: float = 0.0) -> None:
        self.host, self.bpm, self.beat = host, bpm, beat
        self.frame = 0

    def roll(self, beats: float, block: int = 128) -> None:
        """Go on for so many beats; the last block ends there to the frame."""
        left = round(beats * RATE * 60 / self.bpm)
        first, at = self.beat, 0
        while left:
            frames = min(block, left)
            self.host.bond.beat()
            self.host.run(first + at * self.bpm / 60 / RATE, self.bpm, self.frame, frames)
            at, left, self.frame = at + frames, left - frames, self.frame + frames
        self.beat = first + beats

    def jump(self, beat: float) -> None:
        """Be elsewhere from the next block on."""
        self.beat, self.frame = beat, self.frame + 1_000_000

    def stop(self) -> None:
        """Stand for a block."""
        self.host.run(self.beat, self.bpm, self.frame, 128, rolls=False)


def pairs(heard: list[Message]) -> list[tuple[int, int, int]]:
    """Notes as key, begin and end; fails if one is not ended, or ended twice."""
    out: list[tuple[int, int, int]] = []
    open_: dict[int, int] = {}
    for frame, data in heard:
        if data[0] == 0x90:
            assert data[1] not in open_
            open_[data[1]] = frame
        else:
            out.append((data[1], open_.pop(data[1]), frame))
    assert not open_
    return sorted(out, key=lambda row: (row[1], row[0]))


def test_both_sides_have_the_same_memory(library: ctypes.CDLL, host: Host) -> None:
    """Each number lies where the other looks for it."""
    assert library.bond_offset(b"") == SIZE
    host.bond.bind(77, name="Bäss", piece="set.py", seed=2**63 + 5)
    data = host.path.read_bytes()
    at = library.bond_offset(b"name")
    assert data[at : at + 6] == "Bäss\0".encode()
    assert struct.unpack_from("<Q", data, library.bond_offset(b"seed")) == (2**63 + 5,)
    assert struct.unpack_from("<Q", data, library.bond_offset(b"owner")) == (77,)
    who = host.bond.who()
    assert (who.name, who.set, who.seed, who.format) == ("Bäss", "set.py", 2**63 + 5, "test")
    assert host.bond.now() is None
    host.run(3.5, 90.0, 77, 64)
    now = host.bond.now()
    assert now is not None
    assert (now.rolls, now.beat, now.bpm, now.frame, now.rate) == (True, 3.5, 90.0, 77, RATE)


@pytest.mark.parametrize("block", [1, 64, 128, 1000, 4096])
def test_notes_lie_at_their_frames(host: Host, block: int) -> None:
    """At any size of a block: beat n of 120 bpm is frame 24,000 n."""
    tell(host, [note(n / 4, 0.2, 60 + n % 12) for n in range(64)], range(16))
    Song(host).roll(15 if block > 1 else 1, block)
    found = pairs([*host.heard])
    assert found == [(60 + n % 12, 6000 * n, 6000 * n + 4800) for n in range(len(found))]
    assert len(found) == (60 if block > 1 else 4)
    assert host.bond.counts().late == host.bond.counts().missing == 0


def test_a_jump_ends_what_sounds_and_plays_what_is_there(host: Host) -> None:
    """A drone ends at the jump's first frame; a note at the very place of landing is played."""
    tell(host, [note(0, 100, 40), note(8, 0.5, 41)], range(12))
    song = Song(host)
    song.roll(2)
    song.jump(8.0)
    song.roll(1)
    assert pairs(host.heard) == [(40, 0, 48_000), (41, 48_000, 60_000)]


def test_a_loop_is_the_same_each_time(host: Host) -> None:
    """Eight times round two bars, with nobody planning anything meanwhile: what was planned is there."""
    tell(host, [note(n / 2, 0.4, 60 + n) for n in range(40)], range(20))
    song = Song(host)
    song.roll(4)
    for _ in range(8):
        song.roll(8)
        song.jump(4.0)
    found = pairs(host.heard)
    first = [(key, begin, end) for key, begin, end in found if 4 * 24_000 <= begin < 12 * 24_000]
    assert len(first) == 16
    for turn in range(8):
        shift = turn * 8 * 24_000
        assert [row for row in found if 4 * 24_000 <= row[1] - shift < 12 * 24_000] == [
            (key, begin + shift, end + shift) for key, begin, end in first
        ]


def test_standing_and_muting_end_what_sounds(host: Host) -> None:
    """Nothing hangs where the host stops, mutes us, or goes on elsewhere."""
    tell(host, [note(0, 100, 40), note(1, 100, 41)], range(12))
    song = Song(host)
    song.roll(0.5)
    assert host.sounding == 1
    song.stop()
    assert host.sounding == 0
    song.roll(1.0)
    assert host.sounding == 1
    host.run(1.5, 120.0, song.frame, 128, muted=True)
    assert host.sounding == 0


def test_an_engine_that_is_gone_ends_it_after_three_seconds(host: Host) -> None:
    """Until then what it planned is played; another engine takes over sooner."""
    tell(host, [note(n, 0.5, 60) for n in range(40)] + [note(0, 100, 40)], range(40))
    for at in range(0, 5 * RATE, 480):
        host.run(at / 24_000, 120.0, at, 480)
    begun = [frame / RATE for frame, data in host.heard if data[0] == 0x90]
    assert begun == [0.0, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0][: len(begun)]
    assert 2.5 <= begun[-1] <= 3.0
    assert host.sounding == 0
    assert not host.bound


def test_a_flush_ends_what_sounds(host: Host) -> None:
    """As panic has it, at the next block; what comes after it begins."""
    tell(host, [note(0, 100, 40), note(1, 0.5, 41)], range(12))
    song = Song(host)
    song.roll(0.5)
    host.bond.flush()
    song.roll(1.5)
    assert pairs(host.heard) == [(40, 0, 12_000), (41, 24_000, 36_000)]


def test_pages_that_are_void_are_not_played(host: Host) -> None:
    """What an older plan left behind is silent; what the new one has replaced sounds."""
    tell(host, [note(n, 0.5, 60) for n in range(8)], range(8), generation=1)
    host.bond.write(2, 2, [note(2, 0.5, 72)])
    host.bond.void(2)
    Song(host).roll(8)
    assert pairs(host.heard) == [(72, 48_000, 60_000)]


def test_a_page_that_comes_a_moment_late_is_played_at_once(host: Host) -> None:
    """Up to 50 ms, and counted; what is older is left out."""
    tell(host, [], range(0))
    song = Song(host)
    song.roll(0.06)  # 30 ms
    host.bond.write(0, 1, [note(0, 0.5, 60)])
    song.roll(0.02)
    song.jump(4.0)
    song.roll(0.2)  # 100 ms
    host.bond.write(4, 1, [note(4, 0.5, 61)])
    song.roll(0.02)
    song.stop()
    assert [data[1] for _, data in host.heard if data[0] == 0x90] == [60]
    assert host.bond.counts().late == 1


def test_messages_that_end_nothing_are_sent(host: Host) -> None:
    """Controllers and programs, of two and three bytes."""
    planned = [Planned(0, MESSAGE, bytes((0xC0, 7))), Planned(0.5, MESSAGE, bytes((0xB0, 74, 9)))]
    tell(host, planned, range(4))
    Song(host).roll(1)
    assert host.heard == [Message(0, bytes((0xC0, 7))), Message(12_000, bytes((0xB0, 74, 9)))]


def test_a_bar_that_a_host_tells_too_early_is_no_jump(host: Host) -> None:
    """Some tell a bar too much for one block at its end: the frames of the song say where it really is."""
    tell(host, [note(n / 2, 0.5, 60) for n in range(16)], range(8))
    for number in range(0, 4 * 24_000, 128):
        host.bond.beat()
        beat = number / 24_000
        host.run(beat + 4 if 47_800 < number < 48_000 else beat, 120.0, number, 128)
    Song(host).stop()
    assert [begin for _, begin, _ in pairs(host.heard)] == [12_000 * n for n in range(8)]


@pytest.mark.parametrize("seed", range(40))
def test_whatever_the_host_does_every_note_is_where_it_belongs(host: Host, seed: int) -> None:
    """Tempos, blocks, jumps and stops at random: each stretch has the notes that begin in it, and all end."""
    some = random.Random(seed)
    planned = [note(some.randrange(640) / 20, some.choice([0.1, 0.5, 3.0]), 36 + n) for n in range(90)]
    tell(host, planned, range(33))
    song = Song(host, bpm=some.choice([60.0, 97.3, 120.0, 174.0]))
    expected: list[tuple[int, int]] = []
    for _ in range(12):
        song.bpm = some.choice([song.bpm, 60.0, 133.7])
        song.jump(some.randrange(28 * 24) / 24) if some.random() < 0.5 else None
        begin, length, ran = song.beat, some.randrange(1, 200) / 50, host.ran
        step = song.bpm / 60 / RATE
        frames = round(length / step)
        end = begin + frames * step
        expected += [
            (p.data[1], ran + round((p.beat - begin) / step))
            for p in planned
            if begin - step / 2 <= p.beat < end - step / 2
        ]
        song.roll(length, some.choice([64, 128, 777, 2048]))
        song.beat = end
        if some.random() < 0.3:
            song.stop()
    song.stop()
    found = [(key, begin) for key, begin, _ in pairs(host.heard)]
    assert len(found) == len(expected)
    for (key, begin), (wanted, at) in zip(sorted(found), sorted(expected), strict=True):
        assert key == wanted
        assert abs(begin - at) <= 1


def test_an_instance_leaves_no_file(library: ctypes.CDLL, host: Host) -> None:
    """What is unloaded is gone; who has it open sees that."""
    path = host.path
    second = ctypes.c_void_p(library.instance_new())
    (more,) = set(path.parent.glob("*.bond")) - {path}
    bond = Bond(more)
    assert bond.lives
    library.instance_delete(second)
    assert not bond.lives
    assert not more.exists()
    bond.close()
