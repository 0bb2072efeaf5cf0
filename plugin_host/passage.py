"""A voice that comes in or goes beside another that plays the same: by equal power, level at both ends."""

import numpy as np

from plugin_host.audio import Audio, single

__all__ = ["PASSAGE", "Passage"]

PASSAGE = 0.03
"""Seconds that a held note takes from the old instrument to the new."""


class Passage:
    """How loud a voice is on its way.

    Args:
        frames: How long it takes.
        wait: Frames before it begins.
        out: Whether it goes; else it comes.
        before: A passage on which it may still be.

    Attributes:
        goes: The same.

    >>> [round(float(one), 2) for one in Passage(4, out=True).block(6)]
    [0.97, 0.71, 0.24, 0.0, 0.0, 0.0]
    """

    __slots__ = ("_before", "_frames", "_gone", "goes")

    def __init__(
        self, frames: int, wait: int = 0, *, out: bool = False, before: "Passage | None" = None
    ) -> None:
        self._before = before
        self._frames, self._gone, self.goes = max(1, frames), -wait, out

    @property
    def over(self) -> bool:
        """Whether it has come to its end."""
        return self._gone >= self._frames

    def block(self, frames: int) -> Audio:
        """The next values, shape (frames,).

        Args:
            frames: How many.
        """
        share = np.clip(np.arange(self._gone + 1, self._gone + frames + 1) / self._frames, 0, 1)
        self._gone += frames
        angle = share * share * (3 - 2 * share) * (np.pi / 2)
        loud = single(np.cos(angle) if self.goes else np.sin(angle))
        return loud if self._before is None else loud * self._before.block(frames)
