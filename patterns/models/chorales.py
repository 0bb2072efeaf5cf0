"""Voices that move together: what each does in each sixteenth, guessed from the others and the beat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from patterns.errors import PatternError
from patterns.models.backoff import Backoff, Context
from patterns.models.protocol import Allowed, Card, Odds, narrowed
from patterns.models.scores import FRAMES_IN_BEAT, HOLD, REST, Score

__all__ = ["FrameState", "Frames"]

OLDEST = 16
"""Frames after which it is all the same how long a note has been held."""
DOUBT = 3.0
"""See `Backoff`: of 1 to 6 the best on chorales held back to try, but for 0.001; 0.03 nats better than 1."""
BEYOND = 5
"""Semitones beyond what a voice was heard to sing that are thought possible."""
_HOLD, _STRIKE, _REST = range(3)
_SILENT = -1
_FEW = 1e-9


class FrameState(NamedTuple):
    """What a model of frames knows before a voice moves; pitches are counted from the tonic.

    Attributes:
        bar: Frames of the bar.
        at: Which of them this is.
        minor: 1 in a minor key.
        now: What the voices above do in this frame.
        held: The pitch of each voice in the frame before, -1 if it was silent.
        ages: For how many frames each has been held, or silent.
        earlier: The pitch that each had before.
        memory: What a net keeps beside, as text; empty without one.
    """

    bar: int
    at: int
    minor: int
    now: tuple[int, ...]
    held: tuple[int, ...]
    ages: tuple[int, ...]
    earlier: tuple[int, ...]
    memory: str = ""


class Frames:
    """A model of some voices on a grid of sixteenths, in two questions: does a voice move, and where to?

    Both are answered by counts in contexts, see `Backoff`: of the beat, of how long the note was held, of
    what the voices above do in this frame, and of the chord before. Pitches are counted from the tonic, so
    that what is learnt in one key is known in all.

    Args:
        voices: How many there are.
        card: What it was made of.
    """

    __slots__ = ("_card", "_moves", "_pitches", "_ranges", "voices")

    def __init__(self, voices: int, card: Card | None = None) -> None:
        self.voices = voices
        self._card = card or Card("frames")
        self._moves = Backoff(7, DOUBT)
        self._pitches = Backoff(8, DOUBT)
        self._ranges: list[tuple[int, int]] = [(128, -1)] * voices

    @property
    def card(self) -> Card:
        """What it was made of."""
        return self._card

    @property
    def size(self) -> int:
        """How many counts it has."""
        return self._moves.size + self._pitches.size

    def compass(self, voice: int) -> tuple[int, int]:
        """The lowest and the highest pitch of a voice, counted from the tonic."""
        return self._ranges[voice]

    def fit(self, pieces: Iterable[Score]) -> None:
        """Learn some pieces of as many voices as this model has.

        Raises:
            PatternError: One has another number of voices.
        """
        for piece in pieces:
            if piece.voices != self.voices:
                raise PatternError(
                    f"{piece.name} has {piece.voices} voices, and this model is of {self.voices}"
                )
            for state, token in self.walk(piece):
                self._learn(state, token)

    def walk(self, piece: Score) -> Iterable[tuple[FrameState, int]]:
        """Every token of a piece, counted from its tonic, with the state in which it comes."""
        state = self.start(piece.minor)
        for frame, (bar, at) in zip(piece.frames, piece.bars, strict=True):
            state = state._replace(bar=bar, at=at)
            for each in frame:
                token = each - piece.tonic if each >= 0 else each
                if token == HOLD and state.held[len(state.now)] < 0:
                    token = REST
                yield state, token
                state = self.feed(state, token)

    def start(self, minor: bool = False, bar: int = 4 * FRAMES_IN_BEAT) -> FrameState:
        """The state before anything was played: every voice is silent, and a bar begins."""
        none = (_SILENT,) * self.voices
        return FrameState(bar, 0, int(minor), (), none, (OLDEST,) * self.voices, none)

    def query(self, state: FrameState, allowed: Allowed = None) -> Odds:
        """Say what the next voice may do: strike a pitch counted from the tonic, `HOLD`, or `REST`.

        Raises:
            PatternError: Nothing is allowed.
        """
        voice = len(state.now)
        silent = state.held[voice] < 0
        kinds = (_STRIKE, _REST) if silent else (_HOLD, _STRIKE, _REST)
        moves = self._moves.odds(_move_contexts(state), dict.fromkeys(kinds, 1 / len(kinds)))
        every = self._possible(voice)
        found: dict[int, float] = {REST: moves[_REST]}
        if not silent:
            found[HOLD] = moves[_HOLD]
        strike = moves[_STRIKE]
        if strike > _FEW:
            base = dict.fromkeys(every, 1 / len(every))
            for pitch, chance in self._pitches.odds(_pitch_contexts(state), base).items():
                found[pitch] = strike * chance
        return narrowed(found, allowed, every)

    def feed(self, state: FrameState, value: int) -> FrameState:
        """The state after the next voice did something; after the last voice a new frame begins."""
        now = (*state.now, value)
        if len(now) < self.voices:
            return state._replace(now=now)
        held, ages, earlier = list(state.held), list(state.ages), list(state.earlier)
        for voice, token in enumerate(now):
            before = held[voice]
            if token == HOLD or (token == REST and before < 0):
                ages[voice] = min(ages[voice] + 1, OLDEST)
                continue
            if before >= 0:
                earlier[voice] = before
            held[voice], ages[voice] = (token, 1) if token >= 0 else (_SILENT, 1)
        return state._replace(
            at=(state.at + 1) % state.bar,
            now=(),
            held=tuple(held),
            ages=tuple(ages),
            earlier=tuple(earlier),
        )

    def chance(self, state: FrameState, value: int) -> tuple[float, float]:
        """Say how likely a token is, and how likely its pitch is, whether that is held or struck again."""
        voice = len(state.now)
        own = state.held[voice]
        base = 1 / 2 if own < 0 else 1 / 3
        contexts = _move_contexts(state)
        move = _HOLD if value == HOLD else _REST if value == REST else _STRIKE
        moved = self._moves.chance(contexts, move, base)
        every = self._possible(voice)
        if value == REST:
            return moved, moved
        pitches = _pitch_contexts(state)
        if value == HOLD:
            strike = self._moves.chance(contexts, _STRIKE, base)
            return moved, moved + strike * self._pitches.chance(pitches, own, 1 / len(every))
        both = moved * self._pitches.chance(pitches, value, 1 / len(every) if value in every else _FEW)
        same = self._moves.chance(contexts, _HOLD, base) if value == own else 0.0
        return both, both + same

    def _possible(self, voice: int) -> range:
        """The pitches that a voice may strike, met or not."""
        low, high = self._ranges[voice]
        return range(max(0, low - BEYOND), high + BEYOND + 1) if high >= low else range(55, 85)

    def _learn(self, state: FrameState, token: int) -> None:
        voice = len(state.now)
        move = _HOLD if token == HOLD else _REST if token == REST else _STRIKE
        self._moves.learn(_move_contexts(state), move)
        if token >= 0:
            self._pitches.learn(_pitch_contexts(state), token)
            low, high = self._ranges[voice]
            self._ranges[voice] = (min(low, token), max(high, token))

    def with_card(self, card: Card, least: int = 1) -> Frames:
        """The same with another card, without contexts that were met fewer than so many times."""
        made = Frames(self.voices, card)
        made._take(self)
        if least > 1:
            made._moves, made._pitches = self._moves.pruned(least), self._pitches.pruned(least)
        return made

    def _take(self, other: Frames) -> None:
        """Know what another one knows."""
        self._moves, self._pitches, self._ranges = other._moves, other._pitches, list(other._ranges)

    def to_json(self) -> dict[str, Any]:
        """What it has learnt, as JSON has it."""
        return {
            "voices": self.voices, "ranges": [list(pair) for pair in self._ranges],
            "moves": self._moves.rows(), "pitches": self._pitches.rows(),
        }  # fmt: skip

    @staticmethod
    def from_json(table: dict[str, Any], card: Card) -> Frames:
        """What `to_json` wrote."""
        made = Frames(table["voices"], card)
        made._ranges = [(low, high) for low, high in table["ranges"]]
        made._moves = Backoff.of_rows(table["moves"], DOUBT)
        made._pitches = Backoff.of_rows(table["pitches"], DOUBT)
        return made


def _sounding(state: FrameState) -> tuple[int, ...]:
    """What the voices above sound in this frame."""
    return tuple(
        was if token == HOLD else max(token, _SILENT)
        for token, was in zip(state.now, state.held[: len(state.now)], strict=True)
    )


def _move_contexts(state: FrameState) -> Sequence[Context]:
    """From the plainest: the voice, its beat, its age, what the voices above do, and since when all hold."""
    voice = len(state.now)
    silent = int(state.held[voice] < 0)
    place = state.bar * 64 + state.at
    age = state.ages[voice]
    above = 0
    for token in state.now:
        above = above * 3 + (_HOLD if token == HOLD else _STRIKE if token >= 0 else _REST)
    beat = state.at % FRAMES_IN_BEAT
    return (
        (voice, silent),
        (voice, beat, silent),
        (voice, place, silent),
        (voice, beat, silent, age, above),
        (voice, place, silent, age, above),
        (voice, place, silent, above, *state.ages),
        (voice, place, silent, above, *state.ages, *_sounding(state), state.held[voice]),
    )


def _pitch_contexts(state: FrameState) -> Sequence[Context]:
    """From the plainest: the voice, its own way, what the voices above sound, and the chord before."""
    voice = len(state.now)
    own = state.held[voice]
    above = _sounding(state)
    minor = state.minor
    strong = 0 if not state.at else 1 if not state.at % FRAMES_IN_BEAT else 2
    near = above[-1:]
    return (
        (voice,),
        (voice, minor, own),
        (voice, minor, own, *near, strong) if above else (voice, minor, own, state.earlier[voice]),
        (voice, minor, *above),
        (voice, minor, own, *above),
        (voice, minor, own, strong, *above, state.earlier[voice]),
        (voice, minor, *above, *state.held),
        (voice, minor, *above, *state.held, strong, state.earlier[voice], state.at),
    )
