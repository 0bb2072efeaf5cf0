"""Events as OSC bundles, read back by python-osc."""

import struct
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from bridge.errors import BridgeError
from bridge.event import TimedEvent
from bridge.layer import route_of
from bridge.osc import bundle, encode
from bridge.targets import OscTarget, osc, superdirt
from patterns.errors import PatternError


def read(data: bytes) -> tuple[float, str, dict[str, Any]]:
    """Timetag, address and arguments of a bundle with one message."""
    whole = OscBundle(data)
    assert whole.num_contents == 1
    message = whole.content(0)
    assert isinstance(message, OscMessage)
    values: list[Any] = message.params
    return (
        whole.timestamp,
        message.address,
        dict(zip(values[::2], values[1::2], strict=True)),
    )


def said(target: OscTarget, duration: float = 0.5, **controls: object) -> tuple[float, str, dict[str, Any]]:
    """What arrives of an event at cycle 3.5."""
    (event,) = encode(target, TimedEvent(2.0, duration, controls, "lead", 40), 0.5625, 3.5)
    assert event.route == route_of(target.key)
    assert (event.id, event.off) == (40, b"")
    assert event.at == event.until == pytest.approx(2.0 - target.latency)
    return read(event.on)


def test_superdirt_gets_the_fields_that_it_expects() -> None:
    """Address, timetag at the onset (on our time), cps, cycle, delta, orbit, all that the event says."""
    when, path, fields = said(superdirt(), s="bd", n=3, gain=1.5)
    assert when == pytest.approx(2.0, abs=1e-6)
    assert path == "/dirt/play"
    assert fields == {
        "_id_": "lead", "cps": 0.5625, "cycle": 3.5, "delta": 0.5, "s": "bd", "n": 3, "gain": 1.5, "orbit": 0,
    }  # fmt: skip
    assert isinstance(fields["orbit"], int)
    assert isinstance(fields["delta"], float)


def test_superdirt_counts_notes_from_middle_c() -> None:
    """c3 is 48 here."""
    assert said(superdirt(), note="c3")[2]["note"] == -12
    assert said(superdirt(), note=60.5)[2]["note"] == 0.5


def test_a_speed_in_cycles_has_the_tempo_in_it_once() -> None:
    """SuperDirt multiplies it by `cps` itself: half a sound a cycle here."""
    assert said(superdirt(), s="break", unit="c", speed=0.5625 / 2)[2]["speed"] == 0.5
    assert said(superdirt(), s="break", speed=0.75)[2]["speed"] == 0.75
    assert "speed" not in said(superdirt(), s="break", unit="c")[2]
    assert said(osc(port=7000, path="/x"), s="break", unit="c", speed=0.75)[2]["speed"] == 0.75


def test_superdirt_stretches_by_legato_itself() -> None:
    """So delta is the whole note; a sustain in seconds is passed on as it is."""
    fields = said(superdirt(), 0.25, s="pad", legato=0.5)[2]
    assert (fields["delta"], fields["legato"]) == (0.5, 0.5)
    fields = said(superdirt(), 0.25, s="pad", legato=0.5, sustain=0.25)[2]
    assert (fields["delta"], fields["sustain"]) == (0.25, 0.25)
    fields = said(superdirt(), 0.5, s="pad", decay=0.125, sustain=0.25)[2]
    assert (fields["delta"], fields["decay"], fields.get("sustain")) == (0.5, 0.125, None)


def test_another_peer_gets_only_what_was_said() -> None:
    """Names and values in turn, at its own address."""
    when, path, fields = said(osc(9000, "/synth"), note="c3", shape=0.25, on=True)
    assert when == pytest.approx(2.0, abs=1e-6)
    assert path == "/synth"
    assert fields == {"note": "c3", "shape": 0.25, "on": 1}


VALUES = st.one_of(
    st.text(st.characters(min_codepoint=1, codec="utf-8"), max_size=9),
    st.integers(-(2**63), 2**63 - 1).filter(lambda n: not 2**31 <= abs(n) < 2**32),
    st.floats(width=32, allow_nan=False),
)


@given(
    st.dictionaries(st.text(st.characters(codec="ascii", min_codepoint=32), max_size=9), VALUES, max_size=6),
    st.floats(1, 2_000_000_000),
)
def test_bundles_are_what_python_osc_writes(arguments: dict[str, object], wall: float) -> None:
    """Byte for byte, but for the last bits of the timetag."""
    message = OscMessageBuilder(address="/dirt/play")
    for name, value in arguments.items():
        message.add_arg(name)
        message.add_arg(cast("float", value))
    whole = OscBundleBuilder(cast("int", wall))
    whole.add_content(message.build())
    wanted, ours = whole.build().dgram, bundle("/dirt/play", arguments, wall)
    assert ours[:8] + ours[16:] == wanted[:8] + wanted[16:]
    seconds, fraction = struct.unpack(">II", ours[8:16])
    theirs = struct.unpack(">II", wanted[8:16])
    assert seconds + fraction / 2**32 == pytest.approx(theirs[0] + theirs[1] / 2**32, abs=1e-5)


@pytest.mark.parametrize(
    ("controls", "error", "text"),
    [
        ({"gain": [1]}, ValueError, r"gain must be a number \(got \[1\]\)"),
        ({"n": 2**70}, ValueError, "n is too large for OSC"),
        ({"n": 1e300}, ValueError, "n is too large for OSC"),
        ({"s": "a\0b"}, ValueError, "zero character"),
        ({"note": "h"}, PatternError, "'h'"),
        ({"orbit": "left"}, ValueError, "orbit must be a number"),
        ({"legato": "long"}, ValueError, "legato must be a number"),
    ],
)
def test_what_cannot_be_sent_is_named(controls: dict[str, object], error: type[Exception], text: str) -> None:
    """The control and its value."""
    with pytest.raises(error, match=text):
        encode(superdirt(), TimedEvent(0.0, 1.0, controls, "lead", 4), 0.5, 0.0)


def test_targets_that_cannot_be_are_named() -> None:
    """With what to try."""
    with pytest.raises(BridgeError, match="try '/synth'"):
        osc(9000, "synth")
    with pytest.raises(BridgeError, match=r"1 to 65535 \(got 70000\)"):
        osc(70000)
    with pytest.raises(BridgeError, match="superdirt: port"):
        superdirt(port=0)
    with pytest.raises(BridgeError, match="latency"):
        superdirt(latency=2)


def test_superdirt_is_told_its_own_names() -> None:
    """What an event calls clip is legato there, and the size of the room just size."""
    fields = said(superdirt(), 0.25, s="pad", clip=0.5, roomsize=0.9)[2]
    assert (fields["delta"], fields["legato"]) == (0.5, 0.5)
    assert fields["size"] == pytest.approx(0.9)
    assert not {"clip", "roomsize"} & set(fields)
