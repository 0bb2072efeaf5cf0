"""Where in the musician's file something was written."""

from __future__ import annotations

from types import CodeType, FunctionType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

PIECE = "piece"
"""The module name that a musician's code runs under, with modules of their own below it: by it a traceback
shows which lines are theirs."""


class Where(NamedTuple):
    """The place of one atom of mini-notation, or of one call.

    Attributes:
        file: Path as the musician knows it; empty at the prompt or in a test.
        line: Line in that file, from 1.
        column: Column in that line, from 1; 0 for the whole line.
        begin: Offset of the first character inside the mini-notation string, from 0.
        end: Offset after the last character inside that string.
    """

    file: str
    line: int
    column: int
    begin: int
    end: int

    def __str__(self) -> str:
        """Say the place as editors do, `file:line:column`, or `file:line` where the whole line is meant."""
        column = f":{self.column}" if self.column else ""
        return f"{self.file or 'line'}{':' if self.file else ' '}{self.line}{column}"


class Literal(str):
    """A string that knows where it stands in the musician's file.

    Args:
        text: The characters.
        file: Path of the file.
        line: Line of the first character inside the quotes, from 1.
        column: Column of that character, from 1.
        exact: False where offsets inside cannot be mapped (escapes, joined strings): then
            every place inside is reported as the start of the literal.
    """

    __slots__ = ("column", "exact", "file", "line")

    file: str
    line: int
    column: int
    exact: bool

    def __new__(
        cls, text: str, file: str = "", line: int = 1, column: int = 1, *, exact: bool = True
    ) -> Literal:
        """Make the string and note its place."""
        literal = super().__new__(cls, text)
        literal.file = file
        literal.line = line
        literal.column = column
        literal.exact = exact
        return literal


class Told(str):
    """What an error says, and where in the musician's file it was raised.

    Args:
        text: What it says.
        raised: The line, if it is one of theirs.
    """

    __slots__ = ("raised",)

    raised: tuple[Where, ...]

    def __new__(cls, text: str, raised: tuple[Where, ...] = ()) -> Told:
        """Make the text and note the place."""
        told = super().__new__(cls, text)
        told.raised = raised
        return told


def explain(error: Exception) -> Told:
    """Put an exception of a value's function into words; they know the line of a piece that raised it."""
    text = f"nothing named {error}" if isinstance(error, KeyError) else str(error) or type(error).__name__
    return Told(text, raised_at(error))


def place(text: str, begin: int, end: int) -> Where:
    """Say where the characters from `begin` to `end` of `text` stand in the musician's file.

    >>> place(Literal("bd sd", "evening.py", 3, 12), 3, 5)
    Where(file='evening.py', line=3, column=15, begin=3, end=5)
    """
    if isinstance(text, Literal):
        if not text.exact:
            return Where(text.file, text.line, text.column, begin, end)
        file, line, column = text.file, text.line, text.column
    else:
        file, line, column = "", 1, 1
    newline = text.rfind("\n", 0, begin)
    if newline < 0:
        return Where(file, line, column + begin, begin, end)
    return Where(file, line + text.count("\n", 0, begin), begin - newline, begin, end)


def is_theirs(names: Mapping[str, object]) -> bool:
    """Whether a namespace is that of the musician's code: of a piece, or of a module that a piece imports."""
    return str(names.get("__name__")).partition(".")[0] == PIECE


def raised_at(error: BaseException) -> tuple[Where, ...]:
    """Say which line of the musician's raised an error, the innermost; nothing if it is none of theirs."""
    found: tuple[Where, ...] = ()
    trace = error.__traceback__
    while trace is not None:
        frame = trace.tb_frame
        if is_theirs(frame.f_globals):
            found = (_where(frame.f_code, trace.tb_lasti // 2, trace.tb_lineno),)
        trace = trace.tb_next
    return found


def written_at(function: object) -> tuple[Where, ...]:
    """Say where the musician wrote a function; nothing if it is none of theirs."""
    if not isinstance(function, FunctionType) or not is_theirs(function.__globals__):
        return ()
    code = function.__code__
    places = [p for p in code.co_positions() if p[0] is not None and p[2] is not None and p[3]]
    line, _, begin, end = min(places, default=(code.co_firstlineno, None, None, None))
    return (_made(code.co_filename, line or code.co_firstlineno, begin, end),)


def _where(code: CodeType, instruction: int, line: int) -> Where:
    for index, (first, last, begin, end) in enumerate(code.co_positions()):
        if index == instruction and first == line:
            return _made(code.co_filename, line, begin, end if first == last else None)
    return _made(code.co_filename, line, None, None)


def _made(file: str, line: int, begin: int | None, end: int | None) -> Where:
    # Columns of a piece count characters: whoever compiles it makes characters of Python's bytes.
    column = begin or 0
    return Where(file, line, column + 1, column, max(end or 0, column + 1))
