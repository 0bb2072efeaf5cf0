"""What is heard beforehand, in headphones: layers and buses out of the mix, on outputs of their own."""

from collections.abc import Collection

import numpy as np

from plugin_host.audio import Audio, single
from plugin_host.limiter import Limiter
from plugin_host.reverberation import Space, Three
from plugin_host.strip import Strip

__all__ = ["Cue"]


class Cue:
    """Takes strips out of the mix, and back, within a block and without a click.

    What is in it has an echo and a reverb of its own, so that nothing of it is heard in the mix.

    Args:
        rate: Frames a second.
        block: Frames in a block.
    """

    def __init__(self, rate: int, block: int) -> None:
        self._space = Space(rate, block)
        self._limiter = Limiter(rate)
        self._sum: tuple[Audio, Audio, Audio] | None = None
        self._silence = np.zeros((2, block), dtype=np.float32)
        self._share = single(np.arange(1, block + 1) / block)
        self._share *= self._share * (3 - 2 * self._share)
        self._ringing = 0

    def take(self, strip: Strip, cued: Collection[int], three: Three) -> Three | None:
        """Take what a strip gives, as far as it is in here.

        Args:
            strip: Which.
            cued: The strips that are to be in here, by their identities.
            three: Its sound, and what it sends to reverb and echo.

        Returns:
            What the mix gets; None for nothing.
        """
        goal = id(strip) in cued
        if goal and strip.cued:
            strip.heard = None  # nobody gives way to what is not in the mix
            self._add(three)
            return None
        if not goal and not strip.cued:
            return three
        mine = self._share if goal else 1 - self._share
        strip.cued = goal
        self._add((three[0] * mine, three[1] * mine, three[2] * mine))
        rest = 1 - mine
        strip.placing.scale(rest)
        return three[0] * rest, three[1] * rest, three[2] * rest

    def _add(self, three: Three) -> None:
        if self._sum is None:
            self._sum = (np.array(three[0]), np.array(three[1]), np.array(three[2]))
            return
        for own, given in zip(self._sum, three, strict=True):
            np.add(own, given, out=own)

    def render(self) -> Audio:
        """The next block: shape (2, block), within -1 dB true peak, as late as the mix."""
        heard, self._sum = self._space.process(self._sum, self._silence.shape[1]), None
        if heard is None and not self._ringing:
            return self._silence
        self._ringing = 2 if heard is not None else self._ringing - 1
        sound = self._silence if heard is None else heard[0]
        return self._limiter.process(sound if np.isfinite(sound).all() else self._silence)
