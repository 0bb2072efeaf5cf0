"""The engine's understudy seen from the engine: rehearsals wait for one that knows all that was accepted."""

from __future__ import annotations

import json
import queue
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from bridge.errors import PeerGone
from bridge.worker import Door, address, pause
from repl import partner
from repl.partner import Outcome, Partner, Rehearsal

if TYPE_CHECKING:
    from bridge.worker import Connection, Line
    from repl.commits import Commit

KEY = b"key"
HISTORY: list[Commit] = [{"kind": "typed", "source": f"a = {k}"} for k in range(3)]
PATIENCE = 5.0


class Understudy:
    """An understudy that is played by the test.

    Args:
        folder: Where its door is.
        name: Of the door.
    """

    def __init__(self, folder: Path, name: str = "understudy") -> None:
        self.where = address(folder, name)
        self.heard: queue.Queue[Line] = queue.Queue()
        self._connections: queue.Queue[Connection] = queue.Queue()
        self._door = Door(self.where, KEY, self._serve)
        self._connection: Connection | None = None

    def _serve(self, connection: Connection) -> None:
        self._connections.put(connection)
        try:
            while True:
                self.heard.put(cast("Line", json.loads(connection.receive()[1])))
        except PeerGone:
            return

    def next(self, op: str) -> Line:
        """What the engine says next, which must be this."""
        line = self.heard.get(timeout=PATIENCE)
        assert line["op"] == op
        return line

    def say(self, line: Line) -> None:
        """Answer."""
        if self._connection is None:
            self._connection = self._connections.get(timeout=PATIENCE)
        self._connection.send_json(b"J", line)

    def catch_up(self, steps: int = len(HISTORY)) -> None:
        """Go through what the engine tells, so many commits of it."""
        for step in range(steps):
            assert self.next("commit")["commit"] == HISTORY[step]
            self.say(self.next("mark"))

    def leave(self) -> None:
        """Die."""
        self._door.close()
        if self._connection is None:
            self._connection = self._connections.get(timeout=PATIENCE)
        self._connection.close()


class Engine:
    """The engine's side, with what came of it."""

    def __init__(self, tmp_path: Path, history: list[Commit]) -> None:
        self.replaced = 0
        self.said: list[str] = []
        self.answers: queue.Queue[Outcome] = queue.Queue()
        self.partner = Partner(
            KEY, lambda: list(history), self._replace, lambda _: tmp_path / "no stack", self.said.append
        )

    def _replace(self) -> None:
        self.replaced += 1

    def rehearse(self) -> None:
        """Have a piece tried."""
        self.partner.rehearse(Rehearsal("a.py", "a = 1", 0.0, 0.5, 0, self.answers.put))

    def answer(self) -> str | None:
        """What came of it."""
        return self.answers.get(timeout=PATIENCE).error


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """With three statements in its history."""
    return Engine(tmp_path, HISTORY)


def test_one_with_nothing_to_learn_rehearses_at_once(tmp_path: Path) -> None:
    """The first of a session."""
    engine, understudy = Engine(tmp_path, []), Understudy(tmp_path)
    engine.partner.meet(understudy.where, 7)
    engine.rehearse()
    assert understudy.next("rehearse")["file"] == "a.py"
    understudy.say({"op": "rehearsed", "error": None})
    assert engine.answer() is None


def test_how_far_it_has_come_is_passed_on(tmp_path: Path) -> None:
    """In its order, and only the last word is what came of it."""
    engine, understudy = Engine(tmp_path, []), Understudy(tmp_path)
    engine.partner.meet(understudy.where, 7)
    passed: list[tuple[str, object]] = []

    def note(stage: str, modules: object) -> None:
        passed.append((stage, modules))

    engine.partner.rehearse(Rehearsal("a.py", "a = 1", 0.0, 0.5, 0, engine.answers.put, passed=note))
    understudy.next("rehearse")
    for op in (partner.LOADED, partner.NEAR):
        understudy.say({"op": op, "modules": {"kit.py": "x = 1"}})
    understudy.say({"op": "rehearsed", "error": "far away", "modules": {}})
    assert engine.answer() == "far away"
    assert passed == [("loaded", {"kit.py": "x = 1"}), ("near", {"kit.py": "x = 1"})]


