"""What a parameter of an instrument or effect may be, and the check of a value against it."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, TypeGuard

from plugin_host.errors import HostError, nearest

if TYPE_CHECKING:
    from patterns.core import Pattern

__all__ = ["Move", "Moves", "Parameter", "Values", "checked", "checked_moving", "is_pattern", "moved"]

Values = tuple[tuple[str, float | str], ...]

WIDE = 50.0
"""From so many times the lowest value on to the highest, a range is divided by ratios, as the ear does."""
LOOKED_AT = tuple(Fraction(place, 16) for place in (0, 1, 3, 7, 12, 18, 26, 37, 50, 66, 83, 101, 128, 161))
"""Where a signal is looked at to tell it from others: cycles 0 to 10, at ever other places of a cycle."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter.

    Args:
        name: As the musician writes it.
        default: Its value when it is left out.
        low: Smallest number allowed.
        high: Largest number allowed.
        unit: What the number counts: "Hz", "s", "dB"; "" for a plain amount.
        doc: One line in the musician's words.
        choices: If given, the value is one of these words instead of a number.
        text: Whether the value is any name instead of a number.
        whole: Whether it counts something, so that there is nothing between two values.
        built: Whether it says how the instrument is built, so that it cannot be moved while that plays.
    """

    name: str
    default: float | str
    low: float = 0.0
    high: float = 1.0
    unit: str = ""
    doc: str = ""
    choices: tuple[str, ...] = ()
    built: bool = False
    text: bool = False
    whole: bool = False

    @property
    def fixed(self) -> bool:
        """Whether it cannot be moved while it plays."""
        return bool(self.choices) or self.built or self.text

    def position(self, value: float) -> float:
        """Where a value lies between the lowest, 0, and the highest, 1; what lies beyond is kept there.

        >>> Parameter("cutoff", 1000, 100, 10000, "Hz").position(1000)
        0.5
        """
        kept = min(max(value, self.low), self.high)
        if self.by_ratio:
            return math.log(kept / self.low) / math.log(self.high / self.low)
        return (kept - self.low) / (self.high - self.low)

    def at(self, position: float) -> float:
        """The value at a position from 0 to 1; what lies beyond is kept there.

        >>> round(Parameter("cutoff", 1000, 100, 10000, "Hz").at(0.5))
        1000
        """
        kept = min(max(position, 0.0), 1.0)
        if self.by_ratio:
            return min(self.low * (self.high / self.low) ** kept, self.high)
        return self.low + (self.high - self.low) * kept

    @property
    def by_ratio(self) -> bool:
        """Whether equal ways are equal ratios, as with frequencies, and not equal differences."""
        return self.low > 0 and self.high / self.low >= WIDE

    @property
    def range(self) -> str:
        """The values allowed, as a message or a docs page shows them."""
        if self.choices:
            return " or ".join(repr(choice) for choice in self.choices)
        if self.text:
            return "a name"
        return f"{self.low:g}…{self.high:g}" + (f" {self.unit}" if self.unit else "")

    def check(self, value: object, owner: str) -> float | str:
        """Return `value` if it is allowed.

        Args:
            value: A number within the range, or one of the choices.
            owner: Whose parameter it is, for the message.

        Raises:
            TypeError: It is not a number, or not a word where words are wanted.
            ValueError: It lies outside the range.
        """
        told = f"{owner}: {self.name}={value!r}"
        if self.choices:
            if not isinstance(value, str):
                raise TypeError(f"{told}: give {self.range}")
            if value not in self.choices:
                raise ValueError(f"{told}: give {self.range}")
            return str(value)
        if self.text:
            if not isinstance(value, str) or not value.strip():
                raise TypeError(f"{told}: give {self.range}")
            return str(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(f"{told}: give a number, {self.range}")
        if not self.low <= value <= self.high:
            raise ValueError(f"{told} is out of range: {self.range}")
        if self.whole and value != int(value):
            raise ValueError(f"{told}: give a whole number, {self.range}")
        return float(value)


@dataclass(frozen=True, slots=True)
class Move:
    """A parameter in a chain that a pattern moves.

    Args:
        name: The parameter.
        mark: A text that tells its pattern from others, the same in every process.
        pattern: Its values, in the parameter's own unit; None where the chain came from another process.
    """

    name: str
    mark: str
    pattern: "Pattern | None" = field(default=None, compare=False, repr=False)


Moves = tuple[Move, ...]


def is_pattern(value: object) -> "TypeGuard[Pattern]":
    """Whether a value is a pattern; asked without loading the language, which the mixer does without."""
    return hasattr(value, "walked")


def moved(
    owner: str, name: str, pattern: "Pattern", parameter: Parameter | None = None
) -> tuple[float, Move]:
    """A pattern as the value of a parameter: where it begins, and what moves it.

    Args:
        owner: Whose parameter it is, for messages.
        name: Of the parameter.
        pattern: Its values.
        parameter: What it may be; None for a plugin's, which is known once that is loaded.

    Raises:
        TypeError: It cannot be moved, or what the pattern gives are no numbers.
        ValueError: The pattern leaves the range.
    """
    if parameter is not None and parameter.fixed:
        raise TypeError(f"{owner}: {name} cannot be moved while it plays: give {parameter.range}")
    found: list[float] = []
    for place in LOOKED_AT:
        for hap in pattern.haps(place, place + Fraction(1, 4096))[:1]:
            value: object = hap.value
            if isinstance(value, bool) or not isinstance(value, int | float):
                raise TypeError(f"{owner}: {name} is moved by a pattern of numbers, this one gives {value!r}")
            found.append(float(value))
            if parameter is not None:
                hair = 1e-6 * (parameter.high - parameter.low)
                if not parameter.low - hair <= value <= parameter.high + hair:
                    raise ValueError(f"{owner}: {name}={value:g} is out of range: {parameter.range}")
    text = f"{found!r} {sorted(pattern.reads)!r}"
    mark = hashlib.blake2b(text.encode(), digest_size=6).hexdigest()
    begins = found[0] if found else float(parameter.default) if parameter is not None else 0.0
    if parameter is not None:
        begins = min(max(begins, parameter.low), parameter.high)
    return begins, Move(name, mark, pattern)


def checked_moving(
    owner: str, table: Sequence[Parameter], positional: Sequence[object], named: Mapping[str, object]
) -> tuple[Values, Moves]:
    """Check a call's arguments against a table and fill in the defaults.

    Args:
        owner: The instrument or effect, for messages.
        table: Its parameters, in the order in which they may be given without names.
        positional: Values given without names.
        named: Values given by name; a pattern moves its parameter.

    Returns:
        Every parameter with its value, in the table's order, and those that are moved.

    Raises:
        HostError: A parameter that it does not have; names the nearest, or lists all with their ranges.
        TypeError: More values than parameters, one given twice, or one of a wrong kind.
        ValueError: A value out of range.
    """
    if len(positional) > len(table):
        raise TypeError(f"{owner} has {len(table)} parameters, {len(positional)} values were given")
    given = dict(zip((one.name for one in table), positional, strict=False))
    for name, value in named.items():
        if name in given:
            raise TypeError(f"{owner}: {name} was given twice")
        given[name] = value
    known = {one.name: one for one in table}
    for name in given:
        if name not in known:
            ranges = ", ".join(f"{one.name} ({one.range})" for one in table)
            raise HostError(f"{owner} has no parameter {name!r}; {nearest(name, known)} It has: {ranges}")
    values: list[tuple[str, float | str]] = []
    moves: list[Move] = []
    for one in table:
        value = given.get(one.name, one.default)
        if is_pattern(value):
            begins, move = moved(owner, one.name, value, one)
            moves.append(move)
            values.append((one.name, begins))
        else:
            values.append((one.name, one.check(value, owner)))
    return tuple(values), tuple(moves)


def checked(
    owner: str, table: Sequence[Parameter], positional: Sequence[object], named: Mapping[str, object]
) -> Values:
    """The same where nothing may be moved by a pattern.

    Args:
        owner: The instrument or effect, for messages.
        table: Its parameters.
        positional: Values given without names.
        named: Values given by name.

    Raises:
        HostError: A parameter that it does not have.
        TypeError: More values than parameters, one given twice, or one of a wrong kind.
        ValueError: A value out of range.
    """
    values, moves = checked_moving(owner, table, positional, named)
    if moves:
        name = moves[0].name
        raise TypeError(f"{owner}: {name} cannot be a signal here: give a number, and move it by .param()")
    return values
