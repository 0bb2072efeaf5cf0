"""The clocks: one that is moved by hand, one that all processes read from a page."""

import math
import random
import struct
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.clock import (
    PAGE_SIZE,
    Clock,
    ManualClock,
    Mapping,
    SharedClock,
    SystemClock,
    Tracker,
    create_page,
    monotonic,
    unwrap,
    wall_at,
)

FINITE = st.floats(-1e9, 1e9)
MAPPING = st.builds(
    Mapping, FINITE, FINITE, st.floats(0.9, 1.1), st.floats(0, 192_000), st.integers(-(2**62), 2**62)
)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    """A session's clock page."""
    path = tmp_path / "clock"
    create_page(path).close()
    return path


def test_a_manual_clock_moves_when_told() -> None:
    """And only forward."""
    clock = ManualClock(2.0)
    clock.advance(0.5)
    assert clock.now() == 2.5
    with pytest.raises(ValueError, match=r"-0\.1"):
        clock.advance(-0.1)


def test_every_clock_is_a_clock(page: Path) -> None:
    """The new page shows the monotonic clock, as the system's clock does."""
    clocks: list[Clock] = [SystemClock(), SharedClock(page)]
    for clock in clocks:
        before = monotonic()
        assert before - 1e-6 <= clock.now() <= monotonic() + 1e-6


@given(MAPPING)
def test_what_is_published_is_read(tmp_path_factory: pytest.TempPathFactory, mapping: Mapping) -> None:
    """Another process that maps the page reads exactly what was written."""
    path = tmp_path_factory.mktemp("page") / "clock"
    writer = create_page(path)
    reader = SharedClock(path)
    writer.publish(mapping)
    assert reader.mapping() == mapping
    assert reader.at(mapping.monotonic) == mapping.time
    assert (reader.frame_rate, reader.frame_offset) == (mapping.frame_rate, mapping.frame_offset)
    writer.close()
    reader.close()


def test_a_half_written_page_is_not_believed(page: Path) -> None:
    """A writer that dies within a write leaves its last whole mapping valid; the next writer mends it."""
    writer, reader = SharedClock(page), SharedClock(page)
    whole = Mapping(1.0, 2.0, 1.0, 48_000.0, 7)
    writer.publish(whole)
    assert reader.mapping() == whole
    with page.open("r+b") as file:
        first = struct.unpack("<Q", file.read(8))[0]
        file.seek(0)
        file.write(struct.pack("<Qd", first + 1, 99.0))
    assert reader.mapping() == whole
    assert reader.at(1.0) == 2.0
    SharedClock(page).publish(Mapping(3.0, 4.0))
    assert reader.mapping() == Mapping(3.0, 4.0)
    assert page.stat().st_size == PAGE_SIZE


@given(st.integers(0, 2**50), st.integers(-(2**31) + 1, 2**31 - 1))
def test_a_wrapped_counter_is_counted_on(frame: int, off: int) -> None:
    """The 32 bits of a server's counter say the full count, as long as we know it to 12 hours."""
    assert unwrap(frame & 0xFFFFFFFF, float(frame + off)) == frame


def test_the_shared_clock_counts_frames_across_the_wrap(page: Path) -> None:
    """A counter that wraps around at 2**32 (a day at 48 kHz) changes nothing in the timeline."""
    clock = SharedClock(page)
    now = monotonic()
    near_wrap = 2**32 - 24_000
    offset = round(now * 48_000) - near_wrap
    clock.publish(Mapping(now, now, 1.0, 48_000.0, offset))
    for ahead in (-0.2, 0.0, 0.4, 0.6, 2.0):
        frame = round((now + ahead) * 48_000) - offset
        assert clock.unwrap(frame & 0xFFFFFFFF) == frame
        assert clock.frame(now + ahead) == frame + offset


def follow(jitter: float, drift: float, seconds: float, *, period: float = 0.05) -> list[float]:
    """Let the loop look at a jittered clock as the port thread does; its phase errors, one a look."""
    chance = random.Random(5)
    mapping = Mapping(100.0, 100.0)
    tracker = Tracker(mapping)
    errors: list[float] = []
    looked = 100.0
    while looked < 100.0 + seconds:
        looked += period * chance.uniform(0.9, 1.6)
        true = 100.0 + (looked - 100.0) * (1 + drift)
        mapping = tracker.look(mapping, looked, true + chance.uniform(-jitter, jitter))
        errors.append(mapping.at(looked) - true)
    return errors


