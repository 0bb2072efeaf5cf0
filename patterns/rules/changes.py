"""The chords of a phrase, where there is a choice: by rules over their succession, before any note."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from patterns.combine import explain
from patterns.rules.context import Chord
from patterns.rules.declaring import Rule
from patterns.rules.search import Broken, cost_of
from patterns.state import Remark
from patterns.where import Where

__all__ = ["Change", "Plan", "Slots", "chosen"]

WAYS = 64
"""Ways through the chords that are followed side by side."""

Slots = Sequence[Sequence[tuple[Chord, ...]]]
"""Bar by bar the places of a phrase's chords, each with those that it may have."""


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A chord in the succession of a phrase, as rules see it.

    Args:
        chord: The chord.
        before: The change before it; None at the beginning of the phrase.
        phrase: Number of the phrase.
        bar_of_phrase: Number of the bar within it, from 0 on.
        bars: Bars of a phrase.
        left: Chords that come yet in its bar.
        counts: How many chords each bar of the phrase has.
        tonic: The first tone of the scale.
        scale: Tones of the scale, c = 0.
    """

    chord: Chord
    before: Change | None
    phrase: int
    bar_of_phrase: int
    bars: int
    left: int
    counts: tuple[int, ...]
    tonic: int
    scale: frozenset[int]

    @property
    def last_bar(self) -> bool:
        """Whether it is in the last bar of its phrase."""
        return self.bar_of_phrase == self.bars - 1


class Plan(NamedTuple):
    """The chords of a phrase.

    Attributes:
        bars: The chords, bar by bar.
        problems: What went wrong, each with its place.
    """

    bars: list[list[Chord]]
    problems: tuple[tuple[str, tuple[Where, ...]], ...] = ()


class _Way(NamedTuple):
    cost: float
    number: int
    last: Change | None


def chosen(
    slots: Slots,
    laws: Sequence[Rule],
    noise: Callable[[int, Chord], float],
    made: Callable[[Chord, Change | None, int, int], Change],
    name: str,
) -> Plan:
    """Choose the chords of a phrase, by the cheapest way that hard rules leave.

    Of ways that end on the same two chords only the best goes on. Where no way is found, rules are left out
    until there is one.

    Args:
        slots: What there is to choose from.
        laws: Rules that are asked each chord.
        noise: Gives a number of chance for a place and a chord.
        made: Makes a change of a chord, the one before, the bar and how many come yet in it.
        name: How messages call the rules.
    """
    if not any(slots):
        return Plan([[] for _ in slots])
    problems: list[tuple[str, tuple[Where, ...]]] = []
    laws = list(laws)
    while True:
        try:
            last = _led(slots, laws, noise, made)
            if last is not None:
                break
            core = [one for one in laws if one.weight is None]
            for one in core[:]:
                fewer = [other for other in core if other is not one]
                if _led(slots, fewer, noise, made) is None:
                    core = fewer
            gone, told = (
                core[-1],
                f"no chords were found that keep {' and '.join(repr(one.name) for one in core)}",
            )
            problems.append((Remark(f"{name}: {told}; {gone.name!r} is left out"), gone.where))
        except Broken as error:
            gone = error.rule
            told = f"{name}: the rule {gone.name!r} fails and is left out: {explain(error.error)}"
            problems.append((told, gone.where))
        laws.remove(gone)
    bars: list[list[Chord]] = [[] for _ in slots]
    while last is not None:
        bars[last.bar_of_phrase].insert(0, last.chord)
        last = last.before
    return Plan(bars, tuple(problems))


def _led(
    slots: Slots,
    laws: Sequence[Rule],
    noise: Callable[[int, Chord], float],
    made: Callable[[Chord, Change | None, int, int], Change],
) -> Change | None:
    """The last change of the best way through a phrase, None if there is none."""
    ways = [_Way(0, 0, None)]
    place = number = 0
    for bar, row in enumerate(slots):
        for at, among in enumerate(row):
            best: dict[tuple[str, str], _Way] = {}
            for cost, _, before in ways:
                for chord in among:
                    change = made(chord, before, bar, len(row) - 1 - at)
                    more = cost_of(laws, change, {})
                    if more < 0:
                        continue
                    number += 1
                    way = _Way(cost + more + noise(place, chord), number, change)
                    key = ("" if before is None else before.chord.name, chord.name)
                    if key not in best or way.cost < best[key].cost:
                        best[key] = way
            ways = sorted(best.values())[:WAYS]
            place += 1
            if not ways:
                return None
    return min(ways).last
