"""Audio that comes in: the device's thread writes, the one that renders reads; nobody waits."""

import numpy as np

from plugin_host.audio import Audio

__all__ = ["Inputs", "Intake"]

CAPACITY = 1 << 15
"""Frames that are kept: 0.7 s at 48 kHz."""


class Intake:
    """What a device has heard lately, by its own frames.

    Args:
        names: What its channels are called.
    """

    def __init__(self, names: tuple[str, ...]) -> None:
        self.names = names
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
    """What comes in during the block that is being rendered.

    Args:
        block: Frames in a block.

    Attributes:
        sound: Shape (channels, block).
        names: What each channel is called, beside its number from 1 on.
    """

    def __init__(self, block: int) -> None:
        self._block = block
        self.names: tuple[str, ...] = ()
        self.sound: Audio = np.zeros((0, block), np.float32)

    def have(self, names: tuple[str, ...]) -> None:
        """Have just these channels from now on."""
        if names != self.names:
            self.names = names
            self.sound = np.zeros((len(names), self._block), np.float32)

    def place(self, name: str) -> int | None:
        """Which channel a name or number means; None if it is not there."""
        if name.isdigit():
            return int(name) - 1 if 1 <= int(name) <= len(self.names) else None
        part = name.lower()
        return next((place for place, one in enumerate(self.names) if part in one.lower()), None)
