"""A pattern drawn in text: one line for each thing that sounds, a curve for what is continuous."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from patterns.core import Pattern
from patterns.lanes import SAMPLES, Curve, Lane, Score, score_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from patterns.state import Walk

WIDTH = 32  # characters for a cycle, about: a quarter note is eight of them
FINEST = 64  # characters for a cycle at most
LINE = 108  # characters of a line: as many cycles as fit stand beside one another
MOST_LANES = 24
SEVERAL = "≡"
"""Stands where more haps begin than a column can show."""

_BLOCKS = "▁▂▃▄▅▆▇█"


def piano_roll(
    pattern: Pattern, cycles: int = 1, seed: int = 0, ask: Callable[[], Walk] | None = None
) -> str:
    """Draw the first cycles of a pattern.

    Args:
        pattern: The pattern.
        cycles: Number of cycles, 1 to 16.
        seed: Seed of the layer.
        ask: Makes a query with other inputs than none.
    """
    score = score_of(pattern, cycles, seed=seed, ask=ask)
    if score.failed:
        return f"({score.problems[0]})"
    notes = [f"! {problem}" for problem in score.problems]
    if score.left_out:
        notes.insert(0, f"… {score.left_out} more events are not drawn")
    return "\n".join([*rows(score), *notes])


def rows(score: Score, *, ruler: bool = False) -> list[str]:
    """Draw lanes and curves.

    Args:
        score: What to draw.
        ruler: Whether a line above says the times.
    """
    if not score.lanes and not score.curves:
        found = ", ".join(map(str, score.continuous))
        what = f"a continuous signal: {found}" if found else "silence"
        return [f"({what} in cycle {score.begin})" if score.cycles == 1 else f"({what})"]
    lanes, hidden = score.lanes[:MOST_LANES], score.lanes[MOST_LANES:]
    curves, more = score.curves[:MOST_LANES], score.curves[MOST_LANES:]
    labels = [lane.label for lane in lanes] + [_scope(curve) for curve in curves]
    margin = min(18, max(map(len, labels)))
    columns = columns_of(score)
    beside = max(1, LINE // (columns + 1))
    drawn: list[str] = []
    for first in range(score.begin, score.end, beside):
        cycles = range(first, min(first + beside, score.end))
        if drawn:
            drawn.append("")
        if ruler:
            drawn.append(" " * (margin + 2) + _ruler(score, cycles, columns))
        bodies = [_lane(lane, cycles, columns, score.beats) for lane in lanes]
        bodies += [_curve(curve, score, cycles, columns) for curve in curves]
        for label, body in zip(labels, bodies, strict=True):
            drawn.append(f"{_short(label, margin):>{margin}} │{'│'.join(body)}│")
        if hidden or more:
            drawn.append(f"{'…':>{margin}} │ {len(hidden) + len(more)} more")
    return drawn


def columns_of(score: Score) -> int:
    """Say how many characters a cycle takes: a multiple of its grid and beats, if that is not too many.

    >>> from patterns.combine import pure
    >>> columns_of(score_of(pure(1)))
    32
    """
    unit = math.lcm(score.grid, score.beats)
    if not 0 < unit <= FINEST:
        unit = score.grid if 0 < score.grid <= FINEST else 0
    if not unit:
        return FINEST if score.haps else WIDTH
    return unit * max(1, round(WIDTH / unit))


def _short(label: str, width: int) -> str:
    return label if len(label) <= width else f"{label[: width - 1]}…"


def _scope(curve: Curve) -> str:
    values = [value for _, value in curve.points]
    return f"{curve.label} {min(values):.4g}…{max(values):.4g}".strip()


def _ruler(score: Score, cycles: range, columns: int) -> str:
    text = ""
    for cycle in cycles:
        for beat in range(score.beats):
            at = (cycle - cycles.start) * (columns + 1) + 1 + beat * columns // score.beats
            if len(text) < at or not text:
                text = text.ljust(at) + str(cycle + Fraction(beat, score.beats))
    return text[1:]


def _lane(lane: Lane, cycles: range, columns: int, beats: int) -> list[str]:
    """Draw one lane as a string for each cycle."""
    total = len(cycles) * columns
    row = [" "] * total
    for beat in range(len(cycles) * beats):
        row[beat * columns // beats] = "·"
    heads: set[int] = set()
    for mark in lane.marks:
        if mark.end <= cycles.start or mark.begin >= cycles.stop:
            continue
        first = int((mark.begin - cycles.start) * columns)
        last = max(first + 1, int((mark.end - cycles.start) * columns))
        for place in range(max(0, first), min(last, total)):
            if place not in heads:
                row[place] = "─"
        if mark.onset and first >= 0:
            row[first] = SEVERAL if first in heads else "■"
            heads.add(first)
    return ["".join(row[at : at + columns]) for at in range(0, total, columns)]


def _curve(curve: Curve, score: Score, cycles: range, columns: int) -> list[str]:
    values = [value for _, value in curve.points]
    low, high = min(values), max(values)
    drawn: list[str] = []
    for cycle in cycles:
        line = ""
        for column in range(columns):
            index = (cycle - score.begin) * SAMPLES + column * SAMPLES // columns
            value = values[min(index, len(values) - 1)]
            level = (value - low) / (high - low) if high > low else 0.5
            line += _BLOCKS[min(7, int(level * 8))]
        drawn.append(line)
    return drawn
