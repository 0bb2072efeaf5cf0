"""The status bar: what plays, how fast, and whether all is well, in one line of any width."""

from __future__ import annotations

import math
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
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
METER = "▁▂▃▄▅▆▇█"
"""The steps of a layer's small meter, 6 dB each; the highest ends at full scale."""
STEP = 6.0
SILENT = -200.0
"""dB of nothing."""
CLIPS = 0.0
"""dB from which on a meter is a warning."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One layer in the bar.

    Args:
        name: As the musician calls it.
        muted: Whether it goes on unheard.
        solo: Whether it is among those that alone are heard.
        sounding: Whether it is heard.
        peak: How loud it was since the last report, in dB below full scale; None if nobody can tell, as of
            a layer that plays by MIDI.
    """

    name: str
    muted: bool = False
    solo: bool = False
    sounding: bool = True
    peak: float | None = None


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
        load: Share of the time between two blocks of audio that the mixer takes to make one, 0 to 1.
        cpu: Share of one processor that the engine takes, which makes the patterns.
        midi: Where MIDI goes.
        audio: Where sound goes.
        playing: Whether there is any layer.
        followed: How the clock that is followed is doing; empty if none is.
        section: What is played again and again, such as "16-24"; empty if nothing is.
        stands: Whether the piece stands.
        off: The plugins that failed so often that they are left alone.
    """

    cycle: float = 0.0
    bpm: float = 0.0
    layers: tuple[Shown, ...] = ()
    late: int = 0
    latest: str = ""
    dropped: int = 0
    load: float = 0.0
    cpu: float = 0.0
    midi: str = ""
    audio: str = ""
    playing: bool = False
    followed: str = ""
    section: str = ""
    stands: bool = False
    off: tuple[str, ...] = ()

    @staticmethod
    def read(message: Mapping[str, object]) -> Status:
        """Read a report; what is missing or makes no sense is left at nothing.

        >>> Status.read({"bpm": 112, "late": "many"}).bpm
        112.0
        """
        layers = message.get("layers")
        rows = cast("list[object]", layers) if isinstance(layers, list) else []
        levels = _table(_table(message.get("levels")).get("layers"))
        return Status(
            _number(message.get("cycle")),
            _number(message.get("bpm")),
            tuple(_layer(cast("dict[str, object]", row), levels) for row in rows if isinstance(row, dict)),
            int(_number(message.get("late"))),
            _most(message.get("late_of")),
            int(_number(message.get("dropped"))),
            _number(message.get("load")),
            _number(message.get("cpu")),
            _line(message.get("midi")),
            _line(message.get("audio")),
            message.get("playing") is True,
            _line(message.get("followed")),
            _line(message.get("section")),
            message.get("stands") is True,
            _left_alone(message.get("plugins")),
        )


@lru_cache(maxsize=4)  # each key draws it anew, and it changes four times a second
def bar(
    status: Status | None,
    width: int,
    absence: str = "no engine",
    *,
    meters: bool = True,
    named: bool = True,
) -> Fragments:
    """The line for a terminal of this width: what matters least gives way first.

    Args:
        status: The last report; None while no engine is there.
        width: Columns.
        absence: What to say without a report.
        meters: Whether the terminal has the signs of the layers' meters.
        named: Whether the layers are named in it; the dashboard has them elsewhere.

    >>> text(bar(Status(cycle=3.5, bpm=112.0, layers=(Shown("drums", peak=-11.0),), playing=True), 60))
    ' cycle 3.5  bpm 112  drums▇  late 0'
    """
    if status is None:
        return [("class:bar.warn", cut(f" {absence}", width))]

    def layers(room: int) -> Fragments:
        return _layers(status, room, meters=meters) if named else []

    pieces = _pieces(status)
    least = min(_width(layers(width)), width // 2)
    for name in ("audio", "midi", "cpu"):
        # Layers matter more than these; but a crowd of them may not take the whole line.
        if _fixed(pieces) + least > width:
            pieces[name] = []
    fewest = _width(layers(0))
    for name, left in GIVES_WAY:
        while len(pieces[name]) > left and _fixed(pieces) + fewest > width:
            pieces[name] = pieces[name][1:]
    room = max(fewest, width - _fixed(pieces))
    shown: Fragments = [("class:bar", " ")]
    for name, forms in pieces.items():
        shown += layers(room) if name == "layers" else forms[0] if forms else []
    return fit(shown, width)


def draws(encoding: str) -> bool:
    """Whether a terminal can be sent the signs of which meters are drawn.

    >>> draws("utf-8"), draws("ascii")
    (True, False)
    """
    try:
        METER.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def text(fragments: Fragments) -> str:
    """The fragments without their styles."""
    return "".join(piece for _, piece in fragments)


def _pieces(status: Status) -> dict[str, list[Fragments]]:
    """The line from left to right; of each piece how it may be written, the longest first."""
    bpm = f"{GAP}bpm {status.bpm:.4g}"
    cycle = f"{math.floor(status.cycle * 10) / 10:.1f}"
    on = "class:bar.on" if status.playing else "class:bar.dim"
    late = f"{GAP}late {status.late}"
    whose = f" ({cut(status.latest, NAME)})" if status.latest else ""
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
        "off": [],
        "load": [],
        "hot": [],
        "cpu": [[("class:bar", f"{GAP}cpu {round(100 * status.cpu)}%")]] if status.cpu else [],
        "midi": _port("midi", status.midi),
        "audio": _port("audio", status.audio),
    }
    if status.followed:
        short = cut(_peers(status.followed) or status.followed, NAME)
        found["followed"] = [[("class:bar", f" {said}")] for said in (cut(status.followed, PORT), short)]
    if status.off:
        count = len(status.off)
        short = f"{GAP}{count} plugin{'s' * (count > 1)} off"
        found["off"] = [
            [("class:bar.warn", short + f": {', '.join(status.off)}")],
            [("class:bar.warn", short)],
        ]
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
    ("cpu", 0), ("on time", 0), ("load", 0), ("off", 1), ("followed", 1), ("late", 1), ("section", 0),
    ("followed", 0), ("cycle", 1), ("bpm", 0), ("hot", 0), ("late", 0), ("dropped", 0), ("off", 0),
    ("cycle", 0), ("stands", 0),
)  # fmt: skip
"""What gives way where it gets narrow, in this order, and how many of its forms are left then."""


def _fixed(pieces: Mapping[str, list[Fragments]]) -> int:
    """Columns of all but the layers, and of the space before the first."""
    return 1 + sum(_width(forms[0]) for forms in pieces.values() if forms)


def _port(title: str, words: str) -> list[Fragments]:
    if not words:
        return []
    named = words if words.lower().startswith(title) else f"{title}: {words}"
    return [[("class:bar.dim", GAP + cut(named, PORT))]]


def _left_alone(plugins: object) -> tuple[str, ...]:
    rows = _table(plugins)
    return tuple(_line(name) for name, row in rows.items() if _table(row).get("left_alone") is True)


def _peers(followed: str) -> str:
    """How many play along by Link, in short; empty if another clock is followed.

    >>> _peers("link locked, 2 peers"), _peers("link alone"), _peers("midi:Digitakt locked 120.01")
    ('link 2 peers', '', '')
    """
    name, _, peers = followed.partition(", ")
    return f"link {peers}" if name.startswith("link ") and peers else ""


def _layers(status: Status, room: int, *, meters: bool) -> Fragments:
    """As many layers as there is room for, and how many more there are."""
    if not status.layers:
        return [("class:bar.dim", f"{GAP}no layers")]
    found: Fragments = []
    for number, layer in enumerate(status.layers):
        rest = len(status.layers) - number
        mark = "[mute]" if layer.muted else "[solo]" if layer.solo else ""
        piece = f"{GAP}{cut(layer.name, NAME)}{mark}"
        meter = _meter(layer) if meters else []
        more = f"{GAP}+{rest - 1}" if rest > 1 else ""
        if _width(found) + cells(piece) + len(meter) + len(more) > room:
            found.append(("class:bar.dim", f"{GAP}+{rest}" if number else f"{GAP}{rest} layers"))
            break
        found.append(("class:bar.on" if layer.sounding else "class:bar.dim", piece))
        found += meter
    return found


def _meter(layer: Shown) -> Fragments:
    """How loud a layer is that is heard, in one sign."""
    if layer.peak is None or not layer.sounding:
        return []
    step = len(METER) + math.ceil(layer.peak / STEP) - 1
    warns = layer.peak > CLIPS
    return [("class:bar.warn" if warns else "class:bar.dim", METER[min(max(step, 0), len(METER) - 1)])]


def fit(fragments: Fragments, width: int) -> Fragments:
    """As much of a line as there are columns for."""
    found: Fragments = []
    left = width
    for style, piece in fragments:
        wide = cells(piece)
        if wide > left:
            found.append((style, begin_of(piece, left)))
            break
        found.append((style, piece))
        left -= wide
    return found


def _width(fragments: Fragments) -> int:
    return sum(cells(piece) for _, piece in fragments)


def cells(words: str) -> int:
    """The columns of a terminal that a text takes.

    >>> cells("bass"), cells("鼓"), cells("e\u0301")
    (4, 2, 1)
    """
    return len(words) if words.isascii() else sum(map(_cell, words))


@lru_cache(maxsize=1024)
def _cell(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def begin_of(words: str, width: int) -> str:
    """As much of a text as there are columns for."""
    ends = list(accumulate(map(_cell, words)))
    return words[: sum(end <= width for end in ends)]


def cut(words: str, width: int) -> str:
    """A text in so many columns at most; of a longer one the beginning.

    >>> cut("drums", 5), cut("timpani", 5)
    ('drums', 'timp…')
    """
    return words if cells(words) <= width else f"{begin_of(words, width - 1)}…"


def _layer(row: Mapping[str, object], levels: Mapping[str, object]) -> Shown:
    name = _line(row.get("name")) or "?"
    return Shown(
        name,
        muted=row.get("muted") is True,
        solo=row.get("solo") is True,
        sounding=row.get("sounding") is not False,
        peak=_number(_table(levels[name]).get("peak", SILENT)) if name in levels else None,
    )


def _table(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return 0.0
    return float(value)


def _most(counts: object) -> str:
    """Of whom there are most."""
    rows = _table(counts)
    return _line(max(rows, key=lambda name: _number(rows[name]), default=""))


def _line(value: object) -> str:
    return " ".join(value.split()) if isinstance(value, str) else ""
