"""Single lines: each note is guessed from the degree, the intervals and the lengths before it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from patterns.models.backoff import Backoff, Context
from patterns.models.protocol import Allowed, Card, Odds, narrowed
from patterns.models.scores import Note, Score

__all__ = ["Melodies", "MelodyState"]

ORDER = 4
"""Notes that are looked back at."""
LONGEST = 64
"""Sixteenths of the longest note."""
WIDEST = 24
"""Semitones of the widest leap."""
DOUBT = 3.0
"""See `Backoff`: 0.3 bits a note better than 1 on melodies that are not in the corpus."""
_NONE = 99
_PITCHES = range(128)
# What is assumed where nothing is known: sixteenths of a length, semitones of a step.
_LENGTHS: dict[int, float] = {1: 0.25, 2: 0.25, 4: 0.25, 8: 0.25}
_STEPS: dict[int, float] = {-2: 0.2, -1: 0.2, 0: 0.2, 1: 0.2, 2: 0.2}


class MelodyState(NamedTuple):
    """What a model of lines knows: the notes before, newest last, and whether a length or a pitch is next.

    Attributes:
        tonic: Of the key, 0 to 11.
        at: Where in the bar the next note begins, in sixteenths.
        bar: Sixteenths of the bar.
        pitches: The newest pitches.
        lengths: From each note to the next, in sixteenths.
        pitch: The pitch of the next note once that is said, else -1.
    """

    tonic: int
    at: int
    bar: int
    pitches: tuple[int, ...]
    lengths: tuple[int, ...]
    pitch: int


class Melodies:
    """A model of single lines, in two questions in turn: which pitch, and how long until the next note?

    A pitch is guessed as an interval from the note before, in contexts of the degree of the scale on which
    the line stands and of the intervals that led there; a length in contexts of the beat and of the lengths
    before. Learning a note takes microseconds, so it can learn while somebody plays.

    Source: D. Conklin, I. Witten, Multiple viewpoint systems for music prediction (1995): the linked
    viewpoint of scale degree and interval; F. Pachet, The Continuator (2003), for learning in duet.

    Args:
        card: What it was made of.
    """

    __slots__ = ("_card", "_high", "_intervals", "_lengths", "_low")

    def __init__(self, card: Card | None = None) -> None:
        self._card = card or Card("melodies")
        self._intervals = Backoff(ORDER + 2, DOUBT)
        self._lengths = Backoff(ORDER + 1, DOUBT)
        self._low, self._high = 127, 0

    @property
    def card(self) -> Card:
        """What it was made of."""
        return self._card

    @property
    def size(self) -> int:
        """How many counts it has."""
        return self._intervals.size + self._lengths.size

    def fit(self, pieces: Iterable[Score]) -> None:
        """Learn the highest voice of some pieces."""
        for piece in pieces:
            line = piece.line(0)
            if line:
                bar, at = piece.bars[line[0].begin]
                self.learn(line, self.start(piece.tonic, bar, at))

    def learn(self, line: Sequence[Note], state: MelodyState) -> MelodyState:
        """Learn some notes, in the state before them; gives the state after them."""
        for index, note in enumerate(line):
            after = line[index + 1].begin if index + 1 < len(line) else note.end
            for value in (note.pitch, max(1, min(after - note.begin, LONGEST))):
                self._learn(state, value)
                state = self.feed(state, value)
        return state

    def start(self, tonic: int = 0, bar: int = 16, at: int = 0) -> MelodyState:
        """The state before any note.

        Args:
            tonic: Of the key, 0 (c) to 11.
            bar: Sixteenths of a bar.
            at: In which of them the first note begins.
        """
        return MelodyState(tonic, at, bar, (), (), -1)

    def query(self, state: MelodyState, allowed: Allowed = None) -> Odds:
        """Say which pitch may come next; after a pitch, how long until the next note, in sixteenths."""
        if state.pitch >= 0:
            base = _LENGTHS
            return narrowed(self._lengths.odds(_length_contexts(state), base), allowed, range(1, LONGEST))
        around = state.pitches[-1] if state.pitches else 60 + state.tonic
        base = _STEPS
        found: dict[int, float] = {}
        for interval, chance in self._intervals.odds(_pitch_contexts(state), base).items():
            pitch = around + interval
            if 0 <= pitch <= 127:
                found[pitch] = found.get(pitch, 0.0) + chance
        return narrowed(found, allowed or found.__contains__, _PITCHES)

    def feed(self, state: MelodyState, value: int) -> MelodyState:
        """The state after a pitch, or after the length that follows it."""
        if state.pitch < 0:
            return state._replace(pitch=value)
        return MelodyState(
            state.tonic,
            (state.at + value) % state.bar,
            state.bar,
            (*state.pitches, state.pitch)[-ORDER - 1 :],
            (*state.lengths, value)[-ORDER:],
            -1,
        )

    def chance(self, state: MelodyState, value: int) -> float:
        """Say how likely a value is; one that nobody has met is as likely as any of its kind."""
        if state.pitch >= 0:
            return self._lengths.chance(_length_contexts(state), value, 1 / LONGEST)
        around = state.pitches[-1] if state.pitches else 60 + state.tonic
        return self._intervals.chance(_pitch_contexts(state), value - around, 1 / (2 * WIDEST + 1))

    def _learn(self, state: MelodyState, value: int) -> None:
        if state.pitch >= 0:
            self._lengths.learn(_length_contexts(state), value)
            return
        around = state.pitches[-1] if state.pitches else 60 + state.tonic
        self._intervals.learn(_pitch_contexts(state), value - around)
        self._low, self._high = min(self._low, value), max(self._high, value)

    def with_card(self, card: Card, least: int = 1) -> Melodies:
        """The same with another card, without contexts that were met fewer than so many times."""
        made = Melodies(card)
        made._intervals, made._lengths = self._intervals, self._lengths
        if least > 1:
            made._intervals, made._lengths = self._intervals.pruned(least), self._lengths.pruned(least)
        made._low, made._high = self._low, self._high
        return made

    @property
    def compass(self) -> tuple[int, int]:
        """The lowest and the highest pitch that it has met; c3 to c6 if it has met none."""
        return (self._low, self._high) if self._low <= self._high else (48, 84)

    def to_json(self) -> dict[str, Any]:
        """What it has learnt, as JSON has it."""
        return {
            "compass": [self._low, self._high],
            "intervals": self._intervals.rows(), "lengths": self._lengths.rows(),
        }  # fmt: skip

    @staticmethod
    def from_json(table: dict[str, Any], card: Card) -> Melodies:
        """What `to_json` wrote."""
        made = Melodies(card)
        made._low, made._high = table["compass"]
        made._intervals = Backoff.of_rows(table["intervals"], DOUBT)
        made._lengths = Backoff.of_rows(table["lengths"], DOUBT)
        return made


def _pitch_contexts(state: MelodyState) -> Sequence[Context]:
    """From the plainest: nothing, the degree, the degree with more and more of the intervals before."""
    pitches = state.pitches
    degree = (pitches[-1] - state.tonic) % 12 if pitches else _NONE
    ways = [after - before for before, after in pairwise(pitches)][::-1]
    plain: list[Context] = [(), (degree,), (degree, int(not state.at % 4))]
    return plain + [(degree, *ways[:count]) for count in range(1, ORDER)]


def _length_contexts(state: MelodyState) -> Sequence[Context]:
    """From the plainest: nothing, the beat, the place in the bar, with the lengths before."""
    place = state.bar * 64 + state.at
    lengths = state.lengths[::-1]
    return (
        (),
        (state.at % 4,),
        (place,),
        (place, *lengths[:1]),
        (place, *lengths[:3]),
    )
