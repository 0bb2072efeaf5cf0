"""Models by name: files beside the piece, where Sempre was started, and those that come with it."""

from __future__ import annotations

import inspect
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import patterns.models
from patterns.errors import PatternError
from patterns.models.artifact import SUFFIX, Learnt, read_learnt
from patterns.models.nets import Net, Reckoner
from patterns.models.playing import Improviser
from patterns.spelling import near
from patterns.where import is_theirs
from repl.errors import ReplError

if TYPE_CHECKING:
    from collections.abc import Collection

OURS = Path(patterns.models.__file__).parent
SHARE = 0.8
"""How much a net from elsewhere counts, for a model that has none of its own."""
KEPT = 8
"""Models that are kept in memory: an edition of a piece mostly changes none."""


_taken: dict[str, set[Path]] = {}
# The files of models by the piece, or the module of one, that took them: what it plays holds them, unseen.


def model(name: str = "chorale", *, net: str | None = None) -> Improviser:
    """Take a model that was learnt: it goes on, accompanies, harmonises, fills in, varies, leads over.

    >>> model("chorale").voices
    4

    Args:
        name: Of its file, without the ending `.model`: beside the piece, where Sempre was started, or one
            that comes with Sempre, "chorale". `sempre train` makes more.
        net: An ONNX file whose net plays in place of the model's own, beside the piece or where Sempre was
            started; see docs/models.md for its inputs.

    Raises:
        TypeError: The name is no text.
        ReplError: There is no such model, or it cannot be read.
    """
    found = _model(name)
    return found if net is None else _with_onnx(found, net)


def _model(name: str) -> Improviser:
    if not isinstance(name, str) or not name.strip() or "\0" in name:  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
        raise TypeError(f'model takes a name, as in model("chorale") (got {name!r})')
    wanted = str(name).removesuffix(SUFFIX)
    folders = list(dict.fromkeys([Path(_calling_file()).parent, Path()]))
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
        _taken.setdefault(_calling_file(), set()).add(path)
        return found
    there = sorted({path.stem for folder in [*folders, OURS] for path in folder.glob("*" + SUFFIX)})
    meant = near(wanted, there, likeness=0.6)
    hint = f"; did you mean {' or '.join(map(repr, meant))}?" if meant else ""
    makes = f"sempre train FOLDER -o {wanted}{SUFFIX} makes one"
    raise ReplError(f"no model is called {wanted!r} (there: {', '.join(there)}){hint}; {makes}")


def _with_onnx(player: Improviser, net: str) -> Improviser:
    """The same model, its voices played by a net in a file of ONNX."""
    if not isinstance(net, str) or not net.strip() or "\0" in net:  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
        raise TypeError(f'net= takes the name of a file, as in model("mine", net="mine.onnx") (got {net!r})')
    for folder in dict.fromkeys([Path(_calling_file()).parent, Path()]):
        path = (folder / Path(net).expanduser()).absolute()
        try:
            seen = path.stat()
        except OSError:
            continue
        _taken.setdefault(_calling_file(), set()).add(path)
        try:
            return Improviser(_onnx(player.learnt, path, seen.st_mtime_ns, seen.st_size), player.name)
        except PatternError as error:
            raise ReplError(f"{net}: {error.message}") from None
    raise ReplError(f"there is no file {net}: sempre train FOLDER --net --onnx {net} makes one")


def models_taken(files: Collection[str] | None = None) -> set[Path]:
    """The files of the models that pieces have taken since the process began.

    Args:
        files: Of the pieces and of their modules, as they were loaded; None for all.
    """
    return {path for file, taken in _taken.items() if files is None or file in files for path in taken}


def _calling_file() -> str:
    """The file of the piece that is being run; "" if none is."""
    frame = inspect.currentframe()
    while frame is not None and not is_theirs(frame.f_globals):
        frame = frame.f_back
    return "" if frame is None else frame.f_code.co_filename


@lru_cache(KEPT)
def _read(path: Path, name: str, _changed: int, _size: int) -> Improviser:
    return Improviser(read_learnt(path.read_bytes(), path.name, _reckoner), name)


def _reckoner(net: Net) -> Reckoner:
    """Who reckons a net: numpy, which the engine does without until a piece takes such a model."""
    from repl.net_numpy import NumpyReckoner

    return NumpyReckoner(net)


@lru_cache(KEPT)
def _onnx(learnt: Learnt, path: Path, _changed: int, _size: int) -> Learnt:
    from repl.net_onnx import OnnxReckoner

    reckoner = OnnxReckoner(path, None if learnt.net is None else learnt.net.shape)
    return learnt.with_net(
        Net(reckoner.shape, SHARE if learnt.net is None else learnt.net.share, b""), reckoner
    )
