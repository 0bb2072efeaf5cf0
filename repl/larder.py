"""What a render took from the machine: files of samples, plugins."""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from plugin_host.errors import PluginLoadError
from plugin_host.lv2_files import lv2_plugins
from plugin_host.paths import expanded
from plugin_host.plugin_files import LV2, place_of
from repl.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from plugin_host.plugin_link import PluginSetup
    from plugin_host.recordings import Recording, Wanted
    from plugin_host.sound_store import SoundSetup
    from plugin_host.specs import Chain
    from plugin_host.tapes import Kept, Tapes

LIBRARIES = ("numpy", "pedalboard")
"""Those on which the last bit of a sound depends."""
PACKAGES = ("patterns", "bridge", "plugin_host", "repl")


class Larder:
    """Takes down what is used while something is rendered.

    Args:
        taped: Whether what plugins give is taken down, too.
        frozen: What is played instead of plugins: for "mix" and "stems", by their numbers.

    Attributes:
        samples: Each file that was read.
        chains: What played.
        written: The files that came out.
        tapes: What plugins gave for "mix" and "stems".
        kept: Sounds of plugins that are kept beside the recipe, as its rows.
    """

    def __init__(
        self, *, taped: bool = False, frozen: Mapping[str, Mapping[int, Kept]] | None = None
    ) -> None:
        self.samples: set[Path] = set()
        self.chains: set[Chain] = set()
        self.written: list[Path] = []
        self.tapes: dict[str, Tapes] = {}
        self.kept: list[dict[str, object]] = []
        self._taped = taped
        self._frozen = frozen or {}

    def plugins(self, part: str, folders: tuple[Path, ...]) -> PluginSetup:
        """How plugins are played.

        Args:
            part: "mix" or "stems".
            folders: The musician's folders of plugins.
        """
        from plugin_host.plugin_link import PluginSetup

        if not self._taped and not self._frozen:
            return PluginSetup(folders)
        from plugin_host.tapes import Tapes

        tapes = self.tapes[part] = Tapes(self._frozen.get(part))
        return PluginSetup(folders, tapes=tapes)

    def setup(self) -> SoundSetup:
        """Have samples read as usual, and take each down."""
        from plugin_host.recordings import read_recording
        from plugin_host.sound_store import SoundSetup

        def read(wanted: Wanted, rate: int, limit: int, report: Callable[[str], None]) -> Recording:
            if wanted.path.is_file():
                self.samples.add(wanted.path)
            return read_recording(wanted, rate, limit, report)

        return SoundSetup(read=read)


def digest_of(path: Path) -> str:
    """The SHA-256 of a file, or of all files of a folder with their names; "" if it cannot be read."""
    try:
        if not path.is_dir():
            return hashlib.sha256(path.read_bytes()).hexdigest()
        whole = hashlib.sha256()
        for file in sorted(one for one in path.rglob("*") if one.is_file()):
            whole.update(file.relative_to(path).as_posix().encode() + b"\0")
            whole.update(hashlib.sha256(file.read_bytes()).digest())
        return whole.hexdigest()
    except OSError:
        return ""


def maps_of(chains: Iterable[Chain], folders: Sequence[Path]) -> set[Path]:
    """The files that say which sample a note plays: `.sfz` and `.sf2`.

    Args:
        chains: What played.
        folders: The musician's folders of samples.
    """
    from plugin_host.sample_folders import located

    found = {located(one.instrument.name, folders) for one in chains if one.instrument.kind == "sampler"}
    return {path for path in found if path.is_file()}


def plugins_of(chains: Iterable[Chain], folders: Sequence[Path]) -> list[dict[str, str]]:
    """The plugins that play in chains, with their files and digests, each once.

    Args:
        chains: What played.
        folders: Where plugins are looked for besides the usual places.
    """
    found: dict[tuple[str, str], dict[str, str]] = {}
    for name, preset in sorted({one for chain in chains for one in chain.plugins}):
        try:
            place = place_of(name, folders)
        except PluginLoadError:
            continue  # its layer was silent, which was said
        if place.startswith(LV2):
            uri = place.removeprefix(LV2)
            place = next((str(bundle) for bundle, one, _ in lv2_plugins() if one == uri), "")
            if not place:
                continue
        path = Path(place)
        row = {"name": name, "path": path.as_posix(), "sha256": digest_of(path)}
        if preset.endswith(".vstpreset"):
            row |= {"preset": preset, "preset_sha256": digest_of(expanded(preset))}
        found[name, preset] = row
    return [found[key] for key in sorted(found)]


@cache
def versions() -> dict[str, str]:
    """What a sound depends on besides the piece: versions, our own code, and how this machine computes."""
    found = {"sempre": VERSION, "sempre's code": _code(), "python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "none"
    from numpy.lib.introspect import opt_func_info

    loops = hashlib.sha256(repr(opt_func_info()).encode()).hexdigest()[:16]
    return found | {"machine": f"{platform.system()} {platform.machine()}", "numpy's loops": loops}


def _code() -> str:
    """A digest of our own modules: a checkout changes more often than its version."""
    root = Path(__file__).resolve().parent.parent
    whole = hashlib.sha256()
    for package in PACKAGES:
        for file in sorted((root / package).rglob("*.py")):
            whole.update(file.relative_to(root).as_posix().encode() + b"\0")
            whole.update(hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()[:16]
