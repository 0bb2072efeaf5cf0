"""Sound of our own instruments inside a DAW: at the host's frames, whatever its blocks, jumps and pace."""

import ctypes
import json
import random
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from bridge.bond_memory import ASKED_AT, CUES, CUES_AT, MADE_AT, MESSAGE, NUMBER, SOUND_AT, Planned
from bridge.event import SinkEvent, TimedEvent
from bridge.worker import pause
from plugin_host import daw_sound
from plugin_host.audio import Audio
from plugin_host.daw_memory import ENDS, SoundBond
from plugin_host.daw_sound import LEAST, DawSound
from plugin_host.desk import Desk
from plugin_host.offline import render
from plugin_host.rack import Rack
from plugin_host.specs import instrument
from tests.daw_plugin.conftest import RATE, Host
from tests.daw_plugin.test_player import Song, note, tell

pytestmark = pytest.mark.plugin
KEYS = instrument("keys")


def sound(beat: float, length: float, number: int) -> Planned:
    """A sound of the plan."""
    return Planned(beat, length, number.to_bytes(NUMBER, "little"))


class Maker:
    """Who makes the sound of a host's instance: keys, whose notes are the numbers.

    Args:
        host: Whose.
    """

    def __init__(self, host: Host) -> None:
        self.said: list[str] = []
        self.tempos: list[float] = []
        self.bond = SoundBond(host.path)
        self.rack = Rack(RATE, 256)
        self.desk = Desk(self.rack, self.said.append)
        self.desk.set_chains({1: KEYS})
        self.sound = DawSound(self.bond, self.desk, RATE, self.find, self.tempos.append)
        self.known = set(range(128))

    def find(self, number: int) -> SinkEvent | None:
        """What a number is."""
        if number not in self.known:
            return None
        return SinkEvent(number, 0.0, 1.0, 1, json.dumps({"note": number}).encode(), b"")

    def close(self) -> None:
        """Let go."""
        self.desk.close()
        self.bond.close()


@pytest.fixture
def maker(host: Host) -> Iterator[Maker]:
    """One that has begun."""
    made = Maker(host)
    made.sound.begin()
    yield made
    made.close()


def roll(song: Song, maker: Maker, beats: float, blocks: list[int]) -> Audio:
    """Let a host go on, block by block, the maker after each; gives what it got."""
    left, parts, at, first = round(beats * RATE * 60 / song.bpm), list[Audio](), 0, song.beat
    while left:
        frames = min(blocks[len(parts) % len(blocks)], left)
        song.host.bond.beat()
        song.host.run(first + at * song.bpm / 60 / RATE, song.bpm, song.frame, frames)
        parts.append(song.host.listen(frames))
        while maker.sound.turn():
            pass
        at, left, song.frame = at + frames, left - frames, song.frame + frames
    song.beat = first + beats
    return np.concatenate(parts, axis=1)


def test_both_sides_have_the_same_offsets(library: ctypes.CDLL) -> None:
    """What the plugin writes at a place is read there."""
    offset = {name: library.bond_offset(name.encode()) for name in ("cued", "sounded", "cues", "sound")}
    assert offset == {"cued": ASKED_AT, "sounded": MADE_AT, "cues": CUES_AT, "sound": SOUND_AT}


def test_what_begins_and_ends_is_cued_at_its_frames(host: Host) -> None:
    """To the frame, through a jump, which ends what sounds; a sound without an end has none."""
    plan = [sound(0.0, 0.25, 60), sound(0.5, 4.0, 61), sound(0.75, MESSAGE, 62), note(0.5, 0.1, 40)]
    tell(host, plan, range(8))
    song = Song(host)
    song.roll(1.0, 100)
    song.jump(0.0)
    song.roll(0.1, 100)
    bond = SoundBond(host.path)
    asked = bond.asked()
    cues = [*bond.cues(0, asked.cued)]
    assert cues == [
        (0, 60),
        (6_000, ENDS | 0),
        (12_000, 61),
        (18_000, 62),
        (24_000, ENDS | 2),
        (24_000, 60),
    ]
    assert asked.told == 24_000 + 2_400
    assert host.latency == 0
    assert not host.listen(100).any()
    bond.close()


@pytest.mark.parametrize("blocks", [[256], [64, 1000, 17, 480]])
def test_it_is_what_a_render_is(host: Host, maker: Maker, blocks: list[int]) -> None:
    """The same bytes, later by the latency: whatever blocks the host has."""
    tell(host, [sound(n / 3, 0.2, 50 + n) for n in range(12)], range(8))
    heard = roll(Song(host), maker, 4.5, blocks)
    assert host.latency == maker.bond.latency >= LEAST
    events = [TimedEvent(n / 6, 0.1, {"note": 50 + n}, "a", n) for n in range(12)]
    wanted = render(events, {"a": KEYS}, 2.25)
    lag = host.latency
    # The first frames fade in, for before there was no sound at all; nothing was to be heard there.
    assert np.array_equal(heard[:, lag + 64 :], wanted[:, 64 : heard.shape[1] - lag])
    assert np.abs(wanted).max() > 0.1
    assert maker.desk.counts()["late"] == 0
    assert not maker.said


