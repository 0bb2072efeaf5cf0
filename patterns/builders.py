"""Making patterns: values, silence, patterns at once and one after the other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from patterns import combine
from patterns.arguments import number, over, time, told, values_of, whole
from patterns.combine import SILENCE
from patterns.core import Flat, Pattern
from patterns.kinds import is_sequence
from patterns.reading import reify
from patterns.registry import add, constant, function, row
from patterns.seams import in_cycles
from patterns.state import Walk
from patterns.ticks import TICKS, Time, common, settle, to_cycles

GROUP = "Making patterns"

constant("silence", SILENCE, "Nothing at all.", GROUP, kind="constant")

NOTHING = combine.with_steps(SILENCE, Fraction(0))
constant("nothing", NOTHING, "Silence of no steps: no place among steps.", GROUP, kind="constant")


def also_method(name: str) -> None:
    """Let patterns have a function as method, too: the pattern is its first argument."""
    entry, value = row(name)
    setattr(Pattern, name, value)
    add(replace(entry, is_method=True), value)


@function(GROUP)
def pure(value: Any) -> Pattern:
    """Repeat one value, once in each cycle; text is taken as it is, not as mini-notation.

    >>> pure("a b").haps(0, 1)[0].value
    'a b'
    """
    return combine.pure(value)


@function(GROUP)
def mini(*texts: Any) -> Pattern:
    """Read mini-notation into a bare pattern; several texts follow one another within a cycle.

    >>> [hap.value for hap in mini("a [b c]").haps(0, 1)]
    ['a', 'b', 'c']
    """
    if len(texts) == 1:
        return reify(texts[0])
    return combine.fastcat([reify(text) for text in texts])


@function(GROUP)
def gap(steps: Any) -> Pattern:
    """Rest for so many steps, for the functions that work by steps.

    >>> gap(3).haps(0, 1)
    []
    """
    return combine.with_steps(SILENCE, time("gap", steps))


@function(GROUP)
def stack(*patterns: Any) -> Pattern:
    """Play patterns at once.

    >>> len(stack("a b", "c").haps(0, 1))
    3
    """
    return combine.stack([reify(pattern) for pattern in patterns])


@function(GROUP, strudel="")
def overlay(*patterns: Any) -> Pattern:
    """Play patterns at once, as `stack`.

    >>> len(overlay("a b", "c").haps(0, 1))
    3
    """
    return stack(*patterns)


@function(GROUP)
def polyrhythm(*patterns: Any) -> Pattern:
    """Play patterns at once, each its own number of steps in a cycle, as `stack`.

    >>> len(polyrhythm("a b", "c d e").haps(0, 1))
    5
    """
    return stack(*patterns)


@function(GROUP)
def slowcat(*patterns: Any) -> Pattern:
    """Play one pattern a cycle, each going on where it left off.

    >>> [hap.value for hap in slowcat("a b", "c").haps(0, 2)]
    ['a', 'b', 'c']
    """
    return combine.slowcat([reify(pattern) for pattern in patterns])


@function(GROUP)
def cat(*patterns: Any) -> Pattern:
    """Play one pattern a cycle, as `slowcat`.

    >>> [hap.value for hap in cat("a", "b").haps(0, 2)]
    ['a', 'b']
    """
    return slowcat(*patterns)


@function(GROUP)
def slowcat_prime(*patterns: Any) -> Pattern:
    """Play one pattern a cycle, each at the cycle that it is.

    >>> [hap.value for hap in slowcat_prime("<a b>", "<c d>").haps(0, 2)]
    ['a', 'd']
    """
    made = [reify(pattern) for pattern in patterns]
    if not made:
        return SILENCE
    return combine.by_cycle(lambda cycle: made[cycle % len(made)], made)


@function(GROUP)
def fastcat(*patterns: Any) -> Pattern:
    """Play patterns one after the other within a cycle.

    >>> [str(hap.whole.begin) for hap in fastcat("a", "b").haps(0, 1)]
    ['0', '1/2']
    """
    return combine.fastcat([reify(pattern) for pattern in patterns])


@function(GROUP)
def sequence(*patterns: Any) -> Pattern:
    """Play patterns one after the other within a cycle, as `fastcat`.

    >>> [hap.value for hap in sequence("a", "b c").haps(0, 1)]
    ['a', 'b', 'c']
    """
    return fastcat(*patterns)


@function(GROUP)
def seq(*patterns: Any) -> Pattern:
    """Play patterns one after the other within a cycle, as `fastcat`.

    >>> [hap.value for hap in seq(1, 2).haps(0, 1)]
    [1, 2]
    """
    return fastcat(*patterns)


def weighted(name: str, parts: tuple[Any, ...]) -> list[tuple[Fraction, Pattern]]:
    """Read (weight, pattern) pairs, or patterns that weigh as many as they have steps."""
    made: list[tuple[Fraction, Pattern]] = []
    for part in parts:
        if is_sequence(part):
            pair: list[Any] = list(part)
            if len(pair) != 2:
                raise TypeError(f"{name} wants pairs (weight, pattern), found {told(part)}")
            made.append((time(name, pair[0]), reify(pair[1])))
        else:
            pattern = reify(part)
            made.append((Fraction(1) if pattern.steps is None else pattern.steps, pattern))
    return made


@function(GROUP)
def stepcat(*parts: Any) -> Pattern:
    """Play patterns one after the other within a cycle, each as long as its weight or its steps.

    >>> [str(hap.whole.end) for hap in stepcat((3, "a"), (1, "b")).haps(0, 1)]
    ['3/4', '1']

    Args:
        parts: Pairs (weight, pattern), or patterns that weigh as many as they have steps.
    """
    return combine.sequence(weighted("stepcat", parts))


@function(GROUP)
def timecat(*parts: Any) -> Pattern:
    """Play patterns one after the other within a cycle, by weight, as `stepcat`.

    >>> [str(hap.whole.end) for hap in timecat((3, "a"), (1, "b")).haps(0, 1)]
    ['3/4', '1']
    """
    return combine.sequence(weighted("timecat", parts))


def paced(pattern: Pattern, steps: Fraction) -> Pattern:
    """Play so many steps of a pattern in a cycle."""
    if not pattern.steps:
        return combine.with_steps(pattern, steps) if pattern is SILENCE else pattern
    return combine.with_steps(combine.fast(pattern, steps / pattern.steps), steps)


@function(GROUP)
def polymeter(*patterns: Any) -> Pattern:
    """Play patterns at once, step by step: the shorter ones begin anew while the longer go on.

    >>> len(polymeter("a b c", "d e").haps(0, 1))
    12
    """
    made = [reify(pattern) for pattern in patterns]
    counts = [pattern.steps for pattern in made if pattern.steps]
    if not counts:
        return SILENCE
    shared = common(*counts)
    assert shared is not None
    return combine.with_steps(combine.stack([paced(pattern, shared) for pattern in made]), shared)


@function(GROUP)
def arrange(*parts: Any) -> Pattern:
    """Play patterns one after the other, each for so many cycles, and begin anew.

    >>> [hap.value for hap in arrange((2, "a"), (1, "b c")).haps(0, 3)]
    ['a', 'a', 'b', 'c']

    Args:
        parts: Pairs (cycles, pattern).
    """
    sections = weighted("arrange", parts)
    total = sum((cycles for cycles, _ in sections), Fraction(0))
    if total <= 0:
        return SILENCE
    played = [(cycles, combine.fast(pattern, cycles)) for cycles, pattern in sections if cycles > 0]
    return combine.with_steps(combine.fast(combine.sequence(played), 1 / total), total)


def _sections(name: str, parts: tuple[Any, ...]) -> tuple[list[tuple[Time, Time, Pattern]], Time]:
    """Read triples (begin, end, pattern), and say where the last one ends."""
    made: list[tuple[Time, Time, Pattern]] = []
    for part in parts:
        triple: list[Any] = list(part) if is_sequence(part) else []
        if len(triple) != 3:
            raise TypeError(f"{name} wants triples (begin, end, pattern), found {told(part)}")
        begin, end = time(name, triple[0]), time(name, triple[1])
        made.append((settle(begin * TICKS), settle(end * TICKS), reify(triple[2])))
    return made, max((stop for _, stop, _ in made), default=0)


def _gated(pattern: Pattern, start: Time, stop: Time, begin: Time, end: Time, walk: Walk) -> list[Flat]:
    """Query a pattern between two times, where it is open."""
    first, last = max(begin, start), min(end, stop)
    return pattern.run(first, last, walk) if first < last or first == last == begin == end else []


@function(GROUP, strudel="")
def seq_p(*parts: Any) -> Pattern:
    """Play patterns from one cycle to another, once, each beginning with its first cycle.

    >>> [hap.value for hap in seq_p((0, 2, "a"), (1, 2, "<b c>")).haps(0, 4)]
    ['a', 'a', 'b']

    Args:
        parts: Triples (first cycle, cycle after the last, pattern).
    """
    sections = [
        (start, stop, combine.late(pattern, start // TICKS * TICKS))
        for start, stop, pattern in _sections("seq_p", parts)[0]
    ]

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for start, stop, pattern in sections:
            kept += _gated(pattern, start, stop, begin, end, walk)
        return kept

    return Pattern(run, None, None, combine.reads_of([pattern for _, _, pattern in sections]))


@function(GROUP)
def seq_p_loop(*parts: Any) -> Pattern:
    """Play patterns from one cycle to another, and loop that; each goes on with its own cycles.

    >>> [hap.value for hap in seq_p_loop((0, 2, "a"), (1, 2, "<b c>")).haps(0, 2)]
    ['a', 'a', 'c']

    Args:
        parts: Triples (first cycle, cycle after the last, pattern).
    """
    sections, total = _sections("seq_p_loop", parts)
    if total <= 0:
        return SILENCE

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        base = begin // total * total
        while True:
            walk.spend(1)
            stop = min(end, base + total)
            for opens, closes, pattern in sections:
                kept += _gated(pattern, base + opens, base + closes, begin, stop, walk)
            if end <= base + total:
                return kept
            begin = base = base + total

    periods = [pattern.period for _, _, pattern in sections]
    reads = combine.reads_of([pattern for _, _, pattern in sections])
    return Pattern(run, None, common(*periods, to_cycles(total)), reads)


@function(GROUP)
def pm(*patterns: Any) -> Pattern:
    """Play patterns at once, step by step, as `polymeter`.

    >>> len(pm("a b c", "d e").haps(0, 1))
    12
    """
    return polymeter(*patterns)


@function(GROUP)
def pr(*patterns: Any) -> Pattern:
    """Play patterns at once, as `polyrhythm`.

    >>> len(pr("a b", "c d e").haps(0, 1))
    5
    """
    return stack(*patterns)


@function(GROUP, strudel="")
def from_list(values: Sequence[Any]) -> Pattern:
    """Play the values of a list (up to 65,536), one a cycle, as they are.

    >>> [hap.value for hap in from_list([1, 2]).haps(0, 2)]
    [1, 2]
    """
    return combine.slowcat([combine.pure(value) for value in values_of("from_list", values)])


@function(GROUP, strudel="")
def list_to_pat(values: Sequence[Any]) -> Pattern:
    """Play the values of a list (up to 65,536) within a cycle, as they are.

    >>> [hap.value for hap in list_to_pat([1, 2]).haps(0, 1)]
    [1, 2]
    """
    return combine.fastcat([combine.pure(value) for value in values_of("list_to_pat", values)])


@function(GROUP, strudel="")
def from_maybes(values: Sequence[Any]) -> Pattern:
    """Play the values of a list (up to 65,536) within a cycle; None is a rest.

    >>> [str(hap.whole.begin) for hap in from_maybes([1, None, 2]).haps(0, 1)]
    ['0', '2/3']
    """
    given = values_of("from_maybes", values)
    return combine.fastcat([SILENCE if value is None else combine.pure(value) for value in given])


@function(GROUP)
def run(count: Any) -> Pattern:
    """Count from 0 up to but not the given number, within a cycle.

    >>> [hap.value for hap in run(4).haps(0, 1)]
    [0, 1, 2, 3]

    Args:
        count: How many numbers, up to 4096.
    """

    def build(value: Any) -> Pattern:
        n = whole("run", value, 0)
        if n < 2:
            return combine.fastcat([combine.pure(0)] * n)
        rows = list(range(n)), [0, *range(1 - n, 0)]  # a rising wave is below 0 before cycle 0, as in Strudel
        return _from_zero(*(combine.fastcat([combine.pure(each) for each in row]) for row in rows))

    numbers = reify(count)
    if numbers.atom is not None and not number("run", numbers.atom[0]) % 1:
        return over([count], build)
    from patterns.rhythm import segment  # it is told in terms of this module

    def steps(value: Any) -> Pattern:
        top = float(number("run", value))
        return in_cycles(combine.signal(lambda time, _: math.floor(math.fmod(time / TICKS, 1.0) * top + 0.5)))

    return segment(over([numbers], steps), numbers)


def _from_zero(later: Pattern, before: Pattern) -> Pattern:
    """Play one pattern from cycle 0 on, and another before it."""

    def choose(cycle: int, begin: Time, end: Time, walk: Walk) -> list[Flat]:
        return (later if cycle >= 0 else before).run(begin, end, walk)

    remake = combine.remaking([later, before], lambda made: _from_zero(*made))
    return replace(combine.split(later, choose, steps=later.steps), discrete=True, remake=remake)


@function(GROUP, strudel="")
def scan(count: Any) -> Pattern:
    """Count to one more in each cycle: 0, then 0 1, then 0 1 2.

    >>> [hap.value for hap in scan(3).haps(0, 3)]
    [0, 0, 1, 0, 1, 2]

    Args:
        count: How many cycles until it begins anew, 1 to 64.
    """
    return slowcat(*(run(each) for each in range(1, whole("scan", count, 1, 64) + 1)))


def _bits(name: str, value: Any, digits: int) -> Pattern:
    bits = whole(name, value, 0, 2**53)
    return combine.fastcat([combine.pure(bits >> place & 1) for place in reversed(range(digits))])


@function(GROUP)
def binary(value: Any) -> Pattern:
    """Give the binary digits of a number, as a rhythm for `struct`.

    >>> [hap.value for hap in binary(5).haps(0, 1)]
    [1, 0, 1]
    """
    return over(
        [value], lambda n: _bits("binary", n, max(1, int(number("binary", n)).bit_length())), ahead=True
    )


@function(GROUP)
def binary_n(value: Any, digits: Any = 16) -> Pattern:
    """Give so many binary digits of a number, as a rhythm for `struct`.

    >>> [hap.value for hap in binary_n(5, 4).haps(0, 1)]
    [0, 1, 0, 1]

    Args:
        value: The number.
        digits: How many digits, 1 to 53.
    """
    return over([value, digits], lambda n, d: _bits("binary_n", n, whole("binary_n", d, 1, 53)), ahead=True)


for _name in ("stack", "overlay", "cat", "slowcat", "fastcat", "sequence", "seq"):
    also_method(_name)
