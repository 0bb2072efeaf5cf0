"""An echo that keeps time: its way is counted in beats, and it follows the tempo."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from plugin_host.audio import Audio, count, single
from plugin_host.delay_line import DelayLine

__all__ = ["LONGEST", "TimedEcho"]

LONGEST: Final = 10.0
"""Seconds; where beats take longer than that, a half, a quarter … of them is taken, which is in time, too."""
FADE: Final = 0.03
"""Seconds in which it passes from one way to another: nothing bends."""
_SHORTEST: Final = 32
"""Frames."""
_BEATS: Final = 4.0
"""In a cycle."""
_USUAL: Final = 0.5
"""Cycles a second, until it is told."""


class TimedEcho:
    """Echoes whose distance is counted in beats.

    When the tempo or the beats change it passes from the old distance to the new one within `FADE`; while
    they go on changing, it does so again and again.

    Args:
        rate: Frames a second.
    """

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self._line = DelayLine(int(LONGEST * rate) + 1)
        self._fade = max(1, round(FADE * rate))
        share = (count(self._fade) + 1) / self._fade
        self._share = single(share * share * (3 - 2 * share))
        self._cps = _USUAL
        self._way = self._former = 0
        self._gone = self._fade
        self._empty = True

    def keep_time(self, cps: float) -> None:
        """Know the tempo.

        Args:
            cps: Cycles a second, above 0.
        """
        self._cps = cps

    def _frames(self, beats: float) -> int:
        seconds = beats / (_BEATS * self._cps)
        while seconds > LONGEST:
            seconds /= 2
        return max(_SHORTEST, round(seconds * self.rate))

    def process(self, sound: Audio, values: "Mapping[str, Audio | float]") -> Audio:
        """The next block."""
        frames = sound.shape[1]
        beats = values["beats"]
        mix, feedback, cross = (single(values[name]) for name in ("mix", "feedback", "cross"))
        out = np.empty_like(sound)
        done = 0
        while done < frames:
            self._choose(self._frames(float(beats[done]) if isinstance(beats, np.ndarray) else beats))
            # No further than what is read has been written: an echo comes round again within a block.
            last = min(frames, done + min(self._way, self._former))
            if self._gone < self._fade:
                last = min(last, done + self._fade - self._gone)
            part = slice(done, last)
            heard = self._heard(last - done)
            new, turn = sound[:, part], cross[part] if cross.ndim else cross
            came = feedback[part] if feedback.ndim else feedback
            wet = mix[part] if mix.ndim else mix
            out[:, part] = new * (1 - wet) + heard * wet
            back = single(came * heard)
            self._line.write(self._turned(new, back, turn) if turn.any() else new + back)
            done = last
        self._empty = self._empty and not sound.any()
        return out

    def _choose(self, way: int) -> None:
        """Set out for another way, if it is another, and the last one has been reached."""
        if self._empty:
            self._way = self._former = way
        elif self._gone >= self._fade and way != self._way:
            self._former, self._way, self._gone = self._way, way, 0

    def _heard(self, frames: int) -> Audio:
        heard = self._line.behind(self._way, frames)
        if self._gone >= self._fade:
            return heard.copy()
        share = self._share[self._gone : self._gone + frames]
        self._gone += frames
        if self._gone >= self._fade:
            before, self._former = self._line.behind(self._former, frames), self._way
        else:
            before = self._line.behind(self._former, frames)
        return single(before + share * (heard - before))

    @staticmethod
    def _turned(new: Audio, back: Audio, turn: Audio) -> Audio:
        """What goes in: the more it turns, the more enters on the left, and changes sides each time round."""
        into = np.empty_like(new)
        into[0] = new[0] + turn * 0.5 * (new[1] - new[0]) + back[0] + turn * (back[1] - back[0])
        into[1] = new[1] * (1 - turn) + back[1] + turn * (back[0] - back[1])
        return into

    def renew(self) -> None:
        """Forget all echoes."""
        self._line.renew()
        self._gone, self._empty = self._fade, True
