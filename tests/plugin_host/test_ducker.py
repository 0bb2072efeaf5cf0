"""Side-chains: who gives way to whom, how far, how soon, and in which order."""

from dataclasses import replace

import numpy as np
import pytest

from bridge.event import SinkEvent, TimedEvent
from plugin_host.audio import Audio, single
from plugin_host.desk import Desk
from plugin_host.ducker import Ducker
from plugin_host.ducking import Duckings
from plugin_host.offline import render
from plugin_host.rack import Rack
from plugin_host.specs import Chain, bus, fx, instrument
from plugin_host.stream_time import Place

RATE, BLOCK = 48000, 256
VALUES: dict[str, Audio | float] = {
    "amount": 0.8, "attack_ms": 4.0, "release_ms": 100.0, "threshold_db": -30.0,
}  # fmt: skip
TONE = instrument("sine")


def ways(level: float, loud: int, soft: int, block: int = BLOCK) -> Audio:
    """What becomes of ones while another sound is loud for some blocks, then silent."""
    ducker = Ducker(RATE)
    ones = np.ones((2, block), np.float32)
    out: list[Audio] = []
    for number in range(loud + soft):
        ducker.key = single(np.full((2, block), level)) if number < loud else None
        out.append(ducker.process(ones, VALUES)[0])
    return np.concatenate(out)


def test_it_goes_down_and_comes_back_in_time() -> None:
    """By two thirds of the way in the time that is given; evenly, to as far as is asked."""
    way = ways(0.5, 60, 400)
    down, back = way[: 60 * BLOCK], way[60 * BLOCK :]
    assert way[0] > 0.99
    assert down[-1] == pytest.approx(0.2, abs=1e-3)
    assert np.argmax(down < 1 - 0.8 * 0.632) == pytest.approx(0.004 * RATE, abs=32)
    # What holds it falls first, and that is followed.
    assert np.argmax(back > 1 - 0.8 * 0.368) == pytest.approx((0.1 + 0.004) * RATE, abs=32)
    assert back[-1] == 1
    assert np.abs(np.diff(way)).max() < 0.8 / (0.004 * RATE) * 1.1


def test_what_is_soft_is_not_heard() -> None:
    """Half a knee below the threshold nothing happens; at it, half."""
    assert ways(10 ** (-36.1 / 20), 50, 0).min() == 1
    assert ways(10 ** (-30 / 20), 100, 0)[-1] == pytest.approx(0.6, abs=0.01)


