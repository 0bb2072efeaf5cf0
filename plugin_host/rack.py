"""The whole audio graph, pure of devices and clocks: routes, sends, master."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, cast

import numpy as np

from plugin_host.audio import Audio, broadcast_directly, single
from plugin_host.building import Building
from plugin_host.bus_succession import Beside, nobody
from plugin_host.controls import Controls, read_controls
from plugin_host.cue import Cue
from plugin_host.ducking import Duckings
from plugin_host.echo import Echo
from plugin_host.effects import missing
from plugin_host.errors import HostError
from plugin_host.graph import Graph, copies_of, deliver, tell_echo
from plugin_host.intake import Inputs
from plugin_host.layouts import STEREO, Layout
from plugin_host.levels import Levels, levels_of
from plugin_host.master import Master
from plugin_host.part_names import SPACE, PartNames
from plugin_host.plugin_bank import PluginBank
from plugin_host.plugin_link import PluginLink, PluginSetup
from plugin_host.problems import Problems
from plugin_host.rendered_strip import RenderedStrip
from plugin_host.reverb import Reverb
from plugin_host.reverberation import in_space
from plugin_host.rooms import room_of
from plugin_host.samples import Library
from plugin_host.sound_store import SoundSetup, SoundStore
from plugin_host.specs import Chain
from plugin_host.stealing import VOICES, make_room
from plugin_host.strip import Strip
from plugin_host.succession import Held, Succession

__all__ = ["VOICES", "Rack"]

_FORESEEN: Final = 1000
"""How many events of a route that is still being built are remembered, to read what they need."""


class Rack:
    """Instruments, effects, sends and master: events in, blocks of sound out.

    Only one thread may use it, but for `prepare`. What it cannot play it reports once in `problems`, and
    each failure of a plugin.

    Args:
        rate: Frames a second, 8000 to 192000.
        block: Frames in a block, 32 to 8192.
        sample_folders: The musician's folders of samples, which the drums can play, too.
        plugins: How plugins are played; usually each block of theirs is waited for.
        sounds: How sound files are kept; usually each is waited for.
        layout: The loudspeakers; for each a channel is rendered.

    Attributes:
        inputs: What comes in during the next block.
        parts: Where somebody has put a table here, each block's parts before the master come into it, by the
            names of instruments, and the echo and reverb of all as "space".
        view, viewed: As `plugin_host.viewing.Seen` says.

    Raises:
        ValueError: Rate or block out of range.

    >>> from plugin_host.specs import instrument
    >>> rack = Rack(48000, 256)
    >>> rack.set_chains({0: instrument("drums")})
    >>> rack.begin(0, 1, {"s": "bd"}, offset=100)
    >>> rack.render().shape
    (2, 256)
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
        if not 8000 <= rate <= 192000:
            raise ValueError(f"rate={rate}: 8000…192000 frames a second")
        if not 32 <= block <= 8192:
            raise ValueError(f"block={block}: 32…8192 frames")
        self.rate, self.block = rate, block
        self._report = Problems()
        self.problems = self._report.lines
        self._store = SoundStore(rate, sounds or SoundSetup(), self._report)
        self._library = Library(sample_folders, self._store)
        for folder in self._library.missing:
            self._report(f"no folder of samples at {folder}")
        lack = missing()
        if lack is not None:
            self._report(lack)
        self._plugins = plugins or PluginSetup()
        self._strips: dict[int, Strip] = {}
        self._graph = Graph(self._new, self._strips)
        self.view, self.viewed = self._graph.view, self._graph.given
        self.cue: Cue | None = None
        self.inputs = Inputs(block)
        self._copies: dict[int, list[Strip]] = {}
        self._waiting: dict[int, list[Controls]] = {}
        self._refused: set[int] = set()
        self._succession = Succession(self._strips, self._graph, self._make_room, self._report)
        self._leaving: list[Strip] = []
        self._building = Building(self._graph.strip, self._plugins)
        self._ducking = Duckings(rate)
        self._reverb = Reverb(rate)
        self._echo = Echo(rate, block)
        self._stage = room_of(layout, rate, block)
        self._master = Master(rate, self._report, layout)
        self._tail: Audio | None = None
        self.parts: dict[str, Audio] | None = None
        self._names = PartNames()

    @property
    def latency(self) -> int:
        """Frames by which everything comes out later: the limiter's look-ahead."""
        return self._master.limiter.latency

    @property
    def sounding(self) -> int:
        """Voices that sound."""
        return sum(strip.bank.count for strip in self._all())

    def voices(self, route: int) -> list[int]:
        """The events whose voices sound on a route."""
        strip = self._strips.get(route)
        return list(strip.bank.ids) if strip is not None else []

    def plugin(self, route: int) -> PluginLink | None:
        """The process that plays a route, if a plugin does."""
        strip = self._strips.get(route)
        return strip.bank.link if strip is not None and isinstance(strip.bank, PluginBank) else None

    @property
    def awaits(self) -> bool:
        """Whether a plugin's next block is not there yet, and will be in a moment."""
        return any(link.is_awaited for strip in self._strips.values() for link in strip.links)

    @property
    def leaving(self) -> int:
        """Chains that are no longer wanted and ring out."""
        return len(self._leaving)

    def _all(self) -> list[Strip]:
        return [*(self._strips[route] for route in sorted(self._strips)), *self._leaving]

    def _new(self, chain: Chain) -> Strip:
        also = self._report, self.block, self._plugins, self.inputs
        made = (Strip if self._plugins.live else RenderedStrip)(chain, self.rate, self._library, *also)
        made.placing.enter(self._stage, self._report)
        return made

    def prepare(self, chain: Chain) -> None:
        """Build a chain ahead, so that `set_chains` is quick; on any thread.

        Args:
            chain: One that is about to be set.
        """
        if all(one.chain != chain for one in [*self._strips.values()]):
            self._building.ahead(chain)

    def foresee(self, route: int, controls: Mapping[str, object]) -> None:
        """Read what an event will need, before it is due; on any thread.

        Without this a sample is read when it first sounds, which takes longer than a block.

        Args:
            route: Where it will play.
            controls: What the event says.
        """
        read = read_controls(controls, self._report)
        if route not in self._strips:
            waiting = self._waiting.setdefault(route, [])
            if len(waiting) < _FORESEEN:
                waiting.append(read)
        strip = self._strips.get(route)  # asked again: it may have been set meanwhile
        if strip is not None:
            strip.bank.foresee(read)

    def set_chains(self, chains: Mapping[int, Chain]) -> None:
        """Say which chain plays on which route.

        A chain that stays keeps its voices and its effects' memory. One that goes takes no new notes; those
        that sound keep their own ends, and its effects ring out.

        Args:
            chains: The whole table of routes.
        """
        for route in [*self._strips]:
            if chains.get(route) != self._strips[route].chain:
                self._leaving.append(self._strips.pop(route))
        fresh = {route: one for route, one in sorted(chains.items()) if route not in self._strips}
        for route, built in self._building.several(fresh).items():
            try:
                strip = self._strips[route] = built()
            except HostError as error:
                self._refused.add(route)
                name = fresh[route].instrument.name
                self._report(f"{name!r} cannot be built and stays silent: {error}")
                continue
            waiting = self._waiting.pop(route, None)
            if waiting:
                self._store.soon(partial(_foresee, strip, waiting))
        self._copies = copies_of(self._strips)

    def lead(self, route: int) -> int:
        """Frames by which a route is to be told of its notes earlier than they are to be heard."""
        strip = self._strips.get(route)
        return 0 if strip is None else strip.lead

    def has(self, route: int) -> bool:
        """Whether a route has its instrument."""
        return route in self._strips

    def warm(self, route: int, held: Sequence[Held]) -> None:
        """Have notes begin on a route without being heard; see `plugin_host.succession`."""
        self._succession.warm(route, held)

    def cool(self, route: int, idents: Collection[int]) -> None:
        """Let go of those of them that are not wanted after all."""
        self._succession.cool(route, idents)

    def succeed(
        self, former: int, route: int, held: Sequence[Held], *, alone: bool, beside: Beside = nobody
    ) -> bool:
        """Let a route follow another from the next block on; see `plugin_host.succession`."""
        goes_on = self._succession.hand_over(former, route, held, alone=alone, beside=beside)
        if goes_on:
            self._names.goes_on(self._strips[former].chain, self._strips[route].chain)
        if alone:
            self._graph.follows(former, route)
        self._copies = copies_of(self._strips)
        # A plugin that is left alone would be so for whoever comes back to it.
        spent = (
            any(link.left_alone for link in self._strips[former].links) if former in self._strips else False
        )
        return goes_on or (alone and spent)

    def foresee_soon(self, route: int, several: Sequence[Callable[[], Mapping[str, object]]]) -> None:
        """Have read, beside the sound, what events need; see `foresee`."""
        if several:
            self._store.soon(lambda: [self.foresee(route, one()) for one in several])

    def plays(self, layer: str, route: int) -> None:
        """Say that a layer plays on a route, so that others can give way to it by its name."""
        self._graph.plays(layer, route)

    def stand_still(self, moving: Collection[int]) -> None:
        """Know that nothing but these routes, and their copies, will ever move in a render."""
        self._graph.stand_still(moving)

    def hear_before(self, names: Collection[str]) -> None:
        """Take layers and buses out of the mix, into `cue`; all others come back."""
        self.cue = self.cue or Cue(self.rate, self.block)
        self._graph.cue(frozenset(names))

    def set_tempo(self, cps: float) -> None:
        """Let the shared echo keep time; an event that says `cps` does so, too.

        Args:
            cps: Cycles a second, above 0; a cycle is four beats.
        """
        if cps > 0:
            self._echo.set_tempo(cps)
            self._graph.set_tempo(cps, self._all())

    def set_level(self, route: int, gain: float, pan: float = 0.5) -> None:
        """Set a route's fader; it moves there within a block, without a click.

        Args:
            route: Which one.
            gain: Its level, 0 to 4; 1 leaves it.
            pan: Its balance, 0 left to 1 right; 0.5 leaves it.
        """
        strip = self._strips.get(route)
        if strip is not None:
            gain, pan = min(max(gain, 0.0), 4.0), min(max(pan, 0.0), 1.0)
            strip.target = (gain * min(1.0, 2 - 2 * pan), gain * min(1.0, 2 * pan))

    def begin(self, route: int, ident: int, controls: Mapping[str, object], offset: int) -> None:
        """Start a note.

        Args:
            route: Where it plays.
            ident: Its event, by which it is ended.
            controls: What the event says.
            offset: Frames into the next block; kept within the block.
        """
        strip = self._strips.get(route)
        if strip is None:
            if route not in self._refused:
                self._report(
                    "an instrument was still being built when its first notes were due; they are lost"
                )
            return
        cps = controls.get("cps")
        if isinstance(cps, int | float) and cps != self._graph.cps:
            self.set_tempo(float(cps))
        offset = min(max(offset, 0), self.block - 1)
        read = read_controls(controls, self._report)
        if not read.sounds:
            for one in (strip, *self._copies.get(route, ())):
                one.begin(ident, read, offset)
            return
        if not isinstance(strip.bank, PluginBank):  # none of its voices is ours
            self._make_room(offset)
        if strip.is_kick(read):
            self._ducking.strike(offset + strip.lead, min(1.0, read.gain * (0.3 + 0.7 * read.velocity)))
        strip.begin(ident, read, offset)
        tell_echo(self._echo, strip, read)

    def end(self, ident: int, offset: int) -> None:
        """Let go of a note.

        Args:
            ident: Its event.
            offset: Frames into the next block; kept within the block.
        """
        offset = min(max(offset, 0), self.block - 1)
        any(strip.bank.end(ident, offset) for strip in (*self._strips.values(), *self._leaving))

    def _make_room(self, offset: int) -> None:
        make_room(self._all(), offset)

    def skip(self) -> None:
        """Let a block's time pass before the first one is rendered, for what is told so far ahead."""
        if any(strip.effects.lead() for strip in self._graph.order(self._all())):
            sum(1 for _ in self._sounds())  # an effect has to be given what it will give back
            return
        for strip in self._strips.values():
            strip.skip(self.block)

    def render(self) -> Audio:
        """Render the next block.

        Returns:
            float32, shape (channels, block), within -1 dB true peak.
        """
        mix = self._mix()
        if self._tail is not None:
            mix += self._tail
            self._tail = None
        return self._master.process(mix)

    def render_open(self) -> Audio:
        """Render the next block without the master: no glue, no limiter, and no latency.

        Returns:
            float32, shape (channels, block), as loud as it is.
        """
        return self._mix()

    def _mix(self) -> Audio:
        """Everything before the master."""
        broadcast_directly()
        out, room, delay = (np.zeros((2, self.block), dtype=np.float32) for _ in range(3))
        parts = self.parts
        for strip, dry, to_room, to_delay in self._sounds():
            if not self._stage.take(strip.placing, dry):
                out += dry
            if parts is not None:
                name = self._names.of(strip.chain)
                parts[name] = parts[name] + dry if name in parts else np.array(dry)
            room += to_room
            delay += to_delay
        if self._leaving:
            for strip in self._leaving:
                if strip.idle:
                    strip.close()
            self._leaving = [strip for strip in self._leaving if not strip.idle]

        def space(sound: Audio) -> Audio:
            before = sound if parts is None else sound.copy()
            whole = in_space(sound, room, delay, self._echo, self._reverb)
            if parts is not None:
                parts[SPACE] = whole - before
            return whole

        return self._stage.whole(out, space)

    def _sounds(self) -> Iterator[tuple[Strip, Audio, Audio, Audio]]:
        """What sounds in the next block: a route, its sound, what goes to the reverb and to the echo."""
        self._ducking.begin(self.block)
        for strip in self._graph.order(self._all()):
            self._graph.listen(strip)
            sound = strip.render(self.block)
            if strip.space is not None:
                sound = strip.space.process(sound, self.block)
            if sound is None:
                strip.give(None)
                strip.cued = id(strip) in self._graph.cued
                continue
            if self.cue is not None and (sound := self.cue.take(strip, self._graph.cued, sound)) is None:
                continue
            dry, to_room, to_delay = sound
            way = 0 if strip.into is None else strip.into.lead
            if strip.duck and (duck := self._ducking.of(way)) is not None:
                give = 1 - strip.ducking * duck
                dry, to_room, to_delay = (single(part * give) for part in sound)
                strip.placing.scale(give)
            strip.give(dry)
            if not deliver(strip, dry, to_room, to_delay):
                yield strip, dry, to_room, to_delay

    def silence(self) -> None:
        """Silence everything at once: what sounds fades within the next block, at most 5 ms."""
        tail = self._mix()
        fade = min(self.block, self.rate // 200)
        tail[:, :fade] *= np.linspace(1, 0, fade, dtype=np.float32)
        tail[:, fade:] = 0
        self._tail = np.nan_to_num(tail, posinf=0, neginf=0)
        for strip in self._strips.values():
            strip.silence()
        for strip in self._leaving:
            strip.close()
        self._leaving.clear()
        self._graph.silence()
        self._reverb.renew()
        self._echo.renew()
        self._stage.renew()

    def close(self) -> None:
        """Let go of what it holds outside this process: those of plugins. It is of no use afterwards."""
        for strip in self._all():
            strip.close()
        self._building.close()
        self._graph.close()
        self._store.close()

    def meters(self) -> dict[str, object]:
        """How loud all that has a name was since this was last asked, in dB.

        Returns:
            As `plugin_host.levels.levels_of` says; for the master also how many voices sound.
        """
        out = levels_of(self._strips, self._graph, self.inputs, self._master)
        out["master"] = cast("Levels", out["master"]) | {"voices": float(self.sounding)}
        return out


def _foresee(strip: Strip, several: Sequence[Controls]) -> None:
    for controls in several:
        strip.bank.foresee(controls)
