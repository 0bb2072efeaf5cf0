"""`sempre status --meters`: pictures again and again, or lines for other programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bridge.worker import Connection, Door, address, connect
from repl import cli, cli_meters, runtime
from repl.cli_meters import CLEAR, HOME, shown

KEY = b"0123456789abcdef"
LEVEL = {"peak": -3.0, "rms": -12.0}
REPORT = {
    "op": "meters",
    "levels": {"layers": {"drums": LEVEL}, "buses": {}, "inputs": {}, "master": LEVEL},
    "loudness": {},
    "spectrum": {},
}


class Engine:
    """A door behind which meters are told, and the session ends."""

    def __init__(self, folder: Path, pictures: int) -> None:
        self.where = address(folder, "engine")
        self.asked: list[object] = []
        self._pictures = pictures
        self.door = Door(self.where, KEY, self._serve)

    def _serve(self, connection: Connection) -> None:
        self.asked.append(json.loads(connection.receive()[1]))
        connection.send_json(b"J", {"op": "status"})
        for number in range(self._pictures):
            connection.send_json(b"J", {**REPORT, "seconds": 0.3 + number})
        connection.close()

    def see(self, *names: str, as_json: bool = False) -> list[str]:
        """What is written of it."""
        connection = connect(self.where, KEY, patience=5)
        return list(shown(connection, [*names], as_json=as_json))


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """Six pictures, the first of which shows nothing yet."""
    return Engine(tmp_path, 6)


def test_it_is_drawn_in_place_ten_times_a_second(engine: Engine) -> None:
    """The screen is cleared once; then each picture lies over the one before; the session ends it."""
    drawn = engine.see("drums")
    assert engine.asked == [{"op": "look", "of": ["drums"]}]
    assert len(drawn) == 3
    assert drawn[0].startswith(CLEAR + HOME)
    assert all(one.startswith(HOME) and "drums " in one for one in drawn[1:])
    assert "\x1b[K\n" in drawn[1]


def test_lines_for_other_programs(engine: Engine) -> None:
    """Each is a picture as clients get it."""
    lines = engine.see(as_json=True)
    assert [json.loads(line)["seconds"] for line in lines] == [1.3, 2.3, 3.3, 4.3, 5.3]
    assert all(line.endswith("}\n") for line in lines)


def test_the_command(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It finds the newest session."""
    monkeypatch.setattr(runtime, "newest", lambda: tmp_path)
    (tmp_path / "key").write_bytes(KEY)
    assert cli.main(["status", "--meters", "drums", "--json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 5
    assert engine.asked == [{"op": "look", "of": ["drums"]}]
    monkeypatch.setattr(cli_meters, "shown", interrupted)
    assert cli.main(["status", "--meters"]) == 0


def interrupted(*_: object, **__: object) -> list[str]:
    """Ctrl-C."""
    raise KeyboardInterrupt
