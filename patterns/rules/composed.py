"""Playing by rules: a fold over the bars, each made of those before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from patterns.arguments import told
from patterns.chance import hash_number
from patterns.combine import explain
from patterns.core import Flat, Pattern
from patterns.errors import OutOfFuel
from patterns.folds import FAULTS, Steps
from patterns.memory import Memory, Track
from patterns.registry import function
from patterns.rules.barwise import Composed, Written, bar_after, opening, tied
from patterns.rules.declaring import Ruleset
from patterns.state import Walk
from patterns.ticks import TICKS, Time, settle
from patterns.where import raised_at

__all__ = ["GROUP", "bars_before", "composed", "key_of"]

GROUP = "Rules"
PRICE = 3
"""Steps of a query that a note which is tried counts for."""

State = tuple[Any, ...]
"""The names of the parts, and the bars before, the last one last."""


def key_of(seed: int, stream: float = 0) -> int:
    """The part of the hash that is the same for all bars of a composition."""
    return hash_number(seed) ^ hash_number(stream)


@dataclass(frozen=True, slots=True, eq=False)
class BarFold(Steps):
    """A composition, bar by bar.

    Args:
        rules: What each bar keeps.
        seed: Of its chance.
        parts: The numbers of the parts that sound.
    """

    rules: Ruleset
    seed: int
    parts: tuple[int, ...]

    @property
    def unit(self) -> tuple[Any, ...]:
        """What a position counts: bars of these parts."""
        return ("bars", *(part.name for part in self.rules.parts))

    @property
    def title(self) -> str:
        """How messages call it."""
        return self.rules.name

    def same_as(self, other: Any) -> bool:
        """Whether another fold of this name composes the same."""
        return isinstance(other, BarFold) and self.rules is other.rules and self.seed == other.seed

    def pattern(self) -> Pattern:
        """What sounds."""
        return Pattern(self.run, discrete=True)

    def position(self, time: Time) -> int:
        """The first bar that begins at a time or after it."""
        return int(-(-time // TICKS))

    def state_at(self, time: Time, walk: Walk) -> Any:
        """The bars before it."""
        bar = self.position(time)
        track = self.track(walk)
        # At the beginning of a phrase too: another version leads on from what was before.
        return self._next(bar - 1, self._reach(bar - 1, track, walk), walk)

    def run(self, begin: Time, end: Time, walk: Walk) -> list[Flat]:
        """The notes between two times."""
        first = int(begin // TICKS)
        last = max(first + 1, int(-(-end // TICKS)))
        walk.spend(last - first)
        track = self.track(walk)
        memory = cast("Memory", walk.memory)
        if memory.sights is not None:
            memory.see(str(self.key(walk)), self, walk.stream, begin, end)
            return []
        haps: list[Flat] = []
        try:
            over = tied(self.rules, first - 1, key_of(self.seed, walk.stream))
            for bar in range(first - 1 if first * TICKS + over > begin else first, last):
                haps += self._sounding(bar, begin, end, track, walk)
        except FAULTS as error:
            if isinstance(error, OutOfFuel):
                raise
            walk.report(f"{self.title}: {explain(error)}", (*raised_at(error), *self.where))
        return haps

    def _sounding(self, bar: int, begin: Time, end: Time, track: Track, walk: Walk) -> list[Flat]:
        """What of a bar lies between two times."""
        made = self._bar(bar, self._reach(bar, track, walk), walk)
        for message, where in made.problems:
            walk.report(message, (*where, *self.where))
        haps: list[Flat] = []
        beats = self.rules.beats
        for part in self.parts:
            sound = self.rules.parts[part].sound
            for at, length, pitch in made.written[part]:
                start = settle(bar * TICKS + at * TICKS / beats)
                stop = settle(bar * TICKS + (at + length) * TICKS / beats)
                if pitch is None or (sound and not pitch) or stop <= begin or start >= end:
                    continue
                value = {"s": sound, "velocity": pitch} if sound else {"note": pitch}
                haps.append((start, stop, max(begin, start), min(end, stop), value, self.where))
        return haps

    def _bar(self, bar: int, state: State, walk: Walk) -> Composed:
        """Compose a bar."""
        key = key_of(self.seed, walk.stream)
        past = cast("tuple[Written, ...]", state[1]) if state and state[0] == self.unit[1:] else ()
        made = bar_after(self.rules, past, bar, key) if past else opening(self.rules, bar, key)
        walk.spend(PRICE * made.nodes)
        return made

    def _next(self, bar: int, state: State, walk: Walk) -> State:
        """The bars before the next one."""
        past = state[1] if state and state[0] == self.unit[1:] else ()
        return (self.unit[1:], (*past, self._bar(bar, state, walk).written)[-self.rules.recall :])

    def _reach(self, bar: int, track: Track, walk: Walk) -> State:
        """The bars before a bar, as many as rules look back."""
        begin = bar - bar % self.rules.phrase
        pin = track.pin
        known = track.before(bar)
        at, state = begin, cast("State", ())
        if known is not None and (known[0] > begin or (pin is not None and known[0] == pin[0] == begin)):
            at, state = cast("int", known[0]), known[1]
        while at < bar:
            state = self._next(at, state, walk)
            at += 1
            if at % self.rules.phrase:
                track.note(at, state)
        return state if at % self.rules.phrase or (pin is not None and pin[0] == at) else ()


def bars_before(rules: Ruleset, bar: int, seed: int) -> tuple[Written, ...]:
    """Compose a phrase up to a bar: what is before that, as far as rules look back."""
    key, past = key_of(seed), cast("tuple[Written, ...]", ())
    for at in range(bar - bar % rules.phrase, bar):
        made = bar_after(rules, past, at, key) if past else opening(rules, at, key)
        past = (*past, made.written)[-rules.recall :]
    return past


@function(GROUP, strudel="")
def composed(rules: Ruleset, voice: str = "", *, seed: int = 0, name: str = "") -> Pattern:
    """Compose by rules, a bar a cycle: all parts, or one of them.

    >>> parts = [part("low", "c3", "c4", notes="chord"), part("high", "c4", "c5", notes="chord", onsets=2)]
    >>> duo = ruleset(parts, [rule.leaps(7), rule.parallels()], chords="C | F | G7 | C")
    >>> len(composed(duo, "high").haps(0, 4)), len(composed(duo).haps(0, 4))
    (8, 12)

    Parts that are played on several layers belong together: the seed is the composition's own.

    Args:
        rules: From `ruleset`, or from a file by `rules("chorale.py")`.
        voice: The part that is to sound; all if it is not given.
        seed: Another number, another composition.
        name: Under which it goes on through a change of the rules, in its layer; unless given that of the
            rules and the seed.
    """
    if not isinstance(rules, Ruleset):  # pyright: ignore[reportUnnecessaryIsInstance] - a piece is not type-checked
        raise TypeError(
            f'composed wants rules first, from ruleset(…) or rules("file.py"), found {told(rules)}'
        )
    if not isinstance(seed, int):  # pyright: ignore[reportUnnecessaryIsInstance] - as above
        raise TypeError(f"composed: seed= wants a whole number, found {told(seed)}")
    if not isinstance(name, str) or not (name.isprintable() and len(name) <= 200):  # pyright: ignore[reportUnnecessaryIsInstance] - as above
        raise TypeError(f"composed: name= wants a short text, found {told(name)}")
    parts = (rules.index(voice),) if voice else tuple(range(len(rules.parts)))
    called = str(name) or f"{rules.name}, seed {seed}"
    return BarFold(_still, False, (), 0, called, None, (), rules, seed, parts).pattern()


def _still(state: Any) -> Any:
    return state
