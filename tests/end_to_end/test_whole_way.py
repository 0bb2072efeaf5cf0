"""From a saved file to notes at a JACK port, at their exact frames, whatever is saved or killed meanwhile."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import jack
import pytest
from pythonosc.osc_bundle import OscBundle

from bridge.clock import ManualClock
from bridge.midi import encode
from bridge.scheduler import Scheduler
from bridge.sink import Recorder
from bridge.targets import MidiTarget
from bridge.tempo import Tempo
from repl.loader import load_piece
from repl.session import place_name
from repl.sinks import default_target

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.end_to_end.conftest import Heard, Listener, Start

pytestmark = [pytest.mark.jack, pytest.mark.timeout(60)]

RATE = 48_000
CPS = 0.5

PIECE = """
tempo(bpm=120)
line = play(note("c2 [e2 g2] <c3 b2>*3 ~").legato(.7), on=midi())
bells = play(note("<c5 e5 g5>(3,8)").velocity("<.4 .9>"), on=midi(channel=2))
"""
CHANGED = PIECE.replace('"c2 [e2 g2]', '"d2 [f2 a2]')
BROKEN = PIECE.replace("bells = play(note(", "bells = play(noote(")

Place = tuple[int, int, int]
Row = tuple[int, int, int, int]


def expected(source: str, cycles: int) -> list[Row]:
    """The notes that the patterns ask for: frame from cycle 0, channel, pitch, frames of length."""
    loaded = load_piece(source, "piece.py")
    recorder = Recorder()
    clock = ManualClock()
    cps = loaded.tempo.cps if loaded.tempo is not None else CPS
    seed = loaded.seed or 0
    scheduler = Scheduler(clock, {"midi": recorder}, Tempo.steady(cps), default_target, seed=seed)
    for name, layer in loaded.layers.items():
        scheduler.set_layer(place_name("piece.py", name), layer, Fraction(0))
    while clock.now() < cycles / cps:
        scheduler.step()
        clock.advance(0.1)
    rows: list[Row] = []
    for target, event in recorder.held.values():
        assert isinstance(target, MidiTarget)
        for message in encode(target, event):
            channel, key = message.on[0] & 15, message.on[1]
            length = round((message.until - message.at) * RATE)
            rows.append((round(message.at * RATE), channel, key, length))
    return sorted(rows)


def origin(begins: Iterable[Place], wanted: Iterable[Place]) -> int:
    """The frame of cycle 0: that by which most of the keys are where they are wanted."""
    places: dict[tuple[int, int], list[int]] = {}
    for at, *key in wanted:
        places.setdefault((key[0], key[1]), []).append(at)
    votes = Counter(at - one for at, *key in begins for one in places.get((key[0], key[1]), ()))
    return votes.most_common(1)[0][0]


def check_equal(heard: Heard, wanted: list[Row], first: float, last: float) -> None:
    """Every note begun from cycle `first` to before `last` is there, alone, at its frame (within one).

    But for those near a period that the server left out; they must be few.
    """
    notes = heard.notes()
    begin = origin([(n.begin, n.channel, n.key) for n in notes], [row[:3] for row in wanted])
    low, high = round(first / CPS * RATE) - 1, round(last / CPS * RATE) - 1

    def counts(row: Row) -> bool:
        ends = row[0] + begin, row[0] + row[3] + begin
        return low <= row[0] < high and not any(heard.disturbed(end) for end in ends)

    rows = [(n.begin - begin, n.channel, n.key, n.end - n.begin) for n in notes]
    got = sorted(row for row in rows if counts(row))
    want = [row for row in wanted if counts(row)]
    assert len(want) > sum(low <= row[0] < high for row in wanted) / 2, "the server left out half of it"
    assert [row[1:3] for row in got] == [row[1:3] for row in want]
    errors = [max(abs(a[0] - b[0]), abs(a[3] - b[3])) for a, b in zip(got, want, strict=True)]
    assert max(errors) <= 1, f"frames of error: {sorted(errors)[-5:]}"


def test_every_note_arrives_at_its_frame(listener: Listener, start: Start) -> None:
    """Played undisturbed: notes, lengths and distances equal the patterns'; nothing hangs at the end."""
    start(PIECE, 6.2).finish()
    heard = listener.heard()
    check_equal(heard, expected(PIECE, 4), 0, 3)
    assert heard.ports()[0] == "+Sempre:out"


def test_an_example_arrives_at_its_frames(listener: Listener, start: Start) -> None:
    """`examples/crooked_mile.py`, 7.5 seconds of it: the layer that goes to MIDI, beside those that sound."""
    source = (Path(__file__).parents[2] / "examples" / "crooked_mile.py").read_text()
    start(source, 8.2).finish()
    check_equal(listener.heard(), expected(source, 8), 0, 3.75)


def test_a_saved_change_swaps_at_the_cycle(listener: Listener, start: Start) -> None:
    """The changed layer changes at a cycle boundary, the other goes on to the frame, nothing hangs."""
    session = start(PIECE, 10.2)
    session.processes()
    session.wait_for("from cycle 0")
    time.sleep(2)
    session.save(CHANGED)
    said = session.finish()
    boundary = int(said.split("from cycle ")[2].split()[0])
    assert 1 <= boundary <= 3
    heard = listener.heard()
    check_equal(heard, expected(PIECE, 6), 0, boundary)
    check_equal(heard, expected(CHANGED, 6), boundary, 5)


