"""What there is to say about a name, or about a thing that stands for one: `help(fast)`, `?fast`."""

from __future__ import annotations

import inspect

from patterns import manual
from patterns.core import Pattern
from plugin_host.effect_table import EFFECTS
from plugin_host.specs import fx
from repl.commands import Commands
from repl.commits import COMMANDS
from repl.errors import ReplError
from repl.namespace import CONSTRUCTORS, Collector, collecting


def usage(name: str) -> str:
    """Say how a name is called and what its arguments are; empty if it is none of ours.

    >>> usage("tempo").splitlines()[0]
    'tempo(bpm=None, beats_per_cycle=4, *, cps=None, over=0)'

    Args:
        name: As it is written, `fx.reverb` with the dot.
    """
    entry = manual.entry_of(name)
    if entry is not None:
        return manual.page(entry, summary=False)
    thing = _things().get(name)
    return "" if thing is None else _described(thing, name)


def about(thing: object) -> str:
    """Answer `help(thing)`.

    >>> print(about("sampler").splitlines()[0])
    sampler(folder, **params)

    Args:
        thing: A name as text, or a function, method, signal, instrument, whatever there is.

    Raises:
        ReplError: Nothing is called so; the message names the nearest.
    """
    entry = manual.entry_of(thing)
    if entry is not None:
        return manual.page(entry)
    things = _things()
    if isinstance(thing, str):
        found = things.get(thing)
        if found is None and manual.way(thing):
            return manual.way(thing)
        if found is None:
            raise ReplError(_nothing(str(thing), things))
        return _full(found, thing)
    named = next((name for name, each in things.items() if _same(each, thing)), "")
    if named:
        return _full(things[named], named)
    if isinstance(thing, Pattern):
        return f"a pattern; .explain() says what it does, event by event\n{thing.explain()}"
    return _full(thing, getattr(thing, "__name__", "") or type(thing).__name__)


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
    return (inspect.getdoc(thing) or "").partition("\n")[2].strip("\n")


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
