"""What can be completed at the prompt, with a line of help each."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from patterns.registry import entries
from plugin_host.specs import fx
from repl.commands import Commands
from repl.commits import COMMANDS
from repl.namespace import CONSTRUCTORS, Collector, collecting
from repl.session import layer_name

if TYPE_CHECKING:
    from repl.session import Session


def names(session: Session) -> list[dict[str, str]]:
    """Everything that can be said now, by kind: functions, methods, commands, layers."""
    found = [
        _row(e.name, e.kind if e.is_function else "method", e.doc, e.signature, "yes" if e.is_method else "")
        for e in entries()
    ]
    found += [_row(name, "constructor", _first_line(value)) for name, value in CONSTRUCTORS.items()]
    for verb in collecting(Collector()):
        found.append(_row(verb, "session", _first_line(getattr(Collector, verb))))
    found += [_row(name, "command", _first_line(getattr(Commands, name))) for name in COMMANDS]
    found += [_row(f"fx.{name}", "effect", _first_line(getattr(fx, name))) for name in dir(fx)]
    found += [_row(layer_name(place), "layer", "A layer that plays.") for place in session.playing()]
    known = {row["name"] for row in found}
    found += [
        _own(name, value)
        for name, value in session.space.items()
        if name not in known and not name.startswith("_")
    ]
    return found


def _row(name: str, kind: str, doc: str, call: str = "", method: str = "") -> dict[str, str]:
    return {"name": name, "kind": kind, "doc": doc, "call": call, "method": method}


def _own(name: str, value: object) -> dict[str, str]:
    """A name of the musician's; a function with its arguments and what it says of itself."""
    if not inspect.isfunction(value):
        return _row(name, "yours", type(value).__name__)
    return _row(name, "yours", _first_line(value) or "function", str(inspect.signature(value)))


def _first_line(value: object) -> str:
    return (inspect.getdoc(value) or "").partition("\n")[0]
