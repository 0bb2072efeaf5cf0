"""Ways from one pattern to another: pure functions of both and of the cycle at which the change begins.

Before that cycle all of them are the old pattern; most are exactly the new one when they are through.
What belongs to which is decided by where a hap begins: a note that began before rings to its end.
"""

from __future__ import annotations

import math
from typing import Any

from patterns.arguments import apply, called, number, over, ticks, time
from patterns.combine import fmap, stack
from patterns.core import Pattern
from patterns.crossing import during, multiple, multiplied, share, span
from patterns.kinds import controls_of
from patterns.reading import reify
from patterns.registry import function, transition
from patterns.single_lines import rise
from patterns.ticks import TICKS, Time, common, to_cycles

GROUP = "Transitions"


def _crossfaded(name: str, old: Pattern, new: Pattern, at: Any, cycles: Any) -> Pattern:
    begin, end = span(name, at, cycles)
    leaving = multiplied(old, name, lambda moment: rise(1 - share(moment, begin, end)), begin, end)
    coming = multiplied(new, name, lambda moment: rise(share(moment, begin, end)), begin, end)
    return stack([during(leaving, None, end), during(coming, begin, None)])


@transition(GROUP)
def xfade(old: Any, new: Any, other: Any = None, *, at: Any = None, cycles: Any = 4) -> Pattern:
    """Fade from one pattern to another by their gain: over some cycles, or to a place in between.

    >>> [round(hap.value["gain"], 3) for hap in xfade(s("a"), s("b"), at=4, cycles=2).haps(5, 6)]
    [0.841, 0.841]
    >>> [hap.value["gain"] for hap in xfade(s("a"), .25, s("b")).haps(0, 1)]
    [1.0, 0.5]

    Args:
        old: The pattern before.
        new: The pattern after; or, without `at`, the place from 0 (only the one) to 1 (only the other).
        other: The other pattern, without `at`.
        at: The cycle at which the fade begins.
        cycles: How many cycles it lasts.
    """
    if at is not None:
        return _crossfaded("xfade", reify(old), reify(new), at, cycles)
    if other is None:
        raise TypeError("xfade wants a cycle, as in xfade(old, new, at=8), or xfade(one, position, other)")
    left, right = reify(old), reify(other)

    def between(value: Any) -> Pattern:
        place = float(number("xfade", value))
        return stack(
            [
                multiplied(left, "xfade", lambda _: min(1.0, 2 - 2 * place), always=True),
                multiplied(right, "xfade", lambda _: min(1.0, 2 * place), always=True),
            ]
        )

    return over([new], between, left, right, steps=common(left.steps, right.steps))


@transition(GROUP)
def xfade_in(old: Any, new: Any, at: Any, cycles: Any) -> Pattern:
    """Fade from one pattern to another by their gain, with equal power.

    >>> [hap.value for hap in xfade_in(s("a"), s("b"), 1, 2).haps(3, 4)]
    [{'s': 'b'}]

    Args:
        old: The pattern before.
        new: The pattern after.
        at: The cycle at which the fade begins.
        cycles: How many cycles it lasts.
    """
    return _crossfaded("xfade_in", reify(old), reify(new), at, cycles)


def _jumped(old: Any, new: Any, moment: Time) -> Pattern:
    return stack([during(reify(old), None, moment), during(reify(new), moment, None)])


@transition(GROUP)
def jump(old: Any, new: Any, at: Any) -> Pattern:
    """Change at once.

    >>> [hap.value for hap in jump("a", "b", 1).haps(0, 2)]
    ['a', 'b']
    """
    return _jumped(old, new, ticks("jump", at))


@transition(GROUP)
def jump_in(old: Any, new: Any, at: Any, cycles: Any) -> Pattern:
    """Change after some cycles.

    >>> [hap.value for hap in jump_in("a", "b", 1, 2).haps(2, 4)]
    ['a', 'b']
    """
    return _jumped(old, new, span("jump_in", at, cycles)[1])


@transition(GROUP, tidal="jumpIn'")
def jump_in_at(old: Any, new: Any, at: Any, cycles: Any) -> Pattern:
    """Change some cycles after the next begin of a cycle.

    >>> [hap.value for hap in jump_in_at("a*2", "b*2", .5, 1).haps(1, 3)]
    ['a', 'a', 'b', 'b']
    """
    span("jump_in_at", at, cycles)
    start = math.ceil(time("jump_in_at", at))
    return _jumped(old, new, ticks("jump_in_at", start + time("jump_in_at", cycles)))


