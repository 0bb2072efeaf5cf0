"""What a plugin of any kind may do: it is said, nothing of it is too loud, and all else plays as if alone."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from bridge.clock import monotonic
from bridge.event import TimedEvent
from bridge.worker import pause
from plugin_host.audio import Audio
from plugin_host.plugin_link import PluginLink, PluginSetup
from plugin_host.plugin_specs import lv2
from plugin_host.plugin_worker import load
from plugin_host.rack import Rack
from plugin_host.specs import Chain, instrument, vst3
from plugin_host.stems import render_stems

pytestmark = [pytest.mark.vst3, pytest.mark.timeout(60)]  # the first builds the plugins

RATE = 48_000
TONE = instrument("sine", attack=0.002, release=0.005, room=0)
WELL, ILL = 0.1, 0.2
"""When each layer's two notes begin: the first goes well, with the second comes what is wrong."""
NEIGHBOUR = "neighbour"

KINDS: dict[str, Callable[[dict[str, object]], Chain]] = {
    "VST3 instrument": lambda values: vst3("Sempre Probe", params=values),
    "VST3 effect": lambda values: TONE | vst3("Sempre Shaper", params={"gain": 0.5} | values),
    "LV2 instrument": lambda values: lv2("Sempre Probe", params=values),
    "LV2 effect": lambda values: TONE | lv2("Sempre Shaper", params={"gain": 0.5} | values),
}
INSTRUMENTS = [kind for kind in KINDS if "instrument" in kind]


class Trouble(NamedTuple):
    """What is set in a plugin, what the second note says, and what is said of it."""

    values: dict[str, object]
    controls: dict[str, object]
    said: str


CRASHED = "crashed (SIGSEGV);"
NO_NUMBER = "gave what is no number:"
LOUD = "gave 200 dB over full scale:"
OF_NOTES = {
    "crashes on a note": Trouble({"crashnote": 65}, {"note": 65}, CRASHED),
    "gives no number": Trouble({"nannote": 65}, {"note": 65}, NO_NUMBER),
    "is far too loud": Trouble({"loudnote": 65}, {"note": 65}, LOUD),
}
OF_SOUND = {
    "gives no number": Trouble({}, {"own.sempre_shaper.nan": 1.0}, NO_NUMBER),
    "is far too loud": Trouble({}, {"own.sempre_shaper.loud": 1.0}, LOUD),
}


def troubles(kind: str) -> dict[str, Trouble]:
    """What can go wrong in a plugin that plays."""
    before = "own." if kind in INSTRUMENTS else "own.sempre_shaper."
    return (OF_NOTES if kind in INSTRUMENTS else OF_SOUND) | {
        "crashes on a parameter": Trouble({}, {before + "fragile": 1.0}, CRASHED),
        "crashes in its process": Trouble({}, {before + "crash": 1.0}, CRASHED),
        "prints": Trouble({"print": 1}, {}, ""),
    }


@pytest.fixture
def folders(
    plugins: Path, shaper: Path, lv2_plugins: list[Path], monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, ...]:
    """Where both plugins are as VST3; as LV2 they are found, too."""
    monkeypatch.setenv("LV2_PATH", os.pathsep.join(map(str, lv2_plugins)))
    return plugins, shaper


def heard(
    setup: PluginSetup, chains: dict[str, Chain], second: dict[str, dict[str, object]]
) -> tuple[dict[str, Audio], list[str]]:
    """Half a second of each layer, with two notes, and of their neighbour; and what is said."""
    chains = chains | {NEIGHBOUR: TONE}
    note = {"note": 60, "velocity": 1.0}
    events = [
        TimedEvent(at, 0.05, note | (second.get(layer, {}) if at == ILL else {}), layer, 2 * number + n)
        for number, layer in enumerate(sorted(chains))
        for n, at in enumerate((WELL, ILL))
    ]
    said: list[str] = []
    blocks = [*render_stems(events, chains, 0.5, RATE, problems=said, plugins=setup)]
    return {layer: np.concatenate([one[layer] for one in blocks], axis=1) for layer in chains}, said


def part(sound: Audio, begin: float, end: float) -> Audio:
    """What is heard between two times, in seconds."""
    return sound[:, round(begin * RATE) : round(end * RATE)]


def plain() -> Audio:
    """The tone by itself."""
    return heard(PluginSetup(), {}, {})[0][NEIGHBOUR]


@pytest.mark.parametrize("kind", KINDS)
def test_what_goes_wrong_while_it_plays(
    folders: tuple[Path, ...], kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """What came before is there, nothing ill is heard; behind an instrument it goes on without the effect."""
    known = troubles(kind)
    chains = {name: KINDS[kind](one.values) for name, one in known.items()}
    sounds, said = heard(PluginSetup(folders), chains, {name: one.controls for name, one in known.items()})
    assert {one.said for one in known.values() if one.said} == {
        text for text in (CRASHED, NO_NUMBER, LOUD) if any(text in line for line in said)
    }
    ill = [name for name, one in known.items() if one.said]
    left = [line for line in said if "until its layer is changed" in line]
    # Each of one name, several by the same words but for whose it is.
    assert len(left) == len(ill)
    assert all(any(f" of the layer {name!r} " in line for line in left) for name in ill)
    assert sum("the sound goes on without it" in line for line in said) == (0 if kind in INSTRUMENTS else 6)
    for name, sound in sounds.items():
        assert np.isfinite(sound).all()
        assert np.abs(sound).max() <= 1.0
        if name == NEIGHBOUR:
            assert np.array_equal(sound, plain())
        elif kind in INSTRUMENTS:
            assert np.flatnonzero(sound[0] > 0.9).tolist() == [4800] + [9600] * (name == "prints")
            assert (np.abs(part(sound, 0.22, 0.24)).max() > 0.1) == (name == "prints")
        else:
            assert np.allclose(part(sound, 0, 0.19), part(plain(), 0, 0.19) / 2, atol=1e-5)
            share = 0.5 if name == "prints" else 1.0
            assert np.allclose(part(sound, 0.21, 0.5), share * part(plain(), 0.21, 0.5), atol=1e-5)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("wish", "said"), [("crash", "crashed (SIGSEGV)"), ("hang", "not loaded within")])
