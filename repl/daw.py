"""`sempre daw`: the set-up of a DAW in words, and as files where the DAW reads such files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repl.daw_ardour import ardour_script
from repl.daw_pages import TITLES, page
from repl.daw_plan import plan_of
from repl.daw_reaper import reaper_patterns, reaper_project
from repl.errors import ReplError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from repl.daw_plan import Plan


def daw(name: str, files: Sequence[Path], folder: Path | None) -> str:
    """Say how a DAW is set up for pieces, and write the files that set it up.

    Args:
        name: "live", "reaper", "ardour" or "bitwig".
        files: The pieces; without any the page is a general one.
        folder: Where to write; None writes nothing.

    Raises:
        LoadError: A piece cannot be loaded.
        ReplError: A file is not there or cannot be written, or this DAW reads none.
    """
    plan = plan_of(files) if files else None
    text = page(name, plan)
    if folder is None:
        return text
    if plan is None:
        raise ReplError(f"say for which piece: sempre daw {name} evening.py -o {folder}")
    made = _files(name, plan)
    if not made:
        raise ReplError(
            f"{TITLES[name]} reads no project that others could write: the page says what to do there"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, content in made.items():
            (folder / file).write_text(content, encoding="utf-8")
    except OSError as error:
        raise ReplError(f"cannot write to {folder}: {error.strerror or error}") from None
    return "\n\n".join([text, "\n".join(["Written", *(f"  {folder / file}" for file in made)])])


def _files(name: str, plan: Plan) -> dict[str, str]:
    if name == "ardour":
        file = f"{plan.title}.ardour.lua"
        return {file: ardour_script(plan, file)}
    if name == "reaper":
        return {f"{plan.title}.RPP": reaper_project(plan), "Sempre.ReaperOSC": reaper_patterns(plan)}
    return {}
