"""Tidal's own functions beside answers worked out by hand from Tidal's documentation."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.core import Pattern, RawHap
from patterns.errors import PatternError
from patterns.registry import namespace
from patterns.ticks import TICKS, to_ticks

N: dict[str, Any] = dict(namespace())


def heard(code: str, begin: int = 0, end: int = 1) -> list[tuple[str, str, Any]]:
    """What begins between two cycles: begin, end and value, in order."""
    pattern: Pattern = eval(code, dict(N))
    found = [hap for hap in pattern.haps(begin, end) if hap.whole is not None and hap.has_onset]
    return [(str(hap.whole.begin), str(hap.whole.end), hap.value) for hap in found if hap.whole]


def values(code: str, begin: int = 0, end: int = 1) -> list[Any]:
    """The values of what begins between two cycles."""
    return [value for _, _, value in heard(code, begin, end)]


def begins(code: str, begin: int = 0, end: int = 1) -> list[str]:
    """The begins of what begins between two cycles."""
    return [start for start, _, _ in heard(code, begin, end)]


# Each row: an expression, the answer, and why Tidal's words lead to it.
WORKED: list[tuple[str, list[tuple[str, str, Any]], str]] = [
    (
        'mini("[0,4,7,11]").rolled_by(1)',
        [("0", "1", 0), ("1/4", "1", 4), ("1/2", "1", 7), ("3/4", "1", 11)],
        "four notes share the whole event: each begins a quarter after the one before; all end with it",
    ),
    (
        'mini("[0,4]").rolled_by("-0.5")',
        [("0", "1", 4), ("1/4", "1", 0)],
        "negative: the last note first; half of the event divided by two notes",
    ),
    (
        'mini("[0,4] ~").rolled()',
        [("0", "1/2", 0), ("1/16", "1/2", 4)],
        "a quarter of an event of 1/2 is 1/8, divided by two notes",
    ),
    (
        'mini("[0,4,7] [1,2]").arpeggiate()',
        [
            ("0", "1/6", 0), ("1/6", "1/3", 4), ("1/3", "1/2", 7),
            ("1/2", "3/4", 1), ("3/4", "1", 2),
        ],
        "each chord is divided by its number of notes",
    ),
    (
        'mini("a").euclid_full(3, 8, "b")',
        [(f"{Fraction(i, 8)}", f"{Fraction(i + 1, 8)}", "a" if i in {0, 3, 6} else "b") for i in range(8)],
        "the tresillo, and the other pattern on the five steps between",
    ),
    (
        'mini("a").euclid_inv(0, 2)',
        [("0", "1/2", "a"), ("1/2", "1", "a")],
        "the complement of no hits is every step",
    ),
    (
        'mini("a").distrib([3, 5, 8])',
        [("0", "1/8", "a"), ("3/8", "1/2", "a"), ("3/4", "7/8", "a")],
        "5 over 8 hits 0 2 3 5 6; 3 over 5 takes the first, the third and the last of them",
    ),
    (
        'mini("a").struct(necklace(12, [4, 2]))',
        [(f"{Fraction(i, 12)}", f"{Fraction(i + 1, 12)}", "a") for i in (0, 4, 6, 10)],
        "lengths 4 2 4 2 fill the twelve steps of a cycle",
    ),
    (
        'mini("cp ~ cp").fill("bd")',
        [("1/3", "2/3", "bd")],
        "the gap alone, in the gap's own time",
    ),
    (
        'mini("bd sn").fill("x")',
        [],
        "no gap, nothing to fill",
    ),
    (
        'sew("1 0", "0*4", "10*2")',
        [("0", "1/4", 0), ("1/4", "1/2", 0), ("1/2", "1", 10)],
        "the rhythm is that of the pattern that is heard",
    ),
    (
        'stitch("1 0 1 0", "a", "b")',
        [("0", "1/4", "a"), ("1/4", "1/2", "b"), ("1/2", "3/4", "a"), ("3/4", "1", "b")],
        "the rhythm is that of true and false",
    ),
    (
        'mini("0 1 2 3").rot(1)',
        [("0", "1/4", 1), ("1/4", "1/2", 2), ("1/2", "3/4", 3), ("3/4", "1", 0)],
        "values move to the left, the last comes from the first",
    ),
    (
        'mini("a ~ b c").rot(-1)',
        [("0", "1/4", "c"), ("1/2", "3/4", "a"), ("3/4", "1", "b")],
        "to the right: the first comes from the last; the rest stays",
    ),
    (
        'mini("~ a b ~").stretch_out()',
        [("0", "1/2", "a"), ("1/2", "1", "b")],
        "from the first begin to the last end is the cycle now",
    ),
    (
        'mini("a b c d").trunc(0.75)',
        [("0", "1/4", "a"), ("1/4", "1/2", "b"), ("1/2", "3/4", "c")],
        "the last quarter is cut off",
    ),
    (
        'mini("a b").substruct("1 0 [1 1]")',
        [
            ("0", "1/6", "a"), ("1/6", "1/3", "b"),
            ("2/3", "3/4", "a"), ("3/4", "5/6", "b"), ("5/6", "11/12", "a"), ("11/12", "1", "b"),
        ],
        "a whole cycle in each true event",
    ),
    (
        'mini("0 1").within_zoom(0, 0.5, fast(2))',
        [("0", "1/4", 0), ("1/4", "1/2", 0), ("1/2", "1", 1)],
        "the first half is a cycle of its own to the function: one event, twice as fast, twice",
    ),
    (
        'mini("0 1").offadd(0.25, 7)',
        [("0", "1/2", 0), ("1/4", "3/4", 7), ("1/2", "1", 1), ("3/4", "5/4", 8)],
        "the pattern, and itself a quarter later plus seven",
    ),
    (
        'mini("a ~ ~ ~").stutter(4, 1/16)',
        [(f"{Fraction(i, 16)}", f"{Fraction(i, 16) + Fraction(1, 4)}", "a") for i in range(4)],
        "four events a sixteenth apart, each as long as before",
    ),
    (
        'lindenmayer(1, "a:b,b:ab", "ab")',
        [("0", "1/3", "b"), ("1/3", "2/3", "a"), ("2/3", "1", "b")],
        "a becomes b and b becomes ab: b ab",
    ),
    (
        'mini("0 .. 3").fit_list(0, ["a", "b", "c"])',
        [("0", "1/4", "a"), ("1/4", "1/2", "b"), ("1/2", "3/4", "c"), ("3/4", "1", "a")],
        "places past the end begin anew",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("code", "answer", "why"), WORKED, ids=[row[0] for row in WORKED])
def test_worked_by_hand(code: str, answer: list[tuple[str, str, Any]], why: str) -> None:
    """The first cycle is what Tidal's documentation says."""
    assert heard(code) == answer, why


