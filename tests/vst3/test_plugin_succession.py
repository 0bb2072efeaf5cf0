"""Plugins that follow each other while they play: a new process beside the old, or none."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from bridge.clock import monotonic
from bridge.event import SinkEvent
from bridge.worker import pause
from patterns.parameter_names import SUCCEEDS
from plugin_host.audio import Audio
from plugin_host.bends import click
from plugin_host.desk import Desk
from plugin_host.plugin_link import LOAD, PluginSetup
from plugin_host.rack import Rack
from plugin_host.routes import Routes, stages_of
from plugin_host.specs import Chain, instrument, vst3
from plugin_host.stream_time import Place
from repl.plugins import PATIENCE

pytestmark = [pytest.mark.vst3, pytest.mark.realtime, pytest.mark.timeout(60)]  # the first builds the plugin

RATE, BLOCK, AHEAD = 48_000, 256, 3
NAME = "Sempre Probe"
OLD, NEW, THIRD = 11, 22, 33


class Bare(Rack):
    """A rack without its master, which would make soft louder and loud softer."""

    @property
    def latency(self) -> int:
        """None."""
        return 0

    def render(self) -> Audio:
        """The next block."""
        return self.render_open()


class Stage:
    """A desk that plays in real time, about, with chains that are built beside the sound."""

    def __init__(self, plugins: Path, load: float = 10.0) -> None:
        self.setup = PluginSetup((plugins,), None, AHEAD, load, live=True)
        self.rate = RATE
        self.rack = Bare(RATE, BLOCK, plugins=self.setup)
        self.said: list[str] = []
        self.desk = Desk(self.rack, self.said.append, AHEAD * BLOCK)
        self.routes = Routes(
            self.rack.prepare, self.desk.set_chains, self.said.append, refuse=self.desk.refused.add
        )
        self.desk.heirs.on_spare = self.routes.put_away
        self._ident = self._frame = 0

    @property
    def now(self) -> float:
        """Where the next block begins, in seconds."""
        return self._frame / self.rate

    def change_rate(self, rate: int) -> None:
        """Go on on a device of another rate, as `plugin_host.machine` does."""
        self._frame, self.rate = round(self.now * rate), rate
        self.rack = Bare(rate, BLOCK, plugins=self.setup)
        self.desk.replace_rack(self.rack)
        self.routes.renew(self.rack.prepare)

    def learn(self, route: int, chain: Chain, *, ready: bool = True) -> None:
        """Have a chain built, and play on until it is there."""
        table: dict[str, object] = {str(route): {"chain": chain.to_json()}}
        self.desk.learn(stages_of(table))
        self.routes.learn(table)
        for _ in range(60):
            self.play(10)
            if not ready or self.rack.has(route) or route in self.desk.refused:
                return
        raise AssertionError(self.said)

    def add(self, controls: object, route: int, wait: float = 0.05, long: float = 60.0) -> int:
        """An event some time from now."""
        self._ident += 1
        at = self.now + wait
        self.desk.add([SinkEvent(self._ident, at, at + long, route, json.dumps(controls).encode(), b"", 1)])
        return self._ident

    def change(self, former: int, route: int, wait: float = 0.05) -> None:
        """Say that the layer changes its instrument."""
        self.add({SUCCEEDS: former, "cps": 0.5}, route, wait, 0.0)

    def play(self, blocks: int) -> Audio:
        """Play on; gives what is heard before the master."""
        begun = monotonic()
        found: list[Audio] = []
        for count in range(blocks):
            self.routes.settle()
            found.append(self.desk.play(Place(self._frame, self.rate)))
            self._frame += BLOCK
            pause(begun + (count + 1) * BLOCK / self.rate - monotonic())
        return np.concatenate(found, axis=1)

    def key_is_down(self, sound: Audio) -> bool:
        """Whether the probe holds a note at the end."""
        return bool(np.abs(sound[1, -BLOCK:]).min() > 0.05)


@pytest.fixture
def stage(plugins: Path) -> Iterator[Stage]:
    """Where the probe can be found."""
    made = Stage(plugins)
    yield made
    made.rack.close()


def test_other_numbers_move_the_plugin_that_plays(stage: Stage) -> None:
    """The same process goes on with its held note, a quarter as loud; the one that was loaded is put away."""
    stage.learn(OLD, vst3(NAME, gain=1.0))
    note = stage.add({"note": 60, "velocity": 1.0}, OLD)
    before = stage.play(40)
    link = stage.rack.plugin(OLD)
    stage.learn(NEW, vst3(NAME, gain=0.25))
    stage.change(OLD, NEW)
    sound = stage.play(60)
    assert stage.rack.plugin(NEW) is link
    assert stage.rack.voices(NEW) == [note]
    assert sound[1, -BLOCK:] == pytest.approx(before[1, -1] / 4, rel=0.02)
    assert np.abs(np.diff(sound[1])).max() < 0.02  # 64 frames at a time, over 50 ms
    assert not stage.rack.has(OLD)
    assert stage.said == []
    stage.learn(OLD, vst3(NAME, gain=1.0))
    stage.change(NEW, OLD)
    assert stage.play(60)[1, -BLOCK:] == pytest.approx(before[1, -1], rel=0.02)
    assert stage.rack.plugin(OLD) is link


def test_a_plugin_hands_its_held_notes_to_an_instrument_and_takes_them_back(stage: Stage) -> None:
    """Without a click either way, but for the probe's impulses; and the plugin is silent then."""
    tone = instrument("sine", attack=0.01, release=0.01)
    stage.learn(OLD, tone)
    stage.learn(NEW, vst3(NAME, gain=0.2))
    note = stage.add({"note": 60, "velocity": 1.0}, OLD)
    stage.play(40)
    stage.change(OLD, NEW)
    sound = stage.play(60)
    assert stage.rack.voices(NEW) == [note]
    assert stage.rack.voices(OLD) == []
    assert stage.key_is_down(sound)
    assert click(sound[1:], 2000, 8000) < -60
    stage.change(NEW, OLD)
    sound = stage.play(60)
    assert stage.rack.voices(OLD) == [note]
    assert stage.rack.voices(NEW) == []
    assert click(sound[1:], 2000, 8000) < -60
    assert not stage.key_is_down(sound)


