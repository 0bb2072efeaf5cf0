"""Transitions: the old pattern before, the new one after, and in between what Tidal describes."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.core import Pattern, RawHap
from patterns.errors import PatternError
from patterns.registry import namespace
from patterns.ticks import TICKS, to_ticks

N: dict[str, Any] = dict(namespace())

# An expression of old, new and the cycle of the change `at`, and how many cycles later it is through.
ENDING: dict[str, tuple[str, str]] = {
    "xfade": ("xfade(old, new, at=at, cycles=3)", "3"),
    "xfade_in": ("old.xfade_in(new, at, 2)", "2"),
    "clutch": ("clutch(old, new, at)", "2"),
    "clutch_in": ("old.clutch_in(new, at, 5)", "5"),
    "jump": ("jump(old, new, at)", "0"),
    "jump_in": ("jump_in(old, new, at, 1.5)", "1.5"),
    "jump_in_at": ("jump_in_at(old, new, at, 2)", "3"),
    "jump_mod": ("jump_mod(old, new, at, 4)", "4"),
    "wash": ("wash(old, new, at, rev, fast(2), 1, 2, 1)", "4"),
    "wash_in": ("wash_in(old, new, at, fast(2), 2)", "2"),
    "wait": ("wait(old, new, at, 2)", "3"),
    "wait_t": ("wait_t(old, new, at, clutch_in(cycles=1), 2)", "4"),
    "anticipate": ("anticipate(old, new, at)", "8"),
    "anticipate_in": ("old.anticipate_in(new, at, 3)", "3"),
    "interpolate": ("interpolate(old, new, at)", "4"),
    "interpolate_in": ("interpolate_in(old, new, at, 2.5)", "2.5"),
}
OTHERS = [
    "mortal(old, new, at, 2, 1)", "mortal_overlay(old, new, at, 2)", "old.fade_out_from(at, 2)",
    "old.fade_in_from(at, 2)", "old.fade_in(3)", "old.fade_out(3)", "histpan(new, old)",
]  # fmt: skip
OLDS = st.sampled_from(
    ['s("a b c")', 's("a*8").pan(.25)', 's("<a b>/2 c@3")', 'note("c [e g]").gain(.5)', 's("a?")']
)
NEWS = st.sampled_from(
    ['s("x y")', 's("x(5,8)").pan(.75)', 's("[x,z]*3")', 'note("<c4 e4> g").gain(2)', "silence"]
)
BEGINS = st.fractions(1, 6, max_denominator=8)


def made(code: str, old: str, new: str, at: Fraction = Fraction(0)) -> Pattern:
    """Build a transition."""
    scope = dict(N)
    scope |= {"old": eval(old, scope), "new": eval(new, scope), "at": at}
    return eval(code, scope)


def onsets(pattern: Pattern, begin: Fraction, end: Fraction) -> list[tuple[Any, Any, str]]:
    """What begins between two cycles."""
    found = pattern.answer(to_ticks(begin), to_ticks(end))
    assert found.problems == []
    return sorted((hap.begin, hap.end, repr(hap.value)) for hap in found.haps if hap.has_onset)


def joined(haps: list[RawHap]) -> dict[Any, Any]:
    """Join the fragments of each hap."""
    total: dict[Any, Any] = {}
    for hap in haps:
        key = (hap.begin, hap.end, repr(hap.value))
        total[key] = total.get(key, 0) + hap.part_end - hap.part_begin
    return {key: length for key, length in total.items() if length}


@given(st.sampled_from(sorted(ENDING)), OLDS, NEWS, BEGINS)
def test_the_old_one_before_and_the_new_one_after(name: str, old: str, new: str, at: Fraction) -> None:
    """Before the change exactly the old pattern begins its haps; when it is through exactly the new one."""
    code, length = ENDING[name]
    pattern = made(code, old, new, at)
    assert onsets(pattern, Fraction(0), at) == onsets(eval(old, dict(N)), Fraction(0), at)
    through = at + Fraction(length)
    assert onsets(pattern, through, through + 5) == onsets(eval(new, dict(N)), through, through + 5)


@given(
    st.sampled_from([code for code, _ in ENDING.values()] + OTHERS),
    OLDS, NEWS, BEGINS, st.lists(st.fractions(0, 14, max_denominator=24), min_size=3, max_size=3),
)  # fmt: skip
def test_a_query_can_be_split(code: str, old: str, new: str, at: Fraction, points: list[Fraction]) -> None:
    """What happens from a to c is what happens from a to b and from b to c, in exact times."""
    pattern = made(code, old, new, at)
    a, b, c = (to_ticks(point) for point in sorted(points))
    if a == b or b == c:
        return
    whole = pattern.answer(a, c).haps
    assert joined(whole) == joined(pattern.answer(a, b).haps + pattern.answer(b, c).haps)
    assert all(isinstance(time, (int, Fraction)) for hap in whole for time in hap[:4])


def test_a_crossfade_multiplies_gains_with_equal_power() -> None:
    """A gain of .5 fades as the square root of a cosine; the default gain of 1 as that of a sine."""
    pattern = made("xfade_in(old, new, at, 4)", 's("a").gain(.5)', 's("b")', Fraction(2))
    found = {
        (hap.value["s"], int(hap.whole.begin)): hap.value.get("gain")
        for hap in pattern.haps(0, 8)
        if hap.whole
    }
    assert found["a", 1] == 0.5
    for cycle in range(2, 6):
        angle = (cycle - 2) / 4 * math.pi / 2
        assert found["a", cycle] == pytest.approx(0.5 * math.sqrt(math.cos(angle)))
        assert found["b", cycle] == pytest.approx(math.sqrt(math.sin(angle)))
    assert found["b", 6] is None
    assert ("a", 6) not in found


def test_a_clutch_takes_the_same_chance_for_both() -> None:
    """Halfway about half of either is heard, and where both begin together, both or none in the middle."""
    pattern = made("clutch_in(old, new, at, 2)", 's("a*64")', 's("b*64")', Fraction(0))
    heard = [hap.value["s"] for hap in pattern.haps(0, 2)]
    assert 40 < heard.count("a") < 88
    assert 40 < heard.count("b") < 88
    early = [hap.value["s"] for hap in pattern.haps(0, 0.5)]
    assert early.count("a") > early.count("b")


def test_jump_mod_waits_for_a_multiple() -> None:
    """From 5 on the next multiple of 4 is 8; from 8 on it is 8."""
    for at, change in ((5, 8), (8, 8), (9, 12)):
        pattern = made("jump_mod(old, new, at, 4)", 's("a")', 's("b")', Fraction(at))
        assert [hap.value["s"] for hap in pattern.haps(change - 1, change + 1)] == ["a", "b"]


def test_wait_is_silent() -> None:
    """Between the change and the new pattern nothing begins."""
    pattern = made("wait(old, new, at, 3)", 's("a*4")', 's("b*4")', Fraction(2))
    assert [hap.value["s"] for hap in pattern.haps(1, 6)] == ["a"] * 4 + ["b"] * 4
    assert onsets(pattern, Fraction(2), Fraction(5)) == []


def test_anticipation_gathers() -> None:
    """Each event of the old pattern is echoed at times that shrink to nothing, a tenth quieter each time."""
    pattern = made("anticipate_in(old, new, at, 2)", 's("a ~ ~ ~")', 's("b")', Fraction(1))
    found = [
        (hap.whole.begin, hap.value.get("gain", 1))
        for hap in pattern.haps(1, 3)
        if hap.whole and hap.has_onset
    ]
    # at cycle 1 the echoes are a cycle apart, at cycle 2 half a cycle
    assert found == [(1, 1), (2, 0.9), (2, 1), (Fraction(5, 2), 0.9)]


def test_interpolation_glides_by_name_and_leaves_words() -> None:
    """Numbers and notes glide from the old to the new, words are the new one's, rests do not matter."""
    pattern = made(
        "interpolate_in(old, new, at, 2)", 'note("c3 ~").s("x")', 'note("e3 e3").s("y")', Fraction(0)
    )
    assert [hap.value for hap in pattern.haps(0, 2)] == [
        {"note": 48.0, "s": "y"},
        {"note": "e3", "s": "y"},
        {"note": 50.0, "s": "y"},
        {"note": "e3", "s": "y"},
    ]


