"""The names of the MIDI ports, for completing them: looked for when they are wanted, beside the typing."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from bridge.asking import ask
from bridge.clock import monotonic
from bridge.port_names import name_part
from bridge.worker import start_thread

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bridge.asking import Answer

QUESTIONS = {
    "jack": ("bridge.midi_probe", "look_at_jack"),
    "system": ("bridge.midi_probe", "look_at_system"),
}
WAYS = ("outputs", "inputs")
"""What the libraries are asked for: ports that are played, and ports that are heard."""
PATIENCE = 4.0
"""Seconds after which a library that gives no answer is left."""
KEPT = 10.0
"""Seconds after which ports are looked for anew: something may have been plugged in."""


class PortList:
    """What of the name of each port is to be written, with its whole name.

    Args:
        look: Asks the libraries, each in a process of its own.
        now: Tells seconds.
        start: Has something done in a thread of its own.
    """

    def __init__(
        self,
        look: Callable[[], Mapping[str, Answer]] = lambda: ask(QUESTIONS, PATIENCE),
        now: Callable[[], float] = monotonic,
        start: Callable[[str, Callable[[], None]], object] = start_thread,
    ) -> None:
        self._look, self._now, self._start = look, now, start
        self._found: dict[str, dict[str, str]] = {}
        self._asked: float | None = None

    def __call__(self) -> Mapping[str, str]:
        """Those that can be played and were found last; what has come since is found for the next time."""
        return self._of("outputs")

    def inputs(self) -> Mapping[str, str]:
        """Those that are heard, in the same way."""
        return self._of("inputs")

    def _of(self, way: str) -> Mapping[str, str]:
        now = self._now()
        if self._asked is None or now - self._asked > KEPT:
            self._asked = now
            self._start("ports", self._see)
        return self._found.get(way, {})

    def _see(self) -> None:
        answers = self._look()
        for way in WAYS:
            names = [name for library in QUESTIONS for name in _names(answers.get(library, {}), way)]
            there = [*dict.fromkeys(names)]
            self._found[way] = {name_part(name, there): name for name in there}


def _names(answer: Mapping[str, object], way: str) -> list[str]:
    """What a library has of one way; one that is missing has none."""
    return [str(name) for name in cast("list[object]", answer.get(way, []))]
