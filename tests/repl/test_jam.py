"""Several prompts at one engine: whose turn it is, whose Ctrl-C ends what, and who hears of it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest

from repl.jam import LONGEST, Jam

if TYPE_CHECKING:
    from collections.abc import Callable

    from repl.clients import Client, Message


@dataclass(eq=False)
class Player:
    """A client, and what it was told."""

    told: list[Message] = field(default_factory=list["Message"])
    gone: bool = False

    def send(self, message: Message) -> None:
        """Note it."""
        self.told.append(message)


class Stage:
    """A jam whose main thread is the test's."""

    def __init__(self) -> None:
        self.ada, self.bo = Player(), Player()
        self.during: Callable[[], object] = lambda: None
        self.interrupted = 0
        self.run: list[str] = []
        self.whose: list[str] = []
        self._due: deque[Callable[[], object]] = deque()
        self._jam = Jam(self._answer, self._interrupt, self._due.append, self._tell)

    def says(self, player: Player, op: str, **more: object) -> None:
        """A client says something."""
        self._jam.hear(cast("Client", player), {"op": op, **more})

    def go_on(self) -> None:
        """The main thread does what is due."""
        while self._due:
            self._due.popleft()()

    def _answer(self, text: str, who: str) -> tuple[str, bool]:
        self.run.append(text)
        self.whose.append(who)
        before = self.interrupted
        self.during()
        return ("interrupted", False) if self.interrupted > before else (f"got {text}", text != "wrong")

    def _interrupt(self) -> None:
        self.interrupted += 1

    def _tell(self, message: Message, but: Client) -> None:
        for player in (self.ada, self.bo):
            if cast("Client", player) is not but:
                player.send(message)


@pytest.fixture
def stage() -> Stage:
    """Ada and Bo."""
    return Stage()


def test_the_answer_is_for_who_asked_and_the_others_see_what(stage: Stage) -> None:
    """With the name, and whether it worked."""
    stage.says(stage.ada, "eval", id=7, text="1", who="Ada")
    stage.says(stage.bo, "eval", id=7, text="wrong")
    stage.go_on()
    assert stage.ada.told == [
        {"op": "result", "id": 7, "text": "got 1", "ok": True},
        {"op": "typed", "who": "somebody", "text": "wrong", "ok": False},
    ]
    assert stage.bo.told == [
        {"op": "typed", "who": "Ada", "text": "1", "ok": True},
        {"op": "result", "id": 7, "text": "got wrong", "ok": False},
    ]
    assert stage.whose == ["Ada", ""]


def test_a_long_text_is_not_shown_in_full(stage: Stage) -> None:
    """A whole file from an editor."""
    stage.says(stage.ada, "eval", id=1, text="x" * 100_000)
    stage.go_on()
    assert len(str(stage.bo.told[0]["text"])) == LONGEST + 2


def test_ctrl_c_ends_one_s_own(stage: Stage) -> None:
    """Not what another one evaluates: of that one's own, what waits does not begin."""
    stage.during = lambda: stage.says(stage.bo, "interrupt")
    stage.says(stage.ada, "eval", id=1, text="slow")
    stage.says(stage.bo, "eval", id=1, text="behind it")
    stage.go_on()
    assert stage.run == ["slow"]
    assert stage.ada.told == [{"op": "result", "id": 1, "text": "got slow", "ok": True}]
    assert stage.bo.told[1]["ok"] is False
    assert "before it began" in str(stage.bo.told[1]["text"])

    stage.during = lambda: stage.says(stage.bo, "interrupt")
    stage.says(stage.bo, "eval", id=2, text="mine")
    stage.go_on()
    assert stage.interrupted == 1
    assert {"op": "result", "id": 2, "text": "interrupted", "ok": False} in stage.bo.told


def test_what_one_left_behind_can_be_ended_by_all(stage: Stage) -> None:
    """A prompt was killed while it waited for an endless loop."""
    stage.ada.gone = True
    stage.during = lambda: stage.says(stage.bo, "interrupt")
    stage.says(stage.ada, "eval", id=1, text="while True: pass")
    stage.go_on()
    assert stage.interrupted == 1


def test_a_late_ctrl_c_hits_nobody(stage: Stage) -> None:
    """The answer was on its way already; what is asked next is run."""
    stage.says(stage.ada, "eval", id=1, text="1")
    stage.go_on()
    stage.says(stage.ada, "interrupt")
    stage.says(stage.ada, "eval", id=2, text="2")
    stage.go_on()
    assert stage.interrupted == 0
    assert stage.run == ["1", "2"]
