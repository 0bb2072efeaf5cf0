"""An instrument whose sound comes in from outside, and is heard while an event lasts."""

from collections.abc import Callable
from typing import Final

import numpy as np

from plugin_host.audio import Audio, Wide
from plugin_host.bank import LANES, Bank, Voicing
from plugin_host.intake import Inputs

__all__ = ["InputBank"]

RAMP: Final = 0.005
"""Seconds in which it opens and closes, and goes from one event's level to the next one's."""


class InputBank(Bank):
    """A gate before one input, or two for left and right.

    One event after the other keeps it open without a seam.

    Args:
        rate: Frames a second.
        inputs: What comes in.
        name: Which: numbers or parts of names, one, or two with a plus between.
        report: Takes one line about what cannot be heard.
    """

    def __init__(self, rate: int, inputs: Inputs, name: str, report: Callable[[str], None]) -> None:
        super().__init__(rate, 0)
        self._inputs, self._which, self._report = inputs, name.split("+"), report
        self._ramp = max(1, round(RAMP * rate))
        self._levels: dict[int, Wide] = {}
        self._steps: list[tuple[int, Wide]] = []
        self._now: Wide = np.zeros(LANES)
        self._slope: Wide = np.zeros(LANES)
        self._left = 0

    def begin(self, ident: int, voicing: Voicing, offset: int) -> None:
        """Open it `offset` frames into the next block."""
        for name in self._which:
            if self._inputs.place(name) is None:
                there = ", ".join(self._inputs.names) or "there is none"
                self._report(
                    f"no audio comes in at input {name} ({there}): inputs = 2 under [audio] in sempre.toml "
                    "opens two; a render has none"
                )
        self._levels[ident] = np.array(voicing.lanes)
        self.ids.append(ident)
        self._steps.append((offset, self._levels[ident]))

    def end(self, ident: int, offset: int) -> bool:
        """Close it, if no other event holds it open."""
        if ident not in self._levels:
            return False
        del self._levels[ident]
        self.ids.remove(ident)
        held = self._levels[self.ids[-1]] if self.ids else np.zeros(LANES)
        self._steps.append((offset, held))
        return True

    @property
    def count(self) -> int:
        """1 while anything comes through."""
        return int(bool(self.ids or self._steps or self._left or self._now.any()))

    def oldest(self) -> tuple[bool, float, int] | None:
        """It is no voice that could be stolen."""
        return None

    def fading(self) -> int:
        """Nothing is choked."""
        return 0

    def first_fading(self) -> int | None:
        """Nothing is choked."""
        return None

    def join(self, ident: int, voicing: Voicing, age: int, frames: int) -> None:
        """Open for an event that has had another input open."""
        del age, frames
        self.begin(ident, voicing, 0)

    def leave(self, ident: int, frames: int, wait: int = 0) -> None:
        """Close for an event that goes elsewhere."""
        del frames
        self.end(ident, wait)

    def signal(self, frames: int) -> Audio:
        """No voices, no signal."""
        return np.zeros((0, frames), dtype=np.float32)

    def render(self, frames: int) -> Audio | None:
        """What comes in, as far as it is open; None if it is closed."""
        if not self.count:
            return None
        levels = np.empty((LANES, frames))
        at = 0
        # Of what happens at one frame the last counts: an end and a beginning there leave no gap.
        for offset, goal in sorted(self._steps, key=lambda step: step[0]):
            at = self._fill(levels, at, min(offset, frames))
            self._slope, self._left = (goal - self._now) / self._ramp, self._ramp
        self._steps.clear()
        self._fill(levels, at, frames)
        places = [self._inputs.place(name) for name in self._which]
        sounds = [self._inputs.sound[one, :frames] for one in places if one is not None]
        if not sounds:
            return np.zeros((LANES, frames), dtype=np.float32)
        out = levels.astype(np.float32)
        out[0::2] *= sounds[0]
        out[1::2] *= sounds[-1]
        return out

    def _fill(self, levels: Wide, begin: int, end: int) -> int:
        """The levels in some frames; gives where the next begin."""
        run = min(self._left, end - begin)
        if run > 0:
            steps = np.arange(1, run + 1)
            levels[:, begin : begin + run] = self._now[:, None] + self._slope[:, None] * steps
            self._now = self._now + self._slope * run
            self._left -= run
            if not self._left:
                self._now = np.where(np.abs(self._now) < 1e-9, 0.0, self._now)
        levels[:, begin + max(run, 0) : end] = self._now[:, None]
        return max(begin, end)

    def silence(self) -> None:
        """Close it at once."""
        super().silence()
        self._levels.clear()
        self._steps.clear()
        self._now, self._left = np.zeros(LANES), 0
