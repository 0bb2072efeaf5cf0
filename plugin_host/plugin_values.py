"""What a musician may say to a plugin, before anybody has asked the plugin itself."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from plugin_host.effect_specs import Effect, effect_of
from plugin_host.parameters import Move, Moves, Values, is_pattern, moved

if TYPE_CHECKING:
    from plugin_host.specs import Chain

__all__ = [
    "HOST",
    "HOSTS",
    "OURS",
    "PLUGIN",
    "PRESET",
    "STATE",
    "given",
    "plugin_effect",
    "plugins_of",
    "read_effect",
]

HOST = "@host"
"""Under which name the library stands by which it is loaded, where that is not the usual one."""
HOSTS = ("pedalboard", "minihost")
PLUGIN = "@plugin"
"""Under which name the plugin stands among the parameters of an effect that is one."""
PRESET = "@preset"
"""Under which name a plugin's preset stands among its parameters; none of them begins like this."""
STATE = "@state"
"""Under which name the digest of its file stands, if that is what the preset is: what is in it may change."""
OURS = frozenset({HOST, PLUGIN, PRESET, STATE})
"""What stands among a plugin's parameters and is none of them."""


def given(name: str, values: Mapping[str, object]) -> tuple[Values, Moves]:
    """Its parameters, sorted by their names, and those that patterns move.

    Args:
        name: The plugin's, for messages.
        values: As the musician gave them.

    Raises:
        TypeError: A value that is neither a number nor text.
    """
    found: list[tuple[str, float | str]] = []
    moves: list[Move] = []
    for key, value in sorted(values.items()):
        if is_pattern(value):
            begins, move = moved(f"vst3({name!r})", key, value)
            moves.append(move)
            found.append((key, begins))
            continue
        if not isinstance(value, int | float | str) or value != value:  # the last: what is no number
            raise TypeError(f"vst3({name!r}): {key}={value!r}: give a number or text")
        found.append((key, value))
    return tuple(found), tuple(moves)


def plugins_of(chain: "Chain") -> tuple[tuple[str, str], ...]:
    """The plugins that a sound goes through, those of its buses among them: names and presets.

    Args:
        chain: What it plays on.
    """
    chains = (chain, *chain.path)
    rows = [dict(one.values) for each in chains for one in each.effects if one.name == "vst3"]
    if chain.instrument.kind == "vst3":
        rows.insert(0, {PLUGIN: chain.instrument.name, **dict(chain.instrument.values)})
    return tuple((str(one[PLUGIN]), str(one.get(PRESET, ""))) for one in rows)


def plugin_effect(name: str, values: Values, moves: Moves) -> Effect:
    """A plugin that follows an instrument.

    Args:
        name: As the musician wrote it.
        values: Its parameters, and its preset.
        moves: Those that patterns move.
    """
    return Effect("vst3", ((PLUGIN, name), *values), moves)


def read_effect(name: str, values: Mapping[str, object]) -> Effect:
    """An effect from what was sent or kept of it.

    Args:
        name: As in `fx.name`, or "vst3".
        values: Its parameters.

    Raises:
        TypeError: A value of a wrong kind.
        UnknownEffect: There is none of that name.
        ValueError: A value out of range.
    """
    if name != "vst3":
        return effect_of(name, (), values)
    own = dict(values)
    plugin = str(own.pop(PLUGIN, ""))
    return plugin_effect(plugin, *given(plugin, own))
