"""Where loudspeakers stand, and how a direction becomes levels in them."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin_host.errors import HostError
from plugin_host.layouts import LAYOUTS, Layout, Speaker, read_layout
from plugin_host.vbap import Vbap, directions

PANNERS = {name: Vbap(layout) for name, layout in LAYOUTS.items()}
turns = st.floats(-180, 180)
rises = st.floats(-90, 90)
names = st.sampled_from(sorted(LAYOUTS))


def levels(name: str, azimuth: float, elevation: float = 0.0, width: float = 0.0) -> list[float]:
    """Of one direction."""
    found = PANNERS[name].gains(directions([azimuth], [elevation]), np.array([width]))
    return [float(one) for one in found[0]]


@given(names, turns, rises, st.floats(0, 180))
def test_the_power_is_always_one(name: str, azimuth: float, elevation: float, width: float) -> None:
    """And nothing is ever negative, nor in the LFE."""
    found = levels(name, azimuth, elevation, width)
    assert sum(one * one for one in found) == pytest.approx(1, abs=1e-9)
    assert min(found) >= 0
    lfe = LAYOUTS[name].lfe
    assert lfe is None or found[lfe] == 0


@given(st.sampled_from(["5.1.4", "7.1.4"]), turns, st.floats(0, 45))
def test_a_point_sounds_from_three_at_most(name: str, azimuth: float, elevation: float) -> None:
    """Between the ears' height and the upper loudspeakers, where no virtual one is needed."""
    assert sum(one > 1e-6 for one in levels(name, azimuth, elevation)) <= 3


@given(st.sampled_from(["quad", "5.1", "7.1"]), turns)
def test_a_point_at_the_ears_height_sounds_from_two_at_most(name: str, azimuth: float) -> None:
    """From the neighbours on both sides."""
    assert sum(one > 1e-6 for one in levels(name, azimuth)) <= 2


@pytest.mark.parametrize("name", sorted(LAYOUTS))
def test_a_loudspeaker_alone_sounds_where_it_stands(name: str) -> None:
    """With a level of 1."""
    layout = LAYOUTS[name]
    for place in layout.heard:
        one = layout.speakers[place]
        found = levels(name, one.azimuth, one.elevation)
        assert found[place] == pytest.approx(1, abs=1e-6)
        assert sum(found) == pytest.approx(1, abs=1e-5)


@given(turns, rises, st.floats(0, 120))
def test_a_room_that_is_turned_sounds_turned(azimuth: float, elevation: float, width: float) -> None:
    """Four loudspeakers in a square: by 90 degrees to the left."""
    front_left, front_right, back_left, back_right = levels("quad", azimuth, elevation, width)
    turned = levels("quad", azimuth + 90, elevation, width)
    assert turned == pytest.approx([front_right, back_right, front_left, back_left], abs=1e-6)


@given(turns, st.floats(-90, 40))
def test_left_and_right_are_alike(azimuth: float, elevation: float) -> None:
    """In the mirror each level is that of the partner on the other side."""
    back = {"L": "R", "R": "L", "C": "C", "Ls": "Rs", "Rs": "Ls"}
    names = [one.name for one in LAYOUTS["5.1"].speakers]
    found, mirrored = levels("5.1", azimuth, elevation), levels("5.1", -azimuth, elevation)
    for place, name in enumerate(names):
        if name in back:
            assert mirrored[names.index(back[name])] == pytest.approx(found[place], abs=1e-6)


@pytest.mark.parametrize("name", sorted(LAYOUTS))
@pytest.mark.parametrize("elevation", [-60.0, 0.0, 20.0, 44.0, 80.0])
def test_what_goes_around_never_jumps(name: str, elevation: float) -> None:
    """In steps of a fiftieth of a degree no level changes by more than a hundredth."""
    turn = np.linspace(-180, 180, 18001)
    found = PANNERS[name].gains(directions(turn, np.full(len(turn), elevation)))
    assert float(np.abs(np.diff(found, axis=0)).max()) < 0.01


def test_what_goes_over_the_top_never_jumps() -> None:
    """From the front over the head to the back, and below the floor."""
    rise = np.linspace(-180, 180, 18001)
    found = PANNERS["7.1.4"].gains(directions(np.zeros(len(rise)), rise))
    assert float(np.abs(np.diff(found, axis=0)).max()) < 0.02


def test_a_width_lets_more_loudspeakers_sound() -> None:
    """The wider, the more even."""
    peaks = [max(levels("7.1.4", 30, 0, width)) for width in (0, 20, 45, 90, 180)]
    assert peaks[0] == pytest.approx(1, abs=1e-6)
    assert all(one > other for one, other in pairwise(peaks[:4]))
    assert sum(one > 1e-3 for one in levels("7.1.4", 30, 0, 90)) >= 8


def test_what_nobody_stands_at_comes_from_all_around_it() -> None:
    """Overhead of four upper loudspeakers, below of the whole ring; behind a stereo pair both alike."""
    assert levels("7.1.4", 0, 90)[8:] == pytest.approx([0.5] * 4)
    assert levels("quad", 0, -90) == pytest.approx([0.5] * 4)
    assert levels("stereo", 180) == pytest.approx([0.5**0.5] * 2)


