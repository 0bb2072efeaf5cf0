"""Where events go by default, and what the mixer is told of them."""

import json
import math
from fractions import Fraction

import pytest

from bridge.event import TimedEvent
from bridge.layer import route_of
from bridge.targets import midi, osc
from patterns.errors import PatternError
from patterns.where import Literal
from plugin_host.specs import Chain, fx, instrument
from repl.sinks import audio_controls, default_target, describe, encode

CHAIN = instrument("keys")


def event(**controls: object) -> TimedEvent:
    """One event of half a second."""
    return TimedEvent(2.0, 0.5, controls, "a.py:a", 64)


@pytest.mark.parametrize(
    ("controls", "name"),
    [
        ({"s": "bd"}, "drums"),
        ({"s": "unheard of"}, "drums"),
        ({"s": "bass", "note": 3}, "bass"),
        ({"s": Literal("lead", "a.py")}, "lead"),
        ({"s": "sawtooth", "note": "c3"}, "sawtooth"),
        ({"s": "tri", "note": "c3"}, "triangle"),
        ({"note": "c3"}, "keys"),
        ({}, "keys"),
        ({"s": 5}, "keys"),
    ],
)
def test_where_events_go_without_a_target(controls: dict[str, object], name: str) -> None:
    """A sound to the instrument of that name, else to the kit; a note alone to the keys."""
    target = default_target(controls)
    assert isinstance(target, Chain)
    assert target.instrument.name == name
    assert default_target(controls) is target


@pytest.mark.parametrize("controls", [{"cc74": 0.5}, {"ccn": 1, "ccv": 0}, {"progNum": 3}, {"midibend": 0.1}])
def test_what_only_midi_knows_goes_to_our_port(controls: dict[str, object]) -> None:
    """A note with a controller is still the keys'."""
    assert default_target(controls) == midi()
    assert isinstance(default_target(controls | {"note": 60}), Chain)


def test_a_note_that_is_rounded_is_told() -> None:
    """It is played all the same."""
    told: list[str] = []
    assert encode(midi(), event(note=60.5), 0.5, 0.0, told.append)
    assert "microtonal=True" in told[0]


def test_what_the_mixer_is_told() -> None:
    """Names become numbers, the rest stays; the end travels beside it."""
    (one,) = encode(CHAIN, event(note="c3", gain=0.5, s=Literal("bd"), n=2, pan=Fraction(1, 4)), 0.5, 0.0)
    assert (one.id, one.at, one.until, one.route, one.off) == (64, 2.0, 2.5, route_of(CHAIN.key), b"")
    told = json.loads(one.on)
    assert told == {"note": 48.0, "gain": 0.5, "s": "bd", "n": 2, "pan": 0.25, "cps": 0.5}


@pytest.mark.parametrize(
    ("controls", "said"),
    [
        ({"note": "hx3"}, "hx3"),
        ({"note": math.nan}, "note"),
        ({"gain": math.inf}, "gain must be a finite number"),
        ({"gain": None}, "gain must be a number"),
        ({"pan": [1]}, "pan must be a number"),
        ({"velocity": "loud"}, "velocity must be a number"),
        ({"pan": object()}, "pan must be a number"),
        ({"cutoff": math.nan}, "cutoff must be a finite number"),
    ],
)
def test_what_cannot_be_told_is_named(controls: dict[str, object], said: str) -> None:
    """By the name of the control; nothing that is no JSON is sent."""
    with pytest.raises((PatternError, ValueError), match=said):
        encode(CHAIN, event(**controls), 0.5, 0.0)


def test_the_mixer_hears_the_tempo() -> None:
    """For its echo."""
    assert audio_controls(event(), 0.75) == {"cps": 0.75}


def test_other_targets_have_their_own_ways() -> None:
    """MIDI and OSC bytes are made by the bridge."""
    (note,) = encode(midi(channel=2), event(note="c3"), 0.5, 0.0)
    assert note.on[:2] == bytes([0x91, 48])
    (bundle,) = encode(osc(9000), event(note="c3"), 0.5, 1.0)
    assert bundle.on.startswith(b"#bundle")


def test_targets_are_described_for_their_process() -> None:
    """A chain as data from which it is made again."""
    chain = CHAIN | fx.reverb()
    told = describe(chain)["chain"]
    assert isinstance(told, dict)
    assert Chain.from_json(told) == chain  # pyright: ignore[reportUnknownArgumentType] - any mapping
    assert "midi" in describe(midi())
