"""Which rules contradict: a search that sees what each of them looks at, and so can prove it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple, cast

from patterns.rules.context import Bar, Moment, Note
from patterns.rules.declaring import Rule
from patterns.rules.search import Row, Step, cost_of

__all__ = ["TRIES", "Contradiction", "Verdict", "contradiction", "judged"]

TRIES = 600
"""Notes that are tried to see whether a bar can keep some rules: of 576 bars of our own files none took more
than 170 to be filled in by all of its rules."""

_get = list[Note | None].__getitem__
_put = list[Note | None].__setitem__


class Verdict(NamedTuple):
    """Whether a bar can keep some rules.

    Attributes:
        moment: The last moment of a way that keeps them; None if there is none, or if none was found.
        proved: Whether there is none: all was tried, or left out because it could change nothing.
        blamed: Rules that are enough for that; where nothing is proved, all that forbade anything, those that
            did it most often first.
        nodes: Notes that were tried.
    """

    moment: Moment | None
    proved: bool
    blamed: Collection[Rule]
    nodes: int


class Contradiction(NamedTuple):
    """Rules that cannot be kept together.

    Attributes:
        rules: In their order; none if that was not to be found.
        proved: Whether that is certain, rather than that no way was found.
        nodes: Notes that were tried to find them.
    """

    rules: list[Rule]
    proved: bool
    nodes: int


class _Seen(list[Note | None]):
    """Notes part by part, that take down who is looked at.

    Args:
        notes: The notes.
        by: For each part the choices on which its note hangs.
        reads: Takes down these choices.
    """

    __slots__ = ("by", "reads")

    def __init__(self, notes: list[Note | None], by: list[tuple[int, ...]], reads: set[int]) -> None:
        super().__init__(notes)
        self.by = by
        self.reads = reads

    def __getitem__(self, index: Any) -> Any:
        parts = cast("int | range", range(len(self))[index])
        for part in parts if isinstance(parts, range) else (parts,):
            self.reads.update(self.by[part])
        return cast("Any", super().__getitem__(index))

    def __iter__(self) -> Iterator[Note | None]:
        return iter(self[:])

    def __contains__(self, one: object) -> bool:
        return one in self[:]

    def __reversed__(self) -> Iterator[Note | None]:
        return reversed(self[:])

    def __add__(self, others: Any) -> Any:
        return self[:] + others

    def copy(self) -> list[Note | None]:
        """Give them as a plain list."""
        return cast("list[Note | None]", self[:])


class _Note(Note):
    """A note that takes down when the one before it is looked at."""

    __slots__ = ("hangs", "reads")

    hangs: tuple[int, ...]
    reads: set[int]

    def __getattribute__(self, name: str) -> Any:
        if name in {"before", "leap"}:
            self.reads.update(self.hangs)
        return object.__getattribute__(self, name)


class _Moment(Moment):
    """A moment whose notes take down when they are looked at."""

    __slots__ = ()

    notes: _Seen  # pyright: ignore[reportIncompatibleVariableOverride] - it is never exchanged for a plain list
    latest: _Seen  # pyright: ignore[reportIncompatibleVariableOverride] - as above

    def heard(self, part: int) -> tuple[Any, ...]:
        """Give what a part has had in this bar up to here, by its number."""
        at: Moment | None = self
        while isinstance(at, _Moment):  # what is kept from before is looked at, too
            self.notes.reads.update(at.notes.by[part])
            at = at.before
        return super().heard(part)


@dataclass(slots=True)
class _Choice:
    """One note that is to be chosen.

    Args:
        row: The number of its moment.
        first: The number of the first choice of that moment.
        step: What it is about.
        pitches: What it may be, in the order in which it is tried.
        rules: That ask this note.
        left: What has not been tried.
        culprits: Earlier choices that what was forbidden hangs on.
        blamed: Rules that forbade.
    """

    row: int
    first: int
    step: Step
    pitches: list[Any]
    rules: list[Rule]
    left: Iterator[Any] = field(default_factory=lambda: iter(()))
    culprits: set[int] = field(default_factory=set[int])
    blamed: set[Rule] = field(default_factory=set[Rule])


def judged(
    rows: Sequence[Row], start: Moment | None, parts: int, laws: Collection[Rule], limit: int = TRIES
) -> Verdict:
    """Say whether rows can be filled in so that some hard rules are kept.

    Where every note is forbidden, the last choice on which that hangs is changed: those after it would be
    tried for nothing.

    Source: conflict-directed backjumping, P. Prosser, Hybrid algorithms for the constraint satisfaction
    problem (1993). The rules that are blamed are carried along with the choices.

    Args:
        rows: What is to be filled in.
        start: What was before.
        parts: How many parts there are.
        laws: The rules that count.
        limit: Notes that are tried at most.
    """
    return _Judgement(rows, start, parts, laws, limit).verdict()


class _Judgement:
    """See `judged`."""

    def __init__(
        self, rows: Sequence[Row], start: Moment | None, parts: int, laws: Collection[Rule], limit: int
    ) -> None:
        def hard(rules: Sequence[Rule]) -> list[Rule]:
            return [one for one in rules if one.weight is None and one in laws]

        self.rows = rows
        self.start = start
        self.limit = limit
        self.nodes = 0
        self.forbade: dict[Rule, int] = {}
        self.reads: set[int] = set()
        self.moments: list[_Moment] = []
        self.of_moments = [hard(row.rules) for row in rows]
        self.of_bars = [hard(row.closing) for row in rows]
        none: list[Note | None] = [None] * parts
        self.latest = _Seen(none if start is None else start.latest, [()] * parts, self.reads)
        self.choices: list[_Choice] = []
        for number, row in enumerate(rows):
            first = len(self.choices)
            for step in row.steps:
                pitches = sorted(step.pitches, key=partial(row.noise, step.part))
                self.choices.append(_Choice(number, first, step, pitches, hard(step.rules)))

    def verdict(self) -> Verdict:
        """Try."""
        at = 0
        forward = True
        while at < len(self.choices):
            choice = self.choices[at]
            if forward:
                self._begin(at, choice)
            forward = self._chosen(at, choice)
            if forward:
                at += 1
                continue
            if self.nodes >= self.limit:
                often = sorted(self.forbade, key=lambda law: -self.forbade[law])
                return Verdict(None, False, often, self.nodes)
            if not choice.culprits:
                return Verdict(None, True, choice.blamed, self.nodes)
            back = max(choice.culprits)
            earlier = self.choices[back]
            earlier.culprits |= choice.culprits - {back}
            earlier.blamed |= choice.blamed
            self._undo(back)
            at = back
        return Verdict(self.moments[-1] if self.moments else self.start, False, (), self.nodes)

    def _begin(self, at: int, choice: _Choice) -> None:
        """Come to a choice from those before it."""
        choice.left = iter(choice.pitches)
        choice.culprits = set()
        choice.blamed = set()
        if at != choice.first:
            return
        row = self.rows[choice.row]
        del self.moments[choice.row :]
        before = self.moments[-1] if self.moments else self.start
        notes: list[Note | None] = [None] * len(self.latest)
        by: list[tuple[int, ...]] = [()] * len(notes)
        for part in row.held if before is not None else ():
            held = before.notes if before is not None else notes
            notes[part] = _get(held, part)
            by[part] = held.by[part] if isinstance(held, _Seen) else ()
        made = _Moment(row.place, _Seen(notes, by, self.reads), before, self._latest(choice.row))
        self.moments.append(made)

    def _latest(self, row: int) -> _Seen:
        """What each part has struck last before a moment."""
        return self.moments[row - 1].latest if row else self.latest

    def _undo(self, back: int) -> None:
        """Let what was chosen in the same moment after a choice be undecided again."""
        row = self.choices[back].row
        moment = self.moments[row]
        for step in self.rows[row].steps[back - self.choices[back].first :]:
            _put(moment.notes, step.part, None)
            moment.notes.by[step.part] = ()

    def _chosen(self, at: int, choice: _Choice) -> bool:
        """Take the next note that nothing forbids; False if there is none, or all tries are used up."""
        for pitch in choice.left:
            if self.nodes >= self.limit:
                return False
            self.nodes += 1
            law = self._forbidding(at, choice, pitch)
            if law is None:
                return True
            self.forbade[law] = self.forbade.get(law, 0) + 1
            if at not in self.reads:  # whatever this note is
                choice.culprits, choice.blamed = set(self.reads), {law}
                return False
            choice.culprits |= self.reads
            choice.culprits.discard(at)
            choice.blamed.add(law)
        return False

    def _forbidding(self, at: int, choice: _Choice, pitch: Any) -> Rule | None:
        """Choose a note, and say which rule forbids it; what that looked at is then in `reads`."""
        step, moment, before = choice.step, self.moments[choice.row], self._latest(choice.row)
        moment.kept.clear()
        moment.latest = before
        note: _Note | None = None
        if pitch is not None:
            note = _Note(pitch, step.name, _get(before, step.part), step.length, moment)
            note.reads, note.hangs = self.reads, before.by[step.part]
        _put(moment.notes, step.part, note)
        moment.notes.by[step.part] = (at,)
        for law in choice.rules if note is not None else ():
            if self._broken(law, note, at):
                return law
        steps = self.rows[choice.row].steps
        if at - choice.first < len(steps) - 1:
            return None
        moment.latest = self._struck(choice, moment, before)
        asked = [(law, moment) for law in self.of_moments[choice.row]]
        asked += [(law, cast("Any", Bar(moment))) for law in self.of_bars[choice.row]]
        return next((law for law, what in asked if self._broken(law, what)), None)

    def _broken(self, law: Rule, asked: Any, *own: int) -> bool:
        """Ask a rule; what it looks at is in `reads` from then on."""
        self.reads.clear()
        self.reads.update(own)
        return cost_of((law,), asked, {}) < 0

    def _struck(self, choice: _Choice, moment: _Moment, before: _Seen) -> _Seen:
        """What each part has struck last after a moment."""
        latest = _Seen(before.copy(), before.by[:], self.reads)
        for at, step in enumerate(self.rows[choice.row].steps, choice.first):
            note = _get(moment.notes, step.part)
            if note is None:  # what came last hangs on this rest, too
                latest.by[step.part] = (*before.by[step.part], at)
            else:
                _put(latest, step.part, note)
                latest.by[step.part] = (at,)
        return latest


def contradiction(
    laws: Sequence[Rule], none: Verdict, tried: Callable[[Sequence[Rule]], Verdict], limit: int
) -> Contradiction:
    """Find hard rules that contradict, none of them needlessly: without any one of them there is a way.

    Then each of them is left out of all rules. If there is a way each time, no smaller set contradicts; if
    not, another one does, and the smaller of the two is taken.

    Source: deletion filtering, J. Chinneck, E. Dravnieks, Locating minimal infeasible constraint sets in
    linear programs (1991).

    Args:
        laws: All rules.
        none: The verdict that they cannot be kept.
        tried: Judges some of them.
        limit: Notes that are tried for it; beyond it nothing more is left out.
    """
    nodes = 0
    hard = [one for one in laws if one.weight is None]

    def failed(some: Sequence[Rule]) -> Verdict | None:
        nonlocal nodes
        if nodes >= limit:
            return None
        found = tried(some)
        nodes += found.nodes
        return None if found.moment is not None else found

    def reduced(verdict: Verdict) -> tuple[list[Rule], bool]:
        core, proved = [one for one in hard if one in verdict.blamed], verdict.proved
        few: list[Rule] = []
        for one in (
            () if proved else verdict.blamed
        ):  # a way by few rules is found soon: the other way round costs more
            few.append(one)
            if (still := failed([other for other in core if other in few])) is not None:
                core, proved = [other for other in core if other in still.blamed], still.proved
                break
        for one in core[:]:
            fewer = [other for other in core if other is not one]
            if one in core and fewer and (still := failed(fewer)) is not None:
                core, proved = [other for other in fewer if other in still.blamed], still.proved
        return core, proved

    core, proved = reduced(none)
    for one in core[:] if len(core) > 1 else ():
        if (still := failed([other for other in hard if other is not one])) is not None:
            other, sure = reduced(still)
            if len(other) < len(core) and sure >= proved:
                core, proved = other, sure
    return Contradiction(core, proved, nodes)
