"""What is asked of the place in the piece: a jump to a cycle, a section again and again."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from bridge.link_line import LINK, START_STOP
from bridge.transport import Transport
from patterns.arguments import told

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.transport import Section
    from repl.loader import Loaded
    from repl.session import Session

OBEYING = "transport:"
"""What a clock that is followed begins with, if its start and stop are, too."""
JACK, TIMEBASE = "jack", "jack:timebase"
"""JACK's transport, and the same with our tempo told to all."""
PLUGIN = "plugin"
"""The transport of a DAW, by the plugin inside it."""


@dataclass(frozen=True, slots=True)
class Jump:
    """Somebody wants to be at a cycle of the piece.

    Args:
        cycle: Which.
        quantum: The jump waits for a multiple of so many cycles; 0 is at once.
    """

    cycle: Fraction
    quantum: Fraction = Fraction(1)


@dataclass(frozen=True, slots=True)
class Loop:
    """Somebody wants a section again and again; None: no more."""

    section: Section | None


Wish = Jump | Loop


def wanted_moves(loaded: Loaded, former: Loaded | None) -> tuple[Wish, ...]:
    """What an edition asks for that the edition before did not; a loop that is no longer written ends."""
    before = former.moves if former is not None else ()
    jumps = [move for move in loaded.moves if isinstance(move, Jump)]
    loops = [move for move in loaded.moves if isinstance(move, Loop)]
    out: list[Wish] = []
    if jumps != [move for move in before if isinstance(move, Jump)]:
        out += jumps
    if loops != [move for move in before if isinstance(move, Loop)]:
        out += loops or [Loop(None)]
    return tuple(out)


def first_line(moves: Iterable[Wish]) -> Transport:
    """Where a piece begins that asks to be elsewhere."""
    transport = Transport()
    for move in moves:
        if isinstance(move, Jump):
            transport = transport.jumped(Fraction(0), move.cycle)
        else:
            transport = transport.looped(Fraction(0), move.section)
    return transport


def tried_line(session: Session, moves: Iterable[Wish], cycle: Fraction) -> Transport:
    """Where an edition is to be tried at a cycle that passes: as if it rolled, should it stand."""
    if not session.begun:
        return first_line(moves)
    line = session.transport
    return line if line.rolls(cycle) else line.resumed(cycle)


def followed(clock: object, *, start_stop: bool, transport: bool, timebase: bool) -> str | None:
    """The clock that somebody wants to follow, with what of it, in one text.

    >>> followed("midi:Digitakt", start_stop=False, transport=True, timebase=False)
    'transport:midi:Digitakt'

    Raises:
        ValueError: There is no such clock, or it has not what is wanted of it.
    """
    port = clock.removeprefix("midi:") if isinstance(clock, str) and clock.startswith("midi:") else ""
    if clock not in (None, LINK, JACK, PLUGIN) and not port.strip():
        raise ValueError(
            'follow takes "link", "jack", "plugin", "midi:" and a part of a port\'s name, or None '
            f"(got {told(clock):.60})"
        )
    for wanted, goes, name in (
        (start_stop, clock == LINK, 'start_stop= goes with "link"'),
        (transport, bool(port), 'transport= goes with "midi:…"'),
        (timebase, clock == JACK, 'timebase= goes with "jack"'),
    ):
        if wanted and not goes:
            raise ValueError(f"follow: {name} only")
    if clock is None:
        return None
    if start_stop or timebase:
        return START_STOP if start_stop else TIMEBASE
    return f"{OBEYING}{clock}" if transport else str(clock)


def sets_tempo(follow: str | None) -> bool:
    """Whether `tempo` is ours to say beside a clock that is followed.

    >>> [sets_tempo(one) for one in (None, "link", "jack", "midi:Digitakt")]
    [True, True, True, False]
    """
    return follow is None or follow in (LINK, START_STOP, JACK, TIMEBASE)
