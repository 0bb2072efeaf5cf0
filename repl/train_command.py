"""The `sempre train` command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from repl.train import Training


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
    train.set_defaults(run=_train, refuse=train.error)


def _train(options: argparse.Namespace) -> int:
    from repl.train import train

    learnt = train(_wanted(options), lambda text: print(text, flush=True))  # noqa: T201 - the answer
    card = learnt.card
    for name, value in sorted(card.figures.items()):
        print(f"  {name} {value:g}")  # noqa: T201 - the answer
    output = _output(options)
    print(f"{output}: {card.pieces} pieces, sha256 {learnt.digest}")  # noqa: T201 - the answer
    print(f'in a piece beside it:  voices = play(model("{output.stem}").continue_())')  # noqa: T201 - the answer
    return 0


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
    return Training(output.stem, name, licences, sources, output, options.voices, options.seed)
