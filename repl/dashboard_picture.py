"""The dashboard drawn with letters: a line for the session, strips of layers with meter and roll, the log."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from repl.seen import SILENT
from repl.toolbar import bar, begin_of, cells, cut, fit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repl.seen import Note, Seen
    from repl.toolbar import Fragments, Shown, Status

AHEAD = 2.4
"""Seconds of what comes: layers are told 2.5 s ahead unless they follow a finger."""
NAME = 14
"""Columns of a layer's name at most."""
METER = 16
"""Columns of a meter at most."""
GUTTER = 5
"""Columns for what a lane of the roll is called, and a space."""
LANES = 8
"""Lines that a layer's roll has at most, where there is room."""
FLOOR = -48.0
"""dB at the left end of a meter."""
LOUD = -6.0
"""dB from which on a meter is yellow; above 0 it is red."""
COLOURS = 5
"""How many colours layers have by turns."""
KEYS = (
    ("↑↓", "layer"), ("m", "mute"), ("s", "solo"), ("h", "end it"), ("u", "hear all"), ("+-", "zoom"),
    ("PgUp", "log"), ("H", "end all"), ("!", "sound off"), ("Esc", "back"),
)  # fmt: skip
"""What stands in the last line; where it is narrow, the last but one gives way first."""


@dataclass(frozen=True, slots=True)
class Signs:
    """Of what it is drawn.

    Args:
        onset: Beginnings of notes, from soft to loud.
        body: What follows the beginning of a note.
        rest: What follows that of a sound without a pitch, such as a drum.
        now: The line of what sounds now.
        cycle: The line at which a cycle begins.
        beat: A beat, above the roll.
        full: What is full of a meter, in parts of a column.
        empty: What is empty of it.
        chosen: Before the layer that keys act on.
        rule: Between the layers and the log.
        arrows: The keys that choose.
    """

    onset: str
    body: str
    rest: str
    now: str
    cycle: str
    beat: str
    full: str
    empty: str
    chosen: str
    rule: str
    arrows: str


