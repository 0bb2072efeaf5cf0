"""The drum kits: every sound is computed here when its kit is first wanted, and then kept as a file."""

from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Final

import plugin_host.audio
from plugin_host import drum_making, machine_kit, room_kit
from plugin_host.audio import Audio
from plugin_host.drum_making import LAYERS, ROUNDS, Bench, Drums, finish
from plugin_host.kept_sounds import kept

__all__ = ["CHOKES", "KITS", "LAYERS", "ROUNDS", "Sound", "build_takes", "drum_kit"]

KITS: Final[dict[str, Drums]] = {"room": room_kit.ROOM, "machine": machine_kit.MACHINE}

CHOKES: Final = {"hh": -1, "oh": -1}
"""Drums that silence each other: the closed hat ends the open one."""


@dataclass(frozen=True, slots=True)
class Sound:
    """One drum.

    Args:
        variants: For each variant, for each layer from soft to hard, the takes; mono, float32.
    """

    variants: tuple[tuple[tuple[Audio, ...], ...], ...]


_MADE_BY: Final = (plugin_host.audio, drum_making, room_kit, machine_kit)


def _recipe() -> bytes:
    """The code that the sounds follow from; empty where it cannot be read."""
    try:
        files = (__file__, *(module.__file__ or "" for module in _MADE_BY))
        return b"".join(Path(file).read_bytes() for file in files)
    except (OSError, TypeError):
        return b""


# Now, not when the kit is wanted: somebody may have edited the code by then.
_RECIPE: Final = _recipe()


def build_takes(rate: int, kit: str = "room") -> list[Audio]:
    """Compute every take of a kit: drum by drum, variant by variant, from soft to hard.

    Args:
        rate: Frames a second.
        kit: One of KITS.
    """
    takes: list[Audio] = []
    for number, (peak, makers) in enumerate(KITS[kit].values()):
        for (variant, make), layer, take in product(enumerate(makers), range(LAYERS), range(ROUNDS)):
            seed = 1000 * number + 100 * variant + 10 * layer + take
            takes.append(finish(make(Bench(rate, seed, layer / 2)), peak, rate))
    return takes


@cache
def drum_kit(rate: int, kit: str = "room") -> dict[str, Sound]:
    """Every drum of a kit at a frame rate; computed once, then read from the user's cache.

    Args:
        rate: Frames a second.
        kit: One of KITS.
    """
    if _RECIPE:
        # The kits' files are told apart by their beginning when old ones are removed.
        name = "drums" if kit == "room" else kit
        rest = iter(kept(name, b"%d\n%s" % (rate, _RECIPE), lambda: build_takes(rate, kit)))
    else:
        rest = iter(build_takes(rate, kit))

    def layers() -> tuple[tuple[Audio, ...], ...]:
        return tuple(tuple(next(rest) for _ in range(ROUNDS)) for _ in range(LAYERS))

    return {name: Sound(tuple(layers() for _ in makers)) for name, (_, makers) in KITS[kit].items()}