def test_one_that_does_not_survive_loading(
    folders: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch, wish: str, said: str
) -> None:
    """Each is named, its layer is silent, and the one beside them plays."""
    monkeypatch.setenv("SEMPRE_PROBE", wish)
    setup = PluginSetup(folders, load=1.0 if wish == "hang" else 20.0)
    sounds, lines = heard(setup, {kind: make({}) for kind, make in KINDS.items()}, {})
    assert len(lines) == len(KINDS)
    assert all(said in line and "stays silent" in line for line in lines), lines
    assert all(np.array_equal(sounds[kind], np.zeros_like(plain())) for kind in KINDS)
    assert np.array_equal(sounds[NEIGHBOUR], plain())


def test_one_that_is_not_there(folders: tuple[Path, ...]) -> None:
    """What was sought, and what is like it."""
    chains = {
        "VST3 instrument": vst3("Sempre Prob"),
        "VST3 effect": TONE | vst3("Sempre Shapes"),
        "LV2 instrument": lv2("Sempre Prob"),
        "LV2 effect": TONE | lv2("Sempre Shapes"),
    }
    sounds, lines = heard(PluginSetup(folders), chains, {})
    assert len(lines) == len(chains)
    for name in ("SempreProbe", "SempreShaper", "Sempre Probe", "Sempre Shaper"):
        assert any("did you mean" in line and repr(name) in line for line in lines), lines
    assert np.array_equal(sounds[NEIGHBOUR], plain())


def test_a_disk_on_which_nothing_can_be_written(folders: tuple[Path, ...], tmp_path: Path) -> None:
    """Where its process has no place it is named, and all else plays; a state that cannot be kept is none."""
    sounds, lines = heard(PluginSetup(folders, tmp_path / "gone"), {"probe": vst3("Sempre Probe")}, {})
    assert len(lines) == 1
    assert "there is no place for its process: " in lines[0]
    assert np.array_equal(sounds[NEIGHBOUR], plain())
    state = tmp_path / "gone" / "state"
    path = str(folders[0] / "SempreProbe.vst3")
    loaded = load({"path": path, "rate": RATE, "state": str(state), "host": "minihost"}, 256)
    assert loaded.is_instrument
    assert not state.exists()


LIVE: dict[str, tuple[str, dict[str, object], dict[str, object]]] = {
    "one": ("VST3 instrument", {}, {"own.fragile": 1.0}),
    "two": ("VST3 effect", {}, {"own.sempre_shaper.fragile": 1.0}),
    "three": ("LV2 instrument", {}, {"own.fragile": 1.0}),
    "four": ("LV2 effect", {}, {"own.sempre_shaper.crash": 1.0}),
    "five": ("LV2 instrument", {"nannote": 65}, {"note": 65}),
    "six": ("LV2 effect", {"gain": 0.4}, {"own.sempre_shaper.nan": 1.0}),
    "seven": ("LV2 instrument", {"hangnote": 65}, {"note": 65}),
    "eight": ("LV2 effect", {"gain": 0.3}, {"own.sempre_shaper.hang": 1.0}),
}
"""For each layer its kind, what is set in it, and the event that is too much for it."""


@pytest.mark.realtime
def test_each_comes_back_by_itself(folders: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without what it failed of, be it a parameter or a note: once is enough; the bass does not notice."""
    block, bass = 256, 99
    links: list[PluginLink] = []
    start = PluginLink.start

    def known(link: PluginLink) -> None:
        links.extend([] if link in links else [link])
        start(link)

    monkeypatch.setattr(PluginLink, "start", known)
    alone = Rack(RATE, block)
    rack = Rack(RATE, block, plugins=PluginSetup(folders, None, 3, 20.0, live=True))
    chains = {number: KINDS[kind](values) for number, (kind, values, _) in enumerate(LIVE.values())}
    for chain in chains.values():
        rack.prepare(chain)
    rack.set_chains(chains | {bass: instrument("bass")})
    alone.set_chains({bass: instrument("bass")})
    begun = monotonic()
    peak, blocks = 0.0, 0

    def play(count: int) -> None:
        nonlocal peak, blocks
        for _ in range(count):
            if blocks % 40 == 0:
                for one in (rack, alone):
                    one.begin(bass, blocks, {"note": 40}, 7)
            rack.parts, alone.parts = {}, {}
            peak = max(peak, float(np.nan_to_num(np.abs(rack.render_open()), nan=np.inf).max()))
            alone.render_open()
            assert np.array_equal(rack.parts["bass"], alone.parts["bass"])
            blocks += 1
            pause(begun + blocks * block / RATE - monotonic())

    for number in chains:
        rack.begin(number, 1000 + number, {"note": 60, "velocity": 0.2}, 0)
    play(20)
    for number, (_, _, ill) in enumerate(LIVE.values()):
        rack.begin(number, 2000 + number, {"velocity": 0.2, **ill}, 0)
    for _ in range(60):
        play(20)
        if all(link.failures and link.sounding for link in links):
            break
    play(40)
    rack.close()
    assert [link.failures for link in links] == [1] * len(LIVE), rack.problems
    assert all(link.born == 2 for link in links)
    assert peak < 4.0
