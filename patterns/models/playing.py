"""What a musician does with a model: let it go on, accompany, harmonise, fill in, vary, lead over, answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from patterns.arguments import whole
from patterns.core import Pattern
from patterns.midi_inputs import MOST_BACK, source_of
from patterns.models.answering import answered
from patterns.models.artifact import Learnt
from patterns.models.composing import Rule, no_parallels, ruled
from patterns.models.copying import Likeness
from patterns.models.cycles import notes_of, pattern_given
from patterns.models.hearing import frames_in, highest, many_in
from patterns.models.masks import mask_of
from patterns.models.protocol import Card
from patterns.models.scores import FRAMES_IN_BEAT, Note, line_of
from patterns.models.tasks import Setting, continued, filled, key_in, led, played_to, varied
from patterns.reading import reify
from patterns.state import NO_CONTROLS, Walk

__all__ = ["Improviser"]

LOOK = 4
"""Cycles of a pattern that are looked at to learn its key, and whether it has one voice."""
STRICT = 3.0
"""Parallels in a hundred changes of the corpus from which on they belong to its manner."""
MOST_CYCLES = 64
MOST_BEATS = 16
_FUEL = 1_000_000


@dataclass(frozen=True, slots=True, repr=False, eq=False)
class Improviser:
    """A model that plays; `model("…")` gives one.

    Every method gives a pattern. Cycle by cycle it goes on from what it played before, by the seed of its
    layer; nothing is held over the end of a cycle, and no melody that it draws is a phrase of the corpus. All
    take these:

    - `key`: as "C" or "A:minor", or a pattern of keys; that of the music that is given, if not said.
    - `heat`: 1 as it was learnt; below it plainer, above it more daring; 0.05 to 4, or a pattern.
    - `rules`: a set of rules, as `rules("chorale.py")`, or a list such as `[rule.parallels()]`.
      Functions of a chord and the chord before too (notes from the highest voice, None where one is silent)
      that say whether it may come; of the chord those voices are there that are decided. If nothing is
      said, parallel fifths and octaves are forbidden to a model whose corpus has next to none; `rules=()`
      forbids nothing.
    - `beats`: quarter notes in a cycle, 1 to 16; as in the corpus, if not said.
    - `name`: with a name it goes on through a change of the piece, in its layer.
    - `since`: the cycle in which it begins, if it is not 0.

    Args:
        learnt: What was learnt.
        name: What the piece calls it.
    """

    learnt: Learnt
    name: str

    def __repr__(self) -> str:
        """The card in a few lines."""
        card = self.learnt.card
        figures = ", ".join(f"{name} {value:.3g}" for name, value in card.figures.items())
        parts = {"train": "learnt while it was measured", "valid": "to try", "test": "for the test"}
        split = ", ".join(f"{card.split.get(part, 0)} {told}" for part, told in parts.items())
        lines = [
            f"model {self.name!r}: {card.pieces} pieces of {card.corpus}, voices: {self.voices}",
            f"licences: {card.licences}",
            f"divided: {split}; seed {card.seed}",
            f"figures: {figures or 'none'}",
            f"sha256: {self.learnt.digest}",
        ]
        return "\n".join([*lines, *card.notes])

    @property
    def card(self) -> Card:
        """What it was made of: corpus, licences, split, figures, seed."""
        return self.learnt.card

    @property
    def voices(self) -> int:
        """How many voices it plays."""
        return self.learnt.frames.voices if self.learnt.frames is not None else 1

    def copied(self, pattern: Any, cycles: int = 4) -> Likeness:
        """Compare a melody with the corpus: `.is_copy` says whether it must not pass as new.

        Args:
            pattern: Its notes; of several at a time the highest counts.
            cycles: How many of them, 1 to 64, from the beginning.
        """
        bar = self.learnt.bar
        source = pattern_given("copied", pattern)
        found: list[int] = []
        for notes in _first(source, whole("copied: cycles=", cycles, 1, MOST_CYCLES), bar):
            found += [frame[0] for frame in frames_in(highest(notes), 1, bar)]
        return self.learnt.copies.check(line_of(found))

    def continue_(
        self,
        phrase: Any = None,
        *,
        cycles: int = 1,
        voices: int | None = None,
        key: Any = None,
        heat: Any = 1,
        rules: Any = None,
        beats: int | None = None,
        name: str = "",
        since: int = 0,
    ) -> Pattern:
        """Go on from a phrase, or begin from nothing.

        A cycle in which the melody would be a phrase of the corpus is drawn again.

        Args:
            phrase: Notes that were played before; they are not repeated.
            cycles: How many cycles of the phrase are heard, 1 to 64.
            voices: 1 for a single line; else all that the model has.
            key: See the class, like the others.
            heat: How daring.
            rules: What it must keep.
            beats: Quarter notes in a cycle.
            name: Of its state.
            since: The cycle in which it begins.
        """
        bar = self._bar("continue_", beats)
        count = whole("continue_: cycles=", cycles, 1, MOST_CYCLES)
        heard = [] if phrase is None else _first(pattern_given("continue_", phrase), count, bar)
        many = self.voices if voices is None else whole("continue_: voices=", voices, 1, 64)
        home = key_in(heard) if heard else (0, False)
        return continued(self._setting("continue_", many, home, bar, key, heat, rules, name, since), heard)

    def accompany(
        self,
        soprano: Any = None,
        *,
        alto: Any = None,
        tenor: Any = None,
        bass: Any = None,
        key: Any = None,
        heat: Any = 1,
        rules: Any = None,
        beats: int | None = None,
        name: str = "",
        since: int = 0,
    ) -> Pattern:
        """Play to one or more voices that are given; only the others sound.

        Args:
            soprano: The highest voice; like the next three a pattern with one note at a time.
            alto: The second voice.
            tenor: The third.
            bass: The lowest.
            key: See the class, like the others.
            heat: How daring.
            rules: What it must keep.
            beats: Quarter notes in a cycle.
            name: Of its state.
            since: The cycle in which it begins.
        """
        given = self._seats({"soprano": soprano, "alto": alto, "tenor": tenor, "bass": bass})
        bar = self._bar("accompany", beats)
        home = key_in([notes for one in given.values() for notes in _first(one, LOOK, bar)])
        setting = self._setting("accompany", self.voices, home, bar, key, heat, rules, name, since)
        return played_to(setting, given, [voice for voice in range(self.voices) if voice not in given])

    def harmonise(
        self,
        melody: Any,
        *,
        key: Any = None,
        heat: Any = 1,
        rules: Any = None,
        beats: int | None = None,
        name: str = "",
        since: int = 0,
    ) -> Pattern:
        """Set a melody for all voices, itself the highest.

        Args:
            melody: A pattern with one note at a time.
            key: See the class, like the others.
            heat: How daring.
            rules: What it must keep.
            beats: Quarter notes in a cycle.
            name: Of its state.
            since: The cycle in which it begins.
        """
        source, bar = pattern_given("harmonise", melody), self._bar("harmonise", beats)
        home = key_in(_first(source, LOOK, bar))
        setting = self._setting("harmonise", self.voices, home, bar, key, heat, rules, name, since)
        return played_to(setting, {0: source}, None)

    def fill(
        self,
        pattern: Any,
        gaps: Any,
        *,
        key: Any = None,
        heat: Any = 1,
        rules: Any = None,
        beats: int | None = None,
        name: str = "",
        since: int = 0,
    ) -> Pattern:
        """Fill in the cycles that are marked, so that they lead from what is before to what comes after.

        Args:
            pattern: Notes; of one voice, or as many as the model has.
            gaps: Which cycles are filled in, as "<0 0 1 0>": those with 1.
            key: See the class, like the others.
            heat: How daring.
            rules: What it must keep.
            beats: Quarter notes in a cycle.
            name: Of its state.
            since: The cycle in which it begins.
        """
        source, bar = pattern_given("fill", pattern), self._bar("fill", beats)
        many, home = self._heard(bar, source)
        setting = self._setting("fill", many, home, bar, key, heat, rules, name, since)
        return filled(setting, source, reify(gaps))

    def vary(
        self,
        pattern: Any,
        amount: Any = 0.3,
        *,
        key: Any = None,
        heat: Any = 1,
        rules: Any = None,
        beats: int | None = None,
        name: str = "",
        since: int = 0,
    ) -> Pattern:
        """Draw a part of the notes anew, beat by beat and voice by voice, to suit those that stay.

        Args:
            pattern: Notes; of one voice, or as many as the model has.
            amount: How much of them, 0 (nothing) to 1; a number or a pattern, read when a cycle begins.
            key: See the class, like the others.
            heat: How daring.
            rules: What it must keep.
            beats: Quarter notes in a cycle.
            name: Of its state.
            since: The cycle in which it begins.
        """
        source, bar = pattern_given("vary", pattern), self._bar("vary", beats)
        many, home = self._heard(bar, source)
        setting = self._setting("vary", many, home, bar, key, heat, rules, name, since)
        return varied(setting, source, reify(amount))

    def interpolate(
        self,
        pattern: Any,
        other: Any,
        by: Any = 0.5,
        *,
        key: Any = None,
        heat: Any = 1,
        rules: Any = None,
        beats: int | None = None,
        name: str = "",
        since: int = 0,
    ) -> Pattern:
        """Lead from one music to another: what the model plays where it is drawn to both.

        Args:
            pattern: Notes; of one voice, or as many as the model has.
            other: Other notes.
            by: How far the way has been gone: 0 is the one, 1 the other; a number or a pattern, read when a
                cycle begins, such as "<0 .25 .5 .75 1>".
            key: See the class, like the others.
            heat: How daring.
            rules: What it must keep.
            beats: Quarter notes in a cycle.
            name: Of its state.
            since: The cycle in which it begins.
        """
        one, two = pattern_given("interpolate", pattern), pattern_given("interpolate", other)
        bar = self._bar("interpolate", beats)
        many, home = self._heard(bar, one, two)
        setting = self._setting("interpolate", many, home, bar, key, heat, rules, name, since)
        return led(setting, one, two, reify(by))

    def answer(
        self,
        *,
        cycles: int = 1,
        key: Any = None,
        heat: Any = 1,
        beats: int | None = None,
        channel: int | None = None,
        port: str | None = None,
        name: str = "answer",
        since: int = 0,
    ) -> Pattern:
        """Answer what is played on a keyboard, from the next cycle on, in the manner in which it was played.

        Every phrase is learnt while it is played. What is silent is not answered. Chords are heard as their
        highest notes. In its layer it goes on through a change of the piece, with all that it has learnt.

        Args:
            cycles: How long a phrase is, and its answer: 1 to 4.
            key: See the class, like the others; that of what was played, if not given.
            heat: How daring.
            beats: Quarter notes in a cycle.
            channel: 1 to 16 of the keys; any, unless given.
            port: A part of the name of the port that they come from; any, unless given.
            name: Of its state: two in one layer want two names.
            since: The cycle in which it begins.
        """
        bar = self._bar("answer", beats)
        count = whole("answer: cycles=", cycles, 1, MOST_BACK)
        source = source_of("answer", "keys", None, channel, port)
        keys = reify("~") if key is None else reify(key)
        return answered(self.learnt, source, count, bar, keys, reify(heat), name, since)

    def _setting(
        self,
        title: str,
        voices: int,
        home: tuple[int, bool],
        bar: int,
        key: Any,
        heat: Any,
        rules: Any,
        name: Any,
        since: Any,
    ) -> Setting:
        frames = self.learnt.frames
        if voices == 1 or frames is None:
            model = self.learnt.line
        elif voices == frames.voices:
            model = frames
        else:
            raise TypeError(f"{title}: {self.name} plays 1 voice or {frames.voices}, not {voices}")
        keys = reify("~") if key is None else reify(key)
        strict = self.card.figures.get("corpus_parallels", STRICT) < STRICT
        mask = mask_of(title, rules, model.voices)
        if mask is not None and key is None:
            home = mask.home or home
        laws: tuple[Rule, ...] = (no_parallels,) if rules is None and strict else ()
        if rules is not None and mask is None:
            laws = ruled(rules)
        return Setting(title, self.learnt, model, bar, keys, home, reify(heat), laws, mask, name, since)

    def _bar(self, title: str, beats: int | None) -> int:
        if beats is None:
            return self.learnt.bar
        return FRAMES_IN_BEAT * whole(f"{title}: beats=", beats, 1, MOST_BEATS)

    def _heard(self, bar: int, *sources: Pattern) -> tuple[int, tuple[int, bool]]:
        """For how many voices some patterns are, and in which key."""
        cycles = [notes for one in sources for notes in _first(one, LOOK, bar)]
        single = max((many_in(notes) for notes in cycles), default=0) <= 1
        return 1 if single else self.voices, key_in(cycles)

    def _seats(self, named: Mapping[str, Any]) -> dict[int, Pattern]:
        """The voices that are given, by their numbers."""
        names = ["soprano", "alto", "tenor"][: self.voices - 1]
        seats = {**{name: voice for voice, name in enumerate(names)}, "bass": self.voices - 1}
        given: dict[int, Pattern] = {}
        for name, value in named.items():
            if value is None:
                continue
            if name not in seats or self.voices == 1:
                raise TypeError(f"accompany: {self.name} has {self.voices} voices, and no {name} to be given")
            given[seats[name]] = pattern_given(f"accompany: {name}=", value)
        if not given:
            raise TypeError("accompany wants a voice to play to, as in accompany(soprano=note('c5 d5 e5'))")
        return given


def _first(pattern: Pattern, cycles: int, bar: int) -> list[list[Note]]:
    """The notes of the first cycles of a pattern, as it is while nobody touches anything."""
    walk = Walk(0.5, 0, NO_CONTROLS, "hash", _FUEL)
    return [notes_of(pattern, cycle, walk, bar) for cycle in range(cycles)]
