"""Plugins of other kinds than VST3, as instruments and effects of a chain."""

from collections.abc import Mapping

from plugin_host.errors import HostError
from plugin_host.plugin_files import AU, LV2
from plugin_host.specs import Chain, vst3

__all__ = ["au", "lv2"]


def lv2(
    plugin: str,
    /,
    *,
    preset: str | None = None,
    params: Mapping[str, object] | None = None,
    **more: object,
) -> Chain:
    """An LV2 plugin, as `vst3`; it needs `pip install minihost`.

    Args:
        plugin: Its name, its URI, or the end of that.
        preset: The name of one of its own programs.
        params: Parameters by name, where a name is no word of Python.
        **more: Parameters by name.

    Raises:
        HostError: No name was given.
        TypeError: A value that is neither a number nor text.

    >>> lv2("MDA ePiano", hardness=.7).instrument["hardness"]
    0.7
    """
    name = _named("lv2", plugin, "MDA ePiano")
    return vst3(LV2 + name, preset=preset, params=_given("lv2", params, more))


def au(
    plugin: str,
    /,
    *,
    preset: str | None = None,
    params: Mapping[str, object] | None = None,
    **more: object,
) -> Chain:
    """An Audio Unit, on macOS, as `vst3`.

    Args:
        plugin: Its name, or the path to its `.component`.
        preset: The name of one of its own programs.
        params: Parameters by name, where a name is no word of Python.
        **more: Parameters by name.

    Raises:
        HostError: No name was given.
        TypeError: A value that is neither a number nor text.

    >>> au("AUDelay", dry_wet_mix=30).instrument["dry_wet_mix"]
    30
    """
    name = _named("au", plugin, "AUDelay")
    return vst3(AU + name, preset=preset, params=_given("au", params, more))


def _given(word: str, params: Mapping[str, object] | None, more: Mapping[str, object]) -> dict[str, object]:
    if params is not None and not isinstance(params, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
        raise TypeError(f"{word}: params= takes a table of names and values (got {params!r})")
    return {**(params or {}), **more}


def _named(word: str, plugin: str, example: str) -> str:
    name = str(plugin).strip()
    if not name:
        raise HostError(f'{word} takes a plugin\'s name, as in {word}("{example}")')
    return name
