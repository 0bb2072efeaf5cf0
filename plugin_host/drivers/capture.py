"""What comes in where the library gives it apart from what goes out: put at its frames, watched, found again.

The output depends on none of this: an input that is not there, breaks off or runs at another speed is silent,
and the music plays on.
"""

from collections.abc import Callable, Sequence

import numpy as np

from bridge.event import Seconds
from plugin_host.audio import Audio, count
from plugin_host.errors import HostError, nearest
from plugin_host.intake import Intake

__all__ = ["Capture", "Close", "Hear", "NoInput", "Open", "fewer", "names_of", "no_input"]

Hear = Callable[[Audio], object]
"""What an input calls with what it heard: shape (channels, frames)."""
Close = Callable[[], object]
"""Lets an input go; harmless when it is lost."""

AGAIN = 2.0
"""Seconds after which an input that is lost is looked for again."""
DEAF = 1.0
"""Seconds without a sound from it, not even silence, after which an input counts as lost."""
FOLLOW = 1 / 64
"""How much each chunk counts in how far the two are apart: chunks and periods may fall as they like."""
FAR = 4
"""Times what is kept ready that may be ready before that is mended at once."""
MOST = 4096
"""Frames more than a chunk that are kept ready at most, 85 ms at 48 kHz: some sound servers give bursts."""


class NoInput(HostError):
    """An input does not open; says why."""


Open = Callable[[Hear, Callable[[], None]], Close]
"""Opens an input: what it calls with sound, and when it breaks off."""


def no_input(device: str | None, there: Sequence[str]) -> str:
    """Say that there is no input of that name, or none at all.

    Args:
        device: The part of a name that was asked for.
        there: The names of those that are.
    """
    silent = "nothing comes in, and audio_in is silent"
    if device is None or not there:
        return f"there is no audio input: {silent}"
    return f"no audio input has {device!r} in its name: {silent}; {nearest(device, [*there])}"


def fewer(label: str, many: int, asked: int) -> str:
    """Say that an input has fewer channels than were asked for."""
    return f"the audio input {label!r} has {many} of the {asked} channels that were asked for"


def names_of(label: str, many: int) -> tuple[str, ...]:
    """What the channels of an input are called.

    >>> names_of("USB Audio", 2)
    ('in_1 USB Audio', 'in_2 USB Audio')
    """
    return tuple(f"in_{number + 1} {label}" for number in range(many))


class Capture:
    """One input beside an output: each frame of it lies at the output's frame at which it came.

    Two devices never run at quite the same speed. Where the input gets ahead or falls behind, a chunk is made
    shorter or longer by a frame, which nobody hears.

    Args:
        names: What its channels are called.
        block: Frames that the output asks for at a time.
        opened: Opens it, or raises `NoInput`.
        title: What it is called.

    Attributes:
        intake: Where it is heard.
        way: Frames that the devices take on the way out and in again, as far as they say.
        slips: How often it had to begin anew: chunks that never came, or came far too late.
    """

    def __init__(self, names: tuple[str, ...], block: int, opened: Open, title: str) -> None:
        self.intake = Intake(names)
        self.slips = 0
        self._open, self._title = opened, title
        self._jitter = block
        self._reached: int | None = None
        self._end: int | None = None
        self._largest = 0
        self._away = 0.0
        self._heard = 0
        self._seen: tuple[int, Seconds] = (0, 0.0)
        self._close: Close | None = None
        self._lost = False
        self.way = 0

    def start(self) -> str:
        """Begin to hear; gives what is wrong, for the musician, or nothing."""
        try:
            self._close = self._open(self.hear, self._break_off)
        except NoInput as error:
            self._lost = True
            return f"no audio comes in: {error}; the output plays, and audio_in is silent until it is there"
        return ""

    def stop(self) -> None:
        """Hear nothing more."""
        close, self._close = self._close, None
        if close is not None:
            close()

    def played(self, reached: int) -> None:
        """Know up to which of its frames the output has asked; in its thread."""
        self._reached = reached

    def hear(self, sound: Audio) -> None:
        """Take the next chunk; in the input's thread."""
        reached, size = self._reached, sound.shape[1]
        self._heard += 1
        if reached is None or not size:
            return
        self._largest = max(self._largest, size)
        # Until the next chunk comes the output goes on by one, and either may be late.
        spare = self._largest + self._jitter
        end = self._end
        if end is not None and not 0 <= end + size - reached <= FAR * spare:
            if 0 < reached - end - size < MOST:
                # It comes in larger bursts than one would think: from now on more is kept ready.
                self._jitter = min(2 * self._jitter, MOST)
                spare = self._largest + self._jitter
            end, self.slips = None, self.slips + 1
        if end is None:
            end, self._away = reached + spare - size, 0.0
        self._away += FOLLOW * (end + size - reached - spare - self._away)
        if abs(self._away) > self._jitter / 2 and size > 2:
            sound = _stretched(sound, size - 1 if self._away > 0 else size + 1)
        self.intake.late = spare + self.way
        self.intake.write(end, sound)
        self._end = end + sound.shape[1]

    def tend(self, now: Seconds) -> str:
        """Look after it, a few times a second.

        Returns:
            What is to be told; empty if nothing.
        """
        if self._heard != self._seen[0] or not self._seen[1]:
            self._seen = self._heard, now
        if not self._lost and now - self._seen[1] > DEAF:
            self._lost = True
        if not self._lost:
            return ""
        if self._close is not None:
            self.stop()
            self._seen = self._heard, now
            return f"the audio input is lost ({self._title}); the output plays on, and it is looked for"
        if now - self._seen[1] < AGAIN:
            return ""
        self._lost, self._end, self._seen = False, None, (self._heard, now)
        return "" if self.start() else f"audio comes in again ({self._title})"

    def _break_off(self) -> None:
        if self._close is not None:
            self._lost = True


def _stretched(sound: Audio, size: int) -> Audio:
    """The same in a few frames more or fewer."""
    there = count(sound.shape[1])
    places = count(size) * ((sound.shape[1] - 1) / (size - 1))
    return np.array([np.interp(places, there, row) for row in sound], np.float32)
