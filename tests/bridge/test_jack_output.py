"""MIDI on a real JACK server: exact frames, no note left hanging, ports and servers that come and go."""

from __future__ import annotations

import math
import os
import signal
import statistics
import subprocess
import threading
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from bridge.clock import monotonic
from bridge.event import SinkEvent
from bridge.worker import pause, start_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bridge.conftest import Desk, Receiver, StartOutput

pytestmark = [pytest.mark.jack, pytest.mark.timeout(60)]

PATIENCE = 10.0
RATE = 48_000
OUT = "Sempre:out"


def note(
    ident: int, at: float, until: float, *, route: int = 1, key: int = 60, channel: int = 0
) -> SinkEvent:
    """A note."""
    on, off = bytes((0x90 | channel, key, 100)), bytes((0x80 | channel, key, 0))
    return SinkEvent(ident, at, until, route, on, off)


def say(text: str) -> None:
    """A figure for whoever runs the tests with -s."""
    print(text)  # noqa: T201 - it is for reading


def sounding(rows: list[tuple[int, str]], *, again: bool = False) -> set[str]:
    """The channels and keys that were begun and not ended.

    Args:
        rows: What was received.
        again: Whether an end may be said once more, as after a standstill.
    """
    held: set[str] = set()
    for _, text in rows:
        place = text[1:4]
        if text[0] == "9":
            assert place not in held, f"{place} twice"
            held.add(place)
        elif text[0] == "8":
            assert again or place in held, f"{place} ended without sounding"
            held.discard(place)
        elif text[0] == "b" and text[2:4] in {"78", "7b"}:
            held = {p for p in held if p[0] != text[1]}
    return held


