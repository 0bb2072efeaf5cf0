"""A session with its scheduler in virtual time, as the engine puts them together."""

import json
from collections import deque
from collections.abc import Callable
from fractions import Fraction

import pytest

from bridge.clock import ManualClock
from bridge.scheduler import Scheduler
from bridge.sink import Recorder
from bridge.tempo import Tempo
from bridge.trouble import Trouble
from repl.commands import Commands
from repl.commits import Commit
from repl.errors import LoadError, ReplError
from repl.journal import row_of_fall
from repl.loader import load_piece
from repl.music import Music
from repl.replay import Listening, Sent
from repl.resumed import go_on
from repl.session import Session
from repl.sinks import default_target
from repl.surroundings import Surroundings


class Desk:
    """Plays into a recorder when the test says so; the understudy is a list of commits."""

    def __init__(self, session: Session | None = None) -> None:
        self.clock = ManualClock()
        self.recorder = Recorder()
        self.troubles: list[Trouble] = []
        self.commits: list[Commit] = []
        self.begins: list[float] = []
        self.waiting: deque[Callable[[], object]] = deque()
        self.session = session or Session()
        sinks = {"midi": self.recorder, "osc": self.recorder, "audio": self.recorder}
        self.scheduler = Scheduler(
            self.clock, sinks, Tempo.steady(0.5), default_target, on_trouble=self.troubles.append
        )
        self.around = Surroundings(
            tell=self.commits.append,
            later=self.waiting.append,
            post=self.scheduler.post,
            get_ready=lambda _: None,
            first_cycle=self.begins.append,
        )
        self.surround(self.around)

    def surround(self, around: Surroundings) -> None:
        """Let the music have other surroundings."""
        self.music = Music(self.session, self.scheduler, self.clock, around)

    def work(self) -> None:
        """Do what the main thread was given."""
        while self.waiting:
            self.waiting.popleft()()

    def save(self, source: str, file: str = "a.py") -> str:
        """Accept an edition of a piece; gives what is said about it."""
        loaded = load_piece(source, file)
        said = self.music.accept_piece(loaded, self.music.try_piece(loaded))
        self.play(0)
        return said

    def play(self, seconds: float) -> None:
        """Let time pass."""
        left = Fraction(seconds)
        self.scheduler.step()
        while left > 0:
            turn = min(left, Fraction(1, 20))
            self.clock.advance(float(turn))
            self.scheduler.step()
            self.work()
            left -= turn
        self.work()

    def heard(self, name: str = "s") -> list[tuple[float, object]]:
        """What the recorder would let sound: cycles from the first, and one control."""
        tempo = self.scheduler.tempo
        return [
            (round(tempo.cycle_at(e.at), 6), e.controls[name])
            for e in self.recorder.events()
            if name in e.controls
        ]


class Played:
    """A session in virtual time, as the engine puts it together, that writes its journal."""

    def __init__(self, begin: float = 1000.0) -> None:
        self.rows: list[Commit] = [{"kind": "journal", "format": 1, "seed": 3, "settings": {}}]
        self.clock = ManualClock(begin)
        self.session = Session(seed=3)
        self.waiting: list[Callable[[], object]] = []
        self.sink = Listening()
        self.start(term=1)

    def start(self, term: int, suspect: str = "") -> None:
        """An engine begins, or takes over."""
        sinks = {"midi": self.sink, "osc": self.sink, "audio": self.sink}
        self.scheduler = self.sink.scheduler = Scheduler(
            self.clock,
            sinks,
            self.session.tempo,
            default_target,
            seed=self.session.seed,
            on_trouble=lambda found: self.later(found.layer) if found.fallen_back else None,
            on_fall=lambda fall: self.note(row_of_fall(fall)),
        )
        around = Surroundings(
            tell=lambda _: None,
            later=self.waiting.append,
            post=self.scheduler.post,
            get_ready=lambda _: None,
            first_cycle=lambda _: None,
            note=self.note,
        )
        self.music = Music(self.session, self.scheduler, self.clock, around)
        self.commands = Commands(self.music).table()
        if self.session.begun:
            go_on(self.scheduler, self.session, suspect)
            held = [i for i, one in self.sink.held.items() if one.event.at >= self.clock.now()]
            self.scheduler.reconcile(self.sink, held)
        row: Commit = {"kind": "engine", "term": term, "suspect": suspect, "at": self.clock.now()}
        self.note({**row, "places": self.session.sounding()})

    def later(self, place: str) -> None:
        """A version failed."""
        self.waiting.append(lambda: self.music.remember({"kind": "fallback", "place": place}))

    def note(self, row: Commit) -> None:
        """Over the wire and back."""
        self.rows.append(json.loads(json.dumps(row)))

    def save(self, source: str, file: str = "a.py") -> None:
        """Save a piece; what is broken changes nothing."""
        try:
            loaded = load_piece(source, file)
            targets = self.music.try_piece(loaded)
        except LoadError as error:
            self.music.noting.refused(error.block, file=file)
            return
        self.music.accept_piece(loaded, targets)

    def say(self, text: str) -> None:
        """Type a statement."""
        try:
            with self.session.attempt():
                loaded = self.session.statement(text, self.commands)
                targets = self.music.try_statement(loaded)
        except (LoadError, ReplError) as error:
            self.music.noting.refused(str(error), text=text)
            return
        self.music.accept_statement(loaded, targets)

    def play(self, seconds: float, turn: float = 0.0217) -> None:
        """Let time pass, in turns that fall nowhere in particular."""
        until = self.clock.now() + seconds
        while self.clock.now() < until:
            self.scheduler.step()
            work, self.waiting[:] = list(self.waiting), []
            for one in work:
                one()
            self.clock.advance(turn)

    def finish(self) -> None:
        """The session ends."""
        self.scheduler.step()
        self.note({"kind": "over", "at": self.clock.now()})

    def events(self) -> list[Sent]:
        """What was sent and came to sound."""
        now = self.clock.now()
        found = [one for one in self.sink.held.values() if one.event.at < now]
        return sorted(found, key=lambda one: (one.event.at, one.event.layer, one.event.id))


@pytest.fixture(scope="session")
def written() -> type[Played]:
    """Makes sessions that write their journals."""
    return Played


@pytest.fixture
def desk() -> Desk:
    """A session that has not begun."""
    return Desk()
