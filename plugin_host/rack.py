"""The whole audio graph, pure of devices and clocks: routes, sends, master."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np

from plugin_host.audio import Audio
from plugin_host.bank import Bank
from plugin_host.controls import read_controls
from plugin_host.samples import Library
from plugin_host.specs import Chain
from plugin_host.strip import Strip

__all__ = ["VOICES", "Rack"]

VOICES: Final = 96
"""How many voices sound at once; beyond that the oldest released, then the oldest, fades out."""

_FADING: Final = 32
_REMEMBERED: Final = 200


class Rack:
    """Instruments, effects, sends and master: events in, blocks of sound out.

    Args:
        rate: Frames a second, 8000 to 192000.
        block: Frames in a block, 32 to 8192.
        sample_folders: The musician's folders of samples, which the drums can play, too.

    >>> from plugin_host.specs import instrument
    >>> rack = Rack(48000, 256)
    >>> rack.set_chains({0: instrument("drums")})
    >>> rack.begin(0, 1, {"s": "bd"}, offset=100)
    >>> rack.render().shape
    (2, 256)
    """

    def __init__(self, rate: int, block: int, sample_folders: Sequence[str | Path] = ()) -> None:
        if not 8000 <= rate <= 192000:
            raise ValueError(f"rate={rate}: 8000…192000 frames a second")
        if not 32 <= block <= 8192:
            raise ValueError(f"block={block}: 32…8192 frames")
        self.rate, self.block = rate, block
        self.problems: list[str] = []
        self._told: set[str] = set()
        self._library = Library(sample_folders, rate)
        for folder in self._library.missing:
            self._report(f"no folder of samples at {folder}")
        self._strips: dict[int, Strip] = {}
        self._leaving: list[Strip] = []
        self._spare: dict[Chain, Strip] = {}
        self._cps = 0.5

    def _report(self, text: str) -> None:
        if text not in self._told and len(self._told) < _REMEMBERED:
            self._told.add(text)
            self.problems.append(text)

    def set_chains(self, chains: Mapping[int, Chain]) -> None:
        """Say which chain plays on which route.

        A chain that stays keeps its voices and its effects' memory. One that goes rings out.

        Args:
            chains: The whole table of routes.
        """
        for route in [*self._strips]:
            if chains.get(route) != self._strips[route].chain:
                self._leaving.append(self._strips.pop(route))
        for route, chain in sorted(chains.items()):
            if route not in self._strips:
                self._strips[route] = self._spare.pop(chain, None) or self._strip(chain)

    def prepare(self, chain: Chain) -> None:
        """Build a chain beside the sound, so that the next `set_chains` only has to put it in place.

        Args:
            chain: What is wanted next; may be called on another thread than the one that renders.
        """
        self._spare[chain] = self._strip(chain)

    def _strip(self, chain: Chain) -> Strip:
        return Strip(chain, self.rate, self._library, self._report)

    def set_tempo(self, cps: float) -> None:
        """Let the shared echo keep time.

        Args:
            cps: Cycles a second; a cycle is four beats.
        """
        if cps > 0:
            self._cps = cps

    def begin(self, route: int, ident: int, controls: Mapping[str, object], offset: int) -> None:
        """Start a note.

        Args:
            route: Where it plays.
            ident: Its event, by which it is ended.
            controls: What the event says.
            offset: Frames into the next block; kept within the block.
        """
        strip = self._strips.get(route)
        if strip is None:
            self._report(f"no instrument on route {route}")
            return
        offset = min(max(offset, 0), self.block - 1)
        self._make_room(offset)
        strip.begin(ident, read_controls(controls, self._report), offset)

    def end(self, ident: int, offset: int) -> None:
        """Let go of a note.

        Args:
            ident: Its event.
            offset: Frames into the next block; kept within the block.
        """
        offset = min(max(offset, 0), self.block - 1)
        for strip in (*self._strips.values(), *self._leaving):
            if strip.bank.end(ident, offset):
                return

    def _make_room(self, offset: int) -> None:
        banks = [strip.bank for strip in (*self._strips.values(), *self._leaving)]
        fading = sum(bank.fading() for bank in banks)
        if sum(bank.count for bank in banks) - fading < VOICES:
            return
        ranks = [(rank, place) for place, bank in enumerate(banks) if (rank := bank.oldest()) is not None]
        if not ranks:
            return
        rank, where = min(ranks)
        bank: Bank = banks[where]
        if rank[1] >= 0 or fading >= _FADING:
            bank.drop(rank[2])
        else:
            bank.choke(rank[2], offset)

    def render(self) -> Audio:
        """Render the next block.

        Returns:
            float32, shape (2, block).
        """
        out = np.zeros((2, self.block), dtype=np.float32)
        for strip in (*(self._strips[route] for route in sorted(self._strips)), *self._leaving):
            sound = strip.render(self.block)
            if sound is not None:
                out += sound[0]
        self._leaving = [strip for strip in self._leaving if not strip.idle]
        return np.tanh(out)

    def silence(self) -> None:
        """Silence everything at once."""
        for strip in self._strips.values():
            strip.bank.silence()
            strip.effects.renew()
        self._leaving.clear()

    def meters(self) -> dict[str, object]:
        """How loud each route and the whole is, of the last block."""
        return {str(route): {"peak": strip.peak} for route, strip in self._strips.items()}