def test_a_rehearsal_waits_until_all_is_known(tmp_path: Path, engine: Engine) -> None:
    """Also one that was asked for before; what is accepted meanwhile comes after the history."""
    engine.rehearse()
    understudy = Understudy(tmp_path)
    engine.partner.meet(understudy.where, 7)
    engine.partner.commit({"kind": "hush"})
    understudy.catch_up(2)
    assert understudy.next("commit")["commit"] == HISTORY[2]
    mark = understudy.next("mark")
    assert understudy.next("commit")["commit"] == {"kind": "hush"}
    pause(0.1)
    assert understudy.heard.empty()
    understudy.say(mark)
    understudy.next("rehearse")
    understudy.say({"op": "rehearsed", "error": "wrong"})
    assert engine.answer() == "wrong"
    assert (engine.replaced, engine.said) == (0, [])


def test_one_that_is_slow_is_waited_for(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as it comes forward; the musician is told once."""
    monkeypatch.setattr(partner, "LOOK", 0.05)
    monkeypatch.setattr(partner, "LONG", 0.1)
    monkeypatch.setattr(partner, "STUCK_LIMIT", 1.0)
    understudy = Understudy(tmp_path)
    engine.partner.meet(understudy.where, 7)
    engine.rehearse()
    for step in range(3):
        assert understudy.next("commit")["commit"] == HISTORY[step]
        pause(0.5)
        understudy.say(understudy.next("mark"))
    understudy.next("rehearse")
    understudy.say({"op": "rehearsed", "error": None})
    assert engine.answer() is None
    assert engine.replaced == 0
    assert engine.said == ["a.py: the understudy is catching up with what was typed; it is tried then"]


def test_one_that_comes_no_further_is_replaced(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It hangs in what it was told; the next one does what is asked then."""
    monkeypatch.setattr(partner, "LOOK", 0.02)
    monkeypatch.setattr(partner, "STUCK_LIMIT", 0.3)
    stuck = Understudy(tmp_path, "stuck")
    engine.partner.meet(stuck.where, 7)
    engine.rehearse()
    assert "nobody is there to rehearse it" in (engine.answer() or "")
    assert engine.replaced == 1
    fresh = Understudy(tmp_path, "fresh")
    engine.partner.meet(fresh.where, 8)
    fresh.catch_up()
    engine.rehearse()
    fresh.next("rehearse")
    fresh.say({"op": "rehearsed", "error": None})
    assert engine.answer() is None


def test_one_that_dies_on_the_way_leaves_it_to_the_next(tmp_path: Path, engine: Engine) -> None:
    """The rehearsal that waits is done by that one; what the dead one said late is nothing to it."""
    first = Understudy(tmp_path, "first")
    engine.partner.meet(first.where, 7)
    engine.rehearse()
    first.catch_up(1)
    first.leave()
    second = Understudy(tmp_path, "second")
    engine.partner.meet(second.where, 8)
    second.catch_up(2)
    pause(0.1)
    assert second.next("commit")["commit"] == HISTORY[2]
    mark = second.next("mark")
    assert second.heard.empty()
    second.say(mark)
    second.next("rehearse")
    second.say({"op": "rehearsed", "error": None})
    assert engine.answer() is None


def test_what_is_typed_before_a_save_is_waited_for(tmp_path: Path) -> None:
    """What takes long at the prompt takes long there too; what comes after the save is not waited for."""
    engine, understudy = Engine(tmp_path, []), Understudy(tmp_path)
    engine.partner.meet(understudy.where, 7)
    engine.partner.commit(HISTORY[0])
    engine.rehearse()
    understudy.next("commit")
    mark = understudy.next("mark")
    pause(0.1)
    assert understudy.heard.empty()
    engine.partner.commit(HISTORY[1])
    understudy.next("commit")
    understudy.next("mark")
    understudy.say(mark)
    understudy.next("rehearse")
    understudy.say({"op": "rehearsed", "error": None})
    assert engine.answer() is None


def test_without_an_understudy_nothing_is_tried(
    tmp_path: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The save is refused after a while, and nobody is replaced."""
    monkeypatch.setattr(partner, "LOOK", 0.02)
    monkeypatch.setattr(partner, "ARRIVAL_LIMIT", 0.2)
    engine.rehearse()
    assert "nobody is there to rehearse it" in (engine.answer() or "")
    assert (engine.replaced, engine.said) == (0, [])
