"""Looks at one plugin; asked through `bridge.asking`, in a process that may hang or crash over it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pedalboard import AudioProcessorParameter

__all__ = ["look_at_plugin"]

RATE, BLOCK = 48_000, 256
MOST = 4000
"""Parameters that are listed at most."""
ASKED = 500
"""Those of which the range is found out, too: it takes 3 ms each, a thousand questions."""


def look_at_plugin(path: str) -> dict[str, object]:
    """What a plugin is and what can be set in it, or what is wrong with it."""
    from plugin_host.errors import PluginLoadError
    from plugin_host.plugin_files import LV2

    if path.startswith(LV2):
        return _look_at_lv2(path)
    from plugin_host.plugin_loading import LoadedPlugin, programs

    try:
        loaded = LoadedPlugin(Path(path), RATE, BLOCK)
        if loaded.is_instrument:
            # Some know their own values only after a block.
            loaded.render([], 0)
    except PluginLoadError as error:
        return {"missing": str(error)}
    plugin = loaded.plugin
    return {
        "name": plugin.name,
        "maker": plugin.manufacturer_name,
        "version": plugin.version,
        "instrument": loaded.is_instrument,
        "latency": loaded.latency / RATE,
        "presets": programs(loaded.parameters),
        "parameters": [
            _row(name, one, ask=number < ASKED)
            for number, (name, one) in enumerate([*loaded.parameters.items()][:MOST])
        ],
    }


def _look_at_lv2(path: str) -> dict[str, object]:
    from plugin_host.errors import PluginLoadError
    from plugin_host.lv2_files import lv2_plugins
    from plugin_host.minihost_loading import MinihostPlugin
    from plugin_host.plugin_files import LV2

    uri = path.removeprefix(LV2)
    try:
        loaded = MinihostPlugin(path, RATE, BLOCK)
    except PluginLoadError as error:
        return {"missing": str(error)}
    return {
        "name": next((title for _, one, title in lv2_plugins() if one == uri), uri),
        "maker": "",
        "version": "",
        "instrument": loaded.is_instrument,
        "latency": loaded.latency / RATE,
        "presets": loaded.programs,
        "parameters": loaded.rows()[:MOST],
    }


def _row(name: str, parameter: AudioProcessorParameter, *, ask: bool) -> dict[str, object]:
    values = parameter.valid_values if ask else []
    low, high, _ = parameter.range if ask else (None, None, None)
    words = [str(one) for one in values] if values and isinstance(values[0], str) else []
    return {
        "name": name,
        "title": parameter.name,
        "low": low,
        "high": high,
        "unit": parameter.units or "",
        "words": words,
    }
