"""Sound that may break off: its last frames run back and fade, and it fades in again when it returns."""

import numpy as np

from plugin_host.audio import Audio, single

__all__ = ["FADE", "Gap"]

FADE = 128
"""Frames in which a gap fades out and sound comes back: 2.7 ms, short and still no click."""


class Gap:
    """Joins blocks of which some are missing, without a click.

    Args:
        block: Frames in a block.
    """

    def __init__(self, block: int) -> None:
        self._size = min(FADE, block)
        self._last: Audio | None = None
        self._silent = np.zeros((2, block), np.float32)
        self._down = np.linspace(1, 0, self._size, endpoint=False, dtype=np.float32)
        self._up = np.linspace(0, 1, self._size, endpoint=False, dtype=np.float32)
        self._open = False  # what is there from the first block on begins as it is

    @property
    def size(self) -> int:
        """Frames in which it fades."""
        return self._size

    def open_at_once(self) -> None:
        """Take the sound to have begun already: its first frames are not faded in."""
        self._open = False

    def join(self, audio: Audio | None) -> Audio:
        """The next block as it is to be heard.

        Args:
            audio: Shape (2, block); None where it is missing.
        """
        if audio is not None:
            self._last = audio = single(np.array(audio))
            if self._open:
                self._open = False
                # A copy: what follows a later gap runs back through the block as it came.
                audio = audio.copy()
                audio[:, : self._size] *= self._up
            return audio
        out = self._silent.copy()
        if not self._open and self._last is not None:
            out[:, : self._size] = self._last[:, ::-1][:, : self._size] * self._down
        self._open = True
        return out
