"""What a recurrent net sees of some voices, and what it says of the next one; another reckons the numbers."""

from __future__ import annotations

import math
from base64 import b64decode, b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from patterns.errors import PatternError
from patterns.models.chorales import FrameState
from patterns.models.scores import FRAMES_IN_BEAT, HOLD, REST

__all__ = [
    "GRADE", "GRAIN", "Net", "Part", "Reckoner", "Shape", "asked", "parts_of", "said", "seen",
]  # fmt: skip

AGES = 8
"""Classes of how long a note has been held: 1, 2, 3, 4, 5 to 6, 7 to 8, 9 to 12 sixteenths, longer."""
STEP = 12
"""Semitones of a voice's own steps that are told apart; beyond it all leaps up or down are one."""
LEAP = 24
"""The same of what a voice may do next."""
APART = 36
"""Semitones between two voices that are told apart."""
PLACES = 16
"""Frames of a bar that are told apart."""
GRADE = 1024
"""Parts of 1 of which a net's numbers are whole multiples."""
GRAIN = 4096
"""The same of what it reckons on the way. So each sum of products is exact in double precision, whatever the
order in which a processor adds, and the same seed plays the same music on every machine."""
_METRES = (12, 16)  # frames of the bars that are told apart; all others are one
_STEPS = 2 * STEP + 2  # with one for none
_LEAPS = 2 * LEAP + 1


class Shape(NamedTuple):
    """How large a net is.

    Attributes:
        voices: How many it knows.
        low: The lowest pitch, counted from the tonic.
        high: The highest.
        hidden: Numbers that it remembers from frame to frame.
        width: Numbers between that and what it says.
    """

    voices: int
    low: int
    high: int
    hidden: int
    width: int

    @property
    def pitches(self) -> int:
        """How many pitches there are."""
        return self.high - self.low + 1

    @property
    def sights(self) -> int:
        """How many things it can see of a frame."""
        pairs = self.voices * (self.voices - 1) // 2
        place = (len(_METRES) + 1) * PLACES + FRAMES_IN_BEAT + 2
        return self.voices * (self.pitches + 1 + 12 + AGES) + 12 * pairs + place

    @property
    def questions(self) -> int:
        """How many things it can see of a voice whose turn it is."""
        own = self.pitches + 1 + 12 + AGES + _STEPS + (len(_METRES) + 1) * PLACES + 2
        above = self.pitches + 1 + 12 + APART + 1 + _STEPS + 144
        return own + (self.voices - 1) * above

    @property
    def answers(self) -> int:
        """How many numbers it says of a voice: of rest, of striking anew, of leaps, classes and pitches."""
        return 2 + _LEAPS + 12 + self.pitches


class Part(NamedTuple):
    """One table of a net's numbers.

    Attributes:
        name: What it is called.
        rows: How many rows it has.
        columns: How many numbers are in a row.
    """

    name: str
    rows: int
    columns: int


def parts_of(shape: Shape) -> list[Part]:
    """The tables of a net, in the order in which they are written.

    What it remembers goes on by K. Cho et al., Learning phrase representations (2014): a gated recurrent
    unit, its gates in the order reset, update, new. For each voice one layer more follows, whose negative
    numbers are 0.
    """
    hidden, width = shape.hidden, shape.width
    found = [
        Part("see", shape.sights, 3 * hidden),
        Part("recall", hidden, 3 * hidden),
        Part("gate", 1, 3 * hidden),
        Part("echo", 1, hidden),
    ]
    for voice in range(shape.voices):
        found += [
            Part(f"turn {voice}", hidden, width),
            Part(f"look {voice}", shape.questions, width),
            Part(f"lean {voice}", 1, width),
            Part(f"speak {voice}", width, shape.answers),
            Part(f"tone {voice}", 1, shape.answers),
        ]
    return found


@dataclass(frozen=True, slots=True)
class Net:
    """The numbers of a net, as they are kept.

    Args:
        shape: How large it is.
        share: How much it counts beside what was counted, 0 to 1.
        weights: Its tables, see `parts_of`: whole numbers of two bytes, the lower one first, each so many
            parts of `GRADE`.
    """

    shape: Shape
    share: float
    weights: bytes

    def to_json(self) -> dict[str, Any]:
        """As JSON has it."""
        weights = b64encode(self.weights).decode("ascii")
        return {"shape": list(self.shape), "share": self.share, "weights": weights}

    @staticmethod
    def from_json(table: Mapping[str, Any]) -> Net:
        """What `to_json` wrote.

        Raises:
            PatternError: There are not as many numbers as the shape wants.
        """
        shape, weights = Shape(*table["shape"]), b64decode(table["weights"])
        wanted = 2 * sum(part.rows * part.columns for part in parts_of(shape))
        if len(weights) != wanted:
            raise PatternError(f"a net of this shape has {wanted} bytes of numbers, not {len(weights)}")
        return Net(shape, table["share"], weights)


