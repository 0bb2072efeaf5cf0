"""The supervisor: parent of every process of a session. It runs no user code and holds no music.

It starts output, mixer, engine and understudy; starts again what ends; makes the understudy the engine
when that dies or gives no sign of life; carries panic past a hanging engine; and takes all of them with it
when it ends. Started as `python -m repl.supervisor`, with its configuration as the first line of stdin.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import sys
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bridge.clock import monotonic
from bridge.worker import Child, Line, pause, start_thread
from repl import runtime as sessions
from repl.clients import Client, Clients, Message
from repl.journal_settings import takes_of
from repl.upkeep import OFTEN, look_after

if TYPE_CHECKING:
    from collections.abc import Callable

HANG = 1.0
"""Seconds without a sign of life after which an engine is taken for hung; it is sent ahead 2.5 s."""
SENDER_HANG = 5.0
"""The same for the sending processes, which hold what would be lost with them."""
TURN = 0.05
"""Seconds between two looks at the signs of life."""
STALL = 0.4
"""Seconds that a turn of ours may last; longer means that the whole machine stood still."""
LEAVE = 1.0
"""Seconds that each process has for leaving."""
PIECES = 4.0
"""Seconds that the pieces have to begin, a drum kit being computed for them, before what comes in is started
beside them; they say sooner when they cannot."""
QUICK = 2.0
"""Seconds within which a process that ended had not really lived: the next start waits a little."""
NOTICES = 50

SENDERS = {
    "output": "bridge.output",
    "mixer": "plugin_host.mixer",
    "surfaces": "bridge.surfaces",
    "keys": "bridge.midi_in",
    "link": "bridge.link_peer",
    "meters": "repl.meters",
    "daw": "plugin_host.daw_mixer",
}
FIRST = ("output", "mixer")
"""Those that every session needs from the start."""
SURFACES, KEYS = "surfaces", "keys"
INPUTS = ((SURFACES, "osc", "port", 0), (KEYS, "midi", "backend", "none"))
"""Processes through which something comes in, each with the setting that switches it off."""
ENGINE = "engine"


@dataclass(slots=True)
class Process:
    """One running process and what we know of it."""

    child: Child
    started: float
    beat: float
    ready: bool = False
    door: str = ""
    pid: int = 0


@dataclass(slots=True)
class Config:
    """What the command line hands over.

    Args:
        files: The pieces.
        folders: Those whose files are pieces.
        settings: The musician's, by section.
        leash: Whether to end when whoever started us ends.
        replay: What of which journal is played again, in the place of pieces.
    """

    files: list[str]
    folders: list[str] = field(default_factory=list[str])
    settings: dict[str, dict[str, object]] = field(default_factory=dict[str, "dict[str, object]"])
    leash: bool = False
    replay: dict[str, object] | None = None


class Supervisor:
    """Starts, watches, replaces and ends the processes of one session.

    Args:
        config: From the command line.
        folder: The session's folder.
    """

    def __init__(self, config: Config, folder: Path) -> None:
        self._config = config
        self._folder = folder
        self._inbox: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._senders: dict[str, Process] = {}
        self._engine: Process | None = None
        self._understudy: Process | None = None
        self._second: Process | None = None
        self._suspect = ""
        self._term = 0
        self._over = False
        self._notices: list[Message] = []
        key = sessions.key_of(folder)
        self._clients = Clients(
            sessions.door(folder, "supervisor"),
            key,
            self._from_client,
            lambda: list(self._notices),
            lambda count: {"op": "joined", "count": count},
        )

    def run(self) -> None:
        """Live until somebody says stop."""
        for name in FIRST:
            self._start_sender(name)
        self._start_understudy()
        # The first of them becomes the engine, and what that is to play is rehearsed by the second: side by
        # side they are there in half the time.
        self._second = self._spawn_understudy()
        last = tidied = monotonic()
        while not self._over:
            with contextlib.suppress(queue.Empty):
                self._inbox.get(timeout=TURN)()
            now = monotonic()
            if now - last > STALL:
                self._forgive(now)
            last = now
            self._look(now)
            if now - tidied > OFTEN:
                tidied = now
                pids = [process.pid for process in self._engines()]
                look_after(self._folder, pids, [self._folder.parent / sessions.LOG])
        self._end()

    def stop(self) -> None:
        """End the session, from any thread."""
        self._inbox.put(self._stop)

    def on_signal(self, _number: int, _frame: object) -> None:
        """End the session because the system asks for it."""
        self.stop()

    # Clients.

    def _from_client(self, client: Client, message: Message) -> None:
        op = message.get("op")
        if op == "panic":
            # At once, in this thread: it must not wait for anything.
            self._panic()
            client.send({"op": "panicked"})
            self._clients.broadcast({"op": "said", "text": "panic: sound off, by another prompt"}, but=client)
        elif op == "stop":
            self.stop()
        elif op == "status":
            client.send({"op": "processes", "processes": self._processes()})

    def _panic(self) -> None:
        for sender in list(self._senders.values()):
            sender.child.say({"op": "panic"})
        for process in self._engines():
            process.child.say({"op": "panic"})

    def _processes(self) -> dict[str, int]:
        found = {name: sender.pid for name, sender in self._senders.items()}
        for name, process in (("engine", self._engine), ("understudy", self._understudy)):
            if process is not None:
                found[name] = process.pid
        return {"supervisor": os.getpid(), **found}

    def _notice(self, text: str, op: str = "notice", *, error: bool = False) -> None:
        message: Message = {"op": op, "text": text, "error": error}
        self._notices = [*self._notices[1 - NOTICES :], message]
        self._clients.broadcast(message)

    # Starting.

    def _start_sender(self, name: str) -> None:
        config: dict[str, object] = {
            "runtime": str(self._folder),
            "door": sessions.door(self._folder, name),
            "settings": self._config.settings,
            "log": str(self._log(name)),
        }
        if name == KEYS:
            named = [*self._config.files, *(f"{folder}/-" for folder in self._config.folders), "-"]
            first = Path(named[0]).absolute()
            config |= {"takes": str(takes_of(self._folder)), "folder": str(first.parent)}
        self._senders[name] = self._spawn(name, SENDERS[name], config)

    def _start_understudy(self) -> None:
        """Let there be an understudy: the second that was started with the first, or a new one."""
        if self._second is None:
            self._understudy = self._spawn_understudy()
            return
        self._understudy, self._second = self._second, None
        if self._understudy.ready:
            self._understudy_ready()

    def _spawn_understudy(self) -> Process:
        settings = self._config.settings
        config: dict[str, object] = {
            "runtime": str(self._folder),
            "settings": {
                **settings.get("session", {}),
                "latency": settings.get("latency", {}),
                "midi": settings.get("midi", {}),
                "journal": settings.get("journal", {}),
                "samples": settings.get("samples", []),
                "plugins": settings.get("plugins", []),
            },
            "log": str(self._log(ENGINE)),
        }
        if self._config.replay is not None:
            return self._spawn(ENGINE, "repl.replayer", config | {"replay": self._config.replay})
        return self._spawn(ENGINE, "repl.understudy", config)

    def _spawn(self, name: str, module: str, config: dict[str, object]) -> Process:
        child = Child(
            name,
            # -P: a musician's patterns.py or queue.py in this folder must not take the place of ours.
            [sys.executable, "-P", "-m", module, json.dumps(config)],
            lambda child, line: self._inbox.put(partial(self._heard, child, line)),
            lambda child, code: self._inbox.put(partial(self._ended, child, code)),
            self._log(name),
        )
        now = monotonic()
        return Process(child, now, now, pid=child.process.pid)

    # What the children say.

    def _heard(self, child: Child, line: Line) -> None:
        process = self._process_of(child)
        if process is None:
            return
        process.beat = monotonic()
        op = line.get("op")
        if op == "ready":
            process.ready = True
            process.door = str(line.get("door", ""))
            if "text" in line:
                self._notice(str(line["text"]))
            if process is self._understudy:
                self._understudy_ready()
        elif op == "notice":
            self._notice(str(line.get("text", "")))
        elif op == "first cycle":
            self._notice(str(line.get("at", 0.0)), "first cycle")
            self._start_inputs()
        elif op == "said":
            self._notice(str(line.get("text", "")), "said", error=bool(line.get("error")))
            self._start_inputs()
        elif op == "playing":
            # Not before the first sound is on its way, unless that takes long.
            self._later(PIECES if self._config.files or self._config.folders else 0.0, self._start_inputs)
        elif op == "panic":
            self._panic()
        elif op == "over":
            self._stop()
        elif op == "need":
            self._need(str(line.get("name")), bool(line.get("on")))
        elif op == "replace understudy" and self._understudy is not None:
            self._understudy.child.kill()

    def _start_inputs(self) -> None:
        """Start the processes through which something comes in, those that are not there."""
        if self._config.replay is not None:
            return  # what came in stands in the journal
        for name, section, key, off in INPUTS:
            if name not in self._senders and self._config.settings.get(section, {}).get(key) != off:
                self._start_sender(name)

    def _need(self, name: str, on: bool) -> None:
        """Start a process that only some sessions need, or let it go."""
        if name in FIRST or name not in SENDERS:
            return
        if on and name not in self._senders:
            self._start_sender(name)
        elif not on and name in self._senders:
            child = self._senders.pop(name).child
            child.say({"op": "stop"})
            start_thread("leave", lambda: child.leave(LEAVE))

    def _log(self, name: str) -> Path:
        return self._folder / f"{name}.log"

    def _process_of(self, child: Child) -> Process | None:
        return next((p for p in (*self._senders.values(), *self._engines()) if p.child is child), None)

    def _engines(self) -> list[Process]:
        """The engine and those that may become it."""
        return [p for p in (self._engine, self._understudy, self._second) if p is not None]

    def _understudy_ready(self) -> None:
        if self._engine is None:
            self._promote()
        elif self._understudy is not None:
            line = {"op": "understudy", "door": self._understudy.door, "pid": self._understudy.pid}
            self._engine.child.say(line)

    def _promote(self) -> None:
        self._engine, self._understudy = self._understudy, None
        if self._engine is None:
            return
        self._term += 1
        line = {
            "op": "promote",
            "term": self._term,
            "files": self._config.files,
            "folders": self._config.folders,
            "suspect": self._suspect,
        }
        self._engine.child.say(line)
        if self._term > 1:
            self._notice("the engine was replaced; the music went on", "engine")
        self._start_understudy()

    # When one ends.

    def _ended(self, child: Child, code: int) -> None:
        process = self._process_of(child)
        if process is None or self._over:
            return
        lived = monotonic() - process.started
        if process is self._engine:
            self._engine = None
            self._suspect = _marked(self._folder, process.pid)
            if self._understudy is not None and self._understudy.ready:
                self._promote()
        elif process is self._second:
            self._second = None
        elif process is self._understudy:
            self._understudy = None
            if not process.ready and self._term == 0:
                why = f"{self._log(ENGINE)} says why"
                self._notice(f"the engine does not start (code {code}); {why}", error=True)
            self._later(0.0 if lived > QUICK else 0.3, self._start_understudy_if_none)
        else:
            self._notice(f"the {child.name} process ended (code {code}); it is started again")
            self._later(0.0 if lived > QUICK else 0.5, partial(self._start_again, child))

    def _start_again(self, child: Child) -> None:
        """Start a sender in the place of one that ended, unless it is not needed any more."""
        if child.name in self._senders and self._senders[child.name].child is child:
            self._start_sender(child.name)

    def _start_understudy_if_none(self) -> None:
        if self._understudy is None:
            self._start_understudy()

    def _later(self, seconds: float, work: Callable[[], None]) -> None:
        start_thread("later", lambda: (pause(seconds), self._inbox.put(work)))

    def _look(self, now: float) -> None:
        """Kill what gives no sign of life; its end then takes the usual way."""
        engine = self._engine
        if engine is not None and now - engine.beat > HANG:
            engine.child.kill()
        for sender in self._senders.values():
            if sender.ready and now - sender.beat > SENDER_HANG:
                sender.child.kill()

    def _forgive(self, now: float) -> None:
        for process in (*self._senders.values(), *self._engines()):
            process.beat = now

    # The end.

    def _stop(self) -> None:
        self._over = True

    def _end(self) -> None:
        """Let everybody go, in reverse order of start; each has a bounded time."""
        sessions.leave(self._folder)
        self._clients.close()
        self._clients.broadcast({"op": "bye"})
        for process in reversed(self._engines()):
            process.child.say({"op": "stop"})
            process.child.leave(LEAVE)
        senders = [*self._senders.values()][::-1]
        for sender in senders:
            sender.child.say({"op": "stop"})
        for sender in senders:
            sender.child.leave(LEAVE)


def _marked(folder: Path, pid: int) -> str:
    """The place whose query the process was in when it ended."""
    path = folder / f"mark-{pid}"
    if not path.exists():
        return ""
    return path.read_bytes().partition(b"\0")[0].decode(errors="replace")


def main() -> None:
    """Run a session; its folder is named by our process id."""
    line = sys.stdin.readline()
    if not line:
        return  # whoever started us was gone before it could say what for
    given = cast("dict[str, object]", json.loads(line))
    config = Config(
        cast("list[str]", given["files"]),
        cast("list[str]", given.get("folders", [])),
        cast("dict[str, dict[str, object]]", given.get("settings", {})),
        bool(given.get("leash")),
        cast("dict[str, object] | None", given.get("replay")),
    )
    folder = sessions.create(os.getpid())
    sessions.keep_asked(folder, given)
    if "project" in given:
        sessions.keep_project(folder, str(given["project"]))
    supervisor = Supervisor(config, folder)
    signal.signal(signal.SIGTERM, supervisor.on_signal)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if config.leash:
        start_thread("leash", lambda: (sys.stdin.read(), supervisor.stop()))
    supervisor.run()
    sessions.remove(folder)


if __name__ == "__main__":
    main()
