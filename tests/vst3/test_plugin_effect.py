"""Plugins as effects: nothing comes late for them, and where one fails the sound goes on without it."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from bridge.clock import monotonic
from bridge.event import SinkEvent, TimedEvent
from bridge.worker import pause
from plugin_host.audio import Audio
from plugin_host.bends import click
from plugin_host.desk import Desk
from plugin_host.errors import PluginLoadError
from plugin_host.offline import render
from plugin_host.plugin_link import PluginSetup
from plugin_host.rack import Rack
from plugin_host.specs import Chain, audio_in, bus, fx, instrument, vst3
from plugin_host.stream_time import Place

pytestmark = [pytest.mark.vst3, pytest.mark.realtime, pytest.mark.timeout(60)]  # the first builds the plugin

RATE, BLOCK, AHEAD = 48_000, 256, 3
NAME = "Sempre Shaper"
TONE = instrument("sine", attack=0.002, release=0.005)


def rendered(folder: Path, *chains: Chain, more: Mapping[str, object] | None = None) -> Audio:
    """Two notes on each of some chains, before the master."""
    routes = {str(number): one for number, one in enumerate(chains)}
    controls: dict[str, object] = {"note": 60, "s": "bd", **(more or {})}
    events = [
        TimedEvent(at, 0.2, controls, layer, 10 * count + number)
        for number, layer in enumerate(routes)
        for count, at in enumerate((0.0, 0.30001))
    ]
    said: list[str] = []
    out = render(events, routes, 0.7, problems=said, plugins=PluginSetup((folder,)), master=False)
    assert said == []
    return out


def test_what_goes_through_it_is_not_late(shaper: Path) -> None:
    """Its own hundred frames and its way to another process and back are made up for, to the frame.

    Not to the last bit: the tone is begun so much earlier, at another place of a block, and its phase is
    rounded elsewhere (-136 dB). A frame beside it would be 1 % off.
    """
    for chain in (TONE | vst3(NAME), TONE | vst3(NAME) | vst3(NAME)):
        assert np.abs(rendered(shaper, chain) - rendered(shaper, TONE)).max() < 1e-6


def test_it_stands_in_its_place_among_other_effects(shaper: Path) -> None:
    """Half as loud before a distortion is not half as loud after it."""
    softer, bent = vst3(NAME, gain=0.5), fx.distortion(20)
    half = fx.gain(20 * np.log10(0.5))
    for through, plain in (
        (TONE | softer | bent, TONE | half | bent),
        (TONE | bent | softer, TONE | bent | half),
    ):
        assert np.allclose(rendered(shaper, through), rendered(shaper, plain), atol=1e-6)


def test_neighbours_and_buses_stay_together(shaper: Path) -> None:
    """Two that play the same are twice as loud: one through a plugin, or both through a bus with two."""
    plain = rendered(shaper, TONE)
    assert np.allclose(rendered(shaper, TONE | vst3(NAME), TONE | fx.gain(0)), 2 * plain, atol=1e-6)
    group = bus("group") | vst3(NAME) | vst3(NAME, gain=0.5)
    assert np.allclose(rendered(shaper, TONE | group, TONE | vst3(NAME) | group), plain, atol=1e-6)


def test_a_bus_with_a_plugin_gives_way_when_the_kick_is_heard(shaper: Path) -> None:
    """As the same bus does without it: neither before nor after, whether the drums play into it or not."""
    drums, pad = instrument("drums", room=0), instrument("sine", room=0, duck=1)
    plain, through = bus("group") | fx.gain(0), bus("group") | fx.gain(0) | vst3(NAME)
    wanted = rendered(shaper, drums | plain, pad | plain)
    assert np.abs(rendered(shaper, drums | through, pad | through) - wanted).max() < 1e-5
    drums |= vst3(NAME)
    assert np.abs(rendered(shaper, drums, pad | through) - wanted).max() < 1e-5


def test_what_comes_in_goes_through_it_later(shaper: Path) -> None:
    """Later by the plugin's way and its own hundred frames, to the frame, and as loud as it makes it."""
    rack = Rack(RATE, BLOCK, plugins=PluginSetup((shaper,)))
    rack.inputs.have(("in_1",))
    rack.set_chains({0: audio_in(1) | vst3(NAME, gain=0.5)})
    lead = rack.lead(0)
    assert lead >= 100
    sent = np.random.default_rng(3).standard_normal(40 * BLOCK).astype(np.float32) / 8
    out: list[Audio] = []
    rack.skip()
    rack.begin(0, 1, {"gain": 1}, 0)
    for part in np.split(sent, 40):
        rack.inputs.sound[0] = part
        out.append(np.array(rack.render_open()))
    rack.close()
    assert rack.problems == []
    heard, opened = np.concatenate(out, axis=1), RATE // 100
    for side in heard:
        assert np.allclose(side[lead + opened :], sent[opened : len(sent) - lead] / 2, atol=1e-6)


