"""The layout for a tablet: a tablet that does exactly what it says, and a process that is played by it."""

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import py2tosc
import pytest

from bridge.clock import create_page
from bridge.osc_read import Message, read_packet
from bridge.osc_write import write_message
from bridge.surface_settings import SurfaceSettings
from bridge.surfaces import Surfaces
from patterns.inputs import Input
from repl.errors import LoadError, ReplError
from repl.loader import load_piece
from repl.remote import inputs_of
from repl.touchosc import SIZE, write_layout

PIECE = """
space = xy("space", x=(-1, 1, 0))
a = play(s("bd*4").gain(knob("drums.level", 0, 2)).pan(space.x).lpf(space.y))
b = play(s("hh*8").mask(toggle("drums.hats", default=True)).mask(button("fill")))
c = play(note("c e").lpf(knob("cut off", 200, 3200, curve="log", default=800)))
"""


class Tablet:
    """TouchOSC as far as its messages go: what a layout's controls send, and what they take.

    Args:
        layout: The file.
        port: Where the connection goes.
    """

    def __init__(self, layout: Path, port: int) -> None:
        self.document = py2tosc.load(layout)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setblocking(False)
        self.controls: dict[str, py2tosc.Control] = {}
        for control in self.document.walk():
            if control.messages:
                self.controls[control.get("name")] = control

    def messages(self, control: py2tosc.Control) -> list[py2tosc.OscMessage]:
        """The OSC messages of a control."""
        return [m for m in control.messages if isinstance(m, py2tosc.OscMessage) and m.enabled]

    def address(self, control: py2tosc.Control, message: py2tosc.OscMessage) -> str:
        """A path, put together of its parts."""
        parts: list[str] = []
        for part in message.path:
            constant = part.type == py2tosc.PartialType.CONSTANT
            parts.append(part.value if constant else str(control.get(part.value)))
        return "".join(parts)

    def values(self, control: py2tosc.Control, message: py2tosc.OscMessage) -> list[float]:
        """The arguments of a message as the control stands."""
        for part in message.arguments:
            assert part.type == py2tosc.PartialType.VALUE
            assert part.conversion == py2tosc.Conversion.FLOAT
            assert (part.scale_min, part.scale_max) == (0, 1)
        return [float(self.value(control, part.value).default) for part in message.arguments]

    def value(self, control: py2tosc.Control, key: str) -> py2tosc.Value:
        """One of a control's values."""
        return next(value for value in control.values if value.key == key)

    def touch(self, name: str, **values: float) -> None:
        """A finger moves a control."""
        control = self.controls[name]
        for key, value in values.items():
            self.value(control, key).default = value
        for message in self.messages(control):
            if message.send and {t.var for t in message.triggers} & {*values}:
                packet = write_message(self.address(control, message), self.values(control, message))
                self.socket.send(packet)

    def listen(self) -> list[Message]:
        """Take what came: a control takes a message whose address is its own."""
        found: list[Message] = []
        while True:
            try:
                found += [timed.message for timed in read_packet(self.socket.recv(65536))]
            except (BlockingIOError, ConnectionRefusedError):
                break
        for heard in found:
            takers = 0
            for control in self.controls.values():
                for message in self.messages(control):
                    if message.receive and self.address(control, message) == heard.address:
                        takers += 1
                        assert not message.feedback, "a layout that echoes would never come to rest"
                        for part, argument in zip(message.arguments, heard.arguments, strict=True):
                            assert isinstance(argument, float)
                            self.value(control, part.value).default = argument
            assert takers == 1, f"{heard} is for {takers} controls"
        return found

    def state(self) -> dict[str, list[float]]:
        """What every control shows."""
        return {
            name: self.values(control, self.messages(control)[0]) for name, control in self.controls.items()
        }


class Engine:
    """Takes moves."""

    waiting = 0

    def __init__(self) -> None:
        self.moves: list[tuple[str, float]] = []

    def link(self, *calls: Callable[..., object]) -> Any:
        """Be the line."""
        self.say = calls[1]
        return self

    def send(self, message: dict[str, Any]) -> bool:
        """Take a message."""
        self.moves += [(name, position) for name, position, _ in message.get("rows", ())]
        return True

    def declare(self, source: str) -> None:
        """A piece was saved."""
        rows = [
            {k: getattr(i, k) for k in Input.__slots__} for i in inputs_of(load_piece(source, "piece.py"))
        ]
        self.say({"op": "inputs", "inputs": rows, "positions": {}})


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """A piece and where its layout goes."""
    piece = tmp_path / "piece.py"
    piece.write_text(PIECE)
    return piece, tmp_path / "live.tosc"


