"""Every layer for itself: what the mixer would add up, before the master, faster than time goes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path

import numpy as np

from bridge.event import Seconds, TimedEvent
from bridge.tempo import Tempo
from plugin_host.audio import Audio
from plugin_host.echo import Echo
from plugin_host.layouts import STEREO, Layout
from plugin_host.offline import Players, ahead, played, routes_on
from plugin_host.plugin_link import PluginSetup
from plugin_host.rack import Rack
from plugin_host.reverb import Reverb
from plugin_host.reverberation import in_space
from plugin_host.rooms import room_of
from plugin_host.sound_store import SoundSetup
from plugin_host.specs import Chain
from plugin_host.stage import Stage
from plugin_host.strip import Strip

__all__ = ["StemRack", "render_stems"]


Number = int | str
"""A route, or the key of a bus."""


class StemRack(Rack):
    """A rack whose routes each have an echo, a reverb and a room of their own.

    All play at once, so that a kick still ducks the others and voices are stolen as in the mix.

    Args:
        rate: Frames a second.
        block: Frames in a block.
        sample_folders: The musician's folders of samples.
        plugins: How plugins are played.
        sounds: How samples are read.
        layout: The loudspeakers, the same for each.
    """

    def __init__(
        self,
        rate: int,
        block: int,
        sample_folders: Sequence[str | Path] = (),
        plugins: PluginSetup | None = None,
        sounds: SoundSetup | None = None,
        layout: Layout = STEREO,
    ) -> None:
        self._layout = layout
        self._spaces: dict[Number, tuple[Echo, Reverb, Stage]] = {}
        super().__init__(rate, block, sample_folders, plugins, sounds, layout)

    def set_tempo(self, cps: float) -> None:
        """Let every echo keep time."""
        super().set_tempo(cps)
        for echo, *_ in self._spaces.values():
            if cps > 0:
                echo.set_tempo(cps)

    def set_chains(self, chains: Mapping[int, Chain]) -> None:
        """Say which chain plays on which route; each new one gets a space of its own, and so does each bus.

        What plays into a bus is heard there only: its effects hear all of it together.
        """
        super().set_chains(chains)
        direct: dict[Number, None] = dict.fromkeys(
            chain.path[-1].key if chain.to is not None else route for route, chain in chains.items()
        )
        for number in direct:
            if number not in self._spaces:
                room = room_of(self._layout, self.rate, self.block)
                self._spaces[number] = (Echo(self.rate, self.block), Reverb(self.rate), room)
                self._echo.led.append(self._spaces[number][0])
                if self._graph.cps > 0:
                    self._spaces[number][0].set_tempo(self._graph.cps)

    def render_stems(self) -> dict[Number, Audio]:
        """Render the next block: float32, shape (channels, block); what is silent is left out.

        Returns:
            By the numbers of routes, and by the keys of buses.
        """
        numbers: dict[Strip, int] = {strip: route for route, strip in self._strips.items()}
        found: dict[Number, Audio] = {}
        sounding = {numbers.get(one[0], one[0].chain.key): one for one in self._sounds()}
        room, delay = _silence(self.block), _silence(self.block)
        for route, (echo, reverb, stage) in sorted(self._spaces.items(), key=lambda one: str(one[0])):
            bed, to_room, to_delay = (_silence(self.block) for _ in range(3))
            if route in sounding:
                strip, dry, to_room, to_delay = sounding[route]
                if not stage.take(strip.placing, dry):
                    bed = np.array(dry)
            room += to_room
            delay += to_delay
            reverb.sway_with(self._reverb)
            sent = partial(in_space, room=np.array(to_room), delay=to_delay, echo=echo, reverb=reverb)
            out = stage.whole(bed, sent)
            if out.any():
                found[route] = out
        # The reverb of the mix leads: what all of them say together decides how far it has swayed.
        in_space(_silence(self.block), room, delay, self._echo, self._reverb)
        return found


def render_stems(
    events: Sequence[TimedEvent],
    routes: Mapping[str, Chain],
    seconds: Seconds,
    rate: int = 48000,
    block: int = 256,
    *,
    cps: float = 0.5,
    sample_folders: Sequence[str | Path] = (),
    problems: list[str] | None = None,
    plugins: PluginSetup | None = None,
    progress: Callable[[float], object] = bool,
    sounds: SoundSetup | None = None,
    players: Players | None = None,
    layout: Layout = STEREO,
    tempo: Tempo | None = None,
) -> Iterator[dict[str, Audio]]:
    """Play events and give, block by block, what each layer contributes to the mix before the master.

    Added up they are that mix, but for rounding, wherever no two layers share an instrument: its effects hear
    each layer alone here, and the takes of its samples go round for each.

    Args:
        events: As for `plugin_host.offline.render`.
        routes: The chain on which each layer plays.
        seconds: How long to listen.
        rate: Frames a second.
        block: Frames rendered at once.
        cps: Cycles a second, for the echo.
        sample_folders: The musician's folders of samples.
        problems: Takes what could not be played.
        plugins: How plugins are played.
        progress: Told now and then how much of it is done, 0 to 1.
        sounds: How samples are read.
        players: As for `plugin_host.offline.render`.
        layout: The loudspeakers.
        tempo: As for `plugin_host.offline.render`.

    Yields:
        By layer, and by the keys of the buses that lead to the master, float32, shape (channels, frames of
        the block); the last block may be shorter. A layer that plays into a bus is silent itself.

    Raises:
        HostError: An event's layer has no chain.
    """
    frames = round(seconds * rate)
    with closing(StemRack(rate, block, sample_folders, ahead(plugins), sounds, layout)) as rack:
        numbers = routes_on(rack, routes, cps, players, tempo)
        for first in played(rack, events, numbers, frames, frames):
            found = rack.render_stems()
            length = min(block, frames - first)
            silent = _silence(length, layout.channels)
            ours = {number: layer for layer, number in numbers.items()}
            yield dict.fromkeys(numbers, silent) | {
                ours.get(number, str(number)) if isinstance(number, int) else number: sound[:, :length]
                for number, sound in found.items()
            }
            progress(min(1.0, (first + block) / frames))
    if problems is not None:
        problems += rack.problems


def _silence(frames: int, channels: int = 2) -> Audio:
    return np.zeros((channels, frames), dtype=np.float32)
