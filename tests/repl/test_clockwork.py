"""What pieces and the prompt say of MIDI clock, and what the output process is told of it."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import pytest

from bridge.clock_out import Course
from bridge.targets import MidiTarget
from bridge.tempo import Tempo
from repl.clockwork import Clockwork, wanted
from repl.errors import LoadError
from repl.loader import load_piece
from repl.session import Session
from tests.repl.test_music import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.process_sink import ProcessSink
    from tests.repl.conftest import Desk


class Output:
    """In the place of the process: what it was told."""

    def __init__(self) -> None:
        self.courses: list[Course] = []
        self.listening: str | None = None
        self.opened: list[str | None] = []

    def stand(self, kind: bytes, body: bytes) -> None:
        """Something that holds."""
        if kind == b"F":
            self.listening = json.loads(body)
            return
        assert kind == b"T"
        self.courses.append(Course.from_json(json.loads(body)))

    def prepare(self, targets: Iterable[MidiTarget]) -> None:
        """Ports."""
        self.opened += [target.port for target in targets]


def ports(desk: Desk) -> list[str | None]:
    """The ports that get the clock; an understudy knows the same."""
    fresh = Session()
    for commit in desk.session.handover():
        fresh.apply(commit)
    assert wanted(fresh.clocks) == wanted(desk.session.clocks)
    return [clock.port for clock in wanted(desk.session.clocks)]


def test_a_clock_lasts_as_long_as_its_line(desk: Desk) -> None:
    """In a file; a port has one clock, whoever speaks of it."""
    desk.save('a = play(s("bd"))')
    assert ports(desk) == []
    desk.save('midi_clock("Volca")\nmidi_clock()\na = play(s("bd"))')
    assert ports(desk) == [None, "Volca"]
    say(desk, 'midi_clock("Volca", always=False)')
    assert sorted(map(str, ports(desk))) == ["None", "Volca"]
    assert not next(c for c in wanted(desk.session.clocks) if c.port == "Volca").always
    desk.save('midi_clock()\na = play(s("bd"))')
    say(desk, 'midi_clock("Volca", on=False)')
    assert ports(desk) == [None]
    desk.music.end_piece("a.py")
    assert ports(desk) == []


def test_the_prompt_takes_a_clock_from_a_file_until_the_file_says_it_anew(desk: Desk) -> None:
    """Saving something else does not bring it back."""
    desk.save('midi_clock("Volca")\na = play(s("bd"))')
    say(desk, 'midi_clock("Volca", on=False)')
    assert ports(desk) == []
    desk.save('midi_clock("Volca")\na = play(s("sd"))')
    assert ports(desk) == []
    desk.save('midi_clock("Volca", always=False)\na = play(s("sd"))')
    assert ports(desk) == ["Volca"]


def test_the_process_is_told_when_something_changes_and_only_then(desk: Desk) -> None:
    """Tempo, begin and end of the music, ports with what is sent early."""
    output = Output()
    clockwork = Clockwork(
        desk.session, desk.scheduler, cast("ProcessSink", output), lambda t: 0.01 if t.port else 0.0
    )
    clockwork.step()
    assert output.courses == []
    desk.save('midi_clock("Volca")\ntempo(120)\na = play(s("bd"))')
    desk.play(0)
    clockwork.step()
    clockwork.step()
    (first,) = output.courses
    assert (first.begin, first.until, first.tempo) == (0, None, desk.scheduler.tempo)
    assert [(line.part, line.early, line.always) for line in first.lines] == [("Volca", 0.01, True)]
    assert output.opened == ["Volca"]
    desk.play(3)
    say(desk, "tempo(140, over=2)")
    clockwork.step()
    assert output.courses[-1].tempo == desk.scheduler.tempo
    desk.music.end_layers(["a.py:a"])
    desk.play(0)
    clockwork.step()
    end = output.courses[-1].until
    assert end is not None
    assert end.denominator == 1
    assert end >= Fraction(desk.music.cycle)
    desk.play(8)
    clockwork.step()
    assert output.courses[-1].begin is None
    say(desk, 'midi_clock("Volca", on=False)')
    clockwork.step()
    assert output.courses[-1].lines == ()


def test_a_clock_is_followed_without_a_jump(desk: Desk) -> None:
    """It wins over tempo; what was sent is moved; an understudy knows; None is our own clock again."""
    output, heard = Output(), dict[str, object]()
    clockwork = Clockwork(
        desk.session,
        desk.scheduler,
        cast("ProcessSink", output),
        lambda _: 0.0,
        lambda: heard,
        desk.music.chase,
    )
    desk.save('tempo(120)\na = play(s("bd*4"))')
    desk.play(3)
    say(desk, 'follow("midi:Drum")')
    clockwork.step()
    assert output.listening == "Drum"
    assert clockwork.followed == "silent"
    other = Tempo.steady(0.55, desk.clock.now() - 7.3)
    for _ in range(80):
        now = desk.clock.now()
        tick = int(other.cycle_at(now) * 96)
        at = other.time_at(Fraction(tick, 96))
        heard |= {"port": "Drum", "state": "locked", "at": at, "period": 1 / (0.55 * 96), "tick": tick}
        clockwork.step()
        desk.play(0.25)
    assert clockwork.followed == "locked"
    away = (other.cycle_at(desk.clock.now()) - desk.music.cycle + 0.5) % 1 - 0.5
    assert abs(away / 0.55) < 0.001
    say(desk, "tempo(60)")
    desk.play(1)
    assert desk.music.cps == pytest.approx(0.55, rel=0.001)
    fresh = Session()
    for commit in desk.session.handover():
        fresh.apply(commit)
    assert (fresh.follow, fresh.tempo) == ("midi:Drum", desk.scheduler.tempo)
    cycles = [cycle for cycle, _ in desk.heard()]
    assert cycles == pytest.approx([i / 4 for i in range(len(cycles))], abs=1e-5)
    say(desk, "follow(None)")
    clockwork.step()
    assert (output.listening, clockwork.followed) == (None, "")
    say(desk, "tempo(60)")
    desk.play(1)
    assert desk.music.cps == 0.25


@pytest.mark.parametrize("clock", ['"Drum"', '"midi:"', "3", '""'])
def test_a_clock_that_cannot_be_is_an_error(clock: str) -> None:
    """It says what can be."""
    with pytest.raises(LoadError, match="follow takes"):
        load_piece(f"follow({clock})", "a.py")


@pytest.mark.parametrize("port", ['""', "3", "' '"])
def test_a_port_without_a_name_is_an_error(port: str) -> None:
    """With its line."""
    with pytest.raises(LoadError, match="part of a port's name"):
        load_piece(f"midi_clock({port})", "a.py")
