"""A session that was played, and is played again aloud: what leaves the machine is what its journal lists."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, cast

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
    """Each message once, at the same distances, though what plays it is killed; Ctrl-C ends it."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sempre.toml").write_text(SETTINGS.format(port=0))
    first = start(PIECE.format(port=ear.port), 3.0)
    assert first.finish().count("from cycle 0") == 1
    played = sent(tmp_path)
    assert main(["replay", "last", "--events", "events.jsonl"]) == 0
    capsys.readouterr()
    listed = [json.loads(line) for line in (tmp_path / "events.jsonl").read_text().splitlines()]

    ear.listen()
    while ear.messages:
        ear.messages.clear()
        ear.listen()
    again = Again(tmp_path)
    again.wait_for(f"{len(listed)} events; Ctrl-C ends it")
    os.kill(again.processes()["engine"], signal.SIGKILL)
    again.wait_for("the engine was replaced")
    (status, *_) = again.statuses(0.4)
    assert cast("list[dict[str, object]]", status["layers"])[0]["name"] == "lead"
    while len(ear.messages) < len(listed):
        ear.until(lambda message: message.address == "/note")
    again.process.send_signal(signal.SIGINT)
    assert "stopping" in again.finish()
    assert again.process.returncode == 0
    heard = sent(tmp_path)
    assert len(heard) == len(listed) > 15
    assert [at for at, _ in heard] == pytest.approx([row["at"] - listed[0]["at"] for row in listed], abs=1e-6)
    # When that session ended its output played on for a moment after the journal had been closed.
    assert [values for _, values in heard] == [values for _, values in played][: len(heard)]
