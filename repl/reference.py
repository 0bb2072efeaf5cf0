"""What a name means: the rows that an engine gives for completion, and the answer to `?name`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterable

WIDTH = 96
"""Columns of the list that a lone `?` prints."""

ATTRIBUTES = frozenset({"method", "transform", "control", "operation", "view"})
"""Kinds that stand after the dot of a pattern."""


Texts = dict[str, tuple[str, ...]]
"""What can stand within quotes, by what is meant: sounds, scales, chords."""

Lines = dict[str, dict[str, str]]
"""A line about each of them that needs one."""


@dataclass(frozen=True, slots=True)
class Name:
    """Something that can be said now.

    Args:
        name: As it is written.
        kind: What it is, in one word.
        doc: What it does, in one line.
        call: Its arguments in brackets, if it has any.
        method: Whether patterns have it, so that it stands after a dot.
    """

    name: str
    kind: str = ""
    doc: str = ""
    call: str = ""
    method: bool = False

    @staticmethod
    def read_all(rows: object) -> tuple[Name, ...]:
        """Read the rows of a message, without those that make no sense; sorted by name.

        >>> Name.read_all([{"name": "rev", "kind": "transform", "doc": "Turn round."}, 7])
        (Name(name='rev', kind='transform', doc='Turn round.', call='', method=True),)
        """
        if not isinstance(rows, list):
            return ()
        found: dict[tuple[str, bool], Name] = {}
        for row in cast("list[object]", rows):
            if isinstance(row, dict):
                fields = cast("dict[str, object]", row)
                name = fields.get("name")
                if isinstance(name, str) and name:
                    kind, doc, call = (str(fields.get(key, "")) for key in ("kind", "doc", "call"))
                    # `explain` and `svg` are commands, and methods of patterns too.
                    method = bool(fields.get("method")) or kind in ATTRIBUTES
                    found[name, method] = Name(name, kind, doc, call, method)
        return tuple(sorted(found.values(), key=lambda n: n.name.lower()))


def read_texts(rows: object) -> Texts:
    """Read what can stand within quotes from a message, without what makes no sense.

    >>> read_texts({"sound": ["bd", 7], "scale": 3})
    {'sound': ('bd',)}
    """
    if not isinstance(rows, dict):
        return {}
    return {
        kind: tuple(one for one in cast("list[object]", names) if isinstance(one, str))
        for kind, names in cast("dict[str, object]", rows).items()
        if isinstance(names, list)
    }


def read_lines(rows: object) -> Lines:
    """Read the lines about what can stand within quotes, without what makes no sense.

    >>> read_lines({"chord": {"m7": "0 3 7 10", "x": 1}, "scale": 3})
    {'chord': {'m7': '0 3 7 10'}}
    """
    if not isinstance(rows, dict):
        return {}
    return {
        kind: {name: line for name, line in cast("dict[str, object]", found).items() if isinstance(line, str)}
        for kind, found in cast("dict[str, object]", rows).items()
        if isinstance(found, dict)
    }


_ASKED = re.compile(r"(?:.*?\.)?(?P<name>[^\W\d]\w*(?:\.[^\W\d]\w*)*)\?+$", re.DOTALL)


def question(typed: str) -> str | None:
    """What is asked for with a question mark before or behind it; None if that is no question.

    >>> question("?fast"), question('s("bd").fast?'), question("fx.reverb?"), question("?")
    ('fast', 'fast', 'fx.reverb', '')
    >>> question('s("bd?")') is None
    True
    """
    if typed.startswith("?"):
        return typed.strip("? ")
    if not typed.endswith("?"):
        return None
    bare = typed.rstrip("?")
    if bare.replace(".", "_").isidentifier():
        return bare
    # Nothing that ends so is Python: the name of the method is meant, whatever stands before it.
    found = _ASKED.match(typed)
    return found["name"] if found else None


def describe(asked: str, names: Iterable[Name], *, source: bool = False) -> str:
    """The answer to `?name`, or to a lone `?`: everything there is.

    Args:
        asked: What is asked for.
        names: What can be said now.
        source: Whether the text of the function is wanted too, as by `??name`.

    >>> print(describe("drums", [Name("drums", "layer", "A layer that plays.")]))
    drums (layer): A layer that plays.
    """
    known = {name.name: name for name in names}
    if not asked:
        return _everything(known.values())
    way = _way(asked)
    if way:
        return way
    found = known.get(asked) or known.get(asked.rpartition(".")[2])
    if found is None:
        told = _elsewhere(asked)
        if told:
            return f"nothing is called {asked!r}; {told}"
        near = get_close_matches(asked, known, n=3)
        hint = f"; did you mean {' or '.join(near)}?" if near else "; `?` lists what there is"
        return f"nothing is called {asked!r}{hint}"
    called = found.name + (found.call if found.kind == "yours" else "")
    head = f"{called} ({found.kind})" if found.kind else called
    lines = [f"{head}: {found.doc}" if found.doc else head]
    if found.kind not in ("layer", "yours", "prompt"):
        lines += (f"  {line}".rstrip() for line in _usage(found.name).splitlines())
        written = _source(found.name) if source else ""
        lines += ["", *(f"  {line}".rstrip() for line in written.splitlines())] if written else []
    return "\n".join(lines)


def is_own(asked: str, names: Iterable[Name]) -> bool:
    """Whether a name is the musician's: of what it is made, only the engine knows.

    >>> is_own("drums", [Name("drums", "layer")]), is_own("fast", [Name("fast", "transform")])
    (True, False)
    """
    return any(name.name == asked and name.kind in ("layer", "yours") for name in names)


def _source(name: str) -> str:
    from repl.manual import source  # as in `_usage`

    return source(name)


def _way(asked: str) -> str:
    if "." not in asked:
        return ""
    from patterns.manual import way

    return way(asked)


def _elsewhere(asked: str) -> str:
    # As in `_usage`: only a question needs the language's tables.
    from patterns.elsewhere import hint

    return hint(asked)


def _usage(name: str) -> str:
    """How a name is called, with its arguments and an example."""
    # Imported here: only a question needs the language itself, and a prompt must be there in a moment.
    from repl.manual import usage

    return usage(name)


def _everything(names: Iterable[Name]) -> str:
    kinds: dict[str, list[str]] = {}
    for name in names:
        kinds.setdefault(name.kind or "other", []).append(name.name)
    if not kinds:
        return "no engine has said yet what there is; ask again in a moment"
    lines: list[str] = []
    for kind, members in kinds.items():
        lines.append(f"{kind}:")
        line = " "
        for member in members:
            if len(line) + len(member) + 1 > WIDTH:
                lines.append(line)
                line = " "
            line += f" {member}"
        lines.append(line)
    return "\n".join([*lines, "`?name` says what one of them does"])
