"""Audio that comes in: the device's thread writes, the one that renders reads; nobody waits."""

import numpy as np

from bridge.event import Seconds
from plugin_host.audio import Audio
from plugin_host.beat import Beat
from plugin_host.loops import Loops
from plugin_host.metering import Meter

__all__ = ["Inputs", "Intake"]

CAPACITY = 1 << 15
"""Frames that are kept: 0.7 s at 48 kHz."""


class Intake:
    """What a device has heard lately, by its own frames.

    Args:
        names: What its channels are called.

    Attributes:
        late: Frames that the device takes on the way out and in again, as far as it knows.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
        self.late = 0
        self._frames: Audio = np.zeros((len(names), CAPACITY), np.float32)
        self._span = (0, 0)  # first and last frame that is there, replaced as one

    def write(self, position: int, sound: Audio) -> None:
        """Take what was heard (device's side); what it left out is silence.

        Args:
            position: The device's frame that comes first.
            sound: Shape (channels, frames).
        """
        start, head = self._span
        if not head <= position <= head + CAPACITY // 2:
            start = head = position
        if position > head:
            self._put(head, np.zeros((len(self._frames), position - head), np.float32))
        self._put(position, sound)
        end = position + sound.shape[1]
        self._span = (max(start, end - CAPACITY // 2), end)

    def _put(self, position: int, sound: Audio) -> None:
        at, size = position % CAPACITY, sound.shape[1]
        first = min(size, CAPACITY - at)
        self._frames[:, at : at + first] = sound[:, :first]
        self._frames[:, : size - first] = sound[:, first:]

    def read(self, position: int, out: Audio) -> None:
        """Give what was heard at a place; what is not there is silence (reader's side).

        Args:
            position: The device's frame that comes first.
            out: Shape (channels, frames); it is filled.
        """
        start, head = self._span
        frames = out.shape[1]
        begin, end = max(position, start), min(position + frames, head)
        if begin >= end:
            out[:] = 0
            return
        out[:, : begin - position] = 0
        out[:, end - position :] = 0
        part = out[:, begin - position : end - position]
        at, size = begin % CAPACITY, end - begin
        first = min(size, CAPACITY - at)
        part[:, :first] = self._frames[:, at : at + first]
        part[:, first:] = self._frames[:, : size - first]


class Inputs:
    """What comes in during the block that is being rendered, and the loops that were made of such.

    Args:
        block: Frames in a block.

    Attributes:
        sound: Shape (channels, block).
        late: Frames by which that comes later than the music that the block belongs to, as it was heard.
        names: What each channel is called, beside its number from 1 on.
        beat: Where the music is.
        loops: All of them, by name.
    """

    def __init__(self, block: int) -> None:
        self._block = block
        self.late = 0
        self.beat = Beat(block)
        self.loops = Loops()
        self.names: tuple[str, ...] = ()
        self.sound: Audio = np.zeros((0, block), np.float32)
        self._meters: tuple[Meter, ...] = ()

    def have(self, names: tuple[str, ...]) -> None:
        """Have just these channels from now on."""
        if names != self.names:
            self.names = names
            self.sound = np.zeros((len(names), self._block), np.float32)
            self._meters = tuple(Meter() for _ in names)

    def hear(self, intake: Intake, position: int) -> None:
        """Let a block come in.

        Args:
            intake: From where.
            position: The device's frame at which it came.
        """
        self.have(intake.names)
        intake.read(position, self.sound)
        for meter, row in zip(self._meters, self.sound, strict=True):
            meter.hear(row)

    def levels(self) -> dict[str, dict[str, float]]:
        """Peak and rms of each channel since this was last asked, in dB, by its name."""
        return {name: meter.read() for name, meter in zip(self.names, self._meters, strict=True)}

    @property
    def block(self) -> int:
        """Frames in a block."""
        return self._block

    def look(self, begin: Seconds, rate: float) -> None:
        """Another block begins; before its first event.

        Args:
            begin: When its first frame is.
            rate: Frames in a second of the timeline.
        """
        self.beat.look(begin, rate)
        self.loops.step(self._block)

    def place(self, name: str) -> int | None:
        """Which channel a name or number means; None if it is not there."""
        if name.isdigit():
            return int(name) - 1 if 1 <= int(name) <= len(self.names) else None
        part = name.lower()
        return next((place for place, one in enumerate(self.names) if part in one.lower()), None)
