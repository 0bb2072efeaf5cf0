"""A session as its journal tells it, opened to be rendered as pieces are."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bridge.tempo import Tempo
from repl.bus_names import names_of_target
from repl.errors import ReplError
from repl.journal import parts, rows_of
from repl.opened import Opened
from repl.replay import play_script, read_rows, script_of
from repl.session import layer_name
from repl.settings import read_settings

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from bridge.event import Seconds, TimedEvent
    from bridge.layer import Target
    from repl.commits import Commit
    from repl.replay import Replayed
    from repl.settings import Settings


def open_journal(path: Path) -> Opened:
    """Play a session again in virtual time, ready to be rendered.

    Args:
        path: Its journal, from the oldest part that is kept up to this one.

    Raises:
        ReplError: It cannot be read, or nothing was played in it.
    """
    rows, said = read_rows(path)
    text = b"".join(part.read_bytes().rstrip(b"\n") + b"\n" for part in parts(path)).decode(errors="replace")
    return _opened(rows, read_settings(files_of(rows[0])), text, said)


def open_again(text: str, settings: Settings) -> Opened:
    """The same of the text of a journal, as a recipe has it.

    Args:
        text: Its lines.
        settings: What holds for it.

    Raises:
        ReplError: It is no journal, or nothing was played in it.
    """
    rows, _ = rows_of(text.encode())
    if not rows or rows[0]["kind"] != "journal":
        raise ReplError("the journal in this recipe cannot be read")
    return _opened(rows, settings, text, [])


def _opened(rows: Sequence[Commit], settings: Settings, text: str, said: Sequence[str]) -> Opened:
    with at_home(rows[0]):
        script = script_of(rows)
        replayed = play_script(script)
    beats = next((row["beats"] for row in reversed(rows) if row["kind"] == "tempo"), None)
    return Opened(
        (),
        settings,
        from_its_beginning(replayed),
        Fraction(cast("float", beats or 4)).limit_denominator(1000),
        cast("int", rows[0]["seed"]),
        journal=text,
        played=_played(replayed, script.cues),
        lasts=max(0.001, replayed.end - replayed.beginning),
        troubles=(*said, *replayed.troubles),
    )


def _played(
    replayed: Replayed, cues: Sequence[tuple[Seconds, frozenset[str]]]
) -> dict[str, list[tuple[Target, TimedEvent]]]:
    """What each place played into the mix, counted from the beginning."""
    found: dict[str, list[tuple[Target, TimedEvent]]] = {}
    for one in replayed.events:
        cued = next((names for since, names in reversed(cues) if since <= one.event.at), frozenset[str]())
        if cued & names_of_target(layer_name(one.event.layer), one.target):
            continue
        event = replace(one.event, at=one.event.at - replayed.beginning)
        found.setdefault(event.layer, []).append((one.target, event))
    return found


def from_its_beginning(replayed: Replayed) -> Tempo:
    """Cycles and seconds of a replay, both counted from its beginning."""
    line, begun = replayed.tempo, replayed.beginning
    first = Fraction(round(line.cycle_at(begun) * 1_000_000), 1_000_000)
    return Tempo(
        tuple(replace(one, begin=one.begin - begun, cycle=one.cycle - first) for one in line.segments)
    )


def files_of(header: Commit) -> list[Path]:
    """The pieces of a session, for the settings beside them; of a folder whatever is in it.

    Args:
        header: The first row of its journal.
    """
    home = Path(str(header["folder"]))
    files = [home / str(piece) for piece in cast("list[object]", header["pieces"])]
    return [file / "*" if file.is_dir() else file for file in files]


@contextlib.contextmanager
def at_home(header: Commit) -> Generator[None, None, None]:
    """Be where a session was: a piece may read a file that lies there.

    Args:
        header: The first row of its journal.
    """
    home = Path(str(header.get("folder", "")))
    with contextlib.chdir(home) if home.is_dir() else contextlib.nullcontext():
        yield
