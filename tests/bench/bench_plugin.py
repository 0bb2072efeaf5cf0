"""What the plugin inside a DAW costs: one call of its `run`, as a share of a core.

Usage: python tests/bench/bench_plugin.py [--minutes N]

A dense plan, 16 notes and 16 controllers in each beat at 120 bpm, played as LV2 at 48 kHz in blocks of 128
frames by the tests' own host, with an engine that plans ahead meanwhile. The last figure has no budget: there
64 MiB of other data are touched before each block, so nothing of ours is left in the processor's caches; it
depends most on the machine, and on who else is there. Needs a compiler and Debian's dpf-source. The exit code
is 1 when a budget is missed.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bridge.bond_memory import Planned
from repl.cli_plugin import DPF, build
from tests.bench.bench_session import missed, report
from tests.daw_plugin.conftest import Watched, watching_host

RATE, BLOCK, BPM = 48_000, 128, 120.0
PLACE = 1e9 * BLOCK / RATE
"""Nanoseconds of a block."""
SHARE = 0.3
"""Percent of a core."""
DENSE = 16
"""Notes in a beat, and as many controllers."""
STRETCH = 375
"""Blocks between two signs of the engine: a second."""
COLD = 64 << 20
"""Bytes that others touch between two blocks: more than the caches hold."""


def plan(watched: Watched, beat: int, generation: int) -> None:
    """Sixteen notes of two beats each: 32 sound at once."""
    notes = [Planned(beat + n / DENSE, 2.0, bytes((0x90, 30 + (n * 7) % 64, 90))) for n in range(DENSE)]
    turns = [Planned(beat + n / DENSE, -1.0, bytes((0xB0, 74, n))) for n in range(DENSE)]
    both = sorted(notes + turns, key=lambda one: one.beat)
    watched.bond.write(beat, generation, both)


def played(watched: Watched, blocks: int, *, dense: bool) -> dict[str, float]:
    """So many blocks; what was counted."""
    watched.counts()
    for number, start in enumerate(range(0, blocks, STRETCH)):
        beat = start * BLOCK * BPM / 60 / RATE
        watched.bond.beat()
        for ahead in range(int(beat), int(beat) + 4):
            if dense:
                plan(watched, ahead, 1 + number // 10)
            else:
                watched.bond.write(ahead, 1, [])
        watched.roll(beat, BPM, start * BLOCK, STRETCH)
    return watched.counts()


def main() -> int:
    """Measure everything."""
    parser = argparse.ArgumentParser(description="See the beginning of this file.")
    parser.add_argument("--minutes", type=float, default=10, help="of music; each takes about a second")
    blocks = int(parser.parse_args().minutes * 60 * RATE / BLOCK)
    if shutil.which("g++") is None or not DPF.is_dir():
        sys.exit("it needs a compiler and DPF: apt-get install g++ make pkg-config dpf-source")
    with TemporaryDirectory(prefix="sb-") as folder:
        os.environ["XDG_RUNTIME_DIR"] = folder
        work = Path(folder)
        watched = Watched(watching_host(work), build(DPF, work) / "Sempre.lv2", work)
        watched.ask("virtual", 1)
        watched.bond.bind(os.getpid(), name="Bass", piece="", seed=0)
        for name, dense in (("an empty plan", False), ("16 notes a beat", True)):
            found = played(watched, blocks, dense=dense)
            note = (
                f"{found['blocks']:.0f} blocks; median {found['median']:.0f} ns, most {found['most']:.0f} ns"
            )
            report(f"run, {name}: mean", 100 * found["mean"] / PLACE, "% core", SHARE, note)
            report(f"run, {name}: p99", found["p99"] / 1000, "us", SHARE / 100 * PLACE / 1000)
        sent = watched.bond.counts()
        report("messages late or missing", sent.late + sent.missing, "", 0, f"{sent.played} played")
        watched.ask("cold", COLD)
        found = played(watched, blocks // 60, dense=True)
        print(
            f"the same with empty caches: mean {100 * found['mean'] / PLACE:.3f} % core, "
            f"median {found['median'] / 1000:.1f} us, p99 {found['p99'] / 1000:.1f} us"
        )
        watched.close()
    return bool(missed)


if __name__ == "__main__":
    sys.exit(main())
