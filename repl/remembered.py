"""Which commits make a session again: of all that was accepted, only what still matters is handed over."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from repl.commits import STATES, Commit, written_boundaries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


def still_mattering(
    history: Sequence[Commit],
    versions: Iterable[tuple[str, str]],
    files: Iterable[str],
    overrides: Mapping[str, str],
) -> list[Commit]:
    """Drop what later commits have made irrelevant.

    A version matters while a place has it; an edition of a file also while it is the newest, or the one
    that a statement typed after it found; a statement always, for the names that it bound.

    Args:
        history: In the order in which they were accepted.
        versions: The places with the boundaries of the versions that they have.
        files: The pieces.
        overrides: For each place of a file that the prompt has taken, the statement that it holds against.
    """
    left, wanted = set(versions), set(files)
    kept: list[Commit] = []
    for commit in reversed(history):
        kind, file = commit["kind"], cast("str", commit.get("file", ""))
        if kind in STATES or kind == "typed":
            needed = True
        elif kind == "file":
            needed = file in wanted
        else:
            # A file's end, as long as an edition of it may be kept before.
            needed = kind == "end" and any(c["kind"] == "file" and c["file"] == file for c in history)
        alive = {p: b for p, b in written_boundaries(commit).items() if (p, b) in left}
        if needed or alive:
            kept.append(_still_true(commit, alive, overrides))
        if kind == "typed":
            wanted |= {cast("str", c["file"]) for c in history if c["kind"] == "file"}
        elif kind == "file":
            wanted.discard(file)
        if kind != "fallback":
            left -= alive.items()
    return kept[::-1]


def _still_true(commit: Commit, boundaries: Mapping[str, str], overrides: Mapping[str, str]) -> Commit:
    found = dict(commit)
    if "boundaries" in commit:
        found["boundaries"] = boundaries
    if "overrides" in commit:
        typed = cast("dict[str, str]", commit["overrides"])
        found["overrides"] = {p: t for p, t in typed.items() if overrides.get(p) == t}
    return found
