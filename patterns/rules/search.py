"""The search: from moment to moment, the best few ways side by side, and back where all of them end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heappop, heappush
from typing import Any

from patterns.core import BAD_VALUE
from patterns.rules.context import Bar, Moment, Note, Place
from patterns.rules.declaring import Rule

__all__ = ["BREACH", "Broken", "Outcome", "Row", "Step", "cost_of", "gone_on", "searched"]

BREACH = 1000.0
"""What a breach of a hard rule costs where no way keeps all of them."""
BOLDEST = 16
"""How many times what it weighs at first chance weighs in the last try."""
DOUBT = 1000
"""Notes after which it is asked whether there is a way; a bar of our chorale takes 1,160 (median)."""
FIRST = 8
"""Ways to fill in one moment that are looked for first; then four times as many."""


_Way = tuple[float, int, Moment | None, tuple[Any, ...]]
"""What a way costs, its number, and its end: the last moment but one, and the pitches of the last."""


class Broken(Exception):
    """A rule's function raised.

    Args:
        rule: Which.
        error: What it raised.
    """

    def __init__(self, rule: Rule, error: Exception) -> None:
        super().__init__(rule.name)
        self.rule = rule
        self.error = error


@dataclass(frozen=True, slots=True)
class Step:
    """What one part does in a row.

    Args:
        part: Its number.
        name: Its name.
        length: In beats.
        pitches: What it may have.
        rules: That ask each note, those that forbid first.
    """

    part: int
    name: str
    length: Fraction
    pitches: tuple[Any, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One moment that is to be filled in.

    Args:
        place: Where.
        steps: The parts that begin something there, in order.
        held: The parts whose note before goes on.
        rules: That ask each moment.
        closing: That ask each bar, if this is its last moment.
        noise: Gives a number of chance, from 0 to 1, for a part and a pitch.
    """

    place: Place
    steps: tuple[Step, ...]
    held: tuple[int, ...]
    rules: tuple[Rule, ...]
    closing: tuple[Rule, ...]
    noise: Callable[[int, Any], float]


@dataclass(slots=True)
class Outcome:
    """What a search came to.

    Attributes:
        moment: The last moment of the best way; None if there is none.
        cost: What it costs.
        nodes: Notes that were tried.
        level: Rows that the farthest way has got through.
        farthest: Where it has got to: the last moment but one, and the pitches of the last.
        forbade: How often each rule forbade something.
    """

    moment: Moment | None = None
    cost: float = 0.0
    nodes: int = 0
    level: int = 0
    farthest: tuple[Moment | None, tuple[Any, ...]] = (None, ())
    forbade: dict[Rule, int] = field(default_factory=dict[Rule, int])


def cost_of(rules: Sequence[Rule], asked: Any, forbade: dict[Rule, int], relaxed: bool = False) -> float:
    """Add up what breaches cost; a negative number if something is forbidden.

    Raises:
        Broken: A rule's function raised.
    """
    cost = 0.0
    one = None
    try:
        for one in rules:
            found = one.test(asked)
            if found is True or found is None:
                continue
            by = 1.0 if found is False else float(found)
            if by <= 0:
                continue
            if one.weight is not None:
                cost += one.weight * by
                continue
            forbade[one] = forbade.get(one, 0) + 1
            if not relaxed:
                return -1.0
            cost += BREACH
    except BAD_VALUE as error:
        assert one is not None
        raise Broken(one, error) from error
    return cost


def searched(
    rows: Sequence[Row],
    start: Moment | None,
    parts: int,
    width: int,
    limit: int,
    hopeless: Callable[[], bool] | None = None,
) -> Outcome:
    """Fill in rows, one after the other, so that nothing is forbidden.

    Args:
        rows: What is to be filled in.
        start: What was before.
        parts: How many parts there are.
        width: Ways that are followed side by side.
        limit: Notes that are tried at most.
        hopeless: Asked whether to give up, where ways end and so many notes were tried that it may be.
    """
    out = Outcome(farthest=(start, ()))
    most, chance = FIRST, 1.0
    while out.moment is None and out.nodes < limit:
        until = limit if chance > BOLDEST else (out.nodes + limit) // 2 + 1
        if _beam(rows, start, parts, (width, most, chance), until, out, hopeless):
            break  # all there is has been tried
        # Ways that lead nowhere are often alike: others are found by chance, and by looking at more of them.
        width, most, chance = 2 * width, 4 * most, 4 * chance
    return out


def _beam(
    rows: Sequence[Row],
    start: Moment | None,
    parts: int,
    how: tuple[int, int, float],
    limit: int,
    out: Outcome,
    hopeless: Callable[[], bool] | None,
) -> bool:
    """Follow ways side by side; says whether there is nothing more to be tried.

    Args:
        rows: What is to be filled in.
        start: What was before.
        parts: How many parts there are.
        how: How many ways, how many fillings of a moment for each of them, what chance weighs.
        limit: Notes that may have been tried in the end.
        out: Takes down what it comes to.
        hopeless: Whether to give up.
    """
    width, most, chance = how
    ways: list[list[_Way]] = [[(0.0, 0, start, ())], *([] for _ in rows)]
    chances: list[list[list[float]]] = []
    level = count = 0
    whole = True
    while level >= 0 and out.nodes < limit:
        if level == len(rows):
            out.cost, _, at, pitches = ways[level][0]
            out.moment = _settled(rows[level - 1], at, pitches, parts) if rows else at
            break
        if not ways[level]:
            if hopeless is not None and out.nodes > DOUBT and hopeless():
                return True
            level -= 1
            continue
        row, further = rows[level], ways[level + 1]
        if level == len(chances):
            chances.append(_chances(row, chance))
        for _ in range(min(width, len(ways[level]))):
            cost, _, at, pitches = heappop(ways[level])
            if level:  # most ways are never followed: a moment of its own is made for those that are
                at = _settled(rows[level - 1], at, pitches, parts)
            found = _Filling(row, at, parts, chances[level], limit, out).ways(most)
            whole = whole and len(found) < most
            for more, chosen in found:
                count += 1
                heappush(further, (cost + more, count, at, chosen))
        if further:
            level += 1
            if level > out.level:
                out.level, out.cost, out.farthest = level, further[0][0], further[0][2:]
    return whole and out.nodes < limit


