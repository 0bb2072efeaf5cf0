"""One route of a rack where time does not count: a plugin's blocks are shaped several at once."""

import numpy as np

from plugin_host.audio import Audio
from plugin_host.bank import LANES
from plugin_host.plugin_bank import PluginBank
from plugin_host.stretch import Stretch
from plugin_host.strip import Strip

__all__ = ["RenderedStrip"]


class RenderedStrip(Strip):
    """A route that is rendered to a file; it sounds as on stage, bit by bit."""

    _stretch: Stretch | None = None

    def stand_still(self) -> None:
        """Know that nothing will ever move here, so that blocks can be made before they are asked for."""
        if isinstance(self.bank, PluginBank):
            self._nothing: Audio = np.zeros((LANES - 2, self.block), dtype=np.float32)
            self._stretch = Stretch(self.bank, self.effects, self._placed, self._begin_anew)

    def _made(self, frames: int) -> tuple[Audio, Audio] | None:
        ready = None if self._stretch is None else self._stretch.next()
        if ready is None:
            return super()._made(frames)
        sound, peak, power = ready
        self.meter.note(peak, power / sound.size)
        self.quiet = 0 if peak > 1e-5 else self.quiet + frames
        return sound, self._nothing
