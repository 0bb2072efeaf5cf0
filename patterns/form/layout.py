"""Laying out a form: its sections, their order or the ways between them, and the buttons that steer it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from patterns.arguments import number, told, whole
from patterns.core import Pattern
from patterns.errors import PatternError
from patterns.form.plans import Plan, Section
from patterns.form.sections import Form
from patterns.kinds import is_controls, is_sequence
from patterns.registry import function, nearest

__all__ = ["GROUP", "form", "section"]

GROUP = "Form"

_LONGEST = 65_536  # cycles of a section
_MOST = 256  # sections, places in an order, levels
_GO = re.compile(r"go (?P<section>.+?)(?: (?P<cycles>\d{1,5}))?")
_BUILD = re.compile(r"build (?P<cycles>[1-9]\d{0,4})(?: (?P<section>.+))?")


@function(GROUP, strudel="")
def section(name: str, cycles: Any = 8, **targets: Any) -> Section:
    """Say of a section how long it is and what it aims at; `form` puts sections together.

    >>> section("verse", 16, energy=[0.25, 0.75], density=0.5).level("energy", 0.5)
    0.5

    Args:
        name: What it is called.
        cycles: How long it is, 1 to 65536 whole cycles.
        targets: Levels from 0 to 1 by name: energy, density, brightness, tension, register, and what you
            like; a list is spread over its length, with straight lines between; a signal, such as what
            `measured` gives, is followed.
    """
    if not isinstance(name, str) or not name.strip() or not name.isprintable() or len(name) > 80:  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
        raise PatternError(f'section wants its name first, as in section("verse", 16), found {told(name)}')
    found = number("section: cycles", cycles)
    if found != int(found):
        raise PatternError(f"section: cycles wants a whole number, found {told(cycles)}")
    long = whole("section: cycles", found, 1, _LONGEST)
    signals = {key: value for key, value in targets.items() if isinstance(value, Pattern)}
    levels = {key: _levels(key, value) for key, value in targets.items() if key not in signals}
    return Section(str(name), long, levels, signals)


def _levels(name: str, value: Any) -> tuple[float, ...]:
    rows = value if is_sequence(value) else [value]
    if not 0 < len(rows) <= _MOST:
        raise PatternError(f"section: {name}= wants 1 to {_MOST} levels, found {len(rows)}")
    found = tuple(float(number(f"section: {name}=", row)) for row in rows)
    if not all(0 <= level <= 1 for level in found):
        raise PatternError(f"section: {name}= wants levels from 0 to 1, found {told(value)}")
    return found


@function(GROUP, strudel="")
def form(
    *sections: Section,
    order: Any = "",
    paths: Mapping[str, Any] | None = None,
    blend: Any = 0,
    ends: bool = False,
    seed: int = 0,
    name: str = "form",
    buttons: Mapping[str, str] | None = None,
) -> Form:
    """Lay out a piece: sections with their aims, as signals that any layer reads, to be steered live.

    >>> song = form(section("verse", 8, energy=0.25), section("chorus", 8, energy=0.75))
    >>> [hap.value["gain"] for hap in s("bd").gain(song.energy).haps(7, 9)]
    [0.25, 0.75]

    Args:
        sections: Made by `section`, 1 to 256.
        order: Their names as they follow one another, such as "intro verse chorus verse"; as they are given
            unless said. After the last it begins anew.
        paths: Instead of an order: for each section the names of those that may follow, such as
            `{"a": "a b b", "b": "a"}`; chance takes one, a name that stands there twice twice as often.
        blend: Cycles at the begin of a section, 0 to 4096, in which the levels come from where they were.
        ends: Nothing comes after the order: all levels are 0 and no section plays.
        seed: Decides the ways by chance and the variations.
        name: Under which it is steered, where a piece has several forms.
        buttons: Names of buttons, as `button` has them, and what they say when they are struck:
            "go bridge 4", "build 16" or "build 16 chorus".

    `song.energy`, `.density`, `.brightness`, `.tension`, `.register` and `.target("…")` are levels,
    `.section("…")`, `.begins(n)` and `.ends(n)` are true or false, `.progress`, `.visit` and `.sections` say
    where it is; `.parts({…})` and `.again(…)` play. While it plays, `go("chorus", 4)` goes to a section in
    four cycles, `build(16)` lets all rise for sixteen.
    """
    if not sections or not all(isinstance(each, Section) for each in sections):  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
        raise TypeError('form wants sections, as in form(section("verse", 16), section("chorus", 8))')
    if len(sections) > _MOST:
        raise PatternError(f"form takes up to {_MOST} sections, found {len(sections)}")
    numbers = {each.name: place for place, each in enumerate(sections)}
    if len(numbers) < len(sections):
        raise PatternError("two sections of a form have the same name: let order= say which comes again")
    if not isinstance(name, str) or not name.isprintable() or not 0 < len(name) <= 80:  # pyright: ignore[reportUnnecessaryIsInstance] - as above
        raise TypeError(f"form: name= wants a short text, found {told(name)}")
    if paths is not None and order:
        raise PatternError("form takes order= or paths=, not both of them")
    after: tuple[tuple[int, ...], ...] = ()
    way = tuple(numbers.values())
    if paths is not None:
        after, way = _after(paths, numbers), ()
    elif order:
        way = _names("order=", order, numbers)
    chance = whole("form: seed=", seed, -(2**63), 2**63)
    said = _buttons({} if buttons is None else buttons, numbers)
    plan = Plan(tuple(sections), way, after, bool(ends), chance, name, said)
    return Form(plan, whole("form: blend=", blend, 0))


def _buttons(given: Any, numbers: Mapping[str, int]) -> tuple[tuple[str, int, int, bool], ...]:
    if not is_controls(given):
        raise TypeError(f'form: buttons= wants {{"pad": "go bridge 4"}}, found {told(given)}')
    rows: list[tuple[str, int, int, bool]] = []
    for name, said in given.items():
        found = _GO.fullmatch(str(said)) or _BUILD.fullmatch(str(said))
        if found is None or not isinstance(said, str):
            raise PatternError(f'form: a button says "go bridge 4" or "build 16 chorus", found {told(said)}')
        where = _names("buttons=", [found["section"]], numbers)[0] if found["section"] else -1
        rows.append((str(name), where, int(found["cycles"] or 0), found.re is _BUILD))
    return tuple(rows)


def _names(what: str, given: Any, numbers: Mapping[str, int]) -> tuple[int, ...]:
    names = given.split() if isinstance(given, str) else given
    if not is_sequence(names) or not 0 < len(names) <= _MOST:
        raise PatternError(f"form: {what} wants 1 to {_MOST} names of sections, found {told(given)}")
    for one in names:
        if not isinstance(one, str) or one not in numbers:
            hint = nearest(str(one), list(numbers)) or f"; there is {', '.join(numbers)}"
            raise PatternError(f"form: {what} has no section {told(one)}{hint}")
    return tuple(numbers[one] for one in names)


def _after(paths: Any, numbers: Mapping[str, int]) -> tuple[tuple[int, ...], ...]:
    if not is_controls(paths):
        raise TypeError(f'form: paths= wants {{"a": "b c", …}}, found {told(paths)}')
    rows: list[tuple[int, ...]] = []
    for one in paths:
        _names("paths=", [one], numbers)
    for name in numbers:
        if name not in paths:
            raise PatternError(f"form: paths= says nothing of what follows {name!r}")
        rows.append(_names("paths=", paths[name], numbers))
    return tuple(rows)