def gone_on(rows: Sequence[Row], out: Outcome, parts: int) -> None:
    """Go on from the farthest way that was found to the end, breaking as little as can be seen on the way."""
    at, pitches = out.farthest
    if out.level:
        at = _settled(rows[out.level - 1], at, pitches, parts)
    for row in rows[out.level :]:
        found = _Filling(row, at, parts, _chances(row, 1), 0, out).ways(FIRST)
        more, pitches = min(found, key=lambda way: way[0])
        at = _settled(row, at, pitches, parts)
        out.cost += more
    out.moment = at


def _chances(row: Row, chance: float) -> list[list[float]]:
    """What chance adds to each pitch of each step."""
    return [[chance * row.noise(step.part, pitch) for pitch in step.pitches] for step in row.steps]


class _Filling:
    """One moment that is being filled in; without a limit it breaks what it must.

    Args:
        row: What is to be filled in.
        before: The moment before it.
        parts: How many parts there are.
        chances: What chance adds to each pitch of each step.
        limit: Notes that may have been tried in the end.
        out: Takes down what was tried, and what forbade it.
    """

    __slots__ = ("building", "chances", "found", "latest", "limit", "notes", "out", "row")

    def __init__(
        self,
        row: Row,
        before: Moment | None,
        parts: int,
        chances: list[list[float]],
        limit: int,
        out: Outcome,
    ) -> None:
        self.row = row
        self.chances = chances
        self.limit = limit
        self.out = out
        self.found: list[tuple[float, tuple[Any, ...]]] = []
        self.building = _unfilled(row, before, parts)
        self.notes = self.building.notes
        self.latest = self.building.latest

    def ways(self, most: int) -> list[tuple[float, tuple[Any, ...]]]:
        """Find some ways, with their costs."""
        self._fill(0, 0.0, most)
        return self.found

    def _fill(self, depth: int, so_far: float, room: int) -> None:
        if depth == len(self.row.steps):
            self._keep(so_far)
            return
        step, chances = self.row.steps[depth], self.chances[depth]
        part, rules, notes, found = step.part, step.rules, self.notes, self.found
        old, limit, out = self.latest[part], self.limit, self.out
        ways: list[tuple[float, int, Note | None]] = []
        for rank, pitch in enumerate(step.pitches):
            out.nodes += 1
            note = None
            cost = 0.0
            if pitch is not None:
                note = Note(pitch, step.name, old, step.length, self.building)
                notes[part] = note
                cost = cost_of(rules, note, out.forbade, not limit)
                if cost < 0:
                    continue
            ways.append((cost + chances[rank], rank, note))
        if not (ways or limit):
            ways.append((0.0, 0, None))
        ways.sort(key=_first)
        until = len(found) + room
        for cost, _, note in ways:
            notes[part] = note
            # The first gets half of the room, and so on: what is found is not all of one kind.
            self._fill(depth + 1, so_far + cost, -(-(until - len(found)) // 2))
            if len(found) >= until or out.nodes > limit > 0:
                break
        notes[part] = None

    def _keep(self, cost: float) -> None:
        """Take down a way, unless something forbids the moment as it stands now."""
        row, moment, out = self.row, self.building, self.out
        moment.latest = latest = self.latest[:]
        chosen: list[Any] = []
        for step in row.steps:
            note = self.notes[step.part]
            if note is None:
                chosen.append(None)
            else:
                chosen.append(note.pitch)
                latest[step.part] = note
        more = cost_of(row.rules, moment, out.forbade, not self.limit)
        if more >= 0 and row.closing:
            late = cost_of(row.closing, Bar(moment), out.forbade, not self.limit)
            more = -1.0 if late < 0 else more + late
        moment.latest = self.latest
        if more >= 0:
            self.found.append((cost + more, tuple(chosen)))


def _first(way: tuple[float, int, Note | None]) -> tuple[float, int]:
    return way[0], way[1]


def _unfilled(row: Row, before: Moment | None, parts: int) -> Moment:
    """The moment with nothing in it but what still sounds."""
    notes: list[Note | None] = [None] * parts
    if before is None:
        return Moment(row.place, notes, None, notes[:])
    for part in row.held:
        notes[part] = before.notes[part]
    return Moment(row.place, notes, before, before.latest)


def _settled(row: Row, before: Moment | None, pitches: Sequence[Any], parts: int) -> Moment:
    """The moment with these pitches: its notes know it, and it does not change any more."""
    made = _unfilled(row, before, parts)
    notes, last = made.notes, made.latest[:]
    for step, pitch in zip(row.steps, pitches, strict=True):
        part = step.part
        if pitch is not None:
            notes[part] = last[part] = Note(pitch, step.name, last[part], step.length, made)
    made.latest = last
    return made
