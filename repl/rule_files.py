"""Rule files: what a piece names by `rules("chorale.py")`, read as its own modules are."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from patterns.rules.declaring import NAMELESS, Ruleset
from patterns.spelling import near
from repl.own_modules import OwnModules, module_name
from repl.shelf import shelf

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import ModuleType

__all__ = ["FILE", "asking_modules", "module_of", "rules", "shipped_rules"]

FILE = re.compile(r"[\w-]+(/[\w-]+)*(\.py)?")
"""How a file is named that lies beside a piece, or below that."""


def shipped_rules() -> dict[str, Path]:
    """The rule files that come with Sempre, by name."""
    return {path.name: path for path in sorted((shelf() / "rules").glob("*.py"))}


def rules(file: str, name: str = "") -> Ruleset:
    """Take the rules of a file beside the piece, or of one that comes with Sempre.

    Saving the file changes the pieces that use it, as with any module of theirs.

    Args:
        file: Its name, such as "chorale.py"; one in a folder is written "lib/chorale.py".
        name: Which of its rules, by the name that they are bound to, where it has several.

    Raises:
        ValueError: There is no such file, or it has no such rules; the message names what there is.

    Example: `choir = rules("chorale.py")`
    """
    if not isinstance(file, str) or not FILE.fullmatch(file):  # pyright: ignore[reportUnnecessaryIsInstance] - a piece is not type-checked
        raise TypeError(f'rules wants a file beside the piece, such as "chorale.py" (got {file!r})')
    modules, asking = asking_modules("rules")
    whole = file if file.endswith(".py") else f"{file}.py"
    shipped = shipped_rules()
    itself = Path(asking).name == whole
    if itself and whole not in shipped:
        raise ValueError(f"rules: {whole} is this piece itself; its rules need no rules(…)")
    module = module_of("rules", whole, shipped, modules, itself=itself)
    found = {bound: one for bound, one in vars(module).items() if isinstance(one, Ruleset)}
    if not found:
        raise ValueError(f"rules: {whole} declares none; it wants a line such as  choir = ruleset(…)")
    if (not name and len(found) > 1) or (name and name not in found):
        listed = ", ".join(f"rules({file!r}, {bound!r})" for bound in found)
        raise ValueError(f"rules: {whole} has several, write one of {listed}")
    bound = name or next(iter(found))
    chosen = found[bound]
    if chosen.name == NAMELESS:
        title = module_name(whole).rpartition(".")[2]
        chosen = replace(chosen, name=title if len(found) == 1 else f"{title} {bound}")
        setattr(module, bound, chosen)  # asked again it is the same: two parts of one composition agree
    return chosen


def module_of(
    word: str, file: str, shipped: Mapping[str, Path], modules: OwnModules, *, itself: bool
) -> ModuleType:
    """The module that a file makes, beside the piece or of those that come with Sempre.

    Args:
        word: What asks for it, for messages.
        file: Its name.
        shipped: Those that come with Sempre, by their names.
        modules: Where the piece imports from.
        itself: Whether the piece is of that name, so that only a shipped one can be meant.

    Raises:
        ValueError: There is none; the message names what there is.
    """
    try:
        return modules.by_file(file, shipped.get(file), itself=itself)
    except ModuleNotFoundError as error:
        if error.name not in {module_name(file), module_name(file).partition(".")[0]}:
            raise
        alike = near(file, [*shipped, *modules.files()])
        hint = f"did you mean {alike[0]!r}?" if alike else f"with Sempre come {', '.join(shipped)}"
        raise ValueError(f"{word}: there is no {file} beside this piece; {hint}") from None


def asking_modules(word: str) -> tuple[OwnModules, str]:
    """The modules of the piece, or of the prompt, that is calling: where it imports from; and its file.

    Raises:
        TypeError: It is neither.
    """
    frame = inspect.currentframe()
    while frame is not None:
        modules = getattr(frame.f_builtins.get("__import__"), "__self__", None)
        if isinstance(modules, OwnModules):
            return modules, frame.f_code.co_filename
        frame = frame.f_back
    raise TypeError(f"{word}(…) belongs into a piece, or to the prompt")
