"""What a line of one bar costs by rules: its notes, its moments and the bar are asked, as while composing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from patterns.combine import explain
from patterns.errors import PatternError
from patterns.rules.barwise import about, frame_of
from patterns.rules.context import Bar, Moment, Note, Place
from patterns.rules.declaring import Rule, Ruleset, part, pitches_of, ruleset
from patterns.rules.search import Broken, cost_of

__all__ = ["LINE", "Judge", "judge_of", "rules_of_a_line"]

LINE = "line"
"""What rules without a set call the line."""


@dataclass(frozen=True, slots=True)
class Judge:
    """A bar, and the rules that ask what is in it.

    Args:
        name: Of the part.
        beats: Of the bar.
        onsets: When its notes begin and how long they are, in beats.
        places: Where they stand.
        values: What the part may have anywhere in the bar.
        notes: The rules that ask each note.
        moments: Those that ask each moment.
        bars: Those that ask the bar.
    """

    name: str
    beats: int
    onsets: Sequence[tuple[Fraction, Fraction]]
    places: Sequence[Place]
    values: Sequence[Any]
    notes: Sequence[Rule]
    moments: Sequence[Rule]
    bars: Sequence[Rule]

    def cost(self, line: Sequence[Any]) -> float:
        """Say what a line costs; a breach of a hard rule counts as 1000.

        Args:
            line: A pitch for each onset, None for a rest.

        Raises:
            PatternError: The function of a rule raised; its place is that of the rule.
        """
        total = 0.0
        made: list[Moment] = []
        at: Moment | None = None
        latest: list[Note | None] = [None]
        try:
            for place, (_, length), pitch in zip(self.places, self.onsets, line, strict=True):
                at = Moment(place, [None], at, latest)
                made.append(at)
                if pitch is not None:
                    note = Note(pitch, self.name, latest[0], length, at)
                    at.notes[0] = note
                    total += cost_of(self.notes, note, {}, relaxed=True)
                    at.latest = latest = [note]
                total += cost_of(self.moments, at, {}, relaxed=True)
            if at is not None:
                total += cost_of(self.bars, Bar(at), {}, relaxed=True)
        except Broken as broken:
            where = next(iter(broken.rule.where), None)
            told = f"the rule {broken.rule.name!r} fails: {explain(broken.error)}"
            raise PatternError(told, where) from broken.error
        finally:
            # Notes and moments hold one another; of thousands in a cycle none is to wait for being collected.
            for moment in made:
                moment.notes = []
        return total


def rules_of_a_line(laws: Sequence[Rule]) -> Ruleset:
    """Put rules that have no set around one line, which they call "line"."""
    return ruleset([part(LINE)], laws, phrase=1)


def judge_of(rules: Ruleset, steps: int | None = None) -> Judge:
    """Ask a set of rules about a bar that is a phrase of its own: what it says of last bars and ends holds.

    Args:
        rules: Of one part.
        steps: As many even steps instead of the part's onsets.

    Raises:
        PatternError: It has several parts.
    """
    if len(rules.parts) != 1:
        names = ", ".join(one.name for one in rules.parts)
        raise PatternError(f"{rules.name} has several parts ({names}); of a single line it wants one part")
    voice = rules.parts[0] if steps is None else replace(rules.parts[0], onsets=steps)
    frame = frame_of(replace(rules, parts=(voice,), phrase=1, kept={}), 0, 0)
    values: dict[Any, None] = {}
    for place in frame.places:
        values.update(dict.fromkeys(pitches_of(voice, place, place.chord, rules.tones)))
    return Judge(
        voice.name,
        rules.beats,
        frame.onsets[0],
        frame.places,
        list(values),
        about(rules.rules, "note", voice.name),
        about(rules.rules, "moment"),
        about(rules.rules, "bar"),
    )