def test_a_broken_save_changes_nothing(listener: Listener, start: Start) -> None:
    """The error names the place; every note is as if nothing had been saved."""
    session = start(PIECE, 8.2)
    session.processes()
    session.wait_for("from cycle 0")
    time.sleep(1)
    session.save(BROKEN)
    said = session.finish()
    assert "piece.py:4:" in said
    assert "noote" in said
    check_equal(listener.heard(), expected(PIECE, 5), 0, 4)


@pytest.mark.parametrize("after", [1.3, 2.0])
def test_a_killed_engine_is_not_heard(listener: Listener, start: Start, after: float) -> None:
    """`kill -9` of the engine in mid-piece: the same notes as undisturbed, and the port never vanishes."""
    session = start(PIECE, 10.2)
    session.processes()
    session.wait_for("from cycle 0")
    time.sleep(after)
    session.kill("engine")
    said = session.finish()
    assert "engine was replaced" in said
    heard = listener.heard()
    check_equal(heard, expected(PIECE, 6), 0, 5)
    assert heard.ports()[:1] == ["+Sempre:out"]
    assert len(heard.ports()) <= 2


def test_an_engine_killed_after_a_change_goes_on_with_the_change(listener: Listener, start: Start) -> None:
    """The understudy knows what was accepted."""
    session = start(PIECE, 10.2)
    session.processes()
    session.wait_for("from cycle 0")
    time.sleep(0.6)
    session.save(CHANGED)
    session.wait_for("from cycle 1")
    session.kill("engine")
    session.finish()
    heard = listener.heard()
    check_equal(heard, expected(PIECE, 6), 0, 1)
    check_equal(heard, expected(CHANGED, 6), 1, 5)


def test_a_hanging_engine_is_replaced_unheard(listener: Listener, start: Start) -> None:
    """An engine that gives no sign of life for a second is replaced before its events run out."""
    session = start(PIECE, 10.2)
    session.wait_for("from cycle 0")
    time.sleep(1)
    os.kill(session.processes()["engine"], signal.SIGSTOP)
    assert "engine was replaced" in session.finish()
    check_equal(listener.heard(), expected(PIECE, 6), 0, 5)


def test_panic_works_while_the_engine_hangs(listener: Listener, start: Start) -> None:
    """Sound off within 50 ms, and whoever takes over stays silent."""
    session = start(PIECE.replace("legato(.7)", "legato(20)"), 10.2)
    processes = session.processes()
    session.wait_for("from cycle 0")
    time.sleep(1)
    os.kill(processes["engine"], signal.SIGSTOP)
    asked, answered = session.panic()
    session.wait_for("engine was replaced")
    time.sleep(2)
    assert answered - asked < 0.05
    heard = listener.heard()
    notes = heard.notes()
    end = max(note.end for note in notes)
    # All notes off came with the same period; nothing began after it.
    assert [text for frame, text in heard.rows if text.startswith("b07b") and abs(frame - end) < 512]
    assert all(note.begin <= end for note in notes)
    assert session.processes()["engine"] != processes["engine"]


def test_without_a_supervisor_everything_ends(listener: Listener, start: Start) -> None:
    """`kill -9` of the supervisor leaves no note sounding and no process behind."""
    session = start(PIECE, 30)
    processes = session.processes()
    session.wait_for("from cycle 0")
    time.sleep(1.2)
    session.kill("supervisor")
    deadline = time.monotonic() + 3
    while any(_lives(pid) for pid in processes.values()):
        assert time.monotonic() < deadline, "a process stayed behind"
        time.sleep(0.02)
    time.sleep(0.1)
    # `notes` itself fails on a note without an end.
    assert listener.heard().notes()


def _lives(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123 - not a file that a Path adds anything to
            return stat.read().split()[2] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.timeout(120)
def test_a_latency_of_the_settings_moves_a_whole_way_out(
    listener: Listener, start: Start, tmp_path: Path
) -> None:
    """MIDI 0.1 s earlier, OSC not: the distance between the two is what `sempre.toml` says.

    A dummy server loses periods while a session starts up, and for seconds its frame counter then swings
    against the wall clock, by up to 8 %. So both clocks are looked at all the while, and the notes of the
    first three seconds are judged in which they kept together to three milliseconds.
    """
    (tmp_path / "sempre.toml").write_text("[latency]\nmidi = 0.1\n")
    tags: list[float] = []
    looks: list[tuple[int, float]] = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(0.005)
        piece = 'tempo(bpm=120)\nboth = note("c3*8")\na = play(both, on=midi())\n'
        piece += f"b = play(both, on=osc({receiver.getsockname()[1]}))\n"
        server = jack.Client("glance", no_start_server=True)
        session = start(piece, 90)
        calm = since = 0.0
        while time.time() < since + 3.0 or not tags:
            assert session.process.poll() is None, "the server's clock swung all the while"
            with contextlib.suppress(TimeoutError):
                tags.append(OscBundle(receiver.recv(4096)).timestamp)
            frame, wall = server.frame_time, time.time()
            if not tags or abs(wall - frame / RATE - calm) > 0.003:
                calm, since, looks = wall - frame / RATE, wall, []
            looks.append((frame, wall))
        server.close()
    session.process.terminate()
    session.finish()
    leads: list[float] = []
    for note, tag in zip(listener.heard().notes(), tags, strict=False):
        frame, wall = min(looks, key=lambda look: abs(look[0] - note.begin))
        # An onset's tag was written 0.2 s before it; what the page of the clock knew then lags a little.
        if since + 0.7 < wall < since + 3.0:
            leads.append(tag - (wall + (note.begin - frame) / RATE))
    assert len(leads) >= 8
    assert leads == pytest.approx([0.1] * len(leads), abs=0.005)