class Reckoner(Protocol):
    """Whoever multiplies: the numbers of a net, and nothing of music.

    What a net remembers is text, so that a state stays a plain value.
    """

    @property
    def shape(self) -> Shape:
        """How large the net is."""
        ...

    def start(self) -> str:
        """What it remembers before the first frame."""
        ...

    def step(self, memory: str, sights: Sequence[int]) -> str:
        """What it remembers after it has seen one more frame.

        Args:
            memory: What it remembered before.
            sights: See `seen`.
        """
        ...

    def answer(self, memory: str, voice: int, questions: Sequence[int]) -> Sequence[float]:
        """What it says of a voice: as many numbers as the shape has answers.

        Args:
            memory: What it remembers.
            voice: The number of the voice.
            questions: See `asked`.
        """
        ...


def _age(frames: int) -> int:
    return frames - 1 if frames <= 4 else 4 if frames <= 6 else 5 if frames <= 8 else 6 if frames <= 12 else 7


def _within(value: int, most: int) -> int:
    return max(-most, min(most, value))


def _place(state: FrameState) -> int:
    metre = _METRES.index(state.bar) if state.bar in _METRES else len(_METRES)
    return metre * PLACES + min(state.at, PLACES - 1)


def _pitch(shape: Shape, pitch: int) -> int:
    """The number of a pitch, the last for silence; what is out of reach is moved by octaves."""
    if pitch < 0:
        return shape.pitches
    while pitch > shape.high:
        pitch -= 12
    while pitch < shape.low:
        pitch += 12
    return min(pitch, shape.high) - shape.low


def seen(shape: Shape, state: FrameState) -> list[int]:
    """What a net sees before a frame: the numbers of the things that are so.

    They are for each voice its pitch, its class and since when; between each two voices the interval within
    the octave; the place in the bar; the mode.
    """
    found: list[int] = []
    base = 0
    for pitch, age in zip(state.held, state.ages, strict=True):
        found.append(base + _pitch(shape, pitch))
        if pitch >= 0:
            found.append(base + shape.pitches + 1 + pitch % 12)
        base += shape.pitches + 13
        found.append(base + _age(age))
        base += AGES
    for lower in range(1, shape.voices):
        for upper in range(lower):
            one, two = state.held[upper], state.held[lower]
            if one >= 0 and two >= 0:
                found.append(base + (one - two) % 12)
            base += 12
    found.append(base + _place(state))
    base += (len(_METRES) + 1) * PLACES
    return [*found, base + state.at % FRAMES_IN_BEAT, base + FRAMES_IN_BEAT + state.minor]


def asked(shape: Shape, state: FrameState) -> list[int]:
    """What a net sees of the voice whose turn it is.

    They are its pitch, class, age, and the step to it; the place and the mode; of each voice above the pitch,
    the class, the distance, the step that it has just made, and which interval there was and will be if this
    voice stays.
    """
    voice = len(state.now)
    own, earlier = state.held[voice], state.earlier[voice]
    found = [_pitch(shape, own)]
    if own >= 0:
        found.append(shape.pitches + 1 + own % 12)
    base = shape.pitches + 13
    found.append(base + _age(state.ages[voice]))
    base += AGES
    found.append(base + (2 * STEP + 1 if own < 0 or earlier < 0 else _within(own - earlier, STEP) + STEP))
    base += _STEPS
    found.append(base + _place(state))
    base += (len(_METRES) + 1) * PLACES
    found.append(base + state.minor)
    base += 2
    for token, was in zip(state.now, state.held, strict=False):
        pitch = was if token == HOLD else max(token, -1)
        found.append(base + _pitch(shape, pitch))
        at = base + shape.pitches + 1
        if pitch >= 0:
            found.append(at + pitch % 12)
            if own >= 0:
                found.append(at + 12 + max(0, min(APART, pitch - own)))
        at += 13 + APART
        found.append(at + (2 * STEP + 1 if pitch < 0 or was < 0 else _within(pitch - was, STEP) + STEP))
        at += _STEPS
        if pitch >= 0 and was >= 0 and own >= 0:
            found.append(at + (was - own) % 12 * 12 + (pitch - own) % 12)
        base = at + 144
    return found


def said(shape: Shape, own: int, answers: Sequence[float]) -> dict[int, float]:
    """How likely each token is by what a net said of a voice that sounds `own`, or -1.

    What is likely is said in parts that are added up: the leap, the class, the pitch.
    """
    leaps = 2 + LEAP
    classes = 2 + _LEAPS
    pitches = classes + 12 - shape.low
    logits = {REST: answers[0]}
    if own >= 0:
        logits[own] = answers[leaps] + answers[classes + own % 12]  # it may be held, however high it is
    for pitch in range(shape.low, shape.high + 1):
        logit = answers[classes + pitch % 12] + answers[pitches + pitch]
        if own >= 0:
            logit += answers[leaps + _within(pitch - own, LEAP)]
        logits[pitch] = logit
    most = max(logits.values())
    weights = {token: math.exp(logit - most) for token, logit in logits.items()}
    total = sum(weights.values())
    found = {token: weight / total for token, weight in weights.items()}
    if own in found:
        anew = 1 / (1 + math.exp(-max(-30.0, min(30.0, answers[1]))))
        found[HOLD] = found[own] * (1 - anew)
        found[own] *= anew
    return found
