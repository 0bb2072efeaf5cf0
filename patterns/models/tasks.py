"""What a model does in each cycle: go on, play to given voices, fill a gap, vary, lead over."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from patterns.arguments import probability
from patterns.chance import hash_number
from patterns.core import Pattern, sounding
from patterns.dice import Dice
from patterns.errors import PatternError
from patterns.models.artifact import Learnt
from patterns.models.chorales import Frames, FrameState
from patterns.models.composing import Given, Rule, Tokens, advance, compose, free, likelihood, rekeyed
from patterns.models.cycles import PHRASE, heat_at, key_at, notes_of, spread_over
from patterns.models.guard import RECENT, TRIES, is_copy, makes_copy, melody_of, silent_above
from patterns.models.hearing import frames_in, struck
from patterns.models.masked import Drawn, Past, compose_masked, first_masked
from patterns.models.masks import Mask
from patterns.models.scores import FRAMES_IN_BEAT, Note, key_of
from patterns.models.voicing import Lean
from patterns.state import Walk
from patterns.ticks import TICKS

__all__ = ["Setting", "continued", "filled", "key_in", "led", "played_to", "varied"]

RULED = 2
"""The same for a gap where a set of rules is kept, which takes longer."""
_PULL = 30.0  # times likelier, halfway, is a note of one of the two

State = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """What all tasks have in common.

    Args:
        title: The function that asks, for messages.
        learnt: What was learnt.
        model: Of so many voices as are played.
        bar: Frames in a cycle.
        keys: The key, where it is given.
        home: The key where it is not.
        heats: How daring.
        rules: What every chord must agree with.
        mask: Rules of a set, in whose place `rules` are not asked; None without.
        name: Of the fold.
        since: The cycle in which it begins.
        begin: The state before the first cycle, and before each phrase; silence, if None.
    """

    title: str
    learnt: Learnt
    model: Frames
    bar: int
    keys: Pattern
    home: tuple[int, bool]
    heats: Pattern
    rules: tuple[Rule, ...]
    mask: Mask | None
    name: Any
    since: Any
    begin: State | None = None

    def spread(
        self,
        step: Callable[[State, Now, tuple[Any, ...], Dice], State],
        sources: Sequence[Pattern],
        more: Callable[[int, Walk], tuple[Any, ...]],
        keep: Sequence[int] | None = None,
        *,
        leads: bool = False,
    ) -> Pattern:
        """Make the cycles.

        Args:
            step: Makes a cycle.
            sources: The patterns that `more` reads.
            more: What else is given in a cycle.
            keep: The voices that sound; all, if None.
            leads: Whether under rules a cycle leads to the next one, so that it wants what is given there.
        """

        def read(cycle: int, walk: Walk) -> Any:
            here = self._read(cycle, walk)
            if self.mask is None or not leads:
                return here, more(cycle, walk), None
            return here, more(cycle, walk), (self._read(cycle + 1, walk), more(cycle + 1, walk))

        def stepped(before: State, given: Any, dice: Dice) -> State:
            row, rest, coming = given
            now = _now(row, None if coming is None else (_now(coming[0], None), coming[1]))
            made = step(before, now, rest, dice)
            if self.mask is None:
                return made
            past = (*self._past(before, now.cycle), made["frames"])
            return {**made, "past": past[-self.mask.rules.recall :]}

        reads = frozenset[str]().union(*(one.reads for one in (self.keys, self.heats, *sources)))
        places = tuple(place for one in sources for place in one.places)
        return spread_over(self.title, stepped, self.start, read, reads, self.name, self.since, places, keep)

    @property
    def start(self) -> State:
        """The state before the first cycle."""
        begin = self.begin or kept((), self.model.start(self.home[1], self.bar), self.home[0])
        return {**begin, "fresh": True}

    def _read(self, cycle: int, walk: Walk) -> tuple[Any, ...]:
        key = key_at(self.keys, cycle, walk, self.home)
        stream = hash_number(walk.stream)
        # The chords are those that `composed` has by these rules; the first frame of a phrase is the layer's.
        chances = (hash_number(0) ^ stream, hash_number(walk.seed) ^ stream)
        return (*key, heat_at(self.heats, cycle, walk), cycle, *chances)

    def _past(self, before: State, cycle: int) -> tuple[Any, ...]:
        """What rules may look back at."""
        return () if before.get("fresh") and cycle != self.since else tuple(before.get("past", ()))

    def compose(
        self,
        before: State,
        now: Now,
        dice: Dice,
        *,
        given: Given = free,
        lean: Lean | None = None,
        opens: Callable[[tuple[Any, ...]], Given] | None = None,
        after: Tokens | None = None,
    ) -> Drawn:
        """Draw a cycle.

        Args:
            before: The state before it.
            now: What is given in it.
            dice: What decides.
            given: What voices may do.
            lean: Factors by which tokens are likelier.
            opens: What voices may do in a cycle in which such things are given; where it is said, the last
                cycle of a phrase leads to the beginning of the next.
            after: The frame with which the next cycle begins, if that is given.
        """
        state = self.opened(before, now.tonic, now.minor)
        mask = self.mask
        if mask is None:
            heat, tonic = now.heat, now.tonic
            found = compose(
                self.model, state, self.bar, dice,
                tonic=tonic, heat=heat, given=given, rules=self.rules, lean=lean,
            )  # fmt: skip
            return Drawn(*found)
        opening = opens is not None and before.get("fresh")
        first = self._first(mask, now, given) if opening else None

        def known(frame: int, voice: int) -> Collection[int] | None:
            return given(frame, voice) if frame or first is None else (first[voice],)

        past = Past(now.cycle, (now.tonic, now.minor), now.plan, self._past(before, now.cycle), after)
        if opens is not None and now.coming is not None:
            then, may = now.coming[0], opens(now.coming[1])
            if (then.cycle - int(self.since)) % PHRASE:
                past = past._replace(coming=((then.tonic, then.minor), then.heat, may))
            else:
                past = past._replace(after=self._first(mask, then, may))
        return compose_masked(
            self.model, state, self.bar, dice, mask, past, heat=now.heat, given=known, lean=lean
        )

    def after(self, drawn: Drawn, now: Now, line: Sequence[int] = ()) -> State:
        """The state after a cycle that was drawn, with the melody until then."""
        made = kept(drawn.frames, drawn.state, now.tonic, line)
        if drawn.problems:
            made["problems"] = drawn.problems
        return made

    def given(self, before: State, now: Now, frames: Sequence[Tokens]) -> State:
        """The state after a cycle that was given."""
        state = advance(self.model, self.opened(before, now.tonic, now.minor), frames, now.tonic)
        return kept(frames, state, now.tonic, self.melody(before, frames))

    def melody(self, before: State, frames: Sequence[Tokens]) -> list[int]:
        """The melody of the last cycles with one more."""
        return [*before["line"], *melody_of(frames)][-RECENT * self.bar :]

    def new(self, before: State, frames: Sequence[Tokens], given: Sequence[Tokens] = ()) -> bool:
        """Whether frames that were drawn beside what was given are no copy of the corpus."""
        drawn, own = melody_of(frames), melody_of(given)
        return drawn == own or not makes_copy(self.learnt.copies, before["line"], drawn, own)

    def resting(self, before: State, draw: Callable[[], Drawn]) -> Drawn:
        """Draw until the melody is no copy; where every draw is one the highest voice rests."""
        found = draw()
        for _ in range(TRIES):
            if not is_copy(self.learnt.copies, (*before["line"], *melody_of(found.frames))):
                return found
            found = draw()
        return found._replace(frames=silent_above(found.frames))

    def _first(self, mask: Mask, now: Now, given: Given) -> Tokens:
        """The frame with which a phrase begins: by itself, so that it is known from both sides."""
        state = self.opened(self.start, now.tonic, now.minor)
        past = Past(now.cycle, (now.tonic, now.minor), now.plan, self._past(self.start, now.cycle))
        dice = Dice(now.chance, now.cycle)
        return first_masked(self.model, state, self.bar, dice, mask, past, heat=now.heat, given=given)

    def opened(self, before: State, tonic: int, minor: bool) -> FrameState:
        """The state as a cycle begins, seen from its key."""
        state = FrameState(*before["state"])
        return rekeyed(state, tonic - before["tonic"], minor=minor, bar=self.bar)

    def frames(self, pattern: Pattern, cycle: int, walk: Walk) -> tuple[Tokens, ...]:
        """What a pattern has in a cycle, in as many voices as the model."""
        return frames_in(notes_of(pattern, cycle, walk, self.bar), self.model.voices, self.bar)


class Now(NamedTuple):
    """What is given in every cycle.

    Attributes:
        tonic: Of the key.
        minor: Whether it is a minor one.
        heat: How daring.
        cycle: Its number.
        plan: The chance of the chords of a set of rules.
        chance: That of the layer.
        coming: Of the next cycle, where it is led to: the same, and what else is given in it.
    """

    tonic: int
    minor: bool
    heat: float
    cycle: int
    plan: int
    chance: int
    coming: tuple[Now, tuple[Any, ...]] | None


def _now(row: tuple[Any, ...], coming: tuple[Now, tuple[Any, ...]] | None) -> Now:
    tonic, minor, heat, cycle, plan, chance = row
    return Now(tonic, minor, heat, cycle, plan, chance, coming)


def kept(
    frames: Sequence[Tokens],
    state: FrameState,
    tonic: int,
    line: Sequence[int] = (),
) -> State:
    """The state of a fold: what sounds in the cycle, what the model knows after it, the key, the melody."""
    return {"frames": tuple(frames), "state": tuple(state), "tonic": tonic, "line": tuple(line)}


def key_in(cycles: Sequence[Sequence[Note]]) -> tuple[int, bool]:
    """The key of some cycles of notes."""
    return key_of([(note.pitch,) for notes in cycles for note in notes for _ in range(note.begin, note.end)])


def continued(setting: Setting, heard: Sequence[Sequence[Note]]) -> Pattern:
    """Go on from some cycles."""
    model, bar = setting.model, setting.bar
    tonic = setting.home[0]
    state = model.start(setting.home[1], bar)
    line: list[int] = []
    past: list[tuple[Tokens, ...]] = []
    for notes in heard:
        frames = frames_in(notes, model.voices, bar)
        state = advance(model, state, frames, tonic)
        line += melody_of(frames)
        past.append(frames)
    begin = kept((), state, tonic, line[-RECENT * bar :])
    if setting.mask is not None:
        begin["past"] = tuple(past[-setting.mask.rules.recall :])
    begun = replace(setting, begin=begin)

    def step(before: State, now: Now, _more: tuple[Any, ...], dice: Dice) -> State:
        def drawn() -> Drawn:
            return begun.compose(before, now, dice, opens=lambda _more: free)

        made = begun.resting(before, drawn)
        return begun.after(made, now, begun.melody(before, made.frames))

    return begun.spread(step, (), lambda _cycle, _walk: (), leads=True)


def played_to(setting: Setting, given: Mapping[int, Pattern], keep: Sequence[int] | None) -> Pattern:
    """Play the other voices to some that are given.

    Args:
        setting: What all tasks have.
        given: Patterns by the number of their voice.
        keep: The voices that sound; all, if None.
    """
    bar = setting.bar
    order = sorted(given)

    def more(cycle: int, walk: Walk) -> tuple[Any, ...]:
        lines = [frames_in(notes_of(given[voice], cycle, walk, bar), 1, bar) for voice in order]
        return (tuple(tuple(frame[0] for frame in line) for line in lines),)

    def opens(more: tuple[Any, ...]) -> Given:
        known = dict(zip(order, more[0], strict=True))

        def may(frame: int, voice: int) -> tuple[int] | None:
            return (known[voice][frame],) if voice in known else None

        return may

    def step(before: State, now: Now, more: tuple[Any, ...], dice: Dice) -> State:
        def drawn() -> Drawn:
            return setting.compose(before, now, dice, given=opens(more), opens=opens)

        if 0 in given:  # the melody is the giver's
            return setting.after(drawn(), now)
        made = setting.resting(before, drawn)
        return setting.after(made, now, setting.melody(before, made.frames))

    return setting.spread(step, [given[voice] for voice in order], more, keep, leads=True)


def filled(setting: Setting, source: Pattern, gaps: Pattern) -> Pattern:
    """Fill in the cycles that are marked."""
    model = setting.model

    def more(cycle: int, walk: Walk) -> tuple[Any, ...]:
        after = setting.frames(source, cycle + 1, walk)[: 2 * FRAMES_IN_BEAT]
        both = [share("fill: gaps", gaps, at, walk) for at in (cycle, cycle + 1)]
        return *both, setting.frames(source, cycle, walk), after

    def step(before: State, now: Now, more: tuple[Any, ...], dice: Dice) -> State:
        gap, next_gap, frames, after = more
        if not gap:
            return setting.given(before, now, frames)
        tries = TRIES if setting.mask is None else RULED
        first = None if next_gap or not after else after[0]
        drawn = [setting.compose(before, now, dice, after=first) for _ in range(tries)]
        drawn.sort(key=lambda one: -likelihood(model, one.state, after, now.tonic))
        made = next((one for one in drawn if setting.new(before, one.frames)), None)
        if made is None:
            made = drawn[0]._replace(frames=silent_above(drawn[0].frames))
        return setting.after(made, now, setting.melody(before, made.frames))

    return setting.spread(step, (source, gaps), more)


def varied(setting: Setting, source: Pattern, amounts: Pattern) -> Pattern:
    """Draw some notes anew."""
    model, bar = setting.model, setting.bar

    def more(cycle: int, walk: Walk) -> tuple[Any, ...]:
        return share("vary: amount", amounts, cycle, walk), setting.frames(source, cycle, walk)

    def step(before: State, now: Now, more: tuple[Any, ...], dice: Dice) -> State:
        part, frames = more
        beats = range(-(-bar // FRAMES_IN_BEAT))
        fresh = {(b, voice) for b in beats for voice in range(model.voices) if dice.random() < part}

        def may(frame: int, voice: int) -> tuple[int] | None:
            return None if (frame // FRAMES_IN_BEAT, voice) in fresh else (frames[frame][voice],)

        for _ in range(TRIES):
            made = setting.compose(before, now, dice, given=may)
            made = made._replace(frames=list(struck(made.frames)))
            if setting.new(before, made.frames, frames):
                return setting.after(made, now, setting.melody(before, made.frames))
        return setting.given(before, now, struck(frames))

    return setting.spread(step, (source, amounts), more)


def led(setting: Setting, one: Pattern, other: Pattern, ways: Pattern) -> Pattern:
    """Lead from one music to another."""

    def more(cycle: int, walk: Walk) -> tuple[Any, ...]:
        both = (setting.frames(one, cycle, walk), setting.frames(other, cycle, walk))
        return (share("interpolate: by", ways, cycle, walk), *both)

    def step(before: State, now: Now, more: tuple[Any, ...], dice: Dice) -> State:
        far, first, last = more
        nearer = last if far > 0.5 else first
        if far in (0, 1):
            return setting.given(before, now, nearer)

        def lean(frame: int, voice: int) -> dict[int, float]:
            found = {first[frame][voice]: _PULL ** (2 * (1 - far))}
            token = last[frame][voice]
            found[token] = max(found.get(token, 0.0), _PULL ** (2 * far))
            return found

        for _ in range(TRIES):
            made = setting.compose(before, now, dice, lean=lean)
            if setting.new(before, made.frames, nearer):
                return setting.after(made, now, setting.melody(before, made.frames))
        return setting.given(before, now, nearer)

    return setting.spread(step, (one, other, ways), more)


def share(title: str, pattern: Pattern, cycle: int, walk: Walk) -> float:
    """What a pattern says as a cycle begins, 0 to 1; 0 where it says nothing."""
    for *_, value, where in sounding(pattern, cycle * TICKS, walk):
        try:
            return probability(title, value)
        except PatternError as error:
            walk.report(error.message, where)
    return 0.0