def test_what_gives_way_to_a_layer_does_so_when_that_is_heard(shaper: Path) -> None:
    """Drums through a bus with plugins duck what has none, as they do where the bus has none."""
    drums, give = instrument("drums", room=0), fx.duck(by="0", amount=1, release_ms=50)
    plain, through = bus("group") | fx.gain(0), bus("group") | fx.gain(0) | vst3(NAME) | vst3(NAME)
    wanted = rendered(shaper, drums | plain, TONE | give)
    assert np.abs(wanted - rendered(shaper, drums | plain, TONE)).max() > 0.05
    assert np.abs(rendered(shaper, drums | through, TONE | give) - wanted).max() < 1e-5
    # Beside others that go there, too, and behind a plugin of its own.
    both = rendered(shaper, drums | through, TONE | give | through)
    assert np.abs(both - wanted).max() < 1e-5
    assert np.abs(rendered(shaper, drums | through, TONE | give | vst3(NAME)) - wanted).max() < 1e-5


def test_patterns_move_it(shaper: Path) -> None:
    """At the frame of the note, in steps of 64, by its own name."""
    sound = rendered(shaper, TONE | vst3(NAME), more={"own.sempre_shaper.gain": 0.25})
    plain = rendered(shaper, TONE)
    late = slice(int(0.35 * RATE), int(0.48 * RATE))
    assert np.allclose(sound[:, late], plain[:, late] / 4, atol=1e-6)


def test_what_is_no_effect_or_has_no_such_parameter_is_refused(shaper: Path, plugins: Path) -> None:
    """With a message that says what to do."""
    for folder, effect, said in (
        (plugins, vst3("Sempre Probe"), "its place is at the beginning of a chain"),
        (shaper, vst3(NAME, gian=1), "did you mean 'gain'"),
        (shaper, vst3("Nonesuch"), "no plugin 'Nonesuch'"),
    ):
        rack = Rack(RATE, BLOCK, plugins=PluginSetup((folder,)))
        with pytest.raises(PluginLoadError, match=said):
            rack.prepare(TONE | effect)
        rack.close()
    rack = Rack(RATE, BLOCK, plugins=PluginSetup((shaper,)))
    with pytest.raises(PluginLoadError, match="it is an effect"):
        rack.prepare(vst3(NAME))
    rack.close()


class Bare(Rack):
    """A rack without its master."""

    @property
    def latency(self) -> int:
        """None."""
        return 0

    def render(self) -> Audio:
        """The next block."""
        return self.render_open()


