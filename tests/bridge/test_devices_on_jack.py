"""`sempre devices` on a real JACK server, beside a running output process and beside a dead server."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import TYPE_CHECKING, Any, cast

import pytest

from bridge.clock import monotonic
from repl.devices import PATIENCE, survey
from repl.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bridge.conftest import Receiver, StartOutput

pytestmark = [pytest.mark.jack, pytest.mark.timeout(60)]


def test_what_is_written_reaches_the_port(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """The part that is told for each port leads a session to it; its own port is known as such."""
    del jack_server
    desk = start_output(backend="jack")
    listen("Volca Sample")
    listen("Volca")
    found = cast("dict[str, Any]", survey(Settings()))
    assert found["midi"]["taken"] == "jack"
    assert found["midi"]["jack"]["rate"] == 48_000
    assert found["midi"]["jack"]["ours"] == ["Sempre:out"]
    parts = {port["name"]: port["write"] for port in found["midi"]["jack"]["outputs"]}
    assert parts["Volca:in"] == "Volca"
    assert parts["Volca Sample:in"] == "Volca Sample"
    engine = desk.engine(1)
    engine.held()
    engine.routes(midi=[{"port": part} for part in parts.values()])
    for name, part in parts.items():
        desk.wait_line("notice", f"{part!r} is {name}")


def test_a_server_that_stands_still_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is stopped, so that it takes no client and refuses none."""
    name = f"sempre-still-{os.getpid()}"
    monkeypatch.setenv("JACK_DEFAULT_SERVER", name)
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    monkeypatch.setenv("JACK_NO_AUDIO_RESERVATION", "1")
    try:
        server = subprocess.Popen(
            ["jackd", "-n", name, "-S", "--no-realtime", "-d", "dummy", "-r", "48000", "-p", "256"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except FileNotFoundError:
        pytest.skip("jackd is not installed (apt-get install jackd2)")
    try:
        subprocess.run(
            ["jack_wait", "-s", name, "-w", "-t", "8"], timeout=10, check=True, capture_output=True
        )
        server.send_signal(signal.SIGSTOP)
        begun = monotonic()
        found = cast("dict[str, Any]", survey(Settings()))
        assert monotonic() - begun < PATIENCE + 2.0
        assert found["midi"]["jack"] == {"missing": f"no answer within {PATIENCE:g} s"}
    finally:
        server.send_signal(signal.SIGCONT)
        server.terminate()
        try:
            server.wait(5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
