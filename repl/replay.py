"""`sempre replay`: a session as its journal tells it, played again in virtual time."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from bridge.clock import ManualClock
from bridge.controls import ControlTimeline, read_position
from bridge.place import exact
from bridge.scheduler import Scheduler
from bridge.stream import RATE
from bridge.tempo import Segment, Tempo
from bridge.trouble import Fall, Trouble
from repl.deeds import deed_of, play_once
from repl.errors import LoadError, ReplError
from repl.journal import FORMAT, parts, rows_of
from repl.loader import Loaded, load_piece
from repl.opened import run_until
from repl.own_modules import beside, given_with
from repl.report import Once, of_problem
from repl.session import COMMANDS, Session, file_name
from repl.sinks import default_target

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from bridge.event import Seconds, TimedEvent
    from bridge.layer import Target
    from repl.commits import Commit
    from repl.deeds import Deed


@dataclass(frozen=True, slots=True)
class Sent:
    """An event that was sent.

    Attributes:
        event: As it sounded, with the session's time.
        target: Where to.
        cps: The tempo that it was sent with.
        onset: The cycle of its beginning.
        length: Cycles from its beginning to its end, as the pattern says it.
        position: The cycle of the piece then, where OSC tells it.
    """

    event: TimedEvent
    target: Target
    cps: float = field(compare=False)  # of the first event that was sent with it
    onset: Fraction
    length: Fraction
    position: float = field(default=0.0, compare=False)

    def to_json(self, beginning: Seconds) -> dict[str, object]:
        """A line of `--events`; `at` is counted from a beginning."""
        event = self.event
        return {
            "layer": event.layer,
            "cycle": str(self.onset),
            "length": str(self.length),
            "value": dict(event.controls),
            "at": event.at - beginning,
            "duration": event.duration,
            "target": self.target.key,
        }


class Listening:
    """A sink that keeps what would sound, with its cycle."""

    latency: Seconds = 0.0

    def __init__(self) -> None:
        self.held: dict[int, Sent] = {}
        self.scheduler: Scheduler | None = None

    def send(self, target: Target, events: Sequence[TimedEvent], cps: float) -> None:
        """Keep the events."""
        places = self.scheduler.places if self.scheduler is not None else {}
        where = self.scheduler.position if self.scheduler is not None and target.kind == "osc" else _nowhere
        for event in events:
            planned = places[event.layer].sent[event.id]
            known = planned.onset, planned.length, where(event.at)
            self.held[event.id] = Sent(event, target, cps, *known)

    def cancel(self, ids: Iterable[int]) -> None:
        """Drop the events."""
        for ident in ids:
            self.held.pop(ident, None)

    def panic(self) -> None:
        """Drop what had not begun."""
        now = self.scheduler.clock.now() if self.scheduler is not None else 0.0
        self.held = {i: one for i, one in self.held.items() if one.event.at < now}


@dataclass(slots=True)
class Script:
    """What is to be done in a replay, and when.

    Attributes:
        seed: Of the piece, at the beginning.
        stream_rate: As the session had it.
        deeds: With their times.
        begun: When the first cycle was set, or the first kept part of the journal begins.
        zero: The time of that cycle.
        end: When the session was over, as far as is known.
        falls: The versions that failed.
        controls: What the inputs did.
        sources: The newest text of each file, also of modules, for messages.
        cues: The layers and buses that were out of the mix, from a time on.
        troubles: What in the journal cannot be followed.
        beats: Those of a cycle, at the end.
    """

    seed: int = 0
    stream_rate: float = RATE
    deeds: list[tuple[Seconds, Deed]] = field(default_factory=list["tuple[Seconds, Deed]"])
    begun: Seconds | None = None
    zero: Seconds = 0.0
    end: Seconds = 0.0
    falls: list[Fall] = field(default_factory=list[Fall])
    controls: ControlTimeline = field(default_factory=ControlTimeline)
    sources: dict[str, str] = field(default_factory=dict[str, str])
    cues: list[tuple[Seconds, frozenset[str]]] = field(default_factory=list["tuple[Seconds, frozenset[str]]"])
    troubles: list[str] = field(default_factory=list[str])
    beats: float = 4.0


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a session played.

    Attributes:
        events: By time.
        beginning: The time of the first cycle that was asked for.
        end: The time of the end.
        troubles: What went wrong, each once.
        tempo: Cycles and seconds, all through it.
    """

    events: list[Sent]
    beginning: Seconds
    end: Seconds
    troubles: list[str]
    tempo: Tempo


def read_rows(path: Path) -> tuple[list[Commit], list[str]]:
    """The rows of a journal from the oldest part that is kept; and what there is to say about them.

    Raises:
        ReplError: It is not there, or is no journal that we can read.
    """
    rows: list[Commit] = []
    said: list[str] = []
    for part in parts(path):
        try:
            found, torn = rows_of(part.read_bytes())
        except OSError as error:
            raise ReplError(f"{part} cannot be read ({error.strerror})") from None
        if not found or found[0]["kind"] != "journal":
            raise ReplError(f"{part} is no journal of a session: `sempre journal` lists them")
        if found[0].get("format") != FORMAT:
            raise ReplError(
                f"{part} is a journal of format {found[0].get('format')}; this is Sempre for {FORMAT}"
            )
        if torn:
            said.append(f"{part}: {torn} lines cannot be read, and are passed over")
        rows += found
    return rows, said


