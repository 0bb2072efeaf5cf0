"""What `sempre history` tells of a session."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from repl import cli
from repl.archive import newest_of
from repl.chronicle import entries, told
from repl.errors import ReplError
from repl.replay import play_script, script_of
from repl.statement import placed

if TYPE_CHECKING:
    from repl.commits import Commit
    from tests.repl.conftest import Played

PIECE = 'tempo(120)\nbass = play(note("c2*2").gain(knob("swell")))\n'
START: dict[str, str] = {"start": "2026-11-21T20:15:00Z"}


@pytest.fixture(scope="module")
def evening(written: type[Played]) -> Played:
    """A session in which all sorts of things were done."""
    played = written()
    played.rows[0] |= START
    played.save(PIECE)
    played.play(5)
    played.save(PIECE.replace("c2*2", "c2*4"))
    played.play(3)
    with played.music.noting.by("Ada"):
        played.say("hats = play(s('hh*8'))")
        played.say("mute('bass')")
    played.play(3)
    for step in range(5):
        played.music.move([("swell", step / 10, None)])
        played.play(0.1)
    played.say("tempo(140)")
    played.play(3)
    played.say("scene('verse')")
    played.say("undo()")
    played.say("panic()")
    played.play(0.5)
    played.music.end_piece("a.py")
    played.finish()
    return played


def test_what_was_done(evening: Played) -> None:
    """When, at which cycle, who, and what; of a save what is another."""
    rows = [(one.who, one.what, list(one.lines)) for one in entries(evening.rows)]
    before, after = (PIECE.replace("c2*2", how).splitlines()[1] for how in ("c2*2", "c2*4"))
    assert rows == [
        ("tempo", "120 bpm", []),
        ("a.py", "begins: bass from cycle 0", [f"+{line}" for line in PIECE.splitlines()]),
        ("a.py", "changes from cycle 3", [f"-{before}", f"+{after}"]),
        ("Ada", "hats = play(s('hh*8'))", []),
        ("Ada", "muted: bass", []),
        ("Ada", "mute('bass')", []),
        ("swell", "0.4 (5 steps)", []),
        ("prompt", "tempo(140)", []),
        ("tempo", "140 bpm", []),
        ("prompt", "keeps the scene verse", []),
        ("prompt", "scene('verse')", []),
        ("prompt", "nothing muted or solo", []),
        ("prompt", "undo()", []),
        ("prompt", "panic", []),
        ("prompt", "panic()", []),
        ("a.py", "is gone", []),
        ("session", "ends", []),
    ]
    times = [one.at for one in entries(evening.rows)]
    assert times == sorted(times, key=lambda at: at or 0.0)


def test_its_lines(evening: Played) -> None:
    """A line for each, below the day; long ones are cut, unless something is looked for."""
    here = datetime.fromisoformat(START["start"]).astimezone()
    lines = told(evening.rows).splitlines()
    assert lines[0] == f"{here:%Y-%m-%d}"
    assert lines[1].split() == [f"{here:%H:%M:%S}", "tempo", "120", "bpm"]
    after = here + timedelta(seconds=5)
    assert lines[5].split() == [f"{after:%H:%M:%S}", "2.4", "a.py", "changes", "from", "cycle", "3"]
    long: Commit = {"kind": "file", "file": "b.py", "source": "\n".join(f"x{k} = {k}" for k in range(40))}
    rows = [*evening.rows, long]
    assert "… 28 more lines" in told(rows)
    found = told(rows, ["x3", "B.PY"])
    assert found.count("\n") == 41
    assert "more lines" not in found


def test_looking_for_something(evening: Played) -> None:
    """All of the words, as regular expressions."""
    assert len(told(evening.rows, ["mute", "Ada"]).splitlines()) == 3
    assert "changes" in told(evening.rows, [r"c2\*4"])
    with pytest.raises(ReplError, match="nothing in it has sitar"):
        told(evening.rows, ["sitar"])
    with pytest.raises(ReplError, match=r"--grep \(: .*stands for itself"):
        told(evening.rows, ["("])


def test_what_failed(written: type[Played]) -> None:
    """Who tried it, what was wrong in one line, and what was written; it is found by any of that."""
    played = written()
    played.rows[0] |= START
    played.save("bass = play(note('c2 h2'))")
    played.save(PIECE)
    played.play(0.2)
    with played.music.noting.by("Ada"):
        played.say("hats = play(noote(1))\nhats")
        played.say(placed("    lead = play(note(5))\n    lead = play(noote(6))", "a.py", 30))
        played.say("x" * 5000)
    rows = [(one.who, one.what, list(one.lines)) for one in entries(played.rows) if "fails" in one.what]
    assert rows[0] == (
        "a.py",
        "fails: a.py:1:22: no note is called 'h2'; the nearest is g2 or f2",
        [],
    )
    assert rows[1][0] == rows[2][0] == "Ada"
    assert "noote" in rows[1][1]
    assert rows[1][2] == ["hats = play(noote(1))", "hats"]
    assert rows[2][2] == ["if True:", "    lead = play(note(5))", "    lead = play(noote(6))"]
    assert len(rows[3][1]) < 400
    assert len(rows[3][2][0]) == 2000
    assert told(played.rows, ["ada", "hats", "fails"]).count("fails") == 1
    begun = [one.cycle for one in entries(played.rows) if "fails" in one.what]
    assert begun[0] is None
    assert begun[1] is not None


def test_panic_past_the_engine_is_panic(written: type[Played]) -> None:
    """The processes that sound were silenced before it heard of it; it is told and played as what it was."""
    played = written()
    played.save(PIECE)
    played.play(2)
    played.music.silenced()
    played.play(1)
    played.save(PIECE)
    played.play(2)
    played.finish()
    assert [one.what for one in entries(played.rows)].count("panic") == 1
    assert play_script(script_of(played.rows)).events == played.events()


def test_at_the_command_line(
    evening: Played, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The newest session of the project is meant, unless one is named."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    place, project = tmp_path / "state" / "sempre" / "journal", tmp_path / "evening"
    place.mkdir(parents=True)
    project.mkdir()
    monkeypatch.chdir(project)
    head = evening.rows[0] | {"folder": str(tmp_path), "pieces": ["evening/a.py"]}
    path = place / "2026-11-21_20-15-00_42.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in [head, *evening.rows[1:]]))
    other = place / "2026-11-22_20-15-00_42.jsonl"
    other.write_text(json.dumps(head | {"folder": "/elsewhere", "pieces": ["b.py"]}))
    assert newest_of(project) == path
    assert cli.main(["history", "--grep", "hats"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == str(path)
    assert said[-1].endswith("Ada           hats = play(s('hh*8'))")
    assert cli.main(["history", "last"]) == 1
    assert "nothing was done in it" in capsys.readouterr().err
    monkeypatch.chdir(place)
    assert cli.main(["history"]) == 1
    assert "`sempre journal` lists all" in capsys.readouterr().err
