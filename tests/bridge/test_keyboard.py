"""Keys that play instruments: what is sent for them, when it sounds, and that all of it ends."""

import json
from collections import Counter
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bridge.event import BY_HAND, Agenda, SinkEvent
from bridge.keyboard import Row
from bridge.keyboard_hands import Hands
from bridge.keyboard_notes import FOR_EVER, MOST, SHORTEST, Lag, Played

PIANO = Row("mixer", 7, {}, None, None, 0, 127, 0, 0, drums=False)
SYNTH = replace(PIANO, sender="output", out=4)


class Sent:
    """Hands, and what they have sent."""

    def __init__(self, *rows: Row) -> None:
        self.events: list[SinkEvent] = []
        self.hands = Hands(lambda _, events: self.events.extend(events))
        self.hands.set_rows(rows, 0.0)

    def play(self, at: float, text: str, port: str = "a") -> list[SinkEvent]:
        """What a message makes them send."""
        self.events.clear()
        self.hands.feed(port, at, bytes.fromhex(text))
        return list(self.events)


def test_a_key_begins_and_ends_a_note() -> None:
    """One event, sent once with no end in sight and once with its end."""
    one = Sent(PIANO)
    (struck,) = one.play(1.0, "903c40")
    assert struck.until - struck.at == FOR_EVER
    assert json.loads(struck.on) == {"note": 60, "velocity": 64 / 127}
    (ended,) = one.play(1.5, "803c00")
    assert ended == struck._replace(until=1.5)
    assert one.play(1.6, "803c00") == []


def test_a_midi_instrument_gets_its_channel() -> None:
    """Notes, wheels and pedals go to the channel that is asked for."""
    one = Sent(SYNTH)
    (struck,) = one.play(1.0, "923c40")
    assert (struck.on, struck.off) == (bytes.fromhex("943c40"), bytes.fromhex("843c40"))
    (bend,) = one.play(1.1, "e20140")
    assert (bend.on, bend.until) == (bytes.fromhex("e40140"), 1.1)
    assert [event.on.hex() for event in one.play(1.2, "b2407f")] == ["b4407f"]
    assert one.play(1.3, "823c00")[0].until == 1.3, "it has a pedal of its own"


def test_splits_and_transposition() -> None:
    """Keys outside are not heard; what would lie beyond the keys is not played."""
    low, high = replace(PIANO, high=59), replace(PIANO, low=60, transpose=12, route=8)
    one = Sent(low, high)
    assert [event.route for event in one.play(0, "903b40")] == [7]
    assert [json.loads(event.on)["note"] for event in one.play(0, "903c40")] == [72]
    assert one.play(0, "907c40") == []
    other = Sent(replace(PIANO, channel=2, port="KEY"))
    assert other.play(0, "903c40", "keystep") == []
    assert other.play(0, "913c40", "other") == []
    assert len(other.play(0, "913c40", "keystep")) == 1


def test_drums_are_struck_by_name() -> None:
    """Keys have the drums of General MIDI."""
    one = Sent(replace(PIANO, drums=True))
    assert json.loads(one.play(0, "902440")[0].on)["s"] == "bd"
    assert one.play(0, "900040") == []


def test_the_pedal_holds() -> None:
    """Until it is let go, or the key is struck again, or the port goes."""
    one = Sent(PIANO)
    (first,) = one.play(0, "903c40")
    one.play(1, "b0407f")
    assert one.play(2, "803c00") == []
    again = one.play(3, "903c40")
    assert again[0] == first._replace(until=3)
    one.play(4, "803c00")
    assert [event.until for event in one.play(5, "b04000")] == [5]
    one.play(6, "903c40")
    one.events.clear()
    one.hands.lose("a", 7)
    assert [event.until for event in one.events] == [7]


def test_a_keyboard_that_goes_lets_its_keys_go() -> None:
    """The line of the piece is gone, or says something else."""
    one = Sent(PIANO)
    one.play(0, "903c40")
    one.events.clear()
    one.hands.set_rows([PIANO], 1)
    assert one.events == []
    one.hands.set_rows([SYNTH], 2)
    assert [event.until for event in one.events] == [2]


