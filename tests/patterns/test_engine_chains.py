"""Chains, grammars and growth: what they draw is as likely as what they learnt or were told."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.core import Pattern
from patterns.engines.chains import markov
from patterns.engines.productions import grammar
from patterns.engines.rewriting import lsystem
from patterns.grammars import grown

TUNE = [0, 2, 4, 2, 7, 4, 2, 0]
TEXT = " ".join(map(str, TUNE))


def values(pattern: Pattern, end: int, begin: int = 0) -> list[Any]:
    """What it gives in some cycles."""
    return [hap.value for hap in pattern.haps(begin, end)]


def shares(line: list[Any]) -> dict[Any, dict[Any, float]]:
    """How often what followed what."""
    counts: dict[Any, Counter[Any]] = defaultdict(Counter)
    for one, other in pairwise(line):
        counts[one][other] += 1
    return {one: {other: n / row.total() for other, n in row.items()} for one, row in counts.items()}


def test_values_follow_as_often_as_in_what_was_learnt() -> None:
    """Of order 1, with the end of the tune before its beginning."""
    found = shares(values(markov(TEXT, per_cycle=64), 100))
    learnt = shares([*TUNE, TUNE[0]])
    assert {one: set(row) for one, row in found.items()} == {one: set(row) for one, row in learnt.items()}
    for one, row in learnt.items():
        for other, share in row.items():
            assert found[one][other] == pytest.approx(share, abs=0.03)


def test_a_chain_without_a_past_only_counts() -> None:
    """Of order 0 each value is as frequent as in the tune, whatever was before."""
    found = Counter(values(markov(TEXT, order=0), 500))
    for value, count in Counter(TUNE).items():
        assert found[value] / 4000 == pytest.approx(count / 8, abs=0.03)


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.integers(1, 5))
def test_all_that_is_as_long_as_the_past_was_learnt(tune: list[int], order: int) -> None:
    """Of order n every n + 1 values in a row stand so in the tune, which goes round."""
    round_and_round = tune * (order + 2)
    known = {tuple(round_and_round[at : at + order + 1]) for at in range(len(tune))}
    line = values(markov(tune, order=order), 8)
    assert {tuple(line[at : at + order + 1]) for at in range(len(line) - order)} <= known


def test_it_backs_off_only_where_nothing_is_known() -> None:
    """After 0 1 comes 2, though 7 follows 1 wherever else it stands."""
    line = values(markov({0: {1: 1}, (0, 1): {2: 1}, 1: {7: 1}, 2: {1: 1}, 7: {0: 1}}, order=2), 20)
    at = line.index(0)
    assert line[at : at + 20] == [0, 1, 2, 1, 7] * 4
    first = values(markov({0: {1: 1}, (0, 1): {2: 1}, 1: {7: 1}, 2: {1: 1}, 7: {0: 1}}, order=1), 20)
    at = first.index(0)
    assert first[at : at + 9] == [0, 1, 7] * 3


def test_where_a_phrase_ends_it_backs_off() -> None:
    """Not learnt as a loop, 3 is followed by whatever there is, as often as it stands there."""
    found = shares(values(markov("0 1 2 3", loop=False, per_cycle=64), 80))
    assert {one: set(row) for one, row in found.items() if one != 3} == {0: {1}, 1: {2}, 2: {3}}
    for value in range(4):
        assert found[3][value] == pytest.approx(1 / 4, abs=0.04)


def test_escapes_are_as_frequent_as_theory_says() -> None:
    """Witten and Bell: a past of n followers of which d are different is left d times of n + d."""
    line = values(markov(TEXT, escape=1, per_cycle=64), 160)
    found, alike = shares(line), len(set(TUNE))
    counts = Counter(TUNE)
    alone = {v: (counts[v] + len(counts) / alike) / (len(TUNE) + len(counts)) for v in counts}
    pairs: dict[int, Counter[int]] = defaultdict(Counter)
    for one, other in pairwise([*TUNE, TUNE[0]]):
        pairs[one][other] += 1
    for one, row in pairs.items():
        for other in counts:
            wanted = (row[other] + len(row) * alone[other]) / (row.total() + len(row))
            assert found[one].get(other, 0) == pytest.approx(wanted, abs=0.04)


def test_heat_makes_chances_alike_and_cold_decides() -> None:
    """At 0 the most frequent follower, at 2 the roots of the counts."""
    weights: dict[Any, dict[Any, int]] = {0: {0: 9, 1: 1}, 1: {0: 1}}
    assert set(values(markov(weights, heat=0), 50)[1:]) == {0}
    warm = shares(values(markov(weights, heat=2), 500))
    assert warm[0][1] == pytest.approx(1 / 4, abs=0.03)
    assert shares(values(markov(weights, heat="<1 2>"), 500))[0][1] == pytest.approx(0.17, abs=0.03)


def test_a_chain_begins_as_its_phrases_do() -> None:
    """With each as often as there are such phrases; and no phrase flows into another."""
    begins = Counter(
        markov("0 1", "0 2", "5 6", order=3).haps(0, "1/8", seed=seed)[0].value for seed in range(300)
    )
    assert begins[0] / 300 == pytest.approx(2 / 3, abs=0.08)
    assert set(begins) == {0, 5}
    assert {(a, b) for a, b in pairwise(values(markov("0 1", "5 6"), 50))} <= {(0, 1), (1, 0), (5, 6), (6, 5)}


def test_a_chain_looks_back_as_far_as_there_is_something() -> None:
    """Of order 6 it quotes from the very beginning: in its first values there is less to look back at."""
    assert values(markov("0 1 0 2 0 3 0 4", order=6), 2) == [0, 1, 0, 2, 0, 3, 0, 4] * 2


def test_what_is_learnt_of_a_pattern_is_what_it_plays() -> None:
    """All its cycles until it comes round, controls too; None and ~ in a list are rests."""
    assert values(markov("<0 1 2>", order=2), 1) == [0, 1, 2, 0, 1, 2, 0, 1]
    assert values(markov("<0 1 2>", order=2, cycles=2), 1) == [0, 1, 0, 1, 0, 1, 0, 1]
    drums: list[Any] = [{"s": "bd"}, {"s": "hh"}, {"s": "bd", "n": 1}]
    assert values(markov(drums, order=1), 1)[:4] == [*drums, drums[0]]
    rests = markov([0, None, 2, "~"], order=2).haps(0, 1)
    assert [(str(hap.part.begin), hap.value) for hap in rests] == [
        ("0", 0), ("1/4", 2), ("1/2", 0), ("3/4", 2),
    ]  # fmt: skip


def test_a_grammar_divides_the_time() -> None:
    """By shares, exactly, over as many cycles as a phrase lasts."""
    haps = grammar({"S": "A B@2 ~", "A": "0", "B": "1 [2 3]"}, cycles=2).haps(0, 2)
    found = {(str(hap.whole.begin), str(hap.whole.end), hap.value) for hap in haps if hap.whole}
    assert found == {("0", "1/2", 0), ("1/2", "1", 1), ("1", "5/4", 2), ("5/4", "3/2", 3)}


def test_the_same_twice_is_not_drawn_twice() -> None:
    """`A!2` repeats what was drawn; `A A` draws again."""
    rules = {"A": "0 1 | 2 3 | 4 5"}
    same = grammar({"S": "A!2", **rules})
    drawn = grammar({"S": "A A", **rules})
    assert all(line[:2] == line[2:] for line in (values(same, c + 1, c) for c in range(40)))
    alike = sum(line[:2] == line[2:] for line in (values(drawn, c + 1, c) for c in range(300)))
    assert alike / 300 == pytest.approx(1 / 3, abs=0.08)


def test_rules_come_as_often_as_they_weigh() -> None:
    """Also where a weight is a pattern, which is read when a phrase begins."""
    found = Counter(values(grammar({"A": {"0": 3, "7": 1}}), 2000))
    assert found[0] / 2000 == pytest.approx(3 / 4, abs=0.03)
    turns = grammar({"A": {"0": "<1 0>", "7": "<0 1>"}})
    assert values(turns, 4) == [0, 7, 0, 7]


def test_a_grammar_ends() -> None:
    """At its depth each sign becomes what ends soonest; mini-notation counts the phrases."""
    endless = {"A": {"A A": 1e12, "0": 1}}
    assert len(values(grammar(endless, depth=3), 1)) == 8
    assert 100 < len(values(grammar(endless, depth=32), 1)) <= 4096
    assert values(grammar({"A": "<0 1 2>"}, cycles=1 / 2), 2) == [0, 1, 2, 0]


@given(st.sampled_from(["A:AB,B:A", "A:BAB,B:AA", "A:B,B:AB"]), st.integers(0, 7))
def test_plain_growth_is_that_of_lindenmayer(text: str, generations: int) -> None:
    """As many notes as there are letters."""
    rules = dict(rule.split(":") for rule in text.split(","))
    letters = grown(generations, rules, "A")
    digits = {"A": "1", "B": "2"}
    numbered = {digits[k]: "".join(digits[s] for s in v) for k, v in rules.items()}
    assert values(lsystem(numbered, "1", generations), 1) == [int(digits[sign]) for sign in letters]


@pytest.mark.parametrize(
    ("rules", "start", "generations", "line"),
    [
        ({"1<0": "1", "1": "0"}, "10000", 3, [0, 0, 0, 1, 0]),  # a signal goes along a stem
        ({"0>1": "1", "1": "0"}, "00001", 2, [0, 0, 1, 0, 0]),  # and down again
        ({"1<0": "2"}, "1[+0]0", 1, [1, 3, 2]),  # out of the stem into branch and stem
        ({"0>1": "5"}, "0[+0]1", 1, [5, 1, 1]),  # a branch has an end, the stem goes on behind it
        ({"0<0>0": "1"}, "00000", 1, [0, 1, 1, 1, 0]),
        ({"0": "3", "1<0": "7"}, "10", 1, [1, 7]),  # the rule that asks for more comes first
        ({"F": "F[+F[+F]]-F"}, "F", 1, [0, 1, 2, -1]),
        ({"F": "F~F"}, "F", 1, [0, 0]),
    ],
)
def test_neighbours_and_branches(
    rules: dict[str, str], start: str, generations: int, line: list[int]
) -> None:
    """As in the books."""
    assert values(lsystem(rules, start, generations), 1) == line


def test_a_phrase_goes_round_in_its_steps_and_grows_anew() -> None:
    """So many steps over so many cycles; with chance each phrase by its own dice, by weight."""
    assert values(lsystem({"0": "012"}, "0", 1, steps=8, cycles=2), 2) == [0, 1, 2, 0, 1, 2, 0, 1]
    found = Counter(values(lsystem({"F": {"0": 1, "1": 3}}, "F", 1), 2000))
    assert found[1] / 2000 == pytest.approx(3 / 4, abs=0.03)
