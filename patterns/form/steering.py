"""Steering a form: what is said to it while it plays, as a value of a live input, so that it can be replayed.

The input of a form holds all that was said and still counts: each value is computed from the one before, when
the word is given, and speaks of cycles that are to come. So a form stays a function of time and of its input.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from patterns.dice import Dice
from patterns.form.plans import Leg, Place, Plan, leg_at, place_at
from patterns.kinds import is_list
from patterns.state import Held

__all__ = ["FormReading", "gone", "input_of", "legs_of", "written"]

_MOST = 10**9  # the furthest cycle that is read


class FormReading(str):
    """The name of a form's input, as `Pattern.reads` has it, that still knows the plan.

    Attributes:
        plan: The form's.
    """

    __slots__ = ("plan",)
    plan: Plan


def input_of(plan: Plan) -> FormReading:
    """The input by which a form is steered."""
    reading = FormReading(f"form {plan.name}")
    reading.plan = plan
    return reading


def legs_of(plan: Plan, value: Any) -> tuple[Leg, ...]:
    """What an input says; the way from the begin while it says nothing, or nothing that can be read."""
    return _read(value, len(plan.sections)) or (plan.start(),) if is_list(value) else (plan.start(),)


@lru_cache(maxsize=1024)
def _read(rows: tuple[Any, ...], size: int) -> tuple[Leg, ...]:
    """Read legs; each is three rows and one for each section that had begun."""
    legs: list[Leg] = []
    place = 0
    while place + 1 < len(rows):
        (at, position), (build, many) = rows[place], rows[place + 1]
        counts = [0] * size
        for number, count in rows[place + 2 : place + 2 + many]:
            if 0 <= number < size:
                counts[number] = count
        legs.append(Leg(max(-_MOST, min(at, _MOST)), max(0, position), tuple(counts), build))
        place += 2 + max(0, many)
    return tuple(sorted(legs, key=lambda leg: leg.at))


def written(legs: tuple[Leg, ...]) -> Held:
    """Write legs as a value of an input, as keys that are held are: pairs of whole numbers.

    >>> written((Leg(8, 2, (1, 0, 3), -1),))
    ((8, 2), (-1, 2), (0, 1), (2, 3))
    """
    rows: list[tuple[int, int]] = []
    for leg in legs:
        counts = [(number, count) for number, count in enumerate(leg.counts) if count]
        rows += [(leg.at, leg.position), (leg.build, len(counts)), *counts]
    return tuple(rows)


def gone(
    plan: Plan, legs: tuple[Leg, ...], now: int, cycles: int, section: int = -1, *, build: bool = False
) -> tuple[Leg, ...]:
    """Send a form to a section after so many cycles, counted from the next one on.

    >>> from patterns.form.plans import Section
    >>> plan = Plan(tuple(Section(name, 4, {}) for name in "abc"), (0, 1, 2), (), False, 0, "form")
    >>> legs = gone(plan, (plan.start(),), 1, 4, 2)
    >>> [plan.sections[place_at(plan, legs, cycle).section].name for cycle in range(12)]
    ['a', 'a', 'a', 'a', 'b', 'b', 'c', 'c', 'c', 'c', 'a', 'a']

    Args:
        plan: The form's.
        legs: What counts already.
        now: The cycle that is played.
        cycles: How many are left.
        section: Where to; -1 is whatever follows the section that is left.
        build: Whether that section is held till then, and all rises.

    Returns:
        What counts from now on. What was said for later is taken back.
    """
    at = now + 1 + cycles
    here, coming = leg_at(plan, legs, now)
    build_from = now + 1 if build else -1
    if coming is not None and 0 <= coming.build <= now and (build or at <= coming.at):
        build_from = coming.build  # what is being built is reached at another time
    before = (here, *(leg for leg in legs if now < leg.at < at and build_from < 0))
    trial = (*before, Leg(at, 0, here.counts, build_from)) if build_from >= 0 else before
    left = place_at(plan, trial, at - 1)
    return (*before, Leg(at, _position(plan, left, at, section), left.counts, build_from))


def _position(plan: Plan, left: Place, at: int, section: int) -> int:
    """Where a section is found after the place that is left: the next time that it comes."""
    if plan.order:
        following = [(left.position + step) % len(plan.order) for step in range(1, len(plan.order) + 1)]
        if section < 0:
            return following[0]
        return next((one for one in following if plan.order[one] == section), following[0])
    if section >= 0:
        return section
    return Dice(plan.seed, at, 1).choose(plan.after[left.section])
