"""The status bar: what it says, what gives way first, and that it never grows too wide."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repl.toolbar import Shown, Status, bar, cells, text

FULL = Status(
    cycle=12.38,
    bpm=112.0,
    layers=(
        Shown("drums", muted=True, sounding=False),
        Shown("bass", solo=True),
        Shown("keys", sounding=False),
    ),
    late=3,
    dropped=1,
    load=0.5,
    cpu=0.07,
    midi="JACK: Sempre",
    audio="jack at 48000 Hz",
    playing=True,
)


def test_everything_where_there_is_room() -> None:
    """In the order in which it matters on stage."""
    assert text(bar(FULL, 200)) == (
        " cycle 12.3  bpm 112  drums[mute]  bass[solo]  keys  late 3  dropped 1  load 50%  cpu 7%"
        "  midi: JACK: Sempre  audio: jack at 48000 …"
    )


def test_ports_give_way_before_layers() -> None:
    """Then layers are counted; what is late is always there."""
    assert text(bar(FULL, 96)).endswith("load 50%  cpu 7%")
    narrow = text(bar(FULL, 72))
    assert "drums[mute]  +2" in narrow
    assert "late 3" in narrow


def test_trouble_is_marked() -> None:
    """By style, so that it is seen from afar."""
    styles = {piece.strip(): style for style, piece in bar(FULL, 200)}
    assert styles["late 3"] == "class:bar.warn"
    assert styles["load 50%"] == "class:bar"
    assert styles["drums[mute]"] == "class:bar.dim"
    assert styles["bass[solo]"] == "class:bar.on"
    hot = Status(load=0.9, audio="jack", playing=True)
    assert ("class:bar.warn", "  load 90%") in bar(hot, 80)
    assert ("class:bar.dim", "  late 0") in bar(hot, 80)


def test_a_plugin_that_is_left_alone_is_marked() -> None:
    """By name where there is room, and longer than most; one that only failed once is well again."""
    failed = {
        "'Probe' of the layer 'bass'": {"failures": 3, "left_alone": True},
        "'Probe' of the layer 'keys'": {"failures": 1, "left_alone": False},
    }
    status = Status.read({"plugins": failed, "bpm": 112, "late": 3})
    said = "1 plugin off: 'Probe' of the layer 'bass'"
    assert ("class:bar.warn", f"  {said}") in bar(status, 100)
    assert text(bar(status, 45)).endswith("late 3  1 plugin off")  # their number alone
    assert Status.read({"plugins": ["x"]}).off == ()
    assert Status.read({"plugins": {"x": 3}}).off == ()


def test_a_text_that_names_itself_is_not_named_twice() -> None:
    """The processes say "MIDI: ..." and "audio: ..."."""
    assert text(bar(Status(midi="MIDI: none"), 80)).endswith("no layers  MIDI: none")


def test_small_meters() -> None:
    """Where a level is known, 6 dB a step; of what nobody hears there is none."""
    levels = {
        "layers": {
            "drums": {"peak": 0.4},
            "bass": {"peak": -47.9},
            "pad": {"peak": -200.0},
            "off": {"peak": -3.0},
        }
    }
    rows = [{"name": name} for name in ("drums", "bass", "pad", "midi")] + [{"name": "off", "muted": True}]
    status = Status.read({"op": "status", "layers": rows, "levels": levels, "playing": True})
    shown = bar(status, 120)
    assert "drums█  bass▁  pad▁  midi  off[mute]" in text(shown)
    assert ("class:bar.warn", "█") in shown
    assert "drums  bass  pad  midi  off[mute]" in text(bar(status, 120, meters=False))


def test_who_plays_along_is_counted_where_it_is_narrow() -> None:
    """Of the state of Link the number of peers stays longest."""
    status = Status(followed="link locked, 2 peers", bpm=120.0, playing=True, layers=CROWD.layers)
    assert " link locked, 2 peers  drums" in text(bar(status, 100))
    assert " link 2 peers  " in text(bar(status, 48))


def test_without_an_engine() -> None:
    """It says what is the matter."""
    assert text(bar(None, 80, "the engine starts")) == " the engine starts"


CROWD = Status(
    cycle=1234.56,
    bpm=112.5,
    layers=tuple(Shown(name) for name in ("drums", "bass", "chords", "lead", "night_ferry_bells", "pad")),
    late=12,
    latest="night_ferry_bells",
    dropped=3,
    load=0.34,
    midi="MIDI: JACK, our port Sempre",
    audio="audio: JACK at 48000 Hz",
    playing=True,
    followed="midi:Digitakt locked 120.01",
)


def test_the_line_of_a_whole_set_on_eighty_columns() -> None:
    """What is wrong is there in full; nothing is cut in the middle of a word."""
    assert text(bar(CROWD, 80)) == (
        " cycle 1234.5  bpm 112.5 midi:Digitakt…  drums  bass  +4  late 12  dropped 3"
    )
    well = text(bar(replace(CROWD, late=0, dropped=0, followed=""), 80))
    assert well == " cycle 1234.5  bpm 112.5  drums  bass  chords  lead  +2  late 0  load 34%"


@pytest.mark.parametrize("width", range(30, 140))
def test_what_is_wrong_stays_while_anything_else_can_give_way(width: int) -> None:
    """Whole words at every width, and the trouble among them."""
    hot = replace(CROWD, load=0.93, dropped=0)
    said = [piece.strip() for _, piece in bar(hot, width)]
    assert "late 12" in said or "late 12 (night_ferry_b…)" in said
    assert width < 50 or "load 93%" in said
    whole = [piece.strip() for _, piece in bar(hot, 400)]
    short = {
        "late 12",
        "1234.5",
        "midi:Digitakt…",
        "midi:Digitakt locked …",
        "+1",
        "+2",
        "+3",
        "+4",
        "+5",
        "6 layers",
    }
    assert set(said) - set(whole) <= short


def test_wide_characters_take_two_columns() -> None:
    """A layer may be called anything."""
    layers = tuple(Shown(f"鼓{'鼓' * number}") for number in range(9))
    for width in range(20, 90):
        assert cells(text(bar(Status(layers=layers, playing=True), width))) <= width


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["cycle", "bpm", "layers", "levels", "late", "dropped", "load", "cpu", "midi", "audio", "playing"]
LAYER = st.fixed_dictionaries({"name": ANY, "muted": ANY, "solo": ANY, "sounding": ANY})


@given(
    st.dictionaries(st.sampled_from(FIELDS), ANY)
    | st.fixed_dictionaries({"layers": st.lists(LAYER, max_size=9)}),
    st.integers(0, 300),
)
def test_any_report_fits_any_width(message: dict[str, object], width: int) -> None:
    """One line of at most so many characters, whatever the engine says."""
    shown = text(bar(Status.read(message), width))
    assert cells(shown) <= width
    assert "\n" not in shown
