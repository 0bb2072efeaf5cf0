"""Which files of a folder are pieces, and which are modules that pieces import."""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from repl.errors import ReplError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KNOWN = 512
"""Texts of which is known what they import: between two looks at a folder, one or two have changed."""

_IMPORT = re.compile(r"^\s*(?:from|import)\s+(?P<name>\w+)", re.MULTILINE)
"""What a text imports that is no Python at this moment: somebody is writing in it."""


def pieces_in(folder: str, home: Path) -> list[str]:
    """The pieces of a folder: its files of Python, but for those that others of them import.

    A file whose name begins with an underscore or a dot is never a piece.

    Args:
        folder: As the musician named it; "" or "." for where `home` is.
        home: The folder that the name starts from.

    Returns:
        The names of the files as the folder's name begins them, in alphabetical order.
    """
    texts = {path.stem: _read(path) for path in sorted((home / folder).glob("[!._]*.py"))}
    imported = {name for stem, text in texts.items() for name in imports_of(text) if name != stem}
    return [named(folder, f"{stem}.py") for stem in texts if stem not in imported]


def all_pieces(given: Sequence[Path]) -> list[Path]:
    """The pieces that a session would play of what was named: the files, then those of the folders.

    Args:
        given: Files and folders.

    Raises:
        ReplError: No piece is in a folder.
    """
    found = [path for path in given if not path.is_dir()]
    for folder in (path for path in given if path.is_dir()):
        pieces = pieces_in(folder.as_posix(), Path())
        if not pieces:
            raise ReplError(f"no piece is in the folder {folder}: a piece is a file that ends in .py")
        found += [path for path in map(Path, pieces) if path not in found]
    return found


def project_of(given: Sequence[Path], shelf: Path) -> Path:
    """Where a set lies: the folder of its first piece, or the folder of pieces that was named first.

    Args:
        given: Files and folders.
        shelf: Where what comes with Sempre lies, which is nobody's project.

    Returns:
        A whole path; the working directory for no piece at all, and for what lies on the shelf.
    """
    found = next((one.absolute() if one.is_dir() else one.absolute().parent for one in given), Path.cwd())
    return Path.cwd() if found.resolve().is_relative_to(shelf) else found


def named(folder: str, base: str) -> str:
    """How a file of a folder is called.

    >>> named("set", "evening.py"), named(".", "evening.py")
    ('set/evening.py', 'evening.py')
    """
    return base if folder in {"", "."} else f"{folder}/{base}"


@lru_cache(KNOWN)
def imports_of(text: str) -> frozenset[str]:
    r"""The modules that a text imports, each by the first part of its name.

    >>> sorted(imports_of("import riffs, lib.steps as x\nfrom more import y"))
    ['lib', 'more', 'riffs']
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(_IMPORT.findall(text))
    return frozenset(name.partition(".")[0] for name in _imported(tree))


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return ""
