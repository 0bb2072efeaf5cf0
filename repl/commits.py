"""What is handed over when a change is accepted: plain data that makes an understudy's session equal."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.tempo import Tempo
    from repl.loader import Loaded

Commit = dict[str, object]

STATES = ("tempo", "mix", "seed", "controls", "tried", "memory", "clocks", "follow", "transport", "cue")
"""Kinds of commits of which only the newest matters (of "tried" and "clocks" the newest of each file)."""

COMMANDS = (
    *("hush", "panic", "mute", "unmute", "solo", "unsolo", "cue"),
    *("turn", "tap", "nudge_clock", "pause", "resume", "undo", "redo", "scene", "scenes"),
    *("go", "build"),
    *("daw", "layers", "meters", "seeds", "help", "explain", "svg"),
    *("learn", "unlearn", "learnt", "record", "take"),
)
"""What can be said at the prompt only; `repl.commands` does it."""


def typed_commit(
    loaded: Loaded,
    boundaries: Mapping[str, Fraction],
    overrides: Mapping[str, str] | None = None,
    cycle: float = 0.0,
) -> Commit:
    """The commit of a statement typed at the prompt.

    Args:
        loaded: The statement.
        boundaries: The cycle from which each place that it changes is changed.
        overrides: See `repl.changes.overrides_of`.
        cycle: Where the music is.
    """
    return {
        "kind": "typed",
        "source": loaded.source,
        **_modules(loaded),
        "boundaries": _plain(boundaries),
        "overrides": dict(overrides or {}),
        "cycle": cycle,
    }


def file_commit(loaded: Loaded, boundaries: Mapping[str, Fraction], cycle: float = 0.0) -> Commit:
    """The commit of an edition of a piece; arguments as for `typed_commit`."""
    return {
        "kind": "file",
        "file": loaded.file,
        "source": loaded.source,
        **_modules(loaded),
        "boundaries": _plain(boundaries),
        "cycle": cycle,
    }


def end_commit(
    file: str, boundaries: Mapping[str, Fraction], cycle: float = 0.0, fade: Fraction = Fraction(0)
) -> Commit:
    """The commit of a file that is gone.

    Args:
        file: Its name.
        boundaries: As for `typed_commit`.
        cycle: As for `typed_commit`.
        fade: Cycles in which its layers fade out from there; 0 ends them there.
    """
    more: Commit = {"fade": str(fade)} if fade > 0 else {}
    return {"kind": "end", "file": file, "boundaries": _plain(boundaries), "cycle": cycle, **more}


def ended_commit(boundaries: Mapping[str, Fraction], cycle: float = 0.0) -> Commit:
    """The commit of layers that end; arguments as for `typed_commit`."""
    return {"kind": "ended", "boundaries": _plain(boundaries), "cycle": cycle}


def recalled_commit(rows: Commit, boundaries: Mapping[str, Fraction], cycle: float = 0.0) -> Commit:
    """The commit of layers that come back.

    Args:
        rows: Which, and what makes them again.
        boundaries: As for `typed_commit`.
        cycle: As for `typed_commit`.
    """
    return {"kind": "recalled", **rows, "boundaries": _plain(boundaries), "cycle": cycle}


def tempo_commit(tempo: Tempo, beats: float, *, begun: bool = True) -> Commit:
    """The commit of a change of tempo.

    Args:
        tempo: The whole line.
        beats: Beats in a cycle.
        begun: Whether cycle 0 has its time.
    """
    return {"kind": "tempo", "tempo": tempo.to_json(), "beats": beats, "begun": begun}


def boundaries_of(commit: Commit) -> dict[str, Fraction]:
    """The cycle from which each place that a commit changes is changed."""
    return {place: Fraction(boundary) for place, boundary in written_boundaries(commit).items()}


def written_boundaries(commit: Commit) -> dict[str, str]:
    """The same as it is handed over."""
    return cast("dict[str, str]", commit.get("boundaries", {}))


def text_of(commit: Commit, name: str) -> str:
    """A field that is text."""
    return cast("str", commit[name])


def _modules(loaded: Loaded) -> Commit:
    """The texts of the modules that were found, where any were looked for."""
    found = loaded.modules
    texts = found.texts if found.given is None else found.given
    return {"modules": dict(texts)} if texts or found.sought else {}


def _plain(boundaries: Mapping[str, Fraction]) -> dict[str, str]:
    return {place: str(boundary) for place, boundary in boundaries.items()}
