"""Peak and rms of all that has a name: layers, buses, inputs, and the whole."""

from typing import cast

import numpy as np
import pytest

from plugin_host.audio import single
from plugin_host.intake import Inputs, Intake
from plugin_host.rack import Rack
from plugin_host.specs import bus, fx, instrument

RATE, BLOCK = 48000, 256

Levels = dict[str, dict[str, float]]


def levels(rack: Rack) -> Levels:
    """Those of the layers, by their names."""
    rows = cast("Levels", rack.meters()).items()
    return {name.removeprefix("layer "): row for name, row in rows if name.startswith("layer ")}


def test_layers_are_called_by_their_names() -> None:
    """Each has the level of the instruments that it plays on, two places together."""
    rack = Rack(RATE, BLOCK)
    sines = (instrument("sine", gain=gain, duck=0) for gain in (0.5, 0.25, 0.5))
    rack.set_chains(dict(enumerate(sines)))
    for layer, route in (("low", 0), ("high", 1), ("both", 0), ("both", 2), ("gone", 9)):
        rack.plays(layer, route)
    for route in range(3):
        rack.begin(route, route, {"note": 69}, 0)
    for _ in range(100):
        rack.render()
    rack.meters()
    for _ in range(100):
        rack.render()
    found = levels(rack)
    assert found.keys() == {"low", "high", "both"}
    assert found["low"]["rms"] - found["high"]["rms"] == pytest.approx(6.0, abs=0.3)
    assert found["both"]["rms"] - found["low"]["rms"] == pytest.approx(3.0, abs=0.1)
    assert found["both"]["peak"] == pytest.approx(found["low"]["peak"], abs=0.1)
    for _ in range(3):
        rack.render()
    assert levels(rack)["low"]["rms"] == pytest.approx(found["low"]["rms"], abs=0.5)


def test_a_layer_in_a_bus_has_its_own_level_and_the_bus_another() -> None:
    """The bus's is behind its effects."""
    rack = Rack(RATE, BLOCK)
    rack.set_chains({0: instrument("sine") | (bus("soft") | fx.gain(-20))})
    rack.plays("tone", 0)
    rack.begin(0, 1, {"note": 69}, 0)
    for _ in range(60):
        rack.render()
    told = cast("Levels", rack.meters())
    tone, soft = told["layer tone"], told["bus soft"]
    assert tone["rms"] - soft["rms"] == pytest.approx(20, abs=0.5)


def test_what_comes_in_has_a_level_for_each_channel() -> None:
    """By the input's name, since it was last asked."""
    inputs, intake = Inputs(BLOCK), Intake(("in_1 mic", "in_2"))
    assert inputs.levels() == {}
    tone = single(0.5 * np.sin(np.arange(BLOCK) * 2 * np.pi / 64))
    intake.write(0, np.stack([tone, 0 * tone]))
    inputs.hear(intake, 0)
    found = inputs.levels()
    assert found["in_1 mic"] == pytest.approx({"peak": -6.02, "rms": -9.03}, abs=0.02)
    assert found["in_2"] == {"peak": -200.0, "rms": -200.0}
    assert inputs.levels()["in_1 mic"]["peak"] == -200
