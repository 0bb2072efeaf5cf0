"""What the supervisor starts, and when: the first sound first, and never without an understudy."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import pytest

from bridge.clock import monotonic
from bridge.worker import pause, start_thread
from repl import runtime, supervisor
from repl.supervisor import ENGINE, Config, Supervisor

if TYPE_CHECKING:
    from bridge.worker import Line


class Played:
    """A process that is played by the test: it notes what it is told, and says what it is made to say."""

    def __init__(
        self,
        name: str,
        command: list[str],
        on_message: Callable[[Played, Line], None],
        on_end: Callable[[Played, int], None],
        log: Path,
    ) -> None:
        del log
        self.name = name
        self.config: dict[str, object] = json.loads(command[-1])
        self.module = command[-2]
        self.told: list[Line] = []
        self.process = self
        self.pid = 1000 + len(EVERYONE)
        self._on_message = on_message
        self._on_end = on_end
        EVERYONE.append(self)

    def say(self, message: object) -> None:
        """The supervisor says something."""
        self.told.append(cast("Line", message))

    def says(self, op: str, **more: object) -> None:
        """The process says something."""
        self._on_message(self, {"op": op, **more})

    def ready(self) -> None:
        """It is there."""
        self.says("ready", door=f"door {self.pid}")

    def ends(self, code: int = 1) -> None:
        """It ends."""
        self._on_end(self, code)

    def kill(self) -> None:
        """The supervisor ends it."""
        self.ends(-9)

    def leave(self, patience: float) -> None:
        """The supervisor lets it go."""
        self.told.append({"op": "leave", "patience": patience})


EVERYONE: list[Played] = []


def names() -> list[str]:
    """The processes that were started, in their order."""
    return [one.name for one in EVERYONE]


def engines() -> list[Played]:
    """Those that are the engine or may become it."""
    return [one for one in EVERYONE if one.name == ENGINE]


def until(condition: Callable[[], object]) -> None:
    """Wait until something is so."""
    end = monotonic() + 5
    while not condition():
        assert monotonic() < end
        pause(0.002)


def told(one: Played, op: str) -> list[Line]:
    """What a process was told."""
    return [line for line in one.told if line["op"] == op]


class Starting(Protocol):
    """Starts a supervisor."""

    def __call__(self, files: list[str], replay: dict[str, object] | None = None) -> Supervisor:
        """With pieces, or with a journal that is to be played again."""
        ...


@pytest.fixture
def starting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Starting]:
    """Runs a supervisor whose processes are played; it is ended with the test."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr(supervisor, "Child", Played)
    # Played engines give no signs of life; a busy machine must not have them killed for it.
    monkeypatch.setattr(supervisor, "HANG", 60.0)
    monkeypatch.setattr(supervisor, "SENDER_HANG", 60.0)
    EVERYONE.clear()
    running: list[tuple[Supervisor, threading.Thread]] = []

    def start(files: list[str], replay: dict[str, object] | None = None) -> Supervisor:
        one = Supervisor(Config(files, replay=replay), runtime.create(4_000_000 + len(running)))
        running.append((one, start_thread("supervisor", one.run)))
        until(lambda: len(EVERYONE) == 4)
        return one

    yield start
    for one, thread in running:
        one.stop()
        thread.join(5)
        assert not thread.is_alive()


def test_engine_and_understudy_are_started_side_by_side(starting: Starting) -> None:
    """The first plays, the second rehearses for it; nobody else is started until one of them ends."""
    starting(["piece.py"])
    assert sorted(names()) == ["engine", "engine", "mixer", "output"]
    first, second = engines()
    first.ready()
    until(lambda: told(first, "promote"))
    assert not told(first, "understudy")
    second.ready()
    until(lambda: told(first, "understudy"))
    assert told(first, "understudy") == [
        {"op": "understudy", "door": f"door {second.pid}", "pid": second.pid}
    ]
    assert not told(second, "promote")
    assert len(engines()) == 2
    first.ends()
    until(lambda: told(second, "promote"))
    until(lambda: len(engines()) == 3)
    engines()[2].ready()
    until(lambda: told(second, "understudy"))


