"""Where one thing that is typed ends: what Enter decides, and how piped lines become statements."""

from __future__ import annotations

import ast
import codeop
import re
import textwrap
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_COMPOUND = (
    ast.If,
    ast.For,
    ast.While,
    ast.With,
    ast.Try,
    ast.TryStar,
    ast.FunctionDef,
    ast.ClassDef,
    ast.Match,
    ast.AsyncFor,
    ast.AsyncFunctionDef,
    ast.AsyncWith,
)
_GOES_ON = re.compile(r"(elif|else|except|finally)\b")
_INDENT = re.compile(r"[ \t]*")
_FROM = "# from "
"""Begins the line that says in which file a statement stands: so it goes wherever the statement goes."""


def tidy(text: str) -> str:
    r"""What was typed or pasted, ready to be run: no common indent, no lone surrogates, no blank ends.

    >>> tidy("    a = 1\n    b = 2\n")
    'a = 1\nb = 2'
    """
    return tidy_lines(text).strip("\n")


def tidy_lines(text: str) -> str:
    """The same, but that blank lines before it stay."""
    clean = text.encode("utf-8", errors="replace").decode("utf-8")
    return textwrap.dedent(clean.replace("\r\n", "\n").replace("\r", "\n")).rstrip()


def placed(text: str, file: str, line: int) -> str:
    r"""What stands in a file, to be run as if it were run from there: each line keeps its number.

    Args:
        text: Whole lines of it.
        file: Its name.
        line: The number of the first of them, from 1.

    >>> placed("a = 1", "evening.py", 3)
    '\n\na = 1\n# from evening.py'
    >>> placed("    a = 1", "evening.py", 3)
    '\nif True:\n    a = 1\n# from evening.py'
    """
    before = ["" for _ in range(line - 1)]
    clean = tidy_lines(text)
    if before and (shift := _indent_of(text)) is not None:
        # Indented as it is, so that its columns are those of the file.
        before[-1] = "if True:"
        clean = textwrap.indent(clean, shift)
    return "\n".join([*before, clean, f"{_FROM}{file}"])


def _indent_of(text: str) -> str | None:
    """The white space before each line of a text; None if there is none."""
    lines = [line for line in text.split("\n") if line.strip()]
    least = min((line[: len(line) - len(line.lstrip(" \t"))] for line in lines), key=len, default="")
    return least if least and all(line.startswith(least) for line in lines) else None


def file_of(text: str) -> str:
    """The file that a statement was placed in; empty if it was typed.

    >>> file_of(placed("a = 1", "evening.py", 3)), file_of("a = 1")
    ('evening.py', '')
    """
    head, _, last = text.rpartition("\n")
    return last.removeprefix(_FROM) if head and last.startswith(_FROM) else ""


def parses(text: str) -> bool:
    """Whether the text is Python as it stands."""
    return _parsed(text) is not None


def finished(text: str) -> bool:
    """Whether Enter runs the text rather than beginning another line.

    What can never become Python is finished: it runs, and its error says why. A compound statement is
    finished by an empty line, as everywhere in Python.

    >>> finished("1 + 1"), finished("play(s("), finished("for x in y:"), finished("1 +* 2")
    (True, False, False, True)
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            code = codeop.compile_command(text, "<typed>", "exec")
    except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError):
        return True
    if code is None:
        return False
    return not _open_block(text) or not text.rpartition("\n")[2].strip()


def indent_after(text: str) -> str:
    """The white space with which the line after this text begins.

    >>> indent_after("for x in y:")
    '    '
    """
    line = text.rpartition("\n")[2]
    found = _INDENT.match(line)
    indent = found.group() if found else ""
    return indent + "    " if line.rstrip().endswith(":") else indent


def statements(lines: Iterable[str]) -> Iterator[str]:
    r"""Group the lines of a script as they come: a simple statement at once, a block when it has ended.

    A block ends with an empty line, or where a line begins that is not of it.

    >>> list(statements(["def f():", "    return 1", "f()"]))
    ['def f():\n    return 1', 'f()']
    """
    held: list[str] = []
    for line in lines:
        bare = line.rstrip("\r\n")
        if held and _begins_anew(bare, "\n".join(held)):
            yield "\n".join(held)
            held = []
        if not held and (not bare.strip() or bare.startswith("#")):
            continue
        held.append(bare)
        if finished("\n".join(held)):
            yield "\n".join(held).rstrip()
            held = []
    if held:
        yield "\n".join(held)


def _open_block(text: str) -> bool:
    """Whether the last statement is one that further lines could belong to."""
    tree = _parsed(text)
    return tree is not None and bool(tree.body) and isinstance(tree.body[-1], _COMPOUND)


def _parsed(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _begins_anew(line: str, held: str) -> bool:
    if not line.strip() or line[0] in " \t#" or _GOES_ON.match(line):
        return False
    return _open_block(held)
