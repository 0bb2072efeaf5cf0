"""What the whole passes through on its way out: glue, limiter, and a guard against what is no number."""

from collections.abc import Callable
from typing import Final

import numpy as np

from plugin_host.audio import Audio
from plugin_host.effects import Effects
from plugin_host.glue import Glue
from plugin_host.layouts import STEREO, Layout
from plugin_host.limiter import Limiter
from plugin_host.metering import Meter
from plugin_host.specs import fx

__all__ = ["Master"]

GLUE: Final = fx.compressor(threshold_db=-14, ratio=2, attack_ms=18, release_ms=160)
MAKEUP: Final = np.float32(10 ** (1.0 / 20))


class Master:
    """The end of the rack.

    Where there is an LFE it stays out of the glue and has a limiter of its own: a low note must not push all
    else down.

    Args:
        rate: Frames a second.
        report: Takes one line if something went wrong.
        layout: Which channels there are.
    """

    def __init__(self, rate: int, report: Callable[[str], None], layout: Layout = STEREO) -> None:
        self._glue = Effects((GLUE,), rate) if layout.channels == 2 else Glue(rate)
        self._heard = np.array(layout.heard)
        self._lfe = layout.lfe
        self.limiter = Limiter(rate, channels=len(layout.heard))
        self._low = None if self._lfe is None else Limiter(rate, channels=1)
        self._report = report
        self.meter = Meter()

    def process(self, sound: Audio) -> Audio:
        """The next block as it goes out: shape (channels, frames), within -1 dB true peak."""
        if not np.isfinite(sound).all():
            self._report("a sound was no number; that block was left out")
            sound = np.zeros_like(sound)
        if self._low is None or self._lfe is None:
            out = self.limiter.process(self._glue.process(sound) * MAKEUP)
        else:
            out = np.zeros_like(sound)
            out[self._heard] = self.limiter.process(self._glue.process(sound[self._heard]) * MAKEUP)
            out[self._lfe] = self._low.process(sound[self._lfe : self._lfe + 1] * MAKEUP)[0]
        self.meter.hear(out)
        return out

    def renew(self) -> None:
        """Forget what was."""
        self._glue.renew()
        self.limiter.renew()
        if self._low is not None:
            self._low.renew()
