"""What an edition of a piece asks for that the edition before did not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bridge.layer import Layer
    from repl.loader import Loaded
    from repl.namespace import TempoRequest


def wanted_follow(loaded: Loaded, former: Loaded | None) -> tuple[str | None] | None:
    """The clock that an edition says is to be followed, in a tuple; None if it says nothing new of that."""
    before = former.follow if former is not None else None
    return loaded.follow if loaded.follow != before else None


def wanted_tempo(loaded: Loaded, former: Loaded | None) -> TempoRequest | None:
    """The tempo that an edition asks for, if it is another than the edition before asked for."""
    before = former.tempo if former is not None else None
    return loaded.tempo if loaded.tempo != before else None


def wanted_seed(loaded: Loaded, former: Loaded | None) -> int | None:
    """The seed that an edition asks for, if it is another than the edition before asked for."""
    before = former.seed if former is not None else None
    return loaded.seed if loaded.seed != before else None


def new_singles(loaded: Loaded, former: Loaded | None) -> list[Layer]:
    """What an edition wants played once that the edition before did not ask for."""
    before = {single.text for single in former.singles} if former is not None else set[str]()
    return [single.layer for single in loaded.singles if single.text not in before]
