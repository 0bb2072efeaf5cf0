"""How bass and pad give way to the kick drum."""

from typing import Final

import numpy as np

from plugin_host.audio import Audio, Wide, count, single

__all__ = ["Ducking", "Duckings"]

DOWN: Final = 0.004
HOLD: Final = 0.03
BACK: Final = 0.24


class Ducking:
    """An envelope from 0 to 1 that each stroke of the kick drum starts anew, exactly at its frame.

    Args:
        rate: Frames a second.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._age = float("inf")
        self._from = self._depth = 0.0
        self._strokes: list[tuple[int, float]] = []

    def strike(self, offset: int, depth: float) -> None:
        """The kick drum sounds `offset` frames into the next block.

        Args:
            offset: Frames; beyond the block it is kept until then.
            depth: How hard, 0 to 1.
        """
        self._strokes.append((offset, min(max(depth, 0.0), 1.0)))

    def _shape(self, age: Wide) -> Wide:
        seconds = age / self.rate
        fall = np.clip(seconds / DOWN, 0, 1)
        back = np.clip((seconds - DOWN - HOLD) / BACK, 0, 1)
        return (self._from + (self._depth - self._from) * fall) * (0.5 + 0.5 * np.cos(np.pi * back))

    def render(self, frames: int) -> Audio | None:
        """The envelope over the next block: shape (frames,); None if it is 0 throughout."""
        if not self._strokes and self._age > (DOWN + HOLD + BACK) * self.rate:
            return None
        age = self._age if np.isfinite(self._age) else 1e9
        out = self._shape(age + count(frames))
        self._age = age + frames
        later = [(offset - frames, depth) for offset, depth in self._strokes if offset >= frames]
        for offset, depth in sorted(one for one in self._strokes if one[0] < frames):
            self._from = float(out[offset])
            self._depth = max(depth, self._from)
            out[offset:] = self._shape(count(frames - offset))
            self._age = frames - offset
        self._strokes = later
        return single(out)


class Duckings:
    """The same for sounds that are heard later than they are computed: each gives way when the kick is heard.

    Args:
        rate: Frames a second.
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._by_lead = {0: Ducking(rate)}
        self._coming: list[tuple[int, float]] = []
        self._strokes: list[tuple[int, float]] = []
        self._now: dict[int, Audio | None] = {}
        self._frames = 0

    def strike(self, offset: int, depth: float) -> None:
        """The kick drum is heard `offset` frames after the next block begins; see `Ducking.strike`."""
        self._coming.append((offset, depth))

    def begin(self, frames: int) -> None:
        """Go on to the next block.

        Args:
            frames: In it.
        """
        self._frames, self._strokes, self._coming = frames, self._coming, []
        self._now = {lead: self._next(lead) for lead in self._by_lead}

    def of(self, lead: int) -> Audio | None:
        """The envelope over this block for a sound that is heard so many frames later; see `Ducking.render`.

        A stroke that is not known so long before comes as soon as it is known.
        """
        if lead not in self._now:
            self._by_lead[lead] = Ducking(self._rate)
            self._now[lead] = self._next(lead)
        return self._now[lead]

    def _next(self, lead: int) -> Audio | None:
        ducking = self._by_lead[lead]
        for offset, depth in self._strokes:
            ducking.strike(max(0, offset - lead), depth)
        return ducking.render(self._frames)
