"""In duet: what keys played in a bar is answered in the next one, in the player's manner."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest

from bridge.controls import ControlTimeline
from patterns.core import Pattern
from patterns.errors import PatternError
from patterns.memory import Memory
from patterns.models.artifact import Learnt
from patterns.models.chorales import Frames
from patterns.models.copying import Copies
from patterns.models.melodies import Melodies
from patterns.models.playing import Improviser
from patterns.models.protocol import Card
from patterns.models.scores import Note, frames_of
from patterns.ticks import TICKS

NAME = "midi keys"
MODEL = Improviser(Learnt(Card("nothing"), None, Frames(1), Melodies(), Copies(), 16), "nothing")
Struck = tuple[float, float, int, int]


def played(rows: Sequence[Struck]) -> ControlTimeline:
    """A keyboard's timeline of notes: begin and end in cycles, key, how hard."""
    keys = ControlTimeline()
    held: tuple[tuple[int, int], ...] = ()
    moves = sorted([(b, 1, k, v) for b, _, k, v in rows] + [(e, 0, k, v) for _, e, k, v in rows])
    for at, down, key, hard in moves:
        held = (*held, (key, hard)) if down else tuple(one for one in held if one[0] != key)
        keys.set(NAME, Fraction(at).limit_denominator(10_000), held)
    return keys


def heard(pattern: Pattern, begin: int, end: int, keys: ControlTimeline) -> list[tuple[Fraction, Any]]:
    """When and what it plays."""
    haps = pattern.haps(begin, end, controls=keys)
    return [(hap.whole.begin, hap.value["note"]) for hap in haps if hap.whole is not None]


def phrase(cycle: int, keys: Sequence[int], hard: int = 90) -> list[Struck]:
    """Eighths from a cycle on, as exact as a hand plays them."""
    return [
        (cycle + i / 8 + 0.011 * (-1) ** i + 0.012, cycle + i / 8 + 0.1, k, hard) for i, k in enumerate(keys)
    ]


UP = (60, 64, 67, 72, 67, 64, 60, 64)
TWICE = played([*phrase(0, UP), *phrase(1, UP), *phrase(4, (62, 65, 69, 74), 30)])


def test_a_phrase_is_answered_in_the_next_cycle() -> None:
    """And what is silent is not; how hard it was played is how loud it answers."""
    pattern = MODEL.answer()
    assert heard(pattern, 0, 1, TWICE) == []
    assert len(heard(pattern, 1, 2, TWICE)) >= 4
    assert len(heard(pattern, 2, 3, TWICE)) >= 4
    assert heard(pattern, 3, 5, TWICE) == []
    loud = {hap.value["velocity"] for hap in pattern.haps(1, 3, controls=TWICE)}
    soft = {hap.value["velocity"] for hap in pattern.haps(5, 6, controls=TWICE)}
    assert loud == {90 / 127}
    assert soft == {30 / 127}


def test_the_manner_is_the_players() -> None:
    """Of somebody who plays one broken chord in eighths the answer is made of that, mostly."""
    rows = [row for cycle in range(0, 8, 2) for row in phrase(cycle, UP)]
    keys = played(rows)
    theirs = {b - a for a, b in pairwise(UP)} | {0}
    found = heard(MODEL.answer(heat=0.5), 7, 8, keys)
    notes = [pitch for _, pitch in found]
    own = sum(b - a in theirs for a, b in pairwise(notes))
    assert own >= 0.7 * (len(notes) - 1)
    gaps = [b - a for (a, _), (b, _) in pairwise(found)]
    assert sum(gap == Fraction(1, 8) for gap in gaps) >= 0.7 * len(gaps)
    assert all(55 <= pitch <= 77 for pitch in notes)


