"""A pattern drawn in text: one line for each thing that sounds."""

from __future__ import annotations

from typing import Any

from patterns.core import Pattern, RawHap
from patterns.errors import PatternError
from patterns.kinds import is_controls
from patterns.ticks import TICKS
from patterns.tonality import note_number

WIDTH = 32  # characters for a cycle: a quarter note is eight of them
MOST_LINES = 24


def _label(value: Any) -> str:
    if is_controls(value):
        known = value
        for name in ("s", "note", "n"):
            if name in known:
                rest = f":{known['n']}" if name == "s" and "n" in known else ""
                return f"{known[name]}{rest}"
        return " ".join(f"{name}={known[name]}" for name in list(known)[:2])
    if isinstance(value, float):
        return f"{value:.3g}"
    return str(value)


def _height(label: str) -> tuple[int, float, str]:
    try:
        return (0, -note_number(label), label)
    except PatternError:
        return (1, 0.0, label)


def piano_roll(pattern: Pattern, cycles: int = 1, seed: int = 0) -> str:
    """Draw the first cycles of a pattern.

    Args:
        pattern: The pattern.
        cycles: Number of cycles, 1 to 16.
        seed: Seed of the layer.
    """
    cycles = max(1, min(16, cycles))
    try:
        answer = pattern.answer(0, cycles * TICKS, seed=seed)
    except PatternError as error:
        return f"({error})"
    lines: dict[str, list[RawHap]] = {}
    for hap in answer.haps:
        if hap.begin is not None:
            lines.setdefault(_label(hap.value), []).append(hap)
    notes = [f"! {problem}" for problem in answer.problems]
    if not lines:
        what = "a continuous signal" if any(hap.begin is None for hap in answer.haps) else "silence"
        return "\n".join([f"({what} in cycle 0)" if cycles == 1 else f"({what})", *notes])
    labels = sorted(lines, key=_height)
    hidden = len(labels) - MOST_LINES
    labels = labels[:MOST_LINES]
    margin = min(16, max(map(len, labels)))
    columns = WIDTH * cycles
    drawn: list[str] = []
    for label in labels:
        row = ["·" if place % (WIDTH // 4) == 0 else " " for place in range(columns)]
        for hap in lines[label]:
            first = int(hap.part_begin * WIDTH // TICKS)
            last = max(first + 1, int(hap.part_end * WIDTH // TICKS))
            for place in range(first, min(last, columns)):
                row[place] = "─"
            row[first] = "■" if hap.has_onset else "─"
        bars = ["".join(row[i : i + WIDTH]) for i in range(0, columns, WIDTH)]
        drawn.append(f"{label[:margin]:>{margin}} │{'│'.join(bars)}│")
    if hidden > 0:
        drawn.append(f"{'…':>{margin}} │ {hidden} more")
    return "\n".join([*drawn, *notes])
