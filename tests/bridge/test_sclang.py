"""SuperCollider's language as a peer: it reads our bundles, answers as SuperDirt does, sends us its own."""

import os
import queue
import shutil
import socket
import statistics
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bridge.clock import create_page
from bridge.event import TimedEvent
from bridge.osc import encode
from bridge.osc_targets import superdirt
from bridge.osc_write import write_message
from bridge.surface_settings import SurfaceSettings
from bridge.surfaces import Surfaces
from bridge.worker import pause, start_thread
from patterns.inputs import Input

if TYPE_CHECKING:
    from tests.bridge.conftest import StartOutput

pytestmark = [pytest.mark.supercollider, pytest.mark.timeout(60)]

PATIENCE = 20.0

SCRIPT = """
OSCdef(\\play, {{ |msg, time|
    var fields = msg[1..].clump(2).collect {{ |pair| pair[0].asString ++ "=" ++ pair[1] }};
    ("PLAY" + (time - thisThread.clock.seconds) + fields.join(" ")).postln;
}}, '/dirt/play');
OSCdef(\\shake, {{ |msg, time, addr|
    addr.sendMsg('/dirt/handshake/reply', "&serverHostname", "127.0.0.1", "&serverPort", 57110);
}}, '/dirt/handshake');
OSCdef(\\reply, {{ |msg| ("REPLY" + msg).postln }}, '/sempre/eval/reply');
OSCdef(\\go, {{
    var us = NetAddr("127.0.0.1", {port});
    us.sendBundle(0.8, ['/ctl/cutoff', 0.25]);
    us.sendMsg('/ctl/pad', 0.5, 1);
    us.sendMsg('/sempre/eval', "1 + 1");
}}, '/go');
OSCdef(\\quit, {{ 0.exit }}, '/quit');
("READY" + NetAddr.langPort).postln;
"""


class Sclang:
    """sclang running a script; what it posts is read line by line."""

    def __init__(self, folder: Path, port: int) -> None:
        script = folder / "peer.scd"
        script.write_text(SCRIPT.format(port=port))
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.process = subprocess.Popen(
            ["sclang", "-D", str(script)],
            stdin=subprocess.PIPE,  # it leaves when that ends
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            env=os.environ
            | {"QT_QPA_PLATFORM": "offscreen", "QTWEBENGINE_DISABLE_SANDBOX": "1", "HOME": str(folder)},
        )
        start_thread("sclang posts", self._read)
        self.port = int(self.line("READY")[0])

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def line(self, kind: str) -> list[str]:
        """The words of the next line of a kind."""
        while True:
            words = self._lines.get(timeout=PATIENCE).split()
            if words[:1] == [kind]:
                return words[1:]

    def close(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


@pytest.fixture
def sclang(tmp_path: Path) -> Iterator[Callable[[int], Sclang]]:
    """Start it with a script that sends to this port."""
    if shutil.which("sclang") is None:
        pytest.skip("sclang is not installed (apt-get install supercollider-language)")
    made: list[Sclang] = []

    def start(port: int = 9) -> Sclang:
        made.append(Sclang(tmp_path, port))
        return made[-1]

    yield start
    for one in made:
        one.close()


def test_it_reads_our_bundles_ahead_of_their_time(
    sclang: Callable[..., Sclang], start_output: "StartOutput"
) -> None:
    """Every one, with its fields, 0.2 s before the onset; and its answer to our call is heard."""
    peer = sclang()
    desk = start_output(backend="none")
    target = superdirt(port=peer.port)
    engine = desk.engine()
    engine.routes(osc=[{"host": target.host, "port": target.port, "dirt": True}])
    desk.wait_line("notice", f"SuperDirt answers at 127.0.0.1:{peer.port}")
    begin = desk.now() + 0.5
    for k in range(40):
        at = begin + k * 0.05
        event = TimedEvent(at, 0.05, {"s": "bd", "n": k, "gain": 0.5, "note": "c4"}, "drums", 4 * k + 4)
        (sent,) = encode(target, event, 0.5, k / 4)
        engine.send(sent._replace(route=1))
    leads: list[float] = []
    for k in range(40):
        lead, *fields = peer.line("PLAY")
        leads.append(float(lead))
        said = dict(field.split("=") for field in fields)
        assert (said["_id_"], said["s"], said["n"], said["orbit"]) == ("drums", "bd", str(k), "0")
        numbers = [float(said[name]) for name in ("cps", "cycle", "delta", "gain", "note")]
        assert numbers == pytest.approx([0.5, k / 4, 0.05, 0.5, 0])
    assert statistics.median(leads) == pytest.approx(target.latency, abs=0.02)
    assert max(leads) < target.latency + 0.02


class Engine:
    """Takes what it is told, and evaluates nothing but says so."""

    waiting = 0

    def __init__(self) -> None:
        self.rows: list[tuple[str, float, float | None]] = []

    def link(self, *calls: Callable[..., object]) -> Any:
        """Be the line."""
        self._say = calls[1]
        return self

    def send(self, message: dict[str, Any]) -> bool:
        """Take a message."""
        self.rows += [tuple(row) for row in message.get("rows", ())]
        if message["op"] == "eval":
            self._say({"op": "result", "id": message["id"], "text": "2", "ok": True})
        return True


def test_it_moves_inputs_and_evaluates(sclang: Callable[..., Sclang], tmp_path: Path) -> None:
    """By messages, by a bundle for its time, and with an answer."""
    clock = create_page(tmp_path / "clock")
    engine = Engine()
    process = Surfaces(SurfaceSettings(port=0), clock, lambda _: None, engine.link)
    process.book.declare([Input("cutoff"), Input("pad.x", "x"), Input("pad.y", "y")], {})
    peer = sclang(process.port)
    over: list[bool] = []

    def run() -> None:
        while not over:
            process.turn()

    thread = start_thread("surfaces", run)
    try:
        asked = clock.now()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.sendto(write_message("/go"), ("127.0.0.1", peer.port))
        assert peer.line("REPLY") == ["[", "/sempre/eval/reply,", "1,", "2", "]"]
        while len(engine.rows) < 3 and clock.now() < asked + PATIENCE:
            pause(0.01)
    finally:
        over.append(True)
        thread.join(5)
        process.close()
    moved = {name: (position, at) for name, position, at in engine.rows}
    clock.close()
    assert (moved["pad.x"], moved["pad.y"]) == ((0.5, None), (1.0, None))
    position, at = moved["cutoff"]
    assert position == 0.25
    assert at == pytest.approx(asked + 0.8, abs=0.1)
