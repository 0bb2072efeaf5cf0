"""MIDI messages as the output process knows them; imports nothing, so that the process stays small."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable

    from bridge.event import SinkEvent

NOTE_ON, NOTE_OFF, CONTROL, PROGRAM, BEND = 0x90, 0x80, 0xB0, 0xC0, 0xE0


def all_sound_off(channels: range = range(16)) -> list[bytes]:
    """What ends everything on a port, whatever it holds: pedal up, bend centred, sound and notes off.

    Source: MIDI 1.0, channel mode messages 120 and 123, controller 64.
    """
    out: list[bytes] = []
    for channel in channels:
        out += [
            bytes((CONTROL | channel, 64, 0)),
            bytes((BEND | channel, 0, 64)),
            bytes((CONTROL | channel, 120, 0)),
            bytes((CONTROL | channel, 123, 0)),
        ]
    return out


def occupied(event: SinkEvent, port: Hashable) -> Hashable:
    """What a sounding MIDI event occupies: its port, channel and key.

    Args:
        event: A note; its off begins with channel and key.
        port: The same for all routes that lead to the same port.
    """
    return (port, event.off[:2]) if event.off else event.id