def test_a_loop_and_a_ramp_are_exact(host: Host, maker: Maker) -> None:
    """What was cued is heard at its frame after jumps, and lengths follow the host's tempo."""
    tell(host, [sound(0.0, 0.5, 60), sound(1.0, 0.5, 67)], range(4))
    song = Song(host)
    whole = [roll(song, maker, 2.0, [256])]
    for bpm in (120.0, 180.0, 90.0):
        song.jump(0.0)
        song.bpm = bpm
        whole.append(roll(song, maker, 2.0, [256]))
    heard, lag = np.concatenate(whole, axis=1), host.latency
    begins = [0, 24_000, 48_000, 72_000, 96_000, 112_000, 128_000, 160_000]
    lengths = [12_000] * 4 + [8_000] * 2 + [16_000] * 2
    events = [
        TimedEvent(at / RATE, length / RATE, {"note": 67 if n % 2 else 60}, "a", n)
        for n, (at, length) in enumerate(zip(begins, lengths, strict=True))
    ]
    wanted = render(events, {"a": KEYS}, 4.0)
    assert maker.tempos == [0.5, 0.75, 0.375]
    assert np.array_equal(heard[:, lag + 64 :], wanted[:, 64 : heard.shape[1] - lag])


def test_messages_are_as_late_as_the_sound(host: Host, maker: Maker) -> None:
    """The host makes up for one latency: a note beside a sound has the same one."""
    tell(host, [note(0.5, 0.25, 40), sound(0.5, 0.25, 60)], range(4))
    song = Song(host)
    roll(song, maker, 2.0, [256])
    lag = host.latency
    assert [(frame, data[0]) for frame, data in host.heard] == [(12_000 + lag, 0x90), (18_000 + lag, 0x80)]


def test_nobody_makes_it(host: Host, maker: Maker) -> None:
    """Who makes the sound stands still: it fades, nothing is heard twice; then it goes on at its place."""
    tell(host, [sound(n / 4, 0.3, 60) for n in range(80)], range(20))
    song = Song(host)
    before = roll(song, maker, 2.0, [256])
    assert np.abs(before).max() > 0.1
    still: list[Audio] = []
    for _ in range(200):
        song.roll(256 * 120 / 60 / RATE, 256)
        still.append(host.listen(256))
    lag = host.latency
    silent = np.concatenate(still, axis=1)
    assert not silent[:, lag + 256 :].any()
    assert np.abs(np.diff(silent[:, : lag + 256])).max() < 0.2
    assert maker.bond.asked().hollow > 100
    again = roll(song, maker, 4.0, [256])
    assert np.abs(again[:, -24_000:]).max() > 0.1
    assert maker.desk.counts()["sounding"] in (1, 2)


def test_a_sound_that_nobody_knows_is_left_out(
    host: Host, maker: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are heard; it is said once."""
    monkeypatch.setattr(daw_sound, "PATIENCE", 0.0)
    maker.known.discard(61)
    tell(host, [sound(0.0, 0.5, 61), sound(0.5, 0.5, 61), sound(1.0, 0.5, 60)], range(4))
    heard = roll(Song(host), maker, 2.0, [256])
    assert maker.said == ["a sound inside the DAW is unknown, and is left out"]
    assert not heard[:, : 24_000 + host.latency].any()
    assert heard[:, 24_000 + host.latency :].any()
    assert maker.desk.counts()["sounding"] == 0


def test_a_host_that_renders_waits(host: Host, maker: Maker) -> None:
    """As fast as it can from its first block on, by the clock: no frame is missing."""
    tell(host, [sound(n / 4, 0.2, 60 + n % 12) for n in range(256)], range(64))
    host.clock = time.monotonic_ns
    over = threading.Event()

    def make() -> None:
        while not over.is_set():
            if not maker.sound.turn():
                pause(0.001)

    thread = threading.Thread(target=make)
    thread.start()
    song, parts = Song(host), list[Audio]()
    try:
        for _ in range(1400):
            song.roll(512 / 24_000, 512)
            parts.append(host.listen(512))
    finally:
        over.set()
        thread.join()
    heard, lag = np.concatenate(parts, axis=1), host.latency
    assert maker.bond.asked().hollow == 0
    events = [TimedEvent(n / 8, 0.1, {"note": 60 + n % 12}, "a", n) for n in range(120)]
    wanted = render(events, {"a": KEYS}, 15.0)
    assert np.array_equal(heard[:, lag + 64 : 700_000], wanted[:, 64 : 700_000 - lag])


def test_many_more_than_there_is_room_for(host: Host, maker: Maker) -> None:
    """Who makes the sound was away for long: it goes on where the host is, and nothing sounds on."""
    some = random.Random(5)
    tell(host, [sound(some.uniform(0, 30), 0.1, 60) for _ in range(6000)], range(30))
    song = Song(host)
    song.roll(25.0, 1024)
    assert maker.bond.asked().cued > CUES
    assert not maker.sound.turn()
    roll(song, maker, 4.0, [256])
    song.stop()
    for _ in range(400):
        host.run(song.beat, song.bpm, song.frame, 256, rolls=False)
        while maker.sound.turn():
            pass
    assert maker.desk.counts()["sounding"] == 0
