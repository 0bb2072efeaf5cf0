"""What is explained below the line that is typed: the call around the cursor, with its argument marked."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from repl.toolbar import cells, fit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from repl.reference import Name
    from repl.toolbar import Fragments

_PIECES = re.compile(
    r"(?P<text>\"\"\"(?:\\.|.)*?(?:\"\"\"|$)|'''(?:\\.|.)*?(?:'''|$)|\"(?:\\.|[^\"\n])*\"?|'(?:\\.|[^'\n])*'?)"
    r"|(?P<comment>\#[^\n]*)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<comma>,)"
    r"|(?P<keyword>[^\W\d]\w*\s*=(?!=))|(?P<name>[^\W\d]\w*(?:\s*\.\s*[^\W\d]\w*)*)|(?P<dot>\.)|(?P<other>\S)",
    re.DOTALL,
)
NOTHING = "here stands no name and no call that could be explained; `?` lists what there is"


@dataclass(frozen=True, slots=True)
class Meant:
    """A name that could be explained where the cursor stands.

    Args:
        name: As it stands there, with what stands before its dot if that is a name.
        method: Whether it stands behind a dot.
        argument: Which of the arguments of its call the cursor is in, from 0; -1 outside of the brackets.
        keyword: The name of the argument, if it is said.
    """

    name: str
    method: bool = False
    argument: int = -1
    keyword: str = ""


@dataclass(slots=True)
class _Open:
    """A bracket that is open."""

    name: str
    method: bool
    argument: int = 0
    keyword: str = ""


def meant_at(before: str) -> list[Meant]:
    """What could be meant behind a text: the name before the cursor, then the calls around it, inside out.

    >>> [one.name for one in meant_at('play(s("bd").every(4, fas')]
    ['fas', 'every', 'play']
    >>> meant_at("fast(2)")
    []
    """
    opened: list[_Open] = []
    name, method, dotted, end = "", False, False, 0
    for found in _PIECES.finditer(before):
        kind = found.lastgroup
        if kind == "open":
            opened.append(_Open(name if found.group() == "(" else "", method))
        elif kind == "close":
            if opened:
                opened.pop()
        elif kind == "comma" and opened:
            opened[-1].argument += 1
            opened[-1].keyword = ""
        elif kind == "keyword" and opened:
            opened[-1].keyword = found.group().rstrip("= \t\n")
        if kind == "name":
            name, method = re.sub(r"\s", "", found.group()), dotted
        else:
            name = ""
        dotted, end = kind == "dot", found.end()
    last = [Meant(*_split(name, method))] if name and end == len(before) else []
    calls = [Meant(*_split(o.name, o.method), o.argument, o.keyword) for o in reversed(opened) if o.name]
    return [*last, *calls]


def _split(name: str, method: bool) -> tuple[str, bool]:
    owner, _, last = name.rpartition(".")
    # `fx.reverb` is a name of its own, `drums.fast` the method of whatever stands before the dot.
    return (name, False) if owner == "fx" else (last, method or bool(owner))


def explained(before: str, names: Sequence[Name], width: int) -> list[Fragments]:
    """Explain what is meant behind a text, in lines as wide as the terminal; none if nothing is.

    Args:
        before: The text before the cursor.
        names: What can be said now.
        width: Columns.
    """
    for meant in meant_at(before):
        name = _named(meant, names)
        if name is not None:
            return [fit(line, width) for line in _lines(meant, name, width)]
    return []


def _named(meant: Meant, names: Iterable[Name]) -> Name | None:
    """What is called so: of what is a function and a method too, what fits the place."""
    found = [name for name in names if name.name == meant.name]
    return next((name for name in found if name.method == meant.method), found[0] if found else None)


def _lines(meant: Meant, name: Name, width: int) -> Iterator[Fragments]:
    head, *rest = _usage(name) or [""]
    forms = head.split(" or ") if "(" in head else [f"{name.name}{name.call}"]
    form = next((form for form in forms if form.startswith(("pattern.", "old.")) == meant.method), forms[0])
    if "(" not in head and head:
        rest = [head, *rest]
    yield from _marked(form, meant, width)
    for line in textwrap.wrap(name.doc, max(20, width - 2)):
        yield [("class:aside.doc", f"  {line}")]
    for line in rest:
        indent = " " * (len(line) - len(line.lstrip()) + 4)
        for part in textwrap.wrap(line, max(20, width - 2), subsequent_indent=indent) or [""]:
            yield [("class:aside", f"  {part}")]


def _marked(form: str, meant: Meant, width: int) -> Iterator[Fragments]:
    """A call with the argument marked in which the cursor stands, in as many lines as it needs."""
    begin = form.find("(")
    if begin < 0:
        yield [("class:aside.call", form)]
        return
    pieces = _arguments(form[begin + 1 : -1])
    place = _place(pieces, meant) if meant.argument >= 0 else -1
    line: Fragments = [("class:aside.call", form[: begin + 1])]
    for number, piece in enumerate(pieces):
        if number and _wide(line) + cells(piece) + 1 > width:
            yield line
            line = [("class:aside.call", "    ")]
        line.append(("class:aside.argument" if number == place else "class:aside.call", piece))
        line.append(("class:aside.call", ", " if number < len(pieces) - 1 else ""))
    yield [*line, ("class:aside.call", ")")]


def _place(pieces: Sequence[str], meant: Meant) -> int:
    """Which argument of those that are written down is meant; -1 if it is none of them."""
    bare = [piece.partition("=")[0].strip() for piece in pieces]
    if meant.keyword:
        return bare.index(meant.keyword) if meant.keyword in bare else _many(bare, "**")
    several = _many(bare, "*")
    if 0 <= several <= meant.argument:
        return several if bare[several] != "*" else -1
    return meant.argument if meant.argument < len(bare) and not bare[meant.argument].startswith("**") else -1


def _many(bare: Sequence[str], stars: str) -> int:
    return next((n for n, one in enumerate(bare) if len(one) - len(one.lstrip("*")) == len(stars)), -1)


def _arguments(inside: str) -> list[str]:
    """What stands between the commas of a call."""
    found, depth, piece = list[str](), 0, ""
    for sign in inside:
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and not depth:
            found.append(piece.strip())
            piece = ""
        else:
            piece += sign
    return [*found, piece.strip()] if piece.strip() else found


def _usage(name: Name) -> list[str]:
    return _told(name.name) if name.kind not in ("layer", "yours", "prompt") else []


@lru_cache(maxsize=64)
def _told(name: str) -> list[str]:
    # Imported here: only who asks needs the language itself, and a prompt must be there in a moment.
    from repl.manual import usage

    return [*_flowing(usage(name).splitlines())]


def _flowing(lines: Iterable[str]) -> Iterator[str]:
    """The lines with those in one that go on in the next: these stand four columns further in."""
    last: str | None = None
    for line in lines:
        further = last is not None and last.strip() and _indent(line) == _indent(last) + 4
        if last is not None and further and not last.endswith(":") and not last.lstrip().startswith(">>>"):
            last = f"{last} {line.strip()}"
            continue
        if last is not None:
            yield last
        last = line
    if last is not None:
        yield last


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


class Aside:
    """What is shown of an explanation below the line that is typed, page by page, as long as it is wanted."""

    def __init__(self) -> None:
        self._page = -1
        self._pages = 1

    @property
    def open(self) -> bool:
        """Whether it is wanted."""
        return self._page >= 0

    def turn(self) -> None:
        """Show it, then its next page, after the last nothing."""
        self._page = self._page + 1 if self._page + 1 < self._pages else -1
        if not self.open:
            self.close()

    def close(self) -> None:
        """Show it no longer."""
        self._page, self._pages = -1, 1

    def lines(self, before: str, names: Sequence[Name], width: int, room: int) -> list[Fragments]:
        """The lines of its page; it follows the cursor.

        Args:
            before: The text before the cursor.
            names: What can be said now.
            width: Columns.
            room: Lines that it may have.
        """
        if not self.open:
            return []
        whole = explained(before, names, width) or [[("class:aside", NOTHING)]]
        room = max(1, room)
        self._pages = -(-len(whole) // room)
        self._page = min(self._page, self._pages - 1)
        shown = whole[self._page * room : (self._page + 1) * room]
        return [[*line, ("class:aside", " " * (width - _wide(line)))] for line in shown]


def _wide(line: Fragments) -> int:
    return sum(cells(piece) for _, piece in line)
