"""Laws of chance, rhythm, samples, scales and chords, for all numbers that a musician may write."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.chord_names import INTERVALS, parse_chord
from patterns.control_table import KEYS, TABLE, Control, key_of
from patterns.core import RawHap
from patterns.euclidean import euclidean
from patterns.intervals import respelled, semitones
from patterns.registry import namespace
from patterns.scale_table import SCALES
from patterns.scales import at_degree, degree_of, nearest_in_scale
from patterns.ticks import TICKS
from patterns.tonality import note_number
from patterns.voicings import DICTIONARIES, MODES, voiced

N: dict[str, Any] = dict(namespace())
mini, s, note, n = N["mini"], N["s"], N["note"], N["n"]

SEEDS = st.integers(0, 2**32)
CYCLES = st.integers(-50, 100_000)
SHARES = st.floats(0, 1)
ROOTS = st.sampled_from([letter + sign for letter in "ABCDEFG" for sign in ("", "b", "#")])
QUALITIES = st.sampled_from(sorted(INTERVALS))
RNGS = st.sampled_from(["hash", "strudel", "precise"])


def onsets(pattern: Any, cycle: int, **state: Any) -> list[RawHap]:
    """List what begins in a cycle."""
    return [h for h in pattern.answer(cycle * TICKS, (cycle + 1) * TICKS, **state).haps if h.has_onset]


def times(haps: list[RawHap]) -> list[Any]:
    """List when haps begin, in order."""
    return sorted(hap.part_begin for hap in haps)


@given(SHARES, CYCLES, SEEDS, RNGS)
def test_what_degrade_drops_undegrade_keeps(share: float, cycle: int, seed: int, rng: str) -> None:
    """The two never keep the same event, and together they lose none but by a draw on the edge."""
    pattern = mini("a*16")
    kept = times(onsets(pattern.degrade_by(share), cycle, seed=seed, rng=rng))
    rest = times(onsets(pattern.undegrade_by(1 - share), cycle, seed=seed, rng=rng))
    assert not set(kept) & set(rest)
    assert len(kept) + len(rest) >= 16 - (share in {0.0, 1.0})


@given(st.floats(0, 1), st.floats(0, 1), CYCLES, SEEDS)
def test_more_is_dropped_the_higher_the_chance(one: float, two: float, cycle: int, seed: int) -> None:
    """What is left at a higher probability was left at a lower one."""
    low, high = sorted([one, two])
    pattern = mini("a*16")
    left = set(times(onsets(pattern.degrade_by(high), cycle, seed=seed)))
    assert left <= set(times(onsets(pattern.degrade_by(low), cycle, seed=seed)))


@given(SHARES, CYCLES, SEEDS)
def test_sometimes_loses_and_doubles_nothing(share: float, cycle: int, seed: int) -> None:
    """Each event is there once, changed or not."""
    pattern = mini("0*16").sometimes_by(share, N["add"](1))
    assert len(onsets(pattern, cycle, seed=seed)) >= 16 - (share in {0.0, 1.0})
    assert len(set(times(onsets(pattern, cycle, seed=seed)))) == len(onsets(pattern, cycle, seed=seed))


@given(st.integers(1, 32), CYCLES, SEEDS, RNGS)
def test_shuffle_is_a_permutation(parts: int, cycle: int, seed: int, rng: str) -> None:
    """Each part is heard once in a cycle."""
    pattern = N["run"](parts).shuffle(parts)
    assert sorted(hap.value for hap in onsets(pattern, cycle, seed=seed, rng=rng)) == list(range(parts))


@given(st.integers(1, 32), CYCLES, SEEDS, RNGS)
def test_scramble_takes_whole_parts(parts: int, cycle: int, seed: int, rng: str) -> None:
    """As many parts as there are, each one of them."""
    haps = onsets(N["run"](parts).scramble(parts), abs(cycle), seed=seed, rng=rng)
    assert len(haps) == parts
    assert {hap.value for hap in haps} <= set(range(parts))


@given(st.integers(1, 64), CYCLES, SEEDS, RNGS)
def test_irand_stays_below_its_limit(size: int, cycle: int, seed: int, rng: str) -> None:
    """Whole numbers from 0 up to but not the limit."""
    for hap in onsets(N["irand"](size).segment(8), cycle, seed=seed, rng=rng):
        assert 0 <= hap.value < size
        assert isinstance(hap.value, int)


@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3), CYCLES, SEEDS)
def test_range_keeps_within_its_limits(low: float, high: float, cycle: int, seed: int) -> None:
    """Signals from 0 to 1 stay between the limits, before cycle 0, too."""
    bottom, top = sorted([low, high])
    for name in ("rand", "perlin", "sine", "cosine", "saw", "tri", "square", "isaw", "itri"):
        for hap in onsets(N[name].range(low, high).segment(4), cycle, seed=seed):
            assert bottom - 1e-6 <= hap.value <= top + 1e-6


@given(st.integers(1, 64), st.integers(0, 64), st.integers(-100, 100))
def test_euclid_counts_and_turns(steps: int, hits: int, rotation: int) -> None:
    """As many hits as asked for, as even as whole steps allow; a rotation only turns them, if it can."""
    plain = euclidean(hits, steps)
    assert sum(plain) == min(hits, steps)
    assert sum(euclidean(-hits, steps)) == (steps - min(hits, steps) if hits else 0)
    turned = euclidean(hits, steps, rotation)
    if abs(rotation) > steps:
        assert turned == plain
        rotation = 0
    assert [turned[(place + rotation) % steps] for place in range(steps)] == list(plain)
    places = [place for place, hit in enumerate(plain) if hit]
    if places:
        gaps = {b - a for a, b in pairwise([*places, places[0] + steps])}
        assert max(gaps) - min(gaps) <= 1


@given(
    st.integers(1, 16), st.integers(1, 16), st.sampled_from([0, 1, Fraction(1, 3), Fraction(3, 4)]), CYCLES
)
def test_euclidish_is_between_euclid_and_even(hits: int, steps: int, groove: Fraction, cycle: int) -> None:
    """At 0 it is euclid, at 1 the hits are evenly apart; in between they keep their number."""
    pattern = mini("a")
    here = times(onsets(pattern.euclidish(hits, steps, groove), cycle))
    assert len(here) == min(hits, steps)
    if groove == 0:
        assert here == times(onsets(pattern.euclid(hits, steps), cycle))
    if groove == 1:
        gaps = {Fraction(b - a) for a, b in pairwise([*here, here[0] + TICKS])}
        assert gaps == {Fraction(TICKS, len(here))}


@given(st.integers(1, 16), st.integers(1, 16), st.integers(-20, 20), CYCLES)
def test_a_legato_rhythm_has_no_gaps(hits: int, steps: int, rotation: int, cycle: int) -> None:
    """Each hit lasts until the next one begins."""
    pattern = mini("a").euclid_legato_rot(hits, steps, rotation)
    heard = sum(h.part_end - h.part_begin for h in pattern.answer(cycle * TICKS, (cycle + 1) * TICKS).haps)
    assert heard == TICKS


@given(st.integers(1, 32), st.floats(0, 0.5), st.floats(0.5, 1), st.sampled_from(["chop", "striate"]))
def test_parts_of_a_sample_follow_one_another(parts: int, begin: float, end: float, name: str) -> None:
    """What chop and striate cut lies end to end, from the sample's begin to its end."""
    whole = s("break").begin(begin).end(end) if name == "chop" else s("break")
    low, high = (begin, end) if name == "chop" else (0, 1)
    cuts = [hap.value for hap in onsets(getattr(whole, name)(parts), 0)]
    assert len(cuts) == parts
    assert cuts[0]["begin"] == pytest.approx(low)
    assert cuts[-1]["end"] == pytest.approx(high)
    for one, two in pairwise(cuts):
        assert one["end"] == pytest.approx(two["begin"])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8, unique=True), st.integers(0, 7))
