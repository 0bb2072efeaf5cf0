"""The picture of an analysis: piano roll, keys, tension and density above one time, and what is like what."""

from __future__ import annotations

import math
from itertools import groupby
from typing import TYPE_CHECKING

from repl.canvas import Canvas, Dots, Lines
from repl.errors import ReplError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from patterns.measures.keys import KeyFound
    from repl.analyse import Analysis

    Colour = tuple[int, int, int]

WIDTH, HEIGHT = 1000, 1005
LEFT, RIGHT = 70, 20
GROUND: Colour = (252, 252, 250)
INK: Colour = (40, 44, 52)
PALE: Colour = (120, 126, 136)
RULE: Colour = (226, 227, 230)
PANEL: Colour = (244, 244, 243)
LAYERS: tuple[Colour, ...] = (
    (46, 110, 190), (204, 102, 36), (46, 140, 84), (190, 66, 104), (122, 88, 188), (30, 140, 148),
    (150, 120, 30), (110, 110, 120), (92, 52, 40), (224, 140, 160), (20, 70, 90), (160, 190, 60),
    (90, 40, 110), (240, 170, 40), (120, 170, 220), (60, 90, 40),
)  # fmt: skip
A_ROW = 8
"""Layers that are named in one row; there is room for two of them."""
ROLL, KEYS, TENSION, DENSITY, MATRIX = (76, 300), (400, 28), (454, 100), (580, 76), (720, 256)
"""Where each part begins, and how high it is."""
_BLACK = {1, 3, 6, 8, 10}


def write_picture(found: Analysis, file: Path) -> None:
    """Draw an analysis into a file.

    Args:
        found: What is drawn.
        file: Its name ends in .png or .svg.

    Raises:
        ReplError: It ends otherwise, or cannot be written.
    """
    kind = file.suffix.lower()
    if kind not in {".png", ".svg"}:
        raise ReplError(f"analyse: a picture is called .png or .svg (got {str(file)!r})")
    canvas: Canvas = Dots(WIDTH, HEIGHT, GROUND) if kind == ".png" else Lines(WIDTH, HEIGHT, GROUND)
    draw(found, canvas)
    try:
        file.write_bytes(canvas.data())
    except OSError as error:
        raise ReplError(f"{file} cannot be written ({error.strerror or error})") from None


def draw(found: Analysis, canvas: Canvas) -> None:
    """Draw an analysis on a canvas of `WIDTH` by `HEIGHT`."""
    key = "" if found.key is None else f", {found.key.name.replace(':', ' ')}"
    canvas.text(LEFT, 30, _short(found.name, 40), INK, size=2)
    canvas.text(LEFT, 48, f"{found.cycles} cycles, {len(found.notes)} notes{key}", PALE)
    _legend(found, canvas)

    def x_of(cycle: float) -> float:
        return LEFT + cycle / found.cycles * (WIDTH - LEFT - RIGHT)

    for top, high in (ROLL, TENSION, DENSITY):
        canvas.box(LEFT, top, WIDTH - LEFT - RIGHT, high, PANEL)
    for top, high in (ROLL, TENSION, DENSITY):
        _cycles(found, canvas, x_of, top, high, labelled=(top, high) == DENSITY)
    _roll(found, canvas, x_of)
    _keys(found, canvas, x_of)
    _curve(
        canvas, TENSION, "tension", [(m.at, m.tension) for m in found.moments], found.frame, x_of, LAYERS[3],
        (0.0, max(0.5, *(m.tension or 0 for m in found.moments))),
    )  # fmt: skip
    most = max(1.0, *(m.density for m in found.moments))
    density = [(m.at, m.density) for m in found.moments]
    _curve(canvas, DENSITY, "notes a cycle", density, found.frame, x_of, LAYERS[0], (0.0, most))
    _matrix(found, canvas)
    _summary(found, canvas)


