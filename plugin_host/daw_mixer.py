"""The process that makes the sound of layers inside a DAW: for each instance of the plugin a rack of its own.

What begins and ends at which frame is said by the instances, through the memory that we share; what that is,
by the engine, through the door. Engines come and go, the sound goes on. Started as
`python -m plugin_host.daw_mixer CONFIG`.
"""

from __future__ import annotations

import json
import os
import struct
import sys
import threading
from collections import OrderedDict
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

from bridge.errors import BondError, PeerGone
from bridge.event import SinkEvent, decode_events, encode_held
from bridge.worker import Connection, Door, Line, Parent, pause, settle_memory, start_thread
from plugin_host.daw_memory import SoundBond
from plugin_host.daw_sound import DawSound
from plugin_host.errors import HostError
from plugin_host.mixer import load_rack, take_precedence
from plugin_host.routes import Routes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from plugin_host.rack import Rack

__all__ = ["DawMixer", "main"]

BLOCK: Final = 256
"""Frames that are made at once."""
POLL: Final = 0.001
"""Seconds between two looks at how far the hosts are: a plugin that makes sound may wake nobody."""
IDLE: Final = 0.02
"""The same where no instance has sound."""
BUILD: Final = 3.0
"""Seconds that an instance waits for its instruments before it begins without those that are not there."""
KNOWN: Final = 20_000
"""Sounds whose meaning is remembered, some kB each thousand."""
WARM_UP: Final = 8
"""Blocks that are made before the first one is heard: they touch memory for the first time."""


class Instance(NamedTuple):
    """What plays one instance.

    Attributes:
        name: As in `plugin("Bass")`.
        sound: Makes its sound.
        routes: Builds its instruments.
        ready: The routes that are built, or cannot be.
    """

    name: str
    sound: DawSound
    routes: Routes
    ready: set[int]


