"""Drivers say what is missing, and the null driver keeps time."""

import sys
from collections.abc import Callable, Generator
from types import SimpleNamespace
from typing import cast

import numpy as np
import numpy.typing as npt
import pytest

from bridge.clock import ManualClock
from plugin_host import drivers
from plugin_host.audio import Audio
from plugin_host.audio_settings import AudioSettings
from plugin_host.drivers import Driver, NoDevice, NullDriver, open_driver, try_driver
from plugin_host.drivers.driver import Tended

RATE, BLOCK = 48_000, 256


def counting(position: int, frames: int) -> Audio:
    """Audio that says where it belongs: left the frame, right its negative."""
    ramp = np.arange(position, position + frames, dtype=np.float32)
    return np.stack([ramp, -ramp])


class Asked:
    """Notes what a device asks for."""

    def __init__(self) -> None:
        self.calls: list[tuple[int, int]] = []

    def __call__(self, position: int, frames: int) -> Audio:
        """Note it, and play silence."""
        self.calls.append((position, frames))
        return np.zeros((2, frames), np.float32)


def test_the_null_driver_asks_as_fast_as_time_passes() -> None:
    """One second is one second of frames, however it is divided."""
    clock, asked = ManualClock(5.0), Asked()
    driver = NullDriver(RATE, 480, clock)
    driver.prepare(asked)
    while clock.now() < 5.995:
        clock.advance(driver.advance())
    assert asked.calls == [(n * 480, 480) for n in range(100)]


def test_the_null_driver_skips_what_a_sleeping_machine_missed() -> None:
    """After two seconds of sleep it goes on at the present, in whole blocks, and counts it."""
    clock, asked = ManualClock(), Asked()
    driver = NullDriver(RATE, BLOCK, clock)
    driver.prepare(asked)
    driver.advance()
    clock.advance(2.0)
    driver.advance()
    assert driver.skipped == 1
    assert len(asked.calls) <= 3
    assert 0 <= 2 * RATE - asked.calls[-1][0] < BLOCK


def test_the_null_driver_says_what_it_is_and_what_helps() -> None:
    """One line, the reason, and the way to a file."""
    text = NullDriver(RATE, BLOCK, reason="no card").text
    assert "\n" not in text
    assert "no device (no card)" in text
    assert "`sempre render FILE --seconds N -o out.wav`" in text


def nowhere(found: dict[str, str]) -> Callable[[str, AudioSettings], Driver]:
    """Drivers that all say why they have nothing."""

    def fail(name: str, settings: AudioSettings) -> Driver:
        del settings
        raise NoDevice(found[name])

    return fail


