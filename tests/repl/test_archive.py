"""The journals that are kept, from the command line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from repl import cli, launch
from repl.archive import found, kept, listing, replay
from repl.errors import ReplError

if TYPE_CHECKING:
    from tests.repl.conftest import Played

NAME = "2026-11-21_20-15-00_42"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: type[Played]) -> Path:
    """A folder of journals with a session in it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "state" / "sempre" / "journal"
    place.mkdir(parents=True)
    played = written()
    played.rows[0] |= {"pieces": ["a.py"], "folder": str(tmp_path)}
    played.save('tempo(240)\na = play(s("bd*2"))\nb = play(note("60"), on=midi())')
    played.play(5)
    played.finish()
    played.rows[-1]["cycle"] = 4.9
    (place / f"{NAME}.jsonl").write_text("\n".join(json.dumps(row) for row in played.rows))
    return place


def test_the_list(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Name, length and pieces of each; of one in parts the last is meant."""
    (folder / "2026-11-20_10-00-00_7.jsonl").write_text('{"kind": "journal", "pieces": ["x.py", "y.py"]}\n')
    (folder / "2026-11-20_10-00-00_7.2.jsonl").write_text('{"kind": "journal", "pieces": ["x.py"]}\n')
    (folder / "2026-11-19_10-00-00_7.jsonl").write_text("nonsense")
    assert cli.main(["journal"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines == [
        f"journals in {folder}:",
        f"{NAME}   5 cycles  a.py",
        "2026-11-20_10-00-00_7    nothing  x.py",
    ]
    assert listing(folder / "nowhere") == f"there is no journal in {folder / 'nowhere'}"


def test_which_one_is_meant(folder: Path) -> None:
    """A file, the beginning of a name, or the last."""
    path = folder / f"{NAME}.jsonl"
    assert found("last") == found("2026-11-21") == found(str(path)) == path
    (folder / "2026-11-21_10-00-00_7.jsonl").write_text("")
    assert found("last") == path
    assert len(kept(folder)) == 2
    with pytest.raises(ReplError, match="write more of it"):
        found("2026-11-21")
    with pytest.raises(ReplError, match="sempre journal"):
        found("1999")


def test_its_events_and_its_sound(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Counted from the first cycle that was asked for."""
    assert folder.is_dir()
    assert cli.main(["replay", "last", "--from", "1", "--to", "3", "--events", "e.jsonl", "-o", "e.wav"]) == 0
    said = capsys.readouterr().out
    assert "e.jsonl: 6 events" in said
    assert "e.wav: 2 s, 4 events" in said
    assert "go to MIDI or OSC: b" in said
    rows = [json.loads(line) for line in Path("e.jsonl").read_text().splitlines()]
    first = [(row["layer"], row["cycle"], row["at"]) for row in rows[:3]]
    assert first == [("a.py:a", "1", 0), ("a.py:b", "1", 0), ("a.py:a", "3/2", pytest.approx(0.5))]
    assert Path("e.wav").stat().st_size > 100_000


def test_it_says_how_much_it_was(folder: Path) -> None:
    """With nothing to write."""
    assert replay(folder / f"{NAME}.jsonl").startswith(f"{NAME}: 4.9 s, 15 events")


@pytest.mark.parametrize("arguments", [["--from", "x"], ["--from", "-1"], ["--to", "1/0"]])
def test_a_cycle_is_a_number(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """And not below 0."""
    with pytest.raises(SystemExit):
        cli.main(["replay", "last", *arguments])
    assert "a cycle is a number from 0" in capsys.readouterr().err or arguments[1] == "-1"


def test_the_end_lies_behind_the_beginning(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Else nothing would be left."""
    assert folder.is_dir()
    assert cli.main(["replay", "last", "--from", "4", "--to", "2"]) == 1
    assert "lies before" in capsys.readouterr().err


def test_without_a_file_to_write_it_is_played_aloud(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With the settings of its pieces; what has nothing in it begins nothing, and --silent only computes."""
    asked: list[tuple[list[Path], object]] = []

    def play(files: list[Path], _seconds: None, *, again: object) -> int:
        asked.append((files, again))
        return 3

    monkeypatch.setattr(launch, "play", play)
    assert cli.main(["replay", "last", "--from", "1/2"]) == 3
    path = folder / f"{NAME}.jsonl"
    assert asked == [([folder.parents[2] / "a.py"], {"journal": str(path), "begin": "1/2", "end": None})]
    assert "--silent only computes" in capsys.readouterr().out
    assert cli.main(["replay", "last", "--silent"]) == 0
    assert "4.9 s, 15 events" in capsys.readouterr().out
    path.write_text(path.read_text().partition("\n")[0])
    assert cli.main(["replay", "last"]) == 1
    assert "nothing was played in that session" in capsys.readouterr().err
    assert len(asked) == 1
