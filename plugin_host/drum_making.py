"""What drums are made of: sweeps, noise, bands of noise and clusters of partials, in thirteen forms."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from plugin_host.audio import Audio, Wide, count

__all__ = [
    "LAYERS",
    "ROUNDS",
    "Bench",
    "Drums",
    "clap",
    "claves",
    "conga",
    "cowbell",
    "crash",
    "finish",
    "hat",
    "kick",
    "ride",
    "rim",
    "shaker",
    "snare",
    "tambourine",
    "tom",
]

LAYERS: Final = 3
"""How hard a drum is hit: soft, middling, hard; they differ in colour, not only in level."""

ROUNDS: Final = 2
"""Takes of each drum at each strength, used in turn so that two equal hits do not sound copied."""


class Bench:
    """What a drum is made of: time, noise, bands of noise, clusters of partials.

    Args:
        rate: Frames a second.
        seed: Makes this take's noise.
        hard: How hard it is hit, 0 to 1.
    """

    def __init__(self, rate: int, seed: int, hard: float) -> None:
        self.rate = rate
        self.hard = hard
        self.random = np.random.default_rng(seed)

    def time(self, seconds: float) -> Wide:
        """Seconds since the stroke."""
        return count(int(seconds * self.rate)) / self.rate

    def fall(self, time: Wide, seconds: float) -> Wide:
        """An exponential fall by 60 dB in so many seconds."""
        return np.exp(time * (-6.9 / seconds))

    def sweep(self, time: Wide, low: float, *bends: tuple[float, float]) -> Wide:
        """A sine that falls to `low` Hz, from so many Hz above, each within so many seconds (60 dB)."""
        pitch = np.full_like(time, low)
        for height, seconds in bends:
            pitch += height * self.fall(time, seconds)
        return np.sin(2 * np.pi * np.cumsum(pitch) / self.rate)

    def band(self, time: Wide, low: float, high: float, order: int = 4) -> Wide:
        """Noise between two frequencies, at a level of 1 (rms)."""
        size = 1 << (len(time) - 1).bit_length()
        hertz = count(size // 2 + 1) * (self.rate / size)
        lines = self.random.standard_normal(len(hertz)) + 1j * self.random.standard_normal(len(hertz))
        lines *= _slopes(hertz, low, high, order)
        noise = np.fft.irfft(lines, size)[: len(time)]
        return noise / np.sqrt(np.mean(noise * noise))

    def cluster(self, time: Wide, pitches: Sequence[float], low: float, high: float) -> Wide:
        """Steady partials at these frequencies with phases of their own, between two frequencies; rms 1."""
        size = 1 << (len(time) - 1).bit_length()
        hertz = count(size // 2 + 1) * (self.rate / size)
        lines = np.zeros(len(hertz), dtype=complex)
        places = np.rint(np.asarray(pitches) * size / self.rate).astype(int)
        places = places[places < len(hertz)]
        lines[places] = np.exp(2j * np.pi * self.random.random(len(places)))
        lines *= _slopes(hertz, low, high, 4)
        sound = np.fft.irfft(lines, size)[: len(time)]
        level = np.sqrt(np.mean(sound * sound))
        # At low rates all of them may lie too high to be there.
        return sound / level if level > 0 else sound

    def squares(self, *roots: float) -> list[float]:
        """The partials of square waves of these frequencies, up to 18 kHz."""
        return [root * k for root in roots for k in range(1, int(18000 / root) + 1, 2)]

    def drift(self, amount: float) -> float:
        """A factor near 1 that differs from take to take."""
        return float(1 + amount * self.random.uniform(-1, 1))


def _slopes(hertz: Wide, low: float, high: float, order: int) -> Wide:
    """Butterworth slopes as a gain: half the power at both edges."""
    up = 1 / np.sqrt(1 + (low / np.maximum(hertz, 1e-3)) ** (2 * order))
    return up / np.sqrt(1 + (hertz / high) ** (2 * order))


def kick(bench: Bench, low: float, bend: float, length: float, click: float, drive: float) -> Wide:
    """A drum of the foot: a sine that falls, with a knock and a click."""
    time = bench.time(length * 1.05)
    hard = bench.hard
    body = bench.sweep(time, low * bench.drift(0.006), (bend, 0.16), (bend * (4 + 8 * hard), 0.022))
    body *= bench.fall(time, length) * (1 - np.exp(-time * 2500))
    body = np.tanh(body * (1 + drive * (0.5 + hard))) / np.tanh(1 + drive * (0.5 + hard))
    snap = bench.band(time, 1800, 9000, 2) * bench.fall(time, 0.018)
    knock = bench.sweep(time, 180, (900, 0.02)) * bench.fall(time, 0.05)
    return body + click * (0.35 + 0.65 * hard) * (0.24 * snap + 0.5 * knock)


def snare(bench: Bench, low: float, tone: float, wires: float, length: float, air: float) -> Wide:
    """Two tones of a skin, and wires."""
    time = bench.time(length * 1.1 + 0.05)
    hard = bench.hard
    low *= bench.drift(0.008)
    skin = bench.sweep(time, low, (low * 0.7, 0.05)) * bench.fall(time, length * 0.62)
    skin += 0.55 * bench.sweep(time, low * 1.78, (low * 0.6, 0.03)) * bench.fall(time, length * 0.35)
    rattle = bench.band(time, 900 + 700 * hard, 9000 + 5000 * hard, 2)
    rattle *= bench.fall(time, length * (0.8 + 0.3 * hard)) * (1 - 0.6 * bench.fall(time, 0.02))
    hiss = bench.band(time, 5000, 16000, 2) * bench.fall(time, length * 0.55)
    stick = bench.band(time, 2500, 14000, 2) * bench.fall(time, 0.012)
    sound = tone * skin + wires * (0.26 * rattle + air * 0.16 * hiss) + (0.15 + 0.35 * hard) * stick * 0.5
    return np.tanh(1.4 * sound)


def rim(bench: Bench, low: float, length: float) -> Wide:
    """A stick on a rim."""
    time = bench.time(length * 1.2 + 0.02)
    sound = np.zeros_like(time)
    for ratio, level, part in ((1, 0.8, 1.0), (1.71, 1.0, 0.8), (3.62, 0.8, 0.5), (5.1, 0.5, 0.35)):
        pitch = low * ratio * bench.drift(0.004)
        sound += level * np.sin(2 * np.pi * pitch * time) * bench.fall(time, length * part)
    sound += (0.3 + 0.5 * bench.hard) * 0.5 * bench.band(time, 2500, 14000, 2) * bench.fall(time, 0.012)
    return np.tanh(1.2 * sound)


def clap(bench: Bench, middle: float, length: float, hands: int) -> Wide:
    """Hands that are not quite together."""
    time = bench.time(length * 1.1 + 0.06)
    edge = np.zeros_like(time)
    late = 0.0
    for hand in range(hands):
        since = time - late
        last = hand == hands - 1
        burst = np.where(since >= 0, np.exp(-np.maximum(since, 0) * (6.9 / (length if last else 0.022))), 0)
        edge = np.maximum(edge * (since < 0) + edge * 0.4 * (since >= 0), burst * (0.75 if last else 0.9))
        late += 0.0095 * bench.drift(0.25)
    noise = bench.band(time, middle * 0.72, middle * 1.7, 2)
    noise += (0.3 + 0.4 * bench.hard) * bench.band(time, middle * 2, 13000, 2)
    return np.tanh(0.5 * noise * edge)


def hat(bench: Bench, length: float, low: float, noise: float) -> Wide:
    """Two cymbals on a stand."""
    time = bench.time(length * 1.15 + 0.01)
    hard = bench.hard
    roots = [f * bench.drift(0.004) for f in (317, 465, 541, 733, 812, 1149)]
    metal = bench.cluster(time, bench.squares(*roots), low * (1.15 - 0.3 * hard), 15500)
    air = bench.band(time, low * 1.25, 17000, 2)
    edge = 0.7 * bench.fall(time, length) + 0.3 * bench.fall(time, length * 0.25)
    tick = bench.band(time, 4000, 15000, 2) * bench.fall(time, 0.006)
    return (metal * (1 - noise) + air * noise) * edge + 0.5 * hard * tick


def tom(bench: Bench, low: float, length: float) -> Wide:
    """A drum with a skin that gives way."""
    time = bench.time(length * 1.1)
    hard = bench.hard
    low *= bench.drift(0.004)
    body = bench.sweep(time, low, (low * (0.25 + 0.35 * hard), 0.14)) * bench.fall(time, length)
    body += 0.32 * bench.sweep(time, low * 1.59, (low * 0.5, 0.08)) * bench.fall(time, length * 0.5)
    body += 0.14 * bench.sweep(time, low * 2.3, (low * 0.5, 0.08)) * bench.fall(time, length * 0.3)
    stick = bench.band(time, 1200, 9000, 2) * bench.fall(time, 0.02)
    skin = bench.band(time, 200, 1800, 2) * bench.fall(time, 0.1)
    return np.tanh(1.3 * body) + (0.1 + 0.25 * hard) * 0.5 * stick + 0.09 * skin


def crash(bench: Bench, length: float, low: float) -> Wide:
    """A cymbal that is struck at its edge."""
    time = bench.time(length)
    pitches = np.exp(bench.random.uniform(np.log(350), np.log(17000), 700))
    sound = np.zeros_like(time)
    for floor, ceiling, level, part in (
        (low, 1800, 0.18, 0.9),
        (1800, 5000, 0.4, 1.0),
        (5000, 10000, 0.55, 0.75),
        (10000, 17500, 0.45, 0.5),
    ):
        bloom = 1 - 0.55 * np.exp(-time * (260 if ceiling > 6000 else 60))
        wash = 0.55 * bench.cluster(time, list(pitches), floor, ceiling) + 0.45 * bench.band(
            time, floor, ceiling
        )
        sound += level * wash * bench.fall(time, length * part) * bloom
    return sound + (0.2 + 0.5 * bench.hard) * bench.band(time, 3000, 16000, 2) * bench.fall(time, 0.03)


def ride(bench: Bench, length: float, bell: float) -> Wide:
    """A cymbal that is struck on its bow."""
    time = bench.time(length)
    pitches = np.exp(bench.random.uniform(np.log(2200), np.log(15000), 260))
    wash = bench.cluster(time, list(pitches), 3200, 14000) * bench.fall(time, length) * 0.28
    ping = np.zeros_like(time)
    for pitch, level, part in ((783, 0.5, 0.8), (1213, 0.35, 0.7), (2557, 0.8, 0.5), (3391, 0.9, 0.42),
                               (4633, 0.7, 0.35), (6121, 0.5, 0.3), (8237, 0.35, 0.2)):  # fmt: skip
        phase = 2 * np.pi * bench.random.random()
        fall = bench.fall(time, length * part)
        ping += level * np.sin(2 * np.pi * pitch * bench.drift(0.002) * time + phase) * fall
    stick = bench.band(time, 3500, 15000, 2) * bench.fall(time, 0.02)
    return wash + bell * 0.22 * ping + (0.25 + 0.4 * bench.hard) * stick


def shaker(bench: Bench, length: float, low: float) -> Wide:
    """Grains in a vessel."""
    time = bench.time(length * 1.3)
    rise = np.clip(time / (length * (0.34 - 0.12 * bench.hard)), 0, 1) ** 2
    grains = 0.65 + 0.35 * np.abs(bench.band(time, 20, 300, 1))
    return bench.band(time, low, 13500, 2) * rise * bench.fall(time, length) * grains


def cowbell(bench: Bench, low: float, length: float) -> Wide:
    """Two squares through a band."""
    time = bench.time(length * 1.1)
    tone = bench.cluster(time, bench.squares(low * bench.drift(0.003), low * 1.482), 450, 5200)
    edge = 0.55 * bench.fall(time, length) + 0.45 * bench.fall(time, 0.06)
    return tone * edge + 0.4 * bench.hard * bench.band(time, 3000, 12000, 2) * bench.fall(time, 0.008)


def claves(bench: Bench, low: float, length: float) -> Wide:
    """Two sticks of hard wood."""
    time = bench.time(length * 1.2)
    tone = np.sin(2 * np.pi * low * bench.drift(0.002) * time) * bench.fall(time, length)
    return tone + 0.25 * bench.hard * bench.band(time, 3500, 14000, 2) * bench.fall(time, 0.006)


def tambourine(bench: Bench, length: float) -> Wide:
    """Jingles on a frame."""
    time = bench.time(length * 1.1)
    pitches = np.exp(bench.random.uniform(np.log(5000), np.log(16000), 60))
    jingle = bench.cluster(time, list(pitches), 5200, 16500) + 0.5 * bench.band(time, 7000, 16000, 2)
    edge = bench.fall(time, length) + 0.6 * bench.fall(time, 0.04)
    return jingle * edge + 0.15 * bench.hard * bench.sweep(time, 320, (200, 0.03)) * bench.fall(time, 0.08)


def conga(bench: Bench, low: float, length: float) -> Wide:
    """A long drum under a hand."""
    time = bench.time(length * 1.1)
    body = bench.sweep(time, low * bench.drift(0.003), (low * 0.18 * (0.4 + bench.hard), 0.05))
    body *= bench.fall(time, length)
    body += 0.4 * np.sin(2 * np.pi * low * 1.53 * time) * bench.fall(time, length * 0.3)
    slap = bench.band(time, 900, 7000, 2) * bench.fall(time, 0.03)
    return body + (0.1 + 0.3 * bench.hard) * 0.5 * slap


Maker = Callable[[Bench], Wide]
Drums = dict[str, tuple[float, tuple[Maker, ...]]]
"""Of each drum the peak of its hardest layer, which balances the kit against itself, and its variants."""


def finish(sound: Wide, peak: float, rate: int) -> Audio:
    """Centre it, fade out its last 8 ms, and bring its peak to `peak`."""
    tail = min(len(sound) // 4, int(0.008 * rate))
    sound = sound.copy()
    sound[-tail:] *= np.cos(np.linspace(0, np.pi / 2, tail)) ** 2
    # A third of a millisecond to rise: no click where the noise does not begin at zero, and still sharp.
    rise = max(2, rate // 3000)
    sound[:rise] *= np.sin(np.linspace(0, np.pi / 2, rise)) ** 2
    return (sound * (peak / np.max(np.abs(sound)))).astype(np.float32)
