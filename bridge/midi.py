"""An event as MIDI bytes: what prepares the note, the note, and its end.

All that one event says travels as one run of bytes: nothing comes between a bend and its note, and an event
is sent whole or not at all. `bridge.midi_controllers` has the table of what is said with which messages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import BridgeError
from bridge.event import SinkEvent, TimedEvent
from bridge.layer import route_of
from bridge.midi_bytes import TIMBRE
from bridge.midi_controllers import (
    AFTER,
    BEND_NAMES,
    CHANNEL,
    DIMENSIONS,
    KEY_TOUCH_NAMES,
    SYSTEM,
    TOUCH_NAMES,
    VOICE,
    bend,
    control,
    pressure,
    say,
)
from bridge.midi_notes import Note, note_of
from bridge.midi_values import named, unit, whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bridge.mpe import Zone
    from bridge.targets import MidiTarget

BETWEEN = 0.01
"""Semitones beside a key that count as on it: nobody hears one cent."""

ROUNDED = (
    "MIDI has no notes between the keys, so they are rounded: midi(..., microtonal=True) bends each note, "
    "mpe(...) does so for chords too"
)
"""What is said once when a note lies between two keys."""


def encode(
    target: MidiTarget, event: TimedEvent, tell: Callable[[str], None] = lambda _: None
) -> list[SinkEvent]:
    """What one event becomes: one run of messages, and the end of its note.

    Args:
        target: Port, channel and latency.
        event: Reads the note's controls (see `midi_notes.note_of`), the rows of `midi_controllers`, and
            `channel` or `midichan` (1 to 16).
        tell: Takes a line for the musician about what can be played, but not as it was meant.

    Raises:
        BridgeError: It says nothing that MIDI can play.
        ValueError: A value is no number or out of range.
    """
    controls = event.controls
    note = note_of(controls)
    if target.zone is not None:
        before, voice, after = _on_zone(target.zone, controls, note)
    else:
        before, voice, after = _on_channel(target, controls, note, tell)
    at = event.at - target.latency
    route = route_of(target.key)
    if note is None:
        if not before:
            said = ", ".join(sorted(controls)) or "nothing"
            raise BridgeError(f"MIDI cannot play an event that says only {said}: add .note() or a cc")
        return [SinkEvent(event.id, at, at, route, before, b"")]
    if note.velocity == 0:
        return [SinkEvent(event.id, at, at, route, before, b"")] if before else []
    on = before + note.on(voice) + after
    return [SinkEvent(event.id, at, at + event.duration, route, on, note.off(voice))]


def _on_channel(
    target: MidiTarget, controls: Mapping[str, object], note: Note | None, tell: Callable[[str], None]
) -> tuple[bytes, int, bytes]:
    """What comes before the note, its channel, and what comes after it."""
    said = controls.get("channel", controls.get("midichan", target.channel))
    channel = whole("channel", said, 1, 16) - 1
    after = say(AFTER, controls, channel, None if note is None else note.key)
    if note is None:
        return say((*SYSTEM, *CHANNEL, *VOICE, *DIMENSIONS), controls, channel) + after, channel, b""
    if target.microtonal:
        before = say((*SYSTEM, *CHANNEL, *VOICE), controls, channel)
        return before + _dimensions(controls, note, channel, target.bend_range, {}), channel, after
    if abs(note.rest) > BETWEEN:
        tell(ROUNDED)
    return say((*SYSTEM, *CHANNEL, *VOICE, *DIMENSIONS), controls, channel), channel, after


def _on_zone(zone: Zone, controls: Mapping[str, object], note: Note | None) -> tuple[bytes, int, bytes]:
    """The same for MPE: what concerns all notes to the master channel, the rest to a member.

    Which member is decided when the note sounds, see `bridge.voices`: here it is the first.
    """
    if note is None:
        return say((*SYSTEM, *CHANNEL, *VOICE, *DIMENSIONS, *AFTER), controls, zone.master), zone.master, b""
    member = zone.members[0]
    own = {name: value for name, value in controls.items() if name != f"cc{TIMBRE}"}
    before = say((*SYSTEM, *CHANNEL, *VOICE), own, zone.master)
    rest = {"touch": 0.0, "timbre": controls.get(f"cc{TIMBRE}", 64 / 127)}
    return before + _dimensions(controls, note, member, zone.bend_range, rest), member, b""


def _dimensions(
    controls: Mapping[str, object], note: Note, channel: int, bend_range: float, rest: Mapping[str, object]
) -> bytes:
    """Bend, pressure and timbre of a note before it sounds: also those that it does not speak of.

    The channel still has those of its last note; a receiver that got them after the note would slide there.

    Args:
        controls: Of the event.
        note: What the bend has to reach besides.
        channel: Counted from 0.
        bend_range: Semitones of a whole bend.
        rest: Pressure and timbre where the event does not say them; left alone if absent.
    """
    _, bent = named(controls, *BEND_NAMES)
    wheel = 0.0 if bent is None else unit("bend", bent, -1)
    out = bend(channel, min(1.0, max(-1.0, wheel + note.rest / bend_range)))
    touch = named(controls, *TOUCH_NAMES, *(KEY_TOUCH_NAMES if rest else ()))[1]
    touch = rest.get("touch") if touch is None else touch
    if touch is not None:
        out += pressure(channel, unit("touch", touch))
    timbre = controls.get("timbre", rest.get("timbre"))
    if timbre is not None:
        out += control(channel, TIMBRE, round(unit("timbre", timbre) * 127))
    return out
