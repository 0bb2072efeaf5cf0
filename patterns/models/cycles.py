"""Folds over cycles: what is given in each cycle, and what a model makes of it and of all before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from patterns.arguments import number, told
from patterns.core import Flat, Pattern, sounding
from patterns.dice import Dice
from patterns.errors import PatternError
from patterns.folds import OnsetFold
from patterns.memory import Track, plain
from patterns.models.hearing import bars, key_in_text, notes_in
from patterns.models.scores import Note
from patterns.reading import reify
from patterns.state import Walk
from patterns.ticks import TICKS, Time
from patterns.where import Where

__all__ = ["COST", "Read", "Step", "heat_at", "key_at", "notes_of", "spread_over"]

COST = 1000
"""Steps of a query's fuel that a cycle takes, about as long as it takes to make it."""
MOST_HEAT = 4.0

PHRASE = 16
"""Cycles after which it begins anew from what it was given: so one far away costs no more than a near one."""

Read = Callable[[int, Walk], Any]
"""What is given in a cycle: plain values."""
Step = Callable[[Any, Any, Dice], Any]
"""Makes the next state, a dict with "frames", of a state, of what is given, and of dice."""


@dataclass(frozen=True, eq=False)
class PhraseFold(OnsetFold):
    """A fold over cycles that begins anew with each phrase.

    Args:
        phrase: How many cycles that are.
    """

    phrase: int = PHRASE

    def _reach(self, cycle: int, track: Track, walk: Walk) -> Any:
        """The state at the beginning of a cycle: computed from that of its phrase."""
        begun = cycle - (cycle - self.since) % self.phrase
        zero = begun * TICKS
        if begun <= self.since:
            return super()._reach(cycle, track, walk)
        pin = track.pin
        state = pin[1] if pin is not None and pin[0] == zero else self.start
        known = track.before(cycle * TICKS)
        here = begun
        if known is not None and known[0] > zero:
            here, state = int(-(-known[0] // TICKS)), known[1]
            if known[0] % TICKS:  # what was taken over in mid-cycle holds from the next one on
                state = self._play(here - 1, state, here * TICKS, track, walk, begin=known[0])[1]
        told, walk.problems = walk.problems, {}
        try:
            for each in range(here, cycle):
                state = self._play(each, state, (each + 1) * TICKS, track, walk)[1]
        finally:
            walk.problems = told
        if cycle > begun:
            track.note(cycle * TICKS, state)
        return state


def spread_over(
    title: str,
    step: Step,
    start: Any,
    read: Read,
    reads: frozenset[str],
    name: Any,
    since: Any,
    where: tuple[Where, ...],
    keep: Sequence[int] | None = None,
    *,
    phrase: int = PHRASE,
    cost: int = COST,
) -> Pattern:
    """Make the cycles of a pattern one after the other, any of which can be asked at any time.

    Args:
        title: The function that asks, for messages.
        step: Makes a cycle.
        start: The state before the first.
        read: What is given in each.
        reads: The live inputs that this depends on.
        name: Under which the state goes on through a change of the piece; empty if it does not.
        since: The cycle in which it begins.
        where: The places of what is given.
        keep: The voices that sound; all, if None.
        phrase: Cycles after which it begins anew; 0 never.
        cost: What a cycle takes of a query's fuel.
    """
    if not isinstance(name, str) or not (name.isprintable() and len(name) <= 200):
        raise TypeError(f"{title}: name= wants a short text, found {told(name)}")
    first = number(f"{title}: since=", since)
    if first != int(first):
        raise PatternError(f"{title}: since= wants the number of a cycle, found {since!r}")

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        found: list[Flat] = []
        for cycle in range(int(begin // TICKS), int(-(-end // TICKS))):
            walk.spend(cost)
            at = cycle * TICKS
            found.append((at, at + TICKS, max(begin, at), min(end, at + TICKS), read(cycle, walk), ()))
        return found

    source = Pattern(run, None, None, reads, discrete=True)
    given = (step, True, plain(start), int(first), name, None, where, source)
    fold = PhraseFold(*given, phrase=phrase) if phrase else OnsetFold(*given)
    return bars(fold.pattern(), where, keep)


def key_at(key: Pattern, cycle: int, walk: Walk, default: tuple[int, bool]) -> tuple[int, bool]:
    """The key that a pattern gives when a cycle begins."""
    for *_, value, where in sounding(key, cycle * TICKS, walk):
        try:
            return key_in_text(value)
        except PatternError as error:
            walk.report(error.message, where)
    return default


def heat_at(heat: Pattern, cycle: int, walk: Walk) -> float:
    """The heat that a pattern gives when a cycle begins: 0.05 to 4."""
    for *_, value, where in sounding(heat, cycle * TICKS, walk):
        try:
            return min(max(float(number("heat=", value)), 0.05), MOST_HEAT)
        except PatternError as error:
            walk.report(error.message, where)
    return 1.0


def notes_of(pattern: Pattern, cycle: int, walk: Walk, bar: int) -> list[Note]:
    """The notes of a pattern in a cycle; what is none is reported."""
    found = pattern.run(cycle * TICKS, (cycle + 1) * TICKS, walk)
    kept: list[Note] = []
    for hap in found:
        try:
            kept += notes_in([hap], cycle, bar)
        except PatternError as error:
            walk.report(error.message, hap[5])
    return kept


def pattern_given(title: str, value: Any) -> Pattern:
    """Read a pattern of notes.

    Raises:
        TypeError: It is nothing of the kind.
    """
    if value is None or isinstance(value, (bool, dict)):
        raise TypeError(f"{title} wants a pattern of notes, such as note('c4 e4 g4'), found {told(value)}")
    return reify(value)
