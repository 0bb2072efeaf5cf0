"""Live input as a timeline: what each knob showed at each cycle."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from fractions import Fraction
from typing import cast

from patterns.state import Held

Position = float | Held
"""Where an input is: 0 to 1 for most; the keys that are held for a keyboard."""


def read_position(value: object) -> Position:
    """A position as JSON has it.

    >>> read_position(1), read_position([[60, 100]])
    (1.0, ((60, 100),))

    Raises:
        TypeError: It is none.
        ValueError: It is none.
    """
    if isinstance(value, list | tuple):
        rows = cast("list[tuple[int, int]]", value)
        return tuple((int(key), int(velocity)) for key, velocity in rows)
    return float(cast("float", value))


@dataclass(slots=True)
class ControlTimeline:
    """Values of named inputs, each valid from its cycle on; a query of the past never changes.

    >>> from fractions import Fraction
    >>> knobs = ControlTimeline()
    >>> knobs.set("cutoff", Fraction(2), 0.7)
    >>> knobs.at("cutoff", Fraction(3))
    0.7
    """

    _cycles: dict[str, list[Fraction]] = field(default_factory=dict[str, "list[Fraction]"])
    _values: dict[str, list[Position]] = field(default_factory=dict[str, "list[Position]"])

    def set(self, name: str, cycle: Fraction, value: Position) -> None:
        """Let `name` have `value` from `cycle` on; never earlier than the value before it."""
        cycles = self._cycles.setdefault(name, [])
        values = self._values.setdefault(name, [])
        if cycles and cycle < cycles[-1]:
            cycle = cycles[-1]
        cycles.append(cycle)
        values.append(value)

    def at(self, name: str, cycle: Fraction) -> Position:
        """What `name` showed at `cycle`.

        Raises:
            KeyError: Nobody had touched it by then.
        """
        index = bisect_right(self._cycles.get(name, ()), cycle) - 1
        if index < 0:
            raise KeyError(name)
        return self._values[name][index]

    def changes(self, name: str, begin: Fraction, end: Fraction) -> list[tuple[Fraction, Position]]:
        """When `name` got which value, from `begin` up to `end`, in order.

        >>> from fractions import Fraction
        >>> knobs = ControlTimeline()
        >>> knobs.set("pad", Fraction(2), 0.7)
        >>> knobs.changes("pad", Fraction(2), Fraction(3))
        [(Fraction(2, 1), 0.7)]
        """
        cycles = self._cycles.get(name, [])
        first, last = bisect_left(cycles, begin), bisect_left(cycles, end)
        return [*zip(cycles[first:last], self._values.get(name, [])[first:last], strict=True)]

    def newest(self, name: str) -> Position | None:
        """What `name` was set to last; None if nobody has touched it."""
        values = self._values.get(name)
        return values[-1] if values else None

    def forget_before(self, cycle: Fraction) -> None:
        """Drop what no later query can ask for, so that months of turning do not add up."""
        for name, cycles in self._cycles.items():
            keep = max(0, bisect_right(cycles, cycle) - 1)
            del cycles[:keep]
            del self._values[name][:keep]

    def to_json(self) -> dict[str, list[tuple[str, Position]]]:
        """For handing over to another process; `from_json` is the reverse."""
        return {
            name: [(str(c), v) for c, v in zip(cycles, self._values[name], strict=True)]
            for name, cycles in self._cycles.items()
        }

    @staticmethod
    def from_json(data: dict[str, list[tuple[str, Position]]]) -> ControlTimeline:
        """What `to_json` wrote."""
        knobs = ControlTimeline()
        for name, rows in data.items():
            for cycle, value in rows:
                knobs.set(name, Fraction(cycle), read_position(value))
        return knobs
