"""Effects of our own, where moving pedalboard's would click: each frame has its own values.

`gain`, `distortion`, `clipping` and `delay` do what pedalboard's effects of these names do: a value that
stands still sounds the same.
"""

from collections.abc import Callable, Mapping
from typing import Final, Protocol

import numpy as np

from plugin_host.audio import Audio, Wide, count, single
from plugin_host.convolution import Convolution
from plugin_host.delay_line import DelayLine
from plugin_host.ducker import Ducker
from plugin_host.limiting import Limiting
from plugin_host.timed_echo import TimedEcho

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


class Invert(Gain):
    """Upside down: what points up points down."""

    def process(self, sound: Audio, values: Values) -> Audio:
        """The next block."""
        return single(sound * (1 - 2 * single(values["amount"])))


class Resample:
    """As at a lower rate: each sample is held until the next one is due.

    Args:
        rate: Frames a second.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._held: Audio = np.zeros((2, 1), np.float32)
        self._turn = 1.0 - 1e-9  # in turns of which each takes a sample: the first frame is taken

    def process(self, sound: Audio, values: Values) -> Audio:
        """The next block."""
        frames = sound.shape[1]
        step = np.minimum(np.asarray(values["target_sample_rate"], np.float64) / self.rate, 1.0)
        turns: Wide = self._turn + (np.cumsum(step) if step.ndim else step * (count(frames) + 1))
        whole = np.floor(turns)
        taken = np.diff(whole, prepend=0.0) > 0
        # Each frame gives the last one that was taken; before the first of the block the one before that.
        place = np.maximum.accumulate(np.where(taken, count(frames) + 1, 0)).astype(np.intp)
        out: Audio = np.concatenate((self._held, sound), axis=1)[:, place]
        self._held, self._turn = out[:, -1:].copy(), float(turns[-1] - whole[-1])
        return out

    def renew(self) -> None:
        """Forget what is held; the next sample is taken."""
        self._held[:], self._turn = 0, 1.0 - 1e-9


class Delay:
    """An echo, whose way may change as that of a tape does: its pitch bends while it moves.

    Args:
        rate: Frames a second.
    """

    LONGEST: Final = 10.0
    """Seconds."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._line = DelayLine(int(self.LONGEST * rate) + 16384)

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
                heard = self._line.between(count(last - done) + self._line.at - behind[part])
            else:
                heard = self._line.behind(reach, last - done)
            fed = feedback[part] if feedback.ndim else feedback
            self._line.write(single(sound[:, part] + fed * heard))
            wet = mix[part] if mix.ndim else mix
            out[:, part] = sound[:, part] * (1 - wet) + heard * wet
            done = last
        return out

    def renew(self) -> None:
        """Forget all echoes."""
        self._line.renew()


SHAPERS: Final[Mapping[str, Callable[[int], Shaper]]] = {
    "gain": Gain,
    "distortion": Distortion,
    "clipping": Clipping,
    "convolution": Convolution,
    "delay": Delay,
    "duck": Ducker,
    "echo": TimedEcho,
    "invert": Invert,
    "limiter": Limiting,
    "resample": Resample,
}
"""By the effect's name."""
