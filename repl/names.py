"""What can be completed at the prompt, with a line of help each."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from bridge.osc_targets import OscTarget
from bridge.targets import MidiTarget, PluginTarget
from patterns.core import Pattern
from patterns.registry import entries
from plugin_host.effect_table import EFFECTS
from plugin_host.specs import Chain, fx
from repl.commands import Commands
from repl.commits import COMMANDS
from repl.namespace import CONSTRUCTORS, Collector, collecting
from repl.report import file_as_shown
from repl.session import layer_name
from repl.whence import bound_in

if TYPE_CHECKING:
    from bridge.layer import Target
    from repl.session import Session

WIDE = 60
"""Signs of a value that are shown."""
_KINDS = {"builtin": "", "input": "the input ", "bus": "the bus ", "loop": "the loop "}
"""What is said before the name of an instrument; of others their kind."""


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
    found += [_row(f"fx.{name}", "effect", _effect(name)) for name in dir(fx)]
    found += [_row(layer_name(place), "layer", _layer(session, place)) for place in session.playing()]
    known = {row["name"] for row in found}
    bound = bound_in(session)
    found += [
        _own(name, value, bound.get(name, ""))
        for name, value in session.space.items()
        if name not in known and not name.startswith("_")
    ]
    return found


def plays_on(target: Target | None) -> str:
    """Where a layer plays, in words.

    Args:
        target: Its `on=`; None leaves it to its sounds.

    >>> plays_on(MidiTarget("Volca", channel=3))
    'the MIDI port Volca, channel 3'
    """
    if isinstance(target, Chain):
        return _chain(target)
    if isinstance(target, PluginTarget):
        return f"Sempre inside your DAW, {target.port}, channel {target.channel}"
    if isinstance(target, MidiTarget):
        port = f"the MIDI port {target.port}" if target.port else "our own MIDI port"
        return f"{port}, channel {target.channel}" if target.zone is None else f"{port} by MPE"
    if isinstance(target, OscTarget):
        where = f"{target.host}:{target.port}"
        return f"SuperDirt at {where}" if target.dirt else f"OSC at {where} {target.path}"
    return "the instruments that its sounds name" if target is None else target.kind


def _chain(chain: Chain) -> str:
    one = chain.instrument
    said = f"{_KINDS.get(one.kind, f'{one.kind} ')}{one.name}"
    ways = [f"fx.{effect.name}" for effect in chain.effects] + [
        f"the bus {b.instrument.name}" for b in chain.path
    ]
    return " | ".join([said, *ways])


def _row(name: str, kind: str, doc: str, call: str = "", method: str = "") -> dict[str, str]:
    return {"name": name, "kind": kind, "doc": doc, "call": call, "method": method}


def _effect(name: str) -> str:
    """What it does, and what it is told."""
    return f"{_first_line(getattr(fx, name))} {', '.join(one.name for one in EFFECTS[name])}"


def _layer(session: Session, place: str) -> str:
    """Where it was written, and what it plays on."""
    layer = session.newest(place)
    file = place.removesuffix(layer_name(place)).removesuffix(":")
    line = layer.where if layer is not None else 0
    where = f"{file_as_shown(file)}:{line}" if line and file else "typed at the prompt"
    return f"plays on {plays_on(layer.target if layer is not None else None)}; {where}"


def _own(name: str, value: object, bound: str) -> dict[str, str]:
    """A name of the musician's: what it is, and where it was bound; a function as it speaks of itself."""
    call = ""
    if inspect.isfunction(value):
        said, call = _first_line(value) or "a function of yours", str(inspect.signature(value))
    elif isinstance(value, Chain):
        said = f"an instrument: {_chain(value)}" if value.instrument.kind != "bus" else _chain(value)
    elif isinstance(value, Pattern):
        said = "a pattern"
    else:
        said = f"{type(value).__name__}: {_shown(value)}"
    return _row(name, "yours", f"{said}; {bound}" if bound else said, call)


def _shown(value: object) -> str:
    """A value in one short line."""
    text = " ".join(repr(value).split())
    return text if len(text) <= WIDE else f"{text[: WIDE - 1]}…"


def _first_line(value: object) -> str:
    return (inspect.getdoc(value) or "").partition("\n")[0]
