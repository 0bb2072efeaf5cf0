"""What is asked of the place in the piece: a jump to a cycle, a section again and again."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from bridge.transport import Transport

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bridge.transport import Section
    from repl.loader import Loaded
    from repl.session import Session

OBEYING = "transport:"
"""What a clock that is followed begins with, if its start and stop are, too."""


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
