"""How an error looks: place, line, caret, what happened and what to try."""

from __future__ import annotations

import ast
import builtins
import re
import traceback
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from patterns import elsewhere
from patterns.core import Pattern
from patterns.errors import PatternError
from repl.shelf import shelf

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from patterns.core import Problem
    from repl.loader import Loaded

PROMPT = "<prompt>"
"""How what is typed at the prompt is called in messages."""
FROM = "\n      (from "
"""What stands before the place in the piece at which it came to what is wrong in a module."""
LONGEST_LINE = 160
"""Characters of a line that are shown; of a longer one those around the caret."""
LONGEST_TEXT = 1000
"""Characters of what an exception says that are shown."""


def prompt_file(number: int) -> str:
    """The file name of one thing typed at the prompt: lines of an earlier one are not lines of this one."""
    return f"<prompt {number}>"


def file_as_shown(file: str) -> str:
    """A file's name as a musician knows it.

    An example that is played where it is installed has a long path, which says nothing.

    >>> file_as_shown("<prompt 7>"), file_as_shown("set/evening.py")
    ('<prompt>', 'set/evening.py')
    >>> file_as_shown(str(shelf() / "lessons" / "01_four_on_the_floor.py"))
    '01_four_on_the_floor.py'
    """
    path = Path(file)
    if path.is_absolute() and path.is_relative_to(shelf()):
        return path.name
    return PROMPT if file.startswith("<prompt ") else file


def lines_of(source: str) -> list[str]:
    r"""The lines of a source as Python and editors count them.

    >>> lines_of("a = 1\x0c\r\nb = 2\n")
    ['a = 1\x0c', 'b = 2']
    """
    # Not `splitlines`, which also ends a line at form feeds and at U+2028.
    lines = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines and not lines[-1] else lines


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
    file = file_as_shown(place.file)
    lines = lines_of(source)
    if not 1 <= place.line <= len(lines):
        return f"{file}:{place.line}: {message}" if place.line else f"{file}: {message}"
    where = f"{file}:{place.line}" + (f":{place.column}" if place.column else "")
    line, before, under = _around(lines[place.line - 1], place.column - 1, place.width)
    shown = f"{where}: {message}\n{place.line:5} | {line}"
    if place.column:
        shown += f"\n      | {before}{'^' * under}"
    return shown


