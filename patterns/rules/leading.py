"""Rules of several parts: how they move beside one another, how far apart they lie, what they double."""

from __future__ import annotations

from typing import Any

from patterns.arguments import whole
from patterns.rules.context import Moment, Note
from patterns.rules.declaring import Rule, made_rule

__all__ = ["Leading"]

PERFECT = (0, 7)


def _intervals(name: str, given: tuple[Any, ...]) -> frozenset[int]:
    return frozenset(whole(name, one, 0, 127) for one in given)


class Leading:
    """Rules of several parts."""

    def parallels(self, *intervals: int, weight: float | None = None, of: Any = None) -> Rule:
        """Never move from an interval to the same one: 0 and 7, octaves and fifths, unless told otherwise."""
        wrong = _intervals("rule.parallels", intervals or PERFECT)

        def kept(note: Note) -> bool:
            moment = note.moment
            before = moment.before
            if before is None or not note.leap:
                return True
            old = note.before
            for index, other in enumerate(moment.notes):
                if other is None or other is note or index not in moment.place.struck or not other.leap:
                    continue
                if before.notes[index] is not other.before or before[note.part] is not old:
                    continue
                now = abs(note.pitch - other.pitch) % 12
                if now in wrong and abs((note.pitch - note.leap) - (other.pitch - other.leap)) % 12 == now:
                    return False
            return True

        names = "parallel fifths or octaves" if wrong == frozenset(PERFECT) else "parallels of the kind"
        return made_rule(kept, f"no {names}", weight, "note", of)

    def hidden(self, low: str, high: str, *intervals: int, weight: float | None = None) -> Rule:
        """Never let two parts come to a fifth or an octave in the same direction while the high one leaps."""
        wrong = _intervals("rule.hidden", intervals or PERFECT)

        def kept(moment: Moment) -> bool:
            one, two = moment[low], moment[high]
            if one is None or two is None or one.moment is not moment or two.moment is not moment:
                return True
            same = one.leap * two.leap > 0
            return not (same and abs(two.leap) > 2 and (two.pitch - one.pitch) % 12 in wrong)

        return made_rule(kept, f"no hidden fifths or octaves, {low} and {high}", weight, "moment")

    def no_crossing(self, *upwards: str, weight: float | None = None) -> Rule:
        """Keep the parts in order, named from the lowest up; unisons are no crossing."""

        def kept(note: Note) -> bool:
            if note.part not in upwards:
                return True
            here = upwards.index(note.part)
            moment = note.moment
            for index, name in enumerate(upwards):
                other = moment[name]
                if other is None or index == here:
                    continue
                if note.pitch < other.pitch if index < here else note.pitch > other.pitch:
                    return False
            return True

        return made_rule(kept, "parts do not cross", weight, "note", list(upwards))

    def no_overlap(self, *upwards: str, weight: float | None = None) -> Rule:
        """Never go beyond where a neighbour has just been; parts are named from the lowest up."""

        def kept(note: Note) -> bool:
            before = note.moment.before
            if before is None or note.part not in upwards:
                return True
            here = upwards.index(note.part)
            below = before[upwards[here - 1]] if here else None
            above = before[upwards[here + 1]] if here + 1 < len(upwards) else None
            return (below is None or note.pitch >= below.pitch) and (
                above is None or note.pitch <= above.pitch
            )

        return made_rule(kept, "parts do not overlap", weight, "note", list(upwards))

    def spacing(self, most: int, *upwards: str, weight: float | None = None) -> Rule:
        """Leave so many semitones at most between neighbours; parts are named from the lowest up."""
        widest = whole("rule.spacing", most, 0, 127)

        def kept(note: Note) -> bool:
            if note.part not in upwards:
                return True
            here = upwards.index(note.part)
            for index in (here - 1, here + 1):
                other = note.moment[upwards[index]] if 0 <= index < len(upwards) else None
                if other is not None and abs(note.pitch - other.pitch) > widest:
                    return False
            return True

        return made_rule(kept, f"neighbours within {widest}", weight, "note", list(upwards))

    def contrary(self, low: str, high: str, *, weight: float | None = 1) -> Rule:
        """Let two parts move against one another, or one of them stay."""

        def kept(moment: Moment) -> bool:
            one, two = moment[low], moment[high]
            struck = one is not None and two is not None and one.moment is two.moment is moment
            return not struck or one is None or two is None or one.leap * two.leap <= 0

        return made_rule(kept, f"{low} against {high}", weight, "moment")

    def leading_tone(self, *, weight: float | None = None, of: Any = None) -> Rule:
        """Let the tone below the tonic rise to it where the chord changes, and never stand in two parts."""

        def kept(note: Note) -> bool:
            place, before = note.place, note.before
            leading = (place.tonic - 1) % 12
            if note.pitch % 12 == leading and any(one.pitch % 12 == leading for one in note.others):
                return False
            if before is None or before.pitch % 12 != leading or before.place.chord is place.chord:
                return True
            chord = place.chord
            if chord is not None and place.tonic not in chord.tones:
                return True
            return note.leap == 1 or (chord is not None and leading in chord.tones and not note.leap)

        return made_rule(kept, "the leading tone rises", weight, "note", of)

    def sevenths_fall(self, *, weight: float | None = None, of: Any = None) -> Rule:
        """Let the seventh of a chord go down by a step, or stay, when the chord changes."""

        def kept(note: Note) -> bool:
            before = note.before
            chord = None if before is None else before.place.chord
            if before is None or chord is None or before.pitch % 12 != chord.seventh:
                return True
            if note.place.chord is chord:
                return not note.leap
            return -2 <= note.leap <= 0

        return made_rule(kept, "sevenths fall", weight, "note", of)

    def together(self, *intervals: int, weight: float | None = None, of: Any = None) -> Rule:
        """Sound together in these intervals only, from 0 to 11: 3, 4, 8, 9 are thirds and sixths."""
        right = _intervals("rule.together", intervals)

        def kept(note: Note) -> bool:
            return all(abs(note.pitch - one.pitch) % 12 in right for one in note.others)

        return made_rule(kept, "what may sound together", weight, "note", of)

    def complete(self, *, weight: float | None = None) -> Rule:
        """Let chords have their root and their third, and their seventh where they have one."""

        def kept(moment: Moment) -> bool:
            chord = moment.place.chord
            if chord is None:
                return True
            tones = {note.pitch % 12 for note in moment.sounding}
            wanted = (chord.root, chord.third, chord.seventh)
            return all(one is None or one in tones for one in wanted)

        return made_rule(kept, "chords are complete", weight, "moment")

    def doubling(self, *, weight: float | None = 1) -> Rule:
        """Double roots rather than fifths, and fifths rather than thirds; never a seventh."""

        def kept(moment: Moment) -> float:
            chord = moment.place.chord
            if chord is None:
                return 0
            tones = [note.pitch % 12 for note in moment.sounding]
            third = tones.count(chord.third) - 1 if chord.third is not None else 0
            fifth = tones.count(chord.fifth) - 1 if chord.fifth is not None else 0
            seventh = tones.count(chord.seventh) - 1 if chord.seventh is not None else 0
            return max(0, third) + 0.5 * max(0, fifth) + 3 * max(0, seventh) + (0.5 if fifth < 0 else 0)

        return made_rule(kept, "doublings", weight, "moment")

    def lowest(self, part: str, *, weight: float | None = None) -> Rule:
        """Let a part have what the chord has in the bass, when the chord begins."""

        def kept(note: Note) -> bool:
            chord, before = note.place.chord, note.moment.before
            again = before is not None and before.place.bar == note.place.bar and before.place.chord is chord
            return chord is None or again or note.pitch % 12 == chord.bass

        return made_rule(kept, f"{part} has the chord's bass", weight, "note", [part])
