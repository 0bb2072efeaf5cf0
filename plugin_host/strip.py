"""One route of the rack: an instrument's voices, its effects, and its place in the mix."""

from collections.abc import Callable, Collection
from typing import Any

import numpy as np

from plugin_host.addresses import INSTRUMENT, MIX, ROOM, Found, find
from plugin_host.audio import Audio, single
from plugin_host.bank import LANES, Bank, Voicing
from plugin_host.controls import Controls, Told
from plugin_host.drum_table import is_kick
from plugin_host.effects import Effects
from plugin_host.instruments import LEVELS
from plugin_host.intake import Inputs
from plugin_host.kinship import differences
from plugin_host.metering import Meter
from plugin_host.motion import Moving, ramps, sent, values_at
from plugin_host.passage import PASSAGE, Passage
from plugin_host.placing import Placing
from plugin_host.players import kind_of, player, standing
from plugin_host.plugin_bank import PluginBank
from plugin_host.plugin_link import PluginLink, PluginSetup
from plugin_host.reverberation import Space
from plugin_host.samples import Library
from plugin_host.specs import Chain
from plugin_host.taped_effect import effect_of

__all__ = ["Strip"]

Both = tuple[float, float]
"""For left and right, or for reverb and echo."""

JUMP = 0.005
"""Seconds in which a parameter gets where a note or a step of a pattern wants it."""
GLIDE = 0.05
"""Seconds in which parameters get where a changed chain has them."""
_AFTER = frozenset({"room", "delay", "duck"})  # of how a chain stands in the mix, what follows its effects
_NOTE_OWN = frozenset({"gain", "pan", "room", "delay"})
"""How a chain stands in the mix, as far as each note may have its own."""


