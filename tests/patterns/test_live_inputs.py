"""Patterns that read live inputs."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.core import Pattern
from patterns.inputs import Input, button, inputs_in, knob, toggle, xy
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


CURVES = ("linear", "log", 0.5, 2.0)


@given(st.floats(0, 1), st.sampled_from(CURVES), st.floats(0.01, 1000), st.floats(0.01, 1000))
def test_positions_and_values_agree(position: float, curve: str | float, low: float, high: float) -> None:
    """A default is shown where a finger would have set it; the ends are exact."""
    what = Input("x", low=low, high=high, curve=curve)
    assert (what.value_at(0), what.value_at(1)) == (low, pytest.approx(high))
    value = what.value_at(position)
    assert min(low, high) - 1e-9 <= value <= max(low, high) + 1e-9
    assert what.value_at(what.position_of(value)) == pytest.approx(value, rel=1e-6)
    assert 0 <= what.position_of(value * 7 - 3) <= 1


def test_a_curve_that_cannot_be_is_named() -> None:
    """With what to try."""
    with pytest.raises(ValueError, match="both limits must be above 0 or both below"):
        knob("x", 0, 8000, curve="log")
    with pytest.raises(ValueError, match="'cubic'"):
        knob("x", curve="cubic")
    with pytest.raises(TypeError, match="knob: high must be a number"):
        knob("x", 0, float("nan"))
    assert knob("x", -1, -100, curve="log").haps(0, 1, controls=Ramp())[0].value == -1


def test_a_toggle_and_a_button_are_0_or_1() -> None:
    """Whatever the position; a toggle may rest switched on."""
    assert [h.value["gain"] for h in N["s"]("bd*4").gain(toggle("x")).haps(0, 1, controls=Ramp())] == [
        0, 0, 1, 1,
    ]  # fmt: skip
    assert N["s"]("bd").gain(toggle("y", default=True)).haps(0, 1)[0].value["gain"] == 1
    assert [*N["s"]("bd").mask(button("y")).haps(0, 1)] == []


def test_a_pad_gives_two_signals() -> None:
    """Each reads an input of its own."""
    x, y = xy("pad", x=(-1, 1), y=(1, 5, 2))
    assert (x.reads, y.reads) == ({"pad.x"}, {"pad.y"})
    assert (x.haps(0, 1)[0].value, y.haps(0, 1)[0].value) == (-1, 2)
    pad = xy("pad", x=(0, 1), y=(100, 400), curve=("linear", "log"))
    assert inputs_in([pad])["pad.y"].value_at(0.5) == 200
    wrong: Any = (1, 2, 3, 4)
    with pytest.raises(ValueError, match=r"as in y=\(0, 1\)"):
        xy("pad", y=wrong)


def test_what_was_said_about_inputs_is_known_of_any_pattern() -> None:
    """Through every function, in lists, mappings and pairs; the first word about a name counts."""
    pattern = N["stack"](N["s"]("bd").gain(knob("level", 0.5, 1)), N["note"]("c").pan(xy("pad").x)).fast(2)
    again = knob("level", 0, 9)
    found = inputs_in([pattern, {"a": [toggle("on")]}, again, "text", 3])
    assert {name: what.kind for name, what in found.items()} == {
        "level": "knob",
        "pad.x": "x",
        "on": "toggle",
    }
    assert found["level"].low == 0.5
    endless: list[object] = []
    endless.append(endless)
    assert inputs_in(endless) == {}


TURNED = "lambda q: q.pan(knob('x'))"
COUNTED = "lambda q, i: q.pan(knob('x'))"


@pytest.mark.parametrize("numbers", [("2", "0.5"), ('"<2 3>"', '"<.25 .5>"')])
@pytest.mark.parametrize(
    "change",
    [
        "apply_n({n}, {f})",
        "chunk({n}, {f})",
        "chunk_back({n}, {f})",
        "chunk_back_into({n}, {f})",
        "chunk_into({n}, {f})",
        "echo_with({n}, {x}, {g})",
        "every({n}, {f})",
        "every_offset({n}, 1, {f})",
        "fast_chunk({n}, {f})",
        "first_of({n}, {f})",
        "fix({f}, s('bd'))",
        "fold_every([{n}], {f})",
        "ghost_with({x}, {f})",
        "ifp(lambda c: c, {f}, rev)",
        "inside({n}, {f})",
        "into({n}, {f})",
        "jux_by({x}, {f})",
        "last_of({n}, {f})",
        "off({x}, {f})",
        "outside({n}, {f})",
        "pick_f({n}, [rev, {f}])",
        "ply_for_each({n}, {g})",
        "ply_with({n}, {f})",
        "slow_chunk({n}, {f})",
        "snowball(2, lambda a, b: b, {f})",
        "soak(2, {f})",
        "some_cycles_by({x}, {f})",
        "sometimes_by({x}, {f})",
        "sometimes_by_first({x}, {f})",
        "stut_with({n}, {x}, {g})",
        "when({n}, {f})",
        "whenmod({n}, 1, {f})",
        "while_({n}, {f})",
        "within(0, {x}, {f})",
        "within_zoom(0, 0.5, {f})",
        "jux_by({x}, lambda q: q.off({x}, lambda r: r.inside({n}, {f})))",
    ],
)
def test_what_a_function_reads_the_pattern_reads(change: str, numbers: tuple[str, str]) -> None:
    """Also where its number is a pattern: such a layer is asked anew for each moment, and never kept."""
    n, x = numbers
    code = 's("bd*4").' + change.format(n=n, x=x, f=TURNED, g=COUNTED)
    assert eval(code, {**N, "knob": knob}).reads == {"x"}
