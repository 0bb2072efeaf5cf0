"""Reading OSC: as python-osc reads it, and nothing that comes can do harm."""

import contextlib
import struct
import time
from typing import Any

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from pythonosc.osc_bundle import OscBundle
from pythonosc.osc_bundle_builder import OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from bridge.osc_match import matching
from bridge.osc_read import Message, OscError, Timed, read_message, read_packet
from bridge.osc_stream import LARGEST, Unframer, framed
from bridge.osc_write import stamped, write_bundle, write_message

TEXT = st.text(st.characters(min_codepoint=1, codec="utf-8"), max_size=9)
PLAIN = st.one_of(
    TEXT,
    st.booleans(),
    st.none(),
    st.binary(max_size=9),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(width=32, allow_nan=False),
)
ADDRESS = st.from_regex(r"/[a-z]{1,6}(/[a-z0-9.]{1,9}){0,3}", fullmatch=True)


def built(address: str, *arguments: Any) -> bytes:
    """A message as python-osc writes it."""
    builder = OscMessageBuilder(address=address)
    for argument in arguments:
        builder.add_arg(argument)
    return builder.build().dgram


@given(ADDRESS, st.lists(PLAIN, max_size=9))
def test_what_python_osc_writes_is_read(address: str, arguments: list[Any]) -> None:
    """Every type that it knows."""
    # It writes neither whole numbers of 64 bits nor empty blobs.
    arguments = [a for a in arguments if a != b"" and (type(a) is not int or abs(a) < 2**31)]
    message = read_message(built(address, *arguments))
    assert message.address == address
    assert list(message.arguments) == arguments
    assert [type(a) for a in message.arguments] == [type(a) for a in arguments]


@given(ADDRESS, st.lists(PLAIN, max_size=9))
def test_what_we_write_is_read_by_both(address: str, arguments: list[Any]) -> None:
    """Also whole numbers of 64 bits."""
    data = write_message(address, arguments)
    assert len(data) % 4 == 0
    assert list(read_message(data).arguments) == arguments
    theirs = OscMessage(data)
    read: list[Any] = theirs.params
    assert (theirs.address, read) == (address, arguments)


def test_arrays_and_rare_types_are_read() -> None:
    """Arrays become tuples; what has no data is a value all the same."""
    data = b"/a\0\0,[i[TF]]cdtNIS\0\0"
    data += struct.pack(">i", 7) + b"\0\0\0x" + struct.pack(">dQ", 0.5, 1) + b"sym\0"
    assert read_message(data).arguments == ((7, (True, False)), "x", 0.5, 1, None, float("inf"), "sym")
    assert read_message(b"/bare\0\0\0") == Message("/bare", ())


def test_bundles_keep_order_and_times() -> None:
    """Nested ones have their own; 1 is at once."""
    inner = write_bundle([write_message("/b", [1])], 1_700_000_001.5)
    whole = write_bundle([write_message("/a"), inner, write_message("/c")], None)
    assert read_packet(whole) == [
        Timed(None, Message("/a", ())),
        Timed(1_700_000_001.5, Message("/b", (1,))),
        Timed(None, Message("/c", ())),
    ]
    assert OscBundle(whole).num_contents == 3
    builder: Any = OscBundleBuilder(1_700_000_000)
    builder.add_content(OscMessage(built("/x", 0.5)))
    assert read_packet(builder.build().dgram) == [Timed(1_700_000_000.0, Message("/x", (0.5,)))]


@settings(max_examples=1500)
@given(st.binary(max_size=64).flatmap(lambda b: st.sampled_from([b, b"/a\0\0," + b, b"#bundle\0" + b])))
@example(b"#bundle\0" + bytes(8) + struct.pack(">i", -4) + b"/a\0\0")
@example(b"/a\0\0,b\0\0\xff\xff\xff\xff")
@example(b"/a\0\0," + b"[" * 40 + b"\0" * 4)
@example(b"/a\0\0,]\0\0")
@example(b"/\xff\xfe\0,\0\0\0")
def test_anything_is_read_or_refused(data: bytes) -> None:
    """Whatever comes, there is an answer or the one error."""
    with contextlib.suppress(OscError):
        for timed in read_packet(data):
            assert timed.message.address[0] == "/"