class Strip:
    """One route.

    Args:
        chain: Its instrument and effects.
        rate: Frames a second.
        library: The musician's samples.
        report: Takes one line about what could not be played or was not as it should be.
        block: Frames in a block.
        plugins: How plugins are played.
        inputs: What comes in; nothing, unless given.

    Raises:
        PluginLoadError: Its plugin is not there or cannot be loaded.
    """

    def __init__(
        self,
        chain: Chain,
        rate: int,
        library: Library,
        report: Callable[[str], None],
        block: int,
        plugins: PluginSetup,
        inputs: Inputs | None = None,
    ) -> None:
        self.chain = chain
        self.report = report
        self.foreign = chain.instrument.kind == "vst3"
        self.is_bus = chain.instrument.kind == "bus"
        self.into: Strip | None = None  # the bus that it plays into
        self.space: Space | None = None
        self.heard: Audio | None = None  # what it gave to the present block, where somebody gives way to it
        self.is_key = self.cued = False
        self.resting = True  # whether it was silent in the block before
        kind, values = kind_of(chain.instrument), standing(chain.instrument)
        self.bank = player(chain.instrument, rate, block, library, plugins, inputs, report)
        if self.is_bus and chain.instrument["space"] == "own":
            self.space = Space(rate, block)
        try:
            self.effects = Effects(
                chain.effects, rate, lambda one: effect_of(one, rate, block, plugins, report)
            )
        except BaseException:
            if isinstance(self.bank, PluginBank):
                self.bank.close()
            raise
        self.rate, self.block, self._ahead = rate, block, plugins.ahead if self.foreign else 0
        self._through = self._ahead + self.effects.before(len(chain.effects))  # blocks from told to heard
        self.effects.load_rooms(library.impulse, block)
        moved = {one.name for one in chain.instrument.moves} if not self.foreign else set[str]()
        if self.is_bus:
            moved |= {"gain", "pan"}  # it has no voices that they could be laid into
        # What moves is laid over all voices; they themselves stand where it does nothing.
        self.gain = 1.0 if "gain" in moved or not values["gain"] else values["gain"]
        self.fader = values["gain"] / self.gain
        self.loudness = LEVELS.get(kind, 1.0) * self.gain
        self.pan = 0.5 if "pan" in moved else values["pan"]
        self.balance = values["pan"] if "pan" in moved else 0.5
        self.sends: Both = (values["room"], values["delay"])
        self.duck = values["duck"]
        self.level = self.target = (1.0, 1.0)
        self.send_level: Both = self.sends
        self.send_target: Both = self.sends
        self.quiet = 0
        self.meter = Meter()
        self.drums = kind in {"drums", "sampler"}
        self._begins: dict[str, float] = {one: values[one] for one in ("gain", "room", "delay", "duck")} | {
            "pan": self.balance
        }
        self._moving: dict[Found, Moving] = {}
        self._plugged: dict[tuple[str, bool], Moving] = {}
        self._mix: dict[str, Audio] = {}  # of how it stands in the mix: what moves in this block
        self.placing = Placing(chain, rate)
        self._later: list[tuple[int, tuple[Found, float, int, int, bool], bool]] = []

    def begin(self, ident: int, controls: Controls, offset: int, age: int | None = None) -> None:
        """Start a voice `offset` frames into the next block; or only move what the event moves.

        One that has an age, in frames, has sounded elsewhere and comes in gently.
        """
        own: dict[str, Any] = {}
        for told in controls.moves:
            self._tell(told, controls, offset, own)
        if not controls.sounds:
            return
        loud = self.loudness * controls.gain * (0.1 + 0.9 * controls.velocity) ** 1.5
        loud *= own.pop("mix.gain", self.gain) / self.gain
        pan = own.pop("mix.pan", self.pan) if controls.pan is None else controls.pan
        room, delay = self.sends
        asked = (
            own.pop("mix.room", room) if controls.room is None else controls.room,
            own.pop("mix.delay", delay) if controls.delay is None else controls.delay,
        )
        if self.effects or self.foreign:
            # What goes to reverb and echo is taken after the effects, where voices are no longer apart, as
            # those of a plugin never are: there the newest event decides for all.
            self.send_target = asked
            asked = self.sends
        voicing = Voicing(controls, loud, pan, asked[0] - room, asked[1] - delay, own)
        self.placing.begin(voicing, offset, apart=self._voices_apart, wait=self._through)
        if age is not None:
            self.bank.join(ident, voicing, age, round(PASSAGE * self.rate))
        elif isinstance(self.bank, Bank):
            self.bank.start(ident, voicing, offset)
        else:
            self.bank.begin(ident, voicing, offset)

    def _tell(self, told: Told, controls: Controls, offset: int, own: dict[str, Any]) -> None:
        """Move a parameter, or put it among those that the event's voice has for itself."""
        found = find(self.chain, told.address)
        if found is None:
            return
        one = found.parameter
        frames = round((JUMP if controls.over is None else controls.over) * self.rate)
        if one is None and found.owner >= 0:
            self._step((found, told.value, offset, frames, controls.over is None), told.is_position)
            return
        if one is None:
            key = (told.address, told.is_position)
            if key not in self._plugged:
                # Where it stands nobody knows but the plugin: it goes from where it is told to be first.
                self._plugged[key] = Moving(told.value)
            self._plugged[key].move(told.value, offset, frames, smooth=controls.over is None)
            return
        if one.fixed:
            return
        position = min(max(told.value, 0.0), 1.0) if told.is_position else one.position(told.value)
        if controls.sounds and not found.bus and self._is_voice(found):
            part = {MIX: "mix.", ROOM: "place."}.get(found.owner, "")
            own[part + found.name] = one.at(position)
            return
        self._step((found, position, offset, frames, controls.over is None))

    def _step(self, step: tuple[Found, float, int, int, bool], is_position: bool = True) -> None:
        wait = self._wait(step[0])
        if wait:
            # What goes through a plugin comes out so many blocks later, and is moved then.
            self._later.append((wait, step, is_position))
        else:
            self._move(*step, is_position)

    def _wait(self, found: Found) -> int:
        """Blocks that a sound is on its way from its event to where a parameter acts."""
        if found.owner >= 0 and not found.bus:
            return self._ahead + self.effects.before(found.owner)
        early = found.owner != ROOM and found.name not in _AFTER and not found.bus
        return self._ahead if early else self._through

    def _is_voice(self, found: Found) -> bool:
        if found.owner == MIX:
            return found.name in _NOTE_OWN and not self.foreign
        if found.owner == ROOM:
            return self._voices_apart
        return found.owner == INSTRUMENT and isinstance(self.bank, Bank) and found.name in self.bank.voiced

    @property
    def _voices_apart(self) -> bool:
        """Whether each note may have a place of its own: effects, plugins and buses have one for all."""
        return not (self.effects or self.foreign or self.is_bus or self.into is not None)

    def _move(
        self, found: Found, goal: float, offset: int, frames: int, smooth: bool, is_position: bool = True
    ) -> None:
        one = found.parameter
        if one is None:
            plugin = self.effects.plugins.get(found.owner)
            if plugin is not None:
                plugin.turn(found.name, goal, offset, frames, is_position=is_position, smooth=smooth)
            return
        if found.bus:
            bus = self.bus(found.bus)
            if bus is not None:
                bus.turn(found._replace(bus=""), goal, offset, frames, smooth=smooth)
            return
        if found.owner == ROOM:
            self.placing.move(found.name, one.at(goal), offset, frames)
            return
        if found.owner >= 0:
            self.effects.move(found.owner, one, goal, offset, frames, smooth=smooth)
            return
        moving = self._moving.get(found)
        if moving is None:
            mix = found.owner == MIX
            begins = self._begins[one.name] if mix else float(self.chain.instrument[one.name])
            moving = self._moving[found] = Moving(one.position(begins))
            if found.owner == MIX and found.name == "pan":
                self.pan = 0.5
        moving.move(goal, offset, frames, smooth=smooth)

    def turn(self, found: Found, goal: float, offset: int, frames: int, *, smooth: bool) -> None:
        """Let a parameter move, `offset` frames into the next block.

        Args:
            found: Which, of its own.
            goal: Where it is to be, from 0 to 1 of its range.
            offset: Frames into the block.
            frames: How many it takes.
            smooth: Whether it begins and ends gently.
        """
        self._move(found, goal, offset, frames, smooth)

    @property
    def way(self) -> "list[Strip]":
        """The buses between it and the master, the nearest first."""
        return [] if self.into is None else [self.into, *self.into.way]

    def bus(self, name: str) -> "Strip | None":
        """The bus of that name on its way to the master."""
        found = self.into
        while found is not None and found.chain.instrument.name != name:
            found = found.into
        return found

    def become(self, chain: Chain) -> None:
        """Go on as another chain of the same shape: what differs glides there, and everything sounds on."""
        frames = round(GLIDE * self.rate)
        for found, old, new in differences(self.chain, chain):
            if found.parameter is not None:
                self._step((found, found.parameter.position(new), 0, frames, True))
            elif (plugin := self.effects.plugins.get(found.owner)) is not None:
                plugin.stands(found.name, old)
                self._step((found, new, 0, frames, True), False)
            else:
                moving = self._plugged.setdefault((found.name, False), Moving(old))
                moving.move(new, 0, frames, smooth=True)
        self.chain = chain

    def leave(self, idents: Collection[int], wait: int, *, alone: bool) -> None:
        """Let held notes go, for they play on elsewhere; what rings rings out, if it can be told apart.

        Args:
            idents: Their events.
            wait: Frames until they go.
            alone: Whether nobody else plays here.
        """
        frames = round(PASSAGE * self.rate)
        if isinstance(self.bank, Bank):
            for ident in idents:
                self.bank.leave(ident, frames, wait)
        else:
            self.bank.leave(idents, Passage(frames, wait, out=True) if alone and idents else None)

    def _turn(self, frames: int) -> None:
        """Let everything that moves get on by a block."""
        if self._later:
            for wait, step, is_position in self._later:
                if wait <= 0:
                    self._move(*step, is_position)
            self._later = [(wait - 1, step, kind) for wait, step, kind in self._later if wait > 0]
        if isinstance(self.bank, PluginBank):
            for (name, positions), moving in self._plugged.items():
                values = moving.block(frames)
                if values is not None:
                    self.bank.turn(name, values, are_positions=positions)
        self._mix.clear()
        for found, moving in self._moving.items():
            values, one = moving.block(frames), found.parameter
            if values is None or one is None:
                continue
            if found.owner == MIX:
                self._mix[found.name] = values_at(one, values)
            elif isinstance(self.bank, Bank):
                self.bank.turn(found.name, values_at(one, values))

    def _placed(self, lanes: Audio) -> Audio:
        """The voices behind the fader: louder or softer, further to one side."""
        fader = self._mix.get("gain")
        if fader is not None:
            lanes = single(lanes * (fader / np.float32(self.gain)))
        elif self.fader != 1.0:
            lanes = single(lanes * np.float32(self.fader))
        balance = self._mix.get("pan")
        if balance is not None or self.balance != 0.5:
            angle = single(self.balance if balance is None else balance) * np.float32(np.pi / 2)
            lanes[0::2] *= np.float32(2**0.5) * np.cos(angle)
            lanes[1::2] *= np.float32(2**0.5) * np.sin(angle)
        return lanes

    def _stand(self) -> None:
        """Keep what moved in this block where it has got to."""
        if not self._mix:
            return
        ends = {name: float(values[-1]) for name, values in self._mix.items()}
        self.fader = ends.get("gain", self.fader * self.gain) / self.gain
        self.balance = ends.get("pan", self.balance)
        self.duck = ends.get("duck", self.duck)
        if "room" in ends or "delay" in ends:
            self.sends = (ends.get("room", self.send_level[0]), ends.get("delay", self.send_level[1]))
            self.send_level = self.send_target = self.sends

    @property
    def ducking(self) -> Audio | np.float32:
        """How far it gives way to the kick drum in the block that is being rendered."""
        return self._mix["duck"] if "duck" in self._mix else np.float32(self.duck)

    def skip(self, frames: int) -> None:
        """Let a block's time pass that nobody hears."""
        if isinstance(self.bank, PluginBank):
            self._turn(frames)
            self.bank.link.skip()

    def render(self, frames: int) -> tuple[Audio, Audio, Audio] | None:
        """The next block: the sound, what goes to the reverb, what goes to the echo; None for silence."""
        self._turn(frames)
        self.placing.block(frames)
        made = self._made(frames)
        if made is None:
            self.meter.pass_over()
            self.effects.rest(frames)
            self._stand()
            self.placing.rest()
            return None
        dry, own = made
        if self.level != (1.0, 1.0) or self.target != self.level:
            fade = ramps(self.level, self.target, frames)
            dry, self.level = dry * fade, self.target
            self.placing.scale(fade)
        sends = ramps(self.send_level, self.send_target, frames)
        self.send_level = self.send_target
        room = self._mix["room"] if "room" in self._mix else single(sends[0])
        delay = self._mix["delay"] if "delay" in self._mix else single(sends[1])
        self._stand()
        return dry, sent(dry, room, own[:2]), sent(dry, delay, own[2:])

    def _made(self, frames: int) -> tuple[Audio, Audio] | None:
        """The next block behind the effects, and what its voices send for themselves; None for silence."""
        lanes = self.bank.render(frames)
        if lanes is None:
            if not self.effects or self.quiet > 12 * self.bank.rate:
                return None
            lanes = np.zeros((LANES, frames), dtype=np.float32)
        if not self.is_bus:
            lanes = self._placed(lanes)
            if self.bank.apart:
                apart = [(levels, self._placed(one)) for levels, one in self.bank.apart]
                lanes = self.placing.set_apart(lanes, apart)
        dry = lanes[:2]
        if self.effects:
            dry = self.effects.process(dry)
        if self.is_bus:
            # The fader of a bus comes after its effects, and holds back what its members send, too.
            lanes[:2] = dry
            lanes = self._placed(lanes)
            dry = lanes[:2]
        if not self.meter.hear(dry) and self.effects:
            self._begin_anew()
            dry = np.zeros((2, frames), dtype=np.float32)
        self.quiet = 0 if self.meter.last > 1e-5 else self.quiet + frames
        return dry, lanes[2:]

    def _begin_anew(self) -> None:
        self.report(f"an effect after {self.chain.instrument.name!r} went wrong and was started anew")
        self.effects.renew()

    def give(self, sound: Audio | None) -> None:
        """Let those that give way to it hear what it gives to the present block."""
        self.resting = sound is None
        if self.is_key:
            self.heard = None if sound is None else np.array(sound)

    def is_kick(self, controls: Controls) -> bool:
        """Whether an event is a stroke of the kick drum, to which others give way."""
        return self.drums and is_kick(controls.s, controls.note, named=self.chain.instrument.name == "drums")

    def silence(self) -> None:
        """Forget every voice, and what the effects still hold."""
        self.bank.silence()
        self.effects.renew()
        self.quiet = 1 << 40
        if self.space is not None:
            self.space.renew()

    def close(self) -> None:
        """Let go of what it holds outside this process; what a bus holds is others', too: `Graph.close`."""
        if isinstance(self.bank, PluginBank):
            self.bank.close()
        if not self.is_bus:
            self.effects.close()

    @property
    def links(self) -> list[PluginLink]:
        """The processes of its plugins."""
        own = [self.bank.link] if isinstance(self.bank, PluginBank) else []
        return [*own, *(one.link for one in self.effects.plugins.values())]

    @property
    def instrument_lead(self) -> int:
        """Frames by which its instrument's notes are told earlier than that gives them."""
        return self.bank.lead if isinstance(self.bank, PluginBank) else 0

    @property
    def lead(self) -> int:
        """Frames by which its notes are told earlier than they are heard, after effects and buses."""
        return self.instrument_lead + self.effects.lead() + (self.into.lead if self.into is not None else 0)

    @property
    def asleep(self) -> bool:
        """Whether there is nothing in it that could still be heard, not even after a long echo."""
        return not self.bank.count and (not self.effects or self.quiet > 12 * self.bank.rate)

    @property
    def idle(self) -> bool:
        """Whether nothing sounds any more, not even the effects."""
        if self.bank.count or (self.space is not None and not self.space.faded):
            return False
        return not self.effects or self.quiet > self.bank.rate
