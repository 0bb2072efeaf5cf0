"""A pattern as a picture for a page: SVG text, the same for the same pattern, on light and dark ground.

All colours are of middle lightness, at least 3:1 against white and against #0d1117, and nothing is filled
behind them: so a picture needs no style of the page, and none of its own can leak into the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from html import escape

from patterns.lanes import Curve, Lane, Mark, Score

WIDTH = 720
EDGE = 12
LETTER = 7.3  # pixels of a letter of 12 pixels in the usual fixed-width fonts
LABEL = 18  # letters of a label
BAR = 11  # height of a note
SOUND = 22  # from one sound to the next
SEMITONE, MORE = 13, 3  # from one note to the next, and for each further semitone between them
WIDEST = 5  # semitones that are still told apart by their distance
CURVE = 46
MOST_LANES = 40
MOST_MARKS = 4000

INK = "#768390"
COLOURS = ("#3d84d6", "#c2781b", "#3f9a57", "#cf5a72", "#8a6fd1", "#23949b")
FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def picture(score: Score, title: str = "") -> str:
    """Draw some cycles of a pattern.

    Args:
        score: What to draw.
        title: What stands above it, such as the pattern's code.
    """
    lanes, curves = score.lanes[:MOST_LANES], score.curves[: MOST_LANES // 4]
    labels = [lane.label for lane in lanes] + [curve.label for curve in curves] + ["-0.25" if curves else ""]
    left = EDGE + min(LABEL, max(map(len, labels))) * LETTER + 8
    top = 34.0 if title else EDGE
    tops, bottom = _places(lanes, top)
    curve_tops = [bottom + place * (CURVE + 8) + 4 for place in range(len(curves))]
    bottom = curve_tops[-1] + CURVE + 4 if curve_tops else bottom
    if not lanes and not curves:
        bottom = top + 30
    a_cycle = (WIDTH - EDGE - left) / score.cycles

    def x_of(time: Fraction | int) -> float:
        return left + float(time - score.begin) * a_cycle

    body: list[str] = []
    body += _ground(lanes, tops, left, bottom, top)
    body += _ticks(score, x_of, top, bottom, a_cycle)
    room = MOST_MARKS
    for place, (lane, y) in enumerate(zip(lanes, tops, strict=True)):
        colour = COLOURS[0] if lane.pitch is not None else COLOURS[place % len(COLOURS)]
        body += _label(lane.label, left, y + 4)
        body += _lane(lane.marks[:room], y, colour, x_of)
        room = max(0, room - len(lane.marks))
    for place, (curve, y) in enumerate(zip(curves, curve_tops, strict=True)):
        body += _curve(curve, y, COLOURS[place % len(COLOURS)], x_of, left, score)
    notes = _notes(score, len(lanes), room)
    height = bottom + 26 + 16 * len(notes)
    for line, note in enumerate(notes):
        body.append(_text(note, EDGE, bottom + 36 + 16 * line))
    if not lanes and not curves and not score.failed:
        body.append(_text("silence", left + 8, top + 19))
    return "\n".join([*_head(score, title, height), *body, "</svg>"]) + "\n"


def _head(score: Score, title: str, height: float) -> Iterator[str]:
    name = title or f"A pattern, cycle {score.begin}" + (f" to {score.end - 1}" if score.cycles > 1 else "")
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {_number(height)}" width="{WIDTH}" '
        f'role="img" font-family="{FONT}" font-size="12" fill="{INK}">'
    )
    yield f"<title>{_escaped(name)}</title>"
    yield f"<desc>{_escaped(_description(score))}</desc>"
    if title:
        shown = title if len(title) <= 92 else f"{title[:91]}…"
        yield (
            f'<text x="{EDGE}" y="20" font-size="13" font-weight="600" xml:space="preserve">'
            f"{_escaped(shown)}</text>"
        )


def _description(score: Score) -> str:
    """Say in words what is seen, for whoever does not see it."""
    if score.failed:
        return score.problems[0]
    said: list[str] = []
    for lane in score.lanes[:12]:
        onsets = [str(mark.begin) for mark in lane.marks if mark.onset]
        more = f" and {len(onsets) - 16} more" if len(onsets) > 16 else ""
        said.append(f"{lane.label} at {', '.join(onsets[:16]) or 'no onset'}{more}")
    for curve in score.curves[:12]:
        values = [value for _, value in curve.points]
        said.append(f"{curve.label or 'a signal'} between {min(values):.4g} and {max(values):.4g}")
    rest = len(score.lanes) + len(score.curves) - len(said)
    return "; ".join([*said, *([f"{rest} more lanes"] if rest > 0 else [])]) or "silence"


def _places(lanes: list[Lane], top: float) -> tuple[list[float], float]:
    """Find the middle line of each lane: notes lie further apart the larger the interval is."""
    middles: list[float] = []
    y = top + SOUND / 2
    before: Lane | None = None
    for lane in lanes:
        if before is not None and before.pitch is not None and lane.pitch is not None:
            apart = min(max(abs(before.pitch - lane.pitch), 1.0), WIDEST)
            y += SEMITONE + MORE * (apart - 1)
        elif before is not None:
            y += SOUND
        middles.append(y)
        before = lane
    return middles, (y + SOUND / 2 if lanes else top)


def _ground(lanes: list[Lane], tops: list[float], left: float, bottom: float, top: float) -> Iterator[str]:
    width = _number(WIDTH - EDGE - left)
    yield (
        f'<rect x="{_number(left)}" y="{_number(top)}" width="{width}" height="{_number(bottom - top)}" '
        f'rx="4" fill-opacity=".07"/>'
    )
    lines = "".join(f"M{_number(left)} {_number(y)}h{width}" for _, y in zip(lanes, tops, strict=True))
    if lines:
        yield f'<path d="{lines}" stroke="{INK}" stroke-opacity=".16"/>'


def _ticks(
    score: Score, x_of: Callable[[Fraction | int], float], top: float, bottom: float, a_cycle: float
) -> Iterator[str]:
    """Draw the beats faintly and the cycles clearly, with their times below."""
    beats = score.beats if a_cycle / score.beats >= 6 else 1
    weak, strong = "", ""
    texts: list[str] = []
    clear = 0.0
    for step in range(score.cycles * beats + 1):
        time = score.begin + Fraction(step, beats)
        x = x_of(time)
        line = f"M{_number(x)} {_number(top)}V{_number(bottom)}"
        if step % beats:
            weak += line
        else:
            strong += f"{line}v5"
        label = str(time)
        if step % beats == 0 or (a_cycle / beats >= 44 and x >= clear):
            anchor = "end" if step == score.cycles * beats and step else "middle"
            weight = "" if step % beats == 0 else ' fill-opacity=".75"'
            texts.append(
                f'<text x="{_number(x)}" y="{_number(bottom + 18)}" text-anchor="{anchor}" '
                f'font-size="11"{weight}>{label}</text>'
            )
            clear = x + len(label) * LETTER + 6
    if weak:
        yield f'<path d="{weak}" stroke="{INK}" stroke-opacity=".28"/>'
    yield f'<path d="{strong}" stroke="{INK}" stroke-opacity=".7"/>'
    yield from texts


def _lane(marks: list[Mark], y: float, colour: str, x_of: Callable[[Fraction | int], float]) -> Iterator[str]:
    """Draw what happens in one lane: the stronger the denser, a dashed frame for what began before."""
    if not marks:
        return
    yield f'<g fill="{colour}">'
    heads = ""
    for mark in marks:
        x, end = x_of(mark.begin), x_of(mark.end)
        width = max(1.5, end - x - 1.5)
        shade = _number(0.2 + 0.55 * mark.strength)
        frame = "" if mark.onset else f' stroke="{colour}" stroke-dasharray="3 2"'
        yield (
            f'<rect x="{_number(x)}" y="{_number(y - BAR / 2)}" width="{_number(width)}" height="{BAR}" '
            f'rx="2" fill-opacity="{shade if mark.onset else ".15"}"{frame}/>'
        )
        if mark.onset:
            heads += f"M{_number(x)} {_number(y - BAR / 2)}h{_number(min(3.0, width))}v{BAR}H{_number(x)}z"
    if heads:
        yield f'<path d="{heads}"/>'
    yield "</g>"


def _curve(
    curve: Curve, y: float, colour: str, x_of: Callable[[Fraction | int], float], left: float, score: Score
) -> Iterator[str]:
    values = [value for _, value in curve.points]
    low, high = min(values), max(values)
    gap = Fraction(score.cycles, len(values))
    points: list[str] = []
    for time, value in curve.points:
        level = (value - low) / (high - low) if high > low else 0.5
        # A sample is taken at the beginning of its stretch and drawn in the middle of it.
        points.append(f"{_number(x_of(time + gap / 2))} {_number(y + CURVE - 4 - level * (CURVE - 8))}")
    line = f'fill="none" stroke="{colour}" stroke-width="1.8" stroke-linejoin="round"'
    yield f'<path d="M{"L".join(points)}" {line}/>'
    if curve.label:
        yield from _label(curve.label, left, y + CURVE / 2 + 4)
    yield from _label(f"{high:.4g}", left, y + 8, ' font-size="10"')
    yield from _label(f"{low:.4g}", left, y + CURVE, ' font-size="10"')


def _notes(score: Score, lanes: int, room: int) -> list[str]:
    """Say what is wrong and what is left out."""
    notes = [problem if len(problem) <= 92 else f"{problem[:91]}…" for problem in score.problems[:4]]
    if len(score.lanes) > lanes:
        notes.append(f"… and {len(score.lanes) - lanes} more lanes")
    left_out = sum(len(lane.marks) for lane in score.lanes[:lanes]) - MOST_MARKS + score.left_out
    return [*notes, *([f"… and {left_out} more events"] if not room and left_out > 0 else [])]


def _label(text: str, left: float, y: float, more: str = "") -> Iterator[str]:
    shown = _escaped(text if len(text) <= LABEL else f"{text[: LABEL - 1]}…")
    yield f'<text x="{_number(left - 8)}" y="{_number(y)}" text-anchor="end"{more}>{shown}</text>'


def _text(text: str, x: float, y: float) -> str:
    return f'<text x="{_number(x)}" y="{_number(y)}">{_escaped(text)}</text>'


def _escaped(text: str) -> str:
    """Write text for XML, which has no place for most signs that cannot be seen."""
    return escape("".join(each if each.isprintable() else "\ufffd" for each in text), quote=False)


def _number(value: float) -> str:
    """Write a length shortly: hundredths of a pixel are finer than any screen."""
    return f"{value:.2f}".rstrip("0").rstrip(".")
