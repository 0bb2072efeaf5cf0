"""Opening a JACK client where none opens: what is said of it, and how often it is tried."""

from __future__ import annotations

import sys
import types
from typing import NamedTuple

import pytest

from bridge import jack_open
from bridge.errors import BridgeError


class Status(NamedTuple):
    """What the server says of a client that it did not open."""

    server_failed: bool


class JackError(Exception):
    """As the library's."""


class JackOpenError(JackError):
    """As the library's."""

    def __init__(self, status: Status) -> None:
        super().__init__("it did not open")
        self.status = status


class Server:
    """A library whose server gives these answers, one after the other."""

    def __init__(self, *answers: Exception | None) -> None:
        self.answers = [*answers]
        self.asked: list[tuple[str, bool]] = []

    def open(self, name: str, *, no_start_server: bool) -> str:
        """Open a client, or raise what is next."""
        self.asked.append((name, no_start_server))
        answer = self.answers.pop(0)
        if answer is not None:
            raise answer
        return f"client {name}"


def no_time(_seconds: float) -> None:
    """What passes between two tries."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    """A library instead of the real one, and no time that passes between two tries."""
    made = Server()
    module = types.ModuleType("jack")
    for name, value in {"Client": made.open, "JackError": JackError, "JackOpenError": JackOpenError}.items():
        setattr(module, name, value)
    monkeypatch.setitem(sys.modules, "jack", module)
    monkeypatch.setattr(jack_open, "pause", no_time)
    return made


def test_a_server_that_refuses_is_asked_again(server: Server) -> None:
    """It takes the next client; it is never started by us."""
    server.answers += [JackOpenError(Status(server_failed=False)), JackError("later"), None]
    assert str(jack_open.open_client("Sempre")) == "client Sempre"
    assert server.asked == [("Sempre", True)] * 3


def test_a_server_that_goes_on_refusing_is_not_called_missing(server: Server) -> None:
    """After four times it is said what happened, and that a server is there."""
    server.answers += [JackOpenError(Status(server_failed=False))] * 5
    with pytest.raises(
        BridgeError, match=r"a JACK server runs, but refused 'Sempre' 4 times \(it did not open\)"
    ):
        jack_open.open_client("Sempre")
    assert len(server.answers) == 1


def test_where_none_runs_it_is_asked_once(server: Server) -> None:
    """Who has no JACK waits for nothing."""
    server.answers += [JackOpenError(Status(server_failed=True)), None]
    with pytest.raises(BridgeError, match="no JACK server runs"):
        jack_open.open_client("Sempre")
    assert len(server.answers) == 1
