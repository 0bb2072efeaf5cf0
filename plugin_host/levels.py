"""How loud everything is that has a name: routes, layers, buses, what comes in, and the whole."""

import math
from collections.abc import Iterable, Mapping

from plugin_host.graph import Graph
from plugin_host.intake import Inputs
from plugin_host.master import Master
from plugin_host.strip import Strip

__all__ = ["Levels", "levels_of", "together"]

Levels = dict[str, float]
"""Peak and rms, in dB; -200 for silence."""


def levels_of(strips: Mapping[int, Strip], graph: Graph, inputs: Inputs, master: Master) -> dict[str, object]:
    """How loud it was since this was last asked.

    Args:
        strips: By route.
        graph: What knows the buses, and which layer plays where.
        inputs: What comes in.
        master: The end of all.

    Returns:
        Peak and rms for each route by its number, for "bus drums", "layer bass", "input in_1" and what else
        there is, and for "master", there with the limiter's reduction; for a route of a plugin also the
        blocks that were missing, and how often it failed. Layers that play one and the same instrument have
        one level. For each plugin that has failed and is played, such as "plugin 'Probe' of the layer
        'bass'", how often, and whether it is left alone: 1.0 or 0.0.
    """
    out: dict[str, object] = {}
    read: dict[int, Levels] = {}
    for route, strip in sorted(strips.items()):
        sums = ("missing", "failures") if strip.links else ()
        own = {name: sum(getattr(link, name) for link in strip.links) for name in sums}
        read[id(strip)] = strip.meter.read()
        out[str(route)] = read[id(strip)] | own
    for bus in graph.buses:
        out[f"bus {bus.chain.instrument.name}"] = bus.meter.read()
    for strip in (*strips.values(), *graph.buses):
        for link in strip.links if not strip.asleep else ():
            if link.failures:
                state = {"failures": float(link.failures), "left_alone": float(link.left_alone)}
                out[f"plugin {link.name!r}{link.whose}"] = state
    for name, playing in graph.players().items():
        out[f"layer {name}"] = together(read[id(one)] for one in playing)
    for name, level in inputs.levels().items():
        out[f"input {name}"] = level
    out["master"] = master.meter.read() | {"reduction": round(master.limiter.reduction, 2)}
    return out


def together(several: Iterable[Levels]) -> Levels:
    """The level of what is heard in several places, such as a layer on two orbits.

    >>> together([{"peak": -6.0, "rms": -20.0}, {"peak": -12.0, "rms": -20.0}])
    {'peak': -6.0, 'rms': -16.99}
    """
    rows = [*several]
    power = sum(10 ** (row["rms"] / 10) for row in rows)
    rms = round(10 * math.log10(max(power, 1e-20)), 2)
    return {"peak": max((row["peak"] for row in rows), default=-200.0), "rms": rms}
