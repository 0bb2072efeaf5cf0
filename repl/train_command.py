"""The `sempre train` command."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from patterns.models.nets import Net
    from repl.net_torch import Course
    from repl.train import Training

ROUNDS = 40
MOST_ROUNDS = 10_000
POLITE = 10
"""How far the training of a net steps back from whatever plays."""


def add(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add `sempre train`.

    Args:
        command: Makes a command of a name and its help.
    """
    train = command("train", help="learn from a folder of MIDI files, for model(…) in a piece")
    train.add_argument("folder", nargs="?", type=Path, metavar="FOLDER", help="where the MIDI files are")
    said = "or scores that come with a program that is installed: music21:bach"
    train.add_argument("--corpus", default=None, metavar="NAME", help=said)
    out = "the model; it is played as model(…) by its name without the ending"
    train.add_argument("-o", "--output", type=Path, default=None, metavar="NAME.model", help=out)
    train.add_argument("--voices", type=int, default=0, help="how many (as most pieces have), 1 to 8")
    train.add_argument("--licence", default="unknown", metavar="TEXT", help="the rights in it, for the card")
    train.add_argument("--seed", type=int, default=0, help="of what is held back for the test (0)")
    net = "train a net as well, for some minutes (with torch); by what is counted the model plays meanwhile"
    train.add_argument("--net", action="store_true", help=net)
    rounds = f"how often the net hears each sixteenth ({ROUNDS})"
    train.add_argument("--rounds", type=int, default=ROUNDS, metavar="N", help=rounds)
    train.add_argument("--onnx", type=Path, default=None, metavar="FILE", help="write the net as ONNX, too")
    behind = "train in a process of its own, and write how it goes into NAME.log"
    train.add_argument("--background", action="store_true", help=behind)
    train.set_defaults(run=_train, refuse=train.error)


def _train(options: argparse.Namespace) -> int:
    from repl.train import train

    wanted = _wanted(options)
    if options.background:
        return _behind(options, wanted.output)
    if options.net and hasattr(os, "nice"):
        os.nice(POLITE)
    learnt = train(wanted, lambda text: print(text, flush=True))  # noqa: T201 - the answer
    card = learnt.card
    for name, value in sorted(card.figures.items()):
        print(f"  {name} {value:g}")  # noqa: T201 - the answer
    output = _output(options)
    print(f"{output}: {card.pieces} pieces, sha256 {learnt.digest}")  # noqa: T201 - the answer
    if options.onnx is not None and learnt.net is not None:
        _write_onnx(learnt.net, options.onnx)
    print(f'in a piece beside it:  voices = play(model("{output.stem}").continue_())')  # noqa: T201 - the answer
    return 0


def _behind(options: argparse.Namespace, output: Path) -> int:
    """Start the same training again in a process of its own, which goes on when the terminal is closed."""
    words = [str(options.folder)] if options.folder is not None else ["--corpus", options.corpus]
    words += ["-o", str(output), "--voices", str(options.voices), "--licence", options.licence]
    words += ["--seed", str(options.seed), "--rounds", str(options.rounds)]
    words += ["--net"] if options.net else []
    words += ["--onnx", str(options.onnx)] if options.onnx is not None else []
    log = output.with_suffix(".log")
    code = "import sys; from repl.cli import main; raise SystemExit(main(sys.argv[1:]))"
    with log.open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-P", "-c", code, "train", *words],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # the end of the terminal is not its end
        )
    print(f"training as process {process.pid}; {log} says how it goes")  # noqa: T201 - the answer
    print("broken off, it goes on when the same command is given again")  # noqa: T201 - the answer
    return 0


def _write_onnx(net: Net, path: Path) -> None:
    from repl.errors import ReplError
    from repl.net_onnx import write_onnx

    try:
        path.write_bytes(write_onnx(net))
    except OSError as error:
        raise ReplError(f"cannot write {path}: {error.strerror or error}") from None
    print(f"{path}: the net as ONNX")  # noqa: T201 - the answer


def _output(options: argparse.Namespace) -> Path:
    from patterns.models.artifact import SUFFIX

    folder: Path | None = options.folder
    name = folder.resolve().name if folder is not None else str(options.corpus).rpartition(":")[2]
    output: Path = options.output or Path(name + SUFFIX)
    return output if output.suffix == SUFFIX else output.with_name(output.name + SUFFIX)


def _wanted(options: argparse.Namespace) -> Training:
    from repl.errors import ReplError
    from repl.train import MOST_VOICES, Source, Training
    from repl.train_midi import hear_midi, midi_files
    from repl.train_music21 import PREFIX, RIGHTS, hear_score, score_files

    folder: Path | None = options.folder
    corpus: str | None = options.corpus
    if (folder is None) == (corpus is None):
        refuse: Callable[[str], object] = options.refuse
        refuse("say what to learn: a folder of MIDI files, or --corpus music21:bach")
    if not 0 <= options.voices <= MOST_VOICES:
        raise ReplError(f"--voices is 1 to {MOST_VOICES} (got {options.voices})")
    licences: str = options.licence
    if folder is not None:
        if not folder.is_dir():
            raise ReplError(f"{folder} is no folder")
        files = midi_files(folder)
        if not files:
            raise ReplError(f"there are no MIDI files in {folder}: they end in .mid or .midi")
        sources = [Source(path.relative_to(folder).as_posix(), path, hear_midi) for path in files]
        name = f"the folder {folder.resolve().name}"
    else:
        name = str(corpus)
        if not name.startswith(PREFIX):
            raise ReplError(f"--corpus takes music21: and a composer, as in music21:bach (got {name!r})")
        files = score_files(name.removeprefix(PREFIX))
        sources = [Source(path.name, path, hear_score) for path in files]
        licences = RIGHTS if licences == "unknown" else licences
    output = _output(options)
    course = _course(options)
    return Training(output.stem, name, licences, sources, output, options.voices, options.seed, course)


def _course(options: argparse.Namespace) -> Course | None:
    """How the net is trained; all that it needs is asked for before anything is read."""
    from repl.errors import ReplError

    if not options.net:
        if options.onnx is not None:
            raise ReplError("--onnx writes a net: say --net as well")
        return None
    if not 1 <= options.rounds <= MOST_ROUNDS:
        raise ReplError(f"--rounds is 1 to {MOST_ROUNDS} (got {options.rounds})")
    from repl.net_torch import Course, library

    library()
    if options.onnx is not None:
        from repl.net_onnx import library as onnx_library

        onnx_library("onnx", "writing an ONNX model")
    return Course(rounds=options.rounds, seed=options.seed)
