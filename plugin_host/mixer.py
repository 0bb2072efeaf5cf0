"""The mixer process: plays events on instruments into the audio device, whatever becomes of the engine.

It never waits for anyone. Engines come and go through its door; what they have sent stays held here and
plays on. Started as `python -m plugin_host.mixer CONFIG`.
"""

from __future__ import annotations

import json
import os
import struct
import sys
import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from bridge.clock import SharedClock
from bridge.errors import PeerGone
from bridge.event import decode_events, decode_ids, encode_held
from bridge.keyboard_notes import Lag, serve_keys
from bridge.sent import AUDIO, LAYER, ROUTE, SentLog
from bridge.tempo import Tempo
from bridge.transport import Transport
from bridge.worker import Connection, Door, Line, Parent, pause, realtime, settle_memory, start_thread
from plugin_host.audio_settings import AudioSettings
from plugin_host.errors import HostError
from plugin_host.layouts import STEREO, Layout
from plugin_host.viewing import serve_view

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from plugin_host.machine import Machine
    from plugin_host.plugin_link import PluginSetup
    from plugin_host.rack import Rack

    Rows = list[list[Any]]

__all__ = ["Mixer", "main"]

STATUS = 0.25
"""Seconds between two reports."""
START = 15.0
"""Seconds that an engine is kept waiting which knocks before the instruments are there."""
PRIORITY = 40
"""Of the threads of this process that neither render nor are the device's (60 and more). One of an ordinary
priority that held the interpreter, and was kept from its turn by the engine, kept the device's waiting with
it: beside a busy engine it came more than a period late once in 15 s."""
SWITCH = 0.0005
"""Seconds after which a thread that computes lets the device's thread have its turn; Python's usual 5 ms
are as long as a whole block."""


class Mixer:
    """Takes events from the engine of the highest term and hands them to the machine.

    Args:
        say: Tells the supervisor.
        log: Takes down what is played.
        folder: Where screens find what they look at.
    """

    def __init__(
        self, say: Callable[[object], None], log: SentLog | None = None, folder: Path = Path()
    ) -> None:
        self._say = say
        self._folder = folder
        self._log = log
        self._lock = threading.Lock()
        self._term = -1
        self._engine: Connection | None = None
        self._machine: Machine | None = None
        self._started = threading.Event()

    def begin(self, machine: Machine) -> None:
        """Let engines in: everything is there."""
        self._machine = machine
        machine.desk.log = self._log
        machine.on_ready = self.say_ready
        self._started.set()

    def notice(self, text: str) -> None:
        """Pass a line on to the musician."""
        self._say({"op": "notice", "text": text})

    def serve(self, connection: Connection) -> None:
        """Read one engine until it goes; a newer one closes it. Or a keyboard, a screen, or who asks."""
        kind, body = connection.receive()
        if kind not in (b"H", b"K", b"S", b"V") or not self._started.wait(START):
            return
        machine = self._machine
        while kind == b"S" and machine is not None:
            connection.send_json(b"s", machine.ask(machine.status) or {})
            kind, body = connection.receive()
        if kind == b"V" and machine is not None:
            serve_view(connection, machine, self._folder, body)
            return
        if kind == b"K" and machine is not None:
            desk, handle = machine.desk, partial(self._handle_keys, machine)
            serve_keys(connection, desk.agenda_of, Lag(machine.live_lag), machine.order, handle)
        if machine is None or not self._admit(connection, int(json.loads(body)["term"])):
            return
        held = machine.ask(machine.desk.held) or []
        connection.send(b"h", encode_held(held))
        self.say_ready()
        while True:
            kind, body = connection.receive()
            if self._engine is not connection:
                return
            self._handle(machine, kind, body)

    def panic(self) -> None:
        """Sound off, now."""
        if self._machine is not None:
            self._machine.order(self._machine.desk.panic)

    def report(self) -> None:
        """Tell the engine how things are."""
        machine = self._machine
        if self._engine is not None and machine is not None:
            self._tell(b"s", machine.ask(machine.status) or {})

    def say_ready(self) -> None:
        """Tell the engine which routes have their instruments, so that it can wait for one that it needs."""
        if self._machine is not None:
            self._tell(b"r", self._machine.ready)

    def _tell(self, kind: bytes, message: object) -> None:
        engine = self._engine
        if engine is None:
            return
        try:
            engine.send_json(kind, message)
        except PeerGone:
            with self._lock:
                if self._engine is engine:
                    self._engine = None

    def _admit(self, connection: Connection, term: int) -> bool:
        with self._lock:
            if term < self._term:
                return False
            former, self._engine, self._term = self._engine, connection, term
        if former is not None:
            former.close()
        return True

    def _handle_keys(self, machine: Machine, kind: bytes, body: bytes) -> None:
        if kind in (b"R", b"L"):
            self._handle(machine, kind, body)
        elif kind == b"E":
            machine.routes.use(event.route for event in decode_events(body))

    def _handle(self, machine: Machine, kind: bytes, body: bytes) -> None:
        desk = machine.desk
        try:
            if kind == b"E":
                events = decode_events(body)
                machine.order(lambda: desk.add(events))
                machine.routes.use(event.route for event in events)
                desk.foresee(events)
            elif kind == b"X":
                ids = decode_ids(body)
                machine.order(lambda: desk.cancel(ids))
            elif kind == b"R":
                table = cast("dict[str, object]", json.loads(body))
                self._name(ROUTE, dict.fromkeys(table, "audio"))
                machine.learn(table)
            elif kind == b"L":
                names = cast("dict[str, str]", json.loads(body))
                self._name(LAYER, names)
                known = {int(number): name for number, name in names.items()}
                machine.order(lambda: desk.layers.update(known))
            elif kind == b"T":
                asked = cast("dict[str, object]", json.loads(body))
                path = asked["path"]
                machine.record(None if path is None else Path(str(path)), stems=bool(asked.get("stems")))
            elif kind == b"C":
                machine.cue([str(one) for one in cast("list[object]", json.loads(body))])
            elif kind == b"M":
                tempo, passages = cast("tuple[Rows, Rows]", json.loads(body))
                line = Tempo.from_json(tempo), Transport.from_json(passages)
                machine.order(lambda: desk.keep_time(*line))
            elif kind == b"P":
                self.panic()
        except (HostError, KeyError, TypeError, ValueError, struct.error) as error:
            self.notice(f"the mixer did not understand the engine: {error}")

    def _name(self, kind: int, names: Mapping[str, str]) -> None:
        if self._log is not None:
            for number, text in names.items():
                self._log.name(kind, int(number), text)


