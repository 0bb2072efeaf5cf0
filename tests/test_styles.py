"""The styles in examples/styles: endless, as they declare themselves, told apart, changed by their knobs."""

from functools import cache
from itertools import combinations
from typing import cast

import pytest

from patterns.measures.heard import pitch_classes
from repl.rehearsal import rehearse
from repl.session import place_name
from tests.bench.bench_styles import (
    FOLDER,
    STYLES,
    Played,
    drifts,
    load,
    measures,
    outside,
    play,
    returns,
    windows,
)

BARS = 16
"""Of each style with its knobs in the middle."""
ENDS = 16
"""With both of them at an end."""
KNOBS = ("energy", "mood")

each_style = pytest.mark.parametrize("style", STYLES)


@cache
def played(style: str, energy: float = 0.5, mood: float = 0.5, bars: int = BARS) -> Played:
    """A style with its knobs at two positions; played once for all tests."""
    return play(style, bars, {"energy": energy, "mood": mood})


def ranges_of(style: str) -> dict[str, tuple[float, float]]:
    """What it declares of its measures."""
    return cast("dict[str, tuple[float, float]]", load(style).names["RANGES"])


def density(one: Played) -> float:
    """Notes in a bar."""
    return len(one.events) / one.bars


def shares(one: Played) -> list[float]:
    """Of the time in which something with a pitch sounds, that of each pitch class."""
    sums = pitch_classes(event.note for event in one.events)
    return [each / sum(sums) for each in sums]


def test_there_are_eight_styles() -> None:
    """A choir sings the chorale."""
    named = {"ambient", "house", "techno", "drum_and_bass", "lo_fi", "minimalism", "jazz_trio", "choir"}
    assert named <= set(STYLES)


@each_style
def test_a_style_declares_itself_on_a_page(style: str) -> None:
    """A page of text; what it says of tempo and ostinato layers is so; it has the two knobs."""
    lines = (FOLDER / f"{style}.py").read_text(encoding="utf-8").splitlines()
    assert len(lines) <= 80
    assert max(map(len, lines)) <= 110
    assert lines[0].startswith("# ")
    assert all(f'turn("{knob}"' in "\n".join(lines[1:3]) for knob in KNOBS)
    piece = load(style)
    low, high = cast("tuple[float, float]", piece.names["TEMPO"])
    assert piece.tempo is not None
    assert piece.tempo.bpm is not None
    assert low <= piece.tempo.bpm <= high
    assert {name for layer in piece.layers.values() for name in layer.pattern.reads} >= {*KNOBS}


@each_style
def test_a_style_passes_its_rehearsal(style: str) -> None:
    """As when a musician saves it."""
    piece = load(style)
    assert piece.tempo is not None
    places = {place_name(piece.file, name): layer for name, layer in piece.layers.items()}
    rehearse(places, piece.file, piece.source, cycle=0, cps=float(piece.tempo.cps), seed=piece.seed or 0)


@each_style
def test_no_four_bars_come_back(style: str) -> None:
    """With the knobs in the middle and at both ends; ostinato layers and dynamics do not count."""
    for one in (played(style), played(style, 0, 0, ENDS), played(style, 1, 1, ENDS)):
        assert not one.troubles
        assert not returns(one)


@each_style
def test_a_style_stays_within_what_it_declares(style: str) -> None:
    """Each 16 bars, at any setting of the knobs."""
    for one in (played(style), played(style, 0, 0, ENDS), played(style, 1, 1, ENDS)):
        assert outside(windows(one, 16), one.declared) == []


def test_what_leaves_its_range_or_drifts_is_found() -> None:
    """A check that finds nothing would prove nothing."""
    rows = [{"density": 5.0 + place} for place in range(6)]
    assert outside(rows, {"RANGES": {"density": (5, 9)}}) == ["stretch 5: density 10.00 is not in 5 to 9"]
    assert drifts(rows)["density"] > 2
    assert abs(drifts([*rows, *reversed(rows)])["density"]) < 1e-9


@each_style
def test_energy_makes_it_denser_and_mood_changes_its_notes(style: str) -> None:
    """From end to end: at least a fifth more notes; a tenth of the time other pitch classes."""
    low, high = played(style, 0, 0, ENDS), played(style, 1, 1, ENDS)
    assert density(high) > 1.2 * density(low)
    assert sum(abs(a - b) for a, b in zip(shares(high), shares(low), strict=True)) > 0.2


@each_style
def test_each_knob_does_its_own(style: str) -> None:
    """Mood alone changes the notes and hardly their number; energy alone leaves the mode as it is."""
    bright = played(style, 0.5, 1, bars=8)
    middle = [event for event in played(style).events if event.at < bright.bars]
    assert {event.what for event in middle} != {event.what for event in bright.events}
    assert len(bright.events) == pytest.approx(len(middle), rel=0.15)


@each_style
def test_the_same_seed_plays_the_same_bytes(style: str) -> None:
    """Another seed does not."""
    settings = {"energy": 0.5, "mood": 0.5}
    assert (text := play(style, 4, settings).text) == play(style, 4, settings).text
    assert play(style, 4, settings, seed=1).text != text


def test_styles_are_told_apart_by_what_they_declare() -> None:
    """For each two there is a measure that has no value in common: whatever the knobs say, they differ."""
    ranges = {style: ranges_of(style) for style in STYLES}
    for (first, a), (other, b) in combinations(ranges.items(), 2):
        apart = [name for name in a if a[name][1] < b[name][0] or b[name][1] < a[name][0]]
        assert apart, f"{first} and {other}"


def test_the_page_says_what_they_declare() -> None:
    """docs/styles.md: a row for each measure, shares in percent."""
    page = (FOLDER.parents[1] / "docs" / "styles.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines() if "|" in line]
    head = next(row for row in rows if row[0].startswith("it measures"))
    columns = [name.lower().replace(" ", "_").replace("-", "_") for name in head[1:]]
    assert sorted(columns) == STYLES
    for row in rows:
        name = row[0].partition("`")[2].partition("`")[0]
        if row[0].startswith("`"):
            scale = 100 if "%" in row[0] else 1
            ends = [[f"{scale * end:.4g}" for end in ranges_of(style)[name]] for style in columns]
            assert row[1:] == [low if low == high else f"{low}…{high}" for low, high in ends]


@each_style
def test_what_is_played_is_of_no_other_style(style: str) -> None:
    """It leaves the ranges of each of them, in each stretch; a range that takes all would say nothing."""
    for one in (played(style), played(style, 0, 0, ENDS), played(style, 1, 1, ENDS)):
        for other in STYLES:
            if other != style:
                ranges = {"RANGES": ranges_of(other)}
                assert all(outside([row], ranges) for row in windows(one, 16)), f"{style} as {other}"


def test_styles_are_told_apart_at_first_hearing() -> None:
    """By notes in a second, share of drums, pitch, length: each pair differs plainly in one of them."""
    rows: dict[str, tuple[float, ...]] = {}
    for style in STYLES:
        tempo = load(style).tempo
        assert tempo is not None
        one = played(style)
        found = measures([event.note for event in one.events], one.bars)
        lengths = sorted(event.note.duration / float(tempo.cps) for event in one.events)
        rows[style] = (
            found["density"] * float(tempo.cps) / 5,  # notes a second
            found["drums"] / 0.15,
            found["pitch"] / 4,
            lengths[len(lengths) // 2] / 0.5,  # seconds
        )
    for (first, a), (other, b) in combinations(rows.items(), 2):
        assert max(abs(x - y) for x, y in zip(a, b, strict=True)) > 1, f"{first} and {other}"
