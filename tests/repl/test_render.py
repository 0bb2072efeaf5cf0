"""What is said of a piece that cannot be written to a sound file."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from repl.errors import ReplError
from repl.render import render_files
from repl.stems import write_stems


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ('s("bd").gain("loud")', "evening.py:1:24: gain wants a number, found 'loud'"),
        ('s("bd*100000000")', "evening.py:1:13: this pattern is too dense"),
        ('s("bd").with_value(lambda v: v["x"])', "evening.py:1:39: nothing named 'x'"),
        ("silence", ""),
    ],
)
def test_a_piece_without_a_sound_says_why(
    code: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where each event is dropped, what was wrong with them stands before the refusal."""
    monkeypatch.chdir(tmp_path)
    piece = Path("evening.py")
    piece.write_text(f"x = play({code})\n", encoding="utf-8")
    with pytest.raises(ReplError) as caught:
        render_files([piece], 2, Path("evening.wav"))
    assert told in str(caught.value)
    assert str(caught.value).endswith("nothing is played by an instrument of ours: nothing to render")
    assert bool(told) == (len(str(caught.value).splitlines()) > 1)


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("nowhere/evening.wav", "cannot write nowhere/evening.wav: No such file"),
        ("evening.aiff", "a .wav, .flac, .ogg, .mp3 file"),
    ],
)
def test_a_file_that_cannot_be_written_is_said_in_a_line(
    output: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another folder that is not there, another kind of file."""
    monkeypatch.chdir(tmp_path)
    piece = Path("evening.py")
    piece.write_text('x = play(note("c"))\n', encoding="utf-8")
    with pytest.raises(ReplError, match=told):
        render_files([piece], 0.1, Path(output))


@pytest.fixture
def small_files() -> Iterator[int]:
    """A system that lets no file grow beyond so many bytes, and takes a part of what is too much."""
    import resource  # there is none on Windows

    size, limits = 3000, resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    yield size
    resource.setrlimit(resource.RLIMIT_FSIZE, limits)


@pytest.mark.skipif(sys.platform == "win32", reason="no such limits")
@pytest.mark.parametrize("kind", ["wav", "flac", "ogg", "mp3", "stems"])
def test_a_full_disk_leaves_the_file_that_was_there(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small_files: int
) -> None:
    """No stump takes its place, or lies beside it; of stems all are as they were."""
    monkeypatch.chdir(tmp_path)
    piece = Path("evening.py")
    piece.write_text(
        'tempo(120)\na = play(note("c*8").s("sawtooth"))\nb = play(note("g"))\n', encoding="utf-8"
    )
    names = [f"evening_{name}_120bpm.wav" for name in "ab"] if kind == "stems" else [f"evening.{kind}"]
    for name in names:
        Path(name).write_bytes(b"a good take")
    there = {path: path.read_bytes() for path in tmp_path.iterdir()}

    def written() -> str:
        if kind == "stems":
            return write_stems([piece], tmp_path, seconds=0.5)
        return render_files([piece], 0.5, Path(names[0]))

    with pytest.raises(ReplError, match=r"cannot write .*: File too large"):
        written()
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == there
