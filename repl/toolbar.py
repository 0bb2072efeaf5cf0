"""The status bar: what plays, how fast, and whether all is well, in one line of any width."""

from __future__ import annotations

import math
from dataclasses import dataclass
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
        late: Events that came too late.
        latest: The layer of most of them.
        dropped: Events that were not played at all.
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
    begin: Fragments = [
        ("class:bar", " "),
        (
            "class:bar.on" if status.playing else "class:bar.dim",
            f"cycle {math.floor(status.cycle * 10) / 10:.1f}",
        ),
        ("class:bar", f" in {status.section}" if status.section else ""),
        ("class:bar.warn", " paused" if status.stands else ""),
        ("class:bar", f"{GAP}bpm {status.bpm:.4g}" + (f" {status.followed}" if status.followed else "")),
    ]
    trouble = _trouble(status)
    ports = _ports(status)
    room = width - _width(begin) - _width(trouble)
    # Layers matter more than ports; but a crowd of them may not take the whole line.
    least = min(_width(_layers(status, width)), width // 2)
    while ports and _width(ports) > room - least:
        ports = ports[:-1]
    return _fit([*begin, *_layers(status, room - _width(ports)), *trouble, *ports], width)


def text(fragments: Fragments) -> str:
    """The fragments without their styles."""
    return "".join(piece for _, piece in fragments)


def _trouble(status: Status) -> Fragments:
    found: Fragments = []
    if status.playing or status.late:
        whose = f" ({_cut(status.latest, NAME)})" if status.late and status.latest else ""
        style = "class:bar.warn" if status.late else "class:bar.dim"
        found.append((style, f"{GAP}late {status.late}{whose}"))
    if status.dropped:
        found.append(("class:bar.warn", f"{GAP}dropped {status.dropped}"))
    if status.audio or status.load:
        style = "class:bar.warn" if status.load >= WARN_LOAD else "class:bar"
        found.append((style, f"{GAP}load {round(100 * status.load)}%"))
    return found


def _ports(status: Status) -> Fragments:
    return [
        ("class:bar.dim", GAP + _cut(words if words.lower().startswith(title) else f"{title}: {words}", PORT))
        for title, words in (("midi", status.midi), ("audio", status.audio))
        if words
    ]


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
        if _width(found) + len(piece) + len(more) > room:
            found.append(("class:bar.dim", f"{GAP}+{rest}" if number else f"{GAP}{rest} layers"))
            break
        found.append(("class:bar.on" if layer.sounding else "class:bar.dim", piece))
    return found


def _fit(fragments: Fragments, width: int) -> Fragments:
    found: Fragments = []
    for style, piece in fragments:
        left = width - _width(found)
        if left <= 0:
            break
        found.append((style, piece[:left]))
    return found


def _width(fragments: Fragments) -> int:
    return sum(len(piece) for _, piece in fragments)


def _cut(words: str, width: int) -> str:
    return words if len(words) <= width else words[: max(0, width - 1)] + "…"


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
