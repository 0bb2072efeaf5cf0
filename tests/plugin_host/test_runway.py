"""The ring between the rendering thread and the device: nothing waits, gaps do not click."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin_host.audio import Audio, single
from plugin_host.bends import click
from plugin_host.breaking_off import FADE
from plugin_host.runway import Runway

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
    for frames in periods:
        while (head := runway.vacancy()) is not None:
            runway.write(ramp(head - start, BLOCK))
        out = runway.read(position, frames)
        skip = max(0, start + 1024 + FADE - position)  # it fades in
        assert np.array_equal(out[:, skip:], ramp(position - start, frames)[:, skip:])
        position += frames
    assert runway.missing == 0


def tone(position: int, frames: int) -> Audio:
    """A sine on both sides, at its place."""
    return single(
        0.5 * np.sin(np.arange(position, position + frames) * (2 * np.pi * 440 / RATE))[None].repeat(2, 0)
    )


@pytest.mark.parametrize("period", [64, 256, 300, 1024])
@pytest.mark.parametrize("missing", [1, 2, 7])
def test_a_gap_does_not_click(period: int, missing: int) -> None:
    """What broke off goes on, fades and is silent; what comes back is the present's, and fades in."""
    runway = Runway(RATE, BLOCK, 1)
    out: list[Audio] = []
    before = after = 0
    while not after or len(out) < after + 6000 / period:
        lacks = len(out) > 8000 / period and runway.missing < missing
        while not lacks and (head := runway.vacancy()) is not None:
            runway.write(tone(head, BLOCK))
        out.append(runway.read(len(out) * period, period).copy())
        if runway.missing and not before:
            before = len(out) - 1
        if runway.missing == missing and not after:
            after = len(out)
    sound = np.concatenate(out, axis=1)[:, 2000:]
    begin, end = before * period - 2000, after * period + FADE - 2000
    assert click(sound, begin, end) < -60
    assert np.abs(sound).max() <= 0.55
    assert np.array_equal(sound[:, end:], tone(end + 2000, sound.shape[1] - end))
    assert missing < 7 or not sound[:, after * period - 2008 : after * period - 2000].any()


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


def test_where_blocks_were_missing_more_are_kept_ready() -> None:
    """One block for each time that it is asked, not without need, and up to 2,048 frames."""
    runway = Runway(RATE, BLOCK, 3)
    position = warm(runway)
    assert not runway.go_farther()
    kept: list[int] = []
    for _ in range(8):
        for _ in range(12):  # nothing is rendered for so long
            runway.read(position, BLOCK)
            position += BLOCK
        assert runway.go_farther() == (len(kept) < 5)
        assert not runway.go_farther()
        fill(runway)
        kept.append(runway.ahead // BLOCK)
        late = runway.missing
        for _ in range(kept[-1]):
            runway.read(position, BLOCK)
            position += BLOCK
        assert runway.missing == late
        fill(runway)
    assert kept == [4, 5, 6, 7, 8, 8, 8, 8]
