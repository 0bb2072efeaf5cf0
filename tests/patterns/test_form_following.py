"""Forms that follow what was played: a section's level is a measure, counted here by the haps themselves."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.form.layout import form, section
from patterns.form.sections import Form
from patterns.form.steering import gone, written
from patterns.inputs import knob
from patterns.memory import Memory
from patterns.registry import namespace
from patterns.state import DEFAULT_FUEL, NO_CONTROLS, Walk
from patterns.ticks import TICKS

N: dict[str, Any] = dict(namespace())
SEED = 3
BELLS: Any = N["note"]("c5*8").degrade_by(0.5)


def counted(cycle: int, cycles: int, seed: int = SEED) -> float:
    """Bells in a cycle, of those before one."""
    return len([hap for hap in BELLS.haps(cycle - cycles, cycle, seed=seed) if hap.has_onset]) / cycles


def song(blend: int = 0) -> Form:
    """Four cycles that follow the bells, four that do not."""
    heard = BELLS.measured("density", 2).div(8)
    return form(section("a", 4, energy=heard), section("b", 4, energy=0.25), blend=blend, seed=SEED)


def levels(made: Form, begin: int, end: int, seed: int = 0) -> list[float]:
    """The energy at the begin of some cycles, for a layer with a seed."""
    return [hap.value for hap in made.energy.segment(1).haps(begin, end, seed=seed)]


def test_a_level_is_what_was_played_before() -> None:
    """In the section that says so, and in no other."""
    wanted = [counted(cycle, 2) / 8 if cycle % 8 < 4 else 0.25 for cycle in range(16)]
    assert levels(song(), 0, 16) == wanted
    assert len(set(wanted)) > 4


@settings(max_examples=20)
@given(st.integers(0, 2000), st.integers(0, 2**40))
def test_it_can_be_asked_anywhere_and_by_any_layer(cycle: int, seed: int) -> None:
    """A form is one for the whole piece: other seeds, other streams, time that is bent do not change it."""
    wanted = [counted(at, 2) / 8 if at % 8 < 4 else 0.25 for at in range(cycle, cycle + 6)]
    assert levels(song(), cycle, cycle + 6, seed) == wanted
    assert [levels(song(), at, at + 1)[0] for at in reversed(range(cycle, cycle + 6))] == wanted[::-1]
    other = N["s"]("bd").gain(song().energy)
    for bent in (other.seed(7), other.fast(2).slow(2), other.late(1)):
        gains = [hap.value["gain"] for hap in bent.haps(cycle, cycle + 6, seed=seed)]
        assert gains == wanted


def test_the_chance_of_the_layer_that_asks_is_its_own() -> None:
    """What it draws after the form was read is what it draws without."""
    line = N["note"]("c*8")
    alone = [hap.value for hap in line.velocity(N["rand"]).haps(0, 8, seed=5)]
    both = line.gain(song().energy).velocity(N["rand"]).haps(0, 8, seed=5)
    assert [{**hap.value, "gain": 0} for hap in both] == [{**value, "gain": 0} for value in alone]


def test_between_two_sections_it_is_blended() -> None:
    """From the last measure to the level that is said, and back."""
    smooth = song(blend=2).energy
    last = counted(4, 2) / 8
    assert smooth.haps(4, 5)[0].value == pytest.approx(last)
    between = smooth.early(5).segment(1).haps(0, 1)[0].value
    assert min(last, 0.25) < between < max(last, 0.25)
    assert smooth.segment(1).haps(6, 7)[0].value == 0.25


def test_a_fold_that_is_measured_and_played_is_two() -> None:
    """By the form's seed, and by that of the layer: in whatever order and with what memory they are asked."""

    def onward(last: int, dice: Any) -> int:
        return dice.whole(8)

    walk = N["fold"](onward, 0, per_cycle=2, name="walk")
    line = N["n"](walk).scale("C:major")
    made = form(section("a", 64, energy=line.measured("entropy", 3).div(4)), seed=SEED)
    both = line.gain(made.energy)
    wanted = [hap.value for hap in both.haps(0, 24, seed=9)]
    alone = [hap.value["note"] for hap in line.haps(0, 24, seed=9)]
    told = levels(made, 0, 24)
    assert [value["note"] for value in wanted] == alone
    assert [value["gain"] for value in wanted[::2]] == told
    memory = Memory()
    for begin in (20, 4, 12, 0, 8, 16):
        answer = both.answer(begin * TICKS, (begin + 4) * TICKS, seed=9, memory=memory)
        assert [hap.value for hap in answer.haps] == wanted[2 * begin : 2 * begin + 8]
    assert len(set(told)) > 4


def test_what_is_beyond_is_cut() -> None:
    """A level is from 0 to 1; a signal that says nothing just then is in the middle."""
    made = form(
        section("a", 2, energy=N["pure"](-3), heat=N["saw"].mul(4)),
        section("b", 2, energy=N["mini"]("0.75 ~")),
    )
    assert levels(made, 0, 2) == [0, 0]
    assert [hap.value for hap in made.target("heat").segment(8).haps(0, 1)] == [0, 0.5, 1, 1, 1, 1, 1, 1]
    assert [hap.value for hap in made.energy.segment(2).haps(2, 3)] == [0.75, 0.5]


def test_what_is_no_number_is_told() -> None:
    """And the layer plays on without."""
    made = form(section("a", 2, energy=BELLS.measured("key")))
    answer = N["s"]("bd").gain(made.energy).answer(0, TICKS)
    assert "number" in answer.problems[0].message


def test_a_knob_may_say_it() -> None:
    """Then layers that read the level follow the knob, and others do not."""
    made = form(section("a", 4, energy=knob("heat", default=0.5).mul(2), density=0.5))
    assert "heat" in made.energy.reads
    assert "heat" not in made.density.reads

    class Turned:
        """The knob at 0.4 from cycle 2 on."""

        def at(self, name: str, cycle: Any) -> Any:
            if name == "heat" and cycle >= 2:
                return 0.4
            raise KeyError(name)

    found = made.energy.segment(1).haps(0, 4, controls=Turned())
    assert [hap.value for hap in found] == [1, 1, 0.8, 0.8]


def test_after_a_jump_it_is_where_the_piece_is() -> None:
    """The session has jumped on: the bells before that cycle count; inputs have the time that passes."""
    walk = Walk(0.5, 0, NO_CONTROLS, "hash", DEFAULT_FUEL)
    walk.shift = 5 * TICKS
    walk.frames.append(lambda time: time - 5 * TICKS)
    found = song().energy.run(8 * TICKS, 8 * TICKS + 1, walk)
    assert found[0][4] == counted(8, 2) / 8
    assert len(walk.frames) == 1


def test_a_build_lifts_it() -> None:
    """From what is measured to 1."""
    made = song()
    said = written(gone(made.plan, (made.plan.start(),), 0, 3, 1, build=True))

    class Said:
        """A build from cycle 1 to 4."""

        def at(self, name: str, cycle: Any) -> Any:
            return said

    found = [hap.value for hap in made.energy.segment(1).haps(0, 5, controls=Said())]
    own = [counted(cycle, 2) / 8 for cycle in range(4)]
    assert found[:4] == pytest.approx([o + (1 - o) * max(0, c - 1) / 3 for c, o in enumerate(own)])
    assert found[4] == 0.25
