"""A held note that changes its pitch: where it is asked to be, without a click, and only who is meant."""

from typing import Any

import numpy as np
import pytest

from plugin_host.audio import Audio
from plugin_host.instrument_table import INSTRUMENTS
from plugin_host.rack import Rack
from plugin_host.specs import Chain, instrument

RATE, BLOCK = 48000, 256
PITCHED = sorted(INSTRUMENTS.keys() - {"drums", "noise", "triangle", "square", "sawtooth"})
PLAIN: dict[str, dict[str, object]] = {
    "bass": {"glide": 0}, "lead": {"vibrato": 0, "detune": 0}, "pad": {"detune": 0, "motion": 0},
    "bells": {"beating": 0, "decay": 4, "material": "bar"}, "pluck": {"decay": 5, "stiffness": 0},
    "keys": {"tremolo": 0, "decay": 5}, "strings": {"motion": 0},
    "texture": {"motion": 0},
}  # fmt: skip
"""What makes the pitch of each as plain as can be."""


def dry(name: str, **more: object) -> Chain:
    """An instrument by itself."""
    made: Any = instrument
    return made(name, room=0, delay=0, **PLAIN.get(name, {}), **more)


def at(semitones: float) -> float:
    """Where that is in the range."""
    return (semitones + 24) / 48


def heard(chain: Chain, told: dict[int, list[dict[str, object]]], blocks: int, note: float = 57) -> Audio:
    """A held note, and what is told in which block."""
    rack = Rack(RATE, BLOCK)
    rack.set_chains({0: chain})
    rack.begin(0, 1, {"note": note}, 0)
    out: list[Audio] = []
    for block in range(blocks):
        for controls in told.get(block, []):
            rack.begin(0, 1000 + block, controls, 100)
        out.append(rack.render_open())
    assert rack.problems == []
    return np.concatenate(out, axis=1)


def strength(sound: Audio, hertz: float) -> float:
    """The loudest line within an eighth of a semitone of a pitch."""
    both = sound.sum(axis=0) * np.hanning(sound.shape[1])
    lines = np.abs(np.fft.rfft(both, 1 << 17))
    pitch = np.fft.rfftfreq(1 << 17, 1 / RATE)
    return float(lines[np.abs(12 * np.log2(np.maximum(pitch, 1) / hertz)) < 0.125].max())


@pytest.mark.parametrize("name", PITCHED)
def test_a_held_note_goes_where_it_is_asked_to(name: str) -> None:
    """Seven semitones up: then the root is there, and no longer where it was."""
    told: dict[int, list[dict[str, object]]] = {60: [{"param.tune": at(7), "over": 0.05}]}
    sound = heard(dry(name), told, 150)
    before, after = sound[:, 20 * BLOCK : 60 * BLOCK], sound[:, -70 * BLOCK :]
    low, high = 220.0, 220.0 * 2 ** (7 / 12)
    assert strength(before, low) > 4 * strength(before, high)
    assert strength(after, high) > 4 * strength(after, low)


def test_it_is_in_tune() -> None:
    """To a hundredth of a semitone, by the phase of the tone half a second apart."""
    told: dict[int, list[dict[str, object]]] = {20: [{"param.tune": at(3.3), "over": 0.02}]}
    for name in ("sine", "keys"):
        sound = heard(dry(name), told, 160, 69)[0, 50 * BLOCK :].astype(np.float64)
        wanted = 440 * 2 ** (3.3 / 12)
        turn = np.exp(-2j * np.pi * wanted / RATE * np.arange(4800))
        first, second = ((sound[place : place + 4800] * np.hanning(4800)) @ turn for place in (0, 4800))
        ahead = np.angle(second / first * np.exp(-2j * np.pi * wanted * 4800 / RATE)) / (2 * np.pi)
        cents = 1200 * np.log2(1 + ahead / (wanted * 0.1))
        assert abs(cents) < 1, name


@pytest.mark.parametrize("name", ["sine", "keys", "pluck", "lead"])
def test_a_slide_does_not_click(name: str) -> None:
    """Up and down an octave, told a hundred times a second: nothing jumps more than the tone itself does."""
    told: dict[int, list[dict[str, object]]] = {}
    for frame in range(0, 150 * BLOCK, 480):
        goal = at(12 * float(np.sin(frame / RATE * 4)))
        told.setdefault(frame // BLOCK, []).append({"param.tune": goal, "over": 0.01})
    moved = heard(dry(name), told, 150)
    highest = heard(dry(name, tune=12), {}, 150)
    after = slice(20 * BLOCK, None)  # behind the stroke
    assert np.abs(np.diff(moved[:, after], 2)).max() < 1.3 * np.abs(np.diff(highest[:, BLOCK:], 2)).max()


@pytest.mark.parametrize("name", ["sine", "keys", "bells", "strings"])
def test_a_note_with_its_own_stays(name: str) -> None:
    """What an event says of its own pitch holds, whatever moves the instrument."""
    rack, still = Rack(RATE, BLOCK), Rack(RATE, BLOCK)
    rack.set_chains({0: dry(name)})
    still.set_chains({0: dry(name)})
    rack.begin(0, 1, {"note": 57, "param.tune": at(2)}, 0)
    still.begin(0, 1, {"note": 59}, 0)
    rack.begin(0, 7, {"param.tune": at(-5), "over": 0.05}, 30)
    for _ in range(40):
        assert np.allclose(rack.render_open(), still.render_open(), atol=1e-5)


def test_nothing_is_reckoned_while_nothing_moves() -> None:
    """A note in a chain that is tuned is that note, bit by bit."""
    for name in ("sine", "keys", "strings", "pluck"):
        plain, tuned = heard(dry(name), {}, 20, 60), heard(dry(name, tune=3), {}, 20, 57)
        assert np.array_equal(plain, tuned), name
