"""What holds for all engines of chance: any cycle at any time, in any pieces, and on through a save."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.carrying import states_at, take_over
from patterns.core import Pattern, RawHap
from patterns.engines.breeding import evolve
from patterns.engines.cells import automaton, life
from patterns.engines.chains import markov
from patterns.engines.chaos import logistic, lorenz
from patterns.engines.draws import beta, exponential, gaussian, tendency
from patterns.engines.evenness import bresenham, deep
from patterns.engines.points import hawkes, poisson
from patterns.engines.productions import grammar
from patterns.engines.resampling import gibbs
from patterns.engines.rewriting import lsystem
from patterns.engines.series import permutations, row
from patterns.engines.urns import pink, urn
from patterns.engines.walks import drift, levy, wander
from patterns.errors import PatternError
from patterns.memory import Memory
from patterns.registry import namespace
from patterns.rules.declaring import part, ruleset
from patterns.state import DEFAULT_FUEL, NO_CONTROLS, Walk
from patterns.ticks import TICKS, to_ticks

N: dict[str, Any] = dict(namespace())
mini = cast("Callable[[str], Pattern]", N["mini"])
sine = N["sine"]
TUNE = "0 2 4 2 7 4 2 0"


def suits(a: int, b: int) -> bool:
    """What stands beside what."""
    return abs(a - b) in {1, 2}


def rising(phrase: list[int]) -> int:
    """How often a phrase goes up."""
    return sum(a < b for a, b in pairwise(phrase))


def falls(phrase: list[int]) -> int:
    """The fewer rises the better."""
    return -rising(phrase)


def too_far(phrase: list[int]) -> int:
    """A rule with a mistake in it."""
    return phrase[99]


def below(_step: int, _value: int) -> int:
    """A weight that is none."""
    return -1


RULES: dict[str, Any] = {"S": ["A B@2", "B A!2"], "A": {"0 2": 2, "~ 4@3": 1}, "B": "[5 7]*2 | A B"}
BRANCHES = {"F": {"F[+F]-G": 2, "FG": 1}, "F<G": "~F"}

BRED = ruleset([part("line", "c4", "c5", onsets=[1, 2.5, 3])], [cast("Any", namespace()["rule"]).leaps(4)])

CHANCE: dict[str, Callable[[], Pattern]] = {
    "markov": lambda: markov(TUNE, "0 7 5", order="<1 2>", heat=1.5, escape=sine.range(0, 1).slow(3)),
    "markov in a rhythm": lambda: markov(TUNE, order=2, per_cycle="x(5,8) <x ~>"),
    "grammar": lambda: grammar(RULES),
    "grammar over 3 cycles": lambda: grammar(RULES, cycles="<3 3/2>", depth="<2 5>"),
    "lsystem": lambda: lsystem(BRANCHES, "F", "<3 4>", step=2),
    "lsystem in steps": lambda: lsystem(BRANCHES, generations=3, steps=24, cycles=2),
    "automaton": lambda: automaton("<30 110 184>", 12, 0.05, start=0.5),
    "life": lambda: life(6, 8, "<0 .1>"),
    "gaussian": lambda: gaussian(60, sine.range(1, 9).slow(5), 50, "<60 70>"),
    "beta": lambda: beta("<.2 3>", 2),
    "exponential": lambda: exponential(2, per_cycle="x(3,8)"),
    "tendency": lambda: tendency([(0, 0), (4, 9)], sine.range(10, 20), "<even edges>", step="<0 1>"),
    "poisson": lambda: poisson("<3 12>", length=1.5),
    "poisson of a signal": lambda: poisson(sine.range(0, 20).slow(3), apart=1 / 16),
    "hawkes": lambda: hawkes("<1 4>", 0.7, length=0.3),
    "hawkes that changes": lambda: hawkes(3, sine.range(0, 0.9).slow(3), "<.0625 .25>"),
    "urn": lambda: urn(range(5), per_cycle="x(5,8) <x ~>"),
    "pink": lambda: pink(lines="<2 9>"),
    "pink in a rhythm": lambda: pink(per_cycle="x(3,8)", lines=sine.range(1, 9).slow(3)),
    "gibbs": lambda: gibbs(range(8), 8, "<1 2>", 0.8, pair=suits),
    "evolve": lambda: evolve(rising, range(6), 6, "<1 0 2>", 0.2, population=8),
    "by rules": lambda: evolve(BRED, generations="<1 0 2>", population=8),
}
CERTAIN: dict[str, Callable[[], Pattern]] = {
    "row": lambda: row("0 3 1 8 2", "<P [I3 R:2]>"),
    "orders": lambda: permutations("abcd"),
    "bells": lambda: permutations(range(1, 7), "bob").fast(1.5),
    "bresenham": lambda: bresenham(mini("a b"), "<5 7>", "12", "<0 1>"),
    "deep": lambda: deep(mini("a"), 5, 16),
}
EVERY = CHANCE | CERTAIN
POINTS = st.fractions(0, 6, max_denominator=48)


def joined(haps: list[RawHap]) -> dict[Any, Any]:
    """The length heard of each whole with each value."""
    total: dict[Any, Any] = {}
    for hap in haps:
        key = (hap.begin, hap.end, repr(hap.value))
        total[key] = total.get(key, 0) + hap.part_end - hap.part_begin
    return total


@given(st.sampled_from(sorted(EVERY)), POINTS, POINTS, POINTS)
@settings(max_examples=150, deadline=None)
def test_a_query_can_be_split(name: str, one: Fraction, two: Fraction, three: Fraction) -> None:
    """Each time by a pattern that was never asked before, without a problem, and within what was asked."""
    a, b, c = (to_ticks(point) for point in sorted([one, two, three]))
    if a == b or b == c:
        return
    whole, *parts = (EVERY[name]().answer(*span) for span in ((a, c), (a, b), (b, c)))
    assert joined(whole.haps) == joined(parts[0].haps + parts[1].haps)
    assert whole.problems == []
    for hap in whole.haps:
        assert hap.begin is not None
        assert hap.end is not None
        assert max(a, hap.begin) == hap.part_begin < hap.part_end == min(c, hap.end)


@pytest.mark.parametrize("name", EVERY)
def test_seeking_is_playing_through(name: str) -> None:
    """Cycle 30 is the same after 30 cycles one by one, and asked at once, and with others in between."""
    make = EVERY[name]
    played, memory = make(), Memory()
    found = [played.answer(c * TICKS, (c + 1) * TICKS, seed=3, memory=memory).haps for c in range(31)]
    sought = make()
    for cycle in (30, 4, 17):
        assert sought.answer(cycle * TICKS, (cycle + 1) * TICKS, seed=3).haps == found[cycle]


@pytest.mark.parametrize("name", EVERY)
def test_the_seed_decides(name: str) -> None:
    """What is chance differs with it; what is none does not."""
    one, same, other = ([(h.whole, h.value) for h in EVERY[name]().haps(0, 8, seed=s)] for s in (1, 1, 2))
    assert one
    assert one == same
    assert (one == other) == (name in CERTAIN)


@pytest.mark.parametrize("name", CHANCE)
def test_a_stream_has_dice_of_its_own(name: str) -> None:
    """As `.seed()` gives."""
    make = CHANCE[name]
    plain, streamed = make().haps(0, 8), cast("Any", make()).seed(7).haps(0, 8)
    assert [(h.whole, h.value) for h in plain] != [(h.whole, h.value) for h in streamed]


def carried(old: Pattern, new: Pattern, cycle: int) -> list[RawHap]:
    """What a new version plays in a cycle in which it takes over from an old one."""
    memory, begin = Memory(), cycle * TICKS
    for before in range(cycle):
        old.answer(before * TICKS, (before + 1) * TICKS, memory=memory)
    held = states_at(old, begin, Walk(0.5, 0, NO_CONTROLS, "hash", DEFAULT_FUEL, memory))
    assert held
    fresh = Memory()
    take_over(new, begin, held, Walk(0.5, 0, NO_CONTROLS, "hash", DEFAULT_FUEL, fresh))
    answer = new.answer(begin, begin + TICKS, memory=fresh)
    assert answer.problems == []
    return answer.haps


REMEMBERING: dict[str, Callable[[], Pattern]] = {
    "wander": lambda: wander(0, 7, name="x"),
    "drift": lambda: drift(60, name="x"),
    "levy": lambda: levy(0, 100, 1, name="x"),
    "logistic": lambda: logistic(3.9, name="x"),
    "lorenz": lambda: lorenz(2, name="x"),
    "urn": lambda: urn(range(5), name="x"),
    "pink": lambda: pink(name="x"),
    "markov": lambda: markov(TUNE, order=2, name="x"),
    "automaton": lambda: automaton(30, 12, name="x"),
    "life": lambda: life(6, 8, name="x"),
    "gibbs": lambda: gibbs(range(8), 8, pair=suits, name="x"),
    "evolve": lambda: evolve(rising, range(6), 6, population=8, name="x"),
}


@pytest.mark.parametrize("name", REMEMBERING)
def test_a_save_that_changes_nothing_changes_nothing(name: str) -> None:
    """The new version plays what the old one would have played."""
    make = REMEMBERING[name]
    assert carried(make(), make(), 9) == make().answer(9 * TICKS, 10 * TICKS).haps


MOVED: dict[str, tuple[Callable[[], Pattern], Callable[[], Pattern], float]] = {
    "wander": (lambda: wander(0, 99, name="x"), lambda: wander(0, 99, 0.5, name="x"), 0.5),
    "drift": (lambda: drift(60, name="x"), lambda: drift(60, 0, 0.01, name="x"), 0.1),
    "levy": (lambda: levy(0, 1e3, 9, name="x"), lambda: levy(0, 1e3, 1e-9, 9, name="x"), 0.01),
    "logistic": (lambda: logistic(3.9, name="x"), lambda: logistic(3.2, name="x"), 0.0),
    "lorenz": (lambda: lorenz(2, name="x"), lambda: lorenz(0.01, name="x"), 0.01),
}


@pytest.mark.parametrize("name", MOVED)
def test_values_go_on_from_where_they_were(name: str) -> None:
    """By new parameters: the first is one step away from the last of the old ones."""
    old, new, far = MOVED[name]
    last = [hap.value for hap in old().haps(8, 9)][-1]
    first = carried(old(), new(), 9)[0].value
    wanted = 3.2 * last * (1 - last) if name == "logistic" else last
    assert first == pytest.approx(wanted, abs=far or 1e-12)
    assert new().haps(9, 10)[0].value != pytest.approx(wanted, abs=far or 1e-12)


def test_dice_lie_as_they_lay() -> None:
    """Of noise by another measure: as many are thrown anew as would have been."""
    old, new = pink(name="x"), pink(per_cycle=64, name="x")
    assert carried(pink(name="x"), new, 9)[0].value == old.haps(9, 10)[0].value
    assert pink(per_cycle=64, name="x").haps(9, 10)[0].value != old.haps(9, 10)[0].value


def test_what_is_in_an_urn_stays_there() -> None:
    """Three of five were drawn when the next version takes over, which knows one value more."""
    old, new = urn("abcde", per_cycle=8, name="x"), urn("abcdef", per_cycle=8, name="x")
    drawn = [hap.value for hap in urn("abcde", per_cycle=8, name="x").haps(0, 1)]
    assert sorted(drawn[:5]) == list("abcde")
    after = [hap.value for hap in carried(old, new, 1)]
    assert sorted([*drawn[5:], *after[:2]]) == list("abcde")
    assert sorted(after[2:]) == list("abcdef")


@given(st.integers(1, 6), st.sampled_from(["x(5,8)", "<x*3 x*4>", "x ~ [x x] x"]))
def test_an_urn_in_a_rhythm_gives_all_before_it_is_filled_again(size: int, rhythm: str) -> None:
    """And none twice in a row where there are three."""
    drawn = [hap.value for hap in urn(range(size), per_cycle=rhythm).haps(0, 12)]
    for at in range(0, len(drawn) - size + 1, size):
        assert sorted(drawn[at : at + size]) == list(range(size))
    assert size < 3 or all(a != b for a, b in pairwise(drawn))


def test_swarms_grow_and_shrink() -> None:
    """As their calls say at the time; where these rest, nothing is called."""
    swarms = hawkes(3, "<0.9!8 0!8 ~!8>", 1 / 32)
    plain = hawkes(3, 0)
    assert len(swarms.haps(0, 8)) > 2 * len(plain.haps(0, 8))
    for begin, end in (
        (11, 16),
        (19, 24),
    ):  # the last swarm lasts two cycles at most, one event a little more
        assert [hap.whole for hap in swarms.haps(begin, end)] == [hap.whole for hap in plain.haps(begin, end)]


def test_a_chain_plays_on_from_its_last_values() -> None:
    """Though it has learnt another tune; what it does not know it leaves behind."""
    up, down = markov("0 1 2 3 4 5 6 7", name="x"), markov("7 6 5 4 3 2 1 0", name="x")
    last = [hap.value for hap in up.haps(4, 5)][-1]
    assert [hap.value for hap in carried(up, down, 5)] == [(last - 1 - step) % 8 for step in range(8)]
    other = [hap.value for hap in carried(up, markov("a b", name="x"), 5)]
    assert set(other) == {"a", "b"}


def test_cells_live_on_under_another_rule() -> None:
    """The next row is made of the last one of the old rule; a longer row begins with it."""
    cells = [bool(hap.value) for hap in automaton(90, 8, name="x").haps(4, 5)]
    kept = [bool(hap.value) for hap in carried(automaton(90, 8, name="x"), automaton(204, 8, name="x"), 5)]
    assert kept == cells  # rule 204 leaves all as it is
    longer = carried(automaton(90, 8, name="x"), automaton(204, 16, name="x"), 5)
    assert [bool(hap.value) for hap in longer] == cells * 2


def test_a_bar_and_phrases_live_on() -> None:
    """With 0 sweeps and 0 generations they stay; the phrases are ranked by the new rules."""
    bar = [hap.value for hap in gibbs(range(8), pair=suits, name="x").haps(6, 7)]
    kept = carried(gibbs(range(8), pair=suits, name="x"), gibbs(range(8), sweeps=0, name="x"), 7)
    assert [hap.value for hap in kept] == bar
    bred = evolve(rising, range(6), 6, name="x")
    falling = evolve(falls, range(6), 6, 0, name="x")
    before = [hap.value for hap in bred.haps(6, 7)]
    after = [hap.value for hap in carried(evolve(rising, range(6), 6, name="x"), falling, 7)]
    assert rising(after) <= rising(before)


SHARED: dict[str, tuple[Callable[[], Pattern], Callable[[], Pattern]]] = {
    "markov": (lambda: markov(TUNE, name="x"), lambda: markov("5 6", name="x")),
    "automaton": (lambda: automaton(30, 8, name="x"), lambda: automaton(30, 8, start="01", name="x")),
    "life": (lambda: life(name="x"), lambda: life(rule="B36/S23", name="x")),
    "gibbs": (lambda: gibbs("ab", name="x"), lambda: gibbs("cd", name="x")),
    "evolve": (lambda: evolve(rising, "ab", name="x"), lambda: evolve(falls, "ab", name="x")),
}


@pytest.mark.parametrize("name", SHARED)
def test_two_engines_of_one_name_are_named(name: str) -> None:
    """Made of something else they would share their state; the same written twice may."""
    one, other = SHARED[name]
    with pytest.raises(PatternError, match="two folds of one layer are called 'x'"):
        N["stack"](one(), other()).answer(0, TICKS)
    assert len(N["stack"](one(), one()).answer(0, TICKS).haps) == 2 * len(one().answer(0, TICKS).haps)


@pytest.mark.parametrize("per_cycle", ["x(5,8)", "1 0 1 1", "t f t t", "<x*4 x*3>"])
def test_a_rhythm_takes_the_place_of_values_a_cycle(per_cycle: str) -> None:
    """False and rests are left out, for walks, chains and curves alike."""
    wanted = [hap.whole for hap in cast("Any", mini("a")).struct(per_cycle).haps(0, 4)]
    for made in (
        wander(per_cycle=per_cycle), markov(TUNE, per_cycle=per_cycle), beta(per_cycle=per_cycle),
        urn(range(4), per_cycle=per_cycle), pink(per_cycle=per_cycle), lorenz(per_cycle=per_cycle),
    ):  # fmt: skip
        assert [hap.whole for hap in made.haps(0, 4)] == wanted


def test_a_number_in_a_text_is_a_number() -> None:
    """As elsewhere."""
    assert len(wander(per_cycle="4").haps(0, 1)) == 4


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (markov, "something to learn"),
        (lambda: markov("~"), "something to learn"),
        (lambda: markov(range(600)), "512 different"),
        (lambda: markov([0] * 5000), "4096 values"),
        (lambda: markov({0: {1: -1}}), "0 or more"),
        (lambda: markov({0: 1}), "weights by value after 0"),
        (lambda: markov([mini("0")]), "plain values"),
        (lambda: grammar({"A": "A 0"}), "'A' never ends"),
        (lambda: grammar({"A": "0"}, "B"), "no rule for 'B'; there are A"),
        (lambda: grammar("A"), "rules in a dict"),
        (lambda: grammar({"A": {"0": -1}}), "a weight is 0 or more"),
        (lambda: grammar({"A": "0@0 1"}), "share of time"),
        (lambda: grammar({"A": "0"}, cycles=0), "cycles="),
        (lambda: lsystem({"AB": "A"}), "one sign"),
        (lambda: lsystem({"A": "AA"}, generations=70), "from 0 to 64"),
        (lambda: automaton(start="012"), "0 and 1"),
        (lambda: automaton(cells=0), "cells="),
        (lambda: life(rule="23/3"), "B3/S23"),
        (lambda: life(start=["0a"]), "0 and 1"),
        (lambda: tendency([(4, 0), (0, 1)]), "order of their cycles"),
        (lambda: poisson(300), "0 to 256 events"),
        (lambda: poisson(length=0), "length="),
        (lambda: poisson(apart=2), "apart="),
        (lambda: hawkes(calls=1), "calls="),
        (lambda: hawkes(within=1), "within="),
        (lambda: pink(lines=17), "lines="),
        (lambda: urn("ab", name=cast("str", 3)), "name="),
        (lambda: row("0 x"), "wants a number"),
        (lambda: row([0], "Q"), "P, R, I or RI"),
        (lambda: permutations("abcdef", "bop"), "did you mean bob"),
        (lambda: permutations("abcdef", "x17"), "beyond the 6 values"),
        (lambda: permutations("abcdef", "grandsire"), "5, 7, 9"),
        (lambda: permutations("ab", "hunt"), "3 to 16 values"),
        (lambda: gibbs(range(3), pair=3), "function of two values"),
        (lambda: gibbs(range(3), alone=below), "below 0"),
        (lambda: evolve(3, range(3)), "function of a phrase"),
        (lambda: evolve(rising, []), "1 to 1024 values"),
    ],
)
def test_what_is_wrong_is_said_at_once(make: Callable[[], Pattern], said: str) -> None:
    """With what it wants."""
    with pytest.raises((PatternError, TypeError), match=said):
        make()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: markov(TUNE, order="<1 99>"), "order="),
        (lambda: grammar({"A": "0 1"}, depth="<1 99>"), "depth="),
        (lambda: grammar({"A": {"0": "<1 -1>", "1": 1}}), "a weight is 0 or more"),
        (lambda: lsystem({"A": "AAAA"}, generations="<1 30>"), "8192 signs"),
        (lambda: automaton("<30 300>"), "rule="),
        (lambda: life(flips="<0 2>"), "flips="),
        (lambda: gaussian(spread="<1 -1>"), "spread="),
        (lambda: gaussian(low="<0 3>", high=2), "low= must not be above"),
        (lambda: beta("<1 0>"), "a="),
        (lambda: tendency(shape="<even evn>"), "shape= is one of"),
        (lambda: poisson("<4 300>"), "density="),
        (lambda: hawkes(9, "<.5 1>"), "calls="),
        (lambda: pink(lines="<8 0>"), "lines="),
        (lambda: permutations("abc", number="<0 x>"), "number="),
        (lambda: permutations("abc", number=sine), "a signal has none"),
        (lambda: row([0, 1], "<P X>"), "P, R, I or RI"),
        (lambda: gibbs(range(3), heat="<1 -1>"), "heat="),
        (lambda: evolve(rising, range(3), mutation="<.1 2>"), "mutation="),
        (lambda: evolve(too_far, range(3)), "list index out of range"),
    ],
)
def test_what_is_wrong_for_a_while_is_told_and_the_music_goes_on(
    make: Callable[[], Pattern], said: str
) -> None:
    """As a problem of the query; no other cycle is touched."""
    answer = make().answer(0, 2 * TICKS)
    assert any(re.search(said, str(problem)) for problem in answer.problems)
