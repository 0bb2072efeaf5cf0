"""Which channel of an MPE zone a note gets: it is decided when it sounds, where it is known what sounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.midi_bytes import SYSEX, messages

if TYPE_CHECKING:
    from bridge.event import SinkEvent
    from bridge.mpe import Zone


class Voices:
    """The channels of one zone on one port.

    A note gets the channel that has been free for longest, so that the tail of the one before is not bent;
    when none is free, that of the note which has sounded for longest, which then ends.

    Args:
        zone: Its channels.
    """

    def __init__(self, zone: Zone) -> None:
        self._master = zone.master
        # In order: the channel free for longest first; the note that has sounded for longest first.
        self._free = dict.fromkeys(zone.members)
        self._sounding: dict[int, int] = {}

    @property
    def free(self) -> int:
        """How many channels have no note."""
        return len(self._free)

    def take(self, event: SinkEvent) -> SinkEvent:
        """The note on the channel that it gets; what speaks to the master channel stays there."""
        channel = next(iter(self._free or self._sounding))
        self._free.pop(channel, None)
        self._sounding.pop(channel, None)
        self._sounding[channel] = event.id
        return event._replace(on=self._on(event.on, channel), off=self._on(event.off, channel))

    def leave(self, event: SinkEvent) -> None:
        """The note has ended; its channel is free unless another note has taken it over."""
        channel = event.off[0] & 15
        if self._sounding.get(channel) == event.id:
            del self._sounding[channel]
            self._free[channel] = None

    def _on(self, data: bytes, channel: int) -> bytes:
        out = bytearray()
        for message in messages(data):
            status = message[0]
            stays = status >= SYSEX or status & 15 == self._master
            out += message if stays else bytes((status & 0xF0 | channel,)) + message[1:]
        return bytes(out)
