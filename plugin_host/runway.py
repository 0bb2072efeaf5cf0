"""Audio that is rendered before the device asks for it: one thread writes, the device's thread reads."""

import numpy as np

from plugin_host.audio import Audio
from plugin_host.breaking_off import FADE, PAST, RISE, gone_on

__all__ = ["Runway"]

CAPACITY = 1 << 15
"""Frames of room: 0.7 s at 48 kHz, many times what any profile renders ahead."""
FARTHEST = 2048
"""Frames up to which `go_farther` goes: 43 ms at 48 kHz, as the profile `safe` keeps ready."""
PATIENCE = 1.0
"""Seconds after which a device that has got nothing yet counts as missing."""


class Runway:
    """A ring of frames between the thread that renders and the device that plays.

    Nobody waits for anybody: the device takes what is there, and fades out and counts what is not.
    Positions are the device's own frames; when it skips some, so do we, and time stays right.

    Args:
        rate: Frames per second.
        block: Frames that are written at a time.
        ahead: Blocks to keep ready.
        channels: How many.
    """

    def __init__(self, rate: int, block: int, ahead: int, channels: int = 2) -> None:
        self.block = block
        self.missing = 0
        self.pulls = 0
        self._rate = rate
        self._ready = ahead * block
        self._answered = 0  # of `missing`: those for which more is kept ready now
        self._largest = 0
        self._frames = np.zeros((channels, CAPACITY), np.float32)
        self._out = np.zeros((channels, CAPACITY), np.float32)
        self._span = (0, 0)  # first and last valid position, replaced as one: what the device may read
        self._wanted: int | None = None  # where the device will read next: what the writer may overwrite
        self._cold_since: int | None = None
        self._warm = False
        self._risen = 0  # frames of its rise since the sound came back; FADE while it flows
        self._past = np.zeros((channels, PAST), np.float32)
        self._tail = np.zeros((channels, 0), np.float32)  # how what broke off goes on
        self._leaving: int | None = None
        self._leave_over = 1

    @property
    def ahead(self) -> int:
        """Frames to keep ready: what was asked for, and two of the device's own periods at least."""
        return min(max(self._ready, 2 * self._largest), CAPACITY // 2)

    def go_farther(self) -> bool:
        """Keep a block more ready from now on, if some were missing since this was asked; whether it does.

        A machine on which blocks are late for moments goes on being one.
        """
        lacked, self._answered = self.missing > self._answered, self.missing
        if not lacked or self.ahead + self.block > FARTHEST:
            return False
        self._ready = self.ahead + self.block
        return True

    def vacancy(self) -> int | None:
        """Where the next block is to be rendered, or None while enough is ready (writer's side).

        A device that has run past what is ready, or begun anew, is met where it is.
        """
        wanted = self._wanted
        if wanted is None:
            return None
        head = self._span[1]
        if not wanted <= head <= wanted + CAPACITY // 2:
            head = wanted
            self._span = (head, head)
        return head if head - wanted < self.ahead else None

    @property
    def in_time(self) -> bool:
        """Whether the next block may come a moment later: one and the device's next period are there."""
        wanted = self._wanted
        return wanted is not None and self._span[1] - wanted > self.block + self._largest

    def write(self, audio: Audio) -> None:
        """Put a block where `vacancy` said (writer's side)."""
        start, head = self._span
        size = audio.shape[1]
        at = head % CAPACITY
        first = min(size, CAPACITY - at)
        self._frames[:, at : at + first] = audio[:, :first]
        self._frames[:, : size - first] = audio[:, first:]
        end = head + size
        self._span = (max(start, end - CAPACITY), end)

    def read(self, position: int, frames: int) -> Audio:
        """Take what the device asks for; never waits and never fails (device's side).

        Args:
            position: The device's frame that comes first.
            frames: How many, at most 32768.

        Returns:
            float32, shape (channels, frames); valid until the next call.
        """
        out = self._out[:, :frames]
        start, head = self._span
        there = min(head - position, frames) if start <= position < head else 0
        if there:
            self._copy(position, out[:, :there])
            self._warm = self._warm or there == frames
            if self._risen < FADE or self._tail.size:
                self._rise(out[:, :there])
        if there < frames:
            self._bridge(position, there, out)
        if self._leaving is not None:
            self._fade_out(out)
        self._largest = max(self._largest, frames)
        self._wanted = position + frames
        self.pulls += 1
        return out

    def leave(self, frames: int) -> None:
        """Fade everything out within so many frames and stay silent, from any thread."""
        self._leave_over = frames
        self._leaving = frames

    def _copy(self, position: int, out: Audio) -> None:
        size = out.shape[1]
        at = position % CAPACITY
        first = min(size, CAPACITY - at)
        out[:, :first] = self._frames[:, at : at + first]
        out[:, first:] = self._frames[:, : size - first]

    def _bridge(self, position: int, there: int, out: Audio) -> None:
        """Let what broke off go on and fade, so that neither end of a gap clicks."""
        rest = out[:, there:]
        rest[:] = 0
        if not self._warm:
            out[:], self._risen = 0, 0
            if self._cold_since is None or not 0 <= position - self._cold_since < 10 * self._rate:
                self._cold_since = position
            self.missing += position - self._cold_since > PATIENCE * self._rate
            return
        self.missing += 1
        if self._risen:
            self._copy(position + there - PAST, self._past)
            self._tail = gone_on(self._past) * RISE[self._risen - 1]
            self._risen = 0
        self._fade(rest)

    def _rise(self, out: Audio) -> None:
        """Let sound come back while what broke off still fades."""
        rise = RISE[self._risen : self._risen + out.shape[1]]
        out[:, : len(rise)] *= rise
        self._risen = min(FADE, self._risen + out.shape[1])
        self._fade(out)

    def _fade(self, out: Audio) -> None:
        size = min(self._tail.shape[1], out.shape[1])
        out[:, :size] += self._tail[:, :size]
        self._tail = self._tail[:, size:]

    def _fade_out(self, out: Audio) -> None:
        left = self._leaving or 0
        size = out.shape[1]
        ramp = (left - np.arange(size, dtype=np.float32)) / self._leave_over
        out *= np.clip(ramp, 0, 1)
        self._leaving = max(0, left - size)
