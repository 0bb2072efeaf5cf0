"""What plays plugins, without one: ring, gaps, names, routes that load slowly, events that come early."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bridge.clock import ManualClock, monotonic
from bridge.event import SinkEvent
from bridge.worker import pause
from plugin_host.audio import Audio, Wide, single
from plugin_host.bends import click
from plugin_host.breaking_off import FADE
from plugin_host.clicks import Clicks
from plugin_host.desk import Desk
from plugin_host.errors import PluginLoadError
from plugin_host.gap import Gap
from plugin_host.plugin_files import find_plugin
from plugin_host.plugin_ring import MESSAGES, SLOTS, Message, PluginRing
from plugin_host.rack import Rack
from plugin_host.routes import PLUGINS, UNUSED, Chains, Routes, stages_of
from plugin_host.specs import Chain, fx, instrument, vst3
from plugin_host.stream_time import Place

BLOCK = 64


def test_messages_come_out_by_frames_and_blocks_by_number(tmp_path: Path) -> None:
    """Both ends see the same file."""
    here = PluginRing.create(tmp_path / "ring", BLOCK)
    there = PluginRing(tmp_path / "ring", BLOCK)
    here.forget_file()
    notes = [Message(frame, bytes((0x90, 60, frame))) for frame in (3, 63, 64, 100)]
    assert all(here.post(note) for note in notes)
    assert here.want(2) == 2
    assert there.wanted == 2
    assert there.fetch(64) == notes[:2]
    assert here.take(0) is None
    there.give(0, np.full((2, BLOCK), 0.5, np.float32))
    found = here.take(0)
    assert found is not None
    assert found.tolist() == [[0.5] * BLOCK] * 2
    assert there.fetch(128) == notes[2:]
    for block in range(1, SLOTS + 1):
        there.give(block, np.zeros((2, BLOCK), np.float32))
    assert here.take(0) is None, "it has been overwritten"


def test_a_ring_that_is_full_says_so(tmp_path: Path) -> None:
    """And takes messages again when some have been fetched."""
    ring = PluginRing.create(tmp_path / "ring", BLOCK)
    assert all(ring.post(Message(frame, b"abc")) for frame in range(MESSAGES))
    assert not ring.post(Message(MESSAGES, b"abc"))
    assert len(ring.fetch(10)) == 10
    assert ring.post(Message(MESSAGES, b"abc"))


SOUNDS: dict[str, Callable[[Wide], Wide]] = {
    "level": lambda at: 0.5 + 0 * at,
    "low": lambda at: 0.5 * np.sin(40 / 48_000 * 2 * np.pi * at),
    "middle": lambda at: 0.5 * np.sin(440 / 48_000 * 2 * np.pi * at),
    "chord": lambda at: 0.1 * np.sin(np.outer((98, 131, 233), at + 999) / 48_000 * 2 * np.pi).sum(axis=0),
}


@pytest.mark.parametrize("missing", [1, 3])
@pytest.mark.parametrize("block", [64, 128, 256, 512])
@pytest.mark.parametrize("name", SOUNDS)
def test_gaps_do_not_click(name: str, block: int, missing: int) -> None:
    """Neither of their ends bends; there is silence between them, and nothing is louder than before."""
    gap, first = Gap(block), 4096 // block
    tone: Audio = SOUNDS[name](np.arange(12_000.0 // block * block))[None].repeat(2, 0).astype(np.float32)
    blocks = [*np.split(tone, tone.shape[1] // block, axis=1)]
    lack = range(first, first + missing)
    sound = np.concatenate([gap.join(None if n in lack else one) for n, one in enumerate(blocks)], axis=1)
    end = lack.stop * block
    assert click(sound, first * block, end + FADE) < -60
    assert np.abs(sound).max() <= 1.1 * np.abs(tone).max()
    assert not sound[:, first * block + FADE : end].any()
    assert np.array_equal(sound[:, : first * block], tone[:, : first * block])
    assert np.array_equal(sound[:, end + FADE :], tone[:, end + FADE :])


@pytest.mark.parametrize("again", [30, 4])
def test_what_breaks_off_is_made_up_for(again: int) -> None:
    """As much as is not there of the one is to be heard of another; also where it breaks off as it rises."""
    gap, tone = Gap(64), np.ones((2, 64), np.float32)
    lack = {20, 21, 20 + again, 21 + again}
    heard: list[Audio] = []
    for number in range(80):
        sound = gap.join(None if number in lack else tone)
        heard.append(sound if gap.share is None else single(sound + tone * (1 - gap.share)))
    whole = np.concatenate(heard, axis=1)
    assert np.allclose(whole, 1, atol=1e-6) or again == 4
    assert np.abs(whole - 1).max() < 0.25
    assert click(whole, 20 * 64, (22 + again) * 64 + FADE) < -60


def test_plugins_are_found_by_what_people_write(tmp_path: Path) -> None:
    """Capitals, spaces and signs do not matter; folders inside are looked through."""
    wanted = tmp_path / "Maker" / "Surge XT.vst3"
    wanted.mkdir(parents=True)
    (wanted / "Inner.vst3").touch()
    for name in ("Surge XT", "surge-xt", "SurgeXT.vst3", str(wanted)):
        assert find_plugin(name, [tmp_path]) == wanted
    with pytest.raises(PluginLoadError, match=rf"no plugin 'Sruge' in {tmp_path}.*did you mean 'Surge XT'"):
        find_plugin("Sruge", [tmp_path])
    with pytest.raises(PluginLoadError, match="no plugin 'Inner'"):
        find_plugin("Inner", [tmp_path])


def test_a_plugin_is_a_value() -> None:
    """It travels as plain data, and is the same afterwards."""
    chain = vst3("Surge XT", preset="bells", params={"Filter 1": 0.5}, volume=1) | fx.reverb()
    again = Chain.from_json(chain.to_json())
    assert again == chain
    assert again.key == chain.key
    assert chain != vst3("Surge XT", preset="bells", volume=1) | fx.reverb()


@pytest.mark.parametrize("wrong", [None, [1], float("nan")])
def test_a_parameter_is_a_number_or_text(wrong: object) -> None:
    """Else the line is at fault."""
    with pytest.raises(TypeError, match=r"vst3\('Surge'\): cutoff=.*: give a number or text"):
        vst3("Surge", params={"cutoff": wrong})


def test_a_name_is_needed() -> None:
    """Nothing is no name."""
    with pytest.raises(Exception, match="takes a plugin's name"):
        vst3(" ")


def test_routes_of_plugins_are_told_early() -> None:
    """The rack is asked for their notes so many frames before they sound, for all others when they do."""
    clicks = Clicks(48_000, BLOCK)
    desk = Desk(clicks, print, lead=3 * BLOCK)
    desk.learn(stages_of({"1": {"chain": vst3("X").to_json()}, "2": instrument("bass").to_json(), "3": 4}))
    at = 1000 / 48_000
    desk.add(SinkEvent(route, at, at, route, b"{}", b"") for route in (1, 2))
    assert sorted(desk.held()) == [(1, at), (2, at)]
    for block in range(20):
        desk.play(Place(block * BLOCK, 48_000.0))
    assert {one.route: one.frame for one in clicks.played} == {1: 1000 - 3 * BLOCK, 2: 1000}
    assert desk.counts()["late"] == 0


def test_notes_of_what_is_refused_are_passed_over_in_silence() -> None:
    """That it is refused has been said."""
    clicks = Clicks(48_000, BLOCK)
    desk = Desk(clicks, print)
    desk.refused.add(1)
    desk.add(SinkEvent(route, 0.0, 0.0, route, b"{}", b"") for route in (1, 2))
    desk.play(Place(0, 48_000.0))
    assert [one.route for one in clicks.played] == [2]


def table(*chains: Chain) -> dict[str, object]:
    """A table of routes, numbered from 1."""
    return {str(number): {"chain": chain.to_json()} for number, chain in enumerate(chains, 1)}


def settle(routes: Routes, until: "list[Chains] | list[str]", count: int) -> None:
    """Wait for what is loaded beside."""
    begun = monotonic()
    while len(until) < count and monotonic() < begun + 5:
        routes.settle()
        pause(0.001)
    assert len(until) == count


def test_a_plugin_that_loads_slowly_holds_up_no_other_instrument() -> None:
    """Nor another plugin."""
    hold = [True]
    installed: list[Chains] = []
    slow, quick, bass = vst3("slow"), vst3("quick"), instrument("bass")

    def prepare(chain: Chain) -> None:
        while chain == slow and hold:
            pause(0.001)

    routes = Routes(prepare, installed.append, print)
    routes.learn(table(slow, bass, quick))
    settle(routes, installed, 2)
    assert installed[-1] == {2: bass, 3: quick}
    hold.clear()
    settle(routes, installed, 3)
    assert installed[-1] == {1: slow, 2: bass, 3: quick}


def test_a_plugin_that_does_not_load_is_told_of_once() -> None:
    """And not tried again with each of its events."""
    told: list[str] = []

    def prepare(chain: Chain) -> None:
        raise PluginLoadError("it is broken")

    refused: list[int] = []
    routes = Routes(prepare, print, told.append, refuse=refused.append)
    routes.learn(table(vst3("X")))
    settle(routes, told, 1)
    routes.use([1])
    routes.settle()
    assert refused == [1]
    assert told == [
        (
            "'X' cannot be built: it is broken; "
            "a layer that was to change to it plays on as before, a new one is silent"
        )
    ]


def test_plugins_that_nobody_plays_are_put_away() -> None:
    """Those beyond some, after a while; and they come back."""
    clock = ManualClock()
    installed: list[Chains] = []
    routes = Routes(lambda chain: None, installed.append, print, clock=clock)
    chains = [vst3(f"P{n}") for n in range(PLUGINS + 2)]
    for number, chain in enumerate(chains[:-1], 1):
        routes.learn({str(number): {"chain": chain.to_json()}})
        settle(routes, installed, number)
    assert len(installed[-1]) == PLUGINS + 1, "all have been used just now"
    clock.advance(UNUSED + 1)
    routes.use(range(2, PLUGINS + 2))
    routes.learn({str(PLUGINS + 2): {"chain": chains[-1].to_json()}})
    settle(routes, installed, PLUGINS + 2)
    assert 1 not in installed[-1]
    assert len(installed[-1]) == PLUGINS + 1


def test_no_plugin_is_loaded_within_the_sound() -> None:
    """A rack on stage refuses one that was not made ready beside it."""
    from plugin_host.plugin_link import PluginSetup

    rack = Rack(48_000, BLOCK, plugins=PluginSetup(ahead=3, live=True))
    rack.set_chains({1: vst3("X"), 2: instrument("bass")})
    rack.begin(1, 1, {"note": 60}, 0)
    assert len(rack.problems) == 1
    assert "not loaded beside the sound" in rack.problems[0]
