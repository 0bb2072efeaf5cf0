"""A device that nobody hears: it asks for sound as fast as time passes."""

import numpy as np

from bridge.clock import Clock, SystemClock
from bridge.worker import pause, start_thread
from plugin_host.drivers.driver import Pull
from plugin_host.intake import Intake

__all__ = ["NullDriver"]

STANDSTILL = 0.5
"""Seconds behind its time after which it goes on from the present, as a sound card would."""
BREATH = 0.02
"""Longest sleep, so that it ends soon when told to."""


class NullDriver:
    """Keeps time where there is no device, so that everything else works.

    Args:
        rate: Frames per second.
        block: Frames that it asks for at a time.
        clock: Whose seconds it keeps.
        reason: Why there is no device.
        channels: How many it takes.
        cue: How many of them, the last, are for the cue.
        inputs: How many channels come in.
        heard: What comes in at a frame, and so many; silence, unless given.
    """

    name = "null"
    exact = False
    retry = 1.0

    def __init__(
        self,
        rate: int,
        block: int,
        clock: Clock | None = None,
        reason: str = "",
        channels: int = 2,
        cue: int = 0,
        inputs: int = 0,
        heard: Pull | None = None,
    ) -> None:
        self.rate = rate
        self.block = block
        self.channels, self.cue = channels, cue
        self.lost = False
        self.skipped = 0
        why = f" ({reason})" if reason else ""
        self.text = (
            f"audio: no device{why}; everything runs in time and nothing is heard: "
            "`sempre render FILE --seconds N -o out.wav` writes a file to listen to"
        )
        names = tuple(f"in_{number + 1}" for number in range(inputs))
        self.intake = Intake(names) if inputs else None
        self.deaf = ""
        if inputs and heard is None:
            self.deaf = "no audio comes in, for there is no device; audio_in is silent"
        silence = np.zeros((inputs, block), np.float32)
        self._hear: Pull = heard or (lambda _position, frames: silence[:, :frames])
        self._clock = clock or SystemClock()
        self._pull: Pull | None = None
        self._begun = 0.0
        self._position = 0

    def start(self, pull: Pull) -> None:
        """Begin to ask for sound."""
        self.prepare(pull)
        start_thread("null audio", self._run)

    def prepare(self, pull: Pull) -> None:
        """Be ready for `advance`, without a thread; for tests that move the clock by hand."""
        self._begun = self._clock.now()
        self._position = 0
        self._pull = pull

    def stop(self) -> None:
        """Ask no more."""
        self._pull = None

    def advance(self) -> float:
        """Ask for all that is due.

        Returns:
            Seconds until the next block is due.
        """
        while True:
            wait = self._begun + self._position / self.rate - self._clock.now()
            if wait > 0:
                return wait
            if wait < -STANDSTILL:
                blocks = int(-wait * self.rate) // self.block
                self._position += blocks * self.block
                self.skipped += 1
            pull = self._pull
            if pull is None:
                return BREATH
            if self.intake is not None:
                self.intake.write(self._position, self._hear(self._position, self.block))
            pull(self._position, self.block)
            self._position += self.block

    def _run(self) -> None:
        while self._pull is not None:
            pause(min(self.advance(), BREATH))
