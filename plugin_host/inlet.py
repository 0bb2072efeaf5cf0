"""Where a bus takes in what is played into it: a bank without voices."""

from collections.abc import Callable

import numpy as np

from plugin_host.audio import Audio
from plugin_host.bank import LANES, Bank, Voicing

__all__ = ["Inlet"]


class Inlet(Bank):
    """Adds up what others give to a bus in a block.

    Args:
        name: Of the bus.
        rate: Frames a second.
        block: Frames in a block.
        report: Takes one line about what could not be played.
    """

    def __init__(self, name: str, rate: int, block: int, report: Callable[[str], None]) -> None:
        super().__init__(rate, 0)
        self._name, self._report = name, report
        self._lanes: Audio = np.zeros((LANES, block), dtype=np.float32)
        self._full = False

    def take(self, dry: Audio, to_room: Audio, to_delay: Audio) -> None:
        """Take in what somebody gives to the present block.

        Args:
            dry: The sound, shape (2, frames).
            to_room: What it sends to the reverb.
            to_delay: What it sends to the echo.
        """
        parts = (self._lanes[:2], dry), (self._lanes[2:4], to_room), (self._lanes[4:], to_delay)
        for own, given in parts:
            if self._full:
                np.add(own, given, out=own)
            else:
                own[:] = given
        self._full = True

    def begin(self, ident: int, voicing: Voicing, offset: int) -> None:
        """It has no voices: say so."""
        del ident, voicing, offset
        self._report(f"bus {self._name!r} plays no notes itself: let an instrument play into it, with |")

    def signal(self, frames: int) -> Audio:
        """No voices, no signal."""
        return np.zeros((0, frames), dtype=np.float32)

    def render(self, frames: int) -> Audio | None:
        """What was given to this block, to be changed as one likes; None if nothing was."""
        if not self._full:
            return None
        self._full = False
        return self._lanes[:, :frames]

    def silence(self) -> None:
        """Forget what was given."""
        super().silence()
        self._full = False
