"""What a journal tells, in lines for people: when, at which cycle, who, and what."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from bridge.clock import here_and_then
from bridge.tempo import Tempo
from bridge.transport import Transport
from repl.commits import boundaries_of
from repl.errors import ReplError
from repl.replay import times_of
from repl.report import file_as_shown
from repl.session import layer_name
from repl.statement import file_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from repl.commits import Commit

    Told = Iterator[tuple[str, str, Sequence[str]]]
    """Who, what, and the lines that were written."""

SHOWN = 12
"""Lines of what was written that are shown where nothing is looked for."""
APART = 2.0
"""Seconds after which what a knob does is told anew."""
PROMPT = "prompt"
"""Who somebody is that gave no name."""
TEMPO = "tempo"


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done.

    Args:
        at: When, by the session's clock; None is not known.
        cycle: The cycle that passed then; None is before there was any.
        who: The file, the person, or the input whose doing it was.
        what: In a few words.
        lines: What was written; of a save, what is new with a `+` and what is gone with a `-`.
        moves: Whether it is one of many steps, such as those of a knob, which are told as one.
    """

    at: float | None
    cycle: float | None
    who: str
    what: str
    lines: Sequence[str] = ()
    moves: bool = False

    def text(self, begun: Began, most: int | None = None) -> str:
        """As it is shown.

        Args:
            begun: When the session began.
            most: So many of the lines are shown; None shows all.
        """
        when = "" if self.at is None else begun.then(self.at)[1]
        cycle = "" if self.cycle is None or self.cycle < 0 else f"{self.cycle:.1f}"
        lines = [f"    {one}" for one in self.lines[:most]]
        left = len(self.lines) - len(lines)
        more = [f"    … {left} more lines"] if left else []
        return "\n".join([f"{when:<8} {cycle:>8}  {self.who:<12}  {self.what}", *lines, *more])


@dataclass(frozen=True, slots=True)
class Began:
    """When a session began.

    Args:
        date: As its journal says it.
        at: The same moment by the session's clock.
    """

    date: str
    at: float

    def then(self, at: float) -> tuple[str, str]:
        """The day and the time of a time of the session's clock."""
        return here_and_then(self.date, at - self.at)


def told(rows: Sequence[Commit], patterns: Sequence[str] = ()) -> str:
    """Tell what a journal says.

    Args:
        rows: Of the journal.
        patterns: Regular expressions, big and small letters alike; told is what has all of them.

    Raises:
        ReplError: A pattern is none, or nothing has them.
    """
    wanted = [_pattern(one) for one in patterns]
    begun = _began(rows)
    said: list[str] = []
    day = ""
    for entry in entries(rows):
        text = entry.text(begun)
        if all(one.search(text) for one in wanted):
            today = day if entry.at is None else begun.then(entry.at)[0]
            said += [today] if today != day else []
            said.append(text if wanted else entry.text(begun, SHOWN))
            day = today
    if not said:
        raise ReplError(f"nothing in it has {' and '.join(patterns)}" if wanted else "nothing was done in it")
    return "\n".join(said)


def entries(rows: Sequence[Commit]) -> Iterator[Entry]:
    """All that was done, in its order."""
    return _together(_Telling(rows).entries())


def _pattern(text: str) -> re.Pattern[str]:
    try:
        return re.compile(text, re.IGNORECASE)
    except re.error as error:
        hint = "put a \\ before a character that stands for itself"
        raise ReplError(f"--grep {text}: {error}; {hint}") from None


def _began(rows: Sequence[Commit]) -> Began:
    first = next((row for row in rows if row["kind"] == "engine"), rows[0])
    at = cast("float", rows[0].get("at", first.get("at", 0.0)))
    return Began(str(rows[0]["start"]), at)


def _together(found: Iterable[Entry]) -> Iterator[Entry]:
    """Tell as one what a knob does at one go."""
    run: list[Entry] = []
    for one in found:
        if run and not (one.moves and (one.at or 0.0) - (run[-1].at or 0.0) < APART):
            yield from _as_one(run)
            run = []
        if one.moves:
            run.append(one)
        else:
            yield one
    yield from _as_one(run)


def _as_one(run: Sequence[Entry]) -> Iterator[Entry]:
    for who in dict.fromkeys(one.who for one in run):
        steps = [one for one in run if one.who == who]
        what = steps[-1].what if len(steps) == 1 else f"{steps[-1].what} ({len(steps)} steps)"
        yield replace(steps[0], what=what)


