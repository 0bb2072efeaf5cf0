"""Patterns that read live inputs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from patterns.core import Pattern
from patterns.inputs import knob
from patterns.registry import namespace
from patterns.ticks import TICKS

N: dict[str, Any] = dict(namespace())


def changed(code: str) -> Pattern:
    """Apply an expression of `p` to a pattern that reads the input x."""
    return eval(code, {**N, "p": N["s"]("bd*4").gain(knob("x"))})


class Ramp:
    """An input that is, at each time, that time in cycles."""

    def at(self, name: str, cycle: Fraction) -> float:
        """Give the time."""
        if name != "x":
            raise KeyError(name)
        return float(cycle)


def test_a_knob_rests_at_its_default() -> None:
    """Without the input the value is the lower limit, or the default."""
    assert N["s"]("bd").gain(knob("y", 0.25, 1)).haps(0, 1, controls=Ramp())[0].value["gain"] == 0.25
    assert N["s"]("bd").gain(knob("y", default=0.5)).haps(0, 1)[0].value["gain"] == 0.5


def test_a_knob_is_scaled() -> None:
    """The input's 0 to 1 becomes low to high."""
    pattern = N["s"]("bd*2").cutoff(knob("x", 100, 300))
    assert [hap.value["cutoff"] for hap in pattern.haps(0, 1, controls=Ramp())] == [100, 200]


@pytest.mark.parametrize(
    "change",
    [
        "p.fast(2)",
        "p.slow(4)",
        "p.late(0.3)",
        "p.rev()",
        "p.iter(4)",
        "fastcat(p, p)",
        'slowcat(p, "a")',
        "p.compress(0.25, 0.75)",
        "p.zoom(0.25, 0.75)",
        "p.inside(2, rev)",
        "p.off(0.25, fast(3))",
        "stepcat((3, p), (1, p))",
        "p.every(2, fast(2))",
        "p.repeat_cycles(3)",
        "p.shuffle(4)",
        "p.chunk(4, fast(2))",
        "p.seed(3)",
        "p.linger(0.25)",
    ],
)
def test_a_knob_is_read_at_the_time_that_is_heard(change: str) -> None:
    """However time is bent around a knob, it is read at the time of the event that it shapes."""
    pattern = changed(change)
    assert pattern.reads == {"x"}
    for hap in pattern.haps(3, 6, controls=Ramp()):
        if hap.whole is not None and hap.has_onset and "gain" in hap.value:
            begins = {float(hap.whole.begin), float(hap.whole.end)}  # rev reads at what was the begin
            assert any(abs(hap.value["gain"] - begin) < 1e-9 for begin in begins)


@pytest.mark.parametrize(
    "change",
    [
        'p.fast("<1 2>")',
        'p.ply("2 3")',
        'p.struct("1 1")',
        'p.mask("1 0")',
        "p.add(gain(1))",
        "p.euclid(3, 8)",
        "p.sometimes(rev)",
        "p.jux(rev)",
        'p.when("1 0", rev)',
        'mini("0 1").pick([p, "a"])',
        "p.ribbon(0, 1)",
        'p.reset("1 1")',
        "p.degrade_by(0.5)",
        'p.scale("C:minor")',
        "p.pace(3)",
        "p.take(1)",
        "p.chop(2)",
        'arrange((1, p), (2, "a"))',
        "p.echo(2, 0.1, 0.5)",
        'choose_cycles(p, "a")',
        "p.swing_by(1 / 3, 4)",
        "p.press()",
        'polymeter(p, "a b")',
        "p.palindrome()",
        'p.arp("0")',
    ],
)
def test_what_is_read_is_known_through_every_function(change: str) -> None:
    """A pattern made of one that reads an input says so."""
    assert changed(change).reads == {"x"}


def test_arguments_that_read_inputs_count() -> None:
    """An input in an argument counts, too."""
    assert N["s"]("bd").fast(knob("speed", 1, 4)).reads == {"speed"}
    assert knob("x").answer(0, TICKS).haps[0].begin is None


def test_a_knob_wants_a_name() -> None:
    """A number instead of a name is an error at once."""
    wrong: Any = 3
    with pytest.raises(TypeError, match="name of an input"):
        knob(wrong)
