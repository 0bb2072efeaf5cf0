"""What an instrument of ours does not read: said once a layer, in a line; not of what goes elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from bridge.targets import midi, osc, superdirt
from patterns.guide import TOUR
from patterns.ticks import TICKS
from plugin_host.specs import instrument, sampler
from repl.loader import load_piece
from repl.sinks import default_target
from repl.unplayed import Unplayed

EXAMPLES = Path(__file__).parents[2] / "examples"


def said(source: str) -> list[str]:
    """What is said of the first eight cycles of a piece."""
    unplayed = Unplayed()
    found = (
        unplayed(name, layer.target or default_target(hap.value), hap.value)
        for name, layer in load_piece(source, "a.py").layers.items()
        for hap in layer.pattern.answer(0, 8 * TICKS).haps
    )
    return [text for text in found if text]


SAID = {
    'x = play(note("c*8").lpenv(4))': "x: keys does not play lpenv; it plays lpf, ",
    'x = play(s("bd*8").bank("tr909"))': "x: drums does not play bank; it plays ",
    'x = play(s("saw").note("c").vowel("a").vib(4).fm(2))': "x: sawtooth does not play fm (fmi), vib, vow",
    'x = play(n("0 1 2"))': "x: keys does not play n; it plays note, ",
    'x = play(s("bd*4"), on=instrument("bass"))': "x: bass does not play s; it plays shape, ",
    'x = play(s("bd").vowel("a"), on=sampler("."))': "x: the sampler does not play vowel; ",
    'x = play(note("c d").cc(74, .5), on=instrument("pad"))': "x: pad does not play cc74; ",
}


@pytest.mark.parametrize("source", SAID)
def test_what_changes_nothing_is_said_once(source: str) -> None:
    """With the layer, the instrument, and what it reads, the most alike first."""
    (text,) = said(source)
    assert text.startswith(SAID[source])
    assert "\n" not in text


QUIET = [
    'x = play(note("c e").adsr(".1:.2:.5:.3").lpf(800).lpq(.3).room(.4).pan(sine), on=instrument("lead"))',
    'x = play(s("bd*4 hh*8").speed(2).cut(1).begin(.1).hpf(200).legato(.5).nudge(.01).crush(4).n("<0 1>"))',
    'x = play(s("saw sine sqr tri square").note("c e"))',
    'x = play(note("c").sustain(.5).color("red"))',
    'x = play(note("c").lpenv(4).vowel("a"), on=midi())',
    'x = play(s("bd").lpenv(4).vowel("a"), on=superdirt())',
    'x = play(s("bd").anything(4) if hasattr(s("bd"), "anything") else s("bd"), on=osc(9000))',
    'x = play(chord("<Cm9 Ab^7>").voicing())',
    'x = play(n("0 2 4").scale("C:minor"))',
]


@pytest.mark.parametrize("source", QUIET)
def test_what_is_read_is_not_spoken_of(source: str) -> None:
    """Neither what is meant for others."""
    assert said(source) == []


@pytest.mark.parametrize("example", sorted(path.name for path in EXAMPLES.glob("*.py")))
def test_the_examples_say_only_what_is_heard(example: str) -> None:
    """A beginner reads them first."""
    assert said((EXAMPLES / example).read_text()) == []


def test_the_tour_says_only_what_is_heard() -> None:
    """Of docs/patterns.md."""
    assert said(TOUR.strip("`").removeprefix("python\n")) == []


def test_each_control_of_a_layer_is_told_once() -> None:
    """A new one in a line of its own; another layer, and another instrument, anew."""
    unplayed, keys = Unplayed(), instrument("keys")
    assert "lpenv" in unplayed("a", keys, {"note": 1, "lpenv": 2})
    assert unplayed("a", keys, {"note": 1, "lpenv": 3}) == ""
    assert "play vib;" in unplayed("a", keys, {"lpenv": 2, "vib": 1})
    assert "a: pad" in unplayed("a", instrument("pad"), {"lpenv": 2})
    assert "b: keys" in unplayed("b", keys, {"lpenv": 2})
    assert "once: keys" in unplayed("once 1", keys, {"lpenv": 2})
    assert unplayed("once 2", keys, {"lpenv": 2}) == ""


def test_only_our_own_instruments_are_spoken_of() -> None:
    """A synthesizer at a port may know anything."""
    for target in (midi(), osc(9000), superdirt()):
        assert Unplayed()("a", target, {"lpenv": 2}) == ""
    assert Unplayed()("a", sampler("."), {"lpenv": 2})