def read_settings(settings: Mapping[str, object], notice: Callable[[str], None]) -> AudioSettings:
    """Read the table `audio`; one that is wrong is named, and the usual settings take its place.

    Args:
        settings: All settings of the session.
        notice: Takes one line for the musician.
    """
    table = settings.get("audio", {})
    try:
        return AudioSettings.read(cast("Mapping[str, object]", table))
    except (AttributeError, TypeError, ValueError) as error:
        notice(f"{error}; the usual audio settings are used")
        return AudioSettings()


def load_rack(
    folders: Sequence[Path],
    plugins: PluginSetup,
    memory: float | None = None,
    layout: Layout = STEREO,
    loops: Path | None = None,
    notice: Callable[[str], object] = str,
) -> Callable[[int, int], Rack]:
    """Import the instruments.

    Args:
        folders: Where samples are looked for.
        plugins: How plugins are played.
        memory: Megabytes of sounds that are kept; None is as usual.
        layout: The loudspeakers.
        loops: Where loops are kept; nowhere, unless given.
        notice: Takes one line for the musician.

    Returns:
        What makes them for a rate and a block. All of them have the same loops.
    """
    from plugin_host.loop_file import LoopKeeper
    from plugin_host.loops import Loops
    from plugin_host.rack import Rack
    from plugin_host.sound_store import SoundSetup

    sounds = SoundSetup(beside=True) if memory is None else SoundSetup(memory, beside=True)
    kept = Loops() if loops is None else Loops(LoopKeeper(loops, notice), loops)

    def make(rate: int, block: int) -> Rack:
        rack = Rack(rate, block, folders, plugins, sounds, layout)
        rack.inputs.loops = kept
        return rack

    return make


def take_precedence() -> None:
    """Let all threads of a process that makes sound come before others; before the first one is started."""
    # They have it from this one. A single processor is the engine's, too.
    if (os.cpu_count() or 1) > 1:
        realtime(PRIORITY)
    sys.setswitchinterval(SWITCH)


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
    sent = SentLog(runtime / AUDIO)
    mixer = Mixer(parent.say, sent, runtime)
    parent.listen()
    door = Door(str(config["door"]), (runtime / "key").read_bytes(), mixer.serve)

    from plugin_host.machine import Machine
    from plugin_host.plugin_link import PluginSetup

    folders = [Path(str(one)) for one in cast("list[object]", settings.get("samples", []))]
    audio = read_settings(settings, mixer.notice)
    memory = cast("dict[str, float]", settings.get("sounds", {})).get("memory")
    mine = [Path(str(one)) for one in cast("list[object]", settings.get("plugins", []))]
    plugins = PluginSetup(tuple(mine), runtime, audio.ahead, live=True)
    machine = Machine(
        audio,
        SharedClock(runtime / "clock"),
        mixer.notice,
        lambda: load_rack(folders, plugins, memory, audio.layout, Path.cwd() / "loops", mixer.notice),
    )
    take = cast("dict[str, str]", settings.get("record", {})).get("path")
    if take is not None:
        machine.record(Path(take))
    settle_memory()
    mixer.begin(machine)
    parent.say({"op": "ready", "driver": machine.keeper.driver.name, "text": machine.text})

    def report() -> None:
        # In a thread of its own: an engine that reads nothing may hold up this, and no sign of life.
        while True:
            mixer.report()
            pause(STATUS)

    start_thread("report", report)
    while not over.wait(STATUS / 2):
        parent.say({"op": "beat"})
        machine.tend()
        sent.drain()
    door.close()
    machine.leave()
    sent.close()
    # Libraries' own threads must not keep us: the sound has faded.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