BLOCKS = Signs("▃▄▅▆▇█", "━", "╌", "│", "┊", "·", "▏▎▍▌▋▊▉█", "·", "▶", "─", "↑↓")
LETTERS = Signs("oO#", "=", "-", "|", ":", ".", "=", ".", ">", "-", "jk")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log.

    Args:
        cycle: When it was said.
        text: What.
        tone: How: "result", "info" or "error".
    """

    cycle: float
    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Board:
    """All that is drawn.

    Args:
        status: How the session is; None while no engine is there.
        absence: What to say without one.
        seen: What sounds.
        log: What was said, the oldest first.
        now: Seconds since 1970.
        chosen: The layer that keys act on.
        scale: Columns that a second takes in the roll.
        back: How many lines the log is scrolled back.
        signs: Of what it is drawn.
    """

    status: Status | None
    absence: str
    seen: Seen
    log: Sequence[Line]
    now: float
    chosen: str = ""
    scale: float = 16.0
    back: int = 0
    signs: Signs = BLOCKS


@dataclass(frozen=True, slots=True)
class Roll:
    """How time lies on the columns of the roll: each column is a whole number of `1 / scale` seconds.

    Args:
        width: Columns.
        here: The column of what sounds now.
        first: Number of the first column, counted from 1970.
        scale: Columns a second.
    """

    width: int
    here: int
    first: int
    scale: float

    @staticmethod
    def of(width: int, now: float, scale: float) -> Roll:
        """A roll with as much of what comes as is known, and the rest for what was."""
        here = max(width // 4, width - 1 - round(AHEAD * scale))
        return Roll(width, here, math.floor(now * scale) - here, scale)

    def column(self, when: float) -> int:
        """Where a time lies; it may lie outside."""
        # What begins together is told to a ten-thousandth of a second, the cycle's begin exactly.
        return math.floor(when * self.scale + 0.01) - self.first

    @property
    def begin(self) -> float:
        """The time at its left end."""
        return self.first / self.scale

    @property
    def end(self) -> float:
        """The time at its right end."""
        return (self.first + self.width) / self.scale


def draw(board: Board, columns: int, rows: int) -> list[Fragments]:
    """Draw the whole screen: exactly so many rows, none wider than the columns.

    Args:
        board: What there is.
        columns: Of the terminal.
        rows: Of the terminal.
    """
    status = board.status
    layers = status.layers if status is not None else ()
    meters = board.signs is BLOCKS
    head: Fragments = bar(status, columns, board.absence, meters=meters, named=False)
    head = [("class:board.head " + style, piece) for style, piece in head]
    head.append(("class:board.head", " " * (columns - _wide(head))))
    spare = max(0, rows - 4)  # the line of the session, the ruler, the whole, the keys
    logged = min(max(spare // 4, 2), 12) + 1 if spare >= 6 else 0
    room = spare - logged
    aside = min(columns // 3, 1 + NAME + 4 + METER)
    roll = Roll.of(max(1, columns - aside - GUTTER), board.now, board.scale)
    found = [head, _ruler(board, roll, aside)]
    found += _strips(board, layers, roll, room, aside)
    found += [[] for _ in range(room + 2 - len(found))]
    found.append(_whole(board, columns))
    found += _log(board, logged, columns)
    found.append(_keys(board.signs, columns))
    return [fit(line, columns) for line in found[:rows]]


# Layers.


def _strips(board: Board, layers: Sequence[Shown], roll: Roll, room: int, aside: int) -> list[Fragments]:
    """As many layers as there is room for, those around the chosen one, each in one line or in several."""
    if not layers:
        said = "no layers play yet" if board.status is not None else ""
        return [[("class:board.dim", f"  {said}")]] if room and said else []
    place = next((n for n, layer in enumerate(layers) if layer.name == board.chosen), 0)
    begin = max(0, min(place - room // 2, len(layers) - room))
    shown = layers[begin : begin + room]
    notes = board.seen.notes(roll.begin, roll.end)
    lanes = {layer.name: board.seen.lanes(layer.name) for layer in shown}
    heights = _heights([len(lanes[layer.name]) for layer in shown], room)
    found: list[Fragments] = []
    for number, (layer, height) in enumerate(zip(shown, heights, strict=True), begin):
        rolls = _rolls(board, roll, notes.get(layer.name, []), lanes[layer.name], height, number)
        for line, drawn in enumerate(rolls):
            beside = _beside(board, layer, number == place, aside) if line == 0 else [("", " " * aside)]
            found.append([*beside, *drawn])
    return found


def _heights(wanted: Sequence[int], room: int) -> list[int]:
    """How many lines each layer gets: one, and more by turns to those whose roll has more lanes."""
    found = [1] * len(wanted)
    left = room - len(found)
    while left > 0:
        before = left
        for number, lanes in enumerate(wanted):
            if left > 0 and found[number] < min(lanes, LANES):
                found[number] += 1
                left -= 1
        if left == before:
            break
    return found


def _beside(board: Board, layer: Shown, chosen: bool, aside: int) -> Fragments:
    """The name of a layer, whether it is muted or solo, and its meter."""
    name = max(3, min(NAME, aside - 10))
    mark = "M" if layer.muted else "S" if layer.solo else " "
    style = "class:bar.on" if layer.sounding else "class:board.dim"
    said = cut(layer.name, name)
    found: Fragments = [
        ("class:board.chosen", board.signs.chosen if chosen else " "),
        (f"{style} class:board.chosen" if chosen else style, said),
        ("", " " * (name - cells(said) + 1)),
        ("class:bar.warn" if layer.muted else "class:bar.on", mark),
        ("", " "),
    ]
    room = aside - _wide(found) - 1
    return [*found, *_meter(board.seen.level(layer.name, board.now), room, board.signs), ("", " ")]


def _meter(level: float | None, width: int, signs: Signs) -> Fragments:
    """A level as a bar; nothing where nobody can tell."""
    if level is None or width < 1:
        return [("", " " * max(0, width))]
    full = min(max((level - FLOOR) / -FLOOR, 0.0), 1.0) * width
    whole = int(full)
    drawn = signs.full[-1] * whole
    if whole < width:
        part = int((full - whole) * len(signs.full))
        drawn += signs.full[part - 1] if part else ""
    colour = "bar.warn" if level > 0 else "board.loud" if level > LOUD else "board.meter"
    return [(f"class:{colour}", drawn), ("class:board.dim", signs.empty * (width - len(drawn)))]


# The roll.


def _ruler(board: Board, roll: Roll, aside: int) -> Fragments:
    """The numbers of the cycles where they begin, and the beats."""
    line = [" "] * roll.width
    seen = board.seen
    if seen.when(0) is not None:
        beats = seen.beats if seen.beats >= 1 else 1.0
        first, last = seen.cycle(roll.begin), seen.cycle(roll.end)
        beat = math.ceil(first * beats)
        while beat <= last * beats and beat - first * beats < roll.width:
            when = seen.when(beat / beats)
            place = roll.column(when) if when is not None else -1
            cycle = beat / beats
            said = f"{cycle:.0f}" if cycle == round(cycle) else board.signs.beat
            if place >= 0 and place + len(said) <= roll.width and beat >= 0:
                line[place : place + len(said)] = said
            beat += 1
    return [("class:board.dim", " " * (aside + GUTTER) + "".join(line))]


def _rolls(
    board: Board, roll: Roll, notes: Sequence[Note], lanes: Sequence[str], height: int, number: int
) -> list[Fragments]:
    """The lines of a layer's roll, each with what its lane is called if it is one alone."""
    rows = {label: place * height // max(len(lanes), height) for place, label in enumerate(lanes)}
    text = [[" "] * roll.width for _ in range(height)]
    style = [[""] * roll.width for _ in range(height)]
    for column in _cycles(board, roll):
        for line in range(height):
            text[line][column], style[line][column] = board.signs.cycle, "class:board.dim"
    for line in range(height):
        text[line][roll.here], style[line][roll.here] = board.signs.now, "class:board.now"
    for note in notes:
        line = min(rows.get(note.label, 0), height - 1)
        begin, end = roll.column(note.at), max(roll.column(note.at) + 1, roll.column(note.until))
        drawn = _style(note, board.now, number)
        body = board.signs.rest if note.pitch is None else board.signs.body
        for column in range(max(0, begin), min(end, roll.width)):
            text[line][column] = board.signs.now if column == roll.here else body
            style[line][column] = drawn
        if 0 <= begin < roll.width:
            steps = board.signs.onset
            text[line][begin] = steps[min(int(note.strength * len(steps)), len(steps) - 1)]
    return [[*_gutter(lanes, rows, line), *_runs(text[line], style[line])] for line in range(height)]


def _cycles(board: Board, roll: Roll) -> list[int]:
    """The columns at which a cycle begins."""
    first, last = board.seen.cycle(roll.begin), board.seen.cycle(roll.end)
    if board.seen.when(0) is None or last - first > roll.width / 2:
        return []
    times = (board.seen.when(cycle) for cycle in range(max(0, math.ceil(first)), math.floor(last) + 1))
    places = (roll.column(when) for when in times if when is not None)
    return [place for place in places if 0 <= place < roll.width]


def _style(note: Note, now: float, number: int) -> str:
    if note.until <= now:
        return "class:board.dim"
    sounds = " class:board.sounds" if note.at <= now else ""
    return f"class:board.layer{number % COLOURS}{sounds}"


def _gutter(lanes: Sequence[str], rows: dict[str, int], line: int) -> Fragments:
    there = [label for label in lanes if rows[label] == line]
    said = cut(there[0], GUTTER - 1) if len(there) == 1 else ""
    return [("class:board.dim", " " * (GUTTER - 1 - cells(said)) + said + " ")]


def _runs(text: Sequence[str], style: Sequence[str]) -> Fragments:
    """Signs with their styles, those of one style together."""
    found: Fragments = []
    place = 0
    for each, run in groupby(style):
        count = sum(1 for _ in run)
        found.append((each, "".join(text[place : place + count])))
        place += count
    return found


# What is below.


def _whole(board: Board, columns: int) -> Fragments:
    """The level of the whole, and its loudness."""
    level = board.seen.level("master", board.now)
    if level is None:
        return []
    loudness = f"  {board.seen.loudness:6.1f} LUFS" if board.seen.loudness > SILENT / 2 else ""
    told = f" {level:6.1f} dB{loudness}" if level > SILENT / 2 else "  silent"
    name = " all "
    width = max(0, min(columns - len(name) - len(told), 3 * METER))
    return [("class:bar.on", name), *_meter(level, width, board.signs), ("", told)]


def _log(board: Board, rows: int, columns: int) -> list[Fragments]:
    """The newest lines of the log, or those before them, below a rule."""
    if not rows:
        return []
    room = rows - 1
    lines: list[tuple[str, str]] = []
    for said in reversed(board.log):
        cycle = f"{said.cycle:7.1f}  "
        parts = [
            part
            for line in said.text.splitlines() or [""]
            for part in _wrapped(line.expandtabs(4), columns - len(cycle))
        ]
        told = [(cycle if not number else " " * len(cycle)) + part for number, part in enumerate(parts)]
        lines += [(f"class:{said.tone}", part) for part in reversed(told)]
        if len(lines) >= room + board.back:
            break
    back = max(0, min(board.back, len(lines) - room))
    shown = lines[back : back + room][::-1]
    title = f"{board.signs.rule * 2} log {f'({back} lines further) ' if back else ''}"
    rule = title + board.signs.rule * max(0, columns - cells(title))
    found: list[Fragments] = [[("class:board.dim", rule)]]
    found += [[] for _ in range(room - len(shown))]
    found += [[part] for part in shown]
    return found


def _wrapped(line: str, width: int) -> list[str]:
    """A line in pieces that fit."""
    found: list[str] = []
    while cells(line) > width > 1:
        piece = begin_of(line, width)
        found.append(piece)
        line = line[len(piece) :]
    return [*found, line]


def _keys(signs: Signs, columns: int) -> Fragments:
    keys = [(signs.arrows if key == KEYS[0][0] else key, does) for key, does in KEYS]
    while len(keys) > 1 and sum(len(key) + len(does) + 3 for key, does in keys) > columns:
        del keys[-2]
    found: Fragments = []
    for key, does in keys:
        found += [("class:bar.on", f" {key}"), ("class:board.dim", f" {does} ")]
    return found


def _wide(fragments: Fragments) -> int:
    return sum(cells(piece) for _, piece in fragments)
