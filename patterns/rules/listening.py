"""Rules that listen back: what the last bars measure stays within a range."""

from __future__ import annotations

import math

from patterns.arguments import number, whole
from patterns.errors import PatternError
from patterns.measures.heard import Heard
from patterns.measures.live import measure_called
from patterns.rules.context import Moment
from patterns.rules.declaring import Rule, made_rule

__all__ = ["Listening", "lately"]

NUMBERS = ("density", "entropy", "tension", "errors")
"""Measures of any stretch; repetition compares whole bars, and a key is no number."""
_HAIR = 1e-9
"""Of a bar: less than between any two onsets, so that a window may end with the onset at its end."""


class Listening:
    """Rules of what was played before."""

    def measured(
        self,
        what: str,
        low: float,
        high: float,
        *,
        bars: int = 2,
        part: str = "",
        weight: float | None = None,
    ) -> Rule:
        """Keep what the last bars measure within a range; `recall` of the rules must reach back as far.

        It is asked at each onset, about as many bars up to it and with it. In the first bars of a phrase,
        where fewer lie behind, it is asked at the end of each bar, about those that do.

        Args:
            what: "density", notes in a bar; "entropy" of pitch classes in bits; "tension", 0 to 1; "errors"
                of voice-leading in a bar.
            low: The least that it may be.
            high: The most.
            bars: How many are listened to, 1 to 16.
            part: Of which part; of all together unless given.
            weight: What it costs to be off by 1, at each onset; without it that is forbidden.

        Raises:
            PatternError: There is no such measure, or the range is none.
        """
        measure = measure_called(what, NUMBERS, "rule.measured")
        least = float(number("rule.measured: low", low))
        most = float(number("rule.measured: high", high))
        if least > most:
            raise PatternError(f"rule.measured wants the lower end first, found {low!r}, {high!r}")
        count = whole("rule.measured: bars=", bars, 1, 16)

        def kept(moment: Moment) -> float:
            notes, length = lately(moment, count, part)
            if not length:
                return 0
            value = measure(notes, 0, length)
            return max(least - value, value - most, 0)

        noun = "bar" if count == 1 else "bars"
        whose = f"{part} {what}" if part else what
        return made_rule(kept, f"{whose} {least:g} to {most:g} in {count} {noun}", weight, "moment")


def lately(moment: Moment, bars: int, part: str = "") -> tuple[list[Heard], int]:
    """List what began in as many bars up to a moment and with it, in bars from the first of them on.

    Args:
        moment: The moment.
        bars: How many; what begins at their very begin is no longer heard.
        part: Of which part; of all unless given.

    Returns:
        The notes, and of how many bars: fewer where fewer are known and the moment is the last of its bar,
        none where it is not.
    """
    place = moment.place
    begin = _onset(moment) - bars + _HAIR
    found: list[Heard] = []
    first, at = place.bar, moment
    while _onset(at) > begin:
        found += at.played(part)
        first = at.place.bar
        if at.before is None:
            break
        at = at.before
    else:
        first = math.floor(begin)
    if first > begin:  # bars are known as a whole, or not at all
        if place.left:
            return [], 0
        begin, bars = first, place.bar + 1 - first
    return [note._replace(onset=note.onset - begin) for note in reversed(found)], bars


def _onset(moment: Moment) -> float:
    return moment.place.bar + (moment.place.count - 1) / moment.place.beats
