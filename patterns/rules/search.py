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
FIRST = 8
"""Ways to fill in one moment that are looked for first; then four times as many."""


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
        farthest: Where it has got to.
        forbade: How often each rule forbade something.
    """

    moment: Moment | None = None
    cost: float = 0.0
    nodes: int = 0
    level: int = 0
    farthest: Moment | None = None
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


def searched(rows: Sequence[Row], start: Moment | None, parts: int, width: int, limit: int) -> Outcome:
    """Fill in rows, one after the other, so that nothing is forbidden.

    Args:
        rows: What is to be filled in.
        start: What was before.
        parts: How many parts there are.
        width: Ways that are followed side by side.
        limit: Notes that are tried at most.
    """
    out = Outcome(farthest=start)
    most, chance = FIRST, 1.0
    while out.moment is None and out.nodes < limit:
        until = limit if chance > BOLDEST else (out.nodes + limit) // 2 + 1
        if _beam(rows, start, [None] * parts, (width, most, chance), until, out):
            break  # all there is has been tried
        # Ways that lead nowhere are often alike: others are found by chance, and by looking at more of them.
        width, most, chance = 2 * width, 4 * most, 4 * chance
    return out


def _beam(
    rows: Sequence[Row],
    start: Moment | None,
    nothing: list[Note | None],
    how: tuple[int, int, float],
    limit: int,
    out: Outcome,
) -> bool:
    """Follow ways side by side; says whether it has left none out.

    Args:
        rows: What is to be filled in.
        start: What was before.
        nothing: A rest for each part.
        how: How many ways, how many fillings of a moment for each of them, what chance weighs.
        limit: Notes that may have been tried in the end.
        out: Takes down what it comes to.
    """
    width, most, chance = how
    ways: list[list[tuple[float, int, Moment | None]]] = [[(0.0, 0, start)], *([] for _ in rows)]
    level = count = 0
    whole = True
    while level >= 0 and out.nodes < limit:
        if level == len(rows):
            out.cost, _, out.moment = ways[level][0]
            break
        if not ways[level]:
            level -= 1
            continue
        further = ways[level + 1]
        for _ in range(min(width, len(ways[level]))):
            cost, _, at = heappop(ways[level])
            found = _filled(rows[level], at, nothing, (most, chance), limit, out)
            whole = whole and len(found) < most
            for more, moment in found:
                count += 1
                heappush(further, (cost + more, count, moment))
        if further:
            level += 1
            if level > out.level:
                out.level, out.cost, out.farthest = level, further[0][0], further[0][2]
    return whole and out.nodes < limit


def gone_on(rows: Sequence[Row], out: Outcome, parts: int) -> None:
    """Go on from the farthest way that was found to the end, breaking as little as can be seen on the way."""
    at, cost = out.farthest, out.cost
    for row in rows[out.level :]:
        more, at = min(_filled(row, at, [None] * parts, (FIRST, 1), 0, out), key=lambda way: way[0])
        cost += more
    out.moment, out.cost = at, cost


def _filled(
    row: Row,
    before: Moment | None,
    nothing: list[Note | None],
    how: tuple[int, float],
    limit: int,
    out: Outcome,
) -> list[tuple[float, Moment]]:
    """Find some ways to fill in one moment, with their costs; without a limit it breaks what it must."""
    relaxed = not limit
    most, chance = how
    notes: list[Note | None] = nothing[:]
    latest = nothing if before is None else before.latest
    for part in row.held:
        notes[part] = None if before is None else before.notes[part]
    building = Moment(row.place, notes, before, latest)
    found: list[tuple[float, Moment]] = []
    steps, count = row.steps, len(row.steps)
    forbade, noise = out.forbade, row.noise

    def fill(depth: int, so_far: float, room: int) -> None:
        if depth == count:
            moment = _settled(building, steps, latest)
            cost = cost_of(row.rules, moment, forbade, relaxed)
            if cost >= 0 and row.closing:
                more = cost_of(row.closing, Bar(moment), forbade, relaxed)
                cost = -1.0 if more < 0 else cost + more
            if cost >= 0:
                found.append((so_far + cost, moment))
            return
        step = steps[depth]
        part, rules, old = step.part, step.rules, latest[step.part]
        ways: list[tuple[float, int, Note | None]] = []
        for rank, pitch in enumerate(step.pitches or ((None,) if relaxed else ())):
            out.nodes += 1
            note = None
            cost = 0.0
            if pitch is not None:
                note = Note(pitch, step.name, old, step.length, building)
                notes[part] = note
                cost = cost_of(rules, note, forbade, relaxed)
                if cost < 0:
                    continue
            ways.append((cost + chance * noise(part, pitch), rank, note))
        ways.sort(key=_first)
        until = len(found) + room
        for cost, _, note in ways:
            notes[part] = note
            # The first gets half of the room, and so on: what is found is not all of one kind.
            fill(depth + 1, so_far + cost, -(-(until - len(found)) // 2))
            if len(found) >= until or out.nodes > limit > 0:
                break
        notes[part] = None

    fill(0, 0.0, most)
    return found


def _first(way: tuple[float, int, Note | None]) -> tuple[float, int]:
    return way[0], way[1]


def _settled(building: Moment, steps: Sequence[Step], latest: list[Note | None]) -> Moment:
    """The moment as it stands now: its notes know it, and it does not change when the search goes on."""
    notes, last = building.notes[:], latest[:]
    made = Moment(building.place, notes, building.before, last)
    for step in steps:
        note = notes[step.part]
        if note is not None:
            notes[step.part] = last[step.part] = Note(note.pitch, note.part, note.before, note.length, made)
    return made