def test_slices_of_your_own_are_played(begins: list[float], which: int) -> None:
    """A slice ends where the next one begins, the last one with the sample: its end is open."""
    borders = [*sorted(begins), None]
    index = which % len(begins)
    (hap,) = onsets(s("break").slice(sorted(begins), index), 0)
    assert (hap.value["begin"], hap.value["end"]) == (borders[index], borders[index + 1])


@given(st.integers(1, 16), st.fractions(Fraction(1, 8), 8, max_denominator=8), st.floats(0.1, 4))
def test_splice_fills_the_time(parts: int, pace: Fraction, cps: float) -> None:
    """The part of the sample at its speed lasts as long as the event."""
    pattern = s("break").splice(parts, mini("0").fast(pace))
    hap = pattern.answer(0, 8 * TICKS, cps=cps).haps[0]
    assert hap.end is not None
    assert hap.begin is not None
    share = hap.value["end"] - hap.value["begin"]
    assert share / hap.value["speed"] * cps == pytest.approx(float(Fraction(hap.end - hap.begin) / TICKS))


@given(st.sampled_from(sorted(SCALES)), st.integers(-40, 40), st.floats(24, 84))
def test_scales_rise(name: str, degree: int, tonic: float) -> None:
    """Each degree is above the one before, and as many further up lies the octave."""
    scale = (tonic, name)
    assert at_degree(scale, degree + 1) > at_degree(scale, degree)
    assert at_degree(scale, degree + len(SCALES[name])) == pytest.approx(at_degree(scale, degree) + 12)
    assert degree_of(at_degree(scale, degree)) == degree


