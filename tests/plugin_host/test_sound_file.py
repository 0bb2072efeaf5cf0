"""Sound files: what is in them, what they tell beside it, and that they are the same each time."""

import struct
from pathlib import Path

import numpy as np
import pytest
from pedalboard.io import AudioFile

from plugin_host.audio import Audio, single
from plugin_host.errors import HostError
from plugin_host.marks import Mark, Tags
from plugin_host.sound_file import Form, write_sound_file

RATE = 44100
TAGS = Tags("Äbend", 112.5, 30, 4, (Mark(0, "cycle 0"), Mark(22050, "cycle 4 ö"), Mark(44000, "end")))


def some(seconds: float = 1.0, level: float = 0.2) -> Audio:
    """Noise on two sides."""
    return single(np.random.default_rng(3).standard_normal((2, round(seconds * RATE))) * level)


def read(path: Path) -> Audio:
    """Every frame of a file."""
    with AudioFile(str(path)) as file:
        assert (file.samplerate, file.num_channels) == (RATE, 2)
        return file.read(file.frames)


def chunks_of(data: bytes) -> dict[bytes, list[bytes]]:
    """The parts of a WAV file, which fill it to its end."""
    assert data[:4] == b"RIFF"
    assert struct.unpack_from("<I", data, 4) == (len(data) - 8,)
    found: dict[bytes, list[bytes]] = {}
    at = 12
    while at < len(data):
        (size,) = struct.unpack_from("<I", data, at + 4)
        found.setdefault(data[at : at + 4], []).append(data[at + 8 : at + 8 + size])
        at += 8 + size + size % 2
    assert at == len(data)
    return found


@pytest.mark.parametrize("bits", [16, 24, 32])
def test_wav(bits: int, tmp_path: Path) -> None:
    """Within the step that so many bits have, and with dither within two of them; floating point is exact."""
    sound, path = some(), tmp_path / "x.wav"
    write_sound_file(path, sound, Form("wav", RATE, bits), TAGS)
    error = float(np.abs(read(path) - sound).max())
    assert error <= {16: 2.1 * 2**-15, 24: 1.1 * 2**-23, 32: 0.0}[bits]
    assert (error > 0) == (bits < 32)


def test_what_is_too_loud_is_cut_off_and_not_turned_over(tmp_path: Path) -> None:
    """In each kind of file; floating point keeps it."""
    sound = single(np.full((2, 4410), 1.7))
    for kind, bits in (("wav", 16), ("wav", 24), ("flac", 16), ("flac", 24)):
        write_sound_file(tmp_path / "x", sound, Form(kind, RATE, bits), Tags())
        assert float(read_as(tmp_path / "x", kind).min()) > 0.9999, (kind, bits)
    write_sound_file(tmp_path / "x.wav", sound, Form("wav", RATE, 32), Tags())
    assert float(read(tmp_path / "x.wav").max()) == pytest.approx(1.7)


def read_as(path: Path, kind: str) -> Audio:
    """A file that is to be taken for one of that kind."""
    named = path.with_suffix(f".{kind}")
    path.replace(named)
    return read(named)


def test_a_fade_at_16_bits_is_hiss_and_no_distortion(tmp_path: Path) -> None:
    """A tone of half a step would be lost or turned into a square: its level and its purity are kept."""
    at = np.arange(4 * RATE)
    tone = 0.5 * 2**-15 * np.sin(2 * np.pi * 441 / RATE * at)
    write_sound_file(tmp_path / "x.wav", single(np.stack([tone, tone])), Form("wav", RATE, 16), Tags())
    spectrum = np.abs(np.fft.rfft(read(tmp_path / "x.wav")[0].astype(np.float64))) / len(at) * 2
    assert spectrum[4 * 441] == pytest.approx(0.5 * 2**-15, rel=0.05)
    assert max(spectrum[4 * 441 * n] for n in range(2, 20)) < 0.03 * spectrum[4 * 441]


@pytest.mark.parametrize("bits", [16, 24])
def test_flac_is_the_wav(bits: int, tmp_path: Path) -> None:
    """The same whole numbers; of 24 bits the encoder may be a step off."""
    sound = some(level=0.3)
    write_sound_file(tmp_path / "x.wav", sound, Form("wav", RATE, bits), TAGS)
    write_sound_file(tmp_path / "x.flac", sound, Form("flac", RATE, bits), TAGS)
    steps = np.rint(
        (read(tmp_path / "x.flac").astype(np.float64) - read(tmp_path / "x.wav")) * 2 ** (bits - 1)
    )
    assert np.abs(steps).max() <= (0 if bits == 16 else 1)


