"""Keeps some device playing: when it goes away time goes on without it, and it is looked for again."""

from collections.abc import Callable

from bridge.clock import Clock
from bridge.event import Seconds
from plugin_host.audio_settings import AudioSettings
from plugin_host.drivers import Driver, NoDevice, NullDriver, open_driver, try_driver
from plugin_host.drivers.driver import Tended

__all__ = ["Keeper"]

DEAF = 1.0
"""Seconds without being asked for sound after which a device counts as lost: some only fall silent."""


class Keeper:
    """Opens a driver, watches it, replaces it.

    Args:
        settings: What the musician wants.
        attach: Called with each driver that is to play from now on, the first one too; it starts it.
        pulls: How often the present device has asked for sound.
        notice: Takes one line for the musician.
        clock: For waiting between two tries.
        open_first: Finds the first driver.
        open_again: Tries one kind of driver again.
    """

    def __init__(
        self,
        settings: AudioSettings,
        attach: Callable[[Driver], None],
        pulls: Callable[[], int],
        notice: Callable[[str], None],
        clock: Clock,
        *,
        open_first: Callable[[AudioSettings], Driver] = open_driver,
        open_again: Callable[[str, AudioSettings], Driver] = try_driver,
    ) -> None:
        self._settings = settings
        self._attach = attach
        self._pulls = pulls
        self._notice = notice
        self._clock = clock
        self._open_again = open_again
        self.driver = open_first(settings)
        self._sought = self._first_sought()
        self._tried = self._heard = clock.now()
        self._count = 0

    def start(self) -> None:
        """Let the first driver play."""
        self._change(self.driver)

    def tend(self) -> None:
        """Look after the device; to be called a few times a second."""
        now = self._clock.now()
        if isinstance(self.driver, Tended):
            told = self.driver.tend(now)
            if told:
                self._notice(told)
        if self._sought is None:
            self._watch(now)
        elif now - self._tried >= self._sought[1]:
            self._tried = now
            self._seek(self._sought[0])

    def stop(self) -> None:
        """Let the device go."""
        self.driver.stop()

    def _first_sought(self) -> tuple[str, Seconds] | None:
        """What may still turn up when we begin without a device, and how often to look for it."""
        if self.driver.name != "null" or self._settings.driver == "null":
            return None
        # Looking for a JACK server costs a millisecond; PortAudio would list the devices anew each time.
        return ("jack", 1.0) if self._settings.driver == "auto" else (self._settings.driver, 2.0)

    def _watch(self, now: Seconds) -> None:
        count = self._pulls()
        if count != self._count:
            self._count, self._heard = count, now
        driver = self.driver
        if driver.name == "null" or not (driver.lost or now - self._heard > DEAF):
            return
        driver.stop()
        self._sought, self._tried = (driver.name, driver.retry), now
        self._notice(f"the audio device is lost ({driver.text}); time goes on and it is looked for")
        self._change(self._nothing(driver.rate, "the device is lost"))

    def _seek(self, name: str) -> None:
        try:
            driver = self._open_again(name, self._settings)
        except NoDevice:
            return
        self.driver.stop()
        self._sought = None
        self._notice(driver.text)
        self._change(driver)

    def _nothing(self, rate: int, reason: str) -> NullDriver:
        return NullDriver(
            rate,
            self._settings.block,
            reason=reason,
            channels=self._settings.channels,
            cue=self._settings.cues,
            inputs=self._settings.inputs,
        )

    def _change(self, driver: Driver) -> None:
        try:
            self._attach(driver)
        except NoDevice as error:
            driver.stop()
            self._sought, self._tried = (driver.name, driver.retry), self._clock.now()
            driver = self._nothing(driver.rate, str(error))
            self._notice(driver.text)
            self._attach(driver)
        self.driver = driver
        self._count, self._heard = 0, self._clock.now()
