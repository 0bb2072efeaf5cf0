"""Trying pieces before they are heard: near and far cycles, as their sinks take them, with a short report."""

import pytest

from bridge.targets import OscTarget
from bridge.watchman import Watchman
from plugin_host.specs import Chain
from repl.errors import LoadError
from repl.loader import load_piece
from repl.rehearsal import SHOWN, rehearse
from repl.session import place_name


def rehearsed(source: str, *, cycle: float = 0.0, watchman: Watchman | None = None) -> list[object]:
    """Load and try a piece; gives its targets."""
    loaded = load_piece(source, "a.py")
    layers = {place_name("a.py", name): layer for name, layer in loaded.layers.items()}
    limit = watchman.limit if watchman is not None else None
    return list(rehearse(layers, "a.py", source, cycle=cycle, cps=0.5, seed=0, limit=limit))


def refusal(source: str, *, cycle: float = 0.0, watchman: Watchman | None = None) -> str:
    """What is said about a piece that fails."""
    with pytest.raises(LoadError) as caught:
        rehearsed(source, cycle=cycle, watchman=watchman)
    return caught.value.block


@pytest.mark.parametrize("cycle", [-3.5, 0.0, 17.25, 1e6])
def test_a_good_piece_passes_at_any_time(cycle: float) -> None:
    """And tells where its events go."""
    targets = rehearsed('a = play(s("bd hh"))\nb = play(note("c3"), on=osc(9000))', cycle=cycle)
    assert {type(t) for t in targets} == {Chain, OscTarget}
    assert rehearsed("x = 1") == []
    assert rehearsed("a = play(silence)") == []
    # What begins to play later has its instrument ready, too.
    assert {type(t) for t in rehearsed("a = play(silence, on=osc(9000))")} == {OscTarget}


BAD = {
    "a note that does not exist": ('x = play(note("c3 hx3 e3"))', ["a.py:1:19:", "hx3", "^^^"]),
    "only every other time": ('x = play(note("<c3 hx3>"))', ["a.py:1:20:", "hx3"]),
    "a continuous signal": ("y = 1\nx = play(note(sine))", ["a.py:2", ".segment("]),
    "values that say nothing": ('x = play("bd sd")', ["a.py:1:11:", "says nothing to an instrument"]),
    "a control that is no number": ('x = play(s("bd").gain("loud"))', ["a.py:1:", "loud"]),
    "an exception": ("x = play(note('c3').with_value(lambda v: v / 0))", ["a.py:1:", "unsupported operand"]),
    "in every fourth cycle": (
        "def f(t):\n  return 1 / ((t // 1) % 4 - 3)\nx = play(note(signal(f).segment(1)))",
        ["a.py:2:10: float division by zero"],
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_played_is_refused(case: str) -> None:
    """With its place, before anything of it is heard."""
    source, said = BAD[case]
    text = refusal(source, cycle=1.0)
    for part in said:
        assert part in text


def test_far_cycles_are_tried() -> None:
    """What fails only after a minute would else fail on stage."""
    source = "def f(t):\n  return 1 / (t < 90)\nx = play(note(signal(f).segment(1)))"
    assert "division by zero" in refusal(source)


def test_an_endless_query_is_interrupted() -> None:
    """By the limit that is given, for each query."""
    source = "def f(t):\n  while True: pass\nx = play(note(signal(f).segment(1)))"
    text = refusal(source, watchman=Watchman("watch over a test"))
    assert text.startswith("a.py:3: one query took longer than 80 ms")


def test_reports_are_bounded() -> None:
    """A few errors in full, the rest as a number; the same one is shown once."""
    names = " ".join(f"hx{n}" for n in range(12))
    text = refusal(f'x = play(note("{names}"))')
    assert text.count("a.py:1:") == SHOWN
    assert text.endswith("(and 8 more)")
    assert refusal('x = play(note("hx3*64"))').count("a.py:1:") == 1


def test_a_problem_without_a_place_gets_that_of_its_play() -> None:
    """So that at least the line is known."""
    text = refusal("v = 1\nx = play(note(sine))")
    assert text.splitlines()[1].strip().startswith("2 | x = play")


def test_values_that_say_nothing_are_one_error_a_layer() -> None:
    """Of `play("c e g")` one value is shown, and not the same sentence for each."""
    assert refusal('x = play("c e g")').count("says nothing") == 1
    assert refusal('x = play("<c e g a b>*3")').splitlines()[0].startswith("a.py:1:")
    assert refusal('x = play("<c e g a b>*3")').count("says nothing") == 1
    assert refusal('x = play("c e g")\ny = play("c e g")').count("says nothing") == 2
    assert refusal('x = play("c e")\ny = play(note("c3 hx3"))').count("hx3") >= 1
