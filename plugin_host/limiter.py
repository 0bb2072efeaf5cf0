"""The last thing before the output: no peak, not even between the samples, passes the ceiling."""

from typing import Final

import numpy as np

from plugin_host.audio import Audio, Wide, count, single

__all__ = ["CEILING", "LOOKAHEAD", "Limiter"]

CEILING: Final = -1.0
"""dB true peak that nothing passes."""

LOOKAHEAD: Final = 0.0015
"""Seconds in which the gain comes down before a peak."""

_MARGIN: Final = 0.3
"""dB below the ceiling that the gain aims at: the interpolator sees up to 0.45 of the rate, and a gain that
moves adds a little between the samples; measured on noise, bursts and squares, both stay below this."""

_RELEASE: Final = 30.0
"""dB a second at which the gain comes back."""

_TAPS: Final = 24


def _interpolator() -> Wide:
    """Three rows of a windowed sinc: the signal at a quarter, a half, three quarters between two samples."""
    rows: list[Wide] = []
    for quarter in (0.25, 0.5, 0.75):
        at = count(_TAPS) - (_TAPS // 2 - 1) - quarter
        # Kaiser's window laid over twice the taps: sharper towards half the rate than one that ends at zero;
        # an exact interpolator finds at most 0.06 dB more on noise up to 0.45 of the rate.
        rows.append(np.sinc(at) * np.i0(6.5 * np.sqrt(1 - (at / _TAPS) ** 2)) / np.i0(6.5))
    return np.stack([row / row.sum() for row in rows], axis=1)


class Limiter:
    """A look-ahead limiter on true peaks.

    Peaks are found at four times the rate. The reduction that they ask for is held from the look-ahead
    on, falls back slowly, and is smoothed over the look-ahead, so that it is whole when the peak comes.

    Args:
        rate: Frames a second.
        ceiling: dB true peak, -60 to 0.
        channels: How many; all of them come down together.

    Attributes:
        release: dB a second at which the gain comes back.

    Source: true peak as in ITU-R BS.1770, annex 2.
    """

    def __init__(self, rate: int, ceiling: float = CEILING, channels: int = 2) -> None:
        self.rate = rate
        self._channels = channels
        self.hold_to(ceiling)
        self.release = _RELEASE
        self._taps = np.ascontiguousarray(single(_interpolator()).T)
        # No place between frames is louder than so many times the loudest frame.
        self._most = float(np.abs(self._taps).sum(axis=1).max()) * 1.0001
        self._hold = max(8, round(LOOKAHEAD * rate))
        self._reach = _TAPS // 2
        window = np.hanning(self._hold + 2)[1:-1]
        self._smooth = window / window.sum()
        self.latency = self._hold + 2 * self._reach
        self.reduction = 0.0
        self.renew()

    def hold_to(self, ceiling: "Audio | float") -> None:
        """Have another ceiling from the next block on.

        Args:
            ceiling: dB true peak; one, or one for each frame of the next block.
        """
        self.limit = single(10 ** ((single(ceiling) - np.float32(_MARGIN)) / np.float32(20)))

    def renew(self) -> None:
        """Forget what was."""
        self._sound: Audio = np.zeros((self._channels, self.latency + _TAPS), dtype=np.float32)
        self._asked: Wide = np.zeros(self._hold + 2 * self._reach)
        self._held: Wide = np.zeros(self._hold - 1)
        self._last = 0.0
        self._calm = True  # nothing is asked for, and all that was has been forgotten

    def process(self, sound: Audio) -> Audio:
        """Limit the next block; it comes out `latency` frames later.

        Args:
            sound: Shape (channels, frames), finite.

        Returns:
            The same shape.
        """
        frames = sound.shape[1]
        line = np.concatenate((self._sound, sound), axis=1)
        self._sound = line[:, frames:]
        needed = self._needed(line[:, -frames - _TAPS + 1 :])
        late = line[:, _TAPS : _TAPS + frames]
        if needed is None:
            if self._calm:
                return late
            needed = np.zeros(frames)
        asked = np.concatenate((self._asked, needed))
        self._asked = asked[frames:]
        held = self._released(_running_max(asked, self._hold + 2 * self._reach)[-frames:])
        smooth = np.concatenate((self._held, held))
        self._held = smooth[frames:]
        down = np.convolve(smooth, self._smooth, mode="valid")
        self.reduction = float(down.max())
        self._calm = not (self.reduction or self._last or self._asked.any() or self._held.any())
        return single(late * single(10.0 ** (down / -20)) if self.reduction > 0 else late)

    def _needed(self, line: Audio) -> Wide | None:
        """How many dB each frame has to come down, as of the middle of the taps; None where none has to."""
        loud = np.maximum(line.max(axis=1), -line.min(axis=1)) * self._most > self.limit.min()
        if not loud.any():
            return None
        # Most channels of a room are far from the ceiling at any time, and ask for nothing.
        line = np.ascontiguousarray(line if loud.all() else line[loud])
        # A view in which each tap has a row; numpy's own function for that takes as long as the product, and
        # the product of the view takes three times as long as that of a copy.
        shape = (len(line), _TAPS, line.shape[1] - _TAPS + 1)
        windows: Audio = np.ndarray(shape, np.float32, line, strides=(*line.strides, line.strides[1]))
        between = np.abs(self._taps @ windows.copy()).reshape(-1, shape[2])
        here = np.abs(line[:, self._reach - 1 : self._reach - 1 + shape[2]]).max(axis=0)
        for row in between:  # a third of the time that the greatest along so short an axis takes
            np.maximum(here, row, out=here)
        peak = np.maximum(here / self.limit, 1.0)
        return 20.0 * np.log10(peak.astype(np.float64))

    def _released(self, held: Wide) -> Wide:
        """Let the reduction fall back no faster than the release."""
        slope = (self.release / self.rate) * (count(len(held)) + 1)
        out = np.maximum.accumulate(np.concatenate(([self._last], held + slope)))[1:] - slope
        self._last = float(out[-1])
        return out


def _running_max(numbers: Wide, width: int) -> Wide:
    """The greatest of each `width` neighbours, in log2(width) steps; shorter by width - 1."""
    out, reach = numbers, 1
    while reach < width:
        step = min(reach, width - reach)
        out = np.maximum(out[:-step], out[step:])
        reach += step
    return out
