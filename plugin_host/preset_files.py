"""What is in the files of presets: a chain that names one is another chain when that was saved anew."""

from __future__ import annotations

import hashlib
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from plugin_host.paths import expanded

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping

    from plugin_host.specs import Chain

__all__ = ["SUFFIX", "as_they_were", "preset_digest", "preset_files"]

SUFFIX: Final = ".vstpreset"
"""How the names of such files end."""

_known: dict[str, str] = {}
# The digests of presets as a recipe has them, by their names: for as long as it is made again.


def preset_digest(preset: str) -> str:
    """The SHA-256 of a preset's file; "" if it is none, or cannot be read.

    Args:
        preset: As the musician wrote it.
    """
    path = _file(preset)
    if path is None or preset in _known:
        return _known.get(preset, "")
    try:
        seen = path.stat()
        return _digest(path, seen.st_ino, seen.st_mtime_ns, seen.st_size)
    except OSError:
        return ""


def _file(preset: str) -> Path | None:
    """Where a preset's file would be; None if there can be none."""
    if not preset.lower().endswith(SUFFIX) or "\0" in preset:
        return None
    return expanded(preset).absolute()


@lru_cache(maxsize=64)
def _digest(path: Path, node: int, time: int, size: int) -> str:
    """That of a file which has not been touched since."""
    del node, time, size
    return hashlib.sha256(path.read_bytes()).hexdigest()


def preset_files(chains: Iterable[Chain]) -> set[Path]:
    """The files of presets that chains name, there or not.

    Args:
        chains: What plays, or is to play.
    """
    found = {_file(preset) for chain in chains for _, preset in chain.plugins}
    return {path for path in found if path is not None}


@contextmanager
def as_they_were(digests: Mapping[str, str]) -> Generator[None, None, None]:
    """Know presets by what was in them once: what depends on it is the same, whatever is there today.

    Args:
        digests: By presets as they were written.

    >>> with as_they_were({"gone.vstpreset": "5ea1"}):
    ...     preset_digest("gone.vstpreset")
    '5ea1'
    >>> preset_digest("gone.vstpreset")
    ''
    """
    _known.update(digests)
    try:
        yield
    finally:
        for preset in digests:
            _known.pop(preset, None)