CYCLES: list[tuple[str, list[Any]]] = [
    # cycles 0 to 5: those whose number modulo 4 is 2 and more
    ('mini("0").whenmod(4, 2, add(1))', [0, 0, 1, 1, 0, 0]),
    # the one cycle of three with number 1
    ('mini("0").every_offset(3, 1, add(1))', [0, 1, 0, 0, 1, 0]),
    # every second and every third: both at cycle 0, none at 1 and 5
    ('mini("0").fold_every([2, 3], add(1))', [2, 0, 1, 1, 1, 0]),
    ('mini("0").ifp(lambda c: c % 2 == 0, add(1), add(2))', [1, 2, 1, 2, 1, 2]),
    # applied 0, 1, 2 times, then anew
    ('mini("1").soak(3, mul(2))', [1, 2, 4, 1, 2, 4]),
    # 1, 1+2, 1+2+4
    ('mini("1").snowball(3, lambda a, b: a.add(b), mul(2))', [1, 3, 7, 1, 3, 7]),
    ('mini("<a b c>").loop_first()', ["a"] * 6),
    ('mini("<a b c>").time_loop(2)', ["a", "b"] * 3),
    # .3 of three patterns is the first, .5 the second, 1 the last
    ('select("<0 .3 .5 .99 1>", ["a", "b", "c"])', ["a", "a", "b", "c", "c", "a"]),
    # the list moves on by one place a cycle
    ('mini("0").fit_list(1, ["a", "b", "c"])', ["a", "b", "c", "a", "b", "c"]),
    ('mini("0").while_("<1 0>", add(1))', [1, 0, 1, 0, 1, 0]),
    # two cycles of a, then b as its function changes it
    ('ur(4, "a b:up", {"a": "<0 1 2 3>", "b": "<4 5 6 7>"}, {"up": add(10)})', [0, 1, 16, 17, 0, 1]),
    ('mini("0").slowspread(add, [1, 2, 3])', [1, 2, 3, 1, 2, 3]),
]


@pytest.mark.parametrize(("code", "answer"), CYCLES, ids=[row[0] for row in CYCLES])
def test_worked_by_hand_over_six_cycles(code: str, answer: list[Any]) -> None:
    """One value a cycle, as Tidal's documentation says."""
    assert values(code, 0, 6) == answer


