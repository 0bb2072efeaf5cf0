"""A plugin on stage: it plays ahead of the mixer, and whatever becomes of it, everybody else plays on."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bridge.clock import monotonic
from bridge.worker import pause
from plugin_host.audio import Audio
from plugin_host.audio_settings import PROFILES
from plugin_host.bends import click
from plugin_host.plugin_link import FAILURES, PluginSetup
from plugin_host.plugin_loading import LoadedPlugin
from plugin_host.rack import Rack
from plugin_host.specs import Chain, instrument, vst3
from repl.status import plugins_told

pytestmark = [pytest.mark.vst3, pytest.mark.realtime, pytest.mark.timeout(60)]  # the first builds the plugin

RATE, BLOCK, AHEAD = 48_000, 256, 3
NAME = "Sempre Probe"
PROBE, BASS = 1, 2


class Stage:
    """A rack that is played in real time, about, and beside it one that only has the bass.

    Args:
        plugins: Where the probe is.
        chain: It.
        logs: Where it keeps its files.
    """

    def __init__(self, plugins: Path, chain: Chain, logs: Path) -> None:
        self.plugins, self.logs = plugins, logs
        self.rack = Rack(RATE, BLOCK, plugins=PluginSetup((plugins,), logs, AHEAD, 10.0, live=True))
        self.alone = Rack(RATE, BLOCK)
        self.rack.prepare(chain)
        self.rack.set_chains({PROBE: chain, BASS: instrument("bass")})
        link = self.rack.plugin(PROBE)
        assert link is not None
        self.link = link
        self.alone.set_chains({BASS: instrument("bass")})
        self.heard: list[Audio] = []
        self.waits: list[float] = []
        self._ident = 0

    def strike(self, pitch: int, offset: int = 0) -> int:
        """Play a note on the probe, `AHEAD` blocks from now."""
        self._ident += 1
        self.rack.begin(PROBE, self._ident, {"note": pitch, "velocity": 1.0}, offset)
        return self._ident

    def play(self, blocks: int) -> Audio:
        """Play on; gives what is heard besides the bass."""
        begun = monotonic()
        found: list[Audio] = []
        for count in range(blocks):
            if count % 40 == 0:
                self._ident += 1
                for rack in (self.rack, self.alone):
                    rack.begin(BASS, self._ident, {"note": 40, "velocity": 1.0}, 7)
            before = monotonic()
            both = self.rack.render_open()
            self.waits.append(monotonic() - before)
            found.append(both - self.alone.render_open())
            pause(begun + (count + 1) * BLOCK / RATE - monotonic())
        return np.concatenate(found, axis=1)

    def play_until_it_plays_again(self, failures: int) -> None:
        """Play on until the plugin has failed so often and is there again."""
        for _ in range(60):
            self.play(20)
            if self.link.failures == failures and self.link.sounding:
                return
        raise AssertionError((self.link.failures, self.rack.problems))


@pytest.fixture
def stage(plugins: Path, tmp_path: Path) -> Iterator[Stage]:
    """With a probe that goes wrong where it is asked to."""
    made = Stage(plugins, vst3(NAME, crashnote=90, hangnote=91, nannote=92, loudnote=93), tmp_path)
    yield made
    made.link.leave()


def struck(sound: Audio) -> list[int]:
    """The frames at which the probe was struck."""
    return np.flatnonzero(sound[0] > 0.9).tolist()


def test_notes_sound_as_far_behind_as_it_plays_ahead(stage: Stage) -> None:
    """To the frame, in each of the blocks; and nobody has waited."""
    stage.play(10)
    expected: list[int] = []
    parts: list[Audio] = []
    for count in range(60):
        offset = count * 37 % BLOCK
        ident = stage.strike(40 + count % 40, offset)
        expected.append((count * 2 + AHEAD) * BLOCK + offset)
        parts.append(stage.play(1))
        stage.rack.end(ident, 0)
        parts.append(stage.play(1))
    parts.append(stage.play(AHEAD))
    heard = struck(np.concatenate(parts, axis=1))
    missing = stage.link.missing
    # A busy machine may withhold blocks, and says so; the block after each fades in.
    assert set(heard) <= set(expected)
    assert len(heard) >= len(expected) - 2 * missing
    assert len(heard) > 30
    meters = stage.rack.meters()[str(PROBE)]
    assert isinstance(meters, dict)
    assert meters["missing"] == missing
    assert np.median(stage.waits) < BLOCK / RATE / 2


@pytest.mark.parametrize("profile", ["tight", "safe"])
def test_the_other_profiles_are_exact_too(plugins: Path, profile: str) -> None:
    """An onset lies as many of their blocks behind as they play ahead."""
    block, ahead = PROFILES[profile]
    rack = Rack(RATE, block, plugins=PluginSetup((plugins,), None, ahead, 10.0, live=True))
    rack.prepare(vst3(NAME))
    rack.set_chains({PROBE: vst3(NAME)})
    begun, found = monotonic(), list[int]()
    for count in range(RATE // 2 // block):
        if count % 20 == 0:
            rack.begin(PROBE, count, {"note": 40 + count // 20, "velocity": 1.0}, 37)
        sound = rack.render_open()
        found += (count * block + np.flatnonzero(sound[0] > 0.9)).tolist()
        pause(begun + (count + 1) * block / RATE - monotonic())
    link = rack.plugin(PROBE)
    rack.close()
    expected = range(ahead * block + 37, RATE // 2, 20 * block)
    assert link is not None
    assert set(found) <= set(expected)
    assert len(found) >= len(expected) - 2 * link.missing
    assert found


def test_a_crash_ends_only_its_own_sound(stage: Stage) -> None:
    """Its process is seen to be gone, the bass is as if nothing were, and a new one plays as it did."""
    # As if the process had kept this before it died: a plugin may have set what nobody told it.
    soft = LoadedPlugin(stage.plugins / "SempreProbe.vst3", RATE, BLOCK, values={"gain": 0.25})
    soft.render([], 0)
    (kept,) = stage.logs.glob("sempre-plugin-*/state")
    kept.write_bytes(soft.state)
    stage.play(10)
    stage.strike(60)
    before = stage.play(20)
    assert before[1].max() == 0.5
    stage.strike(90)
    after = stage.play(30)
    # It breaks off, fades and is gone.
    sound = np.concatenate([before[1:, 8 * BLOCK :], after[1:]], axis=1)
    assert click(sound, 12 * BLOCK, 22 * BLOCK) < -60
    assert np.array_equal(after[:, 10 * BLOCK :], np.zeros_like(after[:, 10 * BLOCK :]))
    assert any("crashed (SIGSEGV); it is loaded anew" in text for text in stage.rack.problems)
    stage.play_until_it_plays_again(1)
    stage.play(AHEAD + 1)  # the note that was held is struck again
    stage.strike(62)
    again = stage.play(12)
    assert again[0].max() == pytest.approx(0.25, abs=0.01)
    assert again[1, -1] == pytest.approx(0.125, abs=0.01)
    assert max(stage.waits) < 0.5


def test_held_notes_sound_on_after_a_crash(stage: Stage) -> None:
    """All but the one that it died of; each ends by its event; and parameters are where they were told."""
    stage.play(10)
    held = [stage.strike(60), stage.strike(64)]
    stage.rack.begin(PROBE, 1000, {"own.gain": 0.5}, 0)
    stage.play(40)
    stage.strike(90)
    stage.play(20)
    held.append(stage.strike(67))  # while there is nobody to play it
    stage.play_until_it_plays_again(1)
    assert stage.play(20)[1, -BLOCK:] == pytest.approx(0.25)
    assert stage.link.failures == 1
    stage.rack.end(held[0], 0)
    assert stage.play(20)[1, -BLOCK:] == pytest.approx(0.25)
    stage.rack.end(held[1], 0)
    assert stage.play(20)[1, -BLOCK:] == pytest.approx(0.25)
    stage.rack.end(held[2], 0)
    assert not stage.play(20)[1, -BLOCK:].any()


def test_one_that_hangs_is_ended_within_a_second(stage: Stage) -> None:
    """And begins anew."""
    stage.play(10)
    stage.strike(91)
    blocks = 0
    while stage.link.sounding and blocks < 400:
        stage.play(10)
        blocks += 10
    assert blocks * BLOCK / RATE < 1.0
    stage.play_until_it_plays_again(1)
    assert any("hangs; it is loaded anew" in text for text in stage.rack.problems)


@pytest.mark.parametrize(("pitch", "said"), [(92, "what is no number"), (93, "200 dB over full scale")])
def test_what_is_no_sound_is_not_heard(stage: Stage, pitch: int, said: str) -> None:
    """Nothing of it comes out, and the plugin begins anew."""
    stage.play(10)
    stage.strike(pitch)
    heard = stage.play(60)
    assert np.isfinite(heard).all()
    assert np.abs(heard).max() <= 1.0
    assert any(said in text for text in stage.rack.problems)
    stage.play_until_it_plays_again(1)


def test_after_three_failures_it_is_left_alone(stage: Stage) -> None:
    """It is said each time and by whom, the status tells of it, and no process is left."""
    stage.rack.plays("bells", PROBE)
    stage.play(10)
    assert plugins_told(stage.rack.meters()) == {}
    for count in range(1, FAILURES + 1):
        stage.strike(90)
        if count < FAILURES:
            stage.play_until_it_plays_again(count)
    stage.play(40)
    assert not stage.link.sounding
    assert stage.link.failures == FAILURES
    crashed = "the plugin 'Sempre Probe' of the layer 'bells' crashed (SIGSEGV)"
    assert stage.rack.problems == [
        f"{crashed}; it is loaded anew",
        f"{crashed} 2 times; it is loaded anew",
        f"{crashed} 3 times; it stays silent until its layer is changed",
    ]
    told = {"failures": FAILURES, "left_alone": True}
    assert plugins_told(stage.rack.meters()) == {"'Sempre Probe' of the layer 'bells'": told}
    assert not stage.play(40).any()


def test_panic_is_silent_at_once(stage: Stage) -> None:
    """Also what was rendered ahead."""
    stage.play(10)
    stage.strike(60)
    assert stage.play(10)[1].max() == 0.5
    stage.alone.silence()
    stage.rack.silence()
    stage.rack.render()
    stage.alone.render()
    assert not stage.play(20).any()
    stage.strike(62)
    assert len(struck(stage.play(12))) == 1


def test_a_chain_that_goes_takes_its_process_with_it(stage: Stage) -> None:
    """When it has rung out."""
    stage.play(10)
    link = stage.link
    stage.rack.set_chains({BASS: instrument("bass")})
    assert link.sounding
    # It may ring on for twelve seconds; here they pass at once.
    for _ in range(12 * RATE // BLOCK + 2):
        stage.rack.render_open()
    pause(0.3)
    assert not link.sounding