def _legend(found: Analysis, canvas: Canvas) -> None:
    layers = [*enumerate(found.layers)][: len(LAYERS)]
    rows = [layers[first : first + A_ROW] for first in range(0, len(layers), A_ROW)]
    for y, row in zip((66, 50) if len(rows) > 1 else (48,), reversed(rows), strict=False):
        x = float(WIDTH - RIGHT)
        for place, name in reversed(row):
            shown = _short(name, 14)
            canvas.text(x, y, shown, INK, at=1)
            x -= len(shown) * 6.2 + 14
            canvas.box(x, y - 8, 9, 9, LAYERS[place % len(LAYERS)])
            x -= 16


def _roll(found: Analysis, canvas: Canvas, x_of: Callable[[float], float]) -> None:
    """Notes by pitch, and a row for each layer's sounds without one."""
    top, high = ROLL
    pitches = [note.pitch for note in found.notes if note.pitch is not None]
    drums = [name for name, row in found.layers.items() if any(note.pitch is None for note in row)]
    strip = 12.0 * len(drums)
    room = high - strip - (6 if drums else 0)
    low, upper = (math.floor(min(pitches)) - 1, math.ceil(max(pitches)) + 1) if pitches else (59, 61)
    upper = max(upper, low + 12)
    one = room / (upper - low + 1)

    def y_of(pitch: float) -> float:
        return top + (upper - pitch) * one

    for pitch in range(low, upper + 1):
        if pitch % 12 in _BLACK:
            canvas.box(LEFT, y_of(pitch), WIDTH - LEFT - RIGHT, one, (237, 237, 237))
        if pitch % 12 == 0:
            canvas.box(LEFT, y_of(pitch) + one, WIDTH - LEFT - RIGHT, 0.5, (205, 206, 210))
            canvas.text(LEFT - 8, y_of(pitch) + one / 2 + 4, f"c{pitch // 12 - 1}", PALE, at=1)
    for place, row in enumerate(found.layers.values()):
        colour = LAYERS[place % len(LAYERS)]
        for note in row:
            if note.pitch is not None and note.onset < found.cycles:
                width = x_of(min(note.end, found.cycles)) - x_of(note.onset)
                shade = _mixed(GROUND, colour, 0.45 + 0.55 * note.velocity)
                canvas.box(
                    x_of(note.onset), y_of(note.pitch), max(1.0, width - 0.5), max(1.5, one - 0.5), shade
                )
    for place, name in enumerate(drums):
        y = top + high - strip + 12 * place
        canvas.text(LEFT - 8, y + 9, _short(name, 9), PALE, at=1)
        colour = LAYERS[list(found.layers).index(name) % len(LAYERS)]
        for note in found.layers[name]:
            if note.pitch is None and note.onset < found.cycles:
                canvas.box(x_of(note.onset), y + 2, 2, 8, _mixed(GROUND, colour, 0.45 + 0.55 * note.velocity))
    _title(canvas, ROLL, "pitch")


def _keys(found: Analysis, canvas: Canvas, x_of: Callable[[float], float]) -> None:
    """The key of each stretch: a hue for each place in the circle of fifths, minor darker."""
    top, high = KEYS
    _title(canvas, KEYS, "key")
    rows = [(moment.key, moment.at) for moment in found.moments]
    for name, group in groupby(rows, key=lambda row: "" if row[0] is None else row[0].name):
        stretch = [*group]
        begin, end = stretch[0][1], min(found.cycles, stretch[-1][1] + found.frame)
        key = stretch[0][0]
        if key is None:
            continue
        canvas.box(x_of(begin), top, x_of(end) - x_of(begin) - 0.5, high, _hue(key))
        tonic, mode = name.split(":")
        for text in (f"{tonic} {mode}", f"{tonic}{'m' if key.minor else ''}"):
            if len(text) * 6.2 + 6 < x_of(end) - x_of(begin):
                canvas.text((x_of(begin) + x_of(end)) / 2, top + high / 2 + 4, text, INK, at=0.5)
                break


