"""Meters, from what is played to the prompt and to clients that look: through the mixer and their process."""

from __future__ import annotations

import json
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from bridge.worker import Connection, connect
from repl.runtime import door, key_of

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Session

pytestmark = pytest.mark.timeout(60)
PATIENCE = 15.0
PIECE = """tempo(120)
low = play(note("a2").slow(2), on=instrument("sine", duck=0) | (bus("soft") | fx.gain(-6)))
high = play(note("a6").slow(2), on=instrument("sine", gain=.2, duck=0))
away = play(note("c3*8"), on=osc(9))
"""
Message = dict[str, object]


def message(connection: Connection, op: str, good: Callable[[Message], bool] = bool) -> Message:
    """The first message of a kind that is as wanted."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        said = cast("Message", json.loads(connection.receive()[1]))
        if said["op"] == op and good(said):
            return said
    raise AssertionError(f"no {op}")


def spectrum(said: Message, name: str = "master") -> list[float]:
    """What somebody's sound is made of; nothing, if that is not told."""
    return cast("dict[str, list[float]]", said["spectrum"]).get(name, [])


def test_who_looks_sees_and_nobody_is_the_worse_for_it(
    start: Callable[[str, float], Session], tmp_path: Path
) -> None:
    """The prompt draws; a client is told 20 times a second; the process comes when wanted, and again."""
    session = start(PIECE, 50)
    session.wait_for("from cycle 0")
    folder = tmp_path / "run" / "sempre" / str(session.processes()["supervisor"])
    client, prompt = (connect(door(folder, "engine"), key_of(folder), patience=PATIENCE) for _ in range(2))
    assert "meters" not in session.processes()
    status = message(client, "status", lambda said: len(str(said["levels"])) > 150)
    levels = cast("dict[str, dict[str, dict[str, float]]]", status["levels"])
    assert levels["layers"].keys() == {"low", "high"}
    assert levels["buses"].keys() == {"soft"}

    prompt.send_json(b"J", {"op": "eval", "id": 1, "text": 'meters("high")'})
    answer = message(prompt, "result")
    drawn = str(answer["text"])
    assert answer["ok"], drawn
    for row in ("low ", "high ", "bus soft ", "master ", "LUFS "):
        assert f"\n{row}" in drawn, drawn
    assert "away" not in drawn
    assert "meters" in session.processes()
    prompt.send_json(b"J", {"op": "eval", "id": 2, "text": 'meters("hihg")'})
    assert "did you mean" in str(message(prompt, "result", lambda said: said["id"] == 2)["text"])

    client.send_json(b"J", {"op": "look", "of": ["low"]})
    said = message(client, "meters", lambda said: bool(spectrum(said, "low")))
    begun, count = time.monotonic(), 0
    while time.monotonic() < begun + 1:
        said, count = message(client, "meters"), count + 1
    assert count >= 10
    low, master = spectrum(said, "low"), spectrum(said)
    assert len(low) == len(master) == 64
    # 110 Hz lie in the sixteenth band, 1760 Hz in the forty-second: of 64 from 20 Hz to 20 kHz.
    assert abs(low.index(max(low)) - 15) <= 1
    assert master[41] > low[41] + 20
    loudness = cast("dict[str, dict[str, float]]", said["loudness"])
    assert {"master", "low", "soft"} <= loudness.keys()
    assert loudness["soft"]["momentary"] == pytest.approx(loudness["low"]["momentary"] - 6, abs=1.5)

    os.kill(session.processes()["meters"], signal.SIGKILL)
    message(client, "meters", lambda said: cast("float", said["seconds"]) < 2)
    os.kill(session.processes()["mixer"], signal.SIGKILL)
    message(client, "meters", lambda said: max(spectrum(said, "low") or [-200]) > -60)
    client.send_json(b"J", {"op": "look"})
    client.close()
    prompt.close()
