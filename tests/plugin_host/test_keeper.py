"""A device may come and go: time goes on, and it is taken again when it is back."""

from bridge.clock import ManualClock
from plugin_host.audio_settings import AudioSettings
from plugin_host.drivers import Driver, NoDevice, NullDriver, Pull
from plugin_host.drivers.keeper import Keeper


class Card(NullDriver):
    """A sound card that can be unplugged."""

    name = "sounddevice"

    def __init__(self, rate: int = 48_000) -> None:
        super().__init__(rate, 256, ManualClock())
        self.text = f"audio: Card, {rate} Hz"
        self.stopped = False
        self.refuses = ""

    def start(self, pull: Pull) -> None:
        """Start without a thread."""
        if self.refuses:
            raise NoDevice(self.refuses)
        self.prepare(pull)

    def stop(self) -> None:
        """Stop."""
        self.stopped = True


class Room:
    """A keeper with what it attaches, says and finds."""

    def __init__(self, first: Driver, settings: AudioSettings | None = None) -> None:
        self.clock = ManualClock(100.0)
        self.attached: list[Driver] = []
        self.notices: list[str] = []
        self.pulls = 0
        self.there: Driver | None = None
        self.tries: list[tuple[str, float]] = []
        self.keeper = Keeper(
            settings or AudioSettings(),
            self.attach,
            lambda: self.pulls,
            self.notices.append,
            self.clock,
            open_first=lambda _: first,
            open_again=self.find,
        )
        self.keeper.start()

    def attach(self, driver: Driver) -> None:
        """Let a driver play; null drivers without their thread."""
        if isinstance(driver, Card):
            driver.start(lambda position, frames: NotImplemented)
        self.attached.append(driver)

    def find(self, name: str, settings: AudioSettings) -> Driver:
        """Look for a device again."""
        del settings
        self.tries.append((name, round(self.clock.now(), 2)))
        if self.there is None:
            raise NoDevice("not yet")
        return self.there

    def live(self, seconds: float, *, asking: bool = True) -> None:
        """Tend the device eight times a second."""
        for _ in range(round(seconds * 8)):
            self.clock.advance(0.125)
            self.pulls += asking
            self.keeper.tend()


def test_a_device_that_plays_is_left_alone() -> None:
    """No tries, no words."""
    card = Card()
    room = Room(card)
    room.live(10)
    assert (room.attached, room.notices, room.tries) == ([card], [], [])


def test_a_lost_device_is_replaced_at_once_and_sought_every_second() -> None:
    """Null goes on at the same rate; when the device is back it plays again."""
    card, back = Card(44_100), Card(44_100)
    room = Room(card)
    room.live(1)
    card.lost = True
    room.live(0.125)
    assert card.stopped
    assert [(d.name, d.rate) for d in room.attached] == [("sounddevice", 44_100), ("null", 44_100)]
    assert room.notices == [
        "the audio device is lost (audio: Card, 44100 Hz); time goes on and it is looked for"
    ]
    room.live(3)
    assert [t for _, t in room.tries] == [102.12, 103.12, 104.12]
    room.there = back
    room.live(1)
    assert room.attached[-1] is back is room.keeper.driver
    assert room.notices[-1] == "audio: Card, 44100 Hz"
    tries = len(room.tries)
    room.live(5)
    assert len(room.tries) == tries


def test_a_device_that_falls_silent_counts_as_lost() -> None:
    """Some drivers say nothing when the cable is pulled."""
    room = Room(Card())
    room.live(2)
    room.live(0.9, asking=False)
    assert len(room.attached) == 1
    room.live(0.3, asking=False)
    assert room.keeper.driver.name == "null"


def test_a_device_that_does_not_start_is_sought_again() -> None:
    """It opens and refuses: null plays meanwhile and says why."""
    card = Card()
    card.refuses = "busy"
    room = Room(card)
    assert room.keeper.driver.name == "null"
    assert "(busy)" in room.notices[0]
    card.refuses = ""
    room.there = card
    room.live(1.2)
    assert room.keeper.driver is card


def test_without_any_device_a_jack_server_is_still_welcome() -> None:
    """A musician who starts JACK later is heard."""
    room = Room(NullDriver(48_000, 256))
    room.live(2)
    assert [name for name, _ in room.tries] == ["jack", "jack"]
    room.there = Card()
    room.live(1)
    assert room.keeper.driver is room.there


def test_a_named_driver_is_sought_by_its_name_and_null_never() -> None:
    """What was asked for is waited for; who asked for nothing gets nothing."""
    named = Room(NullDriver(48_000, 256), AudioSettings("sounddevice", "USB"))
    named.live(4)
    assert {name for name, _ in named.tries} == {"sounddevice"}
    silent = Room(NullDriver(48_000, 256), AudioSettings("null"))
    silent.live(4)
    assert silent.tries == []


def test_stopping_lets_the_device_go() -> None:
    """The last thing that is done."""
    card = Card()
    Room(card).keeper.stop()
    assert card.stopped
