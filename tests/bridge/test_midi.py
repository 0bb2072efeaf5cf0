"""Events as MIDI bytes."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import BridgeError, PortNotFound
from bridge.event import SinkEvent, TimedEvent
from bridge.layer import route_of
from bridge.midi import ROUNDED, encode
from bridge.midi_bytes import all_sound_off, messages, occupied
from bridge.targets import MidiTarget, midi
from patterns.errors import PatternError


def said(controls: dict[str, object], channel: int = 1) -> list[SinkEvent]:
    """What becomes of an event at 2 s that lasts half a second."""
    return encode(midi(channel=channel), TimedEvent(2.0, 0.5, controls, "lead", 400))


def sent(controls: dict[str, object], target: MidiTarget | None = None) -> list[str]:
    """Its messages up to the note, in hexadecimal."""
    (event,) = encode(target or midi(), TimedEvent(2.0, 0.5, controls, "lead", 400))
    return [message.hex() for message in messages(event.on)]


def test_a_note_becomes_an_on_and_an_off() -> None:
    """c3 is 48; velocity 0.8 unless given."""
    (event,) = said({"note": "c3"})
    assert event == SinkEvent(
        400, 2.0, 2.5, route_of(midi().key), bytes((0x90, 48, 102)), bytes((0x80, 48, 64))
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
    """Bank, program, controller and bend, then the note, as one event: it is sent whole or not at all."""
    (event,) = said({"note": 60, "progNum": 5, "midibank": 259, "ccn": 74, "ccv": 0.5, "midibend": -1})
    assert [m.hex(" ") for m in messages(event.on)] == [
        "b0 00 02", "b0 20 03", "c0 05", "b0 4a 40", "e0 00 00", "90 3c 66",
    ]  # fmt: skip
    assert (event.id, event.off) == (400, bytes((0x80, 60, 64)))


TABLE: list[tuple[dict[str, object], str]] = [
    ({"cc74": 0.5}, "b04a40"),
    ({"cc0": 0, "cc127": 1}, "b00000 b07f7f"),
    ({"cc14_1": 1}, "b0017f b0217f"),
    ({"cc14_31": 0.5}, "b01f40 b03f00"),
    ({"cc14_0": 1 / 16383}, "b00000 b02001"),
    ({"nrpn260": 0.5}, "b06302 b06204 b00640 b02600"),
    ({"nrpn7_260": 1}, "b06302 b06204 b0067f"),
    ({"rpn0": 12 * 128 / 16383}, "b06500 b06400 b0060c b02600 b0657f b0647f"),
    ({"nrpnn": (1, 8), "nrpv": 123}, "b06301 b06208 b0067b"),
    ({"nrpnn": 136, "nrpv": (100, 5)}, "b06301 b06208 b00664 b02605"),
    ({"ccn": "7", "ccv": 1}, "b0077f"),
    ({"prog": 0}, "c000"),
    ({"progNum": 127}, "c07f"),
    ({"bank": 1, "prog": 2}, "b00000 b02001 c002"),
    ({"midibank": (3, 4)}, "b00003 b02004"),
    ({"miditouch": 1}, "d07f"),
    ({"touch": 0}, "d000"),
    ({"timbre": 0.5}, "b04a40"),
    ({"polyTouch": (60, 0.5)}, "a03c40"),
    ({"note": 60, "velocity": 1, "polyTouch": 0.5}, "903c7f a03c40"),
    ({"midibend": 0}, "e00040"),
    ({"bend": 1}, "e07f7f"),
    ({"bend": -1}, "e00000"),
    ({"sysexraw": "f0 43 10 4c f7"}, "f043104cf7"),
    ({"sysexraw": b"\x7d\x01"}, "f07d01f7"),
    ({"sysexid": 0x7D, "sysexdata": (1, 2, 3)}, "f07d010203f7"),
    ({"sysexid": (0, 32, 41), "sysexdata": 9}, "f000202909f7"),
    ({"freq": 440, "velocity": 1}, "90457f"),
    ({"note": "c3", "velocity": 1, "cc1": 0.5, "miditouch": 0.5, "bend": 0}, "b00140 d040 e00040 90307f"),
]


@pytest.mark.parametrize(("controls", "wanted"), TABLE, ids=str)
def test_what_is_said_becomes_these_bytes(controls: dict[str, object], wanted: str) -> None:
    """A row for each thing that MIDI can be told."""
    assert sent(controls) == wanted.split()


def test_every_channel_message_speaks_to_the_events_channel() -> None:
    """And sysex to all."""
    for controls, _ in TABLE:
        for message in sent(controls | {"channel": 7}):
            assert int(message[:2], 16) & 15 == 6 or message.startswith("f0")


@pytest.mark.parametrize(("said_", "byte"), [(None, 64), (0, 0), (1, 127), (0.5, 64)])
def test_a_key_is_left_as_fast_as_the_event_says(said_: float | None, byte: int) -> None:
    """64 is what MIDI has for those that do not say."""
    controls: dict[str, object] = {"note": 60}
    if said_ is not None:
        controls["releaseVelocity"] = said_
    assert said(controls)[0].off == bytes((0x80, 60, byte))


def test_a_note_between_two_keys_is_rounded_and_said_or_bent() -> None:
    """Rounding is said with the same words each time, so that it is shown once."""
    told: list[str] = []
    event = TimedEvent(2.0, 0.5, {"note": 60.25, "velocity": 1}, "lead", 1)
    (plain,) = encode(midi(), event, told.append)
    assert (plain.on.hex(" "), told) == ("90 3c 7f", [ROUNDED])
    assert sent({"note": 60.25, "velocity": 1}, midi(microtonal=True)) == ["e00048", "903c7f"]
    assert sent({"note": 60.25, "velocity": 1}, midi(microtonal=True, bend_range=12))[0] == "e02b41"
    assert sent({"note": 60, "velocity": 1}, midi(microtonal=True)) == ["e00040", "903c7f"]
    assert len(told) == 1
    encode(midi(), TimedEvent(2.0, 0.5, {"note": "c3"}, "lead", 1), told.append)
    assert len(told) == 1


def test_an_instrument_is_told_a_range_of_bends_that_was_asked_for() -> None:
    """And only then."""
    assert midi("x").to_json() == {"midi": {"port": "x"}}
    place = midi("x", channel=3, bend_range=12, rate=31250).to_json()["midi"]
    assert place == {"port": "x", "rate": 31250, "setup": "b26500b26400b2060cb22600b2657fb2647f"}


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
        ({"bank": 16384, "prog": 1}, ValueError, "bank must be 0 to 16383"),
        ({"midibank": (1, 2, 3)}, ValueError, "one number or two"),
        ({"ccn": -1, "ccv": 0}, ValueError, "ccn must be"),
        ({"ccn": 1, "ccv": 2}, ValueError, "ccv must be 0 to 1"),
        ({"cc128": 0}, PatternError, "cc128: the number must be 0 to 127"),
        ({"cc14_32": 0}, PatternError, "0 to 31"),
        ({"cc74": 100}, ValueError, r"cc74 must be 0 to 1 .*got 100\), so 100 of 127 is 0.787"),
        ({"bend": 2}, ValueError, "bend must be -1 to 1"),
        ({"nrpnn": (1, 128), "nrpv": 0}, ValueError, "nrpnn must be 0 to 127"),
        ({"touch": "hard"}, ValueError, "touch must be a number"),
        ({"polyTouch": 0.5}, ValueError, "poly_touch needs a note"),
        ({"sysexraw": "f0 f7"}, ValueError, "it is empty"),
        ({"sysexraw": "f0 01 80 f7"}, ValueError, "byte 2 is 128"),
        ({"sysexraw": "xyz"}, ValueError, "hexadecimal"),
        ({"sysexraw": bytes(20_000)}, ValueError, "16384 bytes"),
        ({"sysexid": 1}, ValueError, "needs sysexdata"),
        ({"note": 60, "releaseVelocity": 2}, ValueError, "release_velocity must be 0 to 1"),
        ({"freq": 0}, ValueError, "freq must be above 0"),
        ({"freq": 1}, ValueError, "note must be 0 to 127"),
        ({"note": math.inf}, (PatternError, ValueError), "inf"),
        ({"note": [60]}, ValueError, "note must be a number"),
    ],
)
def test_what_cannot_be_played_is_named(
    controls: dict[str, object], error: type[Exception], text: str
) -> None:
    """The control, the value and the range."""
    with pytest.raises(error, match=text):
        said(controls)


NAMES = (
    *("note", "freq", "s", "velocity", "gain", "releaseVelocity", "channel", "bank", "midibank", "prog"),
    *("ccn", "ccv", "nrpnn", "nrpv", "cc1", "cc14_1", "rpn0", "nrpn300", "bend", "touch", "polyTouch"),
    *("timbre", "sysexraw", "sysexid", "sysexdata"),
)


@given(
    st.dictionaries(
        st.sampled_from(NAMES),
        st.one_of(
            st.floats(),
            st.floats(0, 1),
            st.integers(-300, 300),
            st.text(max_size=3),
            st.binary(max_size=4),
            st.lists(st.integers(-1, 130), max_size=3).map(tuple),
        ),
        max_size=8,
    ),
    st.sampled_from([midi(), midi(microtonal=True), midi(mpe=True)]),
)
def test_whatever_is_said_becomes_messages_or_a_named_error(
    controls: dict[str, object], target: MidiTarget
) -> None:
    """Never bytes that are no MIDI."""
    try:
        events = encode(target, TimedEvent(2.0, 0.5, controls, "lead", 400))
    except (BridgeError, PatternError, ValueError):
        return
    for event in events:
        for message in messages(event.on + event.off):
            body = message[1:-1] if message[0] == 0xF0 else message[1:]
            assert all(b < 128 for b in body)
        assert bool(event.off) == any(m[0] & 0xF0 == 0x90 for m in messages(event.on))


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
    with pytest.raises(BridgeError, match=r"bend_range must be 1 to 96 \(got 97\)"):
        midi(bend_range=97)
    with pytest.raises(BridgeError, match="rate must be"):
        midi(rate=31)


def test_a_run_that_is_cut_off_is_no_message() -> None:
    """Nor is one that begins without a status."""
    for data in ("903c", "f043", "3c40", "903c40b0"):
        with pytest.raises(ValueError, match="no MIDI message"):
            list(messages(bytes.fromhex(data)))
