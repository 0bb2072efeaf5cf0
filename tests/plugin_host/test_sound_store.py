"""Sounds in memory: read beside the sound, never waited for, bounded; and files of every kind."""

import struct
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from plugin_host.audio import Audio
from plugin_host.forms import Form
from plugin_host.marks import Tags
from plugin_host.rack import Rack
from plugin_host.recordings import Loop, Recording, Wanted, facts, read_recording
from plugin_host.sound_file import write_sound_file
from plugin_host.sound_store import SoundSetup, SoundStore
from plugin_host.specs import instrument, sampler
from plugin_host.wav import write_wav

RATE, BLOCK = 48000, 256
SOON = 5.0
"""Seconds within which a thread that has nothing to wait for is done."""


def sine(frames: int = 4800, hertz: float = 480, rate: int = RATE) -> Audio:
    """A sine, mono."""
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(frames) / rate)).astype(np.float32)[None]


def wav(
    samples: bytes, *, form: int = 1, channels: int = 1, rate: int = RATE, bits: int = 16,
    claimed: int | None = None, more: bytes = b"",
) -> bytes:  # fmt: skip
    """The bytes of a WAV file, also of one that claims what is not so."""
    size = channels * bits // 8
    head = struct.pack("<HHIIHH", form, channels, rate, rate * size, size, bits)
    data = struct.pack("<I", len(samples) if claimed is None else claimed) + samples
    body = b"WAVEfmt " + struct.pack("<I", len(head)) + head + more + b"data" + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def smpl(root: int, *loops: tuple[int, int, int]) -> bytes:
    """A chunk that says root and loops: (kind, first, last)."""
    data = struct.pack("<9I", 0, 0, 0, root, 0, 0, 0, len(loops), 0)
    data += b"".join(struct.pack("<6I", 0, kind, begin, end, 0, 0) for kind, begin, end in loops)
    return b"smpl" + struct.pack("<I", len(data)) + data


