"""Gives every string and every call of a piece its place in the file, counted in characters."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

LITERAL = "__literal__"
"""The name by which a piece reaches the maker of located strings."""

_OPENING = re.compile(r"[A-Za-z]{0,2}(?P<quote>'''|\"\"\"|'|\")")

_PASSED_BY: dict[type[ast.AST], set[str]] = {
    ast.arg: {"annotation"},
    ast.AnnAssign: {"annotation"},
    ast.FunctionDef: {"returns"},
    ast.AsyncFunctionDef: {"returns"},
    ast.match_case: {"pattern"},
    ast.JoinedStr: {"values"},
}
"""Fields in which a string is for a type checker, a constant that `match` needs, or a part of an f-string."""


def locate(tree: ast.Module, source: str, file: str) -> None:
    """Put `__literal__("bd sd", file, line, column)` where a string constant stands in an expression.

    Args:
        tree: Of the whole source; it is changed.
        source: The text that it was read from.
        file: Its name.
    """
    places = _Places(source)
    waiting: list[ast.AST] = [tree]
    while waiting:  # no recursion: an expression may be a thousand calls deep
        for parent, name, index, child in _children(waiting.pop()):
            if not isinstance(child, ast.Constant):
                waiting.append(child)
            elif isinstance(child.value, str) and not isinstance(parent, ast.Expr):  # not a docstring
                made = _made(child, child.value, file, places)
                if index is None:
                    setattr(parent, name, made)
                else:
                    getattr(parent, name)[index] = made


def count_characters(tree: ast.Module, source: str) -> None:
    """Let all columns of a tree count characters: Python counts the bytes of UTF-8, editors do not.

    What is compiled of the tree then tells its places in characters too, in tracebacks and in
    `co_positions`.

    Args:
        tree: Of the whole source; it is changed.
        source: The text that it was read from.
    """
    if source.isascii():
        return
    text = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = [None if line.isascii() else line.encode() for line in text.split("\n")]

    def characters(line: int, offset: int) -> int:
        raw = lines[line - 1] if 0 < line <= len(lines) else None
        return offset if raw is None else len(raw[:offset].decode(errors="replace"))

    for node in ast.walk(tree):
        if isinstance(node, _PLACED):
            node.col_offset = characters(node.lineno, node.col_offset)
            if node.end_lineno is not None and node.end_col_offset is not None:
                node.end_col_offset = characters(node.end_lineno, node.end_col_offset)


_PLACED = (ast.stmt, ast.expr, ast.excepthandler, ast.arg, ast.keyword, ast.alias, ast.pattern)
"""The nodes that have a place; type parameters of functions, which have one too, raise nothing."""


def _children(node: ast.AST) -> Iterator[tuple[ast.AST, str, int | None, ast.AST]]:
    passed_by = _PASSED_BY.get(type(node), ())
    for name in node._fields:
        value: Any = getattr(node, name, None)
        if name in passed_by:
            continue
        if isinstance(value, ast.AST):
            yield node, name, None, value
        elif isinstance(value, list):
            for index, item in enumerate(value):  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - fields of a tree are untyped
                if isinstance(item, ast.AST):
                    yield node, name, index, item


def _made(node: ast.Constant, value: str, file: str, places: _Places) -> ast.Call:
    line, column, exact = places.inside(node, value)
    call = ast.Call(
        ast.Name(LITERAL, ast.Load()),
        [ast.Constant(value), ast.Constant(file), ast.Constant(line), ast.Constant(column)],
        [ast.keyword("exact", ast.Constant(exact))],
    )
    for part in (call, call.func, *call.args, call.keywords[0], call.keywords[0].value):
        ast.copy_location(part, node)
    return call


class _Places:
    """Where the strings of one source stand.

    Args:
        source: The source.
    """

    def __init__(self, source: str) -> None:
        # As Python reads it: every end of a line is one character, also inside strings.
        self._text = source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
        self._begins = [0, *(found.end() for found in re.finditer("\n", self._text))]
        self._line = 0
        self._bytes: bytes | None = None

    def inside(self, node: ast.Constant, value: str) -> tuple[int, int, bool]:
        """Line and column of the first character inside the quotes; whether offsets hold from there."""
        text, begin = self._text, self._begins[node.lineno - 1]
        opening = _OPENING.match(text, begin + self._column(node))
        if opening is None:
            return node.lineno, self._column(node) + 1, False
        inside = opening.end()
        exact = text.startswith(value, inside) and text.startswith(opening["quote"], inside + len(value))
        return node.lineno, inside - begin + 1, exact

    def _column(self, node: ast.Constant) -> int:
        """The characters before it in its line; Python counts bytes."""
        if node.lineno != self._line:
            self._line = node.lineno
            begin, end = (
                self._begins[node.lineno - 1],
                [*self._begins[node.lineno : node.lineno + 1], None][0],
            )
            line = self._text[begin:end]
            self._bytes = None if line.isascii() else line.encode()
        if self._bytes is None:
            return node.col_offset
        return len(self._bytes[: node.col_offset].decode(errors="replace"))
