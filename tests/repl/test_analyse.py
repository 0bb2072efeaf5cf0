"""`sempre analyse`: what is known beforehand of a piece and a file, and the pictures of it, read back."""

from __future__ import annotations

import json
import struct
import zlib
from pathlib import Path
from xml.etree import ElementTree as ET

import mido
import pytest

from patterns.errors import SempreError
from repl import cli
from repl.analyse import analysis_of, told
from repl.analyse_picture import HEIGHT, LAYERS, LEFT, MATRIX, RIGHT, ROLL, WIDTH, write_picture
from repl.canvas import Dots

PIECE = """
tempo(120)
lead = play(note("<[c4 e4 g4 e4] [f4 a4 c5 a4] [g4 b4 d5 b4] [c5 g4 e4 c4]>").velocity(.5))
bass = play(note("<c2 f2 g2 c2>"))
drums = play(s("bd*4"))
"""
JACQUES = [60, 62, 64, 60, 60, 62, 64, 60, 64, 65, 67, 64, 65, 67]


@pytest.fixture
def piece(tmp_path: Path) -> Path:
    """A piece in C."""
    file = tmp_path / "piece.py"
    file.write_text(PIECE)
    return file


def midi_file(folder: Path, up: int = 0) -> Path:
    """The begin of Frère Jacques, French, 18th century; four beats to the cycle."""
    document = mido.MidiFile(ticks_per_beat=480)
    track = mido.MidiTrack()
    document.tracks.append(track)
    for place, key in enumerate(JACQUES):
        beats = 2 if place in {10, 13} else 1
        track.append(mido.Message.from_bytes([0x90, key + up, 90], time=0))
        track.append(mido.Message.from_bytes([0x80, key + up, 0], time=480 * beats))
    file = folder / "jacques.mid"
    document.save(file)
    return file


def test_a_piece_is_measured(piece: Path) -> None:
    """As many notes as it says, at their times, in its key; the same four cycles again and again."""
    found = analysis_of([piece], 16)
    assert {name: len(row) for name, row in found.layers.items()} == {"lead": 64, "bass": 16, "drums": 64}
    assert found.density == 9
    assert found.key is not None
    assert found.key.name == "C:major"
    lead = found.layers["lead"]
    assert [(note.onset, note.duration, note.pitch, note.velocity) for note in lead[:2]] == [
        (0, pytest.approx(0.25), 60, 0.5),
        (0.25, pytest.approx(0.25), 64, 0.5),
    ]
    assert {note.pitch for note in found.layers["drums"]} == {None}
    assert len(found.moments) == 64
    for place, row in enumerate(found.matrix):
        assert row[place] == pytest.approx(1)
        assert row[(place + 16) % 64] == pytest.approx(1)
    assert found.repetition > 0.75


def test_a_midi_file_is_measured(tmp_path: Path) -> None:
    """In its key, wherever it lies."""
    for up, name in ((0, "C:major"), (4, "E:major")):
        found = analysis_of([midi_file(tmp_path, up)])
        assert found.cycles == 4
        assert found.key is not None
        assert found.key.name == name
        assert found.density == len(JACQUES) / 4
    assert analysis_of([tmp_path / "jacques.mid"], 1).cycles == 1


def test_a_key_that_changes_is_seen(tmp_path: Path) -> None:
    """Where it changes, give or take the window in which it is looked for."""
    file = tmp_path / "two.py"
    file.write_text('x = play(note("<[c4 e4 g4 c5 b4 g4 f4 d4]!8 [f#4 a#4 c#5 f#5 e#5 c#5 b4 g#4]!8>"))')
    names = [moment.key.name for moment in analysis_of([file], 16).moments if moment.key is not None]
    assert set(names[:24]) == {"C:major"}
    assert set(names[-24:]) == {"F#:major"}


def test_parallels_are_named(tmp_path: Path) -> None:
    """With the cycle of the first."""
    file = tmp_path / "fifths.py"
    file.write_text('x = play(note("<[c3,g3] [c3,g3] [d3,a3]>"))')
    said = told(analysis_of([file], 3))
    assert "1 parallel fifths; the first in cycle 2" in said
    file.write_text('x = play(note("<[c3,e3] [d3,f3]>"))')
    assert "nothing to mark" in told(analysis_of([file], 4))


def read_png(file: Path) -> tuple[int, int, bytes]:
    """Width, height and dots of a picture, with every sum checked."""
    data = file.read_bytes()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    kinds: list[bytes] = []
    at, width, height, packed = 8, 0, 0, b""
    while at < len(data):
        (size,) = struct.unpack(">I", data[at : at + 4])
        kind, body = data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        assert struct.unpack(">I", data[at + 8 + size : at + 12 + size])[0] == zlib.crc32(kind + body)
        if kind == b"IHDR":
            width, height, *rest = struct.unpack(">IIBBBBB", body)
            assert rest == [8, 2, 0, 0, 0]
        packed += body if kind == b"IDAT" else b""
        kinds.append(kind)
        at += 12 + size
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]
    rows = zlib.decompress(packed)
    assert len(rows) == height * (1 + 3 * width)
    assert not any(rows[row * (1 + 3 * width)] for row in range(height))
    return (
        width,
        height,
        b"".join(rows[r * (1 + 3 * width) + 1 : (r + 1) * (1 + 3 * width)] for r in range(height)),
    )


