"""Keyboards that a session plays: from the names that pieces and the prompt bind them to."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from bridge.keyboard import Keyboard, Row
from bridge.layer import Target, route_of
from bridge.targets import MidiTarget
from patterns.arguments import told
from patterns.midi_inputs import read_key, read_whole
from plugin_host.specs import Chain, instrument

if TYPE_CHECKING:
    from repl.session import Session


def keyboard(
    on: Target | str = "keys",
    *,
    channel: int | None = None,
    port: str | None = None,
    low: int | str = 0,
    high: int | str = 127,
    transpose: int = 0,
) -> Keyboard:
    """Play an instrument on a MIDI keyboard, directly. It plays while a name of the piece is bound to it.

    >>> keyboard("bass", high="b3").high
    59

    Args:
        on: An instrument, or its name; or `midi(...)`.
        channel: 1 to 16 of the keys; any, unless given.
        port: A part of the name of the port that they come from; any, unless given.
        low: The lowest key that plays it, for a split.
        high: The highest.
        transpose: Semitones by which it sounds higher, -127 to 127.

    Raises:
        HostError: There is no such instrument.
        TypeError: It is nothing that can be played.
        ValueError: A number is out of range.
    """
    target = instrument(on) if isinstance(on, str) else on
    if not isinstance(target, Chain | MidiTarget):
        raise TypeError(f"keyboard plays an instrument or midi(...) (got {told(on)})")
    known = None if channel is None else read_whole("keyboard", "channel", channel, 1, 16)
    if port is not None and (not isinstance(port, str) or not port.strip()):  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
        raise TypeError(f"keyboard: port is a part of a port's name (got {told(port)})")
    return Keyboard(
        target,
        known,
        port,
        read_key("keyboard", low),
        read_key("keyboard", high),
        read_whole("keyboard", "transpose", transpose, -127, 127),
    )


def keyboards_in_session(session: Session) -> list[dict[str, object]]:
    """Every keyboard that a name is bound to, in a piece or at the prompt, which comes first."""
    bound: dict[str, object] = {}
    for piece in session.files.values():
        bound.update(piece.names)
    bound.update((name, session.space[name]) for name in session.typed & session.space.keys())
    found = [_row(value) for _, value in sorted(bound.items()) if isinstance(value, Keyboard)]
    return [asdict(row) for index, row in enumerate(found) if row not in found[:index]]


def _row(one: Keyboard) -> Row:
    target = one.target
    audio = isinstance(target, Chain)
    return Row(
        "mixer" if audio else "output",
        route_of(target.key),
        {"chain": target.to_json()} if audio else target.to_json(),
        one.channel,
        one.port,
        one.low,
        one.high,
        one.transpose,
        target.channel - 1 if isinstance(target, MidiTarget) else 0,
        isinstance(target, Chain) and target.instrument.name == "drums",
    )
