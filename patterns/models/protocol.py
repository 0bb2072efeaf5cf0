"""What every model can do: learn, say what may come next, go on from there; and the card that it carries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol, TypeVar

from patterns.dice import Dice
from patterns.errors import PatternError

__all__ = ["Card", "Model", "Odds", "draw", "narrowed"]

Odds = Mapping[int, float]
"""How likely each value is; together 1."""
Allowed = Callable[[int], bool] | Collection[int] | None
"""The values that may come: a function that says so, a collection of them, or all."""

Piece_contra = TypeVar("Piece_contra", contravariant=True)
State = TypeVar("State")

_SMALLEST = 1e-12


@dataclass(frozen=True, slots=True)
class Card:
    """What a model was made of, and what it is worth: it goes wherever the model goes.

    Args:
        name: What the model is called.
        corpus: Where its music is from.
        licences: The rights in that music, as far as they are known.
        pieces: How many pieces it has learnt.
        split: How many pieces were learnt, tried and kept for the test while it was measured.
        figures: What was measured, by name.
        seed: Of the split.
        made: What made it, with its version.
        notes: What else there is to say, such as what was left out.
    """

    name: str
    corpus: str = ""
    licences: str = "unknown"
    pieces: int = 0
    split: Mapping[str, int] = field(default_factory=dict[str, int])
    figures: Mapping[str, float] = field(default_factory=dict[str, float])
    seed: int = 0
    made: str = ""
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As JSON has it."""
        return {**asdict(self), "notes": list(self.notes)}

    @staticmethod
    def from_json(table: Mapping[str, Any]) -> Card:
        """What `to_json` wrote."""
        found: dict[str, Any] = {**table, "notes": tuple(table.get("notes", ()))}
        return Card(**found)


class Model(Protocol[Piece_contra, State]):
    """One protocol for whatever learns.

    A state is a plain value, made of numbers and tuples of them: whoever keeps it can give it back later, so
    there is nothing to be reset, and two that ask at the same time do not disturb one another.
    """

    @property
    def card(self) -> Card:
        """What it was made of."""
        ...

    def fit(self, pieces: Iterable[Piece_contra]) -> None:
        """Learn some pieces, beside what is known already."""
        ...

    def start(self) -> State:
        """The state before anything was played."""
        ...

    def query(self, state: State, allowed: Allowed = None) -> Odds:
        """Say how likely each value is to come next, among those that are allowed."""
        ...

    def feed(self, state: State, value: int) -> State:
        """The state after a value."""
        ...


def narrowed(odds: Odds, allowed: Allowed, spare: Collection[int] = ()) -> dict[int, float]:
    """Keep the values that are allowed; where the model knows none of them they are all as likely.

    >>> narrowed({60: 0.5, 62: 0.25, 64: 0.25}, {62, 64})
    {62: 0.5, 64: 0.5}
    >>> narrowed({60: 1.0}, {62})
    {62: 1.0}

    Args:
        odds: What the model says.
        allowed: What may come.
        spare: Values that may come where none that the model knows is allowed.

    Raises:
        PatternError: Nothing is allowed at all.
    """
    if allowed is None:
        return dict(odds)
    may: Callable[[int], bool] = allowed if callable(allowed) else allowed.__contains__
    kept = {value: chance for value, chance in odds.items() if may(value)}
    total = sum(kept.values())
    if total > _SMALLEST:
        return {value: chance / total for value, chance in kept.items()}
    others = sorted({value for value in spare if may(value)} | (set() if callable(allowed) else set(allowed)))
    if not others:
        raise PatternError("no value is allowed to come next: a rule forbids them all")
    return dict.fromkeys(others, 1 / len(others))


def draw(odds: Odds, dice: Dice, heat: float = 1.0) -> int:
    """Draw a value.

    Args:
        odds: How likely each is.
        dice: What decides.
        heat: 1 as likely as the model says; below it the likely ones come more often, above it less so.
    """
    values = sorted(odds)
    if heat == 1:
        return dice.weighted([(value, odds[value]) for value in values])
    most = max(odds.values())
    return dice.weighted([(value, (odds[value] / most) ** (1 / max(heat, 0.01))) for value in values])
