"""The engine: evaluates on its main thread, schedules on another; no change stops the music."""

from __future__ import annotations

import threading
from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, cast

from bridge.clock import SharedClock, StandingClock, date_of, wall_at
from bridge.port_settings import Ports
from bridge.precedence import Precedence
from bridge.process_sink import ProcessSink
from bridge.scheduler import Scheduler
from bridge.stream import RATE
from bridge.targets import MidiTarget
from bridge.trouble import Trouble
from bridge.watchman import Watchman
from bridge.worker import pause, start_thread
from repl.absent import Places
from repl.answering import Answering
from repl.clients import Client, Clients, Message
from repl.clockwork import Clockwork
from repl.commands import Commands
from repl.deeds import deed_of
from repl.following import FADE, Following
from repl.inside_daw import InsideDaw
from repl.jam import ASKS, Jam
from repl.journal import Journal, header, row_of_fall
from repl.journal_settings import journal_settings, takes_of
from repl.linking import Linking, course, roll
from repl.metering import LOOK, METERS, Metering
from repl.music import Music
from repl.namespace import TempoRequest
from repl.obeying import Obeying
from repl.partner import Partner
from repl.questions import QUESTIONS, Questions
from repl.remote import Remote
from repl.report import Once, told_of
from repl.resumed import go_on
from repl.runtime import door, key_of
from repl.scene_file import SceneFile
from repl.screens import Screens
from repl.session import file_name, layer_name
from repl.sinks import default_target, describe, encode, notices_of, readiness
from repl.status import Share, status_of
from repl.surroundings import Surroundings
from repl.unplayed import Unplayed
from repl.watch import Watch

if TYPE_CHECKING:
    import queue
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from bridge.event import SinkEvent, TimedEvent
    from bridge.layer import Target
    from bridge.tempo import Segment
    from bridge.worker import Parent
    from repl.commits import Commit
    from repl.promotion import Promotion
    from repl.session import Session

READY_LIMIT = 3.0
"""Seconds that a change waits for the processes and instruments that it needs; a kit takes 0.7 s to build."""
TURN = 0.02
"""Seconds between two steps of the scheduler."""
MEMORY = 2.0
"""Seconds between two looks at what folds have reached; what is new is handed to the understudy."""
NOTED = 60.0
"""Seconds between two rows of the journal that say only that all goes on: so far it is whole."""
STATUS = 0.25
"""Seconds between two reports to the prompts."""

_IN_A_NAME = str.maketrans("T:", "_-")


