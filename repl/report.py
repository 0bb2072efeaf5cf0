"""How an error looks: place, line, caret, what happened and what to try."""

from __future__ import annotations

import builtins
import re
import traceback
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

from patterns.errors import PatternError

if TYPE_CHECKING:
    from collections.abc import Collection

    from patterns.core import Problem

PROMPT = "<prompt>"
"""The file name of what is typed at the prompt."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a musician's file something is; column 0 means the whole line."""

    file: str
    line: int
    column: int = 0
    width: int = 1


def block(message: str, place: Place | None, source: str) -> str:
    """The text of one error.

    Args:
        message: What happened and what to try.
        place: Where; None if nobody knows.
        source: The text of the file, for the line that is shown.

    >>> print(block("no note is called 'h'", Place("a.py", 1, 7, 1), 'note("h")'))
    a.py:1:7: no note is called 'h'
        1 | note("h")
          |       ^
    """
    if place is None:
        return message
    where = f"{place.file}:{place.line}" + (f":{place.column}" if place.column else "")
    lines = source.splitlines()
    if not 1 <= place.line <= len(lines):
        return f"{where}: {message}"
    shown = f"{where}: {message}\n{place.line:5} | {lines[place.line - 1]}"
    if place.column:
        shown += f"\n      | {' ' * (place.column - 1)}{'^' * max(1, place.width)}"
    return shown


def of_exception(error: BaseException, file: str, source: str, names: Collection[str] = ()) -> str:
    """The block for anything that a piece raised while it was read or run.

    Args:
        error: What was raised.
        file: The piece's name.
        source: Its text.
        names: What a piece can say, for a hint when a name is not found.
    """
    if isinstance(error, SyntaxError):
        width = 1
        if error.end_offset and error.offset and error.end_lineno == error.lineno:
            width = error.end_offset - error.offset
        place = Place(file, error.lineno or 1, error.offset or 0, width)
        return block(f"syntax error: {error.msg}", place, source)
    text = _text(error, names)
    if isinstance(error, PatternError) and error.where is not None:
        where = error.where
        if where.file == file:
            return block(text, Place(file, where.line, where.column, where.end - where.begin), source)
    return block(text, _raised_at(error, file), source)


def of_problem(problem: Problem, file: str, source: str) -> str:
    """The block for something that was wrong with one value."""
    for where in problem.where:
        if where.file == file:
            place = Place(file, where.line, where.column, where.end - where.begin)
            return block(problem.message, place, source)
    if problem.where:
        return f"{problem.where[0]}: {problem.message}"
    return problem.message


def _text(error: BaseException, names: Collection[str]) -> str:
    if isinstance(error, PatternError):
        return error.message
    kind = type(error).__name__
    text = str(error) or kind
    if isinstance(error, NameError) and error.name:
        near = get_close_matches(error.name, [*names, *dir(builtins)], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else "; `?` lists what there is"
        return f"nothing is called {error.name!r}{hint}"
    if isinstance(error, AttributeError) and error.name:
        near = get_close_matches(error.name, dir(error.obj), n=1)
        owner = type(error.obj).__name__
        hint = f"; did you mean .{near[0]}?" if near else ""
        return f"a {owner} has no .{error.name}{hint}"
    if type(error).__module__.split(".")[0] in {"patterns", "bridge", "plugin_host", "repl"}:
        return text
    return f"{kind}: {text}" if text != kind else kind


def _raised_at(error: BaseException, file: str) -> Place | None:
    """The innermost line of the musician's own file, with the column of the call if Python knows it."""
    place: Place | None = None
    frames = traceback.extract_tb(error.__traceback__)
    for frame in frames:
        if frame.filename == file and frame.lineno:
            column, width = 0, 1
            if frame.colno is not None and frame.end_colno is not None and frame.lineno == frame.end_lineno:
                column, width = frame.colno + 1, frame.end_colno - frame.colno
            place = Place(file, frame.lineno, column, width)
    return place


_TRACE_LINE = re.compile(r'File "(?P<file>[^"]*)", line (?P<line>\d+)')


def place_in_dump(dump: str, file: str) -> Place | None:
    """The innermost line of a file in what `faulthandler` wrote of a process that hung or crashed.

    >>> place_in_dump('  File "x.py", line 3 in <module>', "x.py")
    Place(file='x.py', line=3, column=0, width=1)
    """
    for found in _TRACE_LINE.finditer(dump):
        if found["file"] == file:
            return Place(file, int(found["line"]))
    return None


class Once:
    """Shows each text once, then counts: an error of every cycle is one line, not a flood."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def __call__(self, text: str) -> str | None:
        """The text to show now, or None: it is shown the first time, and with its count at 10, 100, ..."""
        count = self._counts[text] = self._counts.get(text, 0) + 1
        if count == 1:
            return text
        if count >= 10 and str(count).strip("0") == "1":
            return f"{text.splitlines()[0]} ({count} times by now)"
        return None

    def forget(self) -> None:
        """Begin anew, after a change that may have mended what was wrong."""
        self._counts.clear()
