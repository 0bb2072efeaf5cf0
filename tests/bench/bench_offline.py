"""How fast plugins are rendered: three minutes of eight VST3 instruments with effects, beside DawDreamer.

Run as `python tests/bench/bench_offline.py [--seconds N] [--rounds N]`. It builds a synthesiser of its own,
and needs a compiler and DPF for that (apt-get install dpf-source g++ make pkg-config).
`SEMPRE_BENCH_DAWDREAMER`
names a Python that has dawdreamer; both then render the same notes by the same plugin, each of its eight
instances followed by a low-pass, a compressor and a reverb, in turn. The exit code is 1 when DawDreamer is
faster.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bridge.event import TimedEvent
from plugin_host.offline import render
from plugin_host.plugin_link import PluginSetup
from plugin_host.specs import fx, vst3

RATE, BLOCK, LAYERS = 48_000, 256, 8
SOURCE = Path(__file__).parents[1] / "vst3" / "saws"
DPF = Path("/usr/share/dpf")

PEER = """
import json, sys, time
import dawdreamer
begun = time.perf_counter()
job = json.loads(sys.stdin.read())
engine = dawdreamer.RenderEngine(job["rate"], job["block"])
graph, ends = [], []
for number, notes in enumerate(job["notes"]):
    synth = engine.make_plugin_processor(f"synth{number}", job["path"])
    for key, velocity, at, lasts in notes:
        synth.add_midi_note(key, velocity, at, lasts)
    # What its constructor is given it ignores.
    reverb = engine.make_reverb_processor(f"reverb{number}")
    reverb.room_size = reverb.damping = 0.5
    reverb.wet_level, reverb.dry_level, reverb.width = 0.2, 0.8, 1.0
    chain = [
        synth,
        engine.make_filter_processor(f"filter{number}", "low", 4000.0, 0.707),
        engine.make_compressor_processor(f"compressor{number}", -20.0, 2.0, 10.0, 100.0),
        reverb,
    ]
    for place, one in enumerate(chain):
        graph.append((one, [chain[place - 1].get_name()] if place else []))
    ends.append(chain[-1].get_name())
graph.append((engine.make_add_processor("sum", [1.0] * len(ends)), ends))
engine.load_graph(graph)
loaded = time.perf_counter()
engine.render(job["seconds"])
done = time.perf_counter()
audio = engine.get_audio()
rms = float((audio**2).mean() ** 0.5)
print(json.dumps({"load": loaded - begun, "render": done - loaded, "rms": rms, "frames": audio.shape[1]}))
"""


def score(seconds: float) -> list[list[tuple[int, int, float, float]]]:
    """For each layer its notes: key, velocity, begin and length in seconds; two chords of four a second."""
    steps = range(int((seconds - 1) * 2))
    return [
        [
            (36 + 4 * layer + degree + step % 5, 80, step / 2 + layer / 97, 0.4)
            for step in steps
            for degree in (0, 3, 7, 10)
        ]
        for layer in range(LAYERS)
    ]


def built(folder: Path, source: Path = SOURCE, *more: str) -> Path:
    """The folder of a plugin, of the synthesiser unless another is asked for; it is compiled first."""
    lack = [name for name in ("g++", "make", "pkg-config") if shutil.which(name) is None]
    if lack or not DPF.is_dir():
        sys.exit("it needs a compiler and DPF: apt-get install dpf-source g++ make pkg-config")
    target = folder / "vst3"
    paths = {"PATH": DPF, "TARGET_DIR": target, "BUILD_DIR": folder / "build"}
    words = ["HAVE_OPENGL=false", *more, *(f"DPF_{name}={path}" for name, path in paths.items())]
    subprocess.run(["make", "-s", "vst3", *words], cwd=source, check=True, capture_output=True)
    return target


def ours(folder: Path, seconds: float) -> tuple[float, float]:
    """Render by our own host, loading and all; gives the seconds that it took, and how loud it is."""
    chain = (
        vst3("Sempre Saws")
        | fx.lowpass(4000)
        | fx.compressor(threshold_db=-20, ratio=2, attack_ms=10, release_ms=100)
        | fx.reverb(room_size=0.5, damping=0.5, wet_level=0.2, dry_level=0.8)
    )
    events = [
        TimedEvent(
            at, lasts, {"note": key, "velocity": velocity / 127}, f"layer{layer}", 10_000 * layer + number
        )
        for layer, notes in enumerate(score(seconds))
        for number, (key, velocity, at, lasts) in enumerate(notes)
    ]
    problems: list[str] = []
    begun = time.perf_counter()
    audio = render(
        events,
        {f"layer{layer}": chain for layer in range(LAYERS)},
        seconds,
        RATE,
        BLOCK,
        master=False,
        plugins=PluginSetup((folder,)),
        problems=problems,
    )
    taken = time.perf_counter() - begun
    if problems:
        sys.exit("\n".join(problems))
    return taken, float(np.sqrt(np.mean(audio**2)))


def theirs(python: str, folder: Path, seconds: float) -> tuple[float, float]:
    """The same by DawDreamer."""
    path = str(next(folder.glob("*.vst3")))
    job = {"rate": RATE, "block": BLOCK, "path": path, "seconds": seconds, "notes": score(seconds)}
    command = [python, "-c", PEER]
    done = subprocess.run(command, input=json.dumps(job), capture_output=True, text=True, check=True)
    told = json.loads(done.stdout.splitlines()[-1])
    return told["load"] + told["render"], told["rms"]


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=float, default=180.0)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    peer = os.environ.get("SEMPRE_BENCH_DAWDREAMER")
    with tempfile.TemporaryDirectory() as work:
        folder = built(Path(work))
        own: list[tuple[float, float]] = []
        other: list[tuple[float, float]] = []
        for _ in range(asked.rounds):
            own.append(ours(folder, asked.seconds))
            if peer:
                other.append(theirs(peer, folder, asked.seconds))
    mine = told("Sempre", asked.seconds, own)
    if other:
        peers = told("DawDreamer", asked.seconds, other)
        print(f"Sempre is {peers / mine:.2f} times as fast")
        sys.exit(peers < mine)


def told(name: str, seconds: float, rounds: list[tuple[float, float]]) -> float:
    """Print a line; gives the median of the seconds that it took."""
    taken = statistics.median(one for one, _ in rounds)
    print(f"{name:12s}{taken:6.2f} s: {seconds / taken:5.1f} times real time, rms {rounds[0][1]:.4f}")
    return taken


if __name__ == "__main__":
    main()
