"""Which cycle of the piece is played when: jumps, loops of a section, and standing still.

The cycles that *pass* are counted from the first one on and never jump: tempo, boundaries, events and the
journal are in them. The *position* is the cycle of the piece that is played; where both differ, this line
says by how much. So a jump changes what the layers are asked, and nothing of what keeps time.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

KEPT = 64
"""Passages that are remembered: what is asked about lies in the last of them."""

Section = tuple[Fraction, Fraction]
"""From which cycle of the piece to which."""


@dataclass(frozen=True, slots=True)
class Passage:
    """From `begin` on the piece is played from `position` on.

    Args:
        begin: The passed cycle at which it begins.
        position: The cycle of the piece that is played there.
        rolling: Whether it goes on from there; else it stands.
        section: What is played again and again once its end is reached; None goes on.
        jump: Whether it does not just continue what was before it.
    """

    begin: Fraction
    position: Fraction
    rolling: bool = True
    section: Section | None = None
    jump: bool = True


class Stretch(NamedTuple):
    """Passed cycles in which positions run beside them.

    Attributes:
        begin: The first; None is ever since.
        end: The first that is not in it; None is for ever.
        shift: What has to be added to get the position; None while the piece stands.
    """

    begin: Fraction | None
    end: Fraction | None
    shift: Fraction | None


PLAIN = Stretch(None, None, Fraction(0))


@dataclass(frozen=True, slots=True)
class Transport:
    """The whole line of passages, the first of them valid since ever; without any, position is what passes.

    >>> moved = Transport().jumped(Fraction(4), Fraction(16))
    >>> moved.position(Fraction(3)), moved.position(Fraction(5))
    (Fraction(3, 1), Fraction(17, 1))
    >>> looped = moved.looped(Fraction(5), (Fraction(16), Fraction(18)))
    >>> [int(looped.position(Fraction(n))) for n in range(4, 10)]
    [16, 17, 16, 17, 16, 17]
    """

    passages: tuple[Passage, ...] = ()

    def position(self, cycle: Fraction) -> Fraction:
        """The cycle of the piece at a passed one; where the piece stands, the one it stands at."""
        stretch = self.stretch(cycle)
        if stretch.shift is None:
            return self.passages[self._index(cycle)].position
        return cycle + stretch.shift

    def rolls(self, cycle: Fraction) -> bool:
        """Whether the piece goes on at a passed cycle."""
        return self.stretch(cycle).shift is not None

    def section(self, cycle: Fraction) -> Section | None:
        """What is played again and again at a passed cycle."""
        return self.passages[self._index(cycle)].section if self.passages else None

    def stretch(self, cycle: Fraction) -> Stretch:
        """The stretch in which a passed cycle lies."""
        if not self.passages:
            return PLAIN
        index = self._index(cycle)
        here = self.passages[index]
        limit = self.passages[index + 1].begin if index + 1 < len(self.passages) else None
        begin = self._begun(index)
        if not here.rolling:
            return Stretch(begin, limit, None)
        shift = here.position - here.begin
        if here.section is None or here.position >= here.section[1]:
            return Stretch(begin, limit, shift)
        first, last = here.section
        wrap = last - shift
        if cycle < wrap:
            return Stretch(begin, _least(wrap, limit), shift)
        length = last - first
        turn = wrap + (cycle - wrap) // length * length
        return Stretch(turn, _least(turn + length, limit), first - turn)

    def cuts(self, begin: Fraction, end: Fraction) -> list[Fraction]:
        """Where, between two passed cycles, another stretch begins."""
        found: list[Fraction] = []
        at = self.stretch(begin).end if self.passages else None
        while at is not None and at < end:
            found.append(at)
            at = self.stretch(at).end
        return found

    def boundary(self, soonest: Fraction, quantum: Fraction) -> Fraction:
        """The first passed cycle from one on at which the position is a multiple of a quantum.

        Every jump is a boundary too: in a loop of two cycles a multiple of 16 may never come. While the piece
        stands nothing has to be waited for.
        """
        stretch = self.stretch(soonest)
        if quantum <= 0 or stretch.shift is None:
            return soonest
        found = math.ceil((soonest + stretch.shift) / quantum) * quantum - stretch.shift
        return found if stretch.end is None else min(found, stretch.end)

    # Other lines; what comes after the cycle at which they begin is replaced.

    def jumped(self, at: Fraction, position: Fraction) -> Transport:
        """From a passed cycle on, play the piece from a position on; a loop that it lies in goes on."""
        section = self.section(at)
        if section is not None and not section[0] <= position < section[1]:
            section = None
        return self._with(Passage(at, position, self.rolls(at), section))

    def looped(self, at: Fraction, section: Section | None) -> Transport:
        """From a passed cycle on, play a section again and again, or go on; jump to it only from outside."""
        position = self.position(at)
        inside = section is None or section[0] <= position < section[1]
        begin = position if section is None or inside else section[0]
        return self._with(Passage(at, begin, self.rolls(at), section))

    def stopped(self, at: Fraction) -> Transport:
        """From a passed cycle on, stand."""
        return self._with(Passage(at, self.position(at), rolling=False, section=self.section(at)))

    def resumed(self, at: Fraction, position: Fraction | None = None) -> Transport:
        """From a passed cycle on, go on from a position, or from where the piece stands."""
        begin = self.position(at) if position is None else position
        section = self.section(at)
        if section is not None and not section[0] <= begin < section[1]:
            section = None
        return self._with(Passage(at, begin, rolling=True, section=section))

    # Handing over.

    def to_json(self) -> list[list[object]]:
        """For handing over to another process; `from_json` is the reverse."""
        return [
            [str(p.begin), str(p.position), p.rolling, p.section and [str(c) for c in p.section], p.jump]
            for p in self.passages
        ]

    @staticmethod
    def from_json(rows: Sequence[Sequence[object]]) -> Transport:
        """What `to_json` wrote."""
        return Transport(tuple(_read(row) for row in rows))

    def _with(self, passage: Passage) -> Transport:
        kept = tuple(p for p in self.passages if p.begin < passage.begin)
        kept = kept or (Passage(min(Fraction(0), passage.begin - 1), min(Fraction(0), passage.begin - 1)),)
        before = Transport(kept)
        goes_on = before.position(passage.begin) == passage.position
        jump = not goes_on or before.rolls(passage.begin) != passage.rolling
        return Transport((*kept, replace(passage, jump=jump))[-KEPT:])

    def _index(self, cycle: Fraction) -> int:
        return max(0, bisect_right(self.passages, cycle, key=lambda p: p.begin) - 1)

    def _begun(self, index: int) -> Fraction | None:
        """Where what is played in a passage began: in one before it, if it only continues that."""
        while index > 0 and not self.passages[index].jump:
            index -= 1
            before, after = self.passages[index], self.passages[index + 1]
            if not before.rolling or before.section is None or before.position >= before.section[1]:
                continue
            wrap = before.begin + before.section[1] - before.position
            if wrap <= after.begin:
                length = before.section[1] - before.section[0]
                return wrap + (after.begin - wrap) // length * length
        return self.passages[index].begin if index > 0 else None


def _least(one: Fraction, other: Fraction | None) -> Fraction:
    return one if other is None else min(one, other)


def _read(row: Sequence[object]) -> Passage:
    begin, position, rolling, section, jump = row
    bounds = None
    if section is not None:
        first, last = cast("Sequence[str]", section)
        bounds = (Fraction(first), Fraction(last))
    return Passage(Fraction(str(begin)), Fraction(str(position)), bool(rolling), bounds, bool(jump))
