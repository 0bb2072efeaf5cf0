"""Copies are found in every key and with a tenth of their notes edited; what is new passes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import patterns.models
from patterns.models.artifact import read_learnt
from patterns.models.copying import Copies
from patterns.models.guard import melody_of
from patterns.models.playing import Improviser
from patterns.models.scores import Note

CHORALE = Improviser(
    read_learnt((Path(patterns.models.__file__).parent / "chorale.model").read_bytes(), "chorale"), "chorale"
)
EDITS = ("pitch", "length", "delete", "join", "insert", "split")


def laid(rows: Sequence[tuple[int, int]]) -> list[Note]:
    """Lengths and pitches, one after the other."""
    found: list[Note] = []
    at = 0
    for length, pitch in rows:
        found.append(Note(at, at + length, pitch))
        at += length
    return found


def corpus(improviser: Improviser) -> list[list[Note]]:
    """The melodies of a model, from their steps; of the first note the length is not kept."""
    found: list[list[Note]] = []
    for _, flat in improviser.learnt.copies.rows():
        rows, pitch = [(4, 60)], 60
        for interval, length in zip(flat[::2], flat[1::2], strict=True):
            pitch += interval
            rows.append((length, pitch))
        found.append(laid(rows))
    return found


def edited(phrase: Sequence[Note], places: Sequence[int], kinds: Sequence[str], by: int) -> list[Note]:
    """A phrase with some notes changed, left out, put in, joined to the one before, or split."""
    rows = [(note.end - note.begin, note.pitch) for note in phrase]
    for place, kind in sorted(zip(places, kinds, strict=True), reverse=True):
        length, pitch = rows[place]
        if kind == "pitch":
            rows[place] = length, pitch + by
        elif kind == "length":
            rows[place] = (2 if length > 2 else 4), pitch
        elif kind == "insert":
            rows.insert(place, (2, pitch + by))
        elif kind == "split":
            rows[place : place + 1] = [((length + 1) // 2, pitch), (max(1, length // 2), pitch + by)]
        else:
            del rows[place]
            if kind == "join":
                rows[place - 1] = rows[place - 1][0] + length, rows[place - 1][1]
    return laid(rows)


@pytest.mark.parametrize(
    ("notes", "changes"), [(12, 0), (12, 1), (16, 1), (16, 2), (20, 2), (24, 3), (32, 4)]
)
def test_all_of_fifty_phrases_are_found(notes: int, changes: int) -> None:
    """In another key, with a tenth of the notes edited, rounded up from sixteen notes on."""
    lines = [line for line in corpus(CHORALE) if len(line) >= notes]
    dice = Random(notes * 10 + changes)
    for _ in range(50):
        line = dice.choice(lines)
        first = dice.randrange(len(line) - notes + 1)
        moved = dice.randrange(-6, 7)
        phrase = [note._replace(pitch=note.pitch + moved) for note in line[first : first + notes]]
        places = dice.sample(range(1, notes - 1), changes)
        kinds = dice.choices(EDITS, k=changes)
        made = edited(phrase, places, kinds, dice.choice((-3, -2, -1, 1, 2, 3)))
        assert CHORALE.learnt.copies.check(made).is_copy, (phrase, places, kinds)


TUNE = laid(
    [(4, pitch) for pitch in (60, 62, 64, 65, 67, 65, 64, 62, 64, 67, 72, 71, 69, 67, 65, 64, 62, 60)]
)
FIFTHS = laid([(4, 60 + 7 * k % 12) for k in range(40)])
KNOWN = Copies()
KNOWN.add("tune", [*TUNE, *TUNE[::-1]])
KNOWN.add("fifths", FIFTHS)


@settings(max_examples=60)
@given(
    st.lists(st.integers(0, 17), min_size=2, max_size=2, unique=True),
    st.lists(st.sampled_from(EDITS), min_size=2, max_size=2),
    st.sampled_from([-5, -1, 1, 4]),
    st.integers(-12, 12),
)
def test_wherever_the_changes_lie(places: list[int], kinds: list[str], by: int, moved: int) -> None:
    """At the ends too, side by side too, and whatever is played before and after it."""
    kinds = [kind if place else "pitch" for place, kind in zip(places, kinds, strict=True)]
    made = [(note.end - note.begin, note.pitch + moved) for note in edited(TUNE, places, kinds, by)]
    around = [(3, 40), (1, 80), (6, 50)]
    found = KNOWN.check(laid([*around, *made, *around]))
    assert found.is_copy
    assert found.piece == "tune"
    assert found.notes >= 12
    assert found.edits <= 3


def test_what_is_shared_is_counted() -> None:
    """How many notes of the corpus, and how many of them are not the same."""
    assert KNOWN.check(TUNE)[-2:] == (18, 0)
    changed = edited(TUNE, [5, 11], ["pitch", "delete"], 1)
    assert KNOWN.check(changed)[-2:] == (18, 2)
    assert KNOWN.check(edited(TUNE, [3, 6, 9, 12, 15], ["pitch"] * 5, 1))[-2:] == (0, 0)


def test_a_few_odd_steps_prove_nothing() -> None:
    """What a model made by itself, with six steps that a chorale of the corpus has, of which few have one."""
    rows = [(4, 67), (4, 67), (4, 69), (4, 72), (2, 71), (2, 71), (4, 71), (8, 72), (4, 72), (4, 69), (4, 69)]
    found = CHORALE.learnt.copies.check(laid([*rows, (4, 72), (4, 72), (4, 74), (8, 72)]))
    assert found.run == 6
    assert not found.is_copy


def test_a_quarter_of_the_notes_is_too_much() -> None:
    """A tune of which every fourth note is another one is another tune."""
    assert not KNOWN.check(edited(TUNE, [1, 5, 9, 13, 16], ["pitch"] * 5, 6)).is_copy


def test_what_a_model_plays_is_no_copy() -> None:
    """Two hundred samples are in docs/performance.md."""
    assert not any(CHORALE.copied(CHORALE.continue_(key="C").seed(seed)).is_copy for seed in range(10))


def test_the_melody_is_what_is_heard_highest() -> None:
    """A copy in a voice that is not the first, where that is silent or below, is one too."""
    frames = [(60, 72), (-1, 74), (-2, -1), (67, 65)]
    assert melody_of(frames) == [72, 74, -1, 67]
    assert melody_of([]) == []
    rows: Any = KNOWN.rows()
    assert Copies.of_rows(rows).check(TUNE) == KNOWN.check(TUNE)
