"""An effect plugin in a render that is compared or made again: written down, or played from what was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from plugin_host.plugin_effect import EffectLink, PluginEffect
from plugin_host.plugin_link import PluginOrder
from plugin_host.plugin_values import PLUGIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from plugin_host.audio import Audio
    from plugin_host.plugin_link import PluginSetup
    from plugin_host.specs import Effect
    from plugin_host.tapes import Kept, Tapes

__all__ = ["effect_of"]


def effect_of(
    effect: Effect, rate: int, block: int, setup: PluginSetup, report: Callable[[str], None]
) -> PluginEffect:
    """Load a plugin that shapes a sound.

    Args:
        effect: Which, with its preset and parameters.
        rate: Frames a second.
        block: Frames in a block.
        setup: How plugins are played.
        report: Takes lines for the musician.

    Raises:
        PluginLoadError: It is not there or cannot be loaded.
    """
    tapes = setup.tapes
    if tapes is None:
        return PluginEffect(effect, rate, block, setup, report)
    name = str(effect[PLUGIN])
    number = tapes.next(name, effect=True)
    kept = tapes.frozen(number)
    if kept is not None:
        return _Frozen(PluginOrder(name, {}, rate, block, setup, report), kept)
    made = _Heard(effect, rate, block, setup, report)
    made.taped(tapes, number)
    return made


class _Heard(PluginEffect):
    """A plugin whose blocks are kept, as they are heard: where it fails, the sound without it."""

    def taped(self, tapes: Tapes, number: int) -> None:
        """Say where."""
        self._tapes, self._number = tapes, number
        tapes.latencies[number] = self.link.latency

    def process(self, sound: Audio) -> Audio:
        """The next block, and keep it."""
        given = np.array(sound)
        out = super().process(sound)
        self._tapes.keep(self._number, out, given)
        return out

    def rest(self, frames: int) -> None:
        """Keep that nothing is heard."""
        super().rest(frames)
        self._tapes.keep(self._number, np.zeros((2, frames), np.float32))


class _Frozen(PluginEffect):
    """What a plugin gave in another render, without its process."""

    def __init__(self, order: PluginOrder, kept: Kept) -> None:
        # Nothing is loaded, so nothing of what a plugin that plays has.
        self.link = EffectLink(order)
        self._sound, self.link.latency = kept
        self._at = 0

    def turn(
        self, name: str, goal: float, offset: int, frames: int, *, is_position: bool, smooth: bool
    ) -> None:
        """It has been moved."""

    def stands(self, name: str, value: float) -> None:
        """The same."""

    def process(self, sound: Audio) -> Audio:
        """The next block; after the end silence."""
        frames = sound.shape[1]
        part = self._sound[:, self._at : self._at + frames]
        self._at += frames
        return np.pad(part, ((0, 0), (0, frames - part.shape[1])))

    def rest(self, frames: int) -> None:
        """Go on."""
        self._at += frames

    def renew(self) -> None:
        """Nothing rings in it."""
