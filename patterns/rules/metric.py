"""Rules of rhythm and form: how dense a bar is, what leans against the beat, what comes again and answers."""

from __future__ import annotations

from patterns.arguments import whole
from patterns.rules.context import Bar, Moment, Note
from patterns.rules.declaring import Rule, made_rule

__all__ = ["Metric"]


class Metric:
    """Rules of rhythm and form."""

    def density(self, part: str, low: int, high: int, *, weight: float | None = None) -> Rule:
        """Let a part sound so many times a bar."""
        least, most = whole("rule.density: low", low, 0, 64), whole("rule.density: high", high, 0, 64)

        def kept(moment: Moment) -> bool:
            place = moment.place
            if place.parts[part] not in place.struck and place.left:
                return True
            count = sum(map(bool, moment.heard(place.parts[part])))
            return count <= most and count + place.left >= least

        return made_rule(kept, f"{part} sounds {least} to {most} times a bar", weight, "moment")

    def syncopation(self, part: str, most: int, *, weight: float | None = None) -> Rule:
        """Let a part sound at most so often a bar between the beats."""
        times = whole("rule.syncopation", most, 0, 64)

        def kept(moment: Moment) -> float:
            if moment.place.on_beat:
                return 0
            index = moment.place.parts[part]
            off = 0
            at: Moment | None = moment
            while at is not None and at.place.bar == moment.place.bar:
                note = at.notes[index]
                off += (
                    not at.place.on_beat and index in at.place.struck and note is not None and note.pitch != 0
                )
                at = at.before
            return max(0, off - times)

        return made_rule(kept, f"{part} off the beat at most {times} times", weight, "moment")

    def apart(self, *parts: str, weight: float | None = None) -> Rule:
        """Never strike two of these parts together."""

        def kept(moment: Moment) -> bool:
            return sum(note.part in parts and note.pitch != 0 for note in moment.struck) < 2

        return made_rule(kept, f"not together: {', '.join(parts)}", weight, "moment")

    def on(self, part: str, *beats: float, weight: float | None = None) -> Rule:
        """Let a part sound on these beats."""

        def kept(moment: Moment) -> bool:
            if moment.place.count not in beats:
                return True
            note = moment[part]
            return note is not None and note.pitch != 0 and note.moment.place is moment.place

        listed = ", ".join(f"{beat:g}" for beat in beats)
        return made_rule(kept, f"{part} on {listed}", weight, "moment")

    def only_on(self, part: str, *beats: float, weight: float | None = None) -> Rule:
        """Let a part sound on these beats only."""

        def kept(note: Note) -> bool:
            return note.pitch == 0 or note.place.count in beats

        listed = ", ".join(f"{beat:g}" for beat in beats)
        return made_rule(kept, f"{part} only on {listed}", weight, "note", [part])

    def same_bar(self, part: str, most: int = 1, *, weight: float | None = None) -> Rule:
        """Let a part have the same bar at most so often in a row; `recall` of the rules must reach back."""
        times = whole("rule.same_bar", most, 1, 16)

        def kept(bar: Bar) -> bool:
            earlier = (bar.back(back) for back in range(1, times + 1))
            return any(one is None or one.values(part) != bar.values(part) for one in earlier)

        return made_rule(kept, f"{part} the same at most {times} times", weight, "bar")

    def answers(self, part: str, bars: int = 2, *, weight: float | None = 1) -> Rule:
        """Let every second group of so many bars repeat the rhythm of the group before: call and answer.

        `recall` of the rules must reach back as far.
        """
        back = whole("rule.answers", bars, 1, 16)

        def kept(moment: Moment) -> float:
            place = moment.place
            if place.parts[part] not in place.struck or place.bar_of_phrase // back % 2 == 0:
                return 0
            call = Bar(moment).back(back)
            if call is None:
                return 0
            mine, theirs = moment.heard(place.parts[part]), call.values(part)
            return float(len(mine) <= len(theirs) and bool(mine[-1]) != bool(theirs[len(mine) - 1]))

        return made_rule(kept, f"{part} answers {back} bars before", weight, "moment")
