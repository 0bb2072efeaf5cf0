"""The log of what was sent: whole, bounded, harmless to the thread that sends."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from bridge.clock import monotonic
from bridge.event import Agenda, SinkEvent, by_id
from bridge.midi_bytes import messages
from bridge.outlet import Outlet
from bridge.sent import DROPPED, LAYER, ON, RATE, ROUTE, SentLog, of_layer, read_log

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.bridge.conftest import Receiver, StartOutput

RATE_OF_SERVER = 48_000


def note(ident: int, at: float, until: float, key: int = 60, *, layer: int = 0, route: int = 1) -> SinkEvent:
    """A note."""
    return SinkEvent(ident, at, until, route, bytes((0x90, key, 100)), bytes((0x80, key, 0)), layer)


def test_what_was_noted_is_read(tmp_path: Path) -> None:
    """With its names, by time, also while the last row is only half written."""
    path = tmp_path / "sent.log"
    log = SentLog(path)
    log.name(LAYER, 7, "evening.py:drums")
    log.name(ROUTE, 3, "Volca")
    log.name(RATE, 0, "48000")
    log.row(ON, 7, 3, 1.5, 1.625, 78000, b"\x90\x3c\x64")
    log.row(DROPPED, 9, 4, 1.0, 1.5, -1, b"\x90\x3d\x64")
    log.drain()
    with path.open("ab") as file:
        file.write(b"\xff\xff\x01")
    account = read_log(path)
    assert account.rate == 48_000
    assert [(r.kind, r.layer, r.to, r.late, r.frame) for r in account.rows] == [
        ("dropped", "", "", 0.5, -1),
        ("on", "evening.py:drums", "Volca", 0.125, 78000),
    ]
    assert of_layer(account.rows, "drums") == of_layer(account.rows, "evening.py:drums") == account.rows[1:]
    assert of_layer(account.rows, "drum") == []
    log.close()


def test_it_is_bounded_and_keeps_the_newest(tmp_path: Path) -> None:
    """Two files of a size at most; names are told again in each."""
    path = tmp_path / "sent.log"
    log = SentLog(path, size=4096)
    log.name(LAYER, 7, "drums")
    for number in range(5_000):
        log.row(ON, 7, 0, number, number, number, b"\x90\x3c\x64")
        if number % 50 == 0:
            log.drain()
    log.close()
    assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 2 * 4096
    frames = [row.frame for row in read_log(path).rows]
    assert frames == [*range(frames[0], 5_000)]
    assert len(frames) > 50
    assert {row.layer for row in read_log(path).rows} == {"drums"}


def test_a_writer_that_stands_still_costs_no_memory(tmp_path: Path) -> None:
    """What does not fit is counted, and what comes after it is written."""
    log = SentLog(tmp_path / "sent.log")
    for number in range(30_000):
        log.row(ON, 0, 0, number, number, number, b"\x90\x3c\x64")
    assert log.lost == 10_000
    log.drain()
    log.row(ON, 0, 0, 1, 1, 99_999, b"")
    log.close()
    assert max(row.frame for row in read_log(tmp_path / "sent.log").rows) == 99_999


def test_without_a_place_to_write_all_else_goes_on(tmp_path: Path) -> None:
    """A log that cannot be made is no log."""
    log = SentLog(tmp_path / "nowhere" / "sent.log")
    log.row(ON, 0, 0, 1, 1, 1, b"")
    log.close()
    assert read_log(tmp_path / "nowhere" / "sent.log").rows == []


def test_a_row_costs_the_sending_thread_nothing_to_speak_of(tmp_path: Path) -> None:
    """A few microseconds even on a busy machine; best of several, since others compute here too."""
    log = SentLog(tmp_path / "sent.log")
    best = 1.0
    for _ in range(10):
        begun = monotonic()
        for number in range(1000):
            log.row(ON, 1, 2, 1.0, 1.0, number, b"\x90\x3c\x64")
        best = min(best, monotonic() - begun)
        log.drain()
    log.close()
    assert best / 1000 < 5e-6


def test_lateness_is_counted_by_layer_and_ends_are_never_dropped() -> None:
    """A note on beyond the limit is dropped and told; an end goes out however late it is."""
    told: list[tuple[int, float]] = []
    agenda = Agenda(drop_after=0.25, missed=lambda event, late: told.append((event.layer, late)))
    agenda.add(note(1, 1.0, 2.0, layer=5))
    agenda.add(note(2, 1.9, 2.0, layer=5))
    agenda.add(note(3, 1.0, 2.0, layer=6))
    agenda.add(note(4, 0.5, 0.6, layer=6))
    assert [due.event.id for due in agenda.due(1.1, 1.1)] == [1, 3]
    assert [due.event.id for due in agenda.due(60.0, 60.0)] == [1, 3]
    assert agenda.late_of == {5: 2, 6: 2}
    assert agenda.dropped_of == {6: 1, 5: 1}
    assert told == [(6, pytest.approx(0.6)), (5, pytest.approx(58.1))]


def test_the_clock_is_left_out(tmp_path: Path) -> None:
    """Its ticks would fill the log in an hour; what sets up an instrument is kept, and sysex too."""
    outlet = Outlet("test", by_id, print)
    log = SentLog(tmp_path / "sent.log")
    outlet.keep_log(log)
    for data in (b"\xf8", b"\xfa", b"\xf0\x43\xf7", b"\xc0\x05"):
        outlet.note(None, data, 1.0, 0)
    log.close()
    assert [row.data for row in read_log(tmp_path / "sent.log").rows] == [b"\xf0\x43\xf7", b"\xc0\x05"]


@pytest.mark.jack
@pytest.mark.timeout(60)
def test_it_equals_what_a_receiver_recorded(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """Message by message and frame by frame, with ends, controllers, retriggers and a panic."""
    del jack_server
    desk = start_output(backend="jack")
    receiver = listen("recorder", "Sempre:out")
    named = listen("Gadget")
    engine = desk.engine(1)
    engine.held()
    engine.connection.send_json(b"L", {"5": "evening.py:drums", "6": "evening.py:bass"})
    engine.routes(midi=[{"port": None}, {"port": "Gadget"}, {"port": "absent"}])
    desk.wait_line("notice", "Gadget:in")
    start = desk.now() + 0.3
    events = [
        note(4 * i, start + i * 0.0131, start + i * 0.0131 + 0.02, 40 + i % 5, layer=5) for i in range(150)
    ]
    events += [
        note(4 * i + 1, start + i * 0.05, start + i * 0.05 + 0.03, 70, layer=6, route=2) for i in range(30)
    ]
    events.append(SinkEvent(9001, start, start, 1, bytes.fromhex("c005b04a40903264"), b"", 5))
    events.append(note(9002, start + 0.1, start + 0.2, 33, layer=6, route=3))
    events.append(note(9003, start + 1.0, start + 90.0, 34, layer=6))
    events.append(note(9004, start - 5.0, start - 4.0, 35, layer=6))
    for begin in range(0, len(events), 32):
        engine.send(*events[begin : begin + 32])
    receiver.wait_midi(lambda r: len(r) >= 2 * 150 + 3 + 1)
    named.wait_midi(lambda r: len(r) >= 60)
    status = engine.status()
    assert status["late_of"] == {"6": 1}
    assert status["dropped_of"] == {"6": 1}
    desk.child.say({"op": "panic"})
    receiver.wait_midi(lambda r: len(r) >= 2 * 150 + 3 + 2 + 64)
    desk.leave()

    account = read_log(desk.log.with_name("sent.log"))
    assert account.rate == RATE_OF_SERVER
    for to, ear in (("our port", receiver), ("Gadget", named)):
        logged = [
            (row.frame & 0xFFFFFFFF, message.hex())
            for row in account.rows
            if row.to == to and row.kind in ("on", "off", "loose")
            for message in messages(row.data)
        ]
        heard = ear.midi()
        # A listener that starts anew in the same period hears it one period later: one constant for all.
        shifts = {h[0] - f[0] for h, f in zip(heard, logged, strict=False)}
        assert [text for _, text in heard] == [text for _, text in logged[: len(heard)]]
        assert len(shifts) == 1, shifts
        assert shifts <= {0, 256, 512}
        assert len(logged) - len(heard) in (0, 64)  # what it says on leaving may be heard by nobody
    assert {r.layer for r in account.rows if r.to == "our port"} == {
        "evening.py:drums",
        "evening.py:bass",
        "",
    }
    assert [r.kind for r in account.rows if r.to == "absent"][:2] == ["no port", "no port"]
    dropped = [r for r in account.rows if r.kind == "dropped"]
    assert [(r.layer, r.data.hex()) for r in dropped] == [("evening.py:bass", "902364")]
    notes = [r for r in account.rows if r.layer == "evening.py:drums"]
    assert max(abs(r.late) for r in notes) <= 0.5001 / RATE_OF_SERVER
    assert all(b.at >= a.at for a, b in pairwise(notes))
