"""What plugins gave while something was rendered: compared, kept, and played back instead of them."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

import numpy as np

from plugin_host.plugin_link import PluginLink

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plugin_host.audio import Audio
    from plugin_host.plugin_link import PluginOrder

__all__ = ["EFFECTS", "Kept", "Tapes"]

EFFECTS: Final = 1000
"""From which number on effects are counted; instruments are from 0 on."""


class Digest(Protocol):
    """What grows with everything that it is given."""

    def update(self, data: bytes, /) -> object:
        """Take something in."""
        ...

    def digest(self) -> bytes:
        """What has become of it."""
        ...


class Kept(NamedTuple):
    """What a plugin gave in another render.

    Attributes:
        sound: Shape (2, frames).
        latency: Frames by which the plugin was late.
    """

    sound: Audio
    latency: int = 0


class Tapes:
    """The plugins of one render, in the order in which they are built.

    Args:
        frozen: What is played instead of plugins, by their numbers.

    Attributes:
        names: Of the plugins, by number.
        latencies: Frames by which they are late.
    """

    def __init__(self, frozen: Mapping[int, Kept] | None = None) -> None:
        self.names: dict[int, str] = {}
        self.latencies: dict[int, int] = {}
        self._frozen = frozen or {}
        self._blocks: dict[int, list[Audio]] = {}
        self._given: dict[int, Digest] = {}

    def next(self, name: str, *, effect: bool = False) -> int:
        """The number of the next plugin.

        Args:
            name: As the musician wrote it.
            effect: Whether it shapes a sound.
        """
        first = EFFECTS if effect else 0
        number = first + sum((one >= EFFECTS) == effect for one in self.names)
        self.names[number], self._blocks[number] = name, []
        self._given[number] = blake2b(digest_size=16)
        return number

    def frozen(self, number: int) -> Kept | None:
        """What is played instead of a plugin, which is not wanted then."""
        return self._frozen.get(number)

    def link(self, number: int, order: PluginOrder) -> PluginLink:
        """An instrument that is written down, or what is played instead of it.

        Args:
            number: From `next`.
            order: Which plugin, and how.
        """
        kept = self.frozen(number)
        return _Heard(order, self, number) if kept is None else _Frozen(order, kept)

    def keep(self, number: int, sound: Audio, given: Audio | None = None) -> None:
        """Write down a block.

        Args:
            number: Of the plugin.
            sound: What it gave.
            given: What it was given, if it is an effect.
        """
        self._blocks[number].append(np.array(sound))
        if given is not None:
            self._given[number].update(np.ascontiguousarray(given).tobytes())

    def sound(self, number: int) -> Audio:
        """What a plugin gave: shape (2, frames), silent where it gave nothing."""
        return np.concatenate([np.zeros((2, 0), np.float32), *self._blocks[number]], axis=1)

    def differing(self, other: Tapes) -> dict[int, bool]:
        """The plugins that did not give the same in another render of the same.

        Returns:
            By number, and whether they were given the same: one that shapes what throws dice may throw none.
        """
        both = sorted(self.names.keys() & other.names.keys())
        return {
            one: self._given[one].digest() == other._given[one].digest()
            for one in both
            if self.sound(one).tobytes() != other.sound(one).tobytes()
        }


class _Heard(PluginLink):
    """A plugin whose blocks are kept."""

    def __init__(self, order: PluginOrder, tapes: Tapes, number: int) -> None:
        super().__init__(order)
        self._tapes, self._number = tapes, number
        self._together: list[Audio] = []

    def start(self) -> None:
        """Load it."""
        super().start()
        self._tapes.latencies[self._number] = self.latency

    def coming(self, above: float) -> Audio | None:
        """The next blocks together."""
        found = super().coming(above)
        self._together = [] if found is None else [*found]
        return found

    def pass_over(self) -> None:
        """Keep one of them: what is rendered beyond the end nobody hears."""
        super().pass_over()
        self._tapes.keep(self._number, self._together.pop(0))

    def render(self) -> Audio | None:
        """The next block, and keep it."""
        audio = super().render()
        self._tapes.keep(self._number, np.zeros((2, self.block), np.float32) if audio is None else audio)
        return audio


class _Frozen(PluginLink):
    """What a plugin gave in another render, without its process."""

    def __init__(self, order: PluginOrder, kept: Kept) -> None:
        super().__init__(order)
        self._sound, self.latency = kept
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
