"""MIDI messages as the output process knows them; imports nothing, so that the process stays small.

What travels to it for one event is one run of bytes: the messages in the order in which they are sent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from bridge.event import SinkEvent

NOTE_OFF, NOTE_ON, KEY_PRESSURE, CONTROL, PROGRAM, PRESSURE, BEND, SYSEX = (
    0x80, 0x90, 0xA0, 0xB0, 0xC0, 0xD0, 0xE0, 0xF0,
)  # fmt: skip
SYSEX_END = 0xF7

BANK, DATA, BANK_LOW, DATA_LOW, PEDAL, TIMBRE = 0, 6, 32, 38, 64, 74
NRPN_LOW, NRPN, RPN_LOW, RPN, SOUND_OFF, CONTROLLERS_OFF, NOTES_OFF = 98, 99, 100, 101, 120, 121, 123
"""Numbers of controllers with a meaning of their own."""

_SYSTEM = {0xF1: 2, 0xF2: 3, 0xF3: 2, 0xF6: 1, 0xF8: 1, 0xFA: 1, 0xFB: 1, 0xFC: 1, 0xFE: 1, 0xFF: 1}
_LENGTHS = {NOTE_OFF: 3, NOTE_ON: 3, KEY_PRESSURE: 3, CONTROL: 3, PROGRAM: 2, PRESSURE: 2, BEND: 3}


def messages(data: bytes) -> Iterator[bytes]:
    """Take a run of bytes apart into messages.

    >>> [message.hex() for message in messages(bytes.fromhex("c005 903c40 f04301f7"))]
    ['c005', '903c40', 'f04301f7']

    Raises:
        ValueError: It is no run of whole messages.
    """
    begin, size = 0, len(data)
    while begin < size:
        status = data[begin]
        if status == SYSEX:
            end = data.find(SYSEX_END, begin) + 1 or size + 1
        else:
            known = _SYSTEM.get(status) or _LENGTHS.get(status & 0xF0)
            end = begin + (known or size + 1)
        if end > size:
            raise ValueError(f"no MIDI message at byte {begin} of {data.hex(' ')}")
        yield data[begin:end]
        begin = end


def all_sound_off(channels: range = range(16)) -> list[bytes]:
    """What ends everything on a port, whatever it holds: pedal up, bend centred, sound and notes off.

    Sent on every channel, so the members of an MPE zone are among them.

    Source: MIDI 1.0, channel mode messages 120 and 123, controller 64.
    """
    out: list[bytes] = []
    for channel in channels:
        out += [
            bytes((CONTROL | channel, PEDAL, 0)),
            bytes((BEND | channel, 0, 64)),
            bytes((CONTROL | channel, SOUND_OFF, 0)),
            bytes((CONTROL | channel, NOTES_OFF, 0)),
        ]
    return out


def occupied(event: SinkEvent, port: Hashable) -> Hashable:
    """What a sounding MIDI event occupies: its port, channel and key.

    Args:
        event: A note; its off begins with channel and key.
        port: The same for all routes that lead to the same port.
    """
    return (port, event.off[:2]) if event.off else event.id
