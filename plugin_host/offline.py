"""From events to a sound file, faster than time goes: the same rack as on stage, the same bytes each time."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np

from bridge.event import Seconds, TimedEvent
from bridge.tempo import Tempo
from patterns.parameter_names import moved_by
from plugin_host.audio import Audio
from plugin_host.errors import HostError, nearest
from plugin_host.layouts import STEREO, Layout
from plugin_host.plugin_link import PluginSetup
from plugin_host.rack import Rack
from plugin_host.sound_store import SoundSetup
from plugin_host.specs import Chain
from plugin_host.wav import write_wav

__all__ = ["Players", "ahead", "played", "render", "routes_on", "write_wav"]

Players = Mapping[str, Collection[str]]
"""The names of layers, with what they play on."""
AHEAD = 12
"""Blocks that plugins work ahead: in step with the mixer eight of them on two processors took three times as
long, for each block went to and fro."""


def render(
    events: Sequence[TimedEvent],
    routes: Mapping[str, Chain],
    seconds: Seconds,
    rate: int = 48000,
    block: int = 256,
    *,
    cps: float = 0.5,
    sample_folders: Sequence[str | Path] = (),
    problems: list[str] | None = None,
    master: bool = True,
    plugins: PluginSetup | None = None,
    progress: Callable[[float], object] = bool,
    sounds: SoundSetup | None = None,
    layout: Layout = STEREO,
    players: Players | None = None,
    tempo: Tempo | None = None,
) -> Audio:
    """Play events on a rack of their own and give back what is heard.

    The same events and chains give the same bytes, in every process on one kind of machine.

    Args:
        events: What to play, in any order; those that begin outside 0…`seconds` are left out.
        routes: The chain on which each layer plays.
        seconds: How long to listen; what rings beyond is cut off.
        rate: Frames a second.
        block: Frames rendered at once; changes nothing but the fine grain of moving filters.
        cps: Cycles a second, for the shared echo.
        sample_folders: The musician's folders of samples.
        problems: Takes what could not be played.
        master: False leaves out glue and limiter: what stems add up to.
        plugins: How plugins are played.
        progress: Told now and then how much of it is done, 0 to 1.
        sounds: How samples are read.
        layout: The loudspeakers.
        players: The names of layers with what they play on, where `routes` is not by layers itself.
        tempo: Cycles and seconds, for loops; steady unless given.

    Returns:
        float32, shape (channels, frames); onsets lie on the frame nearest to their time.

    Raises:
        HostError: An event's layer has no chain.
    """
    frames = round(seconds * rate)
    with closing(Rack(rate, block, sample_folders, ahead(plugins), sounds, layout)) as rack:
        numbers = routes_on(rack, routes, cps, players, tempo)
        late = rack.latency if master else 0
        total = frames + late
        out = np.empty((layout.channels, -(-total // block) * block), dtype=np.float32)
        take = rack.render if master else rack.render_open
        for first in played(rack, events, numbers, frames, total):
            out[:, first : first + block] = take()
            progress(min(1.0, (first + block) / total))
    if problems is not None:
        problems += rack.problems
    return out[:, late : late + frames].copy()


def ahead(plugins: PluginSetup | None) -> PluginSetup:
    """How plugins are played where time does not count: they work ahead, and each block is awaited.

    Args:
        plugins: How they would be played.
    """
    return replace(plugins or PluginSetup(), ahead=AHEAD)


def routes_on(
    rack: Rack,
    routes: Mapping[str, Chain],
    cps: float,
    players: Players | None = None,
    tempo: Tempo | None = None,
) -> dict[str, int]:
    """Set a rack up; gives the number of each layer's route.

    Args:
        rack: A new one.
        routes: The chain on which each layer plays.
        cps: Cycles a second, for the shared echo.
        players: The names of layers with those in `routes` that they play on; None if these are the names.
        tempo: Cycles and seconds, for loops; steady unless given.
    """
    numbers = {layer: number for number, layer in enumerate(sorted(routes))}
    rack.set_chains({numbers[layer]: chain for layer, chain in routes.items()})
    rack.problems.sort()  # which of several plugins was quicker to tell of one is chance
    rack.set_tempo(cps)
    rack.inputs.beat.tempo = tempo or Tempo.steady(cps)
    for name, places in (players or {route: (route,) for route in routes}).items():
        for place in places:
            rack.plays(name, numbers[place])
    return numbers


def played(
    rack: Rack, events: Sequence[TimedEvent], numbers: Mapping[str, int], frames: int, total: int
) -> Iterator[int]:
    """Begin and end notes block by block; gives the first frame of each block, which is then to be rendered.

    Args:
        rack: What plays.
        events: In any order; those that begin outside the frames are left out.
        numbers: The route of each layer.
        frames: How many in which notes may begin.
        total: How many to render.

    Raises:
        HostError: An event's layer has no route.
    """
    leads = {number: rack.lead(number) for number in numbers.values()}
    todo: list[tuple[int, bool, int, TimedEvent]] = []
    for event in events:
        if event.layer not in numbers:
            raise HostError(f"no instrument for layer {event.layer!r}; {nearest(event.layer, numbers)}")
        onset = round(event.at * rack.rate)
        if 0 <= onset < frames:
            # What a plugin is to play it is told so many blocks before.
            lead = leads[numbers[event.layer]]
            todo.append((onset - lead, True, event.id, event))
            if event.duration > 0:
                end = round((event.at + event.duration) * rack.rate)
                todo.append((max(end, onset + 1) - lead, False, event.id, event))
    rack.stand_still({numbers[event.layer] for event in events if any(map(moved_by, event.controls))})
    # At one frame ends come before onsets, and equal onsets in the order of their ids.
    todo.sort(key=lambda one: one[:3])
    place = 0
    before = -(-max(leads.values(), default=0) // rack.block)
    for first in range(-before * rack.block, total, rack.block):
        rack.inputs.look(first / rack.rate, rack.rate)
        while place < len(todo) and todo[place][0] < first + rack.block:
            at, starts, ident, event = todo[place]
            if starts:
                rack.begin(numbers[event.layer], ident, event.controls, at - first)
            else:
                rack.end(ident, at - first)
            place += 1
        if first < 0:
            rack.skip()
        else:
            yield first
