"""Which parameter of a chain a name means: of its instrument, of an effect, or of its place in the mix."""

import re
from functools import lru_cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, NamedTuple

from patterns.parameter_names import moved_by
from plugin_host.effect_table import EFFECTS
from plugin_host.errors import nearest
from plugin_host.instrument_table import BUS, COMMON, INSTRUMENTS, SAMPLER
from plugin_host.parameters import Move, Parameter
from plugin_host.places import PLACE

if TYPE_CHECKING:
    from plugin_host.specs import Chain, Instrument

__all__ = ["INSTRUMENT", "MIX", "ROOM", "Found", "fault", "find", "moves_of"]

INSTRUMENT: Final = -1
"""In the place of an effect's number: the instrument itself."""
MIX: Final = -2
"""The same for how the chain stands in the mix: gain, pan, room, delay, duck."""
ROOM: Final = -3
"""The same for where it is in the room: azim, elev, distance, spread, lfe."""
_MIX = {one.name: one for one in COMMON}


class Found(NamedTuple):
    """A parameter.

    Attributes:
        owner: The number of the effect; INSTRUMENT, MIX or ROOM.
        name: Of the parameter.
        parameter: What it may be; None for a plugin's, which its process knows.
        bus: The bus that has it; empty for the chain itself.
    """

    owner: int
    name: str
    parameter: Parameter | None
    bus: str = ""


@lru_cache(maxsize=1024)
def find(chain: "Chain", address: str) -> Found | None:
    """The parameter that an address means; None if there is none.

    A plain name is one of the instrument's, or else of the first effect that has it.

    >>> from plugin_host.specs import fx, instrument
    >>> chain = instrument("bass") | fx.delay() | fx.delay(0.2)
    >>> [find(chain, name).owner for name in ("cutoff", "gain", "delay.mix", "delay2.mix", "delay_seconds")]
    [-1, -2, 0, 1, 0]
    """
    part, _, name = address.rpartition(".")
    if part == "mix" and name in _MIX:
        return Found(MIX, name, _MIX[name])
    if part == "place" and (own := _named(PLACE, name)) is not None:
        return Found(ROOM, name, own)
    for number, label in enumerate(_labels(chain)):
        effect = chain.effects[number]
        if part == label and effect.name == "vst3":
            return Found(number, name, None)
        if part == label and (own := _named(EFFECTS[effect.name], name)) is not None:
            return Found(number, name, own)
    head, _, rest = address.partition(".")
    for bus in chain.path if rest else ():
        if head == bus.instrument.name and (found := find(bus, rest)) is not None:
            return found if found.bus else found._replace(bus=head)
    source = chain.instrument
    if source.kind == "vst3":
        return Found(INSTRUMENT, address, None)
    own = _named(_table(source), address)
    if own is not None:
        return Found(MIX if address in _MIX else INSTRUMENT, address, own)
    for number, effect in enumerate(chain.effects):
        if (own := _named(EFFECTS.get(effect.name, ()), address)) is not None:
            return Found(number, address, own)
    own = _named(PLACE, address)
    return None if own is None else Found(ROOM, address, own)


def fault(chain: "Chain", key: str, value: object) -> str | None:
    """What is wrong with a control that moves a parameter; None if nothing is, or if only a plugin knows.

    Args:
        chain: What is to be moved.
        key: The control's key.
        value: Its value.

    >>> from plugin_host.specs import instrument
    >>> fault(instrument("bass"), "param.cutof", 0.5)
    "bass has no parameter 'cutof'; did you mean 'cutoff'?"
    """
    meant = moved_by(key)
    if meant is None:
        return None
    address, is_position = meant
    name = chain.instrument.name
    found = find(chain, address)
    if found is None:
        return f"{name} has no parameter {address!r}; {nearest(address, _all(chain))}"
    one = found.parameter
    if one is not None and one.fixed:
        return f"{name}: {address} says how it is built, and cannot be moved while it plays"
    if isinstance(value, int | float) and (is_position or one is not None):
        low, high = (0.0, 1.0) if is_position or one is None else (one.low, one.high)
        hair = 1e-6 * (high - low)
        if not low - hair <= value <= high + hair:
            allowed = "from 0, its lowest, to 1, its highest" if is_position or one is None else one.range
            return f"{name}: {address} moves out of its range, which is {allowed}; it goes as far as that"
    return None


def moves_of(chain: "Chain") -> list[tuple[str, Move]]:
    """The parameters of a chain that patterns move, with their addresses."""
    out: list[tuple[str, Move]] = []
    for place in (chain, *chain.path):
        before = "" if place is chain else f"{place.instrument.name}."
        out += [(before + one.name, one) for one in place.instrument.moves]
        for label, effect in zip(_labels(place), place.effects, strict=True):
            out += [(f"{before}{label}.{one.name}", one) for one in effect.moves]
    return out


def _labels(chain: "Chain") -> list[str]:
    """What its effects are called: by their names, from the second of a kind on with its number."""
    seen: dict[str, int] = {}
    out: list[str] = []
    for effect in chain.effects:
        name = effect.name if effect.name != "vst3" else _word(str(effect["@plugin"]))
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name}{seen[name]}")
    return out


def _word(plugin: str) -> str:
    """What a plugin is called in an address.

    >>> _word("~/plugins/Zam-CompX2.vst3")
    'zam_compx2'
    >>> _word("lv2:MDA Delay")
    'mda_delay'
    """
    name = PurePath(plugin.split(":", 1)[-1]).name  # without its kind
    return re.sub(r"\W+", "_", name.casefold().removesuffix(".vst3"))


def _table(source: "Instrument") -> tuple[Parameter, ...]:
    if source.kind == "bus":
        return BUS
    if source.kind in {"input", "loop"}:
        return COMMON
    return SAMPLER if source.kind == "sampler" else INSTRUMENTS.get(source.name, COMMON)


def _named(table: tuple[Parameter, ...], name: str) -> Parameter | None:
    return next((one for one in table if one.name == name), None)


def _all(chain: "Chain") -> list[str]:
    names = [one.name for one in _table(chain.instrument) if not one.fixed]
    for label, effect in zip(_labels(chain), chain.effects, strict=True):
        names += [f"{label}.{one.name}" for one in EFFECTS.get(effect.name, ()) if not one.fixed]
    if chain.to is not None:
        names += [f"{chain.to.instrument.name}.{name}" for name in _all(chain.to)]
    return names