def test_the_mortal_dies_and_the_overlay_goes() -> None:
    """The one ends in silence, the other leaves the old pattern playing."""
    dead = made("mortal(old, new, at, 2, 2)", 's("a")', 's("b*8")', Fraction(1))
    assert onsets(dead, Fraction(5), Fraction(9)) == []
    assert 0 < len(onsets(dead, Fraction(3), Fraction(5))) < 16
    over = made("mortal_overlay(old, new, at, 4)", 's("a")', 's("b")', Fraction(1))
    heard = [[hap.value["s"] for hap in over.haps(cycle, cycle + 1)] for cycle in (3, 4, 7, 8)]
    assert heard == [["a"], ["a", "b"], ["a", "b"], ["a"]]


def test_named_arguments_alone_wait_for_the_patterns() -> None:
    """`xfade_in(cycles=4)` is a description that a layer can be given."""
    crossing = N["xfade_in"](cycles=4)
    one, other = N["s"]("a"), N["s"]("b")
    assert onsets(crossing(one, other, at=2), Fraction(0), Fraction(9)) == onsets(
        N["xfade_in"](one, other, 2, 4), Fraction(0), Fraction(9)
    )


def test_after_the_end_the_old_pattern_is_not_asked() -> None:
    """A layer that has changed long ago does not pay for its past."""
    asked: list[int] = []

    def watched(value: Any) -> Any:
        asked.append(1)
        return value

    pattern = N["clutch"](N["s"]("a a").with_value(watched), N["s"]("b"), 1)
    asked.clear()
    pattern.answer(200 * TICKS, 201 * TICKS)
    assert asked == []


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("clutch_in(old, new, at, -1)", "0 cycles or more"),
        ("jump_mod(old, new, at, 0)", "more than 0"),
        ("mortal_overlay(old, new, at, -2)", "more than 0"),
    ],
)
def test_misuse_is_explained(code: str, hint: str) -> None:
    """A wrong number raises where it is written."""
    with pytest.raises(PatternError, match=hint):
        made(code, 's("a")', 's("b")')


