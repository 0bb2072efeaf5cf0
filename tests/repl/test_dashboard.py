"""The dashboard's keys and its pace: what is ordered, what is chosen, how often it is drawn."""

import asyncio

import pytest
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from repl.client import Message
from repl.conversation import Conversation
from repl.dashboard import FRAME, REST, Dashboard

LAYERS = [
    {"name": "drums", "muted": True, "sounding": False},
    {"name": "bass", "solo": True},
    {"name": "keys", "sounding": False},
]
UP, DOWN, PAGE_UP = "\x1b[A", "\x1b[B", "\x1b[5~"


class Door:
    """Takes messages, or is not there."""

    def __init__(self) -> None:
        self.heard: list[Message] = []
        self.here = True

    def send(self, message: Message) -> bool:
        """Note it."""
        if self.here:
            self.heard.append(message)
        return self.here


class Stage:
    """A dashboard on a conversation, without a session."""

    def __init__(self) -> None:
        self.engine, self.supervisor = Door(), Door()
        self.said: list[str] = []
        self.boards: list[Dashboard] = []
        self.talk = Conversation(
            self.engine,
            self.supervisor,
            lambda text, tone: self.said.append(f"{tone}: {text}"),
            self._changed,
            lambda: 1.0,
            lambda: 1000.0,
        )
        self.talk.supervisor_open()
        self.talk.engine_says({"op": "status", "cycle": 3.5, "cps": 0.5, "layers": LAYERS, "playing": True})
        self.engine.heard.clear()
        self.talk.watch()

    def _changed(self) -> None:
        if not self.talk.watching:
            for board in self.boards:
                board.leave()

    def press(self, keys: str) -> Dashboard:
        """Run a dashboard, press these keys, and leave."""

        async def run() -> Dashboard:
            with create_pipe_input() as terminal:
                board = Dashboard(self.talk, terminal, DummyOutput(), wall=lambda: 1000.0, spent=lambda: 1.0)
                self.boards.append(board)
                terminal.send_text(f"{keys}q")
                await asyncio.wait_for(board.run(), 5.0)
                return board

        return asyncio.run(run())

    def orders(self) -> list[list[object]]:
        """What was ordered of the engine."""
        return [
            [said["name"], *said["arguments"]]  # pyright: ignore[reportGeneralTypeIssues, reportUnknownVariableType] - a list of names
            for said in self.engine.heard
            if said["op"] == "command"
        ]


@pytest.fixture
def stage() -> Stage:
    """Three layers: one muted, one solo."""
    return Stage()


@pytest.mark.parametrize(
    ("keys", "orders"),
    [
        ("m", [["unmute", "drums"]]),
        (f"{DOWN}m", [["mute", "bass"]]),
        ("js", [["unsolo", "bass"]]),
        ("jjjj" + "s", [["solo", "bass", "keys"]]),
        (f"jjk{UP}h", [["hush", "drums"]]),
        ("H", [["hush"]]),
        ("u", [["unmute"], ["unsolo"]]),
        ("x7\t\r", []),
    ],
)
def test_keys_order_what_they_say(stage: Stage, keys: str, orders: list[list[object]]) -> None:
    """Of the layer that is marked; a solo comes beside the others, as on a desk."""
    stage.press(keys)
    assert stage.orders() == orders


def test_what_is_wanted_is_asked_for_and_given_up(stage: Stage) -> None:
    """Nothing is told of what sounds while nobody looks; an engine that takes over is asked anew."""
    asked: list[Message] = [{"op": "watch"}, {"op": "look", "of": []}]
    assert stage.engine.heard == asked
    stage.talk.engine_gone()
    stage.engine.heard.clear()
    stage.talk.engine_open()
    assert [said for said in stage.engine.heard if said["op"] != "names"] == asked
    stage.engine.heard.clear()
    stage.press("")
    assert stage.engine.heard == [{"op": "watch", "on": False}, {"op": "look"}]
    assert not stage.talk.watching


def test_sound_off_goes_to_the_supervisor(stage: Stage) -> None:
    """Engine or no engine."""
    stage.engine.here = False
    stage.press("!m")
    assert stage.supervisor.heard == [{"op": "panic"}]
    assert "error: unmute: there is no engine at the moment" in stage.said
    assert [line.text for line in stage.talk.log][:1] == ["panic: sound off"]


def test_it_remembers_what_was_chosen_within_bounds(stage: Stage) -> None:
    """The zoom and the log have ends."""
    board = stage.press(f"jj++++++{PAGE_UP * 9}").board()
    assert (board.chosen, board.scale, board.back) == ("keys", 32.0, len(stage.talk.log))
    assert stage.press("-----").board().scale == 4.0


def test_without_layers_keys_do_nothing(stage: Stage) -> None:
    """Nor without an engine."""
    stage.talk.engine_gone()
    stage.press("mshjk")
    assert stage.orders() == []


def test_a_slow_picture_is_drawn_less_often() -> None:
    """It takes a tenth of a processor at most, and twenty pictures a second at most."""
    stage = Stage()
    took = iter([10.0, 10.04] + [20.0] * 100)
    with create_pipe_input() as terminal:
        board = Dashboard(stage.talk, terminal, DummyOutput(), wall=lambda: 1000.01, spent=lambda: next(took))
        first = board.pause()
        assert first >= FRAME
        assert (1000.01 + first) * 16 == pytest.approx(round((1000.01 + first) * 16), abs=1e-6)
        board.app.before_render.fire()
        board.app.after_render.fire()
        assert board.pause() >= REST * 0.04


def test_a_pipe_has_no_dashboard() -> None:
    """It is told so, and nothing is asked for."""
    engine, said = Door(), list[str]()
    talk = Conversation(engine, Door(), lambda text, _: said.append(text), lambda: None, asks=False)
    assert talk.command("dashboard()")
    assert said == ["the dashboard needs a terminal"]
    assert engine.heard == []
