"""Where VST3 plugins lie, and which one is meant by a name; looks at names of files only."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from plugin_host.errors import PluginLoadError, nearest
from plugin_host.lv2_files import find_lv2
from plugin_host.paths import expanded

__all__ = ["AU", "LV2", "find_plugin", "place_of", "plugin_folders", "plugins_in"]

AU = "au:"
"""What stands before the name of an Audio Unit."""
LV2 = "lv2:"
"""What stands before the name, and the URI, of an LV2 plugin."""

DEPTH = 3
"""How deep below a folder plugins are looked for: makers have folders of their own, and some in them."""


def plugin_folders(more: Sequence[Path] = ()) -> list[Path]:
    """The folders in which plugins are looked for, the musician's own first.

    Args:
        more: From the settings.

    Source: Steinberg, "VST 3 Plug-in Locations".
    """
    home = Path.home()
    if sys.platform == "darwin":
        usual = [home / "Library/Audio/Plug-Ins/VST3", Path("/Library/Audio/Plug-Ins/VST3")]
    elif os.name == "nt":
        local = os.environ.get("LOCALAPPDATA", str(home / "AppData/Local"))
        common = os.environ.get("COMMONPROGRAMFILES", "C:/Program Files/Common Files")
        usual = [Path(local) / "Programs/Common/VST3", Path(common) / "VST3"]
    else:
        usual = [home / ".vst3", Path("/usr/lib/vst3"), Path("/usr/local/lib/vst3")]
    return list(dict.fromkeys([*map(expanded, more), *usual]))


def plugins_in(folders: Sequence[Path]) -> list[Path]:
    """Every plugin in these folders, sorted within each; of two with one name the first is meant."""
    return [path for folder in folders for path in _below(folder, DEPTH)]


def _below(folder: Path, depth: int) -> Iterator[Path]:
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return
    for entry in entries:
        # A plugin is a file or a folder; what lies inside such a folder is no other plugin.
        if entry.suffix.lower() == ".vst3":
            yield entry
        elif depth > 1 and entry.is_dir():
            yield from _below(entry, depth - 1)


def find_plugin(name: str, folders: Sequence[Path] = ()) -> Path:
    """The plugin that is meant.

    Args:
        name: A path, or the name of a plugin's file with or without `.vst3`, in any case of letters.
        folders: From the settings, looked through before the system's.

    Raises:
        PluginLoadError: There is none; says where it was looked for, and which names are alike.
    """
    path = expanded(name)
    if path.is_absolute() or len(path.parts) > 1 or (path.suffix.lower() == ".vst3" and path.exists()):
        if path.exists():
            return path.absolute()
        raise PluginLoadError(f"there is no plugin at {path}")
    places = plugin_folders(folders)
    known = plugins_in(places)
    wanted = _plain(name)
    for one in known:
        if _plain(one.name) == wanted:
            return one
    where = ", ".join(str(place) for place in places)
    told = nearest(name, {one.stem for one in known}) if known else "there are no VST3 plugins at all"
    raise PluginLoadError(f"no plugin {name!r} in {where}; {told}")


def place_of(name: str, folders: Sequence[Path] = ()) -> str:
    """Where the plugin that is meant can be loaded from: its path, or `lv2:` and its URI.

    Args:
        name: As for `find_plugin`; `lv2:` and as for `find_lv2`; `au:` and an Audio Unit's name or path.
        folders: From the settings.

    Raises:
        PluginLoadError: There is none.
    """
    if name.startswith(LV2):
        return LV2 + find_lv2(name.removeprefix(LV2))
    if name.startswith(AU):
        return str(_find_unit(name.removeprefix(AU)))
    return str(find_plugin(name, folders))


def _find_unit(name: str) -> Path:
    """The Audio Unit that is meant."""
    if sys.platform != "darwin":
        raise PluginLoadError("Audio Units are a thing of macOS; there may be a VST3 of it: vst3(...)")
    path = expanded(name)
    if len(path.parts) > 1:
        if path.exists():
            return path.absolute()
        raise PluginLoadError(f"there is no plugin at {path}")
    places = [one / "Audio/Plug-Ins/Components" for one in (Path.home() / "Library", Path("/Library"))]
    known = [
        one for place in (*places, Path("/System/Library/Components")) for one in place.glob("*.component")
    ]
    for one in sorted(known):
        if _plain(one.stem) == _plain(name):
            return one
    told = nearest(name, {one.stem for one in known}) if known else "there are no Audio Units at all"
    raise PluginLoadError(f"no plugin {name!r} in {', '.join(map(str, places))}; {told}")


def _plain(name: str) -> str:
    """A name without what people write now this way, now that.

    >>> _plain("Surge XT.vst3") == _plain("surge-xt")
    True
    """
    return "".join(one for one in name.casefold().removesuffix(".vst3") if one.isalnum())
