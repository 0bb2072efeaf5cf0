"""What plugins gave while something was rendered: compared, kept, and played back instead of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from plugin_host.plugin_link import PluginLink

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plugin_host.audio import Audio
    from plugin_host.plugin_link import PluginOrder

__all__ = ["Tapes"]


class Tapes:
    """The plugins of one render, in the order in which they are built.

    Args:
        frozen: Sounds that are played instead of plugins, by their numbers; shape (2, frames).

    Attributes:
        names: Of the plugins, by number.
    """

    def __init__(self, frozen: Mapping[int, Audio] | None = None) -> None:
        self.names: list[str] = []
        self._frozen = frozen or {}
        self._blocks: list[list[Audio]] = []

    def next(self, name: str) -> int:
        """The number of the next plugin.

        Args:
            name: As the musician wrote it.
        """
        self.names.append(name)
        self._blocks.append([])
        return len(self.names) - 1

    def frozen(self, number: int) -> bool:
        """Whether a plugin is not wanted: its sound is there."""
        return number in self._frozen

    def link(self, number: int, order: PluginOrder) -> PluginLink:
        """A plugin that is written down, or what is played instead of it.

        Args:
            number: From `next`.
            order: Which plugin, and how.
        """
        if number in self._frozen:
            return _Frozen(order, self._frozen[number])
        return _Heard(order, self._blocks[number])

    def sound(self, number: int) -> Audio:
        """What a plugin gave: shape (2, frames), silent where it gave nothing."""
        return np.concatenate([np.zeros((2, 0), np.float32), *self._blocks[number]], axis=1)

    def differing(self, other: Tapes) -> list[int]:
        """The plugins that did not give the same in another render of the same."""
        return [
            number
            for number in range(min(len(self.names), len(other.names)))
            if self.sound(number).tobytes() != other.sound(number).tobytes()
        ]


class _Heard(PluginLink):
    """A plugin whose blocks are kept."""

    def __init__(self, order: PluginOrder, blocks: list[Audio]) -> None:
        super().__init__(order)
        self._blocks = blocks

    def render(self) -> Audio | None:
        """The next block, and keep it."""
        audio = super().render()
        self._blocks.append(np.zeros((2, self.block), np.float32) if audio is None else np.array(audio))
        return audio


class _Frozen(PluginLink):
    """What a plugin gave in another render, without its process."""

    def __init__(self, order: PluginOrder, sound: Audio) -> None:
        super().__init__(order)
        self._sound = sound
        self._at = 0

    def start(self) -> None:
        """Nothing has to be loaded."""

    def post(self, offset: int, data: bytes) -> None:
        """Its notes have been played."""

    def render(self) -> Audio | None:
        """The next block; after the end silence."""
        part = self._sound[:, self._at : self._at + self.block]
        self._at += self.block
        self.peak = float(np.abs(part).max(initial=0.0))
        return np.pad(part, ((0, 0), (0, self.block - part.shape[1])))
