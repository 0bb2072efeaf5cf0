"""What accepting an edition or a statement would change: each place with its new layer, or with none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from repl.session import file_name, place_name

if TYPE_CHECKING:
    from collections.abc import Iterable
    from fractions import Fraction

    from bridge.layer import Layer
    from repl.loader import Loaded
    from repl.session import Session


@dataclass(frozen=True, slots=True)
class Change:
    """One place gets another layer, or none; it waits for the layer's quantum."""

    place: str
    layer: Layer | None
    quantum: Fraction


def changes_of_file(session: Session, loaded: Loaded) -> list[Change]:
    """What accepting this edition of a piece changes: each of its layers, and those that are gone."""
    changes: list[Change] = []
    for name, layer in loaded.layers.items():
        place = place_name(loaded.file, name)
        if not session.overridden(place, loaded):
            changes.append(Change(place, layer, layer.quantum))
            # What was tried at the prompt before it came into the file plays on in the file.
            changes += _ends(session, [place_name("", name)], layer.quantum)
    kept = {place_name(loaded.file, name) for name in loaded.layers}
    return changes + _ends(session, sorted(_places_of(session, loaded.file) - kept))


def changes_of_end(session: Session, file: str) -> list[Change]:
    """What the removal of a file changes: its layers end."""
    return _ends(session, sorted(_places_of(session, file)))


def changes_of_statement(session: Session, loaded: Loaded) -> list[Change]:
    """What was bound at the prompt: it takes the place of a file's layer of that name."""
    changes = [Change(session.place_of(name), layer, layer.quantum) for name, layer in loaded.layers.items()]
    return changes + _ends(session, (session.place_of(name) for name in sorted(loaded.unbound)))


def overrides_of(session: Session, loaded: Loaded) -> dict[str, str]:
    """The places of files that a statement takes, and the lines that it holds against."""
    found: dict[str, str] = {}
    for name in sorted(loaded.layers.keys() | loaded.unbound):
        place = session.place_of(name)
        piece = session.files.get(file_name(place))
        if piece is not None:
            found[place] = piece.lines[name]
    return found


def _ends(session: Session, places: Iterable[str], quantum: Fraction | None = None) -> list[Change]:
    return [
        Change(p, None, session.quantum_of(p) if quantum is None else quantum)
        for p in places
        if session.plays(p)
    ]


def _places_of(session: Session, file: str) -> set[str]:
    piece = session.files.get(file)
    # Also what has come back from an edition before.
    back = {place for place in session.playing() if file and file_name(place) == file}
    return back.union(place_name(file, name) for name in piece.layers) if piece is not None else back
