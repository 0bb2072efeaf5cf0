"""The engine: evaluates on its main thread, schedules on another; no change stops the music."""

from __future__ import annotations

import contextlib
import io
import math
import threading
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.clock import SharedClock, wall_at
from bridge.layer import route_of
from bridge.process_sink import ProcessSink
from bridge.scheduler import Scheduler, Trouble
from bridge.targets import MidiTarget, OscTarget
from bridge.tempo import Tempo
from bridge.worker import Overtime, Watchman, pause, start_thread
from patterns.errors import SempreError
from repl.clients import Client, Clients, Message
from repl.commands import Commands
from repl.errors import LoadError
from repl.loader import Loaded, load_piece
from repl.names import names
from repl.partner import LOAD_LIMIT, Partner, Rehearsal
from repl.rehearsal import rehearse
from repl.report import PROMPT, Once, of_problem
from repl.runtime import door, key_of
from repl.session import (
    Change,
    Commit,
    Session,
    end_commit,
    file_commit,
    layer_name,
    place_name,
    typed_commit,
    wanted_tempo,
)
from repl.sinks import default_target, describe, encode
from repl.watch import Watch

if TYPE_CHECKING:
    import queue
    from collections.abc import Callable, Generator, Iterable, Mapping

    from bridge.event import SinkEvent, TimedEvent
    from bridge.layer import Layer, Target
    from bridge.worker import Parent

START = 0.15
"""Seconds from the first piece's acceptance to its first cycle: what the sinks need to take it in."""
READY_LIMIT = 3.0
"""Seconds that a change waits for the processes and instruments that it needs; a kit takes 0.7 s to build."""
TURN = 0.02
"""Seconds between two steps of the scheduler."""
STATUS = 0.25
"""Seconds between two reports to the prompts."""
DEFAULT_CPS = 0.5


