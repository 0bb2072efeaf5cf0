"""What the mixer does for screens: lets a process look at what it plays, and at how loud all of it is."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol, cast, runtime_checkable

from bridge.clock import monotonic
from plugin_host.view_ring import ViewRing

if TYPE_CHECKING:
    from pathlib import Path

    from bridge.worker import Connection
    from plugin_host.audio import Audio
    from plugin_host.layouts import Layout
    from plugin_host.machine import Machine

__all__ = ["SLOTS", "LevelBook", "Seen", "View", "serve_view"]

SLOTS: Final = 7
"""Layers and buses whose sound may be looked at beside the whole."""

Levels = Mapping[str, object]

_numbers = itertools.count(1)


@runtime_checkable
class Seen(Protocol):
    """Instruments whose layers and buses can be looked at; see `plugin_host.rack.Rack`."""

    def view(self, names: Sequence[str]) -> None:
        """Keep what these layers and buses give to each block."""
        ...

    def viewed(self) -> list[Audio | None]:
        """What they gave to the block that was rendered last, in their order; None for silence."""
        ...


class View:
    """Shows what is played: every block is copied into a ring, and that is all.

    Used by the rendering thread alone, but for making it.

    Args:
        folder: Where the ring's file is put.
        rate: Frames a second.
        layout: The loudspeakers.
    """

    def __init__(self, folder: Path, rate: int, layout: Layout) -> None:
        self.rate, self._layout = rate, layout
        channels = layout.channels + 2 * SLOTS
        self.ring = ViewRing.create(folder / f"view-{next(_numbers)}", channels)
        self._names: tuple[str, ...] = ()
        self._since = 0
        self._rack: Seen | None = None

    def show(self, rack: object, names: Sequence[str]) -> dict[str, object]:
        """Show these layers and buses beside the whole from the next block on.

        Args:
            rack: The instruments.
            names: Those that do not exist are silent; more than there is room for are left out.

        Returns:
            What a reader has to know: where the ring is, and what lies in it from which frame on.
        """
        asked = tuple(dict.fromkeys(names))[:SLOTS]
        if asked != self._names or rack is not self._rack:
            self._names, self._since = asked, self.ring.written
            self._rack = rack if isinstance(rack, Seen) else None
            if self._rack is not None:
                self._rack.view(asked)
        return {
            "ring": str(self.ring.path),
            "channels": self.ring.channels,
            "rate": self.rate,
            "weights": list(self._layout.weights),
            "names": list(asked),
            "since": self._since,
        }

    def hear(self, _position: int, audio: Audio) -> None:
        """Take the block that was rendered."""
        ring, (channels, frames) = self.ring, audio.shape
        ring.put(0, audio, channels, frames)
        if self._rack is not None:
            for place, sound in enumerate(self._rack.viewed()):
                ring.put(channels + 2 * place, sound, 2, frames)
        ring.advance(frames)

    def close(self, rack: object) -> None:
        """Show nothing more."""
        if isinstance(rack, Seen):
            rack.view(())
        self.ring.forget_file()


def serve_view(connection: Connection, machine: Machine, folder: Path, asked: bytes) -> None:
    """Let a process look until it goes; a later one takes its place. Each time that it asks it is told.

    Args:
        connection: To that process; it says `V` with the names of layers and buses in "of", and gets a `v`.
        machine: What plays.
        folder: Where the ring's file is put.
        asked: What it asked first.
    """
    view: View | None = None
    try:
        while True:
            names = [str(one) for one in cast("list[object]", json.loads(asked).get("of", []))]
            if view is None or view.rate != machine.rate:
                # Made here: the rendering thread is to touch no disk.
                view = View(folder, machine.rate, machine.layout)
                machine.show(view)
            told = machine.ask(partial(_told, machine, view, names))
            connection.send_json(b"v", told or {})
            kind, asked = connection.receive()
            if kind != b"V":
                return
    finally:
        machine.show(None, view)


def _told(machine: Machine, view: View, names: Sequence[str]) -> dict[str, object]:
    return {**view.show(machine.desk.rack, names), "levels": machine.levels.tell("screen")}


class LevelBook:
    """Tells engines and a screen how loud it was since each last asked, of meters that tell each thing once.

    Args:
        read: Reads the meters, which begin anew.
        now: Seconds, for weighing what was read.

    Attributes:
        viewed: Whether a screen asks, too; else nothing has to be kept.
    """

    def __init__(self, read: Callable[[], Levels], now: Callable[[], float] = monotonic) -> None:
        self._read, self._now = read, now
        self._last = now()
        self._kept: dict[str, tuple[float, Levels]] = {}
        self.viewed = False

    def tell(self, who: str) -> Levels:
        """How loud it was since that one was last told.

        Args:
            who: "engine" or "screen".
        """
        now = self._now()
        fresh, passed, self._last = self._read(), now - self._last, now
        if not self.viewed:
            self._kept.clear()
            return fresh
        for one in ("engine", "screen"):
            seconds, levels = self._kept.get(one, (0.0, {}))
            self._kept[one] = (seconds + passed, _added(levels, seconds, fresh, passed))
        return self._kept.pop(who)[1]


def _added(levels: Levels, seconds: float, fresh: Levels, passed: float) -> Levels:
    """What was, and what has come since; only of what is still there."""
    if not levels or seconds + passed <= 0:
        return fresh
    out: dict[str, object] = {}
    for name, row in fresh.items():
        new, old = (cast("Mapping[str, float]", one) for one in (row, levels.get(name, row)))
        power = (seconds * 10 ** (old["rms"] / 10) + passed * 10 ** (new["rms"] / 10)) / (seconds + passed)
        rms = round(10 * math.log10(max(power, 1e-20)), 2)
        out[name] = {**new, "peak": max(old["peak"], new["peak"]), "rms": rms}
    return out
