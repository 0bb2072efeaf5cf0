"""Plugins that are not made as hosts expect: heard as well as can be, or named; and all else plays."""

import time
from pathlib import Path

import numpy as np
import pytest

from bridge.event import TimedEvent
from plugin_host.audio import Audio
from plugin_host.offline import render
from plugin_host.plugin_link import PluginSetup
from plugin_host.plugin_loading import LoadedPlugin
from plugin_host.specs import Chain, instrument, vst3

pytestmark = [pytest.mark.vst3, pytest.mark.timeout(60)]  # the first builds the plugins

RATE = 48_000
TONE = instrument("sine", attack=0.002, release=0.005)
BEGIN, END = 4800, 9600
HOSTS = ["pedalboard", "minihost"]


def heard(odd: Path, chain: Chain, layer: str = "odd") -> tuple[Audio, list[str]]:
    """A note of a tenth of a second from a chain, beside a tone that it has nothing to do with."""
    problems: list[str] = []
    events = [
        TimedEvent(0.1, 0.1, {"note": 60, "velocity": 1.0}, layer, 1),
        TimedEvent(0.3, 0.1, {"note": 60, "velocity": 1.0}, "tone", 2),
    ]
    chains = {"odd": chain, "tone": TONE}
    sound = render(events, chains, 0.5, RATE, problems=problems, master=False, plugins=PluginSetup((odd,)))
    return sound, problems


def span(sound: Audio) -> list[tuple[int, int]]:
    """The first and the last frame before 0.25 s in which each channel sounds."""
    found = [np.flatnonzero(np.abs(one[: RATE // 4]) > 1e-3) for one in sound]
    return [(int(one[0]), int(one[-1])) for one in found if one.size]


def check_tone(sound: Audio) -> None:
    """The tone beside it is there."""
    assert np.abs(sound[:, int(0.32 * RATE) : int(0.38 * RATE)]).max() > 0.05


@pytest.mark.parametrize("host", HOSTS)
def test_an_instrument_of_one_channel_is_in_the_middle(odd: Path, host: str) -> None:
    """At its frames."""
    sound, problems = heard(odd, vst3("SempreOddMONO", host=host))
    assert problems == []
    assert span(sound) == [(BEGIN, END - 1)] * 2
    assert np.abs(sound[:, BEGIN : END - 1]).min() == pytest.approx(0.5)
    check_tone(sound)


@pytest.mark.parametrize("host", HOSTS)
def test_an_effect_of_one_channel_is_heard_in_both(odd: Path, host: str) -> None:
    """Half as loud as the tone, as it is made, and not late."""
    sound, problems = heard(odd, TONE | vst3("SempreOddNARROW", host=host))
    plain, _ = heard(odd, TONE)
    assert problems == []
    middle = plain[:, : RATE // 4].mean(axis=0)
    assert np.allclose(sound[0, : RATE // 4], middle / 2, atol=1e-6)
    assert np.array_equal(sound[0, : RATE // 4], sound[1, : RATE // 4])
    check_tone(sound)


@pytest.mark.parametrize("host", HOSTS)
def test_one_that_says_that_it_is_ten_seconds_late_is_not_waited_for(odd: Path, host: str) -> None:
    """It is named; the sound goes through it as it is made."""
    sound, problems = heard(odd, TONE | vst3("SempreOddLATE", host=host))
    plain, _ = heard(odd, TONE)
    assert len(problems) == 1
    assert "says that it is 10 s late" in problems[0]
    assert np.allclose(sound[:, : RATE // 4], plain[:, : RATE // 4] / 2, atol=1e-6)
    check_tone(sound)


@pytest.mark.parametrize("host", HOSTS)
def test_one_that_takes_neither_notes_nor_sound_is_named(odd: Path, host: str) -> None:
    """It stays silent, and the tone plays."""
    sound, problems = heard(odd, vst3("SempreOddDEAF", host=host))
    assert len(problems) == 1
    assert "it takes neither notes nor sound" in problems[0]
    assert not sound[:, : RATE // 4].any()
    check_tone(sound)


@pytest.mark.parametrize("host", HOSTS)
def test_two_thousand_parameters_are_no_reason_to_wait(odd: Path, host: str) -> None:
    """Any of them can be told, and moved, all the same."""
    sound, problems = heard(odd, vst3("SempreOddMANY", host=host, part_1234=0.5))
    assert problems == []
    assert span(sound) == [(BEGIN, END - 1)] * 2


def test_a_plugin_of_two_thousand_parameters_is_ready_soon(odd: Path) -> None:
    """Loaded, one of them told: 0.1 s of computing, of 1.5 s that it may take."""
    begun = time.process_time()
    loaded = LoadedPlugin(odd / "SempreOddMANY.vst3", RATE, 256, values={"part_77": 0.25})
    loaded.render([], 0)
    assert time.process_time() - begun < 0.75
    assert len(loaded.parameters) == 2000
    assert loaded.parameters["part_77"].raw_value == pytest.approx(0.25)
    assert loaded.parameters["part_78"].range[:2] == (0.0, 1.0)
