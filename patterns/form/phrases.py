"""Phrases: what a motif grows into, question by question and answer by answer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from patterns.arguments import whole
from patterns.core import Flat, Pattern
from patterns.dice import Dice, dice_key
from patterns.form.motifs import GROUP, Motif, Tone, read_motif, tones_as_haps
from patterns.registry import function
from patterns.state import Walk
from patterns.ticks import Time, to_ticks

__all__ = ["antecedent", "consequent", "phrases"]

_OPEN = (1, 4, 6)  # degrees of the dominant, on which a question ends


def _fragmented(theme: Motif, dice: Dice) -> Motif:
    """Its first half, again and again a degree higher or lower."""
    head = theme.fragment(0, max(1, len(theme.tones) // 2))
    return head.sequence(min(64, int(-(-theme.length // head.length))), dice.choose((-1, 1)))


_WAYS: tuple[tuple[str, int, Callable[[Motif, Dice], Motif]], ...] = (
    ("sequence", 4, lambda m, dice: m.transpose(dice.choose((-2, -1, 1, 2)))),
    ("inversion", 2, lambda m, _: m.invert()),
    ("ornament", 2, lambda m, dice: m.ornament(dice.choose(("neighbour", "turn", "passing")), 2)),
    ("fragment", 3, _fragmented),
    ("retrograde", 1, lambda m, _: m.retrograde()),
    ("diminution", 1, lambda m, _: m.diminish().sequence(2, 1)),
)
"""What a motif is made into: the name, how often, and how."""


def _developed(theme: Motif, dice: Dice) -> Motif:
    way = dice.weighted([(change, weight) for _, weight, change in _WAYS])
    return way(theme, dice).fitted(theme.length)


def _cadence(theme: Motif, before: int, goal: int) -> Motif:
    """The motif's rhythm in steps towards a degree, which is held from the last tone on to the end."""
    count = len(theme.tones)
    start = before if abs(goal - before) > 1 else goal + 2
    way, far = 1 if start < goal else -1, abs(goal - start)
    tones: list[Tone] = []
    for place, tone in enumerate(theme.tones):
        left = count - 1 - place
        # It comes in by step; where there are more tones than steps, it sways before that.
        degree = goal - way * left if left <= far else start + (left - far) % 2
        tones.append(tone._replace(degree=degree, length=tone.length if left else theme.length - tone.begin))
    return Motif(tuple(tones), theme.length)


def _nearest(degree: int, among: tuple[int, ...], size: int) -> int:
    """The degree of any octave that is nearest to another; of two the lower."""
    octave = degree // size
    return min(
        ((octave + up) * size + one for up in (-1, 0, 1) for one in among), key=lambda d: (abs(d - degree), d)
    )


def antecedent(theme: Motif, dice: Dice, size: int = 7) -> Motif:
    """Make a question: the motif, a development, a continuation, and a half cadence.

    Args:
        theme: What it is made of.
        dice: Decide how it is developed.
        size: Degrees of an octave.
    """
    first = theme + _developed(theme, dice) + _developed(theme, dice)
    goal = _nearest(first.degrees[-1], tuple(d for d in _OPEN if d < size) or (0,), size)
    return first + _cadence(theme, first.degrees[-1], goal)


def consequent(theme: Motif, question: Motif, dice: Dice, size: int = 7) -> Motif:
    """Make the answer to a question: it begins alike and comes home to the tonic.

    Args:
        theme: What the question is made of.
        question: As `antecedent` made it.
        dice: Decide how it goes on.
        size: Degrees of an octave.
    """
    half = question.fitted(theme.length * 2)
    first = half + _developed(theme, dice)
    return first + _cadence(theme, first.degrees[-1], _nearest(first.degrees[-1], (0,), size))


@function(GROUP, strudel="")
def phrases(theme: Any, *, size: int = 7) -> Pattern:
    """Let a motif grow into question and answer, always new ones, each four times as long as the motif.

    >>> melody = phrases("0 2 [4 3] 1")
    >>> [hap.value for hap in melody.haps(0, 1)], melody.haps(3, 4)[-1].value % 7 in {1, 4, 6}
    ([0, 2, 4, 3, 1], True)
    >>> melody.haps(7, 8)[-1].value % 7
    0

    Args:
        theme: A motif, or its degrees in mini-notation.
        size: Degrees of an octave in the scale that is meant: 7, or 5 for pentatonic ones; 1 to 64.

    The first phrase states the motif, develops it by sequence, inversion, ornament, fragmentation,
    retrograde or diminution, and ends open, on a degree of the dominant. The second begins as the first and
    ends on the tonic. The next two are others: the layer's seed decides, and any phrase can be asked for at
    any time. `n(phrases("0 2 [4 3] 1")).scale("C:minor")` makes notes of them.

    Source: A. Schoenberg, Fundamentals of musical composition (1967), on the period and the sentence.
    """
    found = read_motif("phrases", theme)
    octave = whole("phrases: size=", size, 1, 64)
    long = to_ticks(found.length * 4)

    def made(number: int, key: int) -> Motif:
        pair, answers = divmod(number, 2)
        question = antecedent(found, Dice(key, pair), octave)
        return consequent(found, question, Dice(key, pair, 1), octave) if answers else question

    def run(begin: Time, end: Time, walk: Walk) -> list[Flat]:
        key = dice_key(walk, "phrases")
        kept: list[Flat] = []
        for number in range(int(begin // long), int(-(-end // long))):
            walk.spend(16 * len(found.tones))
            kept += tones_as_haps(made(number, key).tones, number * long, begin, end, walk)
        return kept

    return Pattern(run, None, None, discrete=True)
