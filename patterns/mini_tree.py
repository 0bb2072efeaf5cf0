"""What mini-notation says, as a tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Atom:
    """A word or number and its place in the text."""

    value: Any
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Rest:
    """A step where nothing happens."""


@dataclass(frozen=True, slots=True)
class Chain:
    """Words joined by colons, `bd:3`."""

    head: Node
    tail: Node


@dataclass(frozen=True, slots=True)
class Pace:
    """`*n`, or `/n` where `slow`."""

    node: Node
    factor: Node
    slow: bool


@dataclass(frozen=True, slots=True)
class Euclid:
    """`(hits, steps, rotation)`."""

    node: Node
    hits: Node
    steps: Node
    rotation: Node | None


@dataclass(frozen=True, slots=True)
class Maybe:
    """`?p`, with its number among the random things of the text."""

    node: Node
    chance: float
    index: int


@dataclass(frozen=True, slots=True)
class Count:
    """`first .. last`."""

    first: Node
    last: Node


@dataclass(frozen=True, slots=True)
class Line:
    """Steps with weights; `marked` by `^` to give its count of steps; `feet` if ` . ` parts it."""

    steps: tuple[tuple[Fraction, Node], ...]
    marked: bool = False
    feet: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Lines at once (`,`), one at random (`|`), or in steps (`{}` and `<>`, with a `pace`).

    `pace` is None for a `{}` without `%`: then the first line gives the steps of a cycle.
    """

    lines: tuple[Line, ...]
    kind: str = "stack"
    index: int = 0
    pace: Node | None = field(default=None)


Node = Atom | Rest | Chain | Pace | Euclid | Maybe | Count | Line | Group


def marked(node: Node) -> bool:
    """Say whether a `^` within a part of the tree gives its count of steps."""
    match node:
        case Line():
            return node.marked or any(marked(child) for _, child in node.steps)
        case Group():
            return any(marked(line) for line in node.lines)
        case Pace() | Euclid() | Maybe():
            return marked(node.node)
        case Chain():
            return marked(node.head)
        case _:
            return False


def parts_of(node: Node) -> int:
    """Count the steps of a tree, those of repeats as often as they are repeated."""
    known: dict[int, int] = {}  # a repeated step is one object: looked at once

    def count(part: Node) -> int:
        found = known.get(id(part))
        if found is None:
            found = known[id(part)] = measure(part)
        return found

    def measure(part: Node) -> int:
        match part:
            case Line():
                return sum(count(child) for _, child in part.steps)
            case Group():
                return sum(count(line) for line in part.lines)
            case Pace() | Euclid() | Maybe():
                return count(part.node)
            case Chain():
                return count(part.head)
            case _:
                return 1

    return count(node)