def script_of(rows: Sequence[Commit]) -> Script:
    """What to do when, so that a session plays as its journal says."""
    return _Reading(rows).script


class _Reading:
    """Follows a journal with a session of its own, as an understudy does."""

    def __init__(self, rows: Sequence[Commit]) -> None:
        self.script = Script()
        self._session = Session()
        self._loaded: dict[int, Loaded] = {}
        times = times_of(rows)
        first = True
        for index, row in enumerate(rows):
            kind = row["kind"]
            self.script.end = max(self.script.end, _at(row) or 0.0)
            if kind == "journal":
                if first:
                    self._begin(row)
            elif kind == "state":
                if self.script.begun is None and not self._session.places:
                    self._resume(row)
            elif kind == "engine":
                self._take_over(row)
            elif kind == "fell":
                places = (str(row["place"]), Fraction(str(row["version"])), Fraction(str(row["cycle"])))
                self.script.falls.append(Fall(*places))
            elif kind == "lost":
                self.script.troubles.append(
                    f"{row['rows']} rows could not be written: it may differ from there"
                )
            elif kind == "once":
                self._once(row, times.get(index))
            elif kind not in {"done", "here", "over", "refused"}:
                self._commit(row, times.get(index))
            first = False
        self.script.beats = self._session.beats
        # Stable: what was done at one time is done in the order in which it was written.
        self.script.deeds.sort(key=lambda deed: deed[0])

    def _begin(self, row: Commit) -> None:
        self.script.seed = self._session.seed = cast("int", row["seed"])
        settings = cast("dict[str, dict[str, float]]", row.get("settings", {}))
        self.script.stream_rate = settings.get("midi", {}).get("stream_rate", RATE)

    def _resume(self, row: Commit) -> None:
        """The beginning is not kept any more: go on as an engine does that takes over."""
        for commit in cast("list[Commit]", row["commits"]):
            self._apply(commit)
        session, at = self._session, cast("float", row["at"])
        self.script.seed, self.script.controls = (
            session.seed,
            ControlTimeline.from_json(session.controls.to_json()),
        )
        places, solo, tempo = session.as_places(), session.solo_places(), session.tempo
        transport, former = session.transport, session.former_mix()

        def work(scheduler: Scheduler) -> None:
            scheduler.solo, scheduler.former = solo, former
            scheduler.resume(places, tempo, self.script.controls, transport)
            for sink in set(scheduler.sinks.values()):
                scheduler.reconcile(sink, [])

        if session.begun:
            self._do(at, work)
            self.script.begun = self.script.zero = at

    def _take_over(self, row: Commit) -> None:
        """Another engine went on; what was played once went with the one before it."""
        self._loaded.clear()
        if row["term"] == 1:
            return
        session, at, suspect = self._session, cast("float", row["at"]), str(row["suspect"])
        if suspect in session.places:
            cycle = exact(session.tempo.cycle_at(at))
            begun = session.places[suspect][-1][0]
            session.fall_back(suspect)
            self.script.falls.append(Fall(suspect, begun, max(begun, cycle)))
        playing = set(cast("list[str]", row["places"]))

        def work(scheduler: Scheduler) -> None:
            here = exact(scheduler.tempo.cycle_at(at))
            for place in [p for p in scheduler.places if p not in playing]:
                scheduler.set_layer(place, None, here)
            scheduler.singles = 0

        self._do(at, work)

    def _once(self, row: Commit, at: Seconds | None) -> None:
        loaded = self._loaded.get(cast("int", row["of"]))
        if loaded is not None and at is not None:
            layers = [loaded.singles[k].layer for k in cast("list[int]", row["which"])]
            self._do(at, play_once(layers))

    def _commit(self, row: Commit, at: Seconds | None) -> None:
        loaded = self._apply(row)
        if loaded is not None:
            self._loaded[cast("int", row["n"])] = loaded
        if row["kind"] == "moved":
            for name, cycle, value in cast("list[tuple[str, str, object]]", row["rows"]):
                self.script.controls.set(name, Fraction(cycle), read_position(value))
        deed = deed_of(row, self._session)
        if deed is None or at is None:
            return
        self._do(at, deed)
        if row["kind"] == "tempo" and row["begun"] and self.script.begun is None:
            self.script.begun = at
            self.script.zero = self._session.tempo.time_at(0)
        seeds = cast("dict[str, int]", row.get("seeds", {}))
        ours = self._session.seeds()
        if any(ours.get(place) != seed for place, seed in seeds.items()):
            self.script.troubles.append(f"the seeds at cycle {row.get('cycle')} are not those of the journal")

    def _apply(self, row: Commit) -> Loaded | None:
        loaded = None
        if row["kind"] == "cue":
            self.script.cues.append((_at(row) or 0.0, frozenset(cast("list[str]", row["names"]))))
        try:
            with contextlib.redirect_stdout(io.StringIO()):  # what it prints has been read
                if row["kind"] == "file":
                    file = str(row["file"])
                    loaded = load_piece(str(row["source"]), file, beside(file, given=given_with(row)))
                    self.script.sources |= {**loaded.modules.texts, file: loaded.source}
                elif row["kind"] == "typed":
                    nothing = dict.fromkeys(COMMANDS, _nothing)
                    loaded = self._session.statement(str(row["source"]), nothing, given_with(row))
                self._session.apply(row, loaded)
        except LoadError as error:
            self.script.troubles.append(error.block)
        return loaded

    def _do(self, at: Seconds, deed: Deed) -> None:
        self.script.deeds.append((at, deed))


