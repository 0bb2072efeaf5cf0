"""Something to draw on, that becomes a .png or an .svg file."""

from __future__ import annotations

import struct
import zlib
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

import numpy as np

from repl.letters import HIGH, WIDE, dots_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Colour = tuple[int, int, int]
    Point = tuple[float, float]

__all__ = ["Canvas", "Dots", "Lines"]

FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
_FINE = 3  # parts of a dot each way, for lines without stairs


class Canvas(Protocol):
    """Takes what is drawn, in points from the top left corner."""

    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle."""
        ...

    def line(self, points: Sequence[Point], colour: Colour, width: float = 1.5) -> None:
        """Draw a line through points."""
        ...

    def text(self, x: float, y: float, text: str, colour: Colour, *, size: int = 1, at: float = 0) -> None:
        """Write a line of text.

        Args:
            x: Where it begins, ends or has its middle.
            y: The line on which it stands.
            text: What is written.
            colour: Of the letters.
            size: 1 or 2.
            at: 0 begins at x, 0.5 has its middle there, 1 ends there.
        """
        ...

    def grid(self, x: float, y: float, side: float, rows: Sequence[Sequence[Colour]]) -> None:
        """Fill a square with coloured fields."""
        ...

    def data(self) -> bytes:
        """What the file holds."""
        ...


class Dots:
    """A picture of dots, as PNG.

    Args:
        width: In points.
        height: In points.
        ground: The colour of the ground.
        scale: Dots of a point, each way.
    """

    def __init__(self, width: int, height: int, ground: Colour, scale: int = 2) -> None:
        self._scale = scale
        self._dots: NDArray[np.uint8] = np.empty((height * scale, width * scale, 3), np.uint8)
        self._dots[:] = ground

    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle; a thin one has one row of dots at least."""
        left, top = self._dot(x), self._dot(y)
        # By its width, not by where it ends: so all thin lines are alike.
        right, bottom = left + max(1, self._dot(width)), top + max(1, self._dot(height))
        self._dots[max(0, top) : max(0, bottom), max(0, left) : max(0, right)] = colour

    def line(self, points: Sequence[Point], colour: Colour, width: float = 1.5) -> None:
        """Draw a line, its edges mixed with the ground."""
        if len(points) < 2:
            return
        fine = self._scale * _FINE
        at = np.array(points, float) * fine
        left, top = (np.floor(at.min(axis=0) / _FINE).astype(int) - self._scale * 2).clip(0)
        right, bottom = np.ceil(at.max(axis=0) / _FINE).astype(int) + self._scale * 2
        bottom, right = min(int(bottom), self._dots.shape[0]), min(int(right), self._dots.shape[1])
        if bottom <= top or right <= left:
            return
        cover = np.zeros(((bottom - top) * _FINE, (right - left) * _FINE), bool)
        radius = max(1, round(width * fine / 2))
        ys, xs = np.mgrid[-radius : radius + 1, -radius : radius + 1]
        inside = xs**2 + ys**2 <= radius**2
        brush = np.stack([xs[inside], ys[inside]], axis=1)
        shift = np.array([left, top]) * _FINE
        for one, other in pairwise(at):
            steps = max(1, int(np.abs(other - one).max() / max(1, radius / 2)))
            for share in np.linspace(0, 1, steps + 1):
                spots = np.rint(one + (other - one) * share).astype(int) - shift + brush
                spots = spots[((spots >= 0) & (spots < cover.shape[::-1])).all(axis=1)]
                cover[spots[:, 1], spots[:, 0]] = True
        shape = (bottom - top, _FINE, right - left, _FINE)
        share_of = cover.reshape(shape).mean(axis=(1, 3))[:, :, None]
        part = self._dots[top:bottom, left:right]
        part[:] = np.rint(part * (1 - share_of) + np.array(colour) * share_of).astype(np.uint8)

    def text(self, x: float, y: float, text: str, colour: Colour, *, size: int = 1, at: float = 0) -> None:
        """Write with letters of dots."""
        dot = (size + 1) * self._scale // 2
        wide = (WIDE + 1) * dot
        left = round(x * self._scale - at * (len(text) * wide - dot))
        top = self._dot(y) - (HIGH - 2) * dot
        for place, letter in enumerate(text):
            for row, dots in enumerate(dots_of(letter)):
                for column, there in enumerate(dots):
                    if there:
                        first, begin = top + row * dot, left + place * wide + column * dot
                        self._dots[max(0, first) : first + dot, max(0, begin) : begin + dot] = colour

    def grid(self, x: float, y: float, side: float, rows: Sequence[Sequence[Colour]]) -> None:
        """Fill a square, each dot by the field that it lies in."""
        fields = np.array(rows, np.uint8)
        count = self._dot(side)
        which = np.arange(count) * len(rows) // count
        self._dots[self._dot(y) : self._dot(y) + count, self._dot(x) : self._dot(x) + count] = fields[which][
            :, which
        ]

    def data(self) -> bytes:
        """The file: size, dots in rows, end."""
        height, width = self._dots.shape[:2]
        rows = np.concatenate(
            [np.zeros((height, 1), np.uint8), self._dots.reshape(height, width * 3)], axis=1
        )
        return b"".join(
            [
                b"\x89PNG\r\n\x1a\n",
                _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
                _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9)),
                _chunk(b"IEND", b""),
            ]
        )

    def _dot(self, value: float) -> int:
        return round(value * self._scale)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


class Lines:
    """A picture of lines, as SVG.

    Args:
        width: In points.
        height: In points.
        ground: The colour of the ground.
    """

    def __init__(self, width: int, height: int, ground: Colour) -> None:
        head = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="{FONT}"'
        self._body = [f'<svg xmlns="http://www.w3.org/2000/svg" {head}>']
        self.box(0, 0, width, height, ground)

    def box(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """Fill a rectangle."""
        self._body.append(
            f'<rect x="{x:.2f}" y="{y:.2f}" width="{max(width, 0.5):.2f}" height="{max(height, 0.5):.2f}" '
            f'fill="{_hex(colour)}"/>'
        )

    def line(self, points: Sequence[Point], colour: Colour, width: float = 1.5) -> None:
        """Draw a line through points."""
        way = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
        self._body.append(
            f'<polyline points="{way}" fill="none" stroke="{_hex(colour)}" stroke-width="{width:g}"/>'
        )

    def text(self, x: float, y: float, text: str, colour: Colour, *, size: int = 1, at: float = 0) -> None:
        """Write a line of text."""
        anchor = "start" if at == 0 else "end" if at == 1 else "middle"
        self._body.append(
            f'<text x="{x:.2f}" y="{y:.2f}" font-size="{(0, 10, 17)[size]}" text-anchor="{anchor}" '
            f'fill="{_hex(colour)}" xml:space="preserve">{escape(text)}</text>'
        )

    def grid(self, x: float, y: float, side: float, rows: Sequence[Sequence[Colour]]) -> None:
        """Fill a square, each field by a rectangle; equal neighbours are one."""
        one = side / max(1, len(rows))
        for place, row in enumerate(rows):
            begin = 0
            for end in range(1, len(row) + 1):
                if end == len(row) or row[end] != row[begin]:
                    # A hair wider, so that no ground shines through.
                    self.box(
                        x + begin * one, y + place * one, (end - begin) * one + 0.3, one + 0.3, row[begin]
                    )
                    begin = end

    def data(self) -> bytes:
        """The file."""
        return "\n".join([*self._body, "</svg>", ""]).encode()


def _hex(colour: Colour) -> str:
    return "#" + bytes(colour).hex()
