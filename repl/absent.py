"""What a piece names that is not on this machine: folders of samples, sound files, plugins, presets."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from plugin_host.errors import PluginLoadError, nearest
from plugin_host.paths import expanded
from plugin_host.plugin_files import AU, LV2, place_of
from plugin_host.plugin_values import PLUGIN, PRESET
from plugin_host.sample_folders import KINDS, located
from plugin_host.specs import Chain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bridge.layer import Layer
    from plugin_host.parameters import Values

MAPS = frozenset({".sfz", ".sf2"})
"""How files end that say which sample a note plays."""


class Places(NamedTuple):
    """Where things are looked for.

    Attributes:
        samples: The musician's folders of samples.
        plugins: The musician's folders of plugins, beside the system's.
    """

    samples: tuple[str, ...] = ()
    plugins: tuple[Path, ...] = ()

    @staticmethod
    def of(settings: Mapping[str, object]) -> Places:
        """As a process has them that was told the settings.

        Args:
            settings: Its own.
        """
        samples, plugins = (cast("Sequence[str]", settings.get(name, ())) for name in ("samples", "plugins"))
        return Places(tuple(samples), tuple(map(Path, plugins)))


def absent(layers: Mapping[str, Layer], places: Places) -> Iterator[tuple[int, str]]:
    """What layers play on that is not there: the line, and what is to be said; each once.

    Args:
        layers: Of a piece or a statement, by name.
        places: Where things are looked for.
    """
    told: set[str] = set()
    for layer in layers.values():
        target = layer.target
        for chain in (target, *target.path) if isinstance(target, Chain) else ():
            for text in _lacks(chain, places):
                if text not in told:
                    told.add(text)
                    yield layer.where, text


def _lacks(chain: Chain, places: Places) -> Iterator[str]:
    source = chain.instrument
    if source.kind == "sampler":
        word = "soundfont" if source.name.lower().endswith(".sf2") else "sampler"
        yield from _file(f"{word}({source.name!r})", source.name, places, MAPS, folders=word == "sampler")
    elif source.kind == "vst3":
        yield from _plugin(source.name, source.values, places)
    for effect in chain.effects:
        if effect.name == "vst3":
            yield from _plugin(str(effect[PLUGIN]), effect.values, places)
        elif effect.name == "convolution" and (file := str(effect["file"])):
            yield from _file(f"fx.convolution({file!r})", file, places, KINDS)


def _file(
    said: str, name: str, places: Places, kinds: frozenset[str], *, folders: bool = False
) -> Iterator[str]:
    if located(name, places.samples).exists():
        return
    beside = expanded(name).parent
    known = {str(beside / one) for one in _in(beside, kinds, folders=folders)}
    for place in places.samples:
        known.update(_in(expanded(place), kinds, folders=folders))
    what = "folder or file" if folders else "file"
    where = f"here or in {', '.join(places.samples)}" if places.samples else "there"
    like = nearest(name, known) if known else "and nothing like it"
    yield f"{said}: no such {what} is {where}; {like}"


def _in(folder: Path, kinds: frozenset[str], *, folders: bool = False) -> list[str]:
    """The names in a folder that may have been meant."""
    try:
        inside = sorted(folder.iterdir())
    except OSError:
        return []
    return [
        one.name
        for one in inside
        if one.name[0] not in "._" and (one.suffix.lower() in kinds or (folders and one.is_dir()))
    ]


def _plugin(name: str, values: Values, places: Places) -> Iterator[str]:
    word, plain = next(
        ((kind.rstrip(":"), name.removeprefix(kind)) for kind in (LV2, AU) if name.startswith(kind)),
        ("vst3", name),
    )
    try:
        place_of(name, places.plugins)
    except PluginLoadError as error:
        yield f"{word}({plain!r}): {error}"
    preset = str(dict(values).get(PRESET, ""))
    if preset.lower().endswith(".vstpreset") and not expanded(preset).exists():
        known = _in(expanded(preset).parent, frozenset({".vstpreset"}))
        like = nearest(Path(preset).name, known) if known else "there is none beside it"
        yield f"{word}({plain!r}): the preset {preset!r} is not there; {like}"
