"""What control surfaces (tablets, other programs) show, and should show, of a piece's inputs.

Each surface is known by the values that it shows: those that it sent, and those that were sent to it.
Where these differ from how things are, it is told. So a surface that has just come, one that was away, and
one beside which another was moved are the same case; and nobody is told what it has said itself. Pure:
whoever asks says what time it is.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from patterns.inputs import AXES, MIDI

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

    from patterns.inputs import Input

PREFIX = "/ctl/"
"""What the addresses of inputs begin with."""
RATE = 40.0
"""Values that one address of one surface is sent in a second at most."""
TOUCH = 0.5
"""Seconds after a surface's last word about an address in which it is being touched: it is not told then."""
SURFACES = 32
"""Surfaces that are remembered; then the one that was silent longest is forgotten."""

_ILLEGAL = str.maketrans(dict.fromkeys(" #*,?[]{}", "_") | {".": "/"})


def address_of(control: str) -> str:
    """The OSC address of an input.

    >>> address_of("drums.cut off")
    '/ctl/drums/cut_off'
    """
    # Addresses are ASCII for many; what is not would be lost on the way.
    plain = control.translate(_ILLEGAL).encode("ascii", "replace").decode().replace("?", "_")
    return PREFIX + "/".join(part or "_" for part in plain.split("/"))


class Told(NamedTuple):
    """Something to tell a surface."""

    surface: Hashable
    address: str
    values: tuple[float, ...]


@dataclass(slots=True)
class _Surface:
    heard: float
    kept: bool
    shown: dict[str, tuple[float | None, ...]] = field(default_factory=dict[str, "tuple[float | None, ...]"])
    touched: dict[str, float] = field(default_factory=dict[str, float])
    sent: dict[str, float] = field(default_factory=dict[str, float])
    dirty: dict[str, None] = field(default_factory=dict[str, None])


