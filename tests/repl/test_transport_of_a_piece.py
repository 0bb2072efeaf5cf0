"""`set_cycle`, `loop`, `pause` and `resume`, from what is written to what is sent and replayed."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.core import Pattern
from repl.commands import Commands
from repl.errors import LoadError
from repl.loader import load_piece
from repl.moving import where_it_is
from repl.replay import play_script, script_of
from repl.session import Session
from repl.toolbar import Status, bar, text
from repl.transport import Jump, Loop, wanted_moves
from tests.repl.test_music import say

if TYPE_CHECKING:
    from tests.repl.conftest import Desk, Played

STEPS = """
tempo(120)
def step(last, dice):
    return last + dice.choose([1, 2])
a = play(note(fold(step, 0, per_cycle=2, name="walk")))
b = play(s("bd*4?").every(3, rev))
live = play(s("sd*3").gain(knob("level")))
"""


def bars(desk: Desk) -> list[tuple[float, object]]:
    """The cycles that pass, and what begins each."""
    return [(cycle, what) for cycle, what in desk.heard("note") if cycle == int(cycle)]


NUMBERS = "tempo(120)\na = play(note(fold(lambda v: v + 1, 0)))"


def test_it_goes_there_at_the_next_cycle(desk: Desk) -> None:
    """What passes goes on; the piece is elsewhere; the answer says where a change will be heard."""
    desk.save(NUMBERS)
    desk.play(5)  # cycle 2 is half over
    say(desk, "set_cycle(16)")
    desk.play(6)
    assert bars(desk)[:5] == [(0, 0), (1, 1), (2, 2), (3, 16), (4, 17)]
    assert desk.music.cycle == pytest.approx(desk.music.passed + 13)
    assert desk.save(NUMBERS + "\nb = play(s('bd'))").endswith("a, b from cycle 19")


def test_at_once(desk: Desk) -> None:
    """With `quantum=0`, and after it cycles begin where the piece's do."""
    desk.save(NUMBERS)
    desk.play(4.6)
    say(desk, "set_cycle(8, quantum=0)")
    desk.play(6)
    heard = desk.heard("note")
    assert [what for _, what in heard][:6] == [0, 1, 2, 8, 9, 10]
    at = heard[3][0]
    assert 2.2 < at < 2.5
    assert heard[4][0] == pytest.approx(at + 1, abs=1e-5)
    assert desk.save(NUMBERS + "\nb = play(s('bd'))").startswith("a.py: a, b from cycle 11")
    desk.play(4)
    begun = desk.heard("s")[0][0]
    assert begun == pytest.approx(at + 3, abs=1e-5)


def test_a_piece_may_begin_elsewhere(desk: Desk) -> None:
    """Its first edition; also far away, where a fold has a long way to go."""
    desk.save("set_cycle(20000)\n" + NUMBERS.replace("0)))", "0, per_cycle=16)))"))
    desk.play(2.5)
    heard = [what for _, what in desk.heard("note")]
    assert heard[:3] == [320000, 320001, 320002]
    assert desk.recorder.log


def test_a_line_counts_when_it_changes(desk: Desk) -> None:
    """As `tempo` does; a loop that is no longer written ends."""
    desk.save("set_cycle(4)\n" + NUMBERS)
    desk.play(4.5)
    desk.save("set_cycle(4)\nloop(8, 10)\n" + NUMBERS)
    desk.play(10)
    assert [what for _, what in bars(desk)][:8] == [4, 5, 6, 8, 9, 8, 9, 8]
    desk.save("set_cycle(4)\n" + NUMBERS)
    desk.play(4)
    assert [what for _, what in bars(desk)][8:11] == [9, 10, 11]


