"""Values that move: from one to the next in ramps that go on from block to block, frame by frame."""

import numpy as np

from plugin_host.audio import Audio, single
from plugin_host.parameters import Parameter

__all__ = ["Moving", "ramps", "sent", "values_at"]


class Moving:
    """A value between 0 and 1 on its way.

    Args:
        value: Where it is.

    >>> moving = Moving(0.0)
    >>> moving.move(1.0, offset=2, frames=4)
    >>> moving.block(8).tolist()
    [0.0, 0.0, 0.25, 0.5, 0.75, 1.0, 1.0, 1.0]
    >>> moving.block(8) is None
    True
    """

    __slots__ = ("_from", "_goal", "_gone", "_long", "_smooth", "_steps", "value")

    def __init__(self, value: float) -> None:
        self.value = self._from = self._goal = value
        self._gone = self._long = 0
        self._smooth = False
        self._steps: list[tuple[int, float, int, bool]] = []

    def move(self, goal: float, offset: int, frames: int, *, smooth: bool = False) -> None:
        """Be somewhere else from a moment of the next block on.

        Args:
            goal: Where.
            offset: Frames into the block.
            frames: How many it takes; 1 is at once.
            smooth: Begin and end gently, as befits a jump; else evenly, as befits a step of a signal.
        """
        self._steps.append((offset, goal, max(1, frames), smooth))

    def block(self, frames: int) -> Audio | None:
        """Where it is in each frame of the next block, shape (frames,); None if it stays where it is."""
        if not self._steps and self._gone >= self._long:
            return None
        out = np.empty(frames, dtype=np.float32)
        at = 0
        for offset, goal, long, smooth in sorted(self._steps, key=lambda step: step[0]):
            here = min(max(offset, at), frames)
            self._fill(out[at:here])
            at = here
            self._from, self._goal, self._gone, self._long, self._smooth = self.value, goal, 0, long, smooth
        self._steps.clear()
        self._fill(out[at:])
        return out

    def _fill(self, out: Audio) -> None:
        run = min(self._long - self._gone, len(out))
        if run > 0:
            share = np.arange(self._gone + 1, self._gone + run + 1) / self._long
            if self._smooth:
                share *= share * (3 - 2 * share)
            out[:run] = self._from + (self._goal - self._from) * share
            self._gone += run
            self.value = self._goal if self._gone >= self._long else float(out[run - 1])
        out[max(run, 0) :] = self.value


def values_at(parameter: Parameter, positions: Audio) -> Audio:
    """The values of a parameter at positions from 0 to 1, as `Parameter.at` has them."""
    if parameter.by_ratio:
        return np.float32(parameter.low) * np.float32(parameter.high / parameter.low) ** positions
    return np.float32(parameter.low) + np.float32(parameter.high - parameter.low) * positions


def sent(dry: Audio, level: Audio, own: Audio) -> Audio:
    """What goes to a send: of the whole, and of voices for themselves.

    Args:
        dry: The whole.
        level: How much of that.
        own: What the voices send.
    """
    return own if level.size == 1 and not level.item() else dry * level + own


def ramps(start: tuple[float, float], stop: tuple[float, float], frames: int) -> Audio:
    """Two smooth ways over a block, level at both ends: shape (2, frames), or (2, 1) where nothing moves."""
    if start == stop:
        return np.array(stop, dtype=np.float32)[:, None]
    share = np.arange(1, frames + 1, dtype=np.float32) / np.float32(frames)
    share *= share * (3 - 2 * share)
    begin, end = np.array(start, dtype=np.float32)[:, None], np.array(stop, dtype=np.float32)[:, None]
    return single(begin + (end - begin) * share)