# Tidal's table of modes, for three and four notes counted from the lowest.
MODES = {
    "up": ([0, 1, 2], [0, 1, 2, 3]),
    "down": ([2, 1, 0], [3, 2, 1, 0]),
    "updown": ([0, 1, 2, 1], [0, 1, 2, 3, 2, 1]),
    "downup": ([2, 1, 0, 1], [3, 2, 1, 0, 1, 2]),
    "up-down": ([0, 1, 2, 2, 1, 0], [0, 1, 2, 3, 3, 2, 1, 0]),
    "down-up": ([2, 1, 0, 0, 1, 2], [3, 2, 1, 0, 0, 1, 2, 3]),
    "converge": ([0, 2, 1], [0, 3, 1, 2]),
    "diverge": ([1, 2, 0], [2, 1, 3, 0]),
    "disconverge": ([0, 2, 1, 2, 0], [0, 3, 1, 2, 1, 3, 0]),
    "pinkyup": ([0, 2, 1, 2], [0, 3, 1, 3, 2, 3]),
    "pinkyupdown": ([0, 2, 1, 2, 1, 2], [0, 3, 1, 3, 2, 3, 2, 3, 1, 3]),
    "thumbup": ([0, 1, 0, 2], [0, 1, 0, 2, 0, 3]),
    "thumbupdown": ([0, 1, 0, 2, 0, 1], [0, 1, 0, 2, 0, 3, 0, 2, 0, 1]),
}


@pytest.mark.parametrize("mode", MODES)
def test_arpeggios(mode: str) -> None:
    """The orders of playing have Tidal's names; a single note is always played."""
    assert (values(f"mini('[0,1,2]').arp('{mode}')"), values(f"mini('[0,1,2,3]').arp('{mode}')")) == MODES[
        mode
    ]
    assert set(values(f"mini('7').arp('{mode}')")) == {7}


def test_ghosts() -> None:
    """Copies 1½ and 2½ lengths later, and one of the first copy's copy at 4, softer by .7 each time."""
    found = heard('s("sn ~ ~ ~ ~ ~ ~ ~").ghost()')
    assert [start for start, _, _ in found] == ["0", "3/16", "5/16", "1/2"]
    assert [round(value.get("gain", 1), 4) for _, _, value in found] == [1, 0.7, 0.7, 0.49]
    assert [round(value.get("speed", 1), 4) for _, _, value in found] == [1, 1.25, 1.25, 1.5625]


def test_fix_looks_at_all_controls() -> None:
    """All controls looked for must match, one that an event lacks does not; notes by name or number."""
    assert values('(s("a b") | n("1 1")).fix(add(n(5)), s("a") | n(1))') == [
        {"s": "a", "n": 6},
        {"s": "b", "n": 1},
    ]
    assert values('s("a b").fix(fast(2), n(1))') == [{"s": "a"}, {"s": "b"}]
    assert values('note("c3 48 d3").fix(lambda p: p.pan(1), note("c3"))') == [
        {"note": "c3", "pan": 1},
        {"note": 48, "pan": 1},
        {"note": "d3"},
    ]
    assert values('n("0 1 2 3").fix(add(n(10)), n("0 2"))') == [{"n": 10}, {"n": 1}, {"n": 12}, {"n": 3}]


def test_contrast_and_unfix_share_the_events() -> None:
    """What matches goes through one function, the rest through the other; none is lost."""
    assert values('n("0 1").contrast(add(n(10)), add(n(20)), n(1))') == [{"n": 20}, {"n": 11}]
    assert values('n("0 1").unfix(add(n(10)), n(1))') == [{"n": 10}, {"n": 1}]


def test_smooth_is_a_line_from_event_to_event() -> None:
    """Between 0 and 4, each half a cycle, a quarter is halfway; after the last it goes to the next first."""
    assert values('mini("0 4").smooth().segment(8)') == [0, 1, 2, 3, 4, 3, 2, 1]
    assert values('mini("<0 4>").smooth().segment(2)', 0, 2) == [0, 2, 4, 2]
    assert values('mini("1 ~").smooth().segment(2)') == [1]


def test_weave_moves_the_slow_pattern_not_the_others() -> None:
    """Two patterns under a rise over four cycles: the second meets it two cycles on."""
    found = heard('weave(4, pan(saw), [n("0 1"), n("2 3")])', 1, 2)
    assert sorted((value["n"], start, value["pan"]) for start, _, value in found) == [
        (0, "1", 0.25),
        (1, "3/2", 0.375),
        (2, "1", 0.75),
        (3, "3/2", 0.875),
    ]


