"""Folders of samples: found, read when wanted, resampled, named when missing."""

from pathlib import Path

import numpy as np
import pytest

from plugin_host.audio import Audio
from plugin_host.rack import Rack
from plugin_host.recordings import resampled
from plugin_host.samples import Library
from plugin_host.sound_store import SoundSetup, SoundStore
from plugin_host.specs import instrument, sampler
from plugin_host.wav import write_wav

RATE = 48000


def tone(hertz: float, seconds: float, rate: int = RATE) -> Audio:
    """A sine in stereo."""
    one = 0.5 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * rate)) / rate)
    return np.stack((one, one)).astype(np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two sounds: `bell` with two variants at 44.1 kHz, `voc` with one."""
    for name, hertz in (("bell/b.wav", 880), ("bell/a.wav", 440), ("voc/x.wav", 300)):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        write_wav(path, tone(hertz, 0.5, 44100), 44100)
    (tmp_path / "voc" / "readme.txt").write_text("not a sound")
    return tmp_path


def strongest(sound: Audio) -> float:
    """The frequency of the strongest partial."""
    lines = np.abs(np.fft.rfft(sound[0] * np.hanning(sound.shape[1]), 1 << 18))
    return float(np.argmax(lines) * RATE / (1 << 18))


def play(folder: Path, controls: dict[str, object], blocks: int = 80) -> tuple[Audio, list[str]]:
    """One event on a sampler."""
    rack = Rack(RATE, 256)
    rack.set_chains({0: sampler(folder)})
    rack.begin(0, 1, controls, 0)
    sound = np.concatenate([rack.render() for _ in range(blocks)], axis=1)
    return sound[:, rack.latency :], rack.problems


def test_folders_are_sounds_and_files_are_variants(folder: Path) -> None:
    """Sorted by name; the count goes round."""
    library = Library([folder], SoundStore(RATE, SoundSetup(), print))
    assert list(library) == ["bell", "voc"]
    assert [path.name for path in library.variants("bell")] == ["a.wav", "b.wav"]
    bell = library.find("bell")
    assert bell is not None
    assert [bell.variant(number).name for number in (0, 1, 2, -1)] == ["a.wav", "b.wav", "a.wav", "b.wav"]


def test_a_folder_of_files_is_a_sound_itself(folder: Path) -> None:
    """`sampler("…/bell")` without `s`."""
    assert abs(strongest(play(folder / "bell", {})[0]) - 440) < 2


@pytest.mark.parametrize(
    ("controls", "hertz"),
    [
        ({"s": "bell"}, 440),
        ({"s": "bell", "n": 1}, 880),
        ({"s": "bell:1"}, 880),
        ({"s": "voc"}, 300),
        ({"s": "bell", "speed": 2}, 880),
        ({"s": "bell", "note": 48}, 880),
        ({"s": "bell", "note": 24, "begin": 0.25}, 220),
        ({"s": "bell", "speed": -1}, 440),
    ],
)
def test_samples_sound_at_their_pitch(folder: Path, controls: dict[str, object], hertz: float) -> None:
    """Resampled to the rack's rate, by speed and by note; c2 leaves it as it is."""
    sound, problems = play(folder, controls)
    assert problems == []
    assert abs(strongest(sound[:, 400:9000]) - hertz) < 4


def test_the_kit_plays_the_musicians_samples(folder: Path) -> None:
    """Those that it has no drum for, whatever the capitals; its own drums stay its own."""
    (folder / "bd").mkdir()
    write_wav(folder / "bd" / "a.wav", tone(880, 0.5), RATE)
    rack = Rack(RATE, 256, [folder])
    rack.set_chains({0: instrument("drums")})
    for name, hertz in (("bell:1", 880), ("BELL", 440), ("voc", 300)):
        rack.silence()
        rack.begin(0, 1, {"s": name}, 0)
        sound = np.concatenate([rack.render_open() for _ in range(40)], axis=1)
        assert abs(strongest(sound[:, 400:9000]) - hertz) < 4
    rack.silence()
    rack.begin(0, 1, {"s": "bd"}, 0)
    sound = np.concatenate([rack.render_open() for _ in range(40)], axis=1)
    assert strongest(sound[:, 400:9000]) < 200
    assert rack.problems == []


def test_a_missing_sound_is_named_with_the_nearest(folder: Path) -> None:
    """And nothing sounds."""
    sound, problems = play(folder, {"s": "bel"})
    assert not sound.any()
    assert problems == ["no sound 'bel'; did you mean 'bell'?"]


def test_a_missing_folder_is_a_problem_not_an_error(tmp_path: Path) -> None:
    """The music goes on without it."""
    sound, problems = play(tmp_path / "nowhere", {"s": "x"}, 4)
    assert not sound.any()
    assert "nowhere" in problems[0]
    assert "nowhere" in Rack(RATE, 256, [tmp_path / "nowhere"]).problems[0]


def test_a_broken_file_is_a_problem_not_an_error(folder: Path) -> None:
    """It is named; others still sound."""
    (folder / "voc" / "x.wav").write_bytes(b"RIFF, but not really")
    sound, problems = play(folder, {"s": "voc"}, 4)
    assert not sound.any()
    assert "x.wav" in problems[0]


def test_a_sample_can_be_read_ahead(folder: Path) -> None:
    """So that its first sound does not wait for the disk; what is unknown is told when it is due."""
    rack = Rack(RATE, 256)
    rack.set_chains({0: sampler(folder)})
    rack.foresee(0, {"s": "voc"})
    rack.foresee(0, {"s": "vok"})
    rack.foresee(9, {"s": "voc"})
    assert rack.problems == []
    (folder / "voc" / "x.wav").unlink()
    rack.begin(0, 1, {"s": "voc"}, 0)
    assert np.abs(np.concatenate([rack.render() for _ in range(4)], axis=1)).max() > 0.1


@pytest.mark.parametrize("gated", [False, True])
def test_a_sample_rings_out_unless_the_event_has_a_length(folder: Path, gated: bool) -> None:
    """`legato` makes the end of the event end the sample."""
    rack = Rack(RATE, 256)
    rack.set_chains({0: sampler(folder)})
    rack.begin(0, 1, {"s": "voc"} | ({"legato": 1} if gated else {}), 0)
    rack.render()
    rack.end(1, 0)
    for _ in range(10):
        rack.render()
    assert (rack.sounding == 0) == gated


@pytest.mark.parametrize("rate", [22050, 44100, 96000])
def test_resampling_is_exact_for_what_both_rates_hold(rate: int) -> None:
    """A sine of 1 kHz stays that sine, to -80 dB."""
    sound = resampled(tone(1000, 0.5, rate), rate, RATE)
    inside = slice(2400, 20000)
    assert np.abs(sound[:, inside] - tone(1000, 0.5)[:, inside]).max() < 1e-3
    assert sound.shape[1] == RATE // 2
