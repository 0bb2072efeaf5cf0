"""What an event says to a channel besides its note: a table of controls, and the messages that say them.

A row reads what it knows from an event's controls. The rows stand in the order in which they are sent: a bank
before its program, a program before its controllers, all of it before the note.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import cast

from bridge.midi_bytes import (
    BANK,
    BANK_LOW,
    BEND,
    CONTROL,
    DATA,
    DATA_LOW,
    KEY_PRESSURE,
    NRPN,
    NRPN_LOW,
    PRESSURE,
    PROGRAM,
    RPN,
    RPN_LOW,
    SYSEX,
    SYSEX_END,
    TIMBRE,
)
from bridge.midi_values import fourteen, named, unit, whole
from patterns.midi_numbers import numbered

Says = Mapping[str, object]
Row = Callable[[Says, int, int | None], bytes]
"""From an event's controls, a channel counted from 0, and the key of its note if it has one."""

PROGRAM_NAMES = ("progNum", "prog")
BEND_NAMES = ("midibend", "bend")
TOUCH_NAMES = ("miditouch", "touch")
CHANNEL_NAMES = ("channel", "midichan")
KEY_TOUCH_NAMES = ("polyTouch", "poly_touch")

LONGEST = 16_384
"""Bytes of a system exclusive message; a JACK period of 256 frames takes 32,768 for all that is sent."""


def bend(channel: int, value: float) -> bytes:
    """A pitch bend, -1 to 1 of the range that the instrument has.

    >>> bend(0, 0.0).hex()
    'e00040'
    """
    steps = min(16383, round(value * 8192) + 8192)
    return bytes((BEND | channel, steps & 127, steps >> 7))


def pressure(channel: int, value: float) -> bytes:
    """Pressure of the whole channel, 0 to 1."""
    return bytes((PRESSURE | channel, round(value * 127)))


def control(channel: int, number: int, value: int) -> bytes:
    """A controller, in seven bits."""
    return bytes((CONTROL | channel, number, value))


def _pairs(channel: int, *pairs: tuple[int, int]) -> bytes:
    return b"".join(bytes((CONTROL | channel, number, value)) for number, value in pairs)


def _numbers(says: Says, channel: int, _key: int | None) -> bytes:
    """cc74, cc14_1, rpn0, nrpn260, nrpn7_260: each 0 to 1."""
    out = b""
    for name, value in says.items():
        found = numbered(name)
        if found is not None:
            out += _number(*found, unit(name, value), channel)
    return out


def _number(kind: str, number: int, value: float, channel: int) -> bytes:
    if kind == "cc":
        return control(channel, number, round(value * 127))
    steps = round(value * 16383)
    high, low = steps >> 7, steps & 127
    if kind == "cc14_":
        return _pairs(channel, (number, high), (number + 32, low))
    if kind == "nrpn7_":
        return _pairs(channel, (NRPN, number >> 7), (NRPN_LOW, number & 127), (DATA, round(value * 127)))
    if kind == "nrpn":
        head = ((NRPN, number >> 7), (NRPN_LOW, number & 127))
        return _pairs(channel, *head, (DATA, high), (DATA_LOW, low))
    # Closed behind it: a stray entry must not change the range of bends or the tuning.
    head = ((RPN, number >> 7), (RPN_LOW, number & 127))
    return _pairs(channel, *head, (DATA, high), (DATA_LOW, low), (RPN, 127), (RPN_LOW, 127))


def _program(says: Says, channel: int, _key: int | None) -> bytes:
    """A bank as two controllers, then the program: instruments take a bank with the next program only."""
    out = b""
    bank = says.get("midibank", says.get("bank"))
    if bank is not None and not isinstance(bank, str):  # a word is a bank of samples
        high, low = fourteen("bank", bank)
        out += _pairs(channel, (BANK, high), (BANK_LOW, low))
    _, program = named(says, *PROGRAM_NAMES)
    if program is not None:
        out += bytes((PROGRAM | channel, whole("prog", program, 0, 127)))
    return out


def _controller(says: Says, channel: int, _key: int | None) -> bytes:
    """Strudel's pair: `ccn` 0 to 127 with `ccv` 0 to 1."""
    if "ccn" not in says or "ccv" not in says:
        return b""
    number = whole("ccn", says["ccn"], 0, 127)
    return control(channel, number, round(unit("ccv", says["ccv"]) * 127))


def _nrpn(says: Says, channel: int, _key: int | None) -> bytes:
    """Strudel's pair: `nrpnn` as a number or `msb:lsb`; `nrpv` 0 to 127, or `msb:lsb` for 14 bits."""
    if "nrpnn" not in says or "nrpv" not in says:
        return b""
    high, low = fourteen("nrpnn", says["nrpnn"])
    head = ((NRPN, high), (NRPN_LOW, low))
    value = says["nrpv"]
    if isinstance(value, list | tuple):
        upper, lower = fourteen("nrpv", cast("object", value))
        return _pairs(channel, *head, (DATA, upper), (DATA_LOW, lower))
    return _pairs(channel, *head, (DATA, whole("nrpv", value, 0, 127)))


