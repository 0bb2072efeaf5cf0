"""Notes between half-tones on a plugin: a key and a pitch bend, as long as it is held alone."""

from types import SimpleNamespace
from typing import cast

from plugin_host.bank import Voicing
from plugin_host.controls import read_controls
from plugin_host.plugin_bank import PluginBank
from plugin_host.plugin_link import PluginLink

SAID = (
    "the plugin 'probe' is bent for notes between half-tones, 2 each way: "
    "one that has no bend, or another range, plays them elsewhere"
)


class Wire(SimpleNamespace):
    """What a bank tells its plugin's process, as MIDI messages with their frames."""

    def __init__(self) -> None:
        super().__init__(
            rate=48000, block=256, born=1, told=4, reached=4, sounding=True, name="probe", ahead=3
        )
        self.parameters: dict[str, int] = {}
        self.latency, self.peak = 0, 0.0
        self.sent: list[tuple[int, bytes]] = []

    def post(self, offset: int, data: bytes) -> None:
        """Take a message."""
        self.sent.append((offset, data))

    def render(self) -> None:
        """Nothing is heard."""

    def taken(self) -> list[tuple[int, ...]]:
        """The messages since this was last asked, each as its frame and its bytes."""
        taken, self.sent = [(offset, *data) for offset, data in self.sent], []
        return taken


def bank() -> tuple[PluginBank, Wire, list[str]]:
    """A bank, its wire, and what it reports."""
    wire, told = Wire(), list[str]()
    return PluginBank(cast("PluginLink", wire), told.append), wire, told


def strike(one: PluginBank, ident: int, note: float, offset: int = 0) -> None:
    """Begin a note of a velocity of 127."""
    controls = read_controls({"note": note, "velocity": 1.0}, print)
    one.begin(ident, Voicing(controls, 1.0, 0.5, 0.0, 0.0), offset)


def test_a_note_alone_is_bent() -> None:
    """A quarter-tone up is a quarter of the way, on the note's frame; the next plain one is level again."""
    one, wire, told = bank()
    strike(one, 1, 60.0, 7)
    assert wire.taken() == [(7, 0x90, 60, 127)]
    one.end(1, 9)
    strike(one, 2, 61.5 - 1e-9, 9)
    strike_ = wire.taken()
    assert strike_ == [(9, 0x80, 60, 0), (9, 0xE0, 0, 0x50), (9, 0x90, 61, 127)]
    bend = strike_[1][2] + 128 * strike_[1][3]
    assert (bend - 8192) / 8192 * 2 == 0.5
    one.end(2, 20)
    strike(one, 3, 61.5 + 1e-9, 20)
    assert wire.taken() == [(20, 0x80, 61, 0), (20, 0xE0, 0, 0x30), (20, 0x90, 62, 127)]
    one.end(3, 30)
    strike(one, 4, 60.0, 30)
    assert wire.taken() == [(30, 0x80, 62, 0), (30, 0xE0, 0, 0x40), (30, 0x90, 60, 127)]
    assert {*told} == {SAID}


def test_beside_others_it_takes_the_bend_that_is_there() -> None:
    """Which is said; notes of one bend sound together."""
    one, wire, told = bank()
    strike(one, 1, 60.25)
    strike(one, 2, 64.25)
    assert wire.taken() == [(0, 0xE0, 0, 0x48), (0, 0x90, 60, 127), (0, 0x90, 64, 127)]
    assert told == [SAID]
    strike(one, 3, 67.0)
    assert wire.taken() == [(0, 0x90, 67, 127)]
    beside = "the plugin 'probe' has one bend for all its notes: others are held, so some are rounded"
    assert told == [SAID, beside]


def test_a_process_that_begins_anew_is_told_of_the_bend() -> None:
    """Before the notes that are held."""
    one, wire, _ = bank()
    strike(one, 1, 60.25)
    wire.taken()
    wire.born, wire.told, wire.reached = 2, 9, 8
    one.render(256)
    assert wire.taken() == [(0, 0xE0, 0, 0x48), (0, 0x90, 60, 127)]