def _curve(
    canvas: Canvas,
    place: tuple[int, int],
    title: str,
    values: Sequence[tuple[float, float | None]],
    frame: float,
    x_of: Callable[[float], float],
    colour: Colour,
    limits: tuple[float, float],
) -> None:
    top, high = place
    low, most = limits
    step = _step(most - low)
    level = math.ceil(low / step) * step
    while level <= most + 1e-9:
        y = top + high - (level - low) / (most - low) * (high - 8)
        canvas.box(LEFT, y, WIDTH - LEFT - RIGHT, 0.5, RULE)
        canvas.text(LEFT - 8, y + 4, f"{level:g}", PALE, at=1)
        level += step
    points: list[tuple[float, float]] = []
    for at, value in values:
        if value is None:
            canvas.line(points, colour, 1.6)
            points = []
        else:
            points.append((x_of(at + frame / 2), top + high - (value - low) / (most - low) * (high - 8)))
    canvas.line(points, colour, 1.6)
    _title(canvas, place, title)


def _cycles(
    found: Analysis, canvas: Canvas, x_of: Callable[[float], float], top: int, high: int, *, labelled: bool
) -> None:
    step = _whole_step(found.cycles, 16)
    for cycle in range(0, found.cycles + 1, step):
        canvas.box(x_of(cycle), top, 0.5, high, (200, 202, 206))
        if labelled:
            canvas.text(x_of(cycle), top + high + 14, str(cycle), PALE, at=0.5)
    if labelled:
        canvas.text(WIDTH - RIGHT, top + high + 28, "cycle", PALE, at=1)


def _matrix(found: Analysis, canvas: Canvas) -> None:
    """What is like what: dark where two stretches are alike."""
    top, side = MATRIX
    _title(canvas, MATRIX, "self-similarity")
    shades = [_mixed((255, 255, 255), (24, 52, 98), (level / 32) ** 2) for level in range(33)]
    canvas.grid(LEFT, top, side, [[shades[round(value * 32)] for value in row] for row in found.matrix])
    for edge in (0, side):
        canvas.box(LEFT + edge, top, 0.5, side, PALE)
        canvas.box(LEFT, top + edge, side, 0.5, PALE)
    step = _whole_step(found.cycles, 6)
    for cycle in range(0, found.cycles + 1, step):
        way = cycle / found.cycles * side
        canvas.text(LEFT + way, top + side + 14, str(cycle), PALE, at=0.5)
        canvas.text(LEFT - 8, top + way + 4, str(cycle), PALE, at=1)
    canvas.text(LEFT + side + 26, top + side + 14, "cycle", PALE)


def _summary(found: Analysis, canvas: Canvas) -> None:
    from repl.analyse import told

    x, y = LEFT + MATRIX[1] + 44, MATRIX[0] + 22
    for line in told(found).splitlines()[len(found.troubles) + 1 :]:
        canvas.text(x, y, line[:16].strip(), PALE)
        rest = line[16:]
        for part in _wrapped(rest, 74):
            canvas.text(x + 104, y, part, INK)
            y += 18
        y += 8


def _title(canvas: Canvas, place: tuple[int, int], title: str) -> None:
    canvas.text(LEFT, place[0] - 5, title, PALE)


def _wrapped(text: str, most: int) -> list[str]:
    rows = [""]
    for word in text.split():
        if len(rows[-1]) + len(word) + 1 > most:
            rows.append("")
        rows[-1] = f"{rows[-1]} {word}".strip()
    return rows


def _hue(key: KeyFound) -> Colour:
    """A pale colour: neighbours in the circle of fifths have neighbouring hues, relatives the same."""
    fifths = (key.tonic * 7 + (9 if key.minor else 0)) % 12
    angle = fifths / 12 * 2 * math.pi
    base = 196 if key.minor else 216
    red, green, blue = (round(base + 34 * math.cos(angle - shift)) for shift in (0, 2.1, 4.2))
    return red, green, blue


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    share = min(1.0, max(0.0, share))
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _step(width: float) -> float:
    """A step of 1, 2 or 5 by which a width has two to five parts."""
    power = 10.0 ** math.floor(math.log10(width))
    return next(power * part for part in (0.2, 0.5, 1, 2, 5) if width / (power * part) <= 5)


def _whole_step(cycles: int, most: int) -> int:
    step = 1
    while cycles / step > most:
        step *= 2
    return step


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 2]}.."
