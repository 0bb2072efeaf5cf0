"""Grooves and playing: where events go, and that it depends on what is around them."""

from __future__ import annotations

from fractions import Fraction
from statistics import mean, pstdev
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns.errors import PatternError
from patterns.form.grooves import GROOVES, Groove, groove_of
from patterns.registry import namespace

N: dict[str, Any] = dict(namespace())
s, n, note = N["s"], N["n"], N["note"]


def onsets(pattern: Any, begin: Any = 0, end: Any = 1) -> list[tuple[Fraction, Any]]:
    """When each event begins, and what it is."""
    return [(hap.whole.begin, hap.value) for hap in pattern.haps(begin, end) if hap.has_onset]


@pytest.mark.parametrize("percent", [50, 54, 58, 62.5, 66, 71, 75])
def test_swing_is_by_the_percent_that_it_says(percent: float) -> None:
    """The first of two sixteenths has so much of their time; eighths stay where they are."""
    found = [at for at, _ in onsets(s("hh*16").groove(f"mpc {percent:g}"))]
    for pair in range(8):
        assert found[2 * pair] == Fraction(pair, 8)
        assert float((found[2 * pair + 1] - found[2 * pair]) * 8) == pytest.approx(percent / 100)
    assert [at for at, _ in onsets(s("hh*8").groove(f"mpc {percent:g}"))] == [
        Fraction(e, 8) for e in range(8)
    ]


def test_a_swing_is_the_one_that_is_there_already() -> None:
    """`mpc 66` and `swing_by` say the same in two ways."""
    ours = [at for at, _ in onsets(s("hh*16").groove("mpc 60"))]
    assert ours == [at for at, _ in onsets(s("hh*16").swing_by(1 / 5, 8))]


@pytest.mark.parametrize("name", [*GROOVES, "mpc 62"])
@settings(max_examples=4, deadline=None)
@given(cut=st.fractions(0, 4, max_denominator=64), amount=st.sampled_from([0, 0.5, 1]))
def test_no_event_is_lost_or_doubled(name: str, cut: Fraction, amount: float) -> None:
    """However queries are cut; their lengths stay, and none goes further than half a step."""
    plain = s("hh*7, bd*16, sn/3")
    made = plain.groove(name, amount)
    whole = sorted((at, value["s"]) for at, value in onsets(made, 0, 4))
    parts = [*onsets(made, 0, cut), *onsets(made, cut, 4)] if 0 < cut < 4 else onsets(made, 0, 4)
    assert sorted((at, value["s"]) for at, value in parts) == whole
    wide = [hap for hap in made.haps(-1, 5) if hap.has_onset and -0.5 <= hap.whole.begin < 4.5]
    far = [hap for hap in plain.haps(-1, 6) if hap.has_onset]
    lengths = {hap.value["s"]: hap.whole.end - hap.whole.begin for hap in far}
    for hap in wide:
        assert hap.whole.end - hap.whole.begin == lengths[hap.value["s"]]
        near = min(abs(hap.whole.begin - one.whole.begin) for one in far if one.value["s"] == hap.value["s"])
        assert near <= Fraction(1, 16)


def test_strength_goes_to_velocity_or_gain() -> None:
    """And a part of a groove is a part of both."""
    first, second = (value for _, value in onsets(s("hh*8").groove("shuffle"))[:2])
    assert (first, second) == ({"s": "hh"}, {"s": "hh", "gain": 0.8})
    half = onsets(note("c*8").velocity(0.5).groove("shuffle", 0.5))[1]
    assert half == (Fraction(1, 8) + Fraction(33, 1600), {"note": "c", "velocity": 0.45})


def test_a_groove_is_learnt_from_what_was_played() -> None:
    """And played back on a straight line it is that again."""
    late = tuple(Fraction(share, 100) for share in (0, 32, -16, 8))
    played = s("hh*16").groove(Groove(16, late, (1, 0.5, 0.75, 0.25)))
    learnt = groove_of(played)
    assert [float(shift) for shift in learnt.shifts[:4]] == pytest.approx([0, 0.32, -0.16, 0.08])
    assert [at for at, _ in onsets(s("hh*16").groove(learnt), 1, 2)] == [at for at, _ in onsets(played, 1, 2)]
    strengths = [value.get("gain", 1) for _, value in onsets(s("hh*16").groove(learnt))]
    assert strengths[1] / strengths[0] == pytest.approx(0.5)
    with pytest.raises(PatternError, match="heard nothing"):
        groove_of(N["silence"])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: s("hh").groove("mpc 80"), "mpc 50 to mpc 75"),
        (lambda: s("hh").groove("shufle"), "did you mean shuffle"),
        (lambda: s("hh").groove("shuffle", 2), "amount wants 0 to 1"),
        (lambda: s("hh").humanise(9), "amount wants 0 to 4"),
        (lambda: s("hh").articulate(2), "amount wants 0 to 1"),
        (lambda: s("hh").humanise(1, 0), "from 1 to 64"),
    ],
)
def test_what_cannot_be_is_refused(call: Any, message: str) -> None:
    """And it is said what can."""
    with pytest.raises(PatternError, match=message):
        call()


