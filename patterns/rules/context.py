"""What a rule sees: a note, what sounds at one moment, a bar, and where in the music they stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

from patterns.arguments import whole
from patterns.chord_names import parse_chord
from patterns.measures.heard import Heard
from patterns.measures.live import measure_called

__all__ = ["Bar", "Chord", "Moment", "Note", "Place", "chord_of"]

_THIRDS = (3, 4)
_FIFTHS = (7, 6, 8)
_SEVENTHS = (10, 11, 9)


@dataclass(frozen=True, slots=True)
class Chord:
    """A chord as rules see it: its name and its tones within the octave, c = 0.

    >>> chord = chord_of("G7/B")
    >>> chord.root, chord.bass, chord.third, 65 in chord
    (7, 11, 11, True)

    Args:
        name: As it was written.
        root: The root.
        bass: What is to be lowest; the root where nothing is said.
        tones: All tones.
        third: The third, None where there is none; so the next two.
        fifth: The fifth.
        seventh: The seventh; of a sixth chord too, as far as it is written as a diminished one.
    """

    name: str
    root: int
    bass: int
    tones: frozenset[int]
    third: int | None
    fifth: int | None
    seventh: int | None

    def __contains__(self, pitch: object) -> bool:
        """Say whether a note is of the chord, in any octave."""
        return isinstance(pitch, (int, float)) and pitch % 12 in self.tones


@lru_cache(512)
def chord_of(name: str) -> Chord:
    """Read the name of a chord.

    Raises:
        PatternError: No chord is called so; the message names the nearest.
    """
    root, steps, bass = parse_chord(name)

    def one(among: tuple[int, ...]) -> int | None:
        return next(((root + step) % 12 for step in among if step in steps), None)

    lowest = root if bass is None else bass
    tones = frozenset((root + step) % 12 for step in steps)
    seventh = one(_SEVENTHS if len(steps) > 3 and 6 in steps else _SEVENTHS[:2])
    return Chord(name, root % 12, lowest % 12, tones, one(_THIRDS), one(_FIFTHS), seventh)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """Where in the music something stands.

    Args:
        bar: Number of the bar, from 0 on; before the beginning it is below.
        bar_of_phrase: Its number within its phrase, from 0 on.
        bars: Bars of a phrase.
        phrase: Number of the phrase.
        beat: Beats are counted from 1 on; 1.5 is half a beat after the first.
        count: The same as a plain number.
        beats: Beats of a bar.
        chord: The chord there, None if the rules have no chords.
        scale: Tones of the scale, c = 0.
        tonic: The first tone of the scale.
        left: Onsets of any part that come after this one in its bar.
        ends: Whether it is the last onset of its phrase.
        parts: The number of each part by its name.
        struck: The parts that have an onset there, by number.
        sounds: Those that play a sound and no notes, by name.
    """

    bar: int
    bar_of_phrase: int
    bars: int
    phrase: int
    beat: Fraction
    count: float
    beats: int
    chord: Chord | None
    scale: frozenset[int]
    tonic: int
    left: int
    ends: bool
    parts: Mapping[str, int]
    struck: tuple[int, ...]
    sounds: frozenset[str] = frozenset()

    @property
    def last_bar(self) -> bool:
        """Whether it is in the last bar of its phrase."""
        return self.bar_of_phrase == self.bars - 1

    @property
    def strong(self) -> bool:
        """Whether it is on the first beat, or in the middle of a bar with an even number of them."""
        return self.count == 1 or (not self.beats % 2 and self.count == 1 + self.beats // 2)

    @property
    def on_beat(self) -> bool:
        """Whether it is on a beat."""
        return self.count % 1 == 0


class Note:
    """A note of a part.

    Attributes:
        pitch: Its number, 60 is c4; of a part with other values the value, such as how loud a drum is.
        part: The name of its part.
        before: The note before it in its part; None at the very beginning.
        length: In beats.
        moment: What sounds when it begins, as far as that is decided: parts are filled in one after the
            other, in the order in which the rules name them.
        place: Where it begins.
        leap: Semitones from the note before, up or down; 0 if there is none.
    """

    __slots__ = ("before", "leap", "length", "moment", "part", "pitch", "place")

    def __init__(self, pitch: Any, part: str, before: Note | None, length: Fraction, moment: Moment) -> None:
        self.pitch = pitch
        self.part = part
        self.before = before
        self.length = length
        self.moment = moment
        self.place = moment.place
        self.leap: Any = 0 if before is None else pitch - before.pitch

    def against(self, part: str) -> Note | None:
        """Give the note of another part that sounds when this one begins; None if it rests or is not decided.

        Raises:
            KeyError: No part is called so.
        """
        return self.moment[part]

    @property
    def chord(self) -> Chord | None:
        """The chord over which it begins."""
        return self.place.chord

    @property
    def others(self) -> list[Note]:
        """What sounds beside it, as far as it is decided."""
        return [one for one in self.moment.notes if one is not None and one is not self]

    def __repr__(self) -> str:
        """Say part and pitch."""
        return f"{self.part} {self.pitch}"


class Moment:
    """What sounds when something begins.

    Attributes:
        place: Where that is.
        notes: For each part its note, struck now or still sounding, or None.
        before: The moment before; None at the very beginning.
        latest: For each part the last note that it has struck, whether it still sounds or not.
        kept: What some parts have had in this bar up to here, see `heard`.
    """

    __slots__ = ("before", "kept", "latest", "notes", "place")

    def __init__(
        self, place: Place, notes: list[Note | None], before: Moment | None, latest: list[Note | None]
    ) -> None:
        self.place = place
        self.notes = notes
        self.before = before
        self.latest = latest
        self.kept: dict[int, tuple[Any, ...]] = {}

    def heard(self, part: int) -> tuple[Any, ...]:
        """Give what a part has had in this bar up to here, by its number."""
        before = self.before
        earlier: tuple[Any, ...] = ()
        if before is not None and before.place.bar == self.place.bar:
            # What lies before does not change any more, and each way from there asks for it again.
            found = before.kept.get(part)
            earlier = before.kept[part] = before.heard(part) if found is None else found
        if part not in self.place.struck:
            return earlier
        note = self.notes[part]
        return (*earlier, None if note is None else note.pitch)

    def played(self, part: str = "") -> list[Heard]:
        """List what begins here as measures take it: when in bars, for how long, how high; none of a silence.

        Raises:
            KeyError: No part is called so.
        """
        place = self.place
        onset = place.bar + (place.count - 1) / place.beats
        wanted = place.struck if not part else [one for one in (place.parts[part],) if one in place.struck]
        found: list[Heard] = []
        for index in wanted:
            note = self.notes[index]
            drum = note is not None and note.part in place.sounds
            if note is None or (drum and not note.pitch):
                continue
            pitch, strength = (None, min(1.0, float(note.pitch))) if drum else (float(note.pitch), 1.0)
            found.append(Heard(onset, float(note.length) / place.beats, pitch, strength))
        return found

    def __getitem__(self, part: str) -> Note | None:
        """Give what sounds in a part, None if it rests.

        Raises:
            KeyError: No part is called so.
        """
        return self.notes[self.place.parts[part]]

    @property
    def chord(self) -> Chord | None:
        """The chord there."""
        return self.place.chord

    @property
    def sounding(self) -> list[Note]:
        """The notes that sound, in the order of the parts."""
        return [note for note in self.notes if note is not None]

    @property
    def pitches(self) -> list[Any]:
        """Their pitches."""
        return [note.pitch for note in self.notes if note is not None]

    @property
    def struck(self) -> list[Note]:
        """The notes that begin here."""
        return [note for part in self.place.struck if (note := self.notes[part]) is not None]

    @property
    def bar(self) -> Bar:
        """The bar, up to here."""
        return Bar(self)

    def pairs(self) -> Iterator[tuple[Note, Note]]:
        """Go over each two notes that sound, in the order of the parts."""
        sounding = self.sounding
        for index, one in enumerate(sounding):
            for other in sounding[index + 1 :]:
                yield one, other


class Bar:
    """A bar up to one of its moments, or the whole of it.

    Args:
        last: The last of its moments.
    """

    __slots__ = ("last", "place")

    def __init__(self, last: Moment) -> None:
        self.place = last.place
        self.last = last

    @property
    def moments(self) -> list[Moment]:
        """Its moments, in order."""
        number = self.place.bar
        found: list[Moment] = []
        at: Moment | None = self.last
        while at is not None and at.place.bar == number:
            found.append(at)
            at = at.before
        return found[::-1]

    @property
    def before(self) -> Bar | None:
        """The bar before, None where there is none or it is forgotten."""
        number = self.place.bar
        at: Moment | None = self.last
        while at is not None and at.place.bar == number:
            at = at.before
        return None if at is None or at.place.bar != number - 1 else Bar(at)

    def back(self, bars: int) -> Bar | None:
        """Give the bar that lies so many bars back."""
        at: Bar | None = self
        for _ in range(bars):
            at = None if at is None else at.before
        return at

    def measure(self, what: str = "density", bars: int = 1, part: str = "") -> Any:
        """Measure this bar, up to here, and those before it as far as they are remembered.

        Args:
            what: "density", notes in a bar; "entropy", "tension", "repetition", "errors" or "key", as
                `measured` has them.
            bars: How many, this one counted, 1 to 16.
            part: Of which part; of all together unless given.

        Raises:
            PatternError: There is no such measure.
            KeyError: No part is called so.
        """
        measure = measure_called(what, asking="bar.measure")
        end = self.place.bar + 1
        begin = end - whole("bar.measure: bars", bars, 1, 16)
        known, found = end - 1, list[Heard]()
        at: Moment | None = self.last
        while at is not None and at.place.bar >= begin:
            known = at.place.bar
            found += at.played(part)
            at = at.before
        return measure(sorted(found, key=lambda note: note.onset), begin if at is not None else known, end)

    def values(self, part: str) -> list[Any]:
        """List what a part has at each of its onsets in this bar: a pitch, or None for a rest.

        Raises:
            KeyError: No part is called so.
        """
        return [*self.last.heard(self.place.parts[part])]

    def notes(self, part: str) -> list[Note]:
        """List the notes that a part strikes in this bar."""
        index = self.place.parts[part]
        return [
            note
            for moment in self.moments
            if index in moment.place.struck and (note := moment.notes[index]) is not None
        ]
