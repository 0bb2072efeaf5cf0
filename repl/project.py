"""A new project: a folder with a piece that plays at once, its kit, settings, and files for editors."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from repl.declarations import write
from repl.errors import ReplError
from repl.shelf import shelf

if TYPE_CHECKING:
    from collections.abc import Iterator

PIECE = "piece.py"
"""What is played first."""
_HIDDEN = ("vscode", "gitignore")
"""What begins with a dot where it is used; on the shelf it would be put to use itself."""
_NAME = "NAME"
"""Stands in the texts for the name of the project."""
_REFUSED = re.compile(r'[<>:"|?*\\\x00-\x1f]')
"""What the name of a folder cannot hold on one system or another."""


def new_project(folder: Path) -> str:
    """Make a project, and say how it is played.

    Args:
        folder: Where: a name, or a path that ends in one. It is not there yet, or is empty.

    Returns:
        What was done and what comes next, for people.

    Raises:
        ReplError: Something is there already, the name is none, or the folder cannot be written.
    """
    try:
        name = _checked(folder)
        for source, text in _texts():
            place = folder / source
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("x", encoding="utf-8") as file:
                file.write(text.replace(_NAME, name))
        write(folder)
    except OSError as error:
        raise ReplError(f"cannot write {folder}: {error.strerror or error}") from None
    ready = f"{folder} is ready: a piece, a kit, settings, a place for your sounds"
    return f"{ready}\n\n  sempre {typed(folder / PIECE)}"


def _texts() -> Iterator[tuple[Path, str]]:
    """Each file of a new project: where it lies in it, and what it says."""
    template = shelf() / "project"
    for source in sorted(template.rglob("*")):
        first, *rest = source.relative_to(template).parts
        # Installing compiles whatever ends in .py.
        if source.is_file() and source.parent.name != "__pycache__":
            yield Path(f".{first}" if first in _HIDDEN else first, *rest), source.read_text(encoding="utf-8")


def _checked(folder: Path) -> str:
    """The name of a project that may be made there."""
    name = folder.resolve().name
    if not name or name != name.strip() or name.endswith(".") or _REFUSED.search(name):
        raise ReplError(f"{str(folder)!r} is no name for a folder; try: sempre new evening")
    if folder.suffix == ".py":
        raise ReplError(f"{folder}: a project is a folder with pieces in it; try: sempre new {folder.stem}")
    if folder.is_dir() and any(folder.iterdir()):
        raise ReplError(f"{folder} is there already, and nothing in it is touched; choose another name")
    if folder.exists() and not folder.is_dir():
        raise ReplError(f"{folder} is a file; choose another name")
    return name


def typed(path: Path) -> str:
    """A path as it is typed in a terminal."""
    return f'"{path}"' if " " in str(path) else str(path)
