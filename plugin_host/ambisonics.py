"""Ambisonics of third order: the whole sphere in sixteen channels, and from there to any loudspeakers."""

from functools import lru_cache
from typing import Final

import numpy as np

from plugin_host.audio import Wide, count
from plugin_host.layouts import Layout
from plugin_host.vbap import Vbap

__all__ = ["CHANNELS", "DEGREES", "AmbisonicPanner", "decoder", "harmonics"]

ORDER: Final = 3
CHANNELS: Final = 16
DEGREES: Final = np.array([0, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 3])
"""Of which order each channel is."""
_MANY: Final = 2048
"""Virtual sounds around a layout from which its decoder is made."""
_FOCUS: Final = 137.9 / (ORDER + 1.51)
"""Degrees: how wide a sound of this order is at best."""


def harmonics(where: Wide) -> Wide:
    """What a sound is in each channel, by its direction: shape (directions, 16).

    Args:
        where: Directions of length 1, shape (directions, 3): to the front, to the left, up.

    Source: the real spherical harmonics in the order ACN, scaled as SN3D; together AmbiX: Nachbar, Zotter,
        Deleflie and Sontacchi, "ambiX: a suggested ambisonics format", 2011.
    """
    x, y, z = where.T
    return np.stack(
        [
            np.ones_like(x),
            y,
            z,
            x,
            3**0.5 * x * y,
            3**0.5 * y * z,
            (3 * z * z - 1) / 2,
            3**0.5 * x * z,
            3**0.5 / 2 * (x * x - y * y),
            (5 / 8) ** 0.5 * y * (3 * x * x - y * y),
            15**0.5 * x * y * z,
            (3 / 8) ** 0.5 * y * (5 * z * z - 1),
            z * (5 * z * z - 3) / 2,
            (3 / 8) ** 0.5 * x * (5 * z * z - 1),
            15**0.5 / 2 * z * (x * x - y * y),
            (5 / 8) ** 0.5 * x * (x * x - 3 * y * y),
        ],
        axis=1,
    )


class AmbisonicPanner:
    """Puts sounds into the sixteen channels.

    What is wide or near has less of the higher orders and more of the lower, with the same power in all.
    """

    def __init__(self) -> None:
        self.channels = CHANNELS
        # With these a sound from any direction has a power of 1.
        self.weights: Wide = (2.0 * DEGREES + 1) / CHANNELS

    def gains(self, where: Wide, width: Wide | None = None, near: Wide | None = None) -> Wide:
        """Levels for each direction: shape (directions, 16)."""
        out = harmonics(where)
        if width is None and near is None:
            return out
        kept = np.ones((len(where), ORDER + 1))
        if width is not None:
            kept *= _cap(width)
        if near is not None:
            kept *= near[:, None] ** count(ORDER + 1)
        power = (kept * kept) @ (2 * count(ORDER + 1) + 1) / CHANNELS
        return out * kept[:, DEGREES] / np.sqrt(power)[:, None]


def _cap(width: Wide) -> Wide:
    """What is left of each order where a sound is spread over all directions within an angle."""
    edge = np.cos(np.radians(np.clip(width, 0.1, 180)))[:, None]
    polynomial = _legendre(edge, ORDER + 1)
    orders = np.arange(1, ORDER + 1)
    spread = (polynomial[:, :-2] - polynomial[:, 2:]) / ((2 * orders + 1) * (1 - edge))
    return np.concatenate([np.ones_like(edge), spread], axis=1)


def _legendre(at: Wide, highest: int) -> Wide:
    """Legendre's polynomials up to a degree, in columns."""
    rows = [np.ones_like(at), at]
    for degree in range(2, highest + 1):
        rows.append(((2 * degree - 1) * at * rows[-1] - (degree - 1) * rows[-2]) / degree)
    return np.concatenate(rows[: highest + 1], axis=1)


def sphere(many: int) -> Wide:
    """Directions that lie evenly all around, shape (many, 3): along a spiral, each a golden angle further."""
    rise = 1 - (2 * count(many) + 1) / many
    turn = count(many) * np.pi * (3 - 5**0.5)
    level = np.sqrt(1 - rise * rise)
    return np.stack([level * np.cos(turn), level * np.sin(turn), rise], axis=1)


@lru_cache(maxsize=8)
def decoder(layout: Layout) -> Wide:
    """What each of the sixteen channels is in each loudspeaker: shape (16, channels of the layout).

    Sounds all around the sphere are decoded first, evenly, as if there were a loudspeaker in each place;
    those are then panned between the real ones. A sound has a power of 1, on the average of all sides.

    Args:
        layout: The loudspeakers.

    Source: Franz Zotter and Matthias Frank, "All-Round Ambisonic Panning and Decoding", 2012; the weights of
        the orders, which keep a sound together, from their "Ambisonics", 2019.
    """
    where = sphere(_MANY)
    kept = _legendre(np.array([[np.cos(np.radians(_FOCUS))]]), ORDER)[0][DEGREES]
    even = harmonics(where) * (kept * (2 * DEGREES + 1)) / _MANY
    matrix = even.T @ Vbap(layout).gains(where)
    power = ((harmonics(where) @ matrix) ** 2).sum(axis=1).mean()
    return matrix / np.sqrt(power)
