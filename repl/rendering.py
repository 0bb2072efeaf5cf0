"""`sempre render`: one mix of all pieces, or a file of each, several at once in processes of their own."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, cast

from bridge.worker import Child
from patterns.errors import SempreError
from repl.errors import ReplError
from repl.progress import Progress
from repl.render_job import SECONDS, Finish, RenderJob

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from repl.larder import Larder
    from repl.opened import Opened

    Show = Callable[[float], object]

BITS = {"16": 16, "24": 24, "32f": 32}
SONG = 0.6
"""How much of the time the mix takes where stems are made, too."""
STEP = 0.01
"""How much more must be done before a process says so."""


def run(options: argparse.Namespace) -> int:
    """Do what the command line says; gives the exit code."""
    if options.recipe is not None:
        return _again(options)
    jobs = _jobs(options)
    if isinstance(jobs, RenderJob):
        show = Progress(jobs.files[0].name, sys.stderr)
        try:
            said = do(jobs, show)
        finally:
            show.over()
        print(said)  # noqa: T201 - the answer
        return 0
    at_once = options.jobs if options.jobs is not None else min(len(jobs), os.cpu_count() or 1)
    return do_all(jobs, at_once)


def do(job: RenderJob, show: Show) -> str:
    """Do one job, here; gives what is to be said about it.

    Args:
        job: What to write.
        show: Told how much of it is done.

    Raises:
        LoadError: A piece cannot be loaded.
        ReplError: Nothing can be written.
    """
    from repl.absent import Places
    from repl.larder import Larder
    from repl.recipe import place_of, write_recipe
    from repl.remarks import remarks

    opened, larder = _opened(job), Larder(taped=job.check)
    if job.journal and not job.seconds:
        job = replace(job, seconds=opened.lasts)
    if not job.finish.layout:
        job = replace(job, finish=replace(job.finish, layout=opened.settings.audio.layout))
    part = 0.5 if job.check else 1.0
    among = {name: layer for piece in opened.pieces for name, layer in piece.layers.items()}
    said = [*opened.settings.problems, *opened.troubles]
    places = Places(tuple(map(str, opened.settings.sample_folders)), opened.settings.plugin_folders)
    said += [one for piece in opened.pieces for one in remarks(piece, among=among, places=places)]
    told = make(job, opened, larder, lambda share: show(share * part))
    # What is known with its place is not said once more without it.
    said += [line for line in told.splitlines() if not any(one.endswith(f": {line}") for one in said)]
    if job.check:
        from repl.frozen import freeze

        def once_more(other: RenderJob, second: Larder) -> None:
            make(other, opened, second, lambda share: show(part + share * part))

        said += freeze(job, place_of(job), larder, once_more)
    said.append(f"how it was made: {write_recipe(job, opened, larder)}")
    return "\n".join(said)


def _opened(job: RenderJob) -> Opened:
    if job.journal:
        from repl.journalled import open_journal

        return open_journal(job.files[0])
    from repl.opened import open_pieces

    return open_pieces(job.files, job.seed)


def make(job: RenderJob, opened: Opened, larder: Larder, show: Show) -> str:
    """Write what a job asks for; gives what is to be said about it.

    Args:
        job: What to write.
        opened: Its pieces.
        larder: Takes down what was used.
        show: Told how much of it is done.

    Raises:
        ReplError: Nothing can be written.
    """
    from repl.render import render_mix
    from repl.stems import write_stems

    said: list[str] = []
    part = SONG if job.stems is not None else 1.0
    if job.output is not None:
        said.append(render_mix(job, lambda share: show(share * part), opened, larder))
    if job.stems is not None:
        begun = part if job.output is not None else 0.0
        said.append(
            write_stems(
                job.files,
                job.stems,
                cycles=job.cycles,
                seconds=job.seconds,
                tail=job.tail,
                rate=job.finish.rate,
                progress=lambda share: show(begun + share * (1 - begun)),
                opened=opened,
                larder=larder,
                layout=job.finish.speakers,
            )
        )
    return "\n".join(said)


def _again(options: argparse.Namespace) -> int:
    from repl.recipe import again

    show = Progress(options.recipe.name, sys.stderr)
    try:
        said, same = again(
            options.recipe,
            options.output,
            options.stems,
            lambda job, opened, larder: make(job, opened, larder, show),
        )
    finally:
        show.over()
    print(said)  # noqa: T201 - the answer
    return int(not same)


def do_all(jobs: Sequence[RenderJob], at_once: int) -> int:
    """Do jobs in processes of their own, and say of each what there is to say; gives the exit code.

    Args:
        jobs: Each with one piece.
        at_once: How many at the same time; what is written does not depend on it.
    """
    inbox: SimpleQueue[tuple[int, dict[str, object]]] = SimpleQueue()
    shares, told, running = [0.0] * len(jobs), dict[int, dict[str, object]](), dict[int, Child]()
    show = Progress(f"{len(jobs)} pieces", sys.stderr)
    waiting = [*enumerate(jobs)]
    with tempfile.TemporaryDirectory(prefix="sempre-render-") as folder:
        try:
            while waiting or running:
                while waiting and len(running) < at_once:
                    number, job = waiting.pop(0)
                    running[number] = _start(number, job, inbox, Path(folder) / f"{number}.log")
                number, line = inbox.get()
                shares[number] = float(cast("float", line.get("share", shares[number])))
                show(sum(shares) / len(jobs))
                if "said" in line or "error" in line:
                    told[number] = line
                elif "code" in line:
                    running.pop(number).leave(1.0)
                    shares[number] = 1.0
                    show.over()
                    log = Path(folder) / f"{number}.log"
                    _tell(jobs[number], told.get(number, line), log.read_text(errors="replace"))
        finally:
            show.over()
            for child in running.values():
                child.kill()
                child.leave(1.0)
    return int(any("said" not in told.get(number, {}) for number in range(len(jobs))))


def _start(
    number: int, job: RenderJob, inbox: SimpleQueue[tuple[int, dict[str, object]]], log: Path
) -> Child:
    def heard(_: Child, line: object) -> None:
        inbox.put((number, cast("dict[str, object]", line)))

    def ended(_: Child, code: int) -> None:
        inbox.put((number, {"code": code}))

    # -P: a musician's patterns.py or queue.py in this folder must not take the place of ours.
    command = [sys.executable, "-P", "-m", "repl.rendering", json.dumps(job.to_json())]
    return Child(job.files[0].name, command, heard, ended, log)


def _tell(job: RenderJob, line: dict[str, object], log: str) -> None:
    if log.strip():
        print(log.rstrip(), file=sys.stderr)  # noqa: T201 - what a piece printed
    if "said" in line:
        print(line["said"])  # noqa: T201 - the answer
        return
    why = line.get("error", f"its process ended with {line.get('code')}")
    print(f"sempre: {job.files[0]}: {why}", file=sys.stderr)  # noqa: T201 - the command line's own voice


def _jobs(options: argparse.Namespace) -> RenderJob | list[RenderJob]:
    """One job for all pieces, or one for each."""
    finish = Finish(options.rate, BITS[options.bits], options.lufs, options.tp, options.layout)
    output: Path | None = options.output
    given = tuple(cast("list[Path]", options.files))
    journal = options.journal is not None
    usual = 0.0 if journal else SECONDS
    job = RenderJob(
        given,
        None,
        options.stems,
        options.cycles,
        usual if options.seconds is None else options.seconds,
        options.tail,
        options.seed,
        finish,
        options.check,
        journal,
    )
    if output is None or not (output.is_dir() or not output.suffix):
        if options.jobs is not None:
            raise ReplError("--jobs renders each piece for itself: -o then names a folder")
        kind = None if output is None else output.suffix.lower()
        if options.format is not None and kind not in {None, f".{options.format}"}:
            raise ReplError(f"--format {options.format} and -o {output} are two kinds of file")
        return replace(job, output=output)
    if options.jobs is not None and not 1 <= options.jobs <= 64:
        raise ReplError(f"--jobs is 1 to 64 (got {options.jobs})")
    names = [file.stem for file in given]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ReplError(f"two pieces are called {twice}: their files in {output} would be one")
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReplError(f"cannot write to {output}: {error.strerror or error}") from None
    stems: Path | None = options.stems
    return [
        replace(
            job,
            files=(file,),
            output=output / f"{file.stem}.{options.format or 'wav'}",
            stems=None if stems is None else stems / file.stem,
        )
        for file in given
    ]


def main(arguments: Sequence[str]) -> int:
    """Do one job in this process, and say in lines of JSON how far it is; gives the exit code."""
    job = RenderJob.from_json(json.loads(arguments[0]))
    # What a piece or a plugin prints goes where errors go: our lines stay readable.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)
    last = [0.0]

    def say(line: dict[str, object]) -> None:
        with contextlib.suppress(BrokenPipeError):
            out.write(json.dumps(line) + "\n")

    def show(share: float) -> None:
        if share - last[0] >= STEP:
            last[0] = share
            say({"share": round(share, 3)})

    try:
        say({"said": do(job, show)})
    except SempreError as error:
        say({"error": str(error)})
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
