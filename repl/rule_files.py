"""Rule files: what a piece names by `rules("chorale.py")`, read as its own modules are."""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from pathlib import Path

from patterns.rules.declaring import NAMELESS, Ruleset
from patterns.spelling import near
from repl.own_modules import OwnModules, module_name
from repl.shelf import shelf

__all__ = ["asking_modules", "rules", "shipped_rules"]

_FILE = re.compile(r"[\w-]+(/[\w-]+)*(\.py)?")


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
    if not isinstance(file, str) or not _FILE.fullmatch(file):  # pyright: ignore[reportUnnecessaryIsInstance] - a piece is not type-checked
        raise TypeError(f'rules wants a file beside the piece, such as "chorale.py" (got {file!r})')
    modules, asking = asking_modules("rules")
    whole = file if file.endswith(".py") else f"{file}.py"
    shipped = shipped_rules()
    itself = Path(asking).name == whole
    if itself and whole not in shipped:
        raise ValueError(f"rules: {whole} is this piece itself; its rules need no rules(…)")
    try:
        module = modules.by_file(whole, shipped.get(whole), itself=itself)
    except ModuleNotFoundError as error:
        if error.name not in {module_name(whole), module_name(whole).partition(".")[0]}:
            raise
        alike = near(whole, [*shipped, *modules.files()])
        hint = f"did you mean {alike[0]!r}?" if alike else f"with Sempre come {', '.join(shipped)}"
        raise ValueError(f"rules: there is no {whole} beside this piece; {hint}") from None
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
