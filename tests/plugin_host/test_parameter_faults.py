"""What cannot be is refused: every parameter of every instrument and effect, as the tables have them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import cast

import pytest

from patterns.core import Pattern
from patterns.reading import reify
from patterns.registry import namespace
from plugin_host.addresses import fault
from plugin_host.effect_table import EFFECTS
from plugin_host.instrument_table import BUS, COMMON, INSTRUMENTS, SAMPLER, SOUNDFONT
from plugin_host.parameters import Parameter
from plugin_host.places import PLACE
from plugin_host.specs import Chain, Effect, audio_in, bus, fx, instrument, sampler, soundfont
from repl.errors import LoadError
from repl.loader import load_piece

Make = Callable[..., Chain | Effect]


def _room(**values: object) -> Effect:
    """A convolution, which cannot be without its file."""
    return fx.convolution(**({"file": "hall.wav"} | values))


OWNERS: dict[str, tuple[Make, tuple[Parameter, ...]]] = {
    **{name: (partial(instrument, name), (*table, *PLACE)) for name, table in INSTRUMENTS.items()},
    **{f"fx.{name}": (getattr(fx, name), table) for name, table in EFFECTS.items()},
    "fx.convolution": (_room, EFFECTS["convolution"]),
    "bus": (partial(bus, "group"), (*BUS, *PLACE)),
    "sampler": (partial(sampler, "kit"), (*SAMPLER, *PLACE)),
    "soundfont": (partial(soundfont, "bank.sf2"), (*SOUNDFONT, *PLACE)),
    "audio_in": (audio_in, (*COMMON, *PLACE)),
}


def wrong(one: Parameter) -> list[object]:
    """What none of them may be: too low, too high, no number, words, and things of other kinds."""
    if one.choices or one.text:
        words: list[object] = ["no such word"] if one.choices else ["", "  "]
        return [*words, 1, 0.5, None, True, ["saw"]]
    span = one.high - one.low
    outside = [one.low - 0.001 * span, one.high + 0.001 * span, -1e30, 1e30]
    other: list[object] = ["loud", "", None, True, [1.0], 1j, b"1"]
    between: list[object] = [one.low + 0.5] if one.whole else []
    return [*outside, float("nan"), float("inf"), -float("inf"), *other, *between]


@pytest.mark.parametrize("owner", OWNERS)
def test_what_cannot_be_is_refused_with_its_range(owner: str) -> None:
    """The message names the parameter, what was given, and what may be."""
    make, table = OWNERS[owner]
    for one, value in [(row, value) for row in table for value in wrong(row)]:
        with pytest.raises((TypeError, ValueError)) as told:
            make(**{one.name: value})
        assert f"{one.name}={value!r}" in str(told.value)
        assert one.range in str(told.value)


@pytest.mark.parametrize("owner", OWNERS)
def test_the_ends_of_a_range_belong_to_it(owner: str) -> None:
    """And the default lies within."""
    make, table = OWNERS[owner]
    for one in table:
        values = one.choices or (("a.wav",) if one.text else (one.low, one.high, one.default))
        for value in values:
            made = make(**{one.name: value})
            source = made.instrument if isinstance(made, Chain) else made
            assert source[one.name] == value


@pytest.mark.parametrize("owner", OWNERS)
def test_a_pattern_that_cannot_be_is_refused(owner: str) -> None:
    """One that leaves the range, one of words, and any where nothing can be moved."""
    make, table = OWNERS[owner]
    sine, words = cast("Pattern", namespace()["sine"]), reify("bd sd")
    for one in table:
        span = one.high - one.low
        low, high = sine.range(one.low - span, one.high), sine.range(one.low, one.high + span)
        for pattern in (low, high, words):
            with pytest.raises((TypeError, ValueError), match=one.name) as told:
                make(**{one.name: pattern})
            assert one.range in str(told.value) or "a pattern of numbers" in str(told.value)


@pytest.mark.parametrize("owner", OWNERS)
def test_what_a_param_cannot_be_is_told(owner: str) -> None:
    """Positions from 0 to 1; what says how a thing is built is not moved at all."""
    make, table = OWNERS[owner]
    made = make()
    chain = instrument("sine") | made if isinstance(made, Effect) else made
    part = f"{made.name}." if isinstance(made, Effect) else ""
    for one in table:
        for value in (-0.1, 1.1, float("nan"), float("inf")):
            assert one.name in (fault(chain, f"param.{part}{one.name}", value) or ""), value
        assert (fault(chain, f"param.{part}{one.name}", 0.5) is None) is not one.fixed


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('instrument("bass", cutoff=20000)', "cutoff=20000 is out of range: 40…16000 Hz"),
        ('instrument("bass", voices=1.5)', "voices=1.5: give a whole number, 1…64"),
        ('instrument("bass") | fx.reverb(room_size="big")', "room_size='big': give a number, 0…1"),
        ('instrument("bass", cutof=200)', "did you mean 'cutoff'?"),
    ],
)
def test_a_piece_says_where(line: str, told: str, tmp_path: Path) -> None:
    """With file and line."""
    file = str(tmp_path / "a.py")
    with pytest.raises(LoadError) as found:
        load_piece(f'\na = play(note("c"), on={line})\n', file)
    assert f"{file}:2" in str(found.value)
    assert told in str(found.value)
