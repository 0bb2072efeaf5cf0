"""Which voice makes room for a new one."""

from collections.abc import Sequence
from typing import Final

from plugin_host.strip import Strip

__all__ = ["VOICES", "make_room"]

VOICES: Final = 96
"""How many voices sound at once; beyond that the oldest released, then the oldest, fades out."""
_FADING: Final = 32
"""How many more may be fading; in a flood beyond that, voices end without a fade."""


def make_room(strips: Sequence[Strip], offset: int) -> None:
    """See that one more voice may sound.

    Args:
        strips: All that have voices.
        offset: Frames into the next block at which it begins.
    """
    fading = sum(strip.bank.fading() for strip in strips)
    if fading > _FADING:
        fullest = max(strips, key=lambda strip: strip.bank.fading()).bank
        place = fullest.first_fading()
        if place is not None:
            fullest.drop(place)
            fading -= 1
    if sum(strip.bank.count for strip in strips) - fading < VOICES:
        return
    found = [(rank, place) for place, strip in enumerate(strips) if (rank := strip.bank.oldest())]
    if found:
        rank, where = min(found)
        strips[where].bank.steal(rank[2], offset)
