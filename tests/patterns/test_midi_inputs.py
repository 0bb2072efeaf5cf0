"""Keys, wheels and strokes as patterns, against a timeline that is known."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.controls import ControlTimeline
from patterns.core import Hap, Pattern
from patterns.midi_inputs import bend_in, cc_in, gate_in, key_in, keys_in, pressure_in
from patterns.midi_strokes import hits_in
from patterns.registry import namespace
from patterns.ticks import TICKS

N: dict[str, Any] = dict(namespace())
note, n, s = N["note"], N["n"], N["s"]


def timeline(**inputs: list[tuple[float, Any]]) -> ControlTimeline:
    """What inputs did, by their names with _ for spaces."""
    made = ControlTimeline()
    for name, rows in inputs.items():
        for cycle, value in rows:
            made.set(name.replace("_", " "), Fraction(cycle), value)
    return made


def values(pattern: Pattern, controls: ControlTimeline, begin: float = 0, end: float = 1) -> list[Any]:
    """Values of onsets."""
    return [hap.value for hap in pattern.haps(begin, end, controls=controls)]


def test_positions_get_their_range() -> None:
    """Controllers, wheels and pressure go from low to high, and rest where they rest."""
    moved = timeline(midi_cc_74=[(1, 0.5)], midi_bend=[(1, 1.0)], midi_pressure=[(1, 1.0)])
    assert values(cc_in(74, 200, 3200, curve="log").segment(1), moved, 0, 2) == [200, 800]
    assert values(cc_in(74, default=0.3).segment(1), moved, 0, 2) == [0.3, 0.5]
    assert values(bend_in(-2, 2).segment(1), moved, 0, 2) == [0, 2]
    assert values(pressure_in(1, 3).segment(1), moved, 0, 2) == [1, 3]


def test_a_key_transposes() -> None:
    """A key that is held moves notes; a quantum lets it wait; time that is bent does not matter."""
    held = timeline(midi_key=[(0.5, 60.0)])
    assert [v["note"] for v in values(note("0*4").add(key_in(default="c2")), held)] == [36, 36, 60, 60]
    assert [v["note"] for v in values(note("c3*2").add(key_in("c4")), held)] == [48, 48]
    waits = note("0*4").add(key_in(default=36, quantum=1))
    assert [v["note"] for v in values(waits, held)] == [36] * 4
    assert [v["note"] for v in values(waits, held, 1, 2)] == [60] * 4
    assert [v["note"] for v in values(note("0 0").fast(2).add(key_in()), held)] == [48, 48, 60, 60]


def test_a_chord_is_played_and_arpeggiated() -> None:
    """All keys at a time, or one after the other in their order; with none there is nothing."""
    held = timeline(midi_keys=[(0.25, ((64, 90), (60, 80))), (0.75, ())])
    assert values(note(keys_in().segment(4)), held) == [{"note": k} for k in (60, 64, 60, 64)]
    assert [v["note"] for v in values(n("0 1 2 3").of_keys(), held)] == [64, 72]
    assert [v["note"] for v in values(n("0 1 -1 3").of_keys(played=True), held)] == [60, 48]
    assert values(note(keys_in("c3 g3").segment(1)), timeline()) == [{"note": 48}, {"note": 55}]


def test_a_gate_opens_and_closes() -> None:
    """While the key is held, or from boundary to boundary."""
    held = timeline(midi_gate_36=[(0.25, 1.0), (0.75, 0.0)], midi_flip_36=[(0.5, 1.0)])
    assert len(values(s("bd*4").mask(gate_in("c2")), held)) == 2
    assert len(values(s("bd*4").mask(gate_in(36, latch=True)), held)) == 2
    assert values(s("bd*4").mask(gate_in("c2", quantum=1)), held) == []


def test_strokes_are_events() -> None:
    """At their time or at the next boundary; how hard is their value."""
    struck = timeline(midi_hit_36=[(0.25, 0.5), (0.6, 1.0)])
    found = hits_in("c2").haps(0, 1, controls=struck)
    assert [(float(hap.whole.begin), hap.value) for hap in found if hap.whole] == [(0.25, 0.5), (0.6, 1.0)]
    late = hits_in("c2", quantum=1 / 4).haps(0, 2, controls=struck)
    assert [float(hap.whole.begin) for hap in late if hap.whole and hap.has_onset] == [0.25, 0.75]
    assert hits_in("c2").reads == {"midi hit 36"}
    assert hits_in().haps(0, 1) == []


def test_a_phrase_is_played_from_its_beginning() -> None:
    """Wherever in the cycle it is called for, for as long as is said."""
    struck = timeline(midi_hit=[(0.3, 1.0)])
    found = s("bd sd hh cp").on_key(quantum=1 / 4).haps(0, 3, controls=struck)
    begins = [(float(hap.whole.begin), hap.value["s"]) for hap in found if hap.whole and hap.has_onset]
    assert begins == [(0.5, "bd"), (0.75, "sd"), (1.0, "hh"), (1.25, "cp")]
    short = s("bd sd hh cp").on_key(cycles=0.5).haps(0, 3, controls=struck)
    assert [hap.value["s"] for hap in short if hap.has_onset] == ["bd", "sd"]
    swept = s("bd").gain(cc_in(1)).on_key(quantum=1)
    assert swept.reads == {"midi hit", "midi cc 1"}
    struck.set("midi cc 1", Fraction(1), 0.5)
    assert swept.haps(1, 2, controls=struck)[0].value["gain"] == 0.5, "an input is read when it is heard"


@given(
    st.lists(st.fractions(0, 3, max_denominator=24), max_size=5),
    st.fractions(Fraction(1, 24), Fraction(95, 24), max_denominator=24),
    st.sampled_from([0, 0.25, 1]),
)
def test_a_stretch_is_its_parts(strokes: list[Fraction], cut: Fraction, quantum: float) -> None:
    """The law of all discrete patterns holds for strokes and phrases."""
    struck = ControlTimeline()
    for at in sorted(strokes):
        struck.set("midi hit 36", at, 1.0)
    for pattern in (hits_in(36, quantum=quantum), s("bd sd hh").on_key(36, quantum=quantum)):

        def onsets(begin: Fraction, end: Fraction, which: Pattern = pattern) -> list[tuple[object, str]]:
            haps: list[Hap] = which.haps(begin, end, controls=struck)
            return sorted(
                ((hap.whole.begin, str(hap.value)) for hap in haps if hap.whole and hap.has_onset),
                key=str,
            )

        parts = onsets(Fraction(0), cut) + onsets(cut, Fraction(4))
        assert onsets(Fraction(0), Fraction(4)) == sorted(parts, key=str)


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: cc_in(128), "cc must be a whole number from 0 to 127"),
        (lambda: cc_in(1, channel=0), "channel must be a whole number from 1 to 16"),
        (lambda: cc_in(1, port=""), "port is a part of a port's name"),
        (lambda: cc_in(1, 0, 1, curve="log"), "above 0"),
        (lambda: gate_in("h2"), "a key is a name"),
        (lambda: hits_in(36, length=0), "a stroke lasts up to 4 cycles"),
        (lambda: key_in(quantum=-1), "quantum is in cycles"),
    ],
)
def test_what_cannot_be_is_named(call: Any, text: str) -> None:
    """Each with what was given and what can be."""
    with pytest.raises((TypeError, ValueError), match=text):
        call()


def test_what_is_no_number_is_told() -> None:
    """One bad value drops one event."""
    answer = n("0 x").of_keys("c3").answer(0, TICKS)
    assert len(answer.haps) == 1
    assert "of_keys" in str(answer.problems[0])
