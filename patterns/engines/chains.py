"""Chains: what comes next is drawn from what came next before, after as much of the past as is known."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any, cast

from patterns.arguments import number, told, whole
from patterns.combine import keep_haps
from patterns.core import Pattern
from patterns.dice import Dice
from patterns.engines.driven import GROUP, driven
from patterns.errors import PatternError
from patterns.reading import reify
from patterns.registry import function
from patterns.ticks import TICKS

MOST_ORDER = 12
MOST_LEARNT = 4096  # values: each is learnt after 13 lengths of past
MOST_ALIKE = 512  # different values: a draw may look at all of them
_MOST_CYCLES = 64  # of a pattern, if its period is not known to be longer or shorter
_BEGIN = -1  # stands before the first value of a phrase

Context = tuple[int, ...]


class _Table:
    """What followed what: counts by context, the values by number."""

    __slots__ = ("counts", "numbers", "sums", "values")

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.numbers: dict[Any, int] = {}
        self.counts: dict[Context, dict[int, float]] = {}
        self.sums: dict[Context, tuple[list[int], list[float]]] = {}

    def number_of(self, value: Any) -> int:
        """The number of a value; a new one is taken in."""
        key = _key(value)
        found = self.numbers.get(key)
        if found is None:
            if len(self.values) >= MOST_ALIKE:
                raise PatternError(f"markov learns up to {MOST_ALIKE} different values")
            found = self.numbers[key] = len(self.values)
            self.values.append(value)
        return found

    def note(self, context: Context, follower: int, weight: float = 1) -> None:
        """Count that something followed something."""
        row = self.counts.setdefault(context, {})
        row[follower] = row.get(follower, 0) + weight

    def learn(self, phrase: Sequence[Any], loop: bool) -> None:
        """Count what follows what in a phrase, after each length of past."""
        row = [self.number_of(value) for value in phrase]
        size = len(row)
        for place, follower in enumerate(row):
            if loop:
                past = tuple(row[(place - back) % size] for back in range(MOST_ORDER, 0, -1))
            else:
                past = tuple(row[max(0, place - MOST_ORDER) : place])
            for length in range(len(past) + 1):
                self.note(past[len(past) - length :], follower)
            if place < MOST_ORDER:
                self.note((_BEGIN, *row[:place]), follower)

    def close(self) -> None:
        """Make the sums that draws are made from."""
        for context, row in self.counts.items():
            self.sums[context] = ([*row], [*accumulate(row.values())])

    def draw(self, past: Context, heat: float, escape: float, dice: Dice) -> int:
        """Draw a follower: after the longest past that is known, or after a shorter one."""
        for skipped in range(len(past) + 1):
            found = self.sums.get(past[skipped:])
            if found is None:
                continue
            followers, sums = found
            kinds = escape * len(followers)
            if kinds and dice.random() * (sums[-1] + kinds) >= sums[-1]:
                continue
            if heat != 1:
                sums = _heated([self.counts[past[skipped:]][each] for each in followers], heat)
            return followers[min(bisect_right(sums, dice.random() * sums[-1]), len(followers) - 1)]
        return dice.whole(len(self.values))


def _heated(weights: Sequence[float], heat: float) -> list[float]:
    """Growing sums of weights that are made more alike, or less."""
    top = max(weights)
    if not heat:
        return [*accumulate(float(each == top) for each in weights)]
    return [*accumulate((each / top) ** (1 / heat) for each in weights)]


def _key(value: Any) -> Any:
    """Make of a value what a dict can look up."""
    if isinstance(value, Mapping):
        parts = cast("Mapping[Any, Any]", value)
        return ("dict", *sorted((str(name), _key(part)) for name, part in parts.items()))
    if isinstance(value, (list, tuple)):
        return ("list", *(_key(part) for part in cast("Sequence[Any]", value)))
    return value


def _phrase(given: Any, cycles: int) -> list[Any]:
    """Read a phrase: the values of a list, or what a pattern plays in its first cycles."""
    if isinstance(given, (list, tuple, range)):
        values = list(cast("Sequence[Any]", given)[: MOST_LEARNT + 1])
        for value in values:
            if isinstance(value, Pattern) or callable(value):
                raise TypeError(f"markov: a list holds plain values, found {told(value)}")
        return values
    pattern = reify(given)
    if not cycles:
        period = pattern.period
        cycles = -int(-period // 1) if period is not None and period <= _MOST_CYCLES else 1
    answer = pattern.answer(0, cycles * TICKS)
    if answer.problems:
        raise PatternError(f"markov cannot learn this: {answer.problems[0].message}")
    return [hap.value for hap in answer.haps if hap.has_onset]


def _from_dict(table: _Table, rows: Mapping[Any, Any]) -> None:
    """Read weights that are written down: what follows by what was before."""
    for past, followers in rows.items():
        whole_past = cast("tuple[Any, ...]", past) if isinstance(past, tuple) else (past,)
        context = tuple(table.number_of(value) for value in whole_past)
        if len(context) > MOST_ORDER:
            raise PatternError(f"markov looks back at up to {MOST_ORDER} values, found {told(past)}")
        if not isinstance(followers, Mapping) or not followers:
            raise TypeError(
                f"markov wants weights by value after {told(past)}, such as {{0: 3, 7: 1}}, "
                f"found {told(followers)}"
            )
        for value, weight in cast("Mapping[Any, Any]", followers).items():
            size = float(number("markov: a weight", weight))
            if size < 0:
                raise PatternError(f"markov: a weight is 0 or more, found {told(weight)}")
            if size:
                follower = table.number_of(value)
                table.note(context, follower, size)
                if context:
                    table.note((), follower, size)


@function(GROUP, strudel="")
def markov(
    *phrases: Any,
    order: Any = 1,
    heat: Any = 1,
    escape: Any = 0,
    per_cycle: Any = 8,
    loop: bool = True,
    cycles: int = 0,
    name: str = "",
    since: int = 0,
) -> Pattern:
    """Play on in the manner of some phrases: each value is one that followed the last few in them.

    >>> [hap.value for hap in markov("0 2 4 7", order=2).haps(0, 1)]
    [0, 2, 4, 7, 0, 2, 4, 7]
    >>> turns = [hap.value for hap in markov({0: {7: 1}, 7: {0: 1}}).haps(0, 2)]
    >>> all(one != other for one, other in zip(turns, turns[1:]))
    True

    It looks for the last `order` values in what it has learnt; where they never stood together it backs off
    to one less, and so on, down to how often each value stands there at all.

    Args:
        phrases: One or more: text, patterns, lists of values, in which None and "~" are rests. Or one dict
            with weights of your own: what follows, by the value before, or by a tuple of values. Up to 4096
            values, 512 of them different.
        order: How many values back it looks, 0 to 12: with 1 it wanders, with 3 it quotes. Like the
            next two a number or a pattern, read when a value begins.
        heat: How even the chances become, 0 to 100: at 1 they are as learnt, at 0 the most frequent
            follower always comes, far above 1 all known followers are alike.
        escape: How readily it looks back less far although the longer past is known, 0 to 100: 0 never; 1
            as often as that past has different followers for its length (Witten and Bell), and then even a
            value that never followed may come.
        per_cycle: Values a cycle, 1 to 4096, or their rhythm, such as "x(5,8)".
        loop: Whether each phrase is learnt as a loop, its beginning following its end.
        cycles: Cycles that are learnt of a pattern, up to 64; 0 for as many as it takes to come round,
            as far as that is known.
        name: With a name it goes on through a change of the piece, in its layer, and plays on from its
            last values though it has learnt something else.
        since: The cycle in which it begins, if it is not 0.

    Source: C. Shannon, A mathematical theory of communication (1948); I. Witten, T. Bell, The
    zero-frequency problem (1991).
    """
    table = _Table()
    if len(phrases) == 1 and isinstance(phrases[0], dict):
        _from_dict(table, cast("Mapping[Any, Any]", phrases[0]))
    else:
        far = whole("markov: cycles=", cycles, 0, _MOST_CYCLES)
        lines = [_phrase(phrase, far) for phrase in phrases]
        if sum(map(len, lines)) > MOST_LEARNT:
            raise PatternError(f"markov learns up to {MOST_LEARNT} values, found more")
        for phrase in lines:
            table.learn(phrase, bool(loop))
    if not table.counts:
        raise PatternError('markov wants something to learn from, such as "0 2 4 2"')
    table.close()

    def go(past: list[Any], given: Sequence[Any], dice: Dice) -> list[Any]:
        back = whole("markov: order=", given[0], 0, MOST_ORDER)
        heat_now, escape_now = (
            float(number(f"markov: {word}=", value))
            for word, value in zip(("heat", "escape"), given[1:3], strict=True)
        )
        if not (0 <= heat_now <= 100 and 0 <= escape_now <= 100):
            raise PatternError("markov wants heat= and escape= from 0 to 100")
        recent = past[max(0, len(past) - back) :]
        known = [table.numbers.get(_key(value), len(table.values)) for value in recent]
        context = (_BEGIN, *known) if len(past) < back else tuple(known)
        follower = table.draw(context, heat_now, escape_now, dice)
        return [*past, table.values[follower]][-MOST_ORDER:]

    learnt = (table.counts, table.values)
    line = driven("markov", go, [], [order, heat, escape], per_cycle, name, since, _last, made_of=learnt)
    return keep_haps(line, lambda hap: hap[4] is not None and hap[4] != "~")


def _last(past: list[Any]) -> Any:
    return past[-1] if past else None
