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
from repl.sinks import SHORT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST = 5_000
"""Sounds that are offered: a collection of samples may have ten thousand folders."""

_ATOM = re.compile(r"[\w~\-#.^]*")
"""What mini-notation takes for one word."""


@cache
def texts(folders: tuple[str, ...]) -> Mapping[str, list[str]]:
    """Everything that the prompt completes within quotes, by what it is.

    Args:
        folders: The musician's folders of samples; looked into once.
    """
    return {
        "sound": sorted({*NAMES, *ALIASES, *INSTRUMENTS, *SHORT, *_samples(folders)}),
        "scale": sorted(name.replace(" ", ":") for name in SCALES),
        "chord": sorted(name for name in INTERVALS if name and _ATOM.fullmatch(name)),
        "dictionary": sorted(voicings.DICTIONARIES),
        "mode": sorted(voicings.MODES),
        "arp": sorted(name for name in arpeggios.MODES if _ATOM.fullmatch(name)),
        "instrument": [name for name in INSTRUMENTS if name not in PLAIN_WAVES] + sorted(PLAIN_WAVES),
    }


def _samples(folders: Iterable[str]) -> list[str]:
    """The names of the sounds in some folders: those of the folders in them."""
    found: list[str] = []
    for folder in folders:
        try:
            found += [place.name for place in Path(folder).expanduser().iterdir() if place.is_dir()]
        except OSError:  # it was there when the settings were read
            continue
    return [name for name in sorted(found) if _ATOM.fullmatch(name) and name[0] != "."][:MOST]
