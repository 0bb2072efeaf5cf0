"""MIDI clock, from what pieces say of it to what the output process is told."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from bridge.chase import Heard
from bridge.clock_out import Course, Line
from bridge.clock_targets import MidiClock
from bridge.targets import MidiTarget
from repl.obeying import Whom
from repl.transport import JACK, PLUGIN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from bridge.event import Seconds
    from bridge.place import Place
    from bridge.process_sink import ProcessSink
    from bridge.scheduler import Scheduler
    from bridge.tempo import Tempo
    from bridge.transport import Transport
    from repl.commits import Commit
    from repl.loader import Loaded
    from repl.obeying import Obeying
    from repl.session import Session

BEAT = b"M"
"""What the mixer is told of tempo and transport."""
PAST = 1.0
"""Seconds of the line that are still of use when they are over."""

ClockRows = list[list[object]]
"""Rows of `MidiClock.to_json`."""


def clocks_of_piece(loaded: Loaded, former: Loaded | None) -> list[Commit]:
    """The commits by which an edition of a piece says something else of MIDI clock than the one before."""
    before = former.clocks if former is not None else ()
    return [] if loaded.clocks == before else [_commit(loaded.file, loaded.clocks)]


def clocks_of_end(file: str, clocks: Mapping[str, ClockRows]) -> list[Commit]:
    """The commits by which a file that is gone says nothing any more."""
    return [_commit(file, ())] if clocks.get(file) else []


def clocks_of_statement(said: Iterable[MidiClock], clocks: Mapping[str, ClockRows]) -> list[Commit]:
    """The commits of what was typed: it holds for its port whatever a file says, until that says it anew."""
    out: list[Commit] = []
    known = {"": [], **clocks}
    for clock in said:
        for file, rows in list(known.items()):
            now = [row for row in _clocks(rows) if row.port != clock.port]
            if file == "" and clock.on:
                now.append(clock)
            known[file] = [row.to_json() for row in now]
            if known[file] != rows:
                out.append(_commit(file, now))
    return out


def wanted(clocks: Mapping[str, ClockRows]) -> list[MidiClock]:
    """The ports that are to get the clock, each once, by name."""
    found = {clock.port: clock for rows in clocks.values() for clock in _clocks(rows)}
    return sorted((clock for clock in found.values() if clock.on), key=lambda clock: clock.port or "")


def span(places: Mapping[str, Place]) -> tuple[Fraction | None, Fraction | None]:
    """From which cycle on there is music, and up to which, if its end is known already."""
    layers = [place for name, place in places.items() if ":" in name]  # what is played once has no such name
    begins = [begin for place in layers for begin, layer in place.versions if layer is not None]
    ends = [place.versions[-1][0] if place.versions[-1][1] is None else None for place in layers]
    if not begins:
        # What has ended is known for a while: until then the end holds, so that the stop comes on it.
        begins = [min(place.versions[0][0] for place in layers) - 1] if layers else []
    if not begins:
        return None, None
    known = [end for end in ends if end is not None]
    return min(begins), max(known) if len(known) == len(ends) else None


class Clockwork:
    """Tells the output process what its clocks need, whenever that changes; used by the scheduler's thread.

    Args:
        session: What has been accepted.
        scheduler: Has the tempo, and what plays.
        output: The process.
        early: Seconds by which a port is sent to early.
        heard: What the process last said of the clock that is followed.
        chase: Bends our time towards it.
        obeying: Starts and stops with it.
        mixer: Told where the music is, for its loops.
        inside: Says where the DAW is that the plugin is in.
    """

    def __init__(
        self,
        session: Session,
        scheduler: Scheduler,
        output: ProcessSink,
        early: Callable[[MidiTarget], Seconds],
        heard: Callable[[], object] = lambda: None,
        chase: Callable[[Heard], None] = lambda _: None,
        obeying: Obeying | None = None,
        mixer: ProcessSink | None = None,
        inside: Callable[[], object] = lambda: None,
    ) -> None:
        self._session = session
        self._scheduler = scheduler
        self._output = output
        self._early = early
        self._heard = heard
        self._chase = chase
        self._obeying = obeying
        self._mixer = mixer
        self._inside = inside
        self._line: tuple[Tempo, Transport] | None = None
        self._said: Course | None = None
        self._listening: str | None = None
        self._whom = Whom()
        self._last: object = None

    def step(self) -> None:
        """Say what is news, and follow what was heard."""
        self._follow()
        self._lead()
        if self._mixer is not None:
            self._tell(self._mixer)

    @property
    def followed(self) -> str:
        """How the clock that is followed is doing: "locked", say; empty if none is."""
        return str(self._report().get("state", "silent")) if self._listening is not None else ""

    def _tell(self, mixer: ProcessSink) -> None:
        scheduler = self._scheduler
        line = scheduler.tempo, scheduler.transport
        if self._line is None or line[0] is not self._line[0] or line[1] is not self._line[1]:
            if line != self._line:
                # A clock that is followed bends the line often: what is over is of no use.
                since = line[0].since(scheduler.clock.now() - PAST)
                mixer.stand(BEAT, json.dumps([since.to_json(), line[1].to_json()]).encode())
            self._line = line

    def _follow(self) -> None:
        whom = Whom.read(self._session.follow)
        if whom != self._whom:
            if whom.port != self._whom.port:
                self._output.stand(b"F", json.dumps(whom.port).encode())
            if whom.jack or self._whom.jack:
                self._output.stand(b"J", json.dumps({"on": whom.jack, "leads": whom.leads}).encode())
            self._whom = whom
            self._listening = JACK if whom.jack else PLUGIN if whom.plugin else whom.port
        report = self._report()
        if self._obeying is not None:
            self._obeying.step(report, self._session.beats, whom)
        if report.get("state") == "locked" and report["at"] != self._last:
            self._last = report["at"]
            self._chase(Heard.from_json(report))

    def _report(self) -> Mapping[str, object]:
        """What is known of the clock that is followed; nothing, if it is still about another."""
        heard = self._inside() if self._listening == PLUGIN else self._heard()
        report = cast("Mapping[str, object] | None", heard) or dict[str, object]()
        return report if self._listening is not None and report.get("port") == self._listening else {}

    def _lead(self) -> None:
        clocks = wanted(dict(self._session.clocks))
        if not clocks and self._said is None and not self._whom.leads:
            return
        begin, until = span(self._scheduler.places)
        beats = Fraction(self._session.beats).limit_denominator(1024)
        targets = [MidiTarget(clock.port) for clock in clocks]
        lines = tuple(
            Line(clock.port, self._early(target), clock.always)
            for clock, target in zip(clocks, targets, strict=True)
        )
        course = Course(self._scheduler.tempo, beats, begin, until, lines, self._scheduler.transport)
        if course != self._said:
            self._said = course
            self._output.prepare(targets)
            self._output.stand(b"T", json.dumps(course.to_json()).encode())


def _clocks(rows: ClockRows) -> list[MidiClock]:
    return [MidiClock(cast("str | None", port), bool(always), bool(on)) for port, always, on in rows]


def _commit(file: str, clocks: Iterable[MidiClock]) -> Commit:
    return {"kind": "clocks", "file": file, "clocks": [clock.to_json() for clock in clocks]}
