"""Laws that hold for every pattern."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.core import Pattern, RawHap
from patterns.registry import namespace
from patterns.ticks import TICKS, Time, exact, settle, to_cycles, to_ticks

N: dict[str, Any] = dict(namespace())

TEXTS = st.sampled_from(
    [
        "a", "a b", "a b c", "a [b c] d*3", "<a b c> d", "a(3,8) b", "{a b c, d e}%4", "a@3 b", "a? b [c|d]",
        "<a@2 b>/3 c*<2 3>", "a*1.5", "[a,b c]!2 d", "0 .. 3", "~ a ~ b*5", "<a b>(<3 5>,8,<0 2>)",
        "bd:3 sd:<1 2>",
        "a*7 b*11", "[a b]/1.5", "", "a . b c . d", "^a b [c d]!2*3", "<a b>! c@1.5 _", "{a <b c>}%<2 3>",
    ]
)  # fmt: skip
CHANGES: dict[str, str] = {
    "fast": "p.fast(Fraction(3, 2))",
    "slow": "p.slow(2)",
    "late": "p.late(Fraction(1, 7))",
    "rev": "p.rev()",
    "every": "p.every(3, rev)",
    "iter": "p.iter(3)",
    "off": "p.off(Fraction(1, 8), fast(2))",
    "chunk": "p.chunk(3, rev)",
    "ply": 'p.ply("<2 3>")',
    "degrade_by": "p.degrade_by(0.4)",
    "sometimes": "p.sometimes(press)",
    "swing": "p.swing_by(Fraction(1, 3), 4)",
    "euclid": "p.euclid(3, 8)",
    "struct": 'p.struct("1 0 1 1")',
    "mask": 'p.mask("<1 0> 1")',
    "compress": "p.compress(0.25, 0.75)",
    "zoom": "p.zoom(0.25, 0.75)",
    "linger": "p.linger(0.25)",
    "ribbon": "p.ribbon(1, 2)",
    "reset": 'p.reset("1 1")',
    "restart": 'p.restart("<1 [1 1]>")',
    "squeeze": 'p.keep.squeeze("x y")',
    "mix": 'p.keep.mix("x y z")',
    "within": "p.within(0, 0.5, rev)",
    "shuffle": "p.shuffle(4)",
    "brak": "p.brak()",
    "press": "p.press()",
    "segment": "p.segment(5)",
    "palindrome": "p.palindrome()",
    "some_cycles": "p.some_cycles(rev)",
    "inside": "p.inside(2, rev)",
    "when": 'p.when("<1 0>", fast(2))',
    "revv": "p.revv()",
    "fast_gap": "p.fast_gap(2)",
    "focus": "p.focus(0.25, 0.75)",
    "repeat_cycles": "p.repeat_cycles(2)",
    "ply_odd": "p.ply(1.5)",
    "euclid_legato": "p.euclid_legato(3, 8)",
    "beat": 'p.beat("0,3", 4)',
    "scramble": "p.scramble(4)",
    "iter_back": "p.iter_back(3)",
    "to_next": "p.legato_to_next()",
    "bite": 'p.bite(4, "3 <0 1>")',
    "seed": "p.seed(3)",
    "squeezeout": 'p.set.squeezeout("x y")',
    "echo_with": "p.echo_with(3, 0.125, lambda q, i: q)",
    "ply_with": "p.ply_with(2, rev)",
    "out": 'p.set.out("x y z")',
    "chunk_back": "p.chunk_back(3, rev)",
    "fast_chunk": "p.fast_chunk(3, fast(2))",
    "outside": "p.outside(2, rev)",
    "pick": 'mini("<0 1> 1").pick([p, "x y"])',
    "inhabit": 'mini("<0 1> 1").inhabit([p, "x y"])',
    "pick_reset": 'mini("<0 1> 1").pick_reset([p, "x y"])',
    "pick_out": 'mini("<0 1> 1").pick_out([p, "x y"])',
    "cat": 'cat(p, "x")',
    "stepcat": 'stepcat((2, p), (1, "x"))',
    "arrange": 'arrange((2, p), (1, "x y"))',
    "choose_cycles": 'choose_cycles(p, "x")',
    "apply_keep": "p.keep.restart('<x y>')",
    "late_pat": 'p.late("<0 .25>")',
    "sew": 'p.when("1 0 1", early(0.1))',
    "set_rand": "p.set(choose('x', 'y', 'z'))",
    "into": 'p.into("1 <0 1>", fast(2))',
    "chunk_into": "p.chunk_into(3, rev)",
    "chunk_back_into": 'p.chunk_back_into("<2 3>", fast(2))',
    "slow_chunk": "p.slow_chunk(2, press)",
    "ply_for_each": "p.ply_for_each(3, lambda q, i: q.late(Fraction(i, 9)))",
    "stut_with": "p.stut_with(2, 0.25, lambda q, i: q)",
    "replicate": "p.replicate(2)",
    "sparsity": "p.sparsity(Fraction(3, 2))",
    "wedge": 'p.wedge(Fraction(1, 3), "x y")',
    "when_t": "p.when_t(lambda t: t % 1 < Fraction(1, 2), rev)",
    "seq_p": 'seq_p((0, 2, p), (1, 3, "x"))',
    "seq_p_loop": 'seq_p_loop((0, 2, p), (1, 3, "x"))',
    "slowcat_prime": 'slowcat_prime(p, "<x y>")',
    "cat_method": 'p.cat("x y")',
    "seq_method": 'p.seq("x y")',
    "stack_method": 'p.stack("x y")',
    "polymeter": 'polymeter(p, "x y z")',
    "stack_by": 'stack_by("<left right centre expand repeat>", p.pace(2), "x y z")',
    "stepalt": 'stepalt([p, "x"], "y")',
    "take": 'p.pace(4).take("1 2")',
    "drop": "p.pace(4).drop(1)",
    "shrink": "p.pace(4).shrink(1)",
    "grow": "p.pace(4).grow(1)",
    "tour": 'p.tour("x", "y z")',
    "zipped": 'zipped(p.pace(2), "x y")',
    "expand": 'stepcat(p.pace(2).expand(2), "x")',
    "extend": 'p.extend("1 2")',
    "contract": "stepcat(p.pace(2).contract(2), 'x')",
    "pickmod_restart": 'mini("<0 3> 1").pickmod_restart([p, "x y"])',
    "pickmod_out": 'mini("<0 3> 1").pickmod_out([p, "x y"])',
    "squeeze_choice": 'mini("<0 3> 1").pickmod_squeeze([p, "x y"])',
    "pick_f": 'p.pick_f("<0 1 2>", [rev, fast(2), lambda q: q.iter(3)])',
    "within_pattern": 'p.within("<0 .5>", 0.75, fast(2))',
    "off_pattern": 'p.off("<.25 .5>", rev)',
    "linger_pattern": 'p.linger("<.25 .5>")',
    "compress_pattern": 'p.compress("<0 .25>", 0.75)',
    "zoom_far": "p.zoom(0.5, 2)",
    "fast_gap_slow": "p.fast_gap(0.75)",
    "first_of": "p.first_of(3, fast(2))",
    "last_of": "p.last_of(3, rev)",
    "apply_n": 'p.apply_n("<1 2>", fast(2))',
    "layer": "p.layer(rev, fast(2))",
    "superimpose": "p.superimpose(late(0.125))",
    "keep_mix": 'p.keep.mix("1 0 1")',
    "keepif_out": 'p.keepif.out("1 0 <1 0>")',
    "keepif_reset": 'p.keepif.reset("1 <0 1>")',
    "set_reset": 'p.set.reset("x <y [z x]>")',
    "set_restart": 'p.set.restart("x <y [z x]>")',
    "set_poly": 'p.pace(3).set.poly("x y")',
    "keep_squeezeout": 'p.keep.squeezeout("x <y z>")',
    "eq_squeeze": 'p.eq.squeeze("a b")',
    "both_mix": 'p.both.mix("1 0 1")',
    "reset_all": 'p.reset_all("0 1")',
    "restart_all": 'p.restart_all("0 <1 2>")',
    "struct_all": 'p.struct_all("0 ~ 1")',
    "mask_all": 'p.mask_all("0 <~ 1>")',
    "swing_pattern": 'p.swing_by("<0 .5>", 2)',
    "swing_even": "p.swing(2)",
    "press_by": 'p.press_by("<0 .25 .5>")',
    "arrange_three": 'arrange((1, p), (0.5, "x"), (1.5, "<y z>"))',
    "euclidish": 'p.euclidish(3, 8, "<0 .5>")',
    "bjork": 'p.bjork("<3:8 5:8:2>")',
    "legato_rot": "p.euclid_legato_rot(3, 8, 2)",
    "degrade_by_with": "p.degrade_by_with(rand.seed(3), 0.4)",
    "choose_in": 'p.set(choose_in_with("<0 .9> .5", ["x y", "z*3"]))',
    "choose_with": 'choose_with(rand.segment(4), [p, "x"])',
    "wchoose_cycles": 'wchoose_cycles((p, "<1 0>"), ("x y", 1))',
    "set_irand": "p.set(irand('<4 8>'))",
    "set_list": "p.set(rand_l(2))",
    "set_per": "p.set(per)",
    "degrade_pat": 'p.degrade_by("<.2 .8>")',
    "some_cycles_pat": 'p.some_cycles_by("<.2 .8>", press)',
    "shuffle_pat": 'p.shuffle("<2 4>")',
    "seed_pat": 'p.degrade().seed("<1 2>")',
    "undegrade": "p.undegrade_by(0.3)",
    "fast_signal": "p.fast(sine.range(0.5, 3))",
    "late_signal": "p.late(saw.slow(3))",
    "ply_signal": "p.ply(saw.range(1, 4).slow(3))",
    "degrade_signal": "p.degrade_by(sine.slow(5))",
    "sometimes_signal": "p.sometimes_by(perlin, press)",
    "some_cycles_signal": "p.some_cycles_by(tri, press)",
    "segment_signal": "p.segment(isaw.range(1, 8).slow(2))",
    "euclid_signal": "p.euclid(sine.range(1, 8).slow(3), 8)",
    "struct_signal": "p.struct(square.segment(3))",
    "mask_signal": "p.mask(square.fast(2))",
    "add_signal": "p.set(saw.fast(3))",
    "every_signal": "p.every(sine.range(1, 4).slow(3), rev)",
    "chunk_signal": "p.chunk(saw.range(2, 5).slow(2), rev)",
    "iter_signal": "p.iter(saw.range(1, 5).slow(2))",
    "when_signal": "p.when(square.slow(1.5), fast(2))",
    "within_signal": "p.within(saw.slow(3), 0.75, rev)",
    "off_signal": "p.off(saw.slow(3), rev)",
    "swing_signal": "p.swing_by(sine.slow(3), 4)",
    "linger_signal": "p.linger(saw.range(.2, 1).slow(3))",
    "zoom_signal": "p.zoom(saw.range(0, .5).slow(3), 0.75)",
    "pick_signal": 'saw.range(0, 2).slow(1.5).pick([p, "x y"])',
    "inhabit_signal": 'saw.range(0, 2).slow(1.5).inhabit([p, "x y"])',
    "seed_signal": "p.degrade().seed(saw.range(0, 9).slow(2))",
    "shuffle_signal": "p.shuffle(saw.range(1, 5).slow(2))",
    "bite_signal": "p.bite(4, saw.range(0, 4).segment(4))",
    "choose_signal": "choose_in(p, 'x')",
    "echo_signal": "p.echo(3, saw.slow(3), 0.5)",
    "apply_n_signal": "p.apply_n(saw.range(1, 3).slow(2), fast(2))",
    "mixed": "p.degrade_by(cat(sine, '.2 .8'))",
    "mixed_fast": "p.fast(fastcat(saw.range(1, 3), 2))",
    "random_fast": "p.fast(irand(4).add(1))",
    "ribbon_signal": "p.ribbon(saw.range(0, 4).slow(2), 2)",
    "press_signal": "p.press_by(tri.range(0, .9).slow(3))",
    "compress_signal": "p.compress(0, saw.range(.3, 1).slow(2))",
    "restart_signal": "p.restart(square.segment(2))",
    "wchoose_signal": 'wchoose_cycles((p, saw), ("x y", 1))',
    "stutter_signal": "p.stut(saw.range(1, 4).slow(2), 0.5, 0.125)",
    "rolled_signal": "p.rolled_by(saw.range(.1, .5).slow(3))",
    "morph_signal": "morph([1, 0, 0, 1], [1, 1, 0, 0], sine.slow(3))",
    "inside_signal": "p.inside(saw.range(1, 3).slow(2), rev)",
    "euclid_steps_signal": "p.euclid('3 5', saw.range(5, 9).slow(2))",
    "take_signal": "p.pace(4).take(saw.range(1, 4).slow(2))",
    "expand_signal": "stepcat(p.pace(2).expand(2), p.pace(saw.range(1, 5).slow(2)))",
    "when_rand": "p.when(rand.segment(2).gt(.5), rev)",
    "brand_signal": "p.mask(brand_by(saw.slow(2)).segment(4))",
    "fast_gap_signal": "p.fast_gap(saw.range(1, 3).slow(2))",
    "wedge_signal": 'p.wedge(saw.slow(3), "x y")',
    "off_perlin": "p.off(perlin.range(0, .5), rev)",
}


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    """Draw a pattern: a text, and up to three functions of it."""
    pattern = N["mini"](draw(TEXTS))
    for name in draw(st.lists(st.sampled_from(sorted(CHANGES)), max_size=3)):
        pattern = eval(CHANGES[name], {**N, "Fraction": Fraction, "p": pattern})
    return pattern


CYCLES = st.integers(0, 20)
POINTS = st.fractions(0, 8, max_denominator=64)


def joined(haps: list[RawHap]) -> dict[Any, Any]:
    """Join the fragments of each hap: the total length heard of each whole with each value."""
    total: dict[Any, Any] = {}
    for hap in haps:
        key = (hap.begin, hap.end, repr(hap.value))
        total[key] = total.get(key, 0) + hap.part_end - hap.part_begin
    return {key: length for key, length in total.items() if length}


@given(patterns(), CYCLES, st.integers(0, 5))
def test_same_state_same_haps(pattern: Pattern, cycle: int, seed: int) -> None:
    """A query is a pure function."""
    begin, end = cycle * TICKS, (cycle + 2) * TICKS
    first = pattern.answer(begin, end, seed=seed)
    pattern.answer(0, TICKS, seed=seed + 1)
    assert pattern.answer(begin, end, seed=seed) == first


@given(patterns(), POINTS, POINTS, POINTS)
@settings(max_examples=200)
def test_a_query_can_be_split(pattern: Pattern, one: Fraction, two: Fraction, three: Fraction) -> None:
    """What happens from a to c is what happens from a to b and from b to c, fragments joined."""
    a, b, c = (to_ticks(point) for point in sorted([one, two, three]))
    if a == b or b == c:
        return
    whole = joined(pattern.answer(a, c).haps)
    parts = joined(pattern.answer(a, b).haps + pattern.answer(b, c).haps)
    assert whole == parts


@given(patterns(), POINTS, POINTS)
def test_no_hap_outside_its_span(pattern: Pattern, one: Fraction, two: Fraction) -> None:
    """Parts lie within the span asked for and within their wholes."""
    begin, end = sorted([to_ticks(one), to_ticks(two)])
    for hap in pattern.answer(begin, end).haps:
        assert begin <= hap.part_begin <= hap.part_end <= end
        if hap.begin is not None and hap.end is not None:
            assert hap.begin <= hap.part_begin
            assert hap.part_end <= hap.end


@given(patterns(), CYCLES)
def test_times_are_exact(pattern: Pattern, cycle: int) -> None:
    """Times are whole ticks or fractions, never floats."""
    for hap in pattern.answer(cycle * TICKS, (cycle + 1) * TICKS).haps:
        assert all(isinstance(time, (int, Fraction)) for time in hap[:4])


@given(TEXTS)
def test_rev_twice_is_nothing(text: str) -> None:
    """Backwards twice is forwards."""
    pattern = N["mini"](text)
    assert joined(pattern.rev().rev().answer(0, 4 * TICKS).haps) == joined(pattern.answer(0, 4 * TICKS).haps)


@given(patterns(), st.sampled_from([2, 3, Fraction(5, 4), 7]))
def test_fast_and_slow_are_inverse(pattern: Pattern, factor: Fraction) -> None:
    """Faster and as much slower again is the same."""
    there_and_back = pattern.fast(factor).slow(factor)
    assert joined(there_and_back.answer(0, 3 * TICKS).haps) == joined(pattern.answer(0, 3 * TICKS).haps)


@given(patterns(), patterns())
def test_stack_commutes(one: Pattern, other: Pattern) -> None:
    """Which pattern stands first in a stack does not matter."""
    left, right = N["stack"](one, other), N["stack"](other, one)
    assert joined(left.answer(0, 3 * TICKS).haps) == joined(right.answer(0, 3 * TICKS).haps)


@given(patterns(), patterns())
def test_cat_alternates(one: Pattern, other: Pattern) -> None:
    """The even cycles of two patterns in turn are the first one's."""
    both = N["cat"](one, other)
    mine = [(hap.begin, repr(hap.value)) for hap in both.answer(0, TICKS).haps]
    assert mine == [(hap.begin, repr(hap.value)) for hap in one.answer(0, TICKS).haps]


@given(patterns(), st.integers(0, 3))
def test_a_period_is_true(pattern: Pattern, turn: int) -> None:
    """A pattern that says that it repeats does repeat."""
    period = pattern.period
    if period is None or period > 24:
        return
    length = settle(period * TICKS)
    begin = turn * length

    def shifted(haps: list[RawHap], gap: Time) -> dict[Any, Any]:
        moved = [
            hap._replace(begin=hap.begin - gap, end=hap.end - gap)
            for hap in haps
            if hap.begin is not None and hap.end is not None
        ]
        return joined(moved)

    first = shifted(pattern.answer(0, length).haps, 0)
    assert shifted(pattern.answer(begin, begin + length).haps, begin) == first


@given(st.fractions(-100, 100, max_denominator=100))
def test_floats_are_read_as_the_nearest_small_fraction(time: Fraction) -> None:
    """A float given as a time is the fraction that was meant."""
    assert exact(float(time)) == time
    assert to_cycles(to_ticks(float(time))) == time