@pytest.mark.parametrize("bad", [vst3("No Such Plugin"), vst3(NAME, nonsense=3)])
def test_one_that_cannot_be_loaded_changes_nothing(stage: Stage, bad: Chain) -> None:
    """The old plugin plays on, new notes too, at their frames; it is said once, and mended by the next."""
    stage.learn(OLD, vst3(NAME))
    held = stage.add({"note": 60, "velocity": 1.0}, OLD)
    stage.play(40)
    stage.learn(NEW, bad)
    stage.change(OLD, NEW)
    new = stage.add({"note": 64, "velocity": 1.0}, NEW, wait=0.1)
    at = stage.now + 0.1
    begun = stage.now
    sound = stage.play(60)
    assert stage.rack.voices(OLD) == [held, new]
    onset = int(np.abs(np.diff(sound[0])).argmax()) + 1
    assert onset == pytest.approx((at - begun) * RATE, abs=1.5)
    assert len(stage.said) == 1
    assert "plays on as before" in stage.said[0]
    stage.learn(THIRD, instrument("sine"))
    stage.change(NEW, THIRD)
    stage.play(40)
    assert stage.rack.voices(THIRD) == [held, new]
    assert stage.rack.voices(OLD) == []
    assert len(stage.said) == 1


def test_one_that_is_still_being_loaded_follows_when_it_is_there(stage: Stage) -> None:
    """Until then the old one plays what is meant for it."""
    stage.learn(OLD, instrument("sine"))
    held = stage.add({"note": 60, "velocity": 1.0}, OLD)
    stage.play(20)
    stage.learn(NEW, vst3(NAME), ready=False)
    stage.change(OLD, NEW, wait=0.01)
    new = stage.add({"note": 64, "velocity": 1.0}, NEW, wait=0.02)
    stage.play(5)
    assert stage.rack.voices(OLD) == [held, new]
    for _ in range(60):
        stage.play(10)
        if stage.rack.has(NEW):
            break
    sound = stage.play(20)
    assert stage.rack.voices(NEW) == [held, new]
    assert stage.key_is_down(sound)
    assert stage.said == []


