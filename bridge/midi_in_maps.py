"""Controllers that move the knobs of a piece: learnt, kept in a file beside it, taken over without a jump."""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from bridge.midi_bytes import CONTROL
from bridge.midi_in_state import fits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

NAME = "midi_map.toml"
"""The file, beside the first piece."""
NEAR = 2.5 / 127
"""Part of its way by which a controller may miss where a knob is, and has it all the same."""
LAYER = "layer"
"""What is mapped to a layer mutes it in its lower half."""

HEAD = "# Controllers that move what a piece declares: from learn(), and may be edited while it plays.\n"


@dataclass(frozen=True, slots=True)
class Mapped:
    """A controller and what it moves.

    Args:
        name: Of the knob, toggle or button; or of the layer.
        cc: Number of the controller.
        channel: 1 to 16; None is any.
        port: A part of the port's name; None is any.
        low: Where the knob is with the controller down, 0 to 1.
        high: Where it is with the controller up, 0 to 1.
        pickup: Whether the controller has to come to where the knob is before it moves it.
        kind: "knob" for every input; or `LAYER`.
    """

    name: str
    cc: int
    channel: int | None = None
    port: str | None = None
    low: float = 0.0
    high: float = 1.0
    pickup: bool = True
    kind: str = "knob"

    def __str__(self) -> str:
        """In a few words."""
        where = f" of {self.port}" if self.port is not None else ""
        on = f" on channel {self.channel}" if self.channel is not None else ""
        does = "plays and mutes" if self.kind == LAYER else "moves"
        return f"CC {self.cc}{on}{where} {does} {self.name}"


def read_maps(text: str) -> list[Mapped]:
    r"""Read the file.

    >>> read_maps('[[map]]\nname = "cutoff"\ncc = 74')[0].cc
    74

    Raises:
        ValueError: It is wrong; says where.
    """
    rows = tomllib.loads(text).get("map", [])
    found: list[Mapped] = []
    for number, row in enumerate(cast("list[dict[str, Any]]", rows), 1):
        try:
            one = Mapped(**row)
        except TypeError:
            known = ", ".join(Mapped.__slots__)
            raise ValueError(f"map {number} must have name and cc, and may have others of {known}") from None
        sound = isinstance(one.name, str) and isinstance(one.cc, int) and 0 <= one.cc <= 127  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
        if not sound or not all(isinstance(x, int | float) and 0 <= x <= 1 for x in (one.low, one.high)):  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
            raise ValueError(f"map {number}: cc is 0 to 127, low and high are 0 to 1")
        found.append(one)
    return found


def write_maps(rows: list[Mapped]) -> str:
    """The text of the file."""
    parts = [HEAD]
    for one in rows:
        lines = [f"{key} = {json.dumps(value)}" for key, value in asdict(one).items() if value is not None]
        parts.append("\n".join(["[[map]]", *lines]) + "\n")
    return "\n".join(parts)


class Maps:
    """The mappings of a session, and which controllers have their knobs.

    Args:
        path: The file.
        notice: Takes one line for the musician.
        own: Our own port, which anything may be connected to: what is learnt there holds for any port.
    """

    def __init__(self, path: Path, notice: Callable[[str], object], own: str = "") -> None:
        self.rows: list[Mapped] = []
        self.positions: dict[str, float] = {}
        self._path = path
        self._notice = notice
        self._own = own
        self._stamp: object = None
        self._learning: Mapped | None = None
        self._caught: set[Mapped] = set()
        self._last: dict[Mapped, float] = {}
        self.look()

    @property
    def ports(self) -> set[str]:
        """The ports that mappings name."""
        return {row.port for row in self.rows if row.port is not None}

    def look(self) -> None:
        """Read the file, if it is another one than it was."""
        try:
            found = self._path.stat()
            stamp: object = (found.st_mtime_ns, found.st_size)
        except OSError:
            stamp = None
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self.rows = [] if stamp is None else read_maps(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            self._notice(f"{self._path.name}: {error}; what was mapped before holds")
            return
        self._caught &= set(self.rows)
        if self.rows:
            self._notice(f"{self._path.name}: {self.said()}")

    def said(self) -> str:
        """All of them in one line."""
        return "; ".join(str(row) for row in self.rows) or "nothing is mapped: learn(...) maps a controller"

    def learn(self, wanted: Mapping[str, Any]) -> None:
        """Map the controller that is moved next."""
        self._learning = Mapped(cc=0, **wanted)
        self._notice(f"learn: move the controller that is to move {self._learning.name}")

    def unlearn(self, names: list[str]) -> None:
        """Let controllers go."""
        self._learning = None
        gone = [str(row) for row in self.rows if row.name in names]
        if gone:
            self._keep([row for row in self.rows if row.name not in names])
        self._notice(f"unlearn: no more {'; '.join(gone)}" if gone else "unlearn: nothing is mapped to these")

    def turned(self, name: str, position: float) -> None:
        """A knob was moved elsewhere: a controller that stands apart from it has to pick it up again."""
        self.positions[name] = position
        self._caught = {
            row
            for row in self._caught
            if row.name != name or abs(self._last.get(row, position) - position) <= NEAR
        }

    def lose(self, port: str) -> None:
        """A port is gone: what was moved there meanwhile is not known."""
        for row in [row for row in self._last if fits(port, row.port)]:
            del self._last[row]
            self._caught.discard(row)

    def feed(self, port: str, message: bytes) -> list[tuple[Mapped, float]]:
        """Take a message; gives what it moves, and where to."""
        if len(message) != 3 or message[0] & 0xF0 != CONTROL or message[1] >= 120:
            return []
        channel, cc, share = (message[0] & 15) + 1, message[1], message[2] / 127
        if self._learning is not None:
            row = replace(self._learning, cc=cc, channel=channel, port=None if port == self._own else port)
            self._learning = None
            self._keep([*(one for one in self.rows if one.name != row.name), row])
            self._notice(f"learn: {row}; {self._path.name} has it")
        return [
            (row, place)
            for row in self.rows
            if row.cc == cc
            and row.channel in (None, channel)
            and fits(port, row.port)
            and (place := self._moved(row, share)) is not None
        ]

    def _moved(self, row: Mapped, share: float) -> float | None:
        """Where a controller moves a knob, or None while it has not got it."""
        place = row.low + (row.high - row.low) * share
        last, now = self._last.get(row), self.positions.get(row.name)
        self._last[row] = place
        if row.kind == LAYER:
            on = share >= 0.5
            known, self.positions[row.name] = self.positions.get(row.name), float(on)
            return None if known == float(on) else float(on)
        if row.pickup and row not in self._caught and now is not None:
            passed = last is not None and (last - now) * (place - now) <= 0
            if abs(place - now) > NEAR and not passed:
                return None
        self._caught.add(row)
        self.positions[row.name] = place
        return place

    def _keep(self, rows: list[Mapped]) -> None:
        self.rows = rows
        fresh = self._path.with_suffix(".new")
        try:
            fresh.write_text(write_maps(rows), encoding="utf-8")
            fresh.replace(self._path)
            found = self._path.stat()
            self._stamp = (found.st_mtime_ns, found.st_size)
        except OSError as error:
            why = error.strerror or error
            self._notice(f"{self._path} cannot be written ({why}): it holds for this session only")
