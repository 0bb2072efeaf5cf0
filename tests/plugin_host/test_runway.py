"""The ring between the rendering thread and the device: nothing waits, gaps do not click."""

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from plugin_host.audio import Audio
from plugin_host.runway import FADE, Runway

RATE, BLOCK = 48_000, 256


def ramp(position: int, frames: int) -> Audio:
    """Audio whose samples say at which frame they belong."""
    return np.tile(np.arange(position, position + frames, dtype=np.float32), (2, 1))


def fill(runway: Runway) -> int:
    """Write all blocks that there is room for; how many."""
    written = 0
    while (position := runway.vacancy()) is not None:
        runway.write(ramp(position, BLOCK))
        written += 1
    return written


def warm(runway: Runway, position: int = 0, frames: int = BLOCK) -> int:
    """Let the device begin; the position that follows."""
    runway.read(position, frames)
    fill(runway)
    runway.read(position + frames, frames)
    fill(runway)
    return position + 2 * frames


def test_nothing_is_rendered_before_a_device_asks() -> None:
    """Where the device begins is not known until it asks."""
    assert Runway(RATE, BLOCK, 3).vacancy() is None


def test_as_many_blocks_as_asked_are_kept_ready() -> None:
    """Three ahead means three blocks beyond what the device has taken."""
    runway = Runway(RATE, BLOCK, 3)
    runway.read(0, BLOCK)
    assert fill(runway) == 3
    runway.read(BLOCK, BLOCK)
    assert fill(runway) == 1


@given(st.integers(0, 2**40), st.lists(st.sampled_from([64, 240, 256, 1000, 1024]), min_size=3, max_size=40))
def test_a_device_gets_its_own_frames_whatever_its_periods(start: int, periods: list[int]) -> None:
    """Frames keep their position, for every start and all mixtures of periods; none is missing."""
    runway = Runway(RATE, BLOCK, 16)
    position = start + 1024
    runway.read(start, 1024)
    for index, frames in enumerate(periods):
        while (head := runway.vacancy()) is not None:
            runway.write(ramp(head - start, BLOCK))
        out = runway.read(position, frames)
        skip = FADE if index == 0 or (index == 1 and periods[0] < FADE) else 0
        assert np.array_equal(out[:, skip:], ramp(position - start, frames)[:, skip:])
        position += frames
    assert runway.missing == 0


def test_a_missing_block_fades_out_and_is_counted() -> None:
    """The last frames run back and fade, so that no step is heard, and silence follows."""
    runway = Runway(RATE, BLOCK, 3)
    position = warm(runway)
    for _ in range(3):
        runway.read(position, BLOCK)
        position += BLOCK
    last = position - 1
    gap = runway.read(position, BLOCK)
    assert runway.missing == 1
    assert gap[0, 0] == last
    assert np.abs(np.diff(gap[0])).max() < last / FADE + 2
    assert not gap[:, FADE:].any()
    assert not runway.read(position + BLOCK, BLOCK).any()
    assert runway.missing == 2


def test_sound_comes_back_with_a_ramp() -> None:
    """After a gap the first frames rise from nothing, and are those of the present."""
    runway = Runway(RATE, BLOCK, 1)
    position = warm(runway)
    while runway.missing == 0:
        runway.read(position, BLOCK)
        position += BLOCK
    fill(runway)
    out = runway.read(position, BLOCK)
    assert out[0, 0] == 0
    assert np.array_equal(out[:, FADE:], ramp(position, BLOCK)[:, FADE:])


def test_a_short_period_lets_the_fade_go_on_in_the_next() -> None:
    """Where a period is shorter than the fade, the gap is one curve all the same."""
    runway = Runway(RATE, BLOCK, 1)
    position = warm(runway)
    fill(runway)
    out = runway.read(position, 64)
    while runway.missing == 0:
        position += 64
        out = runway.read(position, 64).copy()
    curve = np.concatenate([out[0], runway.read(position + 64, 64)[0]])
    assert np.abs(np.diff(curve)).max() < 2 * position / FADE
    assert curve[-1] < curve[63] < curve[0]


def test_a_device_that_skips_frames_stays_in_time() -> None:
    """What it skipped is not played late; what is ready for later is played at its place."""
    runway = Runway(RATE, BLOCK, 4)
    position = warm(runway) + 2 * BLOCK
    assert np.array_equal(runway.read(position, BLOCK), ramp(position, BLOCK))
    assert runway.missing == 0


def test_a_device_that_ran_away_is_met_where_it_is() -> None:
    """After a stall of the renderer the next block is for the present, not for the past."""
    runway = Runway(RATE, BLOCK, 2)
    position = warm(runway)
    for _ in range(10):
        runway.read(position, BLOCK)
        position += BLOCK
    assert runway.vacancy() == position


def test_a_device_that_never_gets_anything_counts_after_a_second() -> None:
    """The first second is start-up; then every period is missing."""
    runway = Runway(RATE, BLOCK, 2)
    for index in range(2 * RATE // BLOCK):
        assert not runway.read(index * BLOCK, BLOCK).any()
    assert abs(runway.missing - RATE / BLOCK) < 2


def test_leaving_fades_to_silence() -> None:
    """The fade begins at full level, falls steadily and ends in silence that stays."""
    runway = Runway(RATE, BLOCK, 8)
    position = warm(runway)
    while (head := runway.vacancy()) is not None:
        runway.write(ramp(head, BLOCK))
    runway.leave(400)
    levels: list[float] = []
    for _ in range(3):
        levels += (runway.read(position, BLOCK)[0] / ramp(position, BLOCK)[0]).tolist()
        position += BLOCK
        fill(runway)
    assert abs(levels[0] - 1) < 1e-5
    assert all(b <= a + 1e-5 for a, b in pairwise(levels))
    assert not any(levels[400:])


def test_a_long_period_enlarges_what_is_kept_ready() -> None:
    """A device that takes 1024 at a time needs two of its periods ready, whatever the profile says."""
    runway = Runway(RATE, BLOCK, 3)
    runway.read(0, 1024)
    assert runway.ahead == 2048
