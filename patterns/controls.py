"""The table of controls: what a hap can tell an instrument."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from patterns.alignment import merge_values
from patterns.combine import fmap
from patterns.core import Pattern
from patterns.joining import app_left
from patterns.reading import reify
from patterns.registry import Entry, add

TABLE: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
    (("s", "n", "gain"), ("sound",)),
    (("n",), ()),
    (("note", "n"), ()),
    (("gain",), ()),
    (("velocity",), ()),
    (("pan",), ()),
    (("legato",), ("clip",)),
    (("channel",), ()),
    (("cut",), ()),
    (("cutoff",), ("lpf",)),
    (("room",), ()),
    (("speed",), ()),
]


def _maker(names: tuple[str, ...]) -> Callable[[Any], Any]:
    first = names[0]

    def make(value: Any) -> Any:
        if isinstance(value, tuple):
            return dict(zip(names, value, strict=False))
        if isinstance(value, dict):
            return value
        return {first: value}

    return make


def _install(name: str, names: tuple[str, ...]) -> None:
    make = _maker(names)

    def build(value: Any) -> Pattern:
        return fmap(reify(value), make)

    def method(pattern: Pattern, value: Any) -> Pattern:
        return app_left(pattern, build(value), merge_values)

    setattr(Pattern, name, method)
    add(
        Entry(name, "control", "Controls", build, "", "", "(value)", name, is_method=True, is_function=True),
        build,
    )


for _names, _aliases in TABLE:
    for _name in (_names[0], *_aliases):
        _install(_name, _names)
