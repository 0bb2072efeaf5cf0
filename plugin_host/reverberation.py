"""An echo and a reverb: that of all, or a bus's own."""

import numpy as np

from plugin_host.audio import Audio
from plugin_host.echo import Echo
from plugin_host.reverb import Reverb

__all__ = ["Space", "Three", "in_space"]

Three = tuple[Audio, Audio, Audio]

PATIENCE = 4.1
"""Seconds of silence after which no echo comes any more: the longest takes 4."""


class Space:
    """An echo and a reverb of a bus's own.

    Args:
        rate: Frames a second.
        block: Frames in a block.
    """

    def __init__(self, rate: int, block: int) -> None:
        self.echo, self.reverb = Echo(rate, block), Reverb(rate)
        self._nothing: Audio = np.zeros((2, block), dtype=np.float32)
        self._patience = int(PATIENCE * rate)
        self._quiet = self._patience

    def process(self, sound: Three | None, frames: int) -> Three | None:
        """The next block of a sound with its echoes and its reverb.

        Args:
            sound: The sound itself, what it sends to the reverb, and to the echo; None for silence.
            frames: How many.

        Returns:
            The same with all of it in the sound, and nothing for those of all; None if it has faded.
        """
        if sound is None and self.faded:
            return None
        quiet = self._nothing[:, :frames]
        dry, room, delay = (np.array(one) for one in sound or (quiet, quiet, quiet))
        out = in_space(dry, room, delay, self.echo, self.reverb)
        self._quiet = 0 if sound is not None or out.any() else self._quiet + frames
        return out, quiet, quiet

    @property
    def faded(self) -> bool:
        """Whether nothing is to come any more."""
        return self._quiet >= self._patience

    def renew(self) -> None:
        """Fall silent."""
        self.echo.renew()
        self.reverb.renew()
        self._quiet = self._patience


def in_space(out: Audio, room: Audio, delay: Audio, echo: Echo, reverb: Reverb) -> Audio:
    """A sound with its echoes and its reverb, which is also that of the echoes.

    Args:
        out: The sound; it is changed.
        room: What goes to the reverb; it is changed.
        delay: What goes to the echo.
        echo: Where it goes.
        reverb: The same.
    """
    if not all(np.isfinite(send).all() for send in (room, delay)):
        room, delay = np.zeros_like(room), np.zeros_like(delay)
    echoes = echo.process(delay)
    if echoes is not None:
        out += echoes
        room += np.float32(0.15) * echoes
    space = reverb.process(room)
    if space is not None:
        out += space
    return out
