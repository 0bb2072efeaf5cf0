"""From the tree of mini-notation to a pattern."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from patterns.chance import choose_cycles, degrade
from patterns.combine import (
    SILENCE,
    fast,
    pure,
    round_and_round,
    sequence,
    slowcat,
    stack,
    with_steps,
)
from patterns.core import Pattern
from patterns.errors import PatternError
from patterns.euclidean import euclidean
from patterns.joining import app_left, app_right, inner_join
from patterns.kinds import is_list
from patterns.mini_parser import STEPS, parse
from patterns.mini_tree import Atom, Chain, Count, Euclid, Group, Line, Maybe, Node, Pace, Rest, marked
from patterns.seams import in_cycles
from patterns.ticks import common, exact
from patterns.where import Literal, place


def _number(value: Any, role: str) -> Any:
    if isinstance(value, bool) or not isinstance(value, (int, float, Fraction)) or not math.isfinite(value):
        raise PatternError(f"{role} must be a number, found {value!r}")
    return value


def _whole(value: Any, role: str) -> int:
    return math.floor(_number(value, role))


def _as_tuple(value: Any) -> tuple[Any, ...]:
    return value if is_list(value) else (value,)


class _Builder:
    """Builds the pattern of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.marks = "^" in text

    def node(self, node: Node) -> Pattern:
        """Build any part of the tree."""
        match node:
            case Atom(value, begin, end):
                return pure(value, (place(self.text, begin, end),))
            case Rest():
                return SILENCE
            case Line():
                return self.line(node)
            case Group():
                return self.group(node)
            case Chain(head, tail):
                first, rest = self.node(head), self.node(tail)
                return app_left(first, rest, lambda a, b: (*_as_tuple(a), *_as_tuple(b)))
            case Pace(inner, factor, slow):
                return self.pace(self.node(inner), self.node(factor), slow=slow)
            case Maybe(inner, chance, index):
                return degrade(self.node(inner), chance, index + 1)
            case Count(first, last):
                return self.count(self.node(first), self.node(last))
            case Euclid(inner, hits, steps, rotation):
                return self.euclid(
                    self.node(inner),
                    self.node(hits),
                    self.node(steps),
                    self.node(rotation) if rotation is not None else pure(0),
                )

    def line(self, line: Line) -> Pattern:
        """Build a sequence."""
        if not line.steps:
            return with_steps(SILENCE, None)
        children = [(weight, self.node(child)) for weight, child in line.steps]
        made = sequence(children)
        if self.marks and not line.feet:
            inner = [
                pattern.steps
                for (_, pattern), (_, child) in zip(children, line.steps, strict=True)
                if marked(child)
            ]
            if inner and made.steps is not None:
                shared = common(*inner)
                return with_steps(made, shared and made.steps * shared)
        return made

    def group(self, group: Group) -> Pattern:
        """Build what stands in brackets."""
        if group.kind == "steps":
            made = self.in_steps(group)
            if not (self.marks and marked(group)):
                return made
            single = isinstance(group.pace, Atom) and group.pace.value == 1
            counted = [line for line in group.lines if line.steps and (marked(line) or not single)]
            return with_steps(made, common(*(self.line(line).steps for line in counted)))
        lines = [self.line(line) for line in group.lines]
        if group.kind == "choice":
            return self.marked_steps(group, choose_cycles(lines, group.index + 1), lines)
        return self.marked_steps(group, stack(lines), lines)

    def marked_steps(self, group: Group, whole: Pattern, lines: list[Pattern]) -> Pattern:
        """Give a group the steps of those of its lines that `^` marks, if any."""
        if not self.marks:
            return whole
        found = [pattern.steps for line, pattern in zip(group.lines, lines, strict=True) if marked(line)]
        return with_steps(whole, common(*found)) if found else whole

    def in_steps(self, group: Group) -> Pattern:
        """Build `<>` and `{}`: so many steps of each line in a cycle."""
        filled = [line for line in group.lines if line.steps]
        if not filled:
            return SILENCE
        pace = group.pace
        first = sum((weight for weight, _ in filled[0].steps), Fraction(0))
        if isinstance(pace, Atom) and pace.value == 1:
            return stack([self.alternate(line) for line in filled])
        lines = [self.walked(line) for line in filled]

        def paced(steps: Fraction) -> Pattern:
            return stack([walk(steps) for walk in lines])

        if pace is None:
            return with_steps(in_cycles(paced(first)), first)
        speed = self.node(pace)

        def at_speed(value: Any) -> Pattern:
            return paced(self.factor(value, "the number after %"))

        if speed.atom is not None:
            return in_cycles(_at_once(at_speed, speed))
        return inner_join(speed, at_speed, ahead=True)

    def walked(self, line: Line) -> Callable[[Fraction], Pattern]:
        """Build a line of `{}` for whichever number of its steps a cycle plays."""
        total = sum((weight for weight, _ in line.steps), Fraction(0))
        if len(line.steps) > 1 and all(weight == 1 for weight, _ in line.steps):
            steps = [self.node(child) for _, child in line.steps]
            return lambda pace: round_and_round(steps, pace)
        pattern = self.line(line)
        return lambda pace: fast(pattern, pace / total)

    def alternate(self, line: Line) -> Pattern:
        """Build a line of which each cycle plays one step."""
        if all(weight == 1 for weight, _ in line.steps):
            return slowcat([self.node(child) for _, child in line.steps])
        total = sum((weight for weight, _ in line.steps), Fraction(0))
        return fast(self.line(line), 1 / total)

    @staticmethod
    def factor(value: Any, role: str) -> Fraction:
        """Read a number as an exact factor."""
        return exact(_number(value, role))

    def pace(self, pattern: Pattern, speed: Pattern, *, slow: bool) -> Pattern:
        """Build `*` and `/`."""
        role = "the number after /" if slow else "the number after *"

        def paced(value: Any) -> Pattern:
            factor = self.factor(value, role)
            if factor <= 0:
                return SILENCE
            return fast(pattern, 1 / factor if slow else factor)

        if speed.atom is not None:
            return _at_once(paced, speed)
        return with_steps(inner_join(speed, paced, ahead=True), pattern.steps)

    def count(self, first: Pattern, last: Pattern) -> Pattern:
        """Build `first .. last`."""

        def run(ends: tuple[Any, Any]) -> Pattern:
            low, high = (_whole(end, "the number beside ..") for end in ends)
            if abs(high - low) >= STEPS:
                raise PatternError(f"{ends[0]} .. {ends[1]} counts more than {STEPS} steps")
            numbers = range(low, high + 1) if high >= low else range(low, high - 1, -1)
            return sequence([(Fraction(1), pure(each)) for each in numbers])

        pair = app_left(first, last, lambda a, b: (a, b))
        if pair.atom is not None:
            return _placed(_at_once(run, pair), pair)
        return inner_join(pair, run, ahead=True)

    def euclid(self, pattern: Pattern, hits: Pattern, steps: Pattern, rotation: Pattern) -> Pattern:
        """Build `(hits, steps, rotation)`."""

        def rhythm(numbers: tuple[Any, Any, Any]) -> Pattern:
            k = _whole(numbers[0], "the number of hits")
            n = _whole(numbers[1], "the number of steps")
            r = _whole(numbers[2], "the rotation")
            beats = euclidean(k, n, r)
            if pattern.atom is not None:
                return sequence([(Fraction(1), pattern if hit else SILENCE) for hit in beats])
            grid = sequence([(Fraction(1), pure(hit) if hit else SILENCE) for hit in beats])
            return app_right(pattern, grid, lambda value, _: value)

        numbers = app_left(app_left(hits, steps, lambda a, b: (a, b)), rotation, lambda pair, c: (*pair, c))
        if numbers.atom is not None:
            return _at_once(rhythm, numbers)
        return inner_join(numbers, rhythm, ahead=True)


