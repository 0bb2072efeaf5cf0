"""Rules that are there already, each as a hard one: judged by what sounds, and broken where it is not set."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, cast

import pytest

from patterns.registry import namespace
from patterns.rules.composed import composed
from patterns.rules.declaring import Part, Rule, part, ruleset
from patterns.ticks import TICKS
from tests.patterns.rules_checked import Line, columns, lines

rule = cast("Any", namespace()["rule"])
BARS = 16
Voices = dict[str, Line]


def moves(voices: Voices, *names: str) -> list[tuple[list[float], list[float]]]:
    """What sounds, and what sounds next, in the order of the names."""
    rows = [[pitch for pitch in row if pitch is not None] for _, row in columns(voices, names)]
    assert all(len(row) == len(names) for row in rows)
    return list(pairwise(rows))


def hits(voices: Voices, name: str) -> list[frozenset[float]]:
    """On which beats something sounds, bar by bar; beats are counted from 1."""
    return [
        frozenset(float(time % 1 * 4 + 1) for time, _, _ in voices[name] if int(time) == bar)
        for bar in range(BARS)
    ]


def thirds_and_sixths(voices: Voices) -> bool:
    """Nothing else sounds together."""
    return all((high - low) % 12 in {3, 4, 8, 9} for (low, high), _ in moves(voices, "low", "high"))


def back_beats(voices: Voices) -> bool:
    """The clap is where it may be."""
    return all(bar <= {2, 4, 4.5} for bar in hits(voices, "clap"))


def call_and_answer(voices: Voices) -> bool:
    """The third and fourth bar of each four have the rhythm of the first and second."""
    bars = hits(voices, "kick")
    return all(bars[at] == bars[at - 2] for at in range(BARS) if at % 4 >= 2)


def at_most_twice(voices: Voices) -> bool:
    """No three bars are the same, over the seams of phrases too."""
    bars = hits(voices, "kick")
    return all(len({*bars[at : at + 3]}) > 1 for at in range(BARS - 2))


def doubled_roots(voices: Voices) -> bool:
    """Over C, F and G7 the fifth is there once, the third and the seventh at most once."""
    for bar, row in enumerate(pitches for _, pitches in columns(voices, ("low", "middle", "high"))):
        names = [pitch % 12 for pitch in row if pitch is not None]
        third, fifth, seventh = ((4, 7, None), (9, 0, None), (11, 2, 5), (4, 7, None))[bar % 4]
        if names.count(fifth) != 1 or names.count(third) > 1 or names.count(seventh or -1) > 1:
            return False
    return True


def against_one_another(voices: Voices) -> bool:
    """Two parts never go the same way."""
    pairs = moves(voices, "low", "high")
    return all((two[0] - one[0]) * (two[1] - one[1]) <= 0 for one, two in pairs)


def beside_the_neighbours(voices: Voices) -> bool:
    """No part goes beyond where its neighbour has just been."""
    for old, new in moves(voices, "low", "middle", "high"):
        if new[0] > old[1] or new[1] < old[0] or new[1] > old[2] or new[2] < old[1]:
            return False
    return True


def leaps_turn_back(voices: Voices) -> bool:
    """After more than five semitones one or two the other way."""
    steps = [two - one for (one,), (two,) in moves(voices, "low")]
    return all(abs(old) <= 5 or (abs(new) in {1, 2} and old * new < 0) for old, new in pairwise(steps))


LOW, HIGH = part("low", "c3", "c4", onsets=4), part("high", "g3", "g4", onsets=4)
THREE = [part("low", "c3", "c4"), part("middle", "g3", "g4"), part("high", "c4", "c5")]
CHORDS = [
    part(name, low, high, notes="chord")
    for name, low, high in (("low", "c3", "c4"), ("middle", "c3", "c5"), ("high", "c4", "c5"))
]
KICK = part("kick", notes=[0, 0.6, 1], onsets=4, sound="bd")
SPARSE = part("kick", notes=[0, 1], onsets=1, sound="bd")
CLAP = part("clap", notes=[0, 0.7], onsets=8, sound="cp")
Case = tuple[list[Part], Rule, Callable[[Voices], bool]]
CASES: list[Case] = [
    ([LOW, HIGH], rule.together(3, 4, 8, 9), thirds_and_sixths),
    ([KICK, CLAP], rule.only_on("clap", 2, 4, 4.5), back_beats),
    ([KICK], rule.answers("kick", 2, weight=None), call_and_answer),
    ([SPARSE], rule.same_bar("kick", 2), at_most_twice),
    (CHORDS, rule.doubling(weight=None), doubled_roots),
    ([LOW, HIGH], rule.contrary("low", "high", weight=None), against_one_another),
    (THREE, rule.no_overlap("low", "middle", "high"), beside_the_neighbours),
    ([LOW], rule.recovered(5, 2), leaps_turn_back),
]


@pytest.mark.parametrize(("parts", "law", "kept"), CASES, ids=lambda case: getattr(case, "__name__", ""))
def test_a_rule_that_is_there_is_kept(parts: list[Part], law: Rule, kept: Callable[[Voices], bool]) -> None:
    """Over sixteen bars in phrases of four; and it has something to do, for without it they break it."""
    assert law.weight is None
    chords = "C | F | G7 | C" if parts is CHORDS else None
    rules = ruleset(parts, [law], phrase=4, chords=chords)
    assert composed(rules).answer(0, BARS * TICKS).problems == []
    assert kept(lines(rules, BARS))
    assert not kept(lines(ruleset(parts, [], phrase=4, chords=chords), BARS))
