"""A session whose knobs learn controllers, and that writes down what is played."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import pytest

from bridge.worker import connect
from repl.runtime import door, key_of

pytestmark = [pytest.mark.jack, pytest.mark.timeout(60)]

PATIENCE = 15.0
IN = "Sempre in:in"
PIECE = """
tempo(bpm=120)
lead = play(note("c4*16").cc(7, knob("level", default=.5)), on=midi(channel=1))
drums = play(note("c2*4"), on=midi(channel=2))
"""

Row = tuple[int, str]


class _Session(Protocol):
    def processes(self) -> dict[str, int]: ...
    def kill(self, role: str) -> None: ...
    def said(self) -> str: ...
    def wait_for(self, text: str, after: str = "") -> None: ...
    def finish(self) -> str: ...


class _Keys(Protocol):
    def connect(self, port: str) -> None: ...
    def play(self, *rows: Row) -> list[Row]: ...


class _Heard(Protocol):
    rows: list[Row]


class _Listener(Protocol):
    def heard(self) -> _Heard: ...


def asked(folder: Path, text: str) -> str:
    """What the prompt answers."""
    runtime = next((folder / "run" / "sempre").glob("[0-9]*"))
    connection = connect(door(runtime, "engine"), key_of(runtime), patience=PATIENCE)
    connection.send_json(b"J", {"op": "eval", "id": 1, "text": text})
    while True:
        message: dict[str, Any] = json.loads(connection.receive()[1])
        if message["op"] == "result" and message["id"] == 1:
            connection.close()
            assert message["ok"], message["text"]
            return str(message["text"])


def test_a_controller_is_learnt_and_a_take_is_taken(
    tmp_path: Path,
    listener: _Listener,
    start: Callable[[str, float], _Session],
    keyboard: Callable[[str], _Keys],
) -> None:
    """The next controller moves the knob once it has picked it up, and after the death of its process too."""
    session = start(PIECE, 14.0)
    session.wait_for("from cycle 0")
    session.wait_for(IN)
    keys = keyboard("Nano")
    keys.connect(IN)
    asked(tmp_path, 'learn("level")')
    session.wait_for("move the controller that is to move level")
    keys.play((0, "b0100a"))
    session.wait_for("CC 16 on channel 1 moves level")
    (low,) = keys.play((0, "b01014"))
    time.sleep(0.3)
    (caught,) = keys.play((0, "b01060"))
    time.sleep(0.3)
    asked(tmp_path, 'learn("drums")')
    session.wait_for("move the controller that is to move drums")
    keys.play((0, "b01100"))
    session.wait_for("plays and mutes drums")
    # A phrase, while the engine dies and comes back.
    asked(tmp_path, "record()")
    before = session.said()
    keys.play((0, "903c64"), (12000, "803c00"), (24000, "904064"), (36000, "804000"))
    session.kill("engine")
    keys.play((0, "904364"), (12000, "804300"))
    session.wait_for("engine was replaced", before)
    deadline = time.monotonic() + PATIENCE
    while "g4" not in (code := asked(tmp_path, 'take("riff", grid=32)')):
        assert time.monotonic() < deadline, code
        time.sleep(0.1)
    assert "c4" in code
    assert "e4" in code
    assert "riff = " in code
    asked(tmp_path, code)
    # Another process reads what was learnt.
    before = session.said()
    session.kill("keys")
    session.wait_for("midi_map.toml: CC 16", before)
    session.finish()
    mapped = (tmp_path / "midi_map.toml").read_text()
    assert 'name = "level"' in mapped
    assert 'name = "drums"' in mapped
    rows = listener.heard().rows
    levels = [(at, int(text[4:6], 16)) for at, text in rows if text.startswith("b007")]
    assert {value for at, value in levels if at < caught[0]} == {64}, "nothing jumps before it is picked up"
    assert low[0] < caught[0]
    assert any(value == 0x60 for at, value in levels if at > caught[0])
    last = max(at for at, text in rows if text.startswith("91"))
    assert last < max(at for at, text in rows if text.startswith("90")) - 48_000, "the layer is mute"