class SlowDisk:
    """Reads files only once it is let."""

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.let = threading.Event()
        self.done = threading.Event()

    def __call__(self, wanted: Wanted, rate: int, most: int, report: Callable[[str], None]) -> Recording:
        """Wait, then read."""
        self.asked.set()
        assert self.let.wait(SOON)
        try:
            return read_recording(wanted, rate, most, report)
        finally:
            self.done.set()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One sound."""
    (tmp_path / "bell").mkdir()
    write_wav(tmp_path / "bell" / "a.wav", sine(), RATE)
    return tmp_path


def peak(rack: Rack, blocks: int = 6) -> float:
    """How loud the next blocks are."""
    return max(float(np.abs(rack.render()).max()) for _ in range(blocks))


def soon(true: Callable[[], bool]) -> None:
    """Wait until something is so."""
    pause = threading.Event()
    for _ in range(500):
        if true():
            return
        pause.wait(0.01)
    raise AssertionError("it did not come true")


def test_a_block_never_waits_for_a_disk(folder: Path) -> None:
    """A note whose sound is still being read is lost and told of; others play, and later ones, too."""
    disk = SlowDisk()
    rack = Rack(RATE, BLOCK, sounds=SoundSetup(beside=True, read=disk))
    rack.set_chains({0: sampler(folder), 1: instrument("drums")})
    rack.foresee(0, {"s": "bell"})
    assert disk.asked.wait(SOON)
    rack.begin(0, 1, {"s": "bell"}, 0)
    assert peak(rack) == 0.0
    assert rack.problems == ["a.wav was still being read when its note was due; the note is lost"]
    rack.begin(1, 2, {"s": "bd"}, 0)
    assert peak(rack) > 0.05
    disk.let.set()
    assert disk.done.wait(SOON)
    rack.silence()
    for _ in range(20):
        rack.render()
    soon(lambda: bool(_begun(rack)))
    assert peak(rack) > 0.05
    assert len(rack.problems) == 1
    rack.close()


def _begun(rack: Rack) -> list[int]:
    rack.begin(0, 3, {"s": "bell"}, 0)
    return rack.voices(0)


def test_what_comes_while_an_instrument_is_built_is_read_as_well(folder: Path) -> None:
    """Its events are remembered until it is there."""
    disk = SlowDisk()
    disk.let.set()
    rack = Rack(RATE, BLOCK, sounds=SoundSetup(beside=True, read=disk))
    rack.foresee(4, {"s": "bell"})
    assert not disk.asked.is_set()
    rack.set_chains({4: sampler(folder)})
    assert disk.done.wait(SOON)
    rack.close()


def test_memory_is_bounded_and_the_oldest_go(tmp_path: Path) -> None:
    """What was used last stays; what was let go is read again where one may wait."""
    files = [tmp_path / f"{number}.wav" for number in range(4)]
    for file in files:
        write_wav(file, sine(25_000), RATE)  # 100,000 bytes in memory
    store = SoundStore(RATE, SoundSetup(memory=0.25), print)
    first, second, third, _ = (Wanted(file) for file in files)
    for wanted in (first, second, first, third):
        assert store.fetch(wanted) is not None
    assert [one in store for one in (first, second, third)] == [True, False, True]
    assert store.bytes == 200_000
    assert store.fetch(second) is not None
    assert first not in store


def test_a_sound_that_was_let_go_too_soon_says_so(tmp_path: Path) -> None:
    """With the setting that helps."""
    problems: list[str] = []
    files = [tmp_path / f"{number}.wav" for number in range(3)]
    for file in files:
        write_wav(file, sine(25_000), RATE)
    store = SoundStore(RATE, SoundSetup(memory=0.25, beside=True), problems.append)
    wanted = [Wanted(file) for file in files]
    for one in wanted:
        store.foresee((one,))
        soon(lambda one=one: one in store)
    assert store.fetch(wanted[0]) is None
    assert "let go" in problems[0]
    assert "memory under [samples]" in problems[0]
    store.close()


def test_a_file_that_is_mended_is_read_again(tmp_path: Path) -> None:
    """And is not tried at every note while it is broken."""
    problems: list[str] = []
    file = tmp_path / "a.wav"
    file.write_bytes(b"nothing")
    tries: list[Wanted] = []

    def read(wanted: Wanted, rate: int, most: int, report: Callable[[str], None]) -> Recording:
        tries.append(wanted)
        return read_recording(wanted, rate, most, report)

    store = SoundStore(RATE, SoundSetup(read=read), problems.append)
    assert [store.fetch(Wanted(file)) for _ in range(3)] == [None] * 3
    assert len(tries) == len(problems) == 1
    write_wav(file, sine(), RATE)
    assert store.fetch(Wanted(file)) is not None


def test_a_file_may_vanish_while_it_plays(folder: Path) -> None:
    """It plays to its end, and again: it is in memory."""
    rack = Rack(RATE, BLOCK)
    rack.set_chains({0: sampler(folder)})
    rack.begin(0, 1, {"s": "bell"}, 0)
    assert peak(rack, 2) > 0.05
    (folder / "bell" / "a.wav").unlink()
    assert peak(rack, 6) > 0.05
    rack.begin(0, 2, {"s": "bell"}, 0)
    assert peak(rack) > 0.05
    assert rack.problems == []


WAVE = np.sin(np.arange(4800) / 10)
SIX = np.repeat(0.5 * WAVE[:, None], 6, axis=1)
GOOD: dict[str, bytes] = {
    "8 bits": wav((WAVE * 60 + 128).astype("u1").tobytes(), bits=8),
    "16 bits": wav((WAVE * 16000).astype("<i2").tobytes()),
    "24 bits": wav((WAVE * 2**30).astype("<i4").view("u1").reshape(-1, 4)[:, 1:].tobytes(), bits=24),
    "32 bits": wav((WAVE * 2**30).astype("<i4").tobytes(), bits=32),
    "float": wav((0.5 * WAVE).astype("<f4").tobytes(), form=3, bits=32),
    "double": wav((0.5 * WAVE).astype("<f8").tobytes(), form=3, bits=64),
    "six channels": wav(SIX.astype("<f4").tobytes(), form=3, bits=32, channels=6),
    "8 kHz": wav((WAVE * 16000).astype("<i2").tobytes(), rate=8000),
    "192 kHz": wav((WAVE * 16000).astype("<i2").tobytes(), rate=192_000),
    "less than it claims": wav((WAVE * 16000).astype("<i2").tobytes(), claimed=2_000_000_000),
}


@pytest.mark.parametrize("kind", GOOD)
def test_files_of_every_kind_are_read(tmp_path: Path, kind: str) -> None:
    """Right in level, and no longer than they are."""
    file = tmp_path / "a.wav"
    file.write_bytes(GOOD[kind])
    read = read_recording(Wanted(file), RATE, 10_000_000, print)
    rate = {"8 kHz": 8000, "192 kHz": 192_000}.get(kind, RATE)
    assert read.audio.shape == ((2 if kind == "six channels" else 1), 4800 * RATE // rate)
    assert float(np.abs(read.audio).max()) == pytest.approx(0.5, abs=0.04)


BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "audio"),
    "no frames": (wav(b""), "it is empty: 0 frames"),
    "hardly any": (wav(b"\1\0" * 7), "it is empty: 7 frames"),
    "garbage": (b"RIFF, but not really", "audio"),
    "garbage after the head": (b"RIFF\0\0\0\0WAVE" + bytes(range(256)), "audio"),
    "no channels": (wav(b"\0\0" * 99, channels=0), "audio"),
    "no rate": (wav(b"\0\0" * 99, rate=0), "audio"),
    "huge": (wav(b"\0\0" * 600_000), "more than sounds may have"),
    "huge at our rate": (wav(b"\0\0" * 60_000, rate=8000), "more memory than sounds may have"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_cannot_be_played_is_named(tmp_path: Path, kind: str) -> None:
    """Once, with the reason; nothing is raised."""
    data, reason = BROKEN[kind]
    file = tmp_path / "a.wav"
    file.write_bytes(data)
    problems: list[str] = []
    store = SoundStore(RATE, SoundSetup(memory=1), problems.append)
    assert store.fetch(Wanted(file, loop=True)) is None
    assert len(problems) == 1
    assert problems[0].startswith("a.wav cannot be played: ")
    assert reason in problems[0]


def test_a_file_that_breaks_off_is_played_as_far_as_it_goes(tmp_path: Path) -> None:
    """And told of; one that was written into a pipe knows of no length, and is whole."""
    problems: list[str] = []
    whole = wav((WAVE * 16000).astype("<i2").tobytes())
    file = tmp_path / "a.wav"
    file.write_bytes(whole[: len(whole) // 2])
    assert read_recording(Wanted(file), RATE, 10_000_000, problems.append).audio.shape == (1, 2389)
    assert problems == ["a.wav breaks off: 0.0502 s at its end are not there"]
    file.write_bytes(wav((WAVE * 16000).astype("<i2").tobytes(), claimed=0xFFFF_FFFF))
    assert read_recording(Wanted(file), RATE, 10_000_000, problems.append).audio.shape == (1, 4800)
    assert len(problems) == 1


@pytest.mark.parametrize("bits", [16, 24])
def test_a_flac_file_that_is_damaged_says_so(tmp_path: Path, bits: int) -> None:
    """What can be read of it is played, never louder; one that is whole is its own witness."""
    problems: list[str] = []
    file = tmp_path / "a.flac"
    noise = np.random.default_rng(bits).uniform(-0.5, 0.5, (2, 9600)).astype(np.float32)
    write_sound_file(file, noise, Form("flac", RATE, bits), Tags())
    data = file.read_bytes()
    read = read_recording(Wanted(file), RATE, 10_000_000, problems.append)
    assert np.allclose(read.audio, noise, atol=2.0**-14)
    assert problems == []
    for broken in (data[: len(data) // 2], data[:-2000] + bytes(2000), data[:5000] + b"!" + data[5001:]):
        file.write_bytes(broken)
        read = read_recording(Wanted(file), RATE, 10_000_000, problems.append)
        assert np.isfinite(read.audio).all()
        assert np.abs(read.audio).max() <= 1
        assert problems.pop() == "a.flac is damaged: what can be read of it is played"
        assert problems == []


@pytest.mark.parametrize("kind", ["ogg", "mp3", "flac"])
def test_garbage_of_any_kind_is_no_sound(tmp_path: Path, kind: str) -> None:
    """It is named, or damaged; nothing is raised, and nothing of it is loud."""
    problems: list[str] = []
    file = tmp_path / f"a.{kind}"
    write_sound_file(file, sine(9600), Form(kind, RATE), Tags())
    data, dice = file.read_bytes(), np.random.default_rng(5)
    store = SoundStore(RATE, SoundSetup(), problems.append)
    for number, broken in enumerate(
        (data[: len(data) // 3], dice.bytes(4000), data[:200] + dice.bytes(4000))
    ):
        place = tmp_path / f"{number}.{kind}"
        place.write_bytes(broken)
        made = store.fetch(Wanted(place))
        assert made is None or float(np.abs(made.audio).max()) <= 1
        assert kind == "mp3" or any(place.name in text for text in problems)


def test_what_is_no_number_is_silent_and_what_is_far_too_loud_is_turned_down(tmp_path: Path) -> None:
    """Both are told of; neither reaches the ear."""
    problems: list[str] = []
    file = tmp_path / "a.wav"
    file.write_bytes(wav(np.where(WAVE > 0.9, np.nan, WAVE).astype("<f4").tobytes(), form=3, bits=32))
    read = read_recording(Wanted(file), RATE, 10_000_000, problems.append)
    assert float(np.abs(read.audio).max()) == pytest.approx(1, abs=0.01)
    file.write_bytes(wav((1e10 * WAVE).astype("<f4").tobytes(), form=3, bits=32))
    read = read_recording(Wanted(file), RATE, 10_000_000, problems.append)
    assert float(np.abs(read.audio).max()) == pytest.approx(1, abs=0.01)
    assert problems == [
        "a.wav has samples that are no numbers; they are silent",
        "a.wav is 200 dB over full scale; it is turned down to it",
    ]


def test_a_wav_file_says_its_root_and_its_loop(tmp_path: Path) -> None:
    """The loop's last frame is within it; one to and fro is left out."""
    file = tmp_path / "a.wav"
    file.write_bytes(wav(b"\0\0" * 100, more=smpl(57, (0, 10, 89))))
    said = facts(file)
    assert said is not None
    assert (said.frames, said.root, said.loop) == (100, 57, Loop(10, 90))
    file.write_bytes(wav(b"\0\0" * 100, more=smpl(57, (1, 10, 89))))
    said = facts(file)
    assert said is not None
    assert said.loop is None
    file.write_bytes(b"fLaC")
    assert facts(file) is None


