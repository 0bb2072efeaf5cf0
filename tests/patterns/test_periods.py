"""The period of a pattern: known where it can be, and true."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.core import Flat, Pattern, RawHap
from patterns.inputs import knob
from patterns.joining import FEW
from patterns.moving import shift
from patterns.registry import namespace
from patterns.ticks import TICKS, Time, settle

N: dict[str, Any] = dict(namespace())

KNOWN: dict[str, int | Fraction] = {
    'mini("a*<2 3>")': 2,
    'mini("a(<3 5>,8)")': 2,
    'mini("{a b c}%<2 4>")': 6,
    'mini("a*<2 3> <b c d>")': 6,
    'mini("a b").fast("<1 2 3>")': 3,
    'mini("<a b>").slow("2 3")': 12,
    'mini("a b").late("<0 .25>")': 2,
    'mini("a b").ply("<2 3>")': 2,
    'mini("a").euclid("<3 5>", 8)': 2,
    'mini("a b").every("<2 3>", rev)': 6,
    'mini("<a b>").when("<1 0 0>", rev)': 6,
    'mini("<a b>").iter("<2 3>")': 12,
    'mini("<a b c>").squeeze("x <y z>", "v")': 6,
    'mini("<0 1>").pick(["a", "<b c d>"])': 6,
    'mini("<0 1>").pick_restart(["<a b>", "<b c d>"])': 2,
    'mini("<0 1>").pick_reset(["<a b>", "<b c d>"])': 6,
    'mini("<0 1>").inhabit(["<a b>", "<b c d>"])': 6,
    'mini("<a b c>").keep.restart("<x y>")': 2,
    'mini("<a b c>").keep.reset("<x y>")': 6,
    'mini("<a b c>").keep.squeeze("<x y>")': 6,
    'mini("<a b c>").ribbon("<0 1>", 2)': 2,
    'steady(1).range("<1 2>", 5)': 2,
    'mini("a b").struct("<1 1*2>").fast("<2 3>").rev()': 2,
    'n("<0 1 2>").scale("<C:minor D:major>")': 6,
    'n("0 1").scale("C:minor").scale_transpose("<0 1 2>")': 3,
    'note("<c e>").transpose("<0 12 5>")': 6,
    'mini("0 1").quantise("<2 3>")': 2,
    'mini("<a b>").bjork("<3:8 5:8 7:8>")': 6,
    'mini("a").euclid("<3 5>", "<8 12 16>")': 6,
    'mini("a").euclid_rot(3, 8, "<0 1>")': 2,
    'mini("<0 1 2>").range("<1 2>", "<5 6>")': 6,
    'mini("<a b>").compress("<0 .25>", "<.5 .75 1>")': 6,
    'mini("<a b c>").ribbon("<0 1>", "<1 2>")': 2,
}
MAYBE = [
    'p.fast("<2 3>")', 'p.slow("<1 2>")', 'p.late("<0 .25>")', 'p.early("0 .125")', 'p.ply("<1 2>")',
    'p.euclid("<3 5>", 8)', 'p.every("<2 3>", rev)', 'p.when("<1 0>", fast(2))', 'p.iter("<2 3>")',
    'mini("<0 1>").pick([p, "x y"])', 'mini("<0 1>").pick_restart([p, "x y"])',
    'mini("<0 1> 1").pick_reset([p, "<x z> y"])', 'mini("<0 1>").inhabit([p, "<x z> y"])',
    'p.keep.restart("<x y>")', 'p.keep.reset("<x y>")', 'p.keep.squeeze("<x y>")',
    'p.set.squeezeout("<x y>")', 'p.keep.mix("<x y>")', 'p.ribbon("<0 1>", 2)', 'p.linger("<.25 .5>")',
    'p.compress(0, "<.5 1>")', 'p.compress("<0 .25>", "<.5 1>")', 'p.euclid("<3 5>", "<8 7 6>")',
    'p.segment("<2 3>")', 'p.off(.125, fast("<1 2>"))', 'p.euclid_legato("<3 5>", 8)', 'p.press_by("<0 .5>")',
    'p.euclid_inv("<3 5>", 8)', 'p.euclidish("<3 5>", 8, "<0 .5>")', 'p.zoom("<0 .25>", ".5 .75")',
    'p.focus(0, "<.5 .75>")', 'p.swing_by("<0 .25>", "<2 3>")', 'p.trunc("<.5 .75>")', 'p.rot("<0 1>")',
    'p.whenmod("<2 3>", 1, rev)', 'p.every_offset("<2 3>", "<0 1>", rev)', 'p.stutter("<2 3>", .125)',
    'p.wedge("<.25 .5>", "<x y>")', 'p.pace("<2 3>")', 'p.struct(binary("<5 9>"))', 'p.rolled_by("<0 .5>")',
    'p.struct(necklace(8, [3, 2]))', 'p.struct(euclid_off_bool("<3 5>", 8, "<0 1>"))',
    'p.struct(morph([1, 0, 1], [1, 1, 0], "<0 .5>"))', 's(p).chop("<2 3>")', 's(p).striate("<2 3>")',
    's(p).hurry("<1 2>")', 's(p).loop_at("<1 2>")', 's(p).spin("<2 3>")', 'p.as_controls("<s note>")',
]  # fmt: skip
TEXTS = ["a b", "<a b c> d", "a*<2 3>", "{a b c}%4", "a(<3 5>,8)", "<a b>/3 c", "a*1.5"]


def moved(pattern: Pattern, begin: Time, length: Time, back: Time) -> dict[Any, Any]:
    """What happens in a stretch, moved back by a time; fragments joined."""
    total: dict[Any, Any] = {}
    found: list[Flat] = [*pattern.answer(begin, begin + length, fuel=2_000_000).haps]
    for hap in map(RawHap._make, shift(found, -back)):
        key = (hap.begin, hap.end, repr(hap.value), hap.where)
        total[key] = total.get(key, 0) + hap.part_end - hap.part_begin
    return {key: part for key, part in total.items() if part}


def check(pattern: Pattern) -> None:
    """What happens in the first period happens in the second."""
    assert pattern.period is not None
    length = settle(pattern.period * TICKS)
    first = moved(pattern, 0, length, 0)
    assert moved(pattern, length, length, length) == first


@pytest.mark.parametrize("code", KNOWN)
def test_the_period_of_patterned_arguments_is_known(code: str) -> None:
    """Where all that is written is known, so is the period, and it is the right one."""
    pattern = eval(code, dict(N))
    assert pattern.period == KNOWN[code]
    check(pattern)


@given(st.sampled_from(TEXTS), st.lists(st.sampled_from(MAYBE), min_size=1, max_size=2))
@settings(max_examples=150)
def test_the_second_period_is_the_first(text: str, changes: list[str]) -> None:
    """A period that is told is true."""
    pattern = N["mini"](text)
    for change in changes:
        pattern = eval(change, {**N, "p": pattern})
    if pattern.period is not None and pattern.period <= 48:
        check(pattern)


def test_nothing_is_built_ahead_of_a_musicians_function() -> None:
    """Functions within functions are called once, to learn what they read, not for each value of each.

    Their number would explode: 4 values at each of 12 depths.
    """
    called: list[int] = []

    def deeper(pattern: Pattern, depth: int = 12) -> Pattern:
        called.append(depth)
        if not depth:
            return pattern
        return pattern.chunk("<2 3 4 5>", lambda inner: deeper(inner, depth - 1))

    deeper(N["mini"]("a b"))
    assert called == [*range(12, -1, -1)]


def test_a_period_is_not_guessed() -> None:
    """Chance, live input and too many values leave it open."""
    many = " ".join(str(number) for number in range(1, FEW + 2))
    for code in (
        'mini("a").degrade_by(.5)',
        "rand",
        f'mini("a").fast("<{many}>")',
        'mini("a").euclid("<1 2 3>", "<6 7 8>")',
        'mini("a").euclid("<1 2>", irand(8))',
        'mini("a").fast(irand(3))',
    ):
        assert eval(code, dict(N)).period is None


def test_live_input_in_a_counted_function_is_known() -> None:
    """`every` with a pattern of counts still says which inputs it reads."""

    def turned(pattern: Pattern) -> Pattern:
        return pattern.gain(knob("level"))

    assert N["note"]("c").every("<2 3>", turned).reads == {"level"}