def test_a_loop_at_the_prompt(desk: Desk) -> None:
    """The status bar shows it, and no longer when it is over."""
    desk.save(NUMBERS)
    desk.play(1)
    say(desk, "loop(0, 2)")
    desk.play(9)
    assert [what for _, what in bars(desk)][:6] == [0, 1, 0, 1, 0, 1]
    shown = where_it_is(desk.scheduler, desk.clock.now())
    assert shown == {"section": "0-2", "stands": False}
    status = Status.read({"cycle": desk.music.cycle, "bpm": 120, **shown})
    assert text(bar(status, 60)).startswith(" cycle 0.9 in 0-2  bpm 120")
    say(desk, "loop(None)")
    desk.play(4)
    assert [what for _, what in bars(desk)][4:8] == [0, 1, 2, 3]
    assert where_it_is(desk.scheduler, desk.clock.now())["section"] == ""


def test_two_wishes_in_one_line(desk: Desk) -> None:
    """The later one knows of the earlier."""
    desk.save(NUMBERS)
    desk.play(2.5)
    say(desk, "set_cycle(7); loop(6, 8)")
    desk.play(8)
    assert [what for _, what in bars(desk)][:6] == [0, 1, 7, 6, 7, 6]


def test_pause_and_resume(desk: Desk) -> None:
    """What sounds ends, what stands is said, saving while it stands is tried as ever and heard from there."""
    commands = Commands(desk.music).table()
    desk.save(NUMBERS + '\npad = play(s("pad").slow(8))')
    desk.play(5.3)
    assert str(commands["pause"]()) == "the piece stands"
    desk.play(1)
    assert str(commands["pause"]()) == "it stands already"
    shown = where_it_is(desk.scheduler, desk.clock.now())
    assert text(bar(Status.read(shown), 60)).startswith(" cycle 0.0 paused")
    position = desk.music.cycle
    assert 2 < position < 3
    (pad,) = [e for e in desk.recorder.events() if e.controls.get("s") == "pad"]
    assert pad.at + pad.duration < desk.clock.now()
    before = len(desk.recorder.events())
    desk.play(5)
    assert desk.music.cycle == position
    assert len(desk.recorder.events()) == before
    desk.save(NUMBERS.replace("v + 1", "v + 10"))
    with pytest.raises(LoadError):
        desk.save('a = play(note("0").filter(lambda v: missing))')
    desk.play(1)
    assert str(commands["resume"]()) == "the piece goes on"
    assert str(commands["resume"]()) == "the piece goes on"  # not yet done
    desk.play(4)
    assert str(commands["resume"]()) == "it does not stand"
    assert [what for _, what in desk.heard("note")][3:5] == [30, 40]


def test_named_folds_go_on_through_a_save_while_it_stands(desk: Desk) -> None:
    """However long it stands, and with another seed, too."""
    commands = Commands(desk.music).table()
    named = NUMBERS.replace("1, 0)", '1, 0, name="n")')
    desk.save(named)
    desk.play(4.5)
    commands["pause"]()
    desk.play(1)
    desk.save(named.replace("v + 1", "v + 10"))
    desk.play(20)
    say(desk, "reseed(5)")
    desk.play(20)
    commands["resume"]()
    desk.play(4)
    assert [what for _, what in desk.heard("note")] == [0, 1, 2, 3, 13, 23]


