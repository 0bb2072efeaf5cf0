"""Whether one chain can go on as another, and what then has to move."""

from collections.abc import Iterator
from typing import NamedTuple

from plugin_host.addresses import INSTRUMENT, MIX, Found, find
from plugin_host.effect_table import EFFECTS
from plugin_host.instrument_table import COMMON
from plugin_host.parameters import Values
from plugin_host.specs import Chain, Effect, Instrument

__all__ = ["Difference", "differences", "same_shape"]

_MIX = {one.name for one in COMMON}


class Difference(NamedTuple):
    """A parameter that two chains of one shape have with other values.

    Attributes:
        found: Which; that of a plugin has no range that we know.
        old: Its value in the first.
        new: Its value in the second.
    """

    found: Found
    old: float
    new: float


def same_shape(one: Chain, other: Chain) -> bool:
    """Whether two chains, and their buses, differ in nothing but numbers that can be moved while they play.

    Args:
        one: What plays.
        other: What is to play.

    >>> from plugin_host.specs import fx, instrument
    >>> same_shape(instrument("bass", cutoff=300), instrument("bass", cutoff=900))
    True
    >>> same_shape(instrument("bass", wave="saw"), instrument("bass", wave="square"))
    False
    """
    if len(one.effects) != len(other.effects) or _rest(one) != _rest(other):
        return False
    if one.to is None or other.to is None:
        if one.to is not other.to:
            return False
    elif not same_shape(one.to, other.to):
        return False
    if not all(map(_alike_effects, one.effects, other.effects)):
        return False
    return _alike(one, one.instrument, other.instrument)


def differences(one: Chain, other: Chain) -> Iterator[Difference]:
    """What moves when one chain goes on as another of its shape; what signals move is left to them.

    Args:
        one: What plays.
        other: What is to play.
    """
    for name, old, new in _moved(one.instrument, other.instrument):
        plugin = one.instrument.kind == "vst3"
        owner = MIX if name in _MIX and not plugin else INSTRUMENT
        found = (
            Found(INSTRUMENT, name, None) if plugin else find(one, f"mix.{name}" if owner == MIX else name)
        )
        if found is not None:
            yield Difference(found, old, new)
    for number, (before, after) in enumerate(zip(one.effects, other.effects, strict=True)):
        for name, old, new in _moved(before, after):
            parameter = next((row for row in EFFECTS.get(before.name, ()) if row.name == name), None)
            yield Difference(Found(number, name, parameter), old, new)


def _moved(one: Instrument | Effect, other: Instrument | Effect) -> Iterator[tuple[str, float, float]]:
    before, led = dict(one.values), {move.name for move in one.moves}
    kept = {move.name for move in other.moves}
    for name, new in other.values:
        old = before.get(name, new)
        if isinstance(new, str) or isinstance(old, str) or name in kept:
            continue
        # A signal has left it wherever it was.
        if old != new or name in led or name not in before:
            yield name, float(old), float(new)


def _rest(chain: Chain) -> tuple[object, ...]:
    """What has to be equal besides the instrument, the effects and the bus, whatever else a chain has."""
    known = {"instrument", "effects", "to"}
    rest = (name for name, one in Chain.__dataclass_fields__.items() if one.compare and name not in known)
    return tuple(getattr(chain, name) for name in rest)


def _alike_effects(one: Effect, other: Effect) -> bool:
    if one.name != other.name:
        return False
    if one.name == "vst3":
        return _alike_plugins(one.values, other.values)
    fixed = {row.name for row in EFFECTS[one.name] if row.fixed}
    return _equal(one.values, other.values, fixed)


def _alike(chain: Chain, one: Instrument, other: Instrument) -> bool:
    if (one.kind, one.name) != (other.kind, other.name):
        return False
    if one.kind == "vst3":
        return _alike_plugins(one.values, other.values)
    fixed = {
        name
        for name, _ in (*one.values, *other.values)
        if (found := find(chain, name)) is None or found.parameter is None or found.parameter.fixed
    }
    return _equal(one.values, other.values, fixed)


def _alike_plugins(one: Values, other: Values) -> bool:
    # What is not said any more would go back to where only the plugin knows that it was.
    mine, new = dict(one), dict(other)
    words = {name for name, value in (*one, *other) if isinstance(value, str)}
    return mine.keys() <= new.keys() and all(mine.get(name) == new.get(name) for name in words)


def _equal(one: Values, other: Values, fixed: set[str]) -> bool:
    before, after = dict(one), dict(other)
    return before.keys() == after.keys() and all(
        before[name] == after[name] for name in fixed & before.keys()
    )
