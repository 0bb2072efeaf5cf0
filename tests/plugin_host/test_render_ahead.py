"""The renderer feeds a device in virtual time: sound lies at its frame, work is done in order."""

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.clock import ManualClock
from bridge.event import SinkEvent
from plugin_host.audio import Audio
from plugin_host.clicks import Clicks
from plugin_host.desk import Desk
from plugin_host.drivers import NullDriver
from plugin_host.render_ahead import Renderer
from plugin_host.runway import Runway
from plugin_host.stream_time import FittedTime

RATE, BLOCK, AHEAD = 48_000, 256, 3


class Studio:
    """A device, a renderer and a desk that move with one hand-driven clock."""

    def __init__(self, period: int = BLOCK) -> None:
        self.clock = ManualClock(10.0)
        self.clicks = Clicks(RATE, BLOCK)
        self.desk = Desk(self.clicks, print)
        self.renderer = Renderer(self.desk, self.clock)
        self.runway = Runway(RATE, BLOCK, AHEAD)
        self.time = FittedTime(self.clock, RATE)
        self.heard: list[Audio] = []
        self.driver = NullDriver(RATE, period, self.clock)
        pull = self.renderer.use(self.runway, self.time, RATE)

        def listen(position: int, frames: int) -> Audio:
            audio = pull(position, frames)
            self.heard.append(audio.copy())
            return audio

        self.driver.prepare(listen)

    def run(self, seconds: float, *, render: bool = True) -> None:
        """Let time pass, with or without a renderer that keeps up."""
        end = self.clock.now() + seconds
        while self.clock.now() < end:
            wait = self.driver.advance()
            while render and self.renderer.step():
                pass
            self.clock.advance(wait)

    @property
    def sound(self) -> Audio:
        """All that was heard; frame 0 is second 10."""
        return np.concatenate(self.heard, axis=1)[0]


def click(ident: int, at: float) -> SinkEvent:
    """A click at a time."""
    return SinkEvent(ident, at, at, 0, b"{}", b"")


@given(
    st.sampled_from([64, 128, 256, 480, 1024]), st.lists(st.integers(6000, 20_000), max_size=20, unique=True)
)
def test_a_click_is_heard_at_its_frame(period: int, frames: list[int]) -> None:
    """Whatever the device's period: an event at t is heard at t's frame, and nothing is missing."""
    studio = Studio(period)
    studio.renderer.order(lambda: studio.desk.add(click(n, 10 + f / RATE) for n, f in enumerate(frames)))
    studio.run(0.6)
    assert np.flatnonzero(studio.sound).tolist() == sorted(frames)
    assert studio.runway.missing == 0
    assert studio.desk.agenda.late == 0


def test_without_a_device_orders_are_done() -> None:
    """What others ask for needs no device."""
    done: list[int] = []
    renderer = Renderer(Desk(Clicks(RATE, BLOCK), print), ManualClock())
    for n in range(3):
        renderer.order(partial(done.append, n))
    assert not renderer.step()
    assert done == [0, 1, 2]


def test_a_renderer_that_stalls_is_heard_as_a_gap_and_is_right_again() -> None:
    """Blocks that were not there are counted; afterwards clicks are at their frames again."""
    studio = Studio()
    studio.desk.add([click(1, 10.1), click(2, 10.9)])
    studio.run(0.3)
    studio.run(0.2, render=False)
    assert 30 <= studio.runway.missing <= 38
    missing = studio.runway.missing
    studio.run(0.6)
    assert studio.runway.missing <= missing + 1
    assert np.flatnonzero(studio.sound).tolist() == [4800, 43_200]


def test_the_load_is_the_share_of_a_block() -> None:
    """A rack that takes a quarter of a block's time shows a load of a quarter."""
    studio = Studio()

    class Slow(Clicks):
        def render(self) -> Audio:
            studio.clock.advance(0.25 * BLOCK / RATE)
            return super().render()

    studio.desk.replace_rack(Slow(RATE, BLOCK))
    studio.run(4.0)
    assert abs(studio.renderer.load - 0.25) < 0.01
    assert abs(studio.renderer.worst - 0.25) < 0.01


def test_another_device_goes_on_where_time_is() -> None:
    """A device with other frames and rate takes over: the click after the change is at its time."""
    studio = Studio()
    studio.desk.add([click(1, 10.2), click(2, 11.2)])
    studio.run(0.5)
    heard: list[Audio] = []
    runway = Runway(44_100, BLOCK, AHEAD)
    pull = studio.renderer.use(runway, FittedTime(studio.clock, 44_100), 44_100)
    second = NullDriver(44_100, 441, studio.clock)

    def listen(position: int, frames: int) -> Audio:
        heard.append(pull(position, frames).copy())
        return heard[-1]

    second.prepare(listen)
    begun = studio.clock.now()
    while studio.clock.now() < 11.5:
        wait = second.advance()
        while studio.renderer.step():
            pass
        studio.clock.advance(wait)
    onsets = np.flatnonzero(np.concatenate(heard, axis=1)[0])
    assert onsets.tolist() == [round((11.2 - begun) * 44_100)]


def test_a_last_call_of_the_former_device_does_no_harm() -> None:
    """Its pull stays tied to its own runway."""
    studio = Studio()
    studio.run(0.1)
    fresh = Runway(RATE, BLOCK, AHEAD)
    studio.renderer.use(fresh, FittedTime(studio.clock, RATE), RATE)
    studio.run(0.1, render=False)
    assert fresh.pulls == 0
    assert not studio.renderer.step()


class Shared(Clicks):
    """Clicks that are made in part by others, who may be late with it."""

    awaits = False


@pytest.mark.parametrize(("ahead", "kept"), [(3, 3), (8, 3)])
def test_others_are_awaited_as_long_as_there_is_time(ahead: int, kept: int) -> None:
    """More than a block and a period are always ready: the device misses nothing, however late the others."""
    studio, reached = Studio(), [0]
    studio.runway = Runway(RATE, BLOCK, ahead)
    studio.desk.replace_rack(shared := Shared(RATE, BLOCK))
    pull = studio.renderer.use(studio.runway, studio.time, RATE)

    def listen(position: int, frames: int) -> Audio:
        reached[0] = position + frames
        return pull(position, frames)

    studio.driver.prepare(listen)
    studio.run(0.2)
    shared.awaits = True
    studio.run(0.2)
    assert studio.runway.missing == 0
    assert studio.runway.vacancy() == (reached[0] + kept * BLOCK if kept < ahead else None)
    shared.awaits = False
    studio.run(0.02)
    assert studio.runway.vacancy() is None
    assert studio.runway.missing == 0
