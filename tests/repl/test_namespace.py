"""What a piece can say, and what is said about nonsense."""

import builtins
from fractions import Fraction

import pytest

from bridge.targets import MidiTarget
from patterns.errors import MiniSyntaxError
from repl.errors import LoadError
from repl.loader import Loaded, load_piece
from repl.namespace import Collector, piece_namespace


def load(source: str) -> Loaded:
    """Read a piece."""
    return load_piece(source, "a.py")


def test_a_piece_sees_what_makes_music_and_nothing_of_python_is_hidden() -> None:
    """The registry's functions, the constructors, the session's verbs; no builtin is covered."""
    space = piece_namespace(Collector())
    wanted = {"s", "note", "chord", "sine", "midi", "osc", "superdirt", "instrument", "sampler", "fx", "knob"}
    assert wanted | {"play", "once", "tempo", "reseed", "mini"} <= space.keys()
    covered = {name for name in space if not name.startswith("_") and hasattr(builtins, name)}
    assert not covered
    assert "panic" not in space


NONSENSE = {
    "play(3)": "TypeError: play takes a pattern",
    "x = play(3)": "(got 3)",
    "x = play(None)": "(got None)",
    "x = play([1] * 1000)": "…)",
    "x = play(s('bd'), on='Ableton')": "on= takes an instrument, midi(...) or osc(...) (got 'Ableton')",
    "x = play(s('bd'), on=fx.reverb())": "on= takes an instrument",
    "x = play(s('bd'), quantum=-1)": "quantum is in cycles, 0 to 65536 (got -1)",
    "x = play(s('bd'), quantum=1e300)": "quantum is in cycles",
    "x = play(s('bd'), quantum='soon')": "(got 'soon')",
    "x = play(s('bd'), quantum=float('nan'))": "(got nan)",
    "x = play(s('bd'), quantum=float('inf'))": "(got inf)",
    "x = play(s('bd'), name=5)": "name= takes text (got 5)",
    "x = play(s('bd'), name='')": "one line of text without a colon (got '')",
    "x = play(s('bd'), name='a:b')": "without a colon (got 'a:b')",
    "x = play(s('bd'), name='a\\nb')": "one line of text",
    "once(7)": "once takes a pattern",
    "tempo('fast')": "TypeError: tempo: bpm must be a number, as in tempo(112) (got 'fast')",
    "tempo('112')": "(got '112')",
    "tempo(None)": "(got None)",
    "tempo([120])": "(got [120])",
    "tempo(0)": "bpm must be 0.1 to 1000 (got 0.0)",
    "tempo(-5)": "(got -5.0)",
    "tempo(1e9)": "(got 1000000000.0)",
    "tempo(10**400)": "bpm must be a number",
    "tempo(float('nan'))": "(got nan)",
    "tempo(120, 0)": "beats_per_cycle must be 0.25 to 1024 (got 0.0)",
    "tempo(120, 1e-9)": "beats_per_cycle must be",
    "tempo(120, 'four')": "beats_per_cycle must be a number",
    "tempo()": "tempo: bpm must be a number, as in tempo(112) (got None)",
    "tempo(cps='x')": "tempo: cps must be a number",
    "tempo(120, cps=.5)": "tempo: it takes bpm or cps, not both of them",
    "tempo(cps=100)": "bpm must be 0.1 to 1000 (got 24000.0): so many are cps=100",
    "reseed('x')": "the seed must be a whole number (got 'x')",
    "midi(channel=17)": "channel must be 1 to 16 (got 17)",
    "osc(99999)": "port must be 1 to 65535",
    "instrument('drms')": "drums",
    "knob(3)": "wants the name of an input first",
}


@pytest.mark.parametrize("source", NONSENSE)
def test_nonsense_is_named(source: str) -> None:
    """What, where, and the value that was given; never more than a few lines."""
    with pytest.raises(LoadError) as caught:
        load(source)
    text = caught.value.block
    assert text.startswith("a.py:1:")
    assert NONSENSE[source] in text
    assert len(text) < 400


def test_a_tempo_may_be_given_in_cycles() -> None:
    """As Tidal and Strudel count; a cycle has four beats, or as many as are given."""
    for source, wanted in {"tempo(cps=.5)": (120, 4), "tempo(cps=.5, beats_per_cycle=3)": (90, 3)}.items():
        request = load(source).tempo
        assert request is not None
        assert (request.bpm, request.beats_per_cycle) == wanted
        assert request.cps == 0.5


def test_play_takes_what_play_gave() -> None:
    """The pattern of another layer plays elsewhere, too."""
    layers = load('a = play(s("bd"))\nb = play(a, on=midi(channel=2))').layers
    assert layers["a"].pattern is layers["b"].pattern
    assert layers["b"].target == MidiTarget(channel=2)


@pytest.mark.parametrize(
    ("given", "cycles"),
    [
        ("4", 4),
        ("0", 0),
        ("0.25", Fraction(1, 4)),
        ("1/3", Fraction(1, 3)),
        ("None", 1),
        ("'3/2'", Fraction(3, 2)),
    ],
)
def test_a_quantum_is_a_number_of_cycles(given: str, cycles: Fraction) -> None:
    """A float is read as the nearest small fraction."""
    assert load(f'a = play(s("bd"), quantum={given})').layers["a"].quantum == cycles


@pytest.mark.parametrize("bpm", ["120", "Fraction(120)", "True * 120", "120.0"])
def test_a_tempo_may_be_any_number(bpm: str) -> None:
    """And becomes a float, which can be handed over."""
    request = load(f"from fractions import Fraction\ntempo({bpm})").tempo
    assert request is not None
    assert isinstance(request.bpm, float)
    assert request.cps == 0.5


def test_mini_notation_errors_keep_their_kind_inside_try() -> None:
    """A piece may catch them as any exception."""
    found = load("try:\n  note('[')\nexcept Exception as error:\n  kind = type(error)").names["kind"]
    assert found is MiniSyntaxError


def test_playing_shows_its_name() -> None:
    """At the prompt, a layer is shown by what it is called."""
    assert repr(load("a = play(s('bd'))").names["a"]) == "play(a)"


def test_layers_come_in_the_order_of_the_piece() -> None:
    """Also one whose name the language has already: binding it again does not move it in a dict."""
    loaded = load_piece('kick = play(s("bd"))\nvoice = play(note("c"))\nbass = play(note("c2"))\n', "a.py")
    assert [*loaded.layers] == ["kick", "voice", "bass"]
