"""What a parameter of an instrument or effect may be, and the check of a value against it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plugin_host.errors import HostError, nearest

__all__ = ["Parameter", "Values", "checked"]

Values = tuple[tuple[str, float | str], ...]


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
    """

    name: str
    default: float | str
    low: float = 0.0
    high: float = 1.0
    unit: str = ""
    doc: str = ""
    choices: tuple[str, ...] = ()

    @property
    def range(self) -> str:
        """The values allowed, as a message or a docs page shows them."""
        if self.choices:
            return " or ".join(repr(choice) for choice in self.choices)
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
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(f"{told}: give a number, {self.range}")
        if not self.low <= value <= self.high:
            raise ValueError(f"{told} is out of range: {self.range}")
        return float(value)


def checked(
    owner: str, table: Sequence[Parameter], positional: Sequence[object], named: Mapping[str, object]
) -> Values:
    """Check a call's arguments against a table and fill in the defaults.

    Args:
        owner: The instrument or effect, for messages.
        table: Its parameters, in the order in which they may be given without names.
        positional: Values given without names.
        named: Values given by name.

    Returns:
        Every parameter with its value, in the table's order.

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
    return tuple((one.name, one.check(given.get(one.name, one.default), owner)) for one in table)