def _around(line: str, column: int, width: int) -> tuple[str, str, int]:
    """What is shown of a line, the space before the caret, and how many carets."""
    column = max(0, min(column, len(line)))
    width = max(1, min(width, len(line) - column))
    begin = max(0, column - LONGEST_LINE // 2) if len(line) > LONGEST_LINE else 0
    part = line[begin : begin + LONGEST_LINE]
    head, tail = "… " if begin else "", " …" if begin + LONGEST_LINE < len(line) else ""
    before = " " * len(head) + "".join(_blank(c) for c in line[begin:column])
    inside = line[column : min(column + width, begin + LONGEST_LINE)]
    return f"{head}{part}{tail}", before, max(1, sum(len(_blank(c)) for c in inside))


def _blank(character: str) -> str:
    """White space as wide as a character is on a terminal."""
    if character == "\t":
        return character
    if unicodedata.combining(character):
        return ""
    return "  " if unicodedata.east_asian_width(character) in "WF" else " "


def of_exception(
    error: BaseException,
    file: str,
    source: str,
    names: Collection[str] = (),
    modules: Mapping[str, str] | None = None,
) -> str:
    """The block for anything that a piece raised while it was read or run.

    Args:
        error: What was raised.
        file: The piece's name.
        source: Its text.
        names: What a piece can say, for a hint when a name is not found.
        modules: The texts of the modules of the musician's own that it has imported, by file name.
    """
    sources = {**(modules or {}), file: source}
    if isinstance(error, SyntaxError) and error.filename == file:
        width = 1
        if error.end_offset and error.offset and error.end_lineno == error.lineno:
            width = error.end_offset - error.offset
        place = Place(file, error.lineno or 1, error.offset or 0, width)
        lines = lines_of(source)
        told = elsewhere.foreign(lines[place.line - 1]) if 0 < place.line <= len(lines) else ""
        return block(f"syntax error: {error.msg}" + (f"; {told}" if told else ""), place, source)
    try:
        text = _text(error, names)
    except Exception as second:  # noqa: BLE001 - seam three, an evaluation: `__str__` is the musician's code too
        text = f"{type(error).__name__}, which cannot say what it is ({type(second).__name__})"
    if len(text) > LONGEST_TEXT:
        text = f"{text[:LONGEST_TEXT]} … ({len(text) - LONGEST_TEXT} more characters)"
    if isinstance(error, PatternError) and error.where is not None:
        where = error.where
        if where.file in sources:
            place = Place(where.file, where.line, where.column, where.end - where.begin)
            return block(text, place, sources[where.file]) + _called_from(error, file, where.file)
    raised = _raised_at(error, sources)
    there = file if raised is None else raised.file
    told = text + _other_meaning(error, raised, sources[there])
    return block(told, raised, sources[there]) + _called_from(error, file, there)


def of_problem(problem: Problem, file: str, source: str, modules: Mapping[str, str] | None = None) -> str:
    """The block for something that was wrong with one value; arguments as for `of_exception`."""
    sources = {**(modules or {}), file: source}
    for where in problem.where:
        if where.file in sources:
            place = Place(where.file, where.line, where.column, where.end - where.begin)
            return block(problem.message, place, sources[where.file])
    if problem.where:
        where = problem.where[0]
        return f"{where._replace(file=file_as_shown(where.file))}: {problem.message}"
    return problem.message


def told_of(problem: Problem, file: str, files: Mapping[str, Loaded]) -> str:
    """The same for a layer of a piece.

    Args:
        problem: What was wrong.
        file: The piece.
        files: The pieces that play.
    """
    piece = files.get(file)
    return (
        of_problem(problem, file, "", None)
        if piece is None
        else of_problem(problem, file, piece.source, piece.modules.texts)
    )


def _other_meaning(error: BaseException, place: Place | None, source: str) -> str:
    """Name what the language and the piece mean differently, where Python only says that it does not fit."""
    if not isinstance(error, (TypeError, AttributeError)) or place is None:
        return ""
    said = str(error)
    lines = lines_of(source)
    try:
        read = ast.parse(lines[place.line - 1][place.column - 1 :][: place.width].strip(), mode="eval").body
    except (IndexError, SyntaxError, ValueError):
        return ""
    from repl.namespace import Collector, piece_namespace  # the whole language: only where something is wrong

    words = piece_namespace(Collector())
    if "object is not callable" in said:
        if isinstance(read, ast.Call) and isinstance(read.func, ast.Name) and read.func.id in words:
            return f"; {read.func.id} is a word of the language, but was bound to something else here"
        return ""
    called = {id(node.func) for node in ast.walk(read) if isinstance(node, ast.Call)}
    for node in ast.walk(read):
        if isinstance(node, ast.Name) and id(node) not in called and node.id in words and "function" in said:
            return f"; {node.id} is a function of the language: is a line {node.id} = … missing?"
    return ""


def _of_layer(name: str) -> str:
    """Say where that belongs which somebody asks of what `play` gave."""
    if name in {"mute", "unmute", "solo", "unsolo", "hush", "explain", "svg"}:
        return f'; with its name it is {name}("…") at the prompt'
    return f"; it belongs to the pattern: play(….{name}(…))" if hasattr(Pattern, name) else ""


_WITHOUT_OPERATORS = re.compile(r"unsupported operand .*'Pattern'|can only concatenate .*\"Pattern\"")
"""What Python says of `+` and the like beside a pattern: Tidal has them."""


def _text(error: BaseException, names: Collection[str]) -> str:
    if isinstance(error, PatternError):
        return error.message
    kind = type(error).__name__
    if isinstance(error, SyntaxError) and error.filename:
        return f"syntax error in {error.filename}, line {error.lineno}: {error.msg}"
    text = str(error).replace("'Literal'", "'str'") or kind  # a text that knows its place is text to them
    if isinstance(error, NameError) and error.name:
        told = elsewhere.hint(error.name)
        near = get_close_matches(error.name, [*names, *dir(builtins)], n=1)
        hint = f"did you mean {near[0]!r}?" if near else "`?` lists what there is"
        return f"nothing is called {error.name!r}; {told or hint}"
    if isinstance(error, AttributeError) and error.name:
        told = elsewhere.of_method(error.name) if isinstance(error.obj, Pattern) else ""
        if type(error.obj).__name__ == "Playing":
            return f"a layer has no .{error.name}{_of_layer(error.name)}"
        near = get_close_matches(error.name, [n for n in dir(error.obj) if not n.startswith("_")], n=1)
        owner = type(error.obj).__name__
        hint = f"did you mean .{near[0]}?" if near else ""
        article = "an" if owner[0] in "aeiouAEIOU" else "a"
        return f"{article} {owner} has no .{error.name}" + (f"; {told or hint}" if told or hint else "")
    if type(error).__module__.split(".")[0] in {"patterns", "bridge", "plugin_host", "repl"}:
        return text
    if isinstance(error, TypeError) and _WITHOUT_OPERATORS.search(text):
        return f"{kind}: {text}; between patterns write .add(…) and the like, or stack(…)"
    return f"{kind}: {text}" if text != kind else kind


def _called_from(error: BaseException, file: str, there: str) -> str:
    """Where the piece came to it, if that is in a module that it has imported."""
    frames = traceback.extract_tb(error.__traceback__)
    line = next((f.lineno for f in reversed(frames) if f.filename == file and f.lineno), None)
    return "" if there == file or line is None else f"{FROM}{file_as_shown(file)}:{line})"


def _raised_at(error: BaseException, sources: Mapping[str, str]) -> Place | None:
    """The innermost line of the musician's own files, with the column of the call if Python knows it."""
    frames = traceback.extract_tb(error.__traceback__)
    frame = next((f for f in reversed(frames) if f.filename in sources and f.lineno), None)
    if frame is None or frame.lineno is None:
        return None
    file, lines = frame.filename, lines_of(sources[frame.filename])
    if frame.colno is None or frame.end_colno is None or frame.lineno > len(lines):
        return Place(file, frame.lineno)
    # Characters, not bytes: `repl.literals.count_characters` has seen to that.
    width = frame.end_colno - frame.colno if frame.lineno == frame.end_lineno else 1
    return Place(file, frame.lineno, frame.colno + 1, width)


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


KNOWN = 1000
"""Texts that are counted at a time; messages that are never twice the same must not add up."""


class Once:
    """Shows each text once, then counts: an error of every cycle is one line, not a flood."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}

    def __call__(self, text: str, kind: str = "") -> str | None:
        """The text to show now, or None: it is shown the first time, and with its count at 10, 100, ...

        Args:
            text: What is to be said.
            kind: What it has in common with others, one of which is enough; else the text itself.
        """
        kind = kind or text
        count = self._counts[kind] = self._counts.pop(kind, 0) + 1
        if len(self._counts) > KNOWN:
            del self._counts[next(iter(self._counts))]
        if count == 1:
            return text
        if count >= 10 and str(count).strip("0") == "1":
            return f"{text.splitlines()[0]} ({count} times by now)"
        return None

    def forget(self) -> None:
        """Begin anew, after a change that may have mended what was wrong."""
        self._counts.clear()
