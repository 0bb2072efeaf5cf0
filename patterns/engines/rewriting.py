"""Growth by rules with chance, neighbours and branches: lines that look like plants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

from patterns.arguments import number, over, told, whole
from patterns.combine import explain
from patterns.core import BAD_VALUE, Flat, Pattern
from patterns.dice import Dice, dice_key
from patterns.engines.alternatives import Alternative, Weigh, alternatives, drawn_among, reads, weighing
from patterns.engines.driven import GROUP, bars
from patterns.errors import PatternError
from patterns.registry import function
from patterns.state import Walk
from patterns.ticks import TICKS, Time

MOST_SIGNS = 8192  # of a generation; a rule that doubles reaches it in 13
_MOST_GENERATIONS = 64
_MOST_ROWS = 16  # grown texts that are kept, so that a phrase is not grown for each query


class _Rule(NamedTuple):
    """What a sign becomes where it stands between two others; an empty one may be any."""

    left: str
    right: str
    becomes: list[Alternative]


Rules = dict[str, list[_Rule]]


def _rules(given: Any) -> Rules:
    if not isinstance(given, Mapping) or not given:
        raise TypeError(f'lsystem wants rules in a dict, such as {{"A": "A[+B]A"}}, found {told(given)}')
    rules: Rules = {}
    for key, becomes in cast("Mapping[Any, Any]", given).items():
        head, less, rest = str(key).rpartition("<")
        sign, more, right = rest.partition(">")
        if len(sign) != 1 or (less and len(head) != 1) or (more and len(right) != 1):
            raise PatternError(
                f"lsystem: a rule is for one sign, A, or for one beside others, B<A>C, found {told(key)}"
            )
        rules.setdefault(sign, []).append(_Rule(head, right, alternatives("lsystem", becomes)))
    for row in rules.values():  # the more it asks for, the sooner it is tried
        row.sort(key=lambda rule: -bool(rule.left) - bool(rule.right))
    return rules


def _neighbours(text: str) -> tuple[list[str], list[str]]:
    """For each sign the one that it grows out of, and the one that grows out of it in the same branch."""
    return _ancestors(text, "[", "]"), _ancestors(text[::-1], "]", "[")[::-1]


def _ancestors(text: str, out: str, back: str) -> list[str]:
    found: list[str] = []
    kept: list[str] = []
    last = ""
    for sign in text:
        found.append(last)
        if sign == out:
            kept.append(last)
            last = "" if out == "]" else last
        elif sign == back:
            last = kept.pop() if kept else last
        elif sign not in "+-":
            last = sign
    return found


def rewritten(text: str, rules: Rules, weigh: Weigh, dice: Dice) -> str:
    """Let each sign of a text become what its rule says."""
    parts: list[str] = []
    size = 0
    for sign, before, behind in zip(text, *_neighbours(text), strict=True):
        became = sign
        for rule in rules.get(sign, ()):
            if (rule.left and before != rule.left) or (rule.right and behind != rule.right):
                continue
            became = drawn_among(rule.becomes, weigh, dice).parts
            break
        size += len(became)
        if size > MOST_SIGNS:
            raise PatternError(f"lsystem grows past {MOST_SIGNS} signs; take fewer generations")
        parts.append(became)
    return "".join(parts)


def _line(text: str, step: float) -> list[Any]:
    """Read a grown text as a line: letters are notes, `+` and `-` move, brackets go out and come back."""
    line: list[Any] = []
    here: float = 0
    kept: list[float] = []
    for sign in text:
        if sign == "+":
            here += step
        elif sign == "-":
            here -= step
        elif sign == "[":
            kept.append(here)
        elif sign == "]":
            here = kept.pop() if kept else here
        else:
            line.append(None if sign in "~ " else here + int(sign) * step if sign.isdecimal() else here)
    return line


@function(GROUP, strudel="")
def lsystem(
    rules: Any, start: str = "", generations: Any = 3, step: Any = 1, *, steps: int = 0, cycles: int = 1
) -> Pattern:
    """Grow a line as a plant grows: signs become other signs, branch off and come back; letters are notes.

    >>> [hap.value for hap in lsystem({"F": "F[+F]-F"}, generations=1).haps(0, 1)]
    [0, 1, -1]
    >>> [hap.value for hap in lsystem({"A": "AB", "B": "+A"}, generations="<1 2>").haps(0, 2)]
    [0, 0, 0, 0, 1]

    Of what has grown each letter is a note at the height that was reached, a digit so many steps above it;
    `+` and `-` move up and down, `[` keeps the height and `]` goes back to it, `~` is a rest.

    Args:
        rules: What each sign becomes: text, texts with `|` between them, a list of texts, or weights by
            text as in `grammar`. `B<A>C` is for an A that comes after B and before C in its branch, `B<A`
            and `A>C` for one of them.
        start: The first generation; the first rule's sign if it is not said.
        generations: How often the rules are applied, 0 to 64; like the next one a number or a pattern.
        step: How far `+` and `-` move.
        steps: Steps in a phrase: what is longer is cut, what is shorter goes round; 0 for as many as there
            are.
        cycles: How long a phrase lasts, 1 to 256. Where there is chance each phrase grows anew.

    Source: P. Prusinkiewicz, A. Lindenmayer, The algorithmic beauty of plants (1990); as scores:
    P. Prusinkiewicz, Score generation with L-systems (1986).
    """
    table = _rules(rules)
    axiom = str(start) or next(iter(table))
    count, long = whole("lsystem: steps=", steps, 0), whole("lsystem: cycles=", cycles, 1, 256)
    rows = [rule.becomes for rules_of in table.values() for rule in rules_of]
    inputs = frozenset[str]().union(*(reads(row) for row in rows))
    size = long * TICKS

    def build(value: Any, far: Any) -> Pattern:
        times = whole("lsystem: generations=", value, 0, _MOST_GENERATIONS)
        interval = float(number("lsystem: step=", far))
        interval = int(interval) if interval.is_integer() else interval
        grown: dict[tuple[int, int], Sequence[Any]] = {}

        def phrase(index: int, walk: Walk) -> Sequence[Any]:
            key = dice_key(walk, "lsystem")
            known = grown.get((key, index))
            if known is not None and not inputs:
                return known
            weigh = weighing("lsystem", index * size, walk)
            text = axiom
            for generation in range(times):
                text = rewritten(text, table, weigh, Dice(key, index, generation))
                walk.spend(len(text))
            line = _line(text, interval)
            if count and line:
                line = (line * (count // len(line) + 1))[:count]
            if len(grown) >= _MOST_ROWS:
                grown.clear()
            grown[key, index] = line
            return line

        def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
            haps: list[Flat] = []
            for index in range(int(begin // size), int(-(-end // size))):
                first, last = index * size, (index + 1) * size
                try:
                    line = phrase(index, walk)
                except BAD_VALUE as error:
                    walk.report(explain(error), ())
                    continue
                haps.append((first, last, max(begin, first), min(end, last), line, ()))
            return haps

        return bars(Pattern(run, None, None, inputs, discrete=True))

    return over([generations, step], build)
