"""Where the musician's own names come from: the text that bound them, for `??name`."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import TYPE_CHECKING

from repl.report import file_as_shown, lines_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from repl.session import Session


PROMPT = "<prompt>"
"""The file of what was typed."""
KNOWN = 1024
"""Texts of which is known what they bind: names are asked for with each change."""


def source_of(session: Session, name: str) -> str:
    """The statement that bound a name last, at the prompt, else in a piece or a module; empty if none did.

    Args:
        session: What has been accepted.
        name: As it is written.
    """
    for file, source in _texts(session):
        found = _bound_in(source, name)
        if found is not None:
            line, text = found
            return f"{file_as_shown(file)}:{line}\n{text}"
    return ""


def bound_in(session: Session) -> dict[str, str]:
    """Where each name was bound last: at the prompt, else in a piece or a module, by file and line.

    Args:
        session: What has been accepted.
    """
    found: dict[str, str] = {}
    for file, source in _texts(session):
        for name, line in _bindings(source).items():
            at = f"{file_as_shown(file)}:{line}" if file != PROMPT else "typed at the prompt"
            found.setdefault(name, at)
    return found


def _texts(session: Session) -> Iterator[tuple[str, str]]:
    """Every text that may have bound it, with its file: what holds comes first."""
    for commit in reversed(session.history):
        if commit["kind"] == "typed":
            yield PROMPT, str(commit["source"])
    for file, piece in session.files.items():
        yield file, piece.source
    for piece in session.files.values():
        yield from piece.modules.texts.items()


def _bound_in(source: str, name: str) -> tuple[int, str] | None:
    """The line and the text of the last statement at the top level of a source that binds a name."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return None
    lines = lines_of(source)
    for node in reversed(tree.body):
        if name in _binds(node):
            first = min([node.lineno, *(one.lineno for one in getattr(node, "decorator_list", []))])
            return first, "\n".join(lines[first - 1 : node.end_lineno])
    return None


@lru_cache(KNOWN)
def _bindings(source: str) -> Mapping[str, int]:
    """The names that the top level of a source binds, each with the line of its last statement."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return {}
    return {name: node.lineno for node in tree.body for name in _binds(node)}


def _binds(node: ast.stmt) -> set[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {node.name}
    return {
        each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)
    }