@given(st.sampled_from(sorted(SCALES)), st.integers(24, 84), st.integers(0, 127))
def test_the_nearest_note_of_a_scale(name: str, tonic: int, number: int) -> None:
    """No note of the scale is nearer, and a note of the scale stays."""
    scale = (float(tonic), name)
    found = nearest_in_scale(scale, number)
    size = len(SCALES[name])
    middle = degree_of(found)
    for degree in range(middle - size, middle + size + 1):
        assert abs(at_degree(scale, degree) - number) >= abs(found - number)
    assert nearest_in_scale(scale, float(found)) == found


@given(st.integers(-20, 20), st.integers(-20, 20), st.sampled_from(["major", "minor", "pelog", "whole tone"]))
def test_moves_within_a_scale_add_up(one: int, two: int, name: str) -> None:
    """Moving by two numbers of degrees is moving by their sum."""
    base = n("0 2 4").scale(f"C:{name.replace(' ', ':')}")
    twice = [hap.value["note"] for hap in onsets(base.scale_transpose(one).scale_transpose(two), 0)]
    assert twice == [hap.value["note"] for hap in onsets(base.scale_transpose(one + two), 0)]


@given(st.integers(-24, 24), st.integers(-24, 24))
def test_transposing_adds_up(one: int, two: int) -> None:
    """Moving twice is moving by the sum."""
    base = note("c3 eb4 60.5")
    twice = [hap.value["note"] for hap in onsets(base.transpose(one).transpose(two), 0)]
    assert twice == [hap.value["note"] for hap in onsets(base.transpose(one + two), 0)]


NAMED = st.sampled_from(
    [
        f"{sign}{size}{quality}"
        for sign in ("", "-")
        for size in range(1, 16)
        for quality in ("PAd" if (size - 1) % 7 in {0, 3, 4} else "MmAd")
    ]
)
NAMES = st.sampled_from(
    [f"{letter}{sign}{octave}" for letter in "cdefgab" for sign in ("", "#", "b") for octave in range(9)]
)


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("1P", 0), ("2m", 1), ("2M", 2), ("3m", 3), ("3M", 4), ("4P", 5), ("4A", 6), ("5d", 6), ("5P", 7),
        ("5A", 8), ("6m", 8), ("6M", 9), ("7d", 9), ("7m", 10), ("7M", 11), ("8P", 12), ("9m", 13),
        ("10M", 16), ("15P", 24), ("-3m", -3), ("-8P", -12), ("m3", 3), ("P-5", -7),
    ],
)  # fmt: skip
def test_sizes_of_intervals(name: str, size: int) -> None:
    """Each interval has its number of semitones."""
    assert semitones(name) == size


@given(NAMES, NAMED)
def test_a_respelled_note_is_as_far_as_its_interval(name: str, interval: str) -> None:
    """The spelling follows the staff, the pitch the semitones; back by the same interval it is the same."""
    moved = respelled(name, interval)
    assert moved is not None
    assert note_number(moved) == note_number(name) + semitones(interval)
    steps = int(interval.strip("-")[:-1]) - 1
    letters = "CDEFGAB"
    sign = -1 if interval.startswith("-") else 1
    assert moved[0] == letters[(letters.index(name[0].upper()) + sign * steps) % 7]
    back = respelled(moved, interval[1:] if sign < 0 else f"-{interval}")
    assert back is not None
    assert back.lower() == name


NEAR = st.sampled_from([0, 0, 0, 0, 1, -1, 5, -6])
IN_CHORD = st.sampled_from(["close", "open", "triads", "guidetones"])


