"""A session with its scheduler in virtual time, as the engine puts them together."""

from collections import deque
from collections.abc import Callable
from fractions import Fraction

import pytest

from bridge.clock import ManualClock
from bridge.planner import Trouble
from bridge.scheduler import Scheduler
from bridge.sink import Recorder
from bridge.tempo import Tempo
from repl.commits import Commit
from repl.loader import load_piece
from repl.music import Music, Surroundings
from repl.session import Session
from repl.sinks import default_target


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
        around = Surroundings(
            tell=self.commits.append,
            later=self.waiting.append,
            post=self.scheduler.post,
            get_ready=lambda _: None,
            first_cycle=self.begins.append,
        )
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


@pytest.fixture
def desk() -> Desk:
    """A session that has not begun."""
    return Desk()