def test_the_lag_is_constant_and_follows_need() -> None:
    """Notes that need more make it longer for a while, not without end; a hiccup does not."""
    lag = Lag(0.02)
    assert lag.of(0.0) == 0.02
    assert [lag.of(need) for need in (9.0, 0.0, 0.03, 0.0)] == [0.02] * 4
    assert lag.of(0.025) == 0.025
    assert lag.of(0.0) == 0.025
    assert [lag.of(9.0) for _ in range(3)] == [0.03, MOST, MOST]
    assert [lag.of(0.0) for _ in range(64)][-1] == 0.02


def test_notes_sound_in_their_rhythm_and_never_late() -> None:
    """Each so long after its key; one that comes too late sounds at once."""
    agenda = Agenda()
    played = Played(agenda, Lag(0.02))
    agenda.due(1.0, 0.99)
    for ident, at in enumerate((1.0, 1.0137, 1.05)):
        played.take(SinkEvent(ident, at, at + FOR_EVER, 7, b"{}", b""))
    assert [round(due.at, 6) for due in agenda.due(1.1, 1.0)] == [1.02, 1.0337, 1.07]
    played.take(SinkEvent(9, 1.0, 1.0 + FOR_EVER, 7, b"{}", b""))
    assert [due.at for due in agenda.due(1.2, 1.1)] == [1.1]
    assert agenda.late == 0


def test_after_a_standstill_a_key_is_heard_all_the_same() -> None:
    """What a pattern plays is dropped then; whoever strikes a key wants to hear it."""
    agenda = Agenda(drop_after=0.0)
    agenda.due(1.0, 0.99)
    Played(agenda, Lag(0.0)).take(SinkEvent(1, 1.0, 1.0 + FOR_EVER, 7, b"{}", b"", BY_HAND))
    agenda.add(SinkEvent(2, 1.0, 2.0, 7, b"{}", b""))
    assert [due.event.id for due in agenda.due(5.01, 5.0) if due.on] == [1]
    assert (agenda.late, agenda.dropped) == (1, 1)


def test_a_tap_is_heard_and_ends() -> None:
    """Also one whose end comes with it."""
    agenda = Agenda()
    played = Played(agenda, Lag(0.02))
    event = SinkEvent(1, 1.0, 1.0 + FOR_EVER, 7, b"{}", b"")
    played.take(event)
    played.take(event._replace(until=1.0))
    dues = agenda.due(2.0, 0.0)
    assert [(due.on, round(due.at, 6)) for due in dues] == [(True, 1.02), (False, round(1.02 + SHORTEST, 6))]


@given(
    st.lists(st.tuples(st.integers(0, 2), st.booleans(), st.sampled_from("ab"), st.booleans()), max_size=60)
)
def test_each_note_that_begins_ends_once(strokes: list[tuple[int, bool, str, bool]]) -> None:
    """Whatever is played on two keyboards with pedals, in a process that then dies."""
    agenda = Agenda()
    played = Played(agenda, Lag(0.02))
    hands = Hands(lambda _, events: [played.take(event) for event in events])
    hands.set_rows([PIANO], 0)
    dues: list[tuple[int, bool]] = []
    now = 0.0
    for key, down, port, pedal in strokes:
        now += 0.01
        message = bytes((0xB0, 64, 127 if down else 0)) if pedal else bytes((0x90, key, 100 if down else 0))
        hands.feed(port, now, message)
        dues += [(due.event.id, due.on) for due in agenda.due(now, now - 0.01)]
    played.end()
    dues += [(due.event.id, due.on) for due in agenda.due(now + 1, now)]
    assert agenda.sounding == 0
    begun = Counter(ident for ident, on in dues if on)
    ended = Counter(ident for ident, on in dues if not on)
    assert begun == ended
    assert set(begun.values()) <= {1}
