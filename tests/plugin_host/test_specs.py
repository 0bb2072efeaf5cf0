"""Descriptions of instruments and effects: compared, stored, checked at once."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugin_host.effect_table import EFFECTS
from plugin_host.errors import HostError, UnknownEffect
from plugin_host.instrument_table import INSTRUMENTS
from plugin_host.parameters import Parameter
from plugin_host.preset_files import as_they_were, preset_files
from plugin_host.specs import Chain, Effect, fx, instrument, sampler, vst3


def test_describing_an_instrument_loads_no_audio_library() -> None:
    """The engine describes chains; numpy and pedalboard belong to the mixer."""
    code = "import sys, plugin_host.specs; print(sorted({'numpy', 'pedalboard'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def test_effects_follow_in_order() -> None:
    """`|` reads from left to right."""
    chain = instrument("keys") | fx.chorus() | fx.reverb(room_size=0.6)
    assert [one.name for one in chain.effects] == ["chorus", "reverb"]
    assert chain.effects[1]["room_size"] == 0.6
    assert chain.kind == "audio"


def test_values_may_be_given_by_place() -> None:
    """The first value of an effect is its first parameter."""
    assert fx.lowpass(800) == fx.lowpass(cutoff_frequency_hz=800.0)


def test_only_effects_follow_an_instrument() -> None:
    """A chain has one instrument."""
    with pytest.raises(TypeError, match=r"fx\.reverb"):
        _ = instrument("keys") | instrument("bass")


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: instrument("durms"), "did you mean 'drums'"),
        (lambda: instrument("bass", cutof=3), "did you mean 'cutoff'"),
        (lambda: instrument("bass", cutof=3), r"40…16000 Hz"),
        (lambda: fx.revreb, "did you mean 'reverb'"),
        (lambda: fx.reverb(size=3), "room_size"),
    ],
)
def test_unknown_names_are_answered_with_the_nearest(make: object, told: str) -> None:
    """What does not exist is said at once, with what does."""
    assert callable(make)
    with pytest.raises(HostError, match=told):
        make()


def test_an_unknown_effect_is_also_a_missing_attribute() -> None:
    """So that completion and `hasattr` work."""
    assert not hasattr(fx, "nonsense")
    assert hasattr(fx, "reverb")
    assert "reverb" in dir(fx)
    with pytest.raises(UnknownEffect):
        _ = fx.nonsense
    assert "room_size" in str(fx.reverb.__doc__)


@pytest.mark.parametrize("value", [2.0, -0.1, float("nan")])
def test_a_value_out_of_range_names_the_range(value: float) -> None:
    """The message says what is allowed."""
    with pytest.raises(ValueError, match="0…1"):
        fx.reverb(room_size=value)


@pytest.mark.parametrize("value", ["loud", True, None])
def test_a_value_of_a_wrong_kind_is_an_error(value: object) -> None:
    """A word or a truth value is no number."""
    with pytest.raises(TypeError, match="room_size"):
        fx.reverb(room_size=value)


def test_words_are_checked_against_the_choices() -> None:
    """A ladder filter has six modes."""
    assert fx.ladder(mode="HPF12")["mode"] == "HPF12"
    with pytest.raises(ValueError, match="LPF24"):
        fx.ladder(mode="LPF48")
    with pytest.raises(TypeError, match="LPF24"):
        fx.ladder(mode=3)


def test_a_value_given_twice_is_an_error() -> None:
    """By place and by name."""
    with pytest.raises(TypeError, match="twice"):
        fx.reverb(0.3, room_size=0.4)
    with pytest.raises(TypeError, match="1 parameters"):
        fx.gain(0, 1)


def _value(parameter: Parameter) -> st.SearchStrategy[float | str]:
    if parameter.choices:
        return st.sampled_from(parameter.choices)
    if parameter.text:
        return st.sampled_from(["drums", "bass"])
    return st.floats(parameter.low, parameter.high)


@st.composite
def chains(draw: st.DrawFn) -> Chain:
    """Any chain of up to four effects."""
    name = draw(st.sampled_from(sorted(INSTRUMENTS)))
    chain = instrument(name, **{one.name: draw(_value(one)) for one in INSTRUMENTS[name][:3]})
    for effect in draw(st.lists(st.sampled_from(sorted(EFFECTS)), max_size=4)):
        make = getattr(fx, effect)
        made = make(**{one.name: draw(_value(one)) for one in EFFECTS[effect]})
        assert isinstance(made, Effect)
        chain |= made
    return chain


@given(chains())
def test_a_chain_survives_json(chain: Chain) -> None:
    """What travels to the mixer is the same chain, with the same key."""
    again = Chain.from_json(json.loads(json.dumps(chain.to_json())))
    assert again == chain
    assert again.key == chain.key
    assert hash(again) == hash(chain)


def test_keys_differ_when_chains_differ() -> None:
    """A key stands for the whole chain."""
    made = [
        instrument("bass"),
        instrument("bass", cutoff=500),
        instrument("bass") | fx.chorus(),
        sampler("bass"),
    ]
    assert len({chain.key for chain in made}) == len(made)


@pytest.mark.parametrize("effect", [False, True])
def test_a_preset_is_known_by_what_is_in_its_file(effect: bool, tmp_path: Path) -> None:
    """Not by when it was written; as a recipe has it, or as it is; where there is none it is a name."""
    file = tmp_path / "soft.vstpreset"

    def make(plugin: Chain) -> Chain:
        return instrument("keys") | plugin if effect else plugin

    none = make(vst3("Mine", preset=file))
    assert none == make(vst3("Mine", params={"@preset": str(file)}))
    keys: list[str] = []
    for text in (b"one", b"two", b"one"):
        file.write_bytes(text)
        chain = make(vst3("Mine", preset=file, gain=0.5))
        assert Chain.from_json(chain.to_json()) == chain
        keys.append(chain.key)
    assert keys[0] == keys[2] != keys[1]
    assert none.key not in keys
    file.unlink()
    with as_they_were({str(file): hashlib.sha256(b"two").hexdigest()}):
        assert make(vst3("Mine", preset=file, gain=0.5)).key == keys[1]
    nowhere = [make(vst3("Mine", preset=one + ".vstpreset")) for one in ("a\0b", "~nosuchuser/x", "x" * 5000)]
    assert preset_files([none, make(vst3("Mine", preset="a program")), nowhere[0]]) == {file}


@pytest.mark.parametrize(
    "data", [{}, {"kind": "vst9", "name": "x"}, {"kind": "builtin", "name": "bass", "effects": 3}]
)
def test_what_is_no_chain_is_refused(data: dict[str, object]) -> None:
    """Data from elsewhere is checked."""
    with pytest.raises(TypeError):
        Chain.from_json(data)
