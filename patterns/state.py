"""What a query is given, and what it carries on its way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, runtime_checkable

from patterns.errors import OutOfFuel
from patterns.ticks import Time
from patterns.where import Told, Where

if TYPE_CHECKING:
    from patterns.memory import Memory

DEFAULT_FUEL = 200_000
"""Steps that one query may take: about a fifth of a second on a small machine."""


Held = tuple[tuple[int, int], ...]
"""Keys that are held, in the order in which they were struck, each with how hard: 1 to 127."""


class Controls(Protocol):
    """Live inputs as a timeline; the same name at the same cycle is always the same value."""

    def at(self, name: str, cycle: Fraction) -> Any:
        """Say the value of an input at a time in cycles: a number, or keys that are held.

        Raises:
            KeyError: There is no such input.
        """
        ...


@runtime_checkable
class History(Protocol):
    """Live inputs that also know when they were touched."""

    def changes(self, name: str, begin: Fraction, end: Fraction) -> list[tuple[Fraction, Any]]:
        """Say when an input got which value, from one time in cycles up to another, in order."""
        ...


class NoControls:
    """A session without inputs: every knob rests at its default."""

    __slots__ = ()

    def at(self, name: str, cycle: Fraction) -> float:
        """Know no input."""
        raise KeyError(name)


NO_CONTROLS = NoControls()


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open stretch of time, in cycles."""

    begin: Fraction
    end: Fraction


class Remark(str):
    """A message about something that plays on all the same, such as by fewer rules."""

    __slots__ = ()


class Problem(NamedTuple):
    """One thing that was wrong with a value; its hap was dropped.

    Attributes:
        message: What was wrong.
        where: The places in the source.
        plays_on: Whether all sounds that was to sound, and nothing is to be refused for it.
    """

    message: str
    where: tuple[Where, ...] = ()
    plays_on: bool = False

    def __str__(self) -> str:
        """Say what and where."""
        return f"{self.message} ({self.where[0]})" if self.where else self.message


@dataclass(frozen=True, slots=True)
class State:
    """Everything that an answer depends on: the same state gives the same haps.

    Args:
        span: The stretch of time asked for, in cycles.
        cps: Cycles per second, for what must know it (fitting a sample to a cycle).
        seed: Seed of the layer.
        layer: Name of the layer: the message begins with it when the query runs out of steps.
        controls: Live inputs.
        rng: "hash", or "strudel" and "precise" for the streams of Strudel.
        fuel: Steps that the query may take.
        memory: What folds have reached; None computes them from the beginning.
    """

    span: Span
    cps: float = 0.5
    seed: int = 0
    layer: str = ""
    controls: Controls = NO_CONTROLS
    rng: str = "hash"
    fuel: int = DEFAULT_FUEL
    memory: Memory | None = None


class Walk:
    """One query on its way through a pattern: what it may use, what it has met.

    The span travels beside it as two numbers, because most combinators change the span and
    nothing else: a new state object for each would cost half of a query's time.
    """

    __slots__ = (
        "controls",
        "cps",
        "drawn",
        "frames",
        "fuel",
        "key",
        "memory",
        "problems",
        "rng",
        "seed",
        "shift",
        "stream",
    )

    def __init__(
        self,
        cps: float,
        seed: int,
        controls: Controls,
        rng: str,
        fuel: int,
        memory: Memory | None = None,
    ) -> None:
        self.cps = cps
        self.seed = seed
        self.controls = controls
        self.rng = rng
        self.fuel = fuel
        self.memory = memory
        self.stream = 0.0
        self.shift: Time = 0  # what a jump of the session has added to the cycles that pass
        self.drawn: dict[Time, float] = {}
        self.frames: list[Callable[[Time], Time]] = []
        self.key: dict[tuple[float, int], int] = {}
        self.problems: dict[Problem, None] = {}

    def spend(self, steps: int, places: tuple[Where, ...] = ()) -> None:
        """Take steps from the fuel.

        Args:
            steps: How many.
            places: Where what takes them is written, if that is known.

        Raises:
            OutOfFuel: The query has used its whole allowance.
        """
        self.fuel -= steps
        if self.fuel < 0:
            raise OutOfFuel(
                "this pattern is too dense: it needs more steps than a query may take. "
                "Look for a very large number after * or in fast, ply, euclid or range",
                places[0] if places else None,
            )

    def outside(self, time: Time) -> Time:
        """Say when a time inside `fast`, `late` and the like is outside: there live inputs are read."""
        for frame in reversed(self.frames):
            time = frame(time)
        return time

    def report(self, message: str, where: tuple[Where, ...]) -> None:
        """Note a problem; the caller drops the hap.

        Args:
            message: What was wrong; from `explain` it knows the line of a function that raised.
            where: The places of the hap.
        """
        if isinstance(message, Told):
            where = (*message.raised, *where)
        self.problems[Problem(str(message), where, isinstance(message, Remark))] = None