@pytest.fixture
def process(tmp_path: Path) -> Iterator[tuple[Surfaces, Engine]]:
    """The process in which OSC comes in."""
    engine, clock = Engine(), create_page(tmp_path / "clock")
    made = Surfaces(SurfaceSettings(port=0), clock, lambda _: None, engine.link)
    yield made, engine
    made.close()
    clock.close()


def test_a_layout_has_exactly_the_inputs_of_the_piece(files: tuple[Path, Path]) -> None:
    """On a page for each group, in order, within the screen, apart, at rest where the piece has them."""
    piece, layout = files
    said = write_layout([piece], layout)
    assert said.endswith("live.tosc: 5 controls: space, drums.level, drums.hats, fill, cut off")
    tablet = Tablet(layout, 9)
    assert tablet.document.validate() == []
    kinds = {name: str(control.control_type) for name, control in tablet.controls.items()}
    assert {name: kind.rpartition(".")[2] for name, kind in kinds.items()} == {
        "space": "XY", "fill": "BUTTON", "cut off": "FADER", "level": "FADER", "hats": "BUTTON",
    }  # fmt: skip
    assert tablet.state() == {
        "space": [0.5, 0.0], "fill": [0.0], "cut off": [0.5], "level": [0.0], "hats": [1.0],
    }  # fmt: skip
    pages = [c.get("name") for c in tablet.document.walk() if c.has("tabLabel")]
    assert pages == ["live", "drums"]
    frames = [c.frame for c in tablet.controls.values()]
    assert all(f.x >= 0 and f.x + f.w <= SIZE[0] and f.w >= 50 and f.h >= 50 for f in frames)
    labels = [str(v.default) for c in tablet.document.walk() for v in c.values if v.key == "text"]
    assert "cut off\n200 … 3200" in labels
    tablet.socket.close()


def test_the_same_piece_gives_the_same_bytes(files: tuple[Path, Path]) -> None:
    """So that it can be kept beside the piece."""
    piece, layout = files
    write_layout([piece], layout)
    before = layout.read_bytes()
    write_layout([piece], layout)
    assert layout.read_bytes() == before


def test_a_tablet_plays_the_piece(files: tuple[Path, Path], process: tuple[Surfaces, Engine]) -> None:
    """It is shown how things are, moves them, is shown what others move, and hears no echo."""
    piece, layout = files
    write_layout([piece], layout)
    surfaces, engine = process
    one, two = Tablet(layout, surfaces.port), Tablet(layout, surfaces.port)

    def turn(seconds: float) -> list[list[Message]]:
        heard: list[list[Message]] = [[], []]
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            surfaces.turn()
            for tablet, found in zip((one, two), heard, strict=True):
                found.extend(tablet.listen())
        return heard

    engine.declare(PIECE)
    turn(0.1)
    one.touch("level", x=0.75)
    two.touch("fill", x=1.0)
    turn(0.7)
    assert one.state() == two.state()
    assert one.state()["level"] == [0.75]
    assert sorted(engine.moves) == [("drums.level", 0.75), ("fill", 1.0)]
    one.touch("space", x=0.25, y=0.5)
    heard = turn(0.7)
    assert heard == [[], [Message("/ctl/space", (0.25, 0.5))]]
    assert engine.moves[2:] == [("space.x", 0.25), ("space.y", 0.5)]
    for step in range(200):
        two.touch("cut off", x=step / 256)
        surfaces.turn()
    heard = turn(0.7)
    assert heard[1] == []
    assert one.state() == two.state()
    engine.declare(PIECE.replace("default=True", "default=False"))
    turn(0.2)
    assert one.state()["hats"] == two.state()["hats"] == [0.0]
    for tablet in (one, two):
        tablet.socket.close()


@pytest.mark.parametrize(
    ("source", "error", "text"),
    [
        ('a = play(s("bd"))', ReplError, "no input is declared"),
        ('a = play(s("bd").gain(knob("x y")).pan(knob("x_y")))', ReplError, "one address"),
        ('a = play(s("bd', LoadError, "piece.py:1"),
    ],
)
def test_what_cannot_be_laid_out_is_said(
    files: tuple[Path, Path], source: str, error: type[Exception], text: str
) -> None:
    """And nothing is written."""
    piece, layout = files
    piece.write_text(source)
    with pytest.raises(error, match=text):
        write_layout([piece], layout)
    assert not layout.exists()