class Book:
    """The inputs of the pieces, their positions, and the surfaces.

    Attributes:
        inputs: What the pieces say about inputs, by name.
        positions: Where each input is, 0 to 1.
        moved: The inputs that anybody has moved; the others follow the defaults of the pieces.
        targets: The names that a message to an address sets, in the order of its arguments.
        shown: For each address that surfaces are told, the names whose positions it has.
    """

    def __init__(self) -> None:
        self.inputs: dict[str, Input] = {}
        self.positions: dict[str, float] = {}
        self.moved: set[str] = set()
        self.targets: dict[str, tuple[str, ...]] = {}
        self.shown: dict[str, tuple[str, ...]] = {}
        self._surfaces: dict[Hashable, _Surface] = {}
        self._of: dict[str, str] = {}

    def declare(self, inputs: Iterable[Input], positions: Mapping[str, float]) -> list[str]:
        """Take what the pieces say now; every surface is told everything anew.

        Args:
            inputs: In the order in which they are said.
            positions: Where the session has them; a position that surfaces have set since is kept.

        Returns:
            What is wrong: inputs that would have the same address.
        """
        problems: list[str] = []
        self.inputs, self.targets, self.shown, self._of = {}, {}, {}, {}
        for one in inputs:
            if one.kind != MIDI:  # a wheel on a keyboard is no business of a tablet
                problems += self._add(one)
        for name, one in self.inputs.items():
            if name not in self.moved:
                self.positions[name] = positions.get(name, one.rest)
        for surface in self._surfaces.values():
            surface.shown.clear()
            surface.dirty = dict.fromkeys(self.shown)
        return problems

    def _add(self, one: Input) -> list[str]:
        own, shared = address_of(one.name), address_of(one.control)
        other = next((a for a in {own, shared} if not self._free(a, one)), None)
        if other is not None:
            taken = ", ".join(self.targets[other])
            return [f"the inputs {taken} and {one.name} would have one address, {other}: rename one"]
        self.inputs[one.name] = one
        self.targets[own] = (one.name,)
        if shared != own:
            # A pad: x comes before y, and both in one message.
            names = tuple(sorted({*self.targets.get(shared, ()), one.name}))
            self.targets[shared] = names
            self._of.update(dict.fromkeys(names, shared))
        self._of[one.name] = shared
        self.shown[shared] = self.targets[shared]
        return []

    def _free(self, address: str, one: Input) -> bool:
        # Only the two halves of a pad share one.
        there = [self.inputs[name] for name in self.targets.get(address, ())]
        return all(o.control == one.control and {o.kind, one.kind} == set(AXES) for o in there)

    def heard(
        self, surface: Hashable, address: str, arguments: Sequence[object], now: float
    ) -> list[tuple[str, float]]:
        """Take a message of a surface; gives the inputs that it moves, with their positions.

        Args:
            surface: Who says it.
            address: One of `targets`.
            arguments: Positions; what is no number from 0 to 1 is brought there, or passed over.
            now: Seconds of any clock that does not go back.
        """
        names = self.targets[address]
        moved = [
            (name, position)
            for name, argument in zip(names, arguments, strict=False)
            if (position := _position(argument)) is not None
        ]
        for name, position in moved:
            self._set(name, position)
        if moved and surface in self._surfaces:
            shown = self._of[names[0]]
            one = self._surfaces[surface]
            one.touched[shown] = now
            # Of a pad it may have said one half only: what it shows of the other is what it was told.
            before = one.shown.get(shown, (None,) * len(self.shown[shown]))
            said = dict(moved)
            one.shown[shown] = tuple(said.get(n, b) for n, b in zip(self.shown[shown], before, strict=True))
        return moved

    def turned(self, name: str, position: float) -> None:
        """An input was moved elsewhere: at the prompt, say."""
        self._set(name, position)

    def meet(self, surface: Hashable, now: float, *, keep: bool = False) -> Hashable | None:
        """Remember a surface; one that is new is told everything. Gives the one that had to be forgotten.

        Args:
            surface: Who it is.
            now: As for `heard`.
            keep: Whether it is never forgotten, as one that the settings name.
        """
        there = self._surfaces.get(surface)
        if there is not None:
            there.heard = now
            return None
        self._surfaces[surface] = _Surface(now, keep, dirty=dict.fromkeys(self.shown))
        if len(self._surfaces) <= SURFACES:
            return None
        oldest = min((k for k, s in self._surfaces.items() if not s.kept), key=self._heard_at, default=None)
        if oldest is not None:
            del self._surfaces[oldest]
        return oldest

    def renew(self, surface: Hashable) -> None:
        """Tell a surface everything again, whatever it shows."""
        there = self._surfaces.get(surface)
        if there is not None:
            there.shown.clear()
            there.touched.clear()
            there.dirty = dict.fromkeys(self.shown)

    def forget(self, surface: Hashable) -> None:
        """A surface is gone."""
        self._surfaces.pop(surface, None)

    @property
    def surfaces(self) -> list[Hashable]:
        """The surfaces that are remembered."""
        return [*self._surfaces]

    def due(self, now: float) -> list[Told]:
        """What to tell the surfaces now; each address of each at most `RATE` times a second."""
        found: list[Told] = []
        for key, surface in self._surfaces.items():
            for address in [*surface.dirty]:
                values = self._values(address)
                if surface.shown.get(address) == values:
                    del surface.dirty[address]
                elif (
                    now - surface.touched.get(address, -math.inf) >= TOUCH
                    and now - surface.sent.get(address, -math.inf) >= 1 / RATE
                ):
                    del surface.dirty[address]
                    surface.shown[address] = values
                    surface.sent[address] = now
                    found.append(Told(key, address, values))
        return found

    @property
    def waiting(self) -> bool:
        """Whether something is to be told as soon as it may be."""
        return any(surface.dirty for surface in self._surfaces.values())

    def _set(self, name: str, position: float) -> None:
        self.positions[name] = position
        self.moved.add(name)
        address = self._of.get(name)
        if address is not None:
            for surface in self._surfaces.values():
                surface.dirty[address] = None

    def _values(self, address: str) -> tuple[float, ...]:
        return tuple(self.positions[name] for name in self.shown.get(address, ()))

    def _heard_at(self, key: Hashable) -> float:
        return self._surfaces[key].heard


def _position(value: object) -> float | None:
    if isinstance(value, int | float) and not math.isnan(value):
        return min(1.0, max(0.0, float(value)))
    return None
