"""A device that nobody hears: it asks for sound as fast as time passes."""

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
    """

    name = "null"
    exact = False
    retry = 1.0
    intake: Intake | None = None

    def __init__(
        self,
        rate: int,
        block: int,
        clock: Clock | None = None,
        reason: str = "",
        channels: int = 2,
        cue: int = 0,
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
            pull(self._position, self.block)
            self._position += self.block

    def _run(self) -> None:
        while self._pull is not None:
            pause(min(self.advance(), BREATH))
