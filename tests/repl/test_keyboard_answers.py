"""From the bytes of a keyboard to the answer that sounds; port, line and clock alone are stand-ins."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import pytest

from bridge.midi_in import Inlet
from repl.remote import Remote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from bridge.clock import SharedClock
    from bridge.engine_link import EngineLink
    from tests.repl.conftest import Desk

PERIOD = 2.0
"""Seconds of a cycle of a desk."""
EIGHTH = PERIOD / 8


class Line:
    """The line from the process of the keyboards to the engine: JSON, as on the wire."""

    waiting = 0

    def __init__(self, desk: Desk, says: Callable[[dict[str, object]], object]) -> None:
        self._desk, self.says = desk, says

    def send(self, message: dict[str, object]) -> bool:
        """Do what the engine does with it."""
        told: dict[str, Any] = json.loads(json.dumps(message))
        if told["op"] == "move":
            Remote(self._desk.music, {}).move(told["rows"])
        return True


class Keys:
    """A keyboard whose messages reach a session."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        lines: list[Line] = []

        def link(_here: object, says: Callable[[dict[str, object]], object], _gone: object) -> EngineLink:
            lines.append(Line(desk, says))
            return cast("EngineLink", lines[0])

        clock = cast("SharedClock", desk.clock)
        self.inlet = Inlet({"backend": "none"}, clock, lambda _: None, link)
        lines[0].says({"op": "inputs", "inputs": [{"name": "midi keys"}], "positions": {}})

    def send(self, *message: int) -> None:
        """A message comes now."""
        self.inlet.heard("KeyStep", self.desk.clock.now(), bytes(message))
        self.inlet.turn()  # what keys do is urgent: it is told at once

    def play(self, keys: Sequence[int], velocity: int) -> None:
        """Eighths from now on, each held for most of it; a note-on without force lets go, too."""
        for number, key in enumerate(keys):
            self.send(0x90, key, velocity)
            self.desk.play(0.2)
            self.send(*((0x80, key, 64) if number % 2 else (0x90, key, 0)))
            self.desk.play(EIGHTH - 0.2)


@pytest.fixture
def keys(desk: Desk) -> Iterator[Keys]:
    """A session that answers, one cycle after it has begun."""
    desk.save('partner = play(model("chorale").answer())')
    desk.play(desk.begins[0] + PERIOD)
    made = Keys(desk)
    yield made
    made.inlet.close()


def test_bytes_are_answered_with_notes(keys: Keys) -> None:
    """In the next cycle, as hard and about as high as they were struck; silence is answered by silence."""
    keys.play((60, 64, 67, 72, 67, 64, 60, 64), 100)
    keys.desk.play(PERIOD)
    keys.play((50, 53, 57, 53), 30)
    keys.desk.play(2 * PERIOD)
    heard = [(cycle, cast("float", pitch)) for cycle, pitch in keys.desk.heard("note")]
    hard = dict(keys.desk.heard("velocity"))
    first = [(cycle, pitch) for cycle, pitch in heard if 2 <= cycle < 3]
    second = [(cycle, pitch) for cycle, pitch in heard if 4 <= cycle < 5]
    assert sorted([*first, *second]) == sorted(heard)
    assert len(first) >= 4
    assert second
    assert all(55 <= pitch <= 77 for _, pitch in first)
    assert {hard[cycle] for cycle, _ in first} == {100 / 127}
    assert {hard[cycle] for cycle, _ in second} == {30 / 127}
    assert keys.desk.troubles == []
