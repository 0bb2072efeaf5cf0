"""Models by name: files beside the piece, where Sempre was started, and those that come with it."""

from __future__ import annotations

import inspect
from functools import lru_cache
from pathlib import Path

import patterns.models
from patterns.errors import PatternError
from patterns.models.artifact import SUFFIX, read_learnt
from patterns.models.playing import Improviser
from patterns.spelling import near
from patterns.where import is_theirs
from repl.errors import ReplError

OURS = Path(patterns.models.__file__).parent
KEPT = 8
"""Models that are kept in memory: an edition of a piece mostly changes none."""


_taken: set[Path] = set()


def model(name: str = "chorale") -> Improviser:
    """Take a model that was learnt: it goes on, accompanies, harmonises, fills in, varies, leads over.

    >>> model("chorale").voices
    4

    Args:
        name: Of its file, without the ending `.model`: beside the piece, where Sempre was started, or one
            that comes with Sempre, "chorale". `sempre train` makes more.

    Raises:
        TypeError: The name is no text.
        ReplError: There is no such model, or it cannot be read.
    """
    if not isinstance(name, str) or not name.strip() or "\0" in name:  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
        raise TypeError(f'model takes a name, as in model("chorale") (got {name!r})')
    wanted = str(name).removesuffix(SUFFIX)
    folders = list(dict.fromkeys([_calling_folder(), Path()]))
    for folder in [*folders, OURS]:
        path = (folder / Path(wanted + SUFFIX).expanduser()).absolute()
        try:
            seen = path.stat()
            found = _read(path, wanted, seen.st_mtime_ns, seen.st_size)
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise ReplError(f"{path}: cannot be read ({error.strerror or error})") from None
        except PatternError as error:
            raise ReplError(error.message) from None
        _taken.add(path)
        return found
    there = sorted({path.stem for folder in [*folders, OURS] for path in folder.glob("*" + SUFFIX)})
    meant = near(wanted, there, likeness=0.6)
    hint = f"; did you mean {' or '.join(map(repr, meant))}?" if meant else ""
    makes = f"sempre train FOLDER -o {wanted}{SUFFIX} makes one"
    raise ReplError(f"no model is called {wanted!r} (there: {', '.join(there)}){hint}; {makes}")


def models_taken() -> set[Path]:
    """The files of the models that pieces have taken since the process began."""
    return set(_taken)


def _calling_folder() -> Path:
    """The folder of the piece that is being run; the current one, if none is."""
    frame = inspect.currentframe()
    while frame is not None and not is_theirs(frame.f_globals):
        frame = frame.f_back
    return Path() if frame is None else Path(frame.f_code.co_filename).parent


@lru_cache(KEPT)
def _read(path: Path, name: str, _changed: int, _size: int) -> Improviser:
    return Improviser(read_learnt(path.read_bytes(), path.name), name)
