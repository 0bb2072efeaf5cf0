"""The commands for beginning: a new project, and the examples."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from repl.shelf import Example

VERBS = ("play", "show", "copy")
"""What is done with examples; the first unless said."""


def add(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add `sempre new` and `sempre examples`.

    Args:
        command: Makes a command of a name and its help.
    """
    new = command("new", help="make a folder with a first piece, ready to be played")
    new.add_argument("folder", type=Path, metavar="NAME", help="what it is called, or a path to it")
    new.set_defaults(run=_new)
    examples = command("examples", help="pieces that teach, and styles: list, play, copy")
    which = "its number, or its name; copy takes several, or all"
    examples.add_argument("words", nargs="*", metavar="[play|show|copy] WHICH", help=which)
    examples.set_defaults(run=_examples)


def _new(options: argparse.Namespace) -> int:
    from repl.project import new_project

    print(new_project(options.folder))  # noqa: T201 - the answer
    return 0


def _examples(options: argparse.Namespace) -> int:
    from shutil import get_terminal_size

    from repl.errors import ReplError
    from repl.shelf import chosen, examples, listing

    words: list[str] = options.words
    if not words:
        print(listing(get_terminal_size((120, 24)).columns))  # noqa: T201 - the answer
        return 0
    verb = words[0] if words[0] in VERBS else VERBS[0]
    which = words[1:] if words[0] in VERBS else words
    if not which:
        raise ReplError(f"say which: sempre examples {verb} 1")
    if verb == "copy":
        return _copy(examples() if which == ["all"] else [chosen(one) for one in which])
    # A name may be typed as it is spoken: sempre examples four on the floor
    one = chosen(" ".join(which))
    print(one.text)  # noqa: T201 - the answer
    return 0 if verb == "show" else _play(one)


def _copy(wanted: list[Example]) -> int:
    from repl.project import typed
    from repl.shelf import copy

    for one in wanted:
        print(f"sempre {typed(copy(one, Path()))}")  # noqa: T201 - the answer
    return 0


def _play(one: Example) -> int:
    from repl import launch
    from repl.prompt import run

    print(f"To change it while it plays: sempre examples copy {one.number}; sempre {one.file.name}\n")  # noqa: T201 - the answer
    return run(launch.start([one.file], leash=False).folder)
