"""The command by which editors talk to a session."""

from __future__ import annotations

import contextlib
import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


def add(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add `sempre talk`.

    Args:
        command: Makes a command of a name and its help.
    """
    talk = command("talk", help="a session by JSON lines, for editors")
    talk.add_argument("files", nargs="*", type=Path, metavar="FILE", help="pieces to play if nothing plays")
    talk.set_defaults(run=_talk)


def _talk(options: argparse.Namespace) -> int:
    from repl import launch
    from repl.errors import SessionError
    from repl.runtime import key_of, newest
    from repl.talk import Talk

    files: list[Path] = options.files
    try:
        runtime = newest()
    except SessionError:
        if not files:
            raise
        # What it says of settings is for people; the editor reads objects.
        with contextlib.redirect_stdout(sys.stderr):
            runtime = launch.start(files, leash=False).folder
    for stream, wrong in ((sys.stdin, "replace"), (sys.stdout, "strict")):
        if isinstance(stream, io.TextIOWrapper):  # a test may have put something else there
            stream.reconfigure(encoding="utf-8", errors=wrong)
    return Talk(runtime, key_of(runtime), sys.stdout, files).run(sys.stdin)
