"""The command that measures a piece or a MIDI file, and draws it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


def add(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add `sempre analyse`.

    Args:
        command: Makes a command of a name and its help.
    """
    analyse = command("analyse", help="measure a piece or a MIDI file, and draw what it does")
    analyse.add_argument("files", nargs="+", type=Path, metavar="FILE", help="pieces, or one MIDI file")
    long = "how many cycles (32; all of a MIDI file)"
    analyse.add_argument("--cycles", type=int, default=None, help=long)
    analyse.add_argument("--plot", type=Path, default=None, metavar="PICTURE", help="a .png or .svg file")
    analyse.add_argument("--json", action="store_true", help="for other programs, with all curves")
    analyse.add_argument("--seed", type=int, default=None, help="another seed than the piece's own")
    analyse.set_defaults(run=_analyse)


def _analyse(options: argparse.Namespace) -> int:
    from repl.analyse import analysis_of, as_json, told
    from repl.analyse_picture import write_picture
    from repl.folders import all_pieces

    files: list[Path] = options.files
    if not any(file.suffix.lower() in {".mid", ".midi"} for file in files):
        files = all_pieces(files)
    found = analysis_of(files, options.cycles, seed=options.seed)
    print(json.dumps(as_json(found)) if options.json else told(found))  # noqa: T201 - the answer
    if options.plot is not None:
        write_picture(found, options.plot)
    return 0
