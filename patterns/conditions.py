"""Functions that apply another function: sometimes, on some cycles, on a part, beside the original."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from patterns import combine
from patterns.arguments import apply, called, number, over, ticks, told, whole
from patterns.combine import by_cycle, fmap, keep_haps, pure, stack, with_steps
from patterns.core import Pattern
from patterns.errors import PatternError
from patterns.joining import app_left, inner_join, merge_values
from patterns.kinds import as_controls, is_list
from patterns.registry import transform
from patterns.ticks import TICKS, to_cycles, whole_cycles
from patterns.truths import booleans, truth

GROUP = "Applying functions"
_LOUDEST = 1000  # times as loud as the one before: the 64th is still a number


def _on_one(name: str, pattern: Pattern, count: Any, change: Any, *, last: bool) -> Pattern:
    changed = apply(name, change, pattern)

    def build(value: Any) -> Pattern:
        n = whole(name, value)
        turn = n - 1 if last else 0
        period = whole_cycles(pattern.period, changed.period, Fraction(n))
        return by_cycle(
            lambda cycle: changed if cycle % n == turn else pattern, [pattern, changed], period=period
        )

    return over([count], build, pattern, changed, ahead=True)


@transform(GROUP)
def every(pattern: Pattern, count: Any, change: Any) -> Pattern:
    """Apply a function to the first of every so many cycles.

    >>> [hap.value for hap in mini("a b").every(2, rev).haps(0, 2)]
    ['b', 'a', 'a', 'b']

    Args:
        pattern: The pattern.
        count: Number of cycles, 1 to 4096.
        change: The function.
    """
    return _on_one("every", pattern, count, change, last=False)


@transform(GROUP)
def first_of(pattern: Pattern, count: Any, change: Any) -> Pattern:
    """Apply a function to the first of every so many cycles, as `every`.

    >>> [hap.value for hap in mini("a b").first_of(2, rev).haps(0, 2)]
    ['b', 'a', 'a', 'b']
    """
    return _on_one("first_of", pattern, count, change, last=False)


@transform(GROUP)
def last_of(pattern: Pattern, count: Any, change: Any) -> Pattern:
    """Apply a function to the last of every so many cycles.

    >>> [hap.value for hap in mini("a b").last_of(2, rev).haps(0, 2)]
    ['a', 'b', 'b', 'a']

    Args:
        pattern: The pattern.
        count: Number of cycles, 1 to 4096.
        change: The function.
    """
    return _on_one("last_of", pattern, count, change, last=True)


@transform(GROUP)
def when(pattern: Pattern, condition: Any, change: Any) -> Pattern:
    """Apply a function while a pattern is true.

    >>> [hap.value for hap in mini("a b").when("<1 0>", rev).haps(0, 2)]
    ['b', 'a', 'a', 'b']

    Args:
        pattern: The pattern.
        condition: A pattern of true and false, or a function of the cycle's number.
        change: The function.
    """
    changed = apply("when", change, pattern)
    if callable(condition) and not isinstance(condition, Pattern):
        test: Callable[[int], Any] = condition
        return by_cycle(lambda cycle: changed if test(cycle) else pattern, [pattern, changed])
    return inner_join(
        fmap(booleans(condition), truth),
        lambda value: changed if value else pattern,
        pattern.reads | changed.reads,
        ahead=True,
    )


@transform(GROUP, name="when_t", strudel="", tidal="whenT")
def when_time(pattern: Pattern, test: Callable[[Fraction], Any], change: Any) -> Pattern:
    """Apply a function to the events whose begin passes a test.

    >>> [hap.value for hap in mini("0 1").when_t(lambda t: t % 1 < 1/2, add(10)).haps(0, 1)]
    [10, 1]

    Args:
        pattern: The pattern.
        test: A function of the begin in cycles, an exact fraction.
        change: The function.
    """
    asked = called("when_t", "a function of a time in cycles", test)

    def passes(hap: Any) -> bool:
        return hap[0] is not None and bool(asked(to_cycles(hap[0])))

    changed = keep_haps(apply("when_t", change, pattern), passes)
    return with_steps(stack([changed, keep_haps(pattern, lambda hap: not passes(hap))]), pattern.steps)


@transform(GROUP)
def within(pattern: Pattern, begin: Any, end: Any, change: Any = None) -> Pattern:
    """Apply a function to a part of each cycle.

    >>> [hap.value for hap in mini("0 1 2 3").within(0, 0.5, add(10)).haps(0, 1)]
    [10, 11, 12, 3]
    >>> [hap.value for hap in mini("0 1 2 3").within((0, 0.5), add(10)).haps(0, 1)]
    [10, 11, 12, 3]

    Args:
        pattern: The pattern.
        begin: Where the part begins, 0 to 1; or a pair (begin, end), with the function after it.
        end: Where it ends, 0 to 1; an event that begins there is still in it, as in Strudel.
        change: The function.
    """
    if is_list(begin):
        if len(begin) != 2 or change is not None:
            raise TypeError(f"within wants (begin, end) and a function, found {told(begin)}")
        begin, end, change = *begin, end

    def build(b: Any, e: Any) -> Pattern:
        first, last = ticks("within", b), ticks("within", e)

        def inside(hap: Any) -> bool:
            return hap[0] is not None and first <= hap[0] % TICKS <= last

        changed = apply("within", change, keep_haps(pattern, inside))
        return with_steps(stack([changed, keep_haps(pattern, lambda hap: not inside(hap))]), pattern.steps)

    return over([begin, end], build, pattern, probe=lambda: apply("within", change, pattern))


@transform(GROUP)
def superimpose(pattern: Pattern, *changes: Any) -> Pattern:
    """Play changed copies together with the original.

    >>> [hap.value for hap in mini("0").superimpose(add(7)).haps(0, 1)]
    [0, 7]
    """
    return stack([pattern, *(apply("superimpose", change, pattern) for change in changes)])


@transform(GROUP)
def layer(pattern: Pattern, *changes: Any) -> Pattern:
    """Play changed copies together, without the original.

    >>> [hap.value for hap in mini("0").layer(add(1), add(2)).haps(0, 1)]
    [1, 2]
    """
    return stack([apply("layer", change, pattern) for change in changes])


@transform(GROUP, name="apply")
def apply_one(pattern: Pattern, change: Any) -> Pattern:
    """Apply a function to the whole pattern.

    >>> mini("a b").apply(rev).haps(0, 1)[0].value
    'b'
    """
    return apply("apply", change, pattern)


@transform(GROUP)
def always(pattern: Pattern, change: Any) -> Pattern:
    """Apply a function, always.

    >>> mini("a b").always(rev).haps(0, 1)[0].value
    'b'
    """
    return apply("always", change, pattern)


@transform(GROUP)
def never(pattern: Pattern, change: Any) -> Pattern:
    """Leave the pattern as it is: a function switched off.

    >>> mini("a b").never(rev).haps(0, 1)[0].value
    'a'
    """
    apply("never", change, pattern)
    return pattern


@transform(GROUP)
def apply_n(pattern: Pattern, times: Any, change: Any) -> Pattern:
    """Apply a function several times.

    >>> mini("1").apply_n(3, mul(2)).haps(0, 1)[0].value
    8

    Args:
        pattern: The pattern.
        times: How often, 0 to 64.
        change: The function.
    """

    def build(value: Any) -> Pattern:
        made = pattern
        for _ in range(whole("apply_n", value, 0, 64)):
            made = apply("apply_n", change, made)
        return made

    return over([times], build, pattern, probe=lambda: apply("apply_n", change, pattern))


@transform(GROUP)
def off(pattern: Pattern, cycles: Any, change: Any) -> Pattern:
    """Play a changed copy later, together with the original.

    >>> [hap.value for hap in mini("0 1").off(1/4, add(7)).haps(0, 1) if hap.has_onset]
    [0, 7, 1, 8]

    Args:
        pattern: The pattern.
        cycles: How much later, in cycles.
        change: The function.
    """

    def build(value: Any) -> Pattern:
        return stack([pattern, apply("off", change, combine.late(pattern, ticks("off", value)))])

    return over([cycles], build, pattern, probe=lambda: apply("off", change, pattern))


@transform(GROUP)
def echo_with(pattern: Pattern, times: Any, cycles: Any, change: Any) -> Pattern:
    """Play copies one after the other, each changed by a function of the pattern and its number.

    >>> [hap.value for hap in mini("0").echo_with(2, 1/4, lambda p, i: p.add(i)).haps(0, 1) if hap.has_onset]
    [0, 1]

    Args:
        pattern: The pattern.
        times: Number of copies, the original included, 0 to 64.
        cycles: Time between them, in cycles.
        change: The function.
    """

    def build(count: Any, gap: Any) -> Pattern:
        step = ticks("echo_with", gap)
        return stack(
            [
                apply("echo_with", change, combine.late(pattern, step * index), index)
                for index in range(whole("echo_with", count, 0, 64))
            ]
        )

    return over([times, cycles], build, pattern, probe=lambda: apply("echo_with", change, pattern, 0))


@transform(GROUP)
def stut_with(pattern: Pattern, times: Any, cycles: Any, change: Any) -> Pattern:
    """Play copies one after the other, each changed by a function, as `echo_with`.

    >>> [hap.value for hap in mini("0").stut_with(2, 1/4, lambda p, i: p.add(i)).haps(0, 1) if hap.has_onset]
    [0, 1]

    Args:
        pattern: The pattern.
        times: Number of copies, the original included, 0 to 64.
        cycles: Time between them, in cycles.
        change: The function of a pattern and a number.
    """
    return echo_with(pattern, times, cycles, change)


@transform(GROUP)
def echo(pattern: Pattern, times: Any, cycles: Any, feedback: Any) -> Pattern:
    """Repeat each event, later and quieter each time: this sets the gain, whatever it was.

    >>> [hap.value["gain"] for hap in s("bd").echo(3, 1/8, .5).haps(0, 1) if hap.has_onset]
    [1.0, 0.5, 0.25]

    Args:
        pattern: The pattern.
        times: Number of events, the first included, 0 to 64.
        cycles: Time between them, in cycles.
        feedback: Loudness of each, as a part of the one before: 0 to 1, and up to 1000.
    """

    def build(level: Any) -> Pattern:
        amount = float(number("echo", level))
        if abs(amount) > _LOUDEST:
            raise PatternError(f"echo wants a smaller feedback, up to {_LOUDEST}, found {told(level)}")

        def softer(copy: Pattern, index: int) -> Pattern:
            return app_left(copy, pure({"gain": amount**index}), merge_values)

        return echo_with(pattern, times, cycles, softer)

    return over([feedback], build, pattern)


@transform(GROUP)
def stut(pattern: Pattern, times: Any, feedback: Any, cycles: Any) -> Pattern:
    """Repeat each event, as `echo`, with the arguments in Tidal's order.

    >>> len(s("bd").stut(3, .5, 1/8).haps(0, 1))
    5
    """
    return echo(pattern, times, cycles, feedback)


def _panned(pattern: Pattern, gap: float) -> Pattern:
    def move(value: Any) -> Any:
        controls = as_controls(value)
        return {**controls, "pan": controls.get("pan", 0.5) + gap}

    return fmap(pattern, move)


def _juxed(name: str, pattern: Pattern, width: Any, change: Any) -> Pattern:
    def build(value: Any) -> Pattern:
        half = float(number(name, value)) / 2
        return with_steps(
            stack([_panned(pattern, -half), apply(name, change, _panned(pattern, half))]), pattern.steps
        )

    return over([width], build, pattern, steps=pattern.steps, probe=lambda: apply(name, change, pattern))


@transform(GROUP)
def jux_by(pattern: Pattern, width: Any, change: Any) -> Pattern:
    """Play the pattern on the left and a changed copy on the right.

    >>> [hap.value["pan"] for hap in s("bd").jux_by(.5, rev).haps(0, 1)]
    [0.25, 0.75]

    Args:
        pattern: The pattern.
        width: How far apart, 0 to 1.
        change: The function for the right side.
    """
    return _juxed("jux_by", pattern, width, change)


@transform(GROUP)
def jux(pattern: Pattern, change: Any) -> Pattern:
    """Play the pattern on the left and a changed copy on the right, fully apart.

    >>> [hap.value["pan"] for hap in s("bd").jux(rev).haps(0, 1)]
    [0.0, 1.0]

    Args:
        pattern: The pattern.
        change: The function for the right side.
    """
    return _juxed("jux", pattern, 1, change)