@pytest.mark.parametrize("block", [64, 100, 512])
def test_the_size_of_blocks_changes_nothing(block: int) -> None:
    """Nor where the other begins in a block: live and in a render it is the same."""
    whole = ways(0.5, 9600 // block, 0, block)
    assert np.allclose(whole, ways(0.5, 9600 // 32, 0, 32)[: len(whole)], atol=1e-6)
    key = np.zeros((2, 4096), np.float32)
    key[:, 1000:1100] = 0.4
    found: list[Audio] = []
    for shift in (0, 37):
        ducker, ones = Ducker(RATE), np.ones((2, block), np.float32)
        moved = np.pad(key, ((0, 0), (shift, 4096)))
        parts: list[Audio] = []
        for first in range(0, 6000 - block, block):
            ducker.key = moved[:, first : first + block]
            parts.append(ducker.process(ones, VALUES)[0])
        found.append(np.concatenate(parts)[shift : shift + 5000])
    assert np.allclose(*found, atol=1e-6)
    assert found[0].min() < 0.6


def rack_of(chains: dict[int, Chain], players: dict[str, int]) -> Rack:
    """A rack in which these layers play on these routes."""
    rack = Rack(RATE, BLOCK)
    rack.set_chains(chains)
    for name, route in players.items():
        rack.plays(name, route)
    return rack


def lowest(rack: Rack, part: str, blocks: int = 30) -> float:
    """How soft a part gets, in a block, while all of it sounds."""
    found: list[float] = []
    for _ in range(blocks):
        rack.parts = {}
        rack.render_open()
        found.append(float(np.abs(rack.parts[part]).max()))
    return min(found)


@pytest.mark.parametrize("key", ["low", "high"])
def test_a_layer_gives_way_to_another(key: str) -> None:
    """Whichever route comes first, in the very block in which the other begins."""
    routes = (0, 1) if key == "low" else (1, 0)
    ducked = TONE | fx.duck("beat", attack_ms=0.1)
    rack = rack_of({routes[0]: instrument("drums"), routes[1]: ducked}, {"beat": routes[0]})
    rack.begin(routes[1], 1, {"note": 72}, 0)
    for _ in range(20):
        rack.render_open()
    rack.parts = {}
    rack.render_open()
    before = float(np.abs(rack.parts["sine"]).max())
    rack.begin(routes[0], 2, {"s": "sd", "velocity": 1}, 0)
    rack.parts = {}
    rack.render_open()
    assert float(np.abs(rack.parts["sine"][:, -20:]).max()) < 0.3 * before
    for _ in range(400):
        rack.render_open()
    assert lowest(rack, "sine", 3) > 0.98 * before


def test_a_bus_gives_way_to_a_bus() -> None:
    """By its name, and after it, however deep it lies."""
    beats = bus("beats") | bus("outer")
    pads = bus("pads") | fx.duck("beats", attack_ms=0.1)
    rack = rack_of({0: TONE | pads, 1: instrument("drums") | beats}, {})
    rack.begin(0, 1, {"note": 72}, 0)
    for _ in range(20):
        rack.render_open()
    before = lowest(rack, "pads", 3)
    rack.begin(1, 2, {"s": "cr", "velocity": 1}, 0)
    assert lowest(rack, "pads", 1) < before
    assert lowest(rack, "pads") < 0.3 * before


def test_who_gives_way_to_nobody_is_left_alone() -> None:
    """Bit for bit, be the name unknown or its own."""

    def played(chain: Chain, name: str) -> Audio:
        rack = rack_of({0: chain}, {name: 0})
        rack.begin(0, 1, {"note": 60}, 0)
        return np.concatenate([rack.render_open() for _ in range(20)], axis=1)

    plain = played(TONE | fx.gain(0), "tone")
    assert np.array_equal(plain, played(TONE | fx.duck("nobody"), "tone"))
    assert np.array_equal(plain, played(TONE | fx.duck("tone"), "tone"))


def test_two_that_give_way_to_each_other_both_do() -> None:
    """One of them a block later; it neither hangs nor runs away."""
    chains = {0: TONE | fx.duck("b"), 1: instrument("sawtooth") | fx.duck("a")}
    rack = rack_of(chains, {"a": 0, "b": 1})
    rack.begin(0, 1, {"note": 60}, 0)
    rack.begin(1, 2, {"note": 64}, 0)
    sound = np.concatenate([rack.render_open() for _ in range(100)], axis=1)
    assert np.isfinite(sound).all()
    assert 0.001 < np.abs(sound[:, -BLOCK:]).max() < 0.5


def test_offline_a_layer_is_known_by_its_name() -> None:
    """As `render` gets it: by layers, or by chains with the names of those who play there."""
    kit, pad = instrument("drums", room=0), TONE | fx.duck("drums", amount=1)
    crashes = (
        TimedEvent(at, 0.1, {"s": "cr", "gain": 0.5}, "drums", round(at * 10)) for at in (0.5, 0.7, 0.9)
    )
    events = [TimedEvent(0.0, 2.0, {"note": 72}, "pad", 1), *crashes]
    one = render(events, {"pad": pad, "drums": kit}, 1.5)
    keys = {"pad": pad.key, "drums": kit.key}
    keyed = [replace(event, layer=keys[event.layer]) for event in events]
    chains = {chain.key: chain for chain in (pad, kit)}
    named = render(keyed, chains, 1.5, players={"pad": [pad.key], "drums": [kit.key]})
    assert np.allclose(one, named, atol=1e-6)
    assert np.abs(render(keyed, chains, 1.5) - named).max() > 0.01


def test_by_is_a_name() -> None:
    """Nothing else; and it cannot be moved."""
    with pytest.raises(TypeError, match="by=3: give a name"):
        fx.duck(3)
    chain = TONE | fx.duck("drums")
    assert Chain.from_json(chain.to_json()) == chain
    assert "a name" in (fx.duck.__doc__ or "")


def test_live_a_layer_is_known_by_its_number() -> None:
    """The engine says the name of each before its events."""
    rack = Rack(RATE, BLOCK)
    rack.set_chains({0: instrument("drums", room=0), 1: TONE | fx.duck("beat", amount=1, attack_ms=0.1)})
    desk = Desk(rack, list[str]().append)
    desk.layers = {7: "a.py:beat", 8: "a.py:tone"}
    begun = SinkEvent(1, 0.0, 9.0, 1, b'{"note": 72}', b"", 8)
    crash = SinkEvent(2, 0.1, 0.2, 0, b'{"s": "cr"}', b"", 7)
    desk.add([begun, crash])
    first = round(0.1 * RATE / BLOCK)
    levels: list[float] = []
    for number in range(first + 4):
        rack.parts = {}
        desk.play(Place(number * BLOCK, RATE))
        levels.append(float(np.abs(rack.parts["sine"]).max()))
    assert levels[-1] < 0.02 * levels[first - 3]


@pytest.mark.parametrize("lead", [1, 700, 768])
def test_who_is_heard_later_gives_way_so_much_sooner(lead: int) -> None:
    """The same envelope, to the frame."""
    kicks = Duckings(RATE)
    for offset in (900, 5000, 5800):
        kicks.strike(offset, 0.8)
    parts: list[tuple[Audio, Audio]] = []
    for _ in range(60):
        kicks.begin(BLOCK)
        silence = np.zeros(BLOCK, np.float32)
        now, soon = (kicks.of(one) for one in (0, lead))
        parts.append((silence if now is None else now, silence if soon is None else soon))
    heard, ahead = (np.concatenate(one) for one in zip(*parts, strict=True))
    assert heard.max() > 0.7
    assert np.allclose(ahead[: len(heard) - lead], heard[lead:], atol=1e-6)
