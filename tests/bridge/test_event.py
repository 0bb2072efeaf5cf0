"""Events on their way, and the agenda that owns every end."""

import math
from collections import defaultdict
from collections.abc import Sequence
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.clock import ManualClock, SharedClock
from bridge.event import (
    KEEP,
    Agenda,
    Due,
    SinkEvent,
    decode_events,
    decode_held,
    decode_ids,
    encode_events,
    encode_held,
    encode_ids,
)
from bridge.outlet import NullOutlet, Outlet

U64 = st.integers(0, 2**64 - 1)
TIME = st.floats(allow_nan=False)
EVENT = st.builds(
    SinkEvent,
    U64,
    TIME,
    TIME,
    st.integers(0, 2**32 - 1),
    st.binary(max_size=40),
    st.binary(max_size=40),
    st.integers(0, 2**32 - 1),
)

Op = tuple[str, float, float, int, int]
"""What to do, two times in quarters of a second, an id and a key."""

QUARTERS = st.integers(0, 40).map(lambda n: n / 4)
OPS = st.lists(
    st.tuples(
        st.sampled_from(["add", "add", "add", "due", "due", "cancel", "silence", "release", "drop"]),
        QUARTERS,
        QUARTERS,
        st.integers(0, 7),
        st.integers(0, 2),
    ),
    max_size=40,
)


def note(ident: int, at: float, length: float, key: int = 0) -> SinkEvent:
    """A note on one of a few keys; the key is its route too."""
    return SinkEvent(ident, at, at + length, key, b"on", bytes([key]))


def key_of(event: SinkEvent) -> object:
    """What a note occupies."""
    return event.off


class Played:
    """An agenda, and all that it handed out, with the laws that must hold at every moment."""

    def __init__(self) -> None:
        self.agenda = Agenda(key_of)
        self.all: list[Due] = []
        self.now = 0.0
        self.held: dict[int, SinkEvent] = {}
        self.known: dict[int, int] = {}

    def take(self, dues: Sequence[Due]) -> None:
        """Note what was handed out."""
        self.all += dues

    def do(self, op: Op) -> None:
        """Do one thing to the agenda, and to the plain model of what it holds."""
        what, one, two, ident, key = op
        if what == "add":
            key = self.known.setdefault(ident, key)
            event = note(ident, one, two, key)
            self.agenda.add(event)
            if ident in self.held or ident not in {d.event.id for d in self.all}:
                self.held[ident] = event
        elif what == "due":
            self.now += one
            dues = self.agenda.due(self.now)
            assert [d.at for d in dues] == sorted(d.at for d in dues)
            assert all(d.at < self.now for d in dues)
            begun = {d.event.id for d in dues if d.on}
            assert begun == {i for i, e in self.held.items() if e.at < self.now}
            self.held = {i: e for i, e in self.held.items() if i not in begun}
            self.take(dues)
        elif what == "cancel":
            self.agenda.cancel([ident])
            self.held.pop(ident, None)
        elif what == "silence":
            self.take(self.agenda.silence())
            self.held.clear()
            assert self.agenda.sounding == 0
        elif what == "release":
            self.agenda.release()
            self.held.clear()
        else:
            self.take(self.agenda.drop_routes([key]))
            self.held = {i: e for i, e in self.held.items() if e.route != key}
        assert dict(self.agenda.held()) == {i: e.at for i, e in self.held.items()}


