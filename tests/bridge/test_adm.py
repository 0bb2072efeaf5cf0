"""Places for renderers of others: ADM-OSC, from the pattern to a socket."""

import math
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.adm import adm_osc, is_adm, write_place
from bridge.errors import BridgeError
from bridge.event import TimedEvent
from bridge.osc import encode
from bridge.osc_read import read_packet
from bridge.targets import osc
from patterns.polar import polar


def told(controls: Mapping[str, object]) -> dict[str, tuple[object, ...]]:
    """What an event says of object 7: arguments by address."""
    (event,) = encode(adm_osc(7), TimedEvent(2.0, 0.5, dict(controls), "lead", 40), 0.5, 3.5)
    assert event.at == 2.0
    return {one.message.address: one.message.arguments for one in read_packet(event.on)}


def test_one_angle_is_one_message() -> None:
    """What the event does not say is left as it is."""
    assert told({"azim": 90}) == {"/adm/obj/7/azim": (90.0,)}
    assert told({"elev": 30}) == {"/adm/obj/7/elev": (30.0,)}
    assert told({"distance": 0.5}) == {"/adm/obj/7/dist": (0.5,)}


def test_a_whole_place_is_one_message() -> None:
    """So that nothing is heard halfway; with its width and loudness in the same packet."""
    assert told({"azim": -90, "elev": 10}) == {"/adm/obj/7/aed": (-90.0, 10.0, 1.0)}
    found = told({"azim": 90, "elev": 0, "distance": 0.25, "spread": 0.5, "gain": 0.25})
    assert found == {"/adm/obj/7/aed": (90.0, 0.0, 0.25), "/adm/obj/7/w": (0.5,), "/adm/obj/7/gain": (0.25,)}


def test_three_directions_become_angles() -> None:
    """To the left, behind, above."""
    assert told({"x": -1}) == {"/adm/obj/7/aed": (90.0, 0.0, 1.0)}
    assert told({"x": 0, "y": -0.5}) == {"/adm/obj/7/aed": (180.0, 0.0, 0.5)}
    assert told({"z": 1}) == {"/adm/obj/7/aed": (0.0, 90.0, 1.0)}


def test_what_lies_beyond_is_kept_within_what_the_protocol_has() -> None:
    """A turn goes on; the distance ends at 1."""
    assert told({"azim": 270}) == {"/adm/obj/7/azim": (-90.0,)}
    assert told({"distance": 8}) == {"/adm/obj/7/dist": (1.0,)}


@given(st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1))
def test_angles_and_directions_say_the_same(x: float, y: float, z: float) -> None:
    """By the formulas of the protocol, the way back gives the same place."""
    place = polar({"x": x, "y": y, "z": z})
    far, rise, turn = place["distance"], math.radians(place["elev"]), math.radians(place["azim"])
    back = (
        -far * math.cos(rise) * math.sin(turn),
        far * math.cos(rise) * math.cos(turn),
        far * math.sin(rise),
    )
    assert back == pytest.approx((x, y, z), abs=1e-9)


def test_what_says_no_place_is_said() -> None:
    """And what is no number."""
    with pytest.raises(ValueError, match=r"/adm/obj/7 needs a place: azim, elev"):
        write_place("/adm/obj/7", {"note": 60})
    with pytest.raises(ValueError, match="azim must be a number"):
        write_place("/adm/obj/7", {"azim": "left"})
    for wrong in (0, -1, True, "1"):
        with pytest.raises(BridgeError, match="adm_osc takes the object's number"):
            adm_osc(wrong)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - a musician may write it
    with pytest.raises(BridgeError, match="where is a host and a port"):
        adm_osc(1, "10.0.0.7")
    assert not is_adm(osc(4001, "/adm/obj/1"))
