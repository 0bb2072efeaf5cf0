"""Buses by their names: that a piece means one where it says one, and who plays into which."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast, overload

from patterns.registry import namespace
from plugin_host import specs
from plugin_host.errors import nearest
from plugin_host.specs import Chain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bridge.layer import Layer, Target
    from patterns.core import Pattern

__all__ = ["agreed", "bus", "names_of", "names_of_target", "unheard"]


@overload
def bus(name: str, **params: object) -> Chain: ...
@overload
def bus(name: int | Pattern) -> Pattern: ...
def bus(name: str | int | Pattern, **params: object) -> Chain | Pattern:
    """A bus: what several instruments play into, with effects, a fader and sends of its own.

    `kit | drumbus` plays into it; buses may play into buses. Where two are equal they are one.

    Args:
        name: What it is called: a word, such as "drumbus". A number is SuperDirt's control of that name.
        **params: gain, pan, room, delay, duck; space ("own": an echo and a reverb of its own). They count
            after its effects. A signal moves its parameter.

    Raises:
        HostError: It has no such parameter.
        TypeError: A value of a wrong kind.
        ValueError: A value out of range, or a name that is no word.

    >>> drumbus = bus("drumbus", gain=0.8)
    >>> drumbus.path
    ()
    """
    if isinstance(name, str) and not name[:1].isdigit():
        return specs.bus(name, **params)
    return cast("Callable[[object], Pattern]", namespace()["bus"])(name)


def agreed(target: Target | None, known: dict[str, Chain]) -> None:
    """Take down the buses on the way of a target.

    Args:
        target: Where a layer plays.
        known: The buses of the piece so far, by name; those of this target are added.

    Raises:
        ValueError: One of them has the name of another that is not the same.
    """
    if not isinstance(target, Chain):
        return
    own = (target,) if target.instrument.kind == "bus" else ()
    for bus in (*own, *target.path):
        name = bus.instrument.name
        if known.setdefault(name, bus) != bus:
            raise ValueError(
                f"bus {name!r} is there already, with other effects or values: make it once, "
                f"as in {name} = bus({name!r}), and let instruments play into that, as in ... | {name}"
            )


def names_of(name: str, layer: Layer | None) -> frozenset[str]:
    """The names by which a layer is muted or heard alone: its own, and those of the buses that it plays into.

    Args:
        name: Its own.
        layer: What plays there.

    >>> from bridge.layer import Layer
    >>> from patterns.builders import SILENCE
    >>> from plugin_host.specs import bus, instrument
    >>> sorted(names_of("hats", Layer(SILENCE, instrument("drums") | bus("kit"))))
    ['hats', 'kit']
    """
    return names_of_target(name, None if layer is None else layer.target)


def names_of_target(name: str, target: Target | None) -> frozenset[str]:
    """The same of a layer by where it plays."""
    if not isinstance(target, Chain):
        return frozenset({name})
    own = (target,) if target.instrument.kind == "bus" else ()
    return frozenset({name, *(bus.instrument.name for bus in (*own, *target.path))})


def unheard(layers: Mapping[str, Layer], among: Mapping[str, Layer]) -> Iterator[tuple[int, str]]:
    """What gives way to something that is not there: the line, and what is to be said.

    Args:
        layers: Of a piece or a statement, by name.
        among: All that play beside them, by name.
    """
    there = {one for name, layer in {**among, **layers}.items() for one in names_of(name, layer)}
    told: set[str] = set()
    for layer in layers.values():
        target = layer.target
        for chain in (target, *target.path) if isinstance(target, Chain) else ():
            for name in (str(one["by"]) for one in chain.effects if one.name == "duck"):
                if name not in there | told:
                    told.add(name)
                    yield (
                        layer.where,
                        f"fx.duck(by={name!r}): no layer or bus is called so; {nearest(name, there)}",
                    )
