"""Looking at patterns: the drawing in text, what explain says, and the picture for a page."""

from __future__ import annotations

from fractions import Fraction
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patterns import registry
from patterns.core import Pattern
from patterns.inputs import knob
from patterns.lanes import score_of
from patterns.piano_roll import LINE, columns_of
from patterns.reading import reify
from patterns.where import Literal

N: dict[str, Any] = registry.namespace()
SVG = "{http://www.w3.org/2000/svg}"

TEXTS = st.recursive(
    st.sampled_from(["bd", "c3", "~", "7", "a?"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda found: f"[{' '.join(found)}]"),
        st.lists(inner, min_size=1, max_size=3).map(lambda found: f"<{' '.join(found)}>"),
        st.tuples(inner, st.sampled_from(["*3", "/3", "*5", "(3,8)", "@3", "*1.5"])).map("".join),
    ),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("text", "columns"),
    [("a b", 32), ("a b c", 33), ("a b c d e", 30), ("a*7", 35), ("a*24", 24), ("a*48", 48), ("a*1000", 64)],
)
def test_columns_follow_the_rhythm(text: str, columns: int) -> None:
    """Where it can be, each begin and end falls on a column of its own."""
    assert columns_of(score_of(reify(text))) == columns


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.integers(1, 5), st.integers(-3, 3))
def test_each_onset_is_drawn_and_listed(text: str, cycles: int, begin: int) -> None:
    """As many heads as haps that begin, no line too long, each hap with its exact times."""
    pattern = reify(text)
    said = N["mini"](text).explain(cycles, begin=begin)
    haps = pattern.haps(begin, begin + cycles)
    if len(score_of(pattern, cycles, begin=begin).lanes) == 0:
        assert "silence" in said
        return
    if "≡" not in said and len(haps) <= 48:
        assert said.count("■") == sum(hap.has_onset for hap in haps)
    for hap in haps[:48]:
        assert hap.whole is not None
        assert f"{hap.whole.begin} -> {hap.whole.end}" in said
    assert all(len(line) <= LINE + 30 for line in said.splitlines() if "│" in line)


def test_explain_names_places_and_cuts() -> None:
    """Line and column in the musician's file; what is cut says which part is seen."""
    text = Literal("c3 <e3 g3>", "evening.py", 4, 12)
    said = str(N["note"](text).late(Fraction(1, 8)).explain())
    assert "-3/8 -> 1/8 (cut: 0 -> 1/8)  note=g3  evening.py:4:19" in said
    assert "1/8 -> 5/8                   note=c3  evening.py:4:12" in said
    assert "1 cycle from 0; 2 steps a cycle; repeats every 2 cycles" in said


def test_explain_says_what_a_pattern_follows() -> None:
    """Live inputs by name."""
    assert "; follows moon, sun" in N["s"]("bd").cutoff(knob("sun")).pan(knob("moon")).explain()


def test_explain_is_bounded() -> None:
    """What is left out is counted; a pattern that cannot be asked says why."""
    said = N["mini"]("a*5000").explain()
    assert "… and 4952 more" in said
    assert "≡ several begin within this column" in said
    assert len(said) < 4000
    assert "! this pattern is too dense" in N["s"]("bd*100000000").explain()
    assert "… 10000 more events are not drawn" in repr(N["mini"]("a*20000"))
    assert "… and 19952 more" in N["mini"]("a*20000").explain()
    many = N["mini"]("0 .. 99").explain()
    assert "… │ 76 more" in many
    assert "! no note is called 'h'" in N["note"]("c h").explain()


def test_a_drawing_shows_itself_as_it_is() -> None:
    """At the prompt its lines are lines."""
    drawing = N["s"]("bd sd").explain()
    assert repr(drawing) == str(drawing)
    assert "\n" in drawing


