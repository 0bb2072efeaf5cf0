"""A line about each text that can be completed: what a sound is, where a plugin lies, how far a knob goes."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from patterns import arpeggios
from patterns.chord_names import INTERVALS
from patterns.inputs import Input
from patterns.scale_table import SCALES
from plugin_host.drum_table import ALIASES, NAMES
from plugin_host.instrument_table import INSTRUMENTS, PLAIN_WAVES
from plugin_host.lv2_files import lv2_plugins
from plugin_host.plugin_files import plugin_folders, plugins_in
from plugin_host.sample_folders import located, sound_files
from repl.sinks import SHORT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

COUNTED = 500
"""Folders of a folder whose files are counted: a collection may have ten thousand, on a slow disk."""

DRUMS = {
    "bd": "bass drum", "sd": "snare drum", "rs": "rim shot", "cp": "hand clap", "hh": "closed hi-hat",
    "oh": "open hi-hat", "lt": "low tom", "mt": "middle tom", "ht": "high tom", "cr": "crash cymbal",
    "rd": "ride cymbal", "sh": "shaker", "cb": "cowbell", "cl": "claves", "tb": "tambourine", "cg": "conga",
}  # fmt: skip
_INSTRUMENTS = {
    "drums": "a drum kit, with skins or of circuits",
    "bass": "a bass synthesizer of one voice that glides",
    "keys": "an electric piano",
    "pad": "seven voices to a note that drift, for long chords",
    "lead": "a synthesizer for melodies, with vibrato",
    "pluck": "a plucked string, from nylon to wire",
    "bells": "a bell, a bar or a bowl that is struck",
    "strings": "a section of bowed strings",
    "texture": "a cloud of smeared partials",
    "noise": "a band of noise around the note",
}
_DICTIONARIES = {
    "close": "close position, in every inversion",
    "default": "a bass, and over it the chord with each of its tones in turn on top",
    "ireal": "as default: a bass, and over it the chord",
    "ireal-ext": "close position, with a ninth where the chord bears it",
    "triads": "root, third and fifth only, in every inversion",
    "guidetones": "third and seventh only",
    "lefthand": "third, fifth, seventh and ninth without the root",
    "legacy": "lefthand for chords with a seventh, triads for the others",
    "open": "close position, whose second note from the top lies an octave lower",
}
_MODES = {
    "below": "the top note is the anchor, or the nearest below it",
    "duck": "as below, without the anchor itself",
    "above": "the lowest note is the anchor, or the nearest below it",
    "root": "the root is the lowest note: the anchor, or the nearest below it",
}
_CURVES = {"linear": "", "log": ", by equal factors"}
_VENDOR = re.compile(r'"Vendor"\s*:\s*"(?P<vendor>[^"]+)"')


@cache
def lines() -> Mapping[str, Mapping[str, str]]:
    """What can be said of texts that are the same everywhere.

    >>> lines()["scale"]["dorian"], lines()["sound"]["kick"], lines()["chord"]["m7"]
    ('0 2 3 5 7 9 10', 'the same as bd: bass drum', '0 3 7 10')
    >>> lines()["arp"]["updown"], lines()["sound"]["bd"]
    ('of four notes 1 2 3 4 3 2', 'bass drum of the kit; also kick, bassdrum')
    """
    also: dict[str, list[str]] = {}
    for other, name in ALIASES.items():
        also.setdefault(name, []).append(other)
    drums = {name: "; also ".join([f"{DRUMS[name]} of the kit", *_joined(also.get(name))]) for name in NAMES}
    told = {name: f"{about}: {_told(name)}" for name, about in _INSTRUMENTS.items()}
    told |= {name: f"a plain {wave} wave: {_told(name)}" for name, wave in PLAIN_WAVES.items()}
    same = {other: f"the same as {name}: {DRUMS[name]}" for other, name in ALIASES.items()}
    same |= {other: f"the same as {name}: a plain wave" for other, name in SHORT.items()}
    return {
        "sound": {**told, **same, **drums},
        "scale": {name.replace(" ", ":"): _steps(notes) for name, notes in SCALES.items()},
        "chord": {name: _steps(notes) for name, notes in INTERVALS.items()},
        "instrument": told,
        "dictionary": _DICTIONARIES,
        "mode": _MODES,
        "arp": {
            name: f"of four notes {_steps(n + 1 for n in way(4))}" for name, way in arpeggios.MODES.items()
        },
    }


@cache
def own_lines(
    folders: tuple[str, ...], played: tuple[str, ...] = (), plugins: tuple[Path, ...] = ()
) -> Mapping[str, Mapping[str, str]]:
    """What can be said of the musician's own sounds and plugins; as for `repl.texts.texts`.

    Args:
        folders: The musician's folders of samples; looked into once.
        played: What samplers play: folders or files, as `sampler` was told.
        plugins: The musician's folders of plugins, beside the system's; looked into once.
    """
    shelves = [Path(one).expanduser() for one in folders]
    opened = [place for one in played if (place := located(one, folders)).is_dir()]
    inside = {name: line for shelf in reversed([*shelves, *opened]) for name, line in _held(shelf)}
    alone = {Path(one).name: f"what sampler({one!r}) plays" for one in played}
    here = {place.name: _counted(place) for place in opened}
    return {
        "sound": {**alone, **inside, **here},
        "sampler": {
            **{name: line for shelf in reversed(shelves) for name, line in _held(shelf)},
            **_files(shelves, ".sfz", "an instrument of SFZ"),
        },
        "soundfont": _files(shelves, ".sf2", "a SoundFont"),
        "plugin": {
            path.stem: ", ".join((*_vendor(path), f"in {_short(path.parent)}"))
            for path in reversed(plugins_in(plugin_folders(plugins)))
        },
        "lv2": {title: f"in {_short(bundle)}: {uri}" for bundle, uri, title in lv2_plugins()},
    }


def knob_lines(rows: Iterable[Mapping[str, object]]) -> dict[str, str]:
    """How far each input goes, and where it begins.

    >>> knob_lines([{"name": "cut", "low": 200, "high": 4000, "curve": "log", "default": 900}])
    {'cut': 'a knob from 200 to 4000, by equal factors; begins at 900'}
    >>> knob_lines([{"name": "wet", "kind": "toggle"}])
    {'wet': 'a toggle, off or on: 0 or 1; begins at 0'}

    Args:
        rows: The inputs, as surfaces are told of them.
    """
    found = [Input(**cast("dict[str, Any]", dict(row))) for row in rows]
    return {one.name: f"{_kind(one)}; begins at {one.default:g}" for one in found}


def _kind(one: Input) -> str:
    if one.kind in {"toggle", "button"}:
        way = "off or on" if one.kind == "toggle" else "on while it is held"
        return f"a {one.kind}, {way}: {one.low:g} or {one.high:g}"
    curve = _CURVES.get(str(one.curve), f", by the power of {one.curve}")
    what = {"x": "a pad's way across", "y": "a pad's way up", "midi": "moved by MIDI"}.get(one.kind, "a knob")
    return f"{what} from {one.low:g} to {one.high:g}{curve}"


def _told(name: str) -> str:
    """What an instrument can be told."""
    return ", ".join(one.name for one in INSTRUMENTS[name])


def _joined(names: Sequence[str] | None) -> list[str]:
    return [", ".join(names)] if names else []


def _steps(notes: Iterable[int]) -> str:
    return " ".join(map(str, notes))


def _folders(shelf: Path) -> list[Path]:
    try:
        return [one for one in sorted(shelf.iterdir()) if one.is_dir()]
    except OSError:  # it was there when the settings were read
        return []


def _held(shelf: Path) -> Iterator[tuple[str, str]]:
    """The folders in a folder, with what is in each; of very many the first are looked into."""
    for number, one in enumerate(_folders(shelf)):
        yield one.name, _counted(one) if number < COUNTED else f"a folder in {_short(shelf)}"


def _counted(folder: Path) -> str:
    """How many sounds a folder holds, and where it is."""
    try:
        count = len(sound_files(folder))
    except OSError:
        count = 0
    files = "1 sound file" if count == 1 else f"{count} sound files" if count else "a folder"
    return f"{files} in {_short(folder.parent)}"


def _files(shelves: Iterable[Path], suffix: str, what: str) -> dict[str, str]:
    """The files of a kind in some folders, and one folder deeper, by what one writes for them."""
    found: dict[str, str] = {}
    for shelf in shelves:
        for place in (shelf, *_folders(shelf)):
            before = "" if place == shelf else f"{place.name}/"
            names = [one.name for one in place.glob("*") if one.suffix.lower() == suffix]
            found |= {f"{before}{name}": f"{what}, in {_short(place)}" for name in names}
    return found


def _vendor(plugin: Path) -> list[str]:
    """Who made a plugin, if it says so without being loaded: bundles of newer ones hold a text that does.

    Source: Steinberg, "VST 3 Developer Portal: moduleinfo.json".
    """
    for place in ("Contents/Resources/moduleinfo.json", "Contents/moduleinfo.json"):
        try:
            # It may have commas that JSON has not.
            found = _VENDOR.search((plugin / place).read_text(encoding="utf-8", errors="replace"))
        except OSError:
            continue
        if found is not None:
            return [found["vendor"]]
    return []


def _short(place: Path) -> str:
    """A folder, with `~` for the musician's own."""
    home = Path.home()
    return f"~/{place.relative_to(home).as_posix()}" if place.is_relative_to(home) else str(place)
