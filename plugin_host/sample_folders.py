"""Where samples are looked for, and what counts as one; knows names only, and so may be asked anywhere."""

from collections.abc import Sequence
from pathlib import Path

__all__ = ["KINDS", "located"]

KINDS = frozenset({".wav", ".aif", ".aiff", ".flac", ".ogg", ".mp3"})
"""How the names of sound files end."""


def located(name: str, folders: Sequence[str | Path]) -> Path:
    """Where a sampler's folder or file is: as it is given, or else in one of the musician's folders.

    Args:
        name: As in `sampler(name)`.
        folders: The musician's folders of samples.
    """
    given = Path(name).expanduser()
    if given.exists() or given.is_absolute():
        return given
    places = (Path(folder).expanduser() / name for folder in folders)
    return next((place for place in places if place.exists()), given)
