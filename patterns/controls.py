"""The controls: what an event can tell an instrument, as functions and methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from patterns.alignment import merge_values
from patterns.chord_names import expand_chord
from patterns.combine import fmap, spread
from patterns.control_examples import example_of
from patterns.control_table import TABLE, Control, key_of
from patterns.core import Pattern
from patterns.errors import PatternError
from patterns.joining import app_left
from patterns.kinds import is_controls, is_list
from patterns.reading import reify
from patterns.registry import Entry, add, camel, is_free
from patterns.tonality import note_number

GROUP = "Controls"


def _maker(control: Control) -> Callable[[Any], Any]:
    """Make the function from a value to a dict of controls."""
    first = key_of(control)
    name = control.name
    keys = (first, *control.spreads)
    preset = dict(control.preset)
    simple = not preset and not control.fill

    def make(value: Any) -> Any:
        if simple and (value.__class__ is float or value.__class__ is int):  # as signals give for each hap
            return {first: value}
        if is_list(value):
            values = value
            if len(values) > len(keys):
                if control.lists:
                    return {**preset, first: values}
                raise PatternError(f"{name} takes {_at_most(keys)}, found {':'.join(map(str, values))}")
            if len(keys) == 1 and control.lists:
                return {**preset, first: values}
            found = {**preset, **dict(zip(keys, values, strict=False))}
            if control.fill == "first":
                found = {**dict.fromkeys(keys, values[0]), **found}
            return found
        if is_controls(value):
            if "value" not in value:
                return value
            return {**{key: part for key, part in value.items() if key != "value"}, **make(value["value"])}
        if control.numeric and isinstance(value, str):
            raise PatternError(f"{name} wants a number, found {value!r}")
        if simple:
            return {first: value}
        return {**dict.fromkeys(keys if control.fill else (first,), value), **preset}

    return make


def _at_most(keys: tuple[str, ...]) -> str:
    if len(keys) == 1:
        return "one value, not several joined by colons"
    return f"at most {len(keys)} values joined by colons ({':'.join(keys)})"


def _checked_note(value: Any) -> list[Any]:
    """Check the name of a note; `c'maj` and the like become several notes."""
    if is_controls(value):
        if "value" not in value:
            return [value]
        rest = {key: part for key, part in value.items() if key != "value"}
        return [{**rest, **note} for note in _checked_note(value["value"])]
    if is_list(value):
        values = value
        note_number(values[0])
        return [dict(zip(("note", "n"), values, strict=False))]
    if isinstance(value, str) and "'" in value:
        return [{"note": each} for each in expand_chord(value)]
    note_number(value)
    return [{"note": value}]


def _one_note(value: Any) -> Any:
    found = _checked_note(value)
    if len(found) != 1:
        raise PatternError(f"{value!r} is a chord")
    return found[0]


def set_note(value: Any) -> Pattern:
    """Make a pattern of notes from names, numbers and chords such as `c'maj`."""
    pattern = reify(value)
    if pattern.atom is not None:
        atom = pattern.atom[0]
        return (
            spread(pattern, _checked_note)
            if isinstance(atom, str) and "'" in atom
            else fmap(pattern, _one_note)
        )
    return spread(pattern, _checked_note)


def _install(name: str, control: Control) -> None:
    make = _maker(control)

    def build(*values: Any) -> Pattern:
        if not values:
            raise TypeError(f"{name} wants a value, text or a pattern")
        value = values[0] if len(values) == 1 else list(values)
        return set_note(value) if control.name == "note" else fmap(reify(value), make)

    def method(pattern: Pattern, *values: Any) -> Pattern:
        if not values:
            return spread(pattern, _checked_note) if control.name == "note" else fmap(pattern, make)
        return app_left(pattern, build(*values), merge_values)

    build.__name__ = method.__name__ = name
    unit = f" ({control.range})" if control.range else ""
    doc = (
        f"{control.doc}{unit}."
        if name == control.name
        else f"Same as {control.name}: {control.doc.lower()}{unit}."
    )
    build.__doc__ = method.__doc__ = doc
    setattr(Pattern, name, method)
    add(
        Entry(
            name, "control", GROUP, build, doc, example_of(control, name), "(value)",
            control.strudel if control.strudel is not None and name == control.name else camel(name),
            is_method=True, is_function=control.alone and is_free(name),
        ),
        build,
    )  # fmt: skip


for _control in TABLE:
    for _name in (_control.name, *_control.aliases):
        _install(_name, _control)
