"""Live inputs as signals: pure references to names that the session answers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from patterns.combine import signal
from patterns.core import Pattern
from patterns.state import Walk
from patterns.ticks import Time, to_cycles

Curve = str | float
"""How a position becomes a value: "linear", "log", or an exponent."""

MIDI = "midi"
"""The kind of inputs that come by MIDI, whose names are those of sources."""
_NAME = re.compile(
    r"midi (?P<what>[a-z]+(?:14)?)(?: (?P<number>\d+))?(?: channel (?P<channel>\d+))?(?: of (?P<port>.+))?"
)

MACROS = 8
"""Macros of an instance inside a DAW."""
AXES = ("x", "y")
"""The two inputs of a pad, as they are called after its name and a dot."""


@dataclass(frozen=True, slots=True)
class Input:
    """What a piece says about an input: its kind and what its position means.

    Args:
        name: What it is called; of a pad's two inputs with `.x` or `.y`.
        kind: "knob", "toggle", "button", "x" or "y"; or `MIDI`.
        low: Value at position 0.
        high: Value at position 1.
        curve: "linear"; "log", by equal factors; or an exponent, above 1 for finer steps near `low`.
        default: Value while nobody has touched it.
    """

    name: str
    kind: str = "knob"
    low: float = 0.0
    high: float = 1.0
    curve: Curve = "linear"
    default: float = 0.0

    def value_at(self, position: float) -> float:
        """What a position from 0 to 1 means.

        >>> Input("cutoff", low=200, high=3200, curve="log").value_at(0.5)
        800.0
        """
        if self.curve == "log":
            if position in (0, 1):
                return self.high if position else self.low
            return self.low * (self.high / self.low) ** position
        shaped = position if isinstance(self.curve, str) else position**self.curve
        return self.low + (self.high - self.low) * shaped

    def position_of(self, value: float) -> float:
        """The position that means a value, 0 to 1; the nearer end for what lies beyond.

        >>> Input("cutoff", low=200, high=3200, curve="log").position_of(800)
        0.5
        """
        if self.high == self.low:
            return 0.0
        if self.curve == "log":
            share = (
                math.log(value / self.low) / math.log(self.high / self.low) if value / self.low > 0 else 0.0
            )
        else:
            share = (value - self.low) / (self.high - self.low)
            share = share if isinstance(self.curve, str) else max(0.0, share) ** (1 / self.curve)
        return min(1.0, max(0.0, share))

    @property
    def rest(self) -> float:
        """The position in which it rests while nobody has touched it."""
        return self.position_of(self.default)

    @property
    def control(self) -> str:
        """The name of what is shown and touched: of a pad's two inputs, the pad's."""
        return self.name[:-2] if self.kind in AXES else self.name


class Reading(str):
    """An input's name, as `Pattern.reads` has it, that still knows what was said about the input.

    Attributes:
        input: What was said.
    """

    __slots__ = ("input",)
    input: Input


@dataclass(frozen=True, slots=True)
class Source:
    """Which messages are followed, and what is made of them.

    Args:
        what: "cc", "cc14", "nrpn", "bend", "pressure": a position, 0 to 1; "key": the number of the key that
            is meant; "keys", "latch": the keys that are held; "gate", "flip": 0 or 1; "hit": how hard, at
            each stroke.
        number: Of the controller or the key; None is any key.
        channel: 1 to 16; None is any.
        port: A part of the port's name; None is any.
    """

    what: str
    number: int | None = None
    channel: int | None = None
    port: str | None = None

    @property
    def name(self) -> str:
        """What the input is called.

        >>> Source("cc", 74, port="KeyStep").name
        'midi cc 74 of KeyStep'
        """
        parts = [MIDI, self.what]
        parts += [str(self.number)] if self.number is not None else []
        parts += [f"channel {self.channel}"] if self.channel is not None else []
        parts += [f"of {self.port}"] if self.port is not None else []
        return " ".join(parts)

    @staticmethod
    def parse(name: str) -> Source | None:
        """The reverse; None for the name of another input.

        >>> Source.parse("midi bend channel 2")
        Source(what='bend', number=None, channel=2, port=None)
        """
        found = _NAME.fullmatch(name)
        if found is None:
            return None
        key, channel = found["number"], found["channel"]
        return Source(
            found["what"],
            None if key is None else int(key),
            None if channel is None else int(channel),
            found["port"],
        )


class Pad(NamedTuple):
    """The two signals of a pad."""

    x: Pattern
    y: Pattern


def knob(
    name: str,
    low: float = 0.0,
    high: float = 1.0,
    default: float | None = None,
    *,
    curve: Curve = "linear",
) -> Pattern:
    """Follow a knob or fader of the session.

    >>> knob("cutoff", 200, 8000, curve="log").reads
    frozenset({'cutoff'})

    Args:
        name: Name of the input; it gives 0 to 1. A dot groups: "drums.cutoff".
        low: Value at 0.
        high: Value at 1.
        default: Value while there is no such input; `low` if not given.
        curve: How it gets from low to high: "linear"; "log" for frequencies and times, equal factors for
            equal ways, with low and high on one side of 0; or an exponent, 2 for finer steps near low.

    Raises:
        TypeError: The name is no text, or a limit no number.
        ValueError: The curve cannot be, or not between these limits.
    """
    low, high = read_number("knob", "low", low), read_number("knob", "high", high)
    rest = low if default is None else read_number("knob", "default", default)
    return _follow(Input(_name("knob", name), "knob", low, high, read_curve(curve, low, high), rest))


def macro(number: int, plugin: str = "Sempre", default: float = 0.0) -> Pattern:
    """Follow one of the eight macros of Sempre inside your DAW, which its automation moves: 0 to 1.

    >>> macro(1, "Bass").reads
    frozenset({'Bass 1'})

    Args:
        number: Which, 1 to 8.
        plugin: What the instance is called, as in `plugin("Bass")`.
        default: Value while no DAW has moved it.

    Raises:
        TypeError: The name is no text, or the number none.
        ValueError: There is no such macro.
    """
    return knob(f"{_name('macro', plugin)} {_macro(number)}", default=default)


def _macro(number: object) -> int:
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(f"macro: the number must be a whole one (got {number!r})")
    if not 1 <= number <= MACROS:
        raise ValueError(f"macro: there are 1 to {MACROS} (got {number})")
    return number


def toggle(name: str, default: bool = False) -> Pattern:
    """Follow a switch of the session: 1 while it is on, 0 while it is off.

    >>> toggle("fills").reads
    frozenset({'fills'})

    Args:
        name: Name of the input.
        default: Whether it is on while nobody has touched it.

    Raises:
        TypeError: The name is no text.
    """
    return _follow(Input(_name("toggle", name), "toggle", default=1.0 if default else 0.0))


def button(name: str) -> Pattern:
    """Follow a button of the session: 1 while it is held, 0 while it is not.

    >>> button("crash").reads
    frozenset({'crash'})

    Args:
        name: Name of the input.

    Raises:
        TypeError: The name is no text.
    """
    return _follow(Input(_name("button", name), "button"))


def xy(
    name: str,
    x: Sequence[float] = (0.0, 1.0),
    y: Sequence[float] = (0.0, 1.0),
    *,
    curve: Curve | tuple[Curve, Curve] = "linear",
) -> Pad:
    """Follow a pad of the session: two signals, `.x` from left to right and `.y` from below.

    >>> pad = xy("space", x=(-1, 1), y=(200, 8000))
    >>> pad.y.reads
    frozenset({'space.y'})

    Args:
        name: Name of the pad.
        x: Values at the left and the right, and perhaps a third that holds while nobody has touched it.
        y: The same for below and above.
        curve: As for `knob`, of both; or one for each, as in `curve=("linear", "log")`.

    Raises:
        TypeError: The name is no text, or a limit no number.
        ValueError: There are not two or three limits, or the curve cannot be between them.
    """
    _name("xy", name)
    made: list[Pattern] = []
    curves = curve if isinstance(curve, tuple) else (curve, curve)
    if len(curves) != 2:
        raise ValueError(f"xy: curve is one, or a pair (got {curve!r})")
    for axis, limits, shape in zip(AXES, (x, y), curves, strict=True):
        if isinstance(limits, str) or len(limits) not in (2, 3):
            raise ValueError(
                f"xy: {axis} takes a lower and an upper limit, as in {axis}=(0, 1), got {limits!r}"
            )
        low, high, *given = (read_number("xy", axis, one) for one in limits)
        rest = given[0] if given else low
        made.append(_follow(Input(f"{name}.{axis}", axis, low, high, read_curve(shape, low, high), rest)))
    return Pad(made[0], made[1])


def inputs_in(values: Iterable[object]) -> dict[str, Input]:
    """What is said about inputs by patterns among these values, and in lists and mappings of them.

    >>> inputs_in([knob("cutoff", 200, 800), 7, xy("pad")])["cutoff"].high
    800.0
    """
    found: dict[str, Input] = {}
    waiting = list(values)[::-1]
    left = 100_000  # a piece may hold a list in itself
    while waiting and left:
        left -= 1
        value = waiting.pop()
        if isinstance(value, Pattern):
            for name in sorted(value.reads):
                if isinstance(name, Reading):
                    found.setdefault(str(name), name.input)
        elif isinstance(value, tuple | list):
            waiting.extend(cast("Sequence[object]", value)[::-1])
        elif isinstance(value, Mapping):
            waiting.extend(cast("Mapping[object, object]", value).values())
    return found


def _follow(what: Input) -> Pattern:
    reading = Reading(what.name)
    reading.input = what
    shape: Callable[[float], float] = what.value_at if what.kind not in ("toggle", "button") else _switch
    rest = what.default if what.kind not in ("toggle", "button") else _switch(what.default)

    def sample(time: Time, walk: Walk) -> Any:
        try:
            position = walk.controls.at(what.name, to_cycles(walk.outside(time)))
        except KeyError:
            return rest
        return shape(position)

    return signal(sample, reads=frozenset[str]({reading}))


def _switch(position: float) -> int:
    return 1 if position >= 0.5 else 0


def _name(verb: str, name: object) -> str:
    if not isinstance(name, str) or not name.strip():
        raise TypeError(f"{verb} wants the name of an input first, found {name!r}")
    return str(name)


def read_number(verb: str, what: str, value: object) -> float:
    """Read a number that a musician gave.

    Raises:
        TypeError: It is none.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise TypeError(f"{verb}: {what} must be a number, found {value!r}")
    return float(value)


def read_curve(curve: object, low: float, high: float) -> Curve:
    """Read how a position becomes a value.

    Raises:
        ValueError: There is no such curve between these limits.
    """
    if curve == "log":
        if low * high <= 0:
            raise ValueError(
                f'curve="log" goes by equal factors, so both limits must be above 0 or both below '
                f"(got {low:g} and {high:g}); try curve=2"
            )
        return "log"
    if curve == "linear":
        return "linear"
    if isinstance(curve, int | float) and not isinstance(curve, bool) and 0.05 <= curve <= 20:
        return float(curve)
    raise ValueError(f'curve must be "linear", "log" or an exponent from 0.05 to 20, found {curve!r}')