def test_a_crossfade_of_bare_values_is_a_problem() -> None:
    """What has no controls has no gain: its hap is dropped and named."""
    answer = made("xfade_in(old, new, at, 4)", '"a b"', 's("x")').answer(0, TICKS)
    assert "controls" in answer.problems[0].message
    assert [hap.value["s"] for hap in answer.haps] == ["x"]


BY_NAME = {
    "xfade_in(4)": "xfade_in wants cycles by name: write xfade_in(cycles=4); both patterns come later",
    "xfade_in(s('a'), s('b'))": "xfade_in wants cycles by name: write xfade_in(cycles=…); ",
    "xfade_in(s('a'), s('b'), at=0)": "write xfade_in(cycles=…)",
    "mortal(2, 1)": "mortal wants lifespan and release by name: write mortal(lifespan=2, release=1)",
    "wash_in(rev, 2)": "write wash_in(change=…, cycles=…)",
    "clutch(2)": "clutch stands alone: play(…, transition=clutch), or clutch(old, new, at=…)",
}


@pytest.mark.parametrize("code", BY_NAME)
def test_what_lacks_its_patterns_says_how_it_is_written(code: str) -> None:
    """Python alone would say that 'new', 'at' and 'cycles' are missing, which is not what is wrong."""
    with pytest.raises(TypeError) as caught:
        eval(code, dict(N))
    assert BY_NAME[code] in str(caught.value)
