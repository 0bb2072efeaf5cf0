"""Parameters of instruments, effects and plugins, as a pattern moves them."""

from __future__ import annotations

import math
from typing import Any

from patterns.alignment import merge
from patterns.arguments import number as number_of
from patterns.combine import fmap
from patterns.core import Flat, Pattern
from patterns.errors import PatternError
from patterns.parameter_names import OWN, PARAM
from patterns.reading import reify
from patterns.registry import Entry, add
from patterns.state import Walk
from patterns.ticks import Time


def _position(name: str, value: Any) -> float:
    found = float(number_of(name, value))
    if not math.isfinite(found):
        raise PatternError(f"{name} must be a number (got {found})")
    return found


def param(name: str, value: Any) -> Pattern:
    """Move a parameter of the instrument, effect or plugin that plays: 0 is its lowest, 1 its highest.

    >>> param("cutoff", "0 .5").haps(0, 1)[1].value
    {'param.cutoff': 0.5}

    Args:
        name: Of the parameter, as in the instrument's own brackets; an effect's with the effect before it,
            as in "reverb.room_size".
        value: Where it stands, 0 to 1: frequencies and times by octaves, the others evenly. A signal alone
            is followed between the onsets too; with a note it holds for that note.
    """
    if not isinstance(name, str) or not name.strip():  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
        raise PatternError(f"param wants the name of a parameter first, found {name!r}")
    key = f"{PARAM}{str(name).strip()}"
    return fmap(reify(value), lambda each: {key: _position(f"param {name}", each)})


def in_own_unit(name: str, value: Pattern) -> Pattern:
    """The same with values in the parameter's own unit; for signals that stand in a chain.

    Chance is the same in whatever layer it is asked: all that play in a chain must agree on where it stands.

    >>> in_own_unit("cutoff", reify(800)).haps(0, 1)[0].value
    {'own.cutoff': 800.0}

    Args:
        name: Of the parameter.
        value: Its values.
    """

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        before = walk.seed, walk.drawn, walk.key
        walk.seed, walk.drawn, walk.key = 0, {}, {}
        try:
            return value.run(begin, end, walk)
        finally:  # a value that fails is caught outside, and others are drawn there
            walk.seed, walk.drawn, walk.key = before

    same = Pattern(run, value.steps, value.period, value.reads, seams=value.seams, discrete=value.discrete)
    return fmap(same, lambda each: {f"{OWN}{name}": _position(name, each)})


def _as_method(pattern: Pattern, name: str, value: Any) -> Pattern:
    return merge(pattern, param(name, value))


def _install(name: str) -> None:
    _as_method.__name__ = name
    _as_method.__doc__ = param.__doc__
    setattr(Pattern, name, _as_method)


_install("param")
add(
    Entry(
        "param", "function", "Controls", param, (param.__doc__ or "").partition("\n")[0],
        'note("c e g").param("cutoff", sine.range(.2, .8).slow(4))', "(name, value)", "",
        is_method=True, is_function=True, tidal="",
    ),
    param,
)  # fmt: skip
