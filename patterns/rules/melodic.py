"""Rules of one line: where it may go, how far it leaps and what follows, how often it says the same."""

from __future__ import annotations

from typing import Any

from patterns.arguments import number, whole
from patterns.rules.context import Note
from patterns.rules.declaring import Rule, made_rule
from patterns.scale_table import SCALES
from patterns.scales import read_scale

__all__ = ["Melodic"]


class Melodic:
    """Rules of one line."""

    def in_scale(self, scale: str = "", *, weight: float | None = None, of: Any = None) -> Rule:
        """Keep to a scale; that of the rules unless one is given, such as "D:dorian"."""
        own: frozenset[int] | None = None
        if scale:
            tonic, steps = read_scale(scale.replace(":", " "))
            own = frozenset(int(tonic + step) % 12 for step in SCALES[steps])

        def kept(note: Note) -> bool:
            return note.pitch % 12 in (own or note.place.scale)

        return made_rule(kept, f"in {scale or 'the scale'}", weight, "note", of)

    def in_chord(self, *, weight: float | None = None, of: Any = None) -> Rule:
        """Keep to the tones of the chord, where there is one."""

        def kept(note: Note) -> bool:
            chord = note.place.chord
            return chord is None or note.pitch % 12 in chord.tones

        return made_rule(kept, "in the chord", weight, "note", of)

    def within(self, low: Any, high: Any, *, weight: float | None = None, of: Any = None) -> Rule:
        """Stay between two notes; a weighted one counts the semitones beyond them."""
        bottom, top = number("rule.within: low", low), number("rule.within: high", high)

        def kept(note: Note) -> float:
            return max(bottom - note.pitch, note.pitch - top, 0)

        return made_rule(kept, f"within {low} and {high}", weight, "note", of)

    def leaps(self, most: int = 12, *, weight: float | None = None, of: Any = None) -> Rule:
        """Leap by so many semitones at most; a weighted one counts those beyond."""
        widest = whole("rule.leaps", most, 0, 127)

        def kept(note: Note) -> float:
            return max(0, abs(note.leap) - widest)

        return made_rule(kept, f"leaps up to {widest}", weight, "note", of)

    def no_interval(self, *semitones: int, weight: float | None = None, of: Any = None) -> Rule:
        """Never go by one of these intervals, up or down: 6 is the tritone."""
        wrong = frozenset(whole("rule.no_interval", one, 0, 127) for one in semitones)

        def kept(note: Note) -> bool:
            return abs(note.leap) not in wrong or note.before is None

        listed = ", ".join(str(one) for one in sorted(wrong))
        return made_rule(kept, f"no interval of {listed}", weight, "note", of)

    def recovered(self, leap: int = 5, step: int = 2, *, weight: float | None = None, of: Any = None) -> Rule:
        """After a leap of more than so many semitones turn back, by a step at most that wide."""
        wide, narrow = (
            whole("rule.recovered: leap", leap, 0, 127),
            whole("rule.recovered: step", step, 1, 127),
        )

        def kept(note: Note) -> bool:
            before = note.before
            if before is None or abs(before.leap) <= wide:
                return True
            return 0 < abs(note.leap) <= narrow and (note.leap > 0) != (before.leap > 0)

        return made_rule(kept, "leaps turn back", weight, "note", of)

    def repeats(self, most: int = 1, *, weight: float | None = None, of: Any = None) -> Rule:
        """Strike the same note so many times in a row at most: 1 never repeats it."""
        times = whole("rule.repeats", most, 1, 64)

        def kept(note: Note) -> bool:
            at = note
            for _ in range(times):
                if at.before is None or at.leap:
                    return True
                at = at.before
            return False

        return made_rule(kept, f"a note at most {times} times in a row", weight, "note", of)

    def smooth(self, step: int = 2, *, weight: float | None = 1, of: Any = None) -> Rule:
        """Move by steps: each semitone beyond counts."""
        widest = whole("rule.smooth", step, 0, 127)

        def kept(note: Note) -> float:
            return max(0, abs(note.leap) - widest)

        return made_rule(kept, "moves by steps", weight, "note", of)

    def ends_on(self, *degrees: int, weight: float | None = None, of: Any = None) -> Rule:
        """Let the last note of a phrase be one of these, in semitones above the tonic."""
        right = frozenset(whole("rule.ends_on", one, 0, 11) for one in degrees or (0,))

        def kept(note: Note) -> bool:
            return not note.place.ends or (note.pitch - note.place.tonic) % 12 in right

        return made_rule(
            kept, "ends on the tonic" if right == frozenset((0,)) else "ends a phrase", weight, "note", of
        )
