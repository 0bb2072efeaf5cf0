"""A plugin's next blocks with their effects, several at once: for renders, where time does not count."""

from collections import deque
from collections.abc import Callable

import numpy as np

from plugin_host.audio import Audio
from plugin_host.effects import Effects
from plugin_host.plugin_bank import PluginBank

__all__ = ["Stretch"]

REST = 4
"""Blocks after one that needed care in which none is asked whether it does."""
Block = tuple[Audio, float, float]
"""Sound of shape (2, frames), its peak, and the sum of its squares."""


class Stretch:
    """Blocks that are as good as rendered before they are asked for, bit by bit as they would be then.

    Only while nothing about the plugin's effects moves. A block that needs care (silent, missing, too loud)
    is left to whoever asks.

    Args:
        bank: The plugin.
        effects: What follows it.
        placed: Puts sound behind the fader.
        renew: Begins the effects anew, where one gave what is no number.
    """

    def __init__(
        self,
        bank: PluginBank,
        effects: Effects,
        placed: Callable[[Audio], Audio],
        renew: Callable[[], object],
    ) -> None:
        self._bank, self._effects, self._placed, self._renew = bank, effects, placed, renew
        self._ready: deque[Block] = deque()
        self._rest = 0

    def next(self) -> Block | None:
        """The next block; None where it has to be rendered by itself."""
        if not self._ready:
            if self._rest or not self._effects.steady:
                self._rest = max(0, self._rest - 1)
                return None
            given = self._bank.coming()
            if given is None:
                self._rest = REST
                return None
            count, _, block = given.shape
            self._shape(self._placed(given.transpose(1, 0, 2).reshape(2, count * block)), block)
        self._bank.pass_over()
        return self._ready.popleft()

    def _shape(self, sound: Audio, block: int) -> None:
        """Apply the effects, and have the blocks ready."""
        while sound.shape[1]:
            shaped = self._effects.several(sound, block).reshape(2, -1, block)
            peaks = np.maximum(shaped.max(axis=(0, 2)), -shaped.min(axis=(0, 2))).tolist()
            powers = np.einsum("ijk,ijk->j", shaped, shaped).tolist()
            fit = np.isfinite(powers)
            good = len(powers) if fit.all() else int(fit.argmin())
            self._ready += [(shaped[:, one], peaks[one], powers[one]) for one in range(good)]
            if good == len(powers):
                return
            # What is no number stays in a filter: from the next block on all begin anew.
            self._renew()
            self._ready.append((np.zeros((2, block), np.float32), 0.0, 0.0))
            sound = sound[:, (good + 1) * block :]
