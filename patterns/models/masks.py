"""Rules that mask a model: which of its voices is which part, and what each frame is to a rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, cast

from patterns.arguments import told
from patterns.kinds import is_sequence
from patterns.models.composing import Rule as ChordRule
from patterns.models.composing import Tokens, ruled
from patterns.models.scores import HOLD
from patterns.rules.barwise import chords_in
from patterns.rules.context import Chord, Moment, Note, Place
from patterns.rules.declaring import Part, Rule, Ruleset, part, pitches_of, ruleset
from patterns.scale_table import SCALES

__all__ = ["Laws", "Mask", "Seen", "mask_of", "names_of"]

MAJOR = frozenset(int(step) for step in SCALES["major"])
MINOR = frozenset(int(step) for step in SCALES["minor"]) | {11}
"""Tones of a minor key, its leading tone among them."""
LOWEST, HIGHEST = 0, 127


def names_of(voices: int) -> list[str]:
    """What the voices of a model are called, from the highest.

    >>> names_of(4), names_of(2)
    (['soprano', 'alto', 'tenor', 'bass'], ['soprano', 'bass'])
    """
    if voices > 4:
        return [f"voice{number}" for number in range(1, voices + 1)]
    return ["soprano", "alto", "tenor"][: max(1, voices - 1)] + ["bass"] * (voices > 1)


@dataclass(frozen=True, slots=True, eq=False)
class Mask:
    """Rules that a model keeps.

    Args:
        rules: With a part for each voice.
        seats: For each voice, from the highest, the number of its part.
        functions: Rules of another kind: functions of a chord and the chord before.
        in_key: Whether the scale is that of the music, for the rules are a list without one.
    """

    rules: Ruleset
    seats: tuple[int, ...]
    functions: tuple[ChordRule, ...]
    in_key: bool

    @property
    def home(self) -> tuple[int, bool] | None:
        """The key that the scale of the rules is of; None if they have no scale of their own."""
        tonic, tones = self.rules.tonic, self.rules.tones
        minor = (tonic + 3) % 12 in tones and (tonic + 4) % 12 not in tones
        return None if self.in_key else (tonic, minor)


def mask_of(title: str, rules: object, voices: int) -> Mask | None:
    """Read what a musician gave as rules; None if there is nothing but functions of chords among it.

    Args:
        title: Of the function that was called, for messages.
        rules: A set of rules, a rule, or a list in which there may be one set, rules and functions.
        voices: Of the model.

    Raises:
        TypeError: It is something else, or the parts of the set are not for these voices.
    """
    many: list[Any] = list(cast("Sequence[Any]", rules)) if is_sequence(rules) else [rules]
    sets = [one for one in many if isinstance(one, Ruleset)]
    laws = [one for one in many if isinstance(one, Rule)]
    if not sets and not laws:
        return None
    if len(sets) > 1:
        raise TypeError(f"{title}: rules= takes one set of rules, and here are {len(sets)}")
    functions = ruled([one for one in many if not isinstance(one, (Ruleset, Rule))])
    names = names_of(voices)
    if sets:
        found = replace(sets[0], rules=(*sets[0].rules, *laws)) if laws else sets[0]
        return Mask(found, _seats(title, found, names), functions, in_key=False)
    parts = [part(name, LOWEST, HIGHEST, notes="any") for name in names]
    return Mask(ruleset(parts, laws, name="rules"), tuple(range(voices)), functions, in_key=True)


def _seats(title: str, rules: Ruleset, names: Sequence[str]) -> tuple[int, ...]:
    """Which part each voice is: by name, or else from the highest part to the lowest."""
    if len(rules.parts) != len(names):
        many = f"{len(rules.parts)} part{'s' * (len(rules.parts) > 1)}"
        raise TypeError(f"{title}: {rules.name} is for {many}, and this has {len(names)}: {', '.join(names)}")
    for one in rules.parts:
        if one.sound:
            raise TypeError(f"{title}: the part {one.name} of {rules.name} plays {told(one.sound)}, no notes")
    own = [one.name for one in rules.parts]
    if sorted(own) == sorted(names):
        return tuple(own.index(name) for name in names)
    return tuple(sorted(range(len(own)), key=lambda index: -rules.parts[index].low - rules.parts[index].high))


class Laws:
    """The rules that count, by what they are asked about, and how much it is to break each hard one.

    Of hard rules that cannot all be kept the last one goes: to break one is worse than to break all after it.

    Args:
        mask: What the musician gave.
        without: Rules that failed, and are left out.
    """

    __slots__ = ("bars", "mask", "moments", "notes", "ranks", "worst")

    def __init__(self, mask: Mask, without: frozenset[Rule] = frozenset()) -> None:
        self.mask = mask
        known = [one for one in mask.rules.rules if one not in without]
        hard = [one for one in known if one.weight is None]
        self.ranks = {one: 2.0 ** (len(hard) - 1 - index) for index, one in enumerate(hard)}
        self.worst = 2.0 ** len(hard)
        first = sorted(known, key=lambda one: one.weight is not None)
        names = [mask.rules.parts[seat].name for seat in mask.seats]
        self.notes = [
            tuple(one for one in first if one.each == "note" and (not one.of or name in one.of))
            for name in names
        ]
        self.moments = tuple(one for one in first if one.each == "moment")
        self.bars = tuple(one for one in first if one.each == "bar")


class Seen:
    """A cycle as rules see it: a bar, of which each frame in which something begins is a moment.

    Args:
        laws: The rules.
        bar: Its number: that of the cycle.
        length: Its frames.
        key: The tonic of the music, and whether it is minor.
        chance: Of the chords, if chance chooses them.
    """

    __slots__ = (
        "_names", "_pitches", "_places", "chords", "laws", "length", "mask", "number", "scale", "span",
        "tonic",
    )  # fmt: skip

    def __init__(self, laws: Laws, bar: int, length: int, key: tuple[int, bool], chance: int) -> None:
        self.laws, self.mask, self.number, self.length = laws, laws.mask, bar, length
        rules = self.mask.rules
        self.scale, self.tonic = rules.tones, rules.tonic
        if self.mask.in_key:
            self.tonic = key[0]
            self.scale = frozenset((key[0] + step) % 12 for step in (MINOR if key[1] else MAJOR))
        chords = chords_in(rules, bar, chance)
        self.chords: list[Chord | None] = [
            chords[at * len(chords) // length] if chords else None for at in range(length)
        ]
        self.span = Fraction(rules.beats, length)
        self._names = {one.name: index for index, one in enumerate(rules.parts)}
        self._places: dict[tuple[int, tuple[int, ...]], Place] = {}
        self._pitches: dict[tuple[int, int], frozenset[int] | None] = {}

    def place(self, at: int, struck: Sequence[int]) -> Place:
        """Where in the music a frame is, if these parts begin something there.

        How much comes after it is not known: the last beat of a phrase is taken for its end.
        """
        key = (at, tuple(struck))
        found = self._places.get(key)
        if found is None:
            found = self._places[key] = self._place(*key)
        return found

    def _place(self, at: int, struck: tuple[int, ...]) -> Place:
        rules = self.mask.rules
        in_phrase = self.number % rules.phrase
        beat = at * self.span + 1
        ends = in_phrase == rules.phrase - 1 and beat >= rules.beats
        return Place(
            self.number, in_phrase, rules.phrase, self.number // rules.phrase, beat, float(beat), rules.beats,
            self.chords[at], self.scale, self.tonic, self.length - 1 - at, ends,
            self._names, struck,
        )  # fmt: skip

    def turns(self, at: int) -> bool:
        """Whether another chord begins, so that what is held is asked about as if it were struck again."""
        return at > 0 and self.chords[at] is not self.chords[at - 1]

    def pitches(self, voice: int, at: int) -> frozenset[int] | None:
        """What a voice may strike, as its part says; None for anything."""
        key = (voice, at)
        if key not in self._pitches:
            self._pitches[key] = self._allowed(voice, at)
        return self._pitches[key]

    def _allowed(self, voice: int, at: int) -> frozenset[int] | None:
        one: Part = self.mask.rules.parts[self.mask.seats[voice]]
        if one.notes == "any" and (one.low, one.high) == (LOWEST, HIGHEST):
            return None
        given = pitches_of(one, self.place(at, ()), self.chords[at], self.scale)
        return frozenset(int(pitch) for pitch in given if pitch is not None)

    def moment(self, at: int, tokens: Tokens, before: Moment | None) -> Moment | None:
        """What sounds after the voices have done something in a frame; as before, if nothing has changed.

        Args:
            at: The frame.
            tokens: What each voice does, from the highest.
            before: The moment before.
        """
        parts = self.mask.rules.parts
        seats = self.mask.seats
        was: list[Note | None] = [None] * len(parts) if before is None else before.notes
        turned = self.turns(at)
        struck = sorted(
            seat
            for seat, token in zip(seats, tokens, strict=True)
            if token >= 0 or (turned and token == HOLD and was[seat] is not None)
        )
        silent = any(
            token < 0 and token != HOLD and was[seat] is not None
            for seat, token in zip(seats, tokens, strict=True)
        )
        if not struck and not silent:
            return before
        notes: list[Note | None] = [None] * len(parts)
        latest: list[Note | None] = notes[:] if before is None else before.latest[:]
        made = Moment(self.place(at, struck), notes, before, latest)
        for seat, token in zip(seats, tokens, strict=True):
            old = was[seat]
            if token == HOLD:
                notes[seat] = old
            if seat in struck:
                pitch = token if old is None or token >= 0 else old.pitch
                notes[seat] = Note(pitch, parts[seat].name, latest[seat], self.span, made)
                latest[seat] = notes[seat]
        return made
