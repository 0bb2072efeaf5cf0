"""A wrong name or value costs its own hap, is named with its place, and names what may have been meant."""

from __future__ import annotations

import re
from typing import Any

import pytest

from patterns.errors import PatternError
from patterns.registry import namespace
from patterns.ticks import TICKS

N: dict[str, Any] = dict(namespace())


@pytest.mark.parametrize(
    ("code", "left", "message", "column"),
    [
        # chance
        ('mini("a b").degrade_by("<.2 2>")', None, "degrade_by wants a probability from 0 to 1, found 2", 5),
        ('mini("a").degrade_by_with("1 1", .5)', 2, None, 0),
        ('mini("a b").degrade_by_with("1 x", .5)', 2, "degrade_by_with wants a number, found 'x'", 3),
        ('mini("0 1").shuffle("<2 x>")', 2, "shuffle wants a number, found 'x'", 4),
        ('mini("0 1").scramble("<2 -1>")', 2, "scramble wants a whole number from 0 to 1024", 4),
        ('irand("<8 x>").segment(2)', 2, "irand wants a number, found 'x'", 4),
        ('brand_by("<.5 x>").segment(2)', 2, "brand_by wants a number, found 'x'", 5),
        ('rand_l("<2 -3>").segment(1)', 1, "rand_l wants a whole number from 0 to 1024, found -3", 4),
        ('choose_with("0 x", ["a", "b"])', 2, "choose_with wants a number, found 'x'", 3),
        ('mini("0 1").seed("<1 x>")', 2, "seed wants a number, found 'x'", 4),
        # rhythm
        ('mini("a").euclid("3 x", 8)', 4, "euclid wants a number, found 'x'", 3),
        ('mini("a").euclidish(3, 8, "<0 x>")', 3, "euclidish wants a number of cycles, found 'x'", 4),
        ('mini("a").bjork("<3:8 3>")', 3, "bjork wants hits, steps and perhaps a rotation", 6),
        ('mini("a").beat("<0 x>", 4)', 1, "beat wants a number of cycles, found 'x'", 4),
        # values
        ('mini("0 rest 2").range(1, 2)', 4, "range wants a number, found 'rest'", 3),
        ('mini("1 2").rangex("<1 0>", 5)', 2, "rangex wants limits above 0, found 0 and 5", 1),
        ('mini("1 0").log2()', 2, "log2 wants a number above 0, found 0", 3),
        ('mini("c4 h5").as_number()', 2, "as_number wants a number, found 'h5'", 4),
        # samples
        ('s("a").slice(4, "0 x 2")', 4, "slice wants a number, found 'x'", 3),
        ('s("a").chop("<2 -1>")', 2, "chop wants a whole number from 0 to 4096, found -1", 4),
        ('s("a").scrub("0 x .5")', 4, "scrub wants a number, found 'x'", 3),
        ('s("a").loop_at("<1 0>")', 1, "loop_at wants more than 0 cycles, found 0", 4),
        ('mini("a b").fit()', 0, "fit wants a pattern of controls such as .*, found the value 'a'", 1),
        ('s("a").slice("<4 -4>", "0 1")', 2, "slice wants a whole number from 1 to 4096", 4),
        # scales and notes
        ('n("0 1").scale("<C:minor C:minro>")', 2, "no scale is called 'minro'; the nearest are minor", 10),
        ('n("0 1").scale("<C:minor H:minor>")', 2, "no note is called 'H'", 10),
        ('n("0 q 1").scale("C:minor")', 4, "no note is called 'q'", 3),
        ('note("c h# e")', 4, "no note is called 'h#'; the nearest is g# or f#", 3),
        ('note("c e").transpose("<3M 3Q>")', 2, "no interval is called '3Q'.*the nearest are 3m and 3M", 5),
        ('note("c e").transpose("<3M 4M>")', 2, "no interval is called '4M'.*the nearest are", 5),
        ('n("0 1").scale("C:major").scale_transpose("<1 x>")', 2, "scale_transpose wants a number", 4),
        ('note("c").scale_transpose(1)', 0, r"wants notes made by scale; put \.scale", 1),
        # chords
        ('chord("<C Cmm7>").voicing()', 5, "'Cmm7': no chord is called 'mm7'; the nearest are m7", 4),
        ('chord("<C Am7>").root_notes("<2 x>")', 1, "root_notes wants a number, found 'x'", 4),
        ('chord("<C Am7>").dict("<lefthand leftand>").voicing()', 3, "the nearest is lefthand", 4),
        ('chord("C").mode("<below belo>").voicing()', 5, "found 'belo'; the nearest is below", 8),
        ('chord("C").anchor("<c5 z5>").voicing()', 5, "no note is called 'z5'; the nearest is", 5),
        ('chord("C").offset("<0 999>").voicing()', 5, "offset of a voicing is from -64 to 64", 4),
        ('chord("<C Am7>").voicing({"": ["0 4 7"]})', 3, "your dictionary of voicings has no 'm7'", 4),
        ('chord("<C Am7>").voicing({"": ["0 4 7"], "m7": ["0 x"]})', 3, "row of semitones.*found '0 x'", 4),
        ('n("<0 x>").chord("C").voicing()', 1, "n wants a number, found 'x'", 4),
        ('note("[c,e,g]").arp("0 <1 z>")', 3, "arp knows up, down, .*found 'z'", 6),
        ('note("c e").arp_with(lambda notes: notes[3])', 0, "arp_with: list index out of range", 1),
        # controls
        ('s("a b").speed("<1 x>")', 2, "speed wants a number, found 'x'", 4),
        ('s("a").adsr(".1 .1:.2:.3:.4:.5")', 2, r"adsr takes at most 4 values joined by colons \(attack:", 4),
        ('s("a").gain("1 1:2")', 2, "gain takes one value, not several joined by colons, found 1:2", 3),
        ('mini("c:.5 d").as_controls("<note:gain note:gian>")', 2, "no control is called 'gian'; did", 12),
    ],
)  # fmt: skip
def test_a_bad_value_costs_its_own_hap(code: str, left: int | None, message: str | None, column: int) -> None:
    """Over two cycles all else is heard; the problem says what, and where in the text."""
    answer = eval(code, dict(N)).answer(0, 2 * TICKS)
    if message is None:
        assert answer.problems == []
        return
    assert answer.problems

    assert re.search(message, answer.problems[0].message), answer.problems[0]
    assert column in {where.column for problem in answer.problems for where in problem.where}
    if left is not None:
        assert len(answer.haps) == left


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ('n("0").scale("C:minro")', "no scale is called 'minro'; the nearest are minor"),
        ('note("c").transpose("9X")', "no interval is called '9X'"),
        ('s("a").chop(-1)', "chop wants a whole number from 0 to 4096, found -1"),
        ('s("a").slice([.5, .25], "0")', r"slice wants slices that begin from 0 to 1, in order"),
        ('mini("a").euclidish(3, 8, "x")', "euclidish wants a number of cycles, found 'x'"),
        ('chord("C").voicings("leftand")', None),
        ('wchoose(("a", 0), ("b", 0))', "wchoose wants weights that are not all 0"),
        ('wchoose(("a", -1), ("b", 1))', "wchoose wants weights of 0 and more, found -1"),
        ("rand_l(10**9)", "rand_l wants a whole number from 0 to 1024"),
        ("binary_nl(5, 99)", None),
        ('s("a").loop_at_cps(0, 1)', "loop_at_cps wants more than 0 cycles"),
    ],
)
def test_what_is_wrong_for_all_time_is_said_at_once(code: str, message: str | None) -> None:
    """A plain bad value raises where it is written, or is a problem of each hap."""
    if message is None:
        assert eval(code, dict(N)).answer(0, TICKS).problems
        return
    with pytest.raises(PatternError, match=message):
        eval(code, dict(N))


