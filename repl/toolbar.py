"""The status bar: what plays, how fast, and whether all is well, in one line of any width."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping

Fragments = list[tuple[str, str]]
"""Pieces of a line, each with its style."""

GAP = "  "
NAME = 14
"""Columns that a layer's name may take."""
PORT = 22
"""Columns that the text about MIDI or audio may take."""
WARN_LOAD = 0.8
"""Audio load from which on it is shown as a warning; at 1 the device runs dry."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One layer in the bar."""

    name: str
    muted: bool = False
    solo: bool = False
    sounding: bool = True


@dataclass(frozen=True, slots=True)
class Status:
    """What an engine reports four times a second.

    Args:
        cycle: Where the music is.
        bpm: Beats per minute.
        layers: The layers, in their order.
        late: Events that came too late, in the last minute.
        latest: The layer of most of them.
        dropped: Events that were not played at all, in the last minute.
        load: Of the audio process, 0 to 1.
        midi: Where MIDI goes.
        audio: Where sound goes.
        playing: Whether there is any layer.
        followed: How the clock that is followed is doing; empty if none is.
        section: What is played again and again, such as "16-24"; empty if nothing is.
        stands: Whether the piece stands.
    """

    cycle: float = 0.0
    bpm: float = 0.0
    layers: tuple[Shown, ...] = ()
    late: int = 0
    latest: str = ""
    dropped: int = 0
    load: float = 0.0
    midi: str = ""
    audio: str = ""
    playing: bool = False
    followed: str = ""
    section: str = ""
    stands: bool = False

    @staticmethod
    def read(message: Mapping[str, object]) -> Status:
        """Read a report; what is missing or makes no sense is left at nothing.

        >>> Status.read({"bpm": 112, "late": "many"}).bpm
        112.0
        """
        layers = message.get("layers")
        rows = cast("list[object]", layers) if isinstance(layers, list) else []
        return Status(
            _number(message.get("cycle")),
            _number(message.get("bpm")),
            tuple(_layer(cast("dict[str, object]", row)) for row in rows if isinstance(row, dict)),
            int(_number(message.get("late"))),
            _most(message.get("late_of")),
            int(_number(message.get("dropped"))),
            _number(message.get("load")),
            _line(message.get("midi")),
            _line(message.get("audio")),
            message.get("playing") is True,
            _line(message.get("followed")),
            _line(message.get("section")),
            message.get("stands") is True,
        )