class Engine:
    """One engine, from its promotion to its end.

    Args:
        runtime: The session's folder.
        parent: The supervisor.
        session: What has been accepted so far.
        inbox: Work for the main thread.
        mark: Notes which place is being queried, for whoever looks after a crash.
        promotion: From the supervisor.
        settings: The musician's.
        home: The folder that the names of the files start from.
    """

    def __init__(
        self,
        runtime: Path,
        parent: Parent,
        session: Session,
        inbox: queue.SimpleQueue[Callable[[], object]],
        mark: Callable[[str], None],
        promotion: Promotion,
        settings: Mapping[str, object],
        home: Path,
    ) -> None:
        self._session, self._parent = session, parent
        self._inbox, self._term = inbox, promotion.term
        key = key_of(runtime)
        self._clock = SharedClock(runtime / "clock")
        self._latency = cast("Mapping[str, float]", settings.get("latency", {}))
        midi = cast("Mapping[str, object]", settings.get("midi", {}))
        self._ports = Ports.from_json(midi)
        self._show, self._unplayed = Once(), Unplayed()
        self._places = Places.of(settings)
        self._wake = threading.Event()
        started = date_of(wall_at(self._clock.now(), self._clock))
        self._status: dict[str, dict[str, object]] = {"output": {}, "mixer": {}}
        self._screens = Screens(lambda: self._clients, lambda at: wall_at(at, self._clock))
        self._metering = Metering(lambda: self._clients, partial(self._need, METERS), self._post)
        self._output = self._sink("output", runtime, key)
        self._mixer = self._sink("mixer", runtime, key)
        self._journal = Journal(
            journal_settings(cast("Mapping[str, object]", settings.get("journal", {}))),
            runtime,
            f"{started.rstrip('Z').translate(_IN_A_NAME)}_{runtime.name}",
            header(session, promotion.pieces, started, settings, home, self._clock.now()),
            self._state,
            inbox.put,
            self._say,
        )
        self._scheduler = Scheduler(
            StandingClock(self._clock),
            {"midi": self._output, "osc": self._output, "audio": self._mixer},
            session.tempo,
            default_target,
            on_trouble=self._trouble,
            limit=Watchman("watch over queries").limit,
            mark=mark,
            seed=session.seed,
            stream_rate=cast("float", midi.get("stream_rate", RATE)),
            on_fall=lambda fall: self._journal.note(row_of_fall(fall)),
        )
        self._partner = Partner(
            key,
            session.handover,
            lambda: parent.say({"op": "replace understudy"}),
            lambda pid: runtime / f"stack-{pid}.log",
            self._say,
        )
        around = Surroundings(
            tell=self._partner.commit,
            later=inbox.put,
            post=self._post,
            get_ready=self._get_ready,
            first_cycle=lambda at: parent.say({"op": "first cycle", "at": at}),
            limit=Watchman("watch over rehearsals").limit,
            inputs=self._tell_inputs,
            turned=lambda name, position: self._clients.broadcast(
                {"op": "turned", "name": name, "position": position}
            ),
            note=self._journal.note,
            kept=lambda: self._scenes.keep(session, self._say),
            lead=lambda before, tempo: self._linking.lead(before, tempo),  # noqa: PLW0108 - made below
            meet=lambda early, bpm: self._linking.meet(early, bpm),  # noqa: PLW0108 - made below
            ahead=lambda: cast("float", self._status["mixer"].get("ahead", 0.0)),
        )
        self._scenes = SceneFile(home, promotion.files, promotion.folders)
        self._music = Music(session, self._scheduler, self._clock, around)
        self._clockwork = Clockwork(
            session,
            self._scheduler,
            self._output,
            self._early,
            lambda: self._status["output"].get("clock"),
            self._music.chase,
            Obeying(self._scheduler, self._music.moving, self._music.nudge, self._output.tell),
            self._mixer,
            lambda: self._inside.report(),  # noqa: PLW0108 - made below
        )
        self._linking = Linking(
            session,
            self._clock,
            partial(self._need, "link"),
            partial(self._say, error=True),
            self._post,
            self._music.chase,
            partial(roll, self._scheduler, self._music.moving),
        )
        told = self._music, self._clients_told, takes_of(runtime), self._mixer.tell
        commands = Commands(*told, self._metering.picture).table()
        self._answering = Answering(self._music, commands, self._places)
        self._jam = Jam(
            self._answering.answer,
            self._answering.interrupt,
            inbox.put,
            lambda message, client: self._clients.broadcast(message, but=client),
        )
        self._remote = Remote(self._music, commands)
        self._inside = InsideDaw(
            runtime,
            session,
            self._scheduler,
            self._clock,
            self._say,
            lambda trouble: self._post(lambda: self._trouble(trouble)),
            lambda name, position: self._move([[name, position, None]]),
            self._term,
            self._need,
        )
        self._questions = Questions(session, self._remote.inputs, self._places)
        self._inputs, self._told_files = Message(), Message()
        self._following = Following(
            promotion.files,
            self._music,
            self._partner.rehearse,
            self._say,
            inbox.put,
            self._show.forget,
            folders=promotion.folders,
            home=home,
            places=self._places,
            fade=Fraction(cast("float", settings.get("fade", FADE))).limit_denominator(1000),
            also=lambda texts: self._watch.also(texts),  # noqa: PLW0108 - made below
        )
        if session.begun:
            go_on(self._scheduler, session, promotion.suspect)
        self._clients: Clients = Clients(door(runtime, "engine"), key, self._from_client)
        came = {"kind": "engine", "term": promotion.term, "suspect": promotion.suspect}
        self._journal.note({**came, "at": self._clock.now(), "places": session.sounding()})
        self._output.start()
        self._mixer.start()
        self._inside.start()
        self._first = Precedence()
        start_thread("scheduler", self._run)
        self._watch = Watch(
            [home / file for file in promotion.files],
            self._following.noticed,
            [home / folder for folder in promotion.folders],
        )
        if promotion.term > 1:
            self._following.take_over()
        else:
            self._music.remember({"kind": "seed", "seed": session.seed}, noted=True)
            self._first_tempo(settings)
            self._scenes.bring(self._music.remember, self._say)
            self._following.begin()
        parent.say({"op": "playing", "term": promotion.term})

    # What the supervisor says; called in its reading thread.

    def meet_understudy(self, where: str, pid: int) -> None:
        """Connect to a new understudy."""
        self._inbox.put(lambda: self._partner.meet(where, pid))

    def follow(self, commit: Commit) -> None:
        """Apply what was accepted before we were the engine and not yet followed; the music plays already.

        Raises:
            LoadError: It cannot be run here.
        """
        self._music.remember(commit, noted=True)
        deed = deed_of(commit, self._session)
        if deed is not None:
            self._post(lambda: deed(self._scheduler))

    def panic(self) -> None:
        """The sending processes have been silenced by the supervisor; end the layers too."""
        self._inside.panic()
        self._music.silenced()

    def end(self) -> None:
        """The session ends: let the journal be whole."""
        self._inside.stop()
        self._journal.close({"kind": "over", **self._here()})

    def _here(self) -> Commit:
        return {"at": self._clock.now(), "cycle": self._music.passed if self._session.begun else 0.0}

    def _state(self) -> Commit:
        """All that another part of the journal has to begin with; called in the main thread."""
        return {"kind": "state", "commits": self._session.handover(), **self._here()}

    def _need(self, name: str, on: bool) -> None:
        self._parent.say({"op": "need", "name": name, "on": on})

    # Messages of prompts; they come in the clients' threads and are worked on in the main one.

    def _from_client(self, client: Client, message: Message) -> None:
        op = message.get("op")
        if op in ASKS:
            self._jam.hear(client, message)
        elif op in QUESTIONS:
            self._inbox.put(lambda: client.send(self._questions.answer(message)))
        elif op == "move":
            # Straight to the scheduler: what the main thread evaluates must not hold up a finger.
            self._move(message.get("rows"), client)
        elif op == "link":
            self._linking.hear(client, message)
        elif op in (METERS, LOOK):
            self._metering.hear(client, message)
        elif op == "command":
            self._inbox.put(partial(self._command, client, message))
        elif op == "play":
            self._inbox.put(partial(self._play, client, message))
        elif op == "watch":
            self._post(lambda: self._screens.hear(client, message, self._scheduler))

    def _move(self, rows: object, client: Client | None = None) -> None:
        for name, position in self._remote.move(rows):
            self._clients.broadcast({"op": "turned", "name": name, "position": position}, but=client)

    def _command(self, client: Client, message: Message) -> None:
        given = cast("Sequence[object]", message.get("arguments", []))
        answer, ok = self._remote.command(str(message.get("name")), given)
        client.send({"op": "result", "id": message.get("id"), "text": answer, "ok": ok})

    def _play(self, client: Client, message: Message) -> None:
        def told(wrong: str) -> None:
            client.send({"op": "result", "id": message.get("id"), "text": wrong, "ok": not wrong})

        self._following.play(str(message.get("file")), str(message.get("text")), told)

    def _clients_told(self, message: Message) -> None:
        self._clients.broadcast(message)

    def _tell_inputs(self) -> None:
        """Tell surfaces of the inputs, and editors of the files, if these are others now."""
        files = self._questions.files()
        if files != self._told_files:
            self._told_files = files
            self._clients.broadcast({"op": "files", **files})
        found = self._remote.inputs()
        if any(found[what] != self._inputs.get(what) for what in ("inputs", "keyboards")):
            self._inputs = found
            self._clients.broadcast(found)

    # What the music asks for.

    def _first_tempo(self, settings: Mapping[str, object]) -> None:
        bpm = settings.get("bpm")
        if isinstance(bpm, int | float):
            self._music.set_tempo(TempoRequest(bpm, self._session.beats))

    def _get_ready(self, targets: Sequence[Target]) -> None:
        """Wait, while the music plays on, until the sinks are there and have built what is new."""
        ready, waited = readiness(targets, self._mixer, self._output, self._inside.prepare(targets)), 0.0
        while waited < READY_LIMIT and not ready():
            pause(0.005)
            waited += 0.005

    def _post(self, work: Callable[[], None]) -> None:
        self._scheduler.post(work)
        self._wake.set()

    # The scheduler's thread.

    def _run(self) -> None:
        reported = told = 0.0
        line: Segment | None = None
        noted = self._clock.now()
        share = Share()
        while True:
            with self._first:
                self._scheduler.step()
            self._screens.flush()
            if line is None or line != self._scheduler.tempo.segments[-1]:
                line = self._scheduler.tempo.segments[-1]
                self._clients.broadcast({"op": "tempo", "tempo": self._scheduler.tempo.to_json()})
            self._clockwork.step()
            self._linking.step(self._scheduler.tempo, partial(course, self._scheduler))
            self._parent.say({"op": "beat"})
            now = self._clock.now()
            if now - reported > STATUS:
                reported = now
                followed = self._linking.text or self._clockwork.followed
                sinks = {self._output: self._status["output"], self._mixer: self._status["mixer"]}
                at = wall_at(now, self._clock)
                status = status_of(self._session, self._scheduler, sinks, followed, now, share(), at)
                self._clients.broadcast(status)
                self._metering.step(status)
            if now - told > MEMORY:
                told = now
                self._music.tell_memory()
            if now - noted > NOTED:
                noted = now
                self._journal.note({"kind": "here", **self._here()})
            self._wake.wait(TURN)
            self._wake.clear()

    def _trouble(self, trouble: Trouble) -> None:
        """A layer could not be asked, or said something unplayable; called in the scheduler's thread."""
        text = told_of(trouble.problem, file_name(trouble.layer), self._session.files)
        name = layer_name(trouble.layer)
        if trouble.fallen_back:
            place = trouble.layer
            self._inbox.put(lambda: self._music.remember({"kind": "fallback", "place": place}))
            text = f"{text}\n{name} goes back to the version before"
        shown = self._show(f"{name}: {text}", trouble.kind and f"{name}: {trouble.kind}")
        if shown is not None:
            self._say(shown, error=True)

    # Sinks.

    def _early(self, target: Target) -> float:
        return self._latency.get(target.kind, 0.0) + self._ports.early(target)

    def _sink(self, name: str, runtime: Path, key: bytes) -> ProcessSink:
        def encode_event(target: Target, event: TimedEvent, cps: float) -> list[SinkEvent]:
            early = self._early(target)
            cycle = self._scheduler.position(event.at) if target.kind == "osc" else 0.0
            if early:
                event = replace(event, at=event.at - early)
            unplayed = self._unplayed(layer_name(event.layer), target, event.controls)
            if unplayed:
                self._say(unplayed)
            return encode(target, event, cps, cycle, lambda text: on_trouble(event.layer, text))

        def describe_target(target: Target) -> dict[str, object]:
            return describe(self._ports.described(target) if isinstance(target, MidiTarget) else target)

        def on_held(held: list[int]) -> None:
            self._post(lambda: self._scheduler.reconcile(sink, held))

        def on_status(status: dict[str, object]) -> None:
            self._status[name] = status
            self._wake.set()
            for notice in notices_of(status):
                self._say(notice)

        def on_trouble(layer: str, text: str) -> None:
            shown = self._show(f"{layer_name(layer)}: {text}")
            if shown is not None:
                self._say(shown, error=True)

        sink = ProcessSink(
            name,
            door(runtime, name),
            key,
            self._term,
            encode_event,
            describe_target,
            on_held=on_held,
            on_status=on_status,
            on_trouble=on_trouble,
            latency=max([0.0, *self._latency.values()]) + (self._ports.earliest if name == "output" else 0.0),
            screen=self._screens,
        )
        return sink

    def _say(self, text: str, *, error: bool = False) -> None:
        self._clients.broadcast({"op": "message", "text": text, "level": "error" if error else "info"})
        self._parent.say({"op": "said", "text": text, "error": error})
