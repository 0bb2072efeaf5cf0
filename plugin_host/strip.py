"""One route of the rack: an instrument's voices, its effects, and its place in the mix."""

from collections.abc import Callable

import numpy as np

from plugin_host.audio import Audio, single
from plugin_host.bank import LANES, Bank, Voicing
from plugin_host.controls import Controls
from plugin_host.effects import Effects
from plugin_host.keys import KeysBank
from plugin_host.sampled import DrumBank, SampleBank
from plugin_host.samples import Library
from plugin_host.specs import Chain, Instrument

__all__ = ["Strip", "bank_of"]

Report = Callable[[str], None]

_LEVELS = {"drums": 0.8, "bass": 0.5, "keys": 0.3, "pad": 0.3, "lead": 0.3, "sampler": 0.8}
"""How loud each instrument is beside the others."""


def bank_of(instrument: Instrument, rate: int, library: Library, report: Report) -> Bank:
    """The voices of an instrument, as its parameters ask.

    Args:
        instrument: Which one.
        rate: Frames a second.
        library: The musician's samples, for the drums; a sampler's folder is its own.
        report: Takes one line about what could not be played.
    """
    words = dict(instrument.values)
    value = {name: one for name, one in words.items() if isinstance(one, float)}
    if instrument.kind == "sampler":
        own = Library([instrument.name], rate)
        if own.missing or not len(own):
            report(f"no sound files in {instrument.name}")
        return SampleBank(rate, own, value["attack"], value["release"], report)
    if instrument.name == "drums":
        settings = (value["tune"], value["decay"], value["drive"], value["variation"])
        return DrumBank(rate, library, *settings, report)
    return KeysBank(rate, 0.5, 0.4, 1.0, 0.2, 0.2, 4.2)


class Strip:
    """One route.

    Args:
        chain: Its instrument and effects.
        rate: Frames a second.
        library: The musician's samples.
        report: Takes one line about what could not be played or was not as it should be.
    """

    def __init__(self, chain: Chain, rate: int, library: Library, report: Report) -> None:
        self.chain = chain
        self.report = report
        values = {name: one for name, one in chain.instrument.values if isinstance(one, float)}
        self.bank = bank_of(chain.instrument, rate, library, report)
        self.effects = Effects(chain.effects, rate)
        kind = "sampler" if chain.instrument.kind == "sampler" else chain.instrument.name
        self.loudness = _LEVELS[kind] * values["gain"]
        self.pan = values["pan"]
        self.sends = (values["room"], values["delay"])
        self.duck = values["duck"]
        self.level = self.target = (1.0, 1.0)
        self.send_level = self.send_target = self.sends
        self.quiet = 0
        self.peak = 0.0
        self.power = 0.0

    def begin(self, ident: int, controls: Controls, offset: int) -> None:
        """Start a voice `offset` frames into the next block."""
        loud = self.loudness * controls.gain * (0.1 + 0.9 * controls.velocity) ** 1.5
        pan = self.pan if controls.pan is None else controls.pan
        room, delay = self.sends
        asked = (
            room if controls.room is None else controls.room,
            delay if controls.delay is None else controls.delay,
        )
        if self.effects:
            # What goes to reverb and echo is taken after the effects, where voices are no longer apart:
            # there the newest event decides for all.
            self.send_target = asked
            asked = self.sends
        self.bank.begin(ident, Voicing(controls, loud, pan, asked[0] - room, asked[1] - delay), offset)

    def render(self, frames: int) -> tuple[Audio, Audio, Audio] | None:
        """The next block: the sound, what goes to the reverb, what goes to the echo; None for silence."""
        lanes = self.bank.render(frames)
        if lanes is None:
            if not self.effects or self.quiet > 12 * self.bank.rate:
                self.peak = self.power = 0.0
                return None
            lanes = np.zeros((LANES, frames), dtype=np.float32)
        dry = lanes[:2]
        if self.effects:
            dry = self.effects.process(dry)
            if not np.isfinite(dry).all():
                self.report(f"an effect after {self.chain.instrument.name!r} went wrong and was started anew")
                self.effects.renew()
                dry = np.zeros((2, frames), dtype=np.float32)
        self.peak = float(np.max(np.abs(dry)))
        self.power = float(np.mean(dry * dry))
        self.quiet = 0 if self.peak > 1e-5 else self.quiet + frames
        if self.level != (1.0, 1.0) or self.target != self.level:
            dry = dry * ramps(self.level, self.target, frames)
            self.level = self.target
        sends = ramps(self.send_level, self.send_target, frames)
        self.send_level = self.send_target
        return dry, dry * sends[0] + lanes[2:4], dry * sends[1] + lanes[4:6]

    @property
    def idle(self) -> bool:
        """Whether nothing sounds any more, not even the effects."""
        return not self.bank.count and (not self.effects or self.quiet > self.bank.rate)


def ramps(start: tuple[float, float], stop: tuple[float, float], frames: int) -> Audio:
    """Two straight lines over a block: shape (2, frames)."""
    share = np.arange(1, frames + 1, dtype=np.float32) / np.float32(frames)
    begin, end = np.array(start, dtype=np.float32)[:, None], np.array(stop, dtype=np.float32)[:, None]
    return single(begin + (end - begin) * share)