def bar(status: Status | None, width: int, absence: str = "no engine") -> Fragments:
    """The line for a terminal of this width: what matters least gives way first.

    Args:
        status: The last report; None while no engine is there.
        width: Columns.
        absence: What to say without a report.

    >>> text(bar(Status(cycle=3.5, bpm=112.0, layers=(Shown("drums"),), playing=True), 60))
    ' cycle 3.5  bpm 112  drums  late 0'
    """
    if status is None:
        return [("class:bar.warn", _cut(f" {absence}", width))]
    pieces = _pieces(status)
    least = min(_width(_layers(status, width)), width // 2)
    for name in ("audio", "midi"):
        # Layers matter more than ports; but a crowd of them may not take the whole line.
        if _fixed(pieces) + least > width:
            pieces[name] = []
    fewest = _width(_layers(status, 0))
    for name, left in GIVES_WAY:
        while len(pieces[name]) > left and _fixed(pieces) + fewest > width:
            pieces[name] = pieces[name][1:]
    room = max(fewest, width - _fixed(pieces))
    shown: Fragments = [("class:bar", " ")]
    for name, forms in pieces.items():
        shown += _layers(status, room) if name == "layers" else forms[0] if forms else []
    return _fit(shown, width)


def text(fragments: Fragments) -> str:
    """The fragments without their styles."""
    return "".join(piece for _, piece in fragments)


def _pieces(status: Status) -> dict[str, list[Fragments]]:
    """The line from left to right; of each piece how it may be written, the longest first."""
    bpm = f"{GAP}bpm {status.bpm:.4g}"
    cycle = f"{math.floor(status.cycle * 10) / 10:.1f}"
    on = "class:bar.on" if status.playing else "class:bar.dim"
    late = f"{GAP}late {status.late}"
    whose = f" ({_cut(status.latest, NAME)})" if status.latest else ""
    load = f"{GAP}load {round(100 * status.load)}%"
    found: dict[str, list[Fragments]] = {
        "cycle": [[(on, f"cycle {cycle}")], [(on, cycle)]],
        "section": [[("class:bar", f" in {status.section}")]] if status.section else [],
        "stands": [[("class:bar.warn", " paused")]] if status.stands else [],
        "bpm": [[("class:bar", bpm)]],
        "followed": [],
        "layers": [],
        "late": [],
        "on time": [],
        "dropped": [[("class:bar.warn", f"{GAP}dropped {status.dropped}")]] if status.dropped else [],
        "load": [],
        "hot": [],
        "midi": _port("midi", status.midi),
        "audio": _port("audio", status.audio),
    }
    if status.followed:
        found["followed"] = [[("class:bar", f" {_cut(status.followed, room)}")] for room in (PORT, NAME)]
    if status.late:
        found["late"] = [[("class:bar.warn", late + whose)], [("class:bar.warn", late)]]
    elif status.playing:
        found["on time"] = [[("class:bar.dim", late)]]
    if status.load >= WARN_LOAD:
        found["hot"] = [[("class:bar.warn", load)]]
    elif status.audio or status.load:
        found["load"] = [[("class:bar", load)]]
    return found


GIVES_WAY = (
    ("on time", 0), ("load", 0), ("followed", 1), ("late", 1), ("section", 0), ("followed", 0), ("cycle", 1),
    ("bpm", 0), ("hot", 0), ("late", 0), ("dropped", 0), ("cycle", 0), ("stands", 0),
)  # fmt: skip
"""What gives way where it gets narrow, in this order, and how many of its forms are left then."""


def _fixed(pieces: Mapping[str, list[Fragments]]) -> int:
    """Columns of all but the layers, and of the space before the first."""
    return 1 + sum(_width(forms[0]) for forms in pieces.values() if forms)


def _port(title: str, words: str) -> list[Fragments]:
    if not words:
        return []
    named = words if words.lower().startswith(title) else f"{title}: {words}"
    return [[("class:bar.dim", GAP + _cut(named, PORT))]]


def _layers(status: Status, room: int) -> Fragments:
    """As many layers as there is room for, and how many more there are."""
    if not status.layers:
        return [("class:bar.dim", f"{GAP}no layers")]
    found: Fragments = []
    for number, layer in enumerate(status.layers):
        rest = len(status.layers) - number
        mark = "[mute]" if layer.muted else "[solo]" if layer.solo else ""
        piece = f"{GAP}{_cut(layer.name, NAME)}{mark}"
        more = f"{GAP}+{rest - 1}" if rest > 1 else ""
        if _width(found) + cells(piece) + len(more) > room:
            found.append(("class:bar.dim", f"{GAP}+{rest}" if number else f"{GAP}{rest} layers"))
            break
        found.append(("class:bar.on" if layer.sounding else "class:bar.dim", piece))
    return found


def _fit(fragments: Fragments, width: int) -> Fragments:
    found: Fragments = []
    for style, piece in fragments:
        left = width - _width(found)
        if cells(piece) > left:
            found.append((style, _begin(piece, left)))
            break
        found.append((style, piece))
    return found


def _width(fragments: Fragments) -> int:
    return sum(cells(piece) for _, piece in fragments)


def cells(words: str) -> int:
    """The columns of a terminal that a text takes.

    >>> cells("bass"), cells("鼓"), cells("e\u0301")
    (4, 2, 1)
    """
    return len(words) if words.isascii() else sum(map(_cell, words))


def _cell(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _begin(words: str, width: int) -> str:
    """As much of a text as there are columns for."""
    ends = list(accumulate(map(_cell, words)))
    return words[: sum(end <= width for end in ends)]


def _cut(words: str, width: int) -> str:
    return words if cells(words) <= width else f"{_begin(words, width - 1)}…"


def _layer(row: Mapping[str, object]) -> Shown:
    return Shown(
        _line(row.get("name")) or "?",
        muted=row.get("muted") is True,
        solo=row.get("solo") is True,
        sounding=row.get("sounding") is not False,
    )


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    return float(value)


def _most(counts: object) -> str:
    """Of whom there are most."""
    rows = cast("dict[str, object]", counts) if isinstance(counts, dict) else {}
    return _line(max(rows, key=lambda name: _number(rows[name]), default=""))


def _line(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
