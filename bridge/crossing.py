"""From one version of a layer to the next, where the layer says how."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING, cast

from bridge.layer import Way
from patterns.combine import SILENCE
from patterns.core import BAD_VALUE
from patterns.ticks import TICKS, to_ticks
from patterns.transitions import xfade_in

if TYPE_CHECKING:
    from bridge.layer import Layer
    from bridge.transport import Transport

LONGEST = 64
"""Cycles after which a layer has come from nowhere: it no longer carries what it was before."""


def arrived(begun: Fraction, layer: Layer | None, boundary: Fraction, transport: Transport) -> Layer | None:
    """A layer as it plays at a boundary: a jump of the transport ends its way from the version before it.

    Args:
        begun: The cycle at which it began.
        layer: The layer.
        boundary: The cycle that is asked about.
        transport: Knows of jumps; cycles are those that pass.
    """
    since = transport.stretch(boundary).begin
    if layer is None or layer.way is None or since is None or since <= begun:
        return layer
    return replace(layer, pattern=layer.way.after, way=None)


def crossed(former: Layer | None, layer: Layer, boundary: Fraction, *, changed: bool) -> Layer:
    """The layer as it plays from a boundary on: on its way from the version before it.

    Args:
        former: The version that plays until then.
        layer: The new version.
        boundary: The cycle of the piece at which it begins.
        changed: Whether it says something new; if not, a way that has begun goes on.

    Returns:
        The layer itself if it has no transition, if nothing was before it, or if the way cannot be gone:
        folds of one name may not be in two patterns at once.
    """
    if layer.transition is None or former is None:
        return layer
    if changed:
        before, at = former.way.after if former.way else former.pattern, boundary
    elif former.way is not None and boundary < former.way.at + LONGEST:
        before, at = former.way.before, former.way.at
    else:
        return layer
    begin = to_ticks(boundary)
    try:
        pattern = layer.transition(before, layer.pattern, at=at)
        pattern.answer(begin, begin + TICKS)
    except BAD_VALUE:
        return layer
    return replace(layer, pattern=pattern, way=Way(before, layer.pattern, at))


def leaving(former: Layer, boundary: Fraction, cycles: Fraction) -> tuple[Layer, Fraction] | None:
    """A layer on its way into silence, and how many cycles that takes.

    Args:
        former: The version that plays until then.
        boundary: The cycle of the piece at which it begins to leave.
        cycles: In which it fades, unless its own transition names a number: then it leaves by that.

    Returns:
        None if there is no such way: it ends at the boundary.
    """
    way, length = former.transition or partial(xfade_in, cycles=cycles), cycles
    own: object = former.transition
    if isinstance(own, partial):
        named: object = cast("partial[object]", own).keywords.get("cycles")
        length = Fraction(named).limit_denominator(1000) if isinstance(named, int | float) else cycles
    if length <= 0:
        return None
    left = crossed(former, replace(former, pattern=SILENCE, transition=way, way=None), boundary, changed=True)
    return (left, length) if left.way is not None else None
