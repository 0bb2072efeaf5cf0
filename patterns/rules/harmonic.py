"""Rules of the succession of chords: how phrases close, and what follows what."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from patterns.arguments import told, whole
from patterns.errors import PatternError
from patterns.rules.changes import Change
from patterns.rules.context import chord_of
from patterns.rules.declaring import Rule, made_rule

__all__ = ["Harmonic"]

_NUMERAL = re.compile(r"([b#]?)(VII|VI|V|IV|III|II|I)", re.IGNORECASE)
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII")
_MAJOR = [0, 2, 4, 5, 7, 9, 11]


class Harmonic:
    """Rules of the succession of chords."""

    def cadence(self, chords: str, *bars: int, weight: float | None = None) -> Rule:
        """Close the phrase, or the bars that are told, with these chords: degrees such as "V I", or names.

        Bars are counted from 1: `rule.cadence("IV V", 4)` closes the fourth.

        A degree is a root in the scale; what stands on it is not asked, nor whether it is written small.
        """
        wanted = _named("rule.cadence", chords)
        numbers = sorted(whole("rule.cadence: a bar", bar, 1, 64) for bar in bars)

        def kept(change: Change) -> bool:
            # Each chord is asked for its own place: what comes too late to mend is never gone on with.
            bar = change.bar_of_phrase
            close = next((one for one in numbers or (change.bars,) if one > bar), change.bars + 1)
            if close > change.bars:
                return True
            left = change.left + sum(change.counts[bar + 1 : close])
            if left >= len(wanted):
                return True
            short = change.before is None and left < len(wanted) - 1
            return not short and _is(wanted[-1 - left], change)

        return made_rule(kept, f"a cadence {' '.join(wanted)}", weight, "chord")

    def goes(self, table: Mapping[str, str], *, weight: float | None = None) -> Rule:
        """Let chords go on only so: `{"V": "I VI", "G7": "C"}`; one that is not named may go anywhere."""
        if not isinstance(table, Mapping) or not table:  # pyright: ignore[reportUnnecessaryIsInstance] - a piece is not type-checked
            raise PatternError(f'rule.goes wants a table such as {{"V": "I VI"}}, found {told(table)}')
        rows = [
            (one, _named("rule.goes", after))
            for names, after in table.items()
            for one in _named("rule.goes", names)
        ]

        def kept(change: Change) -> bool:
            before = change.before
            if before is None:
                return True
            after = [names for one, names in rows if _is(one, before)]
            return not after or any(_is(one, change) for names in after for one in names)

        return made_rule(kept, "where chords go", weight, "chord")


def _named(name: str, given: Any) -> list[str]:
    """Read degrees and names of chords.

    Raises:
        PatternError: One is neither.
    """
    names = given.split() if isinstance(given, str) else []
    if not names:
        raise PatternError(
            f'{name} wants degrees or names of chords such as "V I" or "G7 C", found {told(given)}'
        )
    for one in names:
        if _NUMERAL.fullmatch(one) is None:
            chord_of(one)
    return names


def _is(name: str, change: Change) -> bool:
    """Whether a chord is what a degree or a name says."""
    chord = change.chord
    root = _root(name, change.tonic, change.scale)
    if root is not None:
        return chord.root == root
    other = chord_of(name)
    return (other.root, other.bass, other.tones) == (chord.root, chord.bass, chord.tones)


@lru_cache(512)
def _root(name: str, tonic: int, scale: frozenset[int]) -> int | None:
    """The root of a degree; None if it is no degree. A scale without seven tones counts as major."""
    found = _NUMERAL.fullmatch(name)
    if found is None:
        return None
    steps = sorted((tone - tonic) % 12 for tone in scale)
    step = (steps if len(steps) == len(_MAJOR) else _MAJOR)[_NUMERALS.index(found[2].upper())]
    return (tonic + step + {"b": -1, "#": 1, "": 0}[found[1].lower()]) % 12
