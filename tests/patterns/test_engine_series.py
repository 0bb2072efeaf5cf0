"""Cells, rows, bells and even rhythms: what mathematics and ringers know of them."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from math import gcd
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patterns.core import Pattern
from patterns.engines.cells import automaton, life
from patterns.engines.evenness import bresenham, deep
from patterns.engines.series import permutations, row
from patterns.euclidean import euclidean
from patterns.registry import namespace

mini = cast("Callable[[str], Pattern]", namespace()["mini"])
ROW = [0, 3, 1, 8, 2, 7, 11, 4, 6, 10, 5, 9]


def values(pattern: Pattern, cycle: int = 0) -> list[Any]:
    """What it gives in a cycle."""
    return [hap.value for hap in pattern.haps(cycle, cycle + 1)]


def hits(pattern: Pattern, steps: int) -> list[int]:
    """At which of so many steps something begins."""
    found = [hap.whole.begin * steps for hap in pattern.haps(0, 1) if hap.whole is not None]
    assert all(place.denominator == 1 for place in found)
    return [int(place) for place in found]


# The first cells in the middle of rule 30 from a single cell: sequence A051023 of the OEIS.
MIDDLE_OF_30 = [1, 1, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1, 0, 1, 1, 0, 0, 1]


def test_rule_30_is_what_it_is_known_for() -> None:
    """In the middle; 90 draws the triangle of Pascal, odd and even."""
    assert [int(values(automaton(30, 64), cycle)[32]) for cycle in range(20)] == MIDDLE_OF_30
    line = [1]
    for cycle in range(8):
        cells = [int(cell) for cell in values(automaton(90, 32), cycle)]
        assert cells[16 - cycle : 17 + cycle : 2] == [number % 2 for number in line]
        line = [a + b for a, b in zip([0, *line], [*line, 0], strict=True)]


@given(st.integers(0, 255), st.lists(st.integers(0, 1), min_size=1, max_size=12))
def test_a_cell_follows_from_three(rule: int, first: list[int]) -> None:
    """By the digit of the rule that these three count."""
    made = automaton(rule, len(first), start=first)
    assert values(made) == [bool(cell) for cell in first]
    digits = f"{rule:08b}"[::-1]
    size = len(first)
    wanted = [
        digits[int("".join(str(first[(at + side) % size]) for side in (-1, 0, 1)), 2)] == "1"
        for at in range(size)
    ]
    assert values(made, 1) == wanted


def test_traffic_loses_no_car_and_chance_turns_cells() -> None:
    """Rule 184 keeps how many live; flips turn as many as they say; a rule may change."""
    counts = {sum(values(automaton(184, 20, start="11100100101101110010"), cycle)) for cycle in range(12)}
    assert counts == {11}
    lively = automaton(204, 50, 0.1, start="0" * 50)  # 204 leaves all as it is
    line = [hap.value for hap in lively.haps(0, 100)]
    pairs = [line[at : at + 50] for at in range(0, len(line), 50)]
    turned = sum(a != b for one, other in itertools.pairwise(pairs) for a, b in zip(one, other, strict=True))
    assert turned / (99 * 50) == pytest.approx(0.1, abs=0.02)
    assert [sum(values(automaton("<204 0>", 8), cycle)) for cycle in (0, 1, 2)] == [1, 0, 0]
    drawn = [sum(h.value for h in automaton(30, 64, start=0.25).haps(0, 1, seed=seed)) for seed in range(60)]
    assert sum(drawn) / (60 * 64) == pytest.approx(0.25, abs=0.03)


def field(pattern: Pattern, cycle: int, wide: int) -> set[tuple[int, int]]:
    """Which cells live: column and row from below."""
    found = [(hap.whole.begin, hap.value) for hap in pattern.haps(cycle, cycle + 1) if hap.whole is not None]
    return {(int((begin - cycle) * wide), height) for begin, height in found}


def test_a_glider_glides() -> None:
    """Four generations on it is one to the right and one down, also over the edge."""
    glider = life(8, 8, start=["01000000", "00100000", "11100000"])
    first = field(glider, 0, 8)
    assert len(first) == 5
    for turn in range(1, 9):
        moved = {((x + turn) % 8, (y - turn) % 8) for x, y in first}
        assert field(glider, 4 * turn, 8) == moved


def test_a_field_lives_by_its_rule_and_by_chance() -> None:
    """Highlife makes replicators of what dies in life; flips bring an empty field to life."""
    seeds = field(life(6, 6, start=["000000", "001100"], rule="B2/S"), 1, 6)
    assert seeds == {(2, 3), (3, 3), (2, 5), (3, 5)}
    assert field(life(6, 6, start=0), 5, 6) == set()
    assert field(life(6, 6, 0.2, start=0), 5, 6)


def test_forms_of_a_row() -> None:
    """Each undoes itself; all twelve notes stay; intervals are kept, mirrored or backwards."""
    steps = [(b - a) % 12 for a, b in itertools.pairwise(ROW)]
    for form, wanted in {
        "P7": steps,
        "I7": [-step % 12 for step in steps],
        "R7": [-step % 12 for step in reversed(steps)],
        "RI7": steps[::-1],
    }.items():
        line = values(row(ROW, form))
        assert sorted(line) == list(range(12))
        assert [(b - a) % 12 for a, b in itertools.pairwise(line)] == wanted
        assert values(row(line, form[:-1])) == values(row(values(row(ROW, form)), form[:-1]))
    assert values(row(values(row(ROW, "I")), "I")) == ROW == values(row(values(row(ROW, "R")), "R"))
    assert values(row(ROW, "P3"))[0] == 3
    assert values(row(ROW, "P:5")) == ROW[5:] + ROW[:5]
    assert values(row([60, 62, 67], "I-2", modulo=0)) == [58, 56, 51]


def test_forms_last_as_long_as_their_events() -> None:
    """Two in a cycle, or one over two."""
    assert values(row([0, 1, 2], "P R")) == [0, 1, 2, 2, 1, 0]
    assert values(row([0, 1, 2, 3], "<P@2 R>")) == [0, 1]
    assert values(row([0, 1, 2, 3], "<P@2 R>"), 1) == [2, 3]


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_all_orders_come_once(count: int) -> None:
    """As itertools gives them; or from each to the next two neighbours change, and round again."""
    total = len([*itertools.permutations(range(count))])
    ordered = [tuple(values(permutations(range(count)), cycle)) for cycle in range(total)]
    assert ordered == [*itertools.permutations(range(count))]
    swapped = [tuple(values(permutations(range(count), "swaps"), cycle)) for cycle in range(total + 1)]
    assert len(set(swapped)) == total
    assert swapped[0] == swapped[-1] == tuple(range(count))
    for one, other in itertools.pairwise(swapped[: total + (count > 1)]):
        different = [at for at in range(count) if one[at] != other[at]]
        assert len(different) == 2
        assert different[1] - different[0] == 1


# Rows of a plain course before it comes round, as ringers know them.
COURSES = [
    ("hunt", 6, 12), ("hunt", 5, 10), ("x16x16x16", 6, 12), ("bob", 6, 60), ("bob", 5, 40), ("bob", 8, 112),
    ("grandsire", 5, 30), ("grandsire", 7, 70), ("x16x16x16x16x16x12", 6, 60),
]  # fmt: skip


@pytest.mark.parametrize(("by", "bells", "length"), COURSES)
def test_courses_come_round(by: str, bells: int, length: int) -> None:
    """No row twice, no bell farther than a place at a time; the same after any number of courses."""
    rung = permutations(range(bells), by)
    rows = [values(rung, cycle) for cycle in range(length + 1)]
    assert len({tuple(one) for one in rows}) == length
    assert rows[length] == rows[0] == list(range(bells))
    for one, other in itertools.pairwise(rows):
        assert all(abs(one.index(bell) - other.index(bell)) <= 1 for bell in range(bells))
    assert values(rung, length * 10**9 + 3) == values(rung, 3)
    assert values(rung, -1) == values(rung, length * 7 - 1)


def test_numbers_of_orders_may_be_a_pattern() -> None:
    """Two orders in a cycle."""
    assert values(permutations("abc", number="0 5")) == ["a", "b", "c", "c", "b", "a"]


@given(st.integers(1, 32), st.integers(0, 32))
def test_lines_on_a_grid(steps: int, count: int) -> None:
    """The same distances as Euclid's in another order of begin; and the formula of a line."""
    count = min(count, steps)
    found = hits(bresenham(mini("a"), count, steps), steps)
    assert found == [step for step in range(steps) if -step * count % steps < count]
    assert len(found) == count
    drawn = [step in found for step in range(steps)]
    even = [*euclidean(count, steps)]
    assert any(drawn[turn:] + drawn[:turn] == even for turn in range(steps))


