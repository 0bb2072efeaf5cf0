"""How loud a sound from some direction is in each loudspeaker: panning between the nearest three."""

from collections.abc import Sequence
from itertools import combinations
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from plugin_host.audio import Wide
from plugin_host.layouts import Layout, Speaker

__all__ = ["Panner", "Vbap", "directions"]

CAP: Final = 60.0
"""Degrees: where no loudspeaker stands higher (or lower) than that, a virtual one is at the pole."""
RING: Final = 30.0
"""Degrees up or down within which a loudspeaker belongs to the ring around the ears."""
GAP: Final = 160.0
"""Degrees: a gap in the ring that is as wide gets virtual ones."""
AROUND: Final = 8
"""Directions around a sound that has a width, beside its middle."""


class Panner(Protocol):
    """What knows how a direction becomes levels of channels.

    Attributes:
        channels: How many.
        weights: What a level of each channel counts when two directions are compared.
    """

    channels: int
    weights: Wide

    def gains(self, where: Wide, width: Wide | None = None, near: Wide | None = None) -> Wide:
        """Levels for each direction: shape (directions, channels).

        Args:
            where: Directions of length 1, shape (directions, 3): to the front, to the left, up.
            width: Degrees to every side over which each is spread, 0 to 180; None for points.
            near: How far out each is: 1 is in its direction, 0 in the middle of all; None for 1.
        """
        ...


def directions(azimuth: object, elevation: object) -> Wide:
    """Angles in degrees as directions: to the front, to the left, up.

    >>> directions([90.0], [0.0]).round(3).tolist()
    [[0.0, 1.0, 0.0]]
    """
    turn, rise = np.radians(np.asarray(azimuth, float)), np.radians(np.asarray(elevation, float))
    return np.stack([np.cos(turn) * np.cos(rise), np.sin(turn) * np.cos(rise), np.sin(rise)], axis=-1)


class Vbap:
    """Amplitude panning over a layout: always the same power, a point in three loudspeakers at most.

    The loudspeakers are the corners of a hull of triangles; a direction sounds from the corners of the one
    that it meets, and from a loudspeaker alone where it stands. Where there is none (above, below, behind a
    pair) virtual ones close the hull; what falls to them goes to their neighbours in equal parts. Where all
    stand in front, what is behind is heard as if it were in front, and no further to the side than they are.

    Args:
        layout: Where they stand.
        among: The channels that are meant; all that may be heard, unless given.

    Source: Ville Pulkki, "Virtual Sound Source Positioning Using Vector Base Amplitude Panning", 1997; for
        the width his "Uniform spreading of amplitude panned virtual sources", 1999.

    >>> from plugin_host.layouts import LAYOUTS
    >>> Vbap(LAYOUTS["quad"]).gains(directions([45.0, 0.0], [0.0, 0.0])).round(3).tolist()
    [[1.0, 0.0, 0.0, 0.0], [0.707, 0.707, 0.0, 0.0]]
    """

    def __init__(self, layout: Layout, among: Sequence[int] | None = None) -> None:
        self.channels = layout.channels
        self.weights = np.ones(layout.channels)
        heard = layout.heard if among is None else among
        self._heard = np.array(heard)
        real = [layout.speakers[place] for place in heard]
        sides = [abs((one.azimuth + 180) % 360 - 180) for one in real]
        self._front = max(sides) if 0 < max(sides) < 90 else None
        added = _virtual(real)
        points = directions(
            [one.azimuth for one in real] + [turn for turn, _ in added],
            [one.elevation for one in real] + [rise for _, rise in added],
        )
        self._count = len(real)
        self._all = len(points)
        self._corners = _hull(points)
        # One row of nine for each triangle: what makes its three levels of a direction.
        self._inverse = np.linalg.inv(points[self._corners]).transpose(1, 0, 2).reshape(3, -1)
        self._given = _given_on(self._corners, self._count, self._all)

    def gains(self, where: Wide, width: Wide | None = None, near: Wide | None = None) -> Wide:
        """Levels for each direction: shape (directions, channels), their squares adding up to 1."""
        if width is None or not width.any():
            power = self._power(where)
        else:
            round_about = self._power(_patch(where, width).reshape(-1, 3))
            level = np.sqrt(round_about).reshape(len(where), AROUND + 1, -1).sum(axis=1)
            power = level * level
            power /= power.sum(axis=1, keepdims=True)
        if near is not None:
            power = near[:, None] * power + (1 - near[:, None]) / self._count
        out = np.zeros((len(where), self.channels))
        out[:, self._heard] = np.sqrt(power)
        return out

    def _power(self, where: Wide) -> Wide:
        if self._front is not None:
            where = _faced(where, self._front)
        levels = (where @ self._inverse).reshape(len(where), -1, 3)
        best = levels.min(axis=2).argmax(axis=1)
        rows = np.arange(len(where))
        three = np.maximum(levels[rows, best], 0)
        # What a direction on an edge has of the third corner by rounding is nothing.
        three[three < 1e-9] = 0
        three *= three
        three /= three.sum(axis=1, keepdims=True)
        power = np.zeros((len(where), self._all))
        power[rows[:, None], self._corners[best]] = three
        if self._all == self._count:
            return power
        return power[:, : self._count] + power[:, self._count :] @ self._given