def times_of(rows: Sequence[Commit]) -> dict[int, Seconds]:
    """When each row was done, by its index; what an engine had not done when it died, the next one did."""
    times: dict[int, Seconds] = {}
    waiting: dict[int, int] = {}
    for index, row in enumerate(rows):
        if row["kind"] == "done":
            found = waiting.pop(cast("int", row["of"]), None)
            if found is not None:
                times[found] = cast("float", row["at"])
        elif row["kind"] == "engine":
            left = [i for i in waiting.values() if rows[i]["kind"] not in {"once", "tempo"}]
            times |= dict.fromkeys(left, cast("float", row["at"]))
            waiting.clear()
        elif "done" in row:
            times[index] = cast("float", row["done"])
        elif "n" in row:
            waiting[cast("int", row["n"])] = index
    return times


def play_script(
    script: Script,
    begin: Fraction | None = None,
    end: Fraction | None = None,
    listening: Listening | None = None,
) -> Replayed:
    """Play a script in virtual time.

    Args:
        script: What to do.
        begin: The cycle from which events are kept; all of them if None.
        end: The cycle at which it ends; if None, where the session ended.
        listening: Takes the events.

    Raises:
        ReplError: Nothing was played in that session.
    """
    if script.begun is None:
        raise ReplError("nothing was played in that session")
    troubles, show = list(script.troubles), Once()

    def trouble(found: Trouble) -> None:
        file = file_name(found.layer)
        text = of_problem(found.problem, file, script.sources.get(file, ""), script.sources)
        if show(text) == text:
            troubles.append(text)

    sink, clock = listening or Listening(), ManualClock(script.begun)
    sinks = {"midi": sink, "osc": sink, "audio": sink}
    scheduler = sink.scheduler = Scheduler(
        clock,
        sinks,
        Tempo.steady(0.5),
        default_target,
        on_trouble=trouble,
        seed=script.seed,
        stream_rate=script.stream_rate,
    )
    scheduler.controls = script.controls
    scheduler.foresee(script.falls)
    bounds: dict[Fraction, Seconds] = {}
    line: dict[Seconds, Segment] = {}

    def look() -> bool:
        """Take down what is passed, for a line of time forgets: it, and bounds; say whether all is over."""
        line.update((one.begin, one) for one in scheduler.tempo.segments if one.begin <= clock.now())
        for cycle in (begin, end):
            if cycle is not None and cycle not in bounds:
                at = scheduler.tempo.time_at(cycle)
                if at <= clock.now():
                    bounds[cycle] = at
        return end in bounds

    for at, deed in script.deeds:
        # Before the first cycle there is no line of time to step along.
        if at > script.begun and run_until(scheduler, clock, at, look):
            break
        deed(scheduler)
    over = run_until(scheduler, clock, script.end, look)
    until = bounds[end] if over and end is not None else max(script.end, script.begun)
    since = script.zero if begin is None else bounds.get(begin, until)
    events = [
        one for one in sink.held.values() if (begin is None or one.onset >= begin) and one.event.at < until
    ]
    if end is not None:
        events = [one for one in events if one.onset < end]
    events.sort(key=lambda one: (one.event.at, one.event.layer, one.event.id))
    look()
    tempo = Tempo(tuple(line[at] for at in sorted(line)) or scheduler.tempo.segments)
    return Replayed(events, since, until, list(dict.fromkeys(troubles)), tempo)


def write_events(path: Path, replayed: Replayed) -> None:
    """Write events as JSON lines.

    Raises:
        ReplError: The file cannot be written.
    """
    lines = (json.dumps(one.to_json(replayed.beginning), default=repr) for one in replayed.events)
    try:
        path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    except OSError as error:
        raise ReplError(f"{path} cannot be written ({error.strerror})") from None


def _at(row: Commit) -> Seconds | None:
    found = row.get("at", row.get("done"))
    return float(found) if isinstance(found, int | float) else None


def _nowhere(_at: Seconds) -> float:
    return 0.0


def _nothing(*_args: object, **_named: object) -> None:
    """A command that has been carried out already."""
