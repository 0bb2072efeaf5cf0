"""What a DAW is to have for a piece: a track for each layer that reaches it, by port and channel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.targets import MidiTarget, OscTarget, PluginTarget
from bridge.values import number
from repl.export import channels_of
from repl.opened import open_pieces, play_layers
from repl.session import layer_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from fractions import Fraction
    from pathlib import Path

    from bridge.event import TimedEvent
    from bridge.layer import Target

HEARD = 8
"""Cycles that are looked at to know where a layer goes that leaves this to its events."""


@dataclass(frozen=True, slots=True)
class LayerPlan:
    """Where a layer goes.

    Args:
        name: The layer's.
        channels: Those that it sends on by our own port, 1 to 16.
        ports: Other ports that it sends to.
        audio: Whether instruments of ours play it.
        osc: Whether it goes out by OSC.
    """

    name: str
    channels: tuple[int, ...] = ()
    ports: tuple[str, ...] = ()
    audio: bool = False
    osc: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """A piece as a DAW sees it.

    Args:
        title: Of the project: the first file's name.
        bpm: Beats per minute at the beginning.
        beats: Beats that make a cycle.
        port: The name of our own port.
        layers: In the order of the pieces.
    """

    title: str
    bpm: float
    beats: Fraction
    port: str
    layers: tuple[LayerPlan, ...]

    @property
    def tracks(self) -> tuple[LayerPlan, ...]:
        """The layers that come by our own port."""
        return tuple(layer for layer in self.layers if layer.channels)

    @property
    def sound(self) -> bool:
        """Whether instruments of ours are heard."""
        return any(layer.audio for layer in self.layers)

    def shared(self) -> dict[int, list[str]]:
        """Channels that several layers use, so that a DAW cannot tell them apart."""
        by_channel: dict[int, list[str]] = {}
        for layer in self.layers:
            for channel in layer.channels:
                by_channel.setdefault(channel, []).append(layer.name)
        return {channel: names for channel, names in sorted(by_channel.items()) if len(names) > 1}

    def free(self) -> list[int]:
        """Channels that no layer uses."""
        taken = {channel for layer in self.layers for channel in layer.channels}
        return [channel for channel in range(1, 17) if channel not in taken]


def plan_of(files: Sequence[Path]) -> Plan:
    """Look at pieces.

    Args:
        files: The pieces, played together.

    Raises:
        LoadError: A piece cannot be loaded.
        ReplError: A file is not there.
    """
    opened = open_pieces(files)
    found = play_layers(opened.pieces, opened.tempo, opened.seed, opened.seconds(HEARD), [])
    said = {layer_name(place): rows for place, rows in found.items()}
    layers = [
        _layer(name, layer.target, said[name])
        for piece in opened.pieces
        for name, layer in piece.layers.items()
    ]
    return Plan(files[0].stem, opened.bpm, opened.beats, opened.settings.midi.name, tuple(layers))


def _layer(name: str, target: Target | None, events: Iterable[tuple[Target, TimedEvent]]) -> LayerPlan:
    rows = list(events)
    channels: set[int] = set()
    ports: set[str] = set()
    for one, event in rows:
        if isinstance(one, MidiTarget) and one.port is None:
            said = event.controls.get("channel", event.controls.get("midichan"))
            chosen = () if said is None or one.zone is not None else (round(number("channel", said)),)
            channels |= {channel for channel in chosen or channels_of(one) if 1 <= channel <= 16}
        elif isinstance(one, MidiTarget) and not isinstance(one, PluginTarget):
            ports.add(str(one.port))
    if not rows and isinstance(target, MidiTarget) and not isinstance(target, PluginTarget):
        # It rests for now; what it is meant for is known.
        channels |= set(channels_of(target)) if target.port is None else set()
        ports |= set() if target.port is None else {target.port}
    targets = [target, *(one for one, _ in rows)]
    osc = any(isinstance(one, OscTarget) for one in targets)
    audio = any(one is not None and not isinstance(one, MidiTarget | OscTarget) for one in targets)
    return LayerPlan(name, tuple(sorted(channels)), tuple(sorted(ports)), audio, osc)
