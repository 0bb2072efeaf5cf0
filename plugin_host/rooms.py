"""The room for a layout: loudspeakers, an ambisonic field, or two ears."""

from typing import Final

from plugin_host.ambisonics import AmbisonicPanner
from plugin_host.binaural import Binaural
from plugin_host.layouts import FIELD, Layout
from plugin_host.stage import Stage

__all__ = ["room_of"]

AROUND: Final = (
    (30.0, 0.0), (-30.0, 0.0), (110.0, 0.0), (-110.0, 0.0),
    (60.0, 45.0), (-60.0, 45.0), (150.0, 30.0), (-150.0, 30.0),
)  # fmt: skip
"""From where echo and reverb of all come, where there are no loudspeakers."""


def room_of(layout: Layout, rate: int, block: int) -> Stage:
    """What puts sounds into the channels of a layout.

    Args:
        layout: Which.
        rate: Frames a second.
        block: Frames in a block.
    """
    if layout.kind == "speakers":
        return Stage(layout, rate, block)
    ears = Binaural(rate, block) if layout.kind == "binaural" else None
    return Stage(FIELD, rate, block, AmbisonicPanner(), AROUND, ears)
