"""OSC as other programs want it: arguments as data, plain messages, streams, and SuperDirt's answer."""

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bridge.clock import create_page, monotonic
from bridge.errors import BridgeError
from bridge.event import Due, SinkEvent, TimedEvent
from bridge.osc import encode
from bridge.osc_line import CALL, DirtCall
from bridge.osc_read import Message, read_packet
from bridge.osc_stream import Unframer
from bridge.osc_targets import OscTarget, osc, superdirt
from bridge.osc_write import write_message
from bridge.outlet import OscOutlet
from bridge.worker import pause
from repl.loader import load_piece

if TYPE_CHECKING:
    from tests.bridge.conftest import StartOutput


def said(target: OscTarget, **controls: object) -> tuple[float | None, Message]:
    """What arrives of an event at cycle 3.5."""
    (event,) = encode(target, TimedEvent(2.0, 0.5, controls, "lead", 40), 0.5, 3.5)
    (timed,) = read_packet(event.on)
    return timed.when, timed.message


def test_arguments_come_in_the_order_and_type_that_is_asked_for() -> None:
    """With defaults for what an event does not say, constants, and what every event knows."""
    target = osc(
        9000,
        "/synth/{n}/on",
        args=[
            *["note:i", "note", "velocity:f=.8", "pan:f=.5", "=saw"],
            7,
            *["s:s=none", "on:T=1", "layer", "cps", "delta"],
        ],
    )
    when, message = said(target, note="c4", n=3, pan=0.25)
    assert when == pytest.approx(2.0)
    assert message.address == "/synth/3/on"
    assert message.arguments == (
        60, "c4", pytest.approx(0.8), 0.25, "saw", 7, "none", True, "lead", 0.5, 0.5,
    )  # fmt: skip
    assert [type(a) for a in message.arguments[:3]] == [int, str, float]
    assert said(osc(9000, "/bang", args=[]), note="c4")[1] == Message("/bang", ())
    assert said(osc(9000, "/v/{n}"), n=2)[1] == Message("/v/2", ("n", 2))


def test_what_an_event_does_not_say_is_named() -> None:
    """With what to write."""
    with pytest.raises(ValueError, match=r"/x needs 'pan', .* or write \"pan=0\""):
        said(osc(9000, "/x", args=["pan:f"]), note="c4")
    with pytest.raises(ValueError, match="needs 'voice'"):
        said(osc(9000, "/{voice}"), note="c4")
    with pytest.raises(ValueError, match="velocity must be a number"):
        said(osc(9000, "/x", args=["velocity:f"]), velocity="loud")


def test_plain_messages_for_those_that_know_no_bundles() -> None:
    """They leave when they are meant."""
    target = osc(9000, "/x", args=["note:i"], bundles=False)
    (event,) = encode(target, TimedEvent(2.0, 0.5, {"note": 60}, "lead", 40), 0.5, 3.5)
    assert event.at == 2.0
    assert event.on == write_message("/x", [60])


def test_a_place_is_written_either_way() -> None:
    """The port first, or the host; or all by name."""
    wanted = osc(9000, "/x", "10.0.0.1")
    assert osc("10.0.0.1", 9000, "/x") == wanted
    assert osc("10.0.0.1", 9000, path="/x") == wanted
    assert osc(port=9000, path="/x", host="10.0.0.1") == wanted
    assert osc(9000, host="10.0.0.1", path="/x") == wanted
    piece = 'out = osc("10.0.0.1", 9000, path="/x", args=["note", "velocity:f=1"], tcp="slip")'
    target = load_piece(piece + '\na = play(note("c"), on=out)', "p.py").layers["a"].target
    assert isinstance(target, OscTarget)
    assert target.to_json() == {"osc": {"host": "10.0.0.1", "port": 9000, "tcp": "slip"}}
    assert target.key == osc("10.0.0.1", 9000, "/x", args=["note", "velocity:f=1"], tcp="slip").key


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (osc, "port must be 1 to 65535"),
        (lambda: osc("here"), "port must be 1 to 65535"),
        (lambda: osc(9000, port=1), "port is given twice"),
        (lambda: osc(9000, "/x", "h", "more"), "too much"),
        (lambda: osc(9000, tcp="udp"), '"length"'),
        (lambda: osc(9000, args="note"), "args is a list"),  # pyright: ignore[reportArgumentType] - a musician may write anything
        (lambda: osc(9000, args=["note:x"]), "no type 'x'"),
        (lambda: osc(9000, args=["no te"]), "is written"),
        (lambda: osc(9000, args=["pan:f=left"]), "default is no number"),
    ],
)
def test_what_cannot_be_is_named(make: Callable[[], OscTarget], text: str) -> None:
    """When the piece is loaded, not when it plays."""
    with pytest.raises(BridgeError, match=text):
        make()


class Peer:
    """A program that takes streams."""

    def __init__(self, port: int = 0) -> None:
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", port))
        self.listener.listen()
        self.listener.settimeout(8)
        self.port: int = self.listener.getsockname()[1]

    def take(self) -> socket.socket:
        """The next connection."""
        one, _ = self.listener.accept()
        one.settimeout(8)
        return one