def nudges(pattern: Any, at: Any, cycles: int = 160) -> list[float]:
    """How late the event at a place in the cycle was, in many cycles of the middle of a phrase."""
    return [
        value["nudge"]
        for begin, value in onsets(pattern, 0, cycles)
        if begin % 1 == at and begin // 1 % 4 in {0, 1}
    ]


def test_what_lies_between_the_beats_is_looser() -> None:
    """And many notes are placed more closely than few."""
    few, many = s("hh*8").humanise(), s("hh*16").humanise()
    assert pstdev(nudges(few, 0)) < pstdev(nudges(few, Fraction(1, 4))) < pstdev(nudges(few, Fraction(1, 8)))
    assert pstdev(nudges(many, Fraction(1, 8))) < pstdev(nudges(few, Fraction(1, 8)))
    assert 0.002 < pstdev(nudges(few, Fraction(1, 8))) < 0.02
    assert abs(mean(nudges(few, Fraction(1, 8)))) < 0.003


def test_dynamics_follow_the_line_the_beat_and_the_phrase() -> None:
    """Each on average, as chance is in it too."""
    made = [(at, value["gain"]) for at, value in onsets(note("c4 e4 g4 e4").humanise(), 0, 200)]
    strong = [gain for at, gain in made if at % 1 == 0]
    weak = [gain for at, gain in made if at % 1 == Fraction(3, 4)]
    assert mean(strong) > mean(weak)
    rising, falling = ([g for at, g in made if at % 1 == Fraction(q, 4)] for q in (1, 3))
    assert mean(rising) > mean(falling)
    middle, begin = ([g for at, g in made if at // 1 % 4 == c and at % 1 == Fraction(1, 4)] for c in (2, 0))
    assert mean(middle) > mean(begin)


def test_the_end_of_a_phrase_broadens_and_a_leap_waits() -> None:
    """Both come later."""
    made = onsets(note("c4*4").humanise(), 0, 200)
    last = mean(value["nudge"] for at, value in made if at % 4 == Fraction(15, 4))
    assert last > 0.01
    leaping = onsets(note("c4 c5").humanise(), 0, 200)
    steady = onsets(note("c4 c4").humanise(), 0, 200)
    late, prompt = (
        mean(v["nudge"] for at, v in row if at % 4 == Fraction(1, 2)) for row in (leaping, steady)
    )
    assert late > prompt + 0.003


def test_a_machine_stays_a_machine() -> None:
    """With an amount of 0 nothing moves."""
    assert all(v["nudge"] == 0 and v.get("gain", 1) == 1 for _, v in onsets(s("hh*8").humanise(0), 0, 8))
    assert all(value["clip"] == 1 for _, value in onsets(note("c e").articulate(0), 0, 2))


def test_articulation_is_by_the_way_to_the_next_note() -> None:
    """Steps bound, repetitions and leaps parted; what is said already counts; drums are left alone."""
    clips = [round(value["clip"], 2) for _, value in onsets(note("c4 d4 d4 a4 ~ c4").articulate(), 0, 1)]
    assert clips == [1.03, 0.7, 0.85, 0.8, 0.7]
    half = onsets(note("c4 d4 e4 f4").legato(0.5).articulate())[0][1]
    assert half["clip"] == pytest.approx(0.515)
    accents = [value.get("gain", 1) for _, value in onsets(note("c4 a4 b4 c4").articulate(), 0, 1)]
    assert accents == [1, 1.15, 1, 1.15]


@settings(max_examples=10, deadline=None)
@given(cut=st.fractions(0, 4, max_denominator=16), seed=st.integers(0, 5))
def test_any_stretch_can_be_asked_alone(cut: Fraction, seed: int) -> None:
    """The same notes with the same life, however queries are cut."""
    made = n("0 2 <4 7> [3 1]").scale("C:major").articulate().humanise()
    whole = [(h.whole, h.value) for h in made.haps(0, 4, seed=seed) if h.has_onset]
    if 0 < cut < 4:
        parts = [*made.haps(0, cut, seed=seed), *made.haps(cut, 4, seed=seed)]
        assert [(h.whole, h.value) for h in parts if h.has_onset] == whole
