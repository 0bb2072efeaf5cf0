"""Instruments that play one frame for each event: they measure when things sound."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from plugin_host.audio import Audio
from plugin_host.specs import Chain

__all__ = ["Click", "Clicks"]


class Click(NamedTuple):
    """One thing that was played.

    Attributes:
        frame: Counted from the first block that was rendered.
        ident: Of the event.
        begins: Whether it began; else it ended.
        route: On which route; -1 for an end.
    """

    frame: int
    ident: int
    begins: bool
    route: int


class Clicks:
    """In the place of `plugin_host.rack.Rack`: a click, as loud as the velocity, at each onset.

    Args:
        rate: Frames per second.
        block: Frames in a block.

    >>> clicks = Clicks(48000, 256)
    >>> clicks.begin(0, 7, {"velocity": 0.5}, offset=100)
    >>> clicks.render()[0, 98:102].tolist()
    [0.0, 0.0, 0.5, 0.0]
    """

    def __init__(self, rate: int, block: int) -> None:
        self.rate = rate
        self.block = block
        self.problems: list[str] = []
        self.latency = 0
        self.chains: dict[int, Chain] = {}
        self.played: list[Click] = []
        self.silenced = 0
        self._frame = 0
        self._next = np.zeros((2, block), np.float32)

    def set_chains(self, chains: Mapping[int, Chain]) -> None:
        """Note which chains there are; each clicks alike."""
        self.chains = dict(chains)

    def begin(self, route: int, ident: int, controls: Mapping[str, object], offset: int) -> None:
        """Click inside the next block.

        Raises:
            TypeError: The velocity is no number.
        """
        velocity = controls.get("velocity", 1.0)
        if not isinstance(velocity, int | float):
            raise TypeError(f"velocity must be a number, not {velocity!r}")
        self._next[:, offset] += velocity
        self.played.append(Click(self._frame + offset, ident, True, route))

    def end(self, ident: int, offset: int) -> None:
        """Note the end of an event; a click needs none."""
        self.played.append(Click(self._frame + offset, ident, False, -1))

    def foresee(self, route: int, controls: Mapping[str, object]) -> None:
        """Need nothing ahead."""

    def render(self) -> Audio:
        """The next block: float32, shape (2, block)."""
        audio, self._next = self._next, np.zeros((2, self.block), np.float32)
        self._frame += self.block
        return audio

    def silence(self) -> None:
        """Take back the clicks of the next block."""
        self._next[:] = 0
        self.silenced += 1

    def meters(self) -> dict[str, object]:
        """How many clicks there were."""
        return {"clicks": sum(1 for one in self.played if one.begins)}
