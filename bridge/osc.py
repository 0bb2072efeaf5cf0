"""An event as an OSC bundle with a timetag."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from bridge.event import SinkEvent, TimedEvent
from bridge.layer import route_of
from bridge.values import held_for, number, pitch

if TYPE_CHECKING:
    from bridge.targets import OscTarget

MIDDLE_C = 60
NTP = 2_208_988_800
"""Seconds from 1900 to 1970."""

DIRT_NAMES = {"clip": "legato", "roomsize": "size", "tremolo": "tremolorate"}
"""What SuperDirt calls otherwise than an event does."""

_BUNDLE = struct.Struct(">8sIIi")
_INT, _LONG, _FLOAT = struct.Struct(">i"), struct.Struct(">q"), struct.Struct(">f")


def encode(target: OscTarget, event: TimedEvent, cps: float, wall: float, cycle: float) -> list[SinkEvent]:
    """The bundle of one event, due for sending its target's latency before the onset.

    SuperDirt stretches `delta` by `legato` itself, so that is told to it unstretched.

    Args:
        target: Host, port, path, latency.
        event: Everything that it says is sent, names and values in turn.
        cps: Cycles per second, for SuperDirt.
        wall: The wall clock's time at the onset, in seconds since 1970; becomes the timetag.
        cycle: The cycle at the onset, for SuperDirt.
    """
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
        arguments["orbit"] = int(number("orbit", arguments.get("orbit", 0)))
    at = event.at - target.latency
    return [SinkEvent(event.id, at, at, route_of(target.key), bundle(target.path, arguments, wall), b"")]


def _delta(event: TimedEvent) -> float:
    legato = number("legato", event.controls.get("clip", event.controls.get("legato", 1.0)))
    stretched = held_for(event.controls) is None and legato > 0
    return event.duration / legato if stretched else event.duration


def bundle(path: str, arguments: dict[str, object], wall: float) -> bytes:
    """One message of alternating names and values in a bundle with a timetag.

    Written here and not by python-osc, which takes 102 us for an event of SuperDirt; this takes a tenth.

    Args:
        path: OSC address.
        arguments: Texts, floats (32 bits on the way) and ints (64 bits where 32 are not enough).
        wall: Seconds since 1970.

    Source: OSC 1.0 specification; timetags as in NTP, from 1900.
    """
    tags, data = [","], [b""]
    for name, value in arguments.items():
        for one in (name, value):
            tag, part = _argument(name, one)
            tags.append(tag)
            data.append(part)
    message = b"".join((_text(path), _text("".join(tags)), *data))
    ntp = wall + NTP
    whole = int(ntp)
    return _BUNDLE.pack(b"#bundle\0", whole, int((ntp - whole) * 4294967296), len(message)) + message


def _argument(name: str, value: object) -> tuple[str, bytes]:
    if isinstance(value, str):
        return "s", _text(value)
    if isinstance(value, bool):
        return "i", _INT.pack(value)
    if isinstance(value, int):
        if -(2**31) <= value < 2**31:
            return "i", _INT.pack(value)
        if -(2**63) <= value < 2**63:
            return "h", _LONG.pack(value)
        raise ValueError(f"{name} is too large for OSC (got {value})")
    try:
        return "f", _FLOAT.pack(value)
    except OverflowError:
        raise ValueError(f"{name} is too large for OSC (got {value})") from None


def _text(text: str) -> bytes:
    """A text with its end and what fills it up to a multiple of four bytes."""
    data = text.encode()
    if 0 in data:
        raise ValueError(f"a text for OSC must not contain a zero character (got {text!r})")
    return data + bytes(4 - len(data) % 4)


def _plain(name: str, value: object) -> object:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | float | str):
        return value
    return number(name, value)