def _at_once(build_with: Callable[[Any], Pattern], source: Pattern) -> Pattern:
    """Build from the only value of a pattern; an error names the place of that value."""
    assert source.atom is not None
    try:
        return build_with(source.atom[0])
    except PatternError as error:
        raise error.at(source.places) from None


def _placed(pattern: Pattern, source: Pattern) -> Pattern:
    """Give all haps the places of another pattern."""
    if not source.places:
        return pattern
    return app_left(pattern, pure(None, source.places), lambda value, _: value)


@lru_cache(maxsize=512)
def _cached(text: str, file: str, line: int, column: int, exact_place: bool) -> Pattern:
    literal = Literal(text, file, line, column, exact=exact_place)
    tree = parse(literal)
    try:
        return _Builder(literal).node(tree)
    except RecursionError:
        raise PatternError(
            "this text is nested too deeply: are there hundreds of changes around one another?",
            place(literal, 0, len(literal)),
        ) from None


def build(text: str) -> Pattern:
    """Read mini-notation into a pattern.

    Args:
        text: The notation; a `Literal` knows its place in the musician's file.

    Raises:
        MiniSyntaxError: The text cannot be read.
        PatternError: A number in it cannot be used.
    """
    if isinstance(text, Literal):
        return _cached(str(text), text.file, text.line, text.column, text.exact)
    return _cached(text, "", 1, 1, True)
