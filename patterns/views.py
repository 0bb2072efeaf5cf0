"""Looking at a pattern: as a small drawing, explained hap by hap, and as a picture for a page."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from patterns.core import Pattern, RawHap
from patterns.lanes import Score, said, score_of
from patterns.piano_roll import SEVERAL, piano_roll, rows
from patterns.registry import Entry, add
from patterns.svg import picture
from patterns.ticks import Time, to_cycles
from patterns.where import Where

GROUP = "Looking at patterns"
MOST_HAPS = 48
MOST_PLACES = 3


class Drawing(str):
    """Text that shows itself at the prompt as it is, line by line."""

    __slots__ = ()

    def __repr__(self) -> str:
        """The text itself."""
        return str(self)


def _view(call: Callable[..., Any]) -> Callable[..., Any]:
    """Make a method of patterns that gives text."""
    text = inspect.getdoc(call) or ""
    example = next((line[4:] for line in text.splitlines() if line.startswith(">>> ")), "")
    setattr(Pattern, call.__name__, call)
    told = list(inspect.signature(call).parameters.values())[1:]
    shown = ", ".join(f"{one.name}={one.default!r}" for one in told)
    add(
        Entry(
            call.__name__, "view", GROUP, call, text.split("\n", 1)[0], example, f"({shown})", "",
            is_method=True, is_function=False,
        ),
        None,
    )  # fmt: skip
    return call


@_view
def draw(pattern: Pattern, cycles: int = 1, *, seed: int = 0) -> str:
    """Draw the first cycles as a small piano roll in text.

    >>> s("bd ~ sd ~").draw()
    bd │■───────·       ·       ·       │
    sd │·       ·       ■───────·       │

    Args:
        pattern: The pattern.
        cycles: Number of cycles, 1 to 16.
        seed: Seed of the layer.
    """
    return Drawing(piano_roll(pattern, cycles, seed))


@_view
def explain(pattern: Pattern, cycles: int = 1, *, begin: int = 0, seed: int = 0) -> str:
    """Say what happens in a pattern: a drawing, then each hap with its exact times and its place in the file.

    >>> note("c3 <e3 g3>").late(1/8).explain()
    1 cycle from 0; 2 steps a cycle; repeats every 2 cycles
        0               1/2
    g3 │────            ·               │
    e3 │·               ·   ■───────────│
    c3 │·   ■───────────────            │
    -3/8 -> 1/8 (cut: 0 -> 1/8)  note=g3  1:8
    1/8 -> 5/8                   note=c3  1:1
    5/8 -> 9/8 (cut: 5/8 -> 1)   note=e3  1:5

    Args:
        pattern: The pattern.
        cycles: Number of cycles, 1 to 16.
        begin: The first cycle.
        seed: Seed of the layer.
    """
    return explained(pattern, score_of(pattern, cycles, begin=begin, seed=seed))


def explained(pattern: Pattern, score: Score) -> str:
    """Write down what is in some cycles of a pattern.

    Args:
        pattern: The pattern.
        score: What it answered.
    """
    lines = [_facts(pattern, score)]
    if not score.failed:
        drawn = [line.rstrip() for line in rows(score, ruler=True)]
        lines += drawn
        if any(SEVERAL in line for line in drawn):
            lines.append(f"{SEVERAL} several begin within this column")
        lines += _listing(score.haps, score.left_out)
    return Drawing("\n".join([*lines, *(f"! {problem}" for problem in score.problems)]))


@_view
def svg(pattern: Pattern, cycles: int = 1, *, begin: int = 0, seed: int = 0, title: str = "") -> str:
    """Draw a picture for a page, as the text of an SVG file; the same pattern always gives the same text.

    >>> s("bd sd").svg().startswith("<svg")
    True

    Args:
        pattern: The pattern.
        cycles: Number of cycles, 1 to 16.
        begin: The first cycle.
        seed: Seed of the layer.
        title: What stands above it, such as the pattern's code.
    """
    return Drawing(picture(score_of(pattern, cycles, begin=begin, seed=seed), title))


def _facts(pattern: Pattern, score: Score) -> str:
    facts = [f"{_counted(score.cycles, 'cycle')} from {score.begin}"]
    if pattern.steps is not None:
        facts.append(f"{pattern.steps} step{'' if pattern.steps == 1 else 's'} a cycle")
    if pattern.period is not None:
        count = "" if pattern.period == 1 else f"{pattern.period} "
        of = "cycles" if pattern.period > 1 else "of a cycle" if pattern.period < 1 else "cycle"
        facts.append(f"repeats every {count}{of}" if pattern.period else "is the same at all times")
    if pattern.reads:
        facts.append(f"follows {', '.join(sorted(pattern.reads))}")
    return "; ".join(facts)


def _counted(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _listing(haps: list[RawHap], left_out: int) -> list[str]:
    """One line for each hap: when, what, where in the file."""
    table = [(_when(hap), said(hap.value), _places(hap.where)) for hap in haps[:MOST_HAPS]]
    if not table:
        return []
    times = max(len(when) for when, _, _ in table)
    values = min(48, max(len(value) for _, value, _ in table))
    lines = [f"{when:<{times}}  {value:<{values}}  {where}".rstrip() for when, value, where in table]
    more = len(haps) - MOST_HAPS + left_out
    if more > 0:
        lines.append(f"… and {more} more")
    return lines


def _when(hap: RawHap) -> str:
    assert hap.begin is not None
    assert hap.end is not None
    whole = _span(hap.begin, hap.end)
    if (hap.begin, hap.end) == (hap.part_begin, hap.part_end):
        return whole
    return f"{whole} (cut: {_span(hap.part_begin, hap.part_end)})"


def _span(begin: Time, end: Time) -> str:
    return f"{to_cycles(begin)} -> {to_cycles(end)}"


def _places(where: tuple[Where, ...]) -> str:
    shown = list(dict.fromkeys(f"{w.file}:{w.line}:{w.column}".lstrip(":") for w in where))
    more = len(shown) - MOST_PLACES
    return ", ".join(shown[:MOST_PLACES]) + (f" and {more} more" if more > 0 else "")
