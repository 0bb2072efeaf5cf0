"""What there is to say about a name, or about a thing that stands for one: `help(fast)`, `?fast`."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, cast

from patterns import manual
from patterns.core import Pattern
from plugin_host.effect_table import EFFECTS
from plugin_host.instrument_table import BUS, COMMON, INSTRUMENTS, SAMPLER, SOUNDFONT
from plugin_host.specs import Chain, fx
from repl.commands import Commands
from repl.commits import COMMANDS
from repl.errors import ReplError
from repl.namespace import CONSTRUCTORS, Collector, collecting

if TYPE_CHECKING:
    from collections.abc import Callable

    from patterns.registry import Entry

_TABLES = {"bus": BUS, "sampler": SAMPLER, "soundfont": SOUNDFONT, "audio_in": COMMON, "input": COMMON}
"""The parameters of what makes an instrument, by the names of functions and the kinds of instruments."""


def usage(name: str) -> str:
    """Say how a name is called and what its arguments are; empty if it is none of ours.

    >>> usage("tempo").splitlines()[0]
    'tempo(bpm=None, beats_per_cycle=4, *, cps=None, over=0)'

    Args:
        name: As it is written, `fx.reverb` with the dot.
    """
    entry, thing = manual.entry_of(name), _things().get(name)
    if entry is not None and thing is None:
        return manual.page(entry, summary=False)
    return "" if thing is None else _described(thing, name) + _also(entry)


def about(thing: object) -> str:
    """Answer `help(thing)`.

    >>> print(about("sampler").splitlines()[0])
    sampler(folder, **params)

    Args:
        thing: A name as text, or a function, method, signal, instrument, whatever there is.

    Raises:
        ReplError: Nothing is called so; the message names the nearest.
    """
    entry, things = manual.entry_of(thing), _things()
    if entry is not None and not (isinstance(thing, str) and thing in things):
        return manual.page(entry)
    if isinstance(thing, str):
        found = things.get(thing)
        if found is None and manual.way(thing):
            return manual.way(thing)
        if found is None:
            raise ReplError(_nothing(str(thing), things))
        return _full(found, thing) + _also(entry)
    named = next((name for name, each in things.items() if _same(each, thing)), "")
    if named:
        return _full(things[named], named)
    if isinstance(thing, Chain):
        title, rows = thing.instrument.name, _table(thing)
        return f"{title}: {_brief(thing)}" + (f"\n\nIts parameters:\n{rows}" if rows else "")
    if isinstance(thing, Pattern):
        return f"a pattern; .explain() says what it does, event by event\n{thing.explain()}"
    return _full(thing, getattr(thing, "__name__", "") or type(thing).__name__)


def source(name: str) -> str:
    """Give the text of the function that a name of ours stands for; empty where it has none of its own.

    >>> source("every").splitlines()[-1].strip().startswith("return")
    True
    >>> source("cutoff")
    ''

    Args:
        name: As it is written, `fx.reverb` with the dot.
    """
    entry, thing = manual.entry_of(name), _things().get(name)
    if thing is None and entry is not None and entry.kind not in ("control", "operation"):
        thing = entry.call
    if not inspect.isfunction(inspect.unwrap(thing) if callable(thing) else thing):
        return ""
    try:
        return inspect.cleandoc(
            "\n" + inspect.getsource(inspect.unwrap(cast("Callable[..., object]", thing)))
        )
    except (OSError, TypeError):
        return ""


def _also(entry: Entry | None) -> str:
    """What else a name is, that of a control of patterns too."""
    return f"\n\nAlso a control of patterns:\n{manual.page(entry)}" if entry is not None else ""


def _brief(chain: Chain) -> str:
    """What follows an instrument or a bus."""
    names = [one.name for one in chain.effects] + [f"the bus {one.instrument.name}" for one in chain.path]
    kind = "a bus" if chain.instrument.kind == "bus" else "an instrument"
    return f"{kind}, followed by {', '.join(names)}" if names else kind


def _table(thing: object) -> str:
    """The parameters of an instrument, or of what makes one, with their ranges; empty if there are none."""
    if not isinstance(thing, Chain):
        table = _TABLES.get(str(getattr(thing, "__name__", "")), ())
    elif thing.instrument.kind == "builtin":
        table = INSTRUMENTS[thing.instrument.name]
    elif thing.instrument.name.lower().endswith(".sf2"):
        table = SOUNDFONT
    else:
        table = _TABLES.get(thing.instrument.kind, ())
    return "\n".join(f"    {one.name}: {one.doc} ({one.range}; {one.default})." for one in table)


def _nothing(name: str, things: dict[str, object]) -> str:
    from difflib import get_close_matches

    from patterns.elsewhere import hint
    from patterns.registry import entries

    told = hint(name)
    if told:
        return f"nothing is called {name!r}; {told}"
    near = get_close_matches(name, [*(entry.name for entry in entries()), *things], n=3)
    return f"nothing is called {name!r}" + (
        f"; did you mean {' or '.join(near)}?" if near else "; `?` lists all"
    )


def _things() -> dict[str, object]:
    """Everything that has a name and is no part of the pattern language."""
    return {
        **CONSTRUCTORS,
        **{name: getattr(Collector, name) for name in collecting(Collector())},
        **{name: getattr(Commands, name) for name in COMMANDS},
        **{f"fx.{name}": getattr(fx, name) for name in EFFECTS},
    }


def _same(one: object, other: object) -> bool:
    other = getattr(other, "__func__", other)
    # Each look at fx.reverb makes a function anew: they have a name in common.
    made = inspect.isfunction(one) and inspect.isfunction(other) and one.__code__ is other.__code__
    return one is other or (made and getattr(one, "__name__", "") == getattr(other, "__name__", ""))


def _full(thing: object, name: str) -> str:
    first = (inspect.getdoc(thing) or "").partition("\n")[0]
    call, rest = _call(thing, name), _rest(thing)
    head = "\n".join(part for part in (call, first) if part)
    return "\n\n".join(part for part in (head, rest) if part) or f"{name}: no description"


def _described(thing: object, name: str) -> str:
    """The call and all but the first line of the description."""
    return "\n\n".join(part for part in (_call(thing, name), _rest(thing)) if part)


def _rest(thing: object) -> str:
    said = (inspect.getdoc(thing) or "").partition("\n")[2].strip("\n")
    rows = _table(thing)
    return f"{said}\n\nIts parameters:\n{rows}" if rows else said


def _call(thing: object, name: str) -> str:
    if not callable(thing):
        return ""
    if name.startswith("fx.") and name[3:] in EFFECTS:
        return f"{name}({', '.join(f'{one.name}={one.default}' for one in EFFECTS[name[3:]])})"
    try:
        parameters = list(inspect.signature(thing).parameters.values())
    except (TypeError, ValueError):
        return ""
    if parameters and parameters[0].name == "self":
        del parameters[0]
    shown: list[str] = []
    for one in parameters:
        text = str(one.replace(annotation=one.empty))
        if one.kind is one.KEYWORD_ONLY and not any(part.startswith("*") for part in shown):
            shown.append("*")
        shown.append(text)
    return f"{name}({', '.join(shown)})"
