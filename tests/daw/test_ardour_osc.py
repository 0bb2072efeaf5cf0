"""Ardour's transport by OSC: it hears what `daw("ardour", …)` sends, and says so."""

from __future__ import annotations

import contextlib
import socket
import time
from typing import TYPE_CHECKING

import pytest

from bridge.osc_read import read_packet
from bridge.osc_write import write_message
from repl.cli import main
from repl.daw_remote import REMOTES, steer
from tests.daw.conftest import Ardour, Dropped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.daw, pytest.mark.jack, pytest.mark.timeout(240)]

FEEDBACK = 1 + 8 + 16
"""Of Ardour: the state of buttons, a heartbeat, and what is not of one track."""
PIECE = "a = play(note('c*4'), on=midi(channel=2))\n"


class Surface:
    """What Ardour tells a control surface."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.05)
        self.port: int = self._socket.getsockname()[1]
        self.said: dict[str, object] = {}

    def tell(self, address: str, *values: object) -> None:
        """Send it something."""
        self._socket.sendto(write_message(address, values), ("127.0.0.1", REMOTES["ardour"].port))

    def hello(self) -> None:
        """Say where feedback is wanted, and which."""
        self.tell("/set_surface", 0, 159, FEEDBACK, 0, 0, 0, self.port)

    def listen(self) -> None:
        """Take what there is."""
        with contextlib.suppress(TimeoutError, ConnectionError):
            for timed in read_packet(self._socket.recv(65_536)):
                address, values = timed.message
                self.said[address] = values[-1] if values else None

    def until(self, test: Callable[[], bool], again: Callable[[], object] = lambda: None) -> None:
        """Wait until what it says is so; a server that has dropped Ardour lets this fail."""
        deadline = time.monotonic() + 10
        asked = 0.0
        while not test():
            if time.monotonic() > deadline:
                raise Dropped(f"Ardour says only {self.said}")
            if time.monotonic() - asked > 0.5:
                asked = time.monotonic()
                again()
            self.listen()

    def close(self) -> None:
        """That was all."""
        self._socket.close()


def test_start_record_and_stop(ardour: Ardour, tmp_path: Path) -> None:
    """A session of our script listens from its first moment."""
    piece = tmp_path / "osc.py"
    piece.write_text(PIECE)
    assert main(["daw", "ardour", str(piece), "-o", str(tmp_path)]) == 0
    session = tmp_path / "osc"

    def attempt() -> None:
        running = ardour.play_session(session)
        surface = Surface()
        try:
            said = surface.said
            surface.until(lambda: "/heartbeat" in said, surface.hello)
            steer("ardour", "start")
            surface.until(lambda: said.get("/transport_play") == 1)
            steer("ardour", "stop")
            surface.until(lambda: said.get("/transport_stop") == 1 and said.get("/transport_play") == 0)
            steer("ardour", "record")
            surface.until(lambda: said.get("/rec_enable_toggle") == 1 and said.get("/transport_play") == 1)
            steer("ardour", "stop")
            surface.until(lambda: said.get("/transport_play") == 0)
        finally:
            surface.close()
            running.end()

    ardour.run(tmp_path / "osc.ardour.lua", str(session), clear=session)
    ardour.again(attempt)
