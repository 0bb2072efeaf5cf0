"""What can stand in the texts of a piece: names of sounds, scales, chords, dictionaries of voicings."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from patterns import arpeggios, voicings
from patterns.chord_names import INTERVALS
from patterns.scale_table import SCALES
from plugin_host.drum_table import ALIASES, NAMES
from plugin_host.instrument_table import INSTRUMENTS, PLAIN_WAVES
from plugin_host.lv2_files import lv2_plugins
from plugin_host.plugin_files import plugin_folders, plugins_in
from plugin_host.sample_folders import located
from plugin_host.specs import Chain
from repl.sinks import SHORT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from repl.session import Session

MOST = 5_000
"""Sounds that are offered: a collection of samples may have ten thousand folders."""

_ATOM = re.compile(r"[\w~\-#.^]*")
"""What mini-notation takes for one word."""


@cache
def texts(
    folders: tuple[str, ...], played: tuple[str, ...] = (), plugins: tuple[Path, ...] = ()
) -> Mapping[str, list[str]]:
    """Everything that the prompt completes within quotes, by what it is.

    Args:
        folders: The musician's folders of samples; looked into once.
        played: What samplers play: folders or files, as `sampler` was told.
        plugins: The musician's folders of plugins, beside the system's; looked into once.
    """
    own = [str(place) for one in played if (place := located(one, folders)).is_dir()]
    sounds = {*_samples((*folders, *own)), *_atoms(Path(one).name for one in own)}
    return {
        "sound": sorted({*NAMES, *ALIASES, *INSTRUMENTS, *SHORT, *sounds}),
        "sampler": _folders(folders) + _instruments(folders, ".sfz"),
        "soundfont": _instruments(folders, ".sf2"),
        "scale": sorted(name.replace(" ", ":") for name in SCALES),
        "chord": sorted(name for name in INTERVALS if name and _ATOM.fullmatch(name)),
        "dictionary": sorted(voicings.DICTIONARIES),
        "mode": sorted(voicings.MODES),
        "arp": sorted(name for name in arpeggios.MODES if _ATOM.fullmatch(name)),
        "instrument": [name for name in INSTRUMENTS if name not in PLAIN_WAVES] + sorted(PLAIN_WAVES),
        "plugin": sorted({path.stem for path in plugins_in(plugin_folders(plugins))}, key=str.lower),
        "lv2": sorted({title for _, _, title in lv2_plugins()}, key=str.lower),
    }


def samplers(session: Session) -> tuple[str, ...]:
    """The folders and files that the samplers of a session play."""
    targets = [versions[-1][1].target for versions in session.places.values() if versions[-1][1] is not None]
    found = [one.instrument for one in targets if isinstance(one, Chain)]
    return tuple(sorted({one.name for one in found if one.kind == "sampler"}))


def _instruments(folders: Iterable[str], suffix: str) -> list[str]:
    """What is found by its name in some folders: files, also one folder deeper."""
    found: list[str] = []
    for folder in folders:
        try:
            inside = [place for place in sorted(Path(folder).expanduser().iterdir()) if place.name[0] != "."]
            deeper = [(place, sorted(place.iterdir())) for place in inside if place.is_dir()]
        except OSError:  # it was there when the settings were read
            continue
        found += [place.name for place in inside if place.suffix.lower() == suffix]
        for place, files in deeper:
            found += [f"{place.name}/{one.name}" for one in files if one.suffix.lower() == suffix]
    return found[:MOST]


def _samples(folders: Iterable[str]) -> list[str]:
    """The names of the sounds in some folders: those of the folders in them."""
    return _atoms(_folders(folders))


def _folders(folders: Iterable[str]) -> list[str]:
    """The names of the folders in some folders."""
    found: list[str] = []
    for folder in folders:
        try:
            found += [place.name for place in Path(folder).expanduser().iterdir() if place.is_dir()]
        except OSError:  # it was there when the settings were read
            continue
    return sorted(name for name in found if name[0] != ".")[:MOST]


def _atoms(names: Iterable[str]) -> list[str]:
    """Those that mini-notation takes for one word."""
    return [name for name in sorted(names) if _ATOM.fullmatch(name) and name[0] != "."][:MOST]
