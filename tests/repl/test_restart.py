"""Ending a session and beginning it anew: with what it was started, and only when the former one is gone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from repl import cli, launch, restart
from repl.errors import SessionError
from repl.runtime import asked_of, create, keep_asked

if TYPE_CHECKING:
    from collections.abc import Sequence

PID = 4_000_000


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a session, which another folder's pieces were started in."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.chdir(home)
    folder = create(PID)
    keep_asked(folder, {"files": ["a.py"], "folders": ["set"], "settings": {"secret": 1}, "leash": True})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(restart, "newest", lambda: folder)
    return folder


def test_it_begins_as_it_was_begun(
    running: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In the folder of the first time, without a leash, after the former one is gone."""
    assert asked_of(running) == {
        "files": ["a.py"],
        "folders": ["set"],
        "replay": None,
        "home": str(tmp_path / "home"),
    }
    asked: list[tuple[list[Path], bool, Path]] = []

    def stop(folder: Path) -> None:
        assert folder == running
        folder.rename(tmp_path / "gone")

    def start(files: Sequence[Path], *, leash: bool) -> launch.Started:
        asked.append((list(files), leash, Path.cwd()))
        assert not running.exists()
        raise SessionError("not in a test")

    monkeypatch.setattr(launch, "stop_session", stop)
    monkeypatch.setattr(launch, "start", start)
    assert cli.main(["restart"]) == 1
    assert asked == [([Path("a.py"), Path("set")], False, tmp_path / "home")]
    assert "not in a test" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (json.dumps({"files": [], "folders": [], "replay": {}}), "is a replay"),
        (None, "does not say"),
        ("", "does not"),
    ],
)
def test_what_cannot_be_begun_anew_is_not_ended(
    running: Path,
    kept: str | None,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A replay, and a session that does not say how it was started."""

    def stop(folder: Path) -> None:
        pytest.fail(f"{folder} was ended")

    monkeypatch.setattr(launch, "stop_session", stop)
    (running / "asked").unlink()
    if kept is not None:
        (running / "asked").write_text(kept)
    assert cli.main(["restart"]) == 1
    assert said in capsys.readouterr().err
