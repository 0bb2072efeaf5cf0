"""What is set for ports by parts of their names."""

import pytest

from bridge.port_settings import Ports, PortSettings, read_ports
from bridge.targets import midi, osc

PORTS = Ports([PortSettings("Volca", 12.0, 31250), PortSettings("sempre", -5.0), PortSettings("Vol", 99.0)])


@pytest.mark.parametrize(
    ("port", "early"),
    [("Volca Keys", 0.012), ("volca", 0.012), (None, -0.005), ("volume", 0.099), ("Osmose", 0)],
)
def test_the_first_part_of_a_name_that_fits_holds(port: str | None, early: float) -> None:
    """In any case; our own port has its name too."""
    assert PORTS.early(midi(port)) == early


def test_a_rate_holds_where_the_piece_says_none() -> None:
    """Routes and ids stay those of the piece's target."""
    assert PORTS.described(midi("Volca")).to_json() == {"midi": {"port": "Volca", "rate": 31250}}
    assert PORTS.described(midi("Volca", rate=10_000)).rate == 10_000
    assert PORTS.described(midi("x")) == midi("x")
    assert PORTS.early(osc(9000)) == 0
    assert PORTS.earliest == 0.099
    assert Ports().earliest == 0


def test_they_travel_as_the_settings_do() -> None:
    """As JSON."""
    midi_section = {"name": "Other", "ports": [{"name": "Other", "latency_ms": 3.0, "rate": None}]}
    assert Ports.from_json(midi_section).early(midi()) == 0.003
    assert Ports.from_json({}).early(midi()) == 0


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3, "table of ports"),
        ({"Volca": 12}, "latency_ms or rate"),
        ({"Volca": {"latency": 12}}, "latency_ms or rate"),
        ({"": {"latency_ms": 12}}, "latency_ms or rate"),
        ({"Volca": {"latency_ms": 1200}}, "-1000 to 1000 for 'Volca'"),
        ({"Volca": {"latency_ms": float("nan")}}, "-1000 to 1000"),
        ({"Volca": {"latency_ms": True}}, "-1000 to 1000"),
        ({"Volca": {"rate": 3}}, "300 to 10000000"),
    ],
)
def test_what_cannot_be_set_is_named(value: object, text: str) -> None:
    """With what can be."""
    with pytest.raises(ValueError, match=text):
        read_ports(value)