def check_ledger(dues: Sequence[Due]) -> None:
    """Each `on` is followed by exactly one `off` of its event, and on each key they take turns."""
    by_id: dict[int, list[bool]] = defaultdict(list)
    by_key: dict[object, list[bool]] = defaultdict(list)
    for due in dues:
        by_id[due.event.id].append(due.on)
        by_key[key_of(due.event)].append(due.on)
    assert all(sides == [True, False] for sides in by_id.values())
    assert all(sides == [True, False] * (len(sides) // 2) for sides in by_key.values())


@given(st.lists(EVENT))
def test_events_travel_unchanged(events: list[SinkEvent]) -> None:
    """Packing and unpacking are inverse."""
    assert decode_events(encode_events(events)) == events


@given(st.lists(EVENT, min_size=1, max_size=3), st.data())
def test_events_cut_off_are_named(events: list[SinkEvent], data: st.DataObject) -> None:
    """A message that ends in the middle of an event is an error, never half an event."""
    whole = encode_events(events)
    ends = {len(encode_events(events[:n])) for n in range(len(events) + 1)}
    cut = data.draw(st.integers(0, len(whole)).filter(lambda n: n not in ends))
    with pytest.raises(ValueError, match="cut off"):
        decode_events(whole[:cut])


@given(st.lists(U64), st.lists(st.tuples(U64, TIME)))
def test_ids_and_times_travel_unchanged(ids: list[int], held: list[tuple[int, float]]) -> None:
    """So do bare ids, and ids with their times."""
    assert decode_ids(encode_ids(ids)) == ids
    assert decode_held(encode_held(held)) == held


@given(OPS)
def test_every_on_has_exactly_one_off(ops: list[Op]) -> None:
    """Whatever is added, moved, cancelled, silenced, and however the ticks fall."""
    played = Played()
    for op in ops:
        played.do(op)
    played.do(("due", 1000.0, 0.0, 0, 0))
    check_ledger(played.all)
    assert played.agenda.sounding == 0
    assert played.agenda.held() == []
    assert played.agenda.next_at is None


NOTES = st.lists(st.tuples(QUARTERS, QUARTERS, st.integers(0, 2)), max_size=12)


@given(NOTES, st.lists(st.floats(0, 3), max_size=20), st.data())
def test_ticks_do_not_matter_nor_does_sending_again(
    notes: list[tuple[float, float, int]], ticks: list[float], data: st.DataObject
) -> None:
    """The same comes out in the same order for any ticks, with everything sent again at any moment."""
    events = [note(i, at, length, key) for i, (at, length, key) in enumerate(notes)]
    plain, ticked = Agenda(key_of), Agenda(key_of)
    out: list[Due] = []
    for event in events:
        plain.add(event)
        ticked.add(event)
    now = 0.0
    for tick in ticks:
        now += tick
        out += ticked.due(now)
        for event in data.draw(st.lists(st.sampled_from(events), max_size=3)) if events else ():
            ticked.add(event)
    out += ticked.due(math.inf)
    assert out == plain.due(math.inf)


def test_a_retrigger_ends_the_older_first_and_only_once() -> None:
    """The same key again, while the first still sounds: off, on; and the first's own end says nothing."""
    agenda = Agenda(key_of)
    first, second = note(1, 0.0, 4.0), note(2, 1.0, 1.0)
    agenda.add(first)
    agenda.add(second)
    assert agenda.due(10.0) == [
        Due(0.0, True, first),
        Due(1.0, False, first),
        Due(1.0, True, second),
        Due(2.0, False, second),
    ]


def test_ends_can_be_said_once_more() -> None:
    """Not of a key that sounds again, and no onsets."""
    agenda = Agenda(key_of)
    for event in (note(1, 0.0, 1.0, key=1), note(2, 0.0, 1.0, key=2), note(3, 1.5, 9.0, key=2)):
        agenda.add(event)
    handed = agenda.due(2.0)
    assert [due.event.id for due in agenda.ends_of(handed)] == [1]


def test_after_a_standstill_the_last_ends_are_said_again() -> None:
    """What was written just before it may not have left; nothing is repeated while time runs on."""
    outlet = Outlet("test", key_of, print)
    outlet.add([note(1, 0.0, 0.5, key=1), note(2, 0.0, 0.995, key=2), note(3, 0.0, 9.0, key=3)])
    outlet.drain()
    sent = [(due.on, due.event.id) for turn in range(1, 101) for due in outlet.due(turn / 100, turn / 100)]
    assert sent == [(True, 1), (True, 2), (True, 3), (False, 1), (False, 2)]
    assert [(due.on, due.event.id) for due in outlet.due(3.0, 3.0)] == [(False, 2)]
    assert outlet.due(3.01, 3.01) == []


def test_an_end_comes_before_an_onset_at_the_same_time() -> None:
    """Repeated notes without a gap stay repeated notes."""
    agenda = Agenda(key_of)
    for i in range(3):
        agenda.add(note(i, i, 1.0))
    assert [(d.at, d.on) for d in agenda.due(10.0)] == [
        (0.0, True),
        (1.0, False),
        (1.0, True),
        (2.0, False),
        (2.0, True),
        (3.0, False),
    ]


def test_what_has_no_end_gets_none() -> None:
    """A controller change occupies nothing."""
    agenda = Agenda(key_of)
    agenda.add(SinkEvent(1, 1.0, 1.0, 0, b"cc", b""))
    assert [d.on for d in agenda.due(2.0)] == [True]
    assert agenda.sounding == 0


def test_messages_of_one_time_leave_in_the_order_of_adding() -> None:
    """Program and bend before the note, also when a new tempo moves all of them."""
    agenda = Agenda()
    for at in (1.0, 0.7):
        for i in range(4):
            agenda.add(SinkEvent(i, at, at, 0, bytes([i]), b""))
    assert [d.event.on for d in agenda.due(2.0)] == [b"\0", b"\1", b"\2", b"\3"]


def test_the_end_of_a_sounding_note_moves() -> None:
    """Longer, shorter, and into the past, which means now."""
    agenda = Agenda(key_of)
    agenda.add(note(1, 0.0, 1.0))
    agenda.due(0.5)
    agenda.add(note(1, 0.0, 3.0))
    assert agenda.due(2.0) == []
    agenda.add(note(1, 0.0, 1.0))
    assert [(d.at, d.on) for d in agenda.due(2.5)] == [(1.0, False)]


def test_late_is_counted_and_too_late_is_dropped() -> None:
    """An onset a little late still sounds; long after its time it would only disturb. Ends always leave."""
    agenda = Agenda(key_of, drop_after=0.25)
    agenda.add(note(1, 0.9, 1.0, 1))
    agenda.add(note(2, 0.5, 1.0, 2))
    assert [d.event.id for d in agenda.due(1.0, now=1.0)] == [1]
    assert (agenda.late, agenda.dropped) == (2, 1)
    assert agenda.worst == pytest.approx(0.5)
    assert [(d.event.id, d.on) for d in agenda.due(60.0, now=60.0)] == [(1, False)]
    assert (agenda.late, agenda.dropped) == (2, 1)


def test_it_forgets_what_has_long_ended() -> None:
    """Hours of music, long notes and panics among them, leave nothing behind."""
    agenda = Agenda(key_of)
    sizes: set[int] = set()
    now = 0.0
    for i in range(4000):
        now = i / 4
        length = 1e9 if i % 400 == 0 else 0.5
        agenda.add(note(i, now + 1, length, i % 3))
        agenda.due(now, now)
        if i % 400 == 50:
            agenda.silence()
        if i > 2 * KEEP * 4:
            sizes.add(agenda.remembered)
    assert max(sizes) < 4 * (KEEP + 5) * 4


def test_what_has_ended_is_not_played_again() -> None:
    """Another engine may send the last half minute again in vain."""
    agenda = Agenda(key_of)
    event = note(1, 0.0, 1.0)
    agenda.add(event)
    agenda.due(2.0, 0.0)
    agenda.add(event)
    assert agenda.due(KEEP, KEEP) == []


def test_what_was_posted_waits_while_a_deadline_is_near_and_never_for_ever() -> None:
    """A batch that is sorted in just before an onset would make it late; after each onset one is done."""
    clock, done = ManualClock(), list[float]()
    outlet = NullOutlet("a test", print, cast("SharedClock", clock))
    outlet.add([note(n, n / 5000, 9.0, key=n) for n in range(5, 105)])
    while outlet.turn() <= 0:
        pass
    for _ in range(10):
        outlet.order(lambda: done.append(clock.now()))
    for _ in range(300):
        clock.advance(0.0001)
        outlet.turn()
        outlet.turn()
    assert len(done) == 10
    begins = [n / 5000 for n in range(5, 105)]
    assert all(min(abs(at - one) for one in begins) < 1e-9 for at in done if at > begins[0])
