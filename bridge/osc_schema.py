"""Which arguments a message has, as data: names with types and defaults, constants, names in the address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from bridge.errors import BridgeError
from bridge.values import number, pitch

if TYPE_CHECKING:
    from collections.abc import Sequence

TYPES = {"f": "a float", "i": "a whole number", "s": "text", "T": "true or false"}
"""What may stand after the colon."""

KNOWN = ("layer", "cps", "cycle", "delta")
"""What can be asked for though no event says it: the layer's name, the tempo and the cycle at the onset, and
how long the event lasts in seconds."""

_WRITTEN = re.compile(r"(?P<name>[A-Za-z_]\w*)(?::(?P<type>\w+))?(?:=(?P<default>.*))?", re.DOTALL)
_FIELD = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument.

    Args:
        name: What of the event; empty for a constant.
        type: One of `TYPES`; empty: as the event says it.
        default: What is sent where the event does not say it; None: it has to.
    """

    name: str
    type: str = ""
    default: str | float | None = None


@lru_cache(maxsize=256)
def parse(written: str | float) -> Argument:
    """An argument as it is written in `osc(..., args=[...])`.

    >>> parse("velocity:f=.8")
    Argument(name='velocity', type='f', default=0.8)
    >>> parse("=drum"), parse(7)
    (Argument(name='', type='', default='drum'), Argument(name='', type='', default=7))

    Raises:
        BridgeError: It is written otherwise.
    """
    if not isinstance(written, str):
        return Argument("", "", written)
    if written.startswith("="):
        return Argument("", "", written[1:])
    found = _WRITTEN.fullmatch(written)
    if found is None:
        raise BridgeError(
            f'osc: an argument is written "note", "velocity:f", "velocity:f=.8", "=text" or as a number '
            f"(got {written!r})"
        )
    kind, default = found["type"] or "", found["default"]
    if kind and kind not in TYPES:
        there = ", ".join(f"{letter} {what}" for letter, what in TYPES.items())
        raise BridgeError(f"osc: {written!r}: there is no type {kind!r} ({there})")
    if default is None:
        return Argument(found["name"], kind)
    return Argument(found["name"], kind, _default(written, kind, default))


def _default(written: str, kind: str, default: str) -> str | float:
    if kind == "s":
        return default
    try:
        return int(default) if kind in ("i", "T") else float(default)
    except ValueError:
        if kind:
            raise BridgeError(f"osc: {written!r}: the default is no number") from None
        return default


def fields(path: str) -> list[str]:
    """The names that stand in an address.

    >>> fields("/voice/{n}/play")
    ['n']
    """
    return _FIELD.findall(path)


def fill(path: str, written: Sequence[str | float], says: Mapping[str, object]) -> tuple[str, list[object]]:
    """The address and the arguments of one event.

    Args:
        path: With names in braces.
        written: The arguments.
        says: What the event says, and what is `KNOWN`.

    Raises:
        ValueError: The event does not say something that has no default, or it cannot be of that type.
        PatternError: The note's name does not exist.
    """
    for name in fields(path):
        if name not in says:
            raise ValueError(f"{path} needs {name!r}, which the event does not say")
        value = says[name]
        path = path.replace("{" + name + "}", f"{value:g}" if isinstance(value, float) else str(value))
    return path, [_value(path, parse(one), says) for one in written]


def _value(path: str, argument: Argument, says: Mapping[str, object]) -> object:
    value = says.get(argument.name) if argument.name else argument.default
    if value is None:
        value = argument.default
    if value is None:
        name = argument.name
        raise ValueError(f'{path} needs {name!r}, which the event does not say: say it, or write "{name}=0"')
    kind, name = argument.type, argument.name
    if kind in ("f", "i", "T"):
        found = pitch({"note": value}) if name == "note" else number(name, value)
        exact = number(name, found)
        return exact if kind == "f" else exact >= 0.5 if kind == "T" else round(exact)
    if kind == "s":
        return f"{value:g}" if isinstance(value, float) else str(value)
    return value if isinstance(value, str | int | float) else number(name, value)
