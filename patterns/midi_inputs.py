"""What comes in by MIDI, as signals and patterns: pure references that the session answers."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

from patterns.arguments import number
from patterns.combine import signal
from patterns.core import Flat, Pattern
from patterns.errors import PatternError
from patterns.inputs import MIDI, Curve, Input, Reading, Source, read_curve, read_number
from patterns.kinds import is_controls
from patterns.registry import transform
from patterns.state import Held, Walk
from patterns.ticks import Time, exact, to_cycles
from patterns.tonality import note_number

GROUP = "Live input"
MOST_BACK = 4
"""Cycles for which what was played is remembered."""


def cc_in(
    cc: int,
    low: float = 0.0,
    high: float = 1.0,
    default: float | None = None,
    *,
    curve: Curve = "linear",
    channel: int | None = None,
    port: str | None = None,
) -> Pattern:
    """Follow a MIDI controller that comes in.

    >>> cc_in(74, 200, 8000, curve="log").haps(0, 1)[0].value
    200.0

    Args:
        cc: Number of the controller, 0 to 127.
        low: Value at 0.
        high: Value at 127.
        default: Value until it is moved; `low` if not given.
        curve: As for `knob`: "linear", "log" or an exponent.
        channel: 1 to 16; any, unless given.
        port: A part of the name of the port that it comes from; any that is listened to, unless given.

    Raises:
        TypeError: A number is none.
        ValueError: A number is out of range, or the curve cannot be.
    """
    source = source_of("cc_in", "cc", read_whole("cc_in", "cc", cc, 0, 127), channel, port)
    return _position("cc_in", source, low, high, low if default is None else default, curve)


def cc14_in(
    cc: int,
    low: float = 0.0,
    high: float = 1.0,
    default: float | None = None,
    *,
    curve: Curve = "linear",
    channel: int | None = None,
    port: str | None = None,
) -> Pattern:
    """Follow a MIDI controller that comes in in 14 bits: its number and the one 32 above together.

    >>> cc14_in(1, 200, 8000, default=440).haps(0, 1)[0].value
    440.0

    Args:
        cc: Number of the coarse controller, 0 to 31; the coarse message comes before the fine one.
        low: Value at 0.
        high: Value at 16383; at 127 of a device that never sends the fine one.
        default: Value until it is moved; `low` if not given.
        curve: As for `knob`.
        channel: 1 to 16; any, unless given.
        port: A part of the port's name; any that is listened to, unless given.

    Raises:
        TypeError: A number is none.
        ValueError: A number is out of range, or the curve cannot be.
    """
    source = source_of("cc14_in", "cc14", read_whole("cc14_in", "cc", cc, 0, 31), channel, port)
    return _position("cc14_in", source, low, high, low if default is None else default, curve)


def nrpn_in(
    number: int,
    low: float = 0.0,
    high: float = 1.0,
    default: float | None = None,
    *,
    curve: Curve = "linear",
    channel: int | None = None,
    port: str | None = None,
) -> Pattern:
    """Follow a parameter that comes in as an NRPN, in 7 or 14 bits.

    >>> nrpn_in(260).haps(0, 1)[0].value
    0.0

    Args:
        number: Number of the parameter, 0 to 16382: 128 times its coarse byte and its fine one.
        low: Value at 0.
        high: Value at 16383; at 127 of a device that never sends the fine byte.
        default: Value until it is moved; `low` if not given.
        curve: As for `knob`.
        channel: 1 to 16; any, unless given.
        port: A part of the port's name; any that is listened to, unless given.

    Raises:
        TypeError: A number is none.
        ValueError: A number is out of range, or the curve cannot be.
    """
    source = source_of("nrpn_in", "nrpn", read_whole("nrpn_in", "number", number, 0, 16382), channel, port)
    return _position("nrpn_in", source, low, high, low if default is None else default, curve)


def bend_in(
    low: float = -1.0, high: float = 1.0, *, channel: int | None = None, port: str | None = None
) -> Pattern:
    """Follow the pitch wheel of a keyboard; at rest it is in the middle.

    >>> bend_in(-2, 2).haps(0, 1)[0].value
    0.0

    Args:
        low: Value with the wheel down.
        high: Value with the wheel up.
        channel: 1 to 16; any, unless given.
        port: A part of the port's name; any, unless given.
    """
    return _position(
        "bend_in", source_of("bend_in", "bend", None, channel, port), low, high, (low + high) / 2
    )


def pressure_in(
    low: float = 0.0,
    high: float = 1.0,
    *,
    curve: Curve = "linear",
    channel: int | None = None,
    port: str | None = None,
) -> Pattern:
    """Follow how hard the keys are pressed (aftertouch, of the channel or of the last key).

    >>> pressure_in(.2, 1).haps(0, 1)[0].value
    0.2

    Args:
        low: Value without pressure.
        high: Value at full pressure.
        curve: As for `knob`.
        channel: 1 to 16; any, unless given.
        port: A part of the port's name; any, unless given.
    """
    source = source_of("pressure_in", "pressure", None, channel, port)
    return _position("pressure_in", source, low, high, low, curve)


def key_in(
    root: int | str = 0,
    default: int | str | None = None,
    *,
    quantum: float = 0,
    channel: int | None = None,
    port: str | None = None,
) -> Pattern:
    """Follow the key that is held, as a number of semitones; of several the last, and it stays when let go.

    >>> note("0 3 7").add(key_in(default="c4")).haps(0, 1)[2].value
    {'note': 67.0}

    Args:
        root: The key that gives 0, as in `note("c3 eb3 g3").add(key_in("c3"))`.
        default: The key that counts until one is struck; c3 unless there is a root.
        quantum: Cycles: a new key counts from the next multiple of it on; 0 is at once.
        channel: 1 to 16; any, unless given.
        port: A part of the port's name; any, unless given.
    """
    base = read_key("key_in", root)
    rest = (base or read_key("key_in", "c3")) if default is None else read_key("key_in", default)
    at = Follower(
        source_of("key_in", "key", None, channel, port), read_quantum("key_in", quantum), float(rest)
    )
    return signal(lambda time, walk: at(time, walk) - base, reads=at.reads)


def gate_in(
    key: int | str | None = None,
    *,
    latch: bool = False,
    quantum: float = 0,
    channel: int | None = None,
    port: str | None = None,
) -> Pattern:
    """Be 1 while a key is held, else 0.

    >>> s("bd*4").mask(gate_in("c2")).haps(0, 1)
    []

    Args:
        key: Which, as "c2" or 36; any, unless given.
        latch: Each stroke turns it on or off instead.
        quantum: Cycles: what is held at each multiple of it counts up to the next; 0 is at once.
        channel: 1 to 16; any, unless given.
        port: A part of the port's name; any, unless given.
    """
    which = None if key is None else read_key("gate_in", key)
    source = source_of("gate_in", "flip" if latch else "gate", which, channel, port)
    at = Follower(source, read_quantum("gate_in", quantum), 0.0)
    return signal(lambda time, walk: 1 if at(time, walk) else 0, reads=at.reads)


def keys_in(
    default: str = "",
    *,
    latch: bool = False,
    quantum: float = 0,
    channel: int | None = None,
    port: str | None = None,
) -> Pattern:
    """Follow the chord that is held: the keys as numbers, all at one time, the lowest first.

    >>> [hap.value for hap in note(keys_in("c3 g3").segment(1)).haps(0, 1)]
    [{'note': 48}, {'note': 55}]

    Args:
        default: The keys that count until any is struck, as "c3 eb3 g3".
        latch: Keep the chord when it is let go, until the next is struck.
        quantum: Cycles: a new chord counts from the next multiple of it on; 0 is at once.
        channel: 1 to 16; any, unless given.
        port: A part of the port's name; any, unless given.
    """
    source = source_of("keys_in", "latch" if latch else "keys", None, channel, port)
    rest = tuple((read_key("keys_in", key), 100) for key in str(default).split())
    at = Follower(source, read_quantum("keys_in", quantum), rest)

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        walk.spend(1)
        return [(None, None, begin, end, key, ()) for key, _ in sorted(at(begin, walk))]

    return Pattern(run, reads=at.reads)


@transform(GROUP, strudel="")
def of_keys(
    pattern: Pattern,
    default: str = "",
    *,
    latch: bool = False,
    played: bool = False,
    channel: int | None = None,
    port: str | None = None,
) -> Pattern:
    """Read numbers as keys of the chord that is held: an arpeggiator. With no key held nothing sounds.

    >>> [hap.value["note"] for hap in n("0 1 2 3").of_keys("c3 g3").haps(0, 1)]
    [48, 55, 60, 67]

    Args:
        pattern: Numbers: 0 is the lowest key; beyond the highest they go on an octave above.
        default: The keys that count until any is struck, as "c3 eb3 g3".
        latch: Keep the chord when it is let go, until the next is struck.
        played: Count the keys in the order in which they were struck.
        channel: 1 to 16; any, unless given.
        port: A part of the port's name; any, unless given.
    """
    source = source_of("of_keys", "latch" if latch else "keys", None, channel, port)
    rest = tuple((read_key("of_keys", key), 100) for key in str(default).split())
    at = Follower(source, Fraction(0), rest)

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        kept: list[Flat] = []
        for b, e, first, last, value, where in pattern.run(begin, end, walk):
            held: Held = at(first if b is None else b, walk)
            keys = [key for key, _ in held] if played else sorted(key for key, _ in held)
            if not keys:
                continue
            try:
                kept.append((b, e, first, last, _keyed(value, keys), where))
            except PatternError as error:
                walk.report(error.message, where)
        return kept

    return Pattern(run, pattern.steps, reads=pattern.reads | at.reads)


class Follower:
    """Reads an input at a time in ticks, where time is bent too.

    Attributes:
        reads: What a pattern that uses it says that it reads.
    """

    __slots__ = ("_name", "_quantum", "_rest", "reads")

    def __init__(self, source: Source, quantum: Fraction, rest: Any) -> None:
        self._name, self._quantum, self._rest = source.name, quantum, rest
        self.reads = reads_of(source)

    def __call__(self, time: Time, walk: Walk) -> Any:
        """Say where the input is; where it rests if nobody has touched it."""
        cycle = to_cycles(walk.outside(time))
        if self._quantum:
            cycle = math.floor(cycle / self._quantum) * self._quantum
        try:
            return walk.controls.at(self._name, cycle)
        except KeyError:
            return self._rest


def _position(
    verb: str, source: Source, low: float, high: float, default: float, curve: Curve = "linear"
) -> Pattern:
    low, high = read_number(verb, "low", low), read_number(verb, "high", high)
    rest = read_number(verb, "default", default)
    what = Input(source.name, MIDI, low, high, read_curve(curve, low, high), rest)
    at = Follower(source, Fraction(0), None)

    def sample(time: Time, walk: Walk) -> Any:
        position = at(time, walk)
        return rest if position is None else what.value_at(position)

    return signal(sample, reads=at.reads)


def reads_of(source: Source) -> frozenset[str]:
    """Say which input a pattern reads."""
    reading = Reading(source.name)
    reading.input = Input(source.name, MIDI)
    return frozenset[str]({reading})


def source_of(verb: str, what: str, which: int | None, channel: int | None, port: str | None) -> Source:
    """Read which messages are meant.

    Raises:
        TypeError: The port is no text.
        ValueError: There is no such channel.
    """
    if port is not None and (not isinstance(port, str) or not port.strip()):  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
        raise TypeError(f"{verb}: port is a part of a port's name (got {port!r})")
    known = None if channel is None else read_whole(verb, "channel", channel, 1, 16)
    return Source(what, which, known, None if port is None else str(port).strip())


def read_whole(verb: str, what: str, value: object, low: int, high: int) -> int:
    """Read a whole number that a musician gave.

    Raises:
        ValueError: It is none, or out of range.
    """
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"{verb}: {what} must be a whole number from {low} to {high} (got {value!r})")
    return value


def read_key(verb: str, key: str | float) -> int:
    """Read a key: its name or its number.

    Raises:
        ValueError: There is no such key.
    """
    try:
        found = note_number(key)
    except (PatternError, TypeError, ValueError):
        found = -1
    if found != round(found) or not 0 <= found <= 127:
        raise ValueError(f'{verb}: a key is a name such as "c2" or a number from 0 to 127 (got {key!r})')
    return int(found)


def read_quantum(verb: str, quantum: float) -> Fraction:
    """Read the cycles that something waits for.

    Raises:
        TypeError: It is no number.
        ValueError: It is out of range.
    """
    step = exact(read_number(verb, "quantum", quantum))
    if not 0 <= step <= MOST_BACK:
        raise ValueError(f"{verb}: quantum is in cycles, 0 to {MOST_BACK} (got {quantum!r})")
    return step


def _keyed(value: Any, keys: list[int]) -> Any:
    """A number, or controls with one, as the key that it counts to."""
    if not is_controls(value):
        octave, place = divmod(math.floor(number("of_keys", value)), len(keys))
        return keys[place] + 12 * octave
    for name in ("n", "note", "value"):
        if name in value:
            rest = {key: part for key, part in value.items() if key not in ("n", "value")}
            return {**rest, "note": _keyed(value[name], keys)}
    raise PatternError(f'of_keys wants numbers, as in n("0 1 2") (got {value!r})')
