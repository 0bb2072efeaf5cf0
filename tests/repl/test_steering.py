"""Steering a form at the prompt, by a button and by OSC; and again, from the journal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repl.answering import Answering
from repl.commands import Commands
from repl.remote import Remote
from repl.replay import play_script, script_of
from repl.session import Session
from tests.repl.conftest import Desk, Played

if TYPE_CHECKING:
    pass

SONG = """
song = form(
    section("verse", 4, energy=0.25), section("chorus", 2, energy=0.75), section("bridge", 2, energy=0.5),
    buttons={"pad": "go bridge 1"},
)
drums = play(s("bd").gain(song.energy))
"""


class Prompt:
    """A prompt on a session that plays a form."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.save(SONG)
        self._answering = Answering(desk.music, Commands(desk.music).table())

    def answered(self, text: str) -> tuple[str, bool]:
        """Type something."""
        answer = self._answering.answer(text)
        self.desk.play(0)
        return answer


def gains(desk: Desk) -> list[object]:
    """How strong each cycle was played."""
    return [gain for _, gain in desk.heard("gain")]


def test_a_form_goes_where_it_is_told(desk: Desk) -> None:
    """After so many cycles; what was played before is left alone."""
    prompt = Prompt(desk)
    desk.play(3)  # cycle 1 is played
    assert prompt.answered('go("bridge", 1)') == ("bridge comes in cycle 3", True)
    desk.play(10)
    assert gains(desk)[:7] == [0.25, 0.25, 0.25, 0.5, 0.5, 0.25, 0.25]


def test_a_build_rises_and_breaks(desk: Desk) -> None:
    """To the section that is named."""
    prompt = Prompt(desk)
    desk.play(1)
    assert prompt.answered('build(4, "bridge")') == ("bridge comes in cycle 5, built from now on", True)
    desk.play(12)
    assert gains(desk)[:7] == [0.25, 0.25, 0.4375, 0.625, 0.8125, 0.5, 0.5]


def test_a_button_says_it_once(desk: Desk) -> None:
    """When it is struck, not while it is held, nor when it is let go."""
    Prompt(desk)
    desk.play(3)
    for position in (1.0, 1.0, 0.0):
        desk.music.move([("pad", position, None)])
        desk.play(2)
    desk.play(6)
    assert gains(desk)[:7] == [0.25, 0.25, 0.25, 0.5, 0.5, 0.25, 0.25]


def test_other_programs_say_it_too(desk: Desk) -> None:
    """By OSC numbers may be floats."""
    Prompt(desk)
    remote = Remote(desk.music, Commands(desk.music).table())
    assert remote.command("go", ["bridge", 2.0]) == ("bridge comes in cycle 3", True)
    assert remote.command("build", [4]) == ("the next section comes in cycle 5, built from now on", True)


def test_what_was_said_is_played_again(desk: Desk) -> None:
    """From the commits that a journal keeps: another session plays the same."""
    prompt = Prompt(desk)
    desk.play(3)
    prompt.answered('go("bridge", 1)')
    desk.play(9)
    session = Session()
    for commit in desk.session.handover():
        session.apply(commit)
    (layer,) = [session.newest(place) for place in session.playing()]
    assert layer is not None
    found = layer.pattern.haps(0, 6, controls=session.controls)
    assert [hap.value["gain"] for hap in found] == gains(desk)[:6]


def test_a_session_that_was_steered_plays_again(written: type[Played]) -> None:
    """From its journal, event for event: by word, by button, and past an engine that takes over."""
    played = written()
    played.save(SONG)
    played.play(2.3)
    commands = Commands(played.music).table()
    commands["go"]("bridge", 1)
    played.play(4)
    commands["build"](4, "chorus")
    played.play(1.1)
    played.start(term=2)
    played.play(4)
    played.music.move([("pad", 1.0, None)])
    played.play(6)
    played.finish()
    events = played.events()
    gains = [one.event.controls["gain"] for one in events]
    # The button is struck while it is built, and sets another goal for it.
    assert gains == pytest.approx([0.25, 0.25, 0.25, 0.5, 0.5, 0.625, 5 / 6, 0.5, 0.5])
    replayed = play_script(script_of(played.rows))
    assert replayed.events == events


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('go("brigde", 1)', "did you mean 'bridge'?"),
        ('go("bridge", -1)', "whole cycles, 0 to 100000"),
        ('go("bridge", .5)', "whole cycles"),
        ("build(0)", "whole cycles, 1 to 100000"),
        ('turn("form form", .5)', "no layer follows a knob called 'form form'"),
        ('go("bridge", 1, form="sonata")', "no form is called 'sonata' (there: form)"),
    ],
)
def test_what_cannot_be_is_refused(desk: Desk, text: str, said: str) -> None:
    """And it is said what can."""
    answer, ok = Prompt(desk).answered(text)
    assert not ok
    assert said in answer


def test_without_a_form_there_is_nothing_to_steer(desk: Desk) -> None:
    """And it is said how a layer follows one."""
    desk.save('drums = play(s("bd"))')
    answer, ok = Answering(desk.music, Commands(desk.music).table()).answer('go("bridge")')
    assert not ok
    assert "no layer follows a form" in answer


def test_a_form_is_where_the_piece_is(desk: Desk) -> None:
    """After a jump in the piece, too."""
    prompt = Prompt(desk)
    desk.play(3)
    prompt.answered("set_cycle(5)")
    desk.play(6)
    assert gains(desk)[:5] == [0.25, 0.25, 0.75, 0.5, 0.5]
