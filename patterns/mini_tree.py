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
    """Steps with weights; `marked` by `^` to give its count of steps."""

    steps: tuple[tuple[Fraction, Node], ...]
    marked: bool = False


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
