"""What a mix measures: its balance, how far its peaks stand out, how loud it is. Used by a test and a bench.

Sources: P. D. Pestana, Z. Ma, J. D. Reiss, A. Barbosa and D. A. A. Black, "Spectral Characteristics of
Popular Commercial Recordings 1950-2010", AES convention paper 8960, 2013, page 5: the mean spectrum falls by
about 5 dB an octave between 100 and 4000 Hz, and more and more above. In bands that grow with their frequency
that is 2 dB an octave. Music has crest factors of 10 to 20 dB, typically: "The Crest Factor in Mastering",
prosoundweb.com. Streaming plays at -14 LUFS, and most masters have -10 to -6: "Target loudness for streaming
services", studios301.com.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np

from plugin_host.audio import Audio, Wide
from plugin_host.effects import read_sound
from plugin_host.loudness import loudness_of
from repl.render import render_files

THREE = """\
tempo(112)
drums = play(s("bd*4, [~ cp]*2, [~ hh]*4"))
low = play(note("c2 [~ c2] eb2 [g1 bb1]"), on=instrument("bass"))
chords = play(note("<[c4,eb4,g4,bb4] [ab3,c4,eb4,g4]>"), on=instrument("{}"))
"""
"""Three layers as somebody types them, with the mix as it is; the last one on an instrument to be named."""
SLOPE = -2.0
"""dB an octave, of thirds of an octave between 100 and 4000 Hz."""
THIRDS: Wide = 1000 * 2.0 ** (np.arange(-15, 13) / 3)
"""The middles of thirds of an octave, 31 Hz to 16 kHz."""
STATED: "np.ndarray[tuple[int], np.dtype[np.bool_]]" = (THIRDS > 99) & (THIRDS < 4100)
"""Those of which the source says something."""


class Measured(NamedTuple):
    """What a mix measures.

    Attributes:
        low: Percent of its energy below 120 Hz.
        high: Percent of its energy above 2 kHz.
        slope: dB an octave between 100 and 4000 Hz, in thirds of an octave, fitted.
        away: dB by which its thirds lie away from a line of `SLOPE` there, root mean square.
        crest: dB from its level to its true peak.
        lufs: Its loudness.
        peak: Its true peak, in dB.
        thirds: dB of each third of an octave, of the whole.
    """

    low: float
    high: float
    slope: float
    away: float
    crest: float
    lufs: float
    peak: float
    thirds: Wide


RANGES = {
    "low": (15.0, 60.0),
    "slope": (-4.0, -0.5),
    "crest": (10.0, 20.0),
    "lufs": (-18.0, -9.0),
    "peak": (-9.0, -1.0),
}
"""Within which a mix is neither dark nor thin, neither soft nor crushed; as published is only the crest."""


def measured(sound: Audio, rate: int) -> Measured:
    """Measure a sound: shape (channels, frames)."""
    power: Wide = np.square(np.abs(np.fft.rfft(sound.astype(np.float64), axis=1))).sum(axis=0)
    pitch = np.fft.rfftfreq(sound.shape[1], 1 / rate)
    edges = np.searchsorted(pitch, np.append(THIRDS * 2 ** (-1 / 6), THIRDS[-1] * 2 ** (1 / 6)))
    sums: Wide = np.add.reduceat(power, edges)[:-1]
    thirds: Wide = 10 * np.log10(sums / power.sum() + 1e-12)
    octaves = np.log2(THIRDS[STATED])
    slope = float(np.polyfit(octaves, thirds[STATED], 1)[0])
    away: Wide = thirds[STATED] - SLOPE * octaves
    loud = loudness_of(sound, rate)
    level = float(10 * np.log10(np.mean(np.square(sound.astype(np.float64)))))
    return Measured(
        100 * float(power[pitch < 120].sum() / power.sum()),
        100 * float(power[pitch >= 2000].sum() / power.sum()),
        slope,
        float(np.std(away)),
        loud.peak - level,
        loud.lufs,
        loud.peak,
        thirds,
    )


def heard(piece: Path, seconds: float) -> tuple[Audio, int]:
    """What the beginning of a piece sounds like, as it is rendered: samples, and frames a second."""
    with TemporaryDirectory() as folder:
        out = Path(folder) / "mix.wav"
        render_files([piece], seconds, out)
        return read_sound(out)


def faults(found: Measured) -> list[str]:
    """What lies outside its range."""
    return [
        f"{name} {value:.1f}, not {low:g} to {high:g}"
        for name, (low, high) in RANGES.items()
        if not low <= (value := float(getattr(found, name))) <= high
    ]
