"""How a sound says where it is in the room: the parameters of its place, and what an event says of it."""

from collections.abc import Mapping
from typing import Final

from patterns.polar import polar
from plugin_host.parameters import Parameter

__all__ = ["PLACE", "SAID", "place_of", "with_place"]

PLACE: Final[tuple[Parameter, ...]] = (
    Parameter("azim", 0.0, -180, 180, "degrees", "where it is around you: 0 in front, 90 left, -90 right"),
    Parameter("elev", 0.0, -90, 90, "degrees", "how high it is: 90 is overhead, -90 below"),
    Parameter("distance", 1.0, 0, 100, "", "how far it is: 1 as the loudspeakers, 0 in the middle of all"),
    Parameter("spread", 1 / 3, 0, 1, "", "how wide it is: 0 is a point, 1/3 a pair as in stereo, 1 a wall"),
    Parameter("lfe", 0.0, 0, 1, "", "how much of it below 120 Hz goes to the LFE"),
)
"""How a chain stands in the room; `param` moves them by position, evenly."""

SAID: Final[dict[str, tuple[float, float]]] = {
    # A turn may go on and on: 270 degrees is -90.
    "azim": (-1e6, 1e6),
    **{one.name: (one.low, one.high) for one in PLACE[1:]},
    **dict.fromkeys("xyz", (-100.0, 100.0)),
}
"""What an event says of its place, and the range that each number is kept in."""


ZONE: Final = Parameter("zone", "", doc="the room of the layout in which it is heard", text=True)
"""In which room, where the layout has several; it cannot be moved."""


def with_place(table: tuple[Parameter, ...], given: Mapping[str, object]) -> tuple[Parameter, ...]:
    """The parameters of a chain with those of its place that were given.

    Only with these: a chain that says nothing of its place keeps its key, and so its route.

    Args:
        table: Its own.
        given: What was said, by name.
    """
    own = {one.name for one in table}
    return (*table, *(one for one in (*PLACE, ZONE) if one.name in given and one.name not in own))


def place_of(numbers: Mapping[str, float]) -> dict[str, float]:
    """The place that an event says, in angles: `x` to the right, `y` to the front and `z` up are made so.

    A spread alone says of no place: other instruments than ours have one, too.

    Args:
        numbers: What it says, by the names of `PLACE` and x, y, z.

    >>> place_of({"x": -2.0})
    {'azim': 90.0, 'elev': 0.0, 'distance': 2.0}
    """
    found = {one.name: numbers[one.name] for one in PLACE if one.name in numbers}
    if found.keys() <= {"spread"} and not numbers.keys() & {"x", "y", "z"}:
        return {}
    return {**polar(numbers), **{name: found[name] for name in ("spread", "lfe") if name in found}}
