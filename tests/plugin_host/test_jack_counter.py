"""The JACK driver reads the server's counter right, whatever it does, and takes what ports there are."""

import sys
from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest

from plugin_host.audio import Audio
from plugin_host.drivers.driver import NoDevice
from plugin_host.drivers.jack_driver import CLIENT, JackDriver


class Server:
    """A JACK server whose counter goes where it is told."""

    def __init__(self) -> None:
        self.name = CLIENT
        self.samplerate, self.blocksize = 96_000, 4
        self.last_frame_time = 0
        self.buffers = [np.zeros(4, np.float32) for _ in range(2)]
        self.connected: list[tuple[str, str]] = []
        self.outports = self
        self.playback = ["system:playback_1", "system:playback_2", "system:playback_3"]
        self.process: Callable[[int], None] = print
        self.shutdown: Callable[[object, str], None] = print
        self.reordered: Callable[[], None] = print
        self.rated: Callable[[int], None] = print
        self.breaks = ""
        self.closed = 0

    def register(self, name: str) -> SimpleNamespace:
        """A port of ours."""
        buffer = self.buffers[int(name[-1]) - 1]
        return SimpleNamespace(name=f"{CLIENT}:{name}", get_array=lambda: buffer)

    def set_process_callback(self, callback: Callable[[int], None]) -> None:
        """Keep it."""
        self.process = callback

    def set_shutdown_callback(self, callback: Callable[[object, str], None]) -> None:
        """Keep it."""
        self.shutdown = callback

    def set_graph_order_callback(self, callback: Callable[[], None]) -> None:
        """Keep it."""
        self.reordered = callback

    def set_samplerate_callback(self, callback: Callable[[int], None]) -> None:
        """Keep it, and call it, as JACK does at once."""
        self.rated = callback
        callback(self.samplerate)

    def activate(self) -> None:
        """Refuse if it is to."""
        if self.breaks == "activate":
            raise RuntimeError("no")

    def get_ports(self, *, is_physical: bool, **_: object) -> list[SimpleNamespace]:
        """The sound card's, and a recorder's when those are wanted that are no hardware."""
        names = self.playback if is_physical else [*self.playback, "Recorder:in_1", "Recorder:in_2"]
        return [SimpleNamespace(name=name) for name in names]

    def connect(self, ours: SimpleNamespace, theirs: SimpleNamespace) -> None:
        """Refuse a port that is said to have vanished."""
        if theirs.name == self.breaks:
            raise RuntimeError("vanished")
        self.connected.append((ours.name, theirs.name))

    def deactivate(self) -> None:
        """Stop."""

    def close(self) -> None:
        """Note it."""
        self.closed += 1

    def cycle(self, counter: int) -> None:
        """One period at this count."""
        self.last_frame_time = counter
        self.process(4)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    """A server in the place of the library."""
    one = Server()

    def client(name: str, no_start_server: bool) -> Server:
        assert name == CLIENT
        assert no_start_server
        return one

    library = SimpleNamespace(
        Client=client, JackError=RuntimeError, set_error_function=print, set_info_function=print
    )
    monkeypatch.setitem(sys.modules, "jack", library)
    return one


class Taker:
    """Notes the frames that are asked for; plays their numbers left, and silence right."""

    def __init__(self) -> None:
        self.positions: list[int] = []

    def __call__(self, position: int, frames: int) -> Audio:
        """Note and play."""
        self.positions.append(position)
        return np.stack([np.arange(frames, dtype=np.float32), np.zeros(frames, np.float32)])


def test_frames_are_counted_on_over_the_end_of_the_counter(server: Server) -> None:
    """After 24.8 hours the counter begins again; ours does not."""
    driver, taker = JackDriver(), Taker()
    driver.start(taker)
    for counter in (2**32 - 8, 2**32 - 4, 0, 4):
        server.cycle(counter)
    assert taker.positions == [2**32 - 8, 2**32 - 4, 2**32, 2**32 + 4]
    assert driver.skipped == 0
    assert server.buffers[0].tolist() == [0, 1, 2, 3]


def test_skipped_periods_are_counted_and_time_stays_right(server: Server) -> None:
    """The counter says where we are."""
    driver, taker = JackDriver(), Taker()
    driver.start(taker)
    for counter in (100, 104, 116, 120):
        server.cycle(counter)
    assert taker.positions == [100, 104, 116, 120]
    assert driver.skipped == 1


def test_a_counter_that_steps_back_moves_us_back_and_not_a_day_ahead(server: Server) -> None:
    """A server that was late may correct its count by some frames; seen on a loaded machine."""
    driver, taker = JackDriver(), Taker()
    driver.start(taker)
    for counter in (1000, 1004, 1005, 1009):
        server.cycle(counter)
    assert taker.positions == [1000, 1004, 1005, 1009]
    assert driver.skipped == 1


def test_a_period_that_is_run_twice_keeps_what_it_was_given(server: Server) -> None:
    """Under load a server runs its clients twice in a period; asked again, the music would stand still."""
    driver, taker = JackDriver(), Taker()
    driver.start(taker)
    for counter in (1000, 1004, 1004, 1008):
        server.cycle(counter)
    assert taker.positions == [1000, 1004, 1008]
    assert driver.skipped == 1
    assert server.buffers[0].tolist() == [0, 1, 2, 3]


def test_the_first_two_physical_ports_are_connected(server: Server) -> None:
    """Without a word the sound card is played; a name finds any other ports."""
    JackDriver().start(Taker())
    assert server.connected == [
        (f"{CLIENT}:out_1", "system:playback_1"),
        (f"{CLIENT}:out_2", "system:playback_2"),
    ]
    server.connected.clear()
    JackDriver("recorder").start(Taker())
    assert [theirs for _, theirs in server.connected] == ["Recorder:in_1", "Recorder:in_2"]


def test_a_port_that_vanishes_is_left_out(server: Server) -> None:
    """The other one is connected."""
    server.breaks = "system:playback_1"
    JackDriver().start(Taker())
    assert [theirs for _, theirs in server.connected] == ["system:playback_2"]


def test_shutdown_is_loss_and_a_refusal_is_no_device(server: Server) -> None:
    """Both are told apart from playing."""
    driver = JackDriver()
    driver.start(Taker())
    assert not driver.lost
    server.shutdown(None, "bye")
    assert driver.lost
    driver.stop()
    assert server.closed == 1
    server.breaks = "activate"
    with pytest.raises(NoDevice, match="does not take us"):
        JackDriver().start(Taker())


def test_another_rate_is_another_device(server: Server) -> None:
    """As PipeWire changes it; being told of the same one means nothing."""
    driver = JackDriver()
    driver.start(Taker())
    assert not driver.lost
    server.rated(96_000)
    assert not driver.lost
    server.rated(44_100)
    assert driver.lost


def test_the_server_sets_rate_and_period(server: Server) -> None:
    """And the line says so."""
    driver = JackDriver()
    assert (driver.rate, driver.block, driver.exact) == (96_000, 4, True)
    assert driver.text == f"audio: JACK, 96000 Hz, periods of 4, client '{CLIENT}'"
    assert server.closed == 0
