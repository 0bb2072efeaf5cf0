"""How long a net takes for a sixteenth while something is rendered beside it, and whether the rule holds.

Usage: python tests/bench/bench_nets.py [MODEL] [--frames N]

MODEL is a file that `sempre train … --net` wrote. Without one a net is taken that has learnt nothing, as
large as those that are trained, beside the counts of the model that comes along: it reckons as much, and its
music is none. The exit code is 1 when not 99 of 100 sixteenths take less than a quarter of one at 200 beats a
minute (18.75 ms of the processor), or when one has a parallel with the rule.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from patterns.dice import Dice
from patterns.models.artifact import read_learnt
from patterns.models.chorales import Frames
from patterns.models.composing import Rule, Tokens, compose, no_parallels
from patterns.models.nets import Shape
from patterns.models.netted import NettedFrames
from repl.model_files import OURS, SHARE
from repl.net_numpy import NumpyReckoner
from tests.repl.parallels import parallels
from tests.repl.test_nets import numbers_of

BUDGET = 60 / 200 / 4 / 4
PHRASE = 256  # frames after which another piece begins
USUAL = Shape(4, 40, 81, 256, 192)
"""As a course of `sempre train --net` makes them."""
PIECE = 'drums = play(s("bd*4, ~ cp, hh*8"))\nkeys = play(note("<[c3,e3,g3] [f3,a3,c4]>*2"))\n'


def made(
    model: Frames, frames: int, rules: tuple[Rule, ...]
) -> tuple[list[float], list[float], list[list[Tokens]]]:
    """Make pieces: how long each frame took of the clock and of the processor, and what they are."""
    clock: list[float] = []
    processor: list[float] = []
    pieces: list[list[Tokens]] = []
    for seed in range(-(-frames // PHRASE)):
        state, dice, piece = model.start(bool(seed % 2)), Dice(seed, 1), list[Tokens]()
        for _ in range(min(PHRASE, frames - seed * PHRASE)):
            begun = time.perf_counter(), time.thread_time()
            tokens, state = compose(model, state, 1, dice, rules=rules, begins=False)
            clock.append(time.perf_counter() - begun[0])
            processor.append(time.thread_time() - begun[1])
            piece += tokens
        pieces.append(piece)
    return sorted(clock), sorted(processor), pieces


def netted(path: Path | None) -> Frames | None:
    """The model of a file, or the one that comes along with a net that has learnt nothing."""
    if path is not None:
        return read_learnt(path.read_bytes(), path.name, NumpyReckoner).frames
    print("no model was named: a net that has learnt nothing plays beside the model that comes along")
    ours = OURS / "chorale.model"
    net = replace(numbers_of(USUAL), share=SHARE)
    return read_learnt(ours.read_bytes(), ours.name).with_net(net, NumpyReckoner(net)).frames


def main() -> int:
    """Measure a model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model", nargs="?", type=Path)
    parser.add_argument("--frames", type=int, default=10_000)
    options = parser.parse_args()
    model = netted(options.model)
    if not isinstance(model, NettedFrames):
        print(f"{options.model} has no net")
        return 1
    good = True
    with tempfile.TemporaryDirectory() as folder:
        piece = Path(folder) / "piece.py"
        piece.write_text(PIECE)
        words = ["render", str(piece), "--seconds", "3600", "-o", str(Path(folder) / "out.wav")]
        code = f"import sys; from repl.cli import main; raise SystemExit(main({words!r}))"
        render = subprocess.Popen(
            [sys.executable, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            for name, rules in (("without a rule", ()), ("with the rule", (no_parallels,))):
                frames = options.frames if rules else options.frames // 5
                clock, processor, pieces = made(model, frames, rules)
                found = sum(map(parallels, pieces))
                places = (len(clock) // 2, len(clock) * 99 // 100, -1)
                shown = [", ".join(f"{1000 * one[at]:.2f}" for at in places) for one in (clock, processor)]
                print(f"{name}: {frames} sixteenths, {found} parallels; median, p99, longest in ms:")
                print(f"  by the clock {shown[0]}; of the processor {shown[1]}", flush=True)
                good &= processor[places[1]] < BUDGET and not (rules and found)
            print("the render went on meanwhile" if render.poll() is None else "the render ended before")
        finally:
            render.kill()
            render.wait()
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