def test_chew_plays_faster_what_is_squeezed() -> None:
    """A half played in a quarter is twice as fast, as `bite` with the speed."""
    assert heard('s("a b").chew(2, "0 [1 0]")') == [
        ("0", "1/2", {"s": "a", "speed": 1}),
        ("1/2", "3/4", {"s": "b", "speed": 2}),
        ("3/4", "1", {"s": "a", "speed": 2}),
    ]
    assert begins('s("a b").chew(2, "0 [1 0]")') == begins('s("a b").bite(2, "0 [1 0]")')


def test_normal_is_a_bell() -> None:
    """Its middle is .5, a sixth is one standard deviation, and about 68 of 100 lie within that."""
    drawn = values("normal.segment(64)", 0, 100)
    assert abs(sum(drawn) / len(drawn) - 0.5) < 0.01
    within = sum(abs(value - 0.5) < 1 / 6 for value in drawn) / len(drawn)
    assert 0.66 < within < 0.71
    assert all(0 <= value <= 1 for value in drawn)


def test_perlin2_has_no_jumps() -> None:
    """Along time and across lines it moves in small steps, and it differs from line to line."""
    line = values("perlin2(saw.slow(3)).segment(64)", 0, 20)
    assert max(abs(a - b) for a, b in pairwise(line)) < 0.1
    assert max(line) - min(line) > 0.3
    assert values("perlin2(0.5).segment(8)") != values("perlin2(5.5).segment(8)")


def test_markov_follows_its_matrix() -> None:
    """Each cycle begins with the start; sure rows give a sure line; only allowed steps are taken."""
    assert values("markov_pat(4, 1, [[0, 1, 0], [0, 0, 1], [1, 0, 0]])", 0, 2) == [1, 2, 0, 1] * 2
    line = values("markov_pat(8, 0, [[1, 1], [1, 0]])", 0, 64)
    assert len(line) == 512
    assert line[::8] == [0] * 64
    assert (1, 1) not in set(pairwise(line))
    assert len({tuple(line[i : i + 8]) for i in range(0, 512, 8)}) > 8


def test_deconstruct_writes_what_can_be_read_again() -> None:
    """Rests, groups, chords and held steps."""
    for text in ("bd [sn cp] ~ hh", "a _ _ b", "[a,b] c", "1 ~ ~ 2", "bd:3 sn"):
        pattern = N["mini"](text)
        written = pattern.deconstruct(len(text.split("]")[0].split()) if "," in text else 4)
        assert N["mini"](written).haps(0, 1) is not None
    assert N["mini"]("a b b c").deconstruct(4) == "a b b c"
    assert N["mini"]("a@3 b").deconstruct(4) == "a _ _ b"
    assert N["mini"]("[a,c] b").deconstruct(2) == "[a,c] b"


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("mini('a').rolled_by(2)", "-1 to 1"),
        ("mini('a').every_offset(0, 1, rev)", "1 to 4096"),
        ("mini('a').whenmod(0, 1, rev)", "1 to 4096"),
        ("markov_pat(4, 5, [[1]])", "0 to 0"),
        ("markov_pat(4, 0, [[0, 0], [1, 1]])", "not all 0"),
        ("lindenmayer(40, 'a:aa', 'a')", "fewer generations"),
        ("lindenmayer(2, 'ab', 'a')", "a:b"),
        ("necklace(8, [0])", "1 to 4096"),
        ("mini('a').space_out([1, 0])", "above 0"),
        ("mini('a').trunc(2)", "0 to 1"),
        ("mini('0').quantise(0)", "more than 0"),
        ("weave(0, pan(sine), [s('a')])", "more than 0"),
    ],
)
def test_misuse_is_explained(code: str, hint: str) -> None:
    """A wrong argument raises where it is written, and says what would be right."""
    with pytest.raises(PatternError, match=hint):
        eval(code, dict(N))


def test_an_unknown_part_of_ur_is_named() -> None:
    """A misspelt name in the outline is a problem with the nearest name, and the rest plays on."""
    pattern = eval('ur(2, "drums bas", {"drums": "0", "bass": "1"})', dict(N))
    answer = pattern.answer(0, 2 * TICKS)
    assert [hap.value for hap in answer.haps] == [0]
    assert "did you mean bass" in answer.problems[0].message


