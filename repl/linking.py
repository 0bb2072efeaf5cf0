"""The engine's side of Ableton Link: asks for the peer, follows its beat, tells it of our tempo."""

from __future__ import annotations

import importlib.util
import math
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, cast

from bridge.link_line import LINK, START_STOP, LinkLine, away
from bridge.place import exact
from bridge.scheduler import LEAD
from bridge.worker import pause
from repl.clockwork import span

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.clock import Clock
    from bridge.event import Seconds
    from bridge.scheduler import Scheduler
    from bridge.tempo import Tempo
    from repl.clients import Client, Message
    from repl.moving import Moving
    from repl.session import Session

GONE = 1.0
"""Seconds without a report after which the peer counts as gone: time goes on at its last tempo."""
ON_IT = 0.001
"""Seconds beside the others' beat within which we are called locked."""
SAME = 0.001
"""Part of the tempo by which two clocks may differ that go at the same."""
PATIENCE = 5.0
"""Seconds that the first cycle waits for a peer: its process starts, listens and looks for others in 2."""
OFTEN = 0.5
"""Seconds between two looks at whether we have to bend, when nobody did anything: on JACK our own time
wanders, and each bend has all be sent anew."""
HELD = 0.2
"""Seconds after we did as the others do, until which that is not news to them."""
ANSWER = 1.0
"""Seconds that it then waits for the beat that was asked for."""

MISSING = "follow(\"link\") needs Ableton Link: pip install 'sempre[link]' (our own clock goes on)"


class Report(NamedTuple):
    """What the peer said last, by whom and when."""

    client: Client
    said: Message
    at: Seconds


class Course(NamedTuple):
    """Whether there is music.

    Attributes:
        plays: Whether a layer plays, or is about to, and the piece does not stand.
        since: From when on.
    """

    plays: bool
    since: Seconds


class Start(NamedTuple):
    """A first cycle on the beat of Link.

    Attributes:
        begin: When it begins.
        cps: Cycles per second.
        alone: Whether nobody else is there.
    """

    begin: Seconds
    cps: float
    alone: bool