def _faced(where: Wide, widest: float) -> Wide:
    """Directions brought to the front, as far to the side as `widest` degrees."""
    turn = np.degrees(np.arctan2(where[:, 1], np.abs(where[:, 0])))
    return directions(np.clip(turn, -widest, widest), np.degrees(np.arcsin(np.clip(where[:, 2], -1, 1))))


def _patch(where: Wide, width: Wide) -> Wide:
    """A direction and those around it, shape (directions, AROUND + 1, 3)."""
    # Level with the ears, so that a room that is turned is the same room; at a pole, to the left.
    across = np.stack([-where[:, 1], where[:, 0], np.zeros(len(where))], axis=1)
    across[np.abs(where[:, 2]) > 1 - 1e-12] = (0.0, 1.0, 0.0)
    across /= np.linalg.norm(across, axis=1, keepdims=True)
    along = np.cross(where, across)
    turn = 2 * np.pi * np.arange(AROUND) / AROUND
    ring = np.cos(turn)[:, None] * across[:, None] + np.sin(turn)[:, None] * along[:, None]
    far = np.radians(width)[:, None, None]
    out = np.cos(far) * where[:, None] + np.sin(far) * ring
    return np.concatenate((where[:, None], out), axis=1)


def _virtual(real: Sequence[Speaker]) -> list[tuple[float, float]]:
    """Angles at which the hull of the loudspeakers would be open."""
    found: list[tuple[float, float]] = []
    if max(one.elevation for one in real) < CAP:
        found.append((0.0, 90.0))
    if min(one.elevation for one in real) > -CAP:
        found.append((0.0, -90.0))
    ring = sorted(one.azimuth % 360 for one in real if abs(one.elevation) <= RING)
    if not ring:
        return [*found, *((turn, 0.0) for turn in (0.0, 90.0, 180.0, -90.0))]
    for one, other in zip(ring, [*ring[1:], ring[0] + 360], strict=True):
        many = max(0, int(np.ceil((other - one) / GAP)) - 1)
        step = (other - one) / (many + 1)
        found += [(one + step * (number + 1), 0.0) for number in range(many)]
    return found


def _hull(points: Wide) -> NDArray[np.intp]:
    """The triangles of the hull: three corners each, shape (triangles, 3)."""
    # Of four corners in one plane, a hair's breadth of difference in length decides how they are divided.
    lengths = 1 + 1e-5 * ((np.arange(len(points)) * 0.618034) % 1)
    moved = points * lengths[:, None]
    three = np.array([*combinations(range(len(points)), 3)])
    first, second, third = (moved[three[:, place]] for place in range(3))
    across = np.cross(second - first, third - first)
    height = across @ moved.T - (across * first).sum(axis=1)[:, None]
    np.put_along_axis(height, three, 0.0, axis=1)
    outer = (height <= 0).all(axis=1) | (height >= 0).all(axis=1)
    found = three[outer]
    # One that holds the middle itself in its plane has no direction to be met from.
    return found[np.abs(np.linalg.det(points[found])) > 1e-4]


def _given_on(corners: NDArray[np.intp], count: int, every: int) -> Wide:
    """What part of each virtual one's power each loudspeaker gets: shape (virtual, loudspeakers)."""
    if count == every:
        return np.zeros((0, count))
    beside = np.zeros((every, every))
    for one, other in ((0, 1), (1, 2), (2, 0)):
        beside[corners[:, one], corners[:, other]] = beside[corners[:, other], corners[:, one]] = 1
    virtual = beside[count:]
    virtual /= virtual.sum(axis=1, keepdims=True)
    # What a virtual one gives to another goes on until all of it has come to loudspeakers.
    stays: Wide = np.eye(every - count) - virtual[:, count:]
    inverse = np.linalg.inv(stays).astype(np.float64)
    return inverse @ virtual[:, :count]
