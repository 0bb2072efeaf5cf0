"""Styles by name: what another piece has bound, for a piece that names it by `style("house")`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from repl.rule_files import FILE, asking_modules, module_of
from repl.shelf import shelf

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Style", "shipped_styles", "style"]


class Style:
    """What a piece has bound, by name: forms, functions, instruments, and of each layer its pattern."""

    def __init__(self, file: str, bound: Mapping[str, object]) -> None:
        self._file = file
        self.__dict__.update(bound)

    def __getattr__(self, name: str) -> Any:
        """Only asked for what is not there; whoever shows the error knows what is."""
        raise AttributeError(f"{self._file} binds no {name}")

    def __repr__(self) -> str:
        """The file, and what it binds."""
        return f"{self._file}: {', '.join(one for one in self.__dict__ if not one.startswith('_'))}"


def shipped_styles() -> dict[str, Path]:
    """The styles that come with Sempre, by the names of their files."""
    return {path.name: path for path in sorted((shelf() / "styles").glob("*.py"))}


def style(file: str) -> Style:
    """Take what a style has bound, or any other piece: its form, its scales, its layers; nothing of it plays.

    Saving the file changes the pieces that use it, as with any module of theirs. Its tempo and its seed are
    its own: a layer's chance falls as there with the same `seed=`.

    Args:
        file: Its name, such as "house": of a file beside the piece, or of a style that comes with Sempre;
            one in a folder is written "lib/mine.py".

    Raises:
        ValueError: There is no such file; the message names what there is.

    Example: `house = style("house")`, and `bass = play(house.bass.fast(2), on=house.deep, seed=house.band)`
    """
    from repl.namespace import Collector, Playing, piece_namespace  # it says this word, too

    if not isinstance(file, str) or not FILE.fullmatch(file):  # pyright: ignore[reportUnnecessaryIsInstance] - a piece is not type-checked
        raise TypeError(f'style wants a file beside the piece, or a style such as "house" (got {file!r})')
    modules, asking = asking_modules("style")
    whole = file if file.endswith(".py") else f"{file}.py"
    shipped = shipped_styles()
    itself = Path(asking).name == whole
    if itself and whole not in shipped:
        raise ValueError(f"style: {whole} is this piece itself; what it binds needs no style(…)")
    apart = modules.aside(lambda: piece_namespace(Collector()))
    module = module_of("style", whole, shipped, apart, itself=itself)
    bound = {name: value for name, value in vars(module).items() if not name.startswith("_")}
    layers = {name: one.layer.pattern for name, one in bound.items() if isinstance(one, Playing)}
    return Style(whole, {**bound, **layers})
