"""The engine of `sempre replay`: it plays what a journal says, through the same processes.

Two of them compute the same; the second goes on where the first one was, should that die. Started as
`python -m repl.replayer CONFIG`.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import sys
from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bridge.clock import SharedClock, wall_at
from bridge.layer import route_of
from bridge.outlet import Lookout
from bridge.port_settings import Ports
from bridge.process_sink import ProcessSink
from bridge.targets import MidiTarget, OscTarget
from bridge.worker import Parent, pause
from repl.aloud import Aloud
from repl.clients import Client, Clients, Message
from repl.errors import ReplError
from repl.journal import stem_of
from repl.journalled import at_home
from repl.music import START
from repl.replay import play_script, read_rows, script_of
from repl.report import Once
from repl.runtime import door, key_of
from repl.session import layer_name
from repl.sinks import describe, encode
from repl.status import levels_told
from repl.understudy import BEAT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bridge.event import Seconds, SinkEvent, TimedEvent
    from bridge.layer import Target

READY_LIMIT = 3.0
"""Seconds that the beginning waits for the processes and instruments that it needs."""
TURN = 0.02
"""Seconds between two looks at what is due to be sent."""
STATUS = 0.25
"""Seconds between two reports to the prompts."""
BEGUN = "replay"
"""The file in a session's folder that says when the beginning was heard."""
REFUSED = "this session is a replay: it plays what was played; `sempre stop` ends it"


