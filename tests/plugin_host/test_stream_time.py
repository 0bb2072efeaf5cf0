"""A device's frames are laid on the timeline: exactly on a server, by a slow loop elsewhere."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.clock import ManualClock, Mapping, SharedClock, create_page, monotonic
from plugin_host.stream_time import ExactTime, FittedTime, Place

RATE = 48_000
BLOCK = 256


@given(st.integers(0, 10**10), st.integers(0, BLOCK - 1), st.floats(-0.49, 0.49))
def test_a_place_finds_the_nearest_frame(first: int, offset: int, aside: float) -> None:
    """A time up to half a frame beside a frame belongs to that frame."""
    place = Place(first, RATE)
    assert place.offset((first + offset + aside) / RATE) == offset


@given(st.integers(0, 10**10), st.floats(-3 * BLOCK, 3 * BLOCK))
def test_until_divides_times_as_offsets_do(first: int, frames: float) -> None:
    """What is due before `until` lies inside the block or before it; what is not, lies behind."""
    place = Place(first, RATE)
    at = (first + frames) / RATE
    if abs((at * RATE - first) % 1 - 0.5) < 1e-4:
        return  # half-way between two frames either will do
    assert (at < place.until(BLOCK)) == (place.offset(at) < BLOCK)


def test_before_the_first_look_a_frame_is_now() -> None:
    """Nothing is known yet: whatever is rendered is for the present."""
    assert near(FittedTime(ManualClock(3.0), RATE).place(0).time, 3.0, 1e-9)


def near(value: float, expected: float, tolerance: float) -> bool:
    """Whether two numbers differ by less than `tolerance`."""
    return abs(value - expected) < tolerance


def run(
    time: FittedTime, clock: ManualClock, seconds: float, rate: float, jitter: random.Random | None
) -> float:
    """Let a device of this true rate ask for blocks; the largest step between two blocks' places."""
    position, begun, worst, former = 0, clock.now(), 0.0, None
    while position < seconds * rate:
        true = begun + position / rate
        late = jitter.expovariate(1 / 0.001) if jitter else 0.0
        clock.time = true + late
        time.look(position)
        clock.time = true
        place = time.place(position).time
        if former is not None:
            worst = max(worst, abs(place - former - BLOCK / rate))
        former = time.place(position).time
        position += BLOCK
    return worst


def test_the_loop_finds_the_device_rate() -> None:
    """A "48 kHz" device that runs at 48,013 Hz is followed to within 0.1 ms after some seconds."""
    clock, true = ManualClock(100.0), 48_013.0
    time = FittedTime(clock, RATE)
    run(time, clock, 60, true, None)
    position = int(60 * true)
    assert near(time.place(position).time, 100 + position / true, 1e-4)
    assert near(time.place(position).rate, true, 1.0)
    assert time.anchors == 0


def test_jitter_of_callbacks_hardly_moves_the_place() -> None:
    """Callbacks late by 1 ms on average, in a long tail: after settling, steps err by less than 50 us."""
    clock = ManualClock(0.0)
    time = FittedTime(clock, RATE)
    run(time, clock, 20, RATE, random.Random(1))
    before = [time.place(20 * RATE + k * BLOCK).time for k in range(2)]
    assert near(before[1] - before[0], BLOCK / RATE, 5e-5)
    assert near(time.place(20 * RATE).time, 20, 0.003)


def test_one_stalled_callback_is_not_believed() -> None:
    """A machine that stands still for 100 ms and then catches up has moved nothing."""
    clock = ManualClock(0.0)
    time = FittedTime(clock, RATE)
    run(time, clock, 5, RATE, None)
    position = 5 * RATE
    expected = time.place(position).time
    clock.time = 5.1
    time.look(position)
    assert near(time.place(position).time, expected, 1e-6)
    assert time.anchors == 0


def test_a_jump_that_stays_is_taken_once_and_counted() -> None:
    """A device that lost 100 ms for good is met where it is now, once."""
    clock = ManualClock(0.0)
    time = FittedTime(clock, RATE)
    run(time, clock, 5, RATE, None)
    for block in range(50):
        position = 5 * RATE + block * BLOCK
        clock.time = position / RATE + 0.1
        time.look(position)
    assert time.anchors == 1
    assert near(time.place(5 * RATE).time, 5.1, 1e-3)


@pytest.fixture
def page(tmp_path: Path) -> SharedClock:
    """A clock page that shows the monotonic clock."""
    return create_page(tmp_path / "clock")


def test_on_the_server_that_is_the_clock_places_are_whole_frames(page: SharedClock) -> None:
    """The timeline's frame is the counter plus the offset, also after the counter has wrapped."""
    now, offset = monotonic(), 12_345
    wrapped = 2**32 + 1000
    page.publish(Mapping(now, (wrapped + offset) / RATE, 1.0, float(RATE), offset))
    time = ExactTime(page, RATE)
    assert time.place(1000) == Place(wrapped + offset, RATE)
    assert time.place(wrapped) == Place(wrapped + offset, RATE)
    at = (wrapped + offset + 77) / RATE
    assert time.place(1000).offset(at) == 77 == page.frame(at) - wrapped - offset


def test_a_server_that_is_not_the_clock_is_followed(page: SharedClock) -> None:
    """Until the timeline counts in its frames, or when it runs at another rate, the loop serves."""
    time = ExactTime(page, RATE)
    time.look(0)
    assert near(time.place(0).time, page.now(), 0.05)
    now = page.now()
    page.publish(Mapping(monotonic(), now, 1.0, 44_100.0, 0))
    assert near(time.place(0).time, now, 0.05)
    assert time.anchors == 0


def test_a_server_that_counts_from_elsewhere_is_not_believed(page: SharedClock) -> None:
    """A server that was started anew: its frames would lie hours away until the clock knows of it."""
    now = monotonic()
    page.publish(Mapping(now, now, 1.0, float(RATE), round(now * RATE)))
    time = ExactTime(page, RATE)
    assert near(time.place(0).time, page.now(), 0.05)
    far = 3600 * RATE
    time.look(far)
    assert near(time.place(far).time, page.now(), 0.05)
