"""From a saved file to all that MIDI is told, at its frames: MPE, bends, ramps; with the engine killed."""

from __future__ import annotations

import time
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from bridge.clock import ManualClock
from bridge.event import Agenda
from bridge.layer import route_of
from bridge.midi import encode
from bridge.midi_bytes import messages
from bridge.midi_routes import MidiRoutes
from bridge.mpe import Zone
from bridge.scheduler import Scheduler
from bridge.sink import Recorder
from bridge.targets import MidiTarget
from bridge.tempo import Tempo
from repl.loader import load_piece
from repl.session import place_name
from repl.sinks import default_target
from tests.end_to_end.test_whole_way import origin

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Listener, Start

pytestmark = [pytest.mark.jack, pytest.mark.timeout(60)]

RATE = 48_000
CPS = 0.5
SETUP = {message.hex() for message in messages(Zone(voices=3).set_up())}

PIECE = """
tempo(bpm=120)
bells = play(note("60.5 64 67.25 [71,74]*2").legato(2.5).touch(.4) | cc(1, saw), on=mpe(voices=3))
plain = play(note("c3*4").prog("<3 4>").release_velocity(1), on=midi(channel=16))
sweep = play(cc14(2, sine.slow(3)), on=midi(channel=15))
"""

Row = tuple[int, str]


def expected(cycles: int) -> list[Row]:
    """Every message of the first cycles with its frame from cycle 0, as an undisturbed run sends it."""
    loaded = load_piece(PIECE, "piece.py")
    recorder, clock = Recorder(), ManualClock()
    scheduler = Scheduler(clock, {"midi": recorder}, Tempo.steady(CPS), default_target)
    for name, layer in loaded.layers.items():
        scheduler.set_layer(place_name("piece.py", name), layer, Fraction(0))
    routes = MidiRoutes()
    agenda = Agenda(routes.key, seat=routes.seat, left=routes.left)
    while clock.now() < cycles / CPS:
        scheduler.step()
        clock.advance(0.1)
    for target, event in recorder.held.values():
        assert isinstance(target, MidiTarget)
        routes.learn({route_of(target.key): target.to_json()})
        for one in encode(target, event):
            agenda.add(one)
    return [
        (round(due.at * RATE), message.hex())
        for due in agenda.due(cycles / CPS)
        for message in messages(due.event.on if due.on else due.event.off)
    ]


def by_channel(rows: list[Row], first: int, last: int) -> dict[str, list[Row]]:
    """The messages of each channel between two cycles: what is sent to two channels at once has no order."""
    low, high = round(first / CPS * RATE) - 1, round(last / CPS * RATE) - 1
    out: dict[str, list[Row]] = {}
    for frame, text in rows:
        if low <= frame < high:
            out.setdefault(text[1], []).append((frame, text))
    return out


@pytest.mark.parametrize("after", [None, 1.7])
def test_all_that_is_said_arrives_as_in_an_undisturbed_run(
    listener: Listener, start: Start, after: float | None
) -> None:
    """Channels of MPE, stolen voices, bends before notes, thinned ramps; whoever is killed meanwhile."""
    session = start(PIECE, 8.2)
    if after is not None:
        session.processes()
        session.wait_for("from cycle 0")
        time.sleep(after)
        session.kill("engine")
        assert "engine was replaced" in session.finish()
    else:
        session.finish()
    heard = listener.heard()
    # Whoever listens is told the zone when they plug in: before the first note or after it.
    rows = [(frame, text) for frame, text in heard.rows if text[0] not in "+-s" and text not in SETUP]
    wanted = expected(4)
    struck = [[(at, int(text, 16), 0) for at, text in some if text[0] == "9"] for some in (rows, wanted)]
    begin = origin(*struck)
    calm = [(at, text) for at, text in wanted if not heard.disturbed(at + begin)]
    assert len(calm) > len(wanted) / 2, "the server left out half of it"
    got = by_channel([(at - begin, text) for at, text in rows if not heard.disturbed(at)], 0, 3)
    want = by_channel(calm, 0, 3)
    assert got.keys() == want.keys()
    for channel, rows in want.items():
        assert [text for _, text in got[channel]] == [text for _, text in rows], f"channel {channel}"
        late = [(b, a) for a, b in zip(got[channel], rows, strict=True) if abs(a[0] - b[0]) > 1]
        assert not late, (
            f"channel {channel}: wanted and heard {late[:9]}; {heard.around(begin + late[0][1][0])}"
        )
    assert len(by_channel(wanted, 0, 3)["0"]) > 120 * 3, "the ramp of the zone"
