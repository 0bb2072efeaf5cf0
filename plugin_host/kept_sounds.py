"""Sounds that take long to compute, kept as a file of the user's cache for the next session."""

import contextlib
import hashlib
import os
import platform
import stat
import struct
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.lib.introspect import opt_func_info

from plugin_host.audio import Audio

__all__ = ["cache_folder", "kept"]

_MARK: Final = b"sempre sounds 1\n"
_HEAD: Final = struct.Struct("<16s32s32s")
"""A mark, the digest of all that follows it, and of what the sounds were made of and with."""
_NUMBER: Final = np.dtype("<u4")
_SAMPLE: Final = np.dtype("<f4")
_LARGEST: Final = 1 << 28
"""Bytes; what is larger was not written here, and is not read."""
_FILES: Final = 6
"""How many files of one name are kept, 16 MB each for a kit: other rates, other versions."""


def kept(name: str, recipe: bytes, build: Callable[[], Sequence[Audio]]) -> list[Audio]:
    """Sounds from their file, or, where there is none that is whole and ours, computed and written there.

    The bytes are those that `build` gives: a file counts only for this recipe on this kind of machine with
    this numpy, and only if nothing in it was changed. Where nothing can be read or written, they are
    computed each time.

    Args:
        name: What they are, for the file's name.
        recipe: All that the sounds follow from: code and parameters.
        build: Computes them: float32, each of shape (frames,).
    """
    key = hashlib.sha256(recipe + _machine()).digest()
    folder = cache_folder()
    path = None if folder is None else folder / f"{name}-{key.hex()[:16]}"
    sounds = None if path is None else _read(path, key)
    if sounds is None:
        sounds = list(build())
        if path is not None:
            _write(path, key, sounds)
            _forget(path.parent, f"{name}-")
    return sounds


def cache_folder() -> Path | None:
    """Where this platform wants programs to keep what they can make anew; None if there is no home."""
    given = os.environ.get("XDG_CACHE_HOME")
    if given and Path(given).is_absolute():
        return Path(given) / "sempre"
    local = os.environ.get("LOCALAPPDATA")
    if os.name == "nt" and local:
        return Path(local) / "sempre" / "cache"
    try:
        home = Path.home()
    except RuntimeError:
        return None
    return home / "Library" / "Caches" / "sempre" if sys.platform == "darwin" else home / ".cache" / "sempre"


def _machine() -> bytes:
    """What else the last bit of a sound depends on: which numpy, and how it computes on this machine."""
    return repr((np.__version__, platform.platform(), opt_func_info())).encode()


def _read(path: Path, key: bytes) -> list[Audio] | None:
    """The sounds of a file; None if it is not there, not whole, or of something else."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or not _HEAD.size <= status.st_size <= _LARGEST:
            return None
        data = path.read_bytes()
        mark, digest, made_of = _HEAD.unpack_from(data)
    except (OSError, struct.error):
        return None
    if mark != _MARK or made_of != key or hashlib.sha256(memoryview(data)[48:]).digest() != digest:
        return None
    # Whole, by its digest, and of this recipe: so what follows has the form that `_write` gave it.
    (many,) = struct.unpack_from("<I", data, _HEAD.size)
    lengths = np.frombuffer(data, _NUMBER, many, _HEAD.size + 4)
    samples = np.frombuffer(data, _SAMPLE, -1, _HEAD.size + 4 + lengths.nbytes)
    # Copies: arrays like any other, which may be written to and lie where numpy puts them.
    ends = np.cumsum(lengths)
    return [samples[end - length : end].astype(np.float32) for length, end in zip(lengths, ends, strict=True)]


def _write(path: Path, key: bytes, sounds: Sequence[Audio]) -> None:
    lengths = np.array([len(sound) for sound in sounds], _NUMBER)
    parts = [struct.pack("<I", len(sounds)), lengths.tobytes()]
    parts += [sound.astype(_SAMPLE, copy=False).tobytes() for sound in sounds]
    digest = hashlib.sha256(key)
    for part in parts:
        digest.update(part)
    unseen: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number, text = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
        unseen = Path(text)
        with os.fdopen(number, "wb") as file:
            file.write(_HEAD.pack(_MARK, digest.digest(), key))
            file.writelines(parts)
        unseen.replace(path)  # at once: whoever reads meanwhile has the former file or this one
    except OSError:
        if unseen is not None:
            with contextlib.suppress(OSError):
                unseen.unlink()


def _forget(folder: Path, begin: str) -> None:
    """Remove the oldest files; who still reads one has opened it already."""
    with contextlib.suppress(OSError):
        files = [one for one in folder.iterdir() if one.name.startswith(begin)]
        for file in sorted(files, key=lambda one: one.stat().st_mtime, reverse=True)[_FILES:]:
            file.unlink()