class Stage:
    """A desk that plays in real time, about: a held sine through the effect, and clicks beside it."""

    def __init__(self, folder: Path) -> None:
        self.said: list[str] = []
        self.rack = Bare(RATE, BLOCK, plugins=PluginSetup((folder,), None, AHEAD, 10.0, live=True))
        self.desk = Desk(self.rack, self.said.append, AHEAD * BLOCK)
        self.block = self.ident = 0
        self.waits: list[float] = []

    def have(self, chains: dict[int, Chain]) -> None:
        """Build these and set them."""
        for chain in chains.values():
            self.rack.prepare(chain)
        self.desk.set_chains(chains)

    def tell(self, route: int, on: bytes, wait: float = 0.05, long: float = 60.0) -> float:
        """An event some time from now; gives its frame."""
        self.ident += 1
        at = self.block * BLOCK / RATE + wait
        self.desk.add([SinkEvent(self.ident, at, at + long, route, on, b"", 1)])
        return at * RATE

    def play(self, blocks: int) -> Audio:
        """Play on."""
        begun = monotonic()
        found: list[Audio] = []
        for count in range(blocks):
            before = monotonic()
            found.append(self.desk.play(Place(self.block * BLOCK, RATE)))
            self.waits.append(monotonic() - before)
            self.block += 1
            pause(begun + (count + 1) * BLOCK / RATE - monotonic())
        return np.concatenate(found, axis=1)


@pytest.fixture
def stage(shaper: Path) -> Iterator[Stage]:
    """With nothing on it."""
    made = Stage(shaper)
    yield made
    made.rack.close()


def loud(sound: Audio) -> float:
    """The peak of what was heard last."""
    return float(np.abs(sound[:, -4 * BLOCK :]).max())


def test_live_it_is_at_its_frame_too(stage: Stage) -> None:
    """A sharp onset through the effect lies where the same one lies beside it."""
    sharp = instrument("square", attack=0.001)
    stage.have({1: sharp | vst3(NAME), 2: sharp | fx.gain(0)})
    stage.play(20)
    begun = stage.block
    at = stage.tell(1, b'{"note": 48}', 0.1, 0.05)
    through = stage.play(60)
    begun_beside = stage.block
    at_beside = stage.tell(2, b'{"note": 48}', 0.1, 0.05)
    beside = stage.play(60)
    assert stage.said == []
    if not stage.rack.meters()["1"]["missing"]:  # type: ignore[index] # a table of numbers
        first = np.flatnonzero(np.abs(through[0]) > 1e-5)[0] + begun * BLOCK - at
        other = np.flatnonzero(np.abs(beside[0]) > 1e-5)[0] + begun_beside * BLOCK - at_beside
        assert first == pytest.approx(other, abs=1)


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        ("crash", "crashed (SIGSEGV); it is loaded anew"),
        ("hang", "hangs; it is loaded anew"),
        ("nan", "gave what is no number"),
        ("loud", "200 dB over full scale"),
    ],
)
def test_where_it_fails_the_sound_goes_on_without_it(stage: Stage, wish: str, text: str) -> None:
    """Within a block, faded, and at no other time; it comes back by itself, with its parameters."""
    stage.have({1: TONE | vst3(NAME, gain=0.5)})
    stage.tell(1, b'{"note": 60, "velocity": 1}')
    before = stage.play(60)
    stage.tell(1, b'{"own.sempre_shaper.%s": 1}' % wish.encode(), 0.1, 0.0)
    stage.tell(1, b'{"own.sempre_shaper.%s": 0}' % wish.encode(), 0.3, 0.0)
    ill = stage.play(160)
    assert any(text in line for line in stage.said), stage.said
    assert np.isfinite(ill).all()
    without = ill[:, int(0.16 * RATE) : int(0.2 * RATE)]
    assert np.abs(without).max() == pytest.approx(2 * loud(before), rel=0.05)
    well = [ill]
    for _ in range(40):
        well.append(stage.play(30))
        if loud(well[-1]) < 1.2 * loud(before):
            break
    well.append(stage.play(10))
    assert loud(well[-1]) == pytest.approx(loud(before), rel=0.05)
    # From the sound times a half to the sound, and back: it bends no more than the sine itself.
    sound = np.concatenate([before[:, 30 * BLOCK :], *well], axis=1)
    assert click(sound, 30 * BLOCK, sound.shape[1] - 4 * BLOCK) < -60
    assert np.median(stage.waits) < BLOCK / RATE / 2