def test_a_tempo_tapped_nudged_and_ramped_through_a_loop(desk: Desk) -> None:
    """Time bends, the piece jumps, and neither knows of the other: each bar has its beats, in order."""
    desk.save('tempo(120)\na = play(note("0 1 2 3").add(note(fold(lambda v: v + 10, 0))))\nloop(4, 6)')
    desk.play(0.5)
    say(desk, "tempo(180, over=2)")
    desk.play(1.7)
    desk.music.nudge(0.2)
    desk.play(2.1)
    for _ in range(4):
        desk.music.tap()
        desk.play(0.45)
    desk.music.nudge(-0.1)
    desk.play(4)
    heard = desk.heard("note")
    assert [what for _, what in heard] == [40 + 10 * (k // 4 % 2) + k % 4 for k in range(len(heard))]
    assert [cycle for cycle, _ in heard] == pytest.approx([k / 4 for k in range(len(heard))], abs=1e-5)
    assert desk.music.cps * 240 == pytest.approx(60 / 0.45, rel=0.02)
    assert len(heard) > 20


def test_whoever_takes_over_knows_where_the_piece_is(desk: Desk) -> None:
    """From the commits alone; of many moves the last remains."""
    desk.save(NUMBERS)
    for k in range(20):
        desk.play(2)
        say(desk, f"set_cycle({k % 7})")
    say(desk, "loop(3, 5)")
    desk.play(1)
    fresh = Session()
    handover = desk.session.handover()
    for commit in handover:
        fresh.apply(commit)
    assert fresh.transport == desk.scheduler.transport
    assert len([c for c in handover if c["kind"] == "transport"]) == 1


MOVES = st.sampled_from(
    [
        "set_cycle(3)",
        "set_cycle(40, quantum=0)",
        "set_cycle(7.5)",
        "set_cycle(300)",
        "loop(2, 4)",
        "loop(5, 6.5)",
        "loop(None)",
        "pause()",
        "resume()",
        "tempo(150, over=2)",
        'turn("level", .8)',
        'once(s("cr"))',
        "reseed(4)",
        'mute("b")',
        "edit",
        "take over",
    ]
)


@settings(max_examples=30, deadline=None)
@given(moves=st.lists(st.tuples(MOVES, st.floats(0.02, 5.0)), min_size=1, max_size=8))
def test_a_session_that_moved_plays_again(written: type[Played], moves: list[tuple[str, float]]) -> None:
    """The same events at the same times, with folds, live inputs, other editions and other engines."""
    played = written()
    played.save(STEPS)
    played.play(3.3)
    term = 1
    for what, seconds in moves:
        if what == "edit":
            played.save(STEPS.replace("[1, 2]", "[5, 6]"))
        elif what == "take over":
            term += 1
            played.start(term)
        else:
            played.say(what)
        played.play(seconds)
    played.play(2)
    played.finish()
    replayed = play_script(script_of(played.rows))
    assert [one.to_json(0.0) for one in replayed.events] == [one.to_json(0.0) for one in played.events()]
    assert replayed.troubles == []


def test_loop_is_still_the_control_of_samples(desk: Desk) -> None:
    """With one argument."""
    desk.save('a = play(s("pad") | loop(1))')
    desk.play(1)
    assert desk.heard("loop")[0] == (0, 1)
    assert isinstance(desk.session.statement('x = loop("0 1")', {}).names["x"], Pattern)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("set_cycle(-1)", "a number from 0"),
        ('set_cycle("4")', "a number from 0"),
        ("set_cycle(4, quantum=-1)", "quantum is in cycles"),
        ("loop(4, 4)", "the end comes after the begin"),
        ("loop(8, 4)", "the end comes after the begin"),
        ("loop(0, 1e9)", "a number from 0"),
    ],
)
def test_what_cannot_be_is_an_error(line: str, what: str) -> None:
    """With its line."""
    with pytest.raises(LoadError, match=what):
        load_piece(line, "a.py")


def test_what_an_edition_asks_for_anew() -> None:
    """Jumps and loops are told apart: a new loop does not jump again."""
    first = load_piece("set_cycle(4)\nloop(1, 2)", "a.py")
    assert first.moves == (Jump(Fraction(4)), Loop((Fraction(1), Fraction(2))))
    assert wanted_moves(first, None) == first.moves
    assert wanted_moves(first, first) == ()
    second = load_piece("set_cycle(4)\nloop(1, 3)", "a.py")
    assert wanted_moves(second, first) == (Loop((Fraction(1), Fraction(3))),)
    assert wanted_moves(load_piece("", "a.py"), second) == (Loop(None),)
