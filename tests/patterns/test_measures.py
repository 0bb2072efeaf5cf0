"""Measures: against what is known of old tunes, by plain formulas, and by laws."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import dist, log2, sqrt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.errors import PatternError
from patterns.measures.heard import Heard, between, heard_in, pitch_classes
from patterns.measures.keys import KeyFound, key_of, pitch_class_entropy
from patterns.measures.similarity import frames_of, note_density, repetition, self_similarity
from patterns.measures.tension import strain_of, tension_of
from patterns.measures.voices import faults_between, slices_of, voice_leading
from patterns.registry import namespace
from patterns.ticks import TICKS

N: dict[str, Any] = dict(namespace())

# Old tunes, as pitches with their lengths in beats.
TUNES = {
    "C:major": [  # Frère Jacques, French, 18th century
        *[(60, 1), (62, 1), (64, 1), (60, 1)] * 2,
        *[(64, 1), (65, 1), (67, 2)] * 2,
        *[(67, 0.5), (69, 0.5), (67, 0.5), (65, 0.5), (64, 1), (60, 1)] * 2,
        *[(60, 1), (55, 1), (60, 2)] * 2,
    ],
    "D:major": [  # L. van Beethoven, Symphony no. 9 (1824), the melody of the last movement
        *[(66, 1), (66, 1), (67, 1), (69, 1), (69, 1), (67, 1), (66, 1), (64, 1)],
        *[(62, 1), (62, 1), (64, 1), (66, 1), (66, 1.5), (64, 0.5), (64, 2)],
        *[(66, 1), (66, 1), (67, 1), (69, 1), (69, 1), (67, 1), (66, 1), (64, 1)],
        *[(62, 1), (62, 1), (64, 1), (66, 1), (64, 1.5), (62, 0.5), (62, 2)],
    ],
    "A:minor": [  # Greensleeves, English, 16th century, its first half
        *[(69, 1), (72, 2), (74, 1), (76, 1.5), (77, 0.5), (76, 1), (74, 2), (71, 1)],
        *[(67, 1.5), (69, 0.5), (71, 1), (72, 2), (69, 1), (69, 1.5), (68, 0.5), (69, 1), (71, 2), (68, 1)],
        *[(64, 2), (69, 1), (72, 2), (74, 1), (76, 1.5), (77, 0.5), (76, 1), (74, 2), (71, 1)],
        *[(67, 1.5), (69, 0.5), (71, 1), (72, 1.5), (71, 0.5), (69, 1), (68, 1.5), (66, 0.5), (68, 1)],
        *[(69, 3), (69, 3)],
    ],
}


def played(tune: Sequence[tuple[int, float]], up: int = 0) -> list[Heard]:
    """A tune, four beats to the cycle."""
    found: list[Heard] = []
    at = 0.0
    for pitch, beats in tune:
        found.append(Heard(at, beats / 4, pitch + up))
        at += beats / 4
    return found


@pytest.mark.parametrize("key", TUNES)
@pytest.mark.parametrize("up", range(12))
def test_the_keys_of_old_tunes_are_found(key: str, up: int) -> None:
    """In all transpositions."""
    found = key_of(played(TUNES[key], up))
    tonic, mode = key.split(":")
    assert found is not None
    assert found.tonic == ({"C": 0, "D": 2, "A": 9}[tonic] + up) % 12
    assert found.minor == (mode == "minor")
    assert 0.6 < found.fit <= 1
    assert found.margin > 0


def test_no_key_is_found_where_there_is_none() -> None:
    """In silence, in drums, in all twelve tones alike."""
    assert key_of([]) is None
    assert key_of([Heard(0, 1, None)]) is None
    assert key_of([Heard(0, 1, pitch) for pitch in range(60, 72)]) is None


notes = st.lists(
    st.builds(
        Heard,
        st.integers(0, 64).map(lambda n: n / 8),
        st.integers(1, 16).map(lambda n: n / 8),
        st.integers(36, 84),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=40, deadline=None)
@given(notes, st.integers(-24, 24))
def test_entropy_is_that_of_the_lengths(row: list[Heard], up: int) -> None:
    """By the plain formula; the same in all transpositions; between none and all twelve."""
    long: Counter[int] = Counter()
    for note in row:
        long[int(note.pitch or 0) % 12] += round(note.duration * 8)
    whole = sum(long.values())
    plain = -sum(n / whole * log2(n / whole) for n in long.values())
    assert pitch_class_entropy(row) == pytest.approx(plain)
    moved = [note._replace(pitch=(note.pitch or 0) + up) for note in row]
    assert pitch_class_entropy(moved) == pytest.approx(plain)
    assert 0 <= plain <= log2(12) + 1e-9


@settings(max_examples=40, deadline=None)
@given(notes)
def test_what_sounds_in_parts_is_what_sounds(row: list[Heard]) -> None:
    """Cut anywhere, nothing is lost."""
    parts = [each for at in range(11) for each in between(row, at, at + 1)]
    assert sum(pitch_classes(parts)) == pytest.approx(sum(pitch_classes(row)))
    assert note_density(row, 0, 16) * 16 == len(row)


def chord(*pitches: int, at: float = 0) -> list[Heard]:
    """Some notes at once."""
    return [Heard(at, 1, pitch) for pitch in pitches]


C = KeyFound(0, minor=False, fit=1, margin=1)
AT_HOME = chord(60, 64, 67)


def test_tension_grows_away_from_home() -> None:
    """The triad of the tonic, its dominant seventh, a chord of a far key, a cluster."""
    rows = [AT_HOME, chord(55, 59, 62, 65), chord(54, 58, 61), chord(60, 61, 62, 63, 66)]
    strains = [strain_of(row, C) for row in rows]
    values = [tension_of(strain, C) for strain in strains if strain is not None]
    assert len(values) == 4
    assert values[0] == min(values)
    assert values[0] < values[1] < max(values[2:])
    assert all(0 <= value <= 1 for value in values)
    minor = KeyFound(9, minor=True, fit=1, margin=1)
    home, far = strain_of(chord(57, 60, 64), minor), strain_of(chord(58, 62, 65), minor)
    assert home is not None
    assert far is not None
    assert home.strain < far.strain


def test_distances_on_the_spiral_are_as_computed_by_hand() -> None:
    """A fifth: a quarter of the way round and one rise up; a semitone in C, five fifths down."""
    rise = sqrt(2 / 15)
    fifth = strain_of(chord(60, 67), C)
    assert fifth is not None
    assert fifth.diameter == pytest.approx(sqrt(2 + rise**2))
    third = strain_of(chord(60, 64), C)
    assert third is not None
    assert third.diameter == pytest.approx(4 * rise)
    step = strain_of(chord(60, 61), C)  # C and Db: five fifths
    assert step is not None
    assert step.diameter == pytest.approx(sqrt(2 + (5 * rise) ** 2))
    after = strain_of(chord(67), C, third)
    assert after is not None
    assert after.momentum == pytest.approx(dist(after.centre, third.centre))
    assert strain_of([Heard(0, 1, None)], C) is None


@settings(max_examples=40, deadline=None)
@given(notes, st.integers(0, 11), st.booleans(), st.integers(-12, 12))
def test_tension_does_not_depend_on_the_pitch_of_the_key(
    row: list[Heard], tonic: int, minor: bool, up: int
) -> None:
    """What matters is where the notes are in it."""
    key, other = KeyFound(tonic, minor, 1, 1), KeyFound((tonic + up) % 12, minor, 1, 1)
    moved = [note._replace(pitch=(note.pitch or 0) + up) for note in row]
    one, two = strain_of(row, key), strain_of(moved, other)
    assert one is not None
    assert two is not None
    assert one.strain == pytest.approx(two.strain)
    assert one.diameter == pytest.approx(two.diameter)
    assert 0 <= tension_of(one, key) <= 1


def test_what_comes_back_is_seen_in_the_matrix() -> None:
    """A B A B C: alike where the letters are, and repeated as often."""
    a, b, c = [(60, 2), (64, 2)], [(62, 1), (65, 1), (69, 2)], [(61, 4)]
    matrix = self_similarity(frames_of(played([*a, *b, *a, *b, *c]), 0, 5))
    letters = "ABABC"
    for place, row in enumerate(matrix):
        for other, value in enumerate(row):
            assert (value > 0.99) == (letters[place] == letters[other])
            assert value == matrix[other][place]
    assert 0.4 < repetition(matrix) < 0.75
    assert repetition(self_similarity(frames_of(played(a * 5), 0, 5))) == pytest.approx(1)
    assert repetition(self_similarity(frames_of(played(a), 0, 1))) == 0
    assert self_similarity(frames_of([], 0, 3)) == [[1.0] * 3] * 3


@pytest.mark.parametrize(
    ("one", "other", "kinds"),
    [
        ((48, 55), (50, 57), ["parallel fifths"]),
        ((48, 60), (50, 62), ["parallel octaves"]),
        ((48, 55), (53, 60), ["parallel fifths"]),
        ((48, 55, 64), (47, 55, 62), []),
        ((48, 55), (48, 55), []),
        ((48, 55), (55, 60), []),
        ((48, 52), (53, 57), ["overlap"]),
        ((48, 55, 64), (48, 55, 69), ["spacing"]),
        ((48, 60, 64), (48, 60, 79), ["leap", "spacing"]),
        ((48, 55), (48, 55, 60), []),
        ((48, 55), (45, 52), ["parallel fifths"]),
        ((55, 60), (53, 60), []),
    ],
)
def test_what_a_teacher_would_mark(one: tuple[int, ...], other: tuple[int, ...], kinds: list[str]) -> None:
    """From one chord to the next."""
    assert sorted(fault.kind for fault in faults_between(one, other)) == kinds


def test_chords_are_read_from_what_sounds() -> None:
    """Notes that are held count, those that have ended do not."""
    held = [*chord(48, at=0), *chord(55, at=0), Heard(1, 1, 50), Heard(1, 1, 57)]
    assert slices_of(held) == [(0, (48, 55)), (1, (50, 57))]
    assert [fault.at for fault in voice_leading(held)] == [1]


def test_notes_are_taken_from_a_pattern() -> None:
    """With their length and strength; drums have no pitch."""
    made = N["stack"](N["note"]("c4 e4").velocity(0.5).legato(0.5), N["s"]("bd"))
    found = heard_in(made.answer(0, TICKS).haps)
    assert found == [Heard(0, 1, None, 1), Heard(0, 0.25, 60, 0.5), Heard(0.5, 0.25, 64, 0.5)]


def values(pattern: Any, begin: int, end: int) -> list[Any]:
    """A signal at the begin of some cycles."""
    return [hap.value for hap in pattern.segment(1).haps(begin, end)]


def test_a_pattern_listens_to_another() -> None:
    """To the cycles before the one that plays, and to no other."""
    line = N["s"]("<bd*2 bd*4 bd*6 bd*8>")
    assert values(line.measured("density", 1), 1, 5) == [2, 4, 6, 8]
    assert values(line.measured("density", 2), 2, 5) == [3, 5, 7]
    quiet = N["note"]("<c*4 [c d e f g a b c#]>")
    assert values(quiet.measured("entropy", 1), 1, 3) == [0, 3]
    assert values(N["note"]("c e g").measured("repetition", 4), 4, 6) == pytest.approx([1, 1])
    assert values(N["note"]("<[c3,g3] [d3,a3]>").measured("errors", 2), 2, 3) == [0.5]
    tense = N["note"]("<[c,e,g]!4 [c,c#,d,f#]!4>").measured("tension", 1)
    assert min(values(tense, 5, 8)) > max(values(tense, 1, 4))
    with pytest.raises(PatternError, match="did you mean density"):
        line.measured("densitiy")


def test_what_is_listened_to_can_be_asked_anywhere() -> None:
    """The same in any order; and another layer follows it."""
    line = N["note"](N["irand"](24).segment(8))
    heard = line.measured("entropy")
    whole = values(heard, 0, 12)
    assert [values(heard, cycle, cycle + 1)[0] for cycle in reversed(range(12))] == whole[::-1]
    follows = N["s"]("hh*4").gain(line.measured("density", 1).div(16))
    assert [hap.value["gain"] for hap in follows.haps(3, 4)] == [0.5] * 4
