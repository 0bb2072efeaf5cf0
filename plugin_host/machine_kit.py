"""The drum kit of a machine: sines that fall, squares through filters, noise, as circuits made them."""

from typing import Final

import numpy as np

from plugin_host.audio import Wide
from plugin_host.drum_making import Bench, Drums, clap, cowbell, kick

__all__ = ["MACHINE"]

METAL: Final = (205.0, 304.0, 370.0, 523.0, 540.0, 800.0)
"""Hz of the six squares whose mixture such a machine takes for metal."""


def _drum(bench: Bench, low: float, length: float, bend: float, noise: float) -> Wide:
    """A tom or a conga: a sine that falls a little, and as circuits do drifts with their warmth."""
    time = bench.time(length * 1.1)
    low *= bench.drift(0.003)
    sound = bench.sweep(time, low, (low * bend * (0.6 + 0.4 * bench.hard), 0.07)) * bench.fall(time, length)
    return sound + noise * bench.band(time, 300, 2500, 1) * bench.fall(time, length * 0.4)


def _snare(bench: Bench, low: float, snappy: float, length: float) -> Wide:
    time = bench.time(length * 1.3 + 0.03)
    tone = np.sin(2 * np.pi * low * time) * bench.fall(time, length * 0.6)
    tone += 0.6 * np.sin(2 * np.pi * low * 1.85 * time) * bench.fall(time, length * 0.42)
    wires = bench.band(time, 1400, 11_000, 1) * bench.fall(time, length * (0.8 + 0.3 * bench.hard))
    return 0.6 * tone + snappy * (0.38 + 0.2 * bench.hard) * wires


def _metal(bench: Bench, length: float, low: float, high: float) -> Wide:
    """Squares through a band: a hat, closed or open, or a cymbal."""
    time = bench.time(length * 1.15 + 0.01)
    sound = bench.cluster(time, bench.squares(*METAL), low * (1.1 - 0.2 * bench.hard), high)
    return sound * (0.8 * bench.fall(time, length) + 0.2 * bench.fall(time, length * 0.2))


def _cymbal(bench: Bench, length: float) -> Wide:
    low, high = _metal(bench, length, 2600, 6500), _metal(bench, length * 0.8, 6500, 15_000)
    out = 0.7 * low
    out[: len(high)] += 0.6 * high[: len(low)]
    return out


def _tone(bench: Bench, pitches: tuple[float, ...], length: float) -> Wide:
    """Sticks and rims: short sines."""
    time = bench.time(length * 1.2 + 0.005)
    sound = np.zeros_like(time)
    for pitch in pitches:
        sound += np.sin(2 * np.pi * pitch * bench.drift(0.003) * time)
    return sound * bench.fall(time, length)


def _grains(bench: Bench, length: float, low: float, *, rise: float) -> Wide:
    time = bench.time(length * 1.3)
    return bench.band(time, low, 14_000, 2) * np.clip(time / rise, 0, 1) * bench.fall(time, length)


MACHINE: Final[Drums] = {
    "bd": (0.86, (
        lambda b: kick(b, 50, 70, 0.46, 0.55, 0.7),
        lambda b: kick(b, 43, 30, 1.6, 0.15, 0.25),
        lambda b: kick(b, 54, 170, 0.34, 0.9, 1.1),
        lambda b: kick(b, 47, 260, 0.6, 0.6, 4.0),
    )),
    "sd": (0.76, (
        lambda b: _snare(b, 176, 1.0, 0.2),
        lambda b: _snare(b, 190, 1.7, 0.14),
        lambda b: _snare(b, 238, 0.7, 0.26),
    )),
    "rs": (0.46, (lambda b: _tone(b, (455, 1667), 0.025), lambda b: _tone(b, (820, 2210), 0.02))),
    "cp": (0.68, (lambda b: clap(b, 1020, 0.26, 4), lambda b: clap(b, 1300, 0.1, 4))),
    "hh": (0.48, (
        lambda b: _metal(b, 0.055, 7600, 15_500),
        lambda b: _metal(b, 0.032, 8600, 16_500),
        lambda b: _metal(b, 0.1, 6600, 14_500),
    )),
    "oh": (0.48, (lambda b: _metal(b, 0.42, 7000, 15_000), lambda b: _metal(b, 0.9, 6000, 15_000))),
    "lt": (0.7, (lambda b: _drum(b, 82, 0.5, 0.35, 0.02),)),
    "mt": (0.66, (lambda b: _drum(b, 124, 0.42, 0.35, 0.02),)),
    "ht": (0.62, (lambda b: _drum(b, 168, 0.36, 0.35, 0.02),)),
    "cr": (0.56, (lambda b: _cymbal(b, 1.9),)),
    "rd": (0.42, (lambda b: _cymbal(b, 0.8), lambda b: _metal(b, 0.7, 4200, 9000))),
    "sh": (0.44, (lambda b: _grains(b, 0.05, 5600, rise=0.012), lambda b: _grains(b, 0.12, 4600, rise=0.04))),
    "cb": (0.42, (lambda b: cowbell(b, 540, 0.26),)),
    "cl": (0.42, (lambda b: _tone(b, (2500,), 0.035),)),
    "tb": (0.44, (lambda b: _metal(b, 0.16, 8600, 16_500),)),
    "cg": (0.5, (lambda b: _drum(b, 214, 0.24, 0.06, 0.0), lambda b: _drum(b, 310, 0.18, 0.06, 0.0))),
}  # fmt: skip
