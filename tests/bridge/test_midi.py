"""Events as MIDI bytes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import BridgeError, PortNotFound
from bridge.event import SinkEvent, TimedEvent
from bridge.layer import route_of
from bridge.midi import MESSAGES_AN_EVENT, encode
from bridge.midi_bytes import all_sound_off, occupied
from bridge.targets import midi
from patterns.errors import PatternError


def said(controls: dict[str, object], channel: int = 1) -> list[SinkEvent]:
    """The messages of an event at 2 s that lasts half a second."""
    return encode(midi(channel=channel), TimedEvent(2.0, 0.5, controls, "lead", 400))


def test_a_note_becomes_an_on_and_an_off() -> None:
    """c3 is 48; velocity 0.8 unless given."""
    (event,) = said({"note": "c3"})
    assert event == SinkEvent(
        400, 2.0, 2.5, route_of(midi().key), bytes((0x90, 48, 102)), bytes((0x80, 48, 0))
    )


@pytest.mark.parametrize(
    ("controls", "velocity"),
    [
        ({"velocity": 1}, 127),
        ({"velocity": 0.5}, 64),
        ({"gain": 0.5, "velocity": 0.5}, 32),
        ({"gain": 2, "velocity": 1}, 127),
        ({"gain": "0.5"}, 51),
    ],
)
def test_velocity_and_gain_multiply(controls: dict[str, object], velocity: int) -> None:
    """Clipped at 127."""
    assert said({"note": 60} | controls)[0].on[2] == velocity


def test_a_note_without_force_is_a_rest() -> None:
    """A velocity of 0 would be an off in MIDI."""
    assert said({"note": 60, "gain": 0}) == []


@pytest.mark.parametrize(("sound", "key"), [("bd", 36), ("sd", 38), ("hh", 42), ("oh", 46), ("cp", 39)])
def test_drums_go_to_their_keys(sound: str, key: int) -> None:
    """As General MIDI has them; a note wins."""
    assert said({"s": sound})[0].on[1] == key
    assert said({"s": sound, "note": 50})[0].on[1] == 50


def test_the_events_channel_wins() -> None:
    """Over the target's."""
    assert said({"note": 60}, channel=3)[0].on[0] == 0x92
    assert said({"note": 60, "channel": 16}, channel=3)[0].on[0] == 0x9F


def test_what_prepares_a_note_comes_before_it() -> None:
    """Program, controller and bend, then the note, all at one time, with ids of their own."""
    events = said({"note": 60, "prog": 5, "ccn": 74, "ccv": 0.5, "bend": -1})
    assert [e.on for e in events] == [
        bytes((0xC0, 5)),
        bytes((0xB0, 74, 64)),
        bytes((0xE0, 0, 0)),
        bytes((0x90, 60, 102)),
    ]
    assert [e.id for e in events] == [400, 401, 402, 403]
    assert [e.off for e in events] == [b"", b"", b"", bytes((0x80, 60, 0))]
    assert len(events) <= MESSAGES_AN_EVENT


@pytest.mark.parametrize(("bend", "low", "high"), [(0, 0, 64), (1, 127, 127), (-1, 0, 0), (2, 127, 127)])
def test_bend_is_fourteen_bits_around_the_middle(bend: float, low: int, high: int) -> None:
    """-1 to 1."""
    assert said({"bend": bend})[0].on == bytes((0xE0, low, high))


def test_latency_sends_early() -> None:
    """For an instrument that answers late."""
    (event,) = encode(midi(latency=0.02), TimedEvent(2.0, 0.5, {"note": 60}, "lead", 4))
    assert (event.at, event.until) == (1.98, 2.48)


@pytest.mark.parametrize(
    ("controls", "error", "text"),
    [
        ({}, BridgeError, "nothing"),
        ({"pan": 0.5}, BridgeError, "pan"),
        ({"s": "sax"}, BridgeError, "says only s"),
        ({"note": 128}, ValueError, r"note must be 0 to 127 for MIDI \(got 128\)"),
        ({"note": -1}, ValueError, "note must be"),
        ({"note": "h9"}, PatternError, "'h9'"),
        ({"note": 60, "velocity": "loud"}, ValueError, "velocity must be a number .*'loud'"),
        ({"note": 60, "gain": math.nan}, ValueError, "gain must be a finite number"),
        ({"note": 60, "channel": 17}, ValueError, "channel must be 1 to 16"),
        ({"prog": 128}, ValueError, "prog must be 0 to 127"),
        ({"ccn": -1, "ccv": 0}, ValueError, "ccn must be"),
        ({"note": [60]}, ValueError, "note must be a number"),
    ],
)
def test_what_cannot_be_played_is_named(
    controls: dict[str, object], error: type[Exception], text: str
) -> None:
    """The control, the value and the range."""
    with pytest.raises(error, match=text):
        said(controls)


@given(
    st.dictionaries(
        st.sampled_from(["note", "velocity", "gain", "channel", "ccn", "ccv", "prog", "bend", "s"]),
        st.one_of(st.floats(), st.integers(-300, 300), st.text(max_size=3)),
    )
)
def test_whatever_is_said_becomes_messages_or_a_named_error(controls: dict[str, object]) -> None:
    """Never bytes that are no MIDI."""
    try:
        events = said(controls)
    except (BridgeError, PatternError, ValueError):
        return
    sizes = {0x80: 3, 0x90: 3, 0xB0: 3, 0xC0: 2, 0xE0: 3}
    for event in events:
        for data in filter(None, (event.on, event.off)):
            assert len(data) == sizes[data[0] & 0xF0]
            assert all(b < 128 for b in data[1:])
        assert bool(event.off) == (event.on[0] & 0xF0 == 0x90)


def test_a_note_occupies_its_route_channel_and_key() -> None:
    """A controller change occupies nothing that another event could."""
    on, other = said({"note": 60})[0], said({"note": 60}, channel=2)[0]
    assert occupied(on, "a") == occupied(on._replace(id=8, at=9.0, route=3), "a")
    assert occupied(on, "a") != occupied(on, "b")
    assert occupied(on, "a") != occupied(other, "a")
    first, second = said({"bend": 0})[0], said({"bend": 0})[0]._replace(id=4)
    assert occupied(first, 1) != occupied(second, 1)


def test_panic_silences_whatever_a_port_holds() -> None:
    """Pedal up, bend in the middle, all sound and all notes off, on all channels."""
    messages = all_sound_off()
    assert len(messages) == 64
    assert bytes((0xB0, 64, 0)) in messages
    assert bytes((0xE5, 0, 64)) in messages
    assert bytes((0xBF, 120, 0)) in messages
    assert bytes((0xB9, 123, 0)) in messages


def test_a_port_that_is_not_there_names_the_nearest() -> None:
    """And all that there are."""
    text = str(PortNotFound("Abelton", ["Ableton Live:in", "system:midi_playback_1"]))
    assert "did you mean 'Ableton Live:in'?" in text
    assert "system:midi_playback_1" in text
    assert "none at all" in str(PortNotFound("x", []))


def test_targets_say_what_is_wrong() -> None:
    """With value and range."""
    with pytest.raises(BridgeError, match=r"1 to 16 \(got 17\)"):
        midi(channel=17)
    with pytest.raises(BridgeError, match="latency"):
        midi(latency=30)
