"""How fast five typical patterns answer: haps and cycles for each second of processor time.

`python tests/bench/bench_patterns.py 0.6` prints a JSON line for each, best of five runs, once asked a
whole cycle at a time and once in 40 windows a cycle, as a scheduler without a cache would.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from typing import Any

from patterns.core import Pattern
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


def measure(pattern: Pattern, windows: int, seconds: float) -> tuple[float, float, float]:
    """Query cycle after cycle: onsets a second, cycles a second, onsets a cycle."""
    onsets = cycle = 0
    start = time.process_time()
    while True:
        for window in range(windows):
            begin = (cycle * windows + window) * TICKS // windows
            end = (cycle * windows + window + 1) * TICKS // windows
            onsets += sum(hap.has_onset for hap in pattern.answer(begin, end).haps)
        cycle += 1
        spent = time.process_time() - start
        if spent > seconds:
            return onsets / spent, cycle / spent, onsets / cycle


def main(seconds: float, say: Callable[[str], object]) -> None:
    """Measure all five."""
    for name, code in LINES.items():
        pattern: Pattern = eval(code, dict(N))
        measure(pattern, 1, seconds / 4)
        whole = max(measure(pattern, 1, seconds) for _ in range(5))
        sliced = max(measure(pattern, 40, seconds) for _ in range(5))
        row = {
            "pattern": name,
            "onsets_per_cycle": round(whole[2], 2),
            "haps_s": round(whole[0]),
            "cycles_s": round(whole[1], 1),
            "sliced_cycles_s": round(sliced[1], 1),
        }
        say(json.dumps(row) + "\n")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 0.6, sys.stdout.write)
