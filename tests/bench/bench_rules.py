"""How long a bar by rules takes, and whether an independent checker finds fault with a thousand of them.

Usage: python tests/bench/bench_rules.py [--bars N] [--seed N] [FILE …]

FILE is a rule file of examples/rules, all of them unless given. Times are processor time of composing one
bar after those before it. The exit code is 1 when a file misses its budget for 99 of 100 bars (50 ms), when
a hard rule was left out or broken, or when the checker of tests/patterns finds a fault.
"""

from __future__ import annotations

import argparse
import gc
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from patterns.rules.barwise import Written, bar_after, opening
from patterns.rules.composed import key_of
from patterns.rules.declaring import Ruleset
from tests.patterns.rules_checked import CHECKS, written_lines

BUDGET = 0.050  # seconds for a bar, 99 of 100


def measured(rules: Ruleset, bars: int, seed: int) -> tuple[list[float], list[Written], int]:
    """Compose some bars: how long each took, what they are, and how many had a problem."""
    key = key_of(seed)
    past: tuple[Written, ...] = ()
    times: list[float] = []
    made: list[Written] = []
    problems = 0
    gc.collect()
    gc.freeze()
    for bar in range(bars):
        if not bar % rules.phrase:
            past = ()
        begun = time.process_time()
        one = bar_after(rules, past, bar, key) if past else opening(rules, bar, key)
        times.append(time.process_time() - begun)
        problems += bool(one.problems)
        made.append(one.written)
        past = (*past, one.written)[-rules.recall :]
    return sorted(times), made, problems


def main() -> int:
    """Measure each file."""
    parser = argparse.ArgumentParser(description="See the beginning of this file.")
    parser.add_argument("files", nargs="*", default=sorted(CHECKS))
    parser.add_argument("--bars", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    missed = False
    print("rules               bars   median ms   p99 ms   max ms   problems   faults")
    for file in given.files:
        for rules, check in CHECKS[file]():
            times, made, problems = measured(rules, given.bars, given.seed)
            faults = check(written_lines(rules, made), given.bars, given.seed)
            p99 = times[int(0.99 * len(times))]
            row = f"{times[len(times) // 2] * 1e3:12.1f}{p99 * 1e3:9.1f}{times[-1] * 1e3:9.1f}"
            print(f"{rules.name:18}{given.bars:6}{row}{problems:11}{len(faults):9}", flush=True)
            for fault in faults[:5]:
                print(f"    {fault}")
            missed = missed or p99 > BUDGET or bool(faults) or bool(problems)
    return int(missed)


if __name__ == "__main__":
    sys.exit(main())
