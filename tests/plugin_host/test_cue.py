"""What is cued is heard on its own pair of outputs and nowhere else; it goes and comes without a click."""

from pathlib import Path

import numpy as np
import pytest

from bridge.clock import SharedClock, SystemClock, create_page
from plugin_host.audio import Audio
from plugin_host.audio_settings import AudioSettings
from plugin_host.desk import Desk
from plugin_host.limiter import Limiter
from plugin_host.machine import Machine
from plugin_host.rack import Rack
from plugin_host.render_ahead import Renderer
from plugin_host.runway import Runway
from plugin_host.specs import Chain, bus, fx, instrument
from plugin_host.stream_time import FittedTime

RATE, BLOCK = 48000, 256
TONE = instrument("sine", room=0)


def rack_of(chains: dict[int, Chain], cued: str = "") -> Rack:
    """A rack in which layer n plays on route n, a held note each; one may be cued before it begins."""
    rack = Rack(RATE, BLOCK)
    rack.set_chains(chains)
    for route in chains:
        rack.plays(f"layer{route}", route)
    if cued:
        rack.hear_before([cued])
    for route in chains:
        rack.begin(route, route, {"note": 60 + 5 * route}, 0)
    return rack


def both(rack: Rack, blocks: int) -> tuple[Audio, Audio]:
    """The mix before the master, and the cue."""
    mix: list[Audio] = []
    cue: list[Audio] = []
    for _ in range(blocks):
        mix.append(rack.render_open())
        assert rack.cue is not None
        cue.append(np.array(rack.cue.render()))
    return np.concatenate(mix, axis=1), np.concatenate(cue, axis=1)


def bend(sound: Audio) -> float:
    """The sharpest corner."""
    return float(np.abs(np.diff(sound.astype(np.float64), 2)).max())


def test_what_is_cued_is_in_the_cue_alone() -> None:
    """Bit for bit: the mix has what is left, the cue has the rest as late as the master would."""
    rack = rack_of({0: TONE, 1: TONE | fx.gain(-3)}, "layer1")
    mix, cue = both(rack, 40)
    alone = rack_of({0: TONE})
    assert np.array_equal(mix, np.concatenate([alone.render_open() for _ in range(40)], axis=1))
    other = rack_of({0: TONE | fx.gain(-80), 1: TONE | fx.gain(-3)})
    wanted = np.concatenate([other.render_open() for _ in range(40)], axis=1)
    late = Limiter(RATE).latency
    assert np.allclose(cue[:, late:], wanted[:, :-late], atol=1e-4)


def test_it_goes_and_comes_without_a_click() -> None:
    """No corner that the tones do not have themselves; nothing is lost on the way."""
    rack = rack_of({0: TONE, 1: TONE})
    rack.hear_before([])
    before, _ = both(rack, 40)
    rack.hear_before(["layer1"])
    away, heard = both(rack, 40)
    rack.hear_before([])
    back, rest = both(rack, 40)
    own = bend(before[:, 2000:])
    assert bend(np.concatenate((before[:, 2000:], away, back), axis=1)) < 1.2 * own
    assert bend(np.concatenate((heard, rest), axis=1)[:, 600:]) < 1.2 * own
    assert not rest[:, -BLOCK:].any()


def test_its_reverb_is_its_own() -> None:
    """What a cued layer sends is heard in the cue only, and rings on there when it has left."""
    rack = rack_of({0: instrument("keys", room=0.8, delay=0.5)}, "layer0")
    mix, cue = both(rack, 200)
    assert not mix.any()
    assert np.abs(cue).max() > 0.01
    rack.hear_before([])
    _, rest = both(rack, 100)
    assert np.abs(rest[:, -BLOCK:]).max() > 1e-4


def test_a_bus_is_cued_by_its_name() -> None:
    """With all that plays into it; a member alone is taken out before the bus."""
    group = bus("group") | fx.compressor()
    rack = rack_of({0: TONE | group, 1: TONE | group}, "group")
    mix, cue = both(rack, 20)
    assert not mix.any()
    assert np.abs(cue).max() > 0.05
    rack.hear_before(["layer0"])
    mix, cue = both(rack, 20)
    assert np.abs(mix[:, -BLOCK:]).max() > 0.01
    assert np.abs(cue[:, -BLOCK:]).max() > 0.01


def test_a_broken_sound_does_not_get_out() -> None:
    """What is no number is left out, and what is too loud is limited."""
    rack = rack_of({0: TONE | fx.gain(24) | fx.gain(24)}, "layer0")
    _, cue = both(rack, 30)
    assert 0.5 < np.abs(cue).max() < 10 ** (-0.9 / 20)


def test_the_last_two_channels_are_the_cue(tmp_path: Path) -> None:
    """Behind those of the mix; without such outputs the runway has the mix alone."""
    rack = rack_of({0: TONE})
    desk = Desk(rack, list[str]().append)
    desk.hear_before(["layer0"])
    clock = SystemClock()
    for channels in (4, 2):
        renderer = Renderer(desk, clock)
        renderer.cues = channels == 4
        runway = Runway(RATE, BLOCK, 3, channels)
        page = create_page(tmp_path / f"clock{channels}")
        pull = renderer.use(runway, FittedTime(page, RATE), RATE)
        pull(0, BLOCK)
        sound = np.zeros((0, BLOCK), np.float32)
        for number in range(1, 30):
            while renderer.step():
                pass
            sound = np.array(pull(number * BLOCK, BLOCK))
        page.close()
        assert sound.shape[0] == channels
        assert not sound[:2].any()
        assert channels == 2 or np.abs(sound[2:]).max() > 0.05


@pytest.mark.parametrize(("settings", "told"), [({}, "say cue = true"), ({"cue": True}, "")])
def test_without_outputs_it_is_said(tmp_path: Path, settings: dict[str, object], told: str) -> None:
    """And all goes on in the mix; with them nothing is said."""
    page: SharedClock = create_page(tmp_path / "clock")
    notices: list[str] = []
    read = AudioSettings.read({"driver": "null", **settings})
    machine = Machine(read, page, notices.append, lambda: Rack)
    try:
        machine.cue(["drums"])
        said = [one for one in notices if "cue" in one]
        assert bool(said) == bool(told)
        assert not said or told in said[0]
    finally:
        machine.leave()
        page.close()
