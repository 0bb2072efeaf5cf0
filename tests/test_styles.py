"""The styles in examples/styles: endless, as they declare themselves, told apart, changed by their knobs."""

import re
from collections.abc import Callable, Sequence
from functools import cache
from itertools import combinations
from typing import cast

import pytest

from patterns.measures.heard import pitch_classes
from plugin_host.instrument_table import INSTRUMENTS
from plugin_host.specs import Chain
from repl.rehearsal import rehearse
from repl.session import place_name
from tests.bench.bench_styles import (
    ENOUGH,
    FAR,
    FOLDER,
    STYLES,
    WINDOW,
    Played,
    drifts,
    load,
    measures,
    outside,
    play,
    returns,
    windows,
)

MINUTES = 10
"""Of each style with its knobs in the middle."""
BARS = 16
"""Of each with a knob turned."""
KNOBS = ("energy", "mood")
MIDDLE: dict[str, float] = {"energy": 0.5, "mood": 0.5}
ENERGY = {
    "ambient": [
        ("more bells", "notes", "rain"),
        ("more answers", "notes", "calls"),
        ("waves", "strength", "waves"),
    ],
    "choir": [
        ("echoes on the half beats", "half beats", "turns"),
        ("the strings join", "notes", "strings"),
    ],
    "drum_and_bass": [
        ("chopped breaks", "notes", "ghosts"),
        ("rolls", "notes", "rides"),
        ("a busier bass", "notes", "bass"),
    ],
    "house": [
        ("more players", "players", ""),
        ("busier hats", "notes", "hats ticks"),
        ("a higher bass", "pitch", "bass"),
    ],
    "jazz_trio": [
        ("the solo runs", "notes", "right"),
        ("comping", "notes", "comp"),
        ("kicks get busy", "notes", "kick"),
    ],
    "lo_fi": [
        ("fuller drums", "notes", "kicks snare hats"),
        ("more of the tune", "notes", "tune"),
    ],
    "minimalism": [("marimbas fill the gaps", "notes", "third")],
    "techno": [
        ("denser machines", "notes", "shake rims tom line"),
    ],
}
"""What the first lines of a style say that energy does: the words, what is measured, of which layers."""

each_style = pytest.mark.parametrize("style", STYLES)


@cache
def played(style: str, energy: float = 0.5, mood: float = 0.5) -> Played:
    """Some bars of a style with its knobs at two positions; played once for all tests."""
    return play(style, BARS, {"energy": energy, "mood": mood})


def first_lines(style: str) -> list[str]:
    """What a style says of itself."""
    lines = (FOLDER / f"{style}.py").read_text(encoding="utf-8").splitlines()
    return [line for line in lines[:3] if line.startswith("# ")]


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


def notes_of(one: Played, layers: Sequence[str]) -> int:
    """How many notes some layers play."""
    return sum(event.layer in layers for event in one.events)


def half_beats_of(one: Played, layers: Sequence[str]) -> int:
    """How many of them are in the middle of a beat."""
    return sum(event.layer in layers and abs(event.at * one.beats % 1 - 0.5) < 0.02 for event in one.events)


def strength_of(one: Played, layers: Sequence[str]) -> float:
    """How loud they are, on average."""
    found = [event.note.velocity for event in one.events if event.layer in layers]
    return sum(found) / len(found)


def pitch_of(one: Played, layers: Sequence[str]) -> float:
    """How high they are, on average."""
    found = [event.note.pitch or 0 for event in one.events if event.layer in layers]
    return sum(found) / len(found)


def players_in(one: Played, _layers: Sequence[str]) -> float:
    """How many layers begin something in a bar, on average."""
    return len({(int(event.at + 0.01), event.layer) for event in one.events}) / one.bars


HEARD: dict[str, Callable[[Played, Sequence[str]], float]] = {
    "notes": notes_of,
    "half beats": half_beats_of,
    "strength": strength_of,
    "pitch": pitch_of,
    "players": players_in,
}
MORE = {"notes": 1.1, "half beats": 1.1, "strength": 1.1, "pitch": 1.005, "players": 1.02}
"""So many times as much, at least; of a pitch in the bass that is a quarter of a tone."""


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


