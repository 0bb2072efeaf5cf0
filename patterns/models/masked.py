"""Drawing from a model under rules: what they forbid is never drawn, what costs something more seldom."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

from patterns.combine import explain
from patterns.dice import Dice
from patterns.models.chorales import Frames, FrameState
from patterns.models.composing import Given, Tokens, free, rekeyed
from patterns.models.masks import Laws, Mask, Seen
from patterns.models.scores import HOLD, REST
from patterns.models.voicing import RESTS, Filled, Lean, Ruling, Voicing, asked
from patterns.rules.context import Bar, Moment
from patterns.rules.declaring import Rule
from patterns.rules.search import Broken

__all__ = ["Drawn", "Past", "compose_masked", "first_masked"]

BACK = 12
"""Times that a cycle goes back to what was struck before, where nothing more can be."""
ATTEMPTS = 2
"""Frames that are drawn where a voice below is given, so that those above suit it."""
STUBBORN = 3
"""Times that it goes back from one place before it goes back farther."""
CYCLES = 3
"""Cycles that are drawn where rules ask about whole bars."""
SPENT = 500
"""Tokens that are looked through for a cycle, or a fifth as many drawn, before it goes back no more."""


class Past(NamedTuple):
    """What was before a cycle, and what comes after it.

    Attributes:
        cycle: Its number.
        key: Its tonic, and whether it is minor.
        chance: Of the chords of the rules.
        frames: Of the cycles before it, as many as rules may look back.
        after: The frame with which the next cycle begins, where that is known already.
        coming: Of the next cycle, where it is not: its key, its heat, and what voices may do in it.
    """

    cycle: int
    key: tuple[int, bool]
    chance: int
    frames: Sequence[Sequence[Tokens]]
    after: Tokens | None = None
    coming: tuple[tuple[int, bool], float, Given] | None = None


class Drawn(NamedTuple):
    """A cycle.

    Attributes:
        frames: What the voices do.
        state: The state after it.
        problems: What is to be said about it.
    """

    frames: list[Tokens]
    state: FrameState
    problems: tuple[str, ...] = ()


def compose_masked(
    model: Frames,
    state: FrameState,
    length: int,
    dice: Dice,
    mask: Mask,
    past: Past,
    *,
    heat: float = 1.0,
    given: Given = free,
    lean: Lean | None = None,
) -> Drawn:
    """Draw some frames by rules.

    When a voice moves, holds or rests is left to the model; where it goes is chosen among what no hard rule
    forbids, each pitch as likely as the model says times exp(-what weighted rules want for it). Rules that
    ask about several voices are asked once all of a frame are there, and it is drawn again, or one before
    it, until they are kept; in the end that is taken which breaks least, of rules that are named last.

    Args:
        model: What says how likely each token is.
        state: The state before.
        length: How many frames.
        dice: What decides.
        mask: The rules.
        past: What was before.
        heat: As in `draw`.
        given: What voices may do; a single token is done whatever the model and the rules think of it.
        lean: Factors by which tokens are likelier, by frame and voice.
    """
    without: frozenset[Rule] = frozenset()
    failed: tuple[str, ...] = ()
    while True:
        work = _Cycle(model, length, dice, Laws(mask, without), past, heat, given, lean)
        try:
            drawn = work.best(state)
        except Broken as error:
            without |= {error.rule}
            said = f"{mask.rules.name}: the rule {error.rule.name!r} fails and is left out"
            failed = (*failed, f"{said}: {explain(error.error)}")
            continue
        return drawn._replace(problems=(*failed, *drawn.problems))


def first_masked(
    model: Frames,
    state: FrameState,
    length: int,
    dice: Dice,
    mask: Mask,
    past: Past,
    *,
    heat: float = 1.0,
    given: Given = free,
) -> Tokens:
    """Draw the frame with which a cycle begins; the arguments are those of `compose_masked`."""
    without: frozenset[Rule] = frozenset()
    while True:
        try:
            return _Cycle(model, length, dice, Laws(mask, without), past, heat, given, None).first(state)
        except Broken as error:
            without |= {error.rule}


@dataclass(slots=True)
class _Cycle:
    """One cycle that is being drawn."""

    model: Frames
    length: int
    dice: Dice
    laws: Laws
    past: Past
    heat: float
    given: Given
    lean: Lean | None
    ruling: Ruling = field(init=False)
    before: Moment | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        cycle, key, chance, frames = self.past[:4]
        for number, each in enumerate(frames, cycle - len(frames)):
            earlier = Seen(self.laws, number, len(each), key, chance)
            for at, tokens in enumerate(each):
                self.before = earlier.moment(at, tokens, self.before)
        seen = Seen(self.laws, cycle, self.length, key, chance)
        self.ruling = Ruling(self.model, self.dice, seen, key[0], self.heat, self.lean, self.past.after)

    def best(self, state: FrameState) -> Drawn:
        """Draw it; several times, where rules ask about the whole of it."""
        rows: list[tuple[float, float, tuple[Rule, ...], list[Filled]]] = []
        for _ in range(CYCLES if self.laws.bars else 1):
            filled = self._whole(state)
            breach = sum(one.breach for one in filled)
            broken = tuple(rule for one in filled for rule in one.broken)
            mild = 0.0
            last = filled[-1].moment
            if self.laws.bars and last is not None:
                wrong, more, mild = asked(self.laws, self.laws.bars, Bar(last))
                breach, broken = breach + wrong, (*broken, *more)
            rows.append((breach, mild, broken, filled))
        least = min(row[0] for row in rows)
        among = [row for row in rows if row[0] == least]
        mildest = min(row[1] for row in among)
        weights = [(k, self.ruling.factor(row[1] - mildest)) for k, row in enumerate(among)]
        _, _, broken, filled = among[self.dice.weighted(weights) if len(among) > 1 else 0]
        return Drawn([one.tokens for one in filled], filled[-1].state, _said(self.laws.mask, least, broken))

    def first(self, state: FrameState) -> Tokens:
        """Draw its first frame alone."""
        return self._frame(state, 0, self.before).tokens

    def _whole(self, state: FrameState) -> list[Filled]:
        """Draw the frames in turn, and go back where one cannot be without breaking a rule."""
        done: list[Filled] = []
        left = BACK
        failed = Counter[int]()
        while True:
            now, before = self._known(state, done)
            at = len(done)
            if at == self.length:
                if not self._seam(done[-1]):
                    return done
                if not left:
                    return [*done[:-1], self._parted(done[-1], *self._known(state, done[:-1]))]
            else:
                made = self._frame(now, at, before)
                if not made.breach or not left or not at:
                    done.append(made)
                    continue
            left = left - 1 if self.ruling.spent < SPENT else 0
            failed[at] += 1
            # What was struck last has led here, or what was struck before that.
            for _ in range(1 + failed[at] // STUBBORN):
                while done and max(done.pop().tokens) < 0:
                    pass

    def _known(self, state: FrameState, done: Sequence[Filled]) -> tuple[FrameState, Moment | None]:
        """The state after some frames of the cycle, and what sounds then."""
        return (done[-1].state, done[-1].moment) if done else (state, self.before)

    def _parted(self, last: Filled, state: FrameState, before: Moment | None) -> Filled:
        """Let one voice or two rest in the last frame, where they cannot go from there to a known one."""
        at = self.length - 1
        fixed = self.voicing(at, before).fixed
        free = [voice for voice in range(self.model.voices) if voice not in fixed]
        ways = [(self._seam(last), last)]
        for count in (1, 2) if self.past.after is not None else ():
            for silent in combinations(free, count):
                tokens = tuple(REST if voice in silent else each for voice, each in enumerate(last.tokens))
                made = self._done(state, at, tokens, before)._replace(breach=RESTS * count)
                ways.append((self._seam(made), made))
        return min(ways, key=lambda way: way[0])[1]

    def _done(self, state: FrameState, at: int, tokens: Tokens, before: Moment | None) -> Filled:
        """A frame that is known."""
        moment = self.ruling.seen.moment(at, tokens, before)
        for token in tokens:
            state = self.model.feed(state, max(0, token - self.ruling.tonic) if token >= 0 else token)
        return Filled(state, tokens, moment, 0.0, (), 0.0, 0.0)

    def _seam(self, last: Filled) -> float:
        """How bad it is to go on with what comes next, or with the best that can come there."""
        cycle, key, chance, _, after, coming = self.past
        other, heat, given = coming or (key, self.heat, self.given)
        if after is None and coming is None:
            return 0.0
        then = _Cycle(
            self.model, self.length, self.dice, self.laws,
            Past(cycle + 1, other, chance, ()), heat, given, None,
        )  # fmt: skip
        if after is not None:
            moment = then.ruling.seen.moment(0, after, last.moment)
            if moment is None or moment is last.moment:
                return 0.0
            return then.ruling.judged(moment, range(len(after)), after, 0)[0]
        state = rekeyed(last.state, other[0] - key[0], minor=other[1], bar=self.length)
        found = then.voicing(0, last.moment).looked(state)
        self.ruling.spent += then.ruling.spent
        return 0.0 if found is None else found.breach

    def voicing(self, at: int, before: Moment | None) -> Voicing:
        """A frame, with what is given in it."""
        wanted = [self.given(at, voice) for voice in range(self.model.voices)]
        fixed = {voice for voice, tokens in enumerate(wanted) if tokens is not None and len(tokens) == 1}
        return Voicing(self.ruling, at, before, wanted, fixed)

    def _frame(self, state: FrameState, at: int, before: Moment | None) -> Filled:
        """Draw a frame; where a voice below is given and moves, one of several to which it is likely."""
        voicing = self.voicing(at, before)
        loose = [voice for voice in range(self.model.voices) if voice not in voicing.fixed]
        led = any(loose and v > min(loose) and max(voicing.wanted[v] or (HOLD,)) >= 0 for v in voicing.fixed)
        found: list[Filled] = []
        for _ in range(ATTEMPTS if led else 1):
            made = self.voicing(at, before).drawn(state)
            if made is None:  # it has more voices than can be looked through: all rest
                rests = self._done(state, at, (REST,) * self.model.voices, before)
                return rests._replace(breach=self.laws.worst)
            if made.breach:
                return made
            found.append(made)
        most = max(one.weight for one in found)
        weights = [(one, math.exp(one.weight - most)) for one in found]
        chosen: Filled = self.dice.weighted(weights) if len(found) > 1 else found[0]
        return chosen


def _said(mask: Mask, breach: float, broken: Sequence[Rule]) -> tuple[str, ...]:
    """What is told where not all could be kept: the same in every cycle, so that it is told once."""
    name = mask.rules.name
    told = [
        f"{name}: nothing that the model could play kept {rule!r} everywhere, so the least bad was taken"
        for rule in dict.fromkeys(rule.name for rule in broken)
    ]
    if breach and not told:
        told.append(f"{name}: a voice rests for a moment where no note kept all the rules")
    return tuple(told)
