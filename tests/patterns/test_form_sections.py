"""Forms: what is played when, how it is steered, and that it stays a function of time and of its input."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import groupby, pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.errors import OutOfFuel, PatternError
from patterns.form.arcs import arc
from patterns.form.layout import form, section
from patterns.form.plans import place_at
from patterns.form.sections import Form
from patterns.form.steering import gone, legs_of, written
from patterns.registry import namespace
from patterns.ticks import TICKS

N: dict[str, Any] = dict(namespace())
ABC = [section("a", 4, energy=[0, 1]), section("b", 3, energy=0.5), section("c", 2, energy=1, heat=0.25)]
WAYS = {"a": "a b c", "b": "c a", "c": "a"}


class Said:
    """An input of which is known what it said from when on."""

    def __init__(self, *rows: tuple[int, Any]) -> None:
        self.rows = rows

    def at(self, name: str, cycle: Fraction) -> Any:
        """The newest that was said by then."""
        assert name == "form form"
        found = [value for at, value in self.rows if at <= cycle]
        if not found:
            raise KeyError(name)
        return found[-1]


def names(song: Form, end: int, begin: int = 0, controls: Any = None) -> str:
    """The sections of some cycles, a letter for each; a dot after the end."""
    found = song.sections.segment(1).haps(begin, end, controls=controls)
    return "".join(hap.value or "." for hap in found)


def levels(signal: Any, end: int, controls: Any = None) -> list[float]:
    """A signal at the begin of each cycle."""
    return [round(hap.value, 6) for hap in signal.segment(1).haps(0, end, controls=controls)]


def test_sections_follow_one_another() -> None:
    """As given, in an order that is said, again and again or to the end."""
    assert names(form(*ABC), 20) == "aaaabbbccaaaabbbccaa"
    assert names(form(*ABC, order="b a b"), 14) == "bbbaaaabbbbbba"
    assert names(form(*ABC, ends=True), 12) == "aaaabbbcc..."
    assert levels(form(*ABC, ends=True).energy, 12)[-3:] == [0, 0, 0]


def test_levels_run_over_a_section() -> None:
    """In straight lines; what nobody mentions is in the middle; blended they have no steps."""
    song = form(*ABC)
    assert levels(song.energy, 9) == [0, 0.25, 0.5, 0.75, 0.5, 0.5, 0.5, 1, 1]
    assert set(levels(song.tension, 9)) == {0.5}
    assert levels(song.target("heat"), 9)[-1] == 0.25
    smooth = form(*ABC, blend=2).energy.segment(64).haps(0, 9)
    jumps = [abs(a.value - b.value) for a, b in pairwise(smooth)]
    assert max(jumps) < 0.02
    with pytest.raises(PatternError, match="did you mean energy"):
        song.target("energi")


def test_places_are_told() -> None:
    """Visits, progress, first and last cycles."""
    song = form(*ABC)
    assert levels(song.visit, 12) == [0] * 9 + [1] * 3
    assert levels(song.progress, 4) == [0, 0.25, 0.5, 0.75]
    assert [h.value for h in song.begins().segment(1).haps(0, 6)] == [True, False, False, False, True, False]
    masked = N["s"]("bd*2").mask(song.section("b", "c"))
    assert [float(hap.part.begin) for hap in masked.haps(0, 9)] == [4 + place / 2 for place in range(10)]
    assert len(N["s"]("bd").when(song.ends(), N["fast"](2)).haps(0, 9)) == 12
    assert [h.value for h in song.sections.pick({"a": "1", "b": "2", "c": "3"}).haps(2, 8)] == [
        1,
        1,
        2,
        2,
        2,
        3,
    ]


def test_a_level_is_that_of_the_moment_that_is_heard() -> None:
    """However time is bent around a layer."""
    song = form(section("low", 8, energy=0), section("high", 8, energy=1))
    for change in ("fast(2)", "late(.25)", "every(2, fast(2))", "iter(4)", "slow(2)"):
        made = eval(f"p.{change}", {**N, "p": N["s"]("bd*4").gain(song.energy)})
        for hap in made.haps(0, 16):
            if hap.has_onset and hap.whole.begin not in {0, 8, 16} and hap.whole.end != 8:
                assert hap.value["gain"] == (hap.whole.begin > 8), change


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 50), st.integers(0, 3000))
def test_a_way_by_chance_can_be_asked_anywhere(seed: int, cycle: int) -> None:
    """It goes from each section only to those that may follow, and is the same in any order of asking."""
    song = form(*ABC, paths=WAYS, seed=seed)
    there = names(song, cycle + 40, cycle)
    again = form(*ABC, paths=WAYS, seed=seed)
    assert names(again, cycle + 40, cycle + 20) == there[20:]
    long = {"a": 4, "b": 3, "c": 2}
    runs = [(name, len([*row])) for name, row in groupby(there)]
    for (one, _), (other, length) in pairwise(runs[:-1]):
        assert other in WAYS[one].split()
        assert length % long[other] == 0


def test_ways_by_chance_are_not_alike() -> None:
    """Other seeds, other ways; no stretch of some minutes comes back in hours."""
    assert len({names(form(*ABC, paths=WAYS, seed=seed), 60) for seed in range(20)}) > 15
    day = names(form(*ABC, paths=WAYS), 4000)
    hour = Counter(day[at : at + 200] for at in range(0, 3800, 200))
    assert max(hour.values()) == 1
    with pytest.raises(OutOfFuel, match="more than"):
        names(form(section("x", 1), paths={"x": "x"}), 10**7 + 1, 10**7)


def steer(song: Form, *words: tuple[int, int, str, bool]) -> Said:
    """Say something at some cycles: when, in how many cycles, where to, whether it builds."""
    value: Any = None
    rows: list[tuple[int, Any]] = []
    for now, cycles, where, build in words:
        number = song.plan.numbered(where)
        value = written(gone(song.plan, legs_of(song.plan, value), now, cycles, number, build=build))
        rows.append((now, value))
    return Said(*rows)


def test_go_to_a_section() -> None:
    """After so many cycles from the next one on; from there it goes on as it would."""
    song = form(*ABC)
    assert names(song, 16, controls=steer(song, (1, 4, "c", False))) == "aaaabbccaaaabbbc"
    assert names(song, 10, controls=steer(song, (1, 0, "a", False))) == "aaaaaabbbc"
    # The last word counts for what comes after it, and leaves alone what comes before.
    both = steer(song, (0, 8, "a", False), (1, 1, "c", False))
    assert names(song, 10, controls=both) == "aaaccaaaab"[:3] + "ccaaaab"
    both = steer(song, (0, 1, "c", False), (1, 4, "b", False))
    assert names(song, 12, controls=both) == "aaccaabbbcca"
    again = form(*ABC, order="a b a c")
    assert names(again, 15, controls=steer(again, (5, 0, "a", False))) == "aaaabbaaaaccaaa"


def test_build_for_some_cycles() -> None:
    """The section is held while all rises from where it was to 1; then comes the next, or the one named."""
    song = form(section("a", 4, energy=0.5, register=0.25), section("b", 4, energy=0.25))
    said = steer(song, (2, 8, "", True))
    assert names(song, 17, controls=said) == "aaa" + "a" * 8 + "bbbbaa"
    assert levels(song.energy, 12, said)[2:] == [0.5, *(0.5 + step / 16 for step in range(8)), 0.25]
    assert set(levels(song.register, 10, said)) == {0.25}
    assert levels(song.building, 12, said)[3:] == [step / 8 for step in range(8)] + [0]
    # What is being built is reached at another time.
    sooner = steer(song, (2, 8, "", True), (4, 2, "b", False))
    assert names(song, 9, controls=sooner) == "aaaaaaabb"
    assert levels(song.building, 8, sooner)[3:] == [0, 0.25, 0.5, 0.75, 0]


def test_visits_go_on_through_what_is_said() -> None:
    """A section that is gone to has come once more."""
    song = form(*ABC)
    said = steer(song, (1, 4, "c", False))
    assert levels(song.visit, 19, said) == [0] * 8 + [1] * 4 + [1] * 3 + [1] * 2 + [2] * 2


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 40), st.integers(1, 12), st.sampled_from(["a", "b", "c"]), st.booleans()),
        max_size=5,
    ),
    st.booleans(),
)
def test_what_was_played_is_not_changed_by_what_is_said(words: list[Any], by_chance: bool) -> None:
    """The past stays; queries cut anywhere agree; the way is that of the sections, whatever is said."""
    song = form(*ABC, paths=WAYS) if by_chance else form(*ABC)
    words.sort()
    before = ""
    for count in range(len(words) + 1):
        said = steer(song, *words[:count])
        now = names(song, 60, controls=said)
        known = words[count - 1][0] + 1 if count else 0
        assert now[:known] == before[:known]
        before = now
        assert names(song, 60, 23, controls=said) == now[23:]
    for at, cycles, where, _ in words[-1:]:
        assert before[at + 1 + cycles] == where


def test_what_is_said_is_written_as_keys_are() -> None:
    """So that a journal keeps it; nonsense is as if nothing had been said."""
    plan = form(*ABC).plan
    legs = gone(plan, (plan.start(),), 11, 3, 2)
    assert legs_of(plan, written(legs)) == legs
    for nonsense in (0.5, None, (), ((1, 2),)):
        assert legs_of(plan, nonsense) == (plan.start(),)
    for rows in (((3, 99), (-1, 7), (9, 9)), ((10**30, 1), (5, -3)), ((-5, -5), (0, 0))):
        assert place_at(plan, legs_of(plan, rows), 7).section in {0, 1, 2}


def test_a_jump_back_before_what_was_said_plays_the_plan() -> None:
    """The form is where the piece is."""
    song = form(*ABC)
    said = steer(song, (1, 4, "c", False), (30, 0, "b", False))
    late = Said((0, said.rows[-1][1]))
    assert names(song, 5, controls=late) == "aaaab"


def heard(pattern: Any, begin: int, end: int) -> list[Any]:
    """What sounds, with its place in the stretch."""
    return [(hap.part.begin - begin, hap.value) for hap in pattern.haps(begin, end) if hap.has_onset]


def test_what_comes_back_is_recognised_and_never_the_same() -> None:
    """Most cycles are as the first time, chance and all; some are others, in each visit at least one."""
    song = form(section("a", 8), section("b", 4))
    made = song.again(N["irand"](1000).segment(4), 0.25)
    first = [heard(made, cycle, cycle + 1) for cycle in range(8)]
    visits = [[heard(made, at + c, at + c + 1) for c in range(8)] for at in range(12, 12 * 21, 12)]
    changed = [sum(a != b for a, b in zip(first, visit, strict=True)) for visit in visits]
    assert min(changed) >= 1
    assert 1.5 < sum(changed) / len(changed) < 4
    assert len({str(visit) for visit in visits}) == len(visits)
    plain = song.again(N["irand"](1000).segment(4), 0)
    assert heard(plain, 0, 8) == heard(plain, 12, 20) == heard(plain, 24, 32)


def test_a_section_that_comes_back_may_be_changed_by_a_function() -> None:
    """In some of its cycles."""
    song = form(section("a", 4), section("b", 1))
    made = song.parts({"a": "0 1 2", "b": "9"}, 0.5, N["rev"])
    assert [value for _, value in heard(made, 0, 4)] == [0, 1, 2] * 4
    back = [tuple(v for _, v in heard(made, c, c + 1)) for c in range(5, 9)]
    assert set(back) == {(0, 1, 2), (2, 1, 0)}
    with pytest.raises(PatternError, match="did you mean"):
        song.parts({"aa": "0"})


@settings(max_examples=20, deadline=None)
@given(st.fractions(1, 23, max_denominator=16))
def test_parts_can_be_asked_in_pieces(cut: Fraction) -> None:
    """What is heard does not depend on where the query is cut."""
    made = form(*ABC).parts({"a": "0 1 <2 3>", "b": N["irand"](9).segment(3), "c": "7/2"}, 0.5)
    whole = [(h.whole, h.value) for h in made.haps(0, 24) if h.has_onset]
    parts = [*made.haps(0, cut), *made.haps(cut, 24)]
    assert [(h.whole, h.value) for h in parts if h.has_onset] == whole


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (form, "wants sections"),
        (lambda: form(section("a", 1), section("a", 2)), "same name"),
        (lambda: form(*ABC, order="a d"), "no section 'd'"),
        (lambda: form(*ABC, paths={"a": "b"}), "nothing of what follows 'b'"),
        (lambda: form(*ABC, paths=WAYS, order="a"), "not both"),
        (lambda: form(*ABC, buttons={"pad": "jump a"}), "go bridge 4"),
        (lambda: form(*ABC, buttons={"pad": "go d 4"}), "no section 'd'"),
        (lambda: section("a", 0), "from 1 to 65536"),
        (lambda: section("a", 1.5), "whole number"),
        (lambda: section("a", 4, energy=2), "from 0 to 1"),
        (lambda: form(*ABC).section("d"), "no section 'd'"),
        (lambda: arc([1]), "2 to 4096"),
        (lambda: arc([(0, 1), (0, 2)]), "must rise"),
        (lambda: arc([0, 1], shape="eased"), "did you mean ease"),
    ],
)
def test_what_cannot_be_is_refused(call: Any, message: str) -> None:
    """And it is said what can."""
    with pytest.raises((PatternError, TypeError), match=message):
        call()


def test_an_arc_lasts_for_hours() -> None:
    """At the cycle where one says; then it stays, or begins anew."""
    long = arc([(0, 0.2), (900, 1), (3600, 0)])
    at = {cycle: long.haps(cycle, cycle + 1)[0].value for cycle in (0, 450, 900, 2250, 3600, 9999)}
    assert at == pytest.approx({0: 0.2, 450: 0.6, 900: 1.0, 2250: 0.5, 3600: 0.0, 9999: 0.0})
    assert levels(arc([0, 1], 4, again=True), 6) == [0, 0.25, 0.5, 0.75, 0, 0.25]
    assert levels(arc([0, 1, 0.5], 4, shape="hold"), 5) == [0, 0, 1, 1, 0.5]


def test_a_form_is_quickly_asked() -> None:
    """Steps of a query are bounded, also late in a way by chance."""
    song = form(*ABC, paths=WAYS)
    pattern = N["s"]("bd*16").gain(song.energy).cutoff(song.brightness.range(200, 4000))
    for cycle in (0, 20_000):
        assert not pattern.answer(cycle * TICKS, (cycle + 1) * TICKS, fuel=2000).problems
