"""The journals that are kept: finding one, listing them, and what `sempre replay` does with it."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

from plugin_host.specs import Chain
from repl.errors import ReplError
from repl.journal import SUFFIX, part_of, rows_of, stem_of
from repl.journalled import at_home, files_of, from_its_beginning
from repl.render import write_sound
from repl.replay import play_script, read_rows, script_of, write_events
from repl.report import file_as_shown
from repl.session import layer_name
from repl.settings import read_settings

if TYPE_CHECKING:
    from repl.commits import Commit
    from repl.replay import Replayed

EDGE = 65_536
"""Bytes at the end of a journal in which its last time is looked for."""
LAST = "last"
"""The name of the newest one."""


def kept(folder: Path) -> list[Path]:
    """The last part of each journal in a folder, newest first."""
    newest: dict[str, Path] = {}
    for path in folder.glob(f"*{SUFFIX}"):
        other = newest.get(stem_of(path))
        if other is None or part_of(other) < part_of(path):
            newest[stem_of(path)] = path
    return sorted(newest.values(), key=stem_of, reverse=True)


def listing(folder: Path | None = None) -> str:
    """The journals that are kept, newest first: name, length and pieces, a line each.

    Args:
        folder: Where they are; None asks the settings.
    """
    place = folder if folder is not None else read_settings([]).journal.place
    lines: list[str] = []
    for path in kept(place):
        try:
            with path.open("rb") as file:
                head = rows_of(file.readline())[0]
                file.seek(max(0, path.stat().st_size - EDGE))
                tail = rows_of(file.read())[0]
        except OSError:
            continue
        if head and head[0]["kind"] == "journal":
            pieces = ", ".join(file_as_shown(str(piece)) for piece in cast("list[object]", head[0]["pieces"]))
            lines.append(f"{stem_of(path)}  {_length(tail):>9}  {pieces}")
    return "\n".join([f"journals in {place}:", *lines]) if lines else f"there is no journal in {place}"


def found(name: str, folder: Path | None = None) -> Path:
    """The journal that is meant: a file, the beginning of a name in the list, or "last".

    Raises:
        ReplError: There is none, or more than one.
    """
    if Path(name).is_file():
        return Path(name)
    place = folder if folder is not None else read_settings([]).journal.place
    there = kept(place)
    if name == LAST and there:
        return there[0]
    meant = [path for path in there if path.name.startswith(name)]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise ReplError(f"{name} may be {', '.join(stem_of(path) for path in meant[:4])}: write more of it")
    raise ReplError(f"there is no journal {name} in {place}: `sempre journal` lists them")


def newest_of(project: Path, folder: Path | None = None) -> Path:
    """The journal of the newest session that was begun in a folder, or that played pieces in it.

    Raises:
        ReplError: There is none.
    """
    place, here = folder if folder is not None else read_settings([]).journal.place, project.resolve()
    for path in kept(place):
        with contextlib.suppress(OSError), path.open("rb") as file:
            head = rows_of(file.readline())[0]
            if head and head[0]["kind"] == "journal":
                home, pieces = Path(str(head[0]["folder"])), files_of(head[0])
                if here in {one.resolve() for one in (home, *(piece.parent for piece in pieces))}:
                    return path
    raise ReplError(f"no session that is kept in {place} played in {here}: `sempre journal` lists all")


def replay(
    journal: Path,
    output: Path | None = None,
    events: Path | None = None,
    begin: Fraction | None = None,
    end: Fraction | None = None,
) -> str:
    """Play a session again; gives what there is to say about it.

    Args:
        journal: Its journal.
        output: A WAV file to write.
        events: A file for the events, as JSON lines.
        begin: The first cycle.
        end: The cycle at which it ends.

    Raises:
        ReplError: It cannot be read, or nothing was played in it.
    """
    rows, said = read_rows(journal)
    header = rows[0]
    with at_home(header):
        script = script_of(rows)
    replayed = play_script(script, begin, end)
    said += replayed.troubles
    if events is not None:
        write_events(events, replayed)
        said.append(f"{events}: {len(replayed.events)} events")
    if output is not None:
        said.append(_sound(replayed, output, files_of(header)))
    if output is None and events is None:
        seconds = replayed.end - replayed.beginning
        said.append(
            f"{stem_of(journal)}: {seconds:.1f} s, {len(replayed.events)} events (-o writes the sound)"
        )
    return "\n".join(said)


def aloud(journal: Path, begin: Fraction | None = None, end: Fraction | None = None) -> int:
    """Play a session again as it was heard: in real time, through the ports and devices of the settings.

    Args:
        journal: Its journal.
        begin: The first cycle.
        end: The cycle at which it ends.

    Returns:
        The exit code, as of `repl.launch.play`.

    Raises:
        ReplError: It cannot be read, or nothing was played in it.
    """
    from repl.launch import play

    rows, _ = read_rows(journal)
    # Found out before any process is started.
    if not any(row.get("begun") or row["kind"] == "state" for row in rows):
        raise ReplError("nothing was played in that session")
    part = {"begin": begin, "end": end}
    asked = {name: None if cycle is None else str(cycle) for name, cycle in part.items()}
    said = f"{stem_of(journal)}: is being computed (-o writes the sound, --silent only computes)"
    print(said, flush=True)  # noqa: T201 - the command line's own voice
    return play(files_of(rows[0]), None, again={"journal": str(journal.absolute()), **asked})


def _sound(replayed: Replayed, output: Path, files: list[Path]) -> str:
    ours = [
        (one.target, replace(one.event, at=one.event.at - replayed.beginning), one.cps)
        for one in replayed.events
        if isinstance(one.target, Chain)
    ]
    elsewhere = {layer_name(one.event.layer) for one in replayed.events if not isinstance(one.target, Chain)}
    seconds = max(0.001, replayed.end - replayed.beginning)
    tempo = from_its_beginning(replayed)
    return write_sound(ours, elsewhere, seconds, output, read_settings(files), [], tempo=tempo)


def _length(rows: list[Commit]) -> str:
    cycles = [row["cycle"] for row in rows if isinstance(row.get("cycle"), int | float)]
    return f"{cast('float', cycles[-1]):.0f} cycles" if cycles else "nothing"
