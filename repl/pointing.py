"""Which place of a file the text of an error points at, for those who mark it there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from repl.report import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

_CARETS = re.compile(r"^ +\| *(?P<carets>\^+)$", re.MULTILINE)


def pointed_at(text: str, files: Iterable[str]) -> tuple[Place, str] | None:
    """The place that a text tells of first, and what it says of it; None if it tells of none.

    Args:
        text: As musicians read it, see `repl.report.block`.
        files: The names of files that may be meant.

    >>> pointed_at("drums: a.py:1:7: no note is called 'h'", ["a.py"])
    (Place(file='a.py', line=1, column=7, width=1), "no note is called 'h'")
    """
    found = [one for file in files for one in _told_of(file).finditer(text)]
    if not found:
        return None
    first = min(found, key=lambda one: one.start())
    carets = _CARETS.search(text, first.end())
    column = int(first["column"] or 0)
    width = len(carets["carets"]) if carets is not None and column else 1
    return Place(first["file"], int(first["line"]), column, width), first["told"]


def _told_of(file: str) -> re.Pattern[str]:
    name = re.escape(file)
    return re.compile(rf"(?<!\S)(?P<file>{name}):(?P<line>\d+)(?::(?P<column>\d+))?: (?P<told>.*)")