TEXTS = st.sampled_from(
    ["0 1 2", "0 [1 2]*2 ~", "<0 1 2> 3", "0(3,8) 4", "[0,4,7] [2,5]", "0@3 1", "0*1.5", "~", "0? 1 [2|3]"]
)
CHANGES = [
    "p.rolled_by('<1 -.25>')", "p.arpeggiate()", "p.whenmod(3, 1, rev)",
    "p.every_offset(3, 1, fast(2))", "p.fold_every([2, 3], rev)", "p.while_('1 0 1', fast(2))",
    "p.within_zoom(.25, .75, rev)", "p.soak(3, rev)", "p.sometimes_by_first(.5, fast(2))",
    "p.stutter(3, 1/8)", "p.fast_squeeze('<2 3>')", "p.trunc('<.5 .75>')", "p.stretch_out()",
    "p.fill('x y')", "p.substruct('1 0 1')", "p.space_out([1, .5])", "p.rot('<1 2>')",
    "p.smooth().segment(4)", "p.smooth()", "p.euclid_full(3, 8, '9')", "p.distrib([2, 5, 8])",
    "p.slowspread(fast, [1, 2])", "p.fastspread(fast, [1, 2])", "p.spread_choose(fast, [1, 2])",
    "p.ghost_with(1/8, rev)", "p.triple(1/8)", "sew('1 0', p, '8*3')", "stitch('1 0 1', p, '8*3')",
    "p.fit_list(1, ['a', 'b'])", "p.time_loop(2)", "ur(3, 'a b:f', {'a': p, 'b': '7 8'}, {'f': rev})",
    "select('0 <.5 .9>', [p, '5'])", "p.to_scale([0, 2, 7])", "weave_with(3, p, [add(1), rev])",
    "markov_pat(5, 0, [[1, 2], [2, 1]])", "p.ifp(lambda c: c % 2, rev, fast(2))",
]  # fmt: skip


def joined(haps: list[RawHap]) -> dict[Any, Any]:
    """Join the fragments of each hap: how long each whole with each value is heard."""
    total: dict[Any, Any] = {}
    for hap in haps:
        if hap.begin is not None:
            key = (hap.begin, hap.end, repr(hap.value))
            total[key] = total.get(key, 0) + hap.part_end - hap.part_begin
    return {key: length for key, length in total.items() if length}


DISCRETE = [change for change in CHANGES if change != "p.smooth()"]


@given(
    TEXTS,
    st.lists(st.sampled_from(DISCRETE), min_size=1, max_size=3) | st.just(["p.smooth()"]),
    st.lists(st.fractions(0, 8, max_denominator=48), min_size=3, max_size=3),
)
def test_a_query_can_be_split(text: str, changes: list[str], points: list[Fraction]) -> None:
    """What happens from a to c is what happens from a to b and from b to c; nothing lies outside."""
    pattern = N["mini"](text)
    for change in changes:
        pattern = eval(change, {**N, "p": pattern})
    a, b, c = (to_ticks(point) for point in sorted(points))
    if a == b or b == c:
        return
    found = pattern.answer(a, c)
    assert joined(found.haps) == joined(pattern.answer(a, b).haps + pattern.answer(b, c).haps)
    for hap in found.haps:
        assert a <= hap.part_begin <= hap.part_end <= c
        assert all(isinstance(time, (int, Fraction)) for time in hap[:4] if time is not None)
        if hap.begin is not None and hap.end is not None:
            assert hap.begin <= hap.part_begin <= hap.part_end <= hap.end


@given(TEXTS, st.sampled_from(["rev", "fast(2)", "add(1)", "press"]))
def test_laws_between_functions(text: str, change: str) -> None:
    """Functions that are others' special cases agree with them."""
    scope = {**N, "p": N["mini"](text)}

    def same(one: str, other: str) -> None:
        left, right = eval(one, dict(scope)), eval(other, dict(scope))
        assert joined(left.answer(0, 6 * TICKS).haps) == joined(right.answer(0, 6 * TICKS).haps), (one, other)

    same(f"p.every_offset(3, 0, {change})", f"p.every(3, {change})")
    same(f"p.whenmod(4, 3, {change})", f"p.last_of(4, {change})")
    same(f"p.while_('1', {change})", f"p.apply({change})")
    same(f"sew('1 0', p.apply({change}), p)", f"p.while_('1 0', {change})")
    same("p.rolled_by(0)", "p")
    same("p.euclid_full(3, 8, p)", "stack(p.euclid(3, 8), p.euclid_inv(3, 8))")
    same("p.euclid_off(3, 8, 2)", "p.euclid_rot(3, 8, 2)")
    same("p.stutter(1, .25)", "p")
    same(f"p.soak(1, {change})", "p")
    same("p.wedge(1, '9')", "p")
