"""The pattern: a pure function from a stretch of time to what happens in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import repeat
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from patterns.errors import OutOfFuel, PatternError
from patterns.state import DEFAULT_FUEL, NO_CONTROLS, Controls, Problem, Span, State, Walk
from patterns.ticks import Time, to_cycles, to_ticks
from patterns.vocabulary import Vocabulary
from patterns.where import Where

if TYPE_CHECKING:
    from patterns.memory import Memory
    from patterns.seams import Seams
    from patterns.slots import Remake, Slot

__all__ = [
    "DEFAULT_FUEL",
    "Answer",
    "Controls",
    "Flat",
    "Hap",
    "Pattern",
    "Problem",
    "RawHap",
    "Span",
    "State",
    "sounding",
]

Flat = tuple[Any, Any, Any, Any, Any, tuple[Where, ...]]
"""A hap inside: whole begin, whole end (None if continuous), part begin, part end, value, where.

A plain tuple costs 56 ns, a frozen dataclass 2.6 us."""

Run = Callable[[Time, Time, Walk], list[Flat]]
Sample = Callable[[Time, Walk], Any]

BAD_VALUE = (
    PatternError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NameError,
    TypeError,
    ValueError,
)
"""What a function of a value may raise when the value does not suit it: a problem, not a crash."""


class RawHap(NamedTuple):
    """A hap in ticks; the whole is None for a continuous one."""

    begin: Time | None
    end: Time | None
    part_begin: Time
    part_end: Time
    value: Any
    where: tuple[Where, ...]

    @property
    def has_onset(self) -> bool:
        """Say whether the hap begins in this part: only then it sounds."""
        return self[0] == self[2]  # None, for a continuous one, is no time


_BY_PART = itemgetter(2)
# 0.08 us for a hap; RawHap._make takes 0.25
_as_tuple: Callable[..., Any] = tuple.__new__  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType] - of tuples of anything


class Answer(NamedTuple):
    """What a query gives: haps in order of their parts, and problems beside them."""

    haps: list[RawHap]
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class Hap:
    """One occurrence, in cycles.

    Args:
        whole: From its onset to its end; None for a continuous signal.
        part: The stretch of it that the query saw.
        value: What happens.
        where: The places in the musician's files that it comes from.
    """

    whole: Span | None
    part: Span
    value: Any
    where: tuple[Where, ...] = ()

    @property
    def has_onset(self) -> bool:
        """Say whether the hap begins in this part: only then it sounds."""
        return self.whole is not None and self.whole.begin == self.part.begin


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Pattern(Vocabulary):
    """What happens when, as a pure function of time.

    Args:
        run: The haps between two times in ticks.
        steps: Steps in a cycle, for the functions that work by steps; None if unknown.
        period: Cycles after which it repeats exactly; None if it never does, or it is not known.
        reads: Names of the live inputs that it depends on.
        atom: A one-tuple with the value, if it is that value once in each cycle.
        places: The places of that value.
        sample: The value at a time, if it is continuous: saves the haps when it is only sampled.
        discrete: Whether nothing continuous is in it: then the answer for a stretch is always that
            of its parts put together. False where it is not known.
        slots: The slots of its cycle, if it is a sequence; what is written lies open in them.
        remake: Makes the same pattern with its values changed, where they are all known.
        seams: Where it is cut, if it is continuous: `sample` does not tell.
        layers: What it plays at once, if it does nothing else and there is something continuous in it.
    """

    run: Run
    steps: Fraction | None = None
    period: Fraction | None = None
    reads: frozenset[str] = frozenset()
    atom: tuple[Any] | None = None
    places: tuple[Where, ...] = ()
    sample: Sample | None = None
    discrete: bool = False
    slots: tuple[Slot, ...] | None = None
    remake: Remake | None = None
    seams: Seams | None = None
    layers: tuple[Pattern, ...] = ()

    def answer(
        self,
        begin: Time,
        end: Time,
        *,
        seed: int = 0,
        cps: float = 0.5,
        controls: Controls | None = None,
        fuel: int = DEFAULT_FUEL,
        rng: str = "hash",
        memory: Memory | None = None,
    ) -> Answer:
        """Say what happens between two times, with the problems met.

        Args:
            begin: Begin in ticks.
            end: End in ticks, not included.
            seed: Seed of the layer.
            cps: Cycles per second.
            controls: Live inputs.
            fuel: Steps that the query may take.
            rng: "hash", "strudel" or "precise".
            memory: What folds have reached, if it is kept; the answer is the same without.

        Raises:
            OutOfFuel: The pattern is too dense or too deeply nested.
        """
        return self.walked(
            begin, end, Walk(cps, seed, NO_CONTROLS if controls is None else controls, rng, fuel, memory)
        )

    def walked(self, begin: Time, end: Time, walk: Walk) -> Answer:
        """As `answer`, with everything that the query may use in one object.

        Args:
            begin: Begin in ticks.
            end: End in ticks, not included.
            walk: Used up by it.

        Raises:
            OutOfFuel: The pattern is too dense or too deeply nested.
        """
        try:
            found = self.run(begin, end, walk) if begin < end else sounding(self, begin, walk, end)
        except RecursionError:
            raise OutOfFuel(
                "this pattern is nested too deeply: are there hundreds of functions around one another?"
            ) from None
        found.sort(key=_BY_PART)
        return Answer(list(map(_as_tuple, repeat(RawHap), found)), list(walk.problems))

    def query(self, state: State) -> Answer:
        """Say what happens in a state; the same state always gives the same answer.

        Raises:
            OutOfFuel: As `answer`; its message begins with the layer's name.
        """
        try:
            return self.answer(
                to_ticks(state.span.begin),
                to_ticks(state.span.end),
                seed=state.seed,
                cps=state.cps,
                controls=state.controls,
                fuel=state.fuel,
                rng=state.rng,
                memory=state.memory,
            )
        except OutOfFuel as error:
            if not state.layer:
                raise
            raise OutOfFuel(f"{state.layer}: {error.message}", error.where) from None

    def haps(
        self,
        begin: float | Fraction | str,
        end: float | Fraction | str,
        *,
        seed: int = 0,
        rng: str = "hash",
        cps: float = 0.5,
        controls: Controls | None = None,
    ) -> list[Hap]:
        """List what happens between two times in cycles, in order.

        >>> [hap.value for hap in mini("a b").haps(0, 2)]
        ['a', 'b', 'a', 'b']

        Args:
            begin: Begin in cycles.
            end: End in cycles, not included.
            seed: Seed of the layer.
            rng: "hash", "strudel" or "precise".
            cps: Cycles per second.
            controls: Live inputs.
        """
        first, last = to_ticks(begin), to_ticks(end)
        fuel = DEFAULT_FUEL * max(1, int(to_cycles(last - first)))
        found = self.answer(first, last, seed=seed, rng=rng, cps=cps, controls=controls, fuel=fuel)
        return [publish(raw) for raw in found.haps]

    def __repr__(self) -> str:
        """Draw the first cycle."""
        from patterns.piano_roll import piano_roll

        return piano_roll(self)

    def __or__(self, other: Any) -> Pattern:
        """Merge the controls of two patterns as `|` merges dicts; the rhythm is the left one's."""
        from patterns.alignment import merge

        return merge(self, other)

    def __ror__(self, other: Any) -> Pattern:
        """Merge with text or a value on the left."""
        from patterns.alignment import merge
        from patterns.reading import reify

        return merge(reify(other), self)

    if not TYPE_CHECKING:  # editors read vocabulary.pyi, where a method that is not there is an error

        def __getattr__(self, name):
            from patterns import registry

            return registry.method(self, name)


def sounding(pattern: Pattern, time: Time, walk: Walk, end: Time | None = None) -> list[Flat]:
    """List what sounds at a moment, cut to it; nothing if an end is given that lies before it.

    A stretch without length has no inside: turned round it would hold what has just ended. So a tick is
    asked for, the smallest that most patterns divide, and what begins within it is left out.
    """
    if end is not None and end < time:
        return []
    found = pattern.run(time, time + 1, walk)
    return [(b, e, time, time, v, w) for b, e, pb, _, v, w in found if pb == time]


def publish(raw: RawHap) -> Hap:
    """Turn a hap in ticks into one in cycles."""
    begin, end, part_begin, part_end, value, where = raw
    whole = None if begin is None or end is None else Span(to_cycles(begin), to_cycles(end))
    return Hap(whole, Span(to_cycles(part_begin), to_cycles(part_end)), value, where)
