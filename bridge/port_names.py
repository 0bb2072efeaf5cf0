"""What to write for a port: the shortest part of its name that no other port has."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_NUMBERS = re.compile(r"\s+\d+(:\d+)?$")
"""What ALSA ("20:0") and WinMM ("2") put after a name; both change when something else is plugged in."""


_OWN_ENDS = r"( in| to port| looks)?(-\d+)?"
"""What follows our name in those of our clients."""


def find(part: str, names: Iterable[str]) -> str | None:
    """The port that is meant by a part of its name, in whatever case, or None.

    A name that is the same as a whole comes first, then one of which it is all but the number or all of the
    client or the port, then the first that has it anywhere.

    >>> find("volca", ["through", "Volca Keys 20:0"])
    'Volca Keys 20:0'
    >>> find("Volca", ["Volca Sample:in", "Volca:in"])
    'Volca:in'
    """
    return next(iter(_meant(part, names)), None)


def name_part(name: str, names: Sequence[str]) -> str:
    """The shortest good part of a port's name by which it is found, and no other.

    Args:
        name: The port.
        names: All ports that are there, in the order in which they are searched.

    >>> there = ["Midi Through:Port-0 14:0", "Volca:MIDI 1 20:0", "Hub:Port A 24:0", "Hub:Port B 24:1"]
    >>> [name_part(one, there) for one in there]
    ['Midi Through', 'Volca', 'Port A', 'Port B']
    """
    return next((part for part in _parts(name) if _meant(part, names) == [name]), name)


def is_own(name: str, own: str) -> bool:
    """Whether a port belongs to a session: JACK calls a second one "Sempre-01", ALSA puts a number after it.

    >>> [is_own(one, "Sempre") for one in ("Sempre:out", "Sempre-01:out", "Sempre in:in", "Semprini:out")]
    [True, True, True, False]

    Args:
        name: Of the port.
        own: Of a session's client.
    """
    client = name.partition(":")[0]
    rest = client.removeprefix(own)
    return client.startswith(own) and re.fullmatch(_OWN_ENDS, rest) is not None


def _meant(part: str, names: Iterable[str]) -> list[str]:
    """The names that fit best."""
    wanted = part.lower()
    ranks: dict[int, list[str]] = {}
    for name in names:
        low = name.lower()
        if wanted in low:
            rank = 0 if wanted == low else 1 if wanted in _parts(low) else 2
            ranks.setdefault(rank, []).append(name)
    return ranks[min(ranks)] if ranks else []


def _parts(name: str) -> Iterator[str]:
    """What one may call it, best first."""
    plain = _NUMBERS.sub("", name)
    client, _, port = plain.partition(":")
    for part in (client, port, plain):
        if len(part.strip()) >= 2:
            yield part.strip()
