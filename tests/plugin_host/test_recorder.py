"""Takes: what was played is in the file, at its time, whatever the disk does; and the sound never waits."""

import errno
import resource
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pedalboard.io import AudioFile

from bridge.clock import ManualClock, monotonic
from plugin_host.audio import Audio, single
from plugin_host.errors import HostError
from plugin_host.recorder import Recorder
from plugin_host.take import JUMP, PATIENCE
from plugin_host.take_file import TakeFile, WavTake

RATE = 48000
BLOCK = 256
STEP = 2.0**-23


def some(frames: int, seed: int = 1) -> Audio:
    """Noise on two sides, not too loud."""
    return single(np.clip(np.random.default_rng(seed).standard_normal((2, frames)) * 0.2, -0.99, 0.99))


def read(path: Path) -> Audio:
    """Every frame of a file."""
    with AudioFile(str(path)) as file:
        assert (file.samplerate, file.num_channels) == (RATE, 2)
        return file.read(file.frames) if file.frames else np.zeros((2, 0), np.float32)


def play(take: Recorder, sound: Audio, position: int = 0, every: int = 40) -> None:
    """Let a take hear a sound in blocks, and write now and then."""
    for number, first in enumerate(range(0, sound.shape[1], BLOCK)):
        take.hear(position + first, sound[:, first : first + BLOCK])
        if number % every == every - 1:
            take.step()
    take.step()


@pytest.fixture
def said() -> list[str]:
    """What the musician is told."""
    return []


@pytest.mark.parametrize("kind", ["wav", "flac"])
def test_what_was_heard_is_in_the_file(kind: str, tmp_path: Path, said: list[str]) -> None:
    """Every frame, exactly; in FLAC to the step of 24 bits."""
    sound = some(3 * RATE + 17)
    take = Recorder(tmp_path / f"take.{kind}", RATE, said.append)
    take.begin()
    play(take, sound, 12345)
    take.finish()
    assert read(take.path).shape == sound.shape
    assert float(np.abs(read(take.path) - sound).max()) <= (0 if kind == "wav" else 2 * STEP)
    assert said == [f"recording to {take.path}", f"recorded: {take.path}, 3.0 s"]
    assert take.over


@pytest.mark.parametrize("kind", ["wav", "flac"])
def test_it_can_be_read_at_any_moment(kind: str, tmp_path: Path, said: list[str]) -> None:
    """As it is on the disk when we are killed: at most the last second is missing."""
    sound = some(5 * RATE)
    take = Recorder(tmp_path / f"take.{kind}", RATE, said.append)
    take.begin()
    for second in range(5):
        play(take, sound[:, second * RATE : (second + 1) * RATE], second * RATE, every=20)
        copy = tmp_path / f"copy{second}.{kind}"
        shutil.copy(take.path, copy)
        found = read(copy)
        assert found.shape[1] >= second * RATE
        assert float(np.abs(found - sound[:, : found.shape[1]]).max()) <= 2 * STEP
    take.finish()


def test_what_a_device_leaves_out_is_silence(tmp_path: Path, said: list[str]) -> None:
    """So that what follows lies at its time; a device that begins anew goes on where it is."""
    take = Recorder(tmp_path / "take.wav", RATE, said.append)
    take.begin()
    sound = some(3 * BLOCK)
    positions = (1000, 1000 + 5 * BLOCK, 50)
    for number, position in enumerate(positions):
        take.hear(position, sound[:, number * BLOCK : (number + 1) * BLOCK])
    take.hear(50 + BLOCK + round((JUMP + 1) * RATE), sound[:, :BLOCK])
    take.step()
    take.finish()
    found = read(take.path)
    gap = np.zeros((2, 4 * BLOCK), np.float32)
    told = [sound[:, :BLOCK], gap, sound[:, BLOCK:], sound[:, :BLOCK]]
    assert np.array_equal(found, np.concatenate(told, axis=1))


