"""What is known of a MIDI port by a part of its name, so that no piece has to say it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from bridge.event import Seconds
    from bridge.layer import Target
    from bridge.targets import MidiTarget

MOST_MS = 1000
"""Milliseconds that a port may be early or late."""


@dataclass(frozen=True, slots=True)
class PortSettings:
    """What is set for the ports whose name contains a text.

    Args:
        name: The text, in any case.
        latency_ms: Milliseconds by which everything for it is sent early, -1000 to 1000.
        rate: Bits per second that its line takes; None is without a limit.
    """

    name: str
    latency_ms: float = 0.0
    rate: int | None = None

    def fits(self, port: str) -> bool:
        """Whether it is meant for a port, which a piece may call by a part of its name too.

        >>> PortSettings("Volca Keys").fits("volca"), PortSettings("volca").fits("Volca Keys MIDI 1")
        (True, True)
        """
        one, other = self.name.lower(), port.lower()
        return one in other or other in one


class Ports:
    """The settings of all ports.

    Args:
        rows: Of the settings, in their order: the first that fits holds.
        own: What our virtual port is called.
    """

    def __init__(self, rows: Sequence[PortSettings] = (), own: str = "Sempre") -> None:
        self._rows = tuple(rows)
        self._own = own

    @staticmethod
    def from_json(midi: Mapping[str, object]) -> Ports:
        """From the section of the settings as the processes are told it."""
        rows = cast("Sequence[Mapping[str, object]]", midi.get("ports", ()))
        return Ports(
            [
                PortSettings(
                    str(row["name"]),
                    cast("float", row.get("latency_ms", 0.0)),
                    cast("int | None", row.get("rate")),
                )
                for row in rows
            ],
            str(midi.get("name", "Sempre")),
        )

    @property
    def earliest(self) -> Seconds:
        """The seconds by which something is sent early at most."""
        return max([0.0, *(row.latency_ms / 1000 for row in self._rows)])

    def early(self, target: Target) -> Seconds:
        """The seconds by which everything for a target is sent early, besides what the target says itself."""
        row = self._row(target)
        return 0.0 if row is None else row.latency_ms / 1000

    def described(self, target: MidiTarget) -> MidiTarget:
        """A target with its port's rate, unless it says one itself."""
        row = self._row(target)
        return replace(target, rate=row.rate) if row is not None and target.rate is None else target

    def _row(self, target: Target) -> PortSettings | None:
        if target.kind != "midi":
            return None
        named = cast("MidiTarget", target).port
        port = self._own if named is None else named
        return next((row for row in self._rows if row.fits(port)), None)


def read_ports(value: object) -> tuple[PortSettings, ...]:
    """Read a table of ports by parts of their names.

    >>> read_ports({"Volca": {"latency_ms": 12, "rate": 31250}})
    (PortSettings(name='Volca', latency_ms=12.0, rate=31250),)

    Raises:
        ValueError: It is none; says what it must be.
    """
    if not isinstance(value, dict):
        raise ValueError('must be a table of ports, such as "Volca" = { latency_ms = 12 }')  # noqa: TRY004 - a setting
    rows = cast("dict[str, object]", value)
    return tuple(_port(name, row) for name, row in rows.items())


def read_inputs(value: object) -> tuple[str, ...]:
    """Read a list of parts of names of ports.

    >>> read_inputs(["KeyStep", "nano"])
    ('KeyStep', 'nano')

    Raises:
        ValueError: It is none; says what it must be.
    """
    members = cast("list[object]", value) if isinstance(value, list) else []
    if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in members):
        raise ValueError('must be a list of parts of names, such as ["KeyStep"], or ["*"] for all')
    return tuple(str(one) for one in members)


def _port(name: str, row: object) -> PortSettings:
    known = {"latency_ms", "rate"}
    values = cast("dict[str, object]", row) if isinstance(row, dict) else {"": row}
    if not name.strip() or not known.issuperset(values):
        raise ValueError('must give each port latency_ms or rate, such as "Volca" = { latency_ms = 12 }')
    latency, rate = values.get("latency_ms", 0.0), values.get("rate")
    if isinstance(latency, bool) or not isinstance(latency, int | float) or not abs(latency) <= MOST_MS:
        raise ValueError(f"must have a latency_ms from -{MOST_MS} to {MOST_MS} for {name!r}")
    if rate is not None and (isinstance(rate, bool) or not isinstance(rate, int) or not 300 <= rate <= 10**7):
        raise ValueError(f"must have a rate from 300 to 10000000 bits per second for {name!r}")
    return PortSettings(name, float(latency), rate)
