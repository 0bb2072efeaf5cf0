"""MIDI clock in on made-up ticks: how fast it locks, how well it holds, what it makes of the transport."""

import random
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.clock_in import ClockIn
from bridge.clock_out import CONTINUE, START, STOP, TICK


def ticks(bpm: float, seconds: float, begin: float = 0.0) -> list[float]:
    """The times of the ticks."""
    gap = 60 / bpm / 24
    return [begin + k * gap for k in range(int(seconds / gap))]


def hear(clock: ClockIn, times: list[float], jitter: float = 0.0, seed: int = 0) -> list[float]:
    """Let it hear ticks that come up to `jitter` beside their times; gives its tempo after each."""
    chance = random.Random(seed)
    out: list[float] = []
    for at in times:
        clock.feed(at + chance.uniform(-jitter, jitter), TICK)
        out.append(clock.bpm)
    return out


@given(st.floats(60.0, 200.0), st.integers(0, 10_000))
def test_it_locks_within_two_seconds_and_holds(bpm: float, seed: int) -> None:
    """At 1 ms of jitter: the tempo to 0.05 bpm, the beat to 0.3 ms."""
    clock = ClockIn()
    times = ticks(bpm, 30)
    found = hear(clock, times, 0.001, seed)
    after = [value for at, value in zip(times, found, strict=True) if at > 2.0]
    assert clock.locked
    worst = max(abs(value - bpm) for value in after)
    assert worst < 0.05 * max(1.0, bpm / 130)
    assert abs(clock.at - times[-1]) < 0.0006


def test_its_beat_is_steadier_than_what_it_hears() -> None:
    """Standard deviation of the phase under 0.3 ms at 1 ms of jitter (normal, not at most)."""
    chance = random.Random(1)
    clock = ClockIn()
    errors: list[float] = []
    found: list[float] = []
    for at in ticks(128, 60):
        clock.feed(at + chance.gauss(0, 0.001), TICK)
        if at > 2.0:
            errors.append(clock.at - at)
            found.append(clock.bpm)
    print(  # noqa: T201 - for reading
        f"phase sd {statistics.pstdev(errors) * 1000:.3f} ms, "
        f"tempo {min(found):.3f} to {max(found):.3f}, sd {statistics.pstdev(found):.4f}"
    )
    assert statistics.pstdev(errors) < 0.0003
    assert statistics.pstdev(found) < 0.03


@pytest.mark.parametrize("last", [121.0, 140.0, 90.0, 60.0])
def test_it_follows_a_change_of_tempo(last: float) -> None:
    """A small one by drifting errors, a large one by a gap; within two seconds either way."""
    clock = ClockIn()
    first = ticks(120, 10)
    hear(clock, first, 0.001)
    later = ticks(last, 10, first[-1] + 60 / last / 24)
    found = hear(clock, later, 0.001, 1)
    settled = [value for at, value in zip(later, found, strict=True) if at > later[0] + 2.5]
    assert max(abs(value - last) for value in settled) < 0.25
    assert abs(found[-1] - last) < 0.05


def test_it_knows_where_the_song_is() -> None:
    """Ticks before a start are tempo only; stop, position and continue are followed."""
    clock = ClockIn()
    hear(clock, ticks(120, 2))
    assert clock.tick is None
    clock.feed(2.0, START)
    hear(clock, ticks(120, 1, 2.005))
    assert clock.tick == 47
    assert abs(clock.at - (2.005 + 47 / 48)) < 1e-4
    clock.feed(3.0, STOP)
    hear(clock, ticks(120, 1, 3.01))
    assert (clock.tick, clock.rolling) == (47, False)
    assert clock.report(4.0)["tick"] is None
    clock.feed(4.005, bytes((0xF2, 16, 1)))
    clock.feed(4.006, CONTINUE)
    hear(clock, ticks(120, 0.5, 4.01))
    assert clock.tick == (16 + 128) * 6 + 23
    assert abs(clock.bpm - 120) < 0.5


def test_it_goes_on_when_the_clock_drops_out() -> None:
    """At its last tempo; a clock that was never heard is silent, one that comes back locks again."""
    clock = ClockIn()
    assert clock.state(0.0) == "silent"
    hear(clock, ticks(120, 0.5))
    assert clock.state(0.5) == "seeking"
    hear(clock, ticks(120, 3, 0.5))
    assert clock.state(3.5) == "locked"
    assert clock.state(4.0) == "freewheel"
    assert clock.bpm == pytest.approx(120, abs=0.1)
    hear(clock, ticks(90, 3, 5.0))
    assert clock.state(8.0) == "locked"
    assert clock.bpm == pytest.approx(90, abs=0.01)


@given(st.lists(st.tuples(st.floats(0.0, 0.5), st.binary(max_size=4)), max_size=60))
def test_nonsense_does_no_harm(rows: list[tuple[float, bytes]]) -> None:
    """Whatever comes, the tempo stays one that can be."""
    clock = ClockIn()
    at = 0.0
    for gap, data in rows:
        at += gap
        clock.feed(at, data)
        clock.feed(at, TICK)
    clock.report(at)
    assert clock.bpm == 0 or 19.9 < clock.bpm < 1001
