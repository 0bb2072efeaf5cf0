"""One route of the rack: an instrument's voices, its effects, and its place in the mix."""

from collections.abc import Callable

import numpy as np

from plugin_host.audio import Audio, single
from plugin_host.bank import LANES, Bank, Voicing
from plugin_host.controls import Controls
from plugin_host.drum_table import ALIASES
from plugin_host.effects import Effects
from plugin_host.instrument_table import COMMON
from plugin_host.instruments import LEVELS, bank_of
from plugin_host.metering import Meter
from plugin_host.plugin_bank import PluginBank, plugin_bank
from plugin_host.plugin_link import PluginSetup
from plugin_host.samples import Library
from plugin_host.specs import Chain

__all__ = ["Strip", "ramps"]

Report = Callable[[str], None]


class Strip:
    """One route.

    Args:
        chain: Its instrument and effects.
        rate: Frames a second.
        library: The musician's samples.
        report: Takes one line about what could not be played or was not as it should be.
        block: Frames in a block.
        plugins: How plugins are played.

    Raises:
        PluginLoadError: Its plugin is not there or cannot be loaded.
    """

    def __init__(
        self, chain: Chain, rate: int, library: Library, report: Report, block: int, plugins: PluginSetup
    ) -> None:
        self.chain = chain
        self.report = report
        self.bank: Bank | PluginBank
        self.foreign = chain.instrument.kind == "vst3"
        if self.foreign:
            kind = "vst3"
            # A plugin's parameters are its own: how it stands in the mix is said by effects and events.
            values = {one.name: float(one.default) for one in COMMON}
            self.bank = plugin_bank(chain.instrument, rate, block, plugins, report)
        else:
            kind = "sampler" if chain.instrument.kind == "sampler" else chain.instrument.name
            values = {name: one for name, one in chain.instrument.values if isinstance(one, float)}
            self.bank = bank_of(chain.instrument, rate, library, report)
        self.effects = Effects(chain.effects, rate)
        self.loudness = LEVELS.get(kind, 1.0) * values["gain"]
        self.pan = values["pan"]
        self.sends = (values["room"], values["delay"])
        self.duck = values["duck"]
        self.level = self.target = (1.0, 1.0)
        self.send_level = self.send_target = self.sends
        self.quiet = 0
        self.meter = Meter()
        self.drums = kind in {"drums", "sampler"}

    def begin(self, ident: int, controls: Controls, offset: int) -> None:
        """Start a voice `offset` frames into the next block."""
        loud = self.loudness * controls.gain * (0.1 + 0.9 * controls.velocity) ** 1.5
        pan = self.pan if controls.pan is None else controls.pan
        room, delay = self.sends
        asked = (
            room if controls.room is None else controls.room,
            delay if controls.delay is None else controls.delay,
        )
        if self.effects or self.foreign:
            # What goes to reverb and echo is taken after the effects, where voices are no longer apart, as
            # those of a plugin never are: there the newest event decides for all.
            self.send_target = asked
            asked = self.sends
        self.bank.begin(ident, Voicing(controls, loud, pan, asked[0] - room, asked[1] - delay), offset)

    def render(self, frames: int) -> tuple[Audio, Audio, Audio] | None:
        """The next block: the sound, what goes to the reverb, what goes to the echo; None for silence."""
        lanes = self.bank.render(frames)
        if lanes is None:
            if not self.effects or self.quiet > 12 * self.bank.rate:
                self.meter.pass_over()
                return None
            lanes = np.zeros((LANES, frames), dtype=np.float32)
        dry = lanes[:2]
        if self.effects:
            dry = self.effects.process(dry)
            if not np.isfinite(dry).all():
                self.report(f"an effect after {self.chain.instrument.name!r} went wrong and was started anew")
                self.effects.renew()
                dry = np.zeros((2, frames), dtype=np.float32)
        self.meter.hear(dry)
        self.quiet = 0 if self.meter.last > 1e-5 else self.quiet + frames
        if self.level != (1.0, 1.0) or self.target != self.level:
            dry = dry * ramps(self.level, self.target, frames)
            self.level = self.target
        sends = ramps(self.send_level, self.send_target, frames)
        self.send_level = self.send_target
        return dry, dry * sends[0] + lanes[2:4], dry * sends[1] + lanes[4:6]

    def is_kick(self, controls: Controls) -> bool:
        """Whether an event is a stroke of the kick drum, to which others give way."""
        if not self.drums:
            return False
        if controls.s is None:
            return self.chain.instrument.name == "drums" and round(controls.note or 36) in {35, 36}
        return ALIASES.get(controls.s.lower(), controls.s.lower()) == "bd"

    def silence(self) -> None:
        """Forget every voice, and what the effects still hold."""
        self.bank.silence()
        self.effects.renew()
        self.quiet = 1 << 40

    def close(self) -> None:
        """Let go of what it holds outside this process."""
        if isinstance(self.bank, PluginBank):
            self.bank.close()

    @property
    def idle(self) -> bool:
        """Whether nothing sounds any more, not even the effects."""
        return not self.bank.count and (not self.effects or self.quiet > self.bank.rate)


def ramps(start: tuple[float, float], stop: tuple[float, float], frames: int) -> Audio:
    """Two smooth ways over a block, level at both ends: shape (2, frames)."""
    share = np.arange(1, frames + 1, dtype=np.float32) / np.float32(frames)
    share *= share * (3 - 2 * share)
    begin, end = np.array(start, dtype=np.float32)[:, None], np.array(stop, dtype=np.float32)[:, None]
    return single(begin + (end - begin) * share)
