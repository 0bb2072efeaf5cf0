"""What MIDI that comes in means."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.midi_in_state import MidiState, Move
from patterns.inputs import Source

ON, OFF = 0x90, 0x80


def state(*sources: Source) -> MidiState:
    """Follow these."""
    made = MidiState()
    assert made.declare([source.name for source in sources], {}) == []
    return made


def moved(moves: list[Move]) -> list[object]:
    """Positions only."""
    return [move.position for move in moves]


def test_controllers_wheels_and_pressure() -> None:
    """Each goes from 0 to 1; the wheel's centre is the middle exactly."""
    one = state(Source("cc", 74), Source("bend"), Source("pressure"))
    assert one.feed("a", bytes((0xB0, 74, 127))) == [Move("midi cc 74", 1.0, exact=False)]
    assert one.feed("a", bytes((0xB0, 74, 127))) == []
    assert one.feed("a", bytes((0xB0, 75, 1))) == []
    assert moved(one.feed("a", bytes((0xE3, 0, 64)))) == [0.5]
    assert moved(one.feed("a", bytes((0xE3, 0, 0)))) == [0.0]
    assert moved(one.feed("a", bytes((0xD0, 127)))) == [1.0]
    assert moved(one.feed("a", bytes((0xA0, 60, 0)))) == [0.0]
    assert one.feed("a", b"\xf8") == one.feed("a", b"\xf0\x01\xf7") == []


def test_channel_and_port_choose() -> None:
    """What is said of a channel or of a port counts for that only."""
    one = state(Source("cc", 1, channel=2), Source("cc", 1, port="key"))
    assert moved(one.feed("KeyStep", bytes((0xB1, 1, 0)))) == [0.0, 0.0]
    assert [m.name for m in one.feed("Other", bytes((0xB1, 1, 127)))] == ["midi cc 1 channel 2"]
    assert [m.name for m in one.feed("KeyStep", bytes((0xB4, 1, 127)))] == ["midi cc 1 of key"]


def test_the_last_key_counts_and_stays() -> None:
    """Of several keys the last, the one before it when that is let go, and none is forgotten."""
    one = state(Source("key"))
    assert moved(one.feed("a", bytes((ON, 60, 90)))) == [60.0]
    assert moved(one.feed("a", bytes((ON, 64, 90)))) == [64.0]
    assert moved(one.feed("a", bytes((OFF, 64, 0)))) == [60.0]
    assert one.feed("a", bytes((OFF, 60, 0))) == []


def test_a_chord_is_held_and_another_stays() -> None:
    """Held keys go when they are let go; a latched chord goes when the next one is struck."""
    one = state(Source("keys"), Source("latch"))
    one.feed("a", bytes((ON, 64, 90)))
    one.feed("a", bytes((ON, 60, 80)))
    assert one.positions == {"midi keys": ((64, 90), (60, 80)), "midi latch": ((64, 90), (60, 80))}
    one.feed("a", bytes((ON, 64, 0)))
    one.feed("a", bytes((OFF, 60, 0)))
    assert one.positions == {"midi keys": (), "midi latch": ((64, 90), (60, 80))}
    one.feed("a", bytes((ON, 62, 70)))
    assert one.positions["midi latch"] == ((62, 70),)


def test_gates_and_strokes() -> None:
    """A gate is open while its key is held; a stroke is said each time, also an equal one."""
    one = state(Source("gate", 36), Source("flip", 36), Source("hit", 36))
    assert moved(one.feed("a", bytes((ON, 36, 127)))) == [1.0, 1.0, 1.0]
    assert moved(one.feed("a", bytes((OFF, 36, 0)))) == [0.0]
    assert moved(one.feed("a", bytes((ON, 36, 127)))) == [1.0, 0.0, 1.0]
    assert one.feed("a", bytes((ON, 37, 127))) == []


def test_a_port_that_goes_lets_its_keys_go() -> None:
    """Keys of a keyboard whose plug is torn out are not held for ever; those of another are."""
    one = state(Source("keys"))
    one.feed("a", bytes((ON, 60, 90)))
    one.feed("b", bytes((ON, 62, 90)))
    assert moved(one.lose("a")) == [((62, 90),)]
    assert moved(one.feed("b", bytes((0xB0, 123, 0)))) == [()]


def test_what_was_moved_before_it_is_asked_for_counts() -> None:
    """A fader stands where it stands, whenever a piece begins to follow it."""
    one = MidiState()
    one.feed("a", bytes((0xB0, 7, 127)))
    one.feed("b", bytes((0xB0, 7, 0)))
    assert one.declare(["midi cc 7", "midi cc 7 of a", "cutoff"], {}) == [
        Move("midi cc 7", 0.0, exact=False),
        Move("midi cc 7 of a", 1.0, exact=False),
    ]


def test_another_engine_is_told_where_things_are() -> None:
    """What it does not know is said again; nothing that it believes to be held is, after our own death."""
    one = state(Source("cc", 1), Source("keys"))
    one.feed("a", bytes((0xB0, 1, 127)))
    one.feed("a", bytes((ON, 60, 90)))
    names = ["midi cc 1", "midi keys"]
    assert moved(one.declare(names, {"midi cc 1": 0.5, "midi keys": ((60, 90),)})) == [1.0]
    fresh = MidiState()
    assert moved(fresh.declare(names, {"midi cc 1": 0.5, "midi keys": ((60, 90),)})) == [()]
    assert fresh.positions["midi cc 1"] == 0.5


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.sampled_from("ab")), max_size=40))
def test_after_all_keys_are_up_nothing_is_held(strokes: list[tuple[bool, int, str]]) -> None:
    """However keys of two keyboards go down and up."""
    one = state(Source("keys"), Source("gate"))
    for down, key, port in strokes:
        one.feed(port, bytes((ON if down else OFF, key, 64)))
    for port in "ab":
        for key in range(4):
            one.feed(port, bytes((OFF, key, 0)))
    assert one.positions.get("midi keys", ()) == ()
    assert one.positions.get("midi gate", 0.0) == 0.0


@pytest.mark.parametrize(
    "source",
    [Source("cc", 0), Source("hit"), Source("keys", None, 16), Source("gate", 127, 1, "a of b channel 3")],
)
def test_names_are_read_back(source: Source) -> None:
    """A name says all of it."""
    assert Source.parse(source.name) == source