@dataclass(frozen=True, slots=True)
class Promotion:
    """What the supervisor says when it makes a process the engine.

    Args:
        term: Which engine of the session it is, counted from 1.
        files: The pieces to play and to watch.
        suspect: The place whose query took the former engine down, if one did.
    """

    term: int
    files: tuple[str, ...]
    suspect: str = ""


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
    ) -> None:
        self.session = session
        self._parent = parent
        self._inbox = inbox
        self._promotion = promotion
        key = key_of(runtime)
        self._clock = SharedClock(runtime / "clock")
        self._watchman = Watchman("watch over queries")
        self._load_watchman = Watchman("watch over loading")
        self._trial_watchman = Watchman("watch over rehearsals")
        self._show = Once()
        self._wake = threading.Event()
        self._evaluating = False
        self._begun = promotion.term > 1
        self._tried: dict[str, int] = {}
        self._status: dict[str, dict[str, object]] = {"output": {}, "mixer": {}}
        self._output = self._sink("output", runtime, key)
        self._mixer = self._sink("mixer", runtime, key)
        self._scheduler = Scheduler(
            self._clock,
            {"midi": self._output, "osc": self._output, "audio": self._mixer},
            session.tempo,
            default_target,
            on_trouble=self._trouble,
            limit=self._watchman.limit,
            mark=mark,
            seed=session.seed,
        )
        self._commands = Commands(self).table()
        self._partner = Partner(
            key,
            lambda: list(self.session.history),
            lambda: parent.say({"op": "replace understudy"}),
            lambda pid: runtime / f"stack-{pid}.log",
        )
        if self._begun:
            places = session.as_places(promotion.suspect)
            self._scheduler.solo = session.solo_places()
            self._scheduler.resume(places, session.tempo, session.controls)
        self._clients = Clients(door(runtime, "engine"), key, self._from_client)
        self._output.start()
        self._mixer.start()
        start_thread("scheduler", self._run)
        self._watch = Watch([Path(file) for file in promotion.files], self._saved)
        self._settings = settings
        if not self._begun:
            bpm = settings.get("bpm")
            if isinstance(bpm, int | float):
                self._set_tempo(bpm / 60 / 4)
            for file in promotion.files:
                self._saved(Path(file))
        parent.say({"op": "playing", "term": promotion.term})

    # What the supervisor says; called in its reading thread.

    def meet_understudy(self, where: str, pid: int) -> None:
        """Connect to a new understudy."""
        self._inbox.put(lambda: self._partner.meet(where, pid))

    def panic(self) -> None:
        """The sending processes have been silenced by the supervisor; end the layers too."""
        self._scheduler.post(self._scheduler.hush)
        self._wake.set()
        self._inbox.put(lambda: self._remember({"kind": "hush"}))

    # What the commands do; called in the main thread.

    def accept(self, commit: Commit) -> None:
        """Apply a commit here, at the understudy's, and in the music."""
        self._remember(commit)
        kind = commit["kind"]
        if kind == "hush":
            self._post(self._scheduler.hush)
        elif kind == "mix":
            muted, solo = self.session.muted, self.session.solo_places()
            self._post(lambda: self._mix(muted, solo))
        elif kind == "seed":
            seed = self.session.seed
            self._post(lambda: self._scheduler.set_seed(seed))

    def end_layers(self, places: list[str]) -> None:
        """End layers at their next boundary."""
        changes = [Change(place, None, Fraction(1)) for place in places]
        boundaries = self._boundaries(changes)
        self._remember({"kind": "ended", "boundaries": {p: str(b) for p, b in boundaries.items()}})
        self._set_layers(changes, boundaries)

    def silence(self) -> None:
        """Sound off now, everywhere."""
        self._remember({"kind": "hush"})
        self._post(self._scheduler.panic)

    def turn(self, name: str, value: float) -> None:
        """Give a knob a value, from the cycle on up to which live layers have been asked already."""

        def work() -> None:
            self._scheduler.set_control(name, value)
            commit: Commit = {"kind": "controls", "controls": self._scheduler.controls.to_json()}
            self._inbox.put(lambda: self._remember(commit))

        self._post(work)

    # Messages of prompts; they come in the clients' threads and are worked on in the main one.

    def _from_client(self, client: Client, message: Message) -> None:
        op = message.get("op")
        if op == "eval":
            text, ident = str(message.get("text", "")), message.get("id")
            self._inbox.put(lambda: self._evaluate(client, ident, text))
        elif op == "interrupt":
            if self._evaluating:
                self._load_watchman.expire()
        elif op == "names":
            self._inbox.put(lambda: client.send({"op": "names", "names": names(self.session)}))

    def _evaluate(self, client: Client, ident: object, text: str) -> None:
        printed = io.StringIO()
        ok = True
        try:
            with self._interruptible(), contextlib.redirect_stdout(printed):
                loaded = self.session.statement(text, self._commands)
                targets = self._try_statement(loaded)
                if loaded.value is not None:
                    print(repr(loaded.value), file=printed)
            self._accept_statement(loaded, targets)
        except LoadError as error:
            ok = False
            printed.write(error.block)
        except _Interrupted:
            ok = False
            printed.write("interrupted; the music went on")
        client.send({"op": "result", "id": ident, "text": printed.getvalue().rstrip("\n"), "ok": ok})

    @contextlib.contextmanager
    def _interruptible(self) -> Generator[None, None, None]:
        """Let Ctrl-C reach what is evaluated; the music plays on in the other thread."""
        try:
            # An hour: only `expire`, which Ctrl-C calls, ends it before.
            with self._load_watchman.limit(3600):
                self._evaluating = True
                yield
        except Overtime:
            raise _Interrupted from None
        finally:
            self._evaluating = False

    def _try_statement(self, loaded: Loaded) -> list[Target]:
        layers = {self.session.place_of(n): layer for n, layer in loaded.layers.items()}
        layers |= {f"once {k}": layer for k, layer in enumerate(loaded.collector.singles)}
        return self._rehearse(layers, PROMPT, loaded.source) if layers else []

    def _accept_statement(self, loaded: Loaded, targets: list[Target]) -> None:
        changes = self.session.changes_of_statement(loaded)
        if changes or loaded.collector.singles:
            self._get_ready(targets)
            self._begin(loaded, targets)
        boundaries = self._boundaries(changes)
        self._remember(typed_commit(loaded.source, boundaries), loaded)
        self._set_layers(changes, boundaries)
        self._play_singles(loaded)
        if loaded.tempo is not None:
            self._set_tempo(loaded.tempo.cps)
        if loaded.seed is not None:
            self.accept({"kind": "seed", "seed": loaded.seed})

    # Files.

    def _saved(self, path: Path) -> None:
        """A file was saved: have it rehearsed; called in any thread."""
        file = str(path)
        try:
            source = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            self._inbox.put(lambda: self._gone(file))
            return
        except (OSError, UnicodeDecodeError) as error:
            self._say(f"{file}: cannot be read ({error}); what played plays on", error=True)
            return
        number = self._tried[file] = self._tried.get(file, 0) + 1

        def done(error: str | None) -> None:
            self._inbox.put(lambda: self._rehearsed(file, source, number, error))

        now = self._clock.now()
        tempo = self._scheduler.tempo
        self._partner.rehearse(
            Rehearsal(file, source, tempo.cycle_at(now), tempo.cps_at(now), self.session.seed, done)
        )

    def _rehearsed(self, file: str, source: str, number: int, error: str | None) -> None:
        if number != self._tried[file]:
            return
        if error is None:
            try:
                with self._load_watchman.limit(LOAD_LIMIT):
                    loaded = load_piece(source, file)
                    layers = {place_name(file, name): layer for name, layer in loaded.layers.items()}
                    layers |= {f"once {k}": layer for k, layer in enumerate(loaded.collector.singles)}
                    targets = self._rehearse(layers, file, source)
            except LoadError as failed:
                error = failed.block
            except Overtime:
                error = f"{file}: it did not come to an end within {LOAD_LIMIT:g} s"
            else:
                self._accept_file(loaded, targets)
                return
        self._say(f"{error}\n{self._still(file)}", error=True)

    def _still(self, file: str) -> str:
        return "the version before plays on" if file in self.session.files else "nothing of it plays yet"

    def _accept_file(self, loaded: Loaded, targets: list[Target]) -> None:
        former = self.session.files.get(loaded.file)
        tempo = wanted_tempo(loaded, former.loaded if former is not None else None)
        changes = self.session.changes_of_file(loaded)
        self._get_ready(targets)
        fresh = self._begin(loaded, targets)
        boundaries = self._boundaries(changes)
        self._show.forget()
        self._remember(file_commit(loaded, boundaries), loaded)
        self._set_layers(changes, boundaries)
        if tempo is not None and not fresh:
            self._set_tempo(tempo.cps, self._scheduler.next_boundary())
        if loaded.seed is not None:
            self.accept({"kind": "seed", "seed": loaded.seed})
        self._play_singles(loaded)
        at = min(boundaries.values(), default=None)
        when = "" if at is None else f" from cycle {math.floor(at)}"
        playing = ", ".join(loaded.layers) or "no layers"
        self._say(f"{loaded.file}: {playing}{when}")

    def _gone(self, file: str) -> None:
        if file not in self.session.files:
            self._say(f"{file}: there is no such file; it plays as soon as it is there", error=True)
            return
        changes = self.session.changes_of_end(file)
        boundaries = self._boundaries(changes)
        self._remember(end_commit(file, boundaries))
        self._set_layers(changes, boundaries)
        self._say(f"{file}: the file is gone; its layers end")

    def _rehearse(self, layers: Mapping[str, Layer], file: str, source: str) -> list[Target]:
        now = self._clock.now()
        tempo = self._scheduler.tempo
        return rehearse(
            layers,
            file,
            source,
            cycle=tempo.cycle_at(now),
            cps=tempo.cps_at(now),
            seed=self.session.seed,
            limit=self._trial_watchman.limit,
        )

    # Changes of the music: decided here in the main thread, done in the scheduler's.

    def _get_ready(self, targets: list[Target]) -> None:
        """Wait, while the music plays on, until the sinks are there and have built what is new."""
        audio = [t for t in targets if t.kind == "audio"]
        self._mixer.prepare(audio)
        routes = {route_of(t.key) for t in audio}
        waited = 0.0
        while waited < READY_LIMIT and not (
            (not audio or (self._mixer.connected and routes <= self._mixer.ready))
            and (len(audio) == len(targets) or self._output.connected)
        ):
            pause(0.005)
            waited += 0.005

    def _begin(self, loaded: Loaded, targets: list[Target]) -> bool:
        """Before the first layer ever: let cycle 0 begin in a moment."""
        if self._begun:
            return False
        self._begun = True
        cps = loaded.tempo.cps if loaded.tempo is not None else self._scheduler.tempo.segments[-1].cps
        early = max((t.latency for t in targets if isinstance(t, MidiTarget | OscTarget)), default=0.0)
        tempo = Tempo.steady(cps, self._clock.now() + START + max(0.0, early))
        self._scheduler.tempo = tempo
        self._remember({"kind": "tempo", "tempo": tempo.to_json()})
        self._parent.say({"op": "first cycle", "at": tempo.segments[0].begin})
        return True

    def _boundaries(self, changes: Iterable[Change]) -> dict[str, Fraction]:
        return {c.place: max(Fraction(0), self._scheduler.next_boundary(c.quantum)) for c in changes}

    def _set_layers(self, changes: Iterable[Change], boundaries: Mapping[str, Fraction]) -> None:
        muted = self.session.muted

        def work() -> None:
            for change in changes:
                self._scheduler.set_layer(change.place, change.layer, boundaries[change.place])
                if layer_name(change.place) in muted:
                    self._scheduler.set_muted(change.place, muted=True)

        self._post(work)

    def _play_singles(self, loaded: Loaded) -> None:
        for layer in loaded.collector.singles:
            self._post(lambda layer=layer: self._scheduler.once(layer))

    def _set_tempo(self, cps: float, boundary: Fraction | None = None) -> None:
        if not self._begun:
            self._scheduler.tempo = Tempo.steady(cps)
            return

        def work() -> None:
            self._scheduler.set_tempo(cps, boundary)
            commit: Commit = {"kind": "tempo", "tempo": self._scheduler.tempo.to_json()}
            self._inbox.put(lambda: self._remember(commit))

        self._post(work)

    def _mix(self, muted: frozenset[str], solo: frozenset[str]) -> None:
        for place in list(self._scheduler.places):
            self._scheduler.set_muted(place, muted=layer_name(place) in muted)
        self._scheduler.set_solo(solo)

    def _remember(self, commit: Commit, loaded: Loaded | None = None) -> None:
        self._partner.commit(commit)
        self.session.apply(commit, loaded)

    def _post(self, work: Callable[[], None]) -> None:
        self._scheduler.post(work)
        self._wake.set()

    # The scheduler's thread.

    def _run(self) -> None:
        reported = 0.0
        while True:
            self._scheduler.step()
            self._parent.say({"op": "beat"})
            now = self._clock.now()
            if now - reported > STATUS:
                reported = now
                self._clients.broadcast(self._status_now(now))
            self._wake.wait(TURN)
            self._wake.clear()

    def _status_now(self, now: float) -> Message:
        scheduler = self._scheduler
        output, mixer = self._status["output"], self._status["mixer"]
        solo = scheduler.solo
        layers = [
            {
                "name": layer_name(name),
                "muted": place.muted,
                "solo": name in solo,
                "sounding": not place.muted and (not solo or name in solo),
            }
            for name, place in scheduler.places.items()
            if not name.startswith("once ") and not place.over
        ]
        cps = scheduler.tempo.cps_at(now)
        return {
            "op": "status",
            "cycle": scheduler.tempo.cycle_at(now) if self._begun else 0.0,
            "bpm": cps * 60 * 4,
            "layers": layers,
            "late": _count(output, "late") + _count(mixer, "late"),
            "dropped": _count(output, "dropped") + _count(mixer, "dropped"),
            "sounding": _count(output, "sounding") + _count(mixer, "sounding"),
            "load": mixer.get("load", 0.0),
            "midi": output.get("driver", ""),
            "audio": mixer.get("driver", ""),
            "playing": bool(layers),
        }

    def _trouble(self, trouble: Trouble) -> None:
        """A layer could not be asked, or said something unplayable; called in the scheduler's thread."""
        file = trouble.layer.rpartition(":")[0]
        one = self.session.files.get(file)
        text = of_problem(trouble.problem, file, one.loaded.source if one is not None else "")
        name = layer_name(trouble.layer)
        if trouble.fallen_back:
            place = trouble.layer
            self._inbox.put(lambda: self._remember({"kind": "fallback", "place": place}))
            text = f"{text}\n{name} goes back to the version before"
        shown = self._show(f"{name}: {text}")
        if shown is not None:
            self._say(shown, error=True)

    # Sinks.

    def _sink(self, name: str, runtime: Path, key: bytes) -> ProcessSink:
        def encode_event(target: Target, event: TimedEvent, cps: float) -> list[SinkEvent]:
            if target.kind == "osc":
                cycle = self._scheduler.tempo.cycle_at(event.at)
                return encode(target, event, cps, wall_at(event.at, self._clock), cycle)
            return encode(target, event, cps, 0.0, 0.0)

        def on_held(held: list[int]) -> None:
            self._post(lambda: self._scheduler.reconcile(sink, held))

        def on_status(status: dict[str, object]) -> None:
            self._status[name] = status
            for notice in _notices(status):
                self._say(notice)

        def on_trouble(layer: str, text: str) -> None:
            shown = self._show(f"{layer_name(layer)}: {text}")
            if shown is not None:
                self._say(shown, error=True)

        sink = ProcessSink(
            name,
            door(runtime, name),
            key,
            self._promotion.term,
            encode_event,
            describe,
            on_held=on_held,
            on_status=on_status,
            on_trouble=on_trouble,
        )
        return sink

    def _say(self, text: str, *, error: bool = False) -> None:
        self._clients.broadcast({"op": "message", "text": text, "level": "error" if error else "info"})
        self._parent.say({"op": "said", "text": text, "error": error})


class _Interrupted(SempreError):
    """The musician pressed Ctrl-C."""


def _count(status: Mapping[str, object], name: str) -> int:
    value = status.get(name, 0)
    return value if isinstance(value, int) else 0


def _notices(status: Mapping[str, object]) -> list[str]:
    found = status.get("notices", [])
    return [str(text) for text in found] if isinstance(found, list) else []  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] - JSON
