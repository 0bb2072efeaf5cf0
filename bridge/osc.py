"""An event as an OSC bundle with a timetag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge import osc_schema
from bridge.adm import is_adm, write_place
from bridge.event import SinkEvent, TimedEvent
from bridge.layer import route_of
from bridge.osc_write import write_bundle, write_message
from bridge.values import held_for, number, pitch

if TYPE_CHECKING:
    from bridge.osc_targets import OscTarget

MIDDLE_C = 60
DIRT_NAMES = {"clip": "legato", "roomsize": "size", "tremolo": "tremolorate"}
"""What SuperDirt calls otherwise than an event does."""


def encode(target: OscTarget, event: TimedEvent, cps: float, cycle: float) -> list[SinkEvent]:
    """The bundle of one event, due for sending its target's latency before the onset.

    Its timetag is the onset on our timeline: whoever sends it puts the wall clock's time there, which may
    change meanwhile. SuperDirt stretches `delta` by `legato` itself, so that is told to it unstretched.

    Args:
        target: Host, port, path, latency, arguments.
        event: What it says; without a list of arguments all of it, names and values in turn.
        cps: Cycles per second, for SuperDirt.
        cycle: The cycle at the onset, for SuperDirt.
    """
    if is_adm(target):
        places = write_place(target.path, event.controls)
        data = places[0] if len(places) == 1 else write_bundle(places, event.at)
        return [SinkEvent(event.id, event.at, event.at, route_of(target.key), data, b"")]
    arguments: dict[str, object] = {}
    if target.dirt:
        arguments = {"_id_": event.layer, "cps": cps, "cycle": cycle, "delta": _delta(event)}
    names = DIRT_NAMES if target.dirt else {}
    arguments |= {names.get(name, name): _plain(name, value) for name, value in event.controls.items()}
    if target.dirt:
        if held_for(event.controls) is None:
            arguments.pop("sustain", None)  # a level: SuperDirt would take it for seconds
        note = pitch(event.controls)
        if note is not None:
            # SuperDirt counts notes from middle C.
            arguments["note"] = note - MIDDLE_C
        if arguments.get("unit") == "c" and "speed" in arguments and cps > 0:
            # A speed in cycles has the tempo in it already, and SuperDirt puts it in once more.
            arguments["speed"] = number("speed", arguments["speed"]) / cps
        arguments["orbit"] = int(number("orbit", arguments.get("orbit", 0)))
    if target.args is None and not osc_schema.fields(target.path):
        message = _message(target.path, arguments)
    else:
        message = _by_schema(target, event, {"layer": event.layer, "cps": cps, "cycle": cycle})
    at = event.at - target.latency
    data = write_bundle([message], event.at) if target.bundles else message
    return [SinkEvent(event.id, at, at, route_of(target.key), data, b"")]


def _by_schema(target: OscTarget, event: TimedEvent, known: dict[str, object]) -> bytes:
    says = {**known, "delta": event.duration, **event.controls}
    path, values = osc_schema.fill(target.path, target.args or (), says)
    if target.args is None:
        return _message(path, {name: _plain(name, value) for name, value in event.controls.items()})
    try:
        return write_message(path, values)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from None


def _delta(event: TimedEvent) -> float:
    legato = number("legato", event.controls.get("clip", event.controls.get("legato", 1.0)))
    stretched = held_for(event.controls) is None and legato > 0
    return event.duration / legato if stretched else event.duration


def bundle(path: str, arguments: dict[str, object], wall: float) -> bytes:
    """One message of alternating names and values in a bundle with a timetag.

    Args:
        path: OSC address.
        arguments: Texts, floats (32 bits on the way) and ints (64 bits where 32 are not enough).
        wall: Seconds since 1970.

    Raises:
        ValueError: A value cannot be sent; says which.
    """
    return write_bundle([_message(path, arguments)], wall)


def _message(path: str, arguments: dict[str, object]) -> bytes:
    flat: list[object] = []
    for name, value in arguments.items():
        flat += (name, int(value) if isinstance(value, bool) else value)
    try:
        return write_message(path, flat)
    except ValueError:
        raise ValueError(_blame(arguments)) from None


def _blame(arguments: dict[str, object]) -> str:
    """Which of them cannot be sent, and why."""
    for name, value in arguments.items():
        for one in (name, value):
            if isinstance(one, str) and "\0" in one:
                return f"a text for OSC must not contain a zero character (got {one!r})"
        try:
            write_message("/", [value])
        except ValueError:
            return f"{name} is too large for OSC (got {value})"
    return "it cannot be sent by OSC"


def _plain(name: str, value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float | str):
        return value
    return number(name, value)
