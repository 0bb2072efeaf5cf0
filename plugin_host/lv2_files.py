"""Where LV2 plugins lie, and which one is meant by a name; reads their texts only."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from plugin_host.errors import PluginLoadError, nearest

__all__ = ["bundle_elsewhere", "find_lv2", "lv2_folders", "lv2_plugins"]

_PREFIX = re.compile(r"@prefix\s+([\w.-]*):\s*<([^>]*)>")
_SUBJECT = re.compile(r"(?m)^(<[^>]+>|[\w.-]*:[\w.-]*)\s+(?=a\s)([^;.]*?\blv2:Plugin\b)")
_NAME = re.compile(r'\bdoap:name\s+"([^"]+)"')


def lv2_folders() -> list[Path]:
    """The folders in which LV2 plugins are looked for.

    Source: the LV2 specification's page on file system hierarchy; `LV2_PATH` goes before.
    """
    said = os.environ.get("LV2_PATH")
    return [Path(one).expanduser() for one in said.split(os.pathsep) if one] if said else _usual()


def _usual() -> list[Path]:
    """The system's folders, which are all that minihost knows of."""
    home = Path.home()
    if sys.platform == "darwin":
        return [home / "Library/Audio/Plug-Ins/LV2", Path("/Library/Audio/Plug-Ins/LV2")]
    if os.name == "nt":
        common = os.environ.get("COMMONPROGRAMFILES", "C:/Program Files/Common Files")
        return [Path(os.environ.get("APPDATA", str(home))) / "LV2", Path(common) / "LV2"]
    return [home / ".lv2", Path("/usr/local/lib/lv2"), Path("/usr/lib/lv2")]


def find_lv2(name: str, folders: Sequence[Path] | None = None) -> str:
    """The URI of the LV2 plugin that is meant.

    Args:
        name: A URI, the end of one, or the plugin's name, in any case of letters.
        folders: Where to look; None is where the system has them.

    Raises:
        PluginLoadError: There is none; says where it was looked for, and which names are alike.
    """
    if name.startswith(("http:", "https:", "urn:")):
        return name
    places = lv2_folders() if folders is None else folders
    known: dict[str, str] = {}
    titles: dict[str, str] = {}
    for _, uri, title in lv2_plugins(places):
        titles.setdefault(title.casefold(), title)
        for one in (title, re.split(r"[/:#]", uri)[-1]):
            known.setdefault(one.casefold(), uri)
    found = known.get(name.casefold())
    if found is None:
        where = ", ".join(str(place) for place in places)
        told = nearest(name, titles.values()) if known else "there are no LV2 plugins at all"
        raise PluginLoadError(f"no plugin {name!r} in {where}; {told}")
    return found


def bundle_elsewhere(uri: str) -> Path | None:
    """The bundle of an LV2 plugin that lies where only `LV2_PATH` tells; None if it lies in a usual folder.

    Args:
        uri: The plugin's.

    Raises:
        PluginLoadError: There are several plugins in it, of which minihost would take the first.
    """
    usual = _usual()
    known = [*lv2_plugins()]
    places = [bundle for bundle, one, _ in known if one == uri]
    if not places or any(one.parent in usual for one in places):
        return None
    bundle = places[0]
    if len({one for place, one, _ in known if place == bundle}) > 1:
        raise PluginLoadError(
            f"{bundle} holds several plugins: put it, or a link to it, into {usual[0]}, "
            "where minihost finds each of them"
        )
    return bundle


def lv2_plugins(folders: Sequence[Path] | None = None) -> Iterator[tuple[Path, str, str]]:
    """All LV2 plugins: their bundles, URIs and names.

    Args:
        folders: Where to look; None is where the system has them.
    """
    for folder in lv2_folders() if folders is None else folders:
        for bundle in sorted(folder.glob("*.lv2")):
            for file in sorted(bundle.glob("*.ttl")):
                try:
                    text = file.read_text(errors="replace")
                except OSError:
                    continue
                for uri, title in _plugins_of(text):
                    yield bundle, uri, title


def _plugins_of(text: str) -> Iterator[tuple[str, str]]:
    r"""The plugins that a Turtle file tells of, with their names, which stand behind them.

    >>> [*_plugins_of('@prefix x: <urn:x:> .\nx:A\n  a lv2:Plugin ;\n  doap:name "An A" .\n')]
    [('urn:x:A', 'An A')]
    """
    prefixes = dict(_PREFIX.findall(text))
    starts = [*_SUBJECT.finditer(text)]
    ends = [*(one.start() for one in starts), len(text)][1:]
    for one, end in zip(starts, ends, strict=True):
        name = _NAME.search(text, one.end(), end)
        subject = one.group(1)
        if subject.startswith("<"):
            uri = subject[1:-1]
        else:
            short, _, rest = subject.partition(":")
            uri = prefixes.get(short, "") + rest
        if name is not None:
            yield uri, name.group(1)