class Replayer:
    """Plays one journal.

    Args:
        runtime: The session's folder.
        settings: The musician's.
        asked: The journal, and the cycles from which and up to which it is played.
        log: Where prints go.
    """

    def __init__(
        self, runtime: Path, settings: Mapping[str, object], asked: Mapping[str, object], log: Path | None
    ) -> None:
        self._runtime = runtime
        self._latency = cast("Mapping[str, float]", settings.get("latency", {}))
        self._ports = Ports.from_json(cast("Mapping[str, object]", settings.get("midi", {})))
        self._journal = Path(str(asked["journal"]))
        self._begin, self._end = (
            None if asked.get(name) is None else Fraction(str(asked[name])) for name in ("begin", "end")
        )
        self._clock = SharedClock(runtime / "clock")
        self._inbox: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self._status: dict[str, dict[str, object]] = {"output": {}, "mixer": {}}
        self._show = Once()
        self._aloud: Aloud | None = None
        self._told: Seconds = 0.0
        self._parent = Parent(self._from_supervisor, lambda: os._exit(0), log)
        self._parent.listen()
        self._beat = Lookout("signs of life", BEAT, lambda _: self._parent.say({"op": "beat"}))

    def run(self) -> None:
        """Compute what was played, and play it when the supervisor says so; for ever."""
        try:
            rows, said = read_rows(self._journal)
            with at_home(rows[0]):
                self._script = script_of(rows)
                self._played = play_script(self._script, self._begin, self._end)
        except ReplError as error:
            self._say(str(error), error=True)
            while True:
                self._inbox.get()()
        self._said = [*said, *self._played.troubles]
        self._parent.say({"op": "ready", "door": "", "pid": os.getpid()})
        while True:
            with contextlib.suppress(queue.Empty):
                self._inbox.get(timeout=TURN)()
            if self._aloud is not None:
                self._go_on(self._aloud)

    # The supervisor; its messages come in a thread of their own.

    def _from_supervisor(self, message: dict[str, object]) -> None:
        op = message.get("op")
        if op == "promote":
            self._inbox.put(partial(self._play, cast("int", message["term"])))
        elif op == "panic":
            self._inbox.put(self._panic)
        elif op == "stop":
            os._exit(0)

    def _panic(self) -> None:
        """The senders have been silenced already: nothing is to come after it."""
        if self._aloud is not None:
            self._aloud.silence()
            self._parent.say({"op": "over"})

    # Playing.

    def _play(self, term: int) -> None:
        key = key_of(self._runtime)
        self._output = self._sink("output", key, term)
        self._mixer = self._sink("mixer", key, term)
        begun = self._runtime / BEGUN
        if not begun.exists():
            self._output.start()
            self._mixer.start()
            start = self._get_ready()
            # Whole or not at all: whoever takes over goes by it.
            begun.with_suffix(".new").write_text(repr(start), encoding="utf-8")
            begun.with_suffix(".new").replace(begun)
            self._aloud = self._player(start, anew=True)
            self._tell_beginning(start)
        else:
            self._aloud = self._player(float(begun.read_text(encoding="utf-8")), anew=False)
            self._output.start()
            self._mixer.start()
        self._clients = Clients(door(self._runtime, "engine"), key, self._from_client)
        self._parent.say({"op": "playing", "term": term})
        self._beat.close()  # from now on each turn is one

    def _player(self, start: Seconds, *, anew: bool) -> Aloud:
        sinks = self._output, self._mixer
        return Aloud(self._played, self._script, *sinks, self._clock, start, anew=anew)

    def _get_ready(self) -> Seconds:
        """Wait until the processes are there and have built what sounds first; gives when it starts."""
        targets = self._player(self._clock.now(), anew=True).targets(READY_LIMIT)
        audio = [target for target in targets if target.kind == "audio"]
        self._mixer.prepare(audio)
        routes, waited = {route_of(target.key) for target in audio}, 0.0
        while waited < READY_LIMIT and not (
            self._output.connected and self._mixer.connected and routes <= self._mixer.ready
        ):
            pause(0.005)
            waited += 0.005
        early = [t.latency for t in targets if isinstance(t, MidiTarget | OscTarget)]
        return self._clock.now() + START + max([0.0, *early])

    def _tell_beginning(self, start: Seconds) -> None:
        for text in self._said:
            self._say(text)
        played = self._played
        seconds, count = played.end - played.beginning, len(played.events)
        self._say(f"{stem_of(self._journal)}: {seconds:.1f} s, {count} events; Ctrl-C ends it")
        self._parent.say({"op": "first cycle", "at": start})

    def _go_on(self, aloud: Aloud) -> None:
        aloud.step()
        self._parent.say({"op": "beat"})
        now = self._clock.now()
        if now - self._told > STATUS:
            self._told = now
            self._clients.broadcast(self._status_of(aloud, now))
        if aloud.over:
            self._parent.say({"op": "over"})

    def _sink(self, name: str, key: bytes, term: int) -> ProcessSink:
        def encode_event(target: Target, event: TimedEvent, cps: float) -> list[SinkEvent]:
            known = self._aloud.sent.get(event.id) if self._aloud is not None else None
            early = self._latency.get(target.kind, 0.0) + self._ports.early(target)
            moved = replace(event, at=event.at - early)
            position = known.position if known is not None else 0.0
            return encode(target, moved, cps, position, lambda text: on_trouble(event.layer, text))

        def describe_target(target: Target) -> dict[str, object]:
            return describe(self._ports.described(target) if isinstance(target, MidiTarget) else target)

        def on_held(held: list[int]) -> None:
            self._inbox.put(lambda: self._aloud is not None and self._aloud.reconcile(sink, held))

        def on_status(status: dict[str, object]) -> None:
            self._status[name] = status
            for notice in cast("list[object]", status.get("notices", [])):
                self._say(str(notice))

        def on_trouble(layer: str, text: str) -> None:
            shown = self._show(f"{layer_name(layer)}: {text}")
            if shown is not None:
                self._say(shown)

        sink = ProcessSink(
            name,
            door(self._runtime, name),
            key,
            term,
            encode_event,
            describe_target,
            on_held=on_held,
            on_status=on_status,
            on_trouble=on_trouble,
        )
        return sink

    # Prompts and editors: they are told how it goes, and can change nothing.

    def _from_client(self, client: Client, message: Message) -> None:
        if message.get("op") == "files":
            client.send({**message, "folder": str(self._journal.parent), "files": []})
        elif "id" in message:
            client.send({"op": "result", "id": message["id"], "ok": False, "text": REFUSED})

    def _status_of(self, aloud: Aloud, now: Seconds) -> Message:
        output, mixer = self._status["output"], self._status["mixer"]
        cycle, cps = aloud.tempo_at()
        names, beats = aloud.layers(), self._script.beats
        layers = [{"name": n, "muted": False, "solo": False, "sounding": True, "seed": 0} for n in names]
        counts = {
            name: cast("int", output.get(name, 0)) + cast("int", mixer.get(name, 0))
            for name in ("late", "dropped", "sounding")
        }
        return {
            "op": "status",
            "at": round(wall_at(now, self._clock), 4),
            "cycle": cycle,
            "section": "",
            "stands": False,
            "followed": "",
            "bpm": cps * 60 * beats,
            "beats": beats,
            "cps": cps,
            "layers": layers,
            "seed": self._script.seed,
            **counts,
            "late_of": {},
            "dropped_of": {},
            "load": mixer.get("load", 0.0),
            "cpu": 0.0,
            "midi": output.get("driver", ""),
            "audio": mixer.get("driver", ""),
            "levels": levels_told(mixer.get("meters"), set(names)),
            "playing": True,
        }

    def _say(self, text: str, *, error: bool = False) -> None:
        self._parent.say({"op": "said", "text": text, "error": error})


def main(arguments: list[str]) -> None:
    """Run the process until the supervisor says stop or is gone."""
    config = json.loads(arguments[0])
    log = Path(config["log"]) if config.get("log") else None
    Replayer(Path(config["runtime"]), config["settings"], config["replay"], log).run()


if __name__ == "__main__":
    main(sys.argv[1:])
