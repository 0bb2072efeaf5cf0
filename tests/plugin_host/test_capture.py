"""Audio that comes in apart from what goes out: at its frames, whatever either device does."""

from collections.abc import Callable

import numpy as np
import pytest

from plugin_host.audio import Audio, single
from plugin_host.drivers.capture import Capture, Close, Hear, NoInput

BLOCK = 256


class Card:
    """An input that is opened, breaks off, and comes back."""

    def __init__(self) -> None:
        self.there, self.opened, self.closed = True, 0, 0
        self.hear: Hear | None = None
        self.broken: Callable[[], None] | None = None

    def open(self, hear: Hear, broken: Callable[[], None]) -> Close:
        """As a driver opens one."""
        if not self.there:
            raise NoInput("it is unplugged")
        self.opened += 1
        self.hear, self.broken = hear, broken
        return self.close

    def close(self) -> None:
        """Some libraries say at once that it is over."""
        self.closed += 1
        if self.broken is not None:
            self.broken()


@pytest.fixture
def card() -> Card:
    """One."""
    return Card()


def capture_of(card: Card) -> Capture:
    """One channel of a card."""
    capture = Capture(("in_1",), BLOCK, card.open, "Mic")
    assert capture.start() == ""
    return capture


def ramp(position: float, size: int, speed: float = 1.0) -> Audio:
    """A slow wave that tells by its place where it is."""
    return single(np.sin((position + speed * np.arange(size)) * 2 * np.pi / 4800))[None, :]


def played(capture: Capture, read: int, blocks: int) -> Audio:
    """What a renderer reads that is behind the output by a block."""
    out = np.empty((1, blocks * BLOCK), np.float32)
    capture.intake.read(read, out)
    return out


@pytest.mark.parametrize("chunk", [100, 256, 700])
@pytest.mark.parametrize("speed", [1.0, 1.0003, 0.9997])
def test_what_comes_in_flows_without_a_gap(card: Card, chunk: int, speed: float) -> None:
    """In whatever chunks, and however the two devices' clocks differ: never a step, never silence."""
    capture = capture_of(card)
    heard, given, whole = 0.0, 0.0, [np.zeros((1, 0), np.float32)]
    for number in range(4000):
        reached = (number + 1) * BLOCK
        capture.played(reached)
        heard += BLOCK * speed
        while given + chunk <= heard:
            capture.hear(ramp(given, chunk))
            given += chunk
        if number > 20:
            whole.append(played(capture, reached - BLOCK, 1))
    sound = np.concatenate(whole, axis=1)[0]
    assert capture.slips == 0
    assert np.abs(np.diff(sound)).max() < 1.3 * 2 * np.pi / 4800
    assert np.abs(sound[-4800:]).max() > 0.99
    assert capture.intake.late == chunk + BLOCK


def test_bursts_are_learnt(card: Card) -> None:
    """A sound server that gives eight chunks at a time: a gap or two, then none."""
    capture = capture_of(card)
    gaps: list[int] = []
    for number in range(600):
        reached = (number + 1) * BLOCK
        capture.played(reached)
        if number % 8 == 7:
            for _ in range(8):
                capture.hear(np.ones((1, BLOCK), np.float32))
        if number > 8 and not played(capture, reached - BLOCK, 1).all():
            gaps.append(number)
    assert capture.slips <= 4
    assert max(gaps) < 100


def test_what_stood_still_goes_on_at_once(card: Card) -> None:
    """The output stood for a second, or jumped ahead by one: what is heard is the newest."""
    capture = capture_of(card)
    reached = 0
    for jump in (0, 0, 0, 48_000, 0, 0, 48_000, 0):
        reached += BLOCK + jump
        capture.played(reached)
        capture.hear(np.full((1, BLOCK), reached, np.float32))
        assert played(capture, reached + BLOCK, 1)[0, -1] == reached
    for _ in range(20):
        capture.hear(np.full((1, BLOCK), 7, np.float32))
    assert 2 <= capture.slips <= 5
    assert (played(capture, reached, 12) == 7).any()


def test_an_input_that_is_not_there_is_said_and_looked_for(card: Card) -> None:
    """Once; and when it is there, that."""
    card.there = False
    capture = Capture(("in_1",), BLOCK, card.open, "Mic")
    assert capture.start() == (
        "no audio comes in: it is unplugged; the output plays, and audio_in is silent until it is there"
    )
    told = [capture.tend(at) for at in (10.0, 11.0, 12.5, 13.0)]
    card.there = True
    told += [capture.tend(at) for at in (14.0, 15.0, 15.5)]
    assert [one for one in told if one] == ["audio comes in again (Mic)"]


@pytest.mark.parametrize("says", [True, False])
def test_an_input_that_goes_away_takes_nothing_with_it(card: Card, says: bool) -> None:
    """Whether it says so or only falls silent; it is let go, and opened again when it is back."""
    capture = capture_of(card)
    capture.played(BLOCK)
    assert card.hear is not None
    card.hear(np.ones((1, BLOCK), np.float32))
    assert capture.tend(1.0) == ""
    card.there = False
    if says:
        assert card.broken is not None
        card.broken()
    told = [capture.tend(at) for at in (2.5, 3.0, 4.6, 5.0)]
    assert [one for one in told if one] == [
        "the audio input is lost (Mic); the output plays on, and it is looked for"
    ]
    card.there = True
    assert [one for one in (capture.tend(6.7), capture.tend(6.8)) if one] == ["audio comes in again (Mic)"]
    card.hear(np.ones((1, BLOCK), np.float32))
    assert (card.opened, card.closed) == (2, 1)
    capture.stop()
    capture.stop()
    assert card.closed == 2
    assert capture.tend(7.0) == ""
