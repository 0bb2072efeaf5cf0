"""A bus goes on as another when all who play into it leave for that together: it keeps what it holds."""

from collections.abc import Callable, Mapping
from typing import Final

from plugin_host.graph import Graph
from plugin_host.kinship import same_shape
from plugin_host.strip import Strip

__all__ = ["Beside", "bring_buses", "nobody"]

Beside = Callable[[], Mapping[int, int]]
"""Gives the routes which everybody leaves at this moment, with those that follow them."""
SILENT: Final = 1e-5
"""Amplitude up to which nothing is heard: -100 dB."""


def nobody() -> dict[int, int]:
    """Where no route is left at this moment."""
    return {}


def bring_buses(strips: Mapping[int, Strip], graph: Graph, former: int, route: int, beside: Beside) -> None:
    """Let the buses of a route that is left go on as those of its successor, if they can.

    They can where old and new differ in numbers alone, where everybody who sounds in the old ones leaves
    them now, and where the new ones have not been heard yet. Else nothing is changed: notes then pass from
    one bus to the other.

    Args:
        strips: By route.
        graph: Their buses.
        former: The route that is left.
        route: Its successor.
        beside: What else is left at this moment.
    """
    old, new = strips[former], strips[route]
    if old.into is None or new.into is None or old.into.chain == new.chain.to:
        return
    ways = beside()
    if ways.get(former) != route:
        return
    pairs = [(strips[one], strips[other]) for one, other in ways.items() if one in strips and other in strips]
    pairs = [(one, other) for one, other in pairs if one.into is not other.into]
    trades: dict[int, tuple[Strip, Strip]] = {}
    for one, other in pairs:
        if one.into is None or other.into is None or not same_shape(one.into.chain, other.into.chain):
            return
        for bus, follower in zip(one.way, other.way, strict=True):
            if bus is not follower and trades.setdefault(id(bus), (bus, follower))[1] is not follower:
                return
    if any(follower.meter.last > SILENT for _, follower in trades.values()):
        return
    leaving = {id(one) for one, _ in pairs}
    for strip in strips.values():
        sounds = strip.bank.count or strip.meter.last > SILENT
        if sounds and id(strip) not in leaving and any(id(bus) in trades for bus in strip.way):
            return
    for bus, follower in trades.values():
        graph.trade(bus, follower)
    for one, other in pairs:
        if one.asleep:
            continue
        if not other.bank.count and same_shape(one.chain, other.chain):
            one.into, other.into = (
                other.into,
                one.into,
            )  # it goes on itself, and waits where its successor did
        else:
            one.into = other.into
