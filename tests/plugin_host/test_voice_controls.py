"""Reading what events say to voices."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin_host.controls import RANGES, Controls, read_controls


def read(given_: dict[str, object]) -> tuple[Controls, list[str]]:
    """The controls, and what was reported."""
    told: list[str] = []
    return read_controls(given_, told.append), told


def test_nothing_said_is_nothing_reported() -> None:
    """The instrument decides."""
    assert read({}) == (Controls(), [])


@pytest.mark.parametrize(
    ("given_", "name", "value"),
    [
        ({"lpf": 500}, "cutoff", 500.0),
        ({"cutoff": 800.5}, "cutoff", 800.5),
        ({"s": "bd:3"}, "n", 3),
        ({"s": "bd", "n": 2.0}, "n", 2),
        ({"legato": 0.5}, "gated", True),
        ({"clip": 1}, "gated", True),
        ({"sustain": 0.5}, "gated", True),
        ({"sustain": 0.5}, "sustain", 0.0),
        ({"sustain": 0.5, "decay": 0.1}, "gated", False),
        ({"sustain": 0.5, "decay": 0.1}, "sustain", 0.5),
        ({"note": 60.5}, "note", 60.5),
        ({"orbit": 3, "vowel": "a"}, "gated", False),
    ],
)
def test_controls_are_read(given_: dict[str, object], name: str, value: object) -> None:
    """By their names and aliases; what no voice reads is passed over."""
    controls, told = read(given_)
    assert getattr(controls, name) == value
    assert told == []


def test_a_given_variant_wins_over_the_sounds() -> None:
    """`n` beside `bd:3`."""
    assert read({"n": 1, "s": "bd:3"})[0].n == 1


def test_a_strange_variant_is_reported() -> None:
    """`bd:x`."""
    controls, told = read({"s": "bd:x"})
    assert (controls.s, controls.n) == ("bd", 0)
    assert "'x'" in told[0]


@given(
    st.dictionaries(
        st.sampled_from([*RANGES, "s", "lpf"]),
        st.one_of(st.floats(), st.integers(), st.text(max_size=3), st.none(), st.booleans()),
    )
)
def test_every_number_ends_within_its_range(given_: dict[str, object]) -> None:
    """Nothing raises; what is out of range is reported and kept inside."""
    controls, told = read(given_)
    for name, (low, high) in RANGES.items():
        value = getattr(controls, name)
        if value is not None:
            assert low <= value <= high
            if isinstance(given_.get(name), float) and not math.isfinite(float(str(given_[name]))):
                assert told