@pytest.mark.timeout(120)  # 4 to 9 s of the processor, and others may run beside it
@each_style
def test_ten_minutes(style: str) -> None:
    """With the knobs in the middle: no four bars come back, it is of its own kind, does not drift, plays all.

    A shorter run writes down the same bytes. One test, for it is the playing that takes its time.
    """
    piece = load(style)
    assert piece.tempo is not None
    one = play(style, int(MINUTES * 60 * piece.tempo.cps), MIDDLE)
    assert not one.troubles
    assert not returns(one)
    rows = [windows(one, BARS)[0], *windows(one, WINDOW)]
    assert outside(rows, one.declared) == []
    for other in STYLES:
        if other != style:
            assert all(outside([row], {"RANGES": ranges_of(other)}) for row in rows), f"as {other}"
    stretches = windows(one, one.bars // (3 * ENOUGH))
    far = drifts(stretches)
    assert len(stretches) >= 3 * ENOUGH
    assert all(abs(found) <= FAR for found in far.values()), far
    assert {event.layer for event in one.events} == set(piece.layers)
    assert (short := play(style, 4, MIDDLE).text)
    assert one.text.startswith(short)


@each_style
def test_at_both_ends_of_both_knobs(style: str) -> None:
    """No four bars come back, it is of its own kind; from end to end it changes.

    At least a fifth more notes; a tenth of the time other pitch classes.
    """
    low, high = played(style, 0, 0), played(style, 1, 1)
    for one in (low, high):
        assert not one.troubles
        assert not returns(one)
        rows = windows(one, BARS)
        assert outside(rows, one.declared) == []
        for other in STYLES:
            if other != style:
                assert all(outside([row], {"RANGES": ranges_of(other)}) for row in rows), f"as {other}"
    assert density(high) > 1.2 * density(low)
    assert sum(abs(a - b) for a, b in zip(shares(high), shares(low), strict=True)) > 0.2


def test_what_leaves_its_range_or_drifts_is_found() -> None:
    """A check that finds nothing would prove nothing."""
    rows = [{"density": 5.0 + place} for place in range(6)]
    assert outside(rows, {"RANGES": {"density": (5, 9)}}) == ["stretch 5: density 10.00 is not in 5 to 9"]
    assert drifts(rows)["density"] > 2
    assert abs(drifts([*rows, *reversed(rows)])["density"]) < 1e-9


@each_style
def test_every_layer_plays_an_instrument_that_is_built_in(style: str) -> None:
    """Nothing has to be installed."""
    for name, layer in load(style).layers.items():
        assert isinstance(layer.target, Chain), name
        assert layer.target.instrument.kind == "builtin", name
        assert layer.target.instrument.name in INSTRUMENTS, name


@each_style
def test_energy_alone_does_what_the_first_lines_say(style: str) -> None:
    """All that they say of it, from the middle to .9; the mode stays."""
    said = next(line for line in first_lines(style) if 'turn("energy", ' in line)
    claims = [words for words, _, _ in ENERGY[style]]
    assert re.split(", and |, | and ", said.partition(": ")[2].rstrip(".")) == claims
    middle, turned = played(style), played(style, 0.9)
    for words, what, layers in ENERGY[style]:
        before, after = (HEARD[what](one, layers.split()) for one in (middle, turned))
        assert after > MORE[what] * before, f"{words}: {before} {after}"
    classes = {round(e.note.pitch) % 12 for e in (*middle.events, *turned.events) if e.note.pitch is not None}
    assert len(classes) <= (12 if style == "jazz_trio" else 7)


@each_style
def test_mood_alone_changes_the_notes(style: str) -> None:
    """And hardly their number."""
    bright, middle = played(style, 0.5, 1), played(style)
    assert {event.what for event in middle.events} != {event.what for event in bright.events}
    assert len(bright.events) == pytest.approx(len(middle.events), rel=0.15)


@each_style
def test_another_seed_plays_other_bytes(style: str) -> None:
    """The same one plays the same, see above."""
    assert play(style, 4, MIDDLE, seed=1).text != play(style, 4, MIDDLE).text


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
