"""What a single event does to its own voice: high-pass, drive, fewer bits; for samples the low-pass, too."""

import numpy as np

from plugin_host.audio import Audio
from plugin_host.controls import Controls
from plugin_host.effects import Filter

__all__ = ["Inserts"]


class Inserts:
    """The shaping of one voice.

    Args:
        controls: What the event says.
        rate: Frames a second.
        lowpass: Whether its cutoff is ours to apply; a synthesiser has a filter of its own.
    """

    __slots__ = ("crush", "filters", "shape")

    def __init__(self, controls: Controls, rate: int, lowpass: bool) -> None:
        self.filters: list[Filter] = []
        if lowpass and controls.cutoff is not None and controls.cutoff < 20000:
            self.filters.append(Filter("lowpass", controls.cutoff, controls.resonance or 0.0, rate))
        if controls.hpf:
            self.filters.append(Filter("highpass", controls.hpf, 0.0, rate))
        # SuperDirt's and Strudel's waveshaper: (1 + k) x / (1 + k |x|), k = 2 a / (1 - a).
        amount = min(controls.shape or 0.0, 0.97)
        self.shape = np.float32(2 * amount / (1 - amount))
        self.crush = np.float32(2.0 ** (controls.crush - 1)) if controls.crush is not None else None

    @staticmethod
    def of(controls: Controls, rate: int, spread: int, lowpass: bool = False) -> "Inserts | None":
        """The shaping that an event asks for; None if it asks for none."""
        asks = controls.hpf or controls.shape or controls.crush is not None
        if not asks and not (lowpass and controls.cutoff is not None):
            return None
        return Inserts(controls, rate, lowpass)

    def process(self, sound: Audio) -> Audio:
        """Shape a block: (channels, frames) in and out; the state goes on from block to block."""
        for one in self.filters:
            sound = one.process(sound)
        if self.shape:
            sound = (1 + self.shape) * sound / (1 + self.shape * np.abs(sound))
        if self.crush is not None:
            sound = np.round(sound * self.crush) / self.crush
        return sound
