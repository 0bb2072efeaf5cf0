"""Where samples are looked for, and what counts as one; knows names only, and so may be asked anywhere."""

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from plugin_host.paths import expanded

__all__ = ["KINDS", "located", "sound_files", "sound_names"]

KINDS = frozenset({".wav", ".aif", ".aiff", ".flac", ".ogg", ".mp3"})
"""How the names of sound files end."""


def located(name: str, folders: Sequence[str | Path]) -> Path:
    """Where a sampler's folder or file is: as it is given, or else in one of the musician's folders.

    Args:
        name: As in `sampler(name)`.
        folders: The musician's folders of samples.
    """
    given = expanded(name)
    if given.exists() or given.is_absolute():
        return given
    places = (expanded(folder) / name for folder in folders)
    return next((place for place in places if place.exists()), given)


def sound_files(folder: Path) -> tuple[Path, ...]:
    """The sound files in a folder, sorted by name.

    Args:
        folder: Which.

    Raises:
        OSError: It may not be looked into.
    """
    found = sorted(one for one in folder.iterdir() if one.suffix.lower() in KINDS)
    # Those with a dot in front macOS leaves beside others.
    return tuple(one for one in found if one.name[0] != "." and one.is_file())


def sound_names(folders: Sequence[str | Path]) -> Iterator[str]:
    """The names of the sounds in folders, after Tidal's convention: folders with sound files in them.

    Args:
        folders: Which; what is not there is left out.
    """
    for name in folders:
        with contextlib.suppress(OSError):
            folder = expanded(name)
            for place in (folder, *(one for one in folder.iterdir() if one.is_dir())):
                with contextlib.suppress(OSError):
                    if sound_files(place):
                        yield place.name
