"""Which recordings sound for a note: by its key, its velocity and its turn."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from plugin_host.recordings import Wanted

__all__ = ["KEYS", "MOST", "Zone", "Zones"]

KEYS: Final = 128
MOST: Final = 16
"""Recordings that one note may start; a file that is not meant so would start hundreds."""
_MIX: Final = 0x9E3779B97F4A7C15
"""The golden ratio in 64 bits: numbers that follow each other are far apart after it."""
_MASK: Final = (1 << 64) - 1


@dataclass(frozen=True, slots=True)
class Zone:
    """A recording, and the notes that it is for.

    Args:
        wanted: The recording.
        low: Lowest key.
        high: Highest key.
        soft: Smallest velocity, 0 to 127.
        loud: Largest velocity, 0 to 127.
        root: The key at which it sounds as it was recorded; fractions are microtones.
        track: Half-tones by which it rises from key to key.
        tune: Half-tones by which it is moved besides.
        level: Its loudness; 1 leaves it.
        pan: -1 left to 1 right.
        velocity: How far the velocity moves its loudness: 1 is as usual, 0 not at all.
        attack: Seconds to fade in; None leaves it to the instrument, as with the next four.
        hold: Seconds before it falls.
        decay: Seconds to fall.
        sustain: What it falls to, 0 to 1.
        release: Seconds to fade out.
        gated: Whether the end of the event ends it.
        sustained: Whether its loop is left when the event ends.
        first: The frame of the file at which it begins.
        last: The frame of the file before which it ends; None is its end.
        turn: Its turn, from 0, among those that take turns.
        turns: How many take turns.
        chance: It sounds for a number from the first to before the second of these, of numbers from 0 to 1.
        group: Those that are ended by this group end when it begins; 0 is none.
        ended_by: The group that ends it; 0 is none.
    """

    wanted: Wanted
    low: int = 0
    high: int = KEYS - 1
    soft: int = 0
    loud: int = 127
    root: float = 60.0
    track: float = 1.0
    tune: float = 0.0
    level: float = 1.0
    pan: float = 0.0
    velocity: float = 1.0
    attack: float | None = None
    hold: float = 0.0
    decay: float | None = None
    sustain: float = 1.0
    release: float | None = None
    gated: bool = True
    sustained: bool = False
    first: int = 0
    last: int | None = None
    turn: int = 0
    turns: int = 1
    chance: tuple[float, float] = (0.0, 1.0)
    group: int = 0
    ended_by: int = 0


class Zones:
    """All zones of an instrument.

    Args:
        zones: In the order in which they begin.

    >>> from pathlib import Path
    >>> piano = Zones([Zone(Wanted(Path("soft")), loud=63), Zone(Wanted(Path("hard")), soft=64)])
    >>> [zone.wanted.path.name for zone in piano.struck(60, 100, ident=7)]
    ['hard']
    """

    def __init__(self, zones: Iterable[Zone]) -> None:
        self.all = tuple(zones)
        self._keys: list[list[Zone]] = [[] for _ in range(KEYS)]
        for zone in self.all:
            for key in range(max(zone.low, 0), min(zone.high, KEYS - 1) + 1):
                self._keys[key].append(zone)
        self._last: dict[tuple[int, int], int] = {}

    def struck(self, note: float, velocity: int, ident: int) -> list[Zone]:
        """The zones that a note starts; those that take turns do so by the event, never twice in a row.

        The same events give the same zones, whenever and wherever they are played: who joins later may
        differ for a note or two.

        Args:
            note: Its pitch; the key is the nearest one.
            velocity: 0 to 127.
            ident: Its event.
        """
        key = _key(note)
        found = [zone for zone in self._keys[key] if zone.soft <= velocity <= zone.loud]
        if not found:
            return found
        mixed = ident * _MIX & _MASK
        number = mixed / (_MASK + 1)
        turns = {many: self._turn(key, many, mixed >> 16) for many in {z.turns for z in found} if many > 1}
        return [
            zone
            for zone in found
            if turns.get(zone.turns, 0) == zone.turn and zone.chance[0] <= number < zone.chance[1]
        ][:MOST]

    def foreseen(self, note: float, velocity: int) -> list[Wanted]:
        """What a note may need, whoever's turn it is.

        Args:
            note: Its pitch.
            velocity: 0 to 127.
        """
        fit = [zone.wanted for zone in self._keys[_key(note)] if zone.soft <= velocity <= zone.loud]
        return fit[: 4 * MOST]

    def _turn(self, key: int, many: int, mixed: int) -> int:
        turn = mixed % many
        if turn == self._last.get((key, many)):
            turn = (turn + 1 + (mixed >> 8) % (many - 1)) % many
        self._last[key, many] = turn
        return turn


def _key(note: float) -> int:
    return min(max(math.floor(note + 0.5), 0), KEYS - 1)
