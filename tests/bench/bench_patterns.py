"""How fast five typical patterns answer, in cycles for each second of processor time.

Usage: python tests/bench/bench_patterns.py [SECONDS] [--rounds N] [--peer COMMAND] [--cycles N]

Each pattern is asked in four ways: a whole cycle at a time ("whole"); in 40 windows a cycle cut from the
cycle cache, as the scheduler asks ("windows"); in 40 windows without a cache, as a layer is asked that
follows live input ("live"); and a whole cycle at a time with a known period queried once and then only
moved ("folded", "-" where the period is not known). The best of N rounds of SECONDS each counts. Then
come the parser and the memory that a very long session takes.

--peer, or the environment variable SEMPRE_BENCH_PEER, names a command that measures the same five patterns
in Strudel: called with SECONDS and 1 (one round) it prints a JSON line for each, in our order, with the
numbers `cycles_s` (whole cycles) and `tick40_cycles_s` (40 windows), as cycles for each second of processor
time. It takes turns with ours, round by round, and each ratio stands beside its target. The exit code is
1 when a target or budget is missed.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from patterns.core import Flat, Pattern
from patterns.cycle_cache import CycleCache
from patterns.mini_build import build
from patterns.moving import shift
from patterns.registry import namespace
from patterns.ticks import TICKS

N: dict[str, Any] = dict(namespace())

LINES = {
    "mini": 'mini("bd [sd cp] hh*2 <a b c>")',
    "controls": 's("bd*16").gain("1 .8 .9 .7").lpf(sine.range(200, 4000)).pan(saw).room(.3)'
    ".every(4, fast(2))",
    "deep": 'stack(*[s(f"a{i}({3 + i % 5},8,{i})").n(f"0 <{i} 2> [3 4]").every(3, rev)'
    ".off(1 / 8, lambda p: p.gain(.5)).jux(fast(2)) for i in range(8)])",
    "polymeter": 's("{a b c d e, f g h, i j k l m n o, p [q r] s*2 <t u>}%16").n("{0 1 2, 3 4 5 6 7}%8")',
    "chance": 's("hh*16").degrade_by(.3).sometimes_by(.5, lambda p: p.speed(2)).n(irand(8))'
    ".gain(rand.range(.5, 1)).pan(perlin).shuffle(8)",
}
TARGETS = dict.fromkeys(LINES, (5.0, 8.0)) | {"chance": (2.5, 5.0)}
"""Times as fast as Strudel: whole cycles, windows."""

WINDOWS = 40  # in a cycle: a scheduler that wakes every 50 ms at the usual tempo
LONGEST_PERIOD = 128  # cycles that would be worth keeping
PARSE_BUDGET = 0.5  # seconds for STRINGS
STRINGS = 1000
GROWTH_BLOCKS = 500  # allocated blocks by which 100,000 cycles of a pattern may differ from 10,000 of it
GROWTH_KIB = 1024

Ask = Callable[[int, int], int]
"""Counts the onsets between two times in ticks."""

missed: list[str] = []


def report(name: str, value: float, unit: str, budget: float, note: str = "") -> None:
    """Print one figure beside its budget."""
    ok = value <= budget
    if not ok:
        missed.append(name)
    print(f"{name:44} {value:9.3f} {unit:6} (budget {budget:g}{', MISSED' if not ok else ''}) {note}")


# --- four ways of asking -------------------------------------------------------------------------


def directly(pattern: Pattern) -> Ask:
    """Query what is asked for."""
    return lambda begin, end: sum(hap.has_onset for hap in pattern.answer(begin, end).haps)


def cut(pattern: Pattern) -> Ask:
    """Cut what is asked for from the cycle cache."""
    cache = CycleCache(8)

    def whole(cycle: int) -> Any:
        return pattern.answer(cycle * TICKS, (cycle + 1) * TICKS).haps

    return lambda begin, end: len(cache.onsets(pattern, begin, end, whole) or ())


def folded(pattern: Pattern) -> Ask | None:
    """Query each cycle of a known period once, and move it for all the others."""
    if pattern.period is None or pattern.period.numerator > LONGEST_PERIOD:
        return None
    period = pattern.period.numerator  # a whole number of cycles
    known: dict[int, list[Flat]] = {}

    def ask(begin: int, _end: int) -> int:
        turn, place = divmod(begin // TICKS, period)
        if place not in known:
            known[place] = [*pattern.answer(place * TICKS, (place + 1) * TICKS).haps]
        return sum(hap[0] == hap[2] for hap in shift(known[place], turn * period * TICKS))

    return ask


@dataclass
class Row:
    """The best figures of one pattern so far, in cycles for each second."""

    whole: float = 0.0
    windows: float = 0.0
    live: float = 0.0
    folded: float | None = None
    onsets: float = 0.0
    peer_whole: float = 0.0
    peer_windows: float = 0.0


def measure(ask: Ask, windows: int, seconds: float) -> tuple[float, float]:
    """Ask cycle after cycle: cycles a second, onsets a cycle."""
    onsets = cycle = 0
    start = time.process_time()
    while True:
        for window in range(windows):
            begin = (cycle * windows + window) * TICKS // windows
            end = (cycle * windows + window + 1) * TICKS // windows
            onsets += ask(begin, end)
        cycle += 1
        spent = time.process_time() - start
        if spent > seconds:
            return cycle / spent, onsets / cycle


def take_turn(row: Row, pattern: Pattern, seconds: float) -> None:
    """Measure one pattern in all four ways."""
    whole, row.onsets = measure(directly(pattern), 1, seconds)
    row.whole = max(row.whole, whole)
    row.windows = max(row.windows, measure(cut(pattern), WINDOWS, seconds)[0])
    row.live = max(row.live, measure(directly(pattern), WINDOWS, seconds)[0])
    moved = folded(pattern)
    if moved is not None:
        row.folded = max(row.folded or 0.0, measure(moved, 1, seconds)[0])


def let_peer(rows: dict[str, Row], command: list[str], seconds: float) -> None:
    """Let the peer measure all five once."""
    run = subprocess.run([*command, str(seconds), "1"], capture_output=True, text=True, check=False)
    lines = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
    if run.returncode or len(lines) != len(rows):
        sys.exit(
            f"{shlex.join(command)} printed {len(lines)} of {len(rows)} lines:\n{run.stdout}{run.stderr}"
        )
    for row, line in zip(rows.values(), lines, strict=True):
        row.peer_whole = max(row.peer_whole, line["cycles_s"])
        row.peer_windows = max(row.peer_windows, line["tick40_cycles_s"])


def speed(seconds: float, rounds: int, peer: list[str]) -> None:
    """Measure all five, in turns with the peer if there is one."""
    patterns: dict[str, Pattern] = {name: eval(code, dict(N)) for name, code in LINES.items()}
    rows = {name: Row() for name in LINES}
    for pattern in patterns.values():
        measure(directly(pattern), 1, seconds / 4)
    for _ in range(rounds):
        if peer:
            let_peer(rows, peer, seconds)
        for name, pattern in patterns.items():
            take_turn(rows[name], pattern, seconds)
    print(f"{'cycles/s':10} {'onsets':>7} {'whole':>9} {'windows':>9} {'live':>9} {'folded':>9}")
    for name, row in rows.items():
        print(
            f"{name:10} {row.onsets:7.2f} {row.whole:9.1f} {row.windows:9.1f} {row.live:9.1f} "
            + (f"{row.folded:9.1f}" if row.folded is not None else f"{'-':>9}")
        )
    if not peer:
        return
    print(f"\n{'times as fast':14} {'whole':>7} {'target':>7} {'windows':>9} {'target':>7} {'live':>7}")
    for name, row in rows.items():
        ratios = row.whole / row.peer_whole, row.windows / row.peer_windows
        verdict = [ratio >= target for ratio, target in zip(ratios, TARGETS[name], strict=True)]
        if not all(verdict):
            missed.append(name)
        print(
            f"{name:14} {ratios[0]:7.2f} {TARGETS[name][0]:7g} {ratios[1]:9.2f} {TARGETS[name][1]:7g} "
            f"{row.live / row.peer_windows:7.2f}{'' if all(verdict) else '   MISSED'}"
        )


# --- the parser, and memory ----------------------------------------------------------------------

SHAPES = [
    "bd{0} [sd cp]*2 hh*{1} <a b{0} c>",
    "<c{0} eb{1}>*2 [g b(3,8,{1})] ~",
    "{{a{0} b c, d e f{1}}}%{1} x y z",
    "bd:{1} ~ [sd{0} [hh hh]]? cp@3",
    "a{0}!2 [b|c|d]*{1} <e f>/{1} g h",
    "note{0} {1} .. 7 [a,b c] d*1.5",
]


def parsing() -> None:
    """Build patterns from distinct strings; none has been read before."""
    fastest = float("inf")
    length = 0.0
    for turn in range(3):
        texts = [SHAPES[i % len(SHAPES)].format(turn * STRINGS + i, 2 + i % 7) for i in range(STRINGS)]
        assert len(set(texts)) == STRINGS
        length = sum(map(len, texts)) / STRINGS
        start = time.process_time()
        for text in texts:
            build(text)
        fastest = min(fastest, time.process_time() - start)
    report(f"{STRINGS} strings of {length:.0f} characters", fastest, "s", PARSE_BUDGET, "building included")


def growth(pattern: Pattern, cycles: int) -> tuple[int, int]:
    """Play many cycles through a cycle cache: blocks and KiB of memory gained after the first tenth."""
    ask = cut(pattern)
    before = (0, 0)
    for cycle in range(cycles):
        ask(cycle * TICKS, (cycle + 1) * TICKS)
        if cycle == cycles // 10:
            gc.collect()
            before = sys.getallocatedblocks(), peak()
    gc.collect()
    return sys.getallocatedblocks() - before[0], peak() - before[1]


def peak() -> int:
    """Largest resident size so far, in KiB."""
    largest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return largest // 1024 if sys.platform == "darwin" else largest


def main() -> int:
    """Measure what was asked for; 1 if a target or a budget was missed."""
    parser = argparse.ArgumentParser(description="How fast patterns answer.")
    parser.add_argument("seconds", nargs="?", type=float, default=0.6, help="length of one measurement (0.6)")
    parser.add_argument("--rounds", type=int, default=5, help="measurements of which the best counts (5)")
    parser.add_argument("--peer", default=os.environ.get("SEMPRE_BENCH_PEER", ""), help="Strudel's command")
    parser.add_argument("--cycles", type=int, default=100_000, help="length of the long session (100,000)")
    options = parser.parse_args()
    speed(options.seconds, options.rounds, shlex.split(options.peer))
    print()
    parsing()
    blocks, kib = growth(eval(LINES["deep"], dict(N)), options.cycles)
    report(f"growth in {options.cycles:,} cycles of deep", blocks, "blocks", GROWTH_BLOCKS)
    report("its growth of the largest resident size", kib, "KiB", GROWTH_KIB)
    if missed:
        print(f"missed: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