def test_the_weights_of_loudness_are_those_of_the_standard() -> None:
    """1.41 for the sides, nothing for the LFE."""
    assert LAYOUTS["5.1"].weights == (1, 1, 1, 0, 1.41, 1.41)
    assert LAYOUTS["7.1.4"].weights == (1, 1, 1, 0, 1, 1, 1.41, 1.41, 1, 1, 1, 1)


def test_the_mask_has_a_bit_for_each_channel() -> None:
    """In a WAV file they are counted."""
    for layout in LAYOUTS.values():
        assert layout.mask.bit_count() == layout.channels


def test_a_layout_of_ones_own_is_read_from_toml_and_csv(tmp_path: Path) -> None:
    """Both say the same; the file's name is the layout's."""
    (tmp_path / "room.toml").write_text(
        '[[speakers]]\nname = "A"\nazimuth = 60\n[[speakers]]\nname = "B"\nazimuth = -60\nelevation = 10\n'
        '[[speakers]]\nname = "sub"\nlfe = true\n'
    )
    (tmp_path / "room.csv").write_text(
        "name, azimuth, elevation, lfe\nA, 60, ,\nB, -60, 10, no\nsub, , , yes\n"
    )
    one, other = (read_layout(str(tmp_path / f"room.{kind}")) for kind in ("toml", "csv"))
    assert one == other
    assert (one.name, one.channels, one.heard, one.lfe) == ("room", 3, (0, 1), 2)


@given(st.lists(st.tuples(st.integers(-18, 17), st.integers(-8, 8)), min_size=1, max_size=24, unique=True))
def test_any_room_can_be_played_in(places: list[tuple[int, int]]) -> None:
    """However loudspeakers stand in it, in steps of ten degrees."""
    room = Layout("room", tuple(Speaker(str(n), 10 * a, 10 * e) for n, (a, e) in enumerate(places)))
    panner = Vbap(room)
    looked = directions(np.arange(-180, 180, 24), np.arange(-90, 90, 12))
    found = panner.gains(looked)
    assert np.allclose((found**2).sum(axis=1), 1)
    own = panner.gains(directions([10 * a for a, _ in places], [10 * e for _, e in places]))
    assert np.allclose(own, np.eye(len(places)), atol=1e-5)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("name,azimuth\nA,200\n", "room.csv:2: azimuth is -180 to 180 degrees"),
        ("name,azimuth\nA,north\n", "azimuth is -180 to 180 degrees (got 'north')"),
        ("name,azimuth\nA,10\nA,20\n", "room.csv:3: 'A': each speaker has a name of its own"),
        ("name,azimut\nA,10\n", "nobody knows 'azimut'"),
        ("name,azimuth\nA,10\nB,10\n", "'A' and 'B' stand at one place"),
        ("name,azimuth,lfe\nA,10,perhaps\n", "lfe is true or false (got 'perhaps')"),
        ("name,azimuth,lfe\nA,10,yes\n", "has 0 speakers to be heard"),
        ("A,10\n", "the first line names the columns"),
    ],
)
def test_what_is_wrong_in_a_file_is_said(tmp_path: Path, text: str, part: str) -> None:
    """With its line."""
    (tmp_path / "room.csv").write_text(text)
    with pytest.raises(HostError) as told:
        read_layout(str(tmp_path / "room.csv"))
    assert part in str(told.value)


def test_a_name_that_nobody_knows_is_said() -> None:
    """With the nearest."""
    with pytest.raises(HostError, match=r"no layout '7\.1\.2'; did you mean"):
        read_layout("7.1.2")
    with pytest.raises(HostError, match="cannot be read: No such file"):
        read_layout("nowhere.csv")


def test_a_file_may_have_several_rooms(tmp_path: Path) -> None:
    """Loudspeakers of two rooms may stand at one angle; where all have names the first is the main one."""
    (tmp_path / "house.csv").write_text(
        "name,azimuth,zone\nhall left,30,hall\nhall right,-30,hall\nbar left,30,bar\nbar right,-30,bar\n"
    )
    house = read_layout(str(tmp_path / "house.csv"))
    assert house.zones == {"": (0, 1), "hall": (0, 1), "bar": (2, 3)}
    assert LAYOUTS["quad"].zones == {"": (0, 1, 2, 3)}


@pytest.mark.parametrize(
    ("azimuth", "as_in_front"), [(60, 30), (90, 30), (150, 30), (165, 15), (-120, -30), (-170, -10)]
)
def test_a_pair_has_what_is_behind_in_front_and_what_is_beside_at_its_side(
    azimuth: float, as_in_front: float
) -> None:
    """So 90 degrees, which are the left, are hard left in stereo."""
    assert levels("stereo", azimuth) == pytest.approx(levels("stereo", as_in_front), abs=1e-9)
    assert levels("stereo", 90) == pytest.approx([1, 0], abs=1e-6)
