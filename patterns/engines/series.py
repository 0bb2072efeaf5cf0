"""Rows and their forms: forwards, backwards, mirrored, turned, and all orders that there are."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, cast

from patterns.arguments import number, told, values_of, whole
from patterns.combine import fmap
from patterns.core import Flat, Pattern
from patterns.engines.driven import GROUP, bars
from patterns.errors import PatternError
from patterns.reading import reify
from patterns.registry import function
from patterns.spelling import near
from patterns.state import Walk
from patterns.ticks import TICKS, Time

MOST_VALUES = 64
_FAR = 10**15
_FORM = re.compile(r"(P|I|R|RI)(-?\d{0,4})", re.IGNORECASE)

Change = tuple[int, ...]
"""From which place each place takes its value."""


@function(GROUP, strudel="")
def row(values: Any, forms: Any = "P", *, modulo: int = 12) -> Pattern:
    """Play a row in its forms: P as it is, R backwards, I mirrored, RI both, moved up by a number: `I5`.

    >>> [hap.value for hap in row("0 3 1 8", "<P I R5>").haps(0, 3)]
    [0, 3, 1, 8, 0, 9, 11, 4, 1, 6, 8, 5]
    >>> [hap.value for hap in row("0 3 1 8", "P:1").haps(0, 1)]
    [3, 1, 8, 0]

    A form lasts as long as its event: `"P I"` plays two rows in a cycle. The mirror is at the row's first
    value.

    Args:
        values: The row: 1 to 64 numbers, as a list or a text such as "0 3 1 8".
        forms: Which form when: text or a pattern; `R5:2` begins with the third value of R5.
        modulo: Where values begin anew, 12 for pitch classes; 0 nowhere.

    Source: A. Schoenberg, Composition with twelve tones (1941); the rotations: E. Krenek, Extents and
    limits of serial techniques (1960).
    """
    found = values.split() if isinstance(values, str) else values_of("row", values)
    if not 0 < len(found) <= MOST_VALUES:
        raise PatternError(f"row wants 1 to {MOST_VALUES} values, found {len(found)}")
    prime = [_tidy(float(number("row", _number(value)))) for value in found]
    size = whole("row: modulo=", modulo, 0)

    def formed(given: Any) -> list[float]:
        parts = cast("Sequence[Any]", given if isinstance(given, (list, tuple)) else (given, 0))
        name, turn = parts if len(parts) == 2 else ("", 0)
        match = _FORM.fullmatch(str(name).strip())
        if match is None:
            raise PatternError(
                f"row: a form is P, R, I or RI, as it is or with a number, found {told(given)}"
            )
        kind, up = match[1].upper(), int(match[2]) if match[2] not in {"", "-"} else 0
        line = [2 * prime[0] - value for value in prime] if "I" in kind else prime
        line = [value + up if not size else (value + up) % size for value in line]
        line = line[::-1] if "R" in kind else line
        first = whole("row: a rotation", turn, -MOST_VALUES, MOST_VALUES) % len(line)
        return line[first:] + line[:first]

    forms_of = reify(forms)
    if forms_of.atom is not None:
        formed(forms_of.atom[0])
    return bars(fmap(forms_of, formed), Fraction(len(prime)))


def _tidy(value: float) -> float:
    return int(value) if value.is_integer() else value


def _number(value: Any) -> Any:
    """Read a word of a text."""
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _in_order(count: int, index: int) -> list[int]:
    """The arrangement of a number among all, as in a dictionary.

    Source: D. Lehmer, Teaching combinatorial tricks to a computer (1960).
    """
    digits: list[int] = []
    for base in range(1, count + 1):
        index, digit = divmod(index, base)
        digits.append(digit)
    left = list(range(count))
    return [left.pop(digit) for digit in reversed(digits)]


def _by_swaps(count: int, index: int) -> list[int]:
    """The arrangement of a number where each comes from the one before by changing two neighbours.

    Source: H. Steinhaus, One hundred problems in elementary mathematics (1958); S. Johnson, Generation of
    permutations by adjacent transposition (1963).
    """
    total = 1
    for base in range(2, count + 1):
        total *= base
    index %= total
    ways: list[int] = []
    for base in range(count, 0, -1):  # where the largest of so many stands, and how the rest is arranged
        index, place = divmod(index, base)
        ways.append(place if index % 2 else base - 1 - place)
    made: list[int] = []
    for value, place in enumerate(reversed(ways)):
        made.insert(place, value)
    return made


_NAMED = {"hunt", "bob", "grandsire"}


def place_notation(title: str, text: str, bells: int) -> list[Change]:
    """Read changes as ringers write them: which places stay; all others change with their neighbour.

    >>> place_notation("permutations", "x14", 4)
    [(1, 0, 3, 2), (0, 2, 1, 3)]

    Source: W. Wilson, Change ringing (1965).
    """
    names = "1234567890ETABCD"
    changes: list[Change] = []
    for word in re.findall(r"x|[^x.\s]+", text.replace("-", "x").replace("X", "x")):
        stay = set[int]() if word == "x" else {names.find(sign.upper()) for sign in word}
        if not all(0 <= place < bells for place in stay):
            raise PatternError(f"{title}: {word!r} names a place beyond the {bells} values")
        change: list[int] = []
        place = 0
        while place < bells:
            pair = place not in stay and place + 1 < bells and place + 1 not in stay
            change += [place + 1, place] if pair else [place]
            place += 2 if pair else 1
        changes.append(tuple(change))
    if not changes:
        raise PatternError(f"{title}: there is no change in {text!r}")
    return changes


def _method(title: str, name: str, bells: int) -> list[Change]:
    last = "1234567890ETABCD"[bells - 1]
    hunt = ["x", f"1{last}"] if bells % 2 == 0 else [last, "1"]
    if name == "hunt":
        words = hunt * bells
    elif name == "bob":  # all but the first dodge where the hunt would begin again
        words = [*(hunt * bells)[:-1], "12" if bells % 2 == 0 else f"12{last}"]
    else:
        if bells % 2 == 0 or bells < 5:
            raise PatternError(f"{title}: grandsire wants 5, 7, 9, 11, 13 or 15 values, found {bells}")
        words = ["3", *(hunt * bells)[1:]]
    return place_notation(title, ".".join(words), bells)


def _after(row: Change, change: Change) -> Change:
    return tuple(row[place] for place in change)


def _rung(changes: Sequence[Change], bells: int) -> Callable[[int, int], list[int]]:
    """Give the rows of a method by number; it comes round, with 16 bells after 140 leads at the latest."""
    rounds: Change = tuple(range(bells))
    lead = rounds
    for change in changes:
        lead = _after(lead, change)
    heads = [rounds]
    while (head := _after(heads[-1], lead)) != rounds:
        heads.append(head)

    def at(_count: int, index: int) -> list[int]:
        leads, rest = divmod(index, len(changes))
        found = heads[leads % len(heads)]
        for change in changes[:rest]:
            found = _after(found, change)
        return list(found)

    return at


@function(GROUP, strudel="")
def permutations(values: Any, by: str = "order", number: Any = None) -> Pattern:
    """Play some values in all their orders, one order each cycle.

    >>> [[hap.value for hap in permutations("abc").haps(cycle, cycle + 1)] for cycle in (0, 1, 5)]
    [['a', 'b', 'c'], ['a', 'c', 'b'], ['c', 'b', 'a']]
    >>> [[hap.value for hap in permutations(range(1, 7), "bob").haps(cycle, cycle + 1)] for cycle in (1, 2)]
    [[2, 1, 4, 3, 6, 5], [2, 4, 1, 6, 3, 5]]

    Args:
        values: 1 to 64 values, a list, a `range` or the letters of a text; to ring them, 3 to 16.
        by: What comes next: "order", as in a dictionary; "swaps", two neighbours change places; or as bells
            are rung: "hunt", "bob" (plain bob), "grandsire", or a place notation such as "x16x16x12".
        number: The number of the order, from 0 on, text or a pattern; that of the cycle if it is not said.

    Source: for the bells, R. Duckworth, F. Stedman, Tintinnalogia (1668).
    """
    found = values_of("permutations", values)
    size = len(found)
    if not 0 < size <= MOST_VALUES:
        raise PatternError(f"permutations wants 1 to {MOST_VALUES} values, found {size}")
    order: Callable[[int, int], list[int]]
    if by == "order":
        order = _in_order
    elif by == "swaps":
        order = _by_swaps
    elif not isinstance(by, str) or not 3 <= size <= 16:  # pyright: ignore[reportUnnecessaryIsInstance] - a piece is not type-checked
        raise PatternError(f"permutations: 3 to 16 values are rung, found {size} by {told(by)}")
    elif by in _NAMED:
        order = _rung(_method("permutations", by, size), size)
    elif re.fullmatch(r"[-x.\s0-9ETABCD]+", by, re.IGNORECASE):
        order = _rung(place_notation("permutations", by, size), size)
    else:
        words = [*sorted(_NAMED), "order", "swaps"]
        likely = near(by, words)
        hint = f"; did you mean {likely[0]}?" if likely else f": it is one of {', '.join(words)}"
        raise PatternError(f"permutations: there is no {told(by)}{hint}")

    def arranged(index: Any) -> list[Any]:
        return [
            found[place] for place in order(size, whole("permutations: number=", index, -(10**15), 10**15))
        ]

    numbers = Pattern(_cycles, Fraction(1), discrete=True) if number is None else reify(number)
    return bars(fmap(numbers, arranged), Fraction(size))


def _cycles(begin: Time, end: Time, walk: Walk) -> list[Flat]:
    """The number of each cycle."""
    first, last = int(begin // TICKS), int(-(-end // TICKS))
    walk.spend(last - first)
    return [
        (c * TICKS, (c + 1) * TICKS, max(begin, c * TICKS), min(end, (c + 1) * TICKS), c, ())
        for c in range(first, max(last, first + 1))
    ]
