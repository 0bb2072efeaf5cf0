"""Models that learn: what counts say, what a state is, and how music is read."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.dice import Dice
from patterns.errors import PatternError
from patterns.models.backoff import Backoff
from patterns.models.chorales import Frames
from patterns.models.melodies import Melodies
from patterns.models.protocol import draw, narrowed
from patterns.models.scores import (
    HOLD,
    REST,
    Note,
    Score,
    bars_of,
    frames_of,
    key_of,
    line_of,
    part_out,
    voiced,
)

STEPS = [0, 2, 4, 5, 7, 9, 11, 12]


def chain(*degrees: int, tonic: int = 0, name: str = "scale") -> Score:
    """Degrees of a scale in quarter notes, two voices, a third apart."""
    pitch = [tonic + 60 + STEPS[degree % 7] + 12 * (degree // 7) for degree in degrees]
    lower = [tonic + 60 + STEPS[(degree - 2) % 7] + 12 * ((degree - 2) // 7) for degree in degrees]
    lines = [[Note(4 * i, 4 * i + 4, p) for i, p in enumerate(line)] for line in (pitch, lower)]
    return frames_of(name, lines, key=(tonic % 12, False))


WAVE = chain(0, 1, 2, 3, 4, 3, 2, 1, 0, 1, 2, 3, 4, 3, 2, 0)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5)), max_size=60))
def test_counts_give_odds(seen: list[tuple[int, int]]) -> None:
    """Together 1 in every context, and the same as one by one."""
    known = Backoff(2)
    for context, value in seen:
        known.learn([(), (context,)], value)
    base = dict.fromkeys(range(6), 1 / 6)
    for context in range(5):
        contexts = [(), (context,)]
        odds = known.odds(contexts, base)
        assert sum(odds.values()) == pytest.approx(1)
        for value in range(6):
            assert odds[value] == pytest.approx(known.chance(contexts, value, 1 / 6))


def test_counts_by_hand() -> None:
    """Three of one and one of another, two kinds: method C gives (3 + 2 times the base) / 6."""
    known = Backoff(1)
    for value in (7, 7, 7, 8):
        known.learn([()], value)
    assert known.chance([()], 7, 0.5) == pytest.approx(4 / 6)
    assert Backoff.of_rows(known.rows()).rows() == known.rows()
    assert known.pruned(9).chance([()], 7, 0.5) == pytest.approx(4 / 6)


@pytest.mark.parametrize("voices", [1, 2])
def test_odds_of_frames_are_odds(voices: int) -> None:
    """Wherever a piece goes they are together 1, and each is what `chance` says."""
    piece = WAVE if voices == 2 else Score("top", tuple(f[:1] for f in WAVE.frames), WAVE.bars, 0, False)
    model = Frames(voices)
    model.fit([piece])
    for state, token in model.walk(piece):
        odds = model.query(state)
        assert sum(odds.values()) == pytest.approx(1)
        assert odds[token] == pytest.approx(model.chance(state, token)[0])


def test_what_was_learnt_is_likely() -> None:
    """A piece that was learnt costs less than one that was not, and less than nothing known."""

    def cost(model: Frames, piece: Score) -> float:
        found = [-math.log(model.chance(state, token)[0]) for state, token in model.walk(piece)]
        return sum(found) / len(found)

    model = Frames(2)
    before = cost(model, WAVE)
    model.fit([WAVE])
    other = chain(0, 4, 0, 4, 6, 2, 5, 1, 4, 0, 3, 6, 2, 5, 1, 0)
    assert cost(model, WAVE) < cost(model, other) / 2 < before / 2


@pytest.mark.parametrize("by", range(7))
def test_every_key_is_known(by: int) -> None:
    """What was learnt in one key is as likely in another."""
    model = Frames(2)
    model.fit([WAVE])
    moved = chain(*(0, 1, 2, 3, 4, 3, 2, 1, 0, 1, 2, 3, 4, 3, 2, 0), tonic=by)
    home = [model.chance(*each)[0] for each in model.walk(WAVE)]
    away = [model.chance(*each)[0] for each in model.walk(moved)]
    assert away == home


@pytest.mark.parametrize("tonic", range(12))
@pytest.mark.parametrize("minor", [False, True])
def test_the_key_of_a_cadence(tonic: int, minor: bool) -> None:
    """First, fourth, fifth and first degree, in root position."""
    third = 3 if minor else 4
    chords = [(0, third, 7), (5, 5 + third, 12), (7, 11, 14), (0, third, 7)]
    frames = [tuple(60 + tonic + step for step in chord[::-1]) for chord in chords]
    assert key_of(frames) == (tonic, minor)


def test_a_state_is_a_plain_value() -> None:
    """Whoever keeps one can go back to it; feeding changes none."""
    model = Frames(2)
    model.fit([WAVE])
    state = model.start()
    kept: tuple[Any, ...] = tuple(state)
    odds = dict(model.query(state))
    for token in (60, 57, HOLD, HOLD):
        state = model.feed(state, token)
    assert tuple(state) != kept
    again = type(state)(*kept)
    assert model.query(again) == odds


def test_constraints_are_a_mask() -> None:
    """A set, a function; what is left keeps its proportions; nothing left is an error."""
    model = Frames(2)
    model.fit([WAVE])
    state = model.start()
    free = model.query(state)
    few = model.query(state, {60, 62})
    assert set(few) == {60, 62}
    assert few[60] / few[62] == pytest.approx(free[60] / free[62])
    assert set(model.query(state, lambda token: token == REST)) == {REST}
    assert model.query(state, {100}) == {100: 1.0}
    with pytest.raises(PatternError, match="no value is allowed"):
        model.query(state, lambda _: False)


@given(st.integers(0, 2**32), st.floats(0.05, 4))
def test_what_is_drawn_is_possible(seed: int, heat: float) -> None:
    """And a low heat draws the likeliest nearly always."""
    odds = {60: 0.7, 62: 0.3}
    assert draw(odds, Dice(seed, 0), heat) in odds
    assert narrowed(odds, {62}) == {62: 1.0}


def test_a_melody_is_learnt_while_it_is_played() -> None:
    """Note by note: what was played twice is expected the third time, in another octave too."""
    tune = [Note(4 * i, 4 * i + 4, 60 + STEPS[d]) for i, d in enumerate((0, 2, 4, 2) * 3)]
    model = Melodies()
    state = model.learn(tune, model.start(0))
    odds = model.query(state)
    assert max(odds, key=lambda pitch: odds[pitch]) == 60
    lengths = model.query(model.feed(state, 60))
    assert max(lengths, key=lambda length: lengths[length]) == 4
    assert sum(odds.values()) == pytest.approx(1) == sum(lengths.values())
    up = model.start(0)
    for pitch in (72, 76, 79):
        up = model.feed(model.feed(up, pitch), 4)
    higher = model.query(up)
    assert max(higher, key=lambda pitch: higher[pitch]) == 76


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(1, 6), st.integers(40, 80)), max_size=25),
    st.integers(1, 5),
)
def test_parting_out_keeps_the_outer_voices(rows: list[tuple[int, int, int]], voices: int) -> None:
    """No voice has two notes at once; wherever notes begin, the highest of them is somewhere."""
    notes = [Note(begin, begin + long, pitch) for begin, long, pitch in rows]
    lines = part_out(notes, voices)
    assert len(lines) == voices
    for line in lines:
        assert all(one.end <= two.begin for one, two in pairwise(line))
    kept = {(note.begin, note.pitch) for line in lines for note in line}
    for begin in {note.begin for note in notes}:
        assert (begin, max(note.pitch for note in notes if note.begin == begin)) in kept


@given(st.lists(st.sampled_from([60, 62, HOLD, REST]), max_size=30))
def test_frames_and_notes_are_two_views(tokens: list[int]) -> None:
    """What a voice says is the same once it is written as notes and read again."""
    line = line_of(tokens)
    again = [frame[0] for frame in voiced([line], len(tokens))]
    assert line_of(again) == line


def test_bars_follow_the_metre() -> None:
    """Odd ones and changes among them."""
    bars = bars_of(40, [(0, 14), (28, 12)])
    assert bars[13] == (14, 13)
    assert bars[14] == (14, 0)
    assert bars[28] == (12, 0)
    assert bars[39] == (12, 11)
    assert bars_of(2, []) == [(16, 0), (16, 1)]
    assert Fraction(bars_of(9, [(0, 8)], upbeat=2)[2][1]) == 0
