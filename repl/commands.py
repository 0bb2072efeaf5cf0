"""What can be said at the prompt besides what a piece can say; each command acts when it is called."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Protocol

from repl.errors import ReplError
from repl.namespace import Playing
from repl.session import layer_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from repl.session import Commit, Session


class Desk(Protocol):
    """What the commands need of an engine."""

    session: Session

    def accept(self, commit: Commit) -> None:
        """Apply a commit here, at the understudy's, and in the music."""
        ...

    def end_layers(self, places: list[str]) -> None:
        """End layers at their next boundary."""
        ...

    def silence(self) -> None:
        """Sound off now, everywhere."""
        ...

    def turn(self, name: str, value: float) -> None:
        """Give a knob a value."""
        ...


class Commands:
    """The commands of one engine.

    Args:
        desk: The engine.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def table(self) -> dict[str, Callable[..., object]]:
        """The commands by the name under which they are called."""
        return {
            "hush": self.hush,
            "panic": self.panic,
            "mute": self.mute,
            "unmute": self.unmute,
            "solo": self.solo,
            "unsolo": self.unsolo,
            "turn": self.turn,
            "layers": self.layers,
        }

    def hush(self, *layers: str | Playing) -> None:
        """End layers; without a name, all of them. What sounds rings out.

        Args:
            *layers: Names of layers.
        """
        if layers:
            self._desk.end_layers(self._places(layers))
        else:
            self._desk.accept({"kind": "hush"})

    def panic(self) -> None:
        """Sound off now: ends every layer and every note, on every port and instrument."""
        self._desk.silence()

    def mute(self, *layers: str | Playing) -> None:
        """Let layers go on unheard.

        Args:
            *layers: Names of layers.
        """
        names = self._names(layers)
        self._mix(self._desk.session.muted | names, self._desk.session.solo)

    def unmute(self, *layers: str | Playing) -> None:
        """Let layers be heard again; without a name, all of them.

        Args:
            *layers: Names of layers.
        """
        names = self._names(layers) if layers else self._desk.session.muted
        self._mix(self._desk.session.muted - names, self._desk.session.solo)

    def solo(self, *layers: str | Playing) -> None:
        """Let only these layers be heard; `unsolo()` lets all be heard again.

        Args:
            *layers: Names of layers.
        """
        self._mix(self._desk.session.muted, self._names(layers))

    def unsolo(self) -> None:
        """Let all layers be heard that are not muted."""
        self._mix(self._desk.session.muted, frozenset())

    def turn(self, knob: str, value: float) -> None:
        """Turn a knob of the piece.

        Args:
            knob: Its name.
            value: Its new value.
        """
        self._desk.turn(knob, float(value))

    def layers(self) -> list[str]:
        """The names of the layers that play."""
        return sorted({layer_name(place) for place in self._desk.session.playing()})

    def _mix(self, muted: Iterable[str], solo: Iterable[str]) -> None:
        self._desk.accept({"kind": "mix", "muted": sorted(muted), "solo": sorted(solo)})

    def _places(self, layers: tuple[str | Playing, ...]) -> list[str]:
        names = self._names(layers)
        return [place for place in self._desk.session.playing() if layer_name(place) in names]

    def _names(self, layers: tuple[str | Playing, ...]) -> frozenset[str]:
        there = self.layers()
        names: set[str] = set()
        for layer in layers:
            name = layer.name if isinstance(layer, Playing) else str(layer)
            if name not in there:
                near = get_close_matches(str(name), there, n=1)
                hint = f"; did you mean {near[0]!r}?" if near else f" (there: {', '.join(there) or 'none'})"
                raise ReplError(f"no layer is called {name!r}{hint}")
            names.add(name)
        return frozenset(names)
