"""Descriptions of instruments, effects and chains: plain values that can be compared, stored and sent."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

from plugin_host.addresses import fault
from plugin_host.effect_specs import Effect, fx
from plugin_host.errors import HostError, nearest
from plugin_host.instrument_table import BUS, COMMON, INSTRUMENTS, SAMPLER, SOUNDFONT
from plugin_host.parameters import (
    Move,
    Moves,
    Values,
    checked_moving,
)
from plugin_host.places import with_place
from plugin_host.plugin_values import (
    HOST,
    HOSTS,
    PRESET,
    STATE,
    given,
    plugin_effect,
    plugins_of,
    read_effect,
)
from plugin_host.preset_files import preset_digest

__all__ = [
    "PRESET",
    "Chain",
    "Effect",
    "Instrument",
    "audio_in",
    "bus",
    "fx",
    "instrument",
    "sampler",
    "soundfont",
    "vst3",
]

KINDS = frozenset({"builtin", "sampler", "vst3", "bus", "input", "loop"})
ORBITS = 64
"""The highest orbit; SuperDirt begins with 12."""
_ORBIT = re.compile(r"orbit\d+")
_WORD = re.compile(r"[A-Za-z_][\w-]*")


@dataclass(frozen=True, slots=True)
class Instrument:
    """What makes the sound.

    Args:
        kind: One of `KINDS`.
        name: Of the built-in instrument, the bus or the inputs, the folder or file of samples, the plugin's
            name or path.
        values: Every parameter with its value; of a plugin those that were given, and its preset.
        moves: Parameters that patterns move; their values are those at the beginning.
    """

    kind: str
    name: str
    values: Values
    moves: Moves = ()

    def __getitem__(self, name: str) -> float | str:
        """The value of one parameter."""
        return dict(self.values)[name]


@dataclass(frozen=True, slots=True)
class Chain:
    """An instrument and the effects that follow it: where a layer can play.

    Args:
        instrument: What makes the sound.
        effects: What follows it, in order.
        to: The bus that it plays into; None for the master.

    >>> chain = instrument("keys") | fx.chorus(depth=.4) | fx.reverb(.6)
    >>> [effect.name for effect in chain.effects]
    ['chorus', 'reverb']
    >>> Chain.from_json(chain.to_json()) == chain
    True
    """

    instrument: Instrument
    effects: tuple[Effect, ...] = ()
    to: "Chain | None" = None
    _key: str = field(default="", init=False, repr=False, compare=False)

    @property
    def kind(self) -> str:
        """Played by the mixer."""
        return "audio"

    def __or__(self, other: object) -> "Chain":
        """Let an effect follow, or a bus, which is the end."""
        if isinstance(other, Chain) and other.instrument.kind == "vst3" and other.to is None:
            plugin = other.instrument
            made = self | plugin_effect(plugin.name, plugin.values, plugin.moves)
            return replace(made, effects=(*made.effects, *other.effects))
        if isinstance(other, Effect):
            if self.to is not None:
                bus = self.to.instrument.name
                raise TypeError(
                    f"fx.{other.name} stands behind bus {bus!r}: an effect of the bus belongs to it, "
                    f"as in {bus} = bus({bus!r}) | fx.{other.name}(), one of this instrument stands before it"
                )
            return replace(self, effects=(*self.effects, other))
        if isinstance(other, Chain) and other.instrument.kind == "bus":
            return self._into(other)
        raise TypeError(
            f"an effect such as fx.reverb(), or a bus, can follow an instrument; {_brief(other)} cannot"
        )

    def _into(self, bus: "Chain") -> "Chain":
        if self.to is not None:
            raise TypeError(f"{self.instrument.name!r} plays into bus {self.to.instrument.name!r} already")
        names = [one.instrument.name for one in (bus, *bus.path)]
        if self.instrument.kind == "bus" and self.instrument.name in names:
            ring = names[: names.index(self.instrument.name) + 1]
            raise HostError("buses in a ring: " + " -> ".join(map(repr, [self.instrument.name, *ring])))
        return replace(self, to=bus)

    @property
    def path(self) -> "tuple[Chain, ...]":
        """The buses between it and the master, the nearest first."""
        return () if self.to is None else (self.to, *self.to.path)

    @property
    def plugins(self) -> tuple[tuple[str, str], ...]:
        """The plugins that its sound goes through, those of its buses among them: names and presets."""
        return plugins_of(self)

    @property
    def without_orbit(self) -> "Chain":
        """The chain of which this one is the copy on another orbit; itself if it is none."""
        if self.to is None:
            return self
        if self.to.to is None:
            return replace(self, to=None) if _ORBIT.fullmatch(self.to.instrument.name) else self
        inner = self.to.without_orbit
        return self if inner is self.to else replace(self, to=inner)

    def aimed(self, controls: Mapping[str, object]) -> "Chain":
        """Where an event goes that is meant for this chain: an orbit other than 0 is a bus of its own.

        Raises:
            ValueError: The orbit is no whole number from 0 to 64.
        """
        number = controls.get("orbit", 0)
        if isinstance(number, bool) or not isinstance(number, int | float) or not _is_orbit(number):
            raise ValueError(f"orbit={number!r}: give a whole number, 0 to {ORBITS}")
        return self if int(number) == 0 else _ended(self, f"orbit{int(number)}")

    def fault(self, name: str, value: object) -> str | None:
        """What is wrong with a control that moves a parameter of it; None if nothing is."""
        return fault(self, name, value)

    @property
    def key(self) -> str:
        """A short name that two chains share just if they are equal, the same in every process."""
        if not self._key:  # made once: each event asks for it four times
            text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"))
            key = hashlib.blake2b(text.encode(), digest_size=8).hexdigest()
            object.__setattr__(self, "_key", key)
        return self._key

    def to_json(self) -> dict[str, object]:
        """The chain as plain data."""
        source = self.instrument
        return {
            "kind": source.kind,
            "name": source.name,
            "values": dict(source.values),
            **_marks(source.moves),
            "effects": [
                {"name": one.name, "values": dict(one.values), **_marks(one.moves)} for one in self.effects
            ],
            # Only where there is one, for the same reason as marks.
            **({} if self.to is None else {"to": self.to.to_json()}),
        }

    @staticmethod
    def from_json(data: Mapping[str, object]) -> "Chain":
        """Make the chain again from what `to_json` gave; every value is checked again.

        Raises:
            HostError: Something in it is unknown.
            TypeError: It is not of that form.
            ValueError: A value is out of range.
        """
        kind, name = data.get("kind"), data.get("name")
        if not isinstance(name, str) or kind not in KINDS:
            raise TypeError(f"not a chain: {data!r}")
        values = _mapping(data.get("values", {}))
        if kind == "vst3":
            chain = Chain(Instrument("vst3", name, *given(name, values)))
        elif kind == "bus":
            chain = bus(name, **values)
        elif kind == "input":
            chain = audio_in(*name.split("+"), **values)
        elif kind == "loop":
            from plugin_host.looped import loop_chain  # which builds on this module

            chain = loop_chain(name, str(values.pop("source", "")), values)
        elif kind == "sampler" and _is_soundfont(name):
            chain = _soundfont(name, values.pop(PRESET, None), values)
        else:
            chain = sampler(name, **values) if kind == "sampler" else instrument(name, **values)
        chain = Chain(replace(chain.instrument, moves=_moves(data)))
        effects = data.get("effects", [])
        if not isinstance(effects, Sequence):
            raise TypeError(f"not a list of effects: {effects!r}")
        for one in cast("Sequence[object]", effects):
            entry = _mapping(one)
            effect = read_effect(str(entry.get("name")), _mapping(entry.get("values", {})))
            chain |= replace(effect, moves=_moves(entry))
        to = data.get("to")
        return chain if to is None else chain | Chain.from_json(_mapping(to))


def _is_orbit(number: float) -> bool:
    return 0 <= number <= ORBITS and number == int(number)


def _marks(moves: Moves) -> dict[str, object]:
    # Only where there are any: a chain without them keeps its key, and so its route and its events' ids.
    return {"moves": {one.name: one.mark for one in moves}} if moves else {}


def _moves(data: Mapping[str, object]) -> Moves:
    return tuple(Move(name, str(mark)) for name, mark in _mapping(data.get("moves", {})).items())


def _mapping(data: object) -> dict[str, object]:
    if not isinstance(data, Mapping):
        raise TypeError(f"expected names with values, got {data!r}")
    return {str(name): value for name, value in cast("Mapping[object, object]", data).items()}


def instrument(name: str, **params: object) -> Chain:
    """An instrument that comes with Sempre.

    Args:
        name: "drums", "bass", "keys", "pad", "lead", "pluck", "bells", "strings", "texture", "noise", or a
            plain wave: "sawtooth", "square", "triangle", "sine".
        **params: What is to differ from its usual sound; docs/sinks.md lists them. A signal
            moves its parameter.

    Raises:
        HostError: No such instrument, or it has no such parameter; names the nearest.
        TypeError: A value of a wrong kind.
        ValueError: A value out of range.

    >>> instrument("bass", cutoff=500).instrument["cutoff"]
    500.0
    """
    if name not in INSTRUMENTS:
        raise HostError(f"no instrument {name!r}; {nearest(name, INSTRUMENTS)}")
    return Chain(
        Instrument(
            "builtin",
            name,
            *checked_moving(f"instrument({name!r})", with_place(INSTRUMENTS[name], params), (), params),
        )
    )


def bus(name: str, **params: object) -> Chain:
    """A bus: what several instruments play into, with effects, a fader and sends of its own.

    `kit | drumbus` plays into it; buses may play into buses. Where two are equal they are one.

    Args:
        name: What it is called: a word, such as "drumbus".
        **params: gain, pan, room, delay, duck; space ("own": an echo and a reverb of its own). They count
            after its effects. A signal moves its parameter.

    Raises:
        HostError: It has no such parameter.
        TypeError: A value of a wrong kind.
        ValueError: A value out of range, or a name that is no word.

    >>> drumbus = bus("drumbus", gain=.8) | fx.compressor()
    >>> (instrument("drums") | drumbus).to.instrument.name
    'drumbus'
    """
    if not isinstance(name, str) or not _WORD.fullmatch(name):  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
        raise ValueError(f'bus takes a name, a word such as "drumbus" (got {name!r})')
    return Chain(
        Instrument("bus", str(name), *checked_moving(f"bus({name!r})", with_place(BUS, params), (), params))
    )


def audio_in(*channels: int | str, **params: object) -> Chain:
    """What comes in from outside, heard while events last: a microphone, a line, another program.

    Args:
        *channels: One number from 1 on, or a part of a port's name; two for left and right. 1 unless given.
        **params: gain, pan, room, delay, duck. A signal moves its parameter.

    Raises:
        HostError: It has no such parameter.
        TypeError: A value of a wrong kind.
        ValueError: A value out of range, or more than two channels.

    >>> audio_in(1, 2).instrument.name
    '1+2'
    """
    names = [str(one).strip() for one in channels or (1,)]
    odd = any(isinstance(one, float) or (isinstance(one, int) and one < 1) for one in channels)
    if odd or len(names) > 2 or not all(names) or any("+" in one or one == "0" for one in names):
        raise ValueError(f"audio_in takes one channel, from 1 on or by name, or two (got {channels!r})")
    values = checked_moving("audio_in", with_place(COMMON, params), (), params)
    return Chain(Instrument("input", "+".join(names), *values))


def _brief(value: object) -> str:
    """What stands where it cannot, in a few words."""
    if isinstance(value, Chain):
        return f"the instrument {value.instrument.name!r}"
    if callable(value):
        return f"{getattr(value, '__name__', 'a function')} without its brackets"
    text = repr(value)
    return text if len(text) < 60 else f"{text[:56]} …"


def _ended(chain: Chain, name: str) -> Chain:
    """The chain with another bus, which has its own space, at the end of its path."""
    if chain.to is None:
        return replace(chain, to=bus(name, space="own"))
    return replace(chain, to=_ended(chain.to, name))


def sampler(folder: str | Path, **params: object) -> Chain:
    """An instrument that plays the sound files of a folder, or of an SFZ file.

    Each folder inside it is a sound (`s`), and the files inside that, sorted by name, are its
    variants (`n`); a folder that holds sound files itself is one sound of its own name. Where the
    names tell pitches, as in `piano_C4_v2.wav`, `note` plays the nearest.

    Args:
        folder: Where the samples are, or an `.sfz` file.
        **params: attack and release in seconds, tune in half-tones, pitched ("no": names tell no pitch),
            gain, pan, room, delay, duck.

    Raises:
        HostError: It has no such parameter.
        TypeError: A value of a wrong kind.
        ValueError: A value out of range.
    """
    if _is_soundfont(str(folder)):
        return _soundfont(str(folder), params.pop("preset", None), params)
    return Chain(
        Instrument(
            "sampler", str(folder), *checked_moving("sampler", with_place(SAMPLER, params), (), params)
        )
    )


def soundfont(file: str | Path, /, *, preset: str | None = None, **params: object) -> Chain:
    """One preset of a SoundFont file (`.sf2`), as an instrument.

    Args:
        file: Where it is.
        preset: Its name; else bank and program say which.
        **params: bank and program, both 0 unless given; attack and release in seconds, tune in half-tones,
            gain, pan, room, delay, duck.

    Raises:
        HostError: It is no `.sf2` file by its name, or there is no such parameter.
        TypeError: A value of a wrong kind.
        ValueError: A value out of range.

    >>> soundfont("bank.sf2", program=19).instrument["program"]
    19.0
    """
    if not _is_soundfont(str(file)):
        raise HostError(f"soundfont({str(file)!r}): the name of a SoundFont file ends with .sf2")
    return _soundfont(str(file), preset, params)


def _soundfont(name: str, preset: object, params: Mapping[str, object]) -> Chain:
    values, moves = checked_moving("soundfont", with_place(SOUNDFONT, params), (), params)
    if preset is not None:
        if not isinstance(preset, str):
            raise TypeError(f"soundfont: preset={preset!r}: give its name, or bank= and program=")
        values = (*values, (PRESET, preset))
    return Chain(Instrument("sampler", name, values, moves))


def _is_soundfont(name: str) -> bool:
    return name.lower().endswith(".sf2")


def vst3(
    plugin: str | Path,
    /,
    *,
    preset: str | Path | None = None,
    params: Mapping[str, object] | None = None,
    host: str | None = None,
    **more: object,
) -> Chain:
    """A plugin of yours, in a process of its own; `sempre plugins` lists what there is.

    It is an instrument at the beginning of a chain, and an effect behind one:
    `instrument("keys") | vst3("ZamCompX2", threshold=-20)`.

    Args:
        plugin: Its name, or the path to it.
        preset: A `.vstpreset` file, which is taken up anew when it is saved, or the name of one of its own
            programs.
        params: Parameters by name, in the plugin's own units, where a name is no word of Python.
        host: "minihost" where it is to know the tempo (`pip install minihost`).
        **more: Parameters by name; `sempre plugins show NAME` prints them.

    Raises:
        HostError: No name was given, or a host that there is not.
        TypeError: A value that is neither a number nor text.

    >>> vst3("Surge XT", preset="bells.vstpreset", volume=.5).instrument["volume"]
    0.5
    """
    name = str(plugin).strip()
    if not name:
        raise HostError('vst3 takes a plugin\'s name or path, as in vst3("Surge XT")')
    values = {**(params or {}), **more}
    if preset is not None:
        values[PRESET] = str(preset)
        if digest := preset_digest(str(preset)):
            values[STATE] = digest
    if host is not None:
        if host not in HOSTS:
            raise HostError(f"vst3: host={host!r}: give {' or '.join(map(repr, HOSTS))}")
        values[HOST] = host
    return Chain(Instrument("vst3", name, *given(name, values)))
