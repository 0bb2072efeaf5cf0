"""Cells that live by their neighbours: a row of them as rhythm, a field of them as chords."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, cast

from patterns.arguments import probability, told, whole
from patterns.combine import fmap
from patterns.core import Flat, Pattern
from patterns.dice import Dice
from patterns.engines.driven import GROUP, bars, driven
from patterns.errors import PatternError
from patterns.registry import function
from patterns.state import Walk
from patterns.ticks import Time

MOST_CELLS = 256  # in a row
_MOST_SIDE = 64  # of a field

Row = list[int]


def _row(title: str, start: Any, count: int) -> Row | float:
    """Read the first row: 0 and 1 in a text or a list, or how likely a cell lives."""
    if start is None:
        return [int(place == count // 2) for place in range(count)]
    if isinstance(start, (int, float, Fraction)):
        return probability(f"{title}: start=", start)
    if isinstance(start, str):
        signs = [*start.replace(" ", "")]
    elif isinstance(start, (list, tuple)):
        signs = [str(int(bool(cell))) for cell in cast("Sequence[Any]", start)]
    else:
        signs = []
    if not signs or not set(signs) <= set("01x.~"):
        raise PatternError(
            f"{title}: start= wants 0 and 1, as in 00100, or a probability, found {told(start)}"
        )
    row = [int(sign in "1x") for sign in signs[:count]]
    return row + [0] * (count - len(row))


def _next_row(row: Row, rule: int) -> Row:
    """Let each cell follow from itself and its neighbours; the row is a ring.

    Source: S. Wolfram, Statistical mechanics of cellular automata (1983).
    """
    size = len(row)
    return [rule >> (4 * row[i - 1] + 2 * row[i] + row[(i + 1) % size]) & 1 for i in range(size)]


def _turned(row: Row, chance: float, dice: Dice) -> Row:
    """Turn random cells to the other side."""
    return [cell ^ (dice.random() < chance) for cell in row] if chance else row


@function(GROUP, strudel="")
def automaton(
    rule: Any = 30,
    cells: int = 16,
    flips: Any = 0,
    *,
    start: Any = None,
    name: str = "",
    since: int = 0,
) -> Pattern:
    """Let a row of cells live by their neighbours: each cycle is a generation, true and false for `struct`.

    >>> [[int(hap.value) for hap in automaton(90, 8).haps(cycle, cycle + 1)] for cycle in range(3)]
    [[0, 0, 0, 0, 1, 0, 0, 0], [0, 0, 0, 1, 0, 1, 0, 0], [0, 0, 1, 0, 0, 0, 1, 0]]

    Args:
        rule: 0 to 255, of Wolfram's numbers: 30 is chaos, 90 draws triangles, 110 has wanderers, 184 is
            traffic. Like the one but next a number or a pattern, read when a cycle begins.
        cells: Cells in the row, which is a ring: steps in a cycle, 1 to 256.
        flips: How likely a cell turns by chance, 0 to 1.
        start: The first row: 0 and 1, as in "0010", or how likely a cell lives in it; one in the middle if
            it is not said.
        name: With a name it goes on through a change of the piece, in its layer.
        since: The cycle in which it begins, if it is not 0.
    """
    count = whole("automaton: cells=", cells, 1, MOST_CELLS)
    first = _row("automaton", start, count)

    def go(row: Row, given: Sequence[Any], dice: Dice) -> Row:
        number, chance = (
            whole("automaton: rule=", given[0], 0, 255),
            probability("automaton: flips=", given[1]),
        )
        if not row:
            return first if isinstance(first, list) else _turned([0] * count, first, dice)
        fitted = (row * (count // len(row) + 1))[:count]  # what a version with fewer cells has left
        return _turned(_next_row(fitted, number), chance, dice)

    rows = driven("automaton", go, [], [rule, flips], 1, name, since, cost=count, made_of=(first,))
    return fmap(bars(rows, Fraction(count)), bool)


def _lives(title: str, given: Any) -> tuple[frozenset[int], frozenset[int]]:
    """Read a rule such as B3/S23: with how many neighbours a cell is born, and lives on."""
    parts = str(given).upper().replace(" ", "").split("/")
    if (
        len(parts) != 2
        or parts[0][:1] != "B"
        or parts[1][:1] != "S"
        or not set("".join(parts)) <= set("BS012345678")
    ):
        raise PatternError(f'{title}: rule= wants a rule such as "B3/S23", found {told(given)}')
    born, stays = ({int(sign) for sign in part[1:] if sign.isdecimal()} for part in parts)
    return frozenset(born), frozenset(stays)


def _next_field(field: list[Row], born: frozenset[int], stays: frozenset[int]) -> list[Row]:
    """Let each cell follow from its eight neighbours; what leaves on one side comes in on the other."""
    high, wide = len(field), len(field[0])
    across = [[row[x - 1] + row[x] + row[(x + 1) % wide] for x in range(wide)] for row in field]
    made: list[Row] = []
    for y, row in enumerate(field):
        above, here, below = across[y - 1], across[y], across[(y + 1) % high]
        around = [above[x] + here[x] + below[x] - row[x] for x in range(wide)]
        made.append([int(near in (stays if cell else born)) for cell, near in zip(row, around, strict=True)])
    return made


@function(GROUP, strudel="")
def life(
    rows: int = 8,
    columns: int = 16,
    flips: Any = 0,
    *,
    start: Any = 0.3,
    rule: str = "B3/S23",
    name: str = "",
    since: int = 0,
) -> Pattern:
    """Let a field of cells live: a generation each cycle, its columns steps, the living of each numbers.

    >>> [hap.value for hap in life(3, 3, start=["010", "010", "000"], rule="B3/S012345678").haps(0, 1)]
    [1, 2]
    >>> blinker = life(5, 5, start=["00000", "00000", "01110", "00000", "00000"])
    >>> [[hap.value for hap in blinker.haps(cycle, cycle + 1)] for cycle in range(3)]
    [[2, 2, 2], [1, 2, 3], [2, 2, 2]]

    The lowest row is 0: `n(life()).scale("C:minor")`. What leaves on one side comes in on the other.

    Args:
        rows: How high the field is, 1 to 64.
        columns: How wide it is: steps in a cycle, 1 to 64.
        flips: How likely a cell turns by chance, 0 to 1: a little keeps it from dying; a number or a
            pattern, read when a cycle begins.
        start: The first generation: a list of rows of 0 and 1, the highest first, or how likely a cell
            lives in it.
        rule: With how many neighbours, of eight, a cell is born and lives on.
        name: With a name it goes on through a change of the piece, in its layer.
        since: The cycle in which it begins, if it is not 0.

    Source: J. Conway, in M. Gardner, Mathematical games (Scientific American, October 1970).
    """
    high, wide = whole("life: rows=", rows, 1, _MOST_SIDE), whole("life: columns=", columns, 1, _MOST_SIDE)
    born, stays = _lives("life", rule)
    chance = 0.0
    drawn: list[Row] = []
    if isinstance(start, (list, tuple)):
        found = [_row("life", row, wide) for row in cast("Sequence[Any]", start)[:high]]
        drawn = [row for row in found if isinstance(row, list)]
        if len(drawn) < len(found) or not drawn:
            raise PatternError(f'life: start= wants rows such as ["010", "111"], found {told(start)}')
        drawn += [[0] * wide] * (high - len(drawn))
    else:
        chance = probability("life: start=", start)

    def go(field: list[Row], given: Sequence[Any], dice: Dice) -> list[Row]:
        turns = probability("life: flips=", given[0])
        if not field:
            return drawn or [_turned([0] * wide, chance, dice) for _ in range(high)]
        fitted = [((field[y] if y < len(field) else []) + [0] * wide)[:wide] for y in range(high)]
        return [_turned(row, turns, dice) for row in _next_field(fitted, born, stays)]

    fields = driven(
        "life", go, [], [flips], 1, name, since, cost=high * wide // 4, made_of=(drawn, born, stays)
    )
    return _columns(fields, wide)


def _columns(fields: Pattern, wide: int) -> Pattern:
    """Play the columns of fields one after the other, the living cells of each at once."""

    def columns(field: list[Row]) -> list[list[int]]:
        high = len(field)
        return (
            [[high - 1 - y for y in range(high - 1, -1, -1) if field[y][x]] for x in range(wide)]
            if field
            else []
        )

    chords = bars(fmap(fields, columns), Fraction(wide))
    inner = chords.run

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        haps: list[Flat] = []
        for b, e, pb, pe, chord, w in inner(begin, end, walk):
            walk.spend(len(chord))
            haps += [(b, e, pb, pe, each, w) for each in chord]
        return haps

    return Pattern(run, chords.steps, None, chords.reads, discrete=True)
