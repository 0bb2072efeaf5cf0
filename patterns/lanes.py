"""What some cycles of a pattern hold, sorted into lanes for whoever draws them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any, TypeGuard

from patterns.core import Pattern, RawHap
from patterns.errors import PatternError
from patterns.kinds import is_controls
from patterns.state import DEFAULT_FUEL, NO_CONTROLS, Walk
from patterns.ticks import TICKS, to_cycles
from patterns.tonality import note_number

MOST_CYCLES = 16
FINEST = 4096  # parts of a cycle; a grid that is finer is no help to a reader
LARGEST = 10**18  # numbers up to it are written out
MOST_HAPS = 10_000  # of a drawing: sorting more takes longer than asking for them
SAMPLES = 32  # points of a curve in a cycle


@dataclass(frozen=True, slots=True)
class Mark:
    """One hap as far as it is seen.

    Args:
        begin: Where the part that is seen begins, in cycles.
        end: Where it ends.
        onset: Whether it begins there, so that it sounds.
        strength: Velocity and gain together, 0 to 1.
    """

    begin: Fraction
    end: Fraction
    onset: bool
    strength: float


@dataclass(frozen=True, slots=True)
class Lane:
    """Everything with one label.

    Args:
        label: The note, the sound, or the value as text.
        pitch: Number of the note, if it is one.
        marks: What happens, in order.
    """

    label: str
    pitch: float | None
    marks: list[Mark]


@dataclass(frozen=True, slots=True)
class Curve:
    """A continuous signal, sampled.

    Args:
        label: The control that it sets; empty for a plain number.
        points: Time in cycles and value, equally spaced.
    """

    label: str
    points: list[tuple[Fraction, float]]


@dataclass(frozen=True, slots=True)
class Score:
    """Some cycles of a pattern.

    Args:
        begin: The first cycle.
        cycles: How many there are.
        lanes: High notes first, then sounds and other values as they come.
        curves: Continuous signals.
        haps: The first 10,000 haps that have a whole, in order of their parts.
        left_out: How many more there are.
        continuous: The values of continuous haps at the beginning, if they are no numbers.
        problems: What was wrong, as text; also the reason if there is no answer at all.
        failed: Whether there is no answer at all.
        grid: The smallest number of equal parts of a cycle on which everything begins and ends; 0 if
            there are more than 4096.
        steps: Steps of a cycle, if the pattern knows them and they are few whole ones.
    """

    begin: int
    cycles: int
    lanes: list[Lane]
    curves: list[Curve]
    haps: list[RawHap]
    left_out: int
    continuous: list[Any]
    problems: list[str]
    failed: bool
    grid: int
    steps: int

    @property
    def end(self) -> int:
        """The cycle after the last one."""
        return self.begin + self.cycles

    @property
    def beats(self) -> int:
        """Into how many parts a reader would divide a cycle: its steps, else 4, 3 or what its grid allows."""
        if self.steps:
            return self.steps
        if not self.grid:
            return 4
        return next((n for n in (4, 3, 5, 7, 11, 13) if self.grid % n == 0), 4 if self.grid <= 2 else 1)


def score_of(
    pattern: Pattern,
    cycles: int = 1,
    *,
    begin: int = 0,
    seed: int = 0,
    ask: Callable[[], Walk] | None = None,
) -> Score:
    """Ask a pattern for some cycles and sort what it answers.

    Args:
        pattern: The pattern.
        cycles: Number of cycles, 1 to 16.
        begin: The first cycle.
        seed: Seed of the layer.
        ask: Makes a query with all that a layer has: its seed, its inputs, what its folds have reached.

    Raises:
        TypeError: The number of cycles, or the first one, is no whole number.
    """
    cycles = max(1, min(MOST_CYCLES, whole("cycles", cycles)))
    begin = whole("begin", begin)
    first, last = begin * TICKS, (begin + cycles) * TICKS
    steps = _few(pattern.steps)
    ask = ask or partial(Walk, 0.5, seed, NO_CONTROLS, "hash", DEFAULT_FUEL)
    walk = ask()
    # However many cycles: a drawing of more than these would not be looked at.
    walk.fuel *= 2
    try:
        answer = pattern.walked(first, last, walk)
    except PatternError as error:
        return Score(begin, cycles, [], [], [], 0, [], [str(error)], failed=True, grid=1, steps=steps)
    found = [hap for hap in answer.haps if hap.begin is not None]
    haps = found[:MOST_HAPS]
    lanes: dict[str, Lane] = {}
    for hap in haps:
        label = label_of(hap.value)
        lane = lanes.get(label)
        if lane is None:
            lane = lanes[label] = Lane(label, pitch_of(hap.value), [])
        part_begin, part_end = to_cycles(hap.part_begin), to_cycles(hap.part_end)
        lane.marks.append(Mark(part_begin, part_end, hap.has_onset, strength_of(hap.value)))
    curves: list[Curve] = []
    others: list[Any] = []
    if len(found) < len(answer.haps):
        curves, others = _sampled(pattern, begin, cycles, ask)
    ordered = sorted(lanes.values(), key=lambda lane: (lane.pitch is None, -(lane.pitch or 0.0)))
    problems = [str(problem) for problem in answer.problems]
    return Score(
        begin, cycles, ordered, curves, haps, len(found) - len(haps), others, problems,
        failed=False, grid=_grid(haps), steps=steps,
    )  # fmt: skip


def whole(name: str, value: Any) -> int:
    """Read a whole number.

    Raises:
        TypeError: It is none.
    """
    if isinstance(value, (int, float, Fraction)) and value == value // 1:
        return int(value)
    raise TypeError(f"{name} must be a whole number, found {value!r}")


def label_of(value: Any) -> str:
    """Name the lane of a value: its note or sound, else what it says.

    >>> label_of({"s": "bd", "n": 3, "gain": 0.5}), label_of(0.25)
    ('bd:3', '0.25')
    """
    if not is_controls(value):
        return said(value)
    for name in ("note", "s", "n"):
        if name in value:
            rest = f":{said(value['n'])}" if name == "s" and "n" in value else ""
            return f"{said(value[name])}{rest}"
    return " ".join(f"{name}={said(each)}" for name, each in list(value.items())[:2])


def said(value: Any) -> str:
    """Write a value as a musician would.

    >>> said({"s": "bd", "gain": 0.3333333}), said(("a", 3)), said(Fraction(1, 3))
    ('s=bd gain=0.3333', 'a:3', '1/3')
    """
    if is_controls(value):
        return " ".join(f"{name}={said(each)}" for name, each in value.items())
    if isinstance(value, tuple):
        return ":".join(map(said, value))  # pyright: ignore[reportUnknownArgumentType] - a value may be anything
    if isinstance(value, int) and abs(value) >= LARGEST:
        return f"{'-' * (value < 0)}2^{value.bit_length() - 1}…"
    text = f"{value:.4g}" if type(value) is float else str(value)
    # What cannot be seen could break a line, or a file that others are to read.
    text = text if text.isprintable() else "".join(each if each.isprintable() else "\ufffd" for each in text)
    return text if len(text) <= 60 else f"{text[:59]}…"


def pitch_of(value: Any) -> float | None:
    """Say how high a value lies: a note by its number, a plain number or degree by itself."""
    if is_controls(value):
        value = value.get("note", None if "s" in value else value.get("n"))
    try:
        return note_number(value)
    except (PatternError, OverflowError):
        return None


def strength_of(value: Any) -> float:
    """Say how loud a value is: velocity and gain together, 0 to 1; 1 where nothing is said."""
    if not is_controls(value):
        return 1.0
    product = 1.0
    for name in ("velocity", "gain"):
        given = value.get(name, 1.0)
        if _is_moderate(given):
            product *= float(given)
    return max(0.0, min(1.0, product))


def _is_moderate(value: Any) -> TypeGuard[float]:
    """Say whether a value is a number that can be drawn: finite, and not beyond what a float holds."""
    return isinstance(value, (int, float, Fraction)) and -LARGEST < value < LARGEST


def _few(steps: Fraction | None) -> int:
    whole = steps is not None and steps.denominator == 1 and 2 <= steps <= 16
    return int(steps) if steps is not None and whole else 0


def _grid(haps: list[RawHap]) -> int:
    parts = 1
    for hap in haps:
        for time in (hap.part_begin, hap.part_end):
            parts = math.lcm(parts, to_cycles(time).denominator)
            if parts > FINEST:
                return 0
    return parts


def _sampled(
    pattern: Pattern, begin: int, cycles: int, ask: Callable[[], Walk]
) -> tuple[list[Curve], list[Any]]:
    """Sample what is continuous: numbers become curves, anything else is shown as it is at the beginning."""
    curves: dict[tuple[int, str], Curve] = {}
    others: list[Any] = []
    width = TICKS // SAMPLES
    for point in range(cycles * SAMPLES):
        at = begin * TICKS + point * width
        try:
            answer = pattern.walked(at, at + width, ask())
        except PatternError:
            break
        flowing = [hap for hap in answer.haps if hap.begin is None and hap.part_begin == at]
        for place, hap in enumerate(flowing):
            values = hap.value if is_controls(hap.value) else {"": hap.value}
            for name, value in values.items():
                if _is_moderate(value):
                    curve = curves.setdefault((place, name), Curve(name, []))
                    curve.points.append((Fraction(at, TICKS), float(value)))
                elif point == 0:
                    others.append({name: value} if name else value)
    return list(curves.values()), others
