"""From a musician's text to code, of which every string and every call knows its place."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from repl.errors import LoadError
from repl.literals import count_characters, locate
from repl.report import Place, block, file_as_shown, lines_of, of_exception

if TYPE_CHECKING:
    from types import CodeType


def parse(source: str, file: str) -> ast.Module:
    """The syntax tree of a piece, every string constant of which knows its place.

    Raises:
        LoadError: It is not Python.
    """
    for number, line in enumerate(lines_of(source), 1):
        if "\0" in line:
            message = "a zero byte: this is no text, or it was saved in another encoding than UTF-8"
            raise LoadError(block(message, Place(file, number, line.index("\0") + 1), source))
    try:
        tree = _tree(source.removeprefix("\ufeff"), file)
    except (SyntaxError, ValueError) as error:
        raise LoadError(of_exception(error, file, source)) from error
    except (RecursionError, MemoryError) as error:
        raise LoadError(
            block(f"{file_as_shown(file)}: this is nested too deeply to be read", None, source)
        ) from error
    locate(tree, source, file)
    count_characters(tree, source)
    return tree


def _tree(source: str, file: str) -> ast.Module:
    try:
        return ast.parse(source, file)
    except SystemError:
        # CPython counts the depth of the tree for all callers together (its issue 106905): a traceback that
        # is written from within, as of an interruption that hit a callback of the collector, upsets the
        # count of the one around it. The next call counts anew.
        return ast.parse(source, file)


def compiled(tree: ast.Module | ast.Expression, file: str, source: str) -> CodeType:
    """The code of a tree that `parse` has made, or of a part of it.

    Raises:
        LoadError: It cannot be compiled.
    """
    mode = "exec" if isinstance(tree, ast.Module) else "eval"
    try:
        # Not to inherit: what we import from __future__ is not the musician's choice.
        return compile(tree, file, mode, dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        raise LoadError(of_exception(error, file, source)) from error
    except (RecursionError, MemoryError) as error:
        raise LoadError(
            block(f"{file_as_shown(file)}: this is nested too deeply to be read", None, source)
        ) from error