@pytest.mark.parametrize("kind", ["ogg", "mp3"])
def test_what_loses_something_stays_alike(kind: str, tmp_path: Path) -> None:
    """After its own delay, what is wrong with a chord lies 40 dB below it."""
    at = np.arange(2 * RATE) / RATE
    chord = single(sum(0.1 * np.sin(2 * np.pi * hertz * at) for hertz in (220, 277.2, 329.6)))
    path = tmp_path / f"x.{kind}"
    write_sound_file(path, np.stack([chord, chord]), Form(kind, RATE, 16), TAGS)
    found = read(path)[0]
    line = np.correlate(found[: RATE + 3000].astype(np.float64), chord[1000:RATE].astype(np.float64))
    late = int(line.argmax()) - 1000
    assert 0 <= late < 2500
    rest = found[late + 1000 : late + RATE] - chord[1000:RATE]
    assert float(rest.std()) < 0.01 * float(chord.std())


def test_tempo_and_marks_in_a_wav(tmp_path: Path) -> None:
    """As samplers and DAWs look for them; an odd number of bytes before them shifts nothing."""
    for frames in (RATE, RATE - 1):
        write_sound_file(tmp_path / "x.wav", some()[:1, :frames], Form("wav", RATE, 24), TAGS)
        found = chunks_of((tmp_path / "x.wav").read_bytes())
        acid = struct.unpack("<IHHfIHHf", found[b"acid"][0])
        assert (acid[4], acid[5], acid[6], acid[7]) == (30, 4, 4, 112.5)
        cues = found[b"cue "][0]
        assert struct.unpack_from("<I", cues) == (3,)
        rows = [struct.unpack_from("<II4sIII", cues, 4 + 24 * n) for n in range(3)]
        assert [(row[0], row[1], row[5]) for row in rows] == [(1, 0, 0), (2, 22050, 22050), (3, 44000, 44000)]
        told = [one for one in found[b"LIST"] if one.startswith(b"adtl")]
        assert "cycle 4 ö".encode() + b"\0" in told[0]
        assert any(one.startswith(b"INFOINAM") and "Äbend".encode() in one for one in found[b"LIST"])


def test_tempo_and_marks_in_flac_and_ogg(tmp_path: Path) -> None:
    """As comments; the frames of the sound are untouched by them."""
    for kind in ("flac", "ogg"):
        path, bare = tmp_path / f"x.{kind}", tmp_path / f"bare.{kind}"
        many = Tags("t" * 70_000, 112.5, 1, 4, TAGS.marks)
        for tags in (TAGS, many):
            write_sound_file(path, some(), Form(kind, RATE, 16), tags)
            data = path.read_bytes()
            for text in ("BPM=112.5", "CHAPTER001=00:00:00.500", "CHAPTER001NAME=cycle 4 ö"):
                assert struct.pack("<I", len(text.encode())) + text.encode() in data
            assert f"TITLE={tags.title}"[:200].encode() in data
            write_sound_file(bare, some(), Form(kind, RATE, 16), Tags())
            assert np.array_equal(read(path), read(bare))


def test_tempo_and_marks_in_an_mp3(tmp_path: Path) -> None:
    """In front of the sound, by a size in four times seven bits."""
    path, bare = tmp_path / "x.mp3", tmp_path / "bare.mp3"
    write_sound_file(path, some(), Form("mp3", RATE, 16), TAGS)
    write_sound_file(bare, some(), Form("mp3", RATE, 16), Tags())
    data, other = path.read_bytes(), bare.read_bytes()
    size = sum((data[6 + n] & 0x7F) << (21 - 7 * n) for n in range(4))
    assert data[:3] == b"ID3"
    assert data[10 + size :] == other[10:]
    tags = data[10 : 10 + size]
    assert "Äbend".encode("utf-16") in tags
    assert b"TBPM" in tags
    assert tags.count(b"CHAP") == 3
    assert struct.pack(">I", 500) in tags
    assert np.array_equal(read(path), read(bare))


@pytest.mark.parametrize(("kind", "bits"), [("wav", 16), ("wav", 24), ("flac", 24), ("ogg", 16), ("mp3", 16)])
def test_the_same_sound_gives_the_same_bytes(kind: str, bits: int, tmp_path: Path) -> None:
    """No date, no dice: not in the header, not in the dither, not in the serial number of an OGG stream."""
    for name in ("one", "two"):
        write_sound_file(tmp_path / name, some(3), Form(kind, RATE, bits), TAGS)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize(
    ("form", "told"),
    [
        (("aiff", 48000, 24), "no sound file is called 'aiff'; there are: wav, flac, ogg, mp3"),
        (("wav", 4000, 24), "8000 to 192000"),
        (("mp3", 96000, 16), "32000, 44100 or 48000"),
        (("wav", 48000, 20), "16 or 24 bits"),
        (("flac", 48000, 32), "needs a WAV file"),
    ],
)
def test_what_there_is_not(form: tuple[str, int, int], told: str) -> None:
    """Each is refused before anything is rendered."""
    with pytest.raises(HostError, match=told):
        Form(*form)
