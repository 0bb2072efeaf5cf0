"""The page of a name: how it is called, what it does, its arguments, an example, its name elsewhere."""

from __future__ import annotations

import functools
import inspect
from typing import Any

from patterns.alignment import OPERATIONS, Operation
from patterns.control_table import TABLE
from patterns.core import Pattern
from patterns.registry import Entry, entries, namespace

_WAYS = {
    "operation": "rhythm: the left one's, or that of .out .mix .squeeze .squeezeout .reset .restart .poly",
    "signal": "continuous: .segment(16) makes events of it, .range(low, high) scales it",
}


WRITTEN = frozenset({"function", "transform", "transition", "view"})
"""Kinds of rows whose description stands at a function; that of the others stands in a table."""


def page(entry: Entry, *, summary: bool = True) -> str:
    """Write all that the table knows of a row.

    >>> print(*page(entry_of("early")).splitlines()[:2], sep="; ")
    early(cycles, pattern) or pattern.early(cycles); Play a pattern earlier by a part of a cycle.

    Args:
        entry: The row.
        summary: Whether its first sentence belongs to it; else the caller has said that already.
    """
    said, arguments, example = _parts(entry)
    called = also_called(entry.name)
    blocks = [
        "\n".join(line for line in [calls(entry), *said[0 if summary else 1 :]] if line),
        "\n".join(arguments),
        "\n".join(example),
        _WAYS.get(entry.kind, ""),
        f"also called {', '.join(called)}" if called else "",
        "; ".join(f"{where}: {name}" for where, name in _elsewhere(entry) if name),
    ]
    return "\n\n".join(block for block in blocks if block)


def calls(entry: Entry) -> str:
    """Say how a row is called, as function and as method; empty for a signal, which is only named.

    >>> calls(entry_of("rev")), calls(entry_of("sine")), calls(entry_of("stack"))
    ('rev(pattern) or pattern.rev()', '', 'stack(*patterns) or pattern.stack(*patterns)')
    """
    if not entry.signature:
        return ""
    inside = entry.signature[1:-1]
    if entry.kind == "transition":
        return f"{entry.name}{entry.signature} or old.{entry.name}({inside.partition(', ')[2]})"
    method = f"pattern.{entry.name}{entry.signature}"
    if not entry.is_method or not entry.is_function:
        return method if entry.is_method else f"{entry.name}{entry.signature}"
    if entry.kind in {"control", "function"}:
        return f"{entry.name}{entry.signature} or {method}"
    if "*" in inside:
        return f"{entry.name}{entry.signature}(pattern) or {method}"
    return f"{entry.name}({f'{inside}, pattern' if inside else 'pattern'}) or {method}"


def entry_of(thing: object) -> Entry | None:
    """Find the row that a name, function, method or signal stands for; None if there is none.

    >>> [entry_of(each).name for each in ("fast", Pattern.fast, mini("a").fast, sine)]
    ['fast', 'fast', 'fast', 'sine']
    """
    rows = {entry.name: entry for entry in entries()}
    if isinstance(thing, str):
        return rows.get(thing)
    if isinstance(thing, functools.partial):
        return None
    if isinstance(thing, Operation):
        return rows.get(thing.name)
    thing = getattr(thing, "__func__", thing)
    for name, value in namespace().items():
        if value is thing:
            return rows.get(name)
    for name, value in vars(Pattern).items():
        if value is thing:
            return rows.get(name)
    return next((entry for entry in rows.values() if entry.call is thing and callable(thing)), None)


def way(name: str) -> str:
    """Say what an operator does with another rhythm, as `add.squeeze`; empty if that is no such way.

    >>> way("add.out")
    "pattern.add.out(value): Combine; the rhythm is the right one's."

    Args:
        name: The operator and the way, joined by a dot; more may stand before them.
    """
    before, _, last = name.rpartition(".")
    operator = before.rpartition(".")[2]
    call = vars(Operation).get(last)
    if operator not in OPERATIONS or last.startswith("_") or not inspect.isfunction(call):
        return ""
    return f"pattern.{operator}.{last}(value): {inspect.getdoc(call)}"


def also_called(name: str) -> tuple[str, ...]:
    """List the other names of a control.

    >>> also_called("lpf")
    ('cutoff', 'lp', 'ctf')
    """
    for control in TABLE:
        names = (control.name, *control.aliases)
        if name in names:
            return tuple(other for other in names if other != name)
    return ()


def _parts(entry: Entry) -> tuple[list[str], list[str], list[str]]:
    """Divide a description into what it says, its arguments, and its first example with the answer."""
    text = inspect.getdoc(entry.call) or "" if entry.kind in WRITTEN else ""
    if text.partition("\n")[0] != entry.doc:  # the table has words of its own
        return [entry.doc], [], [f">>> {entry.example}"] if entry.example else []
    said: list[str] = []
    arguments: list[str] = []
    example: list[str] = []
    section = ""
    for line in text.splitlines():
        bare = line.strip()
        if bare in {"Args:", "Raises:", "Returns:"} or bare.startswith("Source:"):
            section = bare
        elif bare.startswith(">>> "):
            section = "example" if not example else "further"
            example += [bare] if section == "example" else []
        elif not bare:
            section = section if section in {"Args:", "Raises:"} else ""
        elif section == "example":
            example.append(line)
        elif section == "Args:":
            arguments.append(line.removeprefix("    "))
        elif not section:
            said.append(line)
    if entry.is_method:  # its own pattern stands before the dot
        arguments = [line for line in arguments if not line.startswith("pattern: ")]
    if f">>> {entry.example}" not in example:
        example.insert(0, f">>> {entry.example}")
    return said, arguments, example


def _elsewhere(entry: Entry) -> list[tuple[str, Any]]:
    return [("Strudel", entry.strudel), ("Tidal", entry.tidal)]
