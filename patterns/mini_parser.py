"""From the text of mini-notation to a tree; every error names its column and what could stand there."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from fractions import Fraction

from patterns.errors import MiniSyntaxError
from patterns.mini_tree import Atom, Chain, Count, Euclid, Group, Line, Maybe, Node, Pace, Rest, parts_of
from patterns.ticks import exact
from patterns.where import place

DEPTH = 64  # brackets within brackets; each takes some frames of Python's stack, when parsed and when played
CHANGES = 64  # modifiers of one step; each is a pattern around the step
PARTS = 16_384  # steps in a whole text, repeats counted
LARGEST = 10**9  # weight or number of repeats
STEPS = 4096  # steps in one sequence: more is a slip of the finger, and would fill the memory

_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE]-?\d+)?")
_COUNT = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE]-?\d+)?")
_CLOSERS = {"[": "]", "<": ">", "{": "}"}
_SPACE = " \t\n\r\u00a0"
_NUMBERS = "a number, or a pattern of numbers in brackets"
_STEP = "a word, a number, a rest ~ or an opening bracket"


def number(text: str) -> int | float | None:
    """Read a word as a number if it is one."""
    if not _NUMBER.fullmatch(text):
        return None
    return float(text) if any(mark in text for mark in ".eE") else int(text[:40])


class _Step:
    """One step while it is read: what it is, how long, how often, and what changes it.

    A second `!` adds to the first and takes its place among the changes; what follows a `!` changes
    all the copies as one.
    """

    __slots__ = ("changes", "copies", "node", "ranges", "repeated", "weight")

    def __init__(self, node: Node) -> None:
        self.node = node
        self.weight = Fraction(1)
        self.copies = 1
        self.ranges = 0
        self.changes: list[Callable[[Node], Node]] = []
        self.repeated = -1  # how many changes come before the copying

    def repeat(self, count: int) -> None:
        """Take `!count` in."""
        copies = self.copies + count - 1
        if self.copies and copies:
            self.weight = self.weight / self.copies * copies
        self.copies = copies
        self.repeated = len(self.changes)

    def counted(self, last: Node) -> None:
        """Become `this .. last`."""
        self.node = Count(self.made(self.node, self.changes), last)
        self.changes = []

    @staticmethod
    def made(node: Node, changes: list[Callable[[Node], Node]]) -> Node:
        """Apply changes in their order."""
        for change in changes:
            node = change(node)
        return node

    def nodes(self) -> list[tuple[Fraction, Node]]:
        """Give the steps that it stands for, with their weights."""
        if self.weight <= 0:
            return []
        if self.copies == 1:
            return [(self.weight, self.made(self.node, self.changes))]
        if self.copies == 0:
            return [(self.weight, Rest())]  # `a!0` leaves its place silent
        one = self.made(self.node, self.changes[: self.repeated])
        if self.repeated == len(self.changes):
            return [(self.weight / self.copies, one)] * self.copies
        group = Group((Line(((Fraction(1), one),) * self.copies),))
        return [(self.weight, self.made(group, self.changes[self.repeated :]))]


class _Parser:
    """One pass over one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.random = 0

    # --- characters -----------------------------------------------------------------------------

    def fail(self, expected: str, begin: int | None = None, why: str = "") -> MiniSyntaxError:
        """Make the error for the character at `begin`."""
        begin = self.at if begin is None else begin
        found = repr(self.text[begin]) if begin < len(self.text) else "the end of the text"
        where = place(self.text, begin, min(begin + 1, len(self.text)))
        line = f"line {self.text.count(chr(10), 0, begin) + 1}, " if "\n" in self.text else ""
        column = begin - self.text.rfind("\n", 0, begin)
        reason = f"{why}; " if why else ""
        excerpt = str.__str__(self.text)
        if len(excerpt) > 60:
            start = max(0, begin - 30)
            excerpt = f"…{excerpt[start : start + 60]}…"
        return MiniSyntaxError(
            f"mini-notation {excerpt!r}, {line}column {column}: {reason}found {found}, expected {expected}",
            where,
        )

    def peek(self) -> str:
        """Look at the next character; empty at the end."""
        return self.text[self.at] if self.at < len(self.text) else ""

    def skip(self) -> None:
        """Pass over white space."""
        while self.at < len(self.text) and self.text[self.at] in _SPACE:
            self.at += 1

    def take(self, char: str) -> bool:
        """Pass over a character if it is the next one."""
        if self.peek() == char:
            self.at += 1
            return True
        return False

    def alone(self, mark: str) -> bool:
        """Say whether a mark stands alone here, with a space or an end on its right."""
        end = self.at + len(mark)
        return self.text.startswith(mark, self.at) and (end >= len(self.text) or self.text[end] in _SPACE)

    @staticmethod
    def is_word(char: str) -> bool:
        """Say whether a character can be part of a word."""
        return char.isalnum() or (char != "" and char in "~-#.^_'")

    def amount(self, default: Fraction) -> Fraction:
        """Read the number after `@` or `!`, if there is one."""
        found = _COUNT.match(self.text, self.at)
        if not found:
            return default
        if float(found[0]) > LARGEST:
            raise self.fail(f"a number up to {LARGEST}", why=f"{found[0][:20]} is too large")
        self.at = found.end()
        return Fraction(found[0][:40].rstrip(".") or "0") if len(found[0]) <= 40 else exact(float(found[0]))

    # --- grammar --------------------------------------------------------------------------------

    def whole(self) -> Node:
        """Read the whole text."""
        try:
            group = self.group("")
        except RecursionError:
            raise self.fail("fewer brackets", why="brackets and changes are nested too deeply") from None
        if self.at < len(self.text):
            raise self.fail(f"{_STEP}, or the end", why="nothing is open that this could close")
        if parts_of(group) > PARTS:
            raise self.fail("fewer steps", 0, why=f"more than {PARTS} steps in one text, repeats counted")
        return group

    def group(self, closer: str) -> Group:
        """Read lines up to the closing bracket."""
        lines = [self.line(closer)]
        separator = ""
        while True:
            self.skip()
            mark = self.peek()
            if mark in {",", "|"} and mark:
                if separator not in {"", mark}:
                    raise self.fail(
                        f"{separator!r}", why="',' and '|' and ' . ' cannot be mixed without brackets"
                    )
                separator = mark
                self.at += 1
                lines.append(self.line(closer))
            elif mark == "." and self.alone("."):
                if separator not in {"", "."}:
                    raise self.fail(
                        f"{separator!r}", why="',' and '|' and ' . ' cannot be mixed without brackets"
                    )
                separator = "."
                self.at += 1
                lines.append(self.line(closer, needed=True))
            else:
                break
            if len(lines) > STEPS:
                raise self.fail("fewer of them", why=f"more than {STEPS} parts beside one another")
        if separator == "|":
            self.random += 1
            return Group(tuple(lines), "choice", self.random - 1)
        if separator == ".":
            self.random += 1
            return Group((Line(tuple((Fraction(1), line) for line in lines), feet=True),))
        return Group(tuple(lines))

    def line(self, closer: str, *, needed: bool = False) -> Line:
        """Read steps up to a separator or a closing bracket."""
        steps: list[_Step] = []
        self.skip()
        marked = self.peek() == "^" and not self.is_word(self.text[self.at + 1 : self.at + 2])
        if self.peek() == "^":
            marked = True
            self.at += 1
        while True:
            self.skip()
            char = self.peek()
            if char == "":
                if closer:
                    raise self.fail(
                        f"{_STEP}, or the closing {closer!r}", why=f"a bracket is not closed by {closer!r}"
                    )
                break
            if char in {",", "|"} or (closer and char == closer):
                break
            if char == "." and self.alone("."):
                if not steps:
                    raise self.fail(_STEP)
                break
            if char in "]>})":
                wanted = f"{_STEP}, or {closer!r}" if closer else f"{_STEP}, or the end"
                raise self.fail(wanted, why="this bracket closes none that is open")
            if char == "!":
                if not steps:
                    raise self.fail(_STEP, why="'!' repeats the step before it, and there is none")
                self.modifiers(steps[-1])
            elif char == "_" and not self.is_word(self.text[self.at + 1 : self.at + 2]):
                if not steps:
                    raise self.fail(_STEP, why="'_' makes the step before it longer, and there is none")
                self.at += 1
                steps[-1].weight += 1
            elif (
                char == "."
                and self.text.startswith("..", self.at)
                and self.text[self.at + 2 : self.at + 3] in _SPACE
            ):
                if not steps:
                    raise self.fail(_STEP, why="'..' counts from the number before it, and there is none")
                self.at += 2
                self.skip()
                steps[-1].ranges += 1
                if steps[-1].ranges > CHANGES:
                    raise self.fail("another step", why=f"more than {CHANGES} '..' in a row")
                steps[-1].counted(self.slice(_NUMBERS))
                self.modifiers(steps[-1])
            else:
                begin = self.at
                node = self.slice()
                if isinstance(node, Atom) and isinstance(node.value, float) and math.isinf(node.value):
                    raise self.fail("a smaller number", begin, why="this number is too large")
                steps.append(_Step(node))
                self.modifiers(steps[-1])
            if len(steps) > STEPS:
                raise self.fail("fewer steps", why=f"more than {STEPS} steps in one sequence")
        if needed and not steps:
            raise self.fail(_STEP)
        flat: list[tuple[Fraction, Node]] = []
        for step in steps:
            flat += step.nodes()
        if len(flat) > STEPS:
            raise self.fail("fewer steps", why=f"more than {STEPS} steps in one sequence")
        return Line(tuple(flat), marked)

    def slice(self, expected: str = _STEP) -> Node:
        """Read a word or a bracket, without what may follow it."""
        begin = self.at
        char = self.peek()
        if char in _CLOSERS and char:
            return self.bracket(char)
        while self.is_word(self.peek()):
            self.at += 1
        word = str(self.text[begin : self.at])
        if not word or word in {".", "_", ".."}:
            raise self.fail(expected, begin)
        if word in {"~", "-"}:
            return Rest()
        value = number(word)
        return Atom(word if value is None else value, begin, self.at)

    def bracket(self, opener: str) -> Node:
        """Read a bracket with what is in it."""
        self.depth += 1
        if self.depth > DEPTH:
            raise self.fail("fewer brackets", why=f"brackets are nested more than {DEPTH} deep")
        self.at += 1
        group = self.group(_CLOSERS[opener])
        if not self.take(_CLOSERS[opener]):
            raise self.fail(f"{_STEP}, or the closing {_CLOSERS[opener]!r}")
        self.depth -= 1
        if opener == "[":
            return group
        if group.kind == "choice":
            group = Group((Line(((Fraction(1), group),)),))
        if opener == "<":
            return Group(group.lines, "steps", pace=Atom(1, self.at, self.at))
        pace = None
        if self.take("%"):
            pace = self.slice(_NUMBERS)
        return Group(group.lines, "steps", pace=pace)

    def modifiers(self, step: _Step) -> None:
        """Read what stands directly after a step, from left to right."""
        while True:
            char = self.peek()
            if char == "!":
                begin = self.at
                self.at += 1
                more = self.amount(Fraction(2))
                if more.denominator != 1:
                    raise self.fail("a whole number", begin + 1, why="'!' repeats a whole number of times")
                if step.copies + more > STEPS:
                    raise self.fail(
                        "a smaller number", begin + 1, why=f"more than {STEPS} steps in one sequence"
                    )
                step.repeat(int(more))
            elif char == "@" or (char == "_" and isinstance(step.node, Group)):
                self.at += 1
                step.weight += self.amount(Fraction(2)) - 1
            else:
                change = self.change()
                if change is None:
                    break
                step.changes.append(change)
                if len(step.changes) > CHANGES:
                    raise self.fail(
                        "a space and another step", why=f"more than {CHANGES} changes of one step"
                    )

    def change(self) -> Callable[[Node], Node] | None:
        """Read one modifier that makes another step of a step; None if there is none."""
        char = self.peek()
        if char in {"*", "/"}:
            self.at += 1
            factor = self.slice(_NUMBERS)
            return lambda node: Pace(node, factor, char == "/")
        if char == "(":
            hits, steps, rotation = self.euclid()
            return lambda node: Euclid(node, hits, steps, rotation)
        if char == "?":
            self.at += 1
            # As Strudel reads it, `a?.3` is `a? .3`: the number begins with a digit.
            chance = 0.5 if self.peek() == "." else float(self.amount(Fraction(1, 2)))
            index = self.random
            self.random += 1
            return lambda node: Maybe(node, chance, index)
        if char == ":":
            self.at += 1
            tail = self.slice("a word, a number or an opening bracket")
            return lambda node: Chain(node, tail)
        return None

    def euclid(self) -> tuple[Node, Node, Node | None]:
        """Read `(hits, steps)` or `(hits, steps, rotation)`."""
        self.depth += 1
        if self.depth > DEPTH:
            raise self.fail("fewer brackets", why=f"brackets are nested more than {DEPTH} deep")
        self.at += 1
        arguments: list[Node] = []
        while True:
            line = self.line(")")
            if not line.steps:
                raise self.fail(
                    "a number or a pattern of numbers", why="(hits, steps, rotation) wants a number here"
                )
            arguments.append(line)
            if self.take(","):
                if len(arguments) == 3:
                    raise self.fail(
                        "')'", self.at - 1, why="(hits, steps, rotation) has at most three numbers"
                    )
                continue
            if self.take(")"):
                break
            raise self.fail("',' or ')'")
        if len(arguments) < 2:
            raise self.fail("','", self.at - 1, why="(hits, steps) wants at least two numbers")
        self.depth -= 1
        return arguments[0], arguments[1], arguments[2] if len(arguments) > 2 else None


def parse(text: str) -> Node:
    """Read mini-notation.

    Args:
        text: The notation; a `Literal` knows its place in the musician's file.

    Raises:
        MiniSyntaxError: It cannot be read; the error has the place.
    """
    return _Parser(text).whole()