def _timbre(says: Says, channel: int, _key: int | None) -> bytes:
    """MPE's third dimension, which is controller 74."""
    if "timbre" not in says:
        return b""
    return control(channel, TIMBRE, round(unit("timbre", says["timbre"]) * 127))


def _touch(says: Says, channel: int, _key: int | None) -> bytes:
    _, value = named(says, *TOUCH_NAMES)
    return b"" if value is None else pressure(channel, unit("touch", value))


def _key_touch(says: Says, channel: int, key: int | None) -> bytes:
    """Of the event's own note, or `key:value` for one that sounds."""
    _, value = named(says, *KEY_TOUCH_NAMES)
    if value is None:
        return b""
    if isinstance(value, list | tuple):
        parts = cast("list[object]", value)
        if len(parts) != 2:
            raise ValueError(f"poly_touch takes a value, or key:value (got {len(parts)} numbers)")
        key, value = whole("poly_touch", parts[0], 0, 127), parts[1]
    if key is None:
        raise ValueError("poly_touch needs a note, or the key before its value, as in poly_touch('60:.5')")
    return bytes((KEY_PRESSURE | channel, key, round(unit("poly_touch", value) * 127)))


def _bend(says: Says, channel: int, _key: int | None) -> bytes:
    _, value = named(says, *BEND_NAMES)
    return b"" if value is None else bend(channel, unit("bend", value, -1))


def _sysex(says: Says, _channel: int, _key: int | None) -> bytes:
    """`sysexraw` as it is written; or Strudel's maker and data."""
    if "sysexraw" in says:
        return framed(_byte_values("sysexraw", says["sysexraw"]))
    if "sysexid" not in says:
        return b""
    if "sysexdata" not in says:
        raise ValueError("sysexid needs sysexdata, as in sysex('0x7d:1')")
    return framed(_byte_values("sysexid", says["sysexid"]) + _byte_values("sysexdata", says["sysexdata"]))


def framed(data: bytes) -> bytes:
    """A system exclusive message: with the bytes that begin and end it, if they are not there.

    Raises:
        ValueError: It is empty or too long, or a byte between them is above 127: that would end the message.
    """
    begin = 1 if data[:1] == bytes((SYSEX,)) else 0
    end = len(data) - 1 if data[-1:] == bytes((SYSEX_END,)) else len(data)
    body = data[begin:end]
    if len(body) > LONGEST:
        raise ValueError(f"a system exclusive message may have {LONGEST} bytes here (got {len(body)})")
    wrong = next((n for n, byte in enumerate(body, begin) if byte > 127), None)
    if wrong is not None or not body:
        what = "it is empty" if wrong is None else f"byte {wrong} is {data[wrong]}, above 127"
        raise ValueError(f"no system exclusive message: {what}")
    return bytes((SYSEX, *body, SYSEX_END))


def _byte_values(name: str, value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    if isinstance(value, str):
        try:
            return bytes.fromhex(value)
        except ValueError:
            what = f"bytes in hexadecimal, such as 'f0 7d 01 f7' (got {value!r})"
            raise ValueError(f"{name} must be {what}") from None
    values = cast("list[object]", value) if isinstance(value, list | tuple) else [value]
    return bytes(whole(name, each, 0, 255) for each in values)


SYSTEM: tuple[Row, ...] = (_sysex,)
"""What goes to the whole instrument."""
CHANNEL: tuple[Row, ...] = (_program,)
"""What goes to the whole zone in MPE."""
VOICE: tuple[Row, ...] = (_numbers, _controller, _nrpn)
"""What goes to the whole zone in MPE, save for the three dimensions below."""
DIMENSIONS: tuple[Row, ...] = (_timbre, _touch, _bend)
"""What in MPE belongs to one note."""
AFTER: tuple[Row, ...] = (_key_touch,)
"""What speaks of a note and so comes after it."""


def say(rows: tuple[Row, ...], says: Says, channel: int, key: int | None = None) -> bytes:
    """The messages of some rows, one after the other."""
    return b"".join(row(says, channel, key) for row in rows)


def streamed(name: str) -> bool:
    """Whether a control may follow a signal between onsets: a numbered controller, bend, pressure, timbre.

    >>> streamed("cc74"), streamed("midibend"), streamed("note")
    (True, True, False)
    """
    return name in _STREAMED or numbered(name) is not None


_STREAMED = frozenset({*BEND_NAMES, *TOUCH_NAMES, "timbre"})


def say_one(name: str, value: object) -> bytes:
    """One control that streams, on the first channel: two values are alike for MIDI if these bytes are."""
    return say((*VOICE, *DIMENSIONS), {name: value}, 0)


_OTHERS = ("ccn", "nrpnn", "midibank", "sysexid", "sysexraw")
_MIDI = frozenset((*PROGRAM_NAMES, *BEND_NAMES, *TOUCH_NAMES, *KEY_TOUCH_NAMES, *_OTHERS))


def only_midi(controls: Says) -> bool:
    """Whether an event has something to say over MIDI and no note.

    >>> only_midi({"cc74": 0.5}), only_midi({"cc74": 0.5, "note": 60})
    (True, False)
    """
    if "note" in controls or "freq" in controls:
        return False
    return any(name in _MIDI or numbered(name) is not None for name in controls)
