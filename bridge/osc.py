"""An event as an OSC bundle with a timetag; the only module that knows python-osc."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from bridge.event import SinkEvent, TimedEvent
from bridge.layer import route_of
from bridge.values import number, pitch

if TYPE_CHECKING:
    from bridge.targets import OscTarget

MIDDLE_C = 60


def encode(target: OscTarget, event: TimedEvent, cps: float, wall: float, cycle: float) -> list[SinkEvent]:
    """The bundle of one event, due for sending its target's latency before the onset.

    Args:
        target: Host, port, path, latency.
        event: Everything that it says is sent, names and values in turn.
        cps: Cycles per second, for SuperDirt.
        wall: The wall clock's time at the onset, in seconds since 1970; becomes the timetag.
        cycle: The cycle at the onset, for SuperDirt.
    """
    arguments: dict[str, object] = {}
    if target.dirt:
        arguments = {"_id_": event.layer, "cps": cps, "cycle": cycle, "delta": event.duration}
    arguments |= {name: _plain(name, value) for name, value in event.controls.items()}
    if target.dirt:
        note = pitch(event.controls)
        if note is not None:
            # SuperDirt counts notes from middle C.
            arguments["note"] = note - MIDDLE_C
        arguments["orbit"] = int(number("orbit", arguments.get("orbit", 0)))
    at = event.at - target.latency
    return [SinkEvent(event.id, at, at, route_of(target.key), bundle(target.path, arguments, wall), b"")]


def bundle(path: str, arguments: dict[str, object], wall: float) -> bytes:
    """One message of alternating names and values in a bundle with a timetag."""
    from pythonosc.osc_bundle_builder import OscBundleBuilder
    from pythonosc.osc_message_builder import OscMessageBuilder

    message = OscMessageBuilder(address=path)
    for name, value in arguments.items():
        message.add_arg(name)
        message.add_arg(cast("float", value))
    whole = OscBundleBuilder(wall)  # pyright: ignore[reportArgumentType] - the stub says int, seconds are read as float
    whole.add_content(message.build())
    return whole.build().dgram


def _plain(name: str, value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float | str):
        return value
    return number(name, value)
