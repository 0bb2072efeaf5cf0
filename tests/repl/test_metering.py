"""Who looks at the meters, how long they are measured, and how they are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from plugin_host.viewing import SLOTS
from repl import metering
from repl.errors import ReplError
from repl.meter_picture import picture
from repl.metering import Metering

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from repl.clients import Client, Clients

Message = dict[str, object]
LEVEL = {"peak": -3.0, "rms": -12.0}
STATUS: Message = {"layers": [{"name": "drums"}]}


class Looking:
    """A client: keeps what it is told."""

    def __init__(self) -> None:
        self.topics: frozenset[str] = frozenset()
        self.said: list[Message] = []

    def send(self, message: Message) -> None:
        """Keep it."""
        self.said.append(message)


class Door:
    """The clients of an engine."""

    def __init__(self) -> None:
        self.all: list[Looking] = []

    def wanted(self, topic: str) -> bool:
        """As the engine's."""
        return any(topic in one.topics for one in self.all)

    def broadcast(self, message: Message, *, topic: str) -> None:
        """As the engine's."""
        for one in self.all:
            if topic in one.topics:
                one.send(message)


class Stage:
    """An engine, a process that measures, and two who may look."""

    def __init__(self) -> None:
        self.door = Door()
        self.process, self.page, self.prompt = Looking(), Looking(), Looking()
        self.door.all = [self.process, self.page, self.prompt]
        self.needed: list[bool] = []

        def now(work: Callable[[], None]) -> None:
            work()

        self.metering = Metering(lambda: cast("Clients", self.door), self.needed.append, now)

    def hear(self, client: Looking, **message: object) -> None:
        """Something comes from a client."""
        self.metering.hear(cast("Client", client), message)

    def report(self, number: int = 0, seconds: float = 1.0, names: tuple[str, ...] = ()) -> None:
        """The process tells."""
        levels = {"layer drums": LEVEL, "layer former": LEVEL, "bus all": LEVEL, "master": LEVEL}
        spectrum = {name: [-30.0] * 64 for name in ("master", *names)}
        loudness = dict.fromkeys(("momentary", "short", "integrated", "peak"), -12.0)
        said = {"spectrum": spectrum, "loudness": {"master": loudness}, "number": number, "seconds": seconds}
        self.hear(self.process, op="meters", levels=levels, **said)


@pytest.fixture
def stage() -> Stage:
    """One of each."""
    return Stage()


def test_it_is_measured_while_somebody_looks(stage: Stage) -> None:
    """From the first that does to the last; each is told, the others are not."""
    stage.metering.step(STATUS)
    assert stage.needed == []
    stage.hear(stage.page, op="look", of=["drums", "all"])
    stage.hear(stage.prompt, op="look", of=["drums"])
    assert stage.needed == [True]
    stage.hear(stage.process, op="meters")
    assert stage.process.said == [{"op": "look at", "of": ["drums", "all"], "number": 0}]
    stage.hear(stage.prompt, op="look")
    stage.metering.step(STATUS)
    stage.report()
    assert len(stage.process.said) == 1
    (told,) = stage.page.said
    assert cast("dict[str, Message]", told["levels"])["layers"] == {"drums": LEVEL}
    assert stage.prompt.said == []
    stage.door.all.remove(stage.page)
    stage.metering.step(STATUS)
    assert stage.needed == [True, False]


def test_a_new_engine_lets_a_process_go_that_nobody_wants(stage: Stage) -> None:
    """It comes in by itself, from the engine before."""
    stage.hear(stage.process, op="meters")
    stage.metering.step(STATUS)
    assert stage.needed == [False]


def test_the_prompt_waits_for_what_it_asked_for(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """For its names, for a count that began anew, and until there is something; and says if nothing comes."""

    def turn(_seconds: float) -> None:
        next(turns)()

    turns: Iterator[Callable[[], None]] = iter(
        [
            lambda: stage.hear(stage.process, op="meters"),
            lambda: stage.report(seconds=0.1),
            stage.report,
            lambda: stage.report(names=("drums",)),
        ]
    )
    monkeypatch.setattr(metering, "pause", turn)
    drawn = stage.metering.picture(["drums"])
    assert next(turns, None) is None
    assert "bus all" in drawn
    assert "former" not in drawn
    turns = iter([stage.report, lambda: stage.report(1)])
    stage.metering.picture([], anew=True)
    assert stage.process.said[-1]["number"] == 1
    assert metering.MOST == SLOTS
    with pytest.raises(ReplError, match=r"7 layers and buses at a time at most \(got 8\)"):
        stage.metering.picture([str(one) for one in range(8)])
    times = iter([0.0, 0.0, 0.0, 0.0, 99.0])
    monkeypatch.setattr(metering, "monotonic", lambda: next(times))
    with pytest.raises(ReplError, match="the music plays on"):
        stage.metering.picture([])


def test_after_two_minutes_nobody_asked_it_ends(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process takes memory."""
    now = [1000.0]

    def turn(_seconds: float) -> None:
        stage.report()

    monkeypatch.setattr(metering, "monotonic", lambda: now[0])
    monkeypatch.setattr(metering, "pause", turn)
    stage.metering.picture([])
    now[0] += 119
    stage.metering.step(STATUS)
    assert stage.needed == [True]
    now[0] += 2
    stage.metering.step(STATUS)
    assert stage.needed == [True, False]


def test_the_picture() -> None:
    """Bars of 2 dB a column, names that are too long or wide, silence, and where the tone lies."""
    quiet = {"peak": -200.0, "rms": -200.0}
    loud = {"peak": 3.0, "rms": 0.0}
    bands = [-200.0] * 36 + [-6.0] + [-200.0] * 27
    drawn = picture(
        {
            "levels": {
                "layers": {"a layer with a long name": loud, "鼓": quiet},
                "buses": {},
                "inputs": {"in_1": LEVEL},
                "master": LEVEL,
            },
            "loudness": {"master": {"momentary": -9.0, "short": -10.0, "integrated": -200.0, "peak": -0.5}},
            "spectrum": {"master": bands},
            "seconds": 300.0,
        }
    ).splitlines()
    assert drawn[1] == "a layer with a … " + "█" * 30 + "    3.0    0.0"
    assert drawn[2] == "鼓" + " " * 15 + " " * 30 + "      -      -"
    assert drawn[3].startswith("in: in_1         " + "█" * 24 + "    │ ")
    assert drawn[6].split() == ["LUFS", "now", "in", "3", "s", "in", "5", "min", "true", "peak"]
    assert drawn[7].split() == ["master", "-9.0", "-10.0", "-", "-0.5", "dB"]
    place = drawn[9].index("█")
    assert drawn[10].index("500") < place < drawn[10].index("2k")