@given(ROOTS, QUALITIES, st.integers(36, 84), st.sampled_from(MODES), IN_CHORD, NEAR)
@settings(max_examples=400)
def test_voicings_belong_to_the_chord(
    root: str, quality: str, anchor: int, mode: str, dictionary: str, offset: int
) -> None:
    """No note is foreign to the chord, notes rise, and the anchor is kept."""
    pitch, steps, _ = parse_chord(root + quality)
    notes = voiced(root + quality, anchor, mode, dictionary, offset)
    assert notes
    assert notes == sorted(set(notes))
    assert {(found - pitch) % 12 for found in notes} <= {step % 12 for step in steps} | {0}
    if offset:
        return
    if mode in {"below", "duck"}:
        assert max(notes) <= anchor
    if mode == "below":
        assert max(notes) > anchor - 12
    if mode == "duck":
        assert anchor not in notes or len(notes) == 1
    if mode == "above":
        assert anchor - 12 < min(notes) <= anchor
    if mode == "root":
        assert notes[0] % 12 == pitch
        assert anchor - 12 < notes[0] <= anchor


@given(ROOTS, QUALITIES, st.integers(36, 84), st.sampled_from(sorted(DICTIONARIES)), st.integers(-6, 5))
def test_an_offset_moves_up(root: str, quality: str, anchor: int, dictionary: str, offset: int) -> None:
    """Each further offset is a voicing whose notes together lie higher."""
    lower = voiced(root + quality, anchor, "below", dictionary, offset)
    higher = voiced(root + quality, anchor, "below", dictionary, offset + 1)
    assert (higher[-1], higher[0]) > (lower[-1], lower[0])


@given(ROOTS, QUALITIES, ROOTS)
def test_a_slash_puts_its_note_in_the_bass(root: str, quality: str, bass: str) -> None:
    """The lowest note is the one after the slash."""
    notes = voiced(f"{root}{quality}/{bass}", 72, "below")
    assert min(notes) % 12 == int(note_number(bass)) % 12


@given(ROOTS, QUALITIES, st.integers(-24, 24))
def test_n_counts_on_through_the_octaves(root: str, quality: str, index: int) -> None:
    """Counting as many further as the chord has notes is an octave up; within them each is higher."""
    chord = N["chord"](N["pure"](root + quality))
    size = len(onsets(chord.voicing(), 0))

    def played(number: int) -> float:
        (hap,) = onsets(chord.n(number).voicing(), 0)
        return float(hap.value["note"])

    assert played(index + size) == played(index) + 12
    assert played(index + 1) > played(index) or (index + 1) % size == 0


@given(st.lists(st.integers(1, 9), min_size=2, max_size=5), SEEDS)
def test_weights_are_kept(weights: list[int], seed: int) -> None:
    """Over many cycles each pattern comes as often as its weight says (5 standard deviations)."""
    cycles = 400
    pattern = N["wchoose_cycles"](*enumerate(weights))
    drawn = [hap.value for hap in pattern.answer(0, cycles * TICKS, seed=seed).haps]
    assert len(drawn) == cycles
    for index, weight in enumerate(weights):
        share = weight / sum(weights)
        spread = (cycles * share * (1 - share)) ** 0.5
        assert abs(drawn.count(index) - cycles * share) < 5 * spread


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("C7b9#5", (0, 4, 8, 10, 13)), ("C13#11", (0, 4, 10, 14, 18, 21)), ("C7b9sus", (0, 5, 7, 10, 13)),
        ("C^7#5", (0, 4, 8, 11)), ("C7susadd3", (0, 4, 5, 7, 10)), ("C7no5", (0, 4, 10)),
        ("Ch9", (0, 3, 6, 10, 14)),
        ("C69#11", (0, 4, 7, 9, 14, 18)), ("Cm7add11", (0, 3, 7, 10, 17)), ("C9b5", (0, 4, 6, 10, 14)),
    ],
)  # fmt: skip
def test_what_stands_after_a_chord_alters_it(name: str, steps: tuple[int, ...]) -> None:
    """Alterations are read by rule, in any order and number."""
    assert parse_chord(name)[1] == steps


@pytest.mark.parametrize("control", TABLE, ids=lambda control: control.name)
def test_every_name_of_a_control_sets_its_key(control: Control) -> None:
    """Aliases, a dict written by hand and the control itself all set the same key."""
    value: Any = 0.5 if control.numeric else "x"
    if control.name == "note":
        value = "c"
    names = [control.name, *control.aliases]
    for name in names:
        found = getattr(s("bd"), name)(N["pure"](value)).haps(0, 1)[0].value
        assert found[key_of(control)] == value
        assert (s("bd") | {name: value}).haps(0, 1)[0].value == {"s": "bd"} | {key_of(control): value}


def test_no_two_controls_share_a_name() -> None:
    """Each name leads to one key."""
    names = [name for control in TABLE for name in (control.name, *control.aliases)]
    assert len(names) == len(set(names)) == len(KEYS)
