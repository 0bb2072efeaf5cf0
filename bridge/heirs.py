"""A layer that changes its instrument: the mixer is told, in time, which one follows which."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from bridge.layer import event_id, route_of
from bridge.place import Planned
from patterns.parameter_names import SUCCEEDS

if TYPE_CHECKING:
    from bridge.layer import Layer

__all__ = ["handed_over"]

HOSTED = "audio"
"""The kind of targets of which somebody has to know: those that Sempre plays itself."""


def handed_over(place: str, former: Layer | None, now: Layer | None, cycle: Fraction) -> list[Planned]:
    """What has to be said where one version of a layer follows another: nothing if both play on the same.

    It goes the way of notes, so it moves with the tempo, is taken back with them, and is known to whoever
    takes over.

    Args:
        place: The layer's place.
        former: What played there up to now.
        now: What plays there from now on.
        cycle: Where that begins.
    """
    if former is now or former is None or now is None:
        return []
    before, after = former.target, now.target
    if before is None or after is None or before.kind != HOSTED or after.kind != HOSTED:
        return []
    if before.key == after.key:
        return []
    controls: dict[str, object] = {SUCCEEDS: route_of(before.key)}
    ident = event_id(place, (cycle, cycle), controls, after.key, 0)
    return [Planned(ident, cycle, Fraction(0), None, 0.0, controls, after)]