@pytest.mark.parametrize(
    "code",
    [
        'choose_with(rand, "a b")', "choose_in_with(rand, [])", 'note("c").arp_with("up")', "choose_in()",
        'morph("1 0", [1, 0], .5)', 'wchoose("a", "b")',
    ],
)  # fmt: skip
def test_a_wrong_kind_of_argument_is_a_type_error(code: str) -> None:
    """What no value could mend raises when the pattern is built, and says what is wanted."""
    with pytest.raises(TypeError, match="wants"):
        eval(code, dict(N))


@pytest.mark.parametrize("bad", ["float('nan')", "float('inf')", "-float('inf')", "10**400", "None", "'x'"])
@pytest.mark.parametrize(
    "code",
    [
        "n(pure({})).scale('C:minor')", "note('c').transpose(pure({}))", "s('a').chop(pure({}))",
        "s('a').slice(pure({}), '0')", "mini('a').degrade_by(pure({}))", "irand(pure({})).segment(2)",
        "rand.range(0, pure({})).segment(2)",
        "mini('0 1').shuffle(pure({}))", "rand.seed(pure({})).segment(1)",
        "mini('a').euclidish(3, 8, pure({}))", "chord('C').offset(pure({})).voicing()",
        "s('a').gain(pure({}))",
        "s('a').loop_at(pure({}))", "rand_l(pure({})).segment(1)", "mini('1').rangex(1, pure({}))",
        "n(pure({})).chord('C').voicing()", "mini('a').degrade_by_with(pure({}), .5)",
        "s('a').scrub(pure({}))", "chord('C').root_notes(pure({}))", "binary_l(pure({}))",
    ],
)  # fmt: skip
def test_numbers_that_are_none(code: str, bad: str) -> None:
    """NaN, infinity, monstrous numbers and no number at all: a clear error or a bounded answer."""
    said = ""
    haps = 0
    try:
        haps = len(eval(code.format(f"({bad})"), dict(N)).answer(0, 2 * TICKS).haps)
    except (PatternError, TypeError) as error:
        said = str(error)
    assert haps <= 64
    assert not said or len(said) > 10
