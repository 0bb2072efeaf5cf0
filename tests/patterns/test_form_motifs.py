"""Motifs and phrases: the old operations and their laws, and periods that can be asked for anywhere."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.errors import PatternError
from patterns.form.motifs import ORNAMENTS, Motif, Tone, motif
from patterns.form.phrases import phrases
from patterns.registry import namespace
from patterns.ticks import TICKS

N: dict[str, Any] = dict(namespace())


@st.composite
def motifs(draw: st.DrawFn) -> Motif:
    """Some tones on a grid, with rests between them."""
    grid = draw(st.sampled_from([4, 6, 8]))
    degrees = draw(st.lists(st.none() | st.integers(-9, 9), min_size=grid, max_size=grid))
    tones = [
        Tone(Fraction(place, grid), Fraction(1, grid), degree)
        for place, degree in enumerate(degrees)
        if degree is not None
    ]
    return Motif(tuple(tones), Fraction(1))


@settings(max_examples=40, deadline=None)
@given(motifs(), st.integers(-9, 9))
def test_what_is_turned_twice_is_as_before(theme: Motif, axis: int) -> None:
    """Upside down, backwards, up and down, longer and shorter."""
    assert theme.invert(axis).invert(axis) == theme
    assert theme.retrograde().retrograde() == theme
    assert theme.transpose(axis).transpose(-axis) == theme
    assert theme.augment(3).diminish(3) == theme
    assert theme.invert(axis).retrograde() == theme.retrograde().invert(axis)


@settings(max_examples=40, deadline=None)
@given(motifs())
def test_it_is_written_as_it_is_read(theme: Motif) -> None:
    """What is printed makes it again."""
    for one in (theme, theme.augment(3), theme.diminish(4), theme.augment(Fraction(3, 2)), theme + theme):
        assert eval(repr(one), {"motif": motif, "Fraction": Fraction}) == one


@settings(max_examples=40, deadline=None)
@given(motifs(), st.sampled_from([*ORNAMENTS, "passing"]), st.integers(1, 3))
def test_an_ornament_keeps_to_the_time_of_its_tone(theme: Motif, kind: str, every: int) -> None:
    """Nothing overlaps, and what sounded goes on sounding, in all as long as before."""
    adorned = theme.ornament(kind, every)
    ends = [tone.begin + tone.length for tone in adorned.tones]
    assert all(end <= tone.begin for end, tone in zip(ends, adorned.tones[1:], strict=False))
    assert sum(t.length for t in adorned.tones) == sum(t.length for t in theme.tones)
    assert {t.begin for t in theme.tones} <= {t.begin for t in adorned.tones}


def test_passing_tones_fill_a_leap_by_step() -> None:
    """And leave steps as they are."""
    assert motif("0 4 3").ornament("passing").degrees == (0, 1, 2, 3, 4, 3)


def test_a_fragment_lasts_up_to_what_comes_next() -> None:
    """With the rest behind it; from the end, too."""
    theme = motif("0 ~ 2 4")
    assert theme.fragment(0).length == Fraction(1, 2)
    assert theme.fragment(-2, 2).degrees == (2, 4)
    with pytest.raises(PatternError, match="the motif has 3"):
        theme.fragment(3)


def test_a_sequence_climbs_through_the_scale() -> None:
    """As notes: the steps are those of the scale, not semitones."""
    climbing = motif("0 2").diminish(2).sequence(4, 1).augment(Fraction(1, 2)).scale("C:major")
    assert [float(hap.value["note"]) for hap in climbing.haps(0, 1)] == [48, 52, 50, 53, 52, 55, 53, 57]


@settings(max_examples=40, deadline=None)
@given(motifs(), st.fractions(0, 6, max_denominator=24))
def test_a_motif_can_be_asked_in_parts(theme: Motif, cut: Fraction) -> None:
    """What is heard does not depend on where the query is cut."""
    made = theme.augment(Fraction(3, 2)).pattern
    whole = [(h.whole, h.value) for h in made.haps(0, 6) if h.has_onset]
    parts = [*made.haps(0, cut), *made.haps(cut, 6)] if 0 < cut < 6 else made.haps(0, 6)
    assert [(h.whole, h.value) for h in parts if h.has_onset] == whole


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: motif("[0,2]"), "one tone at a time"),
        (lambda: motif("0 .5"), "whole degrees"),
        (lambda: motif(N["sine"]), "signal"),
        (lambda: motif("0").ornament("mordant"), "did you mean mordent"),
        (lambda: motif("0").augment(0), "above 0"),
        (lambda: phrases("~"), "with tones"),
    ],
)
def test_what_is_no_motif_is_refused(call: Any, message: str) -> None:
    """And it is said what is wanted."""
    with pytest.raises(PatternError, match=message):
        call()


def of_phrase(number: int, seed: int = 0) -> list[Any]:
    """The degrees of a phrase, with their times in it."""
    found = phrases("0 2 [4 3] 1").haps(number * 4, number * 4 + 4, seed=seed)
    return [(hap.part.begin - number * 4, hap.value) for hap in found if hap.has_onset]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 500), st.integers(0, 20))
def test_question_and_answer(pair: int, seed: int) -> None:
    """Both begin alike, with the motif; one ends on a degree of the dominant, one on the tonic, by step."""
    question, answer = of_phrase(2 * pair, seed), of_phrase(2 * pair + 1, seed)
    assert [row for row in question if row[0] < 2] == [row for row in answer if row[0] < 2]
    assert [degree for at, degree in question if at < 1] == [0, 2, 4, 3, 1]
    assert question[-1][1] % 7 in {1, 4, 6}
    assert answer[-1][1] % 7 == 0
    assert abs(answer[-1][1] - answer[-2][1]) == 1
    assert abs(question[-1][1] - question[-2][1]) == 1


def test_phrases_are_always_new() -> None:
    """Few of them are alike; the same ones come back when they are asked for again, in any order."""
    made = [tuple(of_phrase(number)) for number in range(0, 200, 2)]
    assert len(set(made)) > 50
    assert [tuple(of_phrase(number)) for number in reversed(range(0, 200, 2))] == made[::-1]
    assert of_phrase(0, seed=1) != of_phrase(0, seed=4) or of_phrase(2, seed=1) != of_phrase(2, seed=4)


def test_no_phrase_is_asked_twice_for_one_cycle() -> None:
    """A query of a moment far away costs as much as one near the begin."""
    for cycle in (0, 10**6):
        assert phrases("0 1").answer(cycle * TICKS, (cycle + 1) * TICKS, fuel=100).haps
