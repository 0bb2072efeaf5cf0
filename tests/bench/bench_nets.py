"""What a net is worth and how long it takes: losses, equal samples, the rule, and the time of a cycle.

Usage: python tests/bench/bench_nets.py [MODEL] [--corpus CORPUS] [--frames N]

MODEL is a file that `sempre train … --net` wrote. Without one a net is taken that has learnt nothing, as
large as those that are trained, beside the counts of the model that comes along: it reckons as much, and its
music is none. CORPUS is what MODEL was trained on, a folder of MIDI files, `music21:bach` or the file in
which a training keeps what it has read (`….model.part`): with it the pieces are measured that were held back.

The exit code is 1 when not 99 of 100 sixteenths take less than a quarter of one at 200 beats a minute (18.75
ms of the processor) while a piece is rendered, when one has a parallel with the rule, when the libraries that
are there do not draw the same as numpy, or when the net loses less than 0.08 nats less than the counts.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from patterns.dice import Dice
from patterns.memory import Memory
from patterns.models.artifact import Learnt, read_learnt
from patterns.models.chorales import Frames
from patterns.models.composing import Rule, Tokens, compose, no_parallels
from patterns.models.nets import Net, Reckoner, Shape
from patterns.models.netted import NettedFrames
from patterns.models.playing import Improviser
from patterns.ticks import TICKS
from repl.model_files import OURS, SHARE
from repl.net_numpy import NumpyReckoner
from repl.net_onnx import OnnxReckoner, write_onnx
from repl.train import FEWEST_NOTES, fitted, material
from repl.train_midi import Heard, hear_midi, midi_files
from repl.train_music21 import PREFIX, hear_score, score_files
from repl.train_net import Guess, guesses, loss
from tests.repl.parallels import parallels
from tests.repl.test_nets import numbers_of

BUDGET = 60 / 200 / 4 / 4
MAJOR = frozenset((0, 2, 4, 5, 7, 9, 11))
BETTER = 0.08
"""Nats a voice and sixteenth by which a net must be better than the counts."""
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


def learnt_of(path: Path | None) -> Learnt:
    """The model of a file, or the one that comes along with a net that has learnt nothing."""
    if path is not None:
        return read_learnt(path.read_bytes(), path.name, NumpyReckoner)
    print("no model was named: a net that has learnt nothing plays beside the model that comes along")
    ours = OURS / "chorale.model"
    net = replace(numbers_of(USUAL), share=SHARE)
    return read_learnt(ours.read_bytes(), ours.name).with_net(net, NumpyReckoner(net))


def heard_in(corpus: str) -> list[Heard]:
    """The pieces of a corpus, in the order in which they were learnt."""
    if corpus.startswith(PREFIX):
        found = [hear_score(path, path.name) for path in score_files(corpus.removeprefix(PREFIX))]
    elif Path(corpus).is_dir():
        folder = Path(corpus)
        found = [hear_midi(path, path.relative_to(folder).as_posix()) for path in midi_files(folder)]
    else:
        found = [Heard.from_json(json.loads(line)) for line in Path(corpus).read_text().splitlines()]
    return [one for one in found if sum(map(len, one.lines)) >= FEWEST_NOTES]


def held_back(learnt: Learnt, net: Net, corpus: str) -> bool:
    """Measure the pieces that no part of the model has learnt; says whether the net is as good as it must be.

    What is counted in the file has learnt them in the end, so it is counted anew without them.
    """
    heard = heard_in(corpus)
    tops, many, split = material(heard, net.shape.voices, learnt.card.seed)
    scores = tops if net.shape.voices == 1 else many
    tried = fitted(learnt.card, tops, many, split.train, net.shape.voices)
    alone = NettedFrames(tried.frames or tried.line, NumpyReckoner(net), 1.0)
    good = True
    for name, numbers in (("to try", split.valid), ("for the test", split.test)):
        pieces = [score for number in numbers if (score := scores[number]) is not None]
        found = guesses(alone, pieces)
        counts, by_net, mixed = three(found, net.share)
        changes = three([guess for guess in found if guess.new], net.share)
        print(
            f"{len(pieces)} pieces {name}, nats a voice and frame: counts {counts:.3f}, net {by_net:.3f}, "
            f"both {mixed:.3f}; where a note is new {changes[0]:.2f}, {changes[1]:.2f}, {changes[2]:.2f}",
            flush=True,
        )
        good &= by_net <= counts - BETTER
    said = {key: value for key, value in learnt.card.figures.items() if key.startswith("nll")}
    print(
        f"  the card says {said}; budget: the net {BETTER} below the counts: {'kept' if good else 'missed'}"
    )
    return good


def three(found: list[Guess], share: float) -> tuple[float, float, float]:
    """What is lost by counts, by the net, and by both."""
    return loss(found, 0.0), loss(found, 1.0), loss(found, share)


def the_same(counts: Frames, net: Net) -> bool:
    """Draw by all libraries that are there; says whether they give the same, and how long they take."""
    makers: dict[str, Callable[[], Reckoner]] = {"numpy": lambda: NumpyReckoner(net)}
    if importlib.util.find_spec("onnx") and importlib.util.find_spec("onnxruntime"):
        makers["onnxruntime"] = lambda: by_onnx(net)
    if importlib.util.find_spec("torch"):
        from repl.net_torch import TorchReckoner

        makers["torch"] = lambda: TorchReckoner(net)
    drawn: dict[str, list[list[Tokens]]] = {}
    for name, make in makers.items():
        model, begun = NettedFrames(counts, make(), net.share), time.thread_time()
        drawn[name] = [
            compose(model, model.start(bool(seed % 2)), 64, Dice(seed, 1), begins=False)[0]
            for seed in range(4)
        ]
        print(f"4 times 64 sixteenths by {name}: {1000 * (time.thread_time() - begun) / 256:.1f} ms each")
    same = all(one == drawn["numpy"] for one in drawn.values())
    absent = ", ".join(name for name in ("onnxruntime", "torch") if name not in drawn)
    print(f"  {'all the same' if same else 'NOT the same'}{absent and f'; not here: {absent}'}", flush=True)
    return same


def by_onnx(net: Net) -> Reckoner:
    """The net, written as ONNX and read again."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "net.onnx"
        path.write_bytes(write_onnx(net))
        return OnnxReckoner(path)


