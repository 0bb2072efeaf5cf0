"""Notes that a scale has made remember it: moved up or down by numbers they are still of it."""

from fractions import Fraction
from typing import Any

import pytest

from patterns.registry import namespace
from patterns.scales import ScaleNote
from patterns.ticks import TICKS

N: dict[str, Any] = dict(namespace())


def notes(text: str) -> list[float]:
    """The notes of a cycle."""
    return [hap.value["note"] for hap in eval(text, N).haps(0, 1)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ('n("0 2").scale("C:major").add(note(12)).scale_transpose(1)', [62, 65]),
        ('n("0 2").scale("C:major").add(12).scale_transpose(-1)', [59, 62]),
        ('n("0 2").scale("C:major").sub(note(12)).scale_transpose(1)', [38, 41]),
        ('n("0 2").scale("C:major").add(note("<0 12>")).velocity(.5).strans(2)', [52, 55]),
        ('n("0").scale("C:major").add(note("0,7")).scale_transpose(1)', [50, 57]),
        ('note(12).add(n("0 2").scale("C:major")).scale_transpose(1)', [62, 65]),
    ],
)
def test_what_is_added_does_not_lose_the_scale(text: str, wanted: list[float]) -> None:
    """An octave higher it is the same scale, and moves within it."""
    assert notes(text) == wanted


@pytest.mark.parametrize("by", [12, 12.0, Fraction(12)])
def test_the_number_itself(by: float) -> None:
    """Each kind of number moves it; anything else is refused, as a plain number refuses it."""
    note = ScaleNote(60, (48.0, "major"))
    for moved, number in ((note + by, 72), (by + note, 72), (note - by, 48)):
        assert moved == number
        assert isinstance(moved, ScaleNote)
        assert moved.scale == note.scale
    with pytest.raises(TypeError, match="unsupported operand"):
        _ = note + "x"  # type: ignore[operator] # pyright: ignore[reportOperatorIssue] - that is the mistake


def test_a_mistake_is_told_once_for_all_notes() -> None:
    """It does not name each note."""
    answer = eval('note("c e g a").scale_transpose(1)', N).answer(0, TICKS)
    assert {problem.message for problem in answer.problems} == {
        "scale_transpose wants notes made by scale; put .scale(…) before it"
    }
