"""A folder of pieces at the command line: what a session plays of it is what is written of it."""

from pathlib import Path

import pytest

from repl.cli import main
from repl.errors import ReplError
from repl.folders import all_pieces, pieces_in, project_of
from repl.shelf import examples, shelf


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A set of two pieces, a module that one of them imports, and what an editor leaves."""
    monkeypatch.chdir(tmp_path)
    place = Path("set")
    place.mkdir()
    (place / "beats.py").write_text("from riffs import four\ntempo(240)\ndrums = play(s(four))\n")
    (place / "riffs.py").write_text('four = "bd*4"\n')
    (place / "tune.py").write_text('tune = play(note("c e g").lpf(knob("bright", 200, 4000)))\n')
    (place / "_draft.py").write_text("this is no Python\n")
    (place / "tune.py~").write_text("nor this\n")
    return place


def test_what_is_a_piece(folder: Path, tmp_path: Path) -> None:
    """Files come first, each piece once; a folder in which there is none is refused."""
    assert all_pieces([folder]) == [Path(name) for name in pieces_in("set", Path())]
    assert all_pieces([folder, folder / "tune.py"]) == [folder / "tune.py", folder / "beats.py"]
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(ReplError, match=r"no piece is in the folder .*empty"):
        all_pieces([empty])


def test_a_midi_file_of_a_folder(folder: Path) -> None:
    """The same bytes as of its pieces, named one by one."""
    pieces = [str(one) for one in all_pieces([folder])]
    assert main(["export", str(folder), "--cycles", "2", "-o", "a.mid"]) == 0
    assert main(["export", *pieces, "--cycles", "2", "-o", "b.mid"]) == 0
    assert Path("a.mid").read_bytes() == Path("b.mid").read_bytes()


def test_a_sound_of_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All its pieces together."""
    assert main(["render", f"{folder}/", "--cycles", "1", "-o", "all.wav"]) == 0
    assert "all.wav: 1 s, 7 events" in capsys.readouterr().out


def test_a_tablet_for_a_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The inputs of all its pieces."""
    assert main(["touchosc", str(folder), "-o", "set.tosc"]) == 0
    assert "set.tosc: 1 controls: bright" in capsys.readouterr().out


def test_where_a_set_lies(folder: Path, tmp_path: Path) -> None:
    """Beside its first piece; here for nothing at all, and for what comes with Sempre."""
    assert project_of([folder / "tune.py", tmp_path], shelf()) == tmp_path / "set"
    assert project_of([folder, Path("other.py")], shelf()) == tmp_path / "set"
    assert project_of([Path("other.py")], shelf()) == tmp_path
    assert project_of([], shelf()) == project_of([examples()[0].file], shelf()) == tmp_path