def test_a_continuous_control_is_a_curve() -> None:
    """With the control's name and its range; a signal that is no number is named."""
    assert "gain 0…1 │" in N["gain"](N["sine"]).explain()
    assert "s=bd" not in N["gain"](N["sine"]).explain()
    assert "continuous" in N["signal"](lambda t: "x").explain()  # pyright: ignore[reportUnknownLambdaType] - of a name in a dict


@pytest.mark.parametrize(
    "wrong", [{"cycles": 1.5}, {"cycles": "2"}, {"begin": 0.25}, {"begin": float("nan")}]
)
def test_cycles_are_whole_numbers(wrong: dict[str, Any]) -> None:
    """The message names what was found."""
    with pytest.raises(TypeError, match=r"must be a whole number, found"):
        N["s"]("bd").explain(**wrong)


@pytest.mark.parametrize(
    "value",
    ["\x00\x07<&>\n\ud800", float("nan"), None, {"s": "bd", "gain": float("inf")}, 10**9000],
    ids=range(5),
)
def test_strange_values_break_nothing(value: object) -> None:
    """Nothing that cannot be seen comes into a drawing or a picture."""
    pattern = N["pure"](value)
    assert len(str(pattern.explain()).splitlines()) == 4
    assert parsed(pattern.svg(title="a\x00b")).tag == f"{SVG}svg"


def parsed(text: str) -> ET.Element:
    """The tree of a picture."""
    return ET.fromstring(text)


@pytest.mark.parametrize(
    "pattern",
    [
        N["s"]("bd*2, ~ <cp sd>, hh*8?"),
        N["note"]("c2 <eb2 g2> [~ bb1]").late(0.1),
        N["stack"](N["s"]("bd").gain(N["sine"]), N["sine"]),
        N["silence"],
        N["s"]("bd*100000000"),
        N["mini"]("0 .. 99"),
        N["note"]("c3 h"),
        N["mini"]("a*9000"),
    ],
)
@pytest.mark.parametrize("cycles", [1, 3])
def test_a_picture_is_whole(pattern: Pattern, cycles: int) -> None:
    """It is XML with a title and a description, nothing from elsewhere, nothing outside, always the same."""
    text = str(pattern.svg(cycles, title='<"&>'))
    assert text == pattern.svg(cycles, title='<"&>')
    tree = parsed(text)
    width, height = (float(part) for part in tree.attrib["viewBox"].split()[2:])
    assert tree.findtext(f"{SVG}title") == '<"&>'
    assert tree.findtext(f"{SVG}desc")
    assert "href" not in text
    assert "<style" not in text
    for box in tree.iter(f"{SVG}rect"):
        at, wide = float(box.attrib["x"]), float(box.attrib["width"])
        assert at >= 0
        assert at + wide <= width
        assert 0 <= float(box.attrib["y"]) < height
    assert len(text) < 500_000


def test_a_picture_tells_strength_and_what_began_before() -> None:
    """Loud is dense; a hap that began before has a dashed frame; the words say where things begin."""
    text = N["s"]("bd sd").velocity("1 .2").svg()
    shades = [float(box.attrib["fill-opacity"]) for box in parsed(text).iter(f"{SVG}rect")][1:]
    assert shades == [0.75, 0.31]
    assert "stroke-dasharray" not in text
    assert "stroke-dasharray" in N["s"]("bd").late(0.5).svg()
    assert "bd at 0; sd at 1/2" in text
    assert "bd at 4, 5" in N["s"]("bd").svg(2, begin=4)


def test_higher_notes_stand_higher() -> None:
    """Larger intervals lie further apart."""
    tree = parsed(N["note"]("c3 c#3 g3").svg())
    found = [element for element in tree.iter(f"{SVG}text") if element.attrib.get("text-anchor") == "end"]
    places = {element.text: float(element.attrib["y"]) for element in found}
    assert places["g3"] < places["c#3"] < places["c3"]
    assert places["c#3"] - places["g3"] > places["c3"] - places["c#3"]
