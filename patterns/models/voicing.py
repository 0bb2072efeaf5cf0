"""One frame under rules: what each voice does, from the highest, and back where the rules say no."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from patterns.dice import Dice
from patterns.models.chorales import Frames, FrameState
from patterns.models.composing import Tokens
from patterns.models.masks import Laws, Seen
from patterns.models.protocol import Odds
from patterns.models.scores import HOLD, REST
from patterns.rules.context import Moment, Note
from patterns.rules.declaring import Rule
from patterns.rules.search import cost_of

__all__ = ["RESTS", "Filled", "Judged", "Lean", "Ruling", "Voicing", "asked"]

NODES = 10
"""Tokens that are drawn for one frame, each with what may follow from it, before all is looked through."""
DRAWN = 5
"""How many tokens that are looked through take as long as one that is drawn."""
WAYS = 3
"""What a voice tries in a frame while it draws."""
MILD = 4
"""Ways to fill in a frame that are weighed against one another by what rules would rather have."""
LOOKED = 300
"""Tokens that are looked through for one frame, the nearest first, where drawing has not kept the rules."""
RESTS = 0.5
"""How bad it is that a voice rests because it has no note: less than to break any hard rule."""
PULL = 4.0
"""Semitones away from where it is to go by which a pitch becomes e times as unlikely."""
NEAR = 10
"""Pitches of a voice that are looked through."""
_UNLIKELY = 0.02  # holding, resting and striking that the model thinks less likely are not drawn
_RARE = 1e-4  # pitches less likely than so much of all are only asked about if no other may be
_FEW = 1e-9
_STRIKE = 0
_MOST = 60.0  # of what rules would rather have, as a power of e

Lean = Callable[[int, int], dict[int, float]]
"""Factors by which tokens are likelier, by frame and voice."""
Judged = tuple[float, tuple[Rule, ...], float]
"""How bad something is, which hard rules it breaks, and what the others want for it."""


class Filled(NamedTuple):
    """A frame.

    Attributes:
        state: The state after it.
        tokens: What the voices do.
        moment: What sounds.
        breach: How bad it is that it breaks hard rules; 0 if it keeps them.
        broken: Which those are.
        mild: What the other rules want for it.
        weight: How well what is given suits the rest, as a logarithm.
    """

    state: FrameState
    tokens: Tokens
    moment: Moment | None
    breach: float
    broken: tuple[Rule, ...]
    mild: float
    weight: float


@dataclass(slots=True)
class Ruling:
    """What the frames of a cycle have in common.

    Args:
        model: What says how likely each token is.
        dice: What decides.
        seen: The cycle as rules see it.
        tonic: Of its key.
        heat: As in `draw`.
        lean: Factors by which tokens are likelier.
        goal: The frame that comes after the cycle, where that is known: the second half is drawn there.
    """

    model: Frames
    dice: Dice
    seen: Seen
    tonic: int
    heat: float
    lean: Lean | None
    goal: Tokens | None = None
    known: dict[FrameState, Odds] = field(default_factory=dict[FrameState, "Odds"])
    spent: int = 0

    @property
    def laws(self) -> Laws:
        """The rules."""
        return self.seen.laws

    def asked(self, state: FrameState) -> Odds:
        """How likely each token is: where something is drawn again, the same is asked again."""
        odds = self.known.get(state)
        if odds is None:
            odds = self.known[state] = self.model.query(state)
        return odds

    def factor(self, cost: float) -> float:
        """How much less likely something is for what it costs; chance may be said to weigh more or less."""
        variety = self.laws.mask.rules.variety
        return math.exp(-min(_MOST, cost / variety if variety > _FEW else math.inf)) if cost > 0 else 1.0

    def judged(self, moment: Moment, voices: Collection[int], tokens: Tokens, at: int) -> Judged:
        """What a moment breaks, all voices being there: how bad it is, which rules, what others want."""
        laws, seats = self.laws, self.laws.mask.seats
        worse, broken = 0.0, list[Rule]()
        for voice in voices:
            note = moment.notes[seats[voice]]
            if seats[voice] not in moment.place.struck or note is None:
                continue
            found = asked(laws, laws.notes[voice], note)
            worse += found[0]
            broken += found[1]
            may = self.seen.pitches(voice, at) if tokens[voice] >= 0 else None
            if may is not None and note.pitch not in may:
                worse += laws.worst
        mild = 0.0
        if moment.place.struck:
            wrong, more, mild = asked(laws, laws.moments, moment)
            worse += wrong
            broken += more
        return worse, tuple(broken), mild


@dataclass(slots=True)
class Voicing:
    """One frame that is being drawn.

    Args:
        ruling: What all frames have in common.
        at: Which of the ruling.
        before: The moment before.
        wanted: What the voices may do, None for anything.
        fixed: The voices for which that is one thing: they are not asked about.
    """

    ruling: Ruling
    at: int
    before: Moment | None
    wanted: Sequence[Collection[int] | None]
    fixed: Collection[int]
    nodes: int = 0
    mild: list[Filled] = field(default_factory=list["Filled"])
    least: Filled | None = None

    def drawn(self, state: FrameState) -> Filled | None:
        """Draw it, so that it keeps all hard rules, or else find what breaks least."""
        found = self._fill(state, (), 0.0)
        if found is None and self.mild:
            found = min(self.mild, key=lambda one: one.mild)
        return self.looked(state) if found is None else found

    def looked(self, state: FrameState) -> Filled | None:
        """Find what breaks least without drawing; None if there are too many voices to come to an end."""
        self.nodes = 0
        self._look(state, (), 0.0)
        return self.least

    def _fill(self, state: FrameState, tokens: Tokens, weight: float) -> Filled | None:
        """Draw the voices that are left, so that all rules are kept; None if that is not found soon."""
        voice = len(tokens)
        if voice == len(self.wanted):
            return self._settled(state, tokens, weight)
        for token in self._ways(state, tokens):
            self.nodes += 1
            self.ruling.spent += DRAWN
            more = self._weight(state, token) if voice in self.fixed else 0.0
            after = self.ruling.model.feed(state, self._relative(token))
            found = self._fill(after, (*tokens, token), weight + more)
            if found is not None or self.nodes > NODES:
                return found
        return None

    def _judged(self, state: FrameState, tokens: Tokens, weight: float) -> Filled:
        """A frame that is whole, and what it breaks; of what is given nothing is asked."""
        moment = self.ruling.seen.moment(self.at, tokens, self.before)
        judged: Judged = (0.0, (), 0.0)
        loose = [voice for voice in range(len(tokens)) if voice not in self.fixed]
        if loose and moment is not None and moment is not self.before:
            judged = self.ruling.judged(moment, loose, tokens, self.at)
        return Filled(state, tokens, moment, *judged, weight)

    def _settled(self, state: FrameState, tokens: Tokens, weight: float) -> Filled | None:
        """A frame that is whole, unless the rules forbid it, or would so much rather have another one."""
        made = self._judged(state, tokens, weight)
        if made.breach:
            return None
        if made.mild > 0 and self.ruling.dice.random() >= self.ruling.factor(made.mild):
            self.mild.append(made)
            return min(self.mild, key=lambda one: one.mild) if len(self.mild) >= MILD else None
        return made

    def _look(self, state: FrameState, tokens: Tokens, so_far: float) -> None:
        """Look through what the voices that are left may do, the nearest first, for what breaks least.

        Source: branch and bound, A. Land, A. Doig, An automatic method of solving discrete programming
        problems (1960).
        """
        voice = len(tokens)
        if voice == len(self.wanted):
            found = self._whole(state, tokens, so_far)
            if self.least is None or found.breach < self.least.breach:
                self.least = found
            return
        for breach, _, token in sorted(self._near(voice, tokens, state.held[voice])):
            if self.least is not None and (
                so_far + breach >= self.least.breach or not self.least.breach or self.nodes > LOOKED
            ):
                return
            self.nodes += 1
            self.ruling.spent += 1
            self._look(state, (*tokens, token), so_far + breach)

    def _whole(self, state: FrameState, tokens: Tokens, so_far: float) -> Filled:
        """A frame that was not drawn, with the state after it."""
        weight = 0.0
        for voice, token in enumerate(tokens):
            weight += self._weight(state, token) if voice in self.fixed else 0.0
            state = self.ruling.model.feed(state, self._relative(token))
        found = self._judged(state, tokens, weight)
        return found._replace(breach=max(found.breach, so_far))

    def _near(self, voice: int, above: Tokens, held: int) -> list[tuple[float, float, int]]:
        """What a voice may do: how bad that is, how far away, and what."""
        may = self.wanted[voice]
        if may is not None and len(may) == 1:
            token = next(iter(may))
            return [(0.0, 0.0, REST if token == HOLD and held < 0 else token)]
        ruling, laws = self.ruling, self.ruling.laws
        seat = laws.mask.seats[voice]
        building, notes = self._building(voice, above)
        latest = building.latest[seat]
        low, high = (pitch + ruling.tonic for pitch in ruling.model.compass(voice))
        home = (low + high) / 2 if latest is None else latest.pitch
        span = ruling.seen.pitches(voice, self.at)
        pitches = sorted(range(low, high + 1) if span is None else span, key=lambda one: abs(one - home))
        found: list[tuple[float, float, int]] = []
        for pitch in pitches[:NEAR]:
            note = notes[seat] = Note(
                pitch, laws.mask.rules.parts[seat].name, latest, ruling.seen.span, building
            )
            breach = asked(laws, laws.notes[voice], note)[0]
            breach += 0.0 if self._chord_may(voice, above, pitch) else 2 * laws.worst
            found.append((breach, abs(pitch - home), pitch))
        if held >= 0 and self.at:
            found.append((0.0 if self._may(voice, above, HOLD) else laws.worst, -1.0, HOLD))
        return [*found, (RESTS, 0.0, REST)]

    def _relative(self, token: int) -> int:
        return max(0, token - self.ruling.tonic) if token >= 0 else token

    def _weight(self, state: FrameState, token: int) -> float:
        """How well a voice that is given suits those above it, as a logarithm."""
        return math.log(max(self.ruling.model.chance(state, self._relative(token))[1], _FEW))

    def _ways(self, state: FrameState, above: Tokens) -> Iterator[int]:
        """What the next voice may do, in an order that is drawn."""
        voice = len(above)
        silent = state.held[voice] < 0
        may = self.wanted[voice]
        if may is not None and len(may) == 1:
            token = next(iter(may))
            yield REST if token == HOLD and silent else token
            return
        begins = not self.at
        odds = self._odds(state, voice, may)
        strikes = {token: chance for token, chance in odds.items() if token >= 0}
        kinds = {token: odds[token] for token in (HOLD, REST) if token in odds}
        if begins or silent:
            kinds.pop(HOLD, None)
        total = sum(strikes.values())
        if total > 0:
            kinds[_STRIKE] = total
        if not kinds:
            kinds[REST] = 1.0
        most = sum(kinds.values())
        likely = {kind: weight for kind, weight in kinds.items() if weight >= _UNLIKELY * most}
        ways = 0
        while likely:
            kind = self.ruling.dice.weighted(sorted(likely.items()))
            del likely[kind]
            among = self._pitches(voice, above, strikes) if kind == _STRIKE else {kind: 1.0}
            if kind != _STRIKE and not self._may(voice, above, kind):
                continue
            while among:
                token = self.ruling.dice.weighted(sorted(among.items()))
                del among[token]
                yield token
                ways += 1
                if ways >= WAYS:
                    return

    def _odds(self, state: FrameState, voice: int, may: Collection[int] | None) -> dict[int, float]:
        """How likely each token is as the model, the heat, and what it leans to say."""
        ruling = self.ruling
        found = {
            token + ruling.tonic if token >= 0 else token: chance
            for token, chance in ruling.asked(state).items()
        }
        if ruling.lean is not None:
            for token, factor in ruling.lean(self.at, voice).items():
                found[token] = factor * (found.get(token, 0.0) + 0.01)
        if may is not None:
            found = {token: found.get(token, _FEW) for token in may}
        if ruling.heat == 1:
            return found
        most = max(found.values(), default=1.0)
        power = 1 / ruling.heat
        return {token: (chance / most) ** power for token, chance in found.items() if chance > 0}

    def _may(self, voice: int, above: Tokens, token: int) -> bool:
        """Whether a voice may hold what it has, or rest."""
        if not self._chord_may(voice, above, token):
            return False
        seen, laws = self.ruling.seen, self.ruling.laws
        seat = laws.mask.seats[voice]
        held = None if self.before is None else self.before.notes[seat]
        if token != HOLD or held is None or not seen.turns(self.at):
            return True
        may = seen.pitches(voice, self.at)
        if may is not None and held.pitch not in may:
            return False
        building, notes = self._building(voice, above)
        note = notes[seat] = Note(held.pitch, held.part, held, seen.span, building)
        return cost_of(laws.notes[voice], note, {}) >= 0

    def _chord_may(self, voice: int, above: Tokens, token: int) -> bool:
        """Whether the functions of a chord and the chord before agree."""
        functions = self.ruling.laws.mask.functions
        if not functions:
            return True
        seats = self.ruling.laws.mask.seats
        was = [None if self.before is None else self.before.notes[seat] for seat in seats]
        before = tuple(None if note is None else note.pitch for note in was)
        chord = tuple(
            before[index] if each == HOLD else None if each < 0 else each
            for index, each in enumerate((*above, token))
        )
        return all(function(chord, before) for function in functions)

    def _building(self, voice: int, above: Tokens) -> tuple[Moment, list[Note | None]]:
        """What sounds as far as it is decided, with a voice about to be struck."""
        seen = self.ruling.seen
        seats = seen.mask.seats
        undecided = (REST,) * (len(seats) - len(above))
        decided = seen.moment(self.at, (*above, *undecided), self.before)
        notes: list[Note | None] = [None] * len(seen.mask.rules.parts)
        struck = [seats[voice]]
        if decided is not None and decided is not self.before:
            struck += decided.place.struck
        for index, token in enumerate(above):
            if decided is not None and token != REST:
                notes[seats[index]] = decided.notes[seats[index]]
        latest = [None] * len(notes) if self.before is None else self.before.latest
        return Moment(seen.place(self.at, struck), notes, self.before, [*latest]), notes

    def _pitches(self, voice: int, above: Tokens, strikes: dict[int, float]) -> dict[int, float]:
        """The pitches that a voice may strike, each with its weight."""
        ruling, seen, laws = self.ruling, self.ruling.seen, self.ruling.laws
        seat = laws.mask.seats[voice]
        part = laws.mask.rules.parts[seat]
        may = seen.pitches(voice, self.at)
        known = {pitch: weight for pitch, weight in strikes.items() if may is None or pitch in may}
        if may is not None and not known and self.wanted[voice] is None:
            known = dict.fromkeys(may, _FEW)  # beyond what the model has heard in this voice
        building, notes = self._building(voice, above)
        latest = building.latest[seat]
        costs: dict[int, float] = {}
        rare = _RARE * sum(known.values())
        for pitch in sorted(known, key=lambda one: (-known[one], one)):
            if costs and known[pitch] < rare:
                break
            note = notes[seat] = Note(pitch, part.name, latest, seen.span, building)
            cost = cost_of(laws.notes[voice], note, {})
            if cost >= 0 and self._chord_may(voice, above, pitch):
                costs[pitch] = cost
        mildest = min(costs.values(), default=0.0)
        found = {pitch: known[pitch] * ruling.factor(cost - mildest) + _FEW for pitch, cost in costs.items()}
        goal = ruling.goal[voice] if ruling.goal is not None and 2 * self.at >= seen.length else REST
        if goal >= 0:
            found = {
                pitch: weight * math.exp(-abs(pitch - goal) / PULL) + _FEW for pitch, weight in found.items()
            }
        return found


def asked(laws: Laws, rules: Sequence[Rule], one: Any) -> Judged:
    """Ask rules: how bad it is, which hard ones are broken, and what the others want for it."""
    mild = cost_of(rules, one, {})
    if mild >= 0:
        return 0.0, (), mild
    worse, mild = 0.0, 0.0
    broken: list[Rule] = []
    for rule in rules:
        cost = cost_of((rule,), one, {})
        if cost < 0:
            worse += laws.ranks[rule]
            broken.append(rule)
        else:
            mild += cost
    return worse, tuple(broken), mild
