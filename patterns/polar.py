"""Places around a listener: three directions as angles and a distance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ANGLES", "polar"]

ANGLES = ("azim", "elev", "distance")
"""Degrees to the left of the front, degrees up, and 1 for where the loudspeakers are."""


def polar(said: Mapping[str, float]) -> dict[str, float]:
    """A place in angles: `x` to the right, `y` to the front and `z` up are made so.

    Source: the two kinds of coordinates of ITU-R BS.2076; here both have the same distance.

    >>> polar({"x": -2.0})
    {'azim': 90.0, 'elev': 0.0, 'distance': 2.0}
    """
    found = {name: said[name] for name in ANGLES if name in said}
    if not said.keys() & {"x", "y", "z"}:
        return found
    x, y, z = (said.get(name, 0.0) for name in ("x", "y", "z"))
    far = math.sqrt(x * x + y * y + z * z)
    level = math.hypot(x, y)
    angles = {
        "azim": math.degrees(math.atan2(0.0 - x, y)) if level else 0.0,
        "elev": math.degrees(math.atan2(z, level)) if far else 0.0,
        "distance": far,
    }
    return angles | found
