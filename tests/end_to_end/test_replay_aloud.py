"""A session that was played, and is played again aloud: what leaves the machine is what its journal lists."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from bridge.osc_read import read_packet
from bridge.sent import read_logs
from repl.cli import main
from repl.runtime import kept
from tests.end_to_end.conftest import SEMPRE, Session
from tests.end_to_end.test_osc_in import SETTINGS, Ear

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.timeout(60)

PIECE = """
tempo(bpm=240)
reseed(5)
lead = play(note("c*4 <e g> [a b]?"), on=osc({port}, "/note"))
"""


@pytest.fixture
def ear() -> Iterator[Ear]:
    """Hears what the piece plays."""
    made = Ear()
    yield made
    made.socket.close()


class Again(Session):
    """`sempre replay` in a process of its own, where a session was."""

    def __init__(self, folder: Path, *options: str) -> None:
        self._base = folder / "run"
        self.log = folder / "again.txt"
        with self.log.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SEMPRE, "replay", "last", *options],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=os.environ | {"XDG_RUNTIME_DIR": str(self._base)},
                cwd=folder,
            )


def sent(folder: Path) -> list[tuple[float, tuple[object, ...]]]:
    """What the session before sent to the ear: seconds from its first message, and its values."""
    rows = [row for row in read_logs(kept(folder / "run" / "sempre")).rows if row.kind == "on"]
    found = [(row.due - rows[0].due, read_packet(row.data)[0].message.arguments) for row in rows]
    return sorted(found, key=lambda row: row[0])


def test_it_is_heard_again(
    tmp_path: Path,
    ear: Ear,
    start: Callable[[str, float], Session],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each message once, at the same distances, though the process that plays it is killed."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sempre.toml").write_text(SETTINGS.format(port=0))
    first = start(PIECE.format(port=ear.port), 3.0)
    assert first.finish().count("from cycle 0") == 1
    played = sent(tmp_path)
    assert main(["replay", "last", "--events", "events.jsonl"]) == 0
    capsys.readouterr()
    listed = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]

    again = Again(tmp_path)
    again.wait_for(f"{len(listed)} events; Ctrl-C ends it")
    os.kill(again.processes()["engine"], signal.SIGKILL)
    again.wait_for("the engine was replaced")
    assert again.finish()
    assert again.process.returncode == 0
    heard = sent(tmp_path)
    ear.until(lambda message: message.address == "/note")
    assert len(heard) == len(listed) > 15
    assert [at for at, _ in heard] == pytest.approx([row["at"] - listed[0]["at"] for row in listed], abs=1e-6)
    # Its first session was cut off by the clock, perhaps between a message and what the journal says of it.
    assert [values for _, values in heard][: len(played) - 2] == [values for _, values in played][:-2]


def test_ctrl_c_ends_it(
    tmp_path: Path,
    ear: Ear,
    start: Callable[[str, float], Session],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """At once, from any cycle on; a prompt is told how it goes, and what it says changes nothing."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "sempre.toml").write_text(SETTINGS.format(port=0))
    start(PIECE.format(port=ear.port), 3.0).finish()
    again = Again(tmp_path, "--from", "1")
    again.wait_for("Ctrl-C ends it")
    ear.messages.clear()
    ear.until(lambda message: message.address == "/note")
    (status, *_) = again.statuses(0.6)
    assert [row["name"] for row in status["layers"]] == ["lead"]  # pyright: ignore[reportUnknownVariableType, reportGeneralTypeIssues, reportIndexIssue] - JSON
    again.process.send_signal(signal.SIGINT)
    assert "stopping" in again.finish()
    assert again.process.returncode == 0
