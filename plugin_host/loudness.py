"""How loud a whole is, and how far it peaks: as broadcasters and streaming services measure it."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np

from plugin_host.audio import Audio, Wide, count, decibels, single
from plugin_host.layouts import STEREO, Layout
from plugin_host.limiter import Limiter

__all__ = [
    "SILENCE", "Loudness", "LoudnessMeter", "Weighing", "brought_to", "gated", "loudness_of", "to_lufs",
]  # fmt: skip

SILENCE: Final = -200.0
"""LUFS and dB of what holds nothing."""

_SHELF: Final = (
    (1.53512485958697, -2.69169618940638, 1.19839281085285),
    (1.0, -1.69065929318241, 0.73248077421585),
)
_CUT: Final = ((1.0, -2.0, 1.0), (1.0, -1.99004745483398, 0.99007225036621))
_TOLD_AT: Final = 48_000
"""Frames a second for which the standard gives its two filters."""

_RINGS: Final = 0.12
"""Seconds after which both filters together have fallen below 1e-9."""
_STEP: Final = 0.1
"""Seconds between two of the overlapping stretches of 0.4 s that are gated."""
_ABSOLUTE: Final = -70.0
"""LUFS below which a stretch does not count."""
_RELATIVE: Final = -10.0
"""LU below the mean of those that do count, where the second gate lies."""
_TAPS: Final = 48
"""Frames around a place between two of them that tell what is there."""
_TRIES: Final = 4
_NEAR: Final = 0.02
"""LU that are near enough to what is wanted."""


class Loudness(NamedTuple):
    """What a whole measures.

    Attributes:
        lufs: Integrated loudness; -200 for what is silent or shorter than 0.4 s.
        peak: True peak in dB relative to full scale.
    """

    lufs: float
    peak: float


class LoudnessMeter:
    """Measures a sound that comes in parts.

    Args:
        rate: Frames a second, 8000 to 192000.
        weights: How much each channel counts: 1 for those in front, 1.41 for those around, 0 for the lowest.

    Source: ITU-R BS.1770-4, annexes 1 and 2. For other rates its two filters are carried over by the bilinear
        transform, exact at the frequency of their poles.

    >>> meter = LoudnessMeter(48000)
    >>> tone = np.sin(2 * np.pi * 997 / 48000 * np.arange(48000)).astype(np.float32)
    >>> meter.hear(np.stack([tone, 0 * tone]))
    >>> round(meter.read().lufs, 1)
    -3.0
    """

    def __init__(self, rate: int, weights: Sequence[float] = (1.0, 1.0)) -> None:
        self._step = round(_STEP * rate)
        reach = math.ceil(_RINGS * rate)
        self._weighing = Weighing(rate, weights, (1 << max(15, (2 * reach).bit_length())) - reach)
        self._channels = len(weights)
        self._waiting: list[Wide] = []
        self._many = 0
        self._rest: Wide = np.zeros(0)
        self._powers: list[Wide] = []
        self._peak = 0.0

    def hear(self, sound: Audio) -> None:
        """Take the next part in: shape (channels, frames)."""
        if sound.size:
            self._peak = max(self._peak, float(np.abs(sound).max()))
        self._waiting.append(np.array(sound, np.float64))
        self._many += sound.shape[1]
        if self._many >= self._weighing.whole:
            self._look()

    def read(self) -> Loudness:
        """What it measures so far. What comes after this counts as if it followed silence."""
        self._look()
        self._look(last=True)
        powers = np.concatenate([np.zeros(0), *self._powers])
        if len(powers) < 4:
            return Loudness(SILENCE, decibels(self._peak))
        stretches = np.convolve(powers, np.ones(4), mode="valid") / (4 * self._step)
        return Loudness(gated(stretches), decibels(self._peak))

    def _look(self, *, last: bool = False) -> None:
        sound = np.concatenate([*self._waiting, np.zeros((self._channels, 0))], axis=1)
        self._waiting.clear()
        whole = self._weighing.whole
        first = 0
        while sound.shape[1] - first >= whole:
            self._measure(sound[:, first : first + whole])
            first += whole
        rest = sound[:, first:]
        self._many = rest.shape[1]
        if last:
            # What rings on after the end may peak between its last frames, but is no part of the loudness.
            self._measure(np.pad(rest, ((0, 0), (0, _TAPS))), _TAPS)
            self._many = 0
        elif rest.size:
            self._waiting.append(rest)

    def _measure(self, sound: Wide, beyond: int = 0) -> None:
        power, peak = self._weighing.process(sound)
        self._peak = max(self._peak, peak)
        line = np.concatenate([self._rest, power[: len(power) - beyond]])
        steps = len(line) // self._step
        self._powers.append(line[: steps * self._step].reshape(steps, self._step).sum(axis=1))
        self._rest = line[steps * self._step :]


class Weighing:
    """How loud each frame is to the ear, and how far a stretch peaks, also between its frames.

    Args:
        rate: Frames a second.
        weights: How much each channel counts.
        whole: Frames that are given at a time, at most.

    Attributes:
        whole: The same.
    """

    def __init__(self, rate: int, weights: Sequence[float], whole: int) -> None:
        self._weights = np.array(weights)[:, None]
        self._reach = math.ceil(_RINGS * rate)
        self._size = 1 << (whole + self._reach - 1).bit_length()
        self.whole = whole
        response = _cascade(rate, self._reach + 1)
        # The same stretch is transformed once for the loudness and for each place between two frames.
        self._filters = [np.fft.rfft(one, self._size) for one in (response, *_between())]
        self._line: Wide = np.zeros((len(weights), self._reach))

    def process(self, sound: Wide) -> tuple[Wide, float]:
        """The power of each frame, of all channels together, and the peak between frames.

        Args:
            sound: The next stretch, shape (channels, frames).
        """
        line = np.concatenate([self._line, sound], axis=1)
        self._line = line[:, -self._reach :]
        spectrum = np.fft.rfft(line, self._size)
        heard, *between = (
            np.fft.irfft(spectrum * one, self._size)[:, self._reach : line.shape[1]] for one in self._filters
        )
        return (self._weights * heard**2).sum(axis=0), max(float(np.abs(one).max()) for one in between)


def to_lufs(power: float) -> float:
    """The loudness of a mean power, in LUFS; -200 for silence.

    >>> to_lufs(0.5)
    -3.7
    """
    return round(10 * math.log10(power) - 0.691, 2) if power > 0 else SILENCE


def gated(stretches: Wide) -> float:
    """The integrated loudness of stretches of 0.4 s, in LUFS, without those far quieter than the others.

    Args:
        stretches: Their mean powers.
    """
    loud = stretches[stretches > 10 ** ((_ABSOLUTE + 0.691) / 10)]
    if loud.size:
        loud = loud[loud > float(loud.mean()) * 10 ** (_RELATIVE / 10)]
    return to_lufs(float(loud.mean())) if loud.size else SILENCE


def loudness_of(audio: Audio, rate: int, layout: Layout = STEREO) -> Loudness:
    """What a whole measures.

    Args:
        audio: Shape (channels, frames).
        rate: Frames a second.
        layout: Where its channels sound.
    """
    meter = LoudnessMeter(rate, layout.weights)
    for first in range(0, audio.shape[1], rate):
        meter.hear(audio[:, first : first + rate])
    return meter.read()


def brought_to(
    audio: Audio, rate: int, lufs: float | None, ceiling: float | None, layout: Layout = STEREO
) -> tuple[Audio, Loudness]:
    """A whole as loud as it is wanted, with what it measures then.

    Where it would peak above the ceiling it is limited, and raised again by what that takes from it. A whole
    with high peaks does not get as loud as one may ask: then it is as loud as four tries make it.

    Args:
        audio: Shape (channels, frames).
        rate: Frames a second.
        lufs: Integrated loudness to reach; None keeps it.
        ceiling: dB true peak that it may reach; None keeps its peaks.
        layout: Where its channels sound.

    Returns:
        The same shape, and its measures.
    """
    first = found = loudness_of(audio, rate, layout)
    gain, out = 0.0, audio
    wanted = first.lufs if lufs is None else lufs
    for _ in range(_TRIES):
        if first.lufs > SILENCE:
            gain += wanted - found.lufs
        out = single(audio * np.float32(10 ** (gain / 20)))
        if ceiling is not None and first.peak + gain > ceiling:
            out = _limited(out, rate, ceiling, layout)
        found = loudness_of(out, rate, layout)
        if lufs is None or first.lufs <= SILENCE or abs(found.lufs - wanted) <= _NEAR:
            break
    return out, found


def _limited(audio: Audio, rate: int, ceiling: float, layout: Layout) -> Audio:
    out = np.empty_like(audio)
    low = [place for place in range(layout.channels) if place not in layout.heard]
    for channels in ([*layout.heard], low):
        if channels:
            out[channels] = _limited_alike(audio[channels], rate, ceiling)
    return out


def _limited_alike(audio: Audio, rate: int, ceiling: float) -> Audio:
    limiter = Limiter(rate, ceiling, len(audio))
    late, frames = limiter.latency, audio.shape[1]
    line = np.pad(audio, ((0, 0), (0, late)))
    parts = [limiter.process(line[:, first : first + rate]) for first in range(0, frames + late, rate)]
    return np.concatenate(parts, axis=1)[:, late:]


def _cascade(rate: int, length: int) -> Wide:
    """What both filters of the standard make of one frame of 1."""
    out = np.zeros(length)
    out[0] = 1.0
    for above, below in (_SHELF, _CUT):
        over, under = _carried(above, below, rate)
        former = out.tolist()
        one = two = was = past = 0.0
        for place, now in enumerate(former):
            new = over[0] * now + over[1] * was + over[2] * past - under[1] * one - under[2] * two
            out[place] = new
            two, one, past, was = one, new, was, now
    return out


def _carried(above: Sequence[float], below: Sequence[float], rate: int) -> tuple[list[float], list[float]]:
    """A filter that is given for one rate, for another."""
    if rate == _TOLD_AT:
        return [*above], [*below]
    top, bottom = _analogue(above), _analogue(below)
    pole = math.sqrt(bottom[0] / bottom[2])
    factor = pole / math.tan(math.atan(pole) * _TOLD_AT / rate)
    scale = [1.0, factor, factor * factor]
    over, under = (_digital([a * b for a, b in zip(one, scale, strict=True)]) for one in (top, bottom))
    return [one / under[0] for one in over], [one / under[0] for one in under]


def _analogue(digital: Sequence[float]) -> list[float]:
    """A polynomial in 1/z as one in s, by 1/z = (1 - s) / (1 + s)."""
    zero, one, two = digital
    return [zero + one + two, 2 * (zero - two), zero - one + two]


def _digital(analogue: Sequence[float]) -> list[float]:
    """The way back, by s = (1 - 1/z) / (1 + 1/z)."""
    zero, one, two = analogue
    return [zero + one + two, 2 * (zero - two), zero - one + two]


def _between() -> list[Wide]:
    """What is a quarter, a half, three quarters of the way between two frames: windowed sincs."""
    found: list[Wide] = []
    for quarter in (0.25, 0.5, 0.75):
        at = count(_TAPS) - (_TAPS // 2 - 1) - quarter
        row = np.sinc(at) * np.i0(6.5 * np.sqrt(np.maximum(1 - (at / (_TAPS // 2)) ** 2, 0)))
        found.append(row / row.sum())
    return found