def test_long_sounds_of_an_instrument_stay_at_their_rate(tmp_path: Path) -> None:
    """Short ones are brought to ours, which is exact; both sound at their pitch."""
    file = tmp_path / "a.wav"
    write_wav(file, sine(44_100 * 4, 441, 44_100), 44_100)
    plain = read_recording(Wanted(file), RATE, 10_000_000, print)
    bent = read_recording(Wanted(file, bent=True), RATE, 10_000_000, print)
    assert (plain.audio.shape[1], plain.step, plain.scale) == (192_000, 1, 48_000 / 44_100)
    assert (bent.audio.shape[1], bent.step, bent.scale) == (176_400, 44_100 / 48_000, 1)
    write_wav(file, sine(44_100, 441, 44_100), 44_100)
    assert read_recording(Wanted(file, bent=True), RATE, 10_000_000, print).step == 1


def test_a_loop_outside_the_sound_is_left_out(tmp_path: Path) -> None:
    """And told of."""
    problems: list[str] = []
    file = tmp_path / "a.wav"
    file.write_bytes(wav((WAVE * 16000).astype("<i2").tobytes(), more=smpl(60, (0, 10, 4800))))
    read = read_recording(Wanted(file, loop=True), RATE, 10_000_000, problems.append)
    assert read.turn == 0
    assert problems == ["a.wav: its loop 10…4800 lies outside its 4800 frames, and is left out"]
