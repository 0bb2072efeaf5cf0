"""Names of places, routes and events that are the same in every process."""

import subprocess
import sys
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bridge.controls import ControlTimeline, Position
from bridge.layer import event_id, route_of, seed_of
from bridge.targets import midi, osc, superdirt

WHOLE = (Fraction(1, 3), Fraction(2, 3))
SAY = (
    "from fractions import Fraction\n"
    "from bridge.layer import event_id, route_of, seed_of\n"
    "from bridge.targets import midi\n"
    "e = event_id('lead', (Fraction(1, 3), Fraction(2, 3)), {'s': 'bd', 'n': 1}, midi().key, 0)\n"
    "print(e, route_of(midi().key), seed_of(7, 'lead'))\n"
)


def test_ids_routes_and_seeds_are_the_same_in_every_process() -> None:
    """Whatever seed Python hashes with."""
    out = subprocess.run([sys.executable, "-c", SAY], capture_output=True, check=True, timeout=20, text=True)
    ours = event_id("lead", WHOLE, {"n": 1, "s": "bd"}, midi().key, 0)
    assert [int(x) for x in out.stdout.split()] == [ours, route_of(midi().key), seed_of(7, "lead")]


def test_whatever_differs_gives_another_id() -> None:
    """Layer, whole, value, target, repetition; in 64 bits."""
    ids = [
        event_id("lead", WHOLE, {"s": "bd"}, "a", 0),
        event_id("bass", WHOLE, {"s": "bd"}, "a", 0),
        event_id("lead", (WHOLE[0], Fraction(1)), {"s": "bd"}, "a", 0),
        event_id("lead", (Fraction(0), WHOLE[1]), {"s": "bd"}, "a", 0),
        event_id("lead", WHOLE, {"s": "sd"}, "a", 0),
        event_id("lead", WHOLE, {"s": "bd"}, "b", 0),
        event_id("lead", WHOLE, {"s": "bd"}, "a", 1),
    ]
    assert len(set(ids)) == len(ids)
    assert all(0 <= i < 2**64 for i in ids)


def test_equal_targets_have_equal_keys_and_others_not() -> None:
    """Port, channel, latency, address: all of it."""
    keys = [
        midi().key,
        midi(channel=2).key,
        midi("x").key,
        midi(latency=0.1).key,
        osc(9000).key,
        osc(9001).key,
        osc(9000, "/b").key,
        superdirt().key,
    ]
    assert len(set(keys)) == len(keys)
    assert midi("x", 2).key == midi("x", 2).key


NAMES = st.text(st.characters(exclude_characters=":"), max_size=5)


@given(st.integers(), NAMES, NAMES)
def test_each_layer_has_its_own_seed(seed: int, one: str, other: str) -> None:
    """Of the piece's seed and its name."""
    assert (seed_of(seed, one) == seed_of(seed, other)) == (one == other)


@given(st.integers(), st.text(max_size=5), st.text(max_size=5), NAMES)
def test_where_a_file_lies_does_not_change_its_choices(seed: int, here: str, there: str, name: str) -> None:
    """Started from another folder, or typed at the prompt, a layer plays the same."""
    assert seed_of(seed, f"{here}:{name}") == seed_of(seed, f"{there}:{name}") == seed_of(seed, name)


CYCLES = st.fractions(0, 8, max_denominator=16)


@given(st.lists(st.tuples(CYCLES, st.floats(0, 1)), max_size=8), CYCLES, st.lists(CYCLES, max_size=4))
def test_the_past_of_a_knob_never_changes(
    turns: list[tuple[Fraction, float]], forgotten: Fraction, asked: list[Fraction]
) -> None:
    """What was answered once is answered again, after later turns, forgetting and travelling."""
    knobs = ControlTimeline()
    said: dict[Fraction, Position | None] = {}

    def ask(timeline: ControlTimeline, cycle: Fraction) -> Position | None:
        try:
            return timeline.at("k", cycle)
        except KeyError:
            return None

    last = Fraction(0)
    for cycle, value in turns:
        last = max(last, cycle)
        for query in asked:
            if query < last:
                said.setdefault(query, ask(knobs, query))
        knobs.set("k", cycle if not said else max(last, *said), value)
    for query, answer in said.items():
        assert ask(knobs, query) == answer
    travelled = ControlTimeline.from_json(knobs.to_json())
    travelled.forget_before(forgotten)
    for query in asked:
        if query >= forgotten:
            assert ask(travelled, query) == ask(knobs, query)
