"""The other rule files: each judged by a checker of its own, that sees only what sounds."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.patterns.rules_checked import (
    CHECKS,
    Line,
    counterpoint_faults,
    lines,
    process_faults,
    walking_faults,
)

BARS = {"counterpoint.py": 32, "walking.py": 32, "groove.py": 24, "process.py": 18}
CASES = [("walking.py", 0), ("groove.py", 0), ("process.py", 0), *(("counterpoint.py", k) for k in range(5))]


@pytest.mark.parametrize(("file", "index"), CASES)
def test_what_a_rule_file_composes_has_no_fault(file: str, index: int) -> None:
    """Over the seams of phrases too; a thousand bars of each are in tests/bench/bench_rules.py."""
    rules, check = CHECKS[file]()[index]
    voices = lines(rules, BARS[file])
    assert check(voices, BARS[file], 0) == []
    assert all(voices.values())
    assert len({str(lines(rules, 8, seed=seed)) for seed in range(3)}) > 1


@pytest.mark.parametrize("seed", range(1, 9))
@pytest.mark.parametrize("index", range(5))
def test_two_thousand_bars_of_counterpoint_have_no_fault(index: int, seed: int) -> None:
    """Of each species 512 beside those above, over the seams of phrases."""
    rules, check = CHECKS["counterpoint.py"]()[index]
    voices = lines(rules, 64, seed=seed)
    assert check(voices, 64, seed) == []
    assert len(voices["cantus"]) == 64
    assert len(voices["counter"]) >= 64


def voice(*pitches: float, count: int = 1) -> Line:
    """Notes of the same length."""
    return [(Fraction(k, count), Fraction(k + 1, count), pitch) for k, pitch in enumerate(pitches)]


@pytest.mark.parametrize(
    ("counter", "fault"),
    [
        ((67, 72, 69, 71, 76, 74, 71, 72), ""),
        ((67, 71, 69, 71, 76, 74, 71, 72), "perfect interval in the same direction"),
        ((64, 72, 69, 71, 76, 74, 71, 72), "beginning"),
        ((67, 72, 69, 72, 76, 74, 71, 72), "dissonance"),
        ((67, 72, 69, 71, 76, 74, 74, 72), "leading tone"),
        ((67, 72, 69, 71, 76, 74, 71, 76), "end is not"),
        ((67, 72, 81, 71, 76, 74, 71, 72), "leap"),
        ((67, 64, 69, 71, 76, 74, 71, 72), "unison"),
    ],
)
def test_the_checker_of_counterpoint_can_fail(counter: tuple[float, ...], fault: str) -> None:
    """One that finds nothing would prove nothing."""
    voices = {"cantus": voice(60, 64, 65, 62, 67, 65, 62, 60), "counter": voice(*counter)}
    found = "; ".join(counterpoint_faults(voices, 1))
    assert (fault in found) if fault else not found


def test_the_other_checkers_can_fail() -> None:
    """As above."""
    assert walking_faults({"bass": voice(38, 41, 45, 44, count=4)}, 1)
    assert not walking_faults({"bass": voice(38, 41, 33, 32, count=4)}, 1)
    same: dict[str, Any] = {"first": voice(*[62] * 16, count=8), "second": voice(*[50] * 16, count=8)}
    assert process_faults(same, 2) == ["bar 1: 0 notes have changed"]