class _Telling:
    """Goes through the rows, with what has to be known of those before."""

    def __init__(self, rows: Sequence[Commit]) -> None:
        self._rows = rows
        self._times = times_of(rows)
        self._texts: dict[str, str] = {}
        self._bpm = ""
        self._ways = {
            "engine": self._engine,
            "state": self._state,
            "file": self._file,
            "end": self._end,
            "typed": self._typed,
            "refused": self._refused,
            "ended": self._ended,
            "recalled": self._recalled,
            "scene": self._scene,
            "fell": self._fell,
            "hush": self._hush,
            "mix": self._mix,
            "seed": self._seed,
            "tempo": self._tempo,
            "transport": self._transport,
            "follow": self._follow,
            "moved": self._moved,
            "lost": self._lost,
            "over": self._over,
        }

    def entries(self) -> Iterator[Entry]:
        at: float | None = None
        cycle: float | None = None
        for index, row in enumerate(self._rows):
            found = self._times.get(index, row.get("at", row.get("done")))
            at = float(found) if isinstance(found, int | float) else at
            passed = row.get("cycle")
            cycle = float(passed) if isinstance(passed, int | float) else cycle
            tell = self._ways.get(str(row["kind"]))
            for who, what, lines in () if tell is None else tell(row):
                yield Entry(at, cycle, who, what, lines, moves=row["kind"] in {"moved", "tempo"})

    # What is written.

    def _state(self, row: Commit) -> Told:
        """The beginning is not kept any more: what is saved next is compared with what was there."""
        for commit in cast("list[Commit]", row["commits"]):
            if commit["kind"] == "file" and commit["file"] not in self._texts:
                yield str(commit["file"]), "plays", ()
                self._take(commit)

    def _file(self, row: Commit) -> Told:
        file = str(row["file"])
        # What changes is seen in the lines: a boundary has each layer of the piece.
        what = f"changes{_since(row)}" if file in self._texts else f"begins{_places(row)}"
        yield file_as_shown(file), what, self._take(row)

    def _take(self, row: Commit) -> list[str]:
        """Take down the texts of a piece and of its modules; gives what is new in them."""
        texts = {str(row["file"]): str(row["source"]), **cast("Mapping[str, str]", row.get("modules", {}))}
        lines: list[str] = []
        for file, text in texts.items():
            found = _changed(self._texts.get(file, ""), text)
            lines += [f"{file}:", *found] if found and file != row["file"] else found
        self._texts |= texts
        return lines

    def _end(self, row: Commit) -> Told:
        self._texts.pop(str(row["file"]), None)
        yield file_as_shown(str(row["file"])), f"is gone{_places(row)}", ()

    def _typed(self, row: Commit) -> Told:
        source, file = str(row["source"]), file_of(str(row["source"]))
        lines = source.strip("\n").splitlines()
        if file:
            yield _who(row), f"in {file}:", lines[:-1]
        else:
            yield _who(row), lines[0] if lines else "", lines[1:]

    def _refused(self, row: Commit) -> Told:
        file, lines = str(row.get("file", "")), str(row.get("source", "")).splitlines()
        # A save is its file's doing; a statement that an editor took from a file is somebody's.
        who = file_as_shown(file) if file and not lines else _who(row)
        yield who, f"fails: {row['error']}", lines

    def _scene(self, row: Commit) -> Told:
        if "from" in row:
            yield "session", f"has the scene {row['name']} of {row['from']}", ()
        else:
            yield _who(row), f"keeps the scene {row['name']}", ()

    # What is heard.

    def _ended(self, row: Commit) -> Told:
        yield _who(row), f"ends{_places(row)}", ()

    def _recalled(self, row: Commit) -> Told:
        yield _who(row), f"{row.get('how', 'goes back')}{_places(row)}", ()

    def _fell(self, row: Commit) -> Told:
        name = layer_name(str(row["place"]))
        yield name, "failed; the version before it goes on", ()

    def _hush(self, row: Commit) -> Told:
        yield _who(row), "panic" if row.get("panic") else "hush", ()

    def _mix(self, row: Commit) -> Told:
        names = {what: ", ".join(cast("list[str]", row[what])) for what in ("muted", "solo")}
        yield _who(row), "; ".join(f"{k}: {v}" for k, v in names.items() if v) or "nothing muted or solo", ()

    def _seed(self, row: Commit) -> Told:
        yield _who(row), f"seed {row['seed']}", ()

    def _moved(self, row: Commit) -> Told:
        for name, _, position in cast("list[tuple[str, str, object]]", row["rows"]):
            said = f"{position:.3g}" if isinstance(position, float) else str(position)
            yield name, "is steered" if name.startswith("form ") else said, ()

    # Time.

    def _tempo(self, row: Commit) -> Told:
        tempo = Tempo.from_json(cast("list[list[float | str]]", row["tempo"]))
        bpm = f"{tempo.segments[-1].cps * 60 * cast('float', row['beats']):.4g} bpm"
        if bpm != self._bpm:
            self._bpm = bpm
            yield TEMPO, bpm, ()

    def _transport(self, row: Commit) -> Told:
        line = Transport.from_json(cast("list[list[object]]", row["passages"]))
        since = Fraction(str(row["since"]))
        section, at = line.section(since), f"{float(line.position(since)):g}"
        again = "" if section is None else f", {' to '.join(f'{float(one):g}' for one in section)} in a loop"
        yield TEMPO, f"at cycle {at}{again}" if line.rolls(since) else f"stands at cycle {at}", ()

    def _follow(self, row: Commit) -> Told:
        yield TEMPO, f"follows {row['clock']}" if row["clock"] else "follows nobody", ()

    # The session.

    def _engine(self, row: Commit) -> Told:
        if row["term"] != 1:
            suspect = str(row["suspect"])
            why = f"; {layer_name(suspect)} had taken the one before it down" if suspect else ""
            yield "session", f"another engine goes on{why}", ()

    def _lost(self, row: Commit) -> Told:
        yield "session", f"{row['rows']} rows of the journal are lost", ()

    def _over(self, _row: Commit) -> Told:
        yield "session", "ends", ()


def _who(row: Commit) -> str:
    return str(row.get("by") or PROMPT)


def _places(row: Commit) -> str:
    """The layers that a change concerns, and when it takes hold."""
    names = ", ".join(map(layer_name, boundaries_of(row)))
    return f": {names}{_since(row)}" if names else ""


def _since(row: Commit) -> str:
    boundaries = boundaries_of(row)
    return f" from cycle {float(min(boundaries.values())):g}" if boundaries else ""


def _changed(before: str, after: str) -> list[str]:
    """The lines that are gone, and those that are new."""
    found = [*difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)]
    # The first two name the files.
    return [line for line in found[2:] if not line.startswith("@@") and line[1:].strip()]
