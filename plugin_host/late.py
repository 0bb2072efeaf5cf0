"""A sound some frames later: for what acts later than it is computed."""

import numpy as np

from plugin_host.audio import Audio

__all__ = ["Late"]


class Late:
    """Passes blocks on later.

    Args:
        frames: By how many frames.
        block: Frames in a block.

    >>> late = Late(3, 2)
    >>> blocks = [np.full((1, 2), value, np.float32) for value in (1, 2)]
    >>> [late.passed(one).tolist() for one in blocks]
    [[[0.0, 0.0]], [[0.0, 1.0]]]
    >>> late.passed(None).tolist(), late.passed(None).tolist(), late.passed(None)
    ([[1.0, 2.0]], [[2.0, 0.0]], None)
    """

    __slots__ = ("_block", "_kept", "_rest", "frames")

    def __init__(self, frames: int, block: int) -> None:
        self.frames = frames
        self._block = block
        self._kept: Audio | None = None
        self._rest = 0  # frames until nothing is to come any more

    def passed(self, sound: Audio | None) -> Audio | None:
        """The next block as it was so many frames ago; None where nothing is in it.

        Args:
            sound: The present one, shape (channels, block); None for silence.
        """
        if not self.frames or (sound is None and self._rest <= 0):
            return sound
        if self._kept is None:
            self._kept = np.zeros((2 if sound is None else len(sound), self.frames), np.float32)
        self._rest = self.frames if sound is not None else self._rest - self._block
        fresh = np.zeros((len(self._kept), self._block), np.float32) if sound is None else sound
        line = np.concatenate((self._kept, fresh), axis=1)
        self._kept = line[:, self._block :]
        return line[:, : self._block]