def test_a_picture_shows_it(piece: Path, tmp_path: Path) -> None:
    """As dots: where a note sounds there is its colour, and the matrix is dark from corner to corner."""
    file = tmp_path / "plot.png"
    write_picture(analysis_of([piece], 4), file)
    width, height, dots = read_png(file)
    assert (width, height) == (WIDTH * 2, HEIGHT * 2)

    def at(x: float, y: float) -> tuple[int, ...]:
        place = (int(y * 2) * width + int(x * 2)) * 3
        return tuple(dots[place : place + 3])

    top, side = MATRIX
    for share in (0.02, 0.3, 0.6, 0.98):
        assert sum(at(LEFT + share * side, top + share * side)) < 250
    roll, high = ROLL
    column = [at(LEFT + (WIDTH - LEFT - RIGHT) / 32, roll + high * step / 400) for step in range(400)]
    coloured = [colour for colour in column if max(colour) - min(colour) > 60]
    assert len(set(coloured)) == 2  # the lead and the bass
    again = tmp_path / "again.png"
    write_picture(analysis_of([piece], 4), again)
    assert again.read_bytes() == file.read_bytes()


def test_a_picture_of_lines_can_be_read(piece: Path, tmp_path: Path) -> None:
    """With its axes and titles as text."""
    file = tmp_path / "plot.svg"
    write_picture(analysis_of([piece], 8), file)
    nodes = ET.fromstring(file.read_text()).iter()
    texts = {node.text for node in nodes if node.tag.endswith("text")}
    assert {
        "piece.py",
        "pitch",
        "key",
        "tension",
        "notes a cycle",
        "self-similarity",
        "cycle",
        "c4",
        "lead",
    } <= texts
    assert {"0", "8", "C major"} <= texts


@pytest.mark.parametrize(
    ("source", "cycles"),
    [
        ('x = play(s("bd"))', 1),
        ('x = play(note("c"))', 1),
        ('x = play(note("c0 g9"))', 3),
        ('x = play(s("bd/200"))', 300),
        ('x = play(note("60.5 61.3"))', 2),
        ('x = play(s("bd*8").sometimes(rev)); y = play(note("<c ~ ~>"))', 7),
    ],
)
def test_every_piece_can_be_drawn(source: str, cycles: int, tmp_path: Path) -> None:
    """However little is in it."""
    file = tmp_path / "odd.py"
    file.write_text(source)
    found = analysis_of([file], cycles)
    for kind in ("png", "svg"):
        write_picture(found, tmp_path / f"odd.{kind}")
    assert told(found).startswith("odd.py: ")


def test_the_command_says_and_draws(piece: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """For people, and for programs."""
    plot = piece.with_name("out.png")
    assert cli.main(["analyse", str(piece), "--cycles", "8", "--plot", str(plot)]) == 0
    said = capsys.readouterr().out
    assert said.startswith(
        "piece.py: 8 cycles, 72 notes (lead 32, bass 8, drums 32)\nkey             C:major"
    )
    assert plot.exists()
    assert cli.main(["analyse", str(piece), "--cycles", "8", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["key"]["name"] == "C:major"
    assert len(answer["moments"]) == len(answer["similarity"]) == 32


def test_what_cannot_be_measured_is_said(tmp_path: Path, piece: Path) -> None:
    """Nothing there, nothing played, another kind of picture."""
    silent = tmp_path / "silent.py"
    silent.write_text("x = play(silence)")
    for call, said in (
        (lambda: analysis_of([silent], 4), "nothing is played in 4 cycles"),
        (lambda: analysis_of([tmp_path / "none.mid"]), "no such file"),
        (lambda: analysis_of([tmp_path / "none.py"]), "there is no file"),
        (lambda: analysis_of([piece], 0), "--cycles must be"),
        (lambda: analysis_of([midi_file(tmp_path), piece]), "one MIDI file at a time"),
        (lambda: write_picture(analysis_of([piece], 1), tmp_path / "x.jpg"), ".png or .svg"),
        (lambda: write_picture(analysis_of([piece], 1), tmp_path / "no" / "x.png"), "cannot be written"),
    ):
        with pytest.raises(SempreError, match=said):
            call()


def test_a_line_covers_what_it_goes_over(tmp_path: Path) -> None:
    """From end to end, and nothing else."""
    canvas = Dots(20, 10, (255, 255, 255), scale=1)
    canvas.line([(2, 5), (17, 5)], (0, 0, 0), 2)
    (tmp_path / "line.png").write_bytes(canvas.data())
    width, _, dots = read_png(tmp_path / "line.png")
    dark = {place // 3 for place in range(0, len(dots), 3) if dots[place] < 128}
    assert {5 * width + x for x in range(3, 17)} <= dark
    assert all(3 <= place // width <= 6 and 1 <= place % width <= 18 for place in dark)


def test_many_layers_are_each_named_in_a_colour_of_their_own(tmp_path: Path) -> None:
    """Eleven, as an ordinary piece has them, in two rows."""
    file = tmp_path / "many.py"
    file.write_text("\n".join(f"layer{n} = play(note('c{n % 5 + 2}'))" for n in range(11)))
    picture = tmp_path / "many.svg"
    write_picture(analysis_of([file], 2), picture)
    drawn = [*ET.parse(picture).getroot().iter()]
    shown = {"".join(one.itertext()) for one in drawn if one.tag.endswith("text")}
    assert {f"layer{n}" for n in range(11)} <= shown
    assert len(set(LAYERS)) == len(LAYERS) == 16
