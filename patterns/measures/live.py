"""Measures of a pattern while it plays: signals of what it has played in the cycles before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from patterns.arguments import told, whole
from patterns.core import Flat, Pattern, RawHap
from patterns.cyclewise import split
from patterns.errors import PatternError
from patterns.measures.heard import Heard, heard_in
from patterns.measures.keys import key_of, pitch_class_entropy
from patterns.measures.similarity import frames_of, note_density, repetition, self_similarity
from patterns.measures.tension import strain_of, tension_of
from patterns.measures.voices import voice_leading
from patterns.registry import nearest, transform
from patterns.state import Walk
from patterns.ticks import TICKS, Time

__all__ = ["MEASURES", "Measure", "measure_called", "measured"]

_LONGEST = 64  # cycles that are looked back: each is asked for anew in each cycle


def _tension(notes: Sequence[Heard], _begin: float, _end: float) -> float:
    key = key_of(notes)
    strain = None if key is None else strain_of(notes, key)
    return 0.0 if key is None or strain is None else tension_of(strain, key)


def _key(notes: Sequence[Heard], _begin: float, _end: float) -> str:
    key = key_of(notes)
    return "" if key is None else key.name


Measure = Callable[[Sequence[Heard], float, float], Any]
"""What is made of the notes between two cycles."""

MEASURES: dict[str, Measure] = {
    "density": note_density,
    "entropy": lambda notes, _begin, _end: pitch_class_entropy(notes),
    "tension": _tension,
    "repetition": lambda notes, begin, end: repetition(self_similarity(frames_of(notes, begin, end))),
    "errors": lambda notes, begin, end: len(voice_leading(notes)) / (end - begin),
    "key": _key,
}
"""Each by its name."""


def measure_called(what: Any, among: Sequence[str] = tuple(MEASURES), asking: str = "measured") -> Measure:
    """Find a measure by its name.

    >>> measure_called("density")([Heard(0, 1, 60), Heard(0.5, 1, 64)], 0, 1)
    2.0

    Args:
        what: The name.
        among: Those that may be asked for.
        asking: Who asks, for the message.

    Raises:
        PatternError: There is none of that name.
    """
    if not isinstance(what, str) or what not in among:
        hint = nearest(str(what), list(among)) or f"; there is {', '.join(among)}"
        raise PatternError(f"{asking} knows no {told(what)}{hint}")
    return MEASURES[what]


@transform("Form", strudel="")
def measured(pattern: Pattern, what: str = "density", cycles: Any = 4) -> Pattern:
    """Measure what a pattern has played in the cycles before: a signal that others follow.

    >>> s("bd*4").measured("density", 2).segment(1).haps(7, 8)[0].value
    4.0
    >>> note("<c e g>*4").measured("key").segment(1).haps(8, 9)[0].value
    'C:major'

    Args:
        pattern: What is listened to.
        what: "density", notes in a cycle; "entropy" of pitch classes, 0 to 3.58 bits; "tension", 0 to 1;
            "repetition", 0 to 1; "errors" of voice-leading in a cycle; "key", a name such as C:major.
        cycles: How many are listened to, 1 to 64: those before the one that plays.
    """
    measure = measure_called(what)
    count = whole("measured: cycles=", cycles, 1, _LONGEST)

    def value(cycle: int, walk: Walk) -> Any:
        first, last = (cycle - count) * TICKS, cycle * TICKS
        problems, walk.problems = walk.problems, {}  # whoever plays it is told of them
        try:
            found = pattern.run(first, last, walk)
        finally:
            walk.problems = problems
        return measure(heard_in(RawHap(*hap) for hap in found), cycle - count, cycle)

    def run(cycle: int, begin: Time, end: Time, walk: Walk) -> list[Flat]:
        return [(None, None, begin, end, value(cycle, walk), ())]

    made = split(pattern, run)
    return Pattern(made.run, None, None, pattern.reads)