def test_a_second_that_is_there_first_waits(starting: Starting) -> None:
    """It becomes the understudy, of which the engine is told at once."""
    starting(["piece.py"])
    first, second = engines()
    second.ready()
    first.ready()
    until(lambda: told(first, "understudy"))
    assert [line["op"] for line in first.told] == ["promote", "understudy"]
    assert not second.told
    assert len(engines()) == 2


def test_a_second_that_ends_before_it_was_needed_is_replaced(starting: Starting) -> None:
    """The engine gets another understudy."""
    starting(["piece.py"])
    first, second = engines()
    second.ends()
    first.ready()
    until(lambda: len(engines()) == 3)
    third = engines()[2]
    third.ready()
    until(lambda: told(first, "understudy"))
    assert told(first, "understudy")[0]["pid"] == third.pid


def test_a_first_that_ends_before_it_plays_leaves_the_second(starting: Starting) -> None:
    """The second becomes the engine, and another one its understudy."""
    starting(["piece.py"])
    first, second = engines()
    second.ready()
    first.ends()
    until(lambda: told(second, "promote"))
    until(lambda: len(engines()) == 3)
    assert told(second, "promote")[0]["term"] == 1


def test_everybody_is_silenced_and_let_go(starting: Starting) -> None:
    """The second too, while it waits."""
    one = starting(["piece.py"])
    EVERYONE[0].says("panic")
    until(lambda: all(told(each, "panic") for each in EVERYONE))
    one.stop()
    until(lambda: all(told(each, "leave") for each in EVERYONE))


@pytest.mark.parametrize("sign", ["first cycle", "said"])
def test_what_comes_in_is_started_after_the_first_sound_is_on_its_way(starting: Starting, sign: str) -> None:
    """Or after it was said why there is none."""
    starting(["piece.py"])
    first, second = engines()
    first.ready()
    first.says("playing", term=1)
    second.ready()
    until(lambda: told(first, "understudy"))
    pause(0.1)
    assert len(EVERYONE) == 4
    first.says(sign, at=1.0, text="piece.py: no layers")
    until(lambda: len(EVERYONE) == 6)
    assert names()[4:] == ["surfaces", "keys"]
    first.says("said", text="more")
    first.says("playing", term=2)
    pause(0.1)
    assert len(EVERYONE) == 6


def test_what_comes_in_does_not_wait_for_ever(starting: Starting, monkeypatch: pytest.MonkeyPatch) -> None:
    """A piece may take long to begin; without one nothing is waited for."""
    starting([])
    engines()[0].says("playing", term=1)
    until(lambda: len(EVERYONE) == 6)
    EVERYONE.clear()
    monkeypatch.setattr(supervisor, "PIECES", 0.05)
    starting(["piece.py"])
    engines()[0].says("playing", term=1)
    until(lambda: len(EVERYONE) == 6)


def test_a_replay_has_engines_of_its_own_and_no_inputs(starting: Starting) -> None:
    """Nothing comes in that would be played, and when all has rung out it ends by itself."""
    asked: dict[str, object] = {"journal": "/evening.jsonl", "begin": "4", "end": None}
    starting([], asked)
    assert {one.module for one in engines()} == {"repl.replayer"}
    assert [one.config["replay"] for one in engines()] == [asked, asked]
    first, second = engines()
    first.ready()
    first.says("playing", term=1)
    first.says("first cycle", at=1.0)
    first.says("said", text="evening: 3600.0 s")
    second.ready()
    until(lambda: told(first, "understudy"))
    pause(0.1)
    assert len(EVERYONE) == 4
    first.says("over")
    until(lambda: all(told(each, "leave") for each in EVERYONE))
