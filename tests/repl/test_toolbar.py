"""The status bar: what it says, what gives way first, and that it never grows too wide."""

from hypothesis import given
from hypothesis import strategies as st

from repl.toolbar import Shown, Status, bar, text

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
    midi="JACK: Sempre",
    audio="jack at 48000 Hz",
    playing=True,
)


def test_everything_where_there_is_room() -> None:
    """In the order in which it matters on stage."""
    assert text(bar(FULL, 200)) == (
        " cycle 12.3  bpm 112  drums[mute]  bass[solo]  keys  late 3  dropped 1  load 50%"
        "  midi: JACK: Sempre  audio: jack at 48000 …"
    )


def test_ports_give_way_before_layers() -> None:
    """Then layers are counted; what is late is always there."""
    assert text(bar(FULL, 96)).endswith("load 50%")
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


def test_a_text_that_names_itself_is_not_named_twice() -> None:
    """The processes say "MIDI: ..." and "audio: ..."."""
    assert text(bar(Status(midi="MIDI: none"), 80)).endswith("no layers  MIDI: none")


def test_without_an_engine() -> None:
    """It says what is the matter."""
    assert text(bar(None, 80, "the engine starts")) == " the engine starts"


ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["cycle", "bpm", "layers", "late", "dropped", "load", "midi", "audio", "playing"]
LAYER = st.fixed_dictionaries({"name": ANY, "muted": ANY, "solo": ANY, "sounding": ANY})


@given(
    st.dictionaries(st.sampled_from(FIELDS), ANY)
    | st.fixed_dictionaries({"layers": st.lists(LAYER, max_size=9)}),
    st.integers(0, 300),
)
def test_any_report_fits_any_width(message: dict[str, object], width: int) -> None:
    """One line of at most so many characters, whatever the engine says."""
    shown = text(bar(Status.read(message), width))
    assert len(shown) <= width
    assert "\n" not in shown
