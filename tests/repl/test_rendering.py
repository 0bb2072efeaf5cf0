"""`sempre render`: kinds of file, lengths, loudness, several pieces at once, and the same bytes each time."""

import hashlib
import io
import json
import struct
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pedalboard.io import AudioFile

from bridge.clock import ManualClock
from plugin_host.audio import single
from plugin_host.layouts import LAYOUTS
from plugin_host.loudness import loudness_of
from repl.cli import main
from repl.progress import Progress, bar
from repl.render_job import Finish, RenderJob

BEAT = """tempo(120)
kick = play(s("bd*4").degrade_by(.2))
bass = play(note("c2 eb2 g1 c2"), on=instrument("bass"))
"""
HATS = 'tempo(140)\nhats = play(s("hh*8").gain(.5))\n'


@pytest.fixture
def pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two pieces, in which we are."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "beat.py").write_text(BEAT)
    (tmp_path / "hats.py").write_text(HATS)
    return tmp_path


def sound_of(file: Path, rate: int = 48000) -> NDArray[np.float32]:
    """Every frame of a file."""
    with AudioFile(str(file)) as sound:
        assert (sound.samplerate, sound.num_channels) == (rate, 2)
        return sound.read(sound.frames)


@pytest.mark.parametrize("kind", ["wav", "flac", "ogg", "mp3"])
def test_each_kind_of_file_holds_the_piece(
    kind: str, pieces: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A cycle of two seconds and a tail of half a one; how loud it says that it is, it is."""
    file = pieces / f"out.{kind}"
    assert main(["render", "beat.py", "--cycles", "1", "--tail", ".5", "-o", file.name]) == 0
    said = capsys.readouterr().out
    sound = sound_of(file)
    assert sound.shape[1] == pytest.approx(2.5 * 48000, abs=3000 if kind == "mp3" else 0)
    assert f"{file.name}: 2.5 s" in said
    assert "times as fast as it plays" in said
    told = float(said.partition(" LUFS")[0].rpartition(" ")[2])
    assert loudness_of(single(sound), 48000).lufs == pytest.approx(told, abs=0.2)


def test_rate_bits_and_marks(pieces: Path) -> None:
    """As they were asked for; a DAW finds the tempo and every fourth cycle."""
    more = ["--rate", "44100", "--bits", "16", "--cycles", "5", "--tail", "1"]
    assert main(["render", "hats.py", *more, "-o", "x.wav"]) == 0
    data = (pieces / "x.wav").read_bytes()
    assert struct.unpack_from("<HHI", data, 20) == (1, 2, 44100)
    assert struct.unpack_from("<H", data, 34) == (16,)
    assert sound_of(pieces / "x.wav", 44100).shape[1] == round((5 * 4 * 60 / 140 + 1) * 44100)
    acid = data.index(b"acid") + 8
    assert struct.unpack_from("<IHHf", data, acid + 12) == (20, 4, 4, 140.0)
    cues = data.index(b"cue ") + 8
    places = [struct.unpack_from("<I", data, cues + 4 + 24 * n + 20)[0] for n in range(3)]
    cycle = 4 * 60 / 140 * 44100
    assert places == [0, round(4 * cycle), round(5 * cycle)]
    assert b"cycle 4\0" in data
    assert b"end\0" in data


@pytest.mark.parametrize(("lufs", "peak"), [(-14.0, None), (-23.0, None), (-16.0, -3.0)])
def test_it_is_as_loud_as_it_is_asked_to_be(lufs: float, peak: float | None, pieces: Path) -> None:
    """Under a ceiling, which is -1 where none is given."""
    more = ["--lufs", str(lufs), *([] if peak is None else ["--tp", str(peak)])]
    assert main(["render", "beat.py", "--cycles", "2", *more, "-o", "x.wav"]) == 0
    found = loudness_of(single(sound_of(pieces / "x.wav")), 48000)
    assert found.lufs == pytest.approx(lufs, abs=0.1)
    assert found.peak <= (-1.0 if peak is None else peak) + 0.05


@pytest.mark.timeout(90)
def test_the_same_bytes_whatever_does_it(pieces: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each in a process of its own, one or two at once, or both here: also the stems."""
    more = ["--seconds", ".6", "--tail", ".2", "--lufs", "-16"]
    for jobs in ("1", "2"):
        folder = f"by{jobs}"
        words = ["render", "beat.py", "hats.py", *more, "-o", folder, "--stems", f"{folder}/stems"]
        assert main([*words, "--jobs", jobs]) == 0
    assert main(["render", "beat.py", *more, "-o", "here.wav", "--stems", "here"]) == 0
    files = sorted(file.relative_to("by1") for file in Path("by1").rglob("*.*") if file.is_file())
    assert {str(file) for file in files} >= {
        "beat.wav", "hats.wav", "stems/beat/beat_bass_120bpm.wav", "stems/hats/hats_hats_140bpm.wav"
    }  # fmt: skip
    for file in files:
        if file.suffix == ".json":
            continue  # it tells where the files were written
        assert ("by1" / file).read_bytes() == ("by2" / file).read_bytes(), file
    assert (pieces / "here.wav").read_bytes() == (pieces / "by1" / "beat.wav").read_bytes()
    stem = "beat_kick_120bpm.wav"
    assert (pieces / "here" / stem).read_bytes() == (pieces / "by1/stems/beat" / stem).read_bytes()
    assert sound_of(pieces / "by1" / "beat.wav").any()
    assert "by2/hats.wav: " in capsys.readouterr().out


@pytest.mark.timeout(60)
def test_one_of_several_that_fails_fails_alone(pieces: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A mistake, a print, and a process that is gone: each is said, and the others are written."""
    (pieces / "wrong.py").write_text("a = play(s('bd').nosuch())\n")
    (pieces / "gone.py").write_text("import os\nprint('here I am')\nos._exit(3)\n")
    words = ["render", "wrong.py", "gone.py", "hats.py", "--seconds", "1", "--format", "flac", "-o", "out"]
    assert main(words) == 1
    told = capsys.readouterr()
    assert "wrong.py:1" in told.err
    assert "nosuch" in told.err
    assert "gone.py: its process ended with 3" in told.err
    assert "here I am" not in told.out
    assert sorted(file.name for file in (pieces / "out").iterdir()) == [
        "hats.flac", "hats.flac.recipe.json"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["-o", "x.aiff"], "a .wav, .flac, .ogg, .mp3 file (got x.aiff)"),
        (["-o", "x.mp3", "--rate", "96000"], "32000, 44100 or 48000"),
        (["-o", "x.flac", "--bits", "32f"], "needs a WAV file"),
        (["-o", "x.wav", "--rate", "1000"], "8000 to 192000"),
        (["-o", "x.wav", "--lufs", "3"], "--lufs is -50 to -5 (got 3)"),
        (["-o", "x.wav", "--tp", "3"], "--tp is -20 to 0"),
        (["-o", "x.wav", "--cycles", "0"], "--cycles must be 1 to 100000 (got 0)"),
        (["-o", "x.wav", "--format", "ogg"], "two kinds of file"),
        (["-o", "x.wav", "--jobs", "2"], "-o then names a folder"),
        (["-o", "out", "--jobs", "0"], "--jobs is 1 to 64 (got 0)"),
        (["beat.py", "-o", "out"], "two pieces are called beat"),
        (["-o", "beat.py/out"], "cannot write to beat.py/out"),
    ],
)
def test_what_cannot_be_is_said_before_anything_is_rendered(
    words: list[str], told: str, pieces: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In one line, and nothing is written."""
    before = sorted(pieces.iterdir())
    assert main(["render", "beat.py", *words]) == 1
    assert told in capsys.readouterr().err
    assert sorted(pieces.iterdir()) == before


def test_a_job_can_be_written_down() -> None:
    """And is the same one when it is read."""
    job = RenderJob((Path("a/b.py"),), Path("x.ogg"), Path("s"), 4, 60.0, 1.5, 7, Finish(44100, 16, -14, -1))
    assert RenderJob.from_json(job.to_json()) == job


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        """It says so."""
        return True


def test_a_bar_on_a_terminal_and_lines_elsewhere() -> None:
    """The bar is drawn a few times a second and taken away; lines come seldom."""
    clock, screen, file = ManualClock(), Screen(), io.StringIO()
    shown = [Progress("evening", screen, clock), Progress("evening", file, clock)]
    for step in range(1, 101):
        clock.advance(0.25)
        for one in shown:
            one(step / 100)
    for one in shown:
        one.over()
    assert screen.getvalue().count("\r") == 101
    assert screen.getvalue().endswith("\r\x1b[2K")
    assert " 50%  12 s left" in screen.getvalue()
    assert file.getvalue().splitlines() == ["evening: 40%  15 s left", "evening: 80%  5 s left"]
    assert (bar(0, 4), bar(1, 4), bar(2, 4)) == ("    ", "████", "████")


def test_a_layout_gives_as_many_channels(pieces: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Their places stand in the header; the recipe makes the same again; the settings say it, too."""
    (pieces / "around.py").write_text('hats = play(s("hh*8").azim(saw.range(-180, 180)).room(0))\n')
    assert main(["render", "around.py", "--cycles", "1", "--layout", "7.1.4", "-o", "a.wav"]) == 0
    data = (pieces / "a.wav").read_bytes()
    kind, channels = struct.unpack_from("<HH", data, 20)
    bits, mask = struct.unpack_from("<HI", data, 38)
    assert (kind, channels, bits, mask) == (0xFFFE, 12, 24, 0x2D63F)
    with AudioFile(str(pieces / "a.wav")) as file:
        sound = file.read(file.frames)
    loud = np.abs(sound).max(axis=1)
    assert (loud[[0, 1, 2, 4, 5, 6, 7]] > 0.01).all()
    assert loud[3] == 0
    assert main(["render", "--recipe", "a.wav.recipe.json", "-o", "b.wav"]) == 0
    assert (pieces / "b.wav").read_bytes() == data
    (pieces / "sempre.toml").write_text('[audio]\nlayout = "quad"\n')
    assert main(["render", "around.py", "--cycles", "1", "-o", "c.flac"]) == 0
    with AudioFile(str(pieces / "c.flac")) as file:
        assert file.num_channels == 4
    capsys.readouterr()
    assert main(["render", "around.py", "--cycles", "1", "--layout", "7.1.4", "-o", "d.flac"]) == 1
    assert "FLAC has 8 channels at most, not 12; take .wav" in capsys.readouterr().err
    assert main(["render", "around.py", "--cycles", "1", "--layout", "9.1", "-o", "d.wav"]) == 1
    assert "no layout '9.1'" in capsys.readouterr().err


def test_a_recipe_holds_the_file_of_its_layout(pieces: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its digest; where the file is another now, or gone, it is said, and the old one is used."""
    (pieces / "around.py").write_text('hats = play(s("hh*8").azim(saw.range(-90, 90)))\n')
    room = pieces / "room.csv"
    room.write_text("name,azimuth\nleft,40\nmiddle,0\nright,-40\n")
    line = [
        "render",
        "around.py",
        "--seconds",
        "1",
        "--layout",
        "room.csv",
        "-o",
        "a.wav",
        "--stems",
        "parts",
    ]
    assert main(line) == 0
    recipe = json.loads((pieces / "a.wav.recipe.json").read_text())
    assert recipe["layout"]["sha256"] == hashlib.sha256(room.read_bytes()).hexdigest()
    assert recipe["layout"]["text"] == room.read_text()
    again = ["render", "--recipe", "a.wav.recipe.json", "-o", "b.wav", "--stems", "others"]
    stem = next((pieces / "parts").glob("*.wav")).name
    for number, text in enumerate((None, "name,azimuth\nleft,90\nright,-90\n", "")):
        if text is not None:
            room.write_text(text)
        if text == "":
            room.unlink()
        capsys.readouterr()
        assert main(again) == 0
        assert (pieces / "b.wav").read_bytes() == (pieces / "a.wav").read_bytes()
        assert (pieces / "others" / stem).read_bytes() == (pieces / "parts" / stem).read_bytes()
        told = ("", "layout room.csv: changed since then", "layout room.csv: not there any more")[number]
        said = capsys.readouterr().out
        assert told in said
        assert ("the loudspeakers are those of the recipe" in said) == bool(told)


def test_the_loudness_of_a_layout_is_reached(pieces: Path) -> None:
    """With the sides weighed as the standard asks."""
    (pieces / "side.py").write_text('pad = play(note("c3"), on=instrument("sawtooth", azim=110, spread=0))\n')
    line = ["render", "side.py", "--seconds", "3", "--layout", "5.1", "--lufs", "-20"]
    assert main([*line, "-o", "a.wav"]) == 0
    with AudioFile(str(pieces / "a.wav")) as file:
        sound = file.read(file.frames)
    assert loudness_of(single(sound), 48000, LAYOUTS["5.1"]).lufs == pytest.approx(-20, abs=0.1)
    assert loudness_of(single(sound[4:6]), 48000).lufs == pytest.approx(-20 - 1.49, abs=0.1)


@pytest.mark.parametrize(("layout", "channels"), [("binaural", 2), ("ambix3", 16)])
def test_headphones_and_fields_are_layouts_as_well(layout: str, channels: int, pieces: Path) -> None:
    """A sound that goes around is in all channels."""
    (pieces / "around.py").write_text(
        'hats = play(s("hh*8").azim(saw.range(-180, 180)).elev("<0 40 20>*8").spread(0))\n'
    )
    assert main(["render", "around.py", "--cycles", "1", "--layout", layout, "-o", "a.wav"]) == 0
    with AudioFile(str(pieces / "a.wav")) as file:
        sound = file.read(file.frames)
    assert sound.shape[0] == channels
    assert (np.abs(sound).max(axis=1) > 0.005).all()


def test_what_is_no_number_leaves_out_its_events_and_nothing_else(
    pieces: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a line, as a session has it."""
    (pieces / "odd.py").write_text(f'{BEAT}odd = play(s("hh*4").azim(float("nan")))\n')
    assert main(["render", "odd.py", "--cycles", "1", "-o", "odd.wav"]) == 0
    said = capsys.readouterr().out
    assert said.count("azim must be a finite number") == 1
    assert "odd" in said.splitlines()[0]
    assert main(["render", "beat.py", "--cycles", "1", "-o", "beat.wav"]) == 0
    assert np.array_equal(sound_of(pieces / "odd.wav"), sound_of(pieces / "beat.wav"))
    assert main(["render", "odd.py", "--cycles", "1", "--stems", "stems"]) == 0
    assert "azim must be a finite number" in capsys.readouterr().out


def test_settings_and_doubts_are_told_in_a_render_as_in_a_session(
    pieces: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A layout without its quotes would else give a stereo master without a word."""
    (pieces / "sempre.toml").write_text("[audio]\nlayout = 5.1\n")
    duck = 'd = play(s("bd*4"), on=instrument("drums") | fx.duck(by="nobody"))\n'
    (pieces / "duck.py").write_text(duck + 'k = play(s("~ bdd"))\n')
    assert main(["render", "duck.py", "--cycles", "1", "-o", "duck.wav"]) == 0
    said = capsys.readouterr().out
    assert "sempre.toml:2" in said
    assert "fx.duck(by='nobody'): no layer or bus is called so" in said
    assert "duck.py:2:15: no sound 'bdd'; did you mean 'bd'?" in said
    assert said.count("no sound") == 1


def test_a_folder_is_no_room_and_not_read_for_the_recipe(
    pieces: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is said, the dry sound is heard, and the recipe knows of no sample."""
    (pieces / "deep").mkdir()
    (pieces / "room.py").write_text('k = play(note("c"), on=instrument("keys") | fx.convolution("deep"))\n')
    assert main(["render", "room.py", "--cycles", "1", "-o", "room.wav"]) == 0
    assert "deep cannot be read" in capsys.readouterr().out
    assert '"samples": []' in (pieces / "room.wav.recipe.json").read_text()
