"""Stems while it plays: files of one length that add up to the mix, whatever comes in when."""

import errno
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from pedalboard.io import AudioFile

from plugin_host.audio import Audio, single
from plugin_host.errors import HostError
from plugin_host.rack import SPACE, Rack
from plugin_host.specs import Chain, fx, instrument
from plugin_host.stem_recorder import StemRecorder
from plugin_host.take import PATIENCE
from plugin_host.take_file import TakeFile, WavTake

RATE = 48000
BLOCK = 256


def some(frames: int, seed: int = 1) -> Audio:
    """Noise on two sides."""
    return single(np.random.default_rng(seed).standard_normal((2, frames)) * 0.2)


def read(path: Path) -> Audio:
    """Every frame of a file."""
    with AudioFile(str(path)) as file:
        return file.read(file.frames)


@pytest.fixture
def said() -> list[str]:
    """What the musician is told."""
    return []


def hear(take: StemRecorder, number: int, parts: Mapping[str, Audio]) -> None:
    """A block, at its place after the first."""
    take.hear(1000 + number * BLOCK, BLOCK, parts)


def test_what_comes_later_begins_with_silence(tmp_path: Path, said: list[str]) -> None:
    """And what goes ends with it; what a device leaves out is silence in all of them."""
    take = StemRecorder(tmp_path / "take.wav", RATE, said.append, late=96)
    take.begin()
    block = some(BLOCK)
    for number in range(400):
        hear(take, number, {"bass": block})
        if number % 50 == 49:
            take.step()
    hear(take, 400, {"keys": block})
    hear(take, 410, {})
    take.step()
    take.finish()
    folder = tmp_path / "take stems"
    bass, keys = read(folder / "bass.wav"), read(folder / "keys.wav")
    assert bass.shape == keys.shape == (2, 96 + 411 * BLOCK)
    assert not bass[:, :96].any()
    assert np.array_equal(bass[:, 96 : 96 + 400 * BLOCK], np.tile(block, 400))
    assert not bass[:, 96 + 400 * BLOCK :].any()
    assert not keys[:, : 96 + 400 * BLOCK].any()
    assert np.array_equal(keys[:, 96 + 400 * BLOCK : 96 + 401 * BLOCK], block)
    assert said == [f"recorded: {folder}, 2.2 s: bass, keys"]


def test_stems_add_up_to_the_mix(tmp_path: Path, said: list[str]) -> None:
    """With effects, a kick that ducks, echo and reverb; two chains of one instrument have two names."""
    chains: dict[int, Chain] = {
        0: instrument("drums", room=0.1),
        1: instrument("bass", duck=0.6, delay=0.3),
        2: instrument("keys") | fx.chorus(),
        3: instrument("keys", room=0.4),
    }
    mixes: list[Audio] = []
    for parted in (False, True):
        rack = Rack(RATE, BLOCK)
        rack.set_chains(chains)
        take = StemRecorder(tmp_path / "take.wav", RATE, said.append)
        take.begin()
        mix: list[Audio] = []
        for number in range(200):
            if number % 40 == 0:
                rack.begin(0, number, {"s": "bd"}, 3)
                for route in (1, 2, 3):
                    rack.begin(route, 1000 * route + number, {"note": 36 + 12 * route}, 10 * route)
            rack.parts = {} if parted else None
            mix.append(rack.render_open())
            if rack.parts is not None:
                hear(take, number, rack.parts)
        mixes.append(np.concatenate(mix, axis=1))
        take.step()
        take.finish()
    assert np.array_equal(mixes[0], mixes[1])
    files = {file.stem: read(file) for file in (tmp_path / "take stems-2").iterdir()}
    assert set(files) == {"drums", "bass", "keys", "keys-2", SPACE}
    assert all(sound.any() for sound in files.values())
    total = np.sum([sound.astype(np.float64) for sound in files.values()], axis=0)
    assert float(np.abs(total - mixes[1]).max()) < 1e-6


class Failing(WavTake):
    """A file on a full disk."""

    def write(self, audio: Audio) -> None:
        """Write, or not."""
        if self.frames > 10 * BLOCK:
            raise OSError(errno.ENOSPC, "No space left on device")
        super().write(audio)


def test_a_full_disk_ends_the_stems(tmp_path: Path, said: list[str]) -> None:
    """By the thread that writes; what there is can be read."""

    def opened(path: Path, channels: int, rate: int) -> TakeFile:
        return Failing(path, channels, rate)

    take = StemRecorder(tmp_path / "take.wav", RATE, said.append, opened=opened)
    take.begin()
    for number in range(11):
        hear(take, number, {"bass": some(BLOCK, number)})
        take.step()
    hear(take, 11, {"bass": some(BLOCK)})
    with pytest.raises(OSError, match="No space") as caught:
        take.step()
    take.give_up(caught.value)
    hear(take, 0, {"bass": some(BLOCK)})
    assert read(tmp_path / "take stems" / "bass.wav").shape == (2, 11 * BLOCK)
    assert "the stems ended, the music goes on: No space left on device" in said[-1]


def test_a_disk_that_stands_still_costs_silence(tmp_path: Path, said: list[str]) -> None:
    """At its place; the bound holds."""
    take = StemRecorder(tmp_path / "take.wav", RATE, said.append)
    take.begin()
    blocks = int((PATIENCE + 1) * RATE) // BLOCK
    block = some(BLOCK)
    for number in range(blocks):
        hear(take, number, {"bass": block})
    take.step()
    hear(take, blocks, {"bass": block})
    take.step()
    take.finish()
    assert take.lost == pytest.approx(RATE, abs=2 * BLOCK)
    sound = read(tmp_path / "take stems" / "bass.wav")
    assert sound.shape == (2, (blocks + 1) * BLOCK)
    assert not sound[:, blocks * BLOCK - take.lost : blocks * BLOCK].any()
    assert np.array_equal(sound[:, blocks * BLOCK :], block)
    assert "of which 1.0 s are silent" in said[-1]


def test_what_cannot_be_begun(tmp_path: Path, said: list[str]) -> None:
    """Another kind of file, and a place that is not there."""
    with pytest.raises(HostError, match=r"a \.wav or a \.flac file"):
        StemRecorder(tmp_path / "take.ogg", RATE, said.append)
    with pytest.raises(OSError, match="No such file"):
        StemRecorder(tmp_path / "nowhere" / "take.wav", RATE, said.append).begin()