class Linking:
    """Follows Link while the session says so; `step` and `lead` are called by the scheduler's thread.

    Args:
        session: What has been accepted.
        clock: The session's.
        need: Tells the supervisor whether the process is needed.
        say: Shows an error to the musician.
        post: Has work done in the scheduler's thread.
        chase: Bends our time towards a line.
        roll: Starts or stops the piece at a time, because the others did.
        installed: Whether the library is there.
    """

    def __init__(
        self,
        session: Session,
        clock: Clock,
        need: Callable[[bool], object],
        say: Callable[[str], object],
        post: Callable[[Callable[[], None]], object],
        chase: Callable[[LinkLine], object],
        roll: Callable[[bool, Seconds], object] = lambda _rolling, _at: None,
        installed: Callable[[], bool] = lambda: importlib.util.find_spec("_link") is not None,
    ) -> None:
        self._session = session
        self._clock = clock
        self._need = need
        self._say = say
        self._post = post
        self._chase = chase
        self._roll = roll
        self._installed = installed
        self._report: Report | None = None
        self._client: Client | None = None
        self._wanted: str | bool | None = False
        self._missing = False
        self._tempo = session.tempo
        self._bpm = 0.0
        self._number = 0
        self._set: Message = {}
        self._followed: Message = {}
        self._flips: object = None
        self._ours = False
        self._news: object = None
        self._chased: Seconds = 0.0
        self._held: Seconds = 0.0

    # What the peer says; called in the thread that hears it.

    def hear(self, client: Client, message: Message) -> None:
        """Take a report."""
        self._report = Report(client, message, self._clock.now())

    # The scheduler's thread.

    def step(self, tempo: Tempo, ours: Callable[[], Course]) -> None:
        """Say what is news, and follow what was heard.

        Args:
            tempo: Our line of time.
            ours: Says whether there is music.
        """
        follow = self._session.follow
        self._tempo = tempo
        if follow != self._wanted:
            self._switch(follow)
        report = self._report
        if not wished(follow) or self._missing or report is None:
            return
        if report.client is not self._client:
            # Another peer, or ours has come back: it knows nothing of us, and owes us nothing.
            self._client, self._number, self._set = report.client, 0, {}
        now = self._clock.now()
        if self._tell_settings(report.client, follow):
            # What has been so far is nothing that we would start or stop for, nor they.
            self._flips, self._ours = None, ours().plays
        said = report.said
        if said is self._followed or not self._current(report, now):
            return
        self._followed = said
        self._bpm = cast("float", said["bpm"])
        line = LinkLine.from_json(cast("Message", said["line"]))
        news = (said["bpm"], said["n"], said["peers"], line.quantum)
        if news != self._news or now - self._chased > OFTEN:
            self._news, self._chased = news, now
            self._chase(line)
        if follow == START_STOP:
            self._start_and_stop(said, line, ours(), now)

    def lead(self, before: Seconds, tempo: Tempo) -> None:
        """Tell the others what has become of our tempo.

        Args:
            before: What begins after this time is news.
            tempo: Our line.
        """
        beats = self._session.beats
        steps = [
            [max(s.begin, before), s.cps * 60 * beats, s.slope * 60 * beats]
            for s in tempo.segments
            if s.begin > before or s is tempo.segments[-1]
        ]
        self._command("link tempo", steps=steps)

    @property
    def text(self) -> str:
        """How it is going, for the status bar; empty if Link is not followed.

        "link locked, 2 peers", "link alone", "link seeking", "link freewheel", "link missing".
        """
        if not wished(self._session.follow):
            return ""
        if self._missing:
            return "link missing"
        report = self._report
        if report is None:
            return "link starting"
        if self._clock.now() - report.at > GONE:
            return "link freewheel"
        if report.said.get("state") == "alone":
            return "link alone"
        if report.said.get("state") != "joined":
            return "link starting"
        peers = cast("int", report.said["peers"])
        return f"link {self._state(report)}, {peers} peer{'s' * (peers != 1)}"

    # The main thread, before there is music.

    def meet(self, early: Seconds, bpm: float) -> Start | None:
        """When the first cycle can begin so that it lies on the others' beat, and how fast.

        It waits for the peer; without one it gives None, and the beat is met later.

        Args:
            early: Seconds from now at the earliest.
            bpm: The tempo that holds if nobody else is there.
        """
        if not wished(self._session.follow) or not self._installed():
            return None
        if not self._wait(lambda said: said.get("state") in ("joined", "alone"), PATIENCE):
            return None
        at = self._clock.now() + early
        number: list[int] = []
        self._post(lambda: number.append(self._command("link begin", at=at, bpm=bpm)))
        if not self._wait(lambda said: bool(number) and said.get("n") == number[0], ANSWER):
            return None
        report = self._report
        if report is None or "line" not in report.said:
            return None
        line = LinkLine.from_json(cast("Message", report.said["line"]))
        return Start(line.next_cycle(at), line.cps, alone=not report.said["peers"])

    def _wait(self, test: Callable[[Message], bool], patience: float) -> bool:
        deadline = self._clock.now() + patience
        while self._clock.now() < deadline:
            report = self._report
            if report is not None and report.client is self._client and test(report.said):
                return True
            pause(0.005)
        return False

    # Inside.

    def _switch(self, follow: str | None) -> None:
        self._wanted = follow
        wish = wished(follow)
        self._missing = wish and not self._installed()
        if self._missing:
            self._say(MISSING)
        self._need(wish and not self._missing)
        if not wish:
            self._report = self._client = None

    def _tell_settings(self, client: Client, follow: str | None) -> bool:
        wanted: Message = {"beats": self._session.beats, "start_stop": follow == START_STOP}
        if wanted == self._set:
            return False
        self._set = wanted
        bpm = self._tempo.segments[-1].cps * 60 * self._session.beats
        if abs(bpm / (self._bpm or 1) - 1) < SAME:
            bpm = self._bpm  # as it was called, and not by the clock that we tell time by
        client.send({"op": "link set", **wanted, "bpm": bpm})
        return True

    def _current(self, report: Report, now: Seconds) -> bool:
        """Whether a report is about now, and knows of all that we have said."""
        said = report.said
        if said.get("state") not in ("joined", "alone") or now - report.at > GONE:
            return False
        line = cast("Message", said["line"])
        return said["n"] == self._number and not said["busy"] and line["quantum"] == self._session.beats

    def _state(self, report: Report) -> str:
        if report.said.get("busy") or report.said.get("n") != self._number:
            return "leading"
        line = LinkLine.from_json(cast("Message", report.said["line"]))
        off = away(self._tempo, line, self._clock.now())
        return "locked" if abs(off) < ON_IT else "seeking"

    def _start_and_stop(self, said: Message, line: LinkLine, ours: Course, now: Seconds) -> None:
        theirs = bool(said["playing"])
        if self._flips is not None and said["flips"] != self._flips:
            at = max(now + LEAD, cast("float", said["since"]))
            if theirs:
                # As everybody does who starts with others: where the bar begins, which is our cycle.
                at = self._cycle_near(line.next_cycle(at), now)
            self._roll(theirs, at)
            self._held = at + HELD
        self._flips = said["flips"]
        # What we do because they did is no news to them; nor is it that we have no music yet.
        if now > self._held and ours.plays not in (self._ours, theirs):
            self._command("link play", playing=ours.plays, at=ours.since)
        self._ours = ours.plays

    def _cycle_near(self, at: Seconds, now: Seconds) -> Seconds:
        cycle = round(self._tempo.cycle_at(at))
        found = self._tempo.time_at(cycle)
        return found if found > now + LEAD else self._tempo.time_at(cycle + 1)

    def _command(self, op: str, **fields: object) -> int:
        client = self._client
        if client is None:
            return self._number
        self._number += 1
        client.send({"op": op, "n": self._number, **fields})
        return self._number


def wished(follow: str | None) -> bool:
    """Whether a clock that is followed is Link.

    >>> wished("link"), wished("midi:Digitakt"), wished(None)
    (True, False, False)
    """
    return follow in (LINK, START_STOP)


def course(scheduler: Scheduler) -> Course:
    """Whether there is music that others could start and stop with."""
    now = scheduler.clock.now()
    soon = exact(scheduler.tempo.cycle_at(now + LEAD))
    begin, until = span(scheduler.places)
    if begin is None or (until is not None and until <= soon) or not scheduler.transport.rolls(soon):
        return Course(plays=False, since=now)
    # Its very begin: who is told a moment later waits for the next bar.
    begun = scheduler.transport.stretch(soon).begin
    return Course(plays=True, since=scheduler.tempo.time_at(begin if begun is None else max(begin, begun)))


def roll(scheduler: Scheduler, moving: Moving, rolling: bool, at: Seconds) -> None:
    """Stand, or go on from the begin of the cycle in which the piece stands; in the scheduler's thread."""
    here = exact(scheduler.tempo.cycle_at(scheduler.clock.now() + LEAD))
    if not rolling:
        moving.roll(rolling=False, at=at)
    elif not scheduler.transport.rolls(here):
        moving.roll(rolling=True, at=at, position=Fraction(math.floor(scheduler.transport.position(here))))
