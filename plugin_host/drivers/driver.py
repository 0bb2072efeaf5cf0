"""What every audio driver does, and how it says that it cannot."""

from collections.abc import Callable
from typing import Protocol, runtime_checkable

from bridge.event import Seconds
from plugin_host.audio import Audio
from plugin_host.errors import HostError
from plugin_host.intake import Intake

__all__ = ["Driver", "NoDevice", "Pull", "Tended"]

Pull = Callable[[int, int], Audio]
"""What a device calls for sound: its frame that comes first and how many; float32, (channels, frames)."""


class NoDevice(HostError):
    """A driver has nothing to play on; says what to install or start."""


@runtime_checkable
class Tended(Protocol):
    """A driver that has something to be looked after while it plays."""

    def tend(self, now: Seconds) -> str:
        """Look after it, a few times a second; gives what is to be told, or nothing."""
        ...


class Driver(Protocol):
    """A way to a device: opened when made, silent until started.

    Attributes:
        name: One of `plugin_host.audio_settings.DRIVERS`.
        text: One line for the musician.
        rate: Frames per second.
        block: Frames that it usually asks for at a time.
        channels: How many it plays: as many as were asked for, or two where it has not as many.
        cue: How many of these, the last, are for what is heard beforehand.
        intake: What it hears; None if nothing.
        deaf: What is wrong with what was to come in, for the musician; empty if nothing.
        exact: Whether its frames are those of the audio server that may be the clock.
        retry: Seconds after which a lost device is looked for again.
        lost: Set when the device went away.
        skipped: How often the device itself went on without us.
    """

    name: str
    text: str
    rate: int
    block: int
    channels: int
    cue: int
    intake: Intake | None
    deaf: str
    exact: bool
    retry: float
    lost: bool
    skipped: int

    def start(self, pull: Pull) -> None:
        """Begin to ask for sound, in a thread of the driver.

        Raises:
            NoDevice: The device does not start.
        """
        ...

    def stop(self) -> None:
        """Ask no more and let the device go; harmless when it is lost."""
        ...