def test_events_come_at_their_frames(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """Four hundred notes at odd intervals, each at its own frame relative to the first; all ended."""
    del jack_server
    desk = start_output(backend="jack")
    assert OUT in str(desk.wait_line("ready")["text"])
    receiver = listen("rx1", OUT)
    engine = desk.engine(1)
    engine.held()
    engine.routes(midi=[{"port": None}])
    assert desk.clock.frame_rate == RATE
    start = desk.now() + 0.3
    times = [start + i * 0.0073 for i in range(400)]
    events = [note(4 * i, t, t + 0.005, key=i % 100) for i, t in enumerate(times)]
    for begin in range(0, 400, 32):
        engine.send(*events[begin : begin + 32])
    rows = receiver.wait_midi(lambda r: len(r) >= 800)
    assert sounding(rows) == set()
    offset = desk.clock.frame_offset
    for side, shift in (("9", 0.0), ("8", 0.005)):
        heard = [frame for frame, text in rows if text[0] == side]
        due = [round((t + shift) * RATE) - offset for t in times]
        # The receiver counts in 32 bits; all of them are shifted by the same constant.
        errors = [(h - d) - (heard[0] - due[0]) for h, d in zip(heard, due, strict=True)]
        say(f"frames of error: {sorted(set(errors))}")
        assert max(map(abs, errors)) <= 1
    status = engine.status()
    assert (status["late"], status["dropped"], status["sounding"]) == (0, 0, 0)


READINGS = 8
CALM = 40.0
"""Seconds in which there must be so many readings while the server did not slip; usually they take 0.3 s."""


@pytest.mark.timeout(60)
def test_the_timeline_is_the_servers_frame_counter(jack_server: str, start_output: StartOutput) -> None:
    """What the page says between two looks is the server's time, to a tenth of a millisecond or so.

    A server on a busy machine slips: its own count goes 0.2 ms another way than the machine's clock between
    two of our looks. What follows within half a second is left out and counted; the rest must be right.
    """
    del jack_server
    import jack

    desk = start_output(backend="jack")
    client = jack.Client("looker", no_start_server=True)
    pause(3.5)
    errors: list[float] = []
    slips, slipped = 0, -math.inf
    before: tuple[float, int] | None = None
    given_up = monotonic() + CALM
    while len(errors) < READINGS and monotonic() < given_up:
        frame, now, at = desk.clock.unwrap(client.frame_time), desk.now(), monotonic()
        if before is not None and abs((frame - before[1]) / RATE - (at - before[0])) > 0.0002:
            slips, slipped = slips + 1, at
        before = at, frame
        if at - slipped > 0.5:
            errors.append(now - (frame + desk.clock.frame_offset) / RATE)
        pause(0.02)
    client.close()
    assert len(errors) == READINGS, f"the server slipped {slips} times in {CALM:.0f} s"
    worst, middle = max(map(abs, errors)), statistics.median(errors)
    say(f"clock page: median {middle * 1e6:.0f} us, worst {worst * 1e6:.0f}, slips {slips}")
    assert abs(middle) < 0.0005


def test_two_channels_of_one_named_port_share_it(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """Also a retrigger is seen across routes that lead to the same port."""
    del jack_server
    desk = start_output(backend="jack")
    receiver = listen("Gizmo")
    engine = desk.engine(1)
    engine.held()
    engine.routes(midi=[{"port": "gizm"}, {"port": "gizm"}, {"port": None}])
    desk.wait_line("notice", "Gizmo:in")
    now = desk.now() + 0.2
    engine.send(
        note(4, now, now + 0.5, route=1),
        note(8, now + 0.1, now + 0.3, route=2),
        note(12, now, now + 0.1, route=2, channel=1),
        note(16, now, now + 0.1, route=3),
    )
    rows = receiver.wait_midi(lambda r: len(r) >= 6)
    assert sorted(text[:2] for _, text in rows) == ["80", "80", "81", "90", "90", "91"]
    assert sounding(rows) == set()
    assert len([x for x in desk.lines if x["op"] == "notice"]) == 1


def test_a_port_that_is_not_there_is_waited_for(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """It is named with what there is; it is used when it comes, also when it went in between."""
    del jack_server
    desk = start_output(backend="jack")
    engine = desk.engine(1)
    engine.held()
    engine.routes(midi=[{"port": "Wobbler"}])
    desk.wait_line("notice", "no MIDI port has 'Wobbler'")
    first = listen("Wobbler")
    desk.wait_line("notice", "'Wobbler' is Wobbler:in")
    engine.send(note(4, desk.now() + 0.1, desk.now() + 0.2))
    first.wait_midi(lambda r: len(r) == 2)
    first.leave()
    desk.wait_line("notice", "Wobbler:in is gone")
    second = listen("Wobbler")
    desk.wait_line("notice", "'Wobbler' is Wobbler:in", count=2)
    engine.send(note(8, desk.now() + 0.1, desk.now() + 0.2))
    # First what ends whatever sounded there when it went.
    rows = second.wait_midi(lambda r: len(r) >= 66)
    assert {text[0] for _, text in rows[:64]} == {"b", "e"}
    assert [text for _, text in rows[64:]] == ["903c64", "803c00"]


@pytest.mark.parametrize("way", ["stop", "stdin", "SIGTERM", "panic"])
def test_whatever_ends_it_ends_the_notes(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver], way: str
) -> None:
    """Each note has its own end, and every channel is reset."""
    del jack_server
    desk = start_output(backend="jack")
    receiver = listen("rx2", OUT)
    engine = desk.engine(1)
    engine.held()
    engine.routes(midi=[{"port": None}])
    now = desk.now()
    engine.send(*(note(4 * i, now + 0.1, now + 100, key=60 + i, channel=i) for i in range(8)))
    receiver.wait_midi(lambda r: len(r) == 8)
    begun = monotonic()
    if way in ("stop", "panic"):
        desk.child.say({"op": way})
    elif way == "stdin":
        assert desk.child.process.stdin is not None
        desk.child.process.stdin.close()
    else:
        desk.child.process.send_signal(signal.SIGTERM)
    rows = receiver.wait_midi(lambda r: len(r) >= 8 + 8 + 64)
    taken = monotonic() - begun
    say(f"{way}: silent after {taken * 1000:.0f} ms")
    assert [text[0] for _, text in rows[8:16]] == ["8"] * 8
    assert sounding(rows[:16]) == set()
    assert taken < 1.0
    if way != "panic":
        assert desk.ended.wait(3.0)
        assert desk.code == 0


def test_more_than_a_period_takes_is_sent_in_the_next(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """A flood loses no end, and MIDI goes on after it."""
    del jack_server
    desk = start_output(backend="jack")
    receiver = listen("rx3", OUT)
    engine = desk.engine(1)
    engine.held()
    engine.routes(midi=[{"port": None}])
    start = desk.now() + 0.5
    events = [note(4 * i, start, start + 0.05, key=i % 128, channel=i // 128) for i in range(16 * 128)]
    for begin in range(0, len(events), 32):
        engine.send(*events[begin : begin + 32])
    rows = receiver.wait_midi(lambda r: len([1 for _, t in r if t[0] == "8"]) >= len(events))
    assert sounding(rows) == set()


def test_a_standstill_sends_ends_and_no_burst(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """Two seconds of SIGSTOP, then what is due, at its frame."""
    del jack_server
    desk = start_output(backend="jack")
    receiver = listen("rx4", OUT)
    engine = desk.engine(1)
    engine.held()
    engine.routes(midi=[{"port": None}])
    start = desk.now() + 0.3
    events = [note(4 * i, start + i * 0.1, start + i * 0.1 + 0.05, key=i) for i in range(50)]
    events.append(note(4000, start, start + 1.0, key=100))
    engine.send(*events)
    desk.wait_until(start + 0.55)
    os.kill(desk.child.process.pid, signal.SIGSTOP)
    pause(2.0)
    os.kill(desk.child.process.pid, signal.SIGCONT)
    last = f"80{49:02x}00"
    rows = receiver.wait_midi(lambda r: any(t == last for _, t in r))
    assert sounding(rows, again=True) == set()
    assert any(text == "806400" for _, text in rows)
    begins = [(frame, int(text[2:4], 16)) for frame, text in rows if text[0] == "9" and text[2:4] != "64"]
    # A server that waits for us stands still as well, and then nothing is missed but what lay between.
    assert [key for _, key in begins][:5] == list(range(5))
    assert [key for _, key in begins][-20:] == list(range(30, 50))
    assert all(b[0] - a[0] >= 4799 and b[1] > a[1] for a, b in pairwise(begins))


def jackd(name: str) -> subprocess.Popen[bytes]:
    """Start a server of this name, which waits for its clients, or a late listener would miss something."""
    return subprocess.Popen(
        ["jackd", "-n", name, "-S", "--no-realtime", "-d", "dummy", "-r", str(RATE), "-p", "256"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def answers(name: str) -> None:
    """Wait until the server takes clients."""
    subprocess.run(["jack_wait", "-s", name, "-w", "-t", "8"], timeout=10, check=True, capture_output=True)


def sign_off(name: str, server: subprocess.Popen[bytes]) -> None:
    """End a server politely; one that was killed is started again for it.

    The library knows eight servers of a user at most, and a killed one keeps its place among them.
    """
    if server.poll() is not None:
        server = jackd(name)
        answers(name)
    server.terminate()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def watch(desk: Desk, over: threading.Event, jumps: list[float]) -> None:
    """Compare the timeline with the monotonic clock, step by step."""

    def pair() -> tuple[float, float]:
        while True:
            before, when, after = monotonic(), desk.now(), monotonic()
            if after - before < 0.001:  # else we were put aside between the two
                return before, when

    mono, when = pair()
    while not over.wait(0.01):
        mono2, when2 = pair()
        jumps.append((when2 - when) - (mono2 - mono))
        mono, when = mono2, when2


def test_a_server_that_dies_comes_back(
    start_output: StartOutput, listen: Callable[..., Receiver], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time goes on without a jump, MIDI is back by itself, what sounded has ended, nothing bursts."""
    name = f"sempre-mortal-{os.getpid()}"
    monkeypatch.setenv("JACK_DEFAULT_SERVER", name)
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    monkeypatch.setenv("JACK_NO_AUDIO_RESERVATION", "1")
    try:
        server = jackd(name)
    except FileNotFoundError:
        pytest.skip("jackd is not installed (apt-get install jackd2)")
    over = threading.Event()
    jumps: list[float] = []
    try:
        answers(name)
        desk = start_output(backend="jack")
        first = listen("rx5", OUT)
        engine = desk.engine(1)
        engine.held()
        engine.routes(midi=[{"port": None}, {"port": "rx6"}])
        start_thread("watch", lambda: watch(desk, over, jumps))
        pause(0.5)
        start = desk.now()
        engine.send(note(4, start + 0.1, start + 2.0), note(8, start + 1.0, start + 1.1, key=61))
        first.wait_midi(lambda r: len(r) == 1)
        gone = len(jumps)
        server.kill()
        server.wait()
        desk.wait_line("notice", "JACK is gone")
        desk.wait_until(start + 2.2)
        server = jackd(name)
        answers(name)
        back = monotonic()
        desk.wait_line("notice", "JACK is back")
        alone = jumps[gone:]
        say(f"back after {monotonic() - back:.2f} s")
        assert desk.clock.frame_rate == RATE
        engine.wait_status("sounding", 0)
        second = listen("rx6", OUT)
        desk.wait_line("notice", "'rx6' is rx6:in")
        now = desk.now()
        engine.send(note(16, now + 0.3, now + 0.4), note(20, now + 0.55, now + 0.6, route=2, key=62))
        rows = second.wait_midi(lambda r: len(r) >= 4)
        assert [text for _, text in rows] == ["903c64", "803c00", "903e64", "803e00"]
        assert abs(rows[1][0] - rows[0][0] - 4800) <= 1
        over.set()
        say(f"largest step of the timeline: {max(map(abs, jumps)) * 1e3:.2f} ms")
        assert max(map(abs, jumps)) < 0.02
        # While a server is there time goes as it does, and a busy machine's loses periods: 61 ms once.
        assert abs(sum(alone)) < 0.05
    finally:
        over.set()
        sign_off(name, server)


def test_without_a_server_it_says_so(start_output: StartOutput, monkeypatch: pytest.MonkeyPatch) -> None:
    """The backend that was asked for is not silently replaced."""
    monkeypatch.setenv("JACK_DEFAULT_SERVER", f"sempre-none-{os.getpid()}")
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    desk = start_output(backend="jack")
    text = str(desk.wait_line("ready")["text"])
    assert "none" in text
    assert "JACK" in text


def test_the_systems_way_through_its_jack_api(
    jack_server: str, start_output: StartOutput, listen: Callable[..., Receiver]
) -> None:
    """The class that serves ALSA, CoreMIDI and WinMM: virtual port, named port, ends, panic, unplugging."""
    del jack_server
    pytest.importorskip("rtmidi")
    desk = start_output(backend="rtmidi-jack")
    receiver = listen("rx7", "Sempre:Sempre")
    engine = desk.engine(1)
    engine.held()
    engine.routes(midi=[{"port": None}, {"port": "Thing"}])
    desk.wait_line("notice", "no MIDI port has 'Thing'")
    thing = listen("Thing")
    desk.wait_line("notice", "'Thing' is Thing:in")
    start = desk.now() + 0.3
    times = [start + i * 0.05 for i in range(40)]
    engine.send(*(note(4 * i, t, t + 0.04, key=i) for i, t in enumerate(times)))
    engine.send(note(4000, start, start + 0.1, route=2))
    rows = receiver.wait_midi(lambda r: len(r) >= 80)
    assert sounding(rows) == set()
    heard = [frame / RATE for frame, text in rows if text[0] == "9"]
    errors = [(h - t) - (heard[0] - times[0]) for h, t in zip(heard, times, strict=True)]
    say(f"spread {1000 * (max(errors) - min(errors)):.1f} ms (a period is 5.3 ms)")
    assert statistics.median(map(abs, errors)) < 0.012
    thing.wait_midi(lambda r: len(r) == 2)
    thing.leave()
    desk.wait_line("notice", "Thing:in is gone")
    now = desk.now()
    engine.send(note(5000, now + 0.05, now + 60, key=99))
    engine.wait_status("sounding", 1)
    desk.child.say({"op": "panic"})
    rows = receiver.wait_midi(lambda r: len(r) >= 80 + 2 + 64)
    assert sounding(rows) == set()