@given(st.lists(PLAIN, max_size=6), st.data())
def test_a_packet_that_was_damaged_is_read_or_refused(arguments: list[Any], data: st.DataObject) -> None:
    """Bytes changed, cut off or doubled."""
    message = write_message("/ctl/some/where", arguments)
    whole = bytearray(write_bundle([message, message], 1_700_000_000.0))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(whole)))
    for packet in (bytes(whole), bytes(whole[:cut]), bytes(whole[cut:])):
        with contextlib.suppress(OscError):
            read_packet(packet)


@given(st.floats(0, 1e8), st.floats(-1e6, 2e9))
def test_a_timetag_is_moved_to_another_clock(when: float, ahead: float) -> None:
    """What is in the bundle stays; a bundle for at once, and a message alone, stay as they are."""
    assume(when + ahead >= 0)  # what lies before 1970 is read as at once
    message = write_message("/a", [1])
    moved = stamped(write_bundle([message], when), lambda time: time + ahead)
    assert moved[:8] + moved[16:] == write_bundle([message], 0)[:8] + write_bundle([message], 0)[16:]
    (timed,) = read_packet(moved)
    assert timed.when == pytest.approx(when + ahead, abs=2e-6)
    for packet in (message, write_bundle([message], None)):
        assert stamped(packet, lambda time: time + ahead) == packet


def test_bundles_do_not_nest_for_ever() -> None:
    """Nor hold more messages than anybody would send."""
    packet = write_message("/a")
    for _ in range(50):
        packet = write_bundle([packet], None)
    with pytest.raises(OscError, match="within one another"):
        read_packet(packet)
    with pytest.raises(OscError, match="more than 4096 messages"):
        read_packet(write_bundle([write_message("/a")] * 5000, None))


@pytest.mark.parametrize("framing", ["length", "slip"])
@given(st.lists(st.binary(min_size=1, max_size=40).map(lambda b: b"/" + b), max_size=6), st.data())
def test_a_stream_gives_its_packets(framing: str, packets: list[bytes], data: st.DataObject) -> None:
    """In pieces of any size; the framing is told by the first byte."""
    stream = b"".join(framed(packet, framing) for packet in packets)
    unframer, found = Unframer(), list[bytes]()
    while stream:
        size = data.draw(st.integers(1, len(stream)))
        found += unframer.feed(stream[:size])
        stream = stream[size:]
    assert found == packets


def test_python_osc_frames_as_we_do() -> None:
    """Its two clients are what TouchOSC's two ways are."""
    from pythonosc import slip

    message = write_message("/a", ["\u00c0\u00db", 0.1])
    assert slip.encode(message) == framed(message, "slip")


@pytest.mark.parametrize(
    "stream",
    [
        b"GET / HTTP/1.1\r\n",
        b"POST",
        b"\x16\x03\x01",
        struct.pack(">I", LARGEST + 1),
        b"\xc0" + b"x" * (LARGEST + 9),
    ],
)
def test_a_stream_that_is_no_osc_is_refused(stream: bytes) -> None:
    """A browser that some page sends here must not be understood."""
    with pytest.raises(OscError):
        Unframer().feed(stream)


@pytest.mark.parametrize(
    ("pattern", "means"),
    [
        ("/ctl/*", ["/ctl/low", "/ctl/high", "/ctl/l2"]),
        ("/ctl/l*", ["/ctl/low", "/ctl/l2"]),
        ("/ctl/l?", ["/ctl/l2"]),
        ("/ctl/l[0-9]", ["/ctl/l2"]),
        ("/ctl/l[!3-9]", ["/ctl/l2"]),
        ("/ctl/{low,l2}", ["/ctl/low", "/ctl/l2"]),
        ("/*/*/x", ["/ctl/pad/x"]),
        ("/ctl/{low,pad}*", ["/ctl/low"]),
        ("/c*l/?o*", ["/ctl/low"]),
        ("*", []),
    ],
)
def test_patterns_mean_addresses(pattern: str, means: list[str]) -> None:
    """As the specification says; nothing but a slash matches a slash."""
    there = ["/ctl/low", "/ctl/high", "/ctl/l2", "/ctl/pad/x"]
    assert matching(pattern, there) == means


def test_patterns_take_bounded_time() -> None:
    """A hundred stars are no trap."""
    before = time.perf_counter()
    assert matching("/" + "*a" * 100 + "b", ["/" + "a" * 200] * 20) == []
    assert time.perf_counter() - before < 2
    with pytest.raises(OscError, match="not closed"):
        matching("/ctl/[a-", ["/ctl/a"])
    with pytest.raises(OscError, match="characters"):
        matching("/" + "*" * 300, [])
