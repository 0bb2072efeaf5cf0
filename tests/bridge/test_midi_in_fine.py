"""Controllers of 14 bits and NRPNs that come in, and what is made of devices that send only half of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.midi_bytes import messages
from bridge.midi_controllers import say_one
from bridge.midi_in_state import MidiState, Move
from patterns.inputs import Source


def state(*sources: Source) -> MidiState:
    """Follow these."""
    made = MidiState()
    assert made.declare([source.name for source in sources], {}) == []
    return made


def feed(one: MidiState, *rows: tuple[int, int], channel: int = 0, port: str = "a") -> list[object]:
    """Let controllers come in; gives the positions that follow."""
    moves: list[Move] = []
    for number, value in rows:
        moves += one.feed(port, bytes((0xB0 | channel, number, value)))
    return [move.position for move in moves]


@given(st.integers(0, 31), st.lists(st.integers(0, 16383), min_size=1, max_size=20))
def test_a_pair_is_one_value(number: int, values: list[int]) -> None:
    """Once both halves have been heard each pair moves it once, to where it was sent."""
    one = state(Source("cc14", number))
    feed(one, (number, 0), (number + 32, 0))
    at = 0
    for value in values:
        found = feed(one, (number, value >> 7), (number + 32, value & 127))
        assert found == ([] if value == at else [value / 16383])
        at = value


def test_what_we_send_comes_back() -> None:
    """Our own way out is understood by our own way in."""
    one = state(Source("cc14", 1), Source("nrpn", 260))
    for name, value in (("cc14_1", 0.5), ("cc14_1", 0.123), ("nrpn260", 0.25), ("nrpn260", 0.456)):
        for message in messages(say_one(name, value)):
            one.feed("a", message)
    assert one.positions == {
        "midi cc14 1": pytest.approx(0.123, abs=1 / 16383),
        "midi nrpn 260": pytest.approx(0.456, abs=1 / 16383),
    }


def test_a_device_of_seven_bits_moves_it_too() -> None:
    """From 0 to 1; one that ceases to send fine messages is not waited for more than once."""
    one = state(Source("cc14", 7))
    assert feed(one, (7, 127), (7, 0)) == [1.0, 0.0]
    assert feed(one, (39, 64)) == [64 / 16383]
    assert feed(one, (7, 127)) == []
    assert feed(one, (7, 127), (7, 0)) == [1.0, 0.0]


def test_a_fine_message_alone_moves_it_a_little() -> None:
    """Devices leave the coarse one out where it is what it was."""
    one = state(Source("cc14", 1))
    assert feed(one, (1, 64), (33, 0), (33, 1), (33, 2))[-2:] == [8193 / 16383, 8194 / 16383]


def test_the_coarse_controller_is_itself_too() -> None:
    """`cc_in(1)` and `cc_in(33)` go on hearing what they heard."""
    one = state(Source("cc", 1), Source("cc", 33), Source("cc14", 1))
    feed(one, (1, 127), (33, 127))
    assert one.positions == {"midi cc 1": 1.0, "midi cc 33": 1.0, "midi cc14 1": 1.0}


def test_a_parameter_is_chosen_by_channel_and_port() -> None:
    """Data belongs to what was selected there; what is registered, or none, is none of these."""
    one = state(Source("nrpn", 260), Source("nrpn", 260, channel=2), Source("nrpn", 5))
    assert feed(one, (6, 127)) == []
    feed(one, (99, 2), (98, 4))
    assert feed(one, (6, 127)) == [1.0]
    assert feed(one, (6, 0), channel=1) == feed(one, (6, 0), port="b") == []
    feed(one, (99, 2), (98, 4), channel=1)
    assert feed(one, (6, 64), channel=1) == [64 / 127, 64 / 127]
    feed(one, (98, 5), (99, 0))
    assert feed(one, (6, 0)) == [0.0]
    feed(one, (101, 0), (100, 0))
    assert feed(one, (6, 12)) == []
    feed(one, (99, 127), (98, 127))
    assert feed(one, (6, 12)) == []
    assert set(one.positions) == {"midi nrpn 260", "midi nrpn 260 channel 2", "midi nrpn 5"}


def test_what_was_moved_before_is_known_and_a_port_that_goes_is_forgotten() -> None:
    """As for other controllers; half a pair is not waited for across a plug that was pulled."""
    one = state()
    feed(one, (2, 64), (34, 0), (2, 1))
    assert one.declare(["midi cc14 2"], {}) == [Move("midi cc14 2", 8192 / 16383, exact=False)]
    one.lose("a")
    assert feed(one, (2, 127)) == [1.0]
