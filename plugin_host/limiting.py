"""The true-peak limiter as an effect in a chain."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from plugin_host.audio import Audio
from plugin_host.limiter import Limiter

__all__ = ["Limiting"]

BACK: Final = 10.0
"""dB that the gain comes back by within the release."""


class Limiting:
    """Lets no peak pass its threshold, not even between two samples.

    Args:
        rate: Frames a second.

    Attributes:
        latency: Frames by which it is late.
    """

    def __init__(self, rate: int) -> None:
        self._limiter = Limiter(rate)
        self.latency = self._limiter.latency

    def process(self, sound: Audio, values: "Mapping[str, Audio | float]") -> Audio:
        """The next block."""
        self._limiter.hold_to(values["threshold_db"])
        self._limiter.release = BACK * 1000 / float(np.mean(values["release_ms"]))
        return self._limiter.process(sound)

    def renew(self) -> None:
        """Forget what was."""
        self._limiter.renew()
