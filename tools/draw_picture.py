"""Draw the README's picture: the code of examples/first_light.py, and beside each line what it plays.

    python tools/draw_picture.py

writes docs/picture.svg, the same bytes each time; a test says when it is out of date.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.tempo import Tempo
from repl.loader import load_piece
from repl.render import play_through
from repl.sinks import audio_controls

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[1]
PIECE = ROOT / "examples" / "first_light.py"
PICTURE = ROOT / "docs" / "picture.svg"

BARS = 24
WIDTH, MARGIN, TOP, FOOT = 1200, 28, 66, 40
ROLL = 462  # where the music begins; the code is left of it
LANE, DRUM_LANE = 54, 30
LETTERS = 56  # as much code as fits: 7.5 px a letter
GROUND, INK, FAINT = "#15131f", "#efe9e1", "#3a3650"
DAWN = (
    "#ff5d5d",
    "#ff7a59",
    "#ff9a52",
    "#ffb84d",
    "#ffd25e",
    "#f7e38b",
    "#7f8cff",
    "#e58bd0",
    "#a58bff",
    "#ff8fa3",
    "#79d7e8",
)
"""A colour for each layer, in the order of the piece: drums warm, harmony cool, the tune rose and blue."""

Stroke = tuple[float, float, float | None, float]
"""Bar, length in bars, pitch if it has one, velocity."""


def strokes() -> tuple[dict[str, str], dict[str, list[Stroke]]]:
    """Each layer's first line of code, and what it plays in the first bars."""
    piece = load_piece(PIECE.read_text(encoding="utf-8"), PIECE.name)
    cps = piece.tempo.cps if piece.tempo is not None else 0.5
    events, _ = play_through([piece], BARS / cps, Tempo.steady(cps), piece.seed or 0, [])
    found: dict[str, list[Stroke]] = {name: [] for name in piece.layers}
    for _, event in events:
        says = audio_controls(event, cps)
        pitch, velocity = says.get("note"), says.get("velocity", 0.8)
        found[event.layer.rpartition(":")[2]].append(
            (
                event.at * cps,
                event.duration * cps,
                float(pitch) if isinstance(pitch, int | float) else None,
                float(velocity) if isinstance(velocity, int | float) else 0.8,
            )
        )
    return dict(piece.lines), found


def shortened(text: str) -> str:
    """The first line of a statement, cut to what fits."""
    first, *more = text.splitlines()
    return first if len(first) <= LETTERS and not more else first[: LETTERS - 1].rstrip() + "…"


def lane(played: Sequence[Stroke], top: float, height: float) -> tuple[list[str], float]:
    """What one layer plays, as strokes and their width: drums by strength, notes by pitch."""
    pitches = [pitch for _, _, pitch, _ in played if pitch is not None]
    low, high = (min(pitches), max(pitches)) if pitches else (0.0, 0.0)
    a_bar = (WIDTH - MARGIN - ROLL) / BARS
    marks: dict[float, list[str]] = {}
    for at, length, pitch, velocity in sorted(played, key=lambda one: (one[0], one[2] or 0.0)):
        x, strength = ROLL + at * a_bar + 1, 0.35 + 0.65 * min(velocity, 1.0)
        if pitch is None:
            path = f"M{x:.1f} {top + height - 5:.1f}v{-(height - 10) * strength:.1f}"
        else:
            y = top + 8 + (height - 16) * (1 - (pitch - low) / ((high - low) or 1))
            path = f"M{x:.1f} {y:.1f}h{max(0.6, min(length, BARS - at) * a_bar - 2.4):.1f}"
        # Five shades are enough to see the dynamics, and few enough to draw each in one go.
        marks.setdefault(round(strength * 5) / 5, []).append(path)
    width = 3.2 if pitches else 1.7
    return [
        f'<path d="{"".join(paths)}" stroke-opacity="{shade:.1f}"/>' for shade, paths in sorted(marks.items())
    ], width


def picture() -> str:
    """The picture as SVG."""
    lines, played = strokes()
    heights = {
        name: LANE if any(s[2] is not None for s in some) else DRUM_LANE for name, some in played.items()
    }
    return "\n".join(_drawn(lines, played, heights)) + "\n"


def _opening(height: int) -> str:
    label = f"The code of {PIECE.name} and, beside each line, the notes of its first {BARS} bars"
    fonts = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{label}" font-family="{fonts}" font-size="12.4">'
    )


def _drawn(
    lines: Mapping[str, str], played: Mapping[str, Sequence[Stroke]], heights: Mapping[str, int]
) -> list[str]:
    bottom = TOP + sum(heights.values())
    a_bar = (WIDTH - MARGIN - ROLL) / BARS
    out = [
        _opening(bottom + FOOT),
        f'<rect width="{WIDTH}" height="{bottom + FOOT}" rx="14" fill="{GROUND}"/>',
        f'<text x="{MARGIN}" y="40" fill="{INK}" font-size="17" font-weight="bold">{PIECE.name}</text>',
        f'<text x="{ROLL}" y="40" fill="{INK}" fill-opacity=".7">what it plays: bars 1 to {BARS}</text>',
    ]
    for bar in range(BARS + 1):
        x = ROLL + bar * a_bar
        strong = bar % 4 == 0
        out.append(
            f'<path d="M{x:.1f} {TOP - 8}V{bottom + 6}" stroke="{FAINT}" '
            f'stroke-width="{1.4 if strong else 0.6}"/>'
        )
        if bar < BARS:
            out.append(
                f'<text x="{x + 4:.1f}" y="{bottom + 20}" fill="{INK}" '
                f'fill-opacity="{0.8 if strong else 0.35}" font-size="11">{bar + 1}</text>'
            )
    top = float(TOP)
    for place, (name, strokes_of) in enumerate(played.items()):
        colour, height = DAWN[place % len(DAWN)], heights[name]
        code = escape(shortened(lines[name]), quote=False)
        out.append(
            f'<text x="{MARGIN}" y="{top + height / 2 + 4:.1f}" fill="{colour}" '
            f'xml:space="preserve">{code}</text>'
        )
        paths, width = lane(strokes_of, top, height)
        out += [f'<g stroke="{colour}" stroke-width="{width}" stroke-linecap="round">', *paths, "</g>"]
        top += height
    return [*out, "</svg>"]


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
    print(f"{PICTURE.relative_to(ROOT)} is drawn")
