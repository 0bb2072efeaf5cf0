"""The commands that read journals: what is kept, what was done, and playing it again."""

from __future__ import annotations

import argparse
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


def add(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add `sempre journal`, `sempre history` and `sempre replay`.

    Args:
        command: Makes a command of a name and its help.
    """
    journal = command("journal", help="list the sessions that were written down")
    journal.set_defaults(run=_journal)
    history = command("history", help="show what was done in a session, or find it")
    which = "a file, a name in the list, or last; else the newest session of this folder"
    history.add_argument("journal", nargs="?", default=None, metavar="JOURNAL", help=which)
    wanted = "only what has all of these, each a word or a regular expression"
    history.add_argument("--grep", nargs="+", default=[], metavar="PATTERN", help=wanted)
    history.set_defaults(run=_history)
    replay = command(
        "replay",
        help="play a session again, as its journal tells it",
        description="Plays a session again, aloud and through the same ports, until it ends or Ctrl-C. "
        "With -o, --events or --silent it is only computed, faster than it was played.",
    )
    replay.add_argument("journal", metavar="JOURNAL", help="a file, a name in the list, or last")
    replay.add_argument("-o", "--output", type=Path, default=None, help="a .wav, .flac, .ogg or .mp3 file")
    replay.add_argument("--events", type=Path, default=None, help="a file for the events, as JSON lines")
    silent = "compute it, and say how much it was and what went wrong"
    replay.add_argument("--silent", action="store_true", help=silent)
    replay.add_argument("--from", dest="begin", type=_cycle, default=None, metavar="CYCLE", help="the first")
    replay.add_argument("--to", dest="end", type=_cycle, default=None, metavar="CYCLE", help="where it ends")
    replay.set_defaults(run=_replay)


def _cycle(text: str) -> Fraction:
    try:
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        value = Fraction(-1)
    if not 0 <= value <= 10**9:
        raise argparse.ArgumentTypeError(f"a cycle is a number from 0, such as 8 or 17/2 (got {text!r})")
    return value


def _journal(_options: argparse.Namespace) -> int:
    from repl.archive import listing

    print(listing())  # noqa: T201 - the answer
    return 0


def _history(options: argparse.Namespace) -> int:
    from repl.archive import found, newest_of
    from repl.chronicle import told
    from repl.replay import read_rows

    path = newest_of(Path()) if options.journal is None else found(options.journal)
    rows, said = read_rows(path)
    print("\n".join([*said, str(path), told(rows, options.grep)]))  # noqa: T201 - the answer
    return 0


def _replay(options: argparse.Namespace) -> int:
    from repl.archive import aloud, found, replay
    from repl.errors import ReplError

    if options.begin is not None and options.end is not None and options.end <= options.begin:
        raise ReplError(f"--to {options.end} lies before --from {options.begin}")
    if options.output is None and options.events is None and not options.silent:
        return aloud(found(options.journal), options.begin, options.end)
    print(replay(found(options.journal), options.output, options.events, options.begin, options.end))  # noqa: T201 - the answer
    return 0
