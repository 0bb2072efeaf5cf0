"""What a piece sees, declared for editors: pyright and Pylance read `__builtins__.pyi` of a folder.

So a piece needs no import lines: names are completed and described, and a misspelt method or a wrong
number of arguments is underlined while it is typed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from patterns.stubs import function_stubs
from plugin_host.effect_table import EFFECTS
from plugin_host.instrument_table import INSTRUMENTS
from plugin_host.places import PLACE, ZONE
from repl.namespace import CONSTRUCTORS, Collector, collecting

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from plugin_host.parameters import Parameter

STUB = "__builtins__.pyi"
CONFIG = "pyrightconfig.json"

HEAD = '''\
"""What a piece of Sempre sees, for editors. Written by `sempre stubs`; write it anew after an update."""

# The forms of a function differ in what may be left out; the first that fits is meant.
# pyright: reportOverlappingOverload=false, reportUnusedImport=false

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any, Literal, overload

from patterns.core import Pattern
from patterns.vocabulary import Change, PatternLike, Transform
from plugin_host.specs import Chain, Effect
from repl.namespace import Collector
'''

_DECLARED_HERE = {"fx", "instrument"}
"""Constructors whose parameters stand in tables."""


def declarations() -> str:
    """Write down everything that the namespace of a piece holds."""
    parts = [HEAD]
    for name, value in CONSTRUCTORS.items():
        if name not in _DECLARED_HERE:
            module, own = getattr(value, "__module__", ""), getattr(value, "__name__", "")
            parts.append(f"from {module} import {own} as {name}\n")
    parts.append("\n_piece: Collector\n")
    for name, verb in collecting(Collector()).items():
        parts.append(f"{name} = _piece.{getattr(verb, '__name__', name)}\n")
    parts += ["\n", "\n".join(_instruments()), "\n\n", "\n".join(_effects()), "\n\n"]
    parts.append(function_stubs(without={**collecting(Collector()), **CONSTRUCTORS}))
    return "".join(parts)


def write(folder: Path) -> list[str]:
    """Write the declarations into a musician's folder, and settings for pyright where there are none.

    Args:
        folder: Where the pieces are.

    Returns:
        What was done, for people.

    Raises:
        OSError: The folder cannot be written to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / STUB).write_text(declarations(), encoding="utf-8")
    said = [f"{folder / STUB} is written"]
    config = folder / CONFIG
    project = folder / "pyproject.toml"
    # A file of its own would put what the project says out of force.
    if project.exists() and "[tool.pyright" in project.read_text(encoding="utf-8", errors="replace"):
        config = project
    if config.exists():
        said.append(f'{config} stays as it is; "extraPaths" there must hold {json.dumps(str(_code()))}')
    else:
        settings = {"typeCheckingMode": "standard", "extraPaths": [str(_code())]}
        config.write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")
        said.append(f"{config} is written")
    return said


def _code() -> Path:
    """The folder that Sempre's own packages are imported from."""
    return Path(__file__).resolve().parents[1]


def _instruments() -> Iterator[str]:
    for name, own in INSTRUMENTS.items():
        table = (*own, *PLACE, ZONE)
        yield "@overload"
        yield f"def instrument(name: Literal[{name!r}], *, {_parameters(table)}) -> Chain:"
        yield from _described(f'The built-in instrument "{name}".', table)


def _effects() -> Iterator[str]:
    yield "class _Effects:"
    for name, table in EFFECTS.items():
        given = f", {_parameters(table)}" if table else ""
        yield f"    def {name}(self{given}) -> Effect:"
        yield from (f"    {line}" for line in _described(f"The {name.replace('_', ' ')} effect.", table))
    yield ""
    yield "fx: _Effects"


def _parameters(table: Sequence[Parameter]) -> str:
    return ", ".join(f"{one.name}: {_type(one)} = {one.default!r}" for one in table)


def _type(one: Parameter) -> str:
    if one.choices:
        return f"Literal[{', '.join(map(repr, one.choices))}]"
    if one.text:
        return "str"
    return "float" if one.fixed else "float | Pattern"


def _described(first: str, table: Sequence[Parameter]) -> Iterator[str]:
    yield f'    """{first}'
    if table:
        yield "\n    Args:"
        yield from (f"        {one.name}: {one.doc} ({one.range}; {one.default})." for one in table)
    yield '    """'
