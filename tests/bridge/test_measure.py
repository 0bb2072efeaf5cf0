"""`sempre calibrate` on loops whose length is known, on a real JACK server."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bridge.asking import ask
from repl.calibrate import calibrate
from repl.errors import ReplError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = [pytest.mark.jack, pytest.mark.timeout(90)]

ECHO = Path(__file__).parents[1] / "jack" / "echo.py"
RATE, PERIOD = 48_000, 256


@pytest.fixture
def echo(jack_server: str) -> Iterator[Callable[[int, str], str]]:
    """Start a loop of so many frames, of "midi" or "audio"; gives the name of its client."""
    assert jack_server
    running: list[subprocess.Popen[bytes]] = []

    def begin(frames: int, kind: str) -> str:
        name = f"echo{len(running)}"
        command = [sys.executable, str(ECHO), name, str(frames), kind]
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        running.append(process)
        assert process.stdout is not None
        assert process.stdout.readline() == b"ready\n"
        return name

    yield begin
    for process in running:
        process.communicate(timeout=5)


@pytest.mark.parametrize(
    ("kind", "frames"), [("midi", 1000), ("midi", 7321), ("audio", 1000), ("audio", 4803)]
)
def test_a_known_loop_is_measured_to_the_frame(
    echo: Callable[[int, str], str], kind: str, frames: int
) -> None:
    """What closes the loop costs one period more, as JACK must; the rest is its length."""
    name = echo(frames, kind)
    found = ask({"loop": ("bridge.measure", "measure", name, name, kind, "6", "1")}, 30.0)["loop"]
    assert found["to"] == f"{name}:in"
    assert found["back"] == f"{name}:out"
    measured = found["frames"]
    assert isinstance(measured, list)
    assert len(measured) == 6  # pyright: ignore[reportUnknownArgumentType] - JSON
    assert set(measured) <= {frames, frames + PERIOD}  # pyright: ignore[reportUnknownArgumentType] - JSON
    assert found["missed"] == 0


def test_what_it_says_can_be_written(echo: Callable[[int, str], str]) -> None:
    """The latency by the part of the name that was given, less what belongs to the way back."""
    name = echo(2400, "midi")
    text = calibrate(name, None, None, notes=5, minus=10.0)
    latency = re.search(rf'"{name}" = {{ latency_ms = ([\d.]+) }}', text)
    assert latency is not None, text
    # 50 ms, perhaps a period more, less 10.
    assert 40.0 <= float(latency[1]) <= 40.0 + 1000 * PERIOD / RATE + 0.1
    assert "5 of 5 notes" in text


def test_an_open_loop_and_a_missing_port_are_named(echo: Callable[[int, str], str]) -> None:
    """With what to look at; in bounded time."""
    name = echo(100_000, "midi")
    with pytest.raises(ReplError, match="nothing came back"):
        calibrate(name, None, None, notes=1)
    with pytest.raises(ReplError, match="no MIDI port has 'Wobbler'"):
        calibrate("Wobbler", None, None, notes=1)
    with pytest.raises(ReplError, match="no audio port has 'Wobbler'"):
        calibrate(name, None, "Wobbler", notes=1)
    with pytest.raises(ReplError, match="1 to 200"):
        calibrate(name, None, None, notes=0)


def test_without_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so."""
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "none-for-this-test")
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    with pytest.raises(ReplError, match="JACK"):
        calibrate("Volca", None, None)
