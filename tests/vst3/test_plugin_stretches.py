"""Blocks of a plugin that a render shapes several at once: the same bytes as one by one."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bridge.event import TimedEvent
from bridge.worker import pause
from plugin_host.audio import Audio
from plugin_host.offline import render
from plugin_host.plugin_bank import PluginBank
from plugin_host.plugin_link import PluginSetup
from plugin_host.rendered_strip import RenderedStrip
from plugin_host.specs import Chain, fx, vst3
from plugin_host.stretch import Stretch

pytestmark = [pytest.mark.vst3, pytest.mark.realtime, pytest.mark.timeout(60)]  # the first builds the plugin

NAME = "Sempre Probe"
CHAINS = {
    "plain": vst3(NAME),
    "boards": vst3(NAME) | fx.lowpass(3000) | fx.compressor() | fx.reverb(),
    "ours": vst3(NAME) | fx.distortion(12) | fx.delay(0.05, feedback=0.5) | fx.phaser(),
}


def notes(layer: str, first: int) -> list[TimedEvent]:
    """Notes with a pause, longer than blocks that are made together."""
    return [
        TimedEvent(at, 0.05, {"note": 50 + number, "room": 0.1 * number}, layer, first + number)
        for number, at in enumerate((0.0, 0.031, 0.06, 0.5, 0.512))
    ]


def heard(plugins: Path, events: list[TimedEvent], chains: dict[str, Chain]) -> Audio:
    """What is rendered; nothing may be amiss."""
    problems: list[str] = []
    audio = render(events, chains, 0.8, plugins=PluginSetup((plugins,)), problems=problems)
    assert problems == []
    return audio


def _nothing(strip: RenderedStrip) -> None:
    """Not know that nothing moves."""


@pytest.fixture
def together(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many blocks came together, each time."""
    counts: list[int] = []
    coming = PluginBank.coming

    def counted(bank: PluginBank) -> Audio | None:
        found = coming(bank)
        counts.append(0 if found is None else len(found))
        return found

    monkeypatch.setattr(PluginBank, "coming", counted)
    return counts


@pytest.mark.parametrize("name", CHAINS)
def test_the_same_bytes_as_one_by_one(
    name: str, plugins: Path, together: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With effects of both kinds, sends that change and pauses."""
    quick = heard(plugins, notes("a", 0), {"a": CHAINS[name]})
    assert max(together) > 1
    together.clear()
    monkeypatch.setattr(RenderedStrip, "stand_still", _nothing)
    assert np.array_equal(quick, heard(plugins, notes("a", 0), {"a": CHAINS[name]}))
    assert together == []


def test_what_moves_is_made_block_by_block(plugins: Path, together: list[int]) -> None:
    """Also where it only moves later on; beside it what stands still comes together all the same."""
    moves = [TimedEvent(0.4, 0.1, {"own.lowpass.cutoff_frequency_hz": 300.0, "over": 0.1}, "a", 99)]
    heard(plugins, notes("a", 0) + moves, {"a": CHAINS["boards"]})
    assert together == []
    heard(plugins, notes("a", 0) + notes("b", 50) + moves, {"a": CHAINS["boards"], "b": CHAINS["plain"]})
    assert max(together) > 1


def test_effects_that_go_wrong_begin_anew_within_a_stretch(plugins: Path) -> None:
    """The block that is no number is silent, the next ones are what a new effect makes of them."""
    renewed: list[int] = []
    blocks = np.random.default_rng(1).standard_normal((5, 2, 64)).astype(np.float32)
    blocks[2, 0, 3] = np.nan

    class Bank:
        def coming(self) -> Audio | None:
            return blocks

        def pass_over(self) -> None:
            """Nothing to count."""

    class Doubled:
        steady = True

        def several(self, sound: Audio, block: int) -> Audio:
            assert block == 64
            return sound * np.float32(2)

    stretch = Stretch(Bank(), Doubled(), lambda sound: sound, lambda: renewed.append(1))  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - what it needs of them
    got = [stretch.next() for _ in range(5)]
    assert renewed == [1]
    for number, one in enumerate(got):
        assert one is not None
        sound, peak, power = one
        wanted = np.zeros((2, 64)) if number == 2 else 2 * blocks[number]
        assert np.array_equal(sound, wanted)
        assert peak == np.abs(wanted).max()
        assert power == pytest.approx(float((wanted**2).sum()), rel=1e-5)


def test_several_plugins_begin_at_once(plugins: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And one of them that cannot be loaded is silent, as if it had been alone."""
    monkeypatch.setattr("os.cpu_count", lambda: 3)
    running: list[int] = []
    most: list[int] = []
    start: Callable[..., None] = PluginBank.__init__

    def slow(bank: PluginBank, *given: object) -> None:
        running.append(1)
        most.append(len(running))
        pause(0.3)
        running.pop()
        start(bank, *given)

    monkeypatch.setattr(PluginBank, "__init__", slow)
    problems: list[str] = []
    chains = {"a": vst3(NAME), "b": vst3(NAME), "c": vst3("No Such Plugin")}
    setup = PluginSetup((plugins,))
    audio = render(notes("a", 0) + notes("b", 50), chains, 0.5, plugins=setup, problems=problems)
    assert max(most) == 2
    assert audio.any()
    assert len(problems) == 1
    assert "'No Such Plugin' cannot be built and stays silent" in problems[0]


def test_nothing_is_left_behind(plugins: Path, tmp_path: Path) -> None:
    """Not even where the process that renders ends at once: the folders of plugins go with the render."""
    setup = PluginSetup((plugins,), logs=tmp_path)
    render(notes("a", 0), {"a": CHAINS["plain"]}, 0.1, plugins=setup)
    assert [one for one in tmp_path.iterdir() if one.is_dir()] == []
