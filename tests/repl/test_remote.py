"""What other programs move and command, and what they are told of the inputs of a piece."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, cast

import pytest

from repl.commands import Commands
from repl.loader import load_piece
from repl.remote import Remote, inputs_of
from repl.session import Session

if TYPE_CHECKING:
    from tests.repl.conftest import Desk

PIECE = """
space = xy("space", x=(-1, 1))
zoom = knob("zoom", 1, 4)
a = play(s("bd*4").gain(knob("level", 0, 2)).pan(space.x))
b = play(s("hh*8").mask(toggle("hats", default=True)))
"""


def remote(desk: Desk) -> Remote:
    """With the prompt's commands."""
    return Remote(desk.music, Commands(desk.music).table())


def test_inputs_come_in_the_order_of_the_text() -> None:
    """Also one that nothing plays with yet, and both halves of a pad."""
    names = [one.name for one in inputs_of(load_piece(PIECE, "a.py"))]
    assert names == ["space.x", "space.y", "zoom", "level", "hats"]


def test_surfaces_are_told_of_every_input(desk: Desk) -> None:
    """With its range, and its position if it was moved; of what was typed, too."""
    desk.save(PIECE)
    loaded = desk.session.statement('c = play(s("cp").speed(knob("speed", 1, 2)))', {})
    desk.music.accept_statement(loaded, desk.music.try_statement(loaded))
    remote(desk).move([["level", 0.25, None]])
    desk.play(0.1)
    told = remote(desk).inputs()
    assert told["positions"] == {"level": 0.25}
    rows = {row["name"]: row for row in cast("list[dict[str, object]]", told["inputs"])}
    assert rows["zoom"] == {
        "name": "zoom", "kind": "knob", "low": 1.0, "high": 4.0, "curve": "linear", "default": 1.0,
    }  # fmt: skip
    assert {*rows} == {"space.x", "space.y", "zoom", "level", "hats", "speed"}


def test_a_move_is_heard_and_remembered(desk: Desk) -> None:
    """By whoever takes over, too; its history does not grow with every move of a finger."""
    desk.save('a = play(s("bd*4").gain(knob("level")))')
    desk.play(2)
    before = len(desk.session.history)
    for step in range(200):
        remote(desk).move([["level", step / 200, None]])
        desk.play(0.25)
    remote(desk).move([["level", 0.5, None]])
    desk.play(2)
    assert desk.heard("gain")[-1][1] == 0.5
    assert len(desk.session.history) == before
    fresh = Session()
    for commit in desk.session.handover():
        fresh.apply(commit)
    here = Fraction(desk.music.cycle)
    assert fresh.controls.at("level", here) == 0.5
    assert fresh.controls.at("level", here - 4) == desk.session.controls.at("level", here - 4)
    assert len(desk.session.controls.to_json()["level"]) < 200


def test_a_move_may_be_meant_for_a_time(desk: Desk) -> None:
    """It holds from exactly then."""
    desk.save('a = play(s("bd*16").gain(knob("level")))')
    desk.play(2)
    at = desk.clock.now() + 0.4
    remote(desk).move([["level", 0.75, at]])
    desk.play(2)
    cycle = desk.scheduler.tempo.cycle_at(at)
    assert {value for c, value in desk.heard("gain") if c < cycle - 1e-6} == {0}
    assert {value for c, value in desk.heard("gain") if c >= cycle} == {0.75}


def test_commands_do_what_the_prompt_does(desk: Desk) -> None:
    """And say what is wrong."""
    desk.save('drums = play(s("bd*4"))')
    one = remote(desk)
    assert one.command("layers", []) == ("drums", True)
    assert one.command("mute", ["drums"]) == ("", True)
    assert desk.session.muted == {"drums"}
    assert one.command("unmute", []) == ("", True)
    assert one.command("tempo", [90.0]) == ("", True)
    assert one.command("seed", [7]) == ("", True)
    desk.play(0.1)
    assert (desk.music.cps, desk.session.seed) == (90 / 240, 7)
    assert one.command("hush", ["drums"]) == ("", True)


def test_the_place_in_the_piece_is_moved(desk: Desk) -> None:
    """As by the same words of a piece: at the next cycle, or at once; a loop lasts until it is let go."""
    desk.save('drums = play(s("bd*4"))')
    one = remote(desk)
    assert one.command("set_cycle", [40.5, 0]) == ("", True)
    desk.play(0.2)
    assert 40.5 < desk.music.cycle < 41
    assert one.command("loop", [8.0, 10.0]) == ("", True)
    for _ in range(60):
        desk.play(0.2)
    assert 8 <= desk.music.cycle < 10
    assert desk.session.transport.section(Fraction(desk.music.passed)) == (8, 10)
    assert one.command("loop", []) == ("", True)
    desk.play(0.2)
    assert desk.session.transport.section(Fraction(desk.music.passed)) is None
    assert one.command("pause", []) == ("the piece stands", True)
    desk.play(0.2)
    assert one.command("resume", []) == ("the piece goes on", True)


@pytest.mark.parametrize(
    ("name", "arguments", "why"),
    [
        ("set_cycle", [], "set_cycle takes a cycle"),
        ("set_cycle", ["bridge"], "set_cycle takes a cycle"),
        ("set_cycle", [-1.0], "0 to 1"),
        ("loop", [4], "loop takes the first cycle"),
        ("loop", [4, 4], "the end comes after the begin"),
        ("mute", ["basss"], "no layer is called 'basss'"),
        ("tempo", [], "tempo takes beats per minute"),
        ("tempo", [0.0], "bpm must be 0.1 to 1000"),
        ("tempo", ["fast"], "tempo takes beats per minute"),
        ("seed", [0.5], "whole number"),
        ("turn", ["level", 2.0], "no layer follows a knob"),
        ("turn", [], "missing"),
    ],
)
def test_commands_that_cannot_be_done_say_why(
    desk: Desk, name: str, arguments: list[object], why: str
) -> None:
    """Instead of doing half of it."""
    desk.save('drums = play(s("bd*4"))')
    text, ok = remote(desk).command(name, arguments)
    assert not ok
    assert why in text


def test_a_live_layer_is_asked_as_early_as_its_target_wants_it(desk: Desk) -> None:
    """SuperDirt's bundles leave 0.2 s before they are meant; asked for any later, each would be late."""
    desk.save('a = play(s("bd*4").gain(knob("level")), on=superdirt(latency=.2))\nb = play(s("hh"))')
    for _ in range(40):
        desk.play(0.05)
        planned = desk.scheduler.tempo.time_at(desk.scheduler.places["a.py:a"].planned)
        assert 0.29 < planned - desk.clock.now() < 0.36