def test_auto_tries_each_driver_and_ends_at_null(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without any device the null driver serves; a library that is missing is the reason given."""
    reasons = {
        "jack": "no JACK server runs",
        "sounddevice": "PortAudio is missing: apt-get install libportaudio2",
        "miniaudio": "there is no audio output",
    }
    monkeypatch.setattr(drivers, "try_driver", nowhere(reasons))
    driver = open_driver(AudioSettings(rate=44_100, block=512))
    assert (driver.name, driver.rate, driver.block) == ("null", 44_100, 512)
    assert "PortAudio is missing: apt-get install libportaudio2" in driver.text
    reasons["sounddevice"] = "nothing"
    assert "there is no audio output" in open_driver(AudioSettings()).text


def test_auto_takes_the_first_that_opens(monkeypatch: pytest.MonkeyPatch) -> None:
    """JACK comes first, then PortAudio, then miniaudio."""
    tried: list[str] = []

    def second(name: str, settings: AudioSettings) -> Driver:
        tried.append(name)
        if name == "jack":
            raise NoDevice("none")
        return NullDriver(settings.rate, settings.block)

    monkeypatch.setattr(drivers, "try_driver", second)
    open_driver(AudioSettings())
    assert tried == ["jack", "sounddevice"]


def test_a_driver_that_is_named_is_the_only_one_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else is taken silently in its place."""
    monkeypatch.setattr(drivers, "try_driver", nowhere({"miniaudio": "no card"}))
    assert "(no card)" in open_driver(AudioSettings("miniaudio")).text


def test_null_can_be_asked_for() -> None:
    """And says so."""
    assert "switched off in the settings" in try_driver("null", AudioSettings()).text


def test_no_jack_server_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """None is started, and the line says what to start."""
    monkeypatch.setenv("JACK_DEFAULT_SERVER", "sempre-nobody-runs-this")
    with pytest.raises(NoDevice, match=r"no JACK server runs: start one|JACK library is missing"):
        try_driver("jack", AudioSettings())


@pytest.mark.parametrize(
    ("name", "error", "fix"),
    [
        ("jack", OSError, "missing: apt-get install libjack-jackd2-0"),
        ("sounddevice", OSError, "missing: apt-get install libportaudio2"),
        ("miniaudio", ImportError, "not installed: pip install miniaudio"),
    ],
)
def test_a_missing_library_names_its_package(
    monkeypatch: pytest.MonkeyPatch, name: str, error: type[Exception], fix: str
) -> None:
    """Some wheels bring no library, some Pythons have no wheel: the line says what to install."""

    class Absent:
        def find_spec(self, fullname: str, *_: object) -> None:
            if fullname == name:
                raise error("library not found")

    monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(sys, "meta_path", [Absent(), *sys.meta_path])
    with pytest.raises(NoDevice, match=fix):
        try_driver(name, AudioSettings())


class PortAudio:
    """The part of sounddevice that the driver uses, with two outputs and no hardware."""

    class PortAudioError(Exception):
        """As the library's."""

    def __init__(self, *, rates: tuple[int, ...] = (48_000,), breaks: str = "") -> None:
        self.rates = rates
        self.breaks = breaks
        self.default = SimpleNamespace(device=(3, 2))
        self.streams: list[PortAudio.Stream] = []
        self.inputs: list[PortAudio.Stream] = []

    def _initialize(self) -> None: ...

    def _terminate(self) -> None: ...

    def query_devices(self) -> list[dict[str, object]]:
        """A microphone, a headphone and a card."""
        if self.breaks == "empty":
            return []
        names = [("Microphone", 1, 0), ("Headphones", 0, 2), ("USB Audio", 0, 2), ("USB Audio in", 2, 0)]
        rates = (48_000.0, 44_100.0, 44_100.0, 44_100.0)
        return [
            {
                "name": name,
                "index": index,
                "max_input_channels": 0 if self.breaks == "deaf" else ins,
                "max_output_channels": outs,
                "default_samplerate": rates[index],
            }
            for index, (name, ins, outs) in enumerate(names)
        ]

    def check_output_settings(self, *, samplerate: int, **_: object) -> None:
        """Refuse rates that the hardware has not."""
        if samplerate not in self.rates:
            raise self.PortAudioError("Invalid sample rate")

    def OutputStream(self, **settings: object) -> "PortAudio.Stream":  # noqa: N802 - the library's name
        """A stream that asks when told."""
        if self.breaks == "open":
            raise self.PortAudioError("Device unavailable")
        self.streams.append(PortAudio.Stream(self, settings))
        return self.streams[-1]

    def InputStream(self, **settings: object) -> "PortAudio.Stream":  # noqa: N802 - the library's name
        """A stream that hears when told."""
        if self.breaks == "input":
            raise self.PortAudioError("Device unavailable")
        self.inputs.append(PortAudio.Stream(self, settings))
        return self.inputs[-1]

    class Stream:
        """Asks for sound, or hears, when told."""

        latency = 0.01

        def __init__(self, library: "PortAudio", settings: dict[str, object]) -> None:
            self.library = library
            self.settings = settings
            self.open = True

        def start(self) -> None:
            """Fail if it is to."""
            if self.library.breaks == "start":
                raise self.library.PortAudioError("Device unavailable")

        def abort(self) -> None:
            """Fail as a stream does whose device is gone."""
            raise self.library.PortAudioError("gone")

        def close(self) -> None:
            """Close."""
            self.open = False

        def ask(self, frames: int, status: bool = False) -> npt.NDArray[np.float32]:
            """What the callback fills in."""
            out = np.full((frames, 2), 9, np.float32)
            callback = self.settings["callback"]
            assert callable(callback)
            callback(out, frames, None, status)
            return out

        def hear(self, sound: npt.NDArray[np.float32]) -> None:
            """What the callback gets: shape (frames, channels)."""
            callback = self.settings["callback"]
            assert callable(callback)
            callback(sound, len(sound), None, False)

        def finish(self) -> None:
            """Say that the stream is over."""
            callback = self.settings["finished_callback"]
            assert callable(callback)
            callback()


@pytest.fixture
def portaudio(monkeypatch: pytest.MonkeyPatch) -> PortAudio:
    """PortAudio without hardware."""
    library = PortAudio()
    monkeypatch.setitem(sys.modules, "sounddevice", library)
    return library


def test_portaudio_plays_left_and_right(portaudio: PortAudio) -> None:
    """Frames are counted on, channels are side by side, flags count as skipped."""
    driver = try_driver("sounddevice", AudioSettings())
    driver.start(counting)
    stream = portaudio.streams[0]
    assert stream.ask(3).tolist() == [[0, 0], [1, -1], [2, -2]]
    assert stream.ask(2, status=True).tolist() == [[3, -3], [4, -4]]
    assert (driver.skipped, driver.lost) == (1, False)
    assert driver.text == "audio: USB Audio through PortAudio, 48000 Hz, blocks of 256"


def test_portaudio_takes_the_device_that_is_named(portaudio: PortAudio) -> None:
    """A part of the name will do, in any case; its own rate is used where ours is refused."""
    portaudio.rates = (44_100,)
    driver = try_driver("sounddevice", AudioSettings(device="headph"))
    assert portaudio.streams[0].settings["device"] == 1
    assert driver.rate == 44_100


@pytest.mark.parametrize(
    ("breaks", "device", "text"),
    [
        ("empty", None, "there is no audio output"),
        ("open", None, "'USB Audio' does not open: Device unavailable"),
        ("", "hedphones", "no audio output has 'hedphones' in its name; did you mean 'Headphones'"),
    ],
)
def test_portaudio_that_does_not_open_says_why(
    portaudio: PortAudio, breaks: str, device: str | None, text: str
) -> None:
    """Nothing there, busy, or not found: never another device silently."""
    portaudio.breaks = breaks
    with pytest.raises(NoDevice, match=text):
        try_driver("sounddevice", AudioSettings(device=device))


def test_portaudio_that_does_not_start_says_why(portaudio: PortAudio) -> None:
    """Some devices open and then refuse."""
    portaudio.breaks = "start"
    driver = try_driver("sounddevice", AudioSettings())
    with pytest.raises(NoDevice, match="does not start: Device unavailable"):
        driver.start(counting)


def test_portaudio_that_ends_by_itself_is_lost(portaudio: PortAudio) -> None:
    """An unplugged device finishes its stream; one that we stop is not lost."""
    lost, stopped = (try_driver("sounddevice", AudioSettings()) for _ in range(2))
    for driver in (lost, stopped):
        driver.start(counting)
    portaudio.streams[0].finish()
    stopped.stop()
    portaudio.streams[1].finish()
    assert (lost.lost, stopped.lost) == (True, False)
    assert not portaudio.streams[1].ask(4).any()


def heard(driver: Driver, frames: int) -> list[list[float]]:
    """The last frames that came in."""
    assert driver.intake is not None
    out = np.zeros((len(driver.intake.names), 8192), np.float32)
    driver.intake.read(0, out)
    last = int(np.flatnonzero(out[0])[-1]) + 1
    return out[:, last - frames : last].tolist()


def test_portaudio_hears_the_usual_input(portaudio: PortAudio) -> None:
    """Left and right, in a stream of its own, with the way that the two tell."""
    driver = try_driver("sounddevice", AudioSettings(inputs=2))
    driver.start(counting)
    assert driver.deaf == ""
    assert driver.intake is not None
    assert driver.intake.names == ("in_1 USB Audio in", "in_2 USB Audio in")
    (stream,) = portaudio.inputs
    assert [stream.settings[one] for one in ("device", "channels", "samplerate")] == [3, 2, 48_000]
    portaudio.streams[0].ask(256)
    stream.hear(np.array([[1, -1], [2, -2], [3, -3]], np.float32))
    assert heard(driver, 3) == [[1, 2, 3], [-1, -2, -3]]
    assert driver.intake.late == 3 + 256 + 960
    driver.stop()
    assert not stream.open


@pytest.mark.parametrize(
    ("settings", "breaks", "deaf"),
    [
        (AudioSettings(inputs=2, input_device="micro"), "", "'Microphone' has 1 of the 2 channels"),
        (
            AudioSettings(inputs=1, input_device="mikrophone"),
            "",
            "in its name: nothing comes in, and audio_in",
        ),
        (
            AudioSettings(inputs=1),
            "deaf",
            "there is no audio input: nothing comes in, and audio_in is silent",
        ),
        (AudioSettings(inputs=1), "input", "the input does not open: Device unavailable; the output plays"),
    ],
)
def test_portaudio_plays_whatever_is_wrong_with_the_input(
    portaudio: PortAudio, settings: AudioSettings, breaks: str, deaf: str
) -> None:
    """Fewer channels, another name, none at all, one that does not open: said, and the output plays."""
    portaudio.breaks = breaks
    driver = try_driver("sounddevice", settings)
    driver.start(counting)
    assert deaf in driver.deaf
    assert portaudio.streams[0].ask(2).tolist() == [[0, 0], [1, -1]]
    driver.stop()


def test_portaudio_plays_on_when_the_input_goes(portaudio: PortAudio) -> None:
    """Only the input is lost, and it is found again."""
    driver = try_driver("sounddevice", AudioSettings(inputs=1))
    assert isinstance(driver, Tended)
    driver.start(counting)
    portaudio.streams[0].ask(256)
    portaudio.inputs[0].finish()
    assert "the audio input is lost" in driver.tend(1.0)
    assert not driver.lost
    assert portaudio.streams[0].ask(1).tolist() == [[256, -256]]
    assert driver.tend(2.0) == ""
    assert "comes in again" in driver.tend(3.5)
    assert len(portaudio.inputs) == 2


class Mini:
    """The part of miniaudio that the driver uses, without hardware."""

    class MiniaudioError(Exception):
        """As the library's."""

    SampleFormat = SimpleNamespace(FLOAT32=5)

    def __init__(self) -> None:
        self.outputs = [{"name": "Speakers", "id": "a"}, {"name": "HDMI", "id": "b"}]
        self.captures: list[dict[str, object]] = [
            {"name": "Built-in", "id": "c", "formats": [{"channels": 2}]},
            {"name": "USB Mic", "id": "d", "formats": [{"channels": 1}]},
        ]
        self.heard: Mini | None = None
        self.settings: dict[str, object] = {}
        self.breaks = ""
        self.feed: Generator[Audio | bytes, int] | None = None
        self.backend = "CoreAudio"
        self.closed = False

    def playback(self, **settings: object) -> "Mini":
        """Stand for the device, too."""
        self.settings = settings
        return self

    def capture(self, **settings: object) -> "Mini":
        """An input."""
        if self.breaks == "deaf":
            raise self.MiniaudioError("busy")
        self.heard = Mini()
        return self.heard.playback(**settings)

    def start(self, feed: Generator[Audio | bytes, int]) -> None:
        """Keep what feeds us."""
        if self.breaks:
            raise self.MiniaudioError(self.breaks)
        self.feed = feed

    def close(self) -> None:
        """Close."""
        self.closed = True


@pytest.fixture
def mini(monkeypatch: pytest.MonkeyPatch) -> Mini:
    """Miniaudio without hardware."""
    device = Mini()

    def devices(backends: list[str]) -> SimpleNamespace:
        if not device.outputs:
            raise Mini.MiniaudioError("cannot init context", -201)
        assert not {"NULL", "JACK", "CUSTOM"} & set(backends)
        return SimpleNamespace(get_playbacks=lambda: device.outputs, get_captures=lambda: device.captures)

    library = SimpleNamespace(
        MiniaudioError=Mini.MiniaudioError,
        Devices=devices,
        PlaybackDevice=device.playback,
        CaptureDevice=device.capture,
        SampleFormat=Mini.SampleFormat,
        Backend=Backends(),
    )
    monkeypatch.setitem(sys.modules, "miniaudio", library)
    return device


class Backends:
    """An enumeration as far as the driver looks at it."""

    NULL, CUSTOM, JACK = "NULL", "CUSTOM", "JACK"

    def __iter__(self) -> "Generator[str]":
        """All of them."""
        yield from ("ALSA", "JACK", "CUSTOM", "NULL")


def test_miniaudio_plays_left_and_right(mini: Mini) -> None:
    """It is fed frames side by side, counted on, in whole milliseconds a period."""
    driver = try_driver("miniaudio", AudioSettings())
    driver.start(counting)
    assert mini.feed is not None
    first, second = mini.feed.send(2), mini.feed.send(1)
    assert isinstance(first, np.ndarray)
    # Bytes go to the device row by row, whichever way the array lies in memory.
    assert np.frombuffer(first.tobytes(), np.float32).tolist() == [0, 0, 1, -1]
    assert isinstance(second, np.ndarray)
    assert second.tolist() == [[2, -2]]
    assert mini.settings["buffersize_msec"] == 6
    assert (driver.block, driver.text) == (288, "audio: Speakers through miniaudio (CoreAudio), 48000 Hz")
    driver.stop()
    assert mini.closed


def test_miniaudio_takes_the_device_that_is_named(mini: Mini) -> None:
    """A part of the name will do; what is not there is not replaced."""
    try_driver("miniaudio", AudioSettings(device="hdmi"))
    assert mini.settings["device_id"] == "b"
    with pytest.raises(NoDevice, match="no audio output has 'speekers' in its name; did you mean 'Speakers'"):
        try_driver("miniaudio", AudioSettings(device="speekers"))


def test_miniaudio_without_a_device_says_so(mini: Mini) -> None:
    """No backend but the null one is nothing to play on; and some devices refuse to start."""
    driver = try_driver("miniaudio", AudioSettings())
    mini.breaks = "busy"
    with pytest.raises(NoDevice, match="does not start: busy"):
        driver.start(counting)
    mini.outputs = []
    with pytest.raises(NoDevice, match=r"miniaudio finds no audio output: cannot init context$"):
        try_driver("miniaudio", AudioSettings())


def test_miniaudio_hears_in_a_device_of_its_own(mini: Mini) -> None:
    """Bytes come in frame by frame; a part of a name will do; fewer channels are said."""
    driver = try_driver("miniaudio", AudioSettings(inputs=2))
    driver.start(counting)
    assert mini.feed is not None
    mini.feed.send(256)
    assert mini.heard is not None
    assert (mini.heard.settings["nchannels"], mini.heard.settings["device_id"]) == (2, None)
    feed = cast("Generator[None, bytes]", mini.heard.feed)
    feed.send(np.array([1, -1, 2, -2], np.float32).tobytes())
    assert heard(driver, 2) == [[1, 2], [-1, -2]]
    assert driver.deaf == ""
    driver.stop()
    assert mini.heard.closed
    one = try_driver("miniaudio", AudioSettings(inputs=2, input_device="usb"))
    one.start(counting)
    assert mini.heard.settings["device_id"] == "d"
    assert "'USB Mic' has 1 of the 2 channels" in one.deaf


def test_miniaudio_plays_whatever_is_wrong_with_the_input(mini: Mini) -> None:
    """None, or one that does not open."""
    mini.breaks = "deaf"
    driver = try_driver("miniaudio", AudioSettings(inputs=1))
    mini.captures = []
    other = try_driver("miniaudio", AudioSettings(inputs=1))
    mini.start = lambda _: None  # type: ignore[method-assign] # the output opens
    for one, deaf in ((driver, "the input does not open: busy"), (other, "there is no audio input")):
        one.start(counting)
        assert deaf in one.deaf


def test_the_null_driver_hears_what_it_is_given() -> None:
    """At its frames; else silence, and says so."""
    clock = ManualClock()
    driver = NullDriver(RATE, BLOCK, clock, inputs=1, heard=lambda at, frames: counting(at, frames)[:1])
    driver.prepare(Asked())
    for _ in range(4):
        clock.advance(driver.advance())
    assert driver.deaf == ""
    assert heard(driver, 3) == [[1021, 1022, 1023]]
    assert "there is no device" in NullDriver(RATE, BLOCK, inputs=2).deaf
    assert NullDriver(RATE, BLOCK).intake is None
