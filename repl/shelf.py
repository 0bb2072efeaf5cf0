"""What comes with Sempre to be played, read and copied: the examples, and what a new project begins with."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from repl.errors import ReplError

__all__ = ["STYLES", "WHOLE", "Example", "chosen", "copy", "examples", "listing", "shelf"]

WHOLE = ("first_light", "crooked_mile", "night_ferry", "long_memory")
"""Pieces at full length, in their order; they come behind the lessons."""
STYLES = ("ambient", "house", "techno", "drum_and_bass", "lo_fi", "minimalism", "jazz_trio", "choir")
"""Systems that never end, in their order; they come last."""
HOW = """\
Each teaches one thing; then come whole pieces, and styles.

  sempre examples 1          plays the first, with the prompt
  sempre examples house      finds one by its name
  sempre examples show 1     shows its text
  sempre examples copy 1     copies it here, to be changed while it plays
"""
KINDS = {
    "lesson": "",
    "piece": "Whole pieces:",
    "style": 'Styles, which never end: turn("energy", .9), turn("mood", .1) while they play',
}
"""What is said above the first of each kind."""


@dataclass(frozen=True, slots=True)
class Example:
    """A piece that comes with Sempre.

    Args:
        number: Its place in the list, from 1.
        kind: "lesson", "piece" or "style".
        name: What it is called.
        title: The same as it is written above it.
        idea: What it teaches, or what it is.
        file: Where it lies.
    """

    number: int
    kind: str
    name: str
    title: str
    idea: str
    file: Path

    @property
    def text(self) -> str:
        """What is written in it."""
        return self.file.read_text(encoding="utf-8")


def shelf() -> Path:
    """The folder of all of it: within the package where Sempre is installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent
    installed = package / "examples"
    return installed if installed.is_dir() else package.parent / "examples"


def examples() -> list[Example]:
    """All of them, in the order in which they are best heard."""
    folder = shelf()
    files = [
        *(("lesson", file) for file in sorted((folder / "lessons").glob("*.py"))),
        *(("piece", folder / f"{name}.py") for name in WHOLE),
        *(("style", folder / "styles" / f"{name}.py") for name in STYLES),
    ]
    return [
        Example(number, kind, file.stem.lstrip("0123456789_"), *_told(file), file)
        for number, (kind, file) in enumerate(files, 1)
    ]


def listing(width: int = 120) -> str:
    """The list of them, for people.

    Args:
        width: Letters that a line may have.
    """
    rows: list[str] = []
    before = ""
    for one in examples():
        rows += ["", KINDS[one.kind]] if one.kind != before and KINDS[one.kind] else []
        rows.append(f"{one.number:>3}  {one.name:<22} {one.idea}")
        before = one.kind
    return "\n".join([HOW, *(row if len(row) <= width else f"{row[: width - 1].rstrip()}…" for row in rows)])


def chosen(which: str) -> Example:
    """Find one of them.

    Args:
        which: Its number, its name, or a part of its name.

    Raises:
        ReplError: There is no such one, or there are several; the message names those that are near.
    """
    there = examples()
    asked = _tidy(which).removesuffix(".py")
    if asked.isdecimal():
        if not 1 <= int(asked) <= len(there):
            raise ReplError(f"there are {len(there)} examples, from 1 to {len(there)}; no {which}")
        return there[int(asked) - 1]
    found = [one for one in there if asked in (one.name, one.file.stem, _tidy(one.title))]
    found = found or [one for one in there if asked and asked in one.name]
    if len(found) == 1:
        return found[0]
    near = [one.name for one in found] or get_close_matches(asked, [one.name for one in there], n=3)
    meant = f"did you mean {' or '.join(near[:5])}?" if near else "`sempre examples` lists them"
    raise ReplError(f"no example is called {which!r}; {meant}")


def copy(one: Example, folder: Path) -> Path:
    """Copy an example into a folder.

    Args:
        one: Which.
        folder: Where to; what is there is never overwritten.

    Returns:
        The copy.

    Raises:
        ReplError: It is there already, or the folder cannot be written.
    """
    place = folder / one.file.name
    try:
        with place.open("x", encoding="utf-8") as file:
            file.write(one.text)
    except FileExistsError:
        raise ReplError(f"{place} is there already, and is left as it is") from None
    except OSError as error:
        raise ReplError(f"cannot write {place}: {error.strerror or error}") from None
    return place


def _tidy(name: str) -> str:
    """A name as files have it."""
    return name.strip().lower().replace(" ", "_").replace("-", "_")


def _told(file: Path) -> tuple[str, str]:
    """Title and idea, out of the first line of a piece: `# Title: idea.`; a second sentence is left out."""
    with file.open(encoding="utf-8") as text:
        title, _, rest = text.readline().strip().removeprefix("# ").partition(": ")
    return title, rest.partition(". ")[0].rstrip(".")