def test_a_failure_after_an_edit_is_said_like_the_first(stage: Stage) -> None:
    """The changed layer has a plugin of its own, which fails for the first time; by the same words."""
    stage.desk.layers[1] = "piece:bells"
    for route, chain in ((OLD, vst3(NAME, crashnote=90, gain=0.5)), (NEW, vst3(NAME, crashnote=90))):
        stage.learn(route, chain)
        if route == NEW:
            link = stage.rack.plugin(OLD)
            assert link is not None
            link.left_alone = True  # as after the third failure
            stage.change(OLD, NEW)
        stage.add({"note": 90, "velocity": 1.0}, route, wait=0.1, long=0.1)
        stage.play(40)
    assert stage.said == 2 * [
        "the plugin 'Sempre Probe' of the layer 'bells' crashed (SIGSEGV); it is loaded anew"
    ]
    assert not stage.rack.has(OLD)  # whoever goes back to it gets one that is loaded anew


def test_one_that_hangs_while_it_is_loaded_is_given_up(
    plugins: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the time that is set, 20 s unless it is set, and the bass beside it plays as if it were alone."""
    assert [LOAD, PluginSetup().load, PATIENCE] == [20.0] * 3
    monkeypatch.setenv("SEMPRE_PROBE", "hang")
    stage, alone = Stage(plugins, 0.7), Stage(plugins)
    for one in (stage, alone):
        one.learn(OLD, instrument("bass"))
    stage.learn(NEW, vst3(NAME), ready=False)
    begun = stage.now
    while NEW not in stage.desk.refused and stage.now < begun + 5:
        for one in (stage, alone):
            one.add({"note": 40}, OLD, wait=0.01, long=0.1)
        assert np.array_equal(stage.play(30), alone.play(30))
    assert stage.now - begun > 0.3
    assert len(stage.said) == 1
    assert "'Sempre Probe' cannot be built: it was not loaded within 0.7 s" in stage.said[0]
    assert not stage.rack.has(NEW)


def test_a_device_with_another_rate_gets_the_plugin_anew(stage: Stage) -> None:
    """The process for the former rate ends; held notes sound on, and new ones are at their frames."""
    stage.learn(OLD, vst3(NAME))
    held = stage.add({"note": 60, "velocity": 1.0}, OLD)
    stage.play(20)
    former = stage.rack.plugin(OLD)
    stage.change_rate(44_100)
    for _ in range(60):
        stage.play(10)
        if stage.rack.has(OLD):
            break
    sound = stage.play(20)
    assert stage.key_is_down(sound)
    begun, at = stage.now, stage.now + 0.1
    new = stage.add({"note": 64, "velocity": 1.0}, OLD, wait=0.1)
    onset = int(np.abs(stage.play(40)[0]).argmax())
    assert onset == pytest.approx((at - begun) * 44_100, abs=1.5)
    assert stage.rack.voices(OLD) == [held, new]
    link = stage.rack.plugin(OLD)
    assert former is not None
    assert link is not None
    assert (former.sounding, link.rate) == (False, 44_100)
    assert stage.said == []


def test_a_plugin_without_a_held_note_rings_out(stage: Stage) -> None:
    """What follows it takes nothing from its tail, which goes on to its own end, and is silent then."""
    stage.learn(OLD, vst3(NAME, fall=0.5))
    stage.learn(NEW, instrument("sine"))
    stage.add({"note": 60, "velocity": 1.0}, OLD, wait=0.05, long=0.1)
    stage.change(OLD, NEW, wait=0.25)
    sound = stage.play(150)
    begins, falls, ends = (round(at * RATE) for at in (0.16, 0.5, 0.65))
    fall = sound[1, begins:ends]
    assert fall[0] == pytest.approx(0.49, abs=0.001)
    assert np.allclose(np.diff(fall), -0.5 / falls, atol=1e-6)
    assert not sound[1, ends + 2 :].any()
    assert stage.rack.has(OLD)
    assert stage.said == []


PRESETS = """
import os, sys
from pathlib import Path
from plugin_host.plugin_editor import edit
for file, gain in (("loud", 0.8), ("soft", 0.2)):
    edit(Path(sys.argv[1]), Path(sys.argv[2], file), lambda plugin: setattr(plugin, "gain", gain))
os._exit(0)
"""


def test_a_preset_that_was_saved_follows_what_it_was(stage: Stage, plugins: Path, tmp_path: Path) -> None:
    """The line is the same: another process takes the held note over, as loud as it is set there now."""
    command = [sys.executable, "-P", "-c", PRESETS, plugins / "SempreProbe.vst3", tmp_path]
    subprocess.run(command, check=True, timeout=30)
    file = tmp_path / "mine.vstpreset"
    file.write_bytes((tmp_path / "loud").read_bytes())
    before = vst3(NAME, preset=file)
    stage.learn(OLD, before)
    note = stage.add({"note": 60, "velocity": 1.0}, OLD)
    loud = stage.play(40)[1, -1]
    (tmp_path / "soft").replace(file)
    assert vst3(NAME, preset=file).key != before.key
    stage.learn(NEW, vst3(NAME, preset=file))
    stage.change(OLD, NEW)
    assert stage.play(60)[1, -BLOCK:] == pytest.approx(loud / 4, rel=0.02)
    assert stage.rack.voices(NEW) == [note]
    assert stage.rack.voices(OLD) == []
    assert stage.said == []


SLOW = 0.3
"""Seconds that the probe takes to rise."""


def test_a_plugin_that_follows_is_warm(stage: Stage) -> None:
    """Its held notes have risen, unheard, when it takes over: there is no hole, and no second onset."""
    stage.learn(OLD, vst3(NAME, rise=SLOW, chance=0.0))
    stage.learn(NEW, vst3(NAME, rise=SLOW))
    notes = [stage.add({"note": note, "velocity": 1.0}, OLD) for note in (60, 67)]
    stage.play(120)
    stage.change(OLD, NEW, wait=0.8)
    notes.append(stage.add({"note": 72, "velocity": 1.0}, OLD, wait=0.4))
    before = stage.play(130)  # 0.69 s: the last note has begun
    sound = stage.play(60)
    assert sorted(stage.rack.voices(NEW)) == notes
    assert stage.rack.voices(OLD) == []
    assert before[1] == pytest.approx(0.5, abs=0.001)
    assert np.count_nonzero(np.abs(before[0]) > 0.001) == 1
    assert sound[1].min() > 0.49
    assert sound[1].max() < 0.5 * 2**0.5 + 0.01
    assert np.abs(sound[0]).max() < 0.001
    assert click(sound[1:], 10 * BLOCK, 50 * BLOCK) < -60
    new = stage.add({"note": 75, "velocity": 0.5}, NEW)
    assert np.abs(stage.play(20)[0]).max() == pytest.approx(0.5, abs=0.01)
    assert stage.rack.voices(NEW) == [*notes, new]


def test_notes_that_were_warmed_for_nothing_are_let_go(stage: Stage) -> None:
    """A change that is taken back leaves no key down, and nobody hears of it."""
    stage.learn(OLD, instrument("sine", gain=0.1))
    stage.learn(NEW, vst3(NAME))
    stage.add({"note": 60, "velocity": 1.0}, OLD)
    stage.play(40)
    ident = stage.add({SUCCEEDS: OLD, "cps": 0.5}, NEW, 0.5, 0.0)
    stage.play(40)
    stage.desk.cancel([ident])
    assert np.abs(stage.play(80)).max() < 0.2
    stage.add({"note": 64, "velocity": 1.0}, NEW, 0.05, 0.1)
    sound = stage.play(60)
    assert sound[1].max() > 0.45
    assert np.abs(sound[1, -4 * BLOCK :]).max() < 0.2
    assert stage.said == []


def test_one_that_is_late_is_told_earlier_live_too(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """700 frames late by its own account: onsets are at their frames, and what is handed over has no hole."""
    monkeypatch.setenv("SEMPRE_PROBE", "late")
    stage.learn(OLD, vst3(NAME, rise=SLOW, chance=0.0))
    begun, at = stage.now, stage.now + 0.2
    note = stage.add({"note": 60, "velocity": 1.0}, OLD, wait=0.2)
    sound = stage.play(120)
    assert int(np.abs(sound[0]).argmax()) == pytest.approx((at - begun) * RATE, abs=1)
    stage.learn(NEW, vst3(NAME, rise=SLOW))
    stage.change(OLD, NEW, wait=0.6)
    assert stage.play(160)[1].min() > 0.49
    assert stage.rack.voices(NEW) == [note]
    assert stage.said == []
