"""How an event says that a parameter of an instrument or effect moves: the keys of such controls."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

PARAM = "param."
"""Before the name of a parameter whose value is a position, from 0 (its lowest) to 1 (its highest)."""
OWN = "own."
"""Before the name of a parameter whose value is in the parameter's own unit."""
OVER = "over"
"""In an event that moves parameters: they are on their way while it lasts; else they are there at once."""
SUCCEEDS = "succeeds"
"""In an event that is about who plays: the route that its own follows from now on, for its layer."""
SOUNDS = frozenset({"note", "s", "n", "freq", "midinote"})
"""What makes an event a note."""


def moved_by(key: str) -> tuple[str, bool] | None:
    """The parameter that a control moves, and whether its value is a position; None for other controls.

    >>> moved_by("param.cutoff"), moved_by("own.reverb.room_size"), moved_by("cutoff")
    (('cutoff', True), ('reverb.room_size', False), None)
    """
    if key.startswith(PARAM):
        return key[len(PARAM) :], True
    return (key[len(OWN) :], False) if key.startswith(OWN) else None


def only_moves(controls: Iterable[str]) -> bool:
    """Whether an event moves parameters, or says who plays, and is no note.

    >>> only_moves(["param.cutoff", "gain"]), only_moves(["param.cutoff", "note"])
    (True, False)
    """
    moves = False
    for key in controls:
        if key in SOUNDS:
            return False
        moves = moves or key == SUCCEEDS or moved_by(key) is not None
    return moves