def test_the_same_keys_are_answered_alike_whenever_asked() -> None:
    """In any order; and live, when the future is not known yet."""
    whole = heard(MODEL.answer(), 0, 7, TWICE)
    backwards = [heard(MODEL.answer(), cycle, cycle + 1, TWICE) for cycle in range(6, -1, -1)]
    assert [row for part in backwards[::-1] for row in part] == whole
    pattern, memory = MODEL.answer(), Memory()
    live: list[tuple[Fraction, Any]] = []
    rows = [*phrase(0, UP), *phrase(1, UP), *phrase(4, (62, 65, 69, 74), 30)]
    for sixteenth in range(7 * 16):
        known = played([row for row in rows if row[1] < (sixteenth + 1) / 16])
        begin, end = sixteenth * TICKS // 16, (sixteenth + 1) * TICKS // 16
        answer = pattern.answer(begin, end, controls=known, memory=memory)
        live += [
            (Fraction(raw.begin or 0) / TICKS, raw.value["note"]) for raw in answer.haps if raw.has_onset
        ]
    assert live == whole


@pytest.mark.parametrize("cycles", [1, 2, 4])
def test_phrases_may_be_longer(cycles: int) -> None:
    """Cycles of playing are answered by as many."""
    keys = played([row for cycle in range(cycles) for row in phrase(cycle, UP)])
    pattern = MODEL.answer(cycles=cycles)
    assert heard(pattern, 0, cycles, keys) == []
    for cycle in range(cycles, 2 * cycles):
        assert heard(pattern, cycle, cycle + 1, keys)
    assert heard(pattern, 2 * cycles, 3 * cycles, keys) == []


def test_what_cannot_be_is_refused() -> None:
    """And without a keyboard it is silent."""
    assert MODEL.answer().haps(0, 4) == []
    for wrong in ({"cycles": 5}, {"channel": 17}, {"port": ""}):
        with pytest.raises((PatternError, TypeError, ValueError), match="answer"):
            MODEL.answer(**wrong)  # type: ignore[arg-type] - what nobody should write


def test_chords_and_keys_that_stay_down() -> None:
    """Of a chord the highest counts; a key that is held on lasts to the end; one from before is no stroke."""
    rows: list[Struck] = [(0.9, 1.5, 40, 60), (1, 1.2, 60, 60), (1.001, 1.2, 67, 60), (1.5, 9, 72, 60)]
    found = heard(MODEL.answer(), 2, 3, played(rows))
    assert found
    assert all(62 <= pitch <= 77 for _, pitch in found)


HEART = (60, 67, 65, 72, 61, 70, 58, 66, 62, 74, 59, 63, 71, 60, 68, 64)


def notes_of(found: Sequence[tuple[Fraction, Any]]) -> list[Note]:
    """As a melody, each until the next."""
    frames = [(round(16 * at), pitch) for at, pitch in found]
    ends = [*(at for at, _ in frames[1:]), frames[-1][0] + 4] if frames else []
    return [Note(at, end, pitch) for (at, pitch), end in zip(frames, ends, strict=True)]


def test_an_answer_is_no_copy_of_the_corpus(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where all is made of the corpus, and that is one tune; who plays that tune is answered by it."""
    monkeypatch.setattr("patterns.models.answering.OWN", 0.0)
    line = [Note(4 * i, 4 * i + 4, pitch) for i, pitch in enumerate(HEART)]
    known, melodies = Copies(), Melodies()
    known.add("one", line)
    melodies.fit([frames_of("one", [line], key=(0, False))])
    tune = [(i / 4 + 0.01, i / 4 + 0.24, pitch, 90) for i, pitch in enumerate(HEART)]
    begun = [
        (i / 4 + 0.01, i / 4 + 0.24, pitch, 90) for i, pitch in enumerate((58, 74, 59, *HEART[:4]), 16 - 7)
    ]
    answers: list[list[list[tuple[Fraction, Any]]]] = []
    for copies in (Copies(), known):
        model = Improviser(Learnt(Card("one"), None, Frames(1), melodies, copies, 16), "one")
        pattern = model.answer(cycles=4, key="C", heat=0.05)
        again = [(begin + 4, end + 4, pitch, hard) for begin, end, pitch, hard in begun]
        answers.append([heard(pattern, 4, 8, played(begun)), heard(pattern, 8, 12, played([*tune, *again]))])
    (free, theirs), (checked, still) = answers
    assert known.check(notes_of(free)).is_copy
    assert not known.check(notes_of(checked)).is_copy
    assert known.check(notes_of(theirs)).is_copy
    assert still == theirs
