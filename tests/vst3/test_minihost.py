"""Plugins by minihost: LV2, the tempo, and parameters at their frames."""

import os
from pathlib import Path

import numpy as np
import pytest

from bridge.event import TimedEvent
from plugin_host.audio import Audio
from plugin_host.lv2_files import find_lv2
from plugin_host.offline import render
from plugin_host.plugin_link import PluginSetup
from plugin_host.plugin_ring import Message, Turn
from plugin_host.plugin_specs import lv2
from plugin_host.plugin_worker import load
from plugin_host.specs import Chain, fx, instrument, vst3

pytestmark = [pytest.mark.vst3, pytest.mark.timeout(60)]
RATE = 48_000
NAME = "Sempre Probe"


def heard(
    chain: Chain, times: list[float], plugins: Path | None = None, cps: float = 0.5
) -> tuple[Audio, list[str]]:
    """A second of what a chain plays at these times, and what is said about it."""
    problems: list[str] = []
    events = [
        TimedEvent(at, 0.01, {"note": 60, "velocity": 1.0}, "one", number) for number, at in enumerate(times)
    ]
    setup = PluginSetup((plugins,) if plugins else ())
    audio = render(events, {"one": chain}, 1.0, RATE, problems=problems, master=False, plugins=setup, cps=cps)
    return audio, problems


@pytest.fixture
def mda() -> None:
    """Debian's mda-lv2."""
    if not Path("/usr/lib/lv2/mda.lv2").is_dir():
        absent = pytest.fail if os.environ.get("CI") else pytest.skip
        absent("it needs mda-lv2 (apt-get install mda-lv2)")


def test_every_onset_lies_at_its_frame(plugins: Path) -> None:
    """As by the other library, from the very first frame on."""
    times = [0.0, *(0.0123457 * n + 0.02 for n in range(60))]
    audio, problems = heard(vst3(NAME, host="minihost"), times, plugins)
    assert problems == []
    assert np.flatnonzero(audio[0] > 0.3).tolist() == [round(at * RATE) for at in times]


def test_it_knows_the_tempo_from_the_first_frame_on(plugins: Path) -> None:
    """Four beats a cycle: 0.6 cycles a second are 144 beats a minute."""
    audio, _ = heard(vst3(NAME, host="minihost", tempo=1), [0.5], plugins, cps=0.6)
    assert audio[1, :40_000] == pytest.approx(0.144)


def test_parameters_move_at_their_frames(plugins: Path, tmp_path: Path) -> None:
    """In the plugin's own unit and by position; not in steps."""
    path = str(plugins / "SempreProbe.vst3")
    loaded = load({"path": path, "host": "minihost", "rate": RATE, "state": str(tmp_path / "state")}, 256)
    number = [names[0] for names in loaded.names].index("gain")
    on = Message(10, bytes((0x90, 60, 127)))
    told = [on, Message(37, Turn(number, 1.5, is_position=False).data)]
    told.append(Message(201, Turn(number, 0.25, is_position=True).data))
    held = 2 * loaded.render(told, 0)[1]
    assert (held[10], held[36], held[37], held[200], held[201]) == pytest.approx(
        (1, 1, 1.5, 1.5, 0.5), abs=0.02
    )


@pytest.mark.parametrize(
    ("chain", "said"),
    [
        (vst3(NAME, host="minihost", gian=1), "no parameter 'gian'; did you mean 'gain'?"),
        (vst3(NAME, host="minihost", gain=3), "gain=3: give 0…2"),
        (vst3(NAME, host="minihost", preset="bells"), "no preset 'bells'"),
        (vst3(NAME, host="minihost", preset="none.vstpreset"), "none.vstpreset cannot be read"),
        (lv2("urn:nobody:nothing"), "cannot be loaded"),
        (lv2("Some Thing Nobody Has"), "no plugin 'Some Thing Nobody Has' in "),
    ],
)
def test_what_cannot_be_loaded_is_named(plugins: Path, chain: Chain, said: str) -> None:
    """As by the other library."""
    audio, problems = heard(chain, [0.1], plugins)
    assert len(problems) == 1
    assert said in problems[0]
    assert not audio.any()


@pytest.mark.usefixtures("mda")
def test_lv2_plays_and_shapes() -> None:
    """Found by a name or the end of its URI; the same bytes twice."""
    assert find_lv2("mda epiano") == find_lv2("EPiano") == "http://drobilla.net/plugins/mda/EPiano"
    first, problems = heard(lv2("MDA ePiano", hardness=0.7) | fx.chorus(), [0.1, 0.3])
    again, _ = heard(lv2("EPiano", hardness=0.7) | fx.chorus(), [0.1, 0.3])
    assert problems == []
    assert np.array_equal(first, again)
    assert not first[:, :4799].any()
    assert np.abs(first[:, 4800:9600]).max() > 0.1
    plain, _ = heard(instrument("keys"), [0.1])
    shaped, problems = heard(instrument("keys") | lv2("MDA Overdrive", drive=0.9), [0.1])
    assert problems == []
    assert not np.allclose(plain, shaped, atol=0.01)
