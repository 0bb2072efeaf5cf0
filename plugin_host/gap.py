"""Sound that may break off: it goes on and fades, and fades in again when it returns."""

from collections import deque

import numpy as np

from plugin_host.audio import Audio
from plugin_host.breaking_off import FADE, PAST, RISE, gone_on

__all__ = ["Gap"]


class Gap:
    """Joins blocks of which some are missing, without a click.

    What is there from the first block on begins as it is.

    Args:
        block: Frames in a block.

    Attributes:
        share: How much of the sound there is in the block that was joined last, frame by frame; None for all.
    """

    def __init__(self, block: int) -> None:
        self._block = block
        # Of the sound that was heard, and in the last row of how much of it there was.
        self._past: deque[Audio] = deque(maxlen=-(-PAST // block))
        self._tail = np.zeros((3, 0), np.float32)
        self._whole = np.ones((1, block), np.float32)
        self._risen = FADE
        self.share: Audio | None = None

    @property
    def is_open(self) -> bool:
        """Whether the next block that is there is faded in, or something fades still."""
        return self._risen < FADE or self._tail.size > 0

    def heard(self, audio: Audio) -> None:
        """Know a block that was heard without it; while it is not open.

        Args:
            audio: Shape (2, block).
        """
        self._past.append(np.concatenate([audio, self._whole]))

    def join(self, audio: Audio | None) -> Audio:
        """The next block as it is to be heard.

        Args:
            audio: Shape (2, block); None where it is missing.
        """
        if audio is None and self._risen:
            self._tail = gone_on(np.concatenate([self._tail[:, :0], *self._past], axis=1))
            self._risen = 0
        if audio is not None and not self.is_open:
            out = np.concatenate([audio, self._whole])
            self.share = None
        else:
            out = self._faded(audio)
            self.share = out[2]
        self._past.append(out)
        return out[:2].copy()

    def _faded(self, audio: Audio | None) -> Audio:
        """A block in a gap, or at one of its ends."""
        out = np.zeros((3, self._block), np.float32)
        if audio is not None:
            rise = RISE[self._risen : self._risen + self._block]
            out[:2], out[2] = audio, 1
            out[:, : len(rise)] *= rise
            self._risen = min(FADE, self._risen + self._block)
        size = min(self._block, self._tail.shape[1])
        out[:, :size] += self._tail[:, :size]
        self._tail = self._tail[:, size:]
        return out
