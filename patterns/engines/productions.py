"""Grammars: a phrase is made of parts, these of smaller ones, and rules say by chance which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, NamedTuple, cast

from patterns.arguments import over, time, told, whole
from patterns.combine import MEMORY, SILENCE, explain, fast, sequence
from patterns.core import BAD_VALUE, Flat, Pattern
from patterns.dice import Dice, dice_key
from patterns.engines.alternatives import Alternative, Weigh, alternatives, drawn_among, reads, weighing
from patterns.engines.driven import GROUP
from patterns.errors import PatternError
from patterns.reading import reify
from patterns.registry import function
from patterns.state import Walk
from patterns.ticks import TICKS, Time, scale

MOST_PARTS = 1024  # of one phrase: beyond it each sign becomes what ends soonest
_DEEPEST = 32
_OPEN, _CLOSE = "[<({", "]>)}"


class _Part(NamedTuple):
    """A sign of a rule or a piece of mini-notation, with its share of the time, and how often it comes."""

    sign: str
    pattern: Pattern | None
    share: Fraction
    times: int


Rules = dict[str, list[tuple[Alternative, list[_Part]]]]


def _words(text: str) -> list[str]:
    """Split at spaces that stand in no bracket."""
    words: list[str] = []
    depth, word = 0, ""
    for sign in text:
        depth += (sign in _OPEN) - (sign in _CLOSE)
        if sign.isspace() and depth <= 0:
            words.append(word)
            word = ""
        else:
            word += sign
    return [each for each in (*words, word) if each]


def _part(word: str, names: Mapping[str, Any]) -> _Part:
    """Read a word of a rule: `A`, `A@3` for longer, `A!2` for the same twice, or mini-notation."""
    head, at, share = word.rpartition("@")
    if not at or not share.replace(".", "", 1).isdecimal():
        head, share = word, "1"
    stem, bang, times = head.rpartition("!")
    if not bang or not times.isdecimal():
        stem, times = head, "1"
    long, count = Fraction(share), whole("grammar: !", int(times[:9]))
    if not 0 < long <= MOST_PARTS:
        raise PatternError(f"grammar: a share of time is above 0 and up to {MOST_PARTS}, found {word!r}")
    if stem in names:
        return _Part(stem, None, long, count)
    return _Part("", SILENCE if stem in {"~", "-"} else reify(stem), long, count)


def _rules(given: Any) -> Rules:
    if not isinstance(given, Mapping) or not given:
        raise TypeError(
            f'grammar wants rules in a dict, such as {{"S": "A B | A A", …}}, found {told(given)}'
        )
    rules: Rules = {}
    rows = cast("Mapping[Any, Any]", given)
    names = {str(name): None for name in rows}
    for name, row in rows.items():
        if _words(str(name)) != [str(name)]:
            raise PatternError(f"grammar: a rule is for one word, found {told(name)}")
        rules[str(name)] = [
            (one, [_part(word, names) for word in _words(one.parts)]) for one in alternatives("grammar", row)
        ]
    return rules


def _heights(rules: Rules) -> dict[str, int]:
    """How many rules deep each sign is at the least; one that is not there never ends."""
    heights: dict[str, int] = {}
    changed = True
    while changed:
        changed = False
        for name, rows in rules.items():
            for _, parts in rows:
                below = [heights.get(part.sign) for part in parts if part.pattern is None]
                if None in below:
                    continue
                height = 1 + max((each for each in below if each is not None), default=0)
                if height < heights.get(name, height + 1):
                    heights[name] = height
                    changed = True
    return heights


class _Growth:
    """One phrase on its way."""

    def __init__(self, rules: Rules, heights: Mapping[str, int], weigh: Weigh, dice: Dice) -> None:
        self.rules, self.heights, self.weigh, self.dice = rules, heights, weigh, dice
        self.room = MOST_PARTS

    def grow(self, sign: str, share: Fraction, depth: int) -> list[tuple[Fraction, Pattern]]:
        """Make of a sign the patterns that it ends in, with their shares of the time."""
        rows = self.rules[sign]
        if depth <= 0 or self.room <= 0:
            least = min(self._height(parts) for _, parts in rows)
            rows = [row for row in rows if self._height(row[1]) == least]
        parts = dict(rows)[drawn_among([one for one, _ in rows], self.weigh, self.dice)]
        total = sum((part.share * part.times for part in parts), Fraction(0))
        made: list[tuple[Fraction, Pattern]] = []
        for part in parts:
            long = share * part.share / total
            self.room -= part.times
            once = (
                [(long, part.pattern)] if part.pattern is not None else self.grow(part.sign, long, depth - 1)
            )
            if len(made) + len(once) * part.times > MOST_PARTS * 4:
                raise PatternError(f"grammar: a phrase of {sign!r} has more than {MOST_PARTS * 4} parts")
            made += once * part.times
        return made or [(share, SILENCE)]

    def _height(self, parts: Sequence[_Part]) -> int:
        return max((self.heights[part.sign] for part in parts if part.pattern is None), default=0)


@function(GROUP, strudel="")
def grammar(rules: Any, start: str = "", *, cycles: Any = 1, depth: Any = 8) -> Pattern:
    """Make a phrase by rules, anew each time: signs become signs, in their time, until all are notes.

    >>> form = grammar({"S": "A B@2", "A": "0 2", "B": "4 | A"}, "S")
    >>> [(str(hap.whole.begin), hap.value) for hap in form.haps(0, 1)][:2]
    [('0', 0), ('1/6', 2)]
    >>> {hap.value for hap in grammar({"A": {"0": 3, "7": 1}}).haps(0, 64)} == {0, 7}
    True

    Args:
        rules: What each sign becomes: texts with `|` between them, a list of texts, or weights by text,
            such as `{"A B": 3, "B": 1}`; a weight may be a pattern, read when a phrase begins. A sign's
            time is divided among its parts; `B@2` has a double share, `B!2` is twice the same, `B B` twice
            but drawn each time. What is no sign is mini-notation: `0`, `~`, `bd*2`, `[0 2]`.
        start: The sign that a phrase begins with; the first rule's if it is not said.
        cycles: How long a phrase lasts; like the next one a number or a pattern.
        depth: How many rules deep it goes, 1 to 32; there each sign becomes what ends soonest.

    Source: N. Chomsky, Three models for the description of language (1956), with weights as in C. Roads,
    Grammars as representations for music (1979).
    """
    table = _rules(rules)
    first = str(start) or next(iter(table))
    if first not in table:
        raise PatternError(f"grammar: there is no rule for {told(start)}; there are {', '.join(table)}")
    heights = _heights(table)
    endless = [name for name in table if name not in heights]
    if endless:
        raise PatternError(f"grammar: {endless[0]!r} never ends: one of its alternatives must lead to notes")
    inputs = frozenset[str]().union(
        *(reads([one for one, _ in rows]) for rows in table.values()),
        *(
            p.pattern.reads
            for rows in table.values()
            for _, parts in rows
            for p in parts
            if p.pattern is not None
        ),
    )

    def build(long: Any, deep: Any) -> Pattern:
        length, most = time("grammar: cycles=", long), whole("grammar: depth=", deep, 1, _DEEPEST)
        if not Fraction(1, 64) <= length <= 4096:
            raise PatternError(f"grammar: cycles= is from 1/64 to 4096, found {told(long)}")
        made: dict[tuple[int, int], Pattern] = {}

        def phrase(number: int, walk: Walk) -> Pattern:
            key = dice_key(walk, "grammar")
            known = made.get((key, number))
            if known is not None and not inputs:
                return known
            begin = scale(number * TICKS, length.numerator, length.denominator)
            growth = _Growth(table, heights, weighing("grammar", begin, walk), Dice(key, number))
            parts = growth.grow(first, Fraction(1), most)
            walk.spend(len(parts))
            if len(made) >= MEMORY:
                made.clear()
            found = made[key, number] = fast(sequence(parts), 1 / length)
            return found

        def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
            size = scale(TICKS, length.numerator, length.denominator)
            haps: list[Flat] = []
            while begin < end:
                number = int(begin // size)
                stop = min(end, (number + 1) * size)
                walk.spend(1)
                try:
                    found = phrase(number, walk)
                except BAD_VALUE as error:
                    walk.report(explain(error), ())
                else:
                    haps += found.run(begin, stop, walk)
                begin = stop
            return haps

        return Pattern(run, None, None, inputs)

    return over([cycles, depth], build)
