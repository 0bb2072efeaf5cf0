"""The process in which OSC comes in, at real sockets, with an engine that is played."""

import contextlib
import socket
import struct
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.clock import create_page, wall_at
from bridge.osc_read import Message, read_packet
from bridge.osc_server import Peer
from bridge.osc_stream import Unframer, framed
from bridge.osc_write import write_bundle, write_message
from bridge.surface_settings import SurfaceSettings
from bridge.surfaces import Surfaces
from patterns.inputs import Input

CUTOFF = Input("cutoff", low=200, high=3200, curve="log", default=800)
PATIENCE = 5.0


class Engine:
    """The line to an engine, and what went over it."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] = []
        self.waiting = 0
        self.there = True

    def link(self, *calls: Callable[..., object]) -> Any:
        """What the process makes its line of."""
        self.on_open, self.say, self.on_gone = calls
        return self

    def send(self, message: dict[str, Any]) -> bool:
        """Take a message."""
        if self.there:
            self.heard.append(message)
        return self.there

    def declare(self, *inputs: Input, **positions: float) -> None:
        """Say what the pieces declare."""
        rows = [{k: getattr(one, k) for k in Input.__slots__} for one in inputs]
        self.say({"op": "inputs", "inputs": rows, "positions": positions})

    @property
    def moves(self) -> list[tuple[str, float, float | None]]:
        """Every move of an input."""
        return [tuple(row) for m in self.heard if m["op"] == "move" for row in m["rows"]]


class Desk:
    """The process without its start, turned by hand."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.engine = Engine()
        self.said: list[dict[str, Any]] = []
        self.clock = create_page(folder / "clock")
        self.settings = SurfaceSettings(port=0, **settings)
        self.process = Surfaces(self.settings, self.clock, self.said.append, self.engine.link)
        self.sockets: list[socket.socket] = []

    def udp(self) -> socket.socket:
        """A surface's socket."""
        one = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        one.connect(("127.0.0.1", self.process.port))
        one.setblocking(False)
        self.sockets.append(one)
        return one

    def tcp(self) -> socket.socket:
        """The same, in a stream."""
        one = socket.create_connection(("127.0.0.1", self.process.port))
        one.setblocking(False)
        self.sockets.append(one)
        return one

    def wall(self, ahead: float) -> float:
        """What the wall clock shows so many seconds from now."""
        return wall_at(self.clock.now() + ahead, self.clock)

    def turn_for(self, seconds: float) -> None:
        """Let it work for a time."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.process.turn()

    def until(self, test: Callable[[], object]) -> None:
        """Let it work until something is so."""
        deadline = time.monotonic() + PATIENCE
        while not test():
            assert time.monotonic() < deadline, (self.said, self.engine.heard)
            self.process.turn()

    def heard_by(self, one: socket.socket) -> list[Message]:
        """What a surface has been told, by datagrams."""
        found: list[Message] = []
        with contextlib.suppress(BlockingIOError):
            while True:
                found += [timed.message for timed in read_packet(one.recv(65536))]
        return found

    def notices(self) -> list[str]:
        """What the musician reads."""
        return [str(m["text"]) for m in self.said if m["op"] == "notice"]

    def close(self) -> None:
        """End it."""
        for one in self.sockets:
            one.close()
        self.process.close()
        self.clock.close()


StartDesk = Callable[..., Desk]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[StartDesk]:
    """Start with these settings."""
    desks: list[Desk] = []

    def make(**settings: Any) -> Desk:
        folder = tmp_path / str(len(desks))
        folder.mkdir()
        desks.append(Desk(folder, **settings))
        return desks[-1]

    yield make
    for desk in desks:
        desk.close()


@pytest.fixture
def desk(start: StartDesk) -> Desk:
    """With a piece that declares a knob."""
    made = start()
    made.engine.declare(CUTOFF)
    made.until(lambda: made.process.book.inputs)
    return made


def test_a_message_moves_an_input(desk: Desk) -> None:
    """And the surface is told of all the others only."""
    tablet, other = desk.udp(), desk.udp()
    other.send(write_message("/sempre/hello"))
    tablet.send(write_message("/ctl/cutoff", [0.75]))
    desk.until(lambda: desk.engine.moves)
    assert desk.engine.moves == [("cutoff", 0.75, None)]
    desk.turn_for(0.1)
    assert desk.heard_by(other)[-1] == Message("/ctl/cutoff", (0.75,))
    assert desk.heard_by(tablet) == []


def test_a_pattern_moves_all_that_it_means(desk: Desk) -> None:
    """Only addresses that hold one of *?[{ are patterns."""
    desk.engine.declare(CUTOFF, Input("crush"), Input("drive"))
    desk.until(lambda: len(desk.process.book.inputs) == 3)
    desk.udp().send(write_message("/ctl/c*", [1.0]))
    desk.until(lambda: len(desk.engine.moves) == 2)
    assert desk.engine.moves == [("cutoff", 1.0, None), ("crush", 1.0, None)]


def test_many_moves_go_as_one_but_a_button_is_not_lost(desk: Desk) -> None:
    """The newest position counts; a button that was pressed was pressed."""
    desk.engine.declare(CUTOFF, Input("hit", "button"))
    desk.until(lambda: len(desk.process.book.inputs) == 2)
    desk.engine.waiting = 1  # it does not read
    tablet = desk.udp()
    for step in range(50):
        tablet.send(write_message("/ctl/cutoff", [step / 64]))
    tablet.send(write_message("/ctl/hit", [1]))
    tablet.send(write_message("/ctl/hit", [0]))
    desk.until(lambda: desk.process.book.positions["hit"] == 0 and "hit" in desk.process.book.moved)
    desk.engine.waiting = 0
    desk.until(lambda: desk.engine.moves)
    assert desk.engine.moves == [("cutoff", 49 / 64, None), ("hit", 1.0, None), ("hit", 0.0, None)]


def test_a_bundle_is_meant_for_its_time(desk: Desk) -> None:
    """It is told ahead, with the time on the session's line, and nothing waits for it meanwhile."""
    tablet = desk.udp()
    at = desk.clock.now() + 0.7
    tablet.send(write_bundle([write_message("/ctl/cutoff", [0.25])], wall_at(at, desk.clock)))
    tablet.send(write_message("/ctl/cutoff", [0.5]))
    desk.until(lambda: desk.engine.moves)
    assert desk.engine.moves == [("cutoff", 0.5, None)]
    desk.until(lambda: len(desk.engine.moves) == 2)
    assert at - 0.55 < desk.clock.now() < at
    name, position, when = desk.engine.moves[1]
    assert (name, position) == ("cutoff", 0.25)
    assert when == pytest.approx(at, abs=0.01)


def test_a_bundle_that_is_late_counts_for_a_second(desk: Desk) -> None:
    """Beyond that it is dropped, and so is one for another day; each is said once."""
    tablet = desk.udp()
    for ahead, position in ((-0.3, 0.25), (-30, 0.5), (-40, 0.5), (3600, 0.75)):
        tablet.send(write_bundle([write_message("/ctl/cutoff", [position])], desk.wall(ahead)))
    desk.until(lambda: desk.process.hold.dropped == 3)
    assert desk.process.hold.late == 1
    desk.until(lambda: desk.engine.moves)
    assert desk.engine.moves == [("cutoff", 0.25, None)]
    (notice,) = desk.notices()
    assert "30.0 s after its timetag: it is dropped; is its clock right?" in notice


@pytest.mark.parametrize("framing", ["length", "slip"])
def test_a_stream_is_a_surface_too(desk: Desk, framing: str) -> None:
    """It is answered in its own framing."""
    tablet = desk.tcp()
    tablet.send(framed(write_message("/ctl/cutoff", [0.125]), framing))
    desk.until(lambda: desk.engine.moves)
    assert desk.engine.moves == [("cutoff", 0.125, None)]
    desk.turn_for(0.6)
    desk.engine.say({"op": "turned", "name": "cutoff", "position": 0.625})
    desk.turn_for(0.1)
    (packet,) = Unframer().feed(tablet.recv(4096))
    assert read_packet(packet)[0].message == Message("/ctl/cutoff", (0.625,))
    tablet.close()
    desk.until(lambda: not desk.process.book.surfaces)


def test_a_browser_is_not_understood(desk: Desk) -> None:
    """A page in a browser may send anything to a port of this machine, but begins as HTTP does."""
    browser = desk.tcp()
    body = framed(write_message("/sempre/eval", ["hush()"]), "slip")
    browser.send(b"POST / HTTP/1.1\r\nContent-Length: 99\r\n\r\n" + body)
    deadline = time.monotonic() + PATIENCE
    closed = False
    while not closed and time.monotonic() < deadline:
        desk.process.turn()
        with contextlib.suppress(BlockingIOError):
            closed = browser.recv(10) == b""
    assert closed
    assert not [m for m in desk.engine.heard if m["op"] == "eval"]


def test_what_was_moved_while_no_engine_was_there_is_told_to_the_next(desk: Desk) -> None:
    """Which may know it already."""
    desk.engine.there = False
    desk.engine.on_gone()
    desk.udp().send(write_message("/ctl/cutoff", [0.75]))
    desk.until(lambda: desk.process.book.positions["cutoff"] == 0.75)
    desk.turn_for(0.1)
    desk.engine.there = True
    desk.engine.on_open()
    desk.until(lambda: desk.engine.heard == [{"op": "inputs"}])
    desk.engine.declare(CUTOFF, cutoff=0.5)
    desk.until(lambda: desk.engine.moves)
    assert desk.engine.moves == [("cutoff", 0.75, None)]
    desk.engine.declare(CUTOFF, cutoff=0.75)
    desk.turn_for(0.1)
    assert len(desk.engine.moves) == 1


def test_tablets_of_the_settings_are_told_before_they_say_anything(start: StartDesk) -> None:
    """And at the port of the settings, from wherever they send."""
    tablet = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    tablet.bind(("127.0.0.1", 0))
    tablet.setblocking(False)
    port = tablet.getsockname()[1]
    desk = start(tablets=(("127.0.0.1", port),), ports={"127.0.0.1": port})
    desk.sockets.append(tablet)
    desk.engine.declare(CUTOFF)
    desk.turn_for(0.1)
    assert desk.heard_by(tablet) == [Message("/ctl/cutoff", (0.5,))]
    desk.udp().send(write_message("/ctl/cutoff", [1.0]))
    desk.turn_for(0.1)
    assert desk.heard_by(tablet) == []
    assert desk.process.book.surfaces == [Peer("udp", "127.0.0.1", port)]


def test_hello_says_where_a_surface_listens(desk: Desk) -> None:
    """And asks for everything, each time."""
    ear = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ear.bind(("127.0.0.1", 0))
    ear.setblocking(False)
    desk.sockets.append(ear)
    mouth = desk.udp()
    for _ in range(2):
        mouth.send(write_message("/sempre/hello", [ear.getsockname()[1]]))
        desk.turn_for(0.1)
        assert desk.heard_by(ear) == [Message("/ctl/cutoff", (0.5,))]


def reply(desk: Desk, one: socket.socket) -> Message:
    """The next answer."""
    found: list[Message] = []
    desk.until(lambda: found.extend(desk.heard_by(one)) or found)
    return found[-1]


def test_commands_go_to_the_engine_and_are_answered(desk: Desk) -> None:
    """By the way of the prompt's evaluations."""
    editor = desk.udp()
    editor.send(write_message("/sempre/eval", ["1 + 1"]))
    desk.until(lambda: desk.engine.heard[-1:] and desk.engine.heard[-1]["op"] == "eval")
    ident = desk.engine.heard[-1]["id"]
    assert desk.engine.heard[-1] == {"op": "eval", "id": ident, "text": "1 + 1"}
    desk.engine.say({"op": "result", "id": ident, "text": "2", "ok": True})
    assert reply(desk, editor) == Message("/sempre/eval/reply", (1, "2"))
    editor.send(write_message("/sempre/mute", ["drums", b"nothing"]))
    desk.until(lambda: desk.engine.heard[-1]["op"] == "command")
    ident = desk.engine.heard[-1]["id"]
    assert desk.engine.heard[-1] == {"op": "command", "id": ident, "name": "mute", "arguments": ["drums"]}
    desk.engine.on_gone()
    assert reply(desk, editor).arguments[0] == 0
    editor.send(write_message("/sempre/nonsense"))
    assert "there is no 'nonsense'" in str(reply(desk, editor).arguments[1])
    desk.engine.say({"op": "status", "cycle": 3.5, "bpm": 120, "layers": [{"name": "drums"}]})
    desk.turn_for(0.1)
    editor.send(write_message("/sempre/status"))
    assert reply(desk, editor) == Message("/sempre/status/reply", (3.5, 120.0, 1, "drums"))


def test_panic_needs_no_engine(desk: Desk) -> None:
    """It goes to the supervisor."""
    desk.engine.there = False
    editor = desk.udp()
    editor.send(write_message("/sempre/panic"))
    desk.until(lambda: {"op": "panic"} in desk.said)
    assert reply(desk, editor) == Message("/sempre/panic/reply", (1, ""))
    editor.send(write_message("/sempre/hush"))
    assert "no engine" in str(reply(desk, editor).arguments[1])


def test_a_command_in_a_bundle_is_done_at_its_time(desk: Desk) -> None:
    """Not half a second ahead, as positions are told."""
    at = desk.clock.now() + 0.2
    desk.udp().send(write_bundle([write_message("/sempre/hush")], wall_at(at, desk.clock)))
    desk.until(lambda: [m for m in desk.engine.heard if m["op"] == "command"])
    assert at - 0.001 < desk.clock.now() < at + 0.4


@pytest.mark.parametrize(
    ("setting", "peer", "word"),
    [
        ("off", "127.0.0.1", "off"),
        ("loopback", "192.168.1.9", "this machine only"),
        ("loopback", "127.0.0.1", ""),
        ("network", "192.168.1.9", ""),
    ],
)
def test_commands_are_taken_only_from_where_it_is_allowed(
    start: StartDesk, setting: str, peer: str, word: str
) -> None:
    """Values of inputs are taken from everywhere that is listened to."""
    desk = start(remote=setting)
    desk.engine.declare(CUTOFF)
    desk.until(lambda: desk.process.book.inputs)
    for where, argument in (("/sempre/eval", "hush()"), ("/ctl/cutoff", 0.75)):
        desk.process.packet(read_packet(write_message(where, [argument])), Peer("udp", peer, 9))
    desk.until(lambda: desk.engine.moves)
    asked = [m for m in desk.engine.heard if m["op"] == "eval"]
    assert bool(asked) != bool(word)


def test_requests_without_an_answer_are_bounded(desk: Desk) -> None:
    """An engine that hangs must not gather a thousand evaluations."""
    editor = desk.udp()
    for _ in range(100):
        editor.send(write_message("/sempre/eval", ["1"]))
    desk.turn_for(0.2)
    assert len([m for m in desk.engine.heard if m["op"] == "eval"]) == 64
    assert len(desk.heard_by(editor)) == 36


@given(packets=st.lists(st.binary(max_size=48), max_size=40))
def test_no_packet_ends_it(tmp_path_factory: pytest.TempPathFactory, packets: list[bytes]) -> None:
    """Whatever comes, what comes after it is heard."""
    desk = Desk(tmp_path_factory.mktemp("fuzz"))
    try:
        desk.engine.declare(CUTOFF)
        desk.until(lambda: desk.process.book.inputs)
        tablet, stream = desk.udp(), desk.tcp()
        for packet in packets:
            tablet.send(packet)
            tablet.send(b"/ctl/" + packet)
            with contextlib.suppress(OSError):
                stream.send(packet)
            desk.process.turn()
        tablet.send(write_message("/ctl/cutoff", [0.375]))
        desk.until(lambda: desk.process.book.positions["cutoff"] == 0.375)
    finally:
        desk.close()


def test_a_flood_of_nonsense_does_not_hold_up_a_finger(desk: Desk) -> None:
    """A second of it; and one line says so."""
    tablet, flood = desk.udp(), desk.udp()
    nonsense = [b"#bundle\0" + bytes(8) + struct.pack(">i", 2**31 - 1), b"\xff" * 900, b"/\0\0\0,zzzz\0\0\0"]
    until = time.monotonic() + 1
    count = 0
    while time.monotonic() < until:
        for packet in nonsense:
            flood.send(packet)
        tablet.send(write_message("/ctl/cutoff", [count % 64 / 64]))
        count += 1
        desk.process.turn()
    desk.until(lambda: desk.process.book.positions["cutoff"] == (count - 1) % 64 / 64)
    assert len(desk.notices()) <= 1


def test_a_port_that_is_taken_is_said_and_tried_again(start: StartDesk, tmp_path: Path) -> None:
    """By another session, say; as soon as that ends, it is ours."""
    holder = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    holder.bind(("127.0.0.1", 0))
    folder = tmp_path / "second"
    folder.mkdir()
    clock = create_page(folder / "clock")
    engine, said = Engine(), list[dict[str, Any]]()
    settings = SurfaceSettings(port=holder.getsockname()[1])
    process = Surfaces(settings, clock, said.append, engine.link)
    assert process.port == 0
    assert "cannot be had for OSC" in str(said[0]["text"])
    holder.close()
    deadline = time.monotonic() + PATIENCE
    while not process.port and time.monotonic() < deadline:
        process.turn()
    assert process.port == settings.port
    process.close()
    clock.close()


def test_where_a_surface_is_told_things() -> None:
    """What it said itself before the settings' port for all, and that before the port it sends from."""
    settings = SurfaceSettings(reply_port=9000)
    assert settings.answer_to(Peer("udp", "10.0.0.7", 51000)) == Peer("udp", "10.0.0.7", 9000)
    settings.ports["10.0.0.7"] = 9001
    assert settings.answer_to(Peer("udp", "10.0.0.7", 51000)).port == 9001
    assert settings.answer_to(Peer("tcp", "10.0.0.7", 51000)).port == 51000
    assert SurfaceSettings().answer_to(Peer("udp", "10.0.0.7", 51000)).port == 51000