def test_a_disk_that_stands_still_costs_silence_in_the_file_only(tmp_path: Path, said: list[str]) -> None:
    """So much is kept as there is room; the rest is left out, told of, and what follows lies at its time."""
    take = Recorder(tmp_path / "take.wav", RATE, said.append)
    take.begin()
    sound = some(int((PATIENCE + 2) * RATE) // BLOCK * BLOCK)
    slowest = 0.0
    for first in range(0, sound.shape[1], BLOCK):  # nobody writes
        begun = monotonic()
        take.hear(first, sound[:, first : first + BLOCK])
        slowest = max(slowest, monotonic() - begun)
    assert slowest < 0.5  # nothing in it waits; a machine that stands still may
    assert take.lost == pytest.approx(2 * RATE, abs=2 * BLOCK)
    take.step()
    more = some(RATE // BLOCK * BLOCK, 2)
    play(take, more, sound.shape[1])
    take.finish()
    found = read(take.path)
    kept = sound.shape[1] - take.lost
    assert found.shape[1] == sound.shape[1] + more.shape[1]
    assert np.array_equal(found[:, :kept], sound[:, :kept])
    assert not found[:, kept : sound.shape[1]].any()
    assert np.array_equal(found[:, sound.shape[1] :], more)
    assert sum("the disk does not follow" in line for line in said) == 1
    assert "of which 2.0 s are silent" in said[-1]


class Failing(WavTake):
    """A file on a disk that is full after a second."""

    def write(self, audio: Audio) -> None:
        """Write, or not."""
        if self.frames > RATE:
            raise OSError(errno.ENOSPC, "No space left on device")
        super().write(audio)


def test_a_full_disk_ends_the_take_and_says_what_there_is(tmp_path: Path, said: list[str]) -> None:
    """By the thread that writes, as in a session; what is heard afterwards does no harm."""

    def opened(path: Path, channels: int, rate: int) -> TakeFile:
        return Failing(path, channels, rate)

    take = Recorder(tmp_path / "take.wav", RATE, said.append, opened=opened)
    take.begin()
    sound = some(3 * RATE)
    with pytest.raises(OSError, match="No space") as caught:
        play(take, sound)
    take.give_up(caught.value)
    take.hear(0, sound[:, :BLOCK])
    found = read(take.path)
    assert found.shape[1] >= RATE
    assert np.array_equal(found, sound[:, : found.shape[1]])
    seconds = found.shape[1] / RATE
    assert said[-1].endswith(f"No space left on device; {take.path} has {seconds:.1f} s and can be read")


@pytest.fixture
def small_files() -> Iterator[int]:
    """A system that lets no file grow beyond so many bytes, and takes a part of what is too much."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    size = 700_001
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    yield size
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits")
@pytest.mark.parametrize("kind", ["wav", "flac"])
def test_a_real_file_that_may_not_grow(kind: str, tmp_path: Path, said: list[str], small_files: int) -> None:
    """The system's own refusal, in the middle of a frame: the header tells of what is there."""
    sound = some(4 * RATE)
    take = Recorder(tmp_path / f"take.{kind}", RATE, said.append)
    take.start()
    clock, begun = 0, monotonic()
    while not take.over and monotonic() - begun < 15:
        if clock < sound.shape[1]:
            take.hear(clock, sound[:, clock : clock + BLOCK])
            clock += BLOCK
        else:
            take.stop()
    assert take.over
    assert take.path.stat().st_size <= small_files
    found = read(take.path)
    assert found.shape[1] > RATE
    assert float(np.abs(found - sound[:, : found.shape[1]]).max()) <= (0 if kind == "wav" else 2 * STEP)
    assert "the take ended, the music goes on: File too large" in said[-1]
    assert f"{found.shape[1] / RATE:.1f} s and can be read" in said[-1]


def test_a_file_that_would_be_too_long_goes_on_in_another(tmp_path: Path, said: list[str]) -> None:
    """Not a frame is lost between them."""
    sound = some(2 * RATE)
    take = Recorder(tmp_path / "take.wav", RATE, said.append, longest=8 * 40_000)
    take.begin()
    play(take, sound)
    take.finish()
    files = [tmp_path / name for name in ("take.wav", "take-2.wav", "take-3.wav")]
    assert sorted(tmp_path.iterdir()) == sorted(files)
    assert np.array_equal(np.concatenate([read(file) for file in files], axis=1), sound)
    assert "the take goes on in" in said[1]


def test_a_take_replaces_no_other(tmp_path: Path, said: list[str]) -> None:
    """It gets a number."""
    for _ in range(3):
        take = Recorder(tmp_path / "take.wav", RATE, said.append)
        take.begin()
        take.finish()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["take-2.wav", "take-3.wav", "take.wav"]
    assert read(tmp_path / "take.wav").shape == (2, 0)


def test_what_cannot_be_begun(tmp_path: Path, said: list[str]) -> None:
    """Another kind of file at once; a place where nothing may be written by the thread that writes."""
    with pytest.raises(HostError, match=r"a \.wav or a \.flac file"):
        Recorder(tmp_path / "take.mp3", RATE, said.append)
    take = Recorder(tmp_path / "nowhere" / "take.wav", RATE, said.append)
    take.start()
    begun = monotonic()
    while not take.over and monotonic() - begun < 10:
        take.hear(0, some(BLOCK))
    assert said == [f"cannot record to {take.path}: No such file or directory; the music goes on"]


class Piece:
    """Instruments that play noise."""

    awaits = False

    def __init__(self) -> None:
        self.played = 0

    def play(self, _: object) -> Audio:
        """The next block."""
        self.played += 1
        return some(BLOCK, self.played)


def test_the_take_is_what_the_device_was_given(tmp_path: Path, said: list[str]) -> None:
    """Frame for frame, from the block on at which it was asked for."""
    from typing import cast

    from plugin_host.desk import Desk
    from plugin_host.render_ahead import Renderer
    from plugin_host.runway import Runway
    from plugin_host.stream_time import FittedTime

    clock = ManualClock()
    renderer = Renderer(cast("Desk", Piece()), clock)
    pull = renderer.use(Runway(RATE, BLOCK, 3), FittedTime(clock, RATE), RATE)
    take = Recorder(tmp_path / "take.wav", RATE, said.append)
    take.begin()
    given: list[Audio] = []
    for number in range(200):
        given.append(pull(number * 128, 128).copy())
        clock.advance(128 / RATE)
        if number == 50:
            renderer.tap = take.hear
        while renderer.step():
            pass
    take.step()
    take.finish()
    heard = np.concatenate(given, axis=1)
    found = read(take.path)
    begin = next(
        at for at in range(0, 100 * 128, 128) if np.array_equal(heard[:, at : at + 512], found[:, :512])
    )
    assert begin > 50 * 128
    length = min(found.shape[1], heard.shape[1] - begin)
    assert length > 100 * 128
    assert np.array_equal(found[:, :length], heard[:, begin : begin + length])