@given(st.integers(1, 12), st.integers(-30, 30))
def test_shifts_are_rotations(count: int, shift: int) -> None:
    """By a shift of so many as there are hits all hits are one step later."""
    found = hits(bresenham(mini("a"), count, 12, shift), 12)
    later = hits(bresenham(mini("a"), count, 12, shift + count), 12)
    assert later == sorted((place + 1) % 12 for place in found)
    nearby = hits(bresenham(mini("a"), count, 12, shift + 1), 12)
    assert len(set(nearby) ^ set(found)) in {0, 2 * gcd(count, 12)}


def test_seven_of_twelve_are_modes() -> None:
    """C major is the shift 5; the others are its keys."""
    assert hits(bresenham(mini("a"), 7, 12, 5), 12) == [0, 2, 4, 5, 7, 9, 11]
    keys = {tuple(hits(bresenham(mini("a"), 7, 12, shift), 12)) for shift in range(12 * 7)}
    assert len(keys) == 12


@pytest.mark.parametrize(
    ("count", "steps", "stride"), [(4, 8, 3), (5, 16, 5), (7, 16, 3), (6, 12, 5), (7, 12, 7)]
)
def test_no_two_distances_are_as_common(count: int, steps: int, stride: int) -> None:
    """That is what is called deep."""
    found = hits(deep(mini("a"), count, steps, stride), steps)
    assert len(found) == count
    apart = Counter(min(b - a, steps - b + a) for a, b in itertools.combinations(found, 2))
    assert sorted(apart.values()) == list(range(1, count))
