"""What surfaces are told, and what not."""

import math

from hypothesis import given
from hypothesis import strategies as st

from bridge.surface_book import RATE, SURFACES, TOUCH, Book, Told, address_of
from patterns.inputs import Input

CUTOFF = Input("cutoff", low=200, high=3200, curve="log", default=800)
FILLS = Input("fills", "toggle", default=1.0)
PAD = [Input("pad.x", "x"), Input("pad.y", "y", default=0.25)]


def book(*inputs: Input) -> Book:
    """A book with these inputs; the default ones without."""
    made = Book()
    assert made.declare(inputs or [CUTOFF, FILLS, *PAD], {}) == []
    return made


def test_a_surface_that_comes_is_told_everything_once() -> None:
    """Each input where it is; pads in one message."""
    made = book()
    made.meet("tablet", 0.0)
    assert set(made.due(0.0)) == {
        Told("tablet", "/ctl/cutoff", (0.5,)),
        Told("tablet", "/ctl/fills", (1.0,)),
        Told("tablet", "/ctl/pad", (0.0, 0.25)),
    }
    assert (made.due(1.0), made.waiting) == ([], False)
    made.meet("tablet", 2.0)
    assert made.due(2.0) == []


def test_nobody_is_told_what_it_has_said() -> None:
    """The others are, at once."""
    made = book(CUTOFF)
    made.meet("one", 0.0)
    made.meet("other", 0.0)
    made.due(0.0)
    assert made.heard("one", "/ctl/cutoff", (0.75,), 1.0) == [("cutoff", 0.75)]
    assert made.due(1.0) == [Told("other", "/ctl/cutoff", (0.75,))]
    assert [*made.due(1.0 + TOUCH), *made.due(60.0)] == []


def test_a_surface_is_not_told_while_it_is_touched() -> None:
    """Afterwards it is, if another one has moved meanwhile."""
    made = book(CUTOFF)
    made.meet("one", 0.0)
    made.due(0.0)
    made.heard("one", "/ctl/cutoff", (0.75,), 1.0)
    made.turned("cutoff", 0.1)
    assert made.due(1.0 + TOUCH / 2) == []
    assert made.waiting
    assert made.due(1.0 + TOUCH) == [Told("one", "/ctl/cutoff", (0.1,))]


def test_an_address_is_told_so_often_and_no_more() -> None:
    """What comes last is told in the end."""
    made = book(CUTOFF)
    made.meet("tablet", 0.0)
    told: list[Told] = []
    for step in range(1000):
        now = step / 1000
        made.turned("cutoff", step / 1000)
        told += made.due(now)
    told += made.due(2.0)
    assert 0.8 * RATE <= len(told) <= RATE + 2
    assert told[-1].values == (0.999,)


def test_a_reload_tells_all_again_and_keeps_what_was_moved() -> None:
    """What nobody moved goes to its new default."""
    made = book()
    made.meet("tablet", 0.0)
    made.heard("tablet", "/ctl/pad", (0.1, 0.9), 0.0)
    made.due(0.0)
    made.declare([Input("cutoff", low=200, high=3200, curve="log", default=200), *PAD], {})
    assert set(made.due(1.0)) == {
        Told("tablet", "/ctl/cutoff", (0.0,)),
        Told("tablet", "/ctl/pad", (0.1, 0.9)),
    }


def test_the_parts_of_a_pad_can_be_moved_alone() -> None:
    """By an address below the pad's own."""
    made = book(*PAD)
    assert made.heard("x", "/ctl/pad/y", (1.0,), 0.0) == [("pad.y", 1.0)]
    assert made.heard("x", "/ctl/pad", (0.5, 0.75), 0.0) == [("pad.x", 0.5), ("pad.y", 0.75)]
    assert made.heard("x", "/ctl/pad", (True,), 0.0) == [("pad.x", 1.0)]


def test_positions_are_brought_into_range() -> None:
    """What is no number is passed over."""
    made = book(CUTOFF)
    assert made.heard("x", "/ctl/cutoff", (7,), 0.0) == [("cutoff", 1.0)]
    assert made.heard("x", "/ctl/cutoff", (-math.inf,), 0.0) == [("cutoff", 0.0)]
    for nothing in ((), (math.nan,), ("0.5",), (None,), ((0.5,),)):
        assert made.heard("x", "/ctl/cutoff", nothing, 0.0) == []


def test_inputs_of_one_address_are_named() -> None:
    """The first one keeps it."""
    made = Book()
    (problem,) = made.declare([Input("a b"), Input("a_b")], {})
    assert "a b and a_b would have one address, /ctl/a_b" in problem
    (problem,) = made.declare([Input("pad"), PAD[0]], {})
    assert "pad and pad.x would have one address, /ctl/pad" in problem
    assert made.declare([Input("drums"), Input("drums.level")], {}) == []


def test_surfaces_are_forgotten_when_there_are_too_many() -> None:
    """Those of the settings never."""
    made = book(CUTOFF)
    made.meet("kept", 0.0, keep=True)
    for number in range(SURFACES):
        made.meet(number, 1.0 + number)
    assert made.surfaces == ["kept", *range(1, SURFACES)]


def test_addresses_are_plain() -> None:
    """A dot groups; what an address cannot have becomes a line."""
    assert address_of("drums.cut off") == "/ctl/drums/cut_off"
    assert address_of("a*b?[c]{d},#é") == "/ctl/a_b__c__d____"
    assert address_of("..") == "/ctl/_/_/_"


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["one", "two", "prompt"]),
            st.sampled_from(["/ctl/cutoff", "/ctl/pad", "/ctl/pad/x"]),
            st.floats(0, 1, width=32),
            st.floats(0, 0.7),
        ),
        max_size=30,
    )
)
def test_in_the_end_every_surface_shows_how_things_are(steps: list[tuple[str, str, float, float]]) -> None:
    """Whoever moved what, and when; and no message repeats what the surface shows already."""
    made = book()
    shown: dict[str, dict[str, tuple[float, ...]]] = {"one": {}, "two": {}}
    for surface in shown:
        made.meet(surface, 0.0)
    now = 0.0

    def settle() -> None:
        for told in made.due(now):
            view = shown[str(told.surface)]
            assert view.get(told.address) != told.values
            view[told.address] = told.values

    settle()
    for who, address, position, pause in steps:
        if who == "prompt":
            made.turned("cutoff", position)
        else:
            made.heard(who, address, (position, position), now)
            if address == "/ctl/pad/x":
                y = shown[who].get("/ctl/pad", (0, 0.25))[-1]
                shown[who]["/ctl/pad"] = (position, y)
            else:
                shown[who][address] = (position, position) if address == "/ctl/pad" else (position,)
        settle()
        now += pause
    for _ in range(3):
        now += TOUCH
        settle()
    wanted = {address: tuple(made.positions[n] for n in names) for address, names in made.shown.items()}
    assert shown == {"one": wanted, "two": wanted}