class DawMixer:
    """Takes from the engine of the highest term what sounds are, and makes those that instances cue.

    Args:
        make: Makes instruments for a rate and a block.
        notice: Takes one line for the musician.
    """

    def __init__(self, make: Callable[[int, int], Rack], notice: Callable[[str], None]) -> None:
        self._make = make
        self._notice = notice
        self._lock = threading.Lock()
        self._term = -1
        self._engine: Connection | None = None
        self._orders: SimpleQueue[Callable[[], object]] = SimpleQueue()
        self._known: OrderedDict[int, SinkEvent] = OrderedDict()
        self._table: dict[int, dict[str, Any]] = {}
        self._layers: dict[int, str] = {}
        self._wanted: dict[Path, str] = {}
        self._beats = 4.0
        self._instances: dict[Path, Instance] = {}

    def serve(self, connection: Connection) -> None:
        """Read one engine until it goes; a newer one closes it."""
        kind, body = connection.receive()
        if kind != b"H":
            return
        term = int(json.loads(body)["term"])
        with self._lock:
            if term < self._term:
                return
            former, self._engine, self._term = self._engine, connection, term
        if former is not None:
            former.close()
        connection.send(b"h", encode_held([]))
        self._say_ready()
        while True:
            kind, body = connection.receive()
            if self._engine is not connection:
                return
            try:
                self._handle(kind, body)
            except (HostError, KeyError, TypeError, ValueError, struct.error) as error:
                self._notice(f"the sound inside the DAW did not understand the engine: {error}")

    def turn(self) -> float:
        """Make what is due; gives the seconds until the next turn."""
        while not self._orders.empty():
            self._orders.get()()
        busy = False
        for path, one in [*self._instances.items()]:
            if one.sound.bond.lives:
                busy = one.sound.turn() or busy
            else:
                self._leave(path)
        if busy:
            return 0.0
        return POLL if self._instances else IDLE

    def panic(self) -> None:
        """Sound off, now; from any thread."""
        self._orders.put(lambda: [one.sound.desk.panic() for one in self._instances.values()])

    def close(self) -> None:
        """Let go of all instances: no latency is left in them."""
        for path in [*self._instances]:
            self._leave(path)

    def _handle(self, kind: bytes, body: bytes) -> None:
        if kind == b"E":
            for event in decode_events(body):
                self._learn(event)
        elif kind == b"R":
            table = cast("dict[str, dict[str, Any]]", json.loads(body))
            self._table |= {int(number): route for number, route in table.items()}
            for one in [*self._instances.values()]:
                one.routes.learn(self._routes_of(one.name))
            self._say_ready()
        elif kind == b"L":
            names = cast("dict[str, str]", json.loads(body))
            self._layers = self._layers | {int(number): name for number, name in names.items()}
            for one in [*self._instances.values()]:
                one.sound.desk.layers = self._layers
        elif kind == b"I":
            said = cast("dict[str, Any]", json.loads(body))
            self._attend({Path(path): str(name) for path, name in said["instances"].items()}, said["beats"])
        elif kind == b"P":
            self.panic()

    def _learn(self, event: SinkEvent) -> None:
        self._known[event.id] = event
        if len(self._known) > KNOWN:
            self._known.popitem(last=False)
        name = self._table.get(event.route, {}).get("instance")
        for one in [*self._instances.values()]:
            if one.name == name:
                one.sound.desk.foresee([event])

    def _routes_of(self, name: str) -> dict[str, object]:
        return {
            str(number): {"chain": route["chain"]}
            for number, route in self._table.items()
            if route["instance"] == name
        }

    # Instances.

    def _attend(self, wanted: Mapping[Path, str], beats: float) -> None:
        """Play just these instances."""
        former, self._wanted, self._beats = self._wanted, dict(wanted), beats
        for path in former.keys() - wanted.keys():
            self._orders.put(partial(self._leave, path))
        for path, name in wanted.items():
            if former.get(path) != name:
                start_thread("attend", partial(self._prepare, path, name))
        self._orders.put(self._set_beats)

    def _set_beats(self) -> None:
        for one in self._instances.values():
            one.sound.beats = self._beats

    def _prepare(self, path: Path, name: str) -> None:
        """Build the instruments of an instance, beside the sound of the others."""
        try:
            bond = SoundBond(path)
        except BondError as error:
            self._notice(str(error))
            return
        while (now := bond.now()) is None:  # its host has not run it yet
            if self._wanted.get(path) != name or not bond.lives:
                bond.close()
                return
            pause(IDLE)
        rack = self._make(round(now.rate), BLOCK)
        for _ in range(WARM_UP):
            rack.render()
        one = self._instance(name, bond, rack, round(now.rate))
        one.routes.start()
        one.routes.learn(self._routes_of(name))
        waited = 0.0
        while waited < BUILD and {int(number) for number in self._routes_of(name)} - one.ready:
            pause(IDLE)
            waited += IDLE
        self._orders.put(partial(self._enter, path, one))

    def _instance(self, name: str, bond: SoundBond, rack: Rack, rate: int) -> Instance:
        from plugin_host.desk import Desk

        desk = Desk(rack, self._notice)
        desk.layers = self._layers
        ready: set[int] = set()

        def install(chains: Mapping[int, Any]) -> None:
            self._orders.put(lambda: desk.set_chains(chains))
            ready.update(chains, desk.refused)
            self._say_ready()

        def refuse(route: int) -> None:
            desk.refused.add(route)
            ready.add(route)
            self._say_ready()

        routes = Routes(rack.prepare, install, self._notice, refuse=refuse)
        sound = DawSound(bond, desk, rate, self._known.get, rack.set_tempo)
        return Instance(name, sound, routes, ready)

    def _enter(self, path: Path, one: Instance) -> None:
        if self._wanted.get(path) != one.name or path in self._instances:
            one.sound.desk.close()
            one.sound.bond.close()
            return
        self._instances[path] = one
        self._set_beats()
        one.sound.begin()
        self._say_ready()

    def _leave(self, path: Path) -> None:
        one = self._instances.pop(path, None)
        if one is not None:
            one.sound.bond.end()
            one.sound.desk.close()
            one.sound.bond.close()

    # What the engine hears.

    def _say_ready(self) -> None:
        """Tell the engine which routes have their instruments in all instances that play them."""
        missing = {
            number
            for one in [*self._instances.values()]
            for number in (int(text) for text in self._routes_of(one.name))
            if number not in one.ready
        }
        engine = self._engine
        if engine is None:
            return
        try:
            engine.send_json(b"r", sorted(self._table.keys() - missing))
        except PeerGone:
            with self._lock:
                if self._engine is engine:
                    self._engine = None


def main(arguments: list[str]) -> None:
    """Run the process until the supervisor says stop or is gone."""
    config = cast("dict[str, object]", json.loads(arguments[0]))
    settings = cast("dict[str, object]", config.get("settings", {}))
    runtime = Path(str(config["runtime"]))
    log = config.get("log")
    over = threading.Event()

    def on_message(message: Line) -> None:
        if message.get("op") == "panic":
            mixer.panic()
        elif message.get("op") == "stop":
            over.set()

    take_precedence()
    parent = Parent(on_message, over.set, Path(str(log)) if log else None)

    def notice(text: str) -> None:
        parent.say({"op": "notice", "text": text})

    from plugin_host.plugin_link import PluginSetup

    folders = [Path(str(one)) for one in cast("list[object]", settings.get("samples", []))]
    mine = [Path(str(one)) for one in cast("list[object]", settings.get("plugins", []))]
    memory = cast("dict[str, float]", settings.get("sounds", {})).get("memory")
    mixer = DawMixer(load_rack(folders, PluginSetup(tuple(mine), runtime), memory), notice)
    parent.listen()
    door = Door(str(config["door"]), (runtime / "key").read_bytes(), mixer.serve)
    settle_memory()
    parent.say({"op": "ready"})

    def beat() -> None:
        while not over.wait(0.1):
            parent.say({"op": "beat"})

    start_thread("beat", beat)
    while not over.is_set():
        wait = mixer.turn()
        if wait:
            pause(wait)
    door.close()
    mixer.close()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