@pytest.mark.parametrize("drift", [300e-6, -300e-6, 0.0])
def test_the_mapping_follows_a_jittered_clock(drift: float) -> None:
    """Half a millisecond of jitter and 300 ppm: less than 50 us of phase error once it is calm."""
    errors = follow(0.0005, drift, 60.0)
    calm = errors[len(errors) // 2 :]
    assert max(abs(e) for e in calm) < 100e-6
    assert (sum(e * e for e in calm) / len(calm)) ** 0.5 < 50e-6


def test_the_mapping_is_exact_without_jitter() -> None:
    """The rate is learnt, so that nothing remains."""
    assert max(abs(e) for e in follow(0.0, 300e-6, 120.0)[-200:]) < 1e-6


@pytest.mark.parametrize("jitter", [0.0, 10e-6])
def test_the_mapping_follows_a_server_that_wanders(jitter: float) -> None:
    """Under load a server's frames come a millisecond late and catch up, over seconds: we stay beside it."""
    chance = random.Random(5)
    mapping = Mapping(100.0, 100.0)
    tracker = Tracker(mapping)
    errors: list[float] = []
    for look in range(1, 1200):
        mono = 100.0 + look * 0.05
        true = mono + 0.001 * math.sin(2 * math.pi * 0.05 * (mono - 100.0))
        mapping = tracker.look(mapping, mono, true + chance.uniform(-jitter, jitter))
        errors.append(mapping.at(mono) - true)
    assert max(abs(e) for e in errors[-600:]) < 50e-6


@pytest.mark.parametrize("stood", [-2.0, 2.0])
def test_a_clock_that_stood_still_is_caught_up_with(stood: float) -> None:
    """Without a jump, never backwards, within twice the time and a little; then as exact as before."""
    mapping, shown = Mapping(100.0, 100.0), 100.0
    for look in range(1, 400):
        mono = 100.0 + look * 0.05
        mapping_then = mapping
        mapping = mapping.moved(mono, mono + stood - mapping.at(mono), 0.05, 0.05)
        assert mapping.at(mono) == pytest.approx(mapping_then.at(mono), abs=0.005)
        assert mapping.at(mono) > shown
        shown = mapping.at(mono)
        if look * 0.05 > 2 * abs(stood) + 0.2:
            assert abs(mapping.at(mono) - mono - stood) < 0.06
    assert abs(mapping.at(120.0) - 120.0 - stood) < 0.002


def test_late_looks_do_not_make_the_loop_swing() -> None:
    """A machine under load looks every 0.2 s instead of every 0.05, in the first wide seconds too."""
    chance = random.Random(3)
    mapping, mono = Mapping(100.0, 100.0), 100.0
    errors: list[float] = []
    for look in range(300):
        gap = chance.choice([0.05, 0.2, 0.2, 0.6])
        mono += gap
        seen = mono + chance.choice([0.0, 0.0, 0.004, -0.004])
        mapping = mapping.moved(mono, seen - mapping.at(mono), 2.0 if look < 100 else 0.05, min(0.2, gap))
        errors.append(abs(mapping.at(mono) - mono))
    assert max(errors) < 0.02
    assert max(errors[-100:]) < 0.003


@given(FINITE, FINITE, st.floats(0.9, 1.1), st.floats(-1e4, 1e4))
def test_the_mapping_works_both_ways(mono: float, when: float, rate: float, ahead: float) -> None:
    """From the monotonic clock to the timeline and back."""
    mapping = Mapping(mono, when, rate)
    assert mapping.monotonic_at(mapping.at(mono + ahead)) == pytest.approx(mono + ahead, abs=1e-5)


def test_the_wall_clock_at_a_time_of_the_timeline(page: Path) -> None:
    """Timetags are on the wall clock: half a second ahead there is half a second ahead here."""
    clock = SharedClock(page)
    now = monotonic()
    clock.publish(Mapping(now, 1000.0, 1.0001))
    wall = time.time()  # noqa: TID251 - what it is compared with
    assert wall_at(clock.at(now) + 0.5, clock) == pytest.approx(wall + 0.5, abs=0.02)
