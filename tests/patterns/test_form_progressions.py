"""Progressions: chords that exist, functions in order, keys that are near, cadences that close."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.chord_names import parse_chord
from patterns.errors import PatternError
from patterns.form.progressions import Key, phrase_of_chords, pitch_class, progression, read_key
from patterns.registry import namespace
from patterns.ticks import TICKS

N: dict[str, Any] = dict(namespace())
KEYS = [f"{tonic}:{mode}" for tonic in ("C", "F#", "Eb", "B", "Ab", "D#") for mode in ("major", "minor")]
STEPS = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10, 11)}


def chords(begin: int, end: int, *arguments: Any, seed: int = 0, **options: Any) -> list[str]:
    """The names of the chords in some cycles."""
    return [hap.value for hap in progression(*arguments, seed=seed, **options).haps(begin, end)]


@pytest.mark.parametrize("key", KEYS)
def test_without_substitutes_all_is_of_the_key(key: str) -> None:
    """Every tone of every chord; in minor with the leading tone as well."""
    tonic, mode = key.split(":")
    scale = {(pitch_class(tonic) + step) % 12 for step in STEPS[mode]}
    for name in chords(0, 400, key):
        root, steps, _ = parse_chord(name)
        assert {(root + step) % 12 for step in steps} <= scale, name


@pytest.mark.parametrize("key", KEYS)
def test_every_chord_can_be_voiced(key: str) -> None:
    """With modulations and substitutes, in all spellings that come of them."""
    made = N["chord"](progression(key, modulate=0.8, substitute=0.8)).voicing()
    for cycle in range(0, 120, 4):
        assert not made.answer(cycle * TICKS, (cycle + 4) * TICKS).problems
    assert len(made.haps(0, 16)) > 48


@pytest.mark.parametrize(
    ("cadence", "ends"),
    [("authentic", ("G", "C")), ("plagal", ("F", "C")), ("deceptive", ("G", "A"))],
)
def test_a_phrase_ends_with_its_cadence(cadence: str, ends: tuple[str, str]) -> None:
    """At the last two chords of each phrase."""
    for phrase in range(40):
        names = chords(phrase * 4, phrase * 4 + 4, "C:major", cadences=cadence, sevenths=False)
        assert tuple(name.rstrip("m") for name in names[-2:]) == ends


def test_questions_stay_open_and_answers_close() -> None:
    """Unless other cadences are wished for: of each two phrases the second ends at home."""
    for pair in range(60):
        names = chords(pair * 8, pair * 8 + 8, "C:major", sevenths=False)
        assert names[7] == "C"
    opened = Counter(chords(p * 8, p * 8 + 8, "C:major", sevenths=False)[3] for p in range(120))
    assert opened["G"] > opened["Am"] > 0


def test_a_dominant_does_not_go_back() -> None:
    """After the fifth or seventh degree comes no subdominant, within a phrase."""
    after: Counter[str] = Counter()
    for phrase in range(200):
        for one, other in pairwise(chords(phrase * 8, phrase * 8 + 8, "C:major", 8, sevenths=False)):
            if one == "G":
                after[other] += 1
    assert sum(after.values()) > 100
    assert not after["F"] + after["Dm"]


def test_modulations_are_to_related_keys_and_come_home() -> None:
    """By a chord that both keys have; the first and the last of four phrases are at home."""
    home = Key("C", minor=False)
    keys: Counter[Key] = Counter()
    for number in range(400):
        key, made = phrase_of_chords(home, number, 1, modulate=0.7)
        before, _ = phrase_of_chords(home, number - 1, 1, modulate=0.7)
        if number % 4 in {0, 3}:
            assert key == home
        keys[key] += 1
        if key != before:
            tones = {(made[0].root, made[0].quality.rstrip("7^"))}
            assert tones <= {(before.chord(d).root, before.chord(d).quality.rstrip("7^")) for d in range(7)}
    assert set(keys) == {home, *(Key(t, t != "G" and t != "F") for t in ("G", "F", "A", "D", "E"))}
    assert keys[home] > 200


def test_substitutes_are_as_frequent_as_wished() -> None:
    """None unless wished for; the first and last chord of a phrase are never another."""
    plain = chords(0, 800, "C:major", 4)
    other = chords(0, 800, "C:major", 4, substitute=0.5)
    changed = [place % 4 for place, (a, b) in enumerate(zip(plain, other, strict=True)) if a != b]
    assert set(changed) == {1, 2}
    assert 0.3 < len(changed) / 400 < 0.6
    strange = {name for name in other if name not in plain}
    assert {"D7", "E7", "A7", "Db7", "Fm7"} <= strange


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2000), st.integers(1, 9), st.sampled_from([1, 2, Fraction(1, 2), 3]), st.integers(0, 9))
def test_any_cycle_can_be_asked_at_any_time(cycle: int, length: int, pace: Any, seed: int) -> None:
    """By itself as within a longer stretch."""
    made = progression("A:minor", length, per_cycle=pace, modulate=0.5, substitute=0.5, seed=seed)
    whole = [h for h in made.haps(cycle, cycle + 6) if h.has_onset and h.part.begin >= cycle + 2]
    alone = [h for h in made.haps(cycle + 2, cycle + 6) if h.has_onset]
    assert [(h.whole, h.value) for h in whole] == [(h.whole, h.value) for h in alone]


def test_all_layers_have_the_same_chords() -> None:
    """Whatever their own seeds are; another seed of the progression makes others."""
    made = progression("C:major", modulate=0.5, substitute=0.5)
    one, other = ([hap.value for hap in made.haps(0, 64, seed=seed)] for seed in (1, 2))
    assert one == other
    assert one != chords(0, 64, "C:major", modulate=0.5, substitute=0.5, seed=1)


def test_keys_are_spelled_as_musicians_do() -> None:
    """Each letter once; double signs where they must be, and none beyond."""
    assert [Key("Gb", minor=False).root(d) for d in range(7)] == ["Gb", "Ab", "Bb", "Cb", "Db", "Eb", "F"]
    assert [Key("D#", minor=True).root(d) for d in range(7)] == ["D#", "E#", "F#", "G#", "A#", "B", "C#"]
    assert read_key("x", "Bb") == Key("Bb", minor=False)
    assert read_key("x", "a:min") == Key("A", minor=True)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"key": "H:major"}, "wants a key such as"),
        ({"cadences": "authentik"}, "did you mean authentic"),
        ({"length": 0}, "from 1 to 64"),
        ({"modulate": 2}, "probability"),
        ({"per_cycle": 0}, "1/1024 to 64"),
    ],
)
def test_what_cannot_be_is_refused(options: dict[str, Any], message: str) -> None:
    """And it is said what can."""
    with pytest.raises(PatternError, match=message):
        progression(**options)