@transition(GROUP)
def jump_mod(old: Any, new: Any, at: Any, cycles: Any) -> Pattern:
    """Change at the next cycle whose number is a multiple of the given one.

    >>> [hap.value for hap in jump_mod("a", "b", 5, 4).haps(6, 9)]
    ['a', 'a', 'b']
    """
    return _jumped(old, new, ticks("jump_mod", multiple("jump_mod", at, cycles)))


@transition(GROUP)
def wash(
    old: Any, new: Any, at: Any, change_old: Any, change_new: Any, delay: Any, out_cycles: Any, in_cycles: Any
) -> Pattern:
    """Play the old pattern through one function for some cycles, then the new one through another.

    >>> washed = wash("0", "5", 1, add(10), add(20), 1, 1, 1)
    >>> [hap.value for hap in washed.haps(0, 6)]
    [0, 0, 10, 25, 5, 5]

    Args:
        old: The pattern before.
        new: The pattern after.
        at: The cycle at which the change begins.
        change_old: The function for the old pattern.
        change_new: The function for the new pattern.
        delay: Cycles for which the old pattern goes on as it is.
        out_cycles: Cycles of the changed old pattern.
        in_cycles: Cycles of the changed new pattern.
    """
    source, target = reify(old), reify(new)
    first = span("wash", at, delay)[1]
    second = first + span("wash", 0, out_cycles)[1]
    third = second + span("wash", 0, in_cycles)[1]
    return stack(
        [
            during(source, None, first),
            during(apply("wash", change_old, source), first, second),
            during(apply("wash", change_new, target), second, third),
            during(target, third, None),
        ]
    )


@transition(GROUP)
def wash_in(old: Any, new: Any, at: Any, change: Any, cycles: Any) -> Pattern:
    """Play the old pattern through a function for some cycles, then the new one.

    >>> [hap.value for hap in wash_in("0", "5", 1, add(10), 2).haps(0, 4)]
    [0, 10, 10, 5]

    Args:
        old: The pattern before.
        new: The pattern after.
        at: The cycle at which the change begins.
        change: The function for the old pattern.
        cycles: Cycles of the changed old pattern.
    """
    return wash(old, new, at, change, reify, 0, cycles, 0)


@transition(GROUP)
def wait(old: Any, new: Any, at: Any, cycles: Any) -> Pattern:
    """Be silent for some cycles, then begin the new pattern with a cycle.

    >>> [(hap.value, str(hap.whole.begin)) for hap in wait("a", "b", 1, 2).haps(0, 4)]
    [('a', '0'), ('b', '3')]
    """
    begin, _ = span("wait", at, cycles)
    return stack([during(reify(old), None, begin), during(reify(new), _waited("wait", at, cycles), None)])


def _waited(name: str, at: Any, cycles: Any) -> Time:
    return (math.floor(time(name, at) + time(name, cycles) - 1) + 1) * TICKS


@transition(GROUP)
def wait_t(old: Any, new: Any, at: Any, crossing: Any, cycles: Any) -> Pattern:
    """Be silent for some cycles, then go through another transition.

    >>> [hap.value for hap in wait_t("a", "b", 1, clutch_in(cycles=0), 2).haps(0, 5)]
    ['a', 'b', 'b']

    Args:
        old: The pattern before.
        new: The pattern after.
        at: The cycle at which the silence begins.
        crossing: The transition, such as `clutch` or `xfade_in(cycles=4)`.
        cycles: Cycles of silence.
    """
    begin, end = span("wait_t", at, cycles)
    cross = called("wait_t", "a transition, such as clutch or xfade_in(cycles=4)", crossing)
    crossed = reify(cross(reify(old), reify(new), at=to_cycles(end)))
    return stack([during(reify(old), None, begin), during(crossed, _waited("wait_t", at, cycles), None)])


@function(GROUP)
def histpan(*versions: Any) -> Pattern:
    """Play several versions of a pattern at once, from the newest on the left to the oldest on the right.

    >>> [hap.value["pan"] for hap in histpan(s("new"), s("old")).haps(0, 1)]
    [0.0, 0.5]
    """

    def panned(pattern: Pattern, place: float) -> Pattern:
        return fmap(pattern, lambda value: {**controls_of("histpan", value), "pan": place})

    return stack([panned(reify(each), place / len(versions)) for place, each in enumerate(versions)])
