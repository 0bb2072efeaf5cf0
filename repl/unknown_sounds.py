"""Sounds that a piece names and that nobody has: neither the kit nor a folder of samples."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from patterns.errors import SempreError
from patterns.ticks import TICKS
from plugin_host.drum_table import ALIASES, NAMES
from plugin_host.errors import nearest
from plugin_host.instrument_table import INSTRUMENTS
from plugin_host.sample_folders import located, sound_names
from plugin_host.specs import Chain
from repl.sinks import SHORT, default_target

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from bridge.layer import Layer, Target
    from patterns.where import Where

__all__ = ["unknown_sounds"]

CYCLES = 4
"""So many cycles of each layer are looked at."""
RAISED = (ArithmeticError, AttributeError, LookupError, RuntimeError, SempreError, TypeError, ValueError)
"""What a musician's own functions may raise in a query."""


def unknown_sounds(
    layers: Mapping[str, Layer], samples: Sequence[str]
) -> Iterator[tuple[tuple[Where, ...], str, str]]:
    """The sounds of which there are none: where they may be written, their names, and what is to be said.

    Args:
        layers: Of a piece or a statement, by name.
        samples: The musician's folders of samples.
    """
    known: dict[str, frozenset[str]] = {}
    told: set[str] = set()
    for target, name, where in _named(layers.values()):
        place = _place(target)
        if name in told or place is None:
            continue
        if place not in known:
            known[place] = _known(place, samples)
        there = known[place]
        # A folder that is not there, or in which nothing is, is told of elsewhere.
        if there and name not in there and (place or name.lower() not in there):
            told.add(name)
            yield where, name, f"no sound {name!r}; {nearest(name, there)}"


def _named(layers: Iterable[Layer]) -> Iterator[tuple[Target, str, tuple[Where, ...]]]:
    """The sounds that are named, with where they play, and where they may be written."""
    for layer in layers:
        try:
            haps = layer.pattern.answer(0, CYCLES * TICKS).haps
        except RAISED:
            continue  # it is told of when it is to sound
        for hap in haps:
            value: object = hap.value
            if isinstance(value, dict):
                controls = cast("dict[str, object]", value)
                if "s" in controls:
                    yield layer.target or default_target(controls), str(controls["s"]), hap.where


def _place(target: Target) -> str | None:
    """Where a target looks for its sounds: a sampler's folder, "" for the kit; None where it has none."""
    if not isinstance(target, Chain):
        return None
    source = target.instrument
    if source.kind == "sampler":
        return None if source.name.lower().endswith((".sfz", ".sf2")) else source.name
    return "" if source.name == "drums" and source.kind == "builtin" else None


def _known(place: str, samples: Sequence[str]) -> frozenset[str]:
    """The names that are known there."""
    if place:
        return frozenset(sound_names((located(place, samples),)))
    return frozenset((*NAMES, *ALIASES, *INSTRUMENTS, *SHORT, *sound_names(samples)))