@pytest.fixture
def peers() -> Iterator[Callable[..., Peer]]:
    """Open peers, and close them afterwards."""
    made: list[Peer] = []

    def make(port: int = 0) -> Peer:
        made.append(Peer(port))
        return made[-1]

    yield make
    for peer in made:
        peer.listener.close()


@pytest.mark.parametrize("framing", ["length", "slip"])
def test_a_stream_is_sent_at_its_times_and_comes_back(
    start_output: "StartOutput", peers: Callable[..., Peer], framing: str
) -> None:
    """The other end may leave; what is meant meanwhile is lost, as by datagrams, and nothing bursts."""
    peer = peers()
    desk = start_output(backend="none")
    engine = desk.engine()
    engine.routes(osc=[{"host": "127.0.0.1", "port": peer.port, "tcp": framing}])

    def send(*marks: int) -> None:
        now = desk.now()
        engine.send(
            *(SinkEvent(4 * m, now + 0.05, now + 0.05, 1, write_message("/m", [m]), b"") for m in marks)
        )

    def heard(one: socket.socket, count: int) -> list[object]:
        unframer = Unframer(framing)
        found: list[object] = []
        while len(found) < count:
            data = one.recv(4096)
            assert data
            found += [timed.message.arguments[0] for p in unframer.feed(data) for timed in read_packet(p)]
        return found

    with peer.take() as one:
        pause(0.1)
        send(1, 2, 3)
        assert heard(one, 3) == [1, 2, 3]
    peer.listener.close()
    pause(1.3)
    send(4, 5)
    desk.wait_line("notice", "nobody takes a stream")
    again = peers(peer.port)
    with again.take() as one:
        pause(0.1)
        send(6)
        assert heard(one, 1) == [6]
    desk.wait_line("notice", "is there")


def test_superdirt_is_called_and_heard(start_output: "StartOutput") -> None:
    """Whether it answers is said once; whether it goes, too."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as dirt:
        dirt.bind(("127.0.0.1", 0))
        dirt.settimeout(8)
        desk = start_output(backend="none")
        target = superdirt(port=dirt.getsockname()[1])
        desk.engine().routes(osc=[{"host": target.host, "port": target.port, "dirt": target.dirt}])
        calls = [dirt.recvfrom(4096) for _ in range(2)]
        assert [read_packet(data)[0].message.address for data, _ in calls] == [
            "/dirt/hello",
            "/dirt/handshake",
        ]
        dirt.sendto(write_message("/dirt/handshake/reply", ["&serverPort", 57110]), calls[0][1])
        desk.wait_line("notice", "SuperDirt answers at 127.0.0.1")


def test_superdirt_that_does_not_answer_is_said_once() -> None:
    """And when it comes or goes."""
    sent: list[bytes] = []
    notices: list[str] = []
    call = DirtCall(("127.0.0.1", 57120), sent.append, notices.append)
    now = monotonic()
    for turn in range(600):
        call.turn(now + turn * 0.1)
    assert len(notices) == 1
    assert "does not answer: is it started?" in notices[0]
    assert 2 * 25 <= len(sent) <= 2 * (60 / CALL + 1)
    for junk in (b"", b"/dirt", write_message("/other"), b"/dirt/hello/reply"):
        call.hear(junk)
    assert len(notices) == 1
    for _ in range(3):
        call.hear(write_message("/dirt/hello/reply"))
    assert notices[1:] == ["SuperDirt answers at 127.0.0.1:57120"]
    for turn in range(600, 1200):
        call.turn(now + turn * 0.1)
    assert len(notices) == 3
    assert "does not answer any more" in notices[2]


def test_all_that_superdirt_reads_is_in_its_bundle() -> None:
    """The latency it takes from the timetag: what lies between that and its own time."""
    _, message = said(superdirt(), s="bd", n=2, cut=1, pan=0.25, vowel="a", clip=0.5)
    fields: dict[Any, Any] = dict(zip(message.arguments[::2], message.arguments[1::2], strict=True))
    assert {"_id_", "cps", "cycle", "delta", "orbit", "s", "n", "cut", "pan", "vowel", "legato"} == {*fields}


def test_a_wall_clock_that_is_set_moves_the_timetags_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was planned before carries the new time when it leaves; our own time knows of nothing."""
    clock = create_page(tmp_path / "clock")
    outlet = OscOutlet(lambda _: None, clock)
    back, wall = [0.0], time.time  # noqa: TID251 - it is the clock that is set here
    monkeypatch.setattr(time, "time", lambda: wall() - back[0])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(5)
        target = osc(ear.getsockname()[1])
        outlet.set_routes({1: target.to_json()})
        begin, began = clock.now(), wall()
        for n in range(4):
            back[0] = 3600.0 if n > 1 else 0.0
            (event,) = encode(target, TimedEvent(begin + n * 0.1, 0.1, {"n": n}, "lead", 4 * n), 0.5, 0.0)
            outlet.transmit(Due(event.at, on=True, event=event._replace(route=1)))
        tags = [read_packet(ear.recv(4096))[0].when for _ in range(4)]
        passed = clock.now() - begin
    outlet.close()
    assert [tag - began for tag in tags if tag is not None] == pytest.approx(
        [0.0, 0.1, 0.2 - 3600, 0.3 - 3600], abs=0.05
    )
    assert 0 <= passed < 5
