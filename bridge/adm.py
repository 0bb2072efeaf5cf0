"""Places for the renderers of others, by ADM-OSC: `adm_osc`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bridge.errors import BridgeError
from bridge.osc_targets import OscTarget
from bridge.osc_write import write_message
from bridge.values import number
from patterns.polar import polar

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["AIMED", "PLACED", "adm_osc", "is_adm", "write_place"]

PORT = 4001
"""Where renderers listen, by custom."""
PLACED = frozenset({"azim", "elev", "distance", "x", "y", "z", "spread", "gain"})
"""Controls that say where an object is, how wide and how loud."""
AIMED = PLACED - {"spread", "gain"}
"""Those of them that say where."""
_PATH = re.compile(r"/adm/obj/[1-9]\d*")
_ENDS = {"elev": (-90.0, 90.0), "distance": (0.0, 1.0)}
_LEAVES = {"azim": "azim", "elev": "elev", "distance": "dist"}


def adm_osc(number_: int, /, where: str = f"127.0.0.1:{PORT}") -> OscTarget:
    """Move an object in a renderer that is not ours (L-ISA, SPAT, d&b, …), by ADM-OSC.

    A layer that plays there says places: `play(azim(saw.range(-180, 180)), on=adm_osc(1))`. Signals are
    followed as often as controllers of MIDI are, steps are sent at their onsets. The object's sound goes
    there by another layer, through the outputs that the renderer hears.

    Args:
        number_: Which object, 1 and more.
        where: Host and port of the renderer.

    >>> adm_osc(3, "10.0.0.7:4001").path
    '/adm/obj/3'

    Raises:
        BridgeError: It is no number of an object, or no host with a port.
    """
    if isinstance(number_, bool) or not isinstance(number_, int) or number_ < 1:  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
        raise BridgeError(f"adm_osc takes the object's number first, 1 and more (got {number_!r})")
    host, _, port = str(where).rpartition(":")
    if not host or not port.isdigit() or not 1 <= int(port) <= 65535:
        raise BridgeError(f'adm_osc: where is a host and a port, as in "10.0.0.7:{PORT}" (got {where!r})')
    return OscTarget(host, int(port), f"/adm/obj/{number_}", 0.0, args=(), bundles=False)


def is_adm(target: object) -> bool:
    """Whether a target takes places."""
    return isinstance(target, OscTarget) and target.args == () and _PATH.fullmatch(target.path) is not None


def write_place(path: str, controls: Mapping[str, object]) -> list[bytes]:
    """What an event says of an object, as messages.

    Args:
        path: Of the object.
        controls: What the event says.

    Raises:
        ValueError: Nothing of a place, or something that is no number.

    Source: ADM-OSC 1.0: azimuth grows to the left, distance ends at 1, where ours has the loudspeakers.
    """
    said = {name: number(name, controls[name]) for name in PLACED if name in controls}
    place = polar(said)
    if not -180 <= place.get("azim", 0.0) <= 180:
        place["azim"] = (place["azim"] + 180) % 360 - 180
    for name, (low, high) in _ENDS.items():
        if name in place:
            place[name] = min(max(place[name], low), high)
    out: list[bytes] = []
    if len(place) == 1:
        ((name, value),) = place.items()
        out.append(write_message(f"{path}/{_LEAVES[name]}", [float(value)]))
    elif place:
        usual = {"azim": 0.0, "elev": 0.0, "distance": 1.0} | place
        out.append(write_message(f"{path}/aed", [float(usual[name]) for name in _LEAVES]))
    if "spread" in said:
        out.append(write_message(f"{path}/w", [min(max(said["spread"], 0.0), 1.0)]))
    if "gain" in said:
        out.append(write_message(f"{path}/gain", [max(said["gain"], 0.0)]))
    if not out:
        raise ValueError(f"{path} needs a place: azim, elev, distance, or x, y, z")
    return out
