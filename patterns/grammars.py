"""Patterns that grow from rules: chains of chance and rewriting systems."""

from __future__ import annotations

from itertools import accumulate
from typing import Any

from patterns.arguments import number, over, told, whole
from patterns.chance import noise
from patterns.combine import SILENCE, fastcat, pure, split
from patterns.core import Flat, Pattern
from patterns.errors import PatternError
from patterns.kinds import is_controls, is_sequence
from patterns.registry import function
from patterns.state import Walk
from patterns.ticks import TICKS, Time, scale

GROUP = "Chance"
MOST_STATES = 256
MOST_SYMBOLS = 65_536  # a rule that doubles reaches it in 16 generations


def _chances(matrix: Any) -> list[list[float]]:
    """Read the rows of a matrix as growing sums that end at 1."""
    if not is_sequence(matrix) or not 0 < len(matrix) <= MOST_STATES:
        raise TypeError(
            f"markov_pat wants a matrix: 1 to {MOST_STATES} lists of weights, found {told(matrix)}"
        )
    rows: list[list[float]] = []
    for row in matrix:
        if not is_sequence(row) or len(row) != len(matrix):
            raise TypeError(f"each row of the matrix must have {len(matrix)} weights, found {told(row)}")
        weights = [float(number("markov_pat", weight)) for weight in row]
        total = sum(weights)
        if min(weights) < 0 or not total:
            raise PatternError(f"the weights of a row must be 0 and more, and not all 0, found {row!r}")
        rows.append([part / total for part in accumulate(weights)])
    return rows


@function(GROUP)
def markov_pat(steps: Any, start: Any, matrix: Any) -> Pattern:
    """Walk at random between states, each cycle anew from the same one.

    >>> [hap.value for hap in markov_pat(4, 0, [[0, 1], [1, 0]]).haps(0, 1)]
    [0, 1, 0, 1]

    Args:
        steps: States in a cycle, 1 to 4096.
        start: The first state of each cycle, from 0.
        matrix: For each state a list of weights: how likely each state comes next.
    """
    rows = _chances(matrix)

    def build(count: Any, first: Any) -> Pattern:
        n, begin_state = whole("markov_pat", count), whole("markov_pat", first, 0, len(rows) - 1)

        def run(cycle: int, begin: Time, end: Time, walk: Walk) -> list[Flat]:
            walk.spend(n)
            base = cycle * TICKS
            state = begin_state
            kept: list[Flat] = []
            for place in range(n):
                start_, stop = base + scale(TICKS * place, 1, n), base + scale(TICKS * (place + 1), 1, n)
                if place:
                    drawn = noise(start_, walk)
                    state = next((i for i, bound in enumerate(rows[state]) if drawn < bound), len(rows) - 1)
                if start_ >= end and place:
                    break
                if stop > begin:
                    kept.append((start_, stop, max(start_, begin), min(stop, end), state, ()))
            return kept

        return split(SILENCE, run, steps=None)

    return over([steps, start], build)


def _rules(rules: Any) -> dict[str, str]:
    """Read rules from a dict, or from text such as `a:b,b:ab`."""
    if is_controls(rules):
        table = {str(symbol): str(text) for symbol, text in rules.items()}
        for symbol in table:
            if len(symbol) != 1:
                raise PatternError(f"a rule of lindenmayer is for one sign, found {told(symbol)}")
        return table
    if not isinstance(rules, str):
        raise TypeError(f"lindenmayer wants rules such as 'a:b,b:ab' or a dict, found {told(rules)}")
    found: dict[str, str] = {}
    for rule in rules.split(","):
        symbol, colon, text = rule.strip().partition(":")
        if not colon or len(symbol) != 1:
            raise PatternError(f"a rule is one sign, a colon and what it becomes, as in a:b, found {rule!r}")
        found[symbol] = text
    return found


def grown(generations: int, rules: dict[str, str], start: str) -> str:
    """Rewrite a text so many times.

    >>> grown(4, {"a": "b", "b": "ab"}, "a")
    'abbab'

    Raises:
        PatternError: It grows past 65,536 signs.

    Source: A. Lindenmayer, Mathematical models for cellular interactions in development (1968).
    """
    text = start
    for _ in range(generations):
        parts = [rules.get(symbol, symbol) for symbol in text]
        if sum(map(len, parts)) > MOST_SYMBOLS:
            raise PatternError(f"lindenmayer grows past {MOST_SYMBOLS} signs; take fewer generations")
        text = "".join(parts)
    return text


@function(GROUP)
def lindenmayer(generations: Any, rules: Any, start: str) -> Pattern:
    """Grow a line by rules, one step for each sign, within a cycle; `~` and `-` are rests.

    >>> [hap.value for hap in lindenmayer(4, "a:b,b:ab", "a").haps(0, 1)]
    ['a', 'b', 'b', 'a', 'b']

    Args:
        generations: How often the rules are applied, 0 to 64.
        rules: What each sign becomes: text such as `a:b,b:ab`, or a dict.
        start: The first generation. Digits are numbers: `.pick([...])` makes patterns of them.
    """
    count, table = whole("lindenmayer", generations, 0, 64), _rules(rules)
    signs = grown(count, table, str(start))
    made = [SILENCE if sign in "~- " else pure(int(sign) if sign.isdecimal() else sign) for sign in signs]
    return fastcat(made)


@function(GROUP)
def lindenmayer_i(generations: Any, rules: Any, start: str) -> Pattern:
    """As `lindenmayer`, for digits only: numbers for `note`, `n` or `pick`.

    >>> [hap.value for hap in lindenmayer_i(2, "1:12,2:1", "1").haps(0, 1)]
    [1, 2, 1]

    Args:
        generations: How often the rules are applied, 0 to 64.
        rules: What each digit becomes: text such as `1:12,2:1`, or a dict.
        start: The first generation.
    """
    table = _rules(rules)
    other = [sign for sign in f"{start}{''.join(table)}{''.join(table.values())}" if not sign.isdecimal()]
    if other:
        raise PatternError(f"lindenmayer_i wants digits only, found {other[0]!r}")
    return lindenmayer(generations, table, start)
