"""A session as a user starts it, whose instruments are heard inside a DAW."""

import ctypes
import time
from collections.abc import Callable

import numpy as np
import pytest

from bridge.event import TimedEvent
from bridge.worker import pause
from plugin_host.audio import Audio
from plugin_host.offline import render
from plugin_host.specs import instrument
from tests.daw.conftest import play as play  # noqa: PLC0414 - a fixture, used by its name
from tests.daw_plugin.conftest import RATE, Host
from tests.daw_plugin.test_player import Song
from tests.end_to_end.conftest import Session

pytestmark = [pytest.mark.plugin, pytest.mark.realtime, pytest.mark.timeout(120)]
PIECE = """
tempo(90)
keys = play(note("c3 e3 g3 b3").legato(.5), on=plugin("Pad", sound=instrument("keys")))
"""
PERIOD = 256


class Live:
    """A host that plays in real time.

    Args:
        host: Whom.
    """

    def __init__(self, host: Host) -> None:
        self.song = Song(host)
        self.heard: list[Audio] = []
        self._due = time.monotonic()

    def block(self, *, rolls: bool) -> None:
        """Play the next block, when its time has come."""
        song = self.song
        self._due = max(self._due + PERIOD / RATE, time.monotonic() - 0.005)
        pause(max(0.0, self._due - time.monotonic()))
        song.host.run(song.beat, song.bpm, song.frame, PERIOD, rolls=rolls)
        self.heard.append(song.host.listen(PERIOD))
        if rolls:
            song.beat += PERIOD * song.bpm / 60 / RATE
            song.frame += PERIOD

    def stand(self, until: Callable[[], bool], seconds: float = 15.0) -> None:
        """Stand until something is so."""
        end = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < end
            self.block(rolls=False)

    def roll(self, beats: float) -> Audio:
        """Roll for so many beats; gives what is heard of them."""
        self.heard.clear()
        end = self.song.beat + beats
        while self.song.beat < end:
            self.block(rolls=True)
        return np.concatenate(self.heard, axis=1)


def test_instruments_are_heard_in_the_daw_at_its_frames(
    play: Callable[[str, float], Session], library: ctypes.CDLL, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it hears is what a render gives, to the frame; the session may lose its engine, and its mixer."""
    ours = play(PIECE, 60)
    base = ours.piece.parent / "run"
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(base))
    ours.processes()
    host = Host(library, base)
    try:
        live = Live(host)
        live.stand(lambda: host.latency > 0)
        lag = host.latency
        heard = live.roll(12.0)
        struck = [(beat, 48 + (0, 4, 7, 11)[beat % 4]) for beat in range(13)]
        events = [TimedEvent(b / 2, 0.25, {"note": key}, "a", b) for b, key in struck]
        wanted = render(events, {"a": instrument("keys")}, 6.0)
        size = heard.shape[1] - lag - 1
        # The keys sway by a wave that began when they did: not to the bit, but nowhere better than here.
        beside = [
            float(np.square(heard[:, lag + by :][:, :size] - wanted[:, :size]).mean()) for by in (-1, 0, 1)
        ]
        assert beside[1] < min(beside[0], beside[2])
        assert beside[1] < 1e-3 * float(np.square(wanted).mean())
        # Its mixer dies: silence, then it is there again, at its frames.
        ours.kill("daw")
        live.roll(2.0)
        assert any(not block.any() for block in live.heard)
        end = time.monotonic() + 10
        while not np.concatenate(live.heard[-200:] or [np.zeros((2, 1))], axis=1).any():
            assert time.monotonic() < end, ours.log.read_text()
            live.roll(1.0)
        ours.kill("engine")
        assert np.abs(live.roll(4.0)).max() > 0.05
    finally:
        host.close()
    assert "unknown" not in ours.log.read_text()
