"""Effects of our own, where moving pedalboard's would click: each frame has its own values.

They do what pedalboard's effects of these names do: a value that stands still sounds the same.
"""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

import numpy as np

from plugin_host.audio import Audio, Wide, count, single
from plugin_host.convolution import Convolution
from plugin_host.ducker import Ducker

__all__ = ["SHAPERS", "Shaper"]

Values = Mapping[str, "Audio | float"]
"""The parameters in a block: a number, or one for each frame."""


class Shaper(Protocol):
    """An effect that takes a value for each frame."""

    def process(self, sound: Audio, values: Values) -> Audio:
        """The next block: shape (2, frames) in and out."""
        ...

    def renew(self) -> None:
        """Forget everything that still rings."""
        ...


def _factor(decibels: "Audio | float") -> Audio:
    return single(10.0 ** (single(decibels) / np.float32(20)))


class Gain:
    """Louder or softer.

    Args:
        rate: Frames a second.
    """

    def __init__(self, rate: int) -> None:
        del rate

    def process(self, sound: Audio, values: Values) -> Audio:
        """The next block."""
        return single(sound * _factor(values["gain_db"]))

    def renew(self) -> None:
        """It holds nothing."""


class Distortion(Gain):
    """Driven against a soft ceiling."""

    def process(self, sound: Audio, values: Values) -> Audio:
        """The next block."""
        return np.tanh(single(sound * _factor(values["drive_db"])))


class Clipping(Gain):
    """Cut off at a height."""

    def process(self, sound: Audio, values: Values) -> Audio:
        """The next block."""
        height = _factor(values["threshold_db"])
        return single(np.clip(sound, -height, height))


class Delay:
    """An echo, whose way may change as that of a tape does: its pitch bends while it moves.

    Args:
        rate: Frames a second.
    """

    LONGEST: Final = 10.0
    """Seconds."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._size = 1 << int(np.ceil(np.log2(self.LONGEST * rate + 16384)))
        self._line: Audio = np.zeros((2, self._size), dtype=np.float32)
        self._at = 0

    def process(self, sound: Audio, values: Values) -> Audio:
        """The next block."""
        frames = sound.shape[1]
        seconds: Wide = np.asarray(values["delay_seconds"], np.float64)
        behind: Wide = np.clip(seconds, 1e-3, self.LONGEST) * self.rate
        mix, feedback = single(values["mix"]), single(values["feedback"])
        out = np.empty_like(sound)
        done = 0
        while done < frames:
            # No further than what is read has been written: an echo comes round again within a block.
            reach = int(behind[done:].min() if behind.ndim else behind)
            last = min(frames, done + max(1, reach - 1))
            part = slice(done, last)
            if behind.ndim:
                heard = self._between(count(last - done) + self._at - behind[part])
            else:
                heard = self._straight(self._at - reach, last - done)
            fed = feedback[part] if feedback.ndim else feedback
            self._write(single(sound[:, part] + fed * heard))
            wet = mix[part] if mix.ndim else mix
            out[:, part] = sound[:, part] * (1 - wet) + heard * wet
            done = last
        return out

    def _straight(self, at: int, frames: int) -> Audio:
        first = at & (self._size - 1)
        if first + frames <= self._size:
            return self._line[:, first : first + frames]
        return np.concatenate((self._line[:, first:], self._line[:, : first + frames - self._size]), axis=1)

    def _between(self, at: Wide) -> Audio:
        """What lies between two frames, evenly."""
        whole = np.floor(at).astype(np.int64)
        low = self._line[:, whole & (self._size - 1)]
        high = self._line[:, (whole + 1) & (self._size - 1)]
        return single(low + single(at - whole) * (high - low))

    def _write(self, sound: Audio) -> None:
        frames = sound.shape[1]
        first = self._at & (self._size - 1)
        room = min(frames, self._size - first)
        self._line[:, first : first + room] = sound[:, :room]
        self._line[:, : frames - room] = sound[:, room:]
        self._at += frames

    def renew(self) -> None:
        """Forget all echoes."""
        self._line[:] = 0


SHAPERS: Final[Mapping[str, Callable[[int], Shaper]]] = {
    "gain": Gain,
    "distortion": Distortion,
    "clipping": Clipping,
    "convolution": Convolution,
    "delay": Delay,
    "duck": Ducker,
}
"""By the effect's name."""
