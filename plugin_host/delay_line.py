"""What has sounded, kept for a while: a line that is written at its end and read anywhere before."""

import numpy as np

from plugin_host.audio import Audio, Wide, single

__all__ = ["DelayLine"]


class DelayLine:
    """The last moments of a sound, left and right.

    Args:
        frames: How far back it must be readable.
    """

    def __init__(self, frames: int) -> None:
        self._size = 1 << int(np.ceil(np.log2(frames)))
        self._line: Audio = np.zeros((2, self._size), dtype=np.float32)
        self.at = 0

    def behind(self, back: int, frames: int) -> Audio:
        """What was written `back` frames before the end, and on from there.

        Args:
            back: Frames; no fewer than are read.
            frames: How many to read.
        """
        first = (self.at - back) & (self._size - 1)
        if first + frames <= self._size:
            return self._line[:, first : first + frames]
        return np.concatenate((self._line[:, first:], self._line[:, : first + frames - self._size]), axis=1)

    def between(self, at: Wide) -> Audio:
        """What lies at places between two frames each, evenly."""
        whole = np.floor(at).astype(np.int64)
        low = self._line[:, whole & (self._size - 1)]
        high = self._line[:, (whole + 1) & (self._size - 1)]
        return single(low + single(at - whole) * (high - low))

    def write(self, sound: Audio) -> None:
        """Go on by a sound: shape (2, frames)."""
        frames = sound.shape[1]
        first = self.at & (self._size - 1)
        room = min(frames, self._size - first)
        self._line[:, first : first + room] = sound[:, :room]
        self._line[:, : frames - room] = sound[:, room:]
        self.at += frames

    def renew(self) -> None:
        """Forget everything."""
        self._line[:] = 0