def cycles(learnt: Learnt) -> None:
    """Print how long a cycle of `continue_` takes, the look for copies in it, and how it keeps the key."""
    times: list[float] = []
    outside: list[bool] = []
    for seed in range(6):
        pattern, memory = Improviser(learnt, "net").continue_(key="C"), Memory()
        for cycle in range(8):
            begun = time.thread_time()
            found = pattern.answer(cycle * TICKS, (cycle + 1) * TICKS, seed=seed, memory=memory)
            times.append(1000 * (time.thread_time() - begun))
            outside += [hap.value["note"] % 12 not in MAJOR for hap in found.haps]
    print(
        f"a cycle of continue_: median {statistics.median(times):.0f} ms, longest {max(times):.0f} ms;",
        end=" ",
    )
    print(f"{100 * sum(outside) / len(outside):.1f} % of {len(outside)} notes outside the key", flush=True)


def rendering(model: NettedFrames, options: argparse.Namespace) -> bool:
    """Compose while something is rendered; says whether it is in time and without parallels."""
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
    return good


def main() -> int:
    """Measure a model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("model", nargs="?", type=Path)
    parser.add_argument("--corpus")
    parser.add_argument("--frames", type=int, default=10_000)
    options = parser.parse_args()
    learnt = learnt_of(options.model)
    model, net = learnt.frames, learnt.net
    if not isinstance(model, NettedFrames) or net is None:
        print(f"{options.model} has no net")
        return 1
    good = options.corpus is None or held_back(learnt, net, options.corpus)
    if options.corpus is None:
        print("no corpus was named: what is lost of pieces that were held back is not measured")
    good &= the_same(model.counts, net)
    cycles(learnt)
    good &= rendering(model, options)
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
