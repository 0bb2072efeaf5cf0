"""Plans: which section is played in which cycle, in a fixed order or on ways through a graph by chance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from patterns.chance import hash_number
from patterns.core import Pattern
from patterns.dice import Dice
from patterns.errors import OutOfFuel

__all__ = ["Leg", "Place", "Plan", "Section", "leg_at", "place_at"]

_BLOCK = 64  # sections of a way by chance that are found at one go
_MOST_BLOCKS = 2048  # a hundred thousand sections: days


@dataclass(frozen=True, slots=True)
class Section:
    """A section of a form.

    Args:
        name: What it is called.
        cycles: How long it is.
        targets: By name, where a quality goes: numbers from 0 to 1, evenly spread over its length.
        signals: By name, what a quality follows instead.
    """

    name: str
    cycles: int
    targets: Mapping[str, tuple[float, ...]]
    signals: Mapping[str, Pattern] = field(default_factory=dict[str, Pattern])

    def level(self, target: str, share: float) -> float:
        """Where a quality is, at a share of the section's length; halfway where nothing is said of it.

        >>> Section("a", 8, {"energy": (0, 1, 0)}).level("energy", 0.75)
        0.5
        """
        points = self.targets.get(target)
        if points is None:
            return 0.5
        place = min(max(share, 0.0), 1.0) * (len(points) - 1)
        index = min(int(place), len(points) - 2) if len(points) > 1 else 0
        if len(points) == 1:
            return points[0]
        return points[index] + (points[index + 1] - points[index]) * (place - index)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """All sections, and the way through them.

    Args:
        sections: Each once.
        order: Their numbers, as they follow one another; empty where chance leads from one to the next.
        after: For each section the numbers of those that may follow, for chance.
        ends: Whether nothing comes after the order; else it begins anew.
        seed: Of the form: its way and its variations.
        name: Under which it is steered.
        buttons: What inputs say to it: name, section (-1 is the next one), cycles, whether it builds.
    """

    sections: tuple[Section, ...]
    order: tuple[int, ...]
    after: tuple[tuple[int, ...], ...]
    ends: bool
    seed: int
    name: str
    buttons: tuple[tuple[str, int, int, bool], ...] = ()

    def numbered(self, name: str) -> int:
        """The number of a section; -1 if there is none of that name."""
        return next((i for i, section in enumerate(self.sections) if section.name == name), -1)

    def section_of(self, position: int) -> int:
        """The section at a position: of the order, else a section's own number."""
        return self.order[position % len(self.order)] if self.order else position % len(self.sections)

    def start(self) -> Leg:
        """Where it begins while nobody has steered it."""
        return Leg(0, 0, (0,) * len(self.sections), -1)


class Leg(NamedTuple):
    """From which cycle on which way is gone.

    Attributes:
        at: The cycle.
        position: In the order; without one the section's number.
        counts: How often each section had begun before.
        build: The cycle from which it has been prepared: from there on the section before is held, and all
            rises. -1 if it has not.
    """

    at: int
    position: int
    counts: tuple[int, ...]
    build: int


class Place(NamedTuple):
    """Where a cycle is in a form.

    Attributes:
        section: Its number; -1 after the end.
        begin: The section's first cycle.
        length: Its cycles.
        visit: How often it was there before.
        position: As of a leg.
        counts: How often each section has begun, this one counted.
        build: From which cycle up to which all rises; None while nothing is built.
    """

    section: int
    begin: int
    length: int
    visit: int
    position: int
    counts: tuple[int, ...]
    build: tuple[int, int] | None = None


def leg_at(plan: Plan, legs: tuple[Leg, ...], cycle: int) -> tuple[Leg, Leg | None]:
    """The way that is gone in a cycle, and the one that is to come; before the first that of the plan."""
    here, coming = plan.start(), None
    for leg in legs:
        if leg.at > cycle:
            coming = leg
            break
        here = leg
    return here, coming


def place_at(plan: Plan, legs: tuple[Leg, ...], cycle: int) -> Place:
    """Say where a cycle is.

    >>> ab = tuple(Section(name, 4, {}) for name in "ab")
    >>> plan = Plan(ab, (0, 1), (), False, 0, "form")
    >>> place_at(plan, (plan.start(),), 9)[:4]
    (0, 8, 4, 1)

    Args:
        plan: The form's.
        legs: In order of their cycles; the first counts before its begin as well.
        cycle: Which.

    Raises:
        OutOfFuel: It is too far away.
    """
    here, coming = leg_at(plan, legs, cycle)
    if coming is None or not 0 <= coming.build <= cycle:
        return _along(plan, here, max(cycle, here.at))
    held = _along(plan, here, max(coming.build, here.at))
    return held._replace(length=coming.at - held.begin, build=(coming.build, coming.at))


def _along(plan: Plan, leg: Leg, cycle: int) -> Place:
    return _in_order(plan, leg, cycle) if plan.order else _by_chance(plan, leg, cycle)


def _in_order(plan: Plan, leg: Leg, cycle: int) -> Place:
    order = plan.order
    counts = [*leg.counts]
    lengths = [plan.sections[number].cycles for number in order]
    begin, position = leg.at, leg.position % len(order)
    if not plan.ends:
        rounds, _ = divmod(cycle - leg.at, sum(lengths))
        begin += rounds * sum(lengths)
        for number in order:
            counts[number] += rounds
    while position < len(order):
        number = order[position]
        counts[number] += 1
        if cycle < begin + lengths[position]:
            return Place(number, begin, lengths[position], counts[number] - 1, position, tuple(counts))
        begin += lengths[position]
        position += 1
        if not plan.ends:
            position %= len(order)
    return Place(-1, begin, 1, 0, len(order) - 1, tuple(counts))


_Step = tuple[int, int, tuple[int, ...]]
"""When a section begins, from the leg's begin; its number; how often each had begun before."""


@lru_cache(maxsize=8192)
def _block(plan: Plan, at: int, number: int, first: _Step) -> tuple[tuple[_Step, ...], _Step]:
    """So many sections of a way by chance, and the one after them."""
    key = hash_number(plan.seed) ^ hash_number(at)
    steps: list[_Step] = []
    here = first
    for index in range(number * _BLOCK, (number + 1) * _BLOCK):
        steps.append(here)
        begin, section, counts = here
        among = plan.after[section]
        following = among[Dice(key, index).whole(len(among))]
        more = tuple(count + (one == section) for one, count in enumerate(counts))
        here = begin + plan.sections[section].cycles, following, more
    return tuple(steps), here


def _by_chance(plan: Plan, leg: Leg, cycle: int) -> Place:
    away = cycle - leg.at
    here: _Step = (0, leg.position % len(plan.sections), leg.counts)
    for number in range(_MOST_BLOCKS):
        steps, after = _block(plan, leg.at, number, here)
        if away < after[0]:
            begin, section, counts = next(step for step in reversed(steps) if step[0] <= away)
            begun = tuple(count + (one == section) for one, count in enumerate(counts))
            length = plan.sections[section].cycles
            return Place(section, leg.at + begin, length, counts[section], section, begun)
        here = after
    raise OutOfFuel(
        f"the form {plan.name!r} is asked for cycle {cycle}, after more than {_BLOCK * _MOST_BLOCKS} sections"
        " by chance; make them longer, or write an order"
    )
