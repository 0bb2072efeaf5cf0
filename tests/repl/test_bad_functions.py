"""A musician's function that raises in a query: one hap is dropped, its line is named, music goes on."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from bridge.clock import ManualClock
from bridge.scheduler import Scheduler
from bridge.sink import Recorder
from bridge.tempo import Tempo
from patterns.errors import OutOfFuel, SempreError
from patterns.state import Span, State
from repl.errors import LoadError
from repl.loader import load_piece
from repl.report import Once, of_problem
from repl.sinks import default_target, encode

if TYPE_CHECKING:
    from tests.repl.conftest import Desk

BAD = "def bad(v, *more):\n    if {when}:\n        return 1 // 0\n    return {else_}\n"
CASES = {
    # what is played: when it raises, what it gives else, the notes that are left of two cycles
    "note('0 1 2 3').filter(bad)": ("v['note'] == 2", "True", [0, 1, 3] * 2),
    "note('0 1 2 3').filter_when(bad)": ("v % 1 == .5", "True", [0, 1, 3] * 2),
    "note('0 1 2 3').with_value(bad)": ("v['note'] == 2", "v", [0, 1, 3] * 2),
    "note(mini('0 1 2 3').with_value(bad))": ("v == 2", "v", [0, 1, 3] * 2),
    "note('0 1 2 3').when(bad, add(note(10)))": ("v == 1", "True", [10, 11, 12, 13, 0, 1, 2, 3]),
    "note('0 1 2 3').every(2, lambda p: p.filter(bad))": ("v['note'] == 2", "True", [0, 1, 3, 0, 1, 2, 3]),
    "note('0 1').off(1/4, lambda p: p.with_value(bad))": ("v['note'] == 1", "v", [0, 0, 1] * 2),
    "note(mini('0 1').ply_with(2, lambda p: p.with_value(bad)))": ("v == 1", "v + 5", [0, 5, 1] * 2),
    "note(saw.segment(4).with_value(bad))": ("v == .5", "v * 4", [0, 1, 3] * 2),
    "note(saw.with_value(bad).segment(4))": ("v == .5", "v * 4", [0, 1, 3] * 2),
    "note('0 1 2 3').add(note(sine.with_value(bad).mul(0)))": ("v < .1", "v", [0, 1, 2] * 2),
    "note('0 1 2 3').superimpose(lambda p: p.with_value(bad))": (
        "v['note'] == 2",
        "v",
        [0, 0, 1, 1, 2, 3, 3] * 2,
    ),
    "note(fold(bad, 0, per_cycle=4))": ("v == 2", "v + 1", [0, 1, 2, 2, 2, 2, 2, 2]),
    "note(fold(lambda v: v + 1, 0, per_cycle=4, show=bad))": ("v == 2", "v", [0, 1, 3, 4, 5, 6, 7]),
    "note(mini('0 1 2 3').accumulate(bad, 0))": ("more[0] == 2", "v + more[0]", [0, 1, 1, 4, 4, 5, 5, 8]),
}


@pytest.mark.parametrize("code", CASES)
def test_one_hap_is_dropped_and_the_line_is_named(desk: Desk, code: str) -> None:
    """With file, line and column of the function that raised; the layer never falls back."""
    when, usual, wanted = CASES[code]
    source = BAD.format(when=when, else_=usual) + f"x = play({code})\n"
    loaded = load_piece(source, "a.py")
    desk.music.accept_piece(loaded, [])
    desk.play(6)
    assert desk.troubles
    assert not any(trouble.fallen_back for trouble in desk.troubles)
    cycle = [value for at, value in sorted(desk.heard("note"), key=str) if at < 2]
    assert sorted(cycle, key=float) == sorted(wanted, key=float)  # type: ignore[arg-type] # values may be anything, these are numbers
    for trouble in desk.troubles:
        text = of_problem(trouble.problem, "a.py", source)
        assert text.splitlines()[0].startswith("a.py:3:16: ")
        assert text.splitlines()[2].count("^") == len("1 // 0")


@pytest.mark.parametrize(
    "code",
    [
        'note("0 1").velocity("loud .5")',
        'note("0 1").legato("x .5")',
        'note("0 1").nudge("x 0")',
        'note("0 1").with_value(lambda v: {**v, "sustain": .1 if v["note"] else [1]})',
        'note("0 1").with_value(lambda v: {**v, 3: 4} if v["note"] else v)',
        'note("0 1").with_value(lambda v: "text" if v["note"] else v)',
        'note("0 h")',
    ],
)
def test_a_control_of_the_wrong_kind_drops_one_hap(code: str) -> None:
    """One of the two in a cycle is refused and told, by the planner or by the sink; the other sounds."""
    loaded = load_piece(f"x = play({code}, on=midi())", "a.py")
    told: list[str] = []
    recorder = Recorder()
    scheduler = Scheduler(
        ManualClock(),
        {"midi": recorder},
        Tempo.steady(1.0),
        default_target,
        on_trouble=lambda trouble: told.append(trouble.problem.message),
    )
    scheduler.set_layer("a.py:x", loaded.layers["x"], Fraction(0))
    scheduler.step()
    sounding = 0
    for target, event in recorder.held.values():
        if event.at < 1:
            try:
                encode(target, event, 1.0, 0.0)
                sounding += 1
            except (SempreError, TypeError, ValueError) as error:
                told.append(str(error))
    assert sounding == 1
    assert told


def test_any_other_exception_goes_back_a_version_with_its_line(desk: Desk) -> None:
    """One that nobody could foresee: the version before plays on, and the line is named."""
    desk.save("x = play(note('0 1'))")
    desk.play(3)
    source = (
        "class Own(Exception): pass\ndef bad(v):\n    raise Own('so')\nx = play(note('5 6').with_value(bad))"
    )
    with pytest.raises(LoadError, match=r"a.py:3:5: Own: so \(layer x, a.py:4\)"):
        desk.save(source)
    desk.music.accept_piece(load_piece(source, "a.py"), [])
    desk.play(4)
    assert desk.troubles[0].fallen_back
    assert {value for _, value in desk.heard("note")} == {0, 1}


def test_running_out_of_fuel_names_layer_and_line(desk: Desk) -> None:
    """The place in the pattern, and the line of the `play`."""
    source = "\nx = play(\n    s('bd sn*1000000'))"
    with pytest.raises(LoadError, match=r"a.py:3:11: this pattern is too dense.* \(layer x, a.py:2\)"):
        desk.save(source)
    with pytest.raises(LoadError, match=r"a.py:1: this pattern is too dense.* \(layer x\)"):
        desk.save("x = play(note(irand(9).segment(1000000)))")


def test_a_state_with_a_layer_says_its_name() -> None:
    """Whoever asks without a session reads it too."""
    pattern = load_piece("x = play(s('bd*1000000'))", "a.py").layers["x"].pattern
    with pytest.raises(OutOfFuel, match=r"^drums: this pattern is too dense"):
        pattern.query(State(Span(Fraction(0), Fraction(1)), layer="drums"))


def test_the_same_is_shown_once_with_a_count(desk: Desk) -> None:
    """Not at every cycle."""
    show = Once()
    source = BAD.format(when="v['note'] == 1", else_="True") + "x = play(note('0 1').filter(bad))"
    desk.music.accept_piece(load_piece(source, "a.py"), [])
    desk.play(150)
    shown = [show(of_problem(trouble.problem, "a.py", source)) for trouble in desk.troubles]
    assert 70 < len(shown) < 100
    assert [text.splitlines()[0] for text in shown if text] == [
        "a.py:3:16: integer division or modulo by zero",
        "a.py:3:16: integer division or modulo by zero (10 times by now)",
    ]
