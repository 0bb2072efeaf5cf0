"""What an understudy has not come to when it is needed: what was typed waits, the music does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repl.commits import written_boundaries

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from repl.commits import Commit

__all__ = ["PATIENCE", "put_off"]

PATIENCE = 0.7
"""Seconds for which the music waits for what an understudy has not come to: what was sent ahead lasts 2.5 s,
and an engine that hangs is noticed after one."""


def put_off(behind: Sequence[Commit], commit: Commit) -> tuple[list[Commit], bool]:
    """Say what is to be done when the music goes on again.

    A statement may compute for seconds, and a new understudy has to run all that were typed in the evening;
    everything else takes milliseconds. Where that ends or replaces layers, a statement from before it must
    not bring them back.

    Args:
        behind: What waits already.
        commit: The next that was accepted.

    Returns:
        What waits then, and whether the commit is to be applied at once.

    >>> typed = {"kind": "typed", "source": "x, y = …", "boundaries": {":x": "4", ":y": "4"}}
    >>> behind, now = put_off([], typed)
    >>> behind, now = put_off(behind, {"kind": "ended", "boundaries": {":x": "8"}})
    >>> behind[0]["boundaries"], now
    ({':y': '4'}, True)
    """
    kind = commit["kind"]
    if kind == "typed":
        return [*behind, commit], False
    place = str(commit.get("place"))
    if kind == "fallback" and any(place in written_boundaries(one) for one in behind):
        # The version that failed is one of those.
        return [_without(one, {place}) for one in behind], False
    if kind == "hush":
        return [{**one, "boundaries": {}} for one in behind], True
    return [_without(one, written_boundaries(commit).keys()) for one in behind], True


def _without(commit: Commit, places: Collection[str]) -> Commit:
    """The same statement, which changes nothing at these places."""
    kept = {place: at for place, at in written_boundaries(commit).items() if place not in places}
    return {**commit, "boundaries": kept}
