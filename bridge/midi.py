"""An event as MIDI bytes: a table of what is said, and the messages that say it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import BridgeError
from bridge.event import SinkEvent, TimedEvent
from bridge.layer import route_of
from bridge.midi_bytes import BEND, CONTROL, NOTE_OFF, NOTE_ON, PROGRAM
from bridge.values import loudness, number, pitch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.targets import MidiTarget

MESSAGES_AN_EVENT = 4
"""At most so many messages come of one event; their ids are the event's plus 0 to 3."""

DRUM_NOTES = {
    "bd": 36, "kick": 36, "rim": 37, "rs": 37, "sd": 38, "sn": 38, "snare": 38, "cp": 39, "clap": 39,
    "lt": 41, "hh": 42, "ch": 42, "mt": 45, "oh": 46, "ht": 48, "cr": 49, "cy": 49, "rd": 51,
    "tb": 54, "cb": 56, "perc": 75, "sh": 70, "ma": 70, "cl": 75,
}  # fmt: skip
"""Where an event that only names a drum sound goes: the keys of General MIDI's percussion map."""


def encode(target: MidiTarget, event: TimedEvent) -> list[SinkEvent]:
    """The messages of one event, controllers before the note.

    Args:
        target: Port, channel and latency.
        event: Reads `note` (or the name of a drum in `s`), `velocity`, `gain`, `channel`, `ccn` with
            `ccv` (0 to 1), `progNum` or `prog` (0 to 127) and `midibend` or `bend` (-1 to 1).

    Raises:
        BridgeError: It says nothing that MIDI can play.
        ValueError: A value is no number or out of range.
    """
    controls = event.controls
    channel = _within("channel", number("channel", controls.get("channel", target.channel)), 1, 16) - 1
    at = event.at - target.latency
    route = route_of(target.key)
    before = [bytes(m) for m in _controllers(controls, channel)]
    out = [SinkEvent(event.id + k, at, at, route, data, b"") for k, data in enumerate(before)]
    key = _key(controls)
    if key is not None:
        velocity = round(loudness(controls) * 127)
        if velocity > 0:
            on = bytes((NOTE_ON | channel, key, velocity))
            off = bytes((NOTE_OFF | channel, key, 0))
            out.append(SinkEvent(event.id + len(before), at, at + event.duration, route, on, off))
    elif not out:
        said = ", ".join(sorted(controls)) or "nothing"
        raise BridgeError(f"MIDI cannot play an event that says only {said}: add .note() or a cc")
    return out


def _controllers(controls: Mapping[str, object], channel: int) -> list[tuple[int, ...]]:
    out: list[tuple[int, ...]] = []
    program = controls.get("progNum", controls.get("prog"))
    if program is not None:
        out.append((PROGRAM | channel, _within("prog", number("prog", program), 0, 127)))
    if "ccn" in controls and "ccv" in controls:
        which = _within("ccn", number("ccn", controls["ccn"]), 0, 127)
        value = min(1.0, max(0.0, number("ccv", controls["ccv"])))
        out.append((CONTROL | channel, which, round(value * 127)))
    turned = controls.get("midibend", controls.get("bend"))
    if turned is not None:
        bend = min(1.0, max(-1.0, number("bend", turned)))
        steps = min(16383, round(bend * 8192) + 8192)
        out.append((BEND | channel, steps & 127, steps >> 7))
    return out


def _key(controls: Mapping[str, object]) -> int | None:
    note = pitch(controls)
    if note is not None:
        return _within("note", note, 0, 127)
    sound = controls.get("s")
    return DRUM_NOTES.get(sound) if isinstance(sound, str) else None


def _within(name: str, value: float, low: int, high: int) -> int:
    whole = round(value)
    if not low <= whole <= high:
        raise ValueError(f"{name} must be {low} to {high} for MIDI (got {value:g})")
    return whole
