"""How pieces sound, in figures: balance, slope, crest factor, loudness, true peak, each beside its range.

Usage: python tests/bench/bench_sound.py [--seconds N] [--figure FILE.svg] [FILE …]

Renders three typed layers (drums, bass and a pad; the same with keys) and the examples with the mix as it is,
or the files that are given. `--figure` draws their thirds of an octave beside the published slope. The exit
code is 1 when the three typed layers leave a range of `tests/plugin_host/mix_measured.py`, which
has the sources.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np

from repl.canvas import Lines
from tests.plugin_host.mix_measured import (
    RANGES,
    SLOPE,
    STATED,
    THIRDS,
    THREE,
    Measured,
    faults,
    heard,
    measured,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from plugin_host.audio import Wide

EXAMPLES = ("first_light", "crooked_mile", "long_memory", "night_ferry")
ROOT = Path(__file__).resolve().parents[2]
WIDTH, HEIGHT, LEFT, TOP, FALL = 720, 330, 46, 16, 44.0
"""Of the figure; FALL is dB from top to bottom."""
COLOURS = ((38, 84, 124), (239, 71, 111), (6, 150, 110), (200, 130, 0), (120, 80, 160), (90, 90, 90))
INK, PALE = (40, 40, 46), (222, 222, 226)


def figure(found: Mapping[str, Measured]) -> bytes:
    """The thirds of an octave of some pieces, and the published slope through the mean of the first."""
    canvas = Lines(WIDTH, HEIGHT, (255, 255, 255))
    wide, high = WIDTH - LEFT - 12, HEIGHT - TOP - 30

    def place(number: float, decibels: float) -> tuple[float, float]:
        return LEFT + wide * number / (len(THIRDS) - 1), TOP + high * min(max(-decibels / FALL, 0), 1)

    for level in range(0, int(FALL) + 1, 10):
        y = place(0, -level)[1]
        canvas.line([(LEFT, y), (LEFT + wide, y)], PALE, 1)
        canvas.text(LEFT - 6, y + 4, f"{-level}", INK, at=1)
    for number in range(0, len(THIRDS), 3):
        x = place(number, 0)[0]
        canvas.line([(x, TOP), (x, TOP + high)], PALE, 1)
        canvas.text(x, TOP + high + 14, f"{THIRDS[number]:.0f}", INK, at=0.5)
    canvas.text(LEFT + wide, HEIGHT - 3, "Hz, thirds of an octave; dB of the whole", INK, at=1)
    first = next(iter(found.values())).thirds
    middle = float((first - SLOPE * _octaves())[STATED].mean())
    stated = [number for number, one in enumerate(STATED) if one]
    line = [place(number, middle + SLOPE * float(_octaves()[number])) for number in stated]
    canvas.line(line, (0, 0, 0), 4)
    canvas.text(
        LEFT + wide, TOP + 12, "thick: 5 dB an octave, 100 to 4000 Hz (Pestana et al. 2013)", INK, at=1
    )
    for number, (name, one) in enumerate(found.items()):
        colour = COLOURS[number % len(COLOURS)]
        canvas.line([place(place_, float(one_)) for place_, one_ in enumerate(one.thirds)], colour)
        canvas.text(LEFT + wide, TOP + 28 + 14 * number, name, colour, at=1)
    return canvas.data()


def _octaves() -> Wide:
    return np.log2(THIRDS)


def main() -> int:
    """Measure everything."""
    parser = argparse.ArgumentParser(description="See the beginning of this file.")
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--figure", type=Path)
    given = parser.parse_args()
    found: dict[str, Measured] = {}
    missed: list[str] = []
    print("piece                   <120 Hz %   >2 kHz %   slope   away   crest    LUFS    peak")
    with TemporaryDirectory() as folder:
        pieces: dict[str, Path] = {one.stem: one for one in given.files}
        if not pieces:
            for name in ("pad", "keys"):
                pieces[f"three layers, {name}"] = path = Path(folder) / f"three_{name}.py"
                path.write_text(THREE.format(name), encoding="utf-8")
            pieces |= {name: ROOT / "examples" / f"{name}.py" for name in EXAMPLES}
        for name, path in pieces.items():
            found[name] = one = measured(*heard(path, given.seconds))
            print(
                f"{name:24s}{one.low:9.1f}{one.high:11.1f}{one.slope:8.1f}{one.away:7.1f}{one.crest:8.1f}"
                f"{one.lufs:8.1f}{one.peak:8.1f}"
            )
            if name.startswith("three layers"):
                missed += [f"{name}: {fault}" for fault in faults(one)]
    print(
        "range                   "
        + "  ".join(f"{name} {low:g}…{high:g}" for name, (low, high) in RANGES.items())
    )
    if given.figure is not None:
        given.figure.write_bytes(figure(found))
        print(given.figure)
    for fault in missed:
        print(f"missed: {fault}")
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
