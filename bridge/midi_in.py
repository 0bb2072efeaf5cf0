"""The process in which MIDI comes in: keys, wheels and controllers move the inputs of a piece.

It is one of its own because a busy keyboard must hold up neither the engine nor what sends notes, and
because it goes on while an engine hangs or is replaced: what was moved meanwhile is told to the next one.
It runs no user code. Started as `python -m bridge.midi_in CONFIG`.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from bridge.clock import SharedClock, monotonic
from bridge.controls import read_position
from bridge.engine_link import EngineLink, Said
from bridge.errors import BridgeError
from bridge.hub import Hub
from bridge.inlet_process import begin
from bridge.keyboard import Row
from bridge.keyboard_hands import Hands
from bridge.keyboard_line import KeyboardLine
from bridge.midi_in_maps import LAYER, NAME, Maps
from bridge.midi_in_ports import EVERY, MidiIn
from bridge.midi_in_state import MidiState, Move
from bridge.midi_in_takes import Takes
from bridge.tempo import Tempo
from bridge.worker import address, realtime, settle_memory
from patterns.inputs import MIDI, Input

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bridge.event import Seconds, SinkEvent
    from bridge.midi_in_ports import Hearing

    Link = Callable[[Callable[[], object], Callable[[Said], object], Callable[[], object]], EngineLink]
    """Makes the line to the engine, from the functions that it calls."""

LATER = 0.13
"""Seconds after a stroke at which it counts: layers that follow an input are asked 0.1 s ahead, in steps of
0.02 s, so a rhythm that is played comes out as it was played."""
BATCH = 0.01
"""Seconds for which positions are gathered before they are told; after a silence the first goes at once."""
BEAT = 0.25
"""Seconds between two signs of life."""
IDLE = 0.05
"""Seconds after which we look round at the latest."""
PRIORITY = 50
"""Of all threads of this process, above the 40 of those that only attend to what others send."""
SWITCH = 0.0005
"""Seconds after which a thread that computes lets the server's thread have its turn; Python's usual 5 ms are
as long as a whole period."""


def open_inputs(settings: dict[str, object], clock: SharedClock, hearing: Hearing) -> MidiIn | str:
    """The best way to hear MIDI that this machine has: JACK if a server runs, else the system's ports.

    Args:
        settings: `backend` and `name`, as for `bridge.output.open_midi`.
        clock: The session's timeline.
        hearing: Is told what comes.

    Returns:
        The way, or why there is none.
    """
    backend, name = str(settings.get("backend", "auto")), str(settings.get("name", "Sempre"))
    reason = "switched off in the settings"
    if backend in ("auto", "jack"):
        from bridge.midi_in_jack import JackIn

        try:
            return JackIn(clock, hearing, name)
        except BridgeError as error:
            reason = str(error)
    if backend in ("auto", "system", "rtmidi-jack"):
        from bridge.midi_in_system import SystemIn

        try:
            return SystemIn(clock, hearing, "jack" if backend == "rtmidi-jack" else "system", name)
        except BridgeError as error:
            reason = str(error)
    return reason


class Inlet:
    """Everything of the process but its start.

    Args:
        settings: The musician's, of the section `[midi]`.
        clock: The session's timeline.
        say: Tells the supervisor.
        link: Makes the line to the engine.
        sender: Makes the line to a process that sounds notes, by its name.
        takes: The file into which everything that is played is written.
        folder: Where what controllers have learnt is kept.
    """

    def __init__(
        self,
        settings: dict[str, object],
        clock: SharedClock,
        say: Callable[[Said], object],
        link: Link,
        sender: Callable[[str], KeyboardLine] | None = None,
        *,
        takes: Path | None = None,
        folder: Path | None = None,
    ) -> None:
        self.hub = Hub()
        self.state = MidiState()
        self.hands = Hands(self._play, str(os.getpid()))
        self._sender = sender
        self._lines: dict[str, KeyboardLine] = {}
        self._clock = clock
        self._say = say
        self.takes = None if takes is None else Takes(takes, self.notice)
        own = str(settings.get("name", "Sempre"))
        self.maps = None if folder is None else Maps(folder / NAME, self.notice, own)
        self._set = frozenset(cast("list[str]", settings.get("inputs", [EVERY])))
        self._rows: dict[str, list[list[object]]] = {}
        self._urgent = False
        self._told = self._beaten = 0.0
        self._declared: list[str] = []
        post = self.hub.post
        self._link = link(
            lambda: post(self._engine_here),
            lambda message: post(partial(self._engine_says, message)),
            lambda: None,
        )
        self._way = open_inputs(settings, clock, self)
        if not isinstance(self._way, str):
            self._way.want(self._set)
            self.notice(self._way.text)

    def turn(self) -> None:
        """Wait a moment for what comes, and do all that is due."""
        self.hub.turn(self._wait())
        self._tell_engine()
        now = monotonic()
        if now - self._beaten >= BEAT:
            self._beaten = now
            self._say({"op": "beat"})
            if self.maps is not None:
                self.maps.look()

    def close(self) -> None:
        """Let go of the ports; whoever sounds notes sees that we are gone, and ends them."""
        if not isinstance(self._way, str):
            self._way.close()
        if self.takes is not None:
            self.takes.close()
        self.hub.close()

    # What comes in; called in the threads of the ports.

    def heard(self, port: str, at: Seconds, message: bytes) -> None:
        """A message came."""
        self.hub.post(partial(self._take, port, at, message))

    def lost(self, port: str) -> None:
        """A port is gone."""
        self.hub.post(partial(self._lose, port))

    def notice(self, text: str) -> None:
        """Pass a line on to the musician."""
        self._say({"op": "notice", "text": text})

    # The same in ours.

    def _lose(self, port: str) -> None:
        now = self._clock.now()
        self.hands.lose(port, now)
        if self.maps is not None:
            self.maps.lose(port)
        self._note(self.state.lose(port), now)

    def _play(self, sender: str, events: list[SinkEvent]) -> None:
        line = self._lines.get(sender)
        if line is not None:
            line.send(events)

    def _take(self, port: str, at: Seconds, message: bytes) -> None:
        self.hands.feed(port, at, message)
        if self.takes is not None:
            self.takes.write(port, at, message)
        for row, place in [] if self.maps is None else self.maps.feed(port, message):
            if row.kind == LAYER:
                name = "unmute" if place else "mute"
                self._link.send({"op": "command", "name": name, "arguments": [row.name]})
            else:
                self._note([Move(row.name, place, exact=False)], at)
        self._note(self.state.feed(port, message), at)

    def _note(self, moves: Iterable[Move], at: Seconds) -> None:
        for name, position, exact in moves:
            rows = self._rows.setdefault(name, [])
            if exact:
                self._urgent = True
            elif len(rows) == 1:
                rows.clear()
            rows.append([name, position, at + LATER if exact else None])

    def _wait(self) -> float:
        if self._urgent and not self._link.waiting:
            return 0.0
        return min(IDLE, max(0.0, self._told + BATCH - monotonic())) if self._rows else IDLE

    def _tell_engine(self) -> None:
        now = monotonic()
        if not self._rows or self._link.waiting or not (self._urgent or now - self._told >= BATCH):
            return
        rows = [row for found in self._rows.values() for row in found]
        # Of one input in their order, of all by time: what has none is for as soon as can be.
        rows.sort(key=lambda row: cast("float", row[2] or 0.0))
        if self._link.send({"op": "move", "rows": rows}):
            self._told = now
        # Without an engine nothing is kept: the next one is told where things are.
        self._rows.clear()
        self._urgent = False

    # The engine.

    def _engine_here(self) -> None:
        self._link.send({"op": "inputs"})

    def _engine_says(self, message: Said) -> None:
        op, maps = message.get("op"), self.maps
        if op == "inputs":
            self._declare(message)
        elif op == "tempo":
            self._keep_time(message.get("tempo"))
        elif op == "record" and self.takes is not None:
            self.takes.mark(str(message["cycle"]))
        elif maps is None:
            return
        elif op == "turned":
            maps.turned(str(message["name"]), cast("float", message["position"]))
        elif op == "learn":
            maps.learn(cast("dict[str, Any]", message["row"]))
        elif op == "unlearn":
            maps.unlearn(cast("list[str]", message["names"]))
        elif op == "learnt":
            self.notice(f"learn: {maps.said()}")

    def _keep_time(self, tempo: object) -> None:
        if self.takes is not None and tempo is not None:
            self.takes.tempo = Tempo.from_json(cast("list[list[float | str]]", tempo))

    def _declare(self, message: Said) -> None:
        rows = cast("list[dict[str, Any]]", message.get("inputs", []))
        there = cast("dict[str, object]", message.get("positions", {}))
        keyboards = cast("list[dict[str, object]]", message.get("keyboards", []))
        positions = {name: read_position(value) for name, value in there.items()}
        self._note(self.state.declare((str(row["name"]) for row in rows), positions), self._clock.now())
        self._keep_time(message.get("tempo"))
        if self.maps is not None:
            for row in rows:
                one = Input(**row) if row.get("kind") != MIDI else None
                if one is not None and one.name not in self.maps.positions:
                    self.maps.positions[one.name] = cast("float", positions.get(one.name, one.rest))
        self._set_keyboards([Row.from_json(row) for row in keyboards])
        if not isinstance(self._way, str):
            ports = {row.port for row in self.hands.rows if row.port is not None}
            ports |= self.maps.ports if self.maps is not None else set[str]()
            self._way.want(self._set | self.state.ports | ports)

    def _set_keyboards(self, rows: list[Row]) -> None:
        if self._sender is None:
            return
        for row in rows:
            if row.sender not in self._lines:
                self._lines[row.sender] = self._sender(row.sender)
            self._lines[row.sender].learn(row.route, row.place)
        self.hands.set_rows(rows, self._clock.now())


def main(arguments: list[str]) -> None:
    """Run the process until the supervisor says stop or is gone."""
    # Before the first thread is started: they have it from this one. A JACK server leaves a period out for
    # all its clients where one of them, kept waiting by whoever holds its interpreter, has not finished.
    realtime(PRIORITY)
    sys.setswitchinterval(SWITCH)
    config, runtime, key, parent, over = begin(arguments)
    inlet = Inlet(
        config["settings"].get("midi", {}),
        SharedClock(runtime / "clock"),
        parent.say,
        partial(EngineLink, address(runtime, "engine"), key),
        lambda name: KeyboardLine(address(runtime, name), key),
        takes=Path(config["takes"]) if config.get("takes") else None,
        folder=Path(config["folder"]) if config.get("folder") else None,
    )
    parent.listen()
    settle_memory()
    parent.say({"op": "ready"})
    while not over:
        inlet.turn()
    inlet.close()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
