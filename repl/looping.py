"""What a piece or the prompt says to record a loop while the music plays."""

from __future__ import annotations

from abc import ABC, abstractmethod
from fractions import Fraction
from typing import TYPE_CHECKING

from patterns.reading import reify
from patterns.views import Drawing
from plugin_host.looped import looped, source_name
from plugin_host.specs import audio_in

if TYPE_CHECKING:
    from patterns.core import Pattern
    from plugin_host.specs import Chain

MOST = 1024
"""Cycles that a recording may last."""


class LoopsByHand(ABC):
    """Records loops: each function plays one event on a loop, once."""

    __slots__ = ()

    @abstractmethod
    def single(self, pattern: Pattern, on: Chain, lasts: Fraction, quantum: float) -> None:
        """Play a pattern once.

        Args:
            pattern: What.
            on: Where.
            lasts: How many cycles of it.
            quantum: What it waits for, in cycles; 0 is at once.
        """

    def capture(self, name: str, source: object = None, cycles: float = 4, *, quantum: float = 1) -> str:
        """Record a loop anew, from the next cycle on; then `on=looped(name)` plays it in phase.

        Args:
            name: What it is called, a word. What it was before comes back by `undo`.
            source: `audio_in(1)`, or a layer or bus by its name; the first input unless given.
            cycles: How many it lasts.
            quantum: Wait for a multiple of so many cycles.

        Example: `capture("riff", audio_in(1), 4)`, and `riff = play(gain("1"), on=looped("riff"))`
        """
        return self._record("record", name, source, cycles, quantum)

    def overdub(self, name: str, source: object = None, cycles: float = 4, *, quantum: float = 1) -> str:
        """Record another layer over a loop; each of its rounds is a layer, which `undo` takes away.

        Args:
            name: Of the loop.
            source: `audio_in(1)`, or a layer or bus by its name; the first input unless given.
            cycles: How many cycles of playing are added.
            quantum: Wait for a multiple of so many cycles.

        Example: `overdub("riff", audio_in(1), 8)`
        """
        return self._record("overdub", name, source, cycles, quantum)

    def replace(self, name: str, source: object = None, cycles: float = 1, *, quantum: float = 1) -> str:
        """Record in place of what is in a loop there; the rest of it stays.

        Args:
            name: Of the loop.
            source: `audio_in(1)`, or a layer or bus by its name; the first input unless given.
            cycles: How many cycles are replaced.
            quantum: Wait for a multiple of so many cycles.

        Example: `replace("riff", audio_in(1), 1)`
        """
        return self._record("replace", name, source, cycles, quantum)

    def undo(self, name: str) -> str:
        """Take back what was last done to a loop, up to fifteen times; nothing clicks.

        Args:
            name: Of the loop.
        """
        return self._at_once("undo", name)

    def redo(self, name: str) -> str:
        """Do to a loop again what `undo` took back.

        Args:
            name: Of the loop.
        """
        return self._at_once("redo", name)

    def clear(self, name: str) -> str:
        """Empty a loop; `undo` brings it back.

        Args:
            name: Of the loop.
        """
        return self._at_once("clear", name)

    def multiply(self, name: str, times: int = 2) -> str:
        """Let a loop last twice as long, with all that is in it twice: room for a longer layer over it.

        Args:
            name: Of the loop.
            times: How often what is in it is there then, 2 to 16.
        """
        if isinstance(times, bool) or times not in range(2, 17):
            raise ValueError(f"multiply: times must be a whole number from 2 to 16 (got {times!r})")
        return self._at_once("multiply", name, {"n": times})

    def halve(self, name: str) -> str:
        """Keep the first half of a loop, which then comes round twice as often; `undo` brings the whole back.

        Args:
            name: Of the loop.
        """
        return self._at_once("halve", name)

    def _record(self, verb: str, name: str, source: object, cycles: float, quantum: float) -> str:
        called = "capture" if verb == "record" else verb
        if isinstance(cycles, bool) or not isinstance(cycles, int | float) or not 0 < cycles <= MOST:  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
            raise ValueError(f"{called}: cycles must be more than 0, up to {MOST} (got {cycles!r})")
        long = Fraction(cycles).limit_denominator(1024)
        on = looped(name, source_name(called, audio_in(1) if source is None else source))
        self.single(_event(verb).slow(long), on, long, quantum)
        what = {"in:": "input "}.get(str(on.instrument["source"])[:3], "")
        heard = str(on.instrument["source"]).removeprefix("in:")
        return Drawing(f'{name}: {long} cycles of {what}{heard}; on=looped("{name}") plays it')

    def _at_once(self, verb: str, name: str, more: dict[str, object] | None = None) -> str:
        self.single(_event(verb, more), looped(name), Fraction(1), 0)
        return Drawing(f"{name}: {verb}")


def _event(verb: str, more: dict[str, object] | None = None) -> Pattern:
    return reify({"s": verb, **(more or {})})
